/* SPDX-License-Identifier: MIT */
/*
 * Tickets. Every change of a state goes through ticket_move(), and that through one table; what an end adds (the
 * event that says so) is added there too.
 */
#include <errno.h>
#include <string.h>

#include "grader/ledger/inner.h"
#include "grader/ledger/queue.h"
#include "sandbox/base/clock.h"

enum { FAULTS_MOST = 2 };

#define HOUR_MS (60 * 60 * 1000LL)
#define DAY_MS	(24 * HOUR_MS)

const char *const ticket_state_words[] = {"receiving", "queued", "claimed", "graded",
					  "replaced",  "void",	 "failed",  NULL};

/* What is done to a ticket. */
enum act {
	ACT_QUEUE,
	ACT_VOID,
	ACT_REPLACE,
	ACT_CLAIM,
	ACT_GRADE,
	ACT_AGAIN,
	ACT_GIVE_UP,
	ACT_RETRY
};
static const char *const act_words[] = {"queued", "dropped",	  "replaced", "claimed",
					"graded", "queued again", "given up", "queued again"};

static const struct move {
	enum act act;
	enum ticket_state from, to;
} ticket_moves[] = {
	{ACT_QUEUE, TICKET_RECEIVING, TICKET_QUEUED}, /* the ref has moved */
	{ACT_QUEUE, TICKET_VOID, TICKET_QUEUED},      /* it did after all: it was swept too early */
	{ACT_VOID, TICKET_RECEIVING, TICKET_VOID},    /* the push did not happen */
	{ACT_VOID, TICKET_QUEUED, TICKET_VOID},	      /* an operator drops it */
	{ACT_VOID, TICKET_FAILED, TICKET_VOID},	      /* the same */
	{ACT_REPLACE, TICKET_QUEUED, TICKET_REPLACED}, /* by a newer push */
	{ACT_CLAIM, TICKET_QUEUED, TICKET_CLAIMED},    /* a worker takes it */
	{ACT_GRADE, TICKET_CLAIMED, TICKET_GRADED},    /* and ends it */
	{ACT_AGAIN, TICKET_CLAIMED, TICKET_QUEUED},    /* a first fault of ours */
	{ACT_GIVE_UP, TICKET_CLAIMED, TICKET_FAILED},  /* the last one */
	{ACT_RETRY, TICKET_FAILED, TICKET_QUEUED},     /* an operator wants it again */
	{ACT_RETRY, TICKET_VOID, TICKET_QUEUED},       /* the same */
};

static bool is_end(enum ticket_state state)
{
	return state == TICKET_GRADED || state == TICKET_REPLACED || state == TICKET_VOID ||
	       state == TICKET_FAILED;
}

enum ticket_state ticket_state_of(const char *word)
{
	int state = 0;

	while (ticket_state_words[state] && strcmp(ticket_state_words[state], word) != 0)
		state++;
	return (enum ticket_state)state;
}

static int no_ticket(int64_t ticket, struct mp_error *err)
{
	return ledger_say(err, MP_FAULT_USAGE, -ENOENT, "there is no ticket number %lld",
			  (long long)ticket);
}

/* What an end tells those who wait for it. */
static int add_end(struct ledger *ledger, int64_t ticket, struct mp_error *err)
{
	return sql_run(
		ledger,
		"INSERT INTO event (ticket, number, at, kind, body) SELECT id, "
		"(SELECT 1 + coalesce(max(number), 0) FROM event WHERE ticket = ?1), ended_at, "
		"'ended', json_object('reason', reason, 'replaced_by', replaced_by, 'state', state) "
		"FROM ticket WHERE id = ?1",
		SQL_WITH(SQL_INT(ticket)), err);
}

/* Do ACT to a ticket, whose WORKER is set only when that claims it. */
static int ticket_move(struct ledger *ledger, int64_t ticket, enum act act, const char *worker,
		       struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	enum ticket_state from;
	const struct move *move = NULL;
	int ret = sql_start(ledger, "SELECT state FROM ticket WHERE id = ?1",
			    SQL_WITH(SQL_INT(ticket)), &row, err);

	if (ret == 0)
		ret = sql_next(ledger, row, err);
	if (ret <= 0)
		return ret == 0 ? no_ticket(ticket, err) : ret;
	from = ticket_state_of((const char *)sqlite3_column_text(row, 0));
	for (size_t i = 0; i < sizeof(ticket_moves) / sizeof(ticket_moves[0]); i++) {
		if (ticket_moves[i].act == act && ticket_moves[i].from == from)
			move = &ticket_moves[i];
	}
	if (!move)
		return ledger_say(err, MP_FAULT_USAGE, -EPERM,
				  "ticket %lld is %s, so it cannot be %s", (long long)ticket,
				  ticket_state_words[from], act_words[act]);
	ret = sql_run(ledger,
		      "UPDATE ticket SET state = ?2, worker = ?3, ended_at = ?4 WHERE id = ?1",
		      SQL_WITH(SQL_INT(ticket), SQL_TEXT(ticket_state_words[move->to]),
			       SQL_TEXT(worker), SQL_INT(is_end(move->to) ? clock_wall_ms() : 0)),
		      err);
	if (ret >= 0 && is_end(move->to))
		ret = add_end(ledger, ticket, err);
	return ret < 0 ? ret : 0;
}

