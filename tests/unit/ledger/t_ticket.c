/* SPDX-License-Identifier: MIT */
#include "tests/unit/ledger/site.h"

/* Bring a new ticket of LEARNER into STATE, by the functions alone. */
static int64_t ticket_in(struct site *site, int64_t learner, enum ticket_state state)
{
	int64_t ticket = receive(site, learner, (int)state);

	if (state == TICKET_VOID)
		IS(ticket_void(site->ledger, ticket, "gone", &site->err), 0);
	if (state == TICKET_RECEIVING || state == TICKET_VOID)
		return ticket;
	IS(ticket_queue(site->ledger, ticket, &site->err), 0);
	if (state == TICKET_REPLACED)
		IS(ticket_queue(site->ledger, receive(site, learner, 99), &site->err), 0);
	if (state == TICKET_CLAIMED || state == TICKET_GRADED || state == TICKET_FAILED)
		IS(claim(site, "w"), ticket);
	if (state == TICKET_GRADED)
		IS(grade(site, ticket, "w", "hello-api", 80), 0);
	if (state == TICKET_FAILED) {
		IS(ticket_fault(site->ledger, ticket, "w", "one", &site->err), 0);
		IS(claim(site, "w"), ticket);
		IS(ticket_fault(site->ledger, ticket, "w", "two", &site->err), 0);
	}
	IS(find(site, ticket).state, state);
	return ticket;
}

enum action { QUEUE, VOID, RENEW, GRADE, FAULT, RELEASE, RETRY, ACTIONS };
static const char *const action_words[] = {"queue", "void",    "renew", "grade",
					   "fault", "release", "retry"};

static int act(struct site *site, enum action action, int64_t ticket)
{
	switch (action) {
	case QUEUE:
		return ticket_queue(site->ledger, ticket, &site->err);
	case VOID:
		return ticket_void(site->ledger, ticket, "dropped", &site->err);
	case RENEW:
		return ticket_renew(site->ledger, ticket, "w", LEASE_MS, &site->err);
	case GRADE:
		return grade(site, ticket, "w", "hello-api", 70);
	case FAULT:
		return ticket_fault(site->ledger, ticket, "w", "broke", &site->err);
	case RELEASE:
		return ticket_release(site->ledger, ticket, "w", &site->err);
	default:
		return ticket_retry(site->ledger, ticket, &site->err);
	}
}

/* Written out here once more: what each call makes of each state. "-" is refused. */
static const char *const wanted[ACTIONS][TICKET_STATES] = {
	/*         receiving  queued  claimed    graded replaced void      failed */
	[QUEUE] = {"queued", "-", "-", "-", "-", "queued", "-"},
	[VOID] = {"void", "void", "-", "-", "-", "-", "void"},
	[RENEW] = {"-", "-", "claimed", "-", "-", "-", "-"},
	[GRADE] = {"-", "-", "graded", "-", "-", "-", "-"},
	[FAULT] = {"-", "-", "queued", "-", "-", "-", "-"},
	[RELEASE] = {"-", "-", "queued", "-", "-", "-", "-"},
	[RETRY] = {"-", "-", "-", "-", "-", "queued", "queued"},
};

static void every_move_of_every_state_is_as_written(void)
{
	for (int action = 0; action < ACTIONS; action++) {
		for (int state = 0; state < TICKET_STATES; state++) {
			const char *want = wanted[action][state];
			struct site site;
			int64_t ticket;
			int before = tap_failed_checks;

			site_open(&site);
			ticket = ticket_in(&site, add_learner(&site, "asha"),
					   (enum ticket_state)state);
			IS(act(&site, (enum action)action, ticket), *want == '-' ? -EPERM : 0);
			IS_TEXT(ticket_state_words[find(&site, ticket).state],
				*want == '-' ? ticket_state_words[state] : want);
			if (tap_failed_checks > before)
				printf("# row %s of %s\n", action_words[action],
				       ticket_state_words[state]);
			site_close(&site);
		}
	}
}

static void a_refusal_says_what_the_ticket_is(void)
{
	struct site site;
	int64_t ticket;

	site_open(&site);
	ticket = ticket_in(&site, add_learner(&site, "asha"), TICKET_GRADED);
	IS(ticket_queue(site.ledger, ticket, &site.err), -EPERM);
	IS_TEXT(site.err.text, "ticket 1 is graded, so it cannot be queued");
	IS(site.err.fault, MP_FAULT_USAGE);
	IS(ticket_void(site.ledger, 77, "x", &site.err), -ENOENT);
	IS_TEXT(site.err.text, "there is no ticket number 77");
	site_close(&site);
}

