/* SPDX-License-Identifier: MIT */
/*
 * The scorecard as Markdown (GitHub's kind, which GitLab reads too): for the summary of a CI run, a
 * comment, a chat. A table of exercises, then each one with its checks and what did not pass.
 *
 * A summary over 1 MiB is refused whole by GitHub: what no longer fits is left out and said. Foreign
 * text stands in code, or with every mark of Markdown and every @ quoted, so that it can neither draw
 * nor call anybody.
 */
#include <string.h>

#include "grader/report/formats.h"
#include "grader/report/text_story.h"

enum {
	SUMMARY_BYTES = 1000 * 1000, /* below the 1 MiB of GitHub's step summary */
	END_BYTES = 4000,	     /* room for the last words */
};

/* Words between Markdown: marks are quoted, markup and names of people are no such things. */
static void add_plain(struct text *into, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_[]|~#", *text))
			text_addf(into, "\\%c", *text);
		else if (strchr("<>&@", *text))
			text_addf(into, "&#%d;", *text);
		else
			text_add_char(into, *text == '\n' ? ' ' : *text);
	}
}

/* LINES in a block of code whose fence is longer than any in them. */
static void add_code(struct text *into, const char *lines)
{
	size_t longest = 2;

	if (!*lines)
		return;
	for (const char *at = lines; *at; at++) {
		size_t run = strspn(at, "`");

		longest = run > longest ? run : longest;
		at += run ? run - 1 : 0;
	}
	for (int end = 0; end < 2; end++) {
		for (size_t i = 0; i <= longest; i++)
			text_add_char(into, '`');
		text_add(into, end ? "\n\n" : "text\n");
		if (!end)
			text_add(into, lines);
	}
}

static void add_row(struct text *into, const struct card *card, size_t index)
{
	const struct check *check = &card->exercise->checks[index];
	enum verdict verdict = card->outcomes[index].verdict;
	bool is_calm = verdict == VERDICT_PASS || check_is_advice(card, index);
	const char *bold = is_calm || verdict == VERDICT_SKIP ? "" : "**";

	text_addf(into, "| %s%s%s | %s%s | `%s`%s | ", bold,
		  word_text(report_outcome_word(card, index)), bold, NUMBER(check->points),
		  check->is_core ? " \\*" : "", check->id,
		  check->visibility == VISIBILITY_HIDDEN ? " (h)" : "");
	add_plain(into, words_say(check->title));
	text_add(into, " |\n");
}

static void add_rows(struct text *into, const struct card *card, const struct telling *telling)
{
	mp_autotext struct text count = {0};
	mp_autotext struct text need = {0};

	text_add(into, "| | | | |\n|---|--:|---|---|\n");
	for (size_t i = 0; i < card->exercise->check_count; i++) {
		if (!story_is_unasked(telling, card, i))
			add_row(into, card, i);
	}
	if (telling->unasked_count > 0) {
		report_unasked(card->exercise, telling, &count, &need);
		text_addf(into, "| %s | %s | %s | ", word_text(WORD_SKIP),
			  NUMBER(telling->unasked_points), text_get(&count));
		add_plain(into, text_get(&need));
		text_add(into, " |\n");
	}
	text_add_char(into, '\n');
}

static void add_story(struct text *into, const struct story *story, int width)
{
	mp_autotext struct text body = {0};

	for (size_t i = 0; i < story->check_count; i++)
		text_addf(into, "%s`%s`", i ? ", " : "", story->checks[i]->id);
	text_add(into, ": ");
	add_plain(into, story->lead);
	if (story->rule) {
		text_add_char(into, ' ');
		add_plain(into, story->rule);
	}
	text_add(into, "\n\n");
	text_story_body(&body, story, width);
	add_code(into, text_get(&body));
}

