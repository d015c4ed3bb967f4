/* SPDX-License-Identifier: MIT */
/* Prepared statements, and what the codes of SQLite mean for us. */
#include "grader/ledger/sql.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "grader/ledger/inner.h"

/* What one result code is: an extended one before its family. */
struct sql_code {
	int code;
	int is_family; /* the row stands for every extended code of CODE */
	int error;
	enum mp_fault fault;
	const char *say; /* %s: the data folder; NULL: the words of SQLite */
};

static const struct sql_code sql_codes[] = {
	{SQLITE_CONSTRAINT_FOREIGNKEY, 0, -ENOENT, MP_FAULT_USAGE,
	 "the ledger in '%s' has no such learner or ticket"},
	{SQLITE_CONSTRAINT_UNIQUE, 0, -EEXIST, MP_FAULT_USAGE,
	 "the ledger in '%s' has this already"},
	{SQLITE_CONSTRAINT_PRIMARYKEY, 0, -EEXIST, MP_FAULT_USAGE,
	 "the ledger in '%s' has this already"},
	{SQLITE_CONSTRAINT_TRIGGER, 0, -EPERM, MP_FAULT_BUG, NULL},
	{SQLITE_CONSTRAINT, 1, -EINVAL, MP_FAULT_BUG, NULL},
	{SQLITE_BUSY, 1, -EBUSY, MP_FAULT_HOST,
	 "another process has held the ledger in '%s' for more than ten seconds. Try again; "
	 "`fuser -v` on its ledger.db says who it is"},
	{SQLITE_LOCKED, 1, -EBUSY, MP_FAULT_HOST, "the ledger in '%s' is in use. Try again"},
	{SQLITE_FULL, 1, -ENOSPC, MP_FAULT_HOST,
	 "the disk that holds '%s' is full: nothing was changed. Make room and try again"},
	{SQLITE_READONLY, 1, -EROFS, MP_FAULT_HOST,
	 "'%s' cannot be written: nothing was changed. Mount it for writing, or give its owner the right to write"},
	{SQLITE_CORRUPT, 1, -EBADMSG, MP_FAULT_HOST,
	 "the ledger in '%s' is damaged. Stop everything that uses it, keep a copy of the folder, and put "
	 "the last backup in the place of ledger.db, without ledger.db-wal and ledger.db-shm"},
	{SQLITE_NOTADB, 1, -EBADMSG, MP_FAULT_HOST,
	 "ledger.db in '%s' is no ledger, or is damaged at its start. Keep a copy, and put the last backup in its "
	 "place, without ledger.db-wal and ledger.db-shm"},
	{SQLITE_CANTOPEN, 1, -EIO, MP_FAULT_HOST,
	 "the ledger in '%s' cannot be opened. Does the folder belong to you, and can it be written?"},
	{SQLITE_PERM, 1, -EACCES, MP_FAULT_HOST, "the ledger in '%s' may not be opened by you"},
	{SQLITE_IOERR, 1, -EIO, MP_FAULT_HOST, NULL},
	{SQLITE_NOMEM, 1, -ENOMEM, MP_FAULT_HOST, "no memory is left for the ledger in '%s'"},
	{SQLITE_TOOBIG, 1, -EFBIG, MP_FAULT_BUG,
	 "a text is too long for the ledger in '%s'; 64 MB are allowed"},
};

/* Where SQLITE only says that the disk would not, the kernel said why: the code that is meant. */
static int code_of_disk(struct ledger *ledger, int code)
{
	struct statvfs disk;

	switch (sqlite3_system_errno(ledger->db)) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return SQLITE_FULL;
	case EROFS:
		return SQLITE_READONLY;
	default:
		break;
	}
	/* For the files beside the ledger not even that is kept. */
	return fstatvfs(ledger->data_fd, &disk) == 0 && (disk.f_flag & ST_RDONLY) ? SQLITE_READONLY
										  : code;
}

