/* SPDX-License-Identifier: MIT */
/* Tickets, looked at: one, many, and the place in the queue. */
#include <errno.h>
#include <string.h>

#include "grader/ledger/inner.h"
#include "grader/ledger/queue.h"

void ticket_read(sqlite3_stmt *row, struct arena *arena, struct ticket *ret_ticket)
{
	*ret_ticket = (struct ticket){
		.id = sqlite3_column_int64(row, 0),
		.learner = sqlite3_column_int64(row, 1),
		.handle = sql_text(row, 2, arena),
		.state = ticket_state_of((const char *)sqlite3_column_text(row, 3)),
		.ref = sql_text(row, 4, arena),
		.old_commit = sql_text(row, 5, arena),
		.commit = sql_text(row, 6, arena),
		.exercise = sql_text(row, 7, arena),
		.is_regrade = sqlite3_column_int64(row, 8) != 0,
		.received_at = sqlite3_column_int64(row, 9),
		.claimed_at = sqlite3_column_int64(row, 10),
		.ended_at = sqlite3_column_int64(row, 11),
		.faults = sqlite3_column_int(row, 12),
		.reason = sql_text(row, 13, arena),
		.replaced_by = sqlite3_column_int64(row, 14),
	};
}

int ticket_find(struct ledger *ledger, int64_t ticket, struct arena *arena,
		struct ticket *ret_ticket, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	int ret = sql_start(ledger,
			    "SELECT " TICKET_COLUMNS
			    " FROM ticket t JOIN learner l ON l.id = t.learner "
			    "WHERE t.id = ?1",
			    SQL_WITH(SQL_INT(ticket)), &row, err);

	if (ret == 0)
		ret = sql_next(ledger, row, err);
	if (ret == 0)
		return ledger_say(err, MP_FAULT_USAGE, -ENOENT, "there is no ticket number %lld",
				  (long long)ticket);
	if (ret < 0)
		return ret;
	ticket_read(row, arena, ret_ticket);
	return 0;
}

int ticket_list(struct ledger *ledger, int64_t learner, enum ticket_state state, size_t most,
		struct arena *arena, struct ticket **ret_tickets, size_t *ret_count,
		struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	struct ticket *tickets = NULL;
	size_t count = 0;
	int64_t limit = most > INT32_MAX ? INT32_MAX : (int64_t)most;
	int ret = sql_start(
		ledger,
		"SELECT " TICKET_COLUMNS " FROM ticket t JOIN learner l ON l.id = t.learner "
		"WHERE (?1 = 0 OR t.learner = ?1) AND (?2 IS NULL OR t.state = ?2) "
		"ORDER BY t.id DESC LIMIT ?3",
		SQL_WITH(SQL_INT(learner), SQL_TEXT(ticket_state_words[state]), SQL_INT(limit)),
		&row, err);

	while (ret == 0 && (ret = sql_next(ledger, row, err)) == 1) {
		ticket_read(row, arena, arena_push(arena, &tickets, &count, sizeof(*tickets)));
		ret = 0;
	}
	if (ret < 0)
		return ret;
	*ret_tickets = tickets;
	*ret_count = count;
	return 0;
}

int ticket_count(struct ledger *ledger, int64_t ret_counts[TICKET_STATES], int64_t *ret_oldest,
		 struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	int64_t counts[TICKET_STATES] = {0};
	int ret = sql_start(ledger, "SELECT state, count(*) FROM ticket GROUP BY state", SQL_NONE,
			    &row, err);

	while (ret == 0 && (ret = sql_next(ledger, row, err)) == 1) {
		enum ticket_state state =
			ticket_state_of((const char *)sqlite3_column_text(row, 0));

		if (state < TICKET_STATES)
			counts[state] = sqlite3_column_int64(row, 1);
		ret = 0;
	}
	if (ret == 0)
		ret = sql_number(ledger,
				 "SELECT coalesce(min(received_at), 0) FROM ticket "
				 "WHERE state = 'queued'",
				 SQL_NONE, ret_oldest, err);
	if (ret == 0)
		memcpy(ret_counts, counts, sizeof(counts));
	return ret;
}

int ticket_place(struct ledger *ledger, int64_t ticket, int64_t *ret_place, struct mp_error *err)
{
	int ret = sql_number(ledger, "SELECT place FROM (" QUEUE ") WHERE id = ?1",
			     SQL_WITH(SQL_INT(ticket)), ret_place, err);

	if (ret != -ENOENT)
		return ret;
	*ret_place = 0;
	return 0;
}
