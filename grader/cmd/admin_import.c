/* SPDX-License-Identifier: MIT */
/* milepost admin learner import: a whole class, or nobody. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/cmd/admin.h"
#include "grader/cmd/roster.h"
#include "grader/cmd/starter.h"
#include "grader/language/language.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

struct import_options {
	const char *data;
	const char *track;
	const char *language;
	const char *output;
	const char *exercises;
};

static const struct field import_fields[] = {
	OPTION_DATA(import_options),
	{"track", FIELD_TEXT, offsetof(struct import_options, track), 1, 20,
	 "for rows that name none: python, node, java, ruby or php", NULL, false},
	{"language", FIELD_TEXT, offsetof(struct import_options, language), 1, 20,
	 "of the tasks and the feedback, for rows that name none: en, hi (default: en)", NULL,
	 false},
	{"output", FIELD_TEXT, offsetof(struct import_options, output), 1, 3000,
	 "a new file for handles and tokens, which only you may read (default: standard output)",
	 NULL, false},
	OPTION_EXERCISES(import_options),
};

struct import {
	const struct import_options *options;
	struct arena *arena; /* borrowed */
	struct ledger *ledger;
	struct hosted hosted;
	const char *exercises;
	struct roster_row *rows; /* in the arena */
	size_t count;
};

/* --- what only the server knows -------------------------------------------------------------- */

static int by_handle(const void *a, const void *b)
{
	const struct roster_row *const *left = a;
	const struct roster_row *const *right = b;
	int order = strcmp((*left)->learner.handle, (*right)->learner.handle);

	return order ? order : (*left)->line - (*right)->line;
}

static void look_for_twice(struct import *import, struct yaml_complaints *list)
{
	const struct roster_row **rows =
		arena_alloc(import->arena, import->count + 1, sizeof(rows[0]));

	for (size_t i = 0; i < import->count; i++)
		rows[i] = &import->rows[i];
	qsort(rows, import->count, sizeof(rows[0]), by_handle);
	for (size_t i = 1; i < import->count; i++) {
		if (strcmp(rows[i]->learner.handle, rows[i - 1]->learner.handle) == 0)
			yaml_complain(list, rows[i]->line, rows[i]->columns[ROSTER_HANDLE],
				      "'%s' stands in line %d already", rows[i]->learner.handle,
				      rows[i - 1]->line);
	}
}

static void look_at_rows(struct import *import, struct yaml_complaints *list)
{
	for (size_t i = 0; i < import->count; i++) {
		const struct roster_row *row = &import->rows[i];
		const struct learner *learner = &row->learner;
		struct learner known;
		struct mp_error why = {0};

		if (template_find(import->exercises, learner->track, &why) < 0)
			yaml_complain(list, row->line, row->columns[ROSTER_TRACK], "%s", why.text);
		if (learner_find(import->ledger, learner->handle, import->arena, &known, NULL) == 0)
			yaml_complain(list, row->line, row->columns[ROSTER_HANDLE],
				      "there is a learner '%s' already", learner->handle);
	}
}

/* All mistakes to standard error, and a count of them in ERR. */
static int tell(struct yaml_complaints *list, struct mp_error *err)
{
	mp_autotext struct text lines = {0};

	yaml_complaints_print(list, &lines);
	(void)fputs(text_get(&lines), stderr);
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
		       "%zu mistake%s in '%s'; nobody was imported. Mend the file and import it "
		       "again",
		       list->error_count, list->error_count == 1 ? "" : "s", list->name);
}

/* A file, a pipe or "-", as far as BYTES may grow. */
static int read_file(const char *path, struct text *bytes, struct mp_error *err)
{
	mp_autofd int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
						  : open(path, O_RDONLY | O_CLOEXEC);
	char some[8192];
	ssize_t count = 1;

	if (fd < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "'%s'", path);
	while (count > 0 && !bytes->is_cut) {
		count = read(fd, some, sizeof(some));
		if (count < 0)
			return mp_fail(err, MP_FAULT_USAGE, -errno, "reading '%s'", path);
		text_add_bytes(bytes, some, (size_t)count);
	}
	if (bytes->is_cut)
		return mp_fail(err, MP_FAULT_USAGE, -EFBIG,
			       "'%s' has more than 4 MiB; is it a list of learners?", path);
	return 0;
}

