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
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
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
 * Removing a tree of any depth with a fixed number of descriptors: the entries of a folder are unlinked;
 * a subfolder that is not empty is moved up beside NAME's siblings and emptied in its turn. So the depth
 * is never walked by name or by recursion.
 */
static int path_empty_folder(int top_fd, int folder_fd, unsigned long *serial)
{
	DIR *folder = fdopendir(folder_fd);
	struct dirent *entry;
	int ret = 0;

	if (!folder) {
		(void)close(folder_fd);
		return -errno;
	}
	while (ret == 0 && (entry = readdir(folder))) {
		char aside[64];

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(folder), entry->d_name, 0) == 0)
			continue;
		if (errno != EISDIR && errno != EPERM) {
			ret = -errno;
			continue;
		}
		if (unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR) == 0)
			continue;
		if (errno != ENOTEMPTY) {
			ret = -errno;
			continue;
		}
		if (fchmodat(dirfd(folder), entry->d_name, 0700, 0) < 0 && errno != EPERM)
			ret = -errno;
		(void)snprintf(aside, sizeof(aside), ".removing-%ld-%lu", (long)getpid(), (*serial)++);
		if (ret == 0 && renameat(dirfd(folder), entry->d_name, top_fd, aside) < 0)
			ret = -errno;
	}
	(void)closedir(folder);
	return ret;
}

int path_remove_tree(int dir_fd, const char *name)
{
	unsigned long next = 0;
	unsigned long made = 0;
	char aside[64];
	int ret;

	if (unlinkat(dir_fd, name, 0) == 0)
		return 0;
	if (errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	while (true) {
		int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (fd < 0)
			return -errno;
		ret = path_empty_folder(dir_fd, fd, &made);
		if (ret < 0)
			return ret;
		if (unlinkat(dir_fd, name, AT_REMOVEDIR) < 0 && errno != ENOTEMPTY)
			return -errno;
		if (next == made)
			return 0;
		(void)snprintf(aside, sizeof(aside), ".removing-%ld-%lu", (long)getpid(), next++);
		name = aside;
	}
}
