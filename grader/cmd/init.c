/* SPDX-License-Identifier: MIT */
/* milepost init and milepost start: a learner's repository, and the starter of one exercise. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/bench/pack.h"
#include "grader/cmd/assess.h"
#include "grader/cmd/repository.h"
#include "grader/cmd/speak.h"
#include "grader/cmd/starter.h"
#include "grader/language/language.h"
#include "grader/model/handle.h"
#include "grader/report/words.h"
#include "grader/yaml/yaml.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

struct init_options {
	const char *track;
	const char *handle;
	const char *language;
	const char *exercises;
};

static const struct field init_fields[] = {
	{"track", FIELD_TEXT, offsetof(struct init_options, track), 1, 20,
	 "your language: python, node, java, ruby or php", NULL, true},
	{"handle", FIELD_NAME, offsetof(struct init_options, handle), HANDLE_LOW, HANDLE_HIGH,
	 "your name here: " HANDLE_RULE, NULL, true},
	{"language", FIELD_TEXT, offsetof(struct init_options, language), 2, 10,
	 "language of tasks and feedback: en or hi (default: en)", NULL, false},
	OPTION_EXERCISES(init_options),
};

struct start_options {
	const char *track;
	const char *exercises;
};

static const struct field start_fields[] = {
	{"track", FIELD_TEXT, offsetof(struct start_options, track), 1, 20,
	 "the starter's language (default: the track in learner.yaml)", NULL, false},
	OPTION_EXERCISES(start_options),
};

/* The folders below PATH of DIR_FD, as words for a message: "node, python". */
static const char *folders_of(struct arena *arena, int dir_fd, const char *path)
{
	int fd = path_open_below(dir_fd, path, O_RDONLY | O_DIRECTORY);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	mp_autotext struct text words;
	const char *names[32];
	size_t count = 0;
	struct dirent *entry;

	text_init(&words, 1024);
	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.' || count == sizeof(names) / sizeof(names[0]))
			continue;
		names[count++] = arena_text(arena, entry->d_name);
		for (size_t i = count - 1; i > 0 && strcmp(names[i - 1], names[i]) > 0; i--) {
			const char *swap = names[i];

			names[i] = names[i - 1];
			names[i - 1] = swap;
		}
	}
	if (folder)
		(void)closedir(folder);
	for (size_t i = 0; i < count; i++)
		text_addf(&words, "%s%s", i ? ", " : "", names[i]);
	return arena_text(arena, text_get(&words));
}

static bool is_folder(int dir_fd, const char *path)
{
	mp_autofd int fd = path_open_below(dir_fd, path, O_PATH | O_DIRECTORY);

	return fd >= 0;
}

/* A new folder, or an empty one that is there. */
static int make_folder(const char *dir, int *ret_fd, struct mp_error *err)
{
	mp_autofd int fd = -1;
	struct dirent *entry;
	DIR *folder;
	bool is_empty = true;

	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "making the folder '%s'", dir);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "'%s'", dir);
	folder = opendir(dir);
	while (folder && (entry = readdir(folder)))
		is_empty = is_empty &&
			   (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
	if (folder)
		(void)closedir(folder);
	if (!is_empty)
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"'%s' is not empty; name a folder that is not there yet. Nothing was written",
			dir);
	*ret_fd = mp_take_fd(&fd);
	return 0;
}

/* What every track has comes from the folder .every, with the packages of the track's language. */
static int copy_template(struct arena *arena, const struct template_words *words, int exercises_fd,
			 int dir_fd, struct mp_error *err)
{
	const char *template = arena_format(arena, "templates/%s", words->track);
	const char *language = words->language ? words->language : "en";
	const struct pack *pack = pack_of_word(words->track);
	const struct replacement replace[] = {
		{"{{handle}}", words->handle},
		{"{{track}}", words->track},
		{"{{packages}}", pack ? pack->packages : ""},
		{"feedback: en\n", arena_format(arena, "feedback: %s\n", language)},
		{NULL, NULL}};
	int ret = files_copy(exercises_fd, template, dir_fd, ".", replace, err);

	if (ret == 0 && is_folder(exercises_fd, "templates/.every"))
		ret = files_copy(exercises_fd, "templates/.every", dir_fd, ".", replace, err);
	return ret;
}

int template_find(const char *exercises, const char *track, struct mp_error *err)
{
	mp_autofd int exercises_fd = open(exercises, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mp_autoarena struct arena *arena = arena_new();

	if (exercises_fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "'%s'", exercises);
	if (!strchr(track, '/') && track[0] != '.' &&
	    is_folder(exercises_fd, arena_format(arena, "templates/%s", track)))
		return 0;
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
		       "there are no starters for the track '%s' yet; there is: %s", track,
		       folders_of(arena, exercises_fd, "templates"));
}

int template_repository(struct arena *arena, const char *exercises,
			const struct template_words *words, const char *dir, struct mp_error *err)
{
	mp_autofd int exercises_fd = open(exercises, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mp_autofd int dir_fd = -1;
	int ret;

	if (exercises_fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "'%s'", exercises);
	if (!words->track || !words->handle)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "say --track (%s) and --handle (a name for you, like asha)",
			       folders_of(arena, exercises_fd, "templates"));
	if (words->language && !language_find(words->language))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--language: '%s' is not known; write a code like en or hi",
			       words->language);
	ret = template_find(exercises, words->track, err);
	if (ret == 0)
		ret = make_folder(dir, &dir_fd, err);
	if (ret == 0)
		ret = copy_template(arena, words, exercises_fd, dir_fd, err);
	if (ret == 0)
		ret = repository_create(dir, "Start from the milepost template\n", err);
	return ret;
}

