/* SPDX-License-Identifier: MIT */
/*
 * The same content for programs, as docs/api.md has it: keys sorted, integers, texts and truth values only;
 * what is not there has no key. Times are milliseconds since 1970.
 */
#include <errno.h>
#include <string.h>

#include "grader/pages/inner.h"

static void put_words(json_t *object, const char *key, const char *text)
{
	mp_autotext struct text visible = {0};
	json_t *value;

	if (!text)
		return;
	value = json_string(text);
	if (!value) {
		text_add_visible(&visible, text, strlen(text), strlen(text));
		value = json_string(text_get(&visible));
	}
	(void)json_object_set_new(object, key, value);
}

static void put_number(json_t *object, const char *key, int64_t number)
{
	(void)json_object_set_new(object, key, json_integer(number));
}

static void put_moment(json_t *object, const char *key, int64_t ms)
{
	if (ms > 0)
		put_number(object, key, ms);
}

static void put_bool(json_t *object, const char *key, bool value)
{
	(void)json_object_set_new(object, key, json_boolean(value));
}

static int add_bytes(const char *bytes, size_t count, void *into)
{
	text_add_bytes(into, bytes, count);
	return 0;
}

/* The answer is VALUE, which is freed. */
static int answer_json(struct page *page, const char *format, json_t *value)
{
	put_words(value, "format", format);
	if (json_dump_callback(value, add_bytes, page->into, JSON_SORT_KEYS | JSON_INDENT(2)) !=
	    0) {
		json_decref(value);
		return mp_fail(page->err, MP_FAULT_HOST, -ENOMEM, "writing %s", format);
	}
	put(page, "\n");
	json_decref(value);
	page_type(page, "application/json", "default-src 'none'");
	return 0;
}

int json_tell(struct page *page, unsigned int status, const char *title, const char *sentence)
{
	json_t *object = json_object();

	page->answer->status = status;
	put_words(object, "error", title);
	put_words(object, "message", sentence);
	return answer_json(page, "milepost.error/1", object);
}

static json_t *score_value(const struct score *score)
{
	json_t *object = json_object();
	const struct result *result = &score->result;

	put_number(object, "attempt", score->id);
	put_words(object, "commit", score->commit);
	put_moment(object, "graded_at", score->graded_at);
	put_moment(object, "received_at", score->received_at);
	put_words(object, "status", result->status);
	put_number(object, "ticket", score->ticket);
	put_number(object, "version", score->version);
	if (strcmp(result->status, status_words[STATUS_NOT_GRADED]) == 0)
		return object;
	put_number(object, "counted", result->counted);
	put_number(object, "score", result->score);
	return object;
}

static void put_score(json_t *object, const char *key, const struct score *score)
{
	if (score)
		(void)json_object_set_new(object, key, score_value(score));
}

static json_t *stand_value(struct page *page, const struct stand *stand)
{
	json_t *object = json_object();

	put_score(object, "best", stand->best);
	put_words(object, "duty",
		  duty_words(page->arena, stand->entry->duty, stand->entry->one_of));
	put_words(object, "id", stand->exercise->id);
	put_score(object, "latest", stand->latest);
	put_number(object, "milestone", stand->entry->milestone);
	put_number(object, "points", stand->entry->points);
	put_words(object, "title", stand->exercise->title);
	return object;
}

static json_t *milestone_value(const struct milestone_line *line)
{
	json_t *object = json_object();

	put_number(object, "elective_points", line->elective_points);
	put_number(object, "number", line->number);
	put_number(object, "passed", line->passed);
	put_number(object, "percent", line->percent);
	put_number(object, "published", line->published);
	put_bool(object, "reached", line->is_reached);
	put_number(object, "required", line->required);
	put_words(object, "title", line->title);
	return object;
}

/* Why we failed is for the operator: it may name what is on this machine. */
static const char *reason_for(const struct page *page, const struct ticket *ticket)
{
	bool is_told = page->asker == ASKER_INSTRUCTOR || ticket->state == TICKET_VOID;

	return is_told && ticket->reason && ticket->reason[0] ? ticket->reason : NULL;
}

static json_t *ticket_value(const struct page *page, const struct ticket *ticket)
{
	json_t *object = json_object();

	put_words(object, "commit", ticket->commit);
	put_moment(object, "ended_at", ticket->ended_at);
	put_words(object, "exercise", ticket->exercise);
	put_words(object, "handle", ticket->handle);
	put_words(object, "reason", reason_for(page, ticket));
	put_moment(object, "received_at", ticket->received_at);
	put_words(object, "ref", ticket->ref);
	put_words(object, "state", ticket_state_words[ticket->state]);
	put_number(object, "ticket", ticket->id);
	return object;
}

static json_t *tickets_value(const struct page *page, const struct ticket *tickets, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list, ticket_value(page, &tickets[i]));
	return list;
}

