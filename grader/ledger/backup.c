/* SPDX-License-Identifier: MIT */
/*
 * Whole copies while others work. A connection of its own reads one moment of the ledger, however long it takes,
 * and writes a file without gaps; nobody waits for it. The copy has its name only when it is whole and on the disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/ledger/inner.h"
#include "sandbox/base/cleanup.h"

/* Write the copy into the empty file TO, which will be NAME. */
static int copy_into(struct ledger *ledger, const char *to, const char *name, struct mp_error *err)
{
	struct ledger reader = {.data = ledger->data, .data_fd = -1};
	int code = sqlite3_open_v2(
		ledger->path, &reader.db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	int ret = 0;

	(void)sqlite3_busy_timeout(reader.db, BUSY_MS);
	if (code == SQLITE_OK) {
		sqlite3_stmt *statement = NULL;

		code = sqlite3_prepare_v2(reader.db, "VACUUM INTO ?1", -1, &statement, NULL);
		if (code == SQLITE_OK)
			code = sqlite3_bind_text(statement, 1, to, -1, SQLITE_STATIC);
		if (code == SQLITE_OK)
			code = sqlite3_step(statement);
		(void)sqlite3_finalize(statement);
	}
	if (code != SQLITE_OK && code != SQLITE_DONE)
		ret = sql_fail(&reader, code, err);
	if (ret == -ENOSPC)
		ret = ledger_say(
			err, MP_FAULT_HOST, ret,
			"the disk has no room for the copy '%s'; nothing was left there. Name a "
			"place with more room",
			name);
	(void)sqlite3_close(reader.db);
	return ret;
}

/* Both, the bytes of the file and its name in the folder. */
static int to_disk(int file_fd, int folder_fd)
{
	return fsync(file_fd) < 0 || fsync(folder_fd) < 0 ? -errno : 0;
}

/* Copy into the file PART of the folder, then give it its name. */
static int copy_and_name(struct ledger *ledger, int folder_fd, const char *name, const char *part,
			 struct mp_error *err)
{
	mp_autofree char *path = NULL;
	mp_autofd int fd =
		openat(folder_fd, part, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int ret;

	if (fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "making the copy '%s'", part);
	if (asprintf(&path, "/proc/self/fd/%d/%s", folder_fd, part) < 0)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "making the copy '%s'", part);
	ret = copy_into(ledger, path, name, err);
	if (ret < 0)
		return ret;
	ret = to_disk(fd, folder_fd);
	if (ret == 0 && renameat2(folder_fd, part, folder_fd, name, RENAME_NOREPLACE) < 0)
		ret = -errno;
	if (ret == -EEXIST)
		return ledger_say(err, MP_FAULT_USAGE, ret,
				  "'%s' is there already; nothing was overwritten. Name a new file",
				  name);
	if (ret == 0)
		ret = to_disk(fd, folder_fd);
	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "making the copy '%s'", name) : 0;
}

static int copy_below(struct ledger *ledger, int folder_fd, const char *name, const char *part,
		      struct mp_error *err)
{
	struct stat info;
	int ret;

	if (fstatat(folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0)
		return ledger_say(err, MP_FAULT_USAGE, -EEXIST,
				  "'%s' is there already; nothing was overwritten. Name a new file",
				  name);
	ret = copy_and_name(ledger, folder_fd, name, part, err);
	if (ret < 0)
		(void)unlinkat(folder_fd, part, 0);
	return ret;
}

int ledger_copy_before(struct ledger *ledger, struct mp_error *err)
{
	ledger_drop_before(ledger);
	return copy_below(ledger, ledger->data_fd, LEDGER_BEFORE, LEDGER_BEFORE ".part", err);
}

void ledger_drop_before(struct ledger *ledger)
{
	(void)unlinkat(ledger->data_fd, LEDGER_BEFORE, 0);
	(void)unlinkat(ledger->data_fd, LEDGER_BEFORE ".part", 0);
}

int ledger_backup(struct ledger *ledger, const char *path, struct mp_error *err)
{
	mp_autofree char *for_folder = strdup(path);
	mp_autofree char *for_name = strdup(path);
	mp_autofd int folder_fd = -1;
	char part[NAME_MAX + 1];
	const char *name;

	if (!for_folder || !for_name)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "making the copy '%s'", path);
	folder_fd = open(dirname(for_folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder_fd < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "the folder of '%s'", path);
	name = basename(for_name);
	if (strlen(name) > NAME_MAX - sizeof(".1234567890.part"))
		return mp_fail(err, MP_FAULT_USAGE, -ENAMETOOLONG, "the copy '%s'", path);
	(void)snprintf(part, sizeof(part), "%s.%ld.part", name, (long)getpid());
	return copy_below(ledger, folder_fd, name, part, err);
}
