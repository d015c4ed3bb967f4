/* SPDX-License-Identifier: MIT */
/* The table of formats, and the words that several of them say in the same way. */
#include "grader/report/report.h"

#include <errno.h>
#include <string.h>

#include "grader/report/formats.h"

enum { COLUMNS_DEFAULT = 80 };

const struct report_format report_formats[] = {
	{"text", report_text, "for a terminal: 80 columns, no colour", false},
	{"json", report_json, "for programs: milepost.scorecard/1, the same bytes each time", true},
	{"html", report_html, "for a browser: one page, nothing to load", false},
	{"markdown", report_markdown, "for a summary in CI or a comment: below 1 MiB", false},
	{"junit", report_junit,
	 "for CI: JUnit XML, a suite for each exercise, a case for each check", false},
	{"tap", report_tap, "for CI: TAP 13, a line for each check", false},
	{"github", report_github, "for GitHub Actions: at most ten annotations of a kind", false},
	{NULL, NULL, NULL, false},
};

const struct report_format *report_format_find(const char *name)
{
	for (const struct report_format *format = report_formats; format->name; format++) {
		if (strcmp(format->name, name) == 0)
			return format;
	}
	return NULL;
}

int report_write(const struct report_format *format, const struct scorecard *scorecard,
		 const struct report_options *options, struct text *into, struct mp_error *err)
{
	struct language *before = words_speak(format->is_english ? NULL : options->language);
	int ret = format->write(scorecard, options, into, err);

	(void)words_speak(before);
	return ret;
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
		text_addf(into, "%s: %s", check->id, words_say(card->outcomes[index].message));
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

void report_add_result(struct text *into, const struct card *card)
{
	if (card->outcomes && card->status != STATUS_NOT_GRADED) {
		word_add(into, WORD_OF_100, NUMBER(card->score));
		text_add(into, ", ");
	}
	text_add(into, word_text(report_status_word(card->status)));
}

const char *report_why_unchecked(const struct card *card, struct text *ret_why)
{
	if (card->status == STATUS_NOT_GRADED)
		text_addf(ret_why, "%s %s", words_say(card->not_graded),
			  word_text(WORD_NOT_GRADED_CALM));
	else if (!card->outcomes)
		word_add(ret_why, WORD_NO_FOLDER, card->folder ? card->folder : card->exercise->id);
	else
		return NULL;
	return text_get(ret_why);
}
