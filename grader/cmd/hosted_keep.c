/* SPDX-License-Identifier: MIT */
/*
 * Copying and cleaning the repositories of a server.
 *
 * A copy is made of files, without git: nothing in them is opened as a repository. Refs are copied before objects.
 * A push adds objects first and moves its ref last, and nothing takes objects away while the lock is held; so each
 * ref of the copy has its objects. Links are not followed and not copied: serve makes none.
 *
 * Cleaning is git's work, on objects that a learner sent. So it is done in a box, which sees this repository alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/cmd/hosted.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

/* --- copying --------------------------------------------------------------------------------- */

enum { COPY_BYTES = 1 << 20 };

static int copy_bytes(int from_fd, int to_fd)
{
	mp_autofree char *bytes = malloc(COPY_BYTES);
	ssize_t count = bytes ? 1 : -1;
	int ret = bytes ? 0 : -ENOMEM;

	while (ret == 0 && count > 0) {
		count = read(from_fd, bytes, COPY_BYTES);
		if (count < 0)
			ret = -errno;
		else
			ret = path_write_all(to_fd, bytes, (size_t)count);
	}
	return ret;
}

/* What git has not finished: a lock, a half of an object or pack. */
static bool is_unfinished(const char *name)
{
	size_t length = strlen(name);

	return strncmp(name, "tmp_", 4) == 0 || strncmp(name, "incoming-", 9) == 0 ||
	       (length > 5 && strcmp(name + length - 5, ".lock") == 0);
}

static int copy_file(int from_fd, int to_fd, const char *path, mode_t mode)
{
	mp_autofd int from = path_open_below(from_fd, path, O_RDONLY | O_NONBLOCK);
	mp_autofd int to = -1;

	/* Gone since it was listed: a ref that was packed is copied with the others. */
	if (from < 0)
		return from == -ENOENT ? 0 : from;
	to = path_create_below(to_fd, path, O_WRONLY | O_EXCL, mode & 0755);
	return to < 0 ? to : copy_bytes(from, to);
}

/* Everything below PATH (relative to both), but the folder LEFT_OUT at its top. */
static int copy_tree(const struct hosted *hosted, int to_fd, const char *path, const char *left_out,
		     struct mp_error *err)
{
	mp_autotext struct text top = {0};
	char *tops[2] = {NULL, NULL};
	FTSENT *entry;
	FTS *walk;
	int ret = 0;

