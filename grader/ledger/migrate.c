/* SPDX-License-Identifier: MIT */
/*
 * The tables, as a list of migrations: the n-th text makes version n + 1 from version n. A text that was published
 * is never changed; what shall be otherwise is a new one. The file keeps its version (user_version).
 */
#include <errno.h>
#include <sodium.h>
#include <stddef.h>
#include <stdio.h>

#include "grader/ledger/inner.h"

const char *const ledger_migrations[] = {
	/* 1 */
	"CREATE TABLE site ("
	" id INTEGER PRIMARY KEY CHECK (id = 1),"
	" key BLOB NOT NULL CHECK (length(key) = 32),"
	" claims INTEGER NOT NULL DEFAULT 0" /* how many tickets were claimed: the order of learner.served */
	") STRICT;"

	"CREATE TABLE learner ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" handle TEXT NOT NULL UNIQUE,"
	" name TEXT NOT NULL, track TEXT NOT NULL, language TEXT NOT NULL, section TEXT NOT NULL,"
	" added_at INTEGER NOT NULL,"
	" is_closed INTEGER NOT NULL DEFAULT 0 CHECK (is_closed IN (0, 1)),"
	" served INTEGER NOT NULL DEFAULT 0" /* number of the claim that served them last */
	") STRICT;"

	/* learner NULL: the instructor's */
	"CREATE TABLE token ("
	" hash BLOB PRIMARY KEY,"
	" learner INTEGER REFERENCES learner ON DELETE CASCADE,"
	" made_at INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX token_by_learner ON token (learner);"
	"CREATE TABLE link ("
	" text TEXT PRIMARY KEY,"
	" learner INTEGER NOT NULL REFERENCES learner ON DELETE CASCADE,"
	" ends_at INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX link_by_learner ON link (learner);"
	"CREATE TABLE session ("
	" hash BLOB PRIMARY KEY,"
	" learner INTEGER REFERENCES learner ON DELETE CASCADE,"
	" form TEXT NOT NULL,"
	" ends_at INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX session_by_learner ON session (learner);"

	/*
	 * boot and boot_ms: since when it is receiving, or until when its claim lasts, by a clock that nobody sets, and
	 * the start of the machine that it counts from.
	 */
	"CREATE TABLE ticket ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" learner INTEGER NOT NULL REFERENCES learner ON DELETE CASCADE,"
	" state TEXT NOT NULL CHECK (state IN"
	"  ('receiving', 'queued', 'claimed', 'graded', 'replaced', 'void', 'failed')),"
	" ref TEXT NOT NULL, old_hex TEXT NOT NULL, commit_hex TEXT NOT NULL,"
	" exercise TEXT,"
	" is_regrade INTEGER NOT NULL CHECK (is_regrade IN (0, 1)),"
	" received_at INTEGER NOT NULL,"
	" claimed_at INTEGER NOT NULL DEFAULT 0, ended_at INTEGER NOT NULL DEFAULT 0,"
	" faults INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',"
	" replaced_by INTEGER REFERENCES ticket ON DELETE SET NULL,"
	" worker TEXT, boot TEXT NOT NULL, boot_ms INTEGER NOT NULL,"
	" CHECK ((state = 'claimed') = (worker IS NOT NULL))"
	") STRICT;"
	"CREATE INDEX ticket_by_state ON ticket (state, learner);"
	"CREATE INDEX ticket_by_learner ON ticket (learner, received_at);"
	"CREATE INDEX ticket_by_replaced ON ticket (replaced_by);"

	"CREATE TABLE event ("
	" ticket INTEGER NOT NULL REFERENCES ticket ON DELETE CASCADE,"
	" number INTEGER NOT NULL,"
	" at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,"
	" PRIMARY KEY (ticket, number)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE score ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" ticket INTEGER NOT NULL REFERENCES ticket ON DELETE CASCADE,"
	" learner INTEGER NOT NULL REFERENCES learner ON DELETE CASCADE,"
	" exercise TEXT NOT NULL, version INTEGER NOT NULL,"
	" exercise_version INTEGER NOT NULL, exercise_hash TEXT NOT NULL, input_key TEXT NOT NULL,"
	" seed TEXT NOT NULL,"
	" score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),"
	" counted INTEGER NOT NULL CHECK (counted BETWEEN 0 AND 100),"
	" points INTEGER NOT NULL CHECK (points >= 0),"
	" status TEXT NOT NULL, milestone INTEGER NOT NULL, graded_at INTEGER NOT NULL,"
	" UNIQUE (learner, exercise, version),"
	" UNIQUE (ticket, exercise)"
	") STRICT;"
	/* The long texts of a score: apart, so that lists do not read past them. */
	"CREATE TABLE paper ("
	" score INTEGER PRIMARY KEY REFERENCES score ON DELETE CASCADE,"
	" card TEXT NOT NULL, run TEXT NOT NULL,"
	" page TEXT NOT NULL, page_of_instructor TEXT NOT NULL,"
	" card_of_instructor TEXT NOT NULL"
	") STRICT;"

	/* What was scored stays as it was. While there is a row here, forgetting is under way: then it may go. */
	"CREATE TABLE forgetting (learner INTEGER PRIMARY KEY) STRICT;"
	"CREATE TRIGGER score_stays BEFORE UPDATE ON score BEGIN"
	" SELECT raise(ABORT, 'a score is never changed'); END;"
	"CREATE TRIGGER score_is_kept BEFORE DELETE ON score"
	" WHEN NOT EXISTS (SELECT 1 FROM forgetting) BEGIN"
	" SELECT raise(ABORT, 'a score goes only when its learner or commit is forgotten'); END;"
	"CREATE TRIGGER paper_stays BEFORE UPDATE ON paper BEGIN"
	" SELECT raise(ABORT, 'a scorecard is never changed'); END;"
	"CREATE TRIGGER paper_is_kept BEFORE DELETE ON paper"
	" WHEN NOT EXISTS (SELECT 1 FROM forgetting) BEGIN"
	" SELECT raise(ABORT, 'a scorecard goes only when its learner or commit is forgotten'); END;"

	"CREATE TABLE policy ("
	" exercise TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
	" PRIMARY KEY (exercise, name)"
	") STRICT, WITHOUT ROWID;",
	NULL,
};