/* --- receiving -------------------------------------------------------------------------------- */

static bool is_commit(const char *hex)
{
	return strlen(hex) == 40 && strspn(hex, "0123456789abcdef") == 40;
}

/*
 * How many pushes of the last day count: those that were taken back, or that we failed, do not. Nor do those of a
 * far future, from before a clock was set back.
 */
static int check_attempts(struct ledger *ledger, const struct receipt *receipt, const char *scope,
			  struct mp_error *err)
{
	int64_t most;
	int64_t used;
	int ret = policy_number(ledger, scope, "attempts-per-day", &most, err);

	if (ret == 0)
		ret = sql_number(
			ledger,
			"SELECT count(*) FROM ticket WHERE learner = ?1 "
			"AND received_at > ?2 AND received_at <= ?3 AND is_regrade = 0 "
			"AND state NOT IN ('void', 'failed') AND (?4 = '' OR exercise = ?4)",
			SQL_WITH(SQL_INT(receipt->learner), SQL_INT(receipt->received_at - DAY_MS),
				 SQL_INT(receipt->received_at + HOUR_MS), SQL_TEXT(scope)),
			&used, err);
	if (ret < 0 || used < most)
		return ret;
	return ledger_say(err, MP_FAULT_INPUT, -EDQUOT,
			  "%lld pushes%s%s in 24 hours are all that is allowed here. Run "
			  "`milepost check` on your own machine, or push again later",
			  (long long)most, *scope ? " for " : "", scope);
}

static int check_opens(struct ledger *ledger, const struct receipt *receipt, const char *scope,
		       struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	const char *written;
	int64_t opens = 0;
	int ret = policy_get(ledger, scope, "opens", arena, &written, err);

	if (ret == 0)
		ret = policy_number(ledger, scope, "opens", &opens, err);
	if (ret < 0 || receipt->received_at >= opens)
		return ret;
	return ledger_say(err, MP_FAULT_INPUT, -EPERM,
			  "%s opens at %s; your push came before. Push again then",
			  *scope ? scope : "this course", written);
}

/* Whether the push may be: a regrade is an operator's and always may. */
static int check_policies(struct ledger *ledger, const struct receipt *receipt,
			  struct mp_error *err)
{
	const char *scopes[] = {"", receipt->exercise};
	int64_t is_closed;
	int ret = sql_number(ledger, "SELECT is_closed FROM learner WHERE id = ?1",
			     SQL_WITH(SQL_INT(receipt->learner)), &is_closed, err);

	if (ret == -ENOENT)
		return learner_must_be(ledger, receipt->learner, err);
	if (ret == 0 && is_closed && !receipt->is_regrade)
		return ledger_say(
			err, MP_FAULT_INPUT, -EPERM,
			"this account is closed: your pages stay, no push is taken. Ask your "
			"instructor");
	for (size_t i = 0; i < 2 && ret == 0 && !receipt->is_regrade; i++) {
		if (!scopes[i])
			continue;
		ret = check_opens(ledger, receipt, scopes[i], err);
		if (ret == 0)
			ret = check_attempts(ledger, receipt, scopes[i], err);
	}
	return ret;
}

int ticket_receive(struct ledger *ledger, const struct receipt *receipt, int64_t *ret_ticket,
		   struct mp_error *err)
{
	int64_t id = 0;
	int ret;

	if (!is_commit(receipt->commit) || !is_commit(receipt->old_commit))
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
			       "'%.64s' is not the full id of a commit", receipt->commit);
	ret = ledger_begin(ledger, err);
	if (ret < 0)
		return ret;
	ret = check_policies(ledger, receipt, err);
	if (ret == 0)
		ret = sql_run(
			ledger,
			"INSERT INTO ticket (learner, state, ref, old_hex, commit_hex, exercise, "
			"is_regrade, received_at, boot, boot_ms) "
			"VALUES (?1, 'receiving', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
			SQL_WITH(SQL_INT(receipt->learner), SQL_TEXT(receipt->ref),
				 SQL_TEXT(receipt->old_commit), SQL_TEXT(receipt->commit),
				 SQL_TEXT(receipt->exercise), SQL_INT(receipt->is_regrade),
				 SQL_INT(receipt->received_at), SQL_TEXT(ledger->boot),
				 SQL_INT(ledger_boot_ms())),
			err);
	id = sqlite3_last_insert_rowid(ledger->db);
	ret = ledger_end(ledger, ret, err);
	if (ret == 0)
		*ret_ticket = id;
	return ret;
}

