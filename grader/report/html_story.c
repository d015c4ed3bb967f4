/* SPDX-License-Identifier: MIT */
/*
 * The stories on the page, inside an allowance.
 *
 * The whole page stays small enough for a slow line whatever the learner's program answered. So
 * each story is written at the largest size that still fits: whole, shorter, only its lead. What
 * does not fit even so is named with the command that prints it all.
 */
#include "grader/report/html_parts.h"

#include <string.h>

#include "grader/report/formats.h"
#include "grader/report/words.h"

enum { OUTPUT_BYTES = 1500, OUTPUT_ROOM = 2500, CLOSING_BYTES = 200 };

/* Sizes of a story, largest first. */
static const struct size {
	size_t requests, mismatches; /* most of them */
	size_t value_bytes;	     /* of one wanted or got, a command, a fact */
	size_t lead_bytes;
} sizes[] = {
	{6, 9, 600, 1200},
	{2, 4, 160, 600},
	{0, 0, 0, 240},
};

static bool is_control(unsigned char c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
}

void html_add_most(struct text *into, const char *text, size_t most)
{
	size_t count = strlen(text);
	size_t i = 0;

	while (i < count && i < most) {
		size_t length = text_utf8_length(text + i, count - i);

		if (length == 0 || is_control((unsigned char)text[i]))
			text_add(into, "\xef\xbf\xbd");
		else if (text[i] == '&')
			text_add(into, "&amp;");
		else if (text[i] == '<')
			text_add(into, "&lt;");
		else if (text[i] == '>')
			text_add(into, "&gt;");
		else if (text[i] == '"')
			text_add(into, "&quot;");
		else
			text_add_bytes(into, text + i, length);
		i += length ? length : 1;
	}
	if (i < count)
		text_add(into, "...");
}

void html_add(struct text *into, const char *text)
{
	html_add_most(into, text, strlen(text));
}

static void add_command(struct text *into, const char *command, size_t most)
{
	text_addf(into, "<pre role=\"group\" aria-label=\"%s\"><code>", word_text(WORD_REPEAT));
	html_add_most(into, command, most);
	text_add(into, "</code></pre>\n");
}

static void add_row(struct text *into, enum word label, const char *class, const char *value,
		    size_t most)
{
	text_addf(into, "<tr><th scope=\"row\">%s</th><td class=\"%s\"><code>", word_text(label),
		  class);
	html_add_most(into, value, most);
	text_add(into, "</code></td></tr>\n");
}

static void add_mismatches(struct text *into, const struct story_request *request,
			   const struct size *size)
{
	size_t shown = request->mismatch_count < size->mismatches ? request->mismatch_count
								  : size->mismatches;
	size_t left_out = request->left_out + request->mismatch_count - shown;

	text_add(into, "<table>\n");
	for (size_t i = 0; i < shown; i++) {
		const struct mismatch *mismatch = request->mismatches[i];

		text_add(into,
			 "<tbody><tr><th class=\"at\" scope=\"rowgroup\" colspan=\"2\"><code>");
		html_add_most(into, mismatch->path, size->value_bytes);
		text_add(into, "</code></th></tr>\n");
		add_row(into, WORD_WANTED, "w", mismatch->wanted, size->value_bytes);
		add_row(into, WORD_GOT, "g", mismatch->got, size->value_bytes);
		text_add(into, "</tbody>\n");
	}
	text_add(into, "</table>\n");
	if (left_out > 0) {
		text_add(into, "<p class=\"soft\">");
		word_add(into, WORD_AND_MORE, NUMBER((int64_t)left_out));
		text_add(into, "</p>\n");
	}
}

static void add_request(struct text *into, const struct story_request *request,
			const struct size *size)
{
	if (request->evidence->repeat) {
		add_command(into, request->evidence->repeat, size->value_bytes);
	} else if (request->evidence->request) {
		text_add(into, "<p>");
		html_add_most(into, request->evidence->request, size->value_bytes);
		text_add(into, "</p>\n");
	}
	if (request->is_also_there)
		text_addf(into, "<p class=\"soft\">%s</p>\n", word_text(WORD_ALSO_THERE));
	if (request->mismatch_count > 0)
		add_mismatches(into, request, size);
	if (request->say) {
		text_add(into, "<p class=\"say\">");
		html_add_most(into, request->say, size->lead_bytes);
		text_add(into, "</p>\n");
	}
}

/* One term and its description; facts without a label go on with the one before. */
static void add_facts(struct text *into, const struct story *story, const struct size *size)
{
	text_add(into, "<dl>\n");
	for (size_t i = 0; i < story->fact_count; i++) {
		const struct fact *fact = story->facts[i];
		bool is_note_all = fact->value[0] == '\0' && fact->note;

		if (i == 0 || fact->label[0]) {
			text_add(into, i ? "</dd>\n<dt>" : "<dt>");
			html_add(into, fact->label);
			text_add(into, "</dt><dd>");
		} else {
			text_add_char(into, '\n');
		}
		text_add(into, "<code>");
		html_add_most(into, is_note_all ? fact->note : fact->value, size->value_bytes);
		text_add(into, "</code>");
		if (fact->note && !is_note_all) {
			text_add(into, " <small>");
			html_add_most(into, fact->note, size->value_bytes);
			text_add(into, "</small>");
		}
	}
	text_add(into, "</dd>\n</dl>\n");
}

