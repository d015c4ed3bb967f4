/* SPDX-License-Identifier: MIT */
/*
 * A worker by hand, for tests of pushes: `by_hand DATA STATUS SCORE [WAIT_MS]` takes each ticket that waits,
 * adds events with lines, waits, and writes a score of its exercise (or of first-push) with these words. Ends
 * by a signal. `by_hand DATA states` prints each ticket and its state instead, `by_hand DATA queued` the commits
 * that wait.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/ledger/ledger.h"
#include "sandbox/base/field.h"

static int fail(const struct mp_error *err)
{
	(void)fprintf(stderr, "by_hand: %s\n", err->text);
	return 1;
}

static int grade(struct ledger *ledger, const struct ticket *ticket, char **argv, int64_t wait_ms,
		 struct mp_error *err)
{
	struct result result = {.exercise = ticket->exercise ? ticket->exercise : "first-push",
				.exercise_version = 1,
				.exercise_hash = "hash",
				.input_key = ticket->commit,
				.seed = "7",
				.points = 10,
				.status = argv[2],
				.milestone = 1,
				.card = "{}",
				.run = "{}",
				.page = "page",
				.card_of_instructor = "{}",
				.page_of_instructor = "page"};
	int ret = parse_count(argv[3], &result.score);

	result.counted = result.score;
	if (ret == 0)
		ret = event_add(ledger, ticket->id, "ready", "{\"lines\": [\"by hand: ready\"]}",
				err);
	(void)poll(NULL, 0, (int)wait_ms);
	if (ret == 0)
		ret = event_add(
			ledger, ticket->id, "card",
			"{\"lines\": [\"by hand: \\u001b[31mgraded\", \"\", \"second line\"]}",
			err);
	if (ret == 0)
		ret = ticket_grade(ledger, ticket->id, "by-hand", &result, 1, err);
	return ret;
}

static int print(struct ledger *ledger, bool is_queued, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	struct ticket *tickets = NULL;
	size_t count = 0;

	if (ticket_list(ledger, 0, is_queued ? TICKET_QUEUED : TICKET_STATES, 10000, arena,
			&tickets, &count, err) < 0)
		return fail(err);
	for (size_t i = count; i-- > 0;) {
		if (is_queued)
			(void)printf("%s\n", tickets[i].commit);
		else
			(void)printf("%lld %s\n", (long long)tickets[i].id,
				     ticket_state_words[tickets[i].state]);
	}
	ledger = ledger_close(ledger);
	return 0;
}

int main(int argc, char **argv)
{
	struct ledger *ledger = NULL;
	struct mp_error err = {0};
	int64_t wait_ms = 0;

	if (argc == 3) {
		if (ledger_open(argv[1], LEDGER_READ_ONLY, &ledger, &err) < 0)
			return fail(&err);
		return print(ledger, strcmp(argv[2], "queued") == 0, &err);
	}
	if (argc < 4 || (argc > 4 && parse_count(argv[4], &wait_ms) < 0)) {
		(void)fputs("usage: by_hand DATA STATUS SCORE [WAIT_MS]\n", stderr);
		return 2;
	}
	if (ledger_open(argv[1], LEDGER_EXISTING, &ledger, &err) < 0)
		return fail(&err);
	for (;;) {
		mp_autoarena struct arena *arena = arena_new();
		struct ticket ticket;
		int ret = ticket_claim(ledger, "by-hand", 60000, arena, &ticket, &err);

		if (ret == -ENOENT)
			(void)poll(NULL, 0, 20);
		else if (ret < 0 || grade(ledger, &ticket, argv, wait_ms, &err) < 0)
			return fail(&err);
	}
}
