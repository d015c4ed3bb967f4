/* SPDX-License-Identifier: MIT */
/* Events: what happens to a ticket, numbered from 1. */
#include <errno.h>

#include "grader/ledger/inner.h"
#include "sandbox/base/clock.h"

int event_add(struct ledger *ledger, int64_t ticket, const char *kind, const char *body,
	      struct mp_error *err)
{
	int64_t is_object = 0;
	int ret = sql_number(
		ledger, "SELECT CASE WHEN json_valid(?1) THEN json_type(?1) = 'object' ELSE 0 END",
		SQL_WITH(SQL_TEXT(body)), &is_object, err);

	if (ret == 0 && !is_object)
		return mp_fail(err, MP_FAULT_BUG, -EBADMSG,
			       "an event's body is no JSON object: %.80s", body);
	if (ret == 0)
		ret = ledger_begin(ledger, err);
	if (ret < 0)
		return ret;
	ret = sql_run(
		ledger,
		"INSERT INTO event (ticket, number, at, kind, body) VALUES (?1, "
		"(SELECT 1 + coalesce(max(number), 0) FROM event WHERE ticket = ?1), ?2, ?3, ?4)",
		SQL_WITH(SQL_INT(ticket), SQL_INT(clock_wall_ms()), SQL_TEXT(kind), SQL_TEXT(body)),
		err);
	if (ret == -ENOENT)
		ret = ledger_say(err, MP_FAULT_USAGE, ret, "there is no ticket number %lld",
				 (long long)ticket);
	return ledger_end(ledger, ret, err);
}

int event_list(struct ledger *ledger, int64_t ticket, int64_t after, struct arena *arena,
	       struct event **ret_events, size_t *ret_count, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	struct event *events = NULL;
	size_t count = 0;
	int ret = sql_start(
		ledger,
		"SELECT number, at, kind, body FROM event WHERE ticket = ?1 AND number > ?2 "
		"ORDER BY number",
		SQL_WITH(SQL_INT(ticket), SQL_INT(after)), &row, err);

	while (ret == 0 && (ret = sql_next(ledger, row, err)) == 1) {
		struct event *event = arena_push(arena, &events, &count, sizeof(*events));

		*event = (struct event){
			.ticket = ticket,
			.number = sqlite3_column_int64(row, 0),
			.at = sqlite3_column_int64(row, 1),
			.kind = sql_text(row, 2, arena),
			.body = sql_text(row, 3, arena),
		};
		ret = 0;
	}
	if (ret < 0)
		return ret;
	*ret_events = events;
	*ret_count = count;
	return 0;
}
