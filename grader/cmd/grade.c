/* SPDX-License-Identifier: MIT */
/* milepost check and milepost grade: the same assessment, asked at the desk and by address. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/cmd/access.h"
#include "grader/cmd/assess.h"
#include "grader/cmd/known.h"
#include "grader/cmd/output.h"
#include "grader/cmd/speak.h"
#include "grader/cmd/stream.h"
#include "grader/report/report.h"
#include "grader/score/score.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

struct grade_options {
	struct text_list exercise;
	bool worktree;
	const char *seed;
	const char *format;
	const char *output;
	struct text_list also;
	const char *fail_under;
	const char *exercises;
	const char *folder;
	const char *start;
	struct access_options access;
	int trust;
	bool run_info;
	bool allow_not_graded;
	bool instructor;
	const char *language;
	int64_t events, site_key;
	const char *known;
	int64_t box_uid_base;
};

/* Descriptors that a program opened for us; the first three are taken. */
enum { FD_LEAST = 3, FD_MOST = 1023, SITE_KEY_BYTES = 32 };

#define FORMAT_HELP "text, json, html, markdown, junit, tap or github (default: text)"

static const struct field grade_fields[] = {
	{"exercise", FIELD_TEXTS, offsetof(struct grade_options, exercise), 0, 0,
	 "only this exercise; may be repeated (default: all whose folder is there)", NULL, false},
	{"worktree", FIELD_BOOL, offsetof(struct grade_options, worktree), 0, 0,
	 "the files as they lie there, also what is not committed yet", NULL, false},
	OPTION_SEED(grade_options),
	{"format", FIELD_TEXT, offsetof(struct grade_options, format), 1, 20, FORMAT_HELP, NULL,
	 false},
	{"output", FIELD_TEXT, offsetof(struct grade_options, output), 1, 4096,
	 "write the report to this file (default: standard output)", NULL, false},
	{"also", FIELD_TEXTS, offsetof(struct grade_options, also), 1, 4096,
	 "a further report of the same grading, as FORMAT=FILE", NULL, false},
	{"fail-under", FIELD_TEXT, offsetof(struct grade_options, fail_under), 0, 100,
	 "exit 1 below this per cent of the points (default: unless every exercise passed)", NULL,
	 false},
	OPTION_EXERCISES(grade_options),
	{"folder", FIELD_TEXT, offsetof(struct grade_options, folder), 1, 4096,
	 "where the program lies in the repository (default: exercises/ID)", NULL, false},
	{"start", FIELD_TEXT, offsetof(struct grade_options, start), 1, 1000,
	 "the command to start, in place of the one in milepost.yaml", NULL, false},
	OPTIONS_ACCESS(grade_options),
	OPTION_TRUST(grade_options),
	{"run-info", FIELD_BOOL, offsetof(struct grade_options, run_info), 0, 0,
	 "json: add what was measured, and on which host", NULL, false},
	{"allow-not-graded", FIELD_BOOL, offsetof(struct grade_options, allow_not_graded), 0, 0,
	 "do not exit 4 when an exercise could not be graded", NULL, false},
	{"instructor", FIELD_BOOL, offsetof(struct grade_options, instructor), 0, 0,
	 "show the values of hidden checks too", NULL, false},
	OPTION_LANGUAGE(grade_options),
	{"events", FIELD_COUNT, offsetof(struct grade_options, events), FD_LEAST, FD_MOST,
	 "for programs: tell what happens into this open descriptor, one JSON object a line", NULL,
	 false},
	{"known", FIELD_TEXT, offsetof(struct grade_options, known), 1, 4096,
	 "for programs: earlier scores, one JSON object a line; what has not changed is not graded again",
	 NULL, false},
	{"site-key", FIELD_COUNT, offsetof(struct grade_options, site_key), FD_LEAST, FD_MOST,
	 "for programs: draw the seeds with the 32 secret bytes that this open descriptor gives",
	 NULL, false},
	OPTION_BOX_UID_BASE(grade_options),
};

struct check_options {
	const char *seed;
	const char *language;
	const char *exercises;
	int trust;
};

static const struct field check_fields[] = {
	OPTION_SEED(check_options),
	OPTION_EXERCISES(check_options),
	OPTION_TRUST(check_options),
	OPTION_LANGUAGE(check_options),
};

