/* SPDX-License-Identifier: MIT */
/*
 * milepost admin: operating a server. What may be asked is a table of a subject and a verb.
 *
 * A learner's repository on the server begins with the same first commit as the one that `milepost init` makes.
 * Its configuration holds nothing: serve gives all of it to git, and binds what is here read-only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/cmd/command.h"
#include "grader/cmd/starter.h"
#include "grader/ledger/ledger.h"
#include "grader/model/handle.h"
#include "grader/serve/serve.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"

struct admin_options {
	const char *data;
	const char *track;
	const char *name;
	const char *language;
	const char *section;
	const char *exercises;
};

static const struct field admin_fields[] = {
	{"data", FIELD_TEXT, offsetof(struct admin_options, data), 1, 3000,
	 "the data folder of the server; made when it is not there", NULL, true},
	{"track", FIELD_TEXT, offsetof(struct admin_options, track), 1, 20,
	 "learner add: the language, python, node, java, ruby or php", NULL, false},
	{"name", FIELD_TEXT, offsetof(struct admin_options, name), 1, 200,
	 "learner add: the name of the person", NULL, false},
	{"language", FIELD_NAME, offsetof(struct admin_options, language), 2, 8,
	 "learner add: what the feedback is written in (default: en)", NULL, false},
	{"section", FIELD_TEXT, offsetof(struct admin_options, section), 1, 100,
	 "learner add: the class or group", NULL, false},
	OPTION_EXERCISES(admin_options),
};

/* --- a repository on the server ------------------------------------------------------------------ */

/* What HANDLE.git must have, so that serve can bind it; and what a bare one has no use for. */
static int make_bare(int git_fd, struct mp_error *err)
{
	static const char *const folders[] = {
		"info",	     "hooks",	      "objects/info",	   "refs/heads",
		"refs/tags", "refs/milepost", "refs/milepost/kept"};
	static const char config[] = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n"
				     "\tbare = true\n";
	mp_autofd int fd = -1;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (mkdirat(git_fd, folders[i], 0755) < 0 && errno != EEXIST)
			ret = -errno;
	}
	if (ret == 0) {
		(void)unlinkat(git_fd, "index", 0);
		(void)path_remove_tree(git_fd, "logs");
		fd = path_create_below(git_fd, "config", O_WRONLY | O_TRUNC, 0644);
		ret = fd < 0 ? fd : path_write_all(fd, config, sizeof(config) - 1);
	}
	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "making the repository") : 0;
}

static int move_repository(int folder_fd, const char *work, const char *final, struct mp_error *err)
{
	mp_autofd int work_fd = path_open_below(folder_fd, work, O_RDONLY | O_DIRECTORY);
	mp_autofd int git_fd = -1;
	int ret;

	if (work_fd >= 0)
		git_fd = path_open_below(work_fd, ".git", O_RDONLY | O_DIRECTORY);
	if (git_fd < 0)
		return mp_fail(err, MP_FAULT_HOST, git_fd, "making the repository");
	ret = make_bare(git_fd, err);
	if (ret == 0 && renameat(work_fd, ".git", folder_fd, final) < 0)
		ret = errno == ENOTEMPTY || errno == EEXIST
			      ? mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
					"repositories/%s is there already, though no learner has it. "
					"Move it away first",
					final)
			      : mp_fail(err, MP_FAULT_HOST, -errno, "making repositories/%s",
					final);
	return ret;
}

static int make_repository(struct arena *arena, const struct admin_options *options,
			   const char *exercises, const char *handle, struct mp_error *err)
{
	const char *folder = arena_format(arena, "%s/repositories", options->data);
	const char *work = arena_format(arena, ".new-%s", handle);
	mp_autofd int folder_fd = -1;
	int ret;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return mp_fail(err, MP_FAULT_HOST, -errno, "making '%s'", folder);
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder_fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "'%s'", folder);
	/* Left by one that was killed. */
	(void)path_remove_tree(folder_fd, work);
	ret = template_repository(arena, exercises, options->track, handle,
				  arena_format(arena, "%s/%s", folder, work), err);
	if (ret == 0)
		ret = move_repository(folder_fd, work, arena_format(arena, "%s.git", handle), err);
	(void)path_remove_tree(folder_fd, work);
	return ret;
}