static int version_of(struct ledger *ledger, int64_t *ret_version, struct mp_error *err)
{
	return sql_number(ledger, "PRAGMA user_version", SQL_NONE, ret_version, err);
}

/* Version VERSION + 1, and the number of it. */
static int apply(struct ledger *ledger, int64_t version, const char *migration,
		 struct mp_error *err)
{
	unsigned char key[32];
	char mark[96];
	int ret = sql_script(ledger, migration, err);

	if (ret == 0 && version == 0) {
		randombytes_buf(key, sizeof(key));
		ret = sql_run(ledger, "INSERT INTO site (id, key) VALUES (1, ?1)",
			      SQL_WITH(SQL_BYTES(key, sizeof(key))), err);
	}
	if (ret < 0)
		return ret;
	(void)snprintf(mark, sizeof(mark), "PRAGMA user_version = %d; PRAGMA application_id = %d",
		       (int)version + 1, APPLICATION_ID);
	return sql_script(ledger, mark, err);
}

/* Inside the transaction: the writer's lock is ours, so nobody else migrates. */
static int bring_up(struct ledger *ledger, const char *const *migrations, struct mp_error *err)
{
	int64_t version = 0;
	int ret = version_of(ledger, &version, err);

	if (ret == 0 && version > 0 && migrations[version])
		ret = ledger_copy_before(ledger, err);
	for (; ret == 0 && migrations[version]; version++)
		ret = apply(ledger, version, migrations[version], err);
	return ret;
}

int ledger_migrate(struct ledger *ledger, const char *const *migrations, struct mp_error *err)
{
	int64_t version = 0;
	int64_t newest = 0;
	int ret = version_of(ledger, &version, err);

	while (migrations[newest])
		newest++;
	if (ret < 0)
		return ret;
	if (version < 0 || version > newest)
		return ledger_say(
			err, MP_FAULT_USAGE, -EBADMSG,
			"the ledger in '%s' is from a newer milepost (its tables have version "
			"%lld, this program knows %lld). Install that milepost again; nothing "
			"was changed",
			ledger->data, (long long)version, (long long)newest);
	if (version < newest && ledger->is_read_only)
		return ledger_say(
			err, MP_FAULT_USAGE, -EBADMSG,
			"the ledger in '%s' is from an older milepost, and may only be read "
			"now. Start `milepost serve` on it once, which brings it up to date",
			ledger->data);
	if (version < newest) {
		ret = ledger_begin(ledger, err);
		if (ret == 0)
			ret = ledger_end(ledger, bring_up(ledger, migrations, err), err);
		if (ret < 0) {
			(void)mp_wrap(err, "bringing the ledger up to date");
			return ret;
		}
	}
	if (!ledger->is_read_only)
		ledger_drop_before(ledger);
	return 0;
}