/* What to type when nothing of the road is in the repository yet. */
static int say_nothing_there(const struct assessment *assessment)
{
	const char *first =
		assessment->road->published_count ? assessment->road->published[0] : "ID";

	(void)fprintf(stderr,
		      "milepost: no exercise is in this repository yet (no folder exercises/ID).\n"
		      "Begin with:  milepost start %s\n",
		      first);
	return 1;
}

/* The exit status of what was graded, and 1 at least while something that was kept is not passed. */
static int exit_status(const struct assessment *assessment, int percent,
		       const struct grade_options *options)
{
	bool is_all_kept = assessment->scorecard.card_count == 0;
	int status = is_all_kept ? 0
				 : score_exit_status(&assessment->scorecard, percent,
						     options->allow_not_graded);

	for (size_t i = 0; i < assessment->kept_count; i++) {
		enum status kept = assessment->kept[i]->status;

		(void)fprintf(stderr, "milepost: %s: not changed, score kept\n",
			      assessment->kept[i]->exercise);
		if (status == 0 && kept != STATUS_PASSED && kept != STATUS_MASTERED)
			status = 1;
	}
	return status;
}

static int fail_under_percent(const char *text, int *ret_percent, struct mp_error *err)
{
	char digits[8];
	int64_t value;
	size_t length = text ? strlen(text) : 0;

	*ret_percent = -1;
	if (!text)
		return 0;
	length -= length > 0 && text[length - 1] == '%';
	(void)snprintf(digits, sizeof(digits), "%.*s", (int)length, text);
	if (length >= sizeof(digits) || parse_count(digits, &value) < 0 || value < 0 || value > 100)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--fail-under: '%s' is not a per cent from 0 to 100", text);
	*ret_percent = (int)value;
	return 0;
}

/* The language of ASSESSMENT's learner, with the texts of what was graded. */
static int open_language(const struct assessment *assessment, const char *exercises,
			 const char *given, struct language **ret_language, struct mp_error *err)
{
	int ret = speak_open(exercises, given, assessment->submission->tree_fd, ret_language, err);

	for (size_t i = 0; ret == 0 && i < assessment->exercise_count; i++)
		ret = speak_exercise(*ret_language, assessment->exercises[i], err);
	return ret;
}

static int print_assessment(const struct assessment *assessment, const struct outputs *outputs,
			    const struct grade_options *options,
			    const struct assess_request *request, bool only_files,
			    struct mp_error *err)
{
	struct language *language = NULL;
	struct report_options report = {
		.audience = options->instructor ? AUDIENCE_INSTRUCTOR : AUDIENCE_LEARNER,
		.has_run_info = options->run_info,
		.run = &assessment->run,
		.columns = 80,
		.desk_command = "milepost check",
	};
	int ret = open_language(assessment, request->exercises, options->language, &language, err);

	report.language = language;
	if (ret == 0)
		ret = outputs_write(outputs, &assessment->scorecard, &report, only_files, err);
	language = language_free(language);
	return ret;
}

static int assess_and_print(struct context *context, const struct assess_request *asked,
			    const struct grade_options *options, struct mp_error *err)
{
	struct assess_request request = *asked;
	struct outputs outputs;
	struct assessment assessment = {0};
	bool is_empty;
	int percent = -1;
	int status = outputs_choose(context->arena, options->format, options->output,
				    &options->also, &outputs, err);

	if (status == 0)
		status = fail_under_percent(options->fail_under, &percent, err);
	request.written = outputs.paths;
	if (status == 0)
		status = assess(context, &request, &assessment, err);
	if (status != 0)
		return status;
	/* A program that reads the report, or a file that was asked for, gets an empty one, a person words. */
	is_empty = assessment.scorecard.card_count == 0;
	status = print_assessment(&assessment, &outputs, options, &request,
				  is_empty && outputs.items[0].format == report_formats, err);
	if (status == 0 && assessment.exercise_count == 0)
		status = say_nothing_there(&assessment);
	else if (status == 0)
		status = exit_status(&assessment, percent, options);
	assessment_close(&assessment);
	return status;
}

/*
 * The @ before the revision in an address: the first in its path, for a branch may hold an @ too; but one
 * that begins a part is the name of a person on some servers (/@asha/road).
 */
