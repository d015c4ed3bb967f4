/* SPDX-License-Identifier: MIT */
/*
 * The reports for CI: markdown, junit, tap, github. tests/cli/t_reports.sh reads the golden files with
 * parsers that are not ours.
 */
#include <stdlib.h>

#include "tests/unit/report/khata.h"

static const struct report_options plain = {.audience = AUDIENCE_LEARNER};

static const struct {
	const char *format, *road, *port;
} formats[] = {
	{"markdown", "road.md", "fixed-port.md"},
	{"junit", "road.junit.xml", "fixed-port.junit.xml"},
	{"tap", "road.tap", "fixed-port.tap"},
	{"github", "road.github", "fixed-port.github"},
};
enum { FORMATS = sizeof(formats) / sizeof(formats[0]), MANY = 60 };

static void reports_are_as_the_golden_files(void)
{
	struct card cards[5];
	struct card port = fixed_port_card();
	struct scorecard road = road_scorecard(cards);
	struct scorecard port_alone = sample_scorecard(&port, 1);
	struct report_options options = {.audience = AUDIENCE_LEARNER, .run = &road_run};

	for (size_t i = 0; i < FORMATS; i++) {
		mp_autofree char *first = sample_report(&road, formats[i].format, &options);
		mp_autofree char *second = sample_report(&port_alone, formats[i].format, &plain);

		is_golden(first, formats[i].road);
		is_golden(second, formats[i].port);
	}
}

/* Evidence of a hidden check, which only an instructor may see. */
static struct mismatch secret_mismatch[] = {{"json.secret", "wanted-secret", "got-secret"}};
static struct evidence secret_evidence[] = {
	{"curl repeat-secret", "request-secret", secret_mismatch, 1, "say-secret"}};
static const struct outcome secret_outcomes[HELLO_CHECKS] = {[8] = {.verdict = VERDICT_FAIL,
								    .message = "message-secret",
								    .cause = "cause-secret",
								    .evidence = secret_evidence,
								    .evidence_count = 1,
								    .advice = "advice-secret",
								    .next = "next-secret"}};

static void a_hidden_check_shows_a_learner_its_rule_and_no_value(void)
{
	struct card card = HELLO_CARD;
	struct scorecard scorecard = sample_scorecard(&card, 1);
	struct report_options instructor = {.audience = AUDIENCE_INSTRUCTOR};

	card.outcomes = secret_outcomes;
	for (const struct report_format *row = report_formats; row->name; row++) {
		mp_autofree char *learner = sample_report(&scorecard, row->name, &plain);
		mp_autofree char *other = sample_report(&scorecard, row->name, &instructor);

		OK(!strstr(learner, "secret"));
		HAS_TEXT(learner, "Each answer greets the name of its own request");
		HAS_TEXT(other, "secret");
		ROW("%s", row->name);
	}
}

/* Texts that would mean something to each reader if they were not quoted. */
static const struct outcome hostile_outcomes[HELLO_CHECKS] = {
	{.verdict = VERDICT_FAIL,
	 .message = "]]> <b>&\x01 | ``` @asha # SKIP\n::error::x %0A \xef\xbf\xbe"}};

static void foreign_text_means_nothing_to_the_reader(void)
{
	static const struct {
		const char *format, *wanted;
	} rows[] = {
		{"markdown", "\\]&#62; &#60;b&#62;&#38;"},
		{"markdown", "\\| \\`\\`\\` &#64;asha \\# SKIP ::error::x"},
		{"junit", "]]&gt; &lt;b&gt;&amp;? | ``` @asha # SKIP\n::error::x %0A ?\""},
		{"tap", "message: \"]]> <b>&\\x01 | ``` @asha # SKIP\\x0a::error::x"},
		{"github", "]]> <b>&%01 | ``` @asha # SKIP%0A::error::x %250A"},
	};
	struct card card = HELLO_CARD;
	struct scorecard scorecard = sample_scorecard(&card, 1);

	card.outcomes = hostile_outcomes;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autofree char *got = sample_report(&scorecard, rows[i].format, &plain);

		HAS_TEXT(got, rows[i].wanted);
		ROW("%s", rows[i].format);
	}
}

static void a_fence_is_longer_than_any_in_what_it_holds(void)
{
	static struct fact facts[] = {{"it said", "a ````` b", NULL, false, true}};
	static const struct outcome outcomes[HELLO_CHECKS] = {
		{.verdict = VERDICT_FAIL, .message = "No.", .facts = facts, .fact_count = 1}};
	struct card card = HELLO_CARD;
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *got = NULL;

	card.outcomes = outcomes;
	got = sample_report(&scorecard, "markdown", &plain);
	HAS_TEXT(got, "\n``````text\n");
	HAS_TEXT(got, "\n``````\n");
}

