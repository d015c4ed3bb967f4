/* SPDX-License-Identifier: MIT */
/*
 * A second hand-made exercise: limits, caps, waiting and hidden checks, other scripts, many
 * mismatches.
 */
#ifndef TESTS_UNIT_REPORT_KHATA_H
#define TESTS_UNIT_REPORT_KHATA_H

#include "tests/unit/report/sample.h"

enum { KHATA_CHECKS = 8, KHATA_LINES = 20 };

static const char *sample_id[] = {"sample"};

static const struct check khata_checks[KHATA_CHECKS] = {
	SAMPLE_CHECK("sample", "The sample of the task, byte for byte", 20, .is_core = true),
	SAMPLE_CHECK("two-decimals", "Amounts always with two decimals", 15),
	SAMPLE_CHECK("scripts", "Names in several scripts, sorted by bytes", 15),
	SAMPLE_CHECK("random-ledgers", "Twenty random ledgers", 20, .after = {sample_id, 1}),
	SAMPLE_CHECK("large", "A million lines in three seconds", 10,
		     .category = CATEGORY_PERFORMANCE,
		     .rule = "Read line by line: a ledger may be larger than the memory."),
	SAMPLE_CHECK("bad-line", "A broken line is named, status 2", 10,
		     .category = CATEGORY_ERROR),
	SAMPLE_CHECK(
		"no-float", "Fifteen digits stay exact", 5, .visibility = VISIBILITY_HIDDEN,
		.rule = "Money is counted in whole paise: a float loses one in the thirteenth digit."),
	{.id = "no-shell",
	 .title = "No name is run as a command",
	 .points = 5,
	 .cap = 40,
	 .category = CATEGORY_SECURITY,
	 .visibility = VISIBILITY_HIDDEN,
	 .rule = "What stands in the input is data, never a command."},
};

static const char *khata_hints[] = {"Add whole paise, print rupees at the end.",
				    "Sort by balance first, then by bytes.",
				    "A stream is read line by line."};

static const struct exercise khata_totals = {
	.id = "khata-totals",
	.version = 2,
	.title = "Totals of a shop's khata",
	.milestone = 2,
	.points = 15,
	.kind = "program",
	.entry = {[ENTRY_RUN] = WISH_REQUIRED},
	.checks = khata_checks,
	.check_count = KHATA_CHECKS,
	.hints = {khata_hints, 3},
	.pass_score = 60,
	.mastered_score = 90,
	.hash = "00112233445566778899aabbccddeeff5f0c1e9a7b3d2846c0ffee1122334455",
};

static struct mismatch sample_mismatches[] = {
	{"stdout line 2", "\"आशा\\t1250.00\"", "\"आशा\\t1250.0\""},
	{"stdout line 4", "\"TOTAL\\t1730.50\"", "\"TOTAL\\t1730.5\""}};
static struct evidence sample_evidence[] = {
	{"python3 khata.py < sample.txt", "the program with the sample on its standard input",
	 sample_mismatches, 2,
	 "The numbers are right, their form is not: print two decimals, always."}};
static struct mismatch script_mismatches[] = {
	{"stdout line 3",
	 "\"தமிழ்\\t300.00\" before \"日本\\t300.00\" and \"नमस्ते\\t300.00\", because equal balances are "
	 "ordered by the UTF-8 bytes of the name and not by the rules of one language",
	 "\"日本\\t300.00\""}};
static struct evidence script_evidence[] = {
	{"printf '%s\\n' '2024-11-01,தமிழ்,credit,300' '2024-11-01,नमस्ते,credit,300' '2024-11-01,日本,credit,300' | "
	 "python3 khata.py",
	 NULL, script_mismatches, 1, NULL}};

