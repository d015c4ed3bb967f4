/* SPDX-License-Identifier: MIT */
/*
 * The report as text: 80 columns, no colour, ASCII but for what the learner wrote.
 *
 * One block for each exercise: a head line, a line for each check, the score, the stories of what
 * did not pass (grader/report/text_story.c), and what to do next. Then, when several were graded,
 * the road.
 */
#include "grader/report/report.h"

#include <ctype.h>
#include <string.h>

#include "grader/report/formats.h"
#include "grader/report/text_story.h"
#include "grader/report/words.h"
#include "sandbox/base/columns.h"

enum {
	COMMIT_SHOWN = 7,
	ROW_FIXED = 13 /* columns of a check's line before its id, but for the points */
};

static void add_upper(struct text *into, const char *text)
{
	for (; *text; text++)
		text_add_char(into, (char)toupper((unsigned char)*text));
}

static void add_rule_line(struct text *into, int width)
{
	for (int i = 0; i < width; i++)
		text_add_char(into, '-');
	text_add_char(into, '\n');
}

/* LEFT, and RIGHT at the end of the line, or on a line of its own when both do not fit. */
static void add_both_ends(struct text *into, const char *left, const char *right, int width)
{
	int used = columns_of(left, strlen(left));
	int wanted = columns_of(right, strlen(right));

	text_add(into, left);
	if (used + 2 + wanted > width) {
		text_add_char(into, '\n');
		used = 0;
	}
	columns_pad(into, width - used - wanted);
	text_add(into, right);
	text_add_char(into, '\n');
}

/* "commit 4f1c2a9, python3.11, seed 7" */
void report_add_origin(struct text *into, const struct scorecard *scorecard,
		       const struct card *card)
{
	const char *commit = card->commit ? card->commit : scorecard->commit;
	char shown[COMMIT_SHOWN + 1] = {0};

	if (strspn(commit, "0123456789abcdef") < COMMIT_SHOWN) {
		text_add(into, word_text(WORD_WORK_TREE));
	} else {
		memcpy(shown, commit, COMMIT_SHOWN);
		word_add(into, WORD_COMMIT, shown);
	}
	if (card->runtime && card->runtime[0]) {
		text_add(into, ", ");
		text_add(into, card->runtime);
	}
	if (card->outcomes && card->status != STATUS_NOT_GRADED) {
		text_add(into, ", ");
		word_add(into, WORD_SEED, SEED(card->seed));
	}
}

static void add_head(struct text *into, const struct scorecard *scorecard, const struct card *card,
		     int width)
{
	mp_autotext struct text left = {0};
	mp_autotext struct text right = {0};

	text_init(&left, 0);
	text_init(&right, 0);
	text_add(&left, card->exercise->id);
	text_add(&left, "  ");
	text_add(&left, words_say(card->exercise->title));
	report_add_origin(&right, scorecard, card);
	add_both_ends(into, text_get(&left), text_get(&right), width);
	add_rule_line(into, width);
}

enum word report_verdict_word(enum verdict verdict)
{
	static const enum word words[VERDICT_COUNT] = {
		[VERDICT_PASS] = WORD_OK,     [VERDICT_FAIL] = WORD_FAIL,
		[VERDICT_LIMIT] = WORD_LIMIT, [VERDICT_SKIP] = WORD_SKIP,
		[VERDICT_FAULT] = WORD_FAULT,
	};

	return words[verdict];
}

/* Widths of the columns of one exercise's checks. */
struct grid {
	int points, id, width;
};

static struct grid grid_of(const struct card *card, const struct telling *telling, int width)
{
	struct grid grid = {.points = 2, .width = width};

	for (size_t i = 0; i < card->exercise->check_count; i++) {
		int columns = (int)strlen(card->exercise->checks[i].id);

		if (columns > grid.id)
			grid.id = columns;
		if (card->exercise->checks[i].points > 99 || telling->unasked_points > 99)
			grid.points = 3;
	}
	return grid;
}

struct row {
	enum word word;
	int64_t points;
	bool is_core, is_hidden;
	const char *id, *title;
};

enum word report_outcome_word(const struct card *card, size_t index)
{
	return check_is_advice(card, index) ? WORD_TIP
					    : report_verdict_word(card->outcomes[index].verdict);
}

