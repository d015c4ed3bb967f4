/* SPDX-License-Identifier: MIT */
/* The stories of the text report: why, how to repeat it, wanted and got. */
#include "grader/report/text_story.h"

#include <string.h>

#include "grader/report/formats.h"
#include "grader/report/words.h"
#include "sandbox/base/columns.h"

enum {
	ALSO_COLUMN = 47, /* where "also there" stands, when the command is short enough */
	FACT_VALUE = 23,  /* columns of a fact's value before its note, at least */
	FACT_LINES = 10,
	PATH_MOST = 24,	  /* a longer path has a line of its own */
	VALUE_LINES = 4,  /* of one wanted or got */
	OUTPUT_LINES = 8, /* of what the service said last */
};

/* A paragraph: the first line from COLUMN on, the others by 2. */
static void add_paragraph(struct text *into, const char *words, int column, int width)
{
	columns_wrap(into, words, &(struct layout){.width = width, .column = column, .indent = 2});
	text_add_char(into, '\n');
}

/* "a, b and c" */
static void add_names(struct text *into, const struct story *story)
{
	for (size_t i = 0; i < story->check_count; i++) {
		if (i > 0 && i + 1 < story->check_count)
			text_add(into, ", ");
		else if (i > 0)
			text_addf(into, " %s ", word_text(WORD_AND));
		text_add(into, story->checks[i]->id);
	}
}

static void add_lead(struct text *into, const struct story *story, int width)
{
	mp_autotext struct text words = {0};
	mp_autotext struct text names = {0};

	text_init(&words, 0);
	text_init(&names, 0);
	add_names(&names, story);
	if (story->check_count > 1) {
		word_add(&words, WORD_ONE_REASON, text_get(&names));
		add_paragraph(into, text_get(&words), 0, width);
		text_add(into, "  ");
		add_paragraph(into, story->lead, 2, width);
		return;
	}
	text_addf(&words, "%s: %s", text_get(&names), story->lead);
	add_paragraph(into, text_get(&words), 0, width);
	if (story->rule) {
		text_add(into, "  ");
		add_paragraph(into, story->rule, 2, width);
	}
}

/* The note behind a value that ended at column USED, or below it when the line is full. */
static void add_note(struct text *into, const char *note, int column, int used, int width)
{
	int gap = used + 2 > FACT_VALUE ? 2 : FACT_VALUE - used;

	if (column + used + gap + columns_of(note, strlen(note)) <= width) {
		columns_pad(into, gap);
		text_add(into, note);
		return;
	}
	text_add_char(into, '\n');
	columns_pad(into, column);
	columns_wrap(into, note,
		     &(struct layout){.width = width, .column = column, .indent = column});
}

static void add_facts(struct text *into, const struct story *story, int width)
{
	int label = 0;

	for (size_t i = 0; i < story->fact_count; i++) {
		int columns = columns_of(story->facts[i]->label, strlen(story->facts[i]->label));

		label = columns > label ? columns : label;
	}
	for (size_t i = 0; i < story->fact_count; i++) {
		const struct fact *fact = story->facts[i];
		const struct layout layout = {.width = width,
					      .column = 4 + label + 2,
					      .indent = 4 + label + 2,
					      .most_lines = FACT_LINES};
		bool is_note_all = fact->value[0] == '\0' && fact->note;

		text_add(into, "    ");
		columns_add(into, fact->label, label + 2);
		columns_wrap(into, is_note_all ? fact->note : fact->value, &layout);
		if (fact->note && !is_note_all)
			add_note(into, fact->note, layout.column,
				 columns_of(fact->value, strlen(fact->value)), width);
		text_add_char(into, '\n');
	}
}

/* The longest path of the story that still fits beside its values. */
static int path_width(const struct story *story)
{
	int width = 0;

	for (size_t i = 0; i < story->request_count; i++) {
		for (size_t k = 0; k < story->requests[i].mismatch_count; k++) {
			const char *path = story->requests[i].mismatches[k]->path;
			int columns = columns_of(path, strlen(path));

			if (columns > width && columns <= PATH_MOST)
				width = columns;
		}
	}
	return width;
}

static void add_value(struct text *into, enum word label, const char *value, int column, int width)
{
	struct layout layout = {
		.width = width, .column = column, .indent = column, .most_lines = VALUE_LINES};

	columns_add(into, word_text(label), 8);
	columns_wrap(into, value, &layout);
	text_add_char(into, '\n');
}

static void add_mismatch(struct text *into, const struct mismatch *mismatch, int path, int width)
{
	text_add(into, "    ");
	columns_add(into, mismatch->path, path + 2);
	if (columns_of(mismatch->path, strlen(mismatch->path)) > path) {
		text_add_char(into, '\n');
		columns_pad(into, 4 + path + 2);
	}
	add_value(into, WORD_WANTED, mismatch->wanted, 4 + path + 10, width);
	columns_pad(into, 4 + path + 2);
	add_value(into, WORD_GOT, mismatch->got, 4 + path + 10, width);
}

