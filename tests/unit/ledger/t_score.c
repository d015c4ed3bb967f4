/* SPDX-License-Identifier: MIT */
#include "tests/unit/ledger/site.h"

/* One push of LEARNER, graded with one result. */
static int64_t graded(struct site *site, int64_t learner, int commit, const struct result *result)
{
	int64_t ticket = push(site, learner, commit);

	IS(claim(site, "w"), ticket);
	IS(ticket_grade(site->ledger, ticket, "w", result, 1, &site->err), 0);
	return ticket;
}

static void every_part_of_a_result_is_found_again(void)
{
	struct site site;
	struct result result = result_of("hello-api", 80, "needs-work");
	struct score *scores = NULL;
	struct score score;
	size_t count = 0;
	int64_t who = 0;
	int64_t ticket;

	site_open(&site);
	result.exercise_version = 3;
	result.counted = 59;
	result.milestone = 5;
	ticket = graded(&site, add_learner(&site, "asha"), 1, &result);
	site_again(&site);
	IS(score_list(site.ledger, 1, SCORE_BEST, site.arena, &scores, &count, &site.err), 0);
	if (!IS(count, 1))
		exit(1);
	OK(scores[0].result.card == NULL);
	IS(score_find(site.ledger, scores[0].id, site.arena, &score, &who, &site.err), 0);
	IS(who, 1);
	IS(score.ticket, ticket);
	IS(score.version, 1);
	IS_TEXT(score.commit, hex_of(&site, 1));
	IS(score.received_at, find(&site, ticket).received_at);
	OK(score.graded_at >= score.received_at);
	IS_TEXT(score.result.exercise, "hello-api");
	IS(score.result.exercise_version, 3);
	IS_TEXT(score.result.exercise_hash, "h");
	IS_TEXT(score.result.input_key, "k");
	IS_TEXT(score.result.seed, "7");
	IS(score.result.score, 80);
	IS(score.result.counted, 59);
	IS(score.result.points, 100);
	IS_TEXT(score.result.status, "needs-work");
	IS(score.result.milestone, 5);
	IS_TEXT(score.result.card, "{\"card\":1}");
	IS_TEXT(score.result.run, "{}");
	IS_TEXT(score.result.page, "<p>page</p>");
	IS_TEXT(score.result.page_of_instructor, "<p>all</p>");
	IS_TEXT(score.result.card_of_instructor, "{\"all\": true}");
	IS(score_find(site.ledger, 99, site.arena, &score, &who, &site.err), -ENOENT);
	site_close(&site);
}

static void the_best_and_the_latest_are_chosen(void)
{
	struct site site;
	struct result result = result_of("hello-api", 0, "needs-work");
	static const struct {
		int score, counted;
		const char *status;
	} pushes[] = {{90, 59, "needs-work"},
		      {70, 70, "passed"},
		      {70, 70, "passed"},
		      {95, 59, "needs-work"},
		      {0, 0, "not-graded"}};
	struct score *scores = NULL;
	size_t count = 0;
	int64_t asha;

	site_open(&site);
	asha = add_learner(&site, "asha");
	for (size_t i = 0; i < sizeof(pushes) / sizeof(pushes[0]); i++) {
		result.score = pushes[i].score;
		result.counted = pushes[i].counted;
		result.status = pushes[i].status;
		(void)graded(&site, asha, (int)i, &result);
	}
	result = result_of("another", 10, "needs-work");
	(void)graded(&site, asha, 9, &result);
	result = result_of("hello-api", 100, "mastered");
	(void)graded(&site, add_learner(&site, "ravi"), 9, &result);

	IS(score_list(site.ledger, asha, SCORE_BEST, site.arena, &scores, &count, &site.err), 0);
	if (IS(count, 2)) {
		IS_TEXT(scores[0].result.exercise, "another");
		IS(scores[1].version, 3);
		IS(scores[1].result.counted, 70);
	}
	IS(score_list(site.ledger, asha, SCORE_LATEST, site.arena, &scores, &count, &site.err), 0);
	if (IS(count, 2))
		IS(scores[1].version, 5);
	IS(score_list(site.ledger, asha, SCORE_ALL, site.arena, &scores, &count, &site.err), 0);
	if (IS(count, 6)) {
		IS_TEXT(scores[0].result.exercise, "another");
		IS(scores[5].version, 1);
	}
	site_close(&site);
}

static void what_was_not_graded_is_never_the_best(void)
{
	struct site site;
	struct result result = result_of("hello-api", 0, "needs-work");
	struct score *scores = NULL;
	size_t count = 0;

	site_open(&site);
	(void)graded(&site, add_learner(&site, "asha"), 1, &result);
	result.status = "not-graded";
	(void)graded(&site, 1, 2, &result);
	IS(score_list(site.ledger, 1, SCORE_BEST, site.arena, &scores, &count, &site.err), 0);
	if (IS(count, 1))
		IS_TEXT(scores[0].result.status, "needs-work");
	site_close(&site);
}

