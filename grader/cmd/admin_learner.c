/* SPDX-License-Identifier: MIT */
/* milepost admin learner: add, list, token, close, open, forget; and the instructor's token. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/cmd/admin.h"
#include "grader/cmd/starter.h"
#include "grader/language/language.h"
#include "grader/model/handle.h"
#include "grader/serve/report.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/columns.h"
#include "sandbox/base/path.h"

/* --- add ------------------------------------------------------------------------------------- */

struct add_options {
	const char *data;
	const char *track;
	const char *name;
	const char *language;
	const char *section;
	const char *exercises;
};

static const struct field add_fields[] = {
	OPTION_DATA(add_options),
	{"track", FIELD_TEXT, offsetof(struct add_options, track), 1, 20,
	 "the language of the starters: python, node, java, ruby or php", NULL, true},
	{"name", FIELD_TEXT, offsetof(struct add_options, name), 1, 120,
	 "the name of the person; only the instructor sees it", NULL, false},
	{"language", FIELD_TEXT, offsetof(struct add_options, language), 1, 20,
	 "the language of the tasks and the feedback: en, hi (default: en)", NULL, false},
	{"section", FIELD_TEXT, offsetof(struct add_options, section), 1, 120, "the class or group",
	 NULL, false},
	OPTION_EXERCISES(add_options),
};

/* The token alone on its line: a script takes the last one. */
static void print_token(const char *token)
{
	(void)printf("The token, which is shown this once:\n%s\n", token);
}

/* A new one; earlier ones are revoked. LEARNER 0: the instructor's. */
static int give_token(struct ledger *ledger, int64_t learner, struct mp_error *err)
{
	char token[TOKEN_TEXT];
	int ret = token_make(ledger, learner, true, token, err);

	if (ret == 0)
		print_token(token);
	return ret;
}

/* What the ledger itself would refuse is refused before a repository is made. */
static int check_learner(struct ledger *ledger, const char *exercises,
			 const struct learner *learner, struct arena *arena, struct mp_error *err)
{
	struct learner known;

	if (!language_find(learner->language))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--language: '%s' is not known; write a code like en or hi",
			       learner->language);
	if (learner_find(ledger, learner->handle, arena, &known, NULL) == 0)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "there is a learner '%s' already. A new token is given by: milepost "
			       "admin learner token %s",
			       learner->handle, learner->handle);
	return template_find(exercises, learner->track, err);
}

static int add_one(struct context *context, const struct add_options *options,
		   const struct learner *learner, struct ledger *ledger, struct mp_error *err)
{
	struct hosted hosted = {NULL, -1};
	const char *exercises;
	char token[1][TOKEN_TEXT];
	int64_t id = 0;
	const struct newcomers newcomers = {&learner, &id, token, 1};
	int ret = context_exercises(context, options->exercises, &exercises, err);

	if (ret == 0)
		ret = hosted_open(context->arena, options->data, false, &hosted, err);
	if (ret == 0)
		ret = check_learner(ledger, exercises, learner, context->arena, err);
	if (ret == 0)
		ret = admin_add(ledger, &hosted, exercises, &newcomers, err);
	hosted_close(&hosted);
	if (ret < 0)
		return ret;
	(void)printf("%s, track %s. The repository is /%s.git of the server.\n", learner->handle,
		     learner->track, learner->handle);
	print_token(token[0]);
	return 0;
}

static int run_add(struct context *context, const void *given, const struct text_list *words,
		   struct mp_error *err)
{
	const struct add_options *options = given;
	struct learner learner = {.handle = words->items[0],
				  .name = options->name ? options->name : "",
				  .track = options->track,
				  .language = options->language ? options->language : "en",
				  .section = options->section ? options->section : ""};
	struct ledger *ledger = NULL;
	int ret;

	if (!options->track)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "say --track, like --track python");
	if (!handle_is_valid(learner.handle))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "'%.40s' is no handle: %s",
			       learner.handle, HANDLE_RULE);
	ret = admin_ledger(options->data, LEDGER_OR_MAKE, &ledger, err);
	if (ret == 0)
		ret = add_one(context, options, &learner, ledger, err);
	ledger = ledger_close(ledger);
	return ret;
}

const struct command command_learner_add = {
	.name = "add",
	.usage = "HANDLE --data DIR --track TRACK [OPTION]...",
	.summary = "add a learner: make a repository and a token",
	COMMAND_OPTIONS(add_options, add_fields),
	.words_low = 1,
	.words_high = 1,
	.run = run_add,
};

/* --- list ------------------------------------------------------------------------------------ */

struct list_options {
	const char *data;
	int format;
};

static const struct field list_fields[] = {
	OPTION_DATA(list_options),
	OPTION_LIST(list_options),
};

