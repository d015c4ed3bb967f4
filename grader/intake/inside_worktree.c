/* SPDX-License-Identifier: MIT */
/*
 * The files of a work tree as they lie there: tracked ones, and untracked ones that are not ignored. One
 * walk over the folders, without recursion; git's index says what is tracked, the .gitignore files on the
 * way what is ignored. A tree object is made of them in memory, so that a clean work tree has the ids of its commit.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2/sys/mempack.h>
#include <git2/sys/repository.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/intake/ignore.h"
#include "grader/intake/inside.h"
#include "grader/intake/limits.h"
#include "grader/intake/name.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { PATH_ROOM = 4096, SEEN_MAX = 200000 };

/* One folder on the way down: its names in order. */
struct level {
	struct dirent **names; /* owned, as scandir() gives them */
	int count, next;
	size_t path_bytes;
	struct ignore_list rules; /* owned: of the .gitignore that lies there */
	bool is_ignored;	  /* only what is tracked counts here and below */
};

struct walk {
	struct inside *inside;
	struct ignore_list excluded; /* owned: the repository's info/exclude */
	git_index *tracked;	     /* owned; NULL: no repository */
	git_index *made;	     /* owned: what becomes the tree */
	int top_fd;
	struct level levels[INTAKE_DEPTH_MAX];
	size_t depth;
	size_t entries; /* that were said */
	size_t seen;	/* also ignored ones */
	size_t bytes;
	char path[PATH_ROOM];
};

static int walk_refuse(const struct walk *walk, const char *reason, struct mp_error *err)
{
	return inside_refuse_path(walk->path, reason, err);
}

static int name_is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* In the order of bytes, so that the same files always come in the same order. */
static int name_order(const struct dirent **one, const struct dirent **other)
{
	return strcmp((*one)->d_name, (*other)->d_name);
}

static void level_free(struct level *level)
{
	for (int i = 0; i < level->count; i++)
		free(level->names[i]);
	free(level->names);
	ignore_list_done(&level->rules);
	*level = (struct level){0};
}

/* The rules in FOLDER_FD/NAME; none when it is no file, or too large to be one that a person wrote. */
static int walk_read_rules(int folder_fd, const char *name, struct ignore_list *ret_list,
			   struct mp_error *err)
{
	char *text = NULL;
	size_t count;

	if (path_read_below(folder_fd, name, IGNORE_FILE_MAX, &text, &count) < 0)
		return 0;
	if (ignore_list_init(ret_list, text, count) < 0)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "reader");
	return 0;
}

static int walk_enter(struct walk *walk, const char *folder, size_t path_bytes,
		      struct mp_error *err)
{
	struct level *level = &walk->levels[walk->depth];
	mp_autofd int fd = -1;