	text_addf(&top, "%s/%s", hosted->path, path);
	tops[0] = top.data;
	walk = fts_open(tops, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	while (ret == 0 && walk && (entry = fts_read(walk))) {
		const char *relative = entry->fts_path + strlen(hosted->path) + 1;

		if (entry->fts_level > 0 &&
		    (is_unfinished(entry->fts_name) ||
		     (entry->fts_level == 1 && left_out && strcmp(entry->fts_name, left_out) == 0)))
			(void)fts_set(walk, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_D && mkdirat(to_fd, relative, 0755) < 0 &&
			 errno != EEXIST)
			ret = -errno;
		else if (entry->fts_info == FTS_F)
			ret = copy_file(hosted->fd, to_fd, relative, entry->fts_statp->st_mode);
		else if ((entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR) &&
			 entry->fts_errno != ENOENT)
			ret = -entry->fts_errno;
		if (ret < 0)
			(void)mp_fail(err, MP_FAULT_HOST, ret, "copying '%s'", relative);
	}
	if (walk)
		(void)fts_close(walk);
	return ret;
}

int hosted_copy(const struct hosted *hosted, int to_fd, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	char *tops[2] = {arena_text(arena, hosted->path), NULL};
	FTS *walk = fts_open(tops, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *entry;
	int ret = 0;

	while (ret == 0 && walk && (entry = fts_read(walk))) {
		if (entry->fts_level != 1 || entry->fts_info != FTS_D)
			continue;
		(void)fts_set(walk, entry, FTS_SKIP);
		if (entry->fts_name[0] == '.')
			continue;
		ret = copy_tree(hosted, to_fd, entry->fts_name, "objects", err);
		if (ret == 0)
			ret = copy_tree(hosted, to_fd,
					arena_format(arena, "%s/objects", entry->fts_name), NULL,
					err);
	}
	if (walk)
		(void)fts_close(walk);
	return ret;
}

/* --- chores, in a box ------------------------------------------------------------------------ */

#define BOX_REPOSITORY "/repository"
#define KEPT	       "refs/milepost/kept/"

enum {
	CHORE_WALL_MS = 10 * 60 * 1000,
	CHORE_MEMORY = 512 << 20,
	STATUS_STILL =
		10, /* of forget_script: refs lead to the commit, they are on standard output */
	STATUS_NONE = 11, /* the commit is not there */
};

/* A script of git's commands for the repository of HANDLE, with WORD as its $1. */
struct chore {
	const char *handle, *script, *word;
	struct text said; /* owned: what it printed */
	struct mp_box_result result;
};

static int run_in_box(struct mp_launcher *launcher, const struct mp_box_spec *spec,
		      struct chore *chore, struct mp_error *err)
{
	struct mp_box *box = NULL;
	struct mp_output said = {0};
	int ret = mp_box_open(launcher, spec, &box, err);

	if (ret == 0)
		ret = mp_box_wait(box, -1, &chore->result, err);
	for (int stream = 1; ret == 0 && stream <= 2; stream++) {
		ret = mp_box_output(box, stream, &said, err);
		if (ret == 0)
			text_add_bytes(&chore->said, said.head, said.head_bytes);
	}
	box = mp_box_close(box);
	return ret;
}

static int run_chore(const struct hosted *hosted, struct context *context, struct chore *chore,
		     struct mp_error *err)
{
	static const char *const env[] = {"GIT_CONFIG_NOSYSTEM=1",
					  "GIT_CONFIG_GLOBAL=/dev/null",
					  "GIT_DIR=" BOX_REPOSITORY,
					  "GIT_CONFIG_COUNT=3",
					  "GIT_CONFIG_KEY_0=safe.directory",
					  "GIT_CONFIG_VALUE_0=*",
					  "GIT_CONFIG_KEY_1=core.hooksPath",
					  "GIT_CONFIG_VALUE_1=/dev/null",
					  "GIT_CONFIG_KEY_2=pack.threads",
					  "GIT_CONFIG_VALUE_2=1",
					  NULL};
	static const char *const fixed[] = {"config", "HEAD", "info", "objects/info", "hooks"};
	const char *const argv[] = {"/bin/sh", "-c", chore->script, "sh", chore->word, NULL};
	mp_autoarena struct arena *arena = arena_new();
	const char *path = arena_format(arena, "%s/%s.git", hosted->path, chore->handle);
	struct mp_box_spec spec;

	mp_box_spec_init(&spec);
	spec.profile = MP_PROFILE_GIT;
	context_trust(context, TRUST_OWN);
	memcpy(spec.may_miss, context->may_miss, sizeof(spec.may_miss));
	spec.argv = argv;
	spec.env = env;
	spec.wall_ms = CHORE_WALL_MS;
	spec.cpu_ms = CHORE_WALL_MS;
	spec.memory_bytes = CHORE_MEMORY;
	spec.file_size_bytes = 4LL << 30;
	spec.binds[spec.bind_count++] = (struct mp_bind){path, BOX_REPOSITORY, MP_BIND_WRITABLE};
	/* What would lead git elsewhere stays as serve has it. */
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		spec.binds[spec.bind_count++] = (struct mp_bind){
			arena_format(arena, "%s/%s", path, fixed[i]),
			arena_format(arena, BOX_REPOSITORY "/%s", fixed[i]), MP_BIND_READ_ONLY};
	text_init(&chore->said, 64 << 10);
	return run_in_box(context->launcher, &spec, chore, err);
}

static bool has_ended_with(const struct chore *chore, int status)
{
	return chore->result.end == MP_END_EXITED && chore->result.exit_code == status;
}

static int fail_chore(const struct chore *chore, struct mp_error *err)
{
	mp_autotext struct text seen;

	text_init(&seen, 600);
	text_add_visible(&seen, text_get(&chore->said), chore->said.length, 300);
	return mp_fail(err, MP_FAULT_HOST, -EBADMSG, "cleaning the repository of %s: %s%s %s",
		       chore->handle, mp_end_word(chore->result.end), chore->result.detail,
		       text_get(&seen));
}

/*
 * $1 is the commit. What leads to it is asked without its own kept ref and without what serve makes anew at any time:
 * the branches start/ID (with the file that says for which main they are) and the report. Then these go, and the
 * objects that nothing leads to.
 */
static const char forget_script[] =
	"set -eu\n"
	"git cat-file -e \"$1^{commit}\" 2> /dev/null || exit 11\n"
	"made=\"^refs/heads/start/\\|^refs/milepost/report\\$\\|^" KEPT "$1\\$\"\n"
	"refs=$(git for-each-ref --contains \"$1\" '--format=%(refname)' | grep -v \"$made\" || true)\n"
	"if [ -n \"$refs\" ]; then printf '%s\\n' \"$refs\"; exit 10; fi\n"
	"rm -f \"$GIT_DIR/milepost-starters\"\n"
	"git for-each-ref '--format=%(refname)' | grep \"$made\" | sed 's/^/delete /' | git update-ref --stdin\n"
	"git repack -a -d -q\n"
	"git prune --expire=now\n";

/* "main", "refs/milepost/kept/4f1c...": what to do about each. */
static int still_reached(const struct chore *chore, struct mp_error *err)
{
	mp_autotext struct text names;

	text_init(&names, 300);
	for (const char *at = text_get(&chore->said); *at;) {
		size_t length = strcspn(at, "\n");
		const char *name = at;
		size_t skip = strncmp(at, "refs/heads/", 11) == 0    ? 11
			      : strncmp(at, KEPT, strlen(KEPT)) == 0 ? strlen(KEPT)
								     : 0;

		text_add(&names, names.length ? ", " : "");
		text_add_visible(&names, name + skip, length - skip, 60);
		at += length + (at[length] != '\0');
	}
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
		       "%s is still part of: %s. Forget the commits that are named first; for main "
		       "%s pushes a main without it first (git push --force). Nothing was removed",
		       chore->word, text_get(&names), chore->handle);
}

int hosted_forget(const struct hosted *hosted, struct context *context, const char *handle,
		  const char *commit, struct mp_error *err)
{
	struct chore chore = {.handle = handle, .script = forget_script, .word = commit};
	int ret = run_chore(hosted, context, &chore, err);

	if (ret == 0 && has_ended_with(&chore, 0))
		ret = 1;
	else if (ret == 0 && has_ended_with(&chore, STATUS_STILL))
		ret = still_reached(&chore, err);
	else if (ret == 0 && !has_ended_with(&chore, STATUS_NONE))
		ret = fail_chore(&chore, err);
	text_done(&chore.said);
	return ret;
}

/*
 * Loose objects become a pack. What nothing leads to stays loose for two weeks: a push that arrives just now has
 * objects and not yet its ref.
 */
static const char tidy_script[] = "set -eu\n"
				  "git repack -A -d -q --unpack-unreachable=2.weeks.ago\n"
				  "git prune --expire=2.weeks.ago\n";

int hosted_tidy(const struct hosted *hosted, struct context *context, const char *handle,
		struct mp_error *err)
{
	struct chore chore = {.handle = handle, .script = tidy_script, .word = ""};
	int ret = run_chore(hosted, context, &chore, err);

	if (ret == 0 && !has_ended_with(&chore, 0))
		ret = fail_chore(&chore, err);
	text_done(&chore.said);
	return ret;
}