static int read_roster(struct import *import, const char *path, struct mp_error *err)
{
	const char *language = import->options->language ? import->options->language : "en";
	struct yaml_complaints list;
	mp_autotext struct text bytes;
	int ret;

	text_init(&bytes, ROSTER_BYTES_MAX);
	ret = read_file(path, &bytes, err);
	if (ret < 0)
		return ret;
	yaml_complaints_init(&list, strcmp(path, "-") == 0 ? "standard input" : path);
	ret = roster_read(text_get(&bytes), bytes.length, import->options->track, language,
			  import->arena, &import->rows, &import->count, &list);
	look_for_twice(import, &list);
	if (ret == 0)
		look_at_rows(import, &list);
	ret = list.error_count ? tell(&list, err) : 0;
	yaml_complaints_done(&list);
	return ret;
}

/* --- adding ---------------------------------------------------------------------------------- */

/* RET_LINES is what is handed out. */
static int add_all(struct import *import, struct text *ret_lines, struct mp_error *err)
{
	struct newcomers newcomers = {
		.learners = arena_alloc(import->arena, import->count, sizeof(void *)),
		.ids = arena_alloc(import->arena, import->count, sizeof(newcomers.ids[0])),
		.tokens = arena_alloc(import->arena, import->count, TOKEN_TEXT),
		.count = import->count,
	};
	int ret;

	for (size_t i = 0; i < import->count; i++)
		newcomers.learners[i] = &import->rows[i].learner;
	ret = admin_add(import->ledger, &import->hosted, import->exercises, &newcomers, err);
	if (ret < 0)
		return mp_wrap(err, "nobody was imported");
	text_add(ret_lines, "handle,token\n");
	for (size_t i = 0; i < import->count; i++)
		text_addf(ret_lines, "%s,%s\n", newcomers.learners[i]->handle, newcomers.tokens[i]);
	return 0;
}

/* The file for the tokens, before anybody is added: it must be new, and nobody else's to read. */
static int open_output(const char *path, int *ret_fd, struct mp_error *err)
{
	*ret_fd = STDOUT_FILENO;
	if (!path)
		return 0;
	*ret_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*ret_fd < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "--output '%s'", path);
	return 0;
}

static int hand_out(struct import *import, struct mp_error *err)
{
	const char *path = import->options->output;
	mp_autotext struct text lines = {0};
	int fd = -1;
	int ret = open_output(path, &fd, err);

	if (ret < 0)
		return ret;
	ret = add_all(import, &lines, err);
	if (ret == 0) {
		ret = path_write_all(fd, text_get(&lines), lines.length);
		if (ret == 0 && path && fsync(fd) < 0)
			ret = -errno;
		if (ret < 0)
			(void)mp_fail(
				err, MP_FAULT_HOST, ret,
				"the learners are added, but their tokens could not be "
				"written. For each of them type: milepost admin learner token");
	} else if (path) {
		(void)unlink(path);
	}
	if (path)
		(void)close(fd);
	if (ret == 0)
		(void)fprintf(stderr, "%zu learner%s imported.\n", import->count,
			      import->count == 1 ? "" : "s");
	return ret;
}

static int run_import(struct context *context, const void *given, const struct text_list *words,
		      struct mp_error *err)
{
	const struct import_options *options = given;
	struct import import = {.options = options, .arena = context->arena, .hosted = {NULL, -1}};
	int ret = context_exercises(context, options->exercises, &import.exercises, err);

	if (ret == 0 && options->language && !language_find(options->language))
		ret = mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			      "--language: '%s' is not known; write a code like en or hi",
			      options->language);
	if (ret == 0)
		ret = admin_ledger(options->data, LEDGER_OR_MAKE, &import.ledger, err);
	if (ret == 0)
		ret = hosted_open(context->arena, options->data, false, &import.hosted, err);
	if (ret == 0)
		ret = read_roster(&import, words->items[0], err);
	if (ret == 0)
		ret = hand_out(&import, err);
	hosted_close(&import.hosted);
	import.ledger = ledger_close(import.ledger);
	return ret;
}

const struct command command_learner_import = {
	.name = "import",
	.usage = "FILE.csv|- --data DIR [OPTION]...",
	.summary = "add a whole class from a CSV file, or nobody",
	COMMAND_OPTIONS(import_options, import_fields),
	.words_low = 1,
	.words_high = 1,
	.run = run_import,
};
