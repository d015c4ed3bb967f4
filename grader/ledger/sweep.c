/* SPDX-License-Identifier: MIT */
/*
 * The sweep: what a killed process left half way is brought to an end. Ages are counted by CLOCK_BOOTTIME, and what
 * another start of the machine left is old in any case: no clock that somebody sets holds a ticket.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "grader/ledger/inner.h"
#include "sandbox/base/clock.h"

/* So often may workers die over a ticket before that is thought to be the ticket's doing. */
enum { LOSSES_MOST = 10 };

static const char lost[] = "its worker was not heard of any more: it ended, or hung";

/*
 * What was killed, with its machine or alone, says nothing of the ticket: it waits again, as often as need be within
 * reason. Each loss is an event, which a push that still waits shows.
 */
static int lose(struct ledger *ledger, int64_t ticket, const char *reason, struct mp_error *err)
{
	int64_t losses = 0;
	int ret =
		sql_number(ledger, "SELECT count(*) FROM event WHERE ticket = ?1 AND kind = 'lost'",
			   SQL_WITH(SQL_INT(ticket)), &losses, err);

	if (ret == 0 && losses >= LOSSES_MOST)
		return ticket_lose(ledger, ticket, reason, err);
	if (ret == 0)
		ret = sql_run(
			ledger,
			"INSERT INTO event (ticket, number, at, kind, body) SELECT ?1, "
			"1 + coalesce(max(number), 0), ?2, 'lost', json_object('lines', json_array("
			"'milepost: what graded this push has ended; it is graded anew.')) "
			"FROM event WHERE ticket = ?1",
			SQL_WITH(SQL_INT(ticket), SQL_INT(clock_wall_ms())), err);
	return ret < 0 ? ret : ticket_again(ledger, ticket, reason, err);
}

/* Each ticket that the query NEXT names, one at a time, until it names none; in one transaction. */
static int lose_all(struct ledger *ledger, const char *next, const struct sql_value *with,
		    const char *reason, struct mp_error *err)
{
	int64_t ticket;
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	while (ret == 0) {
		ret = sql_number(ledger, next, with, &ticket, err);
		if (ret == 0)
			ret = lose(ledger, ticket, reason, err);
	}
	return ledger_end(ledger, ret == -ENOENT ? 0 : ret, err);
}

/* Claims whose lease ran out. */
static int end_leases(struct ledger *ledger, struct mp_error *err)
{
	return lose_all(ledger,
			"SELECT id FROM ticket WHERE state = 'claimed' "
			"AND (boot <> ?1 OR boot_ms <= ?2) LIMIT 1",
			SQL_WITH(SQL_TEXT(ledger->boot), SQL_INT(ledger_boot_ms())), lost, err);
}

int ticket_lost(struct ledger *ledger, int64_t ticket, const char *worker, const char *reason,
		struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = ticket_check_worker(ledger, ticket, worker, err);
	if (ret == 0)
		ret = lose(ledger, ticket, reason, err);
	return ledger_end(ledger, ret, err);
}

void worker_name_of(const char *given, int64_t pid, char ret_name[WORKER_NAME])
{
	char host[65] = "";

	(void)gethostname(host, sizeof(host) - 1);
	(void)snprintf(ret_name, WORKER_NAME, "%.40s-%s-%lld-", given, host, (long long)pid);
}

int ticket_lost_all(struct ledger *ledger, const char *name, struct mp_error *err)
{
	return lose_all(ledger,
			"SELECT id FROM ticket WHERE state = 'claimed' "
			"AND substr(worker, 1, length(?1)) = ?1 LIMIT 1",
			SQL_WITH(SQL_TEXT(name)), "its worker was killed", err);
}

/* Tickets that are receiving for too long. */
static int list_stale(struct ledger *ledger, int64_t after_ms, struct arena *arena,
		      struct ticket **ret_tickets, size_t *ret_count, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	int ret = sql_start(
		ledger,
		"SELECT " TICKET_COLUMNS " FROM ticket t JOIN learner l ON l.id = t.learner "
		"WHERE t.state = 'receiving' AND (t.boot <> ?1 OR t.boot_ms <= ?2) "
		"ORDER BY t.id",
		SQL_WITH(SQL_TEXT(ledger->boot), SQL_INT(ledger_boot_ms() - after_ms)), &row, err);

	while (ret == 0 && (ret = sql_next(ledger, row, err)) == 1) {
		ticket_read(row, arena,
			    arena_push(arena, ret_tickets, ret_count, sizeof(**ret_tickets)));
		ret = 0;
	}
	return ret;
}

/* While its repository was asked, a ticket may have been settled by its own push: then it is well. */
static int settle(struct ledger *ledger, const struct ticket *ticket, bool has,
		  struct mp_error *err)
{
	int64_t one;
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = sql_number(ledger, "SELECT 1 FROM ticket WHERE id = ?1 AND state = 'receiving'",
			 SQL_WITH(SQL_INT(ticket->id)), &one, err);
	if (ret == 0)
		ret = ticket_settle(ledger, ticket->id, has,
				    has ? "" : "the push ended before its branch was moved", err);
	return ledger_end(ledger, ret == -ENOENT ? 0 : ret, err);
}

static int settle_stale(struct ledger *ledger, int64_t after_ms, ledger_has_commit_fn *has_commit,
			void *context, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	struct ticket *tickets = NULL;
	size_t count = 0;
	int first = list_stale(ledger, after_ms, arena, &tickets, &count, err);

	/* One repository that cannot be read does not hold the others: the first error is told at the end. */
	for (size_t i = 0; i < count; i++) {
		bool has = false;
		int ret = has_commit(context, &tickets[i], &has, first < 0 ? NULL : err);

		if (ret == 0)
			ret = settle(ledger, &tickets[i], has, first < 0 ? NULL : err);
		if (first == 0)
			first = ret;
	}
	return first;
}

/* What has ended by its time; and the log is emptied, so that what was removed is gone from it too. */
static int clean(struct ledger *ledger, struct mp_error *err)
{
	int64_t now = clock_wall_ms();
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = sql_run(ledger, "DELETE FROM link WHERE ends_at <= ?1", SQL_WITH(SQL_INT(now)), err);
	if (ret >= 0)
		ret = sql_run(ledger, "DELETE FROM session WHERE ends_at <= ?1",
			      SQL_WITH(SQL_INT(now)), err);
	ret = ledger_end(ledger, ret, err);
	/* Now or the next time: nobody waits for this. */
	(void)sqlite3_busy_timeout(ledger->db, 0);
	(void)sqlite3_wal_checkpoint_v2(ledger->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	(void)sqlite3_busy_timeout(ledger->db, BUSY_MS);
	return ret;
}

int ledger_sweep(struct ledger *ledger, int64_t after_ms, ledger_has_commit_fn *has_commit,
		 void *context, struct mp_error *err)
{
	int ret = end_leases(ledger, err);

	if (ret == 0 && has_commit)
		ret = settle_stale(ledger, after_ms, has_commit, context, err);
	if (ret == 0)
		ret = clean(ledger, err);
	return ret;
}
