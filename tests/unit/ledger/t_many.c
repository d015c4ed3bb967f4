/* SPDX-License-Identifier: MIT */
/* Many processes at once, and processes that are killed at any moment. */
#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/ledger/site.h"

enum { WORKERS = 4, LEARNERS = 5, PUSHES = 8, KILLS = 50 };

/* In a child: the ledger opened anew, as another program has it. */
static void open_in_child(struct site *site)
{
	site->arena = arena_new();
	if (ledger_open(site->data, LEDGER_EXISTING, &site->ledger, &site->err) < 0) {
		(void)fprintf(stderr, "# %s\n", site->err.text);
		_exit(2);
	}
}

/* What a worker does until nothing waits. */
static void work(struct site *site, int worker)
{
	char name[16];
	int64_t ticket;

	open_in_child(site);
	(void)snprintf(name, sizeof(name), "w%d", worker);
	while ((ticket = claim(site, name)) > 0) {
		if (grade(site, ticket, name, "hello-api", 80) < 0)
			_exit(1);
	}
	ledger_close(site->ledger);
	_exit(ticket != -ENOENT);
}

static bool ended_well(pid_t child)
{
	int status = -1;

	return waitpid(child, &status, 0) == child && status == 0;
}

/* Claims and ends in the order in which they happened: written by the transactions themselves. */
static const char log_sql[] =
	"CREATE TABLE log (number INTEGER PRIMARY KEY, ticket INTEGER, learner INTEGER, is_claim INTEGER);"
	"CREATE TRIGGER log_claims AFTER UPDATE OF state ON ticket "
	"WHEN new.state IN ('claimed', 'graded') BEGIN INSERT INTO log (ticket, learner, is_claim) "
	"VALUES (new.id, new.learner, new.state = 'claimed'); END";

struct turn {
	int waiting, claimed, served;
};

/* The rule of ticket_claim(), written out once more: nobody who waits had a better right to this turn. */
static bool is_in_turn(const struct turn *turns, int learner)
{
	for (int i = 1; i <= LEARNERS; i++) {
		if (turns[i].waiting > 0 && (turns[i].claimed < turns[learner].claimed ||
					     (turns[i].claimed == turns[learner].claimed &&
					      turns[i].served < turns[learner].served)))
			return false;
	}
	return true;
}

static void check_log(struct site *site)
{
	struct turn turns[LEARNERS + 1] = {0};
	int claims[LEARNERS * PUSHES + 1] = {0};
	sqlite3 *db = NULL;
	sqlite3_stmt *rows = NULL;
	int count = 0;

	for (int i = 1; i <= LEARNERS; i++)
		turns[i].waiting = PUSHES;
	IS(sqlite3_open(site_path(site, "ledger.db"), &db), SQLITE_OK);
	IS(sqlite3_prepare_v2(db, "SELECT ticket, learner, is_claim FROM log ORDER BY number", -1,
			      &rows, NULL),
	   SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		int learner = sqlite3_column_int(rows, 1);

		if (!sqlite3_column_int(rows, 2)) {
			turns[learner].claimed--;
			continue;
		}
		OK(is_in_turn(turns, learner));
		claims[sqlite3_column_int(rows, 0)]++;
		turns[learner].waiting--;
		turns[learner].claimed++;
		turns[learner].served = ++count;
	}
	sqlite3_finalize(rows);
	sqlite3_close(db);
	IS(count, LEARNERS * PUSHES);
	for (int i = 1; i <= LEARNERS * PUSHES; i++)
		IS(claims[i], 1);
}

