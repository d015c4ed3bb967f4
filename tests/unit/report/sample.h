/* SPDX-License-Identifier: MIT */
/* Hand-made scorecards, and the comparison with golden files. */
#ifndef TESTS_UNIT_REPORT_SAMPLE_H
#define TESTS_UNIT_REPORT_SAMPLE_H

#include <errno.h>

#include "grader/report/report.h"
#include "sandbox/base/cleanup.h"
#include "tests/helper/tap.h"

enum { HELLO_CHECKS = 11 };

#define SAMPLE_CHECK(ID, TITLE, POINTS, ...)                                                       \
	{                                                                                          \
		.id = (ID), .title = (TITLE), .points = (POINTS), .cap = -1, __VA_ARGS__           \
	}

static const struct check hello_checks[HELLO_CHECKS] = {
	SAMPLE_CHECK("starts", "Starts on PORT and answers /health in time", 10, .is_gate = true),
	SAMPLE_CHECK("health-json", "Health is 200, JSON, right content type", 10),
	SAMPLE_CHECK("greets", "Greets by name, and a friend without one", 15),
	SAMPLE_CHECK("greets-in-hindi", "A name in Hindi comes back unharmed", 10),
	SAMPLE_CHECK("adds", "POST of two numbers gives their sum", 15),
	SAMPLE_CHECK("broken-json", "Broken JSON: 400 and an error object", 10,
		     .category = CATEGORY_ERROR, .is_core = true),
	SAMPLE_CHECK("not-found-and-method", "No such path 404, wrong method 405, JSON", 10,
		     .category = CATEGORY_ERROR),
	SAMPLE_CHECK("names-the-field", "A missing or wrong field: 422 that names it", 5,
		     .category = CATEGORY_ERROR),
	SAMPLE_CHECK(
		"no-mix-up", "20 requests at once, no answer mixed up", 5,
		.category = CATEGORY_CONCURRENCY, .visibility = VISIBILITY_HIDDEN,
		.rule = "Each answer greets the name of its own request, however many come at once."),
	SAMPLE_CHECK("no-html", "A name with markup is never sent as HTML", 5,
		     .category = CATEGORY_SECURITY, .visibility = VISIBILITY_HIDDEN,
		     .rule = "What a user typed goes out as JSON, so that no browser runs it."),
	SAMPLE_CHECK("stops", "Ends within five seconds of SIGTERM", 5,
		     .category = CATEGORY_SHUTDOWN),
};

static const char *hello_hints[] = {
	"The visible checks run at your desk exactly as in the grader.",
	"Decide the content type once, for errors too.",
	"Nothing of one request belongs in a variable that outlives it."};

static const struct exercise hello_api = {
	.id = "hello-api",
	.version = 1,
	.title = "Hello over HTTP",
	.summary = "Three routes, right status codes, JSON errors. The standard library is enough.",
	.milestone = 5,
	.points = 20,
	.kind = "api",
	.entry = {[ENTRY_START] = WISH_REQUIRED, [ENTRY_BUILD] = WISH_OPTIONAL},
	.checks = hello_checks,
	.check_count = HELLO_CHECKS,
	.hints = {hello_hints, 3},
	.pass_score = 60,
	.mastered_score = 90,
	.hash = "5f0c1e9a7b3d2846c0ffee11223344556677889900aabbccddeeff0011223344",
};

#define SAMPLE_COMMIT "4f1c2a9d0e8b7c6a5f4e3d2c1b0a99887766554f"

#define WANTED_TYPE                                                                                \
	{                                                                                          \
		"type", "application/json", "text/html;charset=utf-8"                              \
	}
#define WANTED_JSON(BYTES)                                                                         \
	{                                                                                          \
		"json", "an object with error.code and error.message",                             \
			"no JSON: <!DOCTYPE HTML> <html lang=... (" BYTES " bytes)"                \
	}
#define HTML_CAUSE                                                                                 \
	"The error answers have the right status, but they are HTML pages, not JSON: the error "   \
	"page of a library."

static struct mismatch broken_json_mismatches[] = {WANTED_TYPE, WANTED_JSON("343")};
static struct evidence broken_json_evidence[] = {
	{"curl -i -X POST \"$BASE_URL/sum\" -H 'Content-Type: application/json' -d '{'",
	 "POST /sum with the body {", broken_json_mismatches, 2, NULL}};
static struct mismatch no_page_mismatches[] = {WANTED_TYPE, WANTED_JSON("335")};
static struct mismatch no_method_mismatches[] = {
	WANTED_TYPE,
	WANTED_JSON("357"),
	{"headers.allow", "a text that contains GET", "no such header"}};
static struct evidence not_found_evidence[] = {
	{"curl -i \"$BASE_URL/no-such-page\"", "GET /no-such-page", no_page_mismatches, 2, NULL},
	{"curl -i -X DELETE \"$BASE_URL/health\"", "DELETE /health", no_method_mismatches, 3,
	 NULL}};

static const struct outcome html_errors_outcomes[HELLO_CHECKS] = {
	[5] = {.verdict = VERDICT_FAIL,
	       .message = "POST /sum with the body {: not as wanted.",
	       .cause = HTML_CAUSE,
	       .evidence = broken_json_evidence,
	       .evidence_count = 1},
	[6] = {.verdict = VERDICT_FAIL,
	       .message = "Two requests: not as wanted.",
	       .cause = HTML_CAUSE,
	       .evidence = not_found_evidence,
	       .evidence_count = 2},
};