int sql_fail(struct ledger *ledger, int code, struct mp_error *err)
{
	if ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN)
		code = code_of_disk(ledger, code);
	for (size_t i = 0; i < sizeof(sql_codes) / sizeof(sql_codes[0]); i++) {
		const struct sql_code *row = &sql_codes[i];

		if ((row->is_family ? code & 0xff : code) != row->code)
			continue;
		if (!row->say)
			return mp_fail(err, row->fault, row->error, "the ledger in '%s': %s",
				       ledger->data, sqlite3_errmsg(ledger->db));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		return ledger_say(err, row->fault, row->error, row->say, ledger->data);
#pragma GCC diagnostic pop
	}
	return mp_fail(err, MP_FAULT_BUG, -EIO, "the ledger in '%s': %s", ledger->data,
		       sqlite3_errmsg(ledger->db));
}

int sql_script(struct ledger *ledger, const char *sql, struct mp_error *err)
{
	int code = sqlite3_exec(ledger->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : sql_fail(ledger, code, err);
}

static int find_statement(struct ledger *ledger, const char *sql, sqlite3_stmt **ret_statement,
			  struct mp_error *err)
{
	sqlite3_stmt *statement;
	int code;

	for (size_t i = 0; i < ledger->statement_count; i++) {
		if (ledger->statements[i].sql == sql) {
			*ret_statement = ledger->statements[i].statement;
			return 0;
		}
	}
	if (ledger->statement_count == STATEMENTS_MOST)
		return mp_fail(err, MP_FAULT_BUG, -ENOBUFS,
			       "more statements than the ledger keeps");
	code = sqlite3_prepare_v3(ledger->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
	if (code != SQLITE_OK)
		return sql_fail(ledger, code, err);
	ledger->statements[ledger->statement_count].sql = sql;
	ledger->statements[ledger->statement_count++].statement = statement;
	*ret_statement = statement;
	return 0;
}

static int bind(sqlite3_stmt *statement, int place, const struct sql_value *value)
{
	if (value->kind == SQL_KIND_INT)
		return sqlite3_bind_int64(statement, place, value->number);
	if (value->kind == SQL_KIND_TEXT)
		return sqlite3_bind_text(statement, place, value->bytes, -1, SQLITE_STATIC);
	return sqlite3_bind_blob(statement, place, value->bytes, (int)value->number, SQLITE_STATIC);
}

int sql_start(struct ledger *ledger, const char *sql, const struct sql_value *values,
	      sqlite3_stmt **ret_statement, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *statement = NULL;
	int ret = find_statement(ledger, sql, &statement, err);

	for (int i = 0; ret == 0 && values && values[i].kind != SQL_KIND_END; i++) {
		int code = bind(statement, i + 1, &values[i]);

		if (code != SQLITE_OK)
			ret = sql_fail(ledger, code, err);
	}
	if (ret < 0)
		return ret;
	*ret_statement = statement;
	statement = NULL;
	return 0;
}

int sql_next(struct ledger *ledger, sqlite3_stmt *statement, struct mp_error *err)
{
	int code = sqlite3_step(statement);

	if (code == SQLITE_ROW)
		return 1;
	return code == SQLITE_DONE ? 0 : sql_fail(ledger, code, err);
}

/* A statement that is not reset holds what it reads: nothing could be removed for real. */
void sql_stop(sqlite3_stmt **statement)
{
	if (!*statement)
		return;
	(void)sqlite3_reset(*statement);
	(void)sqlite3_clear_bindings(*statement);
	*statement = NULL;
}

const char *sql_text(sqlite3_stmt *statement, int column, struct arena *arena)
{
	return arena_text(arena, (const char *)sqlite3_column_text(statement, column));
}

int sql_run(struct ledger *ledger, const char *sql, const struct sql_value *values,
	    struct mp_error *err)
{
	mp_autosql sqlite3_stmt *statement = NULL;
	int ret = sql_start(ledger, sql, values, &statement, err);

	if (ret == 0)
		ret = sql_next(ledger, statement, err);
	return ret < 0 ? ret : sqlite3_changes(ledger->db);
}

int sql_number(struct ledger *ledger, const char *sql, const struct sql_value *values,
	       int64_t *ret_number, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *statement = NULL;
	int ret = sql_start(ledger, sql, values, &statement, err);

	if (ret == 0)
		ret = sql_next(ledger, statement, err);
	if (ret < 0)
		return ret;
	if (ret == 0)
		return -ENOENT;
	*ret_number = sqlite3_column_int64(statement, 0);
	return 0;
}
