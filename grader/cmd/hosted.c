/* SPDX-License-Identifier: MIT */
/*
 * Making and removing the repositories of a server.
 *
 * A repository begins as `milepost init` makes one, so with the same first commit; then its .git becomes HANDLE.git.
 * Its configuration holds nothing that acts: serve gives all of it to git, and binds what is here read-only.
 */
#include "grader/cmd/hosted.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/cmd/starter.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

#define NEW  ".new-"
#define GONE ".gone-"

/* --- the folder ------------------------------------------------------------------------------ */

/* What commands that were killed have left. */
static void sweep(int folder_fd)
{
	mp_autofd int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!folder)
		return;
	(void)mp_take_fd(&fd);
	while ((entry = readdir(folder))) {
		if (strncmp(entry->d_name, NEW, strlen(NEW)) == 0 ||
		    strncmp(entry->d_name, GONE, strlen(GONE)) == 0)
			(void)path_remove_tree(folder_fd, entry->d_name);
	}
	(void)closedir(folder);
}

int hosted_open(struct arena *arena, const char *data, bool is_reader, struct hosted *ret_hosted,
		struct mp_error *err)
{
	const char *path = arena_format(arena, "%s/" HOSTED_FOLDER, data);
	mp_autofree char *real = NULL;
	mp_autofd int fd = -1;
	int ret;

	if (mkdir(path, 0700) < 0 && errno != EEXIST && !(is_reader && errno == EROFS))
		return mp_fail(err, MP_FAULT_HOST, -errno, "making '%s'", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "'%s'", path);
	do
		ret = flock(fd, is_reader ? LOCK_SH : LOCK_EX);
	while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "locking '%s'", path);
	if (!is_reader)
		sweep(fd);
	real = realpath(path, NULL);
	if (!real)
		return mp_fail(err, MP_FAULT_HOST, -errno, "'%s'", path);
	*ret_hosted = (struct hosted){arena_text(arena, real), mp_take_fd(&fd)};
	return 0;
}

void hosted_close(struct hosted *hosted)
{
	cleanup_fd(&hosted->fd);
}

/* --- one repository -------------------------------------------------------------------------- */

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

static int is_taken(const struct hosted *hosted, const char *name, struct mp_error *err)
{
	struct stat info;

	if (fstatat(hosted->fd, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT
			       ? 0
			       : mp_fail(err, MP_FAULT_HOST, -errno, "'%s/%s'", hosted->path, name);
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
		       "%s/%s is there already, though no learner has it. Move it away first",
		       hosted->path, name);
}

int hosted_make(const struct hosted *hosted, const char *exercises, const struct learner *learner,
		struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	const char *work = arena_format(arena, NEW "%s", learner->handle);
	const char *dir = arena_format(arena, "%s/%s", hosted->path, work);
	mp_autofd int git_fd = -1;
	int ret = is_taken(hosted, arena_format(arena, "%s.git", learner->handle), err);

	if (ret == 0)
		ret = template_repository(arena, exercises,
					  &(struct template_words){.track = learner->track,
								   .handle = learner->handle,
								   .language = learner->language},
					  dir, err);
	if (ret == 0) {
		git_fd = path_open_below(hosted->fd, arena_format(arena, "%s/.git", work),
					 O_RDONLY | O_DIRECTORY);
		ret = git_fd < 0 ? mp_fail(err, MP_FAULT_HOST, git_fd, "'%s/.git'", dir)
				 : make_bare(git_fd, err);
	}
	if (ret < 0)
		(void)path_remove_tree(hosted->fd, work);
	return ret;
}

/* Objects that are not on the disk after a power cut would be missed for ever. */
int hosted_sync(const struct hosted *hosted, struct mp_error *err)
{
	return syncfs(hosted->fd) < 0
		       ? mp_fail(err, MP_FAULT_HOST, -errno, "writing '%s'", hosted->path)
		       : 0;
}

int hosted_show(const struct hosted *hosted, const char *handle, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	const char *work = arena_format(arena, NEW "%s", handle);
	const char *name = arena_format(arena, "%s.git", handle);
	int ret = 0;

	if (renameat2(hosted->fd, arena_format(arena, "%s/.git", work), hosted->fd, name,
		      RENAME_NOREPLACE) < 0 ||
	    fsync(hosted->fd) < 0)
		ret = mp_fail(err, MP_FAULT_HOST, -errno, "making '%s/%s'", hosted->path, name);
	(void)path_remove_tree(hosted->fd, work);
	return ret;
}

int hosted_remove(const struct hosted *hosted, const char *handle, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	const char *name = arena_format(arena, "%s.git", handle);
	const char *gone = arena_format(arena, GONE "%s", handle);
	int ret = 0;

	(void)path_remove_tree(hosted->fd, arena_format(arena, NEW "%s", handle));
	/* Out of the way at once: no push finds half of it. */
	if (renameat2(hosted->fd, name, hosted->fd, gone, RENAME_NOREPLACE) < 0)
		ret = errno == ENOENT ? 0 : -errno;
	else
		ret = path_remove_tree(hosted->fd, gone);
	if (ret == 0 && fsync(hosted->fd) < 0)
		ret = -errno;
	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "removing '%s/%s'", hosted->path, name)
		       : 0;
}
