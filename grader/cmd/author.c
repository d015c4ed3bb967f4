/* SPDX-License-Identifier: MIT */
/* milepost lint and milepost new: for the authors of exercises. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/cmd/assess.h"
#include "grader/cmd/speak.h"
#include "grader/cmd/starter.h"
#include "grader/grade/grade.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { FORMAT_MAX = 1 << 20 };

struct lint_options {
	const char *exercises;
	bool print_format;
};

static const struct field lint_fields[] = {
	OPTION_EXERCISES(lint_options),
	{"print-format", FIELD_BOOL, offsetof(struct lint_options, print_format), 0, 0,
	 "print the manual of exercise.yaml from the tables, and do nothing else", NULL, false},
};

struct new_options {
	const char *like;
	const char *exercises;
};

static const struct field new_fields[] = {
	{"like", FIELD_NAME, offsetof(struct new_options, like), 2, 31, "the exercise to copy",
	 NULL, true},
	OPTION_EXERCISES(new_options),
};

/* An exercise to be read: its id, and the folder of exercises that it lies in. */
struct lint_target {
	const char *id;
	const char *exercises;
};

/* WORD is an id, or the folder of an exercise: then it is this folder that is read, wherever it lies. */
static int find_target(struct context *context, const struct lint_options *options,
		       const char *word, struct lint_target *ret_target, struct mp_error *err)
{
	mp_autofree char *real = strchr(word, '/') || *word == '.' ? realpath(word, NULL) : NULL;
	const char *folder;

	*ret_target = (struct lint_target){.id = word};
	if (!real && !strchr(word, '/'))
		return context_exercises(context, options->exercises, &ret_target->exercises, err);
	if (!real)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "there is no folder '%s'", word);
	folder = arena_text(context->arena, real);
	ret_target->id = strrchr(folder, '/') + 1;
	return context_exercises(context, arena_format(context->arena, "%s/../..", folder),
				 &ret_target->exercises, err);
}

static int lint_one(const struct road *road, const char *id, size_t *errors, size_t *warnings,
		    struct mp_error *err)
{
	struct complaint_list list = {0};
	struct exercise *exercise = NULL;
	int ret = exercise_load(road, id, grade_probes, &exercise, &list, err);

	if (ret == 0)
		ret = exercise_lint(road, exercise, grade_probes, &list, err);
	if (ret == 0)
		ret = speak_lint(exercise->folder, exercise, &list, err);
	(void)fputs(text_get(&list.text), stdout);
	*errors += list.error_count;
	*warnings += list.warning_count;
	complaint_list_done(&list);
	exercise = exercise_free(exercise);
	return ret == -EBADMSG ? 0 : ret;
}

static int print_format(struct mp_error *err)
{
	mp_autotext struct text page = {0};
	int ret;

	text_init(&page, FORMAT_MAX);
	ret = manifest_print_format(grade_probes, &page, err);
	if (ret == 0)
		(void)fputs(text_get(&page), stdout);
	return ret;
}

/* What was read so far. */
struct lint_sums {
	size_t exercises, errors, warnings;
};

/* The catalogues that belong to no one exercise. */
static int lint_common(const char *exercises, struct lint_sums *sums, struct mp_error *err)
{
	struct complaint_list list = {0};
	int ret = speak_lint(exercises, NULL, &list, err);

	(void)fputs(text_get(&list.text), stdout);
	sums->errors += list.error_count;
	sums->warnings += list.warning_count;
	complaint_list_done(&list);
	return ret == -EBADMSG ? 0 : ret;
}

/* Read TARGET, or every published exercise of its folder when it has no id. */
static int lint_target(const struct lint_target *target, struct lint_sums *sums,
		       struct mp_error *err)
{
	struct road *road = NULL;
	bool is_there = !target->id;
	int ret = load_road(target->exercises, &road, err);

	for (size_t i = 0; ret == 0 && i < road->published_count; i++) {
		if (target->id && strcmp(road->published[i], target->id) != 0)
			continue;
		is_there = true;
		sums->exercises++;
		ret = lint_one(road, road->published[i], &sums->errors, &sums->warnings, err);
	}
	if (ret == 0 && !target->id)
		ret = lint_common(target->exercises, sums, err);
	if (ret == 0 && !is_there)
		ret = unknown_exercise(road, target->id, err);
	road = road_free(road);
	return ret;
}

static int run_lint(struct context *context, const void *given, const struct text_list *words,
		    struct mp_error *err)
{
	const struct lint_options *options = given;
	struct lint_sums sums = {0};
	struct lint_target target = {0};
	int ret = 0;

