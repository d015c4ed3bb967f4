/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <sys/wait.h>

#include "grader/ledger/bell.h"
#include "tests/unit/ledger/site.h"

static void events_are_numbered_from_one(void)
{
	struct site site;
	struct event *events = NULL;
	size_t count = 9;
	int64_t first;
	int64_t second;

	site_open(&site);
	first = receive(&site, add_learner(&site, "asha"), 1);
	second = receive(&site, 1, 2);
	IS(event_list(site.ledger, first, 0, site.arena, &events, &count, &site.err), 0);
	IS(count, 0);
	IS(event_add(site.ledger, first, "received", "{\"lines\":[\"a\"]}", &site.err), 0);
	IS(event_add(site.ledger, second, "received", "{}", &site.err), 0);
	IS(event_add(site.ledger, first, "ready", "{\"lines\":[\"\xe0\xa4\x86\"]}", &site.err), 0);
	site_again(&site);
	IS(event_add(site.ledger, first, "card", "{}", &site.err), 0);
	IS(event_list(site.ledger, first, 0, site.arena, &events, &count, &site.err), 0);
	if (IS(count, 3)) {
		for (int i = 0; i < 3; i++) {
			IS(events[i].number, i + 1);
			IS(events[i].ticket, first);
			OK(events[i].at > 1000000000000);
		}
		IS_TEXT(events[1].kind, "ready");
		IS_TEXT(events[1].body, "{\"lines\":[\"\xe0\xa4\x86\"]}");
	}
	IS(event_list(site.ledger, first, 2, site.arena, &events, &count, &site.err), 0);
	if (IS(count, 1))
		IS_TEXT(events[0].kind, "card");
	IS(event_add(site.ledger, 99, "card", "{}", &site.err), -ENOENT);
	site_close(&site);
}

static void events_keep_their_order_when_a_clock_is_set_back(void)
{
	struct site site;
	struct event *events = NULL;
	size_t count = 0;
	int64_t ticket;

	site_open(&site);
	ticket = receive(&site, add_learner(&site, "asha"), 1);
	IS(event_add(site.ledger, ticket, "ready", "{}", &site.err), 0);
	/* As if it had happened ten years from now. */
	IS(site_sql(&site, "UPDATE event SET at = at + 315360000000"), SQLITE_OK);
	IS(event_add(site.ledger, ticket, "card", "{}", &site.err), 0);
	IS(event_list(site.ledger, ticket, 0, site.arena, &events, &count, &site.err), 0);
	if (IS(count, 2)) {
		IS_TEXT(events[0].kind, "ready");
		IS_TEXT(events[1].kind, "card");
		OK(events[1].at < events[0].at);
	}
	IS(event_list(site.ledger, ticket, 1, site.arena, &events, &count, &site.err), 0);
	if (IS(count, 1))
		IS_TEXT(events[0].kind, "card");
	site_close(&site);
}

static void a_body_that_is_no_object_is_our_mistake(void)
{
	static const char *const bodies[] = {"", "x", "[]", "3", "null", "{\"a\":", "{} {}"};
	struct site site;
	int64_t ticket;

	site_open(&site);
	ticket = receive(&site, add_learner(&site, "asha"), 1);
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		IS(event_add(site.ledger, ticket, "note", bodies[i], &site.err), -EBADMSG);
		IS(site.err.fault, MP_FAULT_BUG);
		ROW("%s", bodies[i]);
	}
	site_close(&site);
}

/* The body of the last event; it must be "ended". */
static const char *end_of(struct site *site, int64_t ticket)
{
	struct event *events = NULL;
	size_t count = 0;

	IS(event_list(site->ledger, ticket, 0, site->arena, &events, &count, &site->err), 0);
	if (!OK(count > 0))
		return "";
	IS_TEXT(events[count - 1].kind, "ended");
	return events[count - 1].body;
}

