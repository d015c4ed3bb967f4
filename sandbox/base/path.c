/* SPDX-License-Identifier: MIT */
/* Paths below a folder's descriptor, by openat2(2). */
#include "sandbox/base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"

static int path_openat2(int dir_fd, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (uint64_t)(unsigned int)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_NO_XDEV,
	};
	long fd;

	do {
		fd = syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));
	} while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	return fd < 0 ? -errno : (int)fd;
}

int path_open_below(int dir_fd, const char *path, int flags)
{
	return path_openat2(dir_fd, path, flags, 0);
}

/* Make the folders of PATH but its last part. */
static int path_make_parents(int dir_fd, const char *path)
{
	char parent[PATH_MAX];
	mp_autofd int at = -1;
	const char *start = path;
	const char *slash;

	at = openat(dir_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return -errno;
	while ((slash = strchr(start, '/'))) {
		size_t length = (size_t)(slash - start);
		int next;

		if (length == 0 || length >= sizeof(parent))
			return -EINVAL;
		memcpy(parent, start, length);
		parent[length] = '\0';
		if (mkdirat(at, parent, 0755) < 0 && errno != EEXIST)
			return -errno;
		next = path_openat2(at, parent, O_PATH | O_DIRECTORY, 0);
		if (next < 0)
			return next;
		(void)close(at);
		at = next;
		start = slash + 1;
	}
	return 0;
}

int path_create_below(int dir_fd, const char *path, int flags, mode_t mode)
{
	int fd = path_openat2(dir_fd, path, flags | O_CREAT, mode);

	if (fd == -ENOENT) {
		int made = path_make_parents(dir_fd, path);

		if (made < 0)
			return made;
		fd = path_openat2(dir_fd, path, flags | O_CREAT, mode);
	}
	return fd;
}

int path_read_below(int dir_fd, const char *path, size_t limit, char **ret_bytes, size_t *ret_count)
{
	mp_autofd int fd = path_open_below(dir_fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	mp_autofree char *bytes = NULL;
	struct stat info;
	size_t count = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, &info) < 0)
		return -errno;
	if (!S_ISREG(info.st_mode))
		return -EINVAL;
	if (info.st_size < 0 || (uint64_t)info.st_size > limit)
		return -EFBIG;
	bytes = malloc((size_t)info.st_size + 1);
	if (!bytes)
		return -ENOMEM;
	while (count < (size_t)info.st_size) {
		ssize_t got = read(fd, bytes + count, (size_t)info.st_size - count);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		count += (size_t)got;
	}
	bytes[count] = '\0';
	*ret_bytes = mp_take(bytes);
	*ret_count = count;
	return 0;
}

int path_write_all(int fd, const void *bytes, size_t count)
{
	const char *at = bytes;

	while (count > 0) {
		ssize_t put = write(fd, at, count);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		at += put;
		count -= (size_t)put;
	}
	return 0;
}

/*
 * Removing a tree of any depth with a fixed number of descriptors: its first folder is emptied, and what
 * lies in a subfolder and is itself a folder with contents is moved up into the first one, to have its
 * turn there. So the depth is never walked by name or by recursion, and nothing is moved out of the tree.
 * Links are never followed; a mount in the tree ends the work with -EBUSY or -EXDEV.
 */

/* Remove one entry: 0 it is gone, 1 it is a folder with contents, or a negative errno. */
static int path_remove_entry(int dir_fd, const char *name)
{
	int why;

	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	why = errno;
	if (why != EISDIR && why != EPERM)
		return -why;
	if (unlinkat(dir_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno == ENOTDIR)
		return -why;
	return errno == ENOTEMPTY || errno == EEXIST ? 1 : -errno;
}

/* Open a folder whose entries will go, whatever its mode; NULL and errno when that cannot be. */
static DIR *path_open_doomed(int dir_fd, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	mp_autofd int fd = openat(dir_fd, name, flags);
	DIR *folder;

	if (fd < 0 && errno == EACCES && fchmodat(dir_fd, name, 0700, AT_SYMLINK_NOFOLLOW) == 0)
		fd = openat(dir_fd, name, flags);
	if (fd < 0)
		return NULL;
	(void)fchmod(fd, 0700); /* not ours: then the first unlink says so */
	folder = fdopendir(fd);
	if (folder)
		(void)mp_take_fd(&fd);
	return folder;
}

/* Move the folder NAME up into TOP_FD under a name that nothing has there. */
static int path_move_up(int from_fd, const char *name, int top_fd, unsigned long *serial)
{
	char aside[64];
	bool was_opened = false;

	do {
		(void)snprintf(aside, sizeof(aside), ".removing-%lu", (*serial)++);
		if (renameat2(from_fd, name, top_fd, aside, RENAME_NOREPLACE) == 0)
			return 0;
		/* A folder can be moved only by who may write it: its ".." changes. */
		if (errno == EACCES && !was_opened &&
		    fchmodat(from_fd, name, 0700, AT_SYMLINK_NOFOLLOW) == 0) {
			was_opened = true;
			errno = EEXIST;
		}
	} while (errno == EEXIST);
	return -errno;
}

static bool is_dot(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Empty the folder NAME in TOP_FD by removing and moving up, then remove it. */
static int path_lift(int top_fd, const char *name, unsigned long *serial)
{
	DIR *folder = path_open_doomed(top_fd, name);
	struct dirent *entry;
	int ret = 0;

	if (!folder)
		return -errno;
	while (ret >= 0 && (entry = readdir(folder))) {
		if (is_dot(entry->d_name))
			continue;
		ret = path_remove_entry(dirfd(folder), entry->d_name);
		if (ret == 1)
			ret = path_move_up(dirfd(folder), entry->d_name, top_fd, serial);
	}
	(void)closedir(folder);
	/* A folder that hid an entry from readdir while it changed has its next turn. */
	if (ret >= 0)
		ret = path_remove_entry(top_fd, name);
	return ret < 0 ? ret : 0;
}

/* One walk over the entries of TOP; says how many there were, or a negative errno. */
static int path_empty_once(DIR *top, unsigned long *serial)
{
	struct dirent *entry;
	int count = 0;

	while ((entry = readdir(top))) {
		int ret;

		if (is_dot(entry->d_name))
			continue;
		ret = path_remove_entry(dirfd(top), entry->d_name);
		if (ret == 1)
			ret = path_lift(dirfd(top), entry->d_name, serial);
		if (ret < 0)
			return ret;
		count = 1;
	}
	return count;
}

int path_remove_tree(int dir_fd, const char *name)
{
	unsigned long serial = 0;
	DIR *top;
	int ret = path_remove_entry(dir_fd, name);

	if (ret <= 0)
		return ret;
	top = path_open_doomed(dir_fd, name);
	if (!top)
		return -errno;
	while ((ret = path_empty_once(top, &serial)) > 0)
		rewinddir(top);
	(void)closedir(top);
	if (ret < 0)
		return ret;
	ret = path_remove_entry(dir_fd, name);
	return ret == 1 ? -ENOTEMPTY : ret;
}