static struct fact fixed_port_facts[] = {
	{"started", "python3 app.py", "(exercises/hello-api/milepost.yaml, line 1)", false, false},
	{"found", "127.0.0.1:5000", "opened by python3 after 0.3 s", true, false},
	{"wanted", "port 41873", "still closed 2.0 s later", true, false},
	{"it said", " * Running on http://127.0.0.1:5000", NULL, false, true}};

static const struct outcome fixed_port_outcomes[HELLO_CHECKS] = {
	[0] = {.verdict = VERDICT_FAIL,
	       .message = "your service runs, but on port 5000. It was told PORT=41873.",
	       .facts = fixed_port_facts,
	       .fact_count = 4,
	       .advice =
		       "Here, as on a real server, somebody else chooses the port and passes it in the variable "
		       "PORT. In Python:  port = int(os.environ.get(\"PORT\", \"8000\"))\n"
		       "  Linux, macOS  PORT=41873 python3 app.py\n"
		       "  PowerShell    $env:PORT=41873; python app.py\n"
		       "  then          curl -i http://127.0.0.1:41873/health   (PowerShell: curl.exe)",
	       .next = "Change that line, commit, push: the other checks will then be run."},
#define SKIPPED                                                                                    \
	{                                                                                          \
		.verdict = VERDICT_SKIP                                                            \
	}
	[1] = SKIPPED,
	[2] = SKIPPED,
	[3] = SKIPPED,
	[4] = SKIPPED,
	[5] = SKIPPED,
	[6] = SKIPPED,
	[7] = SKIPPED,
	[8] = SKIPPED,
	[9] = SKIPPED,
	[10] = SKIPPED,
};

#define HELLO_CARD                                                                                 \
	{                                                                                          \
		.exercise = &hello_api, .seed = 7, .commit = SAMPLE_COMMIT,                        \
		.runtime = "python3.11", .folder = "exercises/hello-api",                          \
	}

static inline struct card html_errors_card(void)
{
	struct card card = HELLO_CARD;

	card.outcomes = html_errors_outcomes;
	card.score = 80;
	card.counted = 59;
	card.status = STATUS_NEEDS_WORK;
	return card;
}

static inline struct card fixed_port_card(void)
{
	struct card card = HELLO_CARD;

	card.outcomes = fixed_port_outcomes;
	card.status = STATUS_NEEDS_WORK;
	return card;
}

static inline void sample_milestones(struct scorecard *scorecard)
{
	static const struct milestone_line lines[MILESTONES] = {
		{.title = "Basics of web development", .required = 3},
		{.title = "A server-side language",
		 .passed = 1,
		 .required = 4,
		 .published = 1,
		 .percent = 100},
		{.title = "Databases", .required = 6},
		{.title = "Server architecture and cloud", .required = 5},
		{.title = "APIs and web services", .required = 4, .published = 1, .percent = 59},
		{.title = "Frameworks and libraries", .required = 4},
		{.title = "Full-stack applications", .required = 2},
		{.title = "Open source", .required = 2},
		{.title = "Staying updated", .required = 2},
	};

	for (int i = 0; i < MILESTONES; i++) {
		scorecard->milestones[i] = lines[i];
		scorecard->milestones[i].number = i + 1;
	}
}

static inline struct scorecard sample_scorecard(struct card *cards, size_t count)
{
	struct scorecard scorecard = {.commit = SAMPLE_COMMIT, .cards = cards, .card_count = count};

	sample_milestones(&scorecard);
	for (size_t i = 0; i < count; i++) {
		scorecard.earned += cards[i].exercise->points * cards[i].counted / 100;
		scorecard.possible += cards[i].exercise->points;
	}
	return scorecard;
}

/* The scorecard in FORMAT; freed by the caller. */
static inline char *sample_report(const struct scorecard *scorecard, const char *format,
				  const struct report_options *options)
{
	struct mp_error err = {0};
	struct text text;

	text_init(&text, 0);
	IS(report_format_find(format)->write(scorecard, options, &text, &err), 0);
	return text_take(&text);
}

static inline void show_first_difference(const char *got, const char *wanted, const char *name)
{
	int line = 1;

	while (*got && *got == *wanted) {
		size_t length = strcspn(got, "\n");

		if (strncmp(got, wanted, length + 1) != 0)
			break;
		got += length + 1;
		wanted += length + 1;
		line++;
	}
	if (strcmp(got, wanted) == 0)
		return;
	printf("# %s:%d\n#   got    %.*s\n#   wanted %.*s\n", name, line, (int)strcspn(got, "\n"),
	       got, (int)strcspn(wanted, "\n"), wanted);
}

/*
 * Compare with tests/unit/report/golden/NAME; UPDATE_GOLDEN in the environment writes it instead.
 */
static inline void is_golden(const char *got, const char *name)
{
	char path[200];
	static char wanted[1 << 18];
	size_t count;
	FILE *file;

	(void)snprintf(path, sizeof(path), "tests/unit/report/golden/%s", name);
	if (getenv("UPDATE_GOLDEN")) {
		file = fopen(path, "we");
		if (OK(file != NULL)) {
			(void)fputs(got, file);
			(void)fclose(file);
		}
		return;
	}
	file = fopen(path, "re");
	if (!OK(file != NULL))
		return;
	count = fread(wanted, 1, sizeof(wanted) - 1, file);
	wanted[count] = '\0';
	(void)fclose(file);
	show_first_difference(got, wanted, name);
	OK(strcmp(got, wanted) == 0);
}

#endif