/* --- queueing, voiding ------------------------------------------------------------------------- */

/* Tickets o that wait for the same as ticket t does. */
#define SAME                                                                                       \
	"FROM ticket t JOIN ticket o ON o.learner = t.learner AND o.state = 'queued' "             \
	"AND o.ref = t.ref AND o.exercise IS t.exercise AND o.is_regrade = t.is_regrade "          \
	"WHERE t.id = ?1 "

/* Of what waits for the same only the newest stays, which need not be the one that was queued last. */
static int replace_older(struct ledger *ledger, int64_t ticket, struct mp_error *err)
{
	int64_t newest = 0;
	int64_t oldest = 0;
	int64_t may = 0;
	mp_autoarena struct arena *arena = arena_new();
	struct ticket queued;
	int ret = ticket_find(ledger, ticket, arena, &queued, err);

	if (ret == 0)
		ret = policy_number(ledger, queued.exercise ? queued.exercise : "", "replace", &may,
				    err);
	if (ret == 0 && may)
		ret = sql_number(ledger, "SELECT max(o.id) " SAME, SQL_WITH(SQL_INT(ticket)),
				 &newest, err);
	while (ret == 0 && may) {
		ret = sql_number(ledger, "SELECT min(o.id) " SAME, SQL_WITH(SQL_INT(newest)),
				 &oldest, err);
		if (ret < 0 || oldest == newest)
			break;
		ret = sql_run(ledger, "UPDATE ticket SET replaced_by = ?2 WHERE id = ?1",
			      SQL_WITH(SQL_INT(oldest), SQL_INT(newest)), err);
		if (ret >= 0)
			ret = ticket_move(ledger, oldest, ACT_REPLACE, NULL, err);
	}
	return ret;
}

int ticket_settle(struct ledger *ledger, int64_t ticket, bool has_moved, const char *reason,
		  struct mp_error *err)
{
	int ret = sql_run(ledger, "UPDATE ticket SET reason = ?2 WHERE id = ?1",
			  SQL_WITH(SQL_INT(ticket), SQL_TEXT(reason)), err);

	if (ret >= 0)
		ret = ticket_move(ledger, ticket, has_moved ? ACT_QUEUE : ACT_VOID, NULL, err);
	return ret == 0 && has_moved ? replace_older(ledger, ticket, err) : ret;
}

int ticket_queue(struct ledger *ledger, int64_t ticket, struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	return ret < 0 ? ret
		       : ledger_end(ledger, ticket_settle(ledger, ticket, true, "", err), err);
}

int ticket_void(struct ledger *ledger, int64_t ticket, const char *reason, struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	return ret < 0 ? ret
		       : ledger_end(ledger, ticket_settle(ledger, ticket, false, reason, err), err);
}

/* --- claiming, grading ------------------------------------------------------------------------- */

/* The lease, and the count by which everybody gets their turn. */
static int claim(struct ledger *ledger, int64_t ticket, const char *worker, int64_t lease_ms,
		 struct mp_error *err)
{
	int ret = ticket_move(ledger, ticket, ACT_CLAIM, worker, err);

	if (ret == 0)
		ret = sql_run(
			ledger,
			"UPDATE ticket SET claimed_at = ?2, boot = ?3, boot_ms = ?4 WHERE id = ?1",
			SQL_WITH(SQL_INT(ticket), SQL_INT(clock_wall_ms()), SQL_TEXT(ledger->boot),
				 SQL_INT(ledger_boot_ms() + lease_ms)),
			err);
	if (ret >= 0)
		ret = sql_run(ledger, "UPDATE site SET claims = claims + 1", SQL_NONE, err);
	if (ret >= 0)
		ret = sql_run(ledger,
			      "UPDATE learner SET served = (SELECT claims FROM site) "
			      "WHERE id = (SELECT learner FROM ticket WHERE id = ?1)",
			      SQL_WITH(SQL_INT(ticket)), err);
	return ret < 0 ? ret : 0;
}

