/* SPDX-License-Identifier: MIT */
/*
 * Transactions of the ledger beside the same bytes appended to a file and made safe by fdatasync(), in turns on
 * one disk. Prints how many a second, and the ratio of a receive to a bare append. Called by ledger.sh, with the
 * folder to work in.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/ledger/ledger.h"
#include "sandbox/base/clock.h"

enum { TURNS = 7, TIMES = 100, LEARNERS = 200, APPENDED = 8 * 4096 };

static void must(int ret, const struct mp_error *err)
{
	if (ret < 0) {
		(void)fprintf(stderr, "%s\n", err->text);
		exit(1);
	}
}

/* The state of a run: tickets that were received, queued, claimed. */
struct run {
	struct ledger *ledger;
	struct arena *arena;
	struct mp_error err;
	int file_fd;
	int64_t tickets[TIMES];
	int number;
};

static void append(struct run *run, int i)
{
	static const char bytes[APPENDED];

	(void)i;
	if (write(run->file_fd, bytes, sizeof(bytes)) < 0 || fdatasync(run->file_fd) < 0)
		exit(1);
}

static void receive(struct run *run, int i)
{
	const struct receipt receipt = {
		.learner = 1 + run->number++ % LEARNERS,
		.ref = "refs/heads/main",
		.old_commit = "0000000000000000000000000000000000000000",
		.commit = "4f1c2a9000000000000000000000000000000000",
		.received_at = clock_wall_ms(),
	};

	must(ticket_receive(run->ledger, &receipt, &run->tickets[i], &run->err), &run->err);
}

static void queue(struct run *run, int i)
{
	must(ticket_queue(run->ledger, run->tickets[i], &run->err), &run->err);
}

static void claim(struct run *run, int i)
{
	struct ticket ticket = {0};

	must(ticket_claim(run->ledger, "w", 60000, run->arena, &ticket, &run->err), &run->err);
	run->tickets[i] = ticket.id;
}

static void add_event(struct run *run, int i)
{
	must(event_add(run->ledger, run->tickets[i], "checks", "{\"lines\":[\"  ok    starts\"]}",
		       &run->err),
	     &run->err);
}

static void grade(struct run *run, int i)
{
	static char page[60000];
	const struct result result = {.exercise = "hello-api",
				      .exercise_version = 1,
				      .exercise_hash = "h",
				      .input_key = "k",
				      .seed = "7",
				      .score = 80,
				      .counted = 80,
				      .points = 100,
				      .status = "passed",
				      .milestone = 5,
				      .card = "{}",
				      .run = "{}",
				      .page = page,
				      .card_of_instructor = "{}",
				      .page_of_instructor = page};

	memset(page, 'p', sizeof(page) - 1);
	must(ticket_grade(run->ledger, run->tickets[i], "w", &result, 1, &run->err), &run->err);
}

static int compare(const void *a, const void *b)
{
	return *(const double *)a < *(const double *)b ? -1 : 1;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*step)(struct run *run, int i);
	} rows[] = {{"append and fdatasync", append},
		    {"receive", receive},
		    {"queue", queue},
		    {"claim", claim},
		    {"add an event", add_event},
		    {"grade, 120 kB", grade}};
	enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
	static double rates[ROWS][TURNS];
	double ratios[TURNS];
	struct run run = {.arena = arena_new()};
	char path[4096];
	int64_t id;

	if (argc != 2)
		return 2;
	(void)snprintf(path, sizeof(path), "%s/appended", argv[1]);
	run.file_fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	(void)snprintf(path, sizeof(path), "%s/data", argv[1]);
	must(ledger_open(path, LEDGER_OR_MAKE, &run.ledger, &run.err), &run.err);
	for (int i = 0; i < LEARNERS; i++) {
		char handle[16];
		const struct learner learner = {.handle = handle,
						.name = "",
						.track = "node",
						.language = "en",
						.section = ""};

		(void)snprintf(handle, sizeof(handle), "asha%d", i);
		must(learner_add(run.ledger, &learner, &id, &run.err), &run.err);
	}
	for (int turn = 0; turn < TURNS; turn++) {
		for (int row = 0; row < ROWS; row++) {
			int64_t before = clock_now_us();

			for (int i = 0; i < TIMES; i++)
				rows[row].step(&run, i);
			rates[row][turn] = TIMES * 1e6 / (double)(clock_now_us() - before);
		}
		ratios[turn] = rates[1][turn] / rates[0][turn];
	}
	for (int row = 0; row < ROWS; row++) {
		qsort(rates[row], TURNS, sizeof(double), compare);
		printf("%-22s %8.0f a second\n", rows[row].name, rates[row][TURNS / 2]);
	}
	qsort(ratios, TURNS, sizeof(double), compare);
	printf("receive beside append and fdatasync: %.2f (goal: at least 0.5)\n",
	       ratios[TURNS / 2]);
	ledger_close(run.ledger);
	return ratios[TURNS / 2] < 0.5;
}
