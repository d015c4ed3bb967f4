/* SPDX-License-Identifier: MIT */
/*
 * The scorecard as TAP version 13 (testanything.org): a line for each check, what failed below it as a
 * YAML block. A skipped check counts as passed for whoever reads TAP; it is never alone, because it
 * waits for one that failed. Advice is a TODO: what is told fails no run.
 */
#include <string.h>

#include "grader/report/formats.h"
#include "grader/report/text_story.h"

/* A description: a # would begin a directive, a backslash is its quote. */
static void add_description(struct text *into, const char *text)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			text_add_char(into, '\\');
		text_add_char(into, *text == '\n' ? ' ' : *text);
	}
}

static void add_line(struct text *into, bool is_ok, size_t number, const char *id,
		     const char *words)
{
	text_addf(into, "%s %zu - %s", is_ok ? "ok" : "not ok", number, id);
	add_description(into, words);
}

/* A text in double quotes, as YAML reads it. */
static void add_quoted(struct text *into, const char *text)
{
	text_add_char(into, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			text_addf(into, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			text_addf(into, "\\x%02x", c);
		else
			text_add_char(into, (char)c);
	}
	text_add_char(into, '"');
}

/* The lines of TEXT as a list: the one form of long texts that every reader of TAP's YAML knows. */
static void add_lines(struct text *into, const char *key, const char *text)
{
	if (!*text)
		return;
	text_addf(into, "  %s:\n", key);
	while (*text) {
		size_t count = strcspn(text, "\n");
		mp_autotext struct text line = {0};

		text_add_bytes(&line, text, count);
		text_add(into, "    - ");
		add_quoted(into, text_get(&line));
		text_add_char(into, '\n');
		text += count + (text[count] == '\n');
	}
}

static void add_trouble(struct text *into, const char *severity, const char *message,
			const char *body)
{
	text_addf(into, "  ---\n  severity: %s\n  message: ", severity);
	add_quoted(into, message);
	text_add_char(into, '\n');
	add_lines(into, "evidence", body);
	text_add(into, "  ...\n");
}

static void add_check(struct text *into, size_t number, const struct card *card, size_t index,
		      const struct report_options *options)
{
	const struct check *check = &card->exercise->checks[index];
	const struct outcome *outcome = &card->outcomes[index];
	bool is_skipped = outcome->verdict == VERDICT_SKIP;
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text words = {0};
	struct story story;

	text_addf(&words, "/%s: %s", check->id, words_say(check->title));
	add_line(into, is_skipped || outcome->verdict == VERDICT_PASS, number, card->exercise->id,
		 text_get(&words));
	text_clear(&words);
	if (check_is_advice(card, index))
		text_add(into, " # TODO advice, no points");
	if (is_skipped) {
		report_add_waits(&words, card, index);
		text_add(into, " # SKIP ");
		add_description(into, text_get(&words));
	}
	text_add_char(into, '\n');
	if (is_skipped || outcome->verdict == VERDICT_PASS)
		return;
	story_of_check(card, index, options->audience, arena, &story);
	text_story_body(&words, &story, options->columns);
	add_trouble(into, story.is_advice ? "advice" : verdict_words[outcome->verdict], story.lead,
		    text_get(&words));
}

/* Returns the number of the last line. */
static size_t add_card(struct text *into, size_t number, const struct card *card,
		       const struct report_options *options)
{
	mp_autotext struct text words = {0};

	if (report_why_unchecked(card, &words)) {
		add_line(into, false, ++number, card->exercise->id, "");
		text_add_char(into, '\n');
		add_trouble(into, status_words[card->status], text_get(&words), "");
		return number;
	}
	for (size_t i = 0; i < card->exercise->check_count; i++)
		add_check(into, ++number, card, i, options);
	report_add_result(&words, card);
	text_addf(into, "# %s: %s\n", card->exercise->id, text_get(&words));
	return number;
}

int report_tap(const struct scorecard *scorecard, const struct report_options *given,
	       struct text *into, struct mp_error *err)
{
	struct report_options options = report_with_defaults(given);
	size_t count = 0;
	size_t number = 0;

	for (size_t i = 0; i < scorecard->card_count; i++) {
		mp_autotext struct text ignored = {0};
		const struct card *card = &scorecard->cards[i];

		count += report_why_unchecked(card, &ignored) ? 1 : card->exercise->check_count;
	}
	text_addf(into, "TAP version 13\n1..%zu%s\n", count,
		  count ? "" : " # SKIP no exercise is here yet");
	for (size_t i = 0; i < scorecard->card_count; i++)
		number = add_card(into, number, &scorecard->cards[i], &options);
	return report_finish(into, err);
}
