/* SPDX-License-Identifier: MIT */
/*
 * The data folder and its ledger: opening, checking, transactions, copies.
 *
 * One file, ledger.db, in write-ahead mode: readers never wait, one writer at a time. Each transaction takes
 * the writer's lock at its start (BEGIN IMMEDIATE), so it never finds out half way that another was faster, and
 * is on the disk when it ends (synchronous=FULL). What a killed process leaves is undone by the next that opens
 * or reads the file.
 */
#include "grader/ledger/ledger.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "grader/ledger/bell.h"
#include "grader/ledger/inner.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/text.h"

enum { TEXT_MOST = 64 << 20, AGAIN_MS = 20 };

int ledger_say(struct mp_error *err, enum mp_fault fault, int code, const char *format, ...)
{
	char text[MP_ERROR_TEXT];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* This code alone adds no words of its own. */
	(void)mp_fail(err, fault, -EBADMSG, "%s", text);
	if (err)
		err->code = code;
	return code;
}

int64_t ledger_boot_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- the folder ------------------------------------------------------------------------------ */

static bool has_entry(int folder_fd, const char *name)
{
	struct stat info;

	return fstatat(folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool is_empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool is_empty = folder != NULL;

	while (folder && (entry = readdir(folder)))
		is_empty = is_empty &&
			   (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
	if (folder)
		(void)closedir(folder);
	return is_empty;
}

/* A folder without a ledger, which may become one's. */
static int take_folder(const char *data, enum ledger_open_as as, int folder_fd,
		       struct mp_error *err)
{
	mp_autofd int fd = -1;

	if (as != LEDGER_OR_MAKE)
		return ledger_say(
			err, MP_FAULT_USAGE, -ENOENT,
			"there is no ledger in '%s'. `milepost serve --data` makes one in "
			"an empty folder",
			data);
	/* Another process may be making the same ledger just now: its file comes first. */
	if (!is_empty_folder(data) && !has_entry(folder_fd, LEDGER_FILE))
		return ledger_say(
			err, MP_FAULT_USAGE, -ENOTEMPTY,
			"'%s' has files, but no ledger. Name a data folder, or a folder that is "
			"empty or not there yet; nothing was written",
			data);
	if (fchmod(folder_fd, 0700) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "'%s'", data);
	/* Made here for its mode. Never opened by us again: closing it would drop locks that SQLite holds. */
	fd = openat(folder_fd, LEDGER_FILE, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0 && errno != EEXIST)
		return mp_fail(err, MP_FAULT_HOST, -errno, "making '%s/" LEDGER_FILE "'", data);
	return 0;
}

static int open_folder(const char *data, enum ledger_open_as as, int *ret_fd, struct mp_error *err)
{
	mp_autofd int fd = -1;
	struct stat info;
	int ret;

	if (as == LEDGER_OR_MAKE && mkdir(data, 0700) < 0 && errno != EEXIST)
		return mp_fail(err, MP_FAULT_HOST, -errno, "making the data folder '%s'", data);
	fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "the data folder '%s'", data);
	if (info.st_uid != geteuid())
		return ledger_say(
			err, MP_FAULT_USAGE, -EPERM,
			"the data folder '%s' belongs to the user with number %lu, and you are "
			"%lu. Run this as its owner",
			data, (unsigned long)info.st_uid, (unsigned long)geteuid());
	if (!has_entry(fd, LEDGER_FILE)) {
		ret = take_folder(data, as, fd, err);
		if (ret < 0)
			return ret;
	} else if (info.st_mode & 077) {
		return ledger_say(
			err, MP_FAULT_USAGE, -EPERM,
			"others may look into the data folder '%s', which has tokens and hidden "
			"checks. Type: chmod 700 '%s'",
			data, data);
	}
	*ret_fd = mp_take_fd(&fd);
	return 0;
}

/* --- the database ----------------------------------------------------------------------------- */

/* The address that says: this file does not change while it is read. */
static char *immutable_address(const char *path)
{
	mp_autotext struct text address;

	text_init(&address, 0);
	text_add(&address, "file:");
	for (const char *c = path; *c; c++) {
		if (strchr("?#%", *c))
			text_addf(&address, "%%%02X", (unsigned int)*c);
		else
			text_add_char(&address, *c);
	}
	text_add(&address, "?immutable=1");
	return text_take(&address);
}

static int configure(struct ledger *ledger, struct mp_error *err)
{
	static const struct {
		int option, value;
	} options[] = {
		{SQLITE_DBCONFIG_ENABLE_FKEY, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_DEFENSIVE, 1},	  {SQLITE_DBCONFIG_DQS_DDL, 0},
		{SQLITE_DBCONFIG_DQS_DML, 0},	  {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1},
		{SQLITE_DBCONFIG_ENABLE_VIEW, 1},
	};

	(void)sqlite3_extended_result_codes(ledger->db, 1);
	(void)sqlite3_busy_timeout(ledger->db, BUSY_MS);
	(void)sqlite3_limit(ledger->db, SQLITE_LIMIT_LENGTH, TEXT_MOST);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		int now = -1;

		if (sqlite3_db_config(ledger->db, options[i].option, options[i].value, &now) !=
			    SQLITE_OK ||
		    now != options[i].value)
			return mp_fail(
				err, MP_FAULT_HOST, -EOPNOTSUPP,
				"this SQLite (%s) lacks an option that the ledger needs; Debian 12 "
				"has one that does",
				sqlite3_libversion());
	}
	return sql_script(ledger,
			  "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
			  "PRAGMA temp_store = MEMORY; PRAGMA recursive_triggers = ON;",
			  err);
}