static void every_end_says_so_by_itself(void)
{
	struct site site;
	int64_t graded;
	int64_t replaced;
	int64_t dropped;
	int64_t failed;

	site_open(&site);
	graded = push(&site, add_learner(&site, "asha"), 1);
	IS(claim(&site, "w"), graded);
	IS(grade(&site, graded, "w", "x", 3), 0);
	IS_TEXT(end_of(&site, graded),
		"{\"reason\":\"\",\"replaced_by\":null,\"state\":\"graded\"}");
	replaced = push(&site, 1, 2);
	failed = push(&site, 1, 3);
	IS_TEXT(end_of(&site, replaced),
		"{\"reason\":\"\",\"replaced_by\":3,\"state\":\"replaced\"}");
	for (int i = 0; i < 2; i++) {
		IS(claim(&site, "w"), failed);
		IS(ticket_fault(site.ledger, failed, "w", "no \"box\"", &site.err), 0);
	}
	IS_TEXT(end_of(&site, failed),
		"{\"reason\":\"no \\\"box\\\"\",\"replaced_by\":null,\"state\":\"failed\"}");
	dropped = receive(&site, 1, 4);
	IS(ticket_void(site.ledger, dropped, "cut line", &site.err), 0);
	IS_TEXT(end_of(&site, dropped),
		"{\"reason\":\"cut line\",\"replaced_by\":null,\"state\":\"void\"}");
	site_close(&site);
}

/* --- the bell ---------------------------------------------------------------------------------- */

static bool rings(int fd, int wait_ms)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	bool has_rung = poll(&poll_fd, 1, wait_ms) == 1;

	bell_drain(fd);
	return has_rung;
}

static void the_bell_rings_for_another_process(void)
{
	struct site site;
	int fd = -1;
	pid_t child;
	int64_t ticket;

	site_open(&site);
	ticket = receive(&site, add_learner(&site, "asha"), 1);
	IS(bell_open(site.data, &fd, &site.err), 0);
	OK(!rings(fd, 0));
	site.ledger = ledger_close(site.ledger);
	child = fork();
	if (child == 0) {
		int ret = ledger_open(site.data, LEDGER_EXISTING, &site.ledger, &site.err);

		if (ret == 0)
			ret = ticket_queue(site.ledger, ticket, &site.err);
		_exit(ret != 0);
	}
	OK(rings(fd, 5000));
	IS(waitpid(child, NULL, 0), child);
	IS(ledger_open(site.data, LEDGER_EXISTING, &site.ledger, &site.err), 0);
	close(fd);
	site_close(&site);
}

static void the_bell_rings_after_changes_alone(void)
{
	struct site site;
	struct ticket *tickets = NULL;
	size_t count;
	int fd = -1;

	site_open(&site);
	(void)push(&site, add_learner(&site, "asha"), 1);
	IS(bell_open(site.data, &fd, &site.err), 0);
	IS(ticket_list(site.ledger, 0, TICKET_STATES, 9, site.arena, &tickets, &count, &site.err),
	   0);
	IS(ticket_queue(site.ledger, 1, &site.err), -EPERM);
	IS(claim(&site, "w"), 1);
	OK(rings(fd, 0));
	IS(claim(&site, "w"), -ENOENT);
	OK(!rings(fd, 0));
	IS(event_add(site.ledger, 1, "note", "{}", &site.err), 0);
	OK(rings(fd, 0));
	/* One that somebody removed is made anew, and still heard. */
	IS(unlink(site_path(&site, "bell")), 0);
	bell_drain(fd);
	IS(event_add(site.ledger, 1, "note", "{}", &site.err), 0);
	OK(rings(fd, 0));
	close(fd);
	IS(bell_open("/no/such/folder", &fd, &site.err), -ENOENT);
	site_close(&site);
}

/* clang-format off */
TAP_MAIN(
	T(events_are_numbered_from_one)
	T(events_keep_their_order_when_a_clock_is_set_back)
	T(a_body_that_is_no_object_is_our_mistake)
	T(every_end_says_so_by_itself)
	T(the_bell_rings_for_another_process)
	T(the_bell_rings_after_changes_alone)
)