static const char *revision_of_url(const char *path)
{
	const char *at = strchr(path, '@');

	while (at && at[-1] == '/')
		at = strchr(at + 1, '@');
	return at;
}

/* The @ before the revision in a path: the last one with a folder in front of it, else the last of all. */
static const char *revision_of_path(struct arena *arena, const char *path)
{
	const char *last = strrchr(path, '@');

	for (const char *at = last; at; at = memrchr(path, '@', (size_t)(at - path))) {
		struct stat info;

		if (at > path && stat(arena_bytes(arena, path, (size_t)(at - path)), &info) == 0)
			return at;
	}
	return last;
}

/* REPOSITORY[@REVISION], unless the whole is a folder, or git@host:path. */
static void split_revision(struct arena *arena, const char *word, const char **ret_repository,
			   const char **ret_revision)
{
	struct stat info;
	const char *host = strstr(word, "://");
	bool is_short = intake_is_short_address(word);
	const char *path = is_short ? strchr(word, ':') + 1 : host ? strchr(host + 3, '/') : word;
	bool is_fetched =
		is_short || (host && strncasecmp(word, "file://", strlen("file://")) != 0);
	const char *at = NULL;

	*ret_repository = word;
	*ret_revision = NULL;
	if (path && (is_fetched || stat(path, &info) < 0))
		at = is_fetched ? revision_of_url(path) : revision_of_path(arena, path);
	if (!at || at == word || strchr(at, ':'))
		return;
	*ret_repository = arena_bytes(arena, word, (size_t)(at - word));
	*ret_revision = arena_text(arena, at + 1);
}

/* Read what lets us in, then assess; what was read is wiped whatever comes. */
static int assess_with_access(struct context *context, const struct assess_request *asked,
			      const struct grade_options *options, struct mp_error *err)
{
	struct assess_request request = *asked;
	struct intake_access access;
	bool is_ssh = strncasecmp(request.repository, "ssh://", strlen("ssh://")) == 0 ||
		      intake_is_short_address(request.repository);
	int ret = access_read(&options->access, is_ssh, &access, err);

	if (ret < 0)
		return ret;
	request.access = &access;
	ret = assess_and_print(context, &request, options, err);
	access_done(&access);
	return ret;
}

/* The secret bytes that descriptor FD gives, as the text that seeds are drawn with. */
static int read_site_key(struct context *context, int fd, const char **ret_key,
			 struct mp_error *err)
{
	unsigned char bytes[SITE_KEY_BYTES + 1];
	size_t count = 0;
	ssize_t got = 1;
	char *key;

	if (!stream_is_inherited(fd))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--site-key: descriptor %d is not open", fd);
	while (got != 0 && count < sizeof(bytes)) {
		got = read(fd, bytes + count, sizeof(bytes) - count);
		if (got < 0 && errno != EINTR)
			break;
		count += got > 0 ? (size_t)got : 0;
	}
	if (got < 0 || count != SITE_KEY_BYTES) {
		sodium_memzero(bytes, sizeof(bytes));
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--site-key: descriptor %d must give exactly %d bytes", fd,
			       SITE_KEY_BYTES);
	}
	key = arena_alloc(context->arena, 2 * SITE_KEY_BYTES + 1, 1);
	(void)sodium_bin2hex(key, 2 * SITE_KEY_BYTES + 1, bytes, SITE_KEY_BYTES);
	sodium_memzero(bytes, sizeof(bytes));
	*ret_key = key;
	return 0;
}

/* What programs that start us give: secrets and scores to read, and where to tell what happens. */
static int assess_for_program(struct context *context, const struct assess_request *asked,
			      const struct grade_options *options, struct mp_error *err)
{
	struct assess_request request = *asked;
	struct known known;
	int ret = 0;

	request.language = options->language;
	if (options->events)
		ret = stream_open((int)options->events, &request.stream, err);
	if (ret < 0)
		return ret;
	if (options->site_key)
		ret = read_site_key(context, (int)options->site_key, &request.site_key, err);
	if (ret == 0 && options->known) {
		ret = known_read(options->known, context->arena, &known, err);
		request.known = &known;
	}
	if (ret == 0)
		ret = assess_with_access(context, &request, options, err);
	request.stream = stream_close(request.stream, ret, err);
	return ret;
}

