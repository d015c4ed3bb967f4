/* SPDX-License-Identifier: MIT */
/* Milestones: what the table of docs/scoring.md does not show. */
#include "grader/score/score.h"
#include "tests/helper/tap.h"

static struct exercise exercises[4] = {{.id = "a", .points = 10},
				       {.id = "b", .points = 30},
				       {.id = "c", .points = 60},
				       {.id = "d", .points = 50}};

static void a_grading_of_nothing_reaches_nothing(void)
{
	struct score_road road = {.titles = {"One"}};
	struct scorecard scorecard = {0};

	score_road(&road, &scorecard);
	IS(scorecard.milestones[0].number, 1);
	IS_TEXT(scorecard.milestones[0].title, "One");
	IS(scorecard.milestones[8].number, 9);
	IS(scorecard.milestones[0].percent, 0);
	OK(!scorecard.milestones[0].is_reached);
	IS(scorecard.possible, 0);
}

static void points_are_cut_and_never_rounded_up(void)
{
	static const struct score_entry entries[] = {
		{.id = "a", .milestone = 2, .points = 10, .is_published = true},
		{.id = "b", .milestone = 2, .points = 30, .is_published = true}};
	struct score_road road = {.entries = entries, .entry_count = 2};
	struct card cards[] = {
		{.exercise = &exercises[0], .counted = 99, .status = STATUS_MASTERED},
		{.exercise = &exercises[1], .counted = 100, .status = STATUS_MASTERED}};
	struct scorecard scorecard = {.cards = cards, .card_count = 2};

	score_road(&road, &scorecard);
	IS(scorecard.milestones[1].percent, 99);
	IS(scorecard.earned, 39);
	IS(scorecard.possible, 40);
	OK(scorecard.milestones[1].is_reached);
}

static void what_was_not_graded_is_in_no_sum(void)
{
	struct score_road road = {0};
	struct card cards[] = {
		{.exercise = &exercises[0], .counted = 100, .status = STATUS_MASTERED},
		{.exercise = &exercises[2], .status = STATUS_NOT_GRADED},
		{.exercise = &exercises[1], .status = STATUS_NOT_STARTED}};
	struct scorecard scorecard = {.cards = cards, .card_count = 3};

	score_road(&road, &scorecard);
	IS(scorecard.earned, 10);
	IS(scorecard.possible, 40);
}

static void a_group_is_one_place_and_its_best_published_member_takes_it(void)
{
	static const struct score_entry entries[] = {{"a", 4, DUTY_ONE_OF, "cloud", 10, false},
						     {"b", 4, DUTY_ONE_OF, "cloud", 30, true},
						     {"c", 4, DUTY_ONE_OF, "other", 60, false},
						     {"d", 4, DUTY_ONE_OF, "cloud", 50, true}};
	struct score_road road = {.entries = entries, .entry_count = 4};
	struct card cards[] = {
		{.exercise = &exercises[1], .counted = 20, .status = STATUS_NEEDS_WORK},
		{.exercise = &exercises[3], .counted = 70, .status = STATUS_PASSED}};
	struct scorecard scorecard = {.cards = cards, .card_count = 2};
	const struct milestone_line *line = &scorecard.milestones[3];

	score_road(&road, &scorecard);
	IS(line->required, 2);
	IS(line->published, 1);
	IS(line->passed, 1);
	IS(line->percent, 70);
	OK(!line->is_reached);
}

TAP_MAIN(T(a_grading_of_nothing_reaches_nothing) T(points_are_cut_and_never_rounded_up)
		 T(what_was_not_graded_is_in_no_sum)
			 T(a_group_is_one_place_and_its_best_published_member_takes_it))
