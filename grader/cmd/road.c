/* SPDX-License-Identifier: MIT */
/* milepost list and milepost show: the road, and one task of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "grader/cmd/assess.h"
#include "grader/cmd/speak.h"
#include "grader/report/words.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

struct road_options {
	const char *exercises;
};

static const struct field road_fields[] = {
	OPTION_EXERCISES(road_options),
};

enum { TASK_MAX = 1 << 20 };

static bool is_published(const struct road *road, const char *id)
{
	for (size_t i = 0; i < road->published_count; i++) {
		if (strcmp(road->published[i], id) == 0)
			return true;
	}
	return false;
}

static const char *duty_word(const struct road_entry *entry)
{
	static const char *const words[] = {[DUTY_REQUIRED] = "required",
					    [DUTY_ELECTIVE] = "elective",
					    [DUTY_ONE_OF] = "one of"};

	return words[entry->duty];
}

static void print_milestone(const struct road *road, int number)
{
	size_t coming = 0;

	(void)printf("\nM%d  %s\n", number, road->milestones[number - 1].title);
	for (size_t i = 0; i < road->entry_count; i++) {
		const struct road_entry *entry = &road->entries[i];

		if (entry->milestone != number)
			continue;
		if (is_published(road, entry->id))
			(void)printf("    %-22s %-36.36s %3lld  %s\n", entry->id, entry->title,
				     (long long)entry->points, duty_word(entry));
		else
			coming++;
	}
	if (coming > 0)
		(void)printf("    (%zu more to come)\n", coming);
}

static int run_list(struct context *context, const void *given, const struct text_list *words,
		    struct mp_error *err)
{
	const struct road_options *options = given;
	struct road *road = NULL;
	const char *exercises;
	int ret = context_exercises(context, options->exercises, &exercises, err);

	(void)words;
	if (ret == 0)
		ret = load_road(exercises, &road, err);
	if (ret != 0)
		return ret;
	(void)printf("The road: nine milestones, %zu exercises, %zu of them ready.\n",
		     road->entry_count, road->published_count);
	for (int i = 1; i <= MILESTONES; i++)
		print_milestone(road, i);
	(void)puts("\nmilepost show ID prints a task, milepost start ID begins it.");
	road = road_free(road);
	return 0;
}

static void print_checks(const struct exercise *exercise)
{
	(void)puts("\nWhat is checked:\n");
	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct check *check = &exercise->checks[i];

		(void)printf("  %3lld %c %c %s\n", (long long)check->points,
			     check->is_core ? '*' : ' ',
			     check->visibility == VISIBILITY_HIDDEN ? 'h' : ' ',
			     words_say(check->title));
	}
	(void)printf(
		"\n  %lld points pass, and each * must pass (h: hidden, its values are not shown)\n",
		(long long)exercise->pass_score);
}

struct show_options {
	const char *exercises;
	const char *language;
};

static const struct field show_fields[] = {
	OPTION_EXERCISES(show_options),
	OPTION_LANGUAGE(show_options),
};

/* The language of whoever stands in the current folder. */
static int open_language(const char *exercises, const char *given, struct language **ret_language,
			 struct mp_error *err)
{
	mp_autofree char *top = NULL;
	bool is_in_repository = intake_find_top(".", &top, NULL) == 0;
	mp_autofd int top_fd = is_in_repository ? open(top, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	return speak_open(exercises, given, top_fd, ret_language, err);
}

/* The task in LANGUAGE, in English where it is not translated. */
static int read_task(const struct exercise *exercise, const struct language *language,
		     char **ret_task, size_t *ret_count, struct mp_error *err)
{
	char path[64];
	int ret = -ENOENT;

	if (language) {
		(void)snprintf(path, sizeof(path), "text/%s/task.md",
			       language_name_of(language)->code);
		ret = path_read_below(exercise->folder_fd, path, TASK_MAX, ret_task, ret_count);
	}
	if (ret < 0)
		ret = path_read_below(exercise->folder_fd, "text/en/task.md", TASK_MAX, ret_task,
				      ret_count);
	return ret < 0 ? mp_fail(err, MP_FAULT_CONTENT, ret, "%s: text/en/task.md", exercise->id)
		       : 0;
}

static int run_show(struct context *context, const void *given, const struct text_list *words,
		    struct mp_error *err)
{
	const struct show_options *options = given;
	struct exercise *exercise = NULL;
	struct language *language = NULL;
	struct road *road = NULL;
	mp_autofree char *task = NULL;
	size_t count = 0;
	const char *exercises;
	int ret = context_exercises(context, options->exercises, &exercises, err);

	if (ret == 0)
		ret = load_road(exercises, &road, err);
	if (ret == 0)
		ret = find_exercise(road, words->items[0], &exercise, err);
	if (ret == 0)
		ret = open_language(exercises, options->language, &language, err);
	if (ret == 0)
		ret = speak_exercise(language, exercise, err);
	if (ret == 0)
		ret = read_task(exercise, language, &task, &count, err);
	if (ret == 0) {
		(void)words_speak(language);
		(void)printf("%s  %s\n", exercise->id, words_say(exercise->title));
		(void)printf(
			"milestone %lld, difficulty %lld of 5, about %lld minutes, %lld points\n\n",
			(long long)exercise->milestone, (long long)exercise->difficulty,
			(long long)exercise->minutes, (long long)exercise->points);
		(void)fwrite(task, 1, count, stdout);
		print_checks(exercise);
		(void)words_speak(NULL);
	}
	language = language_free(language);
	exercise = exercise_free(exercise);
	road = road_free(road);
	return ret;
}

const struct command command_list = {
	.name = "list",
	.usage = "[OPTION]...",
	.summary = "the road: milestones and their exercises",
	.options = road_fields,
	.option_count = sizeof(road_fields) / sizeof(road_fields[0]),
	.option_bytes = sizeof(struct road_options),
	.run = run_list,
};

const struct command command_show = {
	.name = "show",
	.usage = "ID [OPTION]...",
	.summary = "print one task",
	.options = show_fields,
	.option_count = sizeof(show_fields) / sizeof(show_fields[0]),
	.option_bytes = sizeof(struct show_options),
	.words_low = 1,
	.words_high = 1,
	.run = run_show,
};