static void print_learners(struct arena *arena, const struct learner *learners, size_t count)
{
	struct cells *rows = arena_alloc(arena, count + 1, sizeof(rows[0]));

	rows[0] = (struct cells){
		{"HANDLE", "SECTION", "TRACK", "LANGUAGE", "ADDED", "NAME", "STATE"}};
	for (size_t i = 0; i < count; i++)
		rows[i + 1] = (struct cells){
			{learners[i].handle, learners[i].section, learners[i].track,
			 learners[i].language, admin_time(arena, learners[i].added_at),
			 learners[i].name, learners[i].is_closed ? "closed" : ""}};
	admin_print(arena, rows, count + 1, 7);
}

static void print_learners_json(const struct learner *learners, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:b}", "handle",
				  learners[i].handle, "name", learners[i].name, "track",
				  learners[i].track, "language", learners[i].language, "section",
				  learners[i].section, "added_at", (json_int_t)learners[i].added_at,
				  "closed", learners[i].is_closed));
	admin_print_json(list);
}

static int run_list(struct context *context, const void *given, const struct text_list *words,
		    struct mp_error *err)
{
	const struct list_options *options = given;
	struct learner *learners = NULL;
	struct ledger *ledger = NULL;
	size_t count = 0;
	int ret = admin_ledger(options->data, LEDGER_READ_ONLY, &ledger, err);

	(void)words;
	if (ret == 0)
		ret = learner_list(ledger, context->arena, &learners, &count, err);
	if (ret == 0 && options->format == LIST_JSON)
		print_learners_json(learners, count);
	else if (ret == 0)
		print_learners(context->arena, learners, count);
	ledger = ledger_close(ledger);
	return ret;
}

const struct command command_learner_list = {
	.name = "list",
	.usage = "--data DIR [OPTION]...",
	.summary = "list learners by section and handle",
	COMMAND_OPTIONS(list_options, list_fields),
	.run = run_list,
};

/* --- token, close, open ---------------------------------------------------------------------- */

struct data_options {
	const char *data;
};

static const struct field data_fields[] = {
	OPTION_DATA(data_options),
};

/* Open the ledger and find the learner that the first word names. */
static int find_learner(struct context *context, const char *data, const char *handle,
			struct ledger **ret_ledger, struct learner *ret_learner,
			struct mp_error *err)
{
	int ret = admin_ledger(data, LEDGER_EXISTING, ret_ledger, err);

	return ret < 0 ? ret : learner_find(*ret_ledger, handle, context->arena, ret_learner, err);
}

static int run_token(struct context *context, const void *given, const struct text_list *words,
		     struct mp_error *err)
{
	const struct data_options *options = given;
	struct ledger *ledger = NULL;
	struct learner learner;
	int ret = find_learner(context, options->data, words->items[0], &ledger, &learner, err);

	if (ret == 0)
		ret = give_token(ledger, learner.id, err);
	ledger = ledger_close(ledger);
	return ret;
}

const struct command command_learner_token = {
	.name = "token",
	.usage = "HANDLE --data DIR",
	.summary = "give a new token; the old ones are revoked, sessions end",
	COMMAND_OPTIONS(data_options, data_fields),
	.words_low = 1,
	.words_high = 1,
	.run = run_token,
};

static int run_instructor_token(struct context *context, const void *given,
				const struct text_list *words, struct mp_error *err)
{
	const struct data_options *options = given;
	struct ledger *ledger = NULL;
	int ret = admin_ledger(options->data, LEDGER_OR_MAKE, &ledger, err);

	(void)context;
	(void)words;
	if (ret == 0)
		ret = give_token(ledger, 0, err);
	ledger = ledger_close(ledger);
	return ret;
}

const struct command command_instructor_token = {
	.name = "token",
	.usage = "--data DIR",
	.summary = "give a new instructor's token; the old ones are revoked",
	COMMAND_OPTIONS(data_options, data_fields),
	.run = run_instructor_token,
};

static int set_closed(struct context *context, const struct data_options *options,
		      const char *handle, bool is_closed, struct mp_error *err)
{
	struct ledger *ledger = NULL;
	struct learner learner;
	int ret = find_learner(context, options->data, handle, &ledger, &learner, err);

	if (ret == 0)
		ret = learner_close(ledger, learner.id, is_closed, err);
	ledger = ledger_close(ledger);
	if (ret == 0)
		(void)printf(is_closed ? "%s is closed: no push is taken, the pages stay.\n"
				       : "%s is open: pushes are taken.\n",
			     learner.handle);
	return ret;
}

static int run_close(struct context *context, const void *given, const struct text_list *words,
		     struct mp_error *err)
{
	return set_closed(context, given, words->items[0], true, err);
}

static int run_open(struct context *context, const void *given, const struct text_list *words,
		    struct mp_error *err)
{
	return set_closed(context, given, words->items[0], false, err);
}