static size_t count_of(const char *text, const char *what)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
		count++;
	return count;
}

/* MANY exercises in which every check failed for a reason of its own, with LINE as its message. */
static void fill_many(struct card cards[MANY], struct outcome outcomes[HELLO_CHECKS],
		      const char *line)
{
	for (size_t i = 0; i < HELLO_CHECKS; i++)
		outcomes[i] = (struct outcome){.verdict = VERDICT_FAIL, .message = line};
	for (size_t i = 0; i < MANY; i++) {
		cards[i] = (struct card)HELLO_CARD;
		cards[i].outcomes = outcomes;
		cards[i].status = STATUS_NEEDS_WORK;
	}
}

static void github_gets_ten_of_a_kind_and_the_tenth_counts_the_rest(void)
{
	static struct card cards[MANY];
	static struct outcome outcomes[HELLO_CHECKS];
	struct scorecard scorecard;
	mp_autofree char *got = NULL;

	fill_many(cards, outcomes, "No.");
	scorecard = sample_scorecard(cards, MANY);
	got = sample_report(&scorecard, "github", &plain);
	IS(count_of(got, "::error "), 10);
	IS(count_of(got, "::notice "), 10);
	IS(count_of(got, "::warning "), 0);
	HAS_TEXT(got, "::error title=milepost::and 651 more\n");
	HAS_TEXT(got, "::notice title=milepost::and 51 more\n");
}

static void a_summary_stays_below_a_mebibyte_and_says_what_it_left_out(void)
{
	static struct card cards[MANY];
	static struct outcome outcomes[HELLO_CHECKS];
	static char line[4000];
	struct scorecard scorecard;
	mp_autofree char *got = NULL;

	memset(line, '*', sizeof(line) - 1);
	fill_many(cards, outcomes, line);
	scorecard = sample_scorecard(cards, MANY);
	got = sample_report(&scorecard, "markdown", &plain);
	OK(strlen(got) < 1 << 20);
	OK(strlen(got) > 900 * 1000);
	HAS_TEXT(got, "The page ends here to stay small.");
	IS(count_of(got, "\n| `hello-api` |"), MANY);
}

static void junit_tells_time_only_when_asked(void)
{
	struct card card = html_errors_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);
	struct report_options asked = {.has_run_info = true};
	mp_autofree char *bare = sample_report(&scorecard, "junit", &plain);
	mp_autofree char *whole = NULL;

	card.wall_ms = 1234;
	whole = sample_report(&scorecard, "junit", &asked);
	OK(!strstr(bare, "time="));
	HAS_TEXT(whole, " time=\"1.234\">");
}

/* The slip of a check that passed costs nothing and is told all the same; a hidden check's is not. */
static void a_slip_beside_a_check_that_passed_is_told(void)
{
	static struct fact led[] = {
		{"address", "http://localhost:9/x", "names another host", true, false}};
	static const struct outcome outcomes[HELLO_CHECKS] = {
		[1] = {.verdict = VERDICT_PASS, .facts = led, .fact_count = 1},
		[8] = {.verdict = VERDICT_PASS, .facts = led, .fact_count = 1}};
	static const char *const shown[] = {"text", "html", "markdown"};
	struct card card = HELLO_CARD;
	struct scorecard scorecard = sample_scorecard(&card, 1);

	card.outcomes = outcomes;
	card.score = card.counted = 100;
	card.status = STATUS_MASTERED;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		mp_autofree char *got = sample_report(&scorecard, shown[i], &plain);

		HAS_TEXT(got, "health-json: http://localhost:9/x names another host");
		OK(!strstr(got, "no-mix-up: http"));
		ROW("%s", shown[i]);
	}
}

static void nothing_at_all_is_still_a_report(void)
{
	struct scorecard scorecard = sample_scorecard(NULL, 0);

	for (size_t i = 0; i < FORMATS; i++) {
		mp_autofree char *got = sample_report(&scorecard, formats[i].format, &plain);

		OK(got != NULL);
		ROW("%s", formats[i].format);
	}
}

TAP_MAIN(T(reports_are_as_the_golden_files) T(a_hidden_check_shows_a_learner_its_rule_and_no_value)
		 T(foreign_text_means_nothing_to_the_reader)
			 T(a_fence_is_longer_than_any_in_what_it_holds)
				 T(github_gets_ten_of_a_kind_and_the_tenth_counts_the_rest) T(
					 a_summary_stays_below_a_mebibyte_and_says_what_it_left_out)
					 T(junit_tells_time_only_when_asked)
						 T(a_slip_beside_a_check_that_passed_is_told)
							 T(nothing_at_all_is_still_a_report))