static int open_at(struct ledger *ledger, const char *address, int flags, struct mp_error *err)
{
	int code;

	(void)sqlite3_close(ledger->db);
	ledger->db = NULL;
	code = sqlite3_open_v2(address, &ledger->db,
			       flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (code != SQLITE_OK)
		return sql_fail(ledger, code, err);
	return configure(ledger, err);
}

/* Read something: only now the file is looked at. */
static int touch(struct ledger *ledger, struct mp_error *err)
{
	return sql_script(ledger, "SELECT count(*) FROM sqlite_schema", err);
}

static int open_database(struct ledger *ledger, struct mp_error *err)
{
	mp_autofree char *address = NULL;
	struct stat info;
	int ret;

	if (!ledger->is_read_only)
		return open_at(ledger, ledger->path, SQLITE_OPEN_READWRITE, err);
	ret = open_at(ledger, ledger->path, SQLITE_OPEN_READONLY, err);
	if (ret == 0)
		ret = touch(ledger, err);
	if (ret == 0 || ret == -EBADMSG || ret == -EBUSY)
		return ret;
	/*
	 * Where nothing can be written the files beside it cannot be made. Then nobody writes this ledger either, and
	 * with no log beside it the file is all there is.
	 */
	if (fstatat(ledger->data_fd, LEDGER_FILE "-wal", &info, AT_SYMLINK_NOFOLLOW) == 0 &&
	    info.st_size > 0)
		return ledger_say(
			err, MP_FAULT_HOST, -EROFS,
			"'%s' cannot be written, and its ledger was not closed in order. Copy the "
			"folder to where it can be written, and look there",
			ledger->data);
	address = immutable_address(ledger->path);
	ret = open_at(ledger, address, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
	return ret < 0 ? ret : touch(ledger, err);
}

/* Write-ahead mode, once and for all; two processes that set it at once do not wait for each other by themselves. */
static int set_wal(struct ledger *ledger, struct mp_error *err)
{
	const struct timespec pause = {.tv_nsec = AGAIN_MS * 1000000L};
	int ret = -EBUSY;

	for (int waited = 0; ret == -EBUSY && waited < BUSY_MS; waited += AGAIN_MS) {
		if (waited > 0)
			(void)nanosleep(&pause, NULL);
		ret = sql_script(ledger, "PRAGMA journal_mode = WAL", err);
	}
	return ret;
}

/* Is it ours at all? A file that is empty will be. */
static int check_owner(struct ledger *ledger, struct mp_error *err)
{
	int64_t tables = 0;
	int64_t application = 0;
	int ret = sql_number(ledger, "PRAGMA application_id", SQL_NONE, &application, err);

	if (ret == 0)
		ret = sql_number(ledger, "SELECT count(*) FROM sqlite_schema", SQL_NONE, &tables,
				 err);
	if (ret == 0 && application != APPLICATION_ID && (application != 0 || tables != 0))
		return ledger_say(
			err, MP_FAULT_USAGE, -EBADMSG,
			"'%s' is a database of another program; nothing was changed. Name "
			"another data folder",
			ledger->path);
	return ret;
}

/*
 * Every table but the long texts of pages and cards, which would make each start slower with each push; they are
 * read whole by each backup.
 */
static int check_integrity(struct ledger *ledger, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *rows = NULL;
	int ret =
		sql_start(ledger,
			  "SELECT s.name, q.quick_check FROM sqlite_schema s, "
			  "pragma_quick_check(s.name) q "
			  "WHERE s.type = 'table' AND s.name <> 'paper' AND q.quick_check <> 'ok' "
			  "LIMIT 1",
			  SQL_NONE, &rows, err);

	if (ret == 0)
		ret = sql_next(ledger, rows, err);
	if (ret <= 0)
		return ret;
	(void)sql_fail(ledger, SQLITE_CORRUPT, err);
	return mp_wrap(err, "table %s (%s)", (const char *)sqlite3_column_text(rows, 0),
		       (const char *)sqlite3_column_text(rows, 1));
}

static int read_boot(struct ledger *ledger, struct mp_error *err)
{
	static const char path[] = "/proc/sys/kernel/random/boot_id";
	mp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, ledger->boot, sizeof(ledger->boot) - 1);

	if (got <= 0)
		return mp_fail(err, MP_FAULT_HOST, fd < 0 ? -errno : -EIO, "reading '%s'", path);
	ledger->boot[strcspn(ledger->boot, "\n")] = '\0';
	return 0;
}

static int read_site_key(struct ledger *ledger, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *rows = NULL;
	int ret = sql_start(ledger, "SELECT key FROM site", SQL_NONE, &rows, err);

	if (ret == 0)
		ret = sql_next(ledger, rows, err);
	if (ret < 0)
		return ret;
	if (ret == 0 || sqlite3_column_bytes(rows, 0) != (int)sizeof(ledger->site_key))
		return sql_fail(ledger, SQLITE_CORRUPT, err);
	memcpy(ledger->site_key, sqlite3_column_blob(rows, 0), sizeof(ledger->site_key));
	return 0;
}

/* From the top, so that it holds when the current folder changes. */
static int name_file(struct ledger *ledger)
{
	mp_autofree char *folder = canonicalize_file_name(ledger->data);

	return !folder || asprintf(&ledger->path, "%s/" LEDGER_FILE, folder) < 0 ? -ENOMEM : 0;
}

static int prepare(struct ledger *ledger, const char *const *migrations, struct mp_error *err)
{
	int ret = open_database(ledger, err);

	if (ret == 0)
		ret = check_owner(ledger, err);
	if (ret == 0)
		ret = check_integrity(ledger, err);
	if (ret == 0 && !ledger->is_read_only)
		ret = set_wal(ledger, err);
	if (ret == 0)
		ret = ledger_migrate(ledger, migrations, err);
	if (ret == 0)
		ret = read_site_key(ledger, err);
	return ret == 0 ? read_boot(ledger, err) : ret;
}

int ledger_open_with(const char *data, enum ledger_open_as as, const char *const *migrations,
		     struct ledger **ret_ledger, struct mp_error *err)
{
	struct ledger *ledger = calloc(1, sizeof(*ledger));
	int ret = -ENOMEM;

	if (!ledger || sodium_init() < 0)
		goto out;
	ledger->data_fd = -1;
	ledger->is_read_only = as == LEDGER_READ_ONLY;
	ledger->data = strdup(data);
	if (!ledger->data)
		goto out;
	ret = open_folder(data, as, &ledger->data_fd, err);
	if (ret == 0)
		ret = name_file(ledger);
	if (ret == 0)
		ret = prepare(ledger, migrations, err);
out:
	if (ret == -ENOMEM)
		(void)mp_fail(err, MP_FAULT_HOST, ret, "opening the ledger in '%s'", data);
	if (ret < 0) {
		(void)ledger_close(ledger);
		return ret;
	}
	*ret_ledger = ledger;
	return 0;
}

int ledger_open(const char *data, enum ledger_open_as as, struct ledger **ret_ledger,
		struct mp_error *err)
{
	return ledger_open_with(data, as, ledger_migrations, ret_ledger, err);
}

struct ledger *ledger_close(struct ledger *ledger)
{
	if (!ledger)
		return NULL;
	for (size_t i = 0; i < ledger->statement_count; i++)
		(void)sqlite3_finalize(ledger->statements[i].statement);
	(void)sqlite3_close(ledger->db);
	if (ledger->data_fd >= 0)
		(void)close(ledger->data_fd);
	sodium_memzero(ledger->site_key, sizeof(ledger->site_key));
	free(ledger->path);
	free(ledger->data);
	free(ledger);
	return NULL;
}

void ledger_site_key(const struct ledger *ledger, unsigned char ret_key[32])
{
	memcpy(ret_key, ledger->site_key, sizeof(ledger->site_key));
}

/* --- transactions ------------------------------------------------------------------------------ */

int ledger_begin(struct ledger *ledger, struct mp_error *err)
{
	if (ledger->is_read_only)
		return ledger_say(err, MP_FAULT_HOST, -EROFS,
				  "the ledger in '%s' was opened to be read, and cannot be changed",
				  ledger->data);
	ledger->changes_before = sqlite3_total_changes(ledger->db);
	return sql_script(ledger, "BEGIN IMMEDIATE", err);
}

int ledger_end(struct ledger *ledger, int ret, struct mp_error *err)
{
	if (ret >= 0)
		ret = sql_script(ledger, "COMMIT", err);
	/* Some errors take the transaction back by themselves. */
	if (ret < 0) {
		if (!sqlite3_get_autocommit(ledger->db))
			(void)sqlite3_exec(ledger->db, "ROLLBACK", NULL, NULL, NULL);
		return ret;
	}
	if (sqlite3_total_changes(ledger->db) != ledger->changes_before)
		bell_ring(ledger->data_fd);
	return 0;
}
