/* SPDX-License-Identifier: MIT */
/*
 * A private writable copy of a tree on the scratch. The shim makes it with the rights of the box's user
 * from a read-only bind, so whatever the tree holds, nothing outside is written and nothing is read that
 * the box could not read itself. It is written beside its place and renamed when whole: the next box that
 * shares the scratch finds either all of it or nothing. Depth is bounded, memory and descriptors with it.
 */
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "sandbox/jail/jail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_DEPTH_MAX = 64 };

struct level {
	DIR *from;
	int to;
};

struct copy {
	struct level levels[COPY_DEPTH_MAX];
	int depth; /* levels in use */
};

static void copy_pop(struct copy *copy)
{
	struct level *level = &copy->levels[--copy->depth];

	(void)closedir(level->from);
	(void)close(level->to);
}

/* Go down into NAME of the folder FROM, whose copy is NAME of the folder TO. */
static int copy_push(struct copy *copy, int from, const char *name, int to, const char *to_name,
		     mode_t mode)
{
	int from_fd mp_autofd = -1;
	int to_fd mp_autofd = -1;
	DIR *dir;

	if (copy->depth == COPY_DEPTH_MAX)
		return -ELOOP;
	from_fd = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (from_fd < 0)
		return -errno;
	if (mkdirat(to, to_name, mode | S_IRWXU) < 0)
		return -errno;
	to_fd = openat(to, to_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (to_fd < 0)
		return -errno;
	dir = fdopendir(from_fd);
	if (!dir)
		return -errno;
	(void)mp_take_fd(&from_fd);
	copy->levels[copy->depth++] = (struct level){dir, mp_take_fd(&to_fd)};
	return 0;
}

static int copy_file(int from, int to, const char *name, mode_t mode)
{
	int in mp_autofd = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int out mp_autofd = -1;
	ssize_t count;

	if (in < 0)
		return -errno;
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		     (mode & 0777) | S_IRUSR | S_IWUSR);
	if (out < 0)
		return -errno;
	while ((count = sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	return count < 0 ? -errno : 0;
}

static int copy_link(int from, int to, const char *name)
{
	char target[4096];
	ssize_t length = readlinkat(from, name, target, sizeof(target) - 1);

	if (length < 0)
		return -errno;
	target[length] = '\0';
	return symlinkat(target, to, name) < 0 ? -errno : 0;
}

/* Sockets, pipes and devices of a tree are left out: nothing that is graded is one. */
static int copy_entry(struct copy *copy, const char *name)
{
	struct level *level = &copy->levels[copy->depth - 1];
	int from = dirfd(level->from);
	struct stat about;

	if (fstatat(from, name, &about, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISDIR(about.st_mode))
		return copy_push(copy, from, name, level->to, name, about.st_mode & 0777);
	if (S_ISREG(about.st_mode))
		return copy_file(from, level->to, name, about.st_mode);
	if (S_ISLNK(about.st_mode))
		return copy_link(from, level->to, name);
	return 0;
}

static int copy_tree(int from, int to, const char *to_name, char *ret_name, size_t size)
{
	struct copy copy = {.depth = 0};
	int result = copy_push(&copy, from, ".", to, to_name, 0755);

	while (result == 0 && copy.depth > 0) {
		struct dirent *entry;

		errno = 0;
		entry = readdir(copy.levels[copy.depth - 1].from);
		if (!entry) {
			result = -errno;
			copy_pop(&copy);
			continue;
		}
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		(void)snprintf(ret_name, size, "%s", entry->d_name);
		result = copy_entry(&copy, entry->d_name);
	}
	while (copy.depth > 0)
		copy_pop(&copy);
	return result;
}

/* The name of the copy for a place: its path with "%" for each slash. */
static int copy_name(const char *place, char *ret_name, size_t size)
{
	size_t length = strlen(place);

	if (length + 8 > size)
		return -ENAMETOOLONG;
	for (size_t i = 0; i <= length; i++)
		ret_name[i] = place[i] == '/' ? '%' : place[i];
	return 0;
}

static int make_copy(struct jail *jail, const struct step *step, int copies, const char *name,
		     struct mp_error *err)
{
	char fresh[256];
	char at[256] = "";
	int tree mp_autofd = mp_take_fd(&jail->trees[step->slot]);
	int result;

	(void)snprintf(fresh, sizeof(fresh), "%s.new", name);
	/* A box that was ended while it copied leaves a part; nobody uses it. */
	result = path_remove_tree(copies, fresh);
	if (result == -ENOENT)
		result = 0;
	if (result == 0)
		result = copy_tree(tree, copies, fresh, at, sizeof(at));
	if (result == 0 && renameat(copies, fresh, copies, name) < 0)
		result = -errno;
	return result < 0
		       ? mp_fail(err, MP_FAULT_HOST, result, "copy to the scratch, at \"%s\"", at)
		       : 0;
}

int step_copy(struct jail *jail, const struct step *step, struct mp_error *err)
{
	int copies mp_autofd =
		openat(jail->root_fd, &BOX_COPIES[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int tree mp_autofd = -1;
	struct stat about;
	char name[248];

	if (copies < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "open " BOX_COPIES);
	if (copy_name(step->path, name, sizeof(name)) < 0)
		return mp_fail(err, MP_FAULT_USAGE, -ENAMETOOLONG,
			       "a copy's path is at most 240 bytes");
	if (fstatat(copies, name, &about, AT_SYMLINK_NOFOLLOW) < 0) {
		int result = make_copy(jail, step, copies, name, err);

		if (result < 0)
			return result;
	}
	tree = open_tree(copies, name, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW);
	if (tree < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "open the copy");
	return tree_place(jail, tree, step->path, err);
}