	if (walk->depth == INTAKE_DEPTH_MAX)
		return walk_refuse(walk, "lies deeper than 32 folders", err);
	fd = path_open_below(walk->top_fd, folder, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return mp_fail(err, MP_FAULT_INPUT, fd, "refused: cannot be read: folder '%.300s'",
			       folder);
	*level = (struct level){.path_bytes = path_bytes};
	level->count = scandirat(fd, ".", &level->names, name_is_entry, name_order);
	if (level->count < 0) {
		level->count = 0;
		return mp_fail(err, MP_FAULT_INPUT, -errno,
			       "refused: cannot be read: folder '%.300s'", folder);
	}
	walk->depth++;
	return walk_read_rules(fd, ".gitignore", &level->rules, err);
}

/* Whether git knows the file at the walk's path, or a file below that folder. */
static bool walk_is_tracked(const struct walk *walk, bool is_folder)
{
	char prefix[PATH_ROOM + 1];

	if (!walk->tracked)
		return false;
	if (!is_folder)
		return git_index_get_bypath(walk->tracked, walk->path, 0) != NULL;
	(void)snprintf(prefix, sizeof(prefix), "%s/", walk->path);
	return git_index_find_prefix(NULL, walk->tracked, prefix) == 0;
}

/* The deepest .gitignore that says something decides, then the repository's own list. */
static bool walk_is_ignored(const struct walk *walk, bool is_folder)
{
	enum ignore_answer answer = IGNORE_UNSAID;

	if (walk->levels[walk->depth - 1].is_ignored)
		return true;
	for (size_t i = walk->depth; i > 0 && answer == IGNORE_UNSAID; i--) {
		const struct level *level = &walk->levels[i - 1];

		answer =
			ignore_list_match(&level->rules, walk->path + level->path_bytes, is_folder);
	}
	if (answer == IGNORE_UNSAID)
		answer = ignore_list_match(&walk->excluded, walk->path, is_folder);
	return answer == IGNORE_YES;
}

/* Put the entry into the tree that is made. Names that git itself refuses were refused before. */
static int walk_note(struct walk *walk, uint32_t mode, const git_oid *id, struct mp_error *err)
{
	git_index_entry entry = {.mode = mode, .id = *id, .path = walk->path};

	if (git_index_add(walk->made, &entry) < 0)
		return inside_refuse(err, "a name");
	return 0;
}

static int walk_read(struct walk *walk, int fd, char *to, size_t bytes, struct mp_error *err)
{
	for (size_t used = 0; used < bytes;) {
		ssize_t got = read(fd, to + used, bytes - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return mp_fail(err, MP_FAULT_INPUT, -errno,
				       "refused: cannot be read: '%.300s'", walk->path);
		if (got == 0)
			return walk_refuse(walk, "changed while it was read", err);
		used += (size_t)got;
	}
	return 0;
}

static int walk_file(struct walk *walk, struct mp_error *err)
{
	mp_autofd int fd =
		path_open_below(walk->top_fd, walk->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	mp_autofree char *bytes = NULL;
	struct stat info;
	git_oid id;
	size_t count;
	int ret;

	if (fd < 0 || fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))
		return mp_fail(err, MP_FAULT_INPUT, fd < 0 ? fd : -EBADMSG,
			       "refused: cannot be read: '%.300s'", walk->path);
	count = (size_t)info.st_size;
	ret = inside_say_file(walk->inside, walk->path, info.st_mode & S_IXUSR, count, err);
	if (ret < 0)
		return ret;
	if (count > INTAKE_BYTES_MAX - walk->bytes)
		return walk_refuse(walk, "is too large", err);
	walk->bytes += count;
	bytes = malloc(count + 1);
	if (!bytes)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "reader");
	ret = walk_read(walk, fd, bytes, count, err);
	if (ret == 0)
		ret = inside_say_data(walk->inside, bytes, count, err);
	if (ret < 0)
		return ret;
	if (git_odb_hash(&id, bytes, count, GIT_OBJECT_BLOB) < 0)
		return inside_refuse(err, "a file");
	return walk_note(walk,
			 info.st_mode & S_IXUSR ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB,
			 &id, err);
}

static int walk_link(struct walk *walk, struct mp_error *err)
{
	char target[INTAKE_LINK_MAX + 1];
	ssize_t count = readlinkat(walk->top_fd, walk->path, target, sizeof(target));
	git_oid id;
	int ret;

	if (count < 0)
		return mp_fail(err, MP_FAULT_INPUT, -errno,
			       "refused: cannot be read: link '%.300s'", walk->path);
	ret = inside_say_link(walk->inside, walk->path, target, (size_t)count, err);
	if (ret < 0)
		return ret;
	if (git_odb_hash(&id, target, (size_t)count, GIT_OBJECT_BLOB) < 0)
		return inside_refuse(err, "a link");
	return walk_note(walk, GIT_FILEMODE_LINK, &id, err);
}

/* Whether the folder at the walk's path is a repository of its own: a submodule, or one that lies about. */
static bool walk_is_repository(const struct walk *walk)
{
	char path[PATH_ROOM + 8];
	struct stat info;

	(void)snprintf(path, sizeof(path), "%s/.git", walk->path);
	return fstatat(walk->top_fd, path, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

static int walk_submodule(struct walk *walk, struct mp_error *err)
{
	const git_index_entry *entry =
		walk->tracked ? git_index_get_bypath(walk->tracked, walk->path, 0) : NULL;
	int ret = inside_say_submodule(walk->inside, walk->path, err);

	if (ret == 0 && entry)
		ret = walk_note(walk, GIT_FILEMODE_COMMIT, &entry->id, err);
	return ret;
}

static int walk_folder(struct walk *walk, size_t path_bytes, struct mp_error *err)
{
	char folder[PATH_ROOM];
	bool is_ignored = walk_is_ignored(walk, true);
	int ret;

	if (walk_is_repository(walk) || walk_is_tracked(walk, false))
		return walk_submodule(walk, err);
	memcpy(folder, walk->path, path_bytes + 1);
	walk->path[path_bytes] = '/';
	walk->path[path_bytes + 1] = '\0';
	ret = walk_enter(walk, folder, path_bytes + 1, err);
	if (ret == 0)
		walk->levels[walk->depth - 1].is_ignored = is_ignored;
	return ret;
}

static int walk_entry(struct walk *walk, const struct stat *info, size_t path_bytes,
		      struct mp_error *err)
{
	if (S_ISDIR(info->st_mode))
		return walk_folder(walk, path_bytes, err);
	if (S_ISREG(info->st_mode))
		return walk_file(walk, err);
	if (S_ISLNK(info->st_mode))
		return walk_link(walk, err);
	return 0; /* git does not see sockets, pipes and devices either */
}

/* Whether git would take the entry at the walk's path. */
static bool walk_wants(struct walk *walk, const struct stat *info)
{
	bool is_folder = S_ISDIR(info->st_mode);

	return walk_is_tracked(walk, is_folder) || (is_folder && walk_is_tracked(walk, false)) ||
	       !walk_is_ignored(walk, is_folder);
}

static int walk_step(struct walk *walk, struct mp_error *err)
{
	struct level *level = &walk->levels[walk->depth - 1];
	const char *name = level->next < level->count ? level->names[level->next++]->d_name : NULL;
	struct stat info;
	const char *threat;

	if (!name) {
		level_free(level);
		walk->depth--;
		return 0;
	}
	if (walk->depth == 1 && strcmp(name, ".git") == 0)
		return 0;
	if (level->path_bytes + strlen(name) + 2 > sizeof(walk->path))
		return walk_refuse(walk, "is longer than 1,024 bytes", err);
	memcpy(walk->path + level->path_bytes, name, strlen(name) + 1);
	if (++walk->seen > SEEN_MAX)
		return walk_refuse(walk, "is one of more than 200,000 files", err);
	if (fstatat(walk->top_fd, walk->path, &info, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : walk_refuse(walk, "cannot be read", err);
	if (!walk_wants(walk, &info))
		return 0;
	threat = name_threat(name, strlen(name));
	if (threat)
		return walk_refuse(walk, threat, err);
	if (++walk->entries > INTAKE_ENTRIES_MAX)
		return inside_refuse_count(err);
	return walk_entry(walk, &info, level->path_bytes + strlen(name), err);
}

/* The tree of all that was noted, in an object database in memory. */
static int walk_make_tree(struct walk *walk, struct mp_error *err)
{
	struct inside *inside = walk->inside;
	git_odb *odb = NULL;
	git_odb_backend *memory = NULL;
	int ret = git_odb_new(&odb);

	if (ret == 0)
		ret = git_mempack_new(&memory);
	if (ret == 0)
		ret = git_odb_add_backend(odb, memory, 1);
	if (ret == 0)
		ret = git_repository_wrap_odb(&inside->trees, odb);
	git_odb_free(odb);
	if (ret == 0)
		ret = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
	if (ret == 0)
		ret = git_index_write_tree_to(&inside->root, walk->made, inside->trees);
	if (ret < 0)
		return inside_refuse(err, "no tree could be made of its files");
	inside->has_root = true;
	return 0;
}

static int walk_open(struct walk *walk, struct mp_error *err)
{
	walk->top_fd = open(walk->inside->top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (walk->top_fd < 0)
		return mp_fail(err, MP_FAULT_INPUT, -errno, "refused: cannot be read: '%.300s'",
			       walk->inside->top);
	if (git_index_new(&walk->made) < 0)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "reader");
	if (walk->inside->repo && git_repository_index(&walk->tracked, walk->inside->repo) < 0)
		return inside_refuse(err, "its index");
	if (walk->inside->repo) {
		mp_autofd int fd = open(git_repository_commondir(walk->inside->repo),
					O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		int ret = fd < 0 ? 0 : walk_read_rules(fd, "info/exclude", &walk->excluded, err);

		if (ret < 0)
			return ret;
	}
	return walk_enter(walk, ".", 0, err);
}

int inside_say_worktree(struct inside *inside, struct mp_error *err)
{
	struct walk walk = {.inside = inside, .top_fd = -1};
	int ret = walk_open(&walk, err);

	while (ret == 0 && walk.depth > 0)
		ret = walk_step(&walk, err);
	if (ret == 0)
		ret = walk_make_tree(&walk, err);
	while (walk.depth > 0)
		level_free(&walk.levels[--walk.depth]);
	ignore_list_done(&walk.excluded);
	git_index_free(walk.tracked);
	git_index_free(walk.made);
	if (walk.top_fd >= 0)
		(void)close(walk.top_fd);
	return ret;
}
