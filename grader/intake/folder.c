/* SPDX-License-Identifier: MIT */
/*
 * Work folders: where a learner's tree is written.
 *
 * The lock says whether the owner lives. It is taken under another name and renamed when it is held, so
 * that a sweep, which takes the lock of each folder that it finds, never wins against an owner on its way.
 * A folder without a lock is one whose owner died in between; it is swept when it is an hour old.
 */
#include "grader/intake/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "grader/intake/intake.h"
#include "grader/intake/leave.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"

enum { SHM_ROOM_BYTES = 64 << 20, ORPHAN_AGE_MS = 3600 * 1000 };

static const char prefix[] = "milepost-";
static const char *const fixed_bases[] = {"/dev/shm", "/tmp"};

/* Whether programs may run from PATH and there is room: a service starts ./run from its tree. */
static bool base_is_fit(const char *path)
{
	struct statvfs info;

	if (access(path, W_OK | X_OK) < 0 || statvfs(path, &info) < 0)
		return false;
	return !(info.f_flag & (ST_NOEXEC | ST_RDONLY)) &&
	       (uint64_t)info.f_bavail * info.f_frsize >= SHM_ROOM_BYTES;
}

static const char *base_choose(void)
{
	const char *wanted = getenv("TMPDIR");

	if (wanted && wanted[0] == '/')
		return wanted;
	return base_is_fit(fixed_bases[0]) ? fixed_bases[0] : fixed_bases[1];
}

static int folder_random(uint64_t *ret_value, struct mp_error *err)
{
	if (getrandom(ret_value, sizeof(*ret_value), 0) != sizeof(*ret_value))
		return mp_fail(err, MP_FAULT_HOST, -EIO, "random number");
	return 0;
}

/* Make BASE/NAME and hold its lock. */
static int folder_make(struct work_folder *folder, struct mp_error *err)
{
	mp_autofd int at = -1;
	uint64_t random;
	int ret = folder_random(&random, err);

	if (ret < 0)
		return ret;
	(void)snprintf(folder->name, sizeof(folder->name), "%s%ld-%08lx", prefix, (long)getpid(),
		       (unsigned long)(random & 0xffffffff));
	if (mkdirat(folder->base_fd, folder->name, 0700) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "work folder '%s'", folder->name);
	leave_note(folder->base_fd, folder->name);
	at = path_open_below(folder->base_fd, folder->name, O_RDONLY | O_DIRECTORY);
	if (at < 0)
		return mp_fail(err, MP_FAULT_HOST, at, "work folder '%s'", folder->name);
	folder->lock_fd = openat(at, "lock.new", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (folder->lock_fd < 0 || flock(folder->lock_fd, LOCK_EX | LOCK_NB) < 0 ||
	    renameat(at, "lock.new", at, "lock") < 0 || fchmod(at, 0711) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "lock of work folder '%s'",
			       folder->name);
	return 0;
}

static int folder_make_tree(struct work_folder *folder, const char *base, struct mp_error *err)
{
	char below[128];
	uint64_t random;
	int ret = folder_random(&random, err);

	if (ret < 0)
		return ret;
	(void)snprintf(below, sizeof(below), "%s/tree-%016llx", folder->name,
		       (unsigned long long)random);
	if (snprintf(folder->tree, sizeof(folder->tree), "%s/%s", base, below) >=
	    (int)sizeof(folder->tree))
		return mp_fail(err, MP_FAULT_HOST, -ENAMETOOLONG, "work folder in '%s'", base);
	if (mkdirat(folder->base_fd, below, 0755) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "work folder '%s'", folder->tree);
	folder->tree_fd = path_open_below(folder->base_fd, below, O_RDONLY | O_DIRECTORY);
	if (folder->tree_fd < 0)
		return mp_fail(err, MP_FAULT_HOST, folder->tree_fd, "work folder '%s'",
			       folder->tree);
	if (fchmod(folder->tree_fd, 0755) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "work folder '%s'", folder->tree);
	return 0;
}

int work_folder_open(struct work_folder *ret_folder, struct mp_error *err)
{
	struct work_folder folder = WORK_FOLDER_NONE;
	const char *base = base_choose();
	int ret;

	folder.base_fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder.base_fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "folder for work '%s' (TMPDIR)", base);
	ret = folder_make(&folder, err);
	if (ret == 0)
		ret = folder_make_tree(&folder, base, err);
	if (ret < 0) {
		work_folder_close(&folder);
		return ret;
	}
	*ret_folder = folder;
	return 0;
}

/*
 * Empty BASE/NAME, then remove it. The tree goes first and beside its lock, so that one who is killed in
 * between leaves a folder that the next sweep finds.
 */
static void folder_remove(int base_fd, const char *name)
{
	int at = path_open_below(base_fd, name, O_RDONLY | O_DIRECTORY);
	DIR *folder = at < 0 ? NULL : fdopendir(at);
	struct dirent *entry;

	if (!folder) {
		if (at >= 0)
			(void)close(at);
		return;
	}
	while ((entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    strcmp(entry->d_name, "lock") == 0)
			continue;
		(void)path_remove_tree(dirfd(folder), entry->d_name);
	}
	(void)unlinkat(dirfd(folder), "lock", 0);
	(void)closedir(folder);
	(void)unlinkat(base_fd, name, AT_REMOVEDIR);
}

void work_folder_close(struct work_folder *folder)
{
	if (folder->tree_fd >= 0)
		(void)close(folder->tree_fd);
	if (folder->base_fd >= 0 && folder->name[0])
		folder_remove(folder->base_fd, folder->name);
	leave_forget(folder->base_fd, folder->name);
	if (folder->lock_fd >= 0)
		(void)close(folder->lock_fd);
	if (folder->base_fd >= 0)
		(void)close(folder->base_fd);
	*folder = WORK_FOLDER_NONE;
}

/* Whether the folder at FD is ours and its owner is gone; RET_LOCK_FD then holds its lock, or -1. */
static bool folder_is_orphan(int fd, int *ret_lock_fd)
{
	struct stat info;
	mp_autofd int lock_fd = -1;

	if (fstat(fd, &info) < 0 || info.st_uid != geteuid())
		return false;
	lock_fd = path_open_below(fd, "lock", O_RDWR | O_NONBLOCK);
	if (lock_fd == -ENOENT)
		return clock_wall_ms() - (int64_t)info.st_mtime * 1000 > ORPHAN_AGE_MS;
	if (lock_fd < 0 || flock(lock_fd, LOCK_EX | LOCK_NB) < 0)
		return false;
	*ret_lock_fd = mp_take_fd(&lock_fd);
	return true;
}

static void base_sweep(const char *base)
{
	mp_autofd int base_fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = base_fd < 0 ? NULL : opendir(base);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		mp_autofd int fd = -1;
		mp_autofd int lock_fd = -1;

		if (strncmp(entry->d_name, prefix, sizeof(prefix) - 1) != 0)
			continue;
		fd = path_open_below(base_fd, entry->d_name, O_RDONLY | O_DIRECTORY);
		if (fd >= 0 && folder_is_orphan(fd, &lock_fd))
			folder_remove(base_fd, entry->d_name);
	}
	if (folder)
		(void)closedir(folder);
}

void intake_sweep(void)
{
	const char *wanted = getenv("TMPDIR");

	if (wanted && wanted[0] == '/')
		base_sweep(wanted);
	for (size_t i = 0; i < sizeof(fixed_bases) / sizeof(fixed_bases[0]); i++)
		base_sweep(fixed_bases[i]);
}
