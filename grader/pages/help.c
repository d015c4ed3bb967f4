/* SPDX-License-Identifier: MIT */
/*
 * Pure: who needs help. Three signs, the most pressing first: one exercise is pushed again and again and its
 * score does not rise; nothing was ever pushed; nothing was pushed for a week.
 */
#include <string.h>

#include "grader/pages/inner.h"

enum { STUCK_PUSHES = 3, QUIET_DAYS = 7 };

#define DAY_MS (24 * 60 * 60 * 1000LL)

const char *const need_words[] = {"", "first-push", "stuck", "quiet"};

/* How many of the newest attempts of EXERCISE did not pass and are no better than one before them. */
static int64_t without_gain(const struct score *scores, size_t count, const char *exercise)
{
	int64_t newest_first[64];
	size_t found = 0;
	int64_t stuck = 0;

	for (size_t i = 0; i < count && found < 64; i++) {
		if (strcmp(scores[i].result.exercise, exercise) != 0 ||
		    strcmp(scores[i].result.status, "not-graded") == 0)
			continue;
		if (status_is_passed(scores[i].result.status))
			break;
		newest_first[found++] = scores[i].result.score;
	}
	for (size_t i = 0; i < found; i++) {
		int64_t before = -1;

		for (size_t k = i + 1; k < found; k++)
			before = newest_first[k] > before ? newest_first[k] : before;
		if (newest_first[i] > before)
			break;
		stuck++;
	}
	return stuck;
}

struct help help_needed(const struct score *scores, size_t count, int64_t last_push_ms,
			int64_t now_ms)
{
	int64_t days = (now_ms - last_push_ms) / DAY_MS;

	if (last_push_ms == 0)
		return (struct help){.need = NEED_FIRST_PUSH};
	/* What was pushed last is what is worked on. */
	if (count > 0) {
		const char *exercise = scores[0].result.exercise;
		int64_t stuck = without_gain(scores, count, exercise);

		if (stuck >= STUCK_PUSHES)
			return (struct help){NEED_STUCK, exercise, stuck};
	}
	if (days >= QUIET_DAYS)
		return (struct help){.need = NEED_QUIET, .count = days};
	return (struct help){0};
}
