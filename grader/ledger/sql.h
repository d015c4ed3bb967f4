/* SPDX-License-Identifier: MIT */
/*
 * Small helpers over prepared statements. SQL texts are literals: a statement is kept by the address of
 * its text until the ledger is closed.
 */
#ifndef GRADER_LEDGER_SQL_H
#define GRADER_LEDGER_SQL_H

#include <milepost/error.h>
#include <sqlite3.h>
#include <stdint.h>

#include "sandbox/base/arena.h"

struct ledger;

enum sql_kind { SQL_KIND_END, SQL_KIND_INT, SQL_KIND_TEXT, SQL_KIND_BYTES };

/* One value for a "?": borrowed until the statement was run. */
struct sql_value {
	enum sql_kind kind;
	int64_t number;	   /* or how many bytes */
	const void *bytes; /* a text; NULL: NULL */
};

/* SQL_WITH(SQL_INT(ticket), SQL_TEXT(reason)): the values of ?1, ?2, ... */
#define SQL_INT(VALUE)                                                                             \
	{                                                                                          \
		SQL_KIND_INT, (VALUE), NULL                                                        \
	}
#define SQL_TEXT(VALUE)                                                                            \
	{                                                                                          \
		SQL_KIND_TEXT, 0, (VALUE)                                                          \
	}
#define SQL_BYTES(VALUE, COUNT)                                                                    \
	{                                                                                          \
		SQL_KIND_BYTES, (COUNT), (VALUE)                                                   \
	}
#define SQL_WITH(...) ((const struct sql_value[]){__VA_ARGS__, {SQL_KIND_END, 0, NULL}})
#define SQL_NONE      NULL

/* The error of the last call, by its code of SQLite: one table of ours says errno, fault and sentence. */
int sql_fail(struct ledger *ledger, int code, struct mp_error *err);

/* Statements without values or rows, one after another. */
MP_MUST_CHECK int sql_script(struct ledger *ledger, const char *sql, struct mp_error *err);

/* Begin a statement whose rows are read one by one. The local that holds it is mp_autosql. */
MP_MUST_CHECK int sql_start(struct ledger *ledger, const char *sql, const struct sql_value *values,
			    sqlite3_stmt **ret_statement, struct mp_error *err);
/* 1: here is a row; 0: there are no more. */
MP_MUST_CHECK int sql_next(struct ledger *ledger, sqlite3_stmt *statement, struct mp_error *err);
void sql_stop(sqlite3_stmt **statement);
#define mp_autosql __attribute__((cleanup(sql_stop)))

/* A copy of a column's text; NULL for NULL. */
const char *sql_text(sqlite3_stmt *statement, int column, struct arena *arena);

/* Run a statement that changes rows; returns how many. */
MP_MUST_CHECK int sql_run(struct ledger *ledger, const char *sql, const struct sql_value *values,
			  struct mp_error *err);

/* The first column of the first row; -ENOENT, and no words yet, when there is none. */
MP_MUST_CHECK int sql_number(struct ledger *ledger, const char *sql, const struct sql_value *values,
			     int64_t *ret_number, struct mp_error *err);

#endif