static inline const struct outcome *khata_outcomes(void)
{
	static struct mismatch lines[KHATA_LINES];
	static char paths[KHATA_LINES][24];
	static struct evidence evidence = {NULL, "the program with a ledger of 200 lines", lines,
					   KHATA_LINES, NULL};
	static struct outcome outcomes[KHATA_CHECKS] = {
		[0] = {.verdict = VERDICT_FAIL,
		       .message = "2 of 4 lines differ.",
		       .evidence = sample_evidence,
		       .evidence_count = 1},
		[1] = {.verdict = VERDICT_FAIL,
		       .message = "20 lines of 40 differ.",
		       .evidence_count = 1},
		[2] = {.verdict = VERDICT_FAIL,
		       .message = "The third line is another customer's.",
		       .evidence = script_evidence,
		       .evidence_count = 1},
		[3] = {.verdict = VERDICT_SKIP},
		[4] = {.verdict = VERDICT_LIMIT,
		       .message = "still running after 10 s, and stopped then."},
		[6] = {.verdict = VERDICT_FAIL,
		       .message = "SECRET message",
		       .cause = "SECRET cause",
		       .evidence = sample_evidence,
		       .evidence_count = 1,
		       .advice = "SECRET advice",
		       .next = "SECRET next"},
		[7] = {.verdict = VERDICT_FAIL,
		       .message = "SECRET message",
		       .cause = "SECRET cause"},
	};

	for (int i = 0; i < KHATA_LINES; i++) {
		(void)snprintf(paths[i], sizeof(paths[i]), "stdout line %d", i + 1);
		lines[i] = (struct mismatch){paths[i], "two decimals", "one decimal"};
	}
	outcomes[1].evidence = &evidence;
	return outcomes;
}

static inline struct card khata_card(void)
{
	return (struct card){
		.exercise = &khata_totals,
		.seed = 18446744073709551615U,
		.commit = SAMPLE_COMMIT,
		.runtime = "python3.11",
		.folder = "exercises/khata-totals",
		.outcomes = khata_outcomes(),
		.score = 10,
		.counted = 10,
		.status = STATUS_NEEDS_WORK,
		.wall_ms = 4321,
		.service_output =
			"first\nTraceback (most recent call last):\n  <module>\nKeyError: 'आशा'\n"};
}

static inline struct card mastered_card(void)
{
	static const struct outcome outcomes[HELLO_CHECKS];
	struct card card = HELLO_CARD;

	card.outcomes = outcomes;
	card.score = 100;
	card.counted = 100;
	card.status = STATUS_MASTERED;
	return card;
}

static inline struct card untouched_card(void)
{
	struct card card = fixed_port_card();

	card.is_untouched = true;
	card.status = STATUS_NOT_STARTED;
	return card;
}

static const struct exercise first_push = {.id = "first-push",
					   .version = 1,
					   .title = "First push",
					   .milestone = 1,
					   .points = 10,
					   .pass_score = 60,
					   .mastered_score = 90};
static const struct exercise fare_tests = {.id = "fare-tests",
					   .version = 1,
					   .title = "Tests for a bus fare",
					   .milestone = 2,
					   .points = 25,
					   .pass_score = 60,
					   .mastered_score = 90};

static inline struct card not_started_card(void)
{
	return (struct card){.exercise = &first_push,
			     .status = STATUS_NOT_STARTED,
			     .folder = "exercises/first-push"};
}

static inline struct card not_graded_card(void)
{
	return (struct card){
		.exercise = &fare_tests,
		.status = STATUS_NOT_GRADED,
		.not_graded =
			"There is no node on this machine: install the package nodejs, then grade "
			"it again."};
}

/* Everything that a report can hold, in one scorecard. */
static inline struct scorecard road_scorecard(struct card cards[5])
{
	struct scorecard scorecard;

	cards[0] = not_started_card();
	cards[1] = khata_card();
	cards[2] = not_graded_card();
	cards[3] = html_errors_card();
	cards[3].seed = 41;
	scorecard = sample_scorecard(cards, 4);
	scorecard.milestones[0].published = 1;
	scorecard.milestones[7] = (struct milestone_line){8, "Open source", 2, 2, 2, 95, 0, true};
	scorecard.milestones[1] =
		(struct milestone_line){2, "A server-side language", 0, 4, 2, 10, 12, false};
	return scorecard;
}

static const char *const road_notes[] = {
	"Left out: the link notes/latest leads out of the repository.",
	"README.md and readme.md differ only by case: readme.md was left out.", NULL};
static const struct run_info road_run = {.repository = "file:///srv/git/asha.git",
					 .trust = "own",
					 .kernel = "6.1.0-18-amd64",
					 .missing_layers = "cgroup landlock",
					 .wall_ms = 5123,
					 .notes = road_notes,
					 .started_at = "2024-11-01T18:42:07Z"};

#endif