static void each_ticket_is_claimed_once_and_in_turn(void)
{
	struct site site;
	pid_t children[WORKERS];

	site_open(&site);
	IS(policy_set(site.ledger, "", "replace", "no", &site.err), 0);
	/* One learner after the other pushes all of theirs. */
	for (int learner = 1; learner <= LEARNERS; learner++) {
		(void)add_learner(&site, arena_format(site.arena, "asha%d", learner));
		for (int i = 0; i < PUSHES; i++)
			(void)push(&site, learner, i);
	}
	site.ledger = ledger_close(site.ledger);
	IS(site_sql(&site, log_sql), SQLITE_OK);
	for (int i = 0; i < WORKERS; i++) {
		children[i] = fork();
		if (children[i] == 0)
			work(&site, i);
	}
	for (int i = 0; i < WORKERS; i++)
		OK(ended_well(children[i]));
	check_log(&site);
	IS(ledger_open(site.data, LEDGER_EXISTING, &site.ledger, &site.err), 0);
	for (int i = 1; i <= LEARNERS * PUSHES; i++)
		IS(find(&site, i).state, TICKET_GRADED);
	site_close(&site);
}

static void pushes_at_once_take_their_attempts_one_by_one(void)
{
	struct site site;
	pid_t children[WORKERS];
	struct ticket *tickets = NULL;
	size_t count = 0;

	site_open(&site);
	(void)add_learner(&site, "asha");
	IS(policy_set(site.ledger, "", "attempts-per-day", "10", &site.err), 0);
	site.ledger = ledger_close(site.ledger);
	for (int i = 0; i < WORKERS; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			int64_t ticket;
			int ret = 0;

			open_in_child(&site);
			for (int push_number = 0; push_number < 5; push_number++) {
				struct receipt receipt = receipt_of(&site, 1, push_number);

				ret = ticket_receive(site.ledger, &receipt, &ticket, &site.err);
				if (ret != 0 && ret != -EDQUOT)
					_exit(1);
			}
			_exit(0);
		}
	}
	for (int i = 0; i < WORKERS; i++)
		OK(ended_well(children[i]));
	IS(ledger_open(site.data, LEDGER_EXISTING, &site.ledger, &site.err), 0);
	IS(ticket_list(site.ledger, 1, TICKET_STATES, 99, site.arena, &tickets, &count, &site.err),
	   0);
	IS(count, 10);
	site_close(&site);
}

/* --- kill -9 ----------------------------------------------------------------------------------- */

/* Push and grade without end: what is killed. */
static void live(struct site *site, int round)
{
	int ret = 0;

	open_in_child(site);
	for (int i = 0; ret == 0; i++) {
		struct receipt receipt = receipt_of(site, 1 + i % 2, i);
		int64_t ticket = 0;

		ret = ticket_receive(site->ledger, &receipt, &ticket, &site->err);
		if (ret == 0)
			ret = ticket_queue(site->ledger, ticket, &site->err);
		if (ret == 0)
			ticket = claim(site, "w");
		if (ret == 0 && ticket > 0 && (i + round) % 4 < 2)
			ret = ticket_fault(site->ledger, ticket, "w", "ours", &site->err);
		else if (ret == 0 && ticket > 0)
			ret = grade(site, ticket, "w", "hello-api", i % 101);
	}
	(void)fprintf(stderr, "# %s\n", site->err.text);
	_exit(1);
}

static int has_every_commit(void *context, const struct ticket *ticket, bool *ret_has,
			    struct mp_error *err)
{
	(void)context;
	(void)err;
	*ret_has = ticket->id % 2 == 0;
	return 0;
}

/* What must hold whatever was killed when: rows of a query that finds what is half. */
static const char *const halves[] = {
	"SELECT 1 FROM ticket WHERE state = 'graded' AND id NOT IN (SELECT ticket FROM score)",
	"SELECT 1 FROM ticket WHERE state <> 'graded' AND id IN (SELECT ticket FROM score)",
	"SELECT 1 FROM score WHERE id NOT IN (SELECT score FROM paper)",
	"SELECT 1 FROM ticket WHERE (state IN ('graded', 'replaced', 'void', 'failed')) <> "
	"(id IN (SELECT ticket FROM event WHERE kind = 'ended'))",
	"SELECT 1 FROM ticket WHERE (state = 'replaced') <> (replaced_by IS NOT NULL)",
	"SELECT 1 FROM ticket WHERE (state = 'claimed') AND claimed_at = 0",
	"SELECT 1 FROM ticket WHERE (state = 'failed') <> (faults >= 2)",
	"SELECT 1 FROM score GROUP BY learner, exercise HAVING max(version) <> count(*)",
	"SELECT 1 FROM ticket GROUP BY ticket.learner HAVING count(*) FILTER (WHERE state = 'queued') > 1",
	"SELECT 1 FROM pragma_foreign_key_check",
};

