/* SPDX-License-Identifier: MIT */
/*
 * Points and status of one exercise, and the exit status of all. docs/scoring.md says the same in
 * words, with examples that a test runs through this file.
 *
 * "Fails" means everywhere: did not pass. A skipped check keeps its cap and its core mark, so that
 * one more passed check never lowers a score or a status.
 */
#include "grader/score/score.h"

enum { FULL_SCORE = 100, COUNTED_WITHOUT_CORE = 59, EXIT_BELOW = 1, EXIT_NOT_GRADED = 4 };

/* What the outcomes of a card add up to. */
struct tally {
	int64_t points, cap;
	bool has_gate_failed, has_core_failed, has_security_failed;
};

static struct tally tally_take(const struct card *card)
{
	struct tally tally = {.cap = FULL_SCORE};

	for (size_t i = 0; i < card->exercise->check_count; i++) {
		const struct check *check = &card->exercise->checks[i];

		if (card->outcomes[i].verdict == VERDICT_PASS) {
			tally.points += check->points;
			continue;
		}
		tally.has_gate_failed |= check->is_gate;
		tally.has_core_failed |= check->is_core;
		tally.has_security_failed |= check->category == CATEGORY_SECURITY;
		if (check->cap >= 0 && check->cap < tally.cap)
			tally.cap = check->cap;
	}
	return tally;
}

static int64_t tally_score(const struct tally *tally)
{
	int64_t score = tally->has_gate_failed ? 0 : tally->points;

	if (score > tally->cap)
		score = tally->cap;
	return score < 0 ? 0 : score > FULL_SCORE ? FULL_SCORE : score;
}

static enum status tally_status(const struct tally *tally, const struct exercise *exercise,
				int64_t score)
{
	if (tally->has_gate_failed || tally->has_core_failed || score < exercise->pass_score)
		return STATUS_NEEDS_WORK;
	if (score < exercise->mastered_score || tally->has_security_failed)
		return STATUS_PASSED;
	return STATUS_MASTERED;
}

/* The first fault of ours among the outcomes, or NULL. */
static const struct outcome *find_fault(const struct card *card)
{
	for (size_t i = 0; card->outcomes && i < card->exercise->check_count; i++) {
		if (card->outcomes[i].verdict == VERDICT_FAULT)
			return &card->outcomes[i];
	}
	return NULL;
}

void score_card(struct card *card)
{
	const struct outcome *fault = find_fault(card);
	struct tally tally;

	if (fault && !card->not_graded)
		card->not_graded =
			fault->message ? fault->message
				       : "The grader failed here, not your work: grade it again.";
	card->score = 0;
	card->counted = 0;
	card->status = card->not_graded ? STATUS_NOT_GRADED : STATUS_NOT_STARTED;
	if (card->not_graded || !card->outcomes)
		return;
	tally = tally_take(card);
	card->score = tally_score(&tally);
	if (card->is_untouched)
		return;
	card->status = tally_status(&tally, card->exercise, card->score);
	card->counted = card->score;
	if (tally.has_core_failed && card->counted > COUNTED_WITHOUT_CORE)
		card->counted = COUNTED_WITHOUT_CORE;
}

static bool card_has_passed(const struct card *card)
{
	return card->status == STATUS_PASSED || card->status == STATUS_MASTERED;
}

int score_exit_status(const struct scorecard *scorecard, int fail_under, bool allow_not_graded)
{
	int64_t counted = 0; /* hundredths of points */
	int64_t possible = 0;
	bool have_all_passed = scorecard->card_count > 0;

	for (size_t i = 0; i < scorecard->card_count; i++) {
		const struct card *card = &scorecard->cards[i];

		if (card->status == STATUS_NOT_GRADED) {
			if (!allow_not_graded)
				return EXIT_NOT_GRADED;
			continue;
		}
		have_all_passed &= card_has_passed(card);
		counted += card->exercise->points * card->counted;
		possible += card->exercise->points * FULL_SCORE;
	}
	if (fail_under < 0 || scorecard->card_count == 0)
		return have_all_passed ? 0 : EXIT_BELOW;
	return counted * FULL_SCORE >= possible * fail_under ? 0 : EXIT_BELOW;
}