static void add_next(struct text *into, const struct card *card, const struct telling *telling,
		     const struct report_options *options)
{
	mp_autotext struct text line = {0};
	mp_autotext struct text command = {0};

	if (telling->hint) {
		text_addf(into, "**%s**  ", word_text(WORD_HINT));
		add_plain(into, telling->hint);
		text_add(into, "\n\n");
	}
	if (!telling->next)
		return;
	text_addf(&command, "%s %s", options->desk_command, card->exercise->id);
	if (telling->next_words)
		text_add(&line, telling->next_words);
	else
		word_add(&line, WORD_MEND, telling->next->id, text_get(&command));
	text_addf(into, "**%s**  ", word_text(WORD_NEXT));
	add_plain(into, text_get(&line));
	text_add(into, "\n\n");
}

static void add_card(struct text *into, const struct scorecard *scorecard, const struct card *card,
		     const struct report_options *options)
{
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text words = {0};
	struct telling telling;

	text_addf(into, "### %s: ", card->exercise->id);
	add_plain(into, words_say(card->exercise->title));
	text_add(into, "\n\n");
	if (report_why_unchecked(card, &words)) {
		add_plain(into, text_get(&words));
		text_add(into, "\n\n");
		return;
	}
	story_tell(card, options->audience, arena, &telling);
	report_add_result(&words, card);
	text_addf(into, "**%s** ", text_get(&words));
	text_clear(&words);
	report_add_meaning(&words, card, &telling, "*");
	text_add(&words, words.length ? " (" : "(");
	report_add_origin(&words, scorecard, card);
	text_add(&words, ")");
	add_plain(into, text_get(&words));
	text_add(into, "\n\n");
	add_rows(into, card, &telling);
	for (size_t i = 0; i < telling.story_count; i++)
		add_story(into, &telling.stories[i], options->columns);
	for (size_t i = 0; i < telling.remark_count; i++) {
		text_addf(into, "%s: ", word_text(WORD_NOTE));
		add_plain(into, telling.remarks[i]);
		text_add(into, "\n\n");
	}
	add_next(into, card, &telling, options);
}

static void add_overview(struct text *into, const struct scorecard *scorecard)
{
	text_addf(into, "## milepost: ");
	word_add(into, WORD_POINTS_OF, NUMBER(scorecard->earned), NUMBER(scorecard->possible));
	text_add(into, "\n\n");
	if (scorecard->card_count == 0) {
		text_addf(into, "%s\n\n", word_text(WORD_NOTHING_HERE));
		return;
	}
	text_add(into, "| | | |\n|---|---|---|\n");
	for (size_t i = 0; i < scorecard->card_count; i++) {
		const struct card *card = &scorecard->cards[i];

		text_addf(into, "| `%s` | ", card->exercise->id);
		add_plain(into, words_say(card->exercise->title));
		text_add(into, " | ");
		report_add_result(into, card);
		text_add(into, " |\n");
	}
	text_add_char(into, '\n');
}

static void add_notes(struct text *into, const struct run_info *run)
{
	if (!run)
		return;
	for (const char *const *note = run->notes; note && *note; note++) {
		text_addf(into, "- %s: ", word_text(WORD_NOTE));
		add_plain(into, words_say(*note));
		text_add_char(into, '\n');
	}
	if (run->missing_layers && *run->missing_layers) {
		text_addf(into, "- %s: ", word_text(WORD_NOTE));
		report_add_missing_layers(into, run->missing_layers);
		text_add_char(into, '\n');
	}
}

int report_markdown(const struct scorecard *scorecard, const struct report_options *given,
		    struct text *into, struct mp_error *err)
{
	struct report_options options = report_with_defaults(given);
	mp_autotext struct text notes = {0};

	text_init(&notes, END_BYTES);
	add_notes(&notes, options.run);
	add_overview(into, scorecard);
	for (size_t i = 0; i < scorecard->card_count; i++) {
		mp_autotext struct text part = {0};

		text_init(&part, SUMMARY_BYTES);
		add_card(&part, scorecard, &scorecard->cards[i], &options);
		if (part.is_cut || into->length + part.length + 2 * END_BYTES > SUMMARY_BYTES) {
			word_add(into, WORD_MORE_STORIES, "milepost grade");
			text_add(into, "\n\n");
			break;
		}
		text_add_bytes(into, text_get(&part), part.length);
	}
	if (!notes.is_cut)
		text_add(into, text_get(&notes));
	return report_finish(into, err);
}
