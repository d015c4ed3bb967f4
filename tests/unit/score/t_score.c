/* SPDX-License-Identifier: MIT */
/* Points, caps, statuses, exit statuses. */
#include "grader/score/score.h"
#include "tests/helper/tap.h"

enum { CHECKS = 6, VARIATIONS = 1 << CHECKS };

/* Verdicts as letters: p f l s and x for a fault. */
static enum verdict verdict_of(char letter)
{
	static const char letters[] = "pflsx";
	const char *at = strchr(letters, letter);

	return at && *at ? (enum verdict)(at - letters) : VERDICT_FAULT;
}

#define CHECK(POINTS, ...)                                                                         \
	{                                                                                          \
		.points = (POINTS), .cap = -1, __VA_ARGS__                                         \
	}
static const struct check plain_checks[CHECKS] = {
	CHECK(10, .is_gate = true),
	CHECK(30, .is_core = true),
	CHECK(20),
	CHECK(20),
	CHECK(15, .category = CATEGORY_SECURITY),
	CHECK(5),
};
static const struct check capped_checks[CHECKS] = {
	CHECK(10, .is_gate = true),
	CHECK(30),
	CHECK(20),
	{.points = 20, .cap = 70},
	{.points = 15, .cap = 40},
	{.points = 5, .cap = 0},
};
static const struct check hidden_checks[CHECKS] = {
	CHECK(0, .is_gate = true),
	CHECK(50, .is_core = true),
	CHECK(45),
	CHECK(5, .category = CATEGORY_SECURITY, .visibility = VISIBILITY_HIDDEN),
	CHECK(0, .is_core = true, .visibility = VISIBILITY_HIDDEN),
	CHECK(0),
};
static const struct check two_gates[CHECKS] = {
	CHECK(20, .is_gate = true),
	CHECK(20, .is_gate = true),
	CHECK(20),
	CHECK(20),
	CHECK(20),
	CHECK(0),
};

static struct exercise exercise_of(const struct check *checks)
{
	return (struct exercise){.id = "e",
				 .points = 20,
				 .checks = checks,
				 .check_count = CHECKS,
				 .pass_score = 60,
				 .mastered_score = 90};
}

static void the_rows_of_scoring(void)
{
	static const struct {
		const struct check *checks;
		const char *verdicts;
		int64_t score, counted;
		enum status status;
	} rows[] = {
		{plain_checks, "pppppp", 100, 100, STATUS_MASTERED},
		{plain_checks, "pppppf", 95, 95, STATUS_MASTERED},
		{plain_checks, "pppppl", 95, 95, STATUS_MASTERED},
		{plain_checks, "ppppfp", 85, 85, STATUS_PASSED},
		{plain_checks, "pppfpp", 80, 80, STATUS_PASSED},
		{plain_checks, "ppffpp", 60, 60, STATUS_PASSED},
		{plain_checks, "ppffpf", 55, 55, STATUS_NEEDS_WORK},
		{plain_checks, "pppffp", 65, 65, STATUS_PASSED},
		{plain_checks, "pfpppp", 70, 59, STATUS_NEEDS_WORK},
		{plain_checks, "plpppp", 70, 59, STATUS_NEEDS_WORK},
		{plain_checks, "pspppp", 70, 59, STATUS_NEEDS_WORK},
		{plain_checks, "pfffpp", 30, 30, STATUS_NEEDS_WORK},
		{plain_checks, "pfppfp", 55, 55, STATUS_NEEDS_WORK},
		{plain_checks, "fsssss", 0, 0, STATUS_NEEDS_WORK},
		{plain_checks, "lsssss", 0, 0, STATUS_NEEDS_WORK},
		{plain_checks, "fppppp", 0, 0, STATUS_NEEDS_WORK},
		{plain_checks, "ssssss", 0, 0, STATUS_NEEDS_WORK},
		{plain_checks, "ffffff", 0, 0, STATUS_NEEDS_WORK},
		{capped_checks, "pppppp", 100, 100, STATUS_MASTERED},
		{capped_checks, "pppfpp", 70, 70, STATUS_PASSED},
		{capped_checks, "ppppfp", 40, 40, STATUS_NEEDS_WORK},
		{capped_checks, "pppffp", 40, 40, STATUS_NEEDS_WORK},
		{capped_checks, "pppppf", 0, 0, STATUS_NEEDS_WORK},
		{capped_checks, "pppspp", 70, 70, STATUS_PASSED},
		{capped_checks, "pffppp", 50, 50, STATUS_NEEDS_WORK},
		{capped_checks, "pfffpp", 30, 30, STATUS_NEEDS_WORK},
		{hidden_checks, "pppfpp", 95, 95, STATUS_PASSED},
		{hidden_checks, "ppfppp", 55, 55, STATUS_NEEDS_WORK},
		{hidden_checks, "pppppf", 100, 100, STATUS_MASTERED},
		{hidden_checks, "ppppfp", 100, 59, STATUS_NEEDS_WORK},
		{two_gates, "pfssss", 0, 0, STATUS_NEEDS_WORK},
		{two_gates, "pppppp", 100, 100, STATUS_MASTERED},
		{plain_checks, "pppppx", 0, 0, STATUS_NOT_GRADED},
		{plain_checks, "xsssss", 0, 0, STATUS_NOT_GRADED},
		{plain_checks, "fxssss", 0, 0, STATUS_NOT_GRADED},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct exercise exercise = exercise_of(rows[i].checks);
		struct outcome outcomes[CHECKS] = {0};
		struct card card = {.exercise = &exercise, .outcomes = outcomes};

		for (int k = 0; k < CHECKS; k++)
			outcomes[k].verdict = verdict_of(rows[i].verdicts[k]);
		score_card(&card);
		IS(card.score, rows[i].score);
		IS(card.counted, rows[i].counted);
		IS_TEXT(status_words[card.status], status_words[rows[i].status]);
		ROW("%zu: %s", i, rows[i].verdicts);
	}
}

