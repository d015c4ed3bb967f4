/* SPDX-License-Identifier: MIT */
/*
 * The data folder: its lock, the hooks, and what the server itself reads of repositories, which is where a ref
 * points to. Links are not followed there, and files are read with bounds: a box may have written them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/serve/inside.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { PACKED_REFS_MAX = 16 << 20, HEX_DIGITS = 40 };

const char *repository_path(struct arena *arena, const char *data, const char *handle)
{
	return arena_format(arena, "%s/repositories/%s.git", data, handle);
}

static int write_hooks(int data_fd, struct mp_error *err)
{
	static const char *const rows[][2] = {
		{"hooks/" HOOK_PRE, "#!/bin/sh\nexec /milepost/milepost hook " HOOK_PRE "\n"},
		{"hooks/" HOOK_POST, "#!/bin/sh\nexec /milepost/milepost hook " HOOK_POST "\n"},
		{"hooks/" HOOK_PROC, "#!/bin/sh\nexec /milepost/milepost hook " HOOK_PROC "\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autofd int fd = path_create_below(data_fd, rows[i][0], O_WRONLY | O_TRUNC, 0755);
		int ret = fd < 0 ? fd : path_write_all(fd, rows[i][1], strlen(rows[i][1]));

		if (ret < 0)
			return mp_fail(err, MP_FAULT_HOST, ret, "writing %s", rows[i][0]);
	}
	return 0;
}

int data_open(struct server *server, struct mp_error *err)
{
	const char *data = server->options->data;
	mp_autofd int data_fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mp_autofd int lock = -1;

	if (data_fd < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "the data folder '%s'", data);
	lock = openat(data_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "the file lock in '%s'", data);
	if (flock(lock, LOCK_EX | LOCK_NB) < 0)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "another milepost serve has the data folder '%s'. Stop it first, or "
			       "name another folder with --data",
			       data);
	if (mkdirat(data_fd, "repositories", 0700) < 0 && errno != EEXIST)
		return mp_fail(err, MP_FAULT_HOST, -errno, "making repositories in '%s'", data);
	server->lock_fd = mp_take_fd(&lock);
	return write_hooks(data_fd, err);
}

/* The commit that the loose ref at PATH names is HEX. */
static bool is_loose(int repository_fd, const char *path, const char *hex)
{
	mp_autofree char *bytes = NULL;
	size_t count = 0;

	return path_read_below(repository_fd, path, 256, &bytes, &count) == 0 &&
	       count >= HEX_DIGITS && strncmp(bytes, hex, HEX_DIGITS) == 0;
}

/* The same in packed-refs: lines "HEX NAME". */
static bool is_packed(int repository_fd, const char *name, const char *hex)
{
	mp_autofree char *bytes = NULL;
	mp_autotext struct text line = {0};
	size_t count = 0;

	text_addf(&line, "%s %s\n", hex, name);
	return path_read_below(repository_fd, "packed-refs", PACKED_REFS_MAX, &bytes, &count) ==
		       0 &&
	       memmem(bytes, count, text_get(&line), line.length) != NULL;
}

int data_has_commit(void *context, const struct ticket *ticket, bool *ret_has, struct mp_error *err)
{
	const struct server *server = context;
	mp_autoarena struct arena *arena = arena_new();
	const char *path = repository_path(arena, server->options->data, ticket->handle);
	const char *kept = arena_format(arena, "refs/milepost/kept/%s", ticket->commit);
	mp_autofd int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "'%s'", path);
	/* Kept: its ref has moved on since, or is one of refs/for, which does not stay. */
	*ret_has = is_loose(fd, kept, ticket->commit) || is_packed(fd, kept, ticket->commit) ||
		   (strcmp(ticket->ref, "refs/heads/main") == 0 &&
		    is_loose(fd, ticket->ref, ticket->commit));
	return 0;
}

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name);

	return length >= strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

/* A lock is never the name of a ref; objects begin with tmp_ until they are whole. */
static void clean_folder(int repository_fd, const char *folder, const char *begin, const char *end)
{
	int fd = path_open_below(repository_fd, folder, O_RDONLY | O_DIRECTORY);
	DIR *all = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	while (all && (entry = readdir(all))) {
		if (strncmp(entry->d_name, begin, strlen(begin)) == 0 &&
		    ends_with(entry->d_name, end))
			(void)path_remove_tree(fd, entry->d_name);
	}
	if (all)
		(void)closedir(all);
}

void data_clean(const char *path)
{
	static const struct {
		const char *folder, *begin, *end;
	} rows[] = {
		{".", "", ".lock"},
		{"refs/heads", "", ".lock"},
		{"refs/heads/start", "", ".lock"},
		{"refs/milepost", "", ".lock"},
		{"refs/milepost/kept", "", ".lock"},
		{"objects", "tmp_", ""},
		{"objects", "incoming-", ""},
		{"objects/pack", "tmp_", ""},
		{"objects/pack", ".tmp-", ""},
	};
	mp_autofd int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; fd >= 0 && i < sizeof(rows) / sizeof(rows[0]); i++)
		clean_folder(fd, rows[i].folder, rows[i].begin, rows[i].end);
}

void data_clean_all(const struct server *server)
{
	mp_autoarena struct arena *arena = arena_new();
	const char *folder = arena_format(arena, "%s/repositories", server->options->data);
	DIR *all = opendir(folder);
	struct dirent *entry;

	while (all && (entry = readdir(all))) {
		if (entry->d_name[0] != '.' && ends_with(entry->d_name, ".git"))
			data_clean(arena_format(arena, "%s/%s", folder, entry->d_name));
	}
	if (all)
		(void)closedir(all);
}

int64_t data_repository_bytes(const char *path)
{
	char *const paths[] = {(char *)(uintptr_t)path, NULL};
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	int64_t bytes = 0;
	FTSENT *entry;

	while (walk && (entry = fts_read(walk))) {
		if (entry->fts_info == FTS_F)
			bytes += (int64_t)entry->fts_statp->st_blocks * 512;
	}
	if (walk)
		(void)fts_close(walk);
	return bytes;
}
