/* SPDX-License-Identifier: MIT */
/*
 * The road: what the cards mean for the nine milestones.
 *
 * A milestone wants *places*: each required exercise is one, each one-of group is one. A place of
 * a group is taken by its member that counts most. Entries without a card count nothing: they were
 * not graded here or not started.
 */
#include "grader/score/score.h"

#include <string.h>

enum { FULL_SCORE = 100 };

static const struct card *find_card(const struct scorecard *scorecard, const char *id)
{
	for (size_t i = 0; i < scorecard->card_count; i++) {
		if (strcmp(scorecard->cards[i].exercise->id, id) == 0)
			return &scorecard->cards[i];
	}
	return NULL;
}

static int64_t counted_of(const struct scorecard *scorecard, const struct score_entry *entry)
{
	const struct card *card = find_card(scorecard, entry->id);

	return card ? card->counted : 0;
}

static bool is_passed(const struct scorecard *scorecard, const struct score_entry *entry)
{
	const struct card *card = find_card(scorecard, entry->id);

	return card && (card->status == STATUS_PASSED || card->status == STATUS_MASTERED);
}

/* Sums of one milestone while its entries are walked; points are in hundredths. */
struct sums {
	int64_t counted, possible, electives;
};

static bool is_same_place(const struct score_entry *a, const struct score_entry *b)
{
	return a->milestone == b->milestone && a->duty == DUTY_ONE_OF && b->duty == DUTY_ONE_OF &&
	       strcmp(a->one_of, b->one_of) == 0;
}

/* The first entry of a place speaks for all of it. */
static bool is_first_of_place(const struct score_road *road, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (is_same_place(&road->entries[i], &road->entries[index]))
			return false;
	}
	return true;
}

/* Add the place that entry INDEX is the first of: its best published member counts. */
static void add_place(const struct score_road *road, size_t index,
		      const struct scorecard *scorecard, struct milestone_line *line,
		      struct sums *sums)
{
	const struct score_entry *best = NULL;
	bool has_passed = false;

	for (size_t i = index; i < road->entry_count; i++) {
		const struct score_entry *entry = &road->entries[i];

		if (i != index && !is_same_place(entry, &road->entries[index]))
			continue;
		has_passed |= is_passed(scorecard, entry);
		if (entry->is_published &&
		    (!best || counted_of(scorecard, entry) > counted_of(scorecard, best)))
			best = entry;
	}
	line->required++;
	line->passed += has_passed;
	if (!best)
		return;
	line->published++;
	sums->counted += counted_of(scorecard, best) * best->points;
	sums->possible += FULL_SCORE * best->points;
}

static void fill_milestone(const struct score_road *road, const struct scorecard *scorecard,
			   struct milestone_line *line)
{
	struct sums sums = {0};

	for (size_t i = 0; i < road->entry_count; i++) {
		const struct score_entry *entry = &road->entries[i];

		if (entry->milestone != line->number)
			continue;
		if (entry->duty == DUTY_ELECTIVE)
			sums.electives += counted_of(scorecard, entry) * entry->points;
		else if (is_first_of_place(road, i))
			add_place(road, i, scorecard, line, &sums);
	}
	line->percent = sums.possible > 0 ? (int)(sums.counted * FULL_SCORE / sums.possible) : 0;
	line->elective_points = (int)(sums.electives / FULL_SCORE);
	line->is_reached = line->required > 0 && line->passed == line->required;
}

void score_road(const struct score_road *road, struct scorecard *scorecard)
{
	int64_t counted = 0; /* hundredths of points */

	for (int i = 0; i < MILESTONES; i++) {
		scorecard->milestones[i] =
			(struct milestone_line){.number = i + 1, .title = road->titles[i]};
		fill_milestone(road, scorecard, &scorecard->milestones[i]);
	}
	scorecard->possible = 0;
	for (size_t i = 0; i < scorecard->card_count; i++) {
		const struct card *card = &scorecard->cards[i];

		if (card->status == STATUS_NOT_GRADED)
			continue;
		counted += card->counted * card->exercise->points;
		scorecard->possible += card->exercise->points;
	}
	scorecard->earned = counted / FULL_SCORE;
}
