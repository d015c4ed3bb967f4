/* SPDX-License-Identifier: MIT */
/* Score: outcomes become points and a status. Pure: same outcomes, same scorecard. */
#ifndef GRADER_SCORE_SCORE_H
#define GRADER_SCORE_SCORE_H

#include "grader/model/scorecard.h"

/* One exercise: what score() needs of the road, so that it knows no files. */
struct score_entry {
	const char *id;
	int milestone;
	enum duty duty;
	const char *one_of;
	int64_t points;
	bool is_published;
};

struct score_road {
	const char *titles[MILESTONES];
	const struct score_entry *entries;
	size_t entry_count;
};

/*
 * Fill score, counted and status of CARD from its outcomes: sum of passed points, gates, caps,
 * core, thresholds (docs/scoring.md). A FAULT among the outcomes makes it not-graded.
 */
void score_card(struct card *card);

/* Fill milestones, earned and possible of SCORECARD from its cards and the road. */
void score_road(const struct score_road *road, struct scorecard *scorecard);

/*
 * Exit status of a graded set: 0 when every card passed (or FAIL_UNDER >= 0 and the per cent of
 * points reached), 1 below, 4 when a card is not graded and ALLOW_NOT_GRADED is false.
 */
int score_exit_status(const struct scorecard *scorecard, int fail_under, bool allow_not_graded);

#endif