static void the_latest_is_the_last_push_not_the_last_worker(void)
{
	struct site site;
	struct score *scores = NULL;
	size_t count = 0;
	int64_t first;
	int64_t second;

	site_open(&site);
	first = push(&site, add_learner(&site, "asha"), 1);
	IS(claim(&site, "slow"), first);
	second = push(&site, 1, 2);
	IS(claim(&site, "fast"), second);
	IS(grade(&site, second, "fast", "hello-api", 80), 0);
	IS(grade(&site, first, "slow", "hello-api", 20), 0);
	IS(score_list(site.ledger, 1, SCORE_LATEST, site.arena, &scores, &count, &site.err), 0);
	if (IS(count, 1))
		IS(scores[0].result.score, 80);
	site_close(&site);
}

static void what_is_unchanged_is_found_by_hash_and_key(void)
{
	static const struct {
		const char *exercise, *hash, *key;
		int want;
	} rows[] = {
		{"hello-api", "h", "k", 0},	   {"hello-api", "h2", "k", -ENOENT},
		{"hello-api", "h", "k2", -ENOENT}, {"another", "h", "k", -ENOENT},
		{"broken", "h", "k", -ENOENT}, /* that one was not graded */
	};
	struct site site;
	struct result result = result_of("hello-api", 80, "passed");
	struct score score;

	site_open(&site);
	(void)graded(&site, add_learner(&site, "asha"), 1, &result);
	(void)graded(&site, 1, 2, &result);
	result = result_of("broken", 0, "not-graded");
	(void)graded(&site, 1, 3, &result);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS(score_unchanged(site.ledger, 1, rows[i].exercise, rows[i].hash, rows[i].key,
				   site.arena, &score, &site.err),
		   rows[i].want);
		ROW("%zu", i);
	}
	IS(score_unchanged(site.ledger, 1, "hello-api", "h", "k", site.arena, &score, &site.err),
	   0);
	IS(score.version, 2);
	IS(score_unchanged(site.ledger, 2, "hello-api", "h", "k", site.arena, &score, &site.err),
	   -ENOENT);
	site_close(&site);
}

static void nobody_changes_or_removes_a_score(void)
{
	static const char *const tries[] = {
		"UPDATE score SET score = 100",
		"UPDATE OR REPLACE score SET id = 7",
		"DELETE FROM score",
		"UPDATE paper SET card = ''",
		"DELETE FROM paper",
		"DELETE FROM ticket",
		"DELETE FROM learner",
	};
	struct site site;
	struct result result = result_of("hello-api", 80, "passed");
	struct score score;
	int64_t who;

	site_open(&site);
	(void)graded(&site, add_learner(&site, "asha"), 1, &result);
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		const char *sql =
			arena_format(site.arena, "PRAGMA foreign_keys = ON; %s", tries[i]);

		IS(site_sql(&site, sql), SQLITE_CONSTRAINT);
		ROW("%s", tries[i]);
	}
	IS(score_find(site.ledger, 1, site.arena, &score, &who, &site.err), 0);
	IS(score.result.score, 80);
	site_close(&site);
}

static void all_results_of_a_ticket_are_taken_or_none(void)
{
	struct site site;
	struct result results[3] = {result_of("a-one", 80, "passed"),
				    result_of("b-two", 90, "passed"),
				    result_of("c-three", 101, "passed")};
	struct score *scores = NULL;
	size_t count = 9;
	int64_t ticket;

	site_open(&site);
	ticket = push(&site, add_learner(&site, "asha"), 1);
	IS(claim(&site, "w"), ticket);
	IS(ticket_grade(site.ledger, ticket, "w", results, 3, &site.err), -EINVAL);
	HAS_TEXT(site.err.text, "score BETWEEN 0 AND 100");
	IS(site.err.fault, MP_FAULT_BUG);
	results[2] = results[0];
	IS(ticket_grade(site.ledger, ticket, "w", results, 3, &site.err), -EEXIST);
	IS(find(&site, ticket).state, TICKET_CLAIMED);
	IS(score_list(site.ledger, 1, SCORE_ALL, site.arena, &scores, &count, &site.err), 0);
	IS(count, 0);
	IS(ticket_grade(site.ledger, ticket, "w", results, 2, &site.err), 0);
	IS(score_list(site.ledger, 1, SCORE_ALL, site.arena, &scores, &count, &site.err), 0);
	IS(count, 2);
	/* A tree in which nothing is to be graded is graded too. */
	ticket = push(&site, 1, 2);
	IS(claim(&site, "w"), ticket);
	IS(ticket_grade(site.ledger, ticket, "w", NULL, 0, &site.err), 0);
	IS(find(&site, ticket).state, TICKET_GRADED);
	site_close(&site);
}

/* clang-format off */
TAP_MAIN(
	T(every_part_of_a_result_is_found_again)
	T(the_best_and_the_latest_are_chosen)
	T(what_was_not_graded_is_never_the_best)
	T(the_latest_is_the_last_push_not_the_last_worker)
	T(what_is_unchanged_is_found_by_hash_and_key)
	T(nobody_changes_or_removes_a_score)
	T(all_results_of_a_ticket_are_taken_or_none)
)