static void add_row(struct text *into, const struct grid *grid, const struct row *row)
{
	const struct layout layout = {.width = grid->width,
				      .column = ROW_FIXED + grid->points + grid->id + 1,
				      .indent = ROW_FIXED + grid->points + grid->id + 1};

	text_addf(into, " %-5s %*s %c %c ", word_text(row->word), grid->points, NUMBER(row->points),
		  row->is_core ? '*' : ' ', row->is_hidden ? 'h' : ' ');
	columns_add(into, row->id, grid->id + 2);
	columns_wrap(into, words_say(row->title), &layout);
	text_add_char(into, '\n');
}

/* What a failed gate left unasked, and what it would need. */
void report_unasked(const struct exercise *exercise, const struct telling *telling,
		    struct text *ret_count, struct text *ret_need)
{
	if (telling->unasked_count == 1)
		word_add(ret_count, WORD_MORE_CHECKS_ONE, NULL);
	else
		word_add(ret_count, WORD_MORE_CHECKS, NUMBER((int64_t)telling->unasked_count));
	if (telling->need)
		text_add(ret_need, telling->need);
	else if (exercise->entry[ENTRY_START] == WISH_REQUIRED)
		word_add(ret_need, WORD_NEEDS_SERVICE, NULL);
	else if (exercise->entry[ENTRY_RUN] == WISH_REQUIRED)
		word_add(ret_need, WORD_NEEDS_PROGRAM, NULL);
	else
		word_add(ret_need, WORD_NEEDS_GATE, telling->failed_gate->id);
}

static void add_rows(struct text *into, const struct card *card, const struct telling *telling,
		     int width)
{
	struct grid grid = grid_of(card, telling, width);
	mp_autotext struct text count = {0};
	mp_autotext struct text need = {0};

	for (size_t i = 0; i < card->exercise->check_count; i++) {
		const struct check *check = &card->exercise->checks[i];
		struct row row = {
			report_outcome_word(card, i),		check->points, check->is_core,
			check->visibility == VISIBILITY_HIDDEN, check->id,     check->title};

		if (!story_is_unasked(telling, card, i))
			add_row(into, &grid, &row);
	}
	if (telling->unasked_count == 0)
		return;
	text_init(&count, 0);
	text_init(&need, 0);
	report_unasked(card->exercise, telling, &count, &need);
	add_row(into, &grid,
		&(struct row){WORD_SKIP, telling->unasked_points, false, false, text_get(&count),
			      text_get(&need)});
}

/* The status as the report's word. */
enum word report_status_word(enum status status)
{
	static const enum word words[STATUS_COUNT] = {
		[STATUS_PASSED] = WORD_PASSED,	       [STATUS_MASTERED] = WORD_MASTERED,
		[STATUS_NEEDS_WORK] = WORD_NEEDS_WORK, [STATUS_NOT_STARTED] = WORD_NOT_STARTED,
		[STATUS_NOT_GRADED] = WORD_NOT_GRADED,
	};

	return words[status];
}

/* What the score means: how much is enough, what must pass, what holds it down. */
void report_add_meaning(struct text *into, const struct card *card, const struct telling *telling,
			const char *mark)
{
	const char *enough = NUMBER(card->exercise->pass_score);
	size_t before = into->length;

	if (card->status == STATUS_NOT_STARTED)
		text_add(into, word_text(WORD_UNTOUCHED));
	if (card->status == STATUS_NEEDS_WORK && !telling->failed_gate) {
		if (!telling->has_core_failed)
			word_add(into, WORD_ENOUGH, enough);
		else if (card->score >= card->exercise->pass_score)
			word_add(into, WORD_ENOUGH_BUT_CORE, enough, mark);
		else
			word_add(into, WORD_ENOUGH_AND_CORE, enough, mark);
	}
	if (telling->cap && !telling->failed_gate) {
		text_add(into, into->length > before ? "; " : "");
		word_add(into, WORD_CAPPED, NUMBER(telling->cap->cap), telling->cap->id);
	}
}

static void add_score(struct text *into, const struct card *card, const struct telling *telling,
		      int width)
{
	bool says_core = telling->has_core &&
			 !(card->status == STATUS_NEEDS_WORK && telling->has_core_failed) &&
			 !telling->failed_gate;
	mp_autotext struct text line = {0};

	text_init(&line, 0);
	word_add(&line, WORD_OF_100, NUMBER(card->score));
	text_add(&line, "  ");
	add_upper(&line, word_text(report_status_word(card->status)));
	text_add(&line, "  ");
	report_add_meaning(&line, card, telling, "*");
	if (line.data[line.length - 1] != ' ')
		text_add(&line, "  ");
	if (says_core || telling->has_hidden)
		text_addf(&line, "(%s%s%s)", says_core ? word_text(WORD_CORE_MARK) : "",
			  says_core && telling->has_hidden ? ", " : "",
			  telling->has_hidden ? word_text(WORD_HIDDEN_MARK) : "");
	while (line.length > 0 && line.data[line.length - 1] == ' ')
		line.data[--line.length] = '\0';
	text_add(into, "\n ");
	columns_wrap(into, text_get(&line),
		     &(struct layout){.width = width, .column = 1, .indent = 1});
	text_add_char(into, '\n');
}

