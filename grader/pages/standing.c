/* SPDX-License-Identifier: MIT */
/* Where a learner stands: the ledger's rows laid on the road. */
#include <errno.h>
#include <string.h>

#include "grader/pages/inner.h"
#include "grader/score/score.h"

bool status_is_passed(const char *status)
{
	return strcmp(status, status_words[STATUS_PASSED]) == 0 ||
	       strcmp(status, status_words[STATUS_MASTERED]) == 0;
}

bool ticket_is_open(const struct ticket *ticket)
{
	return ticket->state == TICKET_RECEIVING || ticket->state == TICKET_QUEUED ||
	       ticket->state == TICKET_CLAIMED;
}

const struct exercise *pages_exercise(const struct pages *pages, const char *id)
{
	for (size_t i = 0; i < pages->exercise_count; i++) {
		if (strcmp(pages->exercises[i]->id, id) == 0)
			return pages->exercises[i];
	}
	return NULL;
}

const struct stand *standing_of(const struct standing *standing, const char *id)
{
	for (size_t i = 0; i < standing->count; i++) {
		if (strcmp(standing->stands[i].exercise->id, id) == 0)
			return &standing->stands[i];
	}
	return NULL;
}

static const struct score *score_for(const struct score *scores, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(scores[i].result.exercise, id) == 0)
			return &scores[i];
	}
	return NULL;
}

static bool is_passed(const struct stand *stand)
{
	return stand->best && status_is_passed(stand->best->result.status);
}

/* Of a group "one-of" that has one passed, the others are no longer wanted. */
static bool is_wanted(const struct standing *standing, const struct stand *stand)
{
	const struct road_entry *entry = stand->entry;

	if (is_passed(stand) || entry->duty == DUTY_ELECTIVE)
		return false;
	for (size_t i = 0; i < standing->count; i++) {
		const struct stand *other = &standing->stands[i];

		if (entry->duty == DUTY_ONE_OF && other->entry->duty == DUTY_ONE_OF &&
		    other->entry->milestone == entry->milestone &&
		    strcmp(other->entry->one_of, entry->one_of) == 0 && is_passed(other))
			return false;
	}
	return true;
}

static void choose_next(struct standing *standing)
{
	for (size_t i = 0; i < standing->count && !standing->next; i++) {
		if (is_wanted(standing, &standing->stands[i]))
			standing->next = &standing->stands[i];
	}
	for (size_t i = 0; i < standing->count && !standing->next; i++) {
		if (!is_passed(&standing->stands[i]))
			standing->next = &standing->stands[i];
	}
}

static enum status status_of(const struct score *score)
{
	for (enum status status = 0; status < STATUS_COUNT; status++) {
		if (strcmp(score->result.status, status_words[status]) == 0)
			return status;
	}
	return STATUS_NOT_GRADED;
}

/* The milestones, counted as a scorecard of all best scores would. */
static void fill_road(struct page *page, struct standing *standing)
{
	const struct road *road = page->pages->road;
	struct score_entry *entries =
		arena_alloc(page->arena, road->entry_count + 1, sizeof(*entries));
	struct score_road view = {.entries = entries, .entry_count = road->entry_count};

	for (int i = 0; i < MILESTONES; i++)
		view.titles[i] = road->milestones[i].title;
	for (size_t i = 0; i < road->entry_count; i++) {
		const struct road_entry *entry = &road->entries[i];

		entries[i] = (struct score_entry){
			entry->id,     entry->milestone, entry->duty,
			entry->one_of, entry->points,	 pages_exercise(page->pages, entry->id)};
	}
	standing->road.cards = arena_alloc(page->arena, standing->count + 1, sizeof(struct card));
	for (size_t i = 0; i < standing->count; i++) {
		const struct stand *stand = &standing->stands[i];

		if (!stand->best)
			continue;
		standing->road.cards[standing->road.card_count++] =
			(struct card){.exercise = stand->exercise,
				      .score = stand->best->result.score,
				      .counted = stand->best->result.counted,
				      .status = status_of(stand->best)};
	}
	score_road(&view, &standing->road);
}