static int run_init(struct context *context, const void *given, const struct text_list *words,
		    struct mp_error *err)
{
	const struct init_options *options = given;
	const char *dir = words->items[0];
	const char *exercises;
	int ret = context_exercises(context, options->exercises, &exercises, err);

	if (ret == 0)
		ret = template_repository(context->arena, exercises,
					  &(struct template_words){.track = options->track,
								   .handle = options->handle,
								   .language = options->language},
					  dir, err);
	if (ret < 0)
		return ret;
	(void)printf("Made %s for %s, track %s: a git repository with one commit.\n\n"
		     "  cd %s\n"
		     "  milepost list               the road: which exercise comes when\n"
		     "  milepost start ID           begin one: its starter and its task\n"
		     "  milepost check ID           your score, as often as you like\n",
		     dir, options->handle, options->track, dir);
	return 0;
}

/* The track of the learner.yaml at the top of the repository; NULL when it says none. */
static const char *learner_track(struct arena *arena, int top_fd)
{
	mp_autofree char *bytes = NULL;
	struct yaml_complaints complaints;
	const struct yaml_node *node;
	struct yaml_node *root = NULL;
	const char *track = NULL;
	size_t count = 0;

	if (path_read_below(top_fd, "learner.yaml", 1 << 20, &bytes, &count) < 0)
		return NULL;
	yaml_complaints_init(&complaints, "learner.yaml");
	if (yaml_parse(bytes, count, arena, &root, &complaints) == 0 && root &&
	    root->kind == YAML_MAP) {
		node = yaml_get(root, "track");
		track = node && node->kind == YAML_SCALAR ? arena_text(arena, node->text) : NULL;
	}
	yaml_complaints_done(&complaints);
	return track;
}

static int copy_starter(struct context *context, const struct exercise *exercise, const char *track,
			int top_fd, struct mp_error *err)
{
	const char *folder = learner_folder(context->arena, exercise->id);
	const char *starter = "starter/" STARTER_OF_ALL;
	int ret;

	if (is_folder(exercise->folder_fd, starter))
		track = STARTER_OF_ALL;
	if (!track || !*track)
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"which language? learner.yaml at the top names no track; say --track (%s)",
			folders_of(context->arena, exercise->folder_fd, "starter"));
	starter = arena_format(context->arena, "starter/%s", track);
	if (strchr(track, '/') || !is_folder(exercise->folder_fd, starter))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "%s has no starter for '%s' yet; there is: %s", exercise->id, track,
			       folders_of(context->arena, exercise->folder_fd, "starter"));
	if (is_folder(top_fd, folder))
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"%s is there already; nothing was changed. To begin anew, move it away first",
			folder);
	ret = files_copy(exercise->folder_fd, starter, top_fd, folder, NULL, err);
	if (ret == 0)
		ret = task_copy(exercise, language_of_learner(top_fd), top_fd, folder, err);
	return ret;
}

/* What was copied, and what comes next. */
static void print_started(const struct exercise *exercise, struct language *language,
			  struct arena *arena)
{
	(void)words_speak(language);
	(void)printf("%s: %s\n\n", exercise->id, words_say(exercise->title));
	(void)printf("  exercises/%s/task.md    %s\n", exercise->id,
		     words_say(arena_format(arena, "what to build, in %lld minutes or so",
					    (long long)exercise->minutes)));
	(void)printf("  milepost check %s       %s\n", exercise->id, words_say("your score"));
	(void)words_speak(NULL);
}

static int run_start(struct context *context, const void *given, const struct text_list *words,
		     struct mp_error *err)
{
	const struct start_options *options = given;
	struct exercise *exercise = NULL;
	struct language *language = NULL;
	struct road *road = NULL;
	const char *exercises;
	mp_autofree char *top = NULL;
	mp_autofd int top_fd = -1;
	int ret = context_exercises(context, options->exercises, &exercises, err);

	if (ret == 0)
		ret = load_road(exercises, &road, err);
	if (ret == 0)
		ret = find_exercise(road, words->items[0], &exercise, err);
	if (ret == 0)
		ret = intake_find_top(".", &top, err);
	if (ret == -ENOENT)
		ret = mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"this folder is in no git repository. Make one with:  milepost init road --track python --handle NAME");
	if (ret == 0 && top) {
		top_fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		ret = copy_starter(context, exercise,
				   options->track ? options->track
						  : learner_track(context->arena, top_fd),
				   top_fd, err);
	}
	if (ret == 0)
		ret = speak_open(exercises, NULL, top_fd, &language, err);
	if (ret == 0)
		ret = speak_exercise(language, exercise, err);
	if (ret == 0)
		print_started(exercise, language, context->arena);
	language = language_free(language);
	exercise = exercise_free(exercise);
	road = road_free(road);
	return ret;
}

const struct command command_init = {
	.name = "init",
	.usage = "DIR --track TRACK --handle NAME",
	.summary = "make a learner's repository",
	.options = init_fields,
	.option_count = sizeof(init_fields) / sizeof(init_fields[0]),
	.option_bytes = sizeof(struct init_options),
	.words_low = 1,
	.words_high = 1,
	.run = run_init,
};

const struct command command_start = {
	.name = "start",
	.usage = "ID [OPTION]...",
	.summary = "begin an exercise: copy its starter and its task",
	.options = start_fields,
	.option_count = sizeof(start_fields) / sizeof(start_fields[0]),
	.option_bytes = sizeof(struct start_options),
	.words_low = 1,
	.words_high = 1,
	.run = run_start,
};