/* The word in front of the last lines, in the columns of "Next  ". */
static void add_label(struct text *into, enum word word)
{
	columns_add(into, word_text(word), 4);
	text_add(into, "  ");
}

static void add_next(struct text *into, const struct card *card, const struct telling *telling,
		     const struct report_options *options)
{
	const struct layout layout = {.width = options->columns, .column = 6, .indent = 6};
	mp_autotext struct text command = {0};
	mp_autotext struct text line = {0};

	if (!telling->next)
		return;
	/* Own words of what to do belong to their story and follow it without a gap. */
	if (!telling->next_words || telling->story_count > 1)
		text_add_char(into, '\n');
	if (telling->hint) {
		add_label(into, WORD_HINT);
		columns_wrap(into, telling->hint, &layout);
		text_add_char(into, '\n');
	}
	text_init(&command, 0);
	text_init(&line, 0);
	text_addf(&command, "%s %s", options->desk_command, card->exercise->id);
	if (telling->next_words)
		text_add(&line, telling->next_words);
	else
		word_add(&line, WORD_MEND, telling->next->id, text_get(&command));
	add_label(into, WORD_NEXT);
	columns_wrap(into, text_get(&line), &layout);
	text_add_char(into, '\n');
}

static void add_remarks(struct text *into, const struct telling *telling, int width)
{
	const struct layout layout = {.width = width, .column = 6, .indent = 6};

	for (size_t i = 0; i < telling->remark_count; i++) {
		text_addf(into, "%s%s  ", i == 0 ? "\n" : "", word_text(WORD_NOTE));
		columns_wrap(into, telling->remarks[i], &layout);
		text_add_char(into, '\n');
	}
}

static void add_plain_status(struct text *into, enum word status, const char *words, int width)
{
	int column = 3 + columns_of(word_text(status), strlen(word_text(status)));

	text_add_char(into, ' ');
	add_upper(into, word_text(status));
	text_add(into, "  ");
	columns_wrap(into, words, &(struct layout){.width = width, .column = column, .indent = 1});
	text_add_char(into, '\n');
}

static void add_not_graded(struct text *into, const struct card *card, int width)
{
	add_plain_status(into, WORD_NOT_GRADED, words_say(card->not_graded), width);
	text_addf(into, " %s\n", word_text(WORD_NOT_GRADED_CALM));
}

static void add_not_started(struct text *into, const struct card *card, int width)
{
	mp_autotext struct text words = {0};

	text_init(&words, 0);
	word_add(&words, WORD_NO_FOLDER, card->folder ? card->folder : card->exercise->id);
	add_plain_status(into, WORD_NOT_STARTED, text_get(&words), width);
	text_add_char(into, '\n');
	add_label(into, WORD_NEXT);
	word_add(into, WORD_START, card->exercise->id);
	text_add_char(into, '\n');
}

static void add_card(struct text *into, const struct scorecard *scorecard, const struct card *card,
		     const struct report_options *options)
{
	mp_autoarena struct arena *arena = arena_new();
	struct telling telling;

	add_head(into, scorecard, card, options->columns);
	if (card->status == STATUS_NOT_GRADED) {
		add_not_graded(into, card, options->columns);
		return;
	}
	if (!card->outcomes) {
		add_not_started(into, card, options->columns);
		return;
	}
	story_tell(card, options->audience, arena, &telling);
	add_rows(into, card, &telling, options->columns);
	add_score(into, card, &telling, options->columns);
	text_stories(into, card, &telling, options->columns);
	add_remarks(into, &telling, options->columns);
	add_next(into, card, &telling, options);
}

int report_text(const struct scorecard *scorecard, const struct report_options *given,
		struct text *into, struct mp_error *err)
{
	struct report_options options = report_with_defaults(given);

	for (size_t i = 0; i < scorecard->card_count; i++) {
		text_add(into, i ? "\n\n" : "");
		add_card(into, scorecard, &scorecard->cards[i], &options);
	}
	text_road(into, scorecard, &options);
	text_notes(into, options.run, options.columns);
	return report_finish(into, err);
}