/* The line that names a request, with "also there" behind it when nothing else is to be said. */
static void add_request_line(struct text *into, const struct story_request *request, int width)
{
	size_t start = into->length;
	const char *last;
	int used;

	text_add(into, "  ");
	if (request->evidence->repeat)
		columns_command(into, request->evidence->repeat,
				&(struct layout){.width = width, .column = 2, .indent = 6});
	else if (request->evidence->request)
		columns_wrap(into, request->evidence->request,
			     &(struct layout){.width = width, .column = 2, .indent = 6});
	if (request->is_also_there) {
		last = strrchr(into->data + start, '\n');
		last = last ? last + 1 : into->data + start;
		used = columns_of(last, strlen(last));
		if (used + 2 +
			    columns_of(word_text(WORD_ALSO_THERE),
				       strlen(word_text(WORD_ALSO_THERE))) >
		    width) {
			text_add_char(into, '\n');
			used = 0;
		}
		columns_pad(into, used + 2 > ALSO_COLUMN ? 2 : ALSO_COLUMN - used);
		text_add(into, word_text(WORD_ALSO_THERE));
	}
	text_add_char(into, '\n');
}

static void add_request(struct text *into, const struct story_request *request, int path, int width)
{
	if (request->evidence->repeat || request->evidence->request)
		add_request_line(into, request, width);
	for (size_t i = 0; i < request->mismatch_count; i++)
		add_mismatch(into, request->mismatches[i], path, width);
	if (request->left_out > 0) {
		text_add(into, "    ");
		word_add(into, WORD_AND_MORE, NUMBER((int64_t)request->left_out));
		text_add_char(into, '\n');
	}
	if (request->say) {
		text_add(into, "    ");
		columns_wrap(into, request->say,
			     &(struct layout){.width = width, .column = 4, .indent = 4});
		text_add_char(into, '\n');
	}
}

void text_story_body(struct text *into, const struct story *story, int width)
{
	int path = path_width(story);

	add_facts(into, story, width);
	/* A gap below the lead or the facts; a body alone begins at once. */
	if (story->request_count > 0 && into->length > 0)
		text_add_char(into, '\n');
	for (size_t i = 0; i < story->request_count; i++)
		add_request(into, &story->requests[i], path, width);
	if (story->requests_left_out > 0) {
		text_add(into, "  ");
		word_add(into, WORD_AND_MORE_REQUESTS, NUMBER((int64_t)story->requests_left_out));
		text_add_char(into, '\n');
	}
	if (story->advice) {
		text_add(into, "  ");
		add_paragraph(into, story->advice, 2, width);
	}
}

static void add_story(struct text *into, const struct story *story, int width)
{
	text_add_char(into, '\n');
	add_lead(into, story, width);
	text_story_body(into, story, width);
}

/* The last lines of TEXT, at most OUTPUT_LINES. */
static const char *last_lines(const char *text)
{
	const char *at = text + strlen(text);
	int lines = 0;

	while (at > text && at[-1] == '\n')
		at--;
	for (; at > text; at--) {
		if (at[-1] == '\n' && ++lines == OUTPUT_LINES)
			break;
	}
	return at;
}

static void add_output(struct text *into, const char *output, int width)
{
	const struct layout layout = {.width = width, .column = 4, .indent = 4};
	const char *line = last_lines(output);

	text_addf(into, "\n%s\n", word_text(WORD_SERVICE_SAID));
	while (*line) {
		size_t count = strcspn(line, "\n");
		mp_autotext struct text one = {0};

		text_init(&one, 0);
		text_add_visible(&one, line, count, 400);
		text_add(into, "    ");
		columns_wrap(into, text_get(&one), &layout);
		text_add_char(into, '\n');
		line += count + (line[count] == '\n');
	}
}

void text_stories(struct text *into, const struct card *card, const struct telling *telling,
		  int width)
{
	bool has_waiting = false;

	for (size_t i = 0; i < telling->story_count; i++)
		add_story(into, &telling->stories[i], width);
	for (size_t i = 0; i < card->exercise->check_count; i++) {
		mp_autotext struct text words = {0};

		if (card->outcomes[i].verdict != VERDICT_SKIP || telling->failed_gate)
			continue;
		text_init(&words, 0);
		text_add(into, has_waiting ? "" : "\n");
		has_waiting = true;
		report_add_waits(&words, card, i);
		add_paragraph(into, text_get(&words), 0, width);
	}
	if (story_wants_output(card, telling))
		add_output(into, card->service_output, width);
}