static void an_exercise_may_set_other_thresholds(void)
{
	struct exercise exercise = exercise_of(plain_checks);
	struct outcome outcomes[CHECKS] = {[3] = {.verdict = VERDICT_FAIL}};
	struct card card = {.exercise = &exercise, .outcomes = outcomes};

	exercise.pass_score = 81;
	score_card(&card);
	IS(card.score, 80);
	IS(card.status, STATUS_NEEDS_WORK);
	IS(card.counted, 80);
	exercise.pass_score = 80;
	exercise.mastered_score = 80;
	score_card(&card);
	IS(card.status, STATUS_MASTERED);
}

static void a_fault_of_ours_voids_the_mark(void)
{
	struct exercise exercise = exercise_of(plain_checks);
	struct outcome outcomes[CHECKS] = {
		[2] = {.verdict = VERDICT_FAULT, .message = "no more descriptors"}};
	struct card card = {.exercise = &exercise, .outcomes = outcomes};

	score_card(&card);
	IS(card.status, STATUS_NOT_GRADED);
	IS_TEXT(card.not_graded, "no more descriptors");
	outcomes[2].message = NULL;
	card.not_graded = NULL;
	score_card(&card);
	OK(card.not_graded != NULL);
	card.not_graded = "The host has no python3.";
	score_card(&card);
	IS_TEXT(card.not_graded, "The host has no python3.");
}

static void what_was_not_started_counts_nothing(void)
{
	struct exercise exercise = exercise_of(plain_checks);
	struct outcome outcomes[CHECKS] = {0};
	struct card missing = {.exercise = &exercise};
	struct card untouched = {.exercise = &exercise, .outcomes = outcomes, .is_untouched = true};

	score_card(&missing);
	IS(missing.status, STATUS_NOT_STARTED);
	IS(missing.score, 0);
	outcomes[4].verdict = VERDICT_FAIL;
	score_card(&untouched);
	IS(untouched.status, STATUS_NOT_STARTED);
	IS(untouched.score, 85);
	IS(untouched.counted, 0);
}

/* Rank of a status on the way up. */
static int rank(enum status status)
{
	return status == STATUS_MASTERED ? 2 : status == STATUS_PASSED ? 1 : 0;
}

static struct card score_bits(const struct exercise *exercise, unsigned passed,
			      enum verdict otherwise)
{
	static struct outcome outcomes[CHECKS];
	struct card card = {.exercise = exercise, .outcomes = outcomes};

