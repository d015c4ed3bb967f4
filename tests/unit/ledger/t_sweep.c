/* SPDX-License-Identifier: MIT */
#include "tests/unit/ledger/site.h"

/* What the repositories answer. */
struct answers {
	int64_t has;	/* the ticket whose commit is there */
	int64_t broken; /* the ticket whose repository cannot be read */
	int asked;
};

static int answer(void *context, const struct ticket *ticket, bool *ret_has, struct mp_error *err)
{
	struct answers *answers = context;

	answers->asked++;
	if (ticket->id == answers->broken)
		return mp_fail(err, MP_FAULT_HOST, -EBADMSG, "the repository of %s is broken",
			       ticket->handle);
	*ret_has = ticket->id == answers->has;
	return 0;
}

static int sweep(struct site *site, int64_t after_ms, struct answers *answers)
{
	return ledger_sweep(site->ledger, after_ms, answer, answers, &site->err);
}

static void a_push_that_was_cut_is_settled_by_its_branch(void)
{
	struct site site;
	struct answers answers = {.has = 2};

	site_open(&site);
	(void)add_learner(&site, "asha");
	(void)add_learner(&site, "ravi");
	for (int i = 1; i <= 2; i++)
		IS(receive(&site, i, i), i);
	/* Not yet: they may still be under way. */
	IS(sweep(&site, 60000, &answers), 0);
	IS(answers.asked, 0);
	IS(sweep(&site, 0, &answers), 0);
	IS(answers.asked, 2);
	IS(find(&site, 1).state, TICKET_VOID);
	IS_TEXT(find(&site, 1).reason, "the push ended before its branch was moved");
	IS(find(&site, 2).state, TICKET_QUEUED);
	IS(sweep(&site, 0, &answers), 0);
	IS(answers.asked, 2);
	/* It was only slow: the branch moves after all. */
	IS(ticket_queue(site.ledger, 1, &site.err), 0);
	IS_TEXT(find(&site, 1).reason, "");
	site_close(&site);
}

static void a_broken_repository_does_not_hold_the_others(void)
{
	struct site site;
	struct answers answers = {.has = 3, .broken = 1};

	site_open(&site);
	(void)add_learner(&site, "asha");
	for (int i = 1; i <= 3; i++)
		IS(receive(&site, 1, i), i);
	IS(sweep(&site, 0, &answers), -EBADMSG);
	IS_TEXT(site.err.text, "the repository of asha is broken");
	IS(find(&site, 1).state, TICKET_RECEIVING);
	IS(find(&site, 2).state, TICKET_VOID);
	IS(find(&site, 3).state, TICKET_QUEUED);
	site_close(&site);
}

/* Somebody settles the ticket while its repository is asked. */
static int settle_first(void *context, const struct ticket *ticket, bool *ret_has,
			struct mp_error *err)
{
	*ret_has = false;
	return ticket_queue(context, ticket->id, err);
}

static void what_was_settled_meanwhile_stays(void)
{
	struct site site;

	site_open(&site);
	IS(receive(&site, add_learner(&site, "asha"), 1), 1);
	IS(ticket_queue(site.ledger, 1, &site.err), 0);
	IS(claim(&site, "w"), 1);
	IS(receive(&site, 1, 2), 2);
	IS(ledger_sweep(site.ledger, 0, settle_first, site.ledger, &site.err), 0);
	/* The table allows to drop what is queued: the sweep must not. */
	IS(find(&site, 2).state, TICKET_QUEUED);
	site_close(&site);
}