/* Does PATH stay below the top? */
static bool is_below(const char *path)
{
	bool is_up = false;

	for (const char *part = path; *part && !is_up;
	     part += strcspn(part, "/") + (part[strcspn(part, "/")] == '/'))
		is_up = strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0');
	return path[0] != '/' && !is_up;
}

static int run_grade(struct context *context, const void *given, const struct text_list *words,
		     struct mp_error *err)
{
	const struct grade_options *options = given;
	struct assess_request request = {
		.ids = &options->exercise,
		.is_worktree = options->worktree,
		.folder = options->folder,
		.start = options->start,
		.seed = options->seed,
		.trust = trust_words[options->trust],
	};
	int ret = intake_refuse_password(words->items[0], err);

	if (ret == 0)
		ret = context_exercises(context, options->exercises, &request.exercises, err);
	if (ret == 0)
		ret = context_packs(context, &request.packs, err);
	if (ret < 0)
		return ret;
	if ((options->folder || options->start) && options->exercise.count != 1)
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"--folder and --start need exactly one --exercise ID: they say where it lies and how it starts");
	if (options->folder && !is_below(options->folder))
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"--folder: '%s' is not a path below the top of the repository, like api/hello",
			options->folder);
	context_trust(context, (enum trust)options->trust);
	split_revision(context->arena, words->items[0], &request.repository, &request.revision);
	if (request.revision && !request.revision[0])
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"'%s': write a branch, a tag or a commit behind the @, or leave the @ out",
			words->items[0]);
	if (options->worktree && request.revision)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--worktree grades the files as they lie there; leave '@%s' out",
			       request.revision);
	return assess_for_program(context, &request, options, err);
}

/* The exercise whose folder holds the current one: TOP/exercises/ID[/...]. NULL: none. */
static const char *exercise_here(struct arena *arena, const char *top, const char *here)
{
	static const char prefix[] = "/exercises/";
	const char *below = here + strlen(top);

	if (strncmp(here, top, strlen(top)) != 0 || strncmp(below, prefix, sizeof(prefix) - 1) != 0)
		return NULL;
	below += sizeof(prefix) - 1;
	return strcspn(below, "/") ? arena_bytes(arena, below, strcspn(below, "/")) : NULL;
}

static int run_check(struct context *context, const void *given, const struct text_list *words,
		     struct mp_error *err)
{
	const struct check_options *options = given;
	struct grade_options report = {.language = options->language};
	mp_autofree char *here = realpath(".", NULL);
	mp_autofree char *top = NULL;
	const char *id = words->count ? words->items[0] : NULL;
	struct text_list ids = {0};
	struct assess_request request = {.is_worktree = true,
					 .seed = options->seed,
					 .ids = &ids,
					 .trust = trust_words[options->trust]};
	int ret = context_exercises(context, options->exercises, &request.exercises, err);

	if (ret == 0)
		ret = context_packs(context, &request.packs, err);
	if (ret < 0)
		return ret;
	ret = intake_find_top(".", &top, err);
	if (ret == -ENOENT)
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"this folder is in no git repository. Make one with:  milepost init road --track python --handle NAME");
	if (ret < 0)
		return ret;
	if (!id && here)
		id = exercise_here(context->arena, top, here);
	if (id) {
		ids.items = &id;
		ids.count = 1;
	}
	request.repository = top;
	context_trust(context, (enum trust)options->trust);
	return assess_and_print(context, &request, &report, err);
}

const struct command command_grade = {
	.name = "grade",
	.usage = "REPOSITORY[@REVISION] [OPTION]...",
	.summary = "grade a repository: a folder or a URL, at a branch, tag or commit",
	.options = grade_fields,
	.option_count = sizeof(grade_fields) / sizeof(grade_fields[0]),
	.option_bytes = sizeof(struct grade_options),
	.words_low = 1,
	.words_high = 1,
	.opens_boxes = true,
	.run = run_grade,
};

const struct command command_check = {
	.name = "check",
	.usage = "[ID] [OPTION]...",
	.summary = "grade the current folder, also what is not committed yet",
	.options = check_fields,
	.option_count = sizeof(check_fields) / sizeof(check_fields[0]),
	.option_bytes = sizeof(struct check_options),
	.words_low = 0,
	.words_high = 1,
	.opens_boxes = true,
	.run = run_check,
};
