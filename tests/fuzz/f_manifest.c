/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: any bytes as exercise.yaml, without a folder, with the real probes. What comes without a complaint is whole: the rest of
 * the program asks nothing of it again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/grade/grade.h"
#include "grader/manifest/inner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_step(const struct check *check, const struct step *step)
{
	must(step->verb && step->probe == check->probe && step->keys && step->value);
	must(step->line >= 1 && step->column >= 1);
	must(!step->expect || json_is_object(step->expect));
	for (size_t i = 0; i < step->near_count; i++)
		must(step->near[i].say && json_is_object(step->near[i].parts));
}

/* What holds of every exercise that was loaded. */
static void check_exercise(const struct exercise *exercise)
{
	int64_t points = 0;

	must(exercise->id && exercise->title && exercise->summary && exercise->kind);
	must(exercise->check_count >= 1 && exercise->hints.count >= 1 &&
	     exercise->references.count >= 1);
	must(exercise->limits.total_ms >= exercise->limits.check_ms &&
	     exercise->limits.check_ms > 0);
	must(exercise->pass_score <= exercise->mastered_score);
	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct check *check = &exercise->checks[i];

		must(check->id && check->title && check->step_count >= 1 && check->probe);
		must(check->visibility == VISIBILITY_VISIBLE || check->rule);
		must(exercise_check(exercise, check->id) == check);
		points += check->points;
		for (size_t j = 0; j < check->step_count; j++)
			check_step(check, &check->steps[j]);
	}
	must(points == 100);
	for (size_t i = 0; i < exercise->known_bad_count; i++) {
		must(exercise->known_bad[i].name != NULL);
		for (size_t j = 0; j < exercise->known_bad[i].fails.count; j++)
			must(exercise_check(exercise, exercise->known_bad[i].fails.items[j]) !=
			     NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct yaml_complaints list;
	struct loading loading;

	yaml_complaints_init(&list, "exercise.yaml");
	loading_init(&loading, arena, &list);
	loading.probes = grade_probes;
	loading_read(&loading, (const char *)data, size);
	if (list.error_count == 0)
		check_exercise(loading.exercise);
	yaml_complaints_done(&list);
	(void)arena_free(arena);
	return 0;
}
