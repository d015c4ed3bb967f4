/* SPDX-License-Identifier: MIT */
/* Reports in another language than English: which of them speak it, and what stays English. */
#include <fcntl.h>
#include <unistd.h>

#include "grader/report/words.h"
#include "sandbox/base/columns.h"
#include "tests/unit/report/khata.h"

/* Hindi with the catalogue that milepost brings, and one sentence more. */
static struct language *hindi(void)
{
	static const char own[] = "says:\n  \"Hello over HTTP\": \"HTTP पर Hello\"\n";
	struct language *language = language_new(language_find("hi"));
	struct yaml_complaints list;
	int fd = open("exercises", O_PATH | O_DIRECTORY | O_CLOEXEC);

	yaml_complaints_init(&list, "hi");
	IS(language_add_common(language, fd, word_english, &list), 0);
	language_add_bytes(language, own, sizeof(own) - 1, NULL, word_english, &list);
	IS((intmax_t)list.error_count, 0);
	yaml_complaints_done(&list);
	(void)close(fd);
	return language;
}

static char *report_in(struct language *language, const char *format)
{
	struct card card = fixed_port_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);
	const struct report_options options = {.audience = AUDIENCE_LEARNER, .language = language};
	struct mp_error err = {0};
	struct text text;

	text_init(&text, 0);
	IS(report_write(report_format_find(format), &scorecard, &options, &text, &err), 0);
	return text_take(&text);
}

static void reports_for_people_speak_it(void)
{
	static const char *const formats[] = {"text", "html",	"markdown", "junit",
					      "tap",  "github", NULL};
	struct language *language = hindi();

	for (size_t i = 0; formats[i]; i++) {
		mp_autofree char *spoken = report_in(language, formats[i]);
		mp_autofree char *english = report_in(NULL, formats[i]);

		OK(strstr(spoken, "लेकिन port 5000 पर") != NULL);
		OK(strstr(spoken, "starts") != NULL);
		OK(strstr(english, "लेकिन") == NULL);
		ROW("%s", formats[i]);
	}
	language = language_free(language);
}

static void json_names_it_and_stays_english(void)
{
	static const char line[] = "  \"language\": \"hi\",\n";
	struct language *language = hindi();
	mp_autofree char *spoken = report_in(language, "json");
	mp_autofree char *english = report_in(NULL, "json");
	char *at = strstr(spoken, line);

	if (OK(at != NULL))
		memmove(at, at + sizeof(line) - 1, strlen(at + sizeof(line) - 1) + 1);
	IS_TEXT(spoken, english);
	language = language_free(language);
}

static void the_page_keeps_the_english_original(void)
{
	struct language *language = hindi();
	mp_autofree char *page = report_in(language, "html");
	mp_autofree char *english = report_in(NULL, "html");
	const char *original = strstr(page, "<details lang=\"en\"");

	OK(strstr(page, "<html lang=\"hi\">") != NULL);
	OK(original && strstr(original, "your service runs, but on port 5000.") != NULL);
	OK(strstr(english, "<html lang=\"en\">") != NULL && !strstr(english, "<summary>English"));
	language = language_free(language);
}

static void text_stays_within_the_terminal(void)
{
	struct language *language = hindi();
	mp_autofree char *spoken = report_in(language, "text");

	for (const char *at = spoken; *at; at += strcspn(at, "\n") + 1) {
		OK(columns_of(at, strcspn(at, "\n")) <= 80);
		ROW("%.*s", (int)strcspn(at, "\n"), at);
	}
	language = language_free(language);
}

/* What stands beside the stories: requests without a command, the road, notes. */
static void frames_speak_it_too(void)
{
	static const char *const notes[] = {"'lib' is a submodule: left out, copy its files in",
					    NULL};
	static const struct run_info run = {.trust = "own", .notes = notes};
	struct mismatch mismatch = {"json", "an object with error.code and field \"b and c\"",
				    "\"salt and pepper\""};
	struct evidence evidence = {.request = "a run with an input made from the seed",
				    .mismatches = &mismatch,
				    .mismatch_count = 1};
	struct card cards[2] = {html_errors_card(), fixed_port_card()};
	struct outcome outcomes[16];
	struct scorecard scorecard = sample_scorecard(cards, 2);
	struct language *language = hindi();
	const struct report_options options = {
		.audience = AUDIENCE_LEARNER, .language = language, .run = &run};
	static const char *const formats[] = {"text", "html", "markdown"};

	memcpy(outcomes, cards[0].outcomes, cards[0].exercise->check_count * sizeof(outcomes[0]));
	for (size_t i = 0; i < cards[0].exercise->check_count; i++) {
		if (outcomes[i].verdict == VERDICT_FAIL)
			outcomes[i] = (struct outcome){.verdict = VERDICT_FAIL,
						       .evidence = &evidence,
						       .evidence_count = 1};
	}
	cards[0].outcomes = outcomes;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct mp_error err = {0};
		mp_autotext struct text text = {0};

		text_init(&text, 0);
		IS(report_write(report_format_find(formats[i]), &scorecard, &options, &text, &err),
		   0);
		OK(strstr(text_get(&text), "एक run, seed से बने input के साथ") != NULL);
		OK(strstr(text_get(&text), "submodule है") != NULL);
		OK(strstr(text_get(&text), "salt और pepper") == NULL);
		OK(strstr(text_get(&text), "error.code और field") != NULL);
		if (i == 0)
			OK(strstr(text_get(&text), " hello-api   100 में से 80  थोड़ा और काम\n") !=
			   NULL);
		ROW("%s", formats[i]);
	}
	language = language_free(language);
}

TAP_MAIN(T(reports_for_people_speak_it) T(json_names_it_and_stays_english)
		 T(the_page_keeps_the_english_original) T(frames_speak_it_too)
			 T(text_stays_within_the_terminal))
