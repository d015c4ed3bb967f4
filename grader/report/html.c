/* SPDX-License-Identifier: MIT */
/*
 * The report as one page: no script, nothing to load, under 100 kB, good on a phone.
 *
 * It is written in two turns. The first writes every exercise without its stories and so learns
 * what they take; the second shares the rest of the page's size among the exercises that have
 * something to tell. Everything that may come from a learner goes through html_add().
 */
#include "grader/report/html_parts.h"

#include <stdint.h>
#include <string.h>

#include "grader/report/formats.h"
#include "grader/report/words.h"

enum {
	PAGE_BYTES = 96 * 1000, /* the promise is 100 kB */
	STORY_BYTES =
		12 * 1000, /* of it are kept for stories, if any detail can be given up for them */
	ORIGINAL_BYTES =
		20 * 1000,  /* of the English original, where the page speaks another language */
	FEWEST_BYTES = 400, /* an allowance below this is not worth a story */
};

static bool has_checks(const struct card *card)
{
	return card->outcomes && card->status != STATUS_NOT_GRADED;
}

static void add_opening(struct text *into, const struct scorecard *scorecard)
{
	text_addf(into, "<!DOCTYPE html>\n<html lang=\"%s\">\n", words_code());
	text_add(
		into,
		"<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<meta name=\"robots\" content=\"noindex\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
	if (scorecard->card_count == 1) {
		html_add(into, words_say(scorecard->cards[0].exercise->title));
		text_add(into, ": ");
	}
	text_addf(into, "%s</title>\n<style>\n%s</style>\n</head>\n<body>\n", word_text(WORD_TITLE),
		  html_style);
}

/* The exercises of the page, each a way down to its own. */
static void add_contents(struct text *into, const struct scorecard *scorecard)
{
	text_add(into, "<ul class=\"jump\">\n");
	for (size_t i = 0; i < scorecard->card_count; i++) {
		const struct card *card = &scorecard->cards[i];

		text_addf(into, "<li class=\"%s\"><a href=\"#%s\">", status_words[card->status],
			  card->exercise->id);
		html_add(into, words_say(card->exercise->title));
		text_add(into, "</a> ");
		if (has_checks(card))
			text_addf(into, "%d, ", (int)card->score);
		text_addf(into, "<strong>%s</strong></li>\n",
			  word_text(report_status_word(card->status)));
	}
	text_add(into, "</ul>\n");
}

static void add_header(struct text *into, const struct scorecard *scorecard)
{
	text_addf(into, "<header>\n<h1>%s</h1>\n<p class=\"soft\">", word_text(WORD_TITLE));
	if (scorecard->card_count > 0) {
		word_add(into, WORD_POINTS_OF, NUMBER(scorecard->earned),
			 NUMBER(scorecard->possible));
	} else {
		text_addf(into, "%s</p>\n<p>%s", word_text(WORD_NOTHING_HERE),
			  word_text(WORD_SEE_ROAD));
	}
	text_add(into, "</p>\n");
	if (scorecard->card_count > 1)
		add_contents(into, scorecard);
	text_add(into, "</header>\n");
}

static void add_bar(struct text *into, const struct card *card)
{
	text_addf(
		into,
		"<svg class=\"bar\" viewBox=\"0 0 100 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
		"<rect class=\"all\" y=\"4\" width=\"100\" height=\"6\"/>"
		"<rect class=\"got\" y=\"4\" width=\"%d\" height=\"6\"/>"
		"<rect class=\"at\" x=\"%d\" width=\".5\" height=\"14\"/></svg>\n",
		(int)card->score, (int)card->exercise->pass_score);
}

static void add_score(struct text *into, const struct card *card, const struct telling *telling)
{
	mp_autotext struct text meaning = {0};

	text_init(&meaning, 0);
	report_add_meaning(&meaning, card, telling, word_text(WORD_MUST_PASS_QUOTED));
	text_addf(into, "<p class=\"score\"><b>%d</b> <span>", (int)card->score);
	text_addf(into, "%s</span> <strong>%s</strong>", word_text(WORD_OF_100_ALONE),
		  word_text(report_status_word(card->status)));
	text_add(into, "</p>\n");
	add_bar(into, card);
	if (meaning.length == 0 && card->counted == card->score)
		return;
	text_add(into, "<p class=\"soft\">");
	html_add(into, text_get(&meaning));
	text_add(into, meaning.length ? "." : "");
	if (card->counted < card->score && card->status == STATUS_NEEDS_WORK) {
		text_add_char(into, ' ');
		word_add(into, WORD_COUNTED, NUMBER(card->counted), NUMBER(card->score));
	}
	text_add(into, "</p>\n");
}

/* The class of a check's line. */
static const char *const row_classes[VERDICT_COUNT] = {[VERDICT_PASS] = "p",
						       [VERDICT_FAIL] = "f",
						       [VERDICT_LIMIT] = "f",
						       [VERDICT_SKIP] = "s",
						       [VERDICT_FAULT] = "s"};

/* How much a page shows of its checks: the first row whose page is small enough is taken. */
static const struct detail {
	bool has_links;	  /* the way to the story, id, marks as labels */
	size_t most_rows; /* of one exercise; what passed is left out before the others */
} details[] = {{true, SIZE_MAX}, {false, SIZE_MAX}, {false, 6}};

/* "must pass" and "hidden" behind a title. */
static void add_marks(struct text *into, const struct check *check, const struct detail *detail)
{
	const char *open = detail->has_links ? "<em>" : "(";
	const char *close = detail->has_links ? "</em>" : ")";

	if (check->is_core)
		text_addf(into, " %s%s%s", open, word_text(WORD_MUST_PASS), close);
	if (check->visibility == VISIBILITY_HIDDEN)
		text_addf(into, " %s%s%s", open, word_text(WORD_HIDDEN), close);
}

static void add_check(struct text *into, const struct card *card, size_t index,
		      const struct detail *detail)
{
	const struct check *check = &card->exercise->checks[index];
	enum verdict verdict = card->outcomes[index].verdict;
	bool has_story = detail->has_links && (verdict == VERDICT_FAIL || verdict == VERDICT_LIMIT);

	text_addf(into, "<li class=\"%s\"><b>%s</b><span>",
		  check_is_advice(card, index) ? "s" : row_classes[verdict],
		  word_text(report_outcome_word(card, index)));
	if (has_story)
		text_addf(into, "<a href=\"#%s.%s\">", card->exercise->id, check->id);
	html_add(into, words_say(check->title));
	text_add(into, has_story ? "</a>" : "");
	if (detail->has_links && verdict != VERDICT_PASS)
		text_addf(into, " <code class=\"soft\">%s</code>", check->id);
	add_marks(into, check, detail);
	text_addf(into, "</span><i>%d</i></li>\n", (int)check->points);
}

/* A line for checks that have none of their own. */
static void add_others(struct text *into, const char *verdict, const char *words, int64_t points)
{
	text_addf(into, "<li class=\"s\"><b>%s</b><span>%s</span>", verdict, words);
	if (points > 0)
		text_addf(into, "<i>%d</i>", (int)points);
	text_add(into, "</li>\n");
}

static void add_unasked(struct text *into, const struct card *card, const struct telling *telling)
{
	mp_autotext struct text count = {0};
	mp_autotext struct text need = {0};
	mp_autotext struct text words = {0};

	text_init(&count, 0);
	text_init(&need, 0);
	text_init(&words, 0);
	report_unasked(card->exercise, telling, &count, &need);
	text_addf(&words, "%s. %s.", text_get(&count), text_get(&need));
	add_others(into, word_text(WORD_SKIP), text_get(&words), telling->unasked_points);
}

static void add_checks(struct text *into, const struct card *card, const struct telling *telling,
		       const struct detail *detail)
{
	size_t asked = card->exercise->check_count - telling->unasked_count;
	bool is_short = asked > detail->most_rows;
	size_t rows = 0;

	text_addf(into, "<ol class=\"checks\" aria-label=\"%s\">\n", word_text(WORD_CHECKS));
	for (size_t i = 0; i < card->exercise->check_count && rows < detail->most_rows; i++) {
		bool is_left_out = is_short && card->outcomes[i].verdict == VERDICT_PASS;

		if (story_is_unasked(telling, card, i) || is_left_out)
			continue;
		add_check(into, card, i, detail);
		rows++;
	}
	if (rows < asked) {
		mp_autotext struct text words = {0};

		text_init(&words, 0);
		word_add(&words, WORD_MORE_CHECKS, NUMBER((int64_t)(asked - rows)));
		add_others(into, "", text_get(&words), 0);
	}
	if (telling->unasked_count > 0)
		add_unasked(into, card, telling);
	text_add(into, "</ol>\n");
}

/* What waits for another check. */
static void add_waiting(struct text *into, const struct card *card, const struct telling *telling)
{
	for (size_t i = 0; !telling->failed_gate && i < card->exercise->check_count; i++) {
		mp_autotext struct text words = {0};

		if (card->outcomes[i].verdict != VERDICT_SKIP)
			continue;
		text_init(&words, 0);
		report_add_waits(&words, card, i);
		text_add(into, "<p class=\"soft\">");
		html_add(into, text_get(&words));
		text_add(into, "</p>\n");
	}
}

static void add_next(struct text *into, const struct card *card, const struct telling *telling,
		     const struct report_options *options)
{
	if (!telling->next)
		return;
	text_add(into, "<div class=\"next\">\n");
	if (telling->hint) {
		text_addf(into, "<p><b>%s</b> ", word_text(WORD_HINT));
		html_add(into, telling->hint);
		text_add(into, "</p>\n");
	}
	text_addf(into, "<p><b>%s</b> ", word_text(WORD_NEXT));
	if (telling->next_words) {
		html_add(into, telling->next_words);
	} else {
		mp_autotext struct text command = {0};

		text_init(&command, 0);
		text_add(&command, "<code>");
		html_add(&command, options->desk_command);
		text_addf(&command, " %s</code>", card->exercise->id);
		word_add(into, WORD_MEND, telling->next->id, text_get(&command));
	}
	text_add(into, "</p>\n</div>\n");
}

static void add_without_checks(struct text *into, const struct card *card)
{
	text_addf(into, "<p class=\"score\"><strong>%s</strong></p>\n<p>",
		  word_text(report_status_word(card->status)));
	if (card->status == STATUS_NOT_GRADED) {
		html_add(into, words_say(card->not_graded));
		text_addf(into, "</p>\n<p class=\"soft\">%s</p>\n",
			  word_text(WORD_NOT_GRADED_CALM));
		return;
	}
	mp_autotext struct text folder = {0};

	text_init(&folder, 0);
	html_add(&folder, card->folder ? card->folder : card->exercise->id);
	word_add(into, WORD_NO_FOLDER, text_get(&folder));
	text_addf(into, "</p>\n<div class=\"next\"><p><b>%s</b> ", word_text(WORD_NEXT));
	word_add(into, WORD_START, card->exercise->id);
	text_add(into, "</p></div>\n");
}

/* What every part of a page needs. */
struct page {
	const struct scorecard *scorecard;
	const struct report_options *options;
	const struct detail *detail;
};

static void add_card(struct text *into, const struct page *page, const struct card *card,
		     size_t allowance)
{
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text origin = {0};
	struct telling telling = {0};

	text_init(&origin, 0);
	report_add_origin(&origin, page->scorecard, card);
	text_addf(into, "<article class=\"%s\" id=\"%s\">\n<h2>", status_words[card->status],
		  card->exercise->id);
	html_add(into, words_say(card->exercise->title));
	text_addf(into, "</h2>\n<p class=\"soft\"><code>%s</code>, ", card->exercise->id);
	html_add(into, text_get(&origin));
	text_add(into, "</p>\n");
	if (!has_checks(card)) {
		add_without_checks(into, card);
		text_add(into, "</article>\n");
		return;
	}
	story_tell(card, page->options->audience, arena, &telling);
	text_addf(into, "<div class=\"%s\">\n<div>\n", telling.story_count > 0 ? "two" : "one");
	add_score(into, card, &telling);
	add_checks(into, card, &telling, page->detail);
	text_add(into, "</div>\n<div class=\"told\">\n");
	if (telling.story_count > 0)
		html_stories(into, card, &telling, page->options, allowance);
	add_waiting(into, card, &telling);
	for (size_t i = 0; i < telling.remark_count; i++) {
		text_addf(into, "<p class=\"soft\">%s: ", word_text(WORD_NOTE));
		html_add_most(into, telling.remarks[i], 400);
		text_add(into, "</p>\n");
	}
	add_next(into, card, &telling, page->options);
	text_add(into, "</div>\n</div>\n</article>\n");
}

/*
 * The English original, one tap away: interviews and manuals are in English. It is the text report, so
 * that it costs little and says the same.
 */
static void add_original(struct text *into, const struct page *page)
{
	mp_autotext struct text original = {0};
	struct report_options options = *page->options;
	struct language *before = words_speak(NULL);

	if (before) {
		(void)report_text(page->scorecard, &options, &original, NULL);
		text_add(
			into,
			"<details lang=\"en\" class=\"two\">\n<summary>English</summary>\n<pre><code>");
		html_add_most(into, text_get(&original), ORIGINAL_BYTES);
		text_add(into, "</code></pre>\n</details>\n");
	}
	(void)words_speak(before);
}

static void add_footer(struct text *into, const struct page *page)
{
	const struct report_options *options = page->options;
	const struct run_info *run = options->run;

	add_original(into, page);
	text_add(into, "</main>\n<footer>\n");
	for (size_t i = 0; run && run->notes && run->notes[i]; i++) {
		text_add(into, "<p>");
		html_add_most(into, words_say(run->notes[i]), 400);
		text_add(into, "</p>\n");
	}
	if (run && run->missing_layers && run->missing_layers[0]) {
		text_add(into, "<p>");
		report_add_missing_layers(into, run->missing_layers);
		text_add(into, "</p>\n");
	}
	text_addf(into, "<p>milepost %s</p>\n</footer>\n</body>\n</html>\n", MILEPOST_VERSION);
}

/* Does this card have stories that want room? */
static bool wants_room(const struct card *card)
{
	for (size_t i = 0; has_checks(card) && i < card->exercise->check_count; i++) {
		if (card->outcomes[i].verdict == VERDICT_FAIL ||
		    card->outcomes[i].verdict == VERDICT_LIMIT)
			return true;
	}
	return false;
}

static void add_top(struct text *into, const struct scorecard *scorecard)
{
	add_opening(into, scorecard);
	text_add(into, "<div class=\"top\">\n");
	add_header(into, scorecard);
	html_road(into, scorecard);
	text_add(into, "</div>\n<main>\n");
}

/* Bytes of the page without any story. */
static size_t measure(const struct page *page)
{
	mp_autotext struct text bytes = {0};

	text_init(&bytes, 0);
	add_top(&bytes, page->scorecard);
	for (size_t i = 0; i < page->scorecard->card_count; i++)
		add_card(&bytes, page, &page->scorecard->cards[i], 0);
	add_footer(&bytes, page);
	return bytes.length;
}

/* Choose the first detail that leaves room for stories; returns how much. */
static size_t choose_detail(struct page *page)
{
	size_t bare = 0;

	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++) {
		page->detail = &details[i];
		bare = measure(page);
		if (bare + STORY_BYTES <= PAGE_BYTES)
			break;
	}
	return bare < PAGE_BYTES ? PAGE_BYTES - bare : 0;
}