	if (options->print_format)
		return print_format(err);
	if (words->count == 0)
		ret = context_exercises(context, options->exercises, &target.exercises, err);
	if (words->count == 0 && ret == 0)
		ret = lint_target(&target, &sums, err);
	for (size_t i = 0; ret == 0 && i < words->count; i++) {
		ret = find_target(context, options, words->items[i], &target, err);
		if (ret == 0)
			ret = lint_target(&target, &sums, err);
	}
	if (ret < 0)
		return ret;
	(void)printf("%zu exercise%s read: %zu mistake%s, %zu warning%s\n", sums.exercises,
		     sums.exercises == 1 ? "" : "s", sums.errors, sums.errors == 1 ? "" : "s",
		     sums.warnings, sums.warnings == 1 ? "" : "s");
	return sums.errors ? 3 : 0;
}

/* Copy LIKE to TARGET; what the road says of ENTRY takes the place of what it says of LIKE. */
static int copy_as(struct arena *arena, const struct exercise *like, const struct road_entry *entry,
		   int exercises_fd, const char *target, struct mp_error *err)
{
	const struct replacement replace[] = {
		{arena_format(arena, "\ntitle: %s\n", like->title),
		 arena_format(arena, "\ntitle: \"%s\"\n", entry->title)},
		{arena_format(arena, "\nmilestone: %lld", (long long)like->milestone),
		 arena_format(arena, "\nmilestone: %d", entry->milestone)},
		{arena_format(arena, "\norder: %lld", (long long)like->order),
		 arena_format(arena, "\norder: %lld", (long long)entry->order)},
		{arena_format(arena, "\npoints: %lld", (long long)like->points),
		 arena_format(arena, "\npoints: %lld", (long long)entry->points)},
		{arena_format(arena, "\nduty: %s", duty_words(arena, like->duty, like->one_of)),
		 arena_format(arena, "\nduty: %s", duty_words(arena, entry->duty, entry->one_of))},
		{like->id, entry->id},
		{NULL, NULL},
	};

	return files_copy(like->folder_fd, ".", exercises_fd, target, replace, err);
}

static int run_new(struct context *context, const void *given, const struct text_list *words,
		   struct mp_error *err)
{
	const struct new_options *options = given;
	const char *id = words->items[0];
	const struct road_entry *entry;
	struct exercise *like = NULL;
	struct road *road = NULL;
	const char *exercises;
	mp_autofd int exercises_fd = -1;
	int ret = context_exercises(context, options->exercises, &exercises, err);

	if (ret == 0 && !options->like)
		ret = mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			      "say which exercise to copy: milepost new %s --like hello-api", id);
	if (ret == 0)
		ret = load_road(exercises, &road, err);
	if (ret == 0)
		ret = find_exercise(road, options->like, &like, err);
	entry = ret == 0 ? road_find(road, id) : NULL;
	if (ret == 0 && !entry)
		ret = mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			      "'%s' is not on the road; add its row to %s/milestones.yaml first",
			      id, exercises);
	if (ret == 0 && entry) {
		const char *target = arena_format(context->arena, "%d/%s", entry->milestone, id);

		exercises_fd = open(exercises, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (faccessat(exercises_fd, target, F_OK, 0) == 0)
			ret = mp_fail(err, MP_FAULT_USAGE, -EEXIST,
				      "%s/%s is there already; nothing was changed", exercises,
				      target);
		else
			ret = copy_as(context->arena, like, entry, exercises_fd, target, err);
		if (ret == 0)
			(void)printf("Made %s/%s as a copy of %s.\n\n"
				     "  exercise.yaml      id, title, milestone, order, checks\n"
				     "  text/en/task.md    what the learner reads\n\n"
				     "What is not right yet, and whether it grades as it says:\n\n"
				     "  milepost lint %s\n"
				     "  milepost prove %s\n",
				     exercises, target, options->like, id, id);
	}
	like = exercise_free(like);
	road = road_free(road);
	return ret;
}

const struct command command_lint = {
	.name = "lint",
	.usage = "[ID|DIR]... [OPTION]...",
	.summary = "read exercises and name every mistake, and what is not proved",
	.options = lint_fields,
	.option_count = sizeof(lint_fields) / sizeof(lint_fields[0]),
	.option_bytes = sizeof(struct lint_options),
	.words_high = 100,
	.run = run_lint,
};

const struct command command_new = {
	.name = "new",
	.usage = "ID --like ID [OPTION]...",
	.summary = "begin an exercise of your own as a copy of another",
	.options = new_fields,
	.option_count = sizeof(new_fields) / sizeof(new_fields[0]),
	.option_bytes = sizeof(struct new_options),
	.words_low = 1,
	.words_high = 1,
	.run = run_new,
};