static void all_that_was_received_is_told_again(void)
{
	struct site site;
	struct receipt receipt;
	struct ticket ticket;
	int64_t id = 0;

	site_open(&site);
	receipt = receipt_of(&site, add_learner(&site, "asha"), 1);
	receipt.ref = "refs/for/hello-api";
	receipt.exercise = "hello-api";
	IS(ticket_receive(site.ledger, &receipt, &id, &site.err), 0);
	site_again(&site);
	ticket = find(&site, id);
	IS(ticket.id, id);
	IS_TEXT(ticket.handle, "asha");
	IS_TEXT(ticket.ref, "refs/for/hello-api");
	IS_TEXT(ticket.exercise, "hello-api");
	IS_TEXT(ticket.commit, receipt.commit);
	IS_TEXT(ticket.old_commit, ZEROS);
	IS(ticket.received_at, receipt.received_at);
	IS(ticket.state, TICKET_RECEIVING);
	OK(!ticket.is_regrade && ticket.faults == 0 && ticket.claimed_at == 0 && !*ticket.reason);
	receipt.commit = "4f1c2a9";
	IS(ticket_receive(site.ledger, &receipt, &id, &site.err), -EBADMSG);
	receipt.commit = "4F1C2A9000000000000000000000000000000000";
	IS(ticket_receive(site.ledger, &receipt, &id, &site.err), -EBADMSG);
	receipt = receipt_of(&site, 55, 1);
	IS(ticket_receive(site.ledger, &receipt, &id, &site.err), -ENOENT);
	IS_TEXT(site.err.text, "there is no learner number 55");
	site_close(&site);
}

static void after_the_second_fault_of_ours_it_has_failed(void)
{
	struct site site;
	int64_t ticket;

	site_open(&site);
	ticket = push(&site, add_learner(&site, "asha"), 1);
	IS(claim(&site, "w"), ticket);
	IS(ticket_fault(site.ledger, ticket, "w", "no box", &site.err), 0);
	IS(find(&site, ticket).state, TICKET_QUEUED);
	IS(find(&site, ticket).faults, 1);
	IS_TEXT(find(&site, ticket).reason, "no box");
	IS(claim(&site, "v"), ticket);
	IS(ticket_fault(site.ledger, ticket, "v", "no disk", &site.err), 0);
	IS(find(&site, ticket).state, TICKET_FAILED);
	IS_TEXT(find(&site, ticket).reason, "no disk");
	OK(find(&site, ticket).ended_at > 0);
	IS(claim(&site, "w"), -ENOENT);
	/* And again from the start when the operator says so. */
	IS(ticket_retry(site.ledger, ticket, &site.err), 0);
	IS(find(&site, ticket).faults, 0);
	IS(find(&site, ticket).ended_at, 0);
	IS(claim(&site, "w"), ticket);
	site_close(&site);
}

static void only_the_worker_that_claimed_it_may_go_on(void)
{
	struct site site;
	int64_t ticket;

	site_open(&site);
	ticket = push(&site, add_learner(&site, "asha"), 1);
	IS(claim(&site, "w"), ticket);
	IS(ticket_renew(site.ledger, ticket, "v", LEASE_MS, &site.err), -EPERM);
	IS(grade(&site, ticket, "v", "hello-api", 100), -EPERM);
	IS(ticket_fault(site.ledger, ticket, "v", "x", &site.err), -EPERM);
	HAS_TEXT(site.err.text, "no longer claimed by v");
	IS(ticket_renew(site.ledger, 99, "w", LEASE_MS, &site.err), -EPERM);
	IS(find(&site, ticket).state, TICKET_CLAIMED);
	IS(find(&site, ticket).faults, 0);
	IS(grade(&site, ticket, "w", "hello-api", 100), 0);
	IS(find(&site, ticket).state, TICKET_GRADED);
	site_close(&site);
}