static json_t *learner_value(const struct learner *learner)
{
	json_t *object = json_object();

	put_bool(object, "closed", learner->is_closed);
	put_words(object, "handle", learner->handle);
	put_words(object, "language", learner->language);
	put_words(object, "name", learner->name);
	put_words(object, "section", learner->section);
	put_words(object, "track", learner->track);
	return object;
}

int json_road(struct page *page)
{
	struct standing standing;
	json_t *object;
	json_t *milestones;
	json_t *exercises;
	int ret = standing_find(page, page->learner.id, &standing);

	if (ret < 0)
		return ret;
	object = json_object();
	milestones = json_array();
	exercises = json_array();
	for (int i = 0; i < MILESTONES; i++)
		(void)json_array_append_new(milestones,
					    milestone_value(&standing.road.milestones[i]));
	for (size_t i = 0; i < standing.count; i++)
		(void)json_array_append_new(exercises, stand_value(page, &standing.stands[i]));
	(void)json_object_set_new(object, "exercises", exercises);
	(void)json_object_set_new(object, "learner", learner_value(&page->learner));
	(void)json_object_set_new(object, "milestones", milestones);
	put_words(object, "next", standing.next ? standing.next->exercise->id : NULL);
	put_number(object, "passed", (int64_t)standing.passed);
	(void)json_object_set_new(object, "tickets",
				  tickets_value(page, standing.tickets, standing.ticket_count));
	return answer_json(page, "milepost.road/1", object);
}

int json_exercise(struct page *page)
{
	const struct exercise *exercise = pages_exercise(page->pages, page->id);
	struct standing standing;
	struct score *scores = NULL;
	size_t count = 0;
	json_t *object;
	json_t *attempts;
	int64_t due_ms = 0;
	int ret;

	if (!exercise)
		return -ENOENT;
	ret = standing_find(page, page->learner.id, &standing);
	if (ret == 0)
		ret = score_list(page->pages->ledger, page->learner.id, SCORE_ALL, page->arena,
				 &scores, &count, page->err);
	if (ret == 0)
		ret = due_find(page, exercise->id, &due_ms);
	if (ret < 0)
		return ret;
	object = stand_value(page, standing_of(&standing, exercise->id));
	attempts = json_array();
	for (size_t i = 0; i < count; i++) {
		if (strcmp(scores[i].result.exercise, exercise->id) == 0)
			(void)json_array_append_new(attempts, score_value(&scores[i]));
	}
	(void)json_object_set_new(object, "attempts", attempts);
	put_moment(object, "due_at", due_ms);
	put_words(object, "summary", exercise->summary);
	return answer_json(page, "milepost.exercise/1", object);
}

int json_attempt(struct page *page)
{
	struct score score;
	bool are_shown = false;
	json_t *root = NULL;
	json_t *object;
	json_t *checks;
	int ret = score_of_page(page, &score);

	if (ret == 0)
		ret = hidden_are_shown(page, &score, &are_shown);
	if (ret < 0)
		return ret;
	object = score_value(&score);
	put_words(object, "exercise", score.result.exercise);
	put_words(object, "hash", score.result.exercise_hash);
	put_words(object, "seed", score.result.seed);
	checks = card_checks(are_shown ? score.result.card_of_instructor : score.result.card,
			     are_shown, &root);
	if (checks)
		(void)json_object_set(object, "checks", checks);
	json_decref(root);
	return answer_json(page, "milepost.attempt/1", object);
}

int json_class(struct page *page)
{
	int64_t number = page->number[0] < 0 ? 1 : page->number[0];
	struct class_line *lines = NULL;
	size_t count = 0;
	int64_t pages = 1;
	json_t *object;
	json_t *list;
	int ret = class_find(page, number, &lines, &count, &pages);

	if (ret < 0)
		return ret;
	object = json_object();
	list = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *line = learner_value(&lines[i].learner);

		put_moment(line, "last_push_at", lines[i].last_push_ms);
		put_number(line, "passed", (int64_t)lines[i].passed);
		if (lines[i].help.need != NEED_NONE) {
			put_words(line, "needs", need_words[lines[i].help.need]);
			put_words(line, "needs_in", lines[i].help.exercise);
		}
		if (lines[i].help.count > 0)
			put_number(line, "needs_count", lines[i].help.count);
		(void)json_array_append_new(list, line);
	}
	(void)json_object_set_new(object, "learners", list);
	put_number(object, "page", number);
	put_number(object, "pages", pages);
	return answer_json(page, "milepost.class/1", object);
}

int json_failed(struct page *page)
{
	struct ticket *tickets = NULL;
	size_t count = 0;
	json_t *object;
	int ret = ticket_list(page->pages->ledger, 0, TICKET_FAILED, FAILED_MOST, page->arena,
			      &tickets, &count, page->err);

	if (ret < 0)
		return ret;
	object = json_object();
	(void)json_object_set_new(object, "tickets", tickets_value(page, tickets, count));
	return answer_json(page, "milepost.failed/1", object);
}