/* Add CARD with stories of at most ALLOWANCE bytes; returns what the stories took. */
static size_t add_card_with_stories(struct text *into, const struct page *page,
				    const struct card *card, size_t allowance)
{
	mp_autotext struct text bare = {0};
	size_t before = into->length;

	text_init(&bare, 0);
	add_card(&bare, page, card, 0);
	add_card(into, page, card, allowance < FEWEST_BYTES ? 0 : allowance);
	return into->length - before > bare.length ? into->length - before - bare.length : 0;
}

int report_html(const struct scorecard *scorecard, const struct report_options *given,
		struct text *into, struct mp_error *err)
{
	struct report_options options = report_with_defaults(given);
	struct page page = {scorecard, &options, NULL};
	size_t rest = choose_detail(&page);
	size_t wanting = 0;

	for (size_t i = 0; i < scorecard->card_count; i++)
		wanting += wants_room(&scorecard->cards[i]);
	add_top(into, scorecard);
	for (size_t i = 0; i < scorecard->card_count; i++) {
		const struct card *card = &scorecard->cards[i];
		size_t share = wants_room(card) && wanting > 0 ? rest / wanting-- : 0;
		size_t taken = add_card_with_stories(into, &page, card, share);

		/* What this exercise left of its share goes to those after it. */
		rest -= taken < rest ? taken : rest;
	}
	add_footer(into, &page);
	return report_finish(into, err);
}
