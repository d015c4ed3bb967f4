/* SPDX-License-Identifier: MIT */
/* milepost list and milepost show: the road, and one task of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "grader/cmd/assess.h"
#include "grader/cmd/speak.h"
#include "grader/cmd/task.h"
#include "grader/report/words.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/columns.h"
#include "sandbox/base/path.h"

struct road_options {
	const char *exercises;
	const char *language;
};

static const struct field road_fields[] = {
	OPTION_EXERCISES(road_options),
	OPTION_LANGUAGE(road_options),
};

enum {
	TASK_MAX = 1 << 20,
	TITLE_COLUMN = 27, /* of the list */
	POINTS_COLUMN = 64,
};

static bool is_published(const struct road *road, const char *id)
{
	for (size_t i = 0; i < road->published_count; i++) {
		if (strcmp(road->published[i], id) == 0)
			return true;
	}
	return false;
}

/* The language of whoever stands in the current folder. */
static int open_language(const char *exercises, const char *given, struct language **ret_language,
			 struct mp_error *err)
{
	mp_autofree char *top = NULL;
	bool is_in_repository = intake_find_top(".", &top, NULL) == 0;
	mp_autofd int top_fd = is_in_repository ? open(top, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	return speak_open(exercises, given, top_fd, ret_language, err);
}

/* Add what the published exercises say in LANGUAGE. One that cannot be read stays English: `lint` tells why. */
static void speak_published(const struct road *road, struct language *language)
{
	for (size_t i = 0; language && i < road->published_count; i++) {
		struct exercise *exercise = NULL;
		struct mp_error ignored = {0};
		int ret = find_exercise(road, road->published[i], &exercise, &ignored);

		if (ret == 0)
			ret = speak_exercise(language, exercise, &ignored);
		(void)ret;
		exercise = exercise_free(exercise);
	}
}

static const char *duty_word(const struct road_entry *entry)
{
	static const enum word words[] = {[DUTY_REQUIRED] = WORD_REQUIRED,
					  [DUTY_ELECTIVE] = WORD_ELECTIVE,
					  [DUTY_ONE_OF] = WORD_ONE_OF};

	return word_text(words[entry->duty]);
}

/* A title that is too long for its column is cut. */
static void print_entry(const struct road_entry *entry)
{
	mp_autotext struct text line = {0};

	text_init(&line, 0);
	text_add(&line, "    ");
	columns_add(&line, entry->id, TITLE_COLUMN - 4);
	columns_wrap(&line, words_say(entry->title),
		     &(struct layout){.width = POINTS_COLUMN - 1,
				      .column = TITLE_COLUMN,
				      .indent = TITLE_COLUMN,
				      .most_lines = 1});
	columns_pad(&line, POINTS_COLUMN - columns_of(text_get(&line), line.length));
	(void)printf("%s%3lld  %s\n", text_get(&line), (long long)entry->points, duty_word(entry));
}

static void print_milestone(const struct road *road, int number, struct arena *arena)
{
	size_t coming = 0;

	(void)printf("\nM%d  %s\n", number, words_say(road->milestones[number - 1].title));
	for (size_t i = 0; i < road->entry_count; i++) {
		const struct road_entry *entry = &road->entries[i];

		if (entry->milestone != number)
			continue;
		if (is_published(road, entry->id))
			print_entry(entry);
		else
			coming++;
	}
	if (coming > 0)
		(void)printf("    %s\n",
			     words_say(arena_format(arena, "(%zu more to come)", coming)));
}

static int run_list(struct context *context, const void *given, const struct text_list *words,
		    struct mp_error *err)
{
	const struct road_options *options = given;
	struct language *language = NULL;
	struct road *road = NULL;
	const char *exercises;
	int ret = context_exercises(context, options->exercises, &exercises, err);

	(void)words;
	if (ret == 0)
		ret = load_road(exercises, &road, err);
	if (ret == 0)
		ret = open_language(exercises, options->language, &language, err);
	if (ret == 0) {
		speak_published(road, language);
		(void)words_speak(language);
		(void)puts(words_say(
			arena_format(context->arena,
				     "The road: nine milestones, %zu exercises, %zu of them ready.",
				     road->entry_count, road->published_count)));
		for (int i = 1; i <= MILESTONES; i++)
			print_milestone(road, i, context->arena);
		(void)printf("\n%s\n",
			     words_say("milepost show ID prints a task, milepost start ID "
				       "begins it."));
		(void)words_speak(NULL);
	}
	language = language_free(language);
	road = road_free(road);
	return ret;
}

static void print_checks(const struct exercise *exercise, struct arena *arena)
{
	(void)printf("\n%s\n\n", words_say("What is checked:"));
	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct check *check = &exercise->checks[i];

		(void)printf("  %3lld %c %c %s\n", (long long)check->points,
			     check->is_core ? '*' : ' ',
			     check->visibility == VISIBILITY_HIDDEN ? 'h' : ' ',
			     words_say(check->title));
	}
	(void)printf("\n  %s\n", words_say(arena_format(
					 arena,
					 "%lld points pass, and each * must pass (h: hidden, its "
					 "values are not shown)",
					 (long long)exercise->pass_score)));
}

struct show_options {
	const char *exercises;
	const char *language;
};

static const struct field show_fields[] = {
	OPTION_EXERCISES(show_options),
	OPTION_LANGUAGE(show_options),
};

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
			"%s\n\n",
			words_say(arena_format(
				context->arena,
				"milestone %lld, difficulty %lld of 5, about %lld "
				"minutes, %lld points",
				(long long)exercise->milestone, (long long)exercise->difficulty,
				(long long)exercise->minutes, (long long)exercise->points)));
		task_print(stdout, task);
		print_checks(exercise, context->arena);
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