	for (int k = 0; k < CHECKS; k++)
		outcomes[k].verdict = passed >> k & 1 ? VERDICT_PASS : otherwise;
	score_card(&card);
	return card;
}

static void one_more_pass_never_lowers_anything(void)
{
	static const struct check *const sets[] = {plain_checks, capped_checks, hidden_checks,
						   two_gates};
	static const enum verdict others[] = {VERDICT_FAIL, VERDICT_LIMIT, VERDICT_SKIP};
	int worse = 0;
	int outside = 0;

	for (int trial = 0; trial < 4 * 3 * VARIATIONS * CHECKS; trial++) {
		struct exercise exercise = exercise_of(sets[trial % 4]);
		enum verdict otherwise = others[trial / 4 % 3];
		unsigned passed = (unsigned)trial / 12 % VARIATIONS;
		unsigned more = passed | 1U << (trial / 12 / VARIATIONS);
		struct card before = score_bits(&exercise, passed, otherwise);
		struct card after = score_bits(&exercise, more, otherwise);

		worse += after.score < before.score || after.counted < before.counted ||
			 rank(after.status) < rank(before.status);
		outside += before.score < 0 || before.score > 100 || before.counted > before.score;
	}
	IS(worse, 0);
	IS(outside, 0);
}

static void points_that_do_not_add_up_stay_inside_the_bounds(void)
{
	static const struct check odd[CHECKS] = {CHECK(100), CHECK(100), CHECK(-50),
						 CHECK(0),   CHECK(0),	 CHECK(0)};
	struct exercise exercise = exercise_of(odd);

	IS(score_bits(&exercise, 3, VERDICT_FAIL).score, 100);
	IS(score_bits(&exercise, 4, VERDICT_FAIL).score, 0);
}

static void the_exit_status_follows_the_bar(void)
{
	enum {
		P = STATUS_PASSED,
		M = STATUS_MASTERED,
		W = STATUS_NEEDS_WORK,
		S = STATUS_NOT_STARTED,
		G = STATUS_NOT_GRADED
	};
	static const struct {
		size_t count;
		int status[2], counted[2];
		int fail_under;
		bool allows;
		int exit;
	} rows[] = {
		{1, {P}, {60}, -1, false, 0},	     {2, {P, M}, {60, 100}, -1, false, 0},
		{2, {P, W}, {60, 59}, -1, false, 1}, {1, {S}, {0}, -1, false, 1},
		{0, {P}, {0}, -1, false, 1},	     {0, {P}, {0}, 0, false, 1},
		{1, {G}, {0}, -1, false, 4},	     {2, {P, G}, {60, 0}, -1, false, 4},
		{2, {P, G}, {60, 0}, -1, true, 0},   {2, {W, G}, {59, 0}, -1, true, 1},
		{2, {W, G}, {59, 0}, 50, false, 4},  {1, {W}, {59}, 59, false, 0},
		{1, {W}, {59}, 60, false, 1},	     {2, {P, S}, {100, 0}, 50, false, 0},
		{2, {P, S}, {99, 0}, 50, false, 1},  {1, {S}, {0}, 0, false, 0},
		{1, {M}, {100}, 100, false, 0},	     {2, {W, G}, {50, 0}, 50, true, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct exercise exercise = exercise_of(plain_checks);
		struct card cards[2];
		struct scorecard scorecard = {.cards = cards, .card_count = rows[i].count};

		for (int k = 0; k < 2; k++)
			cards[k] = (struct card){.exercise = &exercise,
						 .status = (enum status)rows[i].status[k],
						 .counted = rows[i].counted[k]};
		IS(score_exit_status(&scorecard, rows[i].fail_under, rows[i].allows), rows[i].exit);
		ROW("%zu", i);
	}
}

TAP_MAIN(T(the_rows_of_scoring) T(an_exercise_may_set_other_thresholds)
		 T(a_fault_of_ours_voids_the_mark) T(what_was_not_started_counts_nothing)
			 T(one_more_pass_never_lowers_anything)
				 T(points_that_do_not_add_up_stay_inside_the_bounds)
					 T(the_exit_status_follows_the_bar))
