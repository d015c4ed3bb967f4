/* SPDX-License-Identifier: MIT */
/* A data folder for one test, and what its tests say again and again. */
#ifndef TESTS_UNIT_LEDGER_SITE_H
#define TESTS_UNIT_LEDGER_SITE_H

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/ledger/ledger.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"
#include "tests/helper/tap.h"

#define ZEROS	 "0000000000000000000000000000000000000000"
#define LEASE_MS 60000

struct site {
	char data[64];
	struct ledger *ledger;
	struct arena *arena;
	struct mp_error err;
};

/* A commit id that ends with NUMBER. */
static inline const char *hex_of(struct site *site, int number)
{
	return arena_format(site->arena, "%040x", (unsigned int)number + 0xa0);
}

static inline void site_open(struct site *site)
{
	*site = (struct site){.arena = arena_new()};
	memcpy(site->data, "/tmp/milepost-ledger-XXXXXX", 28);
	OK(mkdtemp(site->data) != NULL);
	if (!OK(ledger_open(site->data, LEDGER_OR_MAKE, &site->ledger, &site->err) == 0)) {
		printf("# %s\n", site->err.text);
		exit(1);
	}
}

/* As after a restart. */
static inline void site_again(struct site *site)
{
	ledger_close(site->ledger);
	site->ledger = NULL;
	OK(ledger_open(site->data, LEDGER_EXISTING, &site->ledger, &site->err) == 0);
}

static inline void site_close(struct site *site)
{
	ledger_close(site->ledger);
	IS(path_remove_tree(AT_FDCWD, site->data), 0);
	arena_free(site->arena);
}

static inline char *site_path(struct site *site, const char *name)
{
	return arena_format(site->arena, "%s/%s", site->data, name);
}

/* SQL past the room: what only a damaged file, another clock or another program would do. */
static inline int site_sql(struct site *site, const char *sql)
{
	sqlite3 *db = NULL;
	int code = sqlite3_open(site_path(site, "ledger.db"), &db);

	(void)sqlite3_busy_timeout(db, 5000);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	(void)sqlite3_close(db);
	return code;
}

static inline int64_t add_learner(struct site *site, const char *handle)
{
	const struct learner learner = {
		.handle = handle, .name = "", .track = "python", .language = "en", .section = ""};
	int64_t id = 0;

	IS(learner_add(site->ledger, &learner, &id, &site->err), 0);
	return id;
}

static inline struct receipt receipt_of(struct site *site, int64_t learner, int number)
{
	return (struct receipt){.learner = learner,
				.ref = "refs/heads/main",
				.old_commit = ZEROS,
				.commit = hex_of(site, number),
				.received_at = clock_wall_ms()};
}

static inline int64_t receive(struct site *site, int64_t learner, int number)
{
	const struct receipt receipt = receipt_of(site, learner, number);
	int64_t ticket = 0;

	IS(ticket_receive(site->ledger, &receipt, &ticket, &site->err), 0);
	return ticket;
}

static inline int64_t push(struct site *site, int64_t learner, int number)
{
	int64_t ticket = receive(site, learner, number);

	IS(ticket_queue(site->ledger, ticket, &site->err), 0);
	return ticket;
}

/* The ticket that is claimed, or the negative errno. */
static inline int64_t claim(struct site *site, const char *worker)
{
	struct ticket ticket;
	int ret = ticket_claim(site->ledger, worker, LEASE_MS, site->arena, &ticket, &site->err);

	return ret < 0 ? ret : ticket.id;
}

static inline struct ticket find(struct site *site, int64_t id)
{
	struct ticket ticket = {0};

	IS(ticket_find(site->ledger, id, site->arena, &ticket, &site->err), 0);
	return ticket;
}

static inline struct result result_of(const char *exercise, int score, const char *status)
{
	return (struct result){.exercise = exercise,
			       .exercise_version = 1,
			       .exercise_hash = "h",
			       .input_key = "k",
			       .seed = "7",
			       .score = score,
			       .counted = score,
			       .points = 100,
			       .status = status,
			       .milestone = 1,
			       .card = "{\"card\":1}",
			       .run = "{}",
			       .page = "<p>page</p>",
			       .card_of_instructor = "{\"all\": true}",
			       .page_of_instructor = "<p>all</p>"};
}

static inline int grade(struct site *site, int64_t ticket, const char *worker, const char *exercise,
			int score)
{
	const struct result result =
		result_of(exercise, score, score >= 60 ? "passed" : "needs-work");

	return ticket_grade(site->ledger, ticket, worker, &result, 1, &site->err);
}

#endif
