/* SPDX-License-Identifier: MIT */
/* Events as lines and as JSON: one line each, whatever is quoted. */
#include "sandbox/base/log.h"

#include "tests/helper/tap.h"

static void an_event_is_one_line_in_each_format(void)
{
	static const struct {
		enum log_format format;
		const char *from, *words, *line;
	} rows[] = {
		{LOG_LINE, "serve", "ready", "2026-11-26T18:30:00Z serve: ready\n"},
		{LOG_LINE, "serve", "a\nb\x1b[31m", "2026-11-26T18:30:00Z serve: a\\nb\\x1b[31m\n"},
		{LOG_LINE, "worker", "", "2026-11-26T18:30:00Z worker: \n"},
		{LOG_JSON, "worker", "ready",
		 "{\"at\": \"2026-11-26T18:30:00Z\", \"from\": \"worker\", \"text\": \"ready\"}\n"},
		{LOG_JSON, "a\"b", "say \"no\" \\ \n\xff \xe0\xa4\xb9",
		 "{\"at\": \"2026-11-26T18:30:00Z\", \"from\": \"a\\\"b\", "
		 "\"text\": \"say \\\"no\\\" \\\\ \\\\n\\\\xff \xe0\xa4\xb9\"}\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autotext struct text line = {0};

		log_begin(rows[i].from, rows[i].format);
		log_write(&line, 1795717800, rows[i].words);
		IS_TEXT(text_get(&line), rows[i].line);
	}
}

static void a_format_is_known_by_its_word(void)
{
	IS_TEXT(log_format_words[LOG_LINE], "line");
	IS_TEXT(log_format_words[LOG_JSON], "json");
	OK(!log_format_words[LOG_JSON + 1]);
}

TAP_MAIN(T(an_event_is_one_line_in_each_format) T(a_format_is_known_by_its_word))
