/* SPDX-License-Identifier: MIT */
/*
 * The scorecard as JSON. tests/cli/t_scorecard.sh holds the golden files against
 * docs/scorecard.schema.json.
 */
#include <jansson.h>

#include "tests/unit/report/khata.h"

static const struct report_options plain = {.audience = AUDIENCE_LEARNER};

static void scorecards_are_as_the_golden_files(void)
{
	struct card cards[5];
	struct card errors = html_errors_card();
	struct card port = fixed_port_card();
	struct scorecard road = road_scorecard(cards);
	struct scorecard errors_alone = sample_scorecard(&errors, 1);
	struct scorecard port_alone = sample_scorecard(&port, 1);
	struct scorecard nothing = sample_scorecard(NULL, 0);
	struct report_options whole = {
		.audience = AUDIENCE_INSTRUCTOR, .run = &road_run, .has_run_info = true};
	mp_autofree char *first = sample_report(&errors_alone, "json", &plain);
	mp_autofree char *second = sample_report(&port_alone, "json", &plain);
	mp_autofree char *third = sample_report(&road, "json", &whole);
	mp_autofree char *fourth = sample_report(&nothing, "json", &plain);

	is_golden(first, "html-errors.json");
	is_golden(second, "fixed-port.json");
	is_golden(third, "road.json");
	is_golden(fourth, "nothing.json");
}

static void nothing_measured_stands_outside_of_run(void)
{
	struct card cards[5];
	struct card port = fixed_port_card();
	struct scorecard road = road_scorecard(cards);
	struct scorecard port_alone = sample_scorecard(&port, 1);
	struct report_options given = {.run = &road_run};
	struct report_options asked = {.run = &road_run, .has_run_info = true};
	mp_autofree char *bare = sample_report(&road, "json", &given);
	mp_autofree char *whole = sample_report(&road, "json", &asked);
	mp_autofree char *facts = sample_report(&port_alone, "json", &plain);
	static const char *const measured[] = {"\"run\"",    "wall_ms",	  "python3.11", "asha.git",
					       "6.1.0",	     "Traceback", "\"own\"",	"landlock",
					       "started_at", NULL};

	for (int i = 0; measured[i]; i++) {
		OK(!strstr(bare, measured[i]));
		HAS_TEXT(whole, measured[i]);
		ROW("%s", measured[i]);
	}
	OK(!strstr(facts, "after 0.3 s"));
	HAS_TEXT(facts, "milepost.yaml, line 1");
}

static void every_value_is_an_integer_a_text_or_a_truth(void)
{
	struct card cards[5];
	struct scorecard road = road_scorecard(cards);
	mp_autofree char *got = sample_report(&road, "json", &plain);
	json_t *value = json_loads(got, JSON_REJECT_DUPLICATES, NULL);

	OK(value != NULL);
	OK(!strstr(got, "null"));
	OK(!strstr(got, "\\u"));
	HAS_TEXT(got, "नमस्ते");
	IS(got[strlen(got) - 1], '\n');
	IS_TEXT(json_string_value(json_object_get(value, "format")), "milepost.scorecard/1");
	json_decref(value);
}

/* The key that LINE begins with, if it does. */
static bool read_key(const char *line, char key[64])
{
	size_t blanks = strspn(line, " ");
	size_t count = line[blanks] == '"' ? strcspn(line + blanks + 1, "\"") : 0;

	if (count == 0 || count > 63 || strncmp(line + blanks + 1 + count, "\": ", 3) != 0)
		return false;
	memcpy(key, line + blanks + 1, count);
	return true;
}

/*
 * Canonical: the keys of every object rise. Keys are the first word of their line in this layout.
 */
static void keys_rise_in_every_object(void)
{
	struct card cards[5];
	struct scorecard road = road_scorecard(cards);
	mp_autofree char *got = sample_report(&road, "json", &plain);
	char last[16][64] = {{0}};
	int unsorted = 0;

	for (const char *line = got; *line; line += strcspn(line, "\n") + 1) {
		size_t depth = strspn(line, " ") / 2;
		char key[64] = {0};

		if (!OK(depth < 16))
			break;
		if (read_key(line, key)) {
			unsorted += strcmp(last[depth], key) > 0;
			memcpy(last[depth], key, sizeof(key));
		} else if (line[depth * 2] == '}' && depth + 1 < 16) {
			last[depth + 1][0] = '\0';
		}
	}
	IS(unsorted, 0);
}

static void not_graded_has_no_score(void)
{
	struct card card = not_graded_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *got = sample_report(&scorecard, "json", &plain);

	OK(!strstr(got, "\"score\""));
	OK(!strstr(got, "\"counted\""));
	HAS_TEXT(got, "\"not_graded\": \"There is no node");
	HAS_TEXT(got, "\"status\": \"not-graded\"");
}

static void bytes_that_are_no_utf8_are_shown_and_lose_nothing_else(void)
{
	static const struct outcome outcomes[HELLO_CHECKS] = {
		{.verdict = VERDICT_FAIL, .message = "it said \xff\xfe"}};
	struct card card = HELLO_CARD;
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *got = NULL;

	card.outcomes = outcomes;
	got = sample_report(&scorecard, "json", &plain);
	HAS_TEXT(got, "it said \\\\xff\\\\xfe");
}

static void a_seed_keeps_all_its_digits(void)
{
	struct card card = khata_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *got = sample_report(&scorecard, "json", &plain);

	HAS_TEXT(got, "\"seed\": \"18446744073709551615\"");
}

TAP_MAIN(T(scorecards_are_as_the_golden_files) T(nothing_measured_stands_outside_of_run)
		 T(every_value_is_an_integer_a_text_or_a_truth) T(keys_rise_in_every_object)
			 T(not_graded_has_no_score)
				 T(bytes_that_are_no_utf8_are_shown_and_lose_nothing_else)
					 T(a_seed_keeps_all_its_digits))