int standing_find(struct page *page, int64_t learner, struct standing *ret_standing)
{
	const struct pages *pages = page->pages;
	struct score *best = NULL;
	struct score *latest = NULL;
	size_t best_count = 0;
	size_t latest_count = 0;
	int ret = score_list(pages->ledger, learner, SCORE_BEST, page->arena, &best, &best_count,
			     page->err);

	*ret_standing = (struct standing){0};
	if (ret == 0)
		ret = score_list(pages->ledger, learner, SCORE_LATEST, page->arena, &latest,
				 &latest_count, page->err);
	if (ret == 0)
		ret = ticket_list(pages->ledger, learner, TICKET_STATES, TICKETS_SHOWN, page->arena,
				  &ret_standing->tickets, &ret_standing->ticket_count, page->err);
	if (ret < 0)
		return ret;
	ret_standing->stands =
		arena_alloc(page->arena, pages->exercise_count + 1, sizeof(struct stand));
	for (size_t i = 0; i < pages->exercise_count; i++) {
		const struct exercise *exercise = pages->exercises[i];
		struct stand *stand = &ret_standing->stands[ret_standing->count++];

		*stand = (struct stand){exercise, road_find(pages->road, exercise->id),
					score_for(best, best_count, exercise->id),
					score_for(latest, latest_count, exercise->id)};
		ret_standing->passed += is_passed(stand);
	}
	choose_next(ret_standing);
	fill_road(page, ret_standing);
	return 0;
}

int due_find(struct page *page, const char *exercise, int64_t *ret_ms)
{
	const char *due = "";
	int ret = policy_get(page->pages->ledger, exercise, "due", page->arena, &due, page->err);

	*ret_ms = 0;
	if (ret == 0 && due[0] && policy_moment(due, ret_ms) < 0)
		*ret_ms = 0;
	return ret;
}

/* --- one score ---------------------------------------------------------------------------------- */

int score_of_page(struct page *page, struct score *ret_score)
{
	int64_t learner = 0;
	int ret = score_find(page->pages->ledger, page->number[0], page->arena, ret_score, &learner,
			     page->err);

	/* Another learner's is not there: a number tells nothing. */
	return ret == 0 && learner != page->learner.id ? -ENOENT : ret;
}

int hidden_are_shown(struct page *page, const struct score *score, bool *ret_are_shown)
{
	const char *policy = "never";
	struct standing standing;
	const struct stand *stand;
	int ret;

	*ret_are_shown = page->asker == ASKER_INSTRUCTOR;
	if (*ret_are_shown)
		return 0;
	ret = policy_get(page->pages->ledger, score->result.exercise, "show-hidden", page->arena,
			 &policy, page->err);
	if (ret < 0 || strcmp(policy, "after-pass") != 0) {
		*ret_are_shown = ret == 0 && strcmp(policy, "always") == 0;
		return ret;
	}
	ret = standing_find(page, page->learner.id, &standing);
	if (ret < 0)
		return ret;
	stand = standing_of(&standing, score->result.exercise);
	*ret_are_shown = stand && is_passed(stand);
	return 0;
}

json_t *card_checks(const char *card, bool all, json_t **ret_root)
{
	json_t *root = json_loads(card ? card : "", JSON_REJECT_DUPLICATES, NULL);
	json_t *checks =
		json_object_get(json_array_get(json_object_get(root, "exercises"), 0), "checks");
	size_t i;
	json_t *check;

	*ret_root = root;
	if (!json_is_array(checks))
		return NULL;
	json_array_foreach (checks, i, check) {
		const char *visibility = json_string_value(json_object_get(check, "visibility"));

		if (all || !visibility ||
		    strcmp(visibility, visibility_words[VISIBILITY_HIDDEN]) != 0)
			continue;
		(void)json_object_del(check, "evidence");
		(void)json_object_del(check, "message");
	}
	return checks;
}