static void a_newer_push_takes_the_place_of_a_waiting_one(void)
{
	struct site site;
	struct receipt other;
	int64_t asha;
	int64_t first;
	int64_t second;
	int64_t third;
	int64_t apart = 0;
	int64_t branch = 0;

	site_open(&site);
	asha = add_learner(&site, "asha");
	first = push(&site, asha, 1);
	other = receipt_of(&site, asha, 1);
	other.ref = "refs/for/hello-api";
	other.exercise = "hello-api";
	IS(ticket_receive(site.ledger, &other, &apart, &site.err), 0);
	IS(ticket_queue(site.ledger, apart, &site.err), 0);
	second = push(&site, asha, 2);
	IS(find(&site, first).state, TICKET_REPLACED);
	IS(find(&site, first).replaced_by, second);
	IS(find(&site, apart).state, TICKET_QUEUED);
	IS(find(&site, second).state, TICKET_QUEUED);
	/* Another branch waits for itself. */
	other = receipt_of(&site, asha, 3);
	other.ref = "refs/heads/topic";
	IS(ticket_receive(site.ledger, &other, &branch, &site.err), 0);
	IS(ticket_queue(site.ledger, branch, &site.err), 0);
	IS(find(&site, second).state, TICKET_QUEUED);
	/* One that is under way goes on, and somebody else's too. */
	IS(claim(&site, "w"), apart);
	IS(claim(&site, "w"), second);
	IS(claim(&site, "w"), branch);
	third = push(&site, asha, 3);
	IS(push(&site, add_learner(&site, "ravi"), 3), third + 1);
	IS(find(&site, second).state, TICKET_CLAIMED);
	IS(find(&site, third).state, TICKET_QUEUED);
	site_close(&site);
}

static void one_that_is_queued_late_gives_way_to_a_newer_one(void)
{
	struct site site;
	int64_t asha;
	int64_t old;
	int64_t newer;

	site_open(&site);
	asha = add_learner(&site, "asha");
	old = receive(&site, asha, 1);
	newer = push(&site, asha, 2);
	IS(ticket_queue(site.ledger, old, &site.err), 0);
	IS(find(&site, old).state, TICKET_REPLACED);
	IS(find(&site, old).replaced_by, newer);
	IS(find(&site, newer).state, TICKET_QUEUED);
	site_close(&site);
}

static void where_the_policy_says_no_every_push_waits(void)
{
	struct site site;
	int64_t asha;
	int64_t first;

	site_open(&site);
	IS(policy_set(site.ledger, "", "replace", "no", &site.err), 0);
	asha = add_learner(&site, "asha");
	first = push(&site, asha, 1);
	(void)push(&site, asha, 2);
	IS(find(&site, first).state, TICKET_QUEUED);
	site_close(&site);
}

static void the_queue_is_fair_and_tells_places(void)
{
	struct site site;
	struct receipt regrade;
	int64_t asha;
	int64_t ravi;
	int64_t a[4];
	int64_t b;
	int64_t again = 0;
	int64_t place = 0;

	site_open(&site);
	IS(policy_set(site.ledger, "", "replace", "no", &site.err), 0);
	asha = add_learner(&site, "asha");
	ravi = add_learner(&site, "ravi");
	regrade = receipt_of(&site, ravi, 50);
	regrade.is_regrade = true;
	IS(ticket_receive(site.ledger, &regrade, &again, &site.err), 0);
	IS(ticket_queue(site.ledger, again, &site.err), 0);
	for (int i = 0; i < 4; i++)
		a[i] = push(&site, asha, i);
	b = push(&site, ravi, 9);
	{
		const struct {
			int64_t ticket, place;
		} rows[] = {{a[0], 1}, {b, 2},	   {a[1], 3}, {a[2], 4},
			    {a[3], 5}, {again, 6}, {99, 0}};

		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			IS(ticket_place(site.ledger, rows[i].ticket, &place, &site.err), 0);
			IS(place, rows[i].place);
		}
		/* What was told is what happens. */
		for (size_t i = 0; i < 6; i++)
			IS(claim(&site, "w"), rows[i].ticket);
	}
	IS(claim(&site, "w"), -ENOENT);
	IS(ticket_place(site.ledger, a[0], &place, &site.err), 0);
	IS(place, 0);
	site_close(&site);
}