static void a_ticket_whose_lease_ran_out_waits_again(void)
{
	struct site site;
	struct answers answers = {0};
	struct ticket ticket;

	site_open(&site);
	(void)push(&site, add_learner(&site, "asha"), 1);
	IS(ticket_claim(site.ledger, "w", 1, site.arena, &ticket, &site.err), 0);
	IS(ticket_renew(site.ledger, 1, "w", LEASE_MS, &site.err), 0);
	usleep(20000);
	IS(sweep(&site, 0, &answers), 0);
	IS(find(&site, 1).state, TICKET_CLAIMED);
	IS(ticket_renew(site.ledger, 1, "w", 1, &site.err), 0);
	usleep(20000);
	IS(sweep(&site, 0, &answers), 0);
	IS(find(&site, 1).state, TICKET_QUEUED);
	IS(find(&site, 1).faults, 0);
	HAS_TEXT(find(&site, 1).reason, "was not heard of any more");
	/* The slow worker comes back: too late. */
	IS(grade(&site, 1, "w", "x", 100), -EPERM);
	IS(ticket_renew(site.ledger, 1, "w", LEASE_MS, &site.err), -EPERM);
	IS(ticket_claim(site.ledger, "v", 0, site.arena, &ticket, &site.err), 0);
	IS(grade(&site, 1, "v", "x", 100), 0);
	site_close(&site);
}

static void a_ticket_over_which_workers_die_again_and_again_is_given_up(void)
{
	struct site site;
	struct answers answers = {0};
	struct ticket ticket;
	struct event *events = NULL;
	size_t count = 0;
	int claims = 0;

	site_open(&site);
	(void)push(&site, add_learner(&site, "asha"), 1);
	while (claims < 20 && find(&site, 1).state == TICKET_QUEUED) {
		IS(ticket_claim(site.ledger, "w", 0, site.arena, &ticket, &site.err), 0);
		IS(sweep(&site, 0, &answers), 0);
		claims++;
	}
	IS(find(&site, 1).state, TICKET_FAILED);
	IS(find(&site, 1).faults, 2);
	IS(claims, 12);
	IS(event_list(site.ledger, 1, 0, site.arena, &events, &count, &site.err), 0);
	IS((intmax_t)count, 11);
	IS_TEXT(events[0].kind, "lost");
	HAS_TEXT(events[0].body, "it is graded anew");
	IS_TEXT(events[10].kind, "ended");
	site_close(&site);
}

static void what_was_killed_from_outside_waits_again_and_is_no_fault(void)
{
	struct site site;
	struct event *events = NULL;
	size_t count = 0;

	site_open(&site);
	(void)push(&site, add_learner(&site, "asha"), 1);
	for (int i = 0; i < 10; i++) {
		IS(claim(&site, "w"), 1);
		IS(ticket_lost(site.ledger, 1, "v", "x", &site.err), -EPERM);
		IS(ticket_lost(site.ledger, 1, "w", "ended by SIGKILL", &site.err), 0);
		IS(find(&site, 1).state, TICKET_QUEUED);
	}
	IS(find(&site, 1).faults, 0);
	IS_TEXT(find(&site, 1).reason, "ended by SIGKILL");
	IS(event_list(site.ledger, 1, 0, site.arena, &events, &count, &site.err), 0);
	IS((intmax_t)count, 10);
	IS_TEXT(events[9].kind, "lost");
	/* Within reason. */
	IS(claim(&site, "w"), 1);
	IS(ticket_lost(site.ledger, 1, "w", "ended by SIGKILL", &site.err), 0);
	IS(find(&site, 1).faults, 1);
	site_close(&site);
}

static void what_a_dead_worker_had_claimed_waits_again(void)
{
	struct site site;
	char dead[WORKER_NAME];
	char other[WORKER_NAME];

	site_open(&site);
	for (int i = 1; i <= 3; i++)
		(void)push(&site,
			   add_learner(&site, i == 1   ? "asha"
					      : i == 2 ? "ravi"
						       : "kiran"),
			   i);
	worker_name_of("worker", 7, dead);
	worker_name_of("worker", 71, other);
	IS(claim(&site, arena_format(site.arena, "%s01", dead)), 1);
	IS(claim(&site, arena_format(site.arena, "%s01", dead)), 2);
	IS(claim(&site, arena_format(site.arena, "%s02", other)), 3);
	IS(ticket_lost_all(site.ledger, dead, &site.err), 0);
	IS(find(&site, 1).state, TICKET_QUEUED);
	IS(find(&site, 2).state, TICKET_QUEUED);
	IS(find(&site, 3).state, TICKET_CLAIMED);
	IS(find(&site, 1).faults, 0);
	IS(grade(&site, 1, arena_format(site.arena, "%s01", dead), "x", 100), -EPERM);
	IS(ticket_lost_all(site.ledger, dead, &site.err), 0);
	site_close(&site);
}