static void nothing_is_half(struct site *site)
{
	sqlite3 *db = NULL;

	IS(sqlite3_open(site_path(site, "ledger.db"), &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
		sqlite3_stmt *rows = NULL;

		IS(sqlite3_prepare_v2(db, halves[i], -1, &rows, NULL), SQLITE_OK);
		IS(sqlite3_step(rows), SQLITE_DONE);
		ROW("%s", halves[i]);
		sqlite3_finalize(rows);
	}
	sqlite3_close(db);
}

static void count_states(struct site *site, size_t ret_counts[TICKET_STATES], size_t *ret_all)
{
	struct ticket *tickets = NULL;

	for (int state = 0; state < TICKET_STATES; state++)
		IS(ticket_list(site->ledger, 0, (enum ticket_state)state, SIZE_MAX, site->arena,
			       &tickets, &ret_counts[state], &site->err),
		   0);
	IS(ticket_list(site->ledger, 0, TICKET_STATES, SIZE_MAX, site->arena, &tickets, ret_all,
		       &site->err),
	   0);
}

static void killed_at_any_moment_nothing_is_half(void)
{
	struct site site;
	size_t counts[TICKET_STATES] = {0};
	size_t all = 0;
	size_t sum = 0;
	uint64_t drawn =
		88172645463325252; /* xorshift: the same moments each time, as far as they can be */

	site_open(&site);
	(void)add_learner(&site, "asha");
	(void)add_learner(&site, "ravi");
	IS(policy_set(site.ledger, "", "attempts-per-day", "100000", &site.err), 0);
	site.ledger = ledger_close(site.ledger);
	/* On a slow disk it takes more of them until much was done. */
	for (int i = 0;
	     i < KILLS ||
	     ((counts[TICKET_GRADED] < KILLS || counts[TICKET_FAILED] == 0) && i < 20 * KILLS);
	     i++) {
		pid_t child = fork();
		int status = 0;

		if (child == 0)
			live(&site, i);
		drawn ^= drawn << 13;
		drawn ^= drawn >> 7;
		drawn ^= drawn << 17;
		usleep(2000 + (useconds_t)(drawn % 50000));
		IS(kill(child, SIGKILL), 0);
		IS(waitpid(child, &status, 0), child);
		OK(WIFSIGNALED(status));
		/* Opening, as after a restart, sweeps what was left: leases of a dead worker are made to run out. */
		IS(ledger_open(site.data, LEDGER_EXISTING, &site.ledger, &site.err), 0);
		IS(site_sql(&site, "UPDATE ticket SET boot_ms = 0 WHERE state = 'claimed'"),
		   SQLITE_OK);
		IS(ledger_sweep(site.ledger, 0, has_every_commit, NULL, &site.err), 0);
		nothing_is_half(&site);
		count_states(&site, counts, &all);
		IS(counts[TICKET_CLAIMED] + counts[TICKET_RECEIVING], 0);
		site.ledger = ledger_close(site.ledger);
	}
	for (int state = 0; state < TICKET_STATES; state++)
		sum += counts[state];
	IS(sum, all);
	OK(counts[TICKET_GRADED] >= KILLS);
	OK(counts[TICKET_FAILED] > 0);
	printf("# %zu tickets: %zu graded, %zu failed, %zu replaced, %zu void, %zu queued\n", all,
	       counts[TICKET_GRADED], counts[TICKET_FAILED], counts[TICKET_REPLACED],
	       counts[TICKET_VOID], counts[TICKET_QUEUED]);
	IS(ledger_open(site.data, LEDGER_EXISTING, &site.ledger, &site.err), 0);
	site_close(&site);
}

/* clang-format off */
TAP_MAIN(
	T(each_ticket_is_claimed_once_and_in_turn)
	T(pushes_at_once_take_their_attempts_one_by_one)
	T(killed_at_any_moment_nothing_is_half)
)