static void who_was_served_longest_ago_comes_first(void)
{
	struct site site;
	int64_t asha;
	int64_t ravi;
	int64_t ticket;

	site_open(&site);
	asha = add_learner(&site, "asha");
	ravi = add_learner(&site, "ravi");
	for (int i = 0; i < 3; i++) {
		int64_t of_asha = push(&site, asha, i);
		int64_t of_ravi = push(&site, ravi, i);

		/* asha was served before ravi each time, so is longest without. */
		IS(ticket = claim(&site, "w"), of_asha);
		IS(grade(&site, ticket, "w", "x", 1), 0);
		IS(ticket = claim(&site, "w"), of_ravi);
		IS(grade(&site, ticket, "w", "x", 1), 0);
	}
	ticket = push(&site, ravi, 7);
	IS(claim(&site, "w"), ticket);
	ticket = push(&site, asha, 7);
	/* Ravi has one under way: his next waits for asha's, though it is older. */
	(void)push(&site, ravi, 8);
	IS(claim(&site, "w"), ticket);
	site_close(&site);
}

static void who_has_none_under_way_comes_before_who_has_one(void)
{
	struct site site;
	int64_t ticket;

	site_open(&site);
	(void)push(&site, add_learner(&site, "asha"), 1);
	(void)push(&site, add_learner(&site, "ravi"), 1);
	IS(claim(&site, "slow"), 1);
	IS(claim(&site, "w"), 2);
	IS(grade(&site, 2, "w", "x", 1), 0);
	/* Asha was served longer ago, but that one still runs. */
	(void)push(&site, 1, 2);
	ticket = push(&site, 2, 2);
	IS(claim(&site, "w"), ticket);
	site_close(&site);
}

static void tickets_are_listed_newest_first(void)
{
	struct site site;
	struct ticket *tickets = NULL;
	size_t count = 0;
	int64_t asha;

	site_open(&site);
	asha = add_learner(&site, "asha");
	for (int i = 0; i < 3; i++)
		(void)push(&site, asha, i);
	(void)push(&site, add_learner(&site, "ravi"), 4);
	IS(ticket_list(site.ledger, 0, TICKET_STATES, 10, site.arena, &tickets, &count, &site.err),
	   0);
	if (IS(count, 4)) {
		IS(tickets[0].id, 4);
		IS(tickets[3].id, 1);
	}
	IS(ticket_list(site.ledger, asha, TICKET_REPLACED, 1, site.arena, &tickets, &count,
		       &site.err),
	   0);
	if (IS(count, 1))
		IS(tickets[0].id, 2);
	IS(ticket_list(site.ledger, asha, TICKET_GRADED, 10, site.arena, &tickets, &count,
		       &site.err),
	   0);
	IS(count, 0);
	site_close(&site);
}

static void tickets_are_counted(void)
{
	int64_t counts[TICKET_STATES];
	int64_t oldest = -1;
	int64_t ids[3];
	int64_t asha;
	struct site site;

	site_open(&site);
	IS(ticket_count(site.ledger, counts, &oldest, &site.err), 0);
	IS(oldest, 0);
	for (int state = 0; state < TICKET_STATES; state++)
		IS(counts[state], 0);
	asha = add_learner(&site, "asha");
	IS(policy_set(site.ledger, "", "replace", "no", &site.err), 0);
	for (int i = 0; i < 3; i++) {
		struct receipt receipt = receipt_of(&site, asha, i);

		receipt.received_at = 1000000 + i;
		IS(ticket_receive(site.ledger, &receipt, &ids[i], &site.err), 0);
	}
	IS(ticket_queue(site.ledger, ids[1], &site.err), 0);
	IS(ticket_queue(site.ledger, ids[2], &site.err), 0);
	IS(ticket_count(site.ledger, counts, &oldest, &site.err), 0);
	IS(counts[TICKET_RECEIVING], 1);
	IS(counts[TICKET_QUEUED], 2);
	IS(counts[TICKET_VOID], 0);
	IS(oldest, 1000001);
	site_close(&site);
}

/* clang-format off */
TAP_MAIN(
	T(every_move_of_every_state_is_as_written)
	T(a_refusal_says_what_the_ticket_is)
	T(all_that_was_received_is_told_again)
	T(after_the_second_fault_of_ours_it_has_failed)
	T(only_the_worker_that_claimed_it_may_go_on)
	T(a_newer_push_takes_the_place_of_a_waiting_one)
	T(one_that_is_queued_late_gives_way_to_a_newer_one)
	T(where_the_policy_says_no_every_push_waits)
	T(the_queue_is_fair_and_tells_places)
	T(who_was_served_longest_ago_comes_first)
	T(who_has_none_under_way_comes_before_who_has_one)
	T(tickets_are_listed_newest_first)
	T(tickets_are_counted)
)
