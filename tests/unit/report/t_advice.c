/* SPDX-License-Identifier: MIT */
/* A check without points is advice: what it says is told, and no format calls it a failure. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/report/sample.h"

enum { CHECKS = 3 };

static const struct report_options plain = {.audience = AUDIENCE_LEARNER};

static const struct check checks[CHECKS] = {
	SAMPLE_CHECK("hello", "hello.txt is your handle", 60),
	SAMPLE_CHECK("subjects", "Advice: each subject says what changed", 0),
	SAMPLE_CHECK("author", "The newest commit says who wrote it", 40),
};
static const char *hints[] = {"Look at your work."};
static const struct exercise first_push = {
	.id = "first-push",
	.version = 1,
	.title = "First push",
	.milestone = 1,
	.points = 10,
	.kind = "git",
	.checks = checks,
	.check_count = CHECKS,
	.hints = {hints, 1},
	.pass_score = 60,
	.mastered_score = 90,
};
static const struct outcome only_advice[CHECKS] = {
	[1] = {.verdict = VERDICT_FAIL, .message = "Subjects do not tell."}};
static const struct outcome advice_and_failure[CHECKS] = {
	[1] = {.verdict = VERDICT_FAIL, .message = "Subjects do not tell."},
	[2] = {.verdict = VERDICT_FAIL, .message = "The author is nobody."}};

static const struct {
	const char *format;
	const char *has[3], *lacks[3]; /* of a card that only advice is given to */
} rows[] = {
	{"text",
	 {" tip    0     subjects", "subjects: Subjects do not tell."},
	 {"FAIL", "Mend", "Hint"}},
	{"markdown", {"| tip | 0 | `subjects`", "Subjects do not tell."}, {"FAIL", "Mend"}},
	{"html", {"<li class=\"s\"><b>tip</b>", "Subjects do not tell."}, {"FAIL", "Mend"}},
	{"tap",
	 {"not ok 2 - first-push/subjects: Advice: each subject says what changed # TODO advice",
	  "Subjects do not tell."},
	 {"severity: fail"}},
	{"junit",
	 {"failures=\"0\" errors=\"0\" skipped=\"1\"",
	  "<skipped message=\"Subjects do not tell.\""},
	 {"<failure"}},
	{"github", {"::warning title=first-push/subjects::Subjects do not tell."}, {"::error"}},
	{"json", {"\"verdict\": \"fail\"", "\"points\": 0"}, {NULL}},
};

static void no_format_calls_advice_a_failure(void)
{
	struct card card = {.exercise = &first_push,
			    .outcomes = only_advice,
			    .score = 100,
			    .counted = 100,
			    .status = STATUS_MASTERED};
	struct scorecard scorecard = sample_scorecard(&card, 1);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autofree char *report = sample_report(&scorecard, rows[i].format, &plain);

		for (int k = 0; k < 3 && rows[i].has[k]; k++)
			HAS_TEXT(report, rows[i].has[k]);
		for (int k = 0; k < 3 && rows[i].lacks[k]; k++)
			OK(!strstr(report, rows[i].lacks[k]));
		ROW("%s", rows[i].format);
	}
}

static void what_costs_points_is_mended_before_advice(void)
{
	struct card card = {.exercise = &first_push,
			    .outcomes = advice_and_failure,
			    .score = 60,
			    .counted = 60,
			    .status = STATUS_PASSED};
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *text = sample_report(&scorecard, "text", &plain);
	mp_autofree char *junit = sample_report(&scorecard, "junit", &plain);
	mp_autofree char *github = sample_report(&scorecard, "github", &plain);

	HAS_TEXT(text, " FAIL  40     author");
	HAS_TEXT(text, "Mend author: milepost check first-push");
	HAS_TEXT(junit, "failures=\"1\" errors=\"0\" skipped=\"1\"");
	HAS_TEXT(github, "::error title=first-push/author::");
	HAS_TEXT(github, "::warning title=first-push/subjects::");
}

static const char *hello[] = {"subjects"};
static const struct check costly_checks[] = {
	SAMPLE_CHECK("subjects", "One that is a gate", 0, .is_gate = true),
	SAMPLE_CHECK("subjects", "One that must pass", 0, .is_core = true),
	{.id = "subjects", .title = "One with a cap", .cap = 70},
	SAMPLE_CHECK("subjects", "One of security", 0, .category = CATEGORY_SECURITY),
};

static void what_costs_a_status_is_no_advice(void)
{
	struct check some[CHECKS] = {checks[0], checks[1], checks[2]};
	struct exercise exercise = first_push;
	struct card card = {.exercise = &exercise,
			    .outcomes = only_advice,
			    .score = 100,
			    .counted = 100,
			    .status = STATUS_PASSED};
	struct scorecard scorecard = sample_scorecard(&card, 1);

	exercise.checks = some;
	for (size_t i = 0; i <= sizeof(costly_checks) / sizeof(costly_checks[0]); i++) {
		bool is_last = i == sizeof(costly_checks) / sizeof(costly_checks[0]);
		mp_autofree char *text = NULL;

		/* At last one that another check waits for. */
		some[1] = is_last ? checks[1] : costly_checks[i];
		some[2].after = is_last ? (struct text_list){hello, 1} : (struct text_list){0};
		text = sample_report(&scorecard, "text", &plain);
		HAS_TEXT(text, "FAIL   0");
		ROW("%s", some[1].title);
	}
}

TAP_MAIN(T(what_costs_a_status_is_no_advice) T(no_format_calls_advice_a_failure)
		 T(what_costs_points_is_mended_before_advice))
