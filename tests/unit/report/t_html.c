/* SPDX-License-Identifier: MIT */
/* The page: self-contained, small, escaped. */
#include "tests/unit/report/khata.h"

static const struct report_options plain = {.audience = AUDIENCE_LEARNER};

static void the_pages_are_as_they_were_looked_at(void)
{
	struct card cards[5];
	struct card errors = html_errors_card();
	struct card port = fixed_port_card();
	struct scorecard road = road_scorecard(cards);
	struct scorecard errors_alone = sample_scorecard(&errors, 1);
	struct scorecard port_alone = sample_scorecard(&port, 1);
	struct report_options options = {.run = &road_run};
	mp_autofree char *first = sample_report(&errors_alone, "html", &plain);
	mp_autofree char *second = sample_report(&port_alone, "html", &plain);
	mp_autofree char *third = sample_report(&road, "html", &options);

	is_golden(first, "html-errors.html");
	is_golden(second, "fixed-port.html");
	is_golden(third, "road.html");
}

static void the_page_loads_nothing_and_runs_nothing(void)
{
	struct card cards[5];
	struct scorecard road = road_scorecard(cards);
	mp_autofree char *page = sample_report(&road, "html", &plain);
	static const char *const banned[] = {"<script",	 "<link",	"<img",	       "src=",
					     "url(http", "@import",	"href=\"http", "onload",
					     "onclick",	 "javascript:", "style=\"",    "xmlns",
					     NULL};

	for (int i = 0; banned[i]; i++) {
		OK(!strstr(page, banned[i]));
		ROW("%s", banned[i]);
	}
	HAS_TEXT(page, "default-src 'none'");
	HAS_TEXT(page, "width=device-width");
	HAS_TEXT(page, "prefers-color-scheme:dark");
	HAS_TEXT(page, "lang=\"en\"");
}

static void what_a_learner_wrote_is_never_markup(void)
{
	static const char attack[] = "\"><script>alert(1)</script>&'\x01\xff<img src=x onerror=y>";
	static struct mismatch mismatch[] = {{attack, attack, attack}};
	static struct evidence evidence[] = {{attack, attack, mismatch, 1, attack}};
	static struct fact fact[] = {{attack, attack, attack, false, false}};
	static const struct outcome outcomes[HELLO_CHECKS] = {{.verdict = VERDICT_FAIL,
							       .message = attack,
							       .evidence = evidence,
							       .evidence_count = 1,
							       .facts = fact,
							       .fact_count = 1,
							       .advice = attack,
							       .next = attack}};
	static const char *const notes[] = {attack, NULL};
	static const struct run_info run = {.notes = notes};
	struct report_options options = {.run = &run, .audience = AUDIENCE_LEARNER};
	struct card card = HELLO_CARD;
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *page = NULL;

	card.outcomes = outcomes;
	card.status = STATUS_NEEDS_WORK;
	card.runtime = attack;
	card.service_output = attack;
	page = sample_report(&scorecard, "html", &options);
	OK(!strstr(page, "<script"));
	OK(!strstr(page, "<img"));
	OK(!strchr(page, '\x01'));
	OK(!strchr(page, '\xff'));
	HAS_TEXT(page, "&lt;script&gt;");
}

enum { MANY = 9, CHECKS = 60, LONG = 4000, REQUESTS = 10, PARTS = 30 };

/*
 * COUNT exercises of 60 checks; every FAILING-th check fails with as much evidence as there can
 * be.
 */
static char *large_page(size_t count, int failing)
{
	static char filler[LONG + 1];
	static char ids[CHECKS][40];
	static char causes[CHECKS][32];
	static struct check checks[CHECKS];
	static struct mismatch mismatches[PARTS];
	static struct evidence evidence[REQUESTS];
	static struct outcome outcomes[CHECKS];
	static struct exercise exercise;
	struct card cards[MANY];
	struct scorecard scorecard;

	memset(filler, '<', LONG);
	for (int i = 0; i < PARTS; i++)
		mismatches[i] = (struct mismatch){filler + LONG - 60 + i, filler + i, filler + i};
	for (int i = 0; i < REQUESTS; i++)
		evidence[i] = (struct evidence){filler + i, filler, mismatches, PARTS, filler};
	for (int i = 0; i < CHECKS; i++) {
		(void)snprintf(ids[i], sizeof(ids[i]), "a-check-with-long-%02d", i);
		(void)snprintf(causes[i], sizeof(causes[i]), "Cause %d.", i);
		checks[i] = (struct check){.id = ids[i],
					   .cap = -1,
					   .points = 1,
					   .is_core = true,
					   .visibility = VISIBILITY_HIDDEN,
					   .rule = "A rule of this check.",
					   .title = "A title as long as a title may ever be made"};
		outcomes[i] = (struct outcome){.verdict = i % failing ? VERDICT_PASS : VERDICT_FAIL,
					       .message = causes[i],
					       .cause = causes[i],
					       .evidence = evidence,
					       .evidence_count = REQUESTS,
					       .advice = filler};
	}
	exercise =
		(struct exercise){.id = "a-very-long-exercise-id-indeed",
				  .points = 10,
				  .pass_score = 60,
				  .title = "A title of an exercise that is as long as it can get",
				  .checks = checks,
				  .check_count = CHECKS};
	for (size_t i = 0; i < count; i++)
		cards[i] = (struct card){.exercise = &exercise,
					 .outcomes = outcomes,
					 .score = 50,
					 .status = STATUS_NEEDS_WORK,
					 .commit = SAMPLE_COMMIT,
					 .runtime = "python3.11"};
	scorecard = sample_scorecard(cards, count);
	return sample_report(&scorecard, "html",
			     &(struct report_options){.audience = AUDIENCE_INSTRUCTOR});
}

static void a_page_of_nine_large_exercises_stays_under_100_kb(void)
{
	static const int failing[] = {1, 2, 7, 61};

	for (int i = 0; i < 4; i++) {
		mp_autofree char *page = large_page(MANY, failing[i]);

		OK(strlen(page) < 100 * 1000);
		HAS_TEXT(page, "</html>");
		ROW("every %d. check fails: %zu bytes", failing[i], strlen(page));
	}
}

static void a_large_evidence_is_cut_and_the_command_that_shows_it_is_named(void)
{
	mp_autofree char *page = large_page(1, 1);

	OK(strlen(page) < 100 * 1000);
	HAS_TEXT(page, "...");
	HAS_TEXT(page, "All of it: milepost check a-very-long-exercise-id-indeed");
}

TAP_MAIN(T(the_pages_are_as_they_were_looked_at) T(the_page_loads_nothing_and_runs_nothing)
		 T(what_a_learner_wrote_is_never_markup)
			 T(a_page_of_nine_large_exercises_stays_under_100_kb)
				 T(a_large_evidence_is_cut_and_the_command_that_shows_it_is_named))