int ticket_claim(struct ledger *ledger, const char *worker, int64_t lease_ms, struct arena *arena,
		 struct ticket *ret_ticket, struct mp_error *err)
{
	struct ticket claimed;
	int64_t ticket = 0;
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = sql_number(ledger, "SELECT id FROM (" QUEUE ") WHERE place = 1", SQL_NONE, &ticket,
			 err);
	if (ret == -ENOENT)
		ret = ledger_say(err, MP_FAULT_USAGE, ret, "nothing waits to be graded");
	if (ret == 0)
		ret = claim(ledger, ticket, worker, lease_ms, err);
	if (ret == 0)
		ret = ticket_find(ledger, ticket, arena, &claimed, err);
	ret = ledger_end(ledger, ret, err);
	if (ret == 0)
		*ret_ticket = claimed;
	return ret;
}

int ticket_check_worker(struct ledger *ledger, int64_t ticket, const char *worker,
			struct mp_error *err)
{
	int64_t one;
	int ret = sql_number(ledger, "SELECT 1 FROM ticket WHERE id = ?1 AND worker = ?2",
			     SQL_WITH(SQL_INT(ticket), SQL_TEXT(worker)), &one, err);

	if (ret == -ENOENT)
		return ledger_say(
			err, MP_FAULT_HOST, -EPERM,
			"ticket %lld is no longer claimed by %s: what came of it is not wanted",
			(long long)ticket, worker);
	return ret;
}

int ticket_renew(struct ledger *ledger, int64_t ticket, const char *worker, int64_t lease_ms,
		 struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = ticket_check_worker(ledger, ticket, worker, err);
	if (ret == 0)
		ret = sql_run(ledger, "UPDATE ticket SET boot = ?2, boot_ms = ?3 WHERE id = ?1",
			      SQL_WITH(SQL_INT(ticket), SQL_TEXT(ledger->boot),
				       SQL_INT(ledger_boot_ms() + lease_ms)),
			      err);
	return ledger_end(ledger, ret, err);
}

int ticket_grade(struct ledger *ledger, int64_t ticket, const char *worker,
		 const struct result *results, size_t count, struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = ticket_check_worker(ledger, ticket, worker, err);
	for (size_t i = 0; i < count && ret >= 0; i++)
		ret = score_add(ledger, ticket, &results[i], err);
	if (ret >= 0)
		ret = sql_run(ledger, "UPDATE ticket SET reason = '' WHERE id = ?1",
			      SQL_WITH(SQL_INT(ticket)), err);
	if (ret >= 0)
		ret = ticket_move(ledger, ticket, ACT_GRADE, NULL, err);
	return ledger_end(ledger, ret, err);
}

/* --- faults ------------------------------------------------------------------------------------ */

int ticket_lose(struct ledger *ledger, int64_t ticket, const char *reason, struct mp_error *err)
{
	int64_t faults = 0;
	int ret =
		sql_run(ledger, "UPDATE ticket SET faults = faults + 1, reason = ?2 WHERE id = ?1",
			SQL_WITH(SQL_INT(ticket), SQL_TEXT(reason)), err);

	if (ret >= 0)
		ret = sql_number(ledger, "SELECT faults FROM ticket WHERE id = ?1",
				 SQL_WITH(SQL_INT(ticket)), &faults, err);
	if (ret < 0)
		return ret;
	return ticket_move(ledger, ticket, faults < FAULTS_MOST ? ACT_AGAIN : ACT_GIVE_UP, NULL,
			   err);
}

int ticket_fault(struct ledger *ledger, int64_t ticket, const char *worker, const char *reason,
		 struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = ticket_check_worker(ledger, ticket, worker, err);
	if (ret == 0)
		ret = ticket_lose(ledger, ticket, reason, err);
	return ledger_end(ledger, ret, err);
}

int ticket_again(struct ledger *ledger, int64_t ticket, const char *reason, struct mp_error *err)
{
	int ret = sql_run(ledger, "UPDATE ticket SET reason = ?2 WHERE id = ?1",
			  SQL_WITH(SQL_INT(ticket), SQL_TEXT(reason)), err);

	return ret < 0 ? ret : ticket_move(ledger, ticket, ACT_AGAIN, NULL, err);
}

int ticket_release(struct ledger *ledger, int64_t ticket, const char *worker, struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = ticket_check_worker(ledger, ticket, worker, err);
	if (ret == 0)
		ret = ticket_again(ledger, ticket, "its worker ended", err);
	return ledger_end(ledger, ret, err);
}

int ticket_retry(struct ledger *ledger, int64_t ticket, struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = ticket_move(ledger, ticket, ACT_RETRY, NULL, err);
	if (ret == 0)
		ret = sql_run(ledger, "UPDATE ticket SET faults = 0, reason = '' WHERE id = ?1",
			      SQL_WITH(SQL_INT(ticket)), err);
	return ledger_end(ledger, ret, err);
}