/* --- verbs ------------------------------------------------------------------------------------------ */

struct admin {
	struct context *context;
	const struct admin_options *options;
	struct ledger *ledger;
	const char *word; /* behind the verb */
};

static int print_token(struct admin *admin, int64_t learner, bool is_revoking, struct mp_error *err)
{
	char token[TOKEN_TEXT];
	int ret = token_make(admin->ledger, learner, is_revoking, token, err);

	if (ret < 0)
		return ret;
	(void)printf("The token, which is shown this once:\n%s\n", token);
	return 0;
}

static int learner_add_one(struct admin *admin, struct mp_error *err)
{
	const struct admin_options *options = admin->options;
	struct learner learner = {.handle = admin->word,
				  .name = options->name ? options->name : "",
				  .track = options->track,
				  .language = options->language ? options->language : "en",
				  .section = options->section ? options->section : "",
				  .added_at = clock_wall_ms()};
	struct learner known;
	const char *exercises;
	int64_t id = 0;
	int ret;

	if (!handle_is_valid(learner.handle))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "'%s' is no handle: %s",
			       learner.handle, HANDLE_RULE);
	if (!learner.track)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "say --track, like --track python");
	ret = context_exercises(admin->context, options->exercises, &exercises, err);
	if (ret == 0 &&
	    learner_find(admin->ledger, learner.handle, admin->context->arena, &known, NULL) == 0)
		ret = mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			      "there is a learner '%s' already. A new token is given by: milepost "
			      "admin learner token %s",
			      learner.handle, learner.handle);
	if (ret == 0)
		ret = make_repository(admin->context->arena, options, exercises, learner.handle,
				      err);
	if (ret == 0)
		ret = learner_add(admin->ledger, &learner, &id, err);
	if (ret < 0)
		return ret;
	(void)printf("%s, track %s. The repository is /%s.git of the server.\n", learner.handle,
		     learner.track, learner.handle);
	return print_token(admin, id, false, err);
}

static int learner_token(struct admin *admin, struct mp_error *err)
{
	struct learner learner;
	int ret = learner_find(admin->ledger, admin->word, admin->context->arena, &learner, err);

	return ret < 0 ? ret : print_token(admin, learner.id, true, err);
}

static const struct {
	const char *subject, *verb;
	int (*run)(struct admin *admin, struct mp_error *err);
} verbs[] = {
	{"learner", "add", learner_add_one},
	{"learner", "token", learner_token},
};

static int run_admin(struct context *context, const void *given, const struct text_list *words,
		     struct mp_error *err)
{
	struct admin admin = {.context = context, .options = given, .word = words->items[2]};
	int ret =
		mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			"'%s %s' is not known; there is: learner add HANDLE, learner token HANDLE",
			words->items[0], words->items[1]);

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].subject, words->items[0]) != 0 ||
		    strcmp(verbs[i].verb, words->items[1]) != 0)
			continue;
		ret = ledger_open(admin.options->data, LEDGER_OR_MAKE, &admin.ledger, err);
		if (ret == 0)
			ret = verbs[i].run(&admin, err);
		admin.ledger = ledger_close(admin.ledger);
	}
	return ret;
}

const struct command command_admin = {
	.name = "admin",
	.usage = "learner add|token HANDLE --data DIR [OPTION]...",
	.summary = "operate a server: learners and their tokens",
	.options = admin_fields,
	.option_count = sizeof(admin_fields) / sizeof(admin_fields[0]),
	.option_bytes = sizeof(struct admin_options),
	.words_low = 3,
	.words_high = 3,
	.run = run_admin,
};
