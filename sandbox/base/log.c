/* SPDX-License-Identifier: MIT */
/* Each format is one row: how an event is written. */
#include "sandbox/base/log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LOG_BYTES = 4096, STAMP_BYTES = 32 };

const char *const log_format_words[] = {"line", "json", NULL};

static struct {
	const char *from;
	enum log_format format;
} now_logged = {"milepost", LOG_LINE};

static void write_line(struct text *into, const char *stamp, const char *from, const char *words)
{
	text_addf(into, "%s %s: %s\n", stamp, from, words);
}

/* TEXT is visible already: UTF-8 without control characters. */
static void add_string(struct text *into, const char *text)
{
	text_add_char(into, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			text_add_char(into, '\\');
		text_add_char(into, *text);
	}
	text_add_char(into, '"');
}

static void write_json(struct text *into, const char *stamp, const char *from, const char *words)
{
	text_addf(into, "{\"at\": \"%s\", \"from\": ", stamp);
	add_string(into, from);
	text_add(into, ", \"text\": ");
	add_string(into, words);
	text_add(into, "}\n");
}

static void (*const writers[])(struct text *into, const char *stamp, const char *from,
			       const char *words) = {
	[LOG_LINE] = write_line,
	[LOG_JSON] = write_json,
};

void log_begin(const char *from, enum log_format format)
{
	now_logged.from = from;
	now_logged.format = format;
}

void log_write(struct text *into, int64_t seconds, const char *words)
{
	mp_autotext struct text shown;
	time_t time = seconds;
	struct tm utc = {0};
	char stamp[STAMP_BYTES] = "";

	(void)gmtime_r(&time, &utc);
	(void)strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &utc);
	text_init(&shown, 2 * LOG_BYTES);
	text_add_visible(&shown, words, strlen(words), LOG_BYTES);
	writers[now_logged.format](into, stamp, now_logged.from, text_get(&shown));
}

void log_add(const char *format, ...)
{
	mp_autotext struct text words;
	mp_autotext struct text line = {0};
	va_list args;

	text_init(&words, LOG_BYTES);
	va_start(args, format);
	text_vaddf(&words, format, args);
	va_end(args);
	log_write(&line, time(NULL), text_get(&words));
	/* In one piece: server and worker write to the same place. */
	(void)fputs(text_get(&line), stderr);
}