static void another_start_of_the_machine_ends_every_lease(void)
{
	struct site site;
	struct answers answers = {.has = 2};

	site_open(&site);
	(void)push(&site, add_learner(&site, "asha"), 1);
	IS(claim(&site, "w"), 1);
	IS(receive(&site, add_learner(&site, "ravi"), 2), 2);
	IS(site_sql(&site, "UPDATE ticket SET boot = 'before', boot_ms = 9000000000000000"),
	   SQLITE_OK);
	IS(sweep(&site, 60000, &answers), 0);
	IS(find(&site, 1).state, TICKET_QUEUED);
	IS(find(&site, 2).state, TICKET_QUEUED);
	site_close(&site);
}

static void a_clock_that_is_set_back_holds_nothing(void)
{
	struct site site;
	struct answers answers = {.has = 2};
	struct ticket ticket;

	site_open(&site);
	(void)push(&site, add_learner(&site, "asha"), 1);
	IS(ticket_claim(site.ledger, "w", 1, site.arena, &ticket, &site.err), 0);
	IS(receive(&site, add_learner(&site, "ravi"), 2), 2);
	/* As if all had happened ten years from now. */
	IS(site_sql(&site, "UPDATE ticket SET claimed_at = claimed_at + 315360000000, "
			   "received_at = received_at + 315360000000"),
	   SQLITE_OK);
	usleep(20000);
	IS(sweep(&site, 1, &answers), 0);
	IS(find(&site, 1).state, TICKET_QUEUED);
	IS(find(&site, 2).state, TICKET_QUEUED);
	site_close(&site);
}

static void what_ended_by_its_time_goes(void)
{
	struct site site;
	struct answers answers = {0};
	char text[64];
	char link[LINK_TEXT];
	struct session session;
	int64_t who;
	struct stat info;

	site_open(&site);
	(void)add_learner(&site, "asha");
	IS(session_make(site.ledger, 0, text, &site.err), 0);
	IS(link_make(site.ledger, 1, link, &site.err), 0);
	IS(sweep(&site, 0, &answers), 0);
	IS(session_find(site.ledger, text, &session, &site.err), 0);
	IS(link_find(site.ledger, link, &who, &site.err), 0);
	IS(site_sql(&site, "UPDATE session SET ends_at = 1; UPDATE link SET ends_at = 1"),
	   SQLITE_OK);
	IS(sweep(&site, 0, &answers), 0);
	/* Now they are not only refused: the rows are gone. */
	IS(site_sql(&site, "UPDATE session SET ends_at = (strftime('%s') + 3600) * 1000;"
			   "UPDATE link SET ends_at = (strftime('%s') + 3600) * 1000"),
	   SQLITE_OK);
	IS(session_find(site.ledger, text, &session, &site.err), -ENOENT);
	IS(link_find(site.ledger, link, &who, &site.err), -ENOENT);
	IS(sweep(&site, 0, &answers), 0);
	IS(stat(site_path(&site, "ledger.db-wal"), &info), 0);
	IS(info.st_size, 0);
	site_close(&site);
}

/* clang-format off */
TAP_MAIN(
	T(a_push_that_was_cut_is_settled_by_its_branch)
	T(a_broken_repository_does_not_hold_the_others)
	T(what_was_settled_meanwhile_stays)
	T(a_ticket_whose_lease_ran_out_waits_again)
	T(a_ticket_over_which_workers_die_again_and_again_is_given_up)
	T(what_was_killed_from_outside_waits_again_and_is_no_fault)
	T(what_a_dead_worker_had_claimed_waits_again)
	T(another_start_of_the_machine_ends_every_lease)
	T(a_clock_that_is_set_back_holds_nothing)
	T(what_ended_by_its_time_goes)
)