/* Advice is prose; lines that begin with blanks are to be typed. */
static void add_advice(struct text *into, const char *advice, size_t most)
{
	bool is_open = false;

	while (*advice) {
		size_t count = strcspn(advice, "\n");
		bool is_typed = advice[0] == ' ';
		mp_autotext struct text line = {0};

		text_init(&line, 0);
		text_add_bytes(&line, advice, count);
		if (is_typed != is_open)
			text_add(into, is_typed ? "<pre><code>" : "</code></pre>\n");
		is_open = is_typed;
		text_add(into, is_typed ? "" : "<p>");
		html_add_most(into, text_get(&line) + (is_typed ? strspn(text_get(&line), " ") : 0),
			      most);
		text_add(into, is_typed ? "\n" : "</p>\n");
		advice += count + (advice[count] == '\n');
	}
	text_add(into, is_open ? "</code></pre>\n" : "");
}

/* The titles of the story's checks, each the target of its check's line. */
static void add_heading(struct text *into, const struct exercise *exercise,
			const struct story *story)
{
	text_add(into, "<h3>");
	for (size_t i = 0; i < story->check_count; i++) {
		text_addf(into, "<span id=\"%s.%s\">", exercise->id, story->checks[i]->id);
		html_add(into, words_say(story->checks[i]->title));
		text_add(into, "</span> ");
	}
	text_add(into, "</h3>\n");
}

static void add_story(struct text *into, const struct exercise *exercise, const struct story *story,
		      const struct size *size)
{
	size_t requests =
		story->request_count < size->requests ? story->request_count : size->requests;
	size_t left_out = story->requests_left_out + story->request_count - requests;

	text_add(into, "<section class=\"why\">\n");
	add_heading(into, exercise, story);
	text_add(into, "<p>");
	html_add_most(into, story->lead, size->lead_bytes);
	text_add(into, "</p>\n");
	if (story->rule) {
		text_add(into, "<p class=\"soft\">");
		html_add(into, story->rule);
		text_add(into, "</p>\n");
	}
	if (story->fact_count > 0 && size->value_bytes > 0)
		add_facts(into, story, size);
	for (size_t i = 0; i < requests; i++)
		add_request(into, &story->requests[i], size);
	if (left_out > 0) {
		text_add(into, "<p class=\"soft\">");
		word_add(into, WORD_AND_MORE_REQUESTS, NUMBER((int64_t)left_out));
		text_add(into, "</p>\n");
	}
	if (story->advice && size->value_bytes > 0)
		add_advice(into, story->advice, size->value_bytes);
	text_add(into, "</section>\n");
}

/* Add STORY at the largest size that ROOM has place for; false when none fits. */
static bool add_fitting(struct text *into, const struct exercise *exercise,
			const struct story *story, size_t room)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		mp_autotext struct text one = {0};

		text_init(&one, 0);
		add_story(&one, exercise, story, &sizes[i]);
		if (one.length > room)
			continue;
		text_add(into, text_get(&one));
		return true;
	}
	return false;
}

static void add_output(struct text *into, const char *output)
{
	size_t count = strlen(output);
	const char *from = count > OUTPUT_BYTES ? output + count - OUTPUT_BYTES : output;

	/* Cut at a line, so that no letter is torn. */
	if (from != output && strchr(from, '\n'))
		from = strchr(from, '\n') + 1;
	text_addf(into, "<h3>%s</h3>\n<pre><code>", word_text(WORD_SERVICE_SAID));
	html_add_most(into, from, OUTPUT_BYTES);
	text_add(into, "</code></pre>\n");
}

void html_stories(struct text *into, const struct card *card, const struct telling *telling,
		  const struct report_options *options, size_t allowance)
{
	size_t start = into->length;
	size_t end = allowance > CLOSING_BYTES ? allowance - CLOSING_BYTES : 0;
	bool are_all_told = true;

	for (size_t i = 0; are_all_told && i < telling->story_count; i++) {
		size_t used = into->length - start;

		are_all_told = add_fitting(into, card->exercise, &telling->stories[i],
					   end > used ? end - used : 0);
	}
	if (are_all_told && story_wants_output(card, telling) &&
	    into->length - start + OUTPUT_ROOM < end)
		add_output(into, card->service_output);
	if (!are_all_told) {
		mp_autotext struct text command = {0};

		text_init(&command, 0);
		text_addf(&command, "%s %s", options->desk_command, card->exercise->id);
		text_add(into, "<p>");
		word_add(into, WORD_MORE_STORIES, text_get(&command));
		text_add(into, "</p>\n");
	}
}
