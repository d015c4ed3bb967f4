/* SPDX-License-Identifier: MIT */
/* The text report, against golden files and rules. */
#include "sandbox/base/columns.h"
#include "tests/unit/report/khata.h"

static const struct report_options plain = {.audience = AUDIENCE_LEARNER};

static void is_text_of(struct card card, const char *name)
{
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *got = sample_report(&scorecard, "text", &plain);

	is_golden(got, name);
}

static void html_errors_reads_as_the_golden_sample(void)
{
	is_text_of(html_errors_card(), "html-errors.txt");
}

static void fixed_port_reads_as_the_golden_sample(void)
{
	is_text_of(fixed_port_card(), "fixed-port.txt");
}

static void an_exercise_in_other_scripts_keeps_its_columns(void)
{
	is_text_of(khata_card(), "khata.txt");
}

static void a_mastered_exercise_says_little(void)
{
	is_text_of(mastered_card(), "mastered.txt");
}

static void an_untouched_starter_shows_its_score_and_counts_nothing(void)
{
	struct card card = untouched_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *got = sample_report(&scorecard, "text", &plain);

	HAS_TEXT(got, " 0 of 100  NOT STARTED  the starter as it was given");
}

static void several_exercises_end_with_the_road(void)
{
	struct card cards[5];
	struct scorecard scorecard = road_scorecard(cards);
	struct report_options options = {.run = &road_run};
	mp_autofree char *got = sample_report(&scorecard, "text", &options);

	is_golden(got, "road.txt");
	HAS_TEXT(got, "M2: 2 of 4 published");
}

/* A program that cannot be built may have no gate: its first check bears it, the others are unasked. */
static void what_was_never_asked_is_one_line(void)
{
	static struct outcome outcomes[KHATA_CHECKS] = {
		{.verdict = VERDICT_FAIL,
		 .message = "your program cannot be built: make ended with 2."}};
	struct card card = khata_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *got = NULL;

	for (int i = 1; i < KHATA_CHECKS; i++)
		outcomes[i] = (struct outcome){.verdict = VERDICT_SKIP,
					       .message = "They need a program that can be built"};
	card.outcomes = outcomes;
	got = sample_report(&scorecard, "text", &plain);
	HAS_TEXT(got, " skip  80     7 more checks   They need a program that can be built\n\n");
	OK(!strstr(got, "waits for"));
	OK(!strstr(got, "are enough"));
}

static void no_exercise_at_all_says_what_to_type(void)
{
	struct scorecard scorecard = sample_scorecard(NULL, 0);
	mp_autofree char *got = sample_report(&scorecard, "text", &plain);

	HAS_TEXT(got, "milepost list");
}

static void learners_never_see_values_of_hidden_checks(void)
{
	struct card card = khata_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);
	struct report_options teacher = {.audience = AUDIENCE_INSTRUCTOR};
	static const char *const formats[] = {"text", "json", "html"};

	for (int i = 0; i < 3; i++) {
		mp_autofree char *learner = sample_report(&scorecard, formats[i], &plain);
		mp_autofree char *instructor = sample_report(&scorecard, formats[i], &teacher);

		OK(!strstr(learner, "SECRET"));
		HAS_TEXT(learner, "Money is counted in whole paise");
		HAS_TEXT(learner, "Fifteen digits stay exact");
		HAS_TEXT(instructor, "SECRET");
		ROW("%s", formats[i]);
	}
}

/* Two probes, two ways: a fact a line, and all lines in one note. Both read the same. */
static void what_the_service_said_is_told_line_by_line(void)
{
	static struct fact lines[] = {{"started", "node app.js", NULL, false, false},
				      {"it said", "at line 3", NULL, false, true},
				      {"", "  at line 4", NULL, false, true},
				      {"", "  at line 4", NULL, false, true}};
	static struct fact note[] = {
		{"started", "node app.js", NULL, false, false},
		{"it said", "", "at line 3\n  at line 4\n  at line 4", true, false}};
	static struct outcome outcomes[2][HELLO_CHECKS] = {{{.verdict = VERDICT_FAIL,
							     .message = "It ended.",
							     .facts = lines,
							     .fact_count = 4}},
							   {{.verdict = VERDICT_FAIL,
							     .message = "It ended.",
							     .facts = note,
							     .fact_count = 2}}};

	for (int i = 0; i < 2; i++) {
		struct card card = fixed_port_card();
		struct scorecard scorecard = sample_scorecard(&card, 1);
		mp_autofree char *text = NULL;
		mp_autofree char *json = NULL;

		for (int k = 1; k < HELLO_CHECKS; k++)
			outcomes[i][k].verdict = VERDICT_SKIP;
		card.outcomes = outcomes[i];
		text = sample_report(&scorecard, "text", &plain);
		json = sample_report(&scorecard, "json", &plain);
		HAS_TEXT(text, "    started  node app.js\n"
			       "    it said  at line 3\n"
			       "               at line 4\n"
			       "               at line 4\n");
		OK(!strstr(json, "at line"));
		ROW("%d", i);
	}
}

static void no_line_is_wider_than_asked_but_for_what_must_be_pasted(void)
{
	struct card cards[5];
	struct scorecard scorecard = road_scorecard(cards);
	static const int widths[] = {72, 80, 100};

	for (int i = 0; i < 3; i++) {
		struct report_options options = {.run = &road_run, .columns = widths[i]};
		mp_autofree char *got = sample_report(&scorecard, "text", &options);
		int widest = 0;

		for (const char *line = got; *line; line += strcspn(line, "\n") + 1) {
			int columns = columns_of(line, strcspn(line, "\n"));

			if (columns > widest && !strstr(line, "not-found-and-method "))
				widest = columns;
		}
		OK(widest <= widths[i]);
		ROW("%d columns: %d", widths[i], widest);
	}
}

static void two_reports_of_one_scorecard_are_the_same_bytes(void)
{
	struct card cards[5];
	struct scorecard scorecard = road_scorecard(cards);

	for (const struct report_format *format = report_formats; format->name; format++) {
		mp_autofree char *first = sample_report(&scorecard, format->name, &plain);
		mp_autofree char *second = sample_report(&scorecard, format->name, &plain);

		IS_TEXT(first, second);
	}
}

static void a_report_that_does_not_fit_is_an_error(void)
{
	struct card card = html_errors_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);

	for (const struct report_format *format = report_formats; format->name; format++) {
		struct mp_error err = {0};
		mp_autotext struct text text = {0};

		text_init(&text, 100);
		IS(format->write(&scorecard, &plain, &text, &err), -EFBIG);
		ROW("%s", format->name);
	}
}

static void an_unknown_format_is_not_found(void)
{
	OK(report_format_find("text") == &report_formats[0]);
	OK(report_format_find("pdf") == NULL);
}

TAP_MAIN(T(html_errors_reads_as_the_golden_sample) T(fixed_port_reads_as_the_golden_sample) T(
	an_exercise_in_other_scripts_keeps_its_columns) T(a_mastered_exercise_says_little)
		 T(an_untouched_starter_shows_its_score_and_counts_nothing) T(
			 several_exercises_end_with_the_road) T(what_was_never_asked_is_one_line)
			 T(no_exercise_at_all_says_what_to_type)
				 T(learners_never_see_values_of_hidden_checks) T(
					 what_the_service_said_is_told_line_by_line)
					 T(no_line_is_wider_than_asked_but_for_what_must_be_pasted)
						 T(two_reports_of_one_scorecard_are_the_same_bytes)
							 T(a_report_that_does_not_fit_is_an_error)
								 T(an_unknown_format_is_not_found))