const struct command command_learner_close = {
	.name = "close",
	.usage = "HANDLE --data DIR",
	.summary = "take no more pushes of a learner; the pages stay",
	COMMAND_OPTIONS(data_options, data_fields),
	.words_low = 1,
	.words_high = 1,
	.run = run_close,
};

const struct command command_learner_open = {
	.name = "open",
	.usage = "HANDLE --data DIR",
	.summary = "take pushes of a closed learner again",
	COMMAND_OPTIONS(data_options, data_fields),
	.words_low = 1,
	.words_high = 1,
	.run = run_open,
};

/* --- forget ---------------------------------------------------------------------------------- */

struct forget_options {
	const char *data;
	bool yes;
};

static const struct field forget_fields[] = {
	OPTION_DATA(forget_options),
	{"yes", FIELD_BOOL, offsetof(struct forget_options, yes), 0, 0,
	 "do it: without this, only say what would go", NULL, false},
};

static bool is_commit(const char *text)
{
	return strlen(text) == 40 && strspn(text, "0123456789abcdef") == 40;
}

/* Git must not clean where objects of a push arrive just now. */
static int must_be_quiet(struct arena *arena, struct ledger *ledger, const struct learner *learner,
			 struct mp_error *err)
{
	struct ticket *tickets = NULL;
	size_t count = 0;
	int ret =
		ticket_list(ledger, learner->id, TICKET_RECEIVING, 1, arena, &tickets, &count, err);

	if (ret == 0 && count > 0)
		ret = mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			      "a push of %s arrives just now. Type this first, and try again in a "
			      "minute: milepost admin learner close %s",
			      learner->handle, learner->handle);
	return ret;
}

/* The repository before the rows: as long as there are rows, a second try finds what the first left. */
/* The scores that wait for a fetch. After the rows, which they are made of: nobody makes them anew. */
static int forget_reports(const char *data, const char *handle, struct arena *arena,
			  struct mp_error *err)
{
	mp_autofd int data_fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *home = arena_format(arena, REPORTS_FOLDER "/%s", handle);
	int ret = data_fd < 0 ? -errno : path_remove_tree(data_fd, home);

	return ret < 0 && ret != -ENOENT
		       ? mp_fail(err, MP_FAULT_HOST, ret, "removing '%s/%s'", data, home)
		       : 0;
}

static int forget(struct context *context, const char *data, struct ledger *ledger,
		  const struct learner *learner, const char *commit, struct mp_error *err)
{
	struct hosted hosted = {NULL, -1};
	bool was_there = false;
	int ret = hosted_open(context->arena, data, false, &hosted, err);

	if (ret == 0)
		ret = must_be_quiet(context->arena, ledger, learner, err);
	if (ret == 0 && commit)
		ret = hosted_forget(&hosted, context, learner->handle, commit, err);
	else if (ret == 0)
		ret = hosted_remove(&hosted, learner->handle, err);
	was_there = ret > 0;
	if (ret >= 0)
		ret = learner_forget(ledger, learner->id, commit, err);
	hosted_close(&hosted);
	/* Not each commit of a push has a ticket. */
	if (ret == -ENOENT && was_there)
		ret = 0;
	/* The rows are gone, and the log is emptied later: good news with a note. */
	if (ret == -EBUSY) {
		columns_print(stderr, arena_format(context->arena, "milepost: %s", err->text), 2);
		ret = 0;
	}
	return ret < 0 ? ret : forget_reports(data, learner->handle, context->arena, err);
}

static int run_forget(struct context *context, const void *given, const struct text_list *words,
		      struct mp_error *err)
{
	const struct forget_options *options = given;
	const char *commit = words->count > 1 ? words->items[1] : NULL;
	struct ledger *ledger = NULL;
	struct learner learner;
	int ret;

	if (commit && !is_commit(commit))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "'%.60s' is no commit; write all 40 characters of its id", commit);
	ret = find_learner(context, options->data, words->items[0], &ledger, &learner, err);
	if (ret == 0 && !options->yes)
		ret = mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			commit ? "this takes commit %2$s of %1$s away for good, with its "
				 "tickets, scores and files. Do it with --yes"
			       : "this takes %1$s away for good: repository, tickets, scores, "
				 "tokens. Do it with --yes",
			learner.handle, commit);
	if (ret == 0)
		ret = forget(context, options->data, ledger, &learner, commit, err);
	ledger = ledger_close(ledger);
	if (ret == 0)
		(void)printf("Forgotten. Backups are files of their own: see that they go too.\n");
	return ret;
}

const struct command command_learner_forget = {
	.name = "forget",
	.usage = "HANDLE [COMMIT] --data DIR --yes",
	.summary = "remove a learner, or one commit of theirs, for good",
	COMMAND_OPTIONS(forget_options, forget_fields),
	.words_low = 1,
	.words_high = 2,
	.opens_boxes = true,
	.run = run_forget,
};
