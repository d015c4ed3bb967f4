/* SPDX-License-Identifier: MIT */
/* What the files of this room share. */
#ifndef GRADER_LEDGER_INNER_H
#define GRADER_LEDGER_INNER_H

#include "grader/ledger/ledger.h"
#include "grader/ledger/sql.h"

enum { STATEMENTS_MOST = 96, BUSY_MS = 10000, APPLICATION_ID = 0x6d696c65 /* "mile" */ };

struct ledger {
	sqlite3 *db; /* owned */
	int data_fd; /* owned: the data folder */
	char *data;  /* owned: its name, for messages */
	char *path;  /* owned: of the database */
	bool is_read_only;
	int changes_before; /* of the transaction under way */
	char boot[64];	    /* the id of this start of the machine */
	unsigned char site_key[32];
	struct {
		const char *sql; /* static */
		sqlite3_stmt *statement;
	} statements[STATEMENTS_MOST];
	size_t statement_count;
};

/* An error whose sentence says all there is to say: nothing is added of the errno CODE. */
int ledger_say(struct mp_error *err, enum mp_fault fault, int code, const char *format, ...)
	MP_PRINTF(4, 5);

/* Every function that changes something: begin, its statements, then end with what came of them. Ending
 * commits, or takes everything back when RET is negative; then the bell is rung. */
MP_MUST_CHECK int ledger_begin(struct ledger *ledger, struct mp_error *err);
MP_MUST_CHECK int ledger_end(struct ledger *ledger, int ret, struct mp_error *err);

/* CLOCK_BOOTTIME in ms: it goes on while the machine sleeps, and nobody sets it. */
int64_t ledger_boot_ms(void);

/* --- migrate.c -------------------------------------------------------------------------------- */

/* The n-th text makes version n + 1 of the tables from version n; NULL ends the list. */
extern const char *const ledger_migrations[];
#define LEDGER_FILE   "ledger.db"
#define LEDGER_BEFORE "ledger.db.before"

/* ledger_open() with other migrations than the program's: for the tests of migrating. */
MP_MUST_CHECK int ledger_open_with(const char *data, enum ledger_open_as as,
				   const char *const *migrations, struct ledger **ret_ledger,
				   struct mp_error *err);
MP_MUST_CHECK int ledger_migrate(struct ledger *ledger, const char *const *migrations,
				 struct mp_error *err);
/*
 * The copy that is kept while migrating; the writer's lock is held. What an earlier try left is replaced: it did not
 * come to its end, so the ledger is as it was. And that copy taken away, half or whole.
 */
MP_MUST_CHECK int ledger_copy_before(struct ledger *ledger, struct mp_error *err);
void ledger_drop_before(struct ledger *ledger);

/* --- inside a transaction ---------------------------------------------------------------------- */

/* -ENOENT, with a sentence, when there is no such learner. */
MP_MUST_CHECK int learner_must_be(struct ledger *ledger, int64_t learner, struct mp_error *err);

/* Whose claim is it? -EPERM: not this worker's. */
MP_MUST_CHECK int ticket_check_worker(struct ledger *ledger, int64_t ticket, const char *worker,
				      struct mp_error *err);
/* A fault of ours with a claimed ticket: once more, or it has failed. */
MP_MUST_CHECK int ticket_lose(struct ledger *ledger, int64_t ticket, const char *reason,
			      struct mp_error *err);

/* A claimed ticket waits again, and no fault is counted; in the caller's transaction. */
MP_MUST_CHECK int ticket_again(struct ledger *ledger, int64_t ticket, const char *reason,
			       struct mp_error *err);
/* The ref of a ticket has moved, or not: as ticket_queue() and ticket_void(). */
MP_MUST_CHECK int ticket_settle(struct ledger *ledger, int64_t ticket, bool has_moved,
				const char *reason, struct mp_error *err);

/* Columns of the table ticket, in the order that ticket_read() wants. */
#define TICKET_COLUMNS                                                                             \
	"t.id, t.learner, l.handle, t.state, t.ref, t.old_hex, t.commit_hex, t.exercise, "         \
	"t.is_regrade, t.received_at, t.claimed_at, t.ended_at, t.faults, t.reason, "              \
	"coalesce(t.replaced_by, 0)"
void ticket_read(sqlite3_stmt *row, struct arena *arena, struct ticket *ret_ticket);

/* Add one version for a result of a ticket. */
MP_MUST_CHECK int score_add(struct ledger *ledger, int64_t ticket, const struct result *result,
			    struct mp_error *err);

/* The value that holds for EXERCISE ("": for all) as a whole number, a moment in ms (0: none), or the index of
 * its word. */
MP_MUST_CHECK int policy_number(struct ledger *ledger, const char *exercise, const char *name,
				int64_t *ret_number, struct mp_error *err);

#endif
