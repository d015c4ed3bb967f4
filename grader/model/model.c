/* SPDX-License-Identifier: MIT */
/* The words of the model's enums, and what its types alone are enough for. */
#include "grader/model/exercise.h"
#include "grader/model/outcome.h"
#include "grader/model/probe.h"
#include "grader/model/scorecard.h"

#include <string.h>

const char *const category_words[] = {"function", "error",	 "concurrency", "security",
				      "shutdown", "performance", "quality",	NULL};
const char *const visibility_words[] = {"visible", "hidden", NULL};
const char *const isolation_words[] = {"shared", "fresh-database", "fresh-service", NULL};
const char *const entry_words[] = {"build", "start", "run", "test", "worker", "migrate", NULL};
const char *const verdict_words[] = {"pass", "fail", "limit", "skip", "fault", NULL};
const char *const status_words[] = {"passed",	   "mastered",	 "needs-work",
				    "not-started", "not-graded", NULL};

const struct check *exercise_check(const struct exercise *exercise, const char *id)
{
	for (size_t i = 0; i < exercise->check_count; i++) {
		if (strcmp(exercise->checks[i].id, id) == 0)
			return &exercise->checks[i];
	}
	return NULL;
}

int probe_run_steps(struct probe_run *run, probe_step_fn *run_step, struct outcome *ret_outcome,
		    struct mp_error *err)
{
	struct outcome outcome = {.verdict = VERDICT_PASS, .usage.memory_peak_bytes = -1};
	bool is_over = false;

	for (size_t i = 0; i < run->check->step_count && !is_over; i++) {
		int ret = run_step(run, &run->check->steps[i], &outcome, &is_over, err);

		if (ret < 0)
			return ret;
	}
	*ret_outcome = outcome;
	return 0;
}
