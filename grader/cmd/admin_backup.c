/* SPDX-License-Identifier: MIT */
/*
 * milepost admin backup and tidy.
 *
 * A backup is a data folder like the one that it was made of, so that restoring it is putting it there.
 *
 * Repositories first, the ledger last. What is pushed meanwhile is then a ticket whose commit is not in the copy, and
 * the learner's next push brings it again; the other way round it would be a commit that no push ever grades.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/cmd/admin.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

struct backup_options {
	const char *data;
};

static const struct field backup_fields[] = {
	OPTION_DATA(backup_options),
};

/* Fill the folder PART, an absolute path or below the current one, that is ours and empty. */
static int fill(struct arena *arena, const char *data, const char *part, struct ledger *ledger,
		struct mp_error *err)
{
	struct hosted hosted = {NULL, -1};
	const char *folder = arena_format(arena, "%s/" HOSTED_FOLDER, part);
	mp_autofd int to_fd = -1;
	int ret = hosted_open(arena, data, true, &hosted, err);

	if (ret == 0 && mkdir(folder, 0700) < 0)
		ret = mp_fail(err, MP_FAULT_HOST, -errno, "making '%s'", folder);
	if (ret == 0) {
		to_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		ret = to_fd < 0 ? mp_fail(err, MP_FAULT_HOST, -errno, "'%s'", folder)
				: hosted_copy(&hosted, to_fd, err);
	}
	if (ret == 0)
		ret = ledger_backup(ledger, arena_format(arena, "%s/ledger.db", part), err);
	if (ret == 0 && syncfs(to_fd) < 0)
		ret = mp_fail(err, MP_FAULT_HOST, -errno, "writing '%s'", part);
	hosted_close(&hosted);
	return ret;
}

/* A backup in the folder that it is of would be lost with it, and copied by the next one's. */
static bool is_inside(const char *folder, const char *data)
{
	mp_autofree char *inner = realpath(folder, NULL);
	mp_autofree char *outer = realpath(data, NULL);
	size_t length = outer ? strlen(outer) : 0;

	return inner && outer && strncmp(inner, outer, length) == 0 &&
	       (inner[length] == '/' || !inner[length]);
}

/* Made under another name beside TO, so that what has the name is whole. */
static int make_backup(struct arena *arena, const char *data, const char *to, struct ledger *ledger,
		       struct mp_error *err)
{
	const char *parent = dirname(arena_text(arena, to));
	const char *name = basename(arena_text(arena, to));
	const char *part = arena_format(arena, "%s.%ld.part", name, (long)getpid());
	mp_autofd int parent_fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat info;
	int ret;

	if (parent_fd < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "the folder of '%s'", to);
	if (is_inside(parent, data))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "'%s' is inside the data folder. Name a folder elsewhere, best on "
			       "another disk",
			       to);
	if (fstatat(parent_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "'%s' is there already; nothing was overwritten. Name a new folder",
			       to);
	if (mkdirat(parent_fd, part, 0700) < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "making '%s/%s'", parent, part);
	ret = fill(arena, data, arena_format(arena, "%s/%s", parent, part), ledger, err);
	if (ret == 0 && renameat2(parent_fd, part, parent_fd, name, RENAME_NOREPLACE) < 0)
		ret = mp_fail(err, MP_FAULT_HOST, -errno, "making '%s'", to);
	if (ret < 0)
		(void)path_remove_tree(parent_fd, part);
	else if (fsync(parent_fd) < 0)
		ret = mp_fail(err, MP_FAULT_HOST, -errno, "writing '%s'", parent);
	return ret;
}

static int run_backup(struct context *context, const void *given, const struct text_list *words,
		      struct mp_error *err)
{
	const struct backup_options *options = given;
	struct ledger *ledger = NULL;
	int ret = admin_ledger(options->data, LEDGER_EXISTING, &ledger, err);

	if (ret == 0)
		ret = make_backup(context->arena, options->data, words->items[0], ledger, err);
	ledger = ledger_close(ledger);
	if (ret == 0)
		(void)printf("%s is a whole data folder. It has the tokens' secret: keep it like "
			     "the one it was made of.\n",
			     words->items[0]);
	return ret;
}

const struct command command_backup = {
	.name = "backup",
	.usage = "FOLDER --data DIR",
	.summary = "copy everything to a new folder, while the server runs",
	COMMAND_OPTIONS(backup_options, backup_fields),
	.words_low = 1,
	.words_high = 1,
	.run = run_backup,
};

/* --- tidy ------------------------------------------------------------------------------------ */

/* One after the other, so that whoever adds a learner or makes a backup meanwhile waits for one alone. */
static int tidy_all(struct context *context, const char *data, const struct learner *learners,
		    size_t count, struct mp_error *err)
{
	size_t failed = 0;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < count; i++) {
		struct hosted hosted = {NULL, -1};
		struct mp_error why = {0};

		ret = hosted_open(context->arena, data, false, &hosted, err);
		if (ret == 0 && hosted_tidy(&hosted, context, learners[i].handle, &why) < 0) {
			(void)fprintf(stderr, "%s\n", why.text);
			failed++;
		}
		hosted_close(&hosted);
	}
	if (ret == 0 && failed > 0)
		ret = mp_fail(err, MP_FAULT_HOST, -EBADMSG,
			      "%zu of %zu repositories could not be packed", failed, count);
	return ret;
}

static int run_tidy(struct context *context, const void *given, const struct text_list *words,
		    struct mp_error *err)
{
	const struct backup_options *options = given;
	struct learner *learners = NULL;
	struct ledger *ledger = NULL;
	size_t count = 0;
	int ret = admin_ledger(options->data, LEDGER_EXISTING, &ledger, err);

	(void)words;
	if (ret == 0)
		ret = learner_list(ledger, context->arena, &learners, &count, err);
	ledger = ledger_close(ledger);
	return ret < 0 ? ret : tidy_all(context, options->data, learners, count, err);
}

const struct command command_tidy = {
	.name = "tidy",
	.usage = "--data DIR",
	.summary = "pack the repositories, while the server runs; for each night",
	COMMAND_OPTIONS(backup_options, backup_fields),
	.opens_boxes = true,
	.run = run_tidy,
};
