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

TAP_MAIN(T(reports_for_people_speak_it) T(json_names_it_and_stays_english)
		 T(the_page_keeps_the_english_original) T(text_stays_within_the_terminal))
