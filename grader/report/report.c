/* SPDX-License-Identifier: MIT */
/* The table of formats, and the words that several of them say in the same way. */
#include "grader/report/report.h"

#include <errno.h>
#include <string.h>

#include "grader/report/formats.h"

enum { COLUMNS_DEFAULT = 80 };

const struct report_format report_formats[] = {
	{"text", report_text, "for a terminal: 80 columns, no colour"},
	{"json", report_json, "for programs: milepost.scorecard/1, the same bytes each time"},
	{"html", report_html, "for a browser: one page, nothing to load"},
	{NULL, NULL, NULL},
};

const struct report_format *report_format_find(const char *name)
{
	for (const struct report_format *format = report_formats; format->name; format++) {
		if (strcmp(format->name, name) == 0)
			return format;
	}
	return NULL;
}

struct report_options report_with_defaults(const struct report_options *options)
{
	struct report_options whole = *options;

	if (whole.columns <= 0)
		whole.columns = COLUMNS_DEFAULT;
	if (!whole.desk_command)
		whole.desk_command = "milepost check";
	return whole;
}

int report_finish(const struct text *into, struct mp_error *err)
{
	if (into->is_cut)
		return mp_fail(err, MP_FAULT_BUG, -EFBIG, "the report does not fit into %zu bytes",
			       into->limit);
	return 0;
}

/* The checks that check INDEX waits for and that did not pass, as "a, b and c". */
static size_t add_awaited(struct text *into, const struct card *card, const struct check *check)
{
	const struct exercise *exercise = card->exercise;
	size_t count = 0;

	for (size_t i = 0; i < check->after.count; i++) {
		const struct check *awaited = exercise_check(exercise, check->after.items[i]);

		if (!awaited || card->outcomes[awaited - exercise->checks].verdict == VERDICT_PASS)
			continue;
		text_add(into, count++ ? ", " : "");
		text_add(into, awaited->id);
	}
	return count;
}

void report_add_waits(struct text *into, const struct card *card, size_t index)
{
	const struct check *check = &card->exercise->checks[index];
	mp_autotext struct text awaited = {0};

	text_init(&awaited, 0);
	if (add_awaited(&awaited, card, check) > 0)
		word_add(into, WORD_WAITS, check->id, text_get(&awaited));
	else if (card->outcomes[index].message)
		text_addf(into, "%s: %s", check->id, card->outcomes[index].message);
	else
		text_addf(into, "%s: %s", check->id, word_text(WORD_NOT_RUN));
}

void report_add_missing_layers(struct text *into, const char *layers)
{
	mp_autotext struct text list = {0};

	text_init(&list, 0);
	for (const char *at = layers; *at; at++)
		text_add(&list, *at == ' ' ? ", " : (char[]){*at, '\0'});
	word_add(into, WORD_MISSING_LAYERS, text_get(&list));
}
