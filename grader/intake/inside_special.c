/* SPDX-License-Identifier: MIT */
/*
 * Files of a git folder that are no files. libgit2 opens what it finds, and to open a pipe is to wait for
 * somebody who writes into it: for the whole deadline. So the names that it opens are looked at first, and
 * never opened. What changes behind our back, or lies where only a borrowed place leads, the deadline ends.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/intake/inside.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "sandbox/base/text.h"

enum { FOLDERS_MAX = 100000 }; /* links may lead in circles */

/* What libgit2 opens in a git folder, and in the one that linked work trees share. A folder: all below it. */
static const char *const opened[] = {
	"HEAD", "commondir", "config", "config.worktree", "gitdir",  "index",
	"info", "objects",   "refs",   "packed-refs",	  "shallow",
};

/* Folders that are still to be looked through: a stack of paths. */
struct looking {
	char **folders; /* owned, and what it points to */
	size_t count, room, seen;
	size_t before; /* bytes of the git folder's own path, and the slash */
};

static void looking_done(struct looking *looking)
{
	while (looking->count > 0)
		free(looking->folders[--looking->count]);
	free(looking->folders);
}

static int looking_no_memory(struct mp_error *err)
{
	return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "reader");
}

static int looking_push(struct looking *looking, const char *path, struct mp_error *err)
{
	size_t room = looking->room ? looking->room * 2 : 64;
	char **grown;

	if (looking->seen++ >= FOLDERS_MAX)
		return 0;
	if (looking->count == looking->room) {
		grown = realloc(looking->folders, room * sizeof(*grown));
		if (!grown)
			return looking_no_memory(err);
		looking->folders = grown;
		looking->room = room;
	}
	looking->folders[looking->count] = strdup(path);
	return looking->folders[looking->count++] ? 0 : looking_no_memory(err);
}

static int refuse_kind(const char *name, mode_t kind, struct mp_error *err)
{
	mp_autotext struct text reason = {0};

	text_addf(&reason,
		  "in its git folder is a %s where a file belongs: remove it, then type 'git fsck' "
		  "there",
		  kind == S_IFIFO    ? "pipe"
		  : kind == S_IFSOCK ? "socket"
				     : "device");
	return inside_refuse_path(name, text_get(&reason), err);
}

/* Look at PATH, whose kind is KIND or, where that is 0, what stat(2) says. */
static int look_at(struct looking *looking, const char *path, mode_t kind, struct mp_error *err)
{
	struct stat state;

	if (kind == 0)
		kind = stat(path, &state) == 0 ? state.st_mode & S_IFMT : S_IFREG;
	if (kind == S_IFDIR)
		return looking_push(looking, path, err);
	return kind == S_IFREG ? 0 : refuse_kind(path + looking->before, kind, err);
}

/* All that lies in the folder PATH. What cannot be read libgit2 cannot read either, and it says so. */
static int look_through(struct looking *looking, const char *path, struct mp_error *err)
{
	DIR *folder = opendir(path);
	char below[PATH_MAX];
	struct dirent *entry;
	int ret = 0;

	while (folder && ret == 0 && (entry = readdir(folder))) {
		/* A link's kind is that of what it leads to. */
		bool is_plain = entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(below, sizeof(below), "%s/%s", path, entry->d_name) <
		    (int)sizeof(below))
			ret = look_at(looking, below, is_plain ? DTTOIF(entry->d_type) : 0, err);
	}
	if (folder)
		(void)closedir(folder);
	return ret;
}

static int look_at_git_folder(const char *place, struct mp_error *err)
{
	struct looking looking = {.before = strlen(place) + 1};
	char path[PATH_MAX];
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < sizeof(opened) / sizeof(opened[0]); i++) {
		if (snprintf(path, sizeof(path), "%s/%s", place, opened[i]) < (int)sizeof(path))
			ret = look_at(&looking, path, 0, err);
	}
	while (ret == 0 && looking.count > 0) {
		mp_autofree char *folder = looking.folders[--looking.count];

		ret = look_through(&looking, folder, err);
	}
	looking_done(&looking);
	return ret;
}

int inside_refuse_special(const char *place, struct mp_error *err)
{
	mp_autofd int fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mp_autofree char *shared = NULL;
	char common[PATH_MAX];
	size_t count = 0;
	int ret = look_at_git_folder(place, err);

	if (ret < 0 || fd < 0 || path_read_below(fd, "commondir", PATH_MAX, &shared, &count) < 0)
		return ret;
	shared[strcspn(shared, "\r\n")] = '\0';
	(void)snprintf(common, sizeof(common), "%s%s%s", shared[0] == '/' ? "" : place,
		       shared[0] == '/' ? "" : "/", shared);
	return look_at_git_folder(common, err);
}
