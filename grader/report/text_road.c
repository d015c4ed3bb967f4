/* SPDX-License-Identifier: MIT */
/* The end of the text report: the exercises in one view, the milestones, notes. */
#include "grader/report/text_story.h"

#include <string.h>

#include "grader/report/formats.h"
#include "grader/report/words.h"
#include "sandbox/base/columns.h"

/* A milestone is told when something of it was graded. */
static bool has_card(const struct scorecard *scorecard, int number)
{
	for (size_t i = 0; i < scorecard->card_count; i++) {
		if (scorecard->cards[i].exercise->milestone == number)
			return true;
	}
	return false;
}

static void add_total(struct text *into, const struct scorecard *scorecard, int width)
{
	mp_autotext struct text points = {0};
	int used = columns_of(word_text(WORD_ROAD), strlen(word_text(WORD_ROAD)));

	text_init(&points, 0);
	word_add(&points, WORD_POINTS_OF, NUMBER(scorecard->earned), NUMBER(scorecard->possible));
	text_add(into, word_text(WORD_ROAD));
	columns_pad(into, width - used - columns_of(text_get(&points), points.length));
	text_addf(into, "%s\n", text_get(&points));
	for (int i = 0; i < width; i++)
		text_add_char(into, '-');
	text_add_char(into, '\n');
}

/* A score at the end of as many columns as the highest one takes; blanks for none. */
static void add_score(struct text *into, const struct card *card)
{
	mp_autotext struct text highest = {0};
	mp_autotext struct text score = {0};

	text_init(&highest, 0);
	text_init(&score, 0);
	word_add(&highest, WORD_OF_100, NUMBER(100));
	if (card->outcomes && card->status != STATUS_NOT_GRADED)
		word_add(&score, WORD_OF_100, NUMBER(card->score));
	columns_pad(into, columns_of(text_get(&highest), highest.length) -
				  columns_of(text_get(&score), score.length));
	text_add(into, text_get(&score));
}

/* " hello-api         80 of 100  needs work" */
static void add_exercise(struct text *into, const struct card *card, int id_width)
{
	text_add_char(into, ' ');
	columns_add(into, card->exercise->id, id_width + 2);
	add_score(into, card);
	text_addf(into, "  %s\n", word_text(report_status_word(card->status)));
}

static void add_milestone(struct text *into, const struct milestone_line *line, int width)
{
	mp_autotext struct text words = {0};

	text_init(&words, 0);
	text_addf(&words, " M%d  ", line->number);
	columns_add(&words, line->title ? words_say(line->title) : "", 31);
	if (line->is_reached)
		text_add(&words, word_text(WORD_REACHED));
	else
		word_add(&words, WORD_REQUIRED_PASSED, NUMBER(line->passed),
			 NUMBER(line->required));
	text_addf(&words, ", %d %%", line->percent);
	if (line->elective_points > 0) {
		text_add(&words, ", ");
		word_add(&words, WORD_ELECTIVES, NUMBER(line->elective_points));
	}
	columns_wrap(into, text_get(&words), &(struct layout){.width = width, .indent = 5});
	text_add_char(into, '\n');
}

/* "M2: 1 of 4 published, M5: ... Not published yet: M1, M3." */
static void add_unpublished(struct text *into, const struct scorecard *scorecard, int width)
{
	mp_autotext struct text words = {0};
	mp_autotext struct text later = {0};

	text_init(&words, 0);
	text_init(&later, 0);
	for (int i = 0; i < MILESTONES; i++) {
		const struct milestone_line *line = &scorecard->milestones[i];

		if (line->published >= line->required)
			continue;
		if (line->published == 0) {
			text_addf(&later, "%sM%d", later.length ? ", " : "", line->number);
			continue;
		}
		text_add(&words, words.length ? ", " : "");
		word_add(&words, WORD_PUBLISHED, NUMBER(line->number), NUMBER(line->published),
			 NUMBER(line->required));
	}
	if (later.length > 0) {
		text_add(&words, words.length ? "; " : "");
		word_add(&words, WORD_LATER, text_get(&later));
	}
	if (words.length == 0)
		return;
	text_add_char(into, ' ');
	columns_wrap(into, text_get(&words),
		     &(struct layout){.width = width, .column = 1, .indent = 1});
	text_add_char(into, '\n');
}

void text_road(struct text *into, const struct scorecard *scorecard,
	       const struct report_options *options)
{
	int id_width = 0;

	if (scorecard->card_count == 0) {
		text_addf(into, "%s\n\n%s  %s\n", word_text(WORD_NOTHING_HERE),
			  word_text(WORD_NEXT), word_text(WORD_SEE_ROAD));
	}
	if (scorecard->card_count < 2)
		return;
	for (size_t i = 0; i < scorecard->card_count; i++) {
		int columns = (int)strlen(scorecard->cards[i].exercise->id);

		id_width = columns > id_width ? columns : id_width;
	}
	text_add(into, "\n\n");
	add_total(into, scorecard, options->columns);
	for (size_t i = 0; i < scorecard->card_count; i++)
		add_exercise(into, &scorecard->cards[i], id_width);
	text_add_char(into, '\n');
	for (int i = 0; i < MILESTONES; i++) {
		if (has_card(scorecard, scorecard->milestones[i].number))
			add_milestone(into, &scorecard->milestones[i], options->columns);
	}
	add_unpublished(into, scorecard, options->columns);
}

void text_notes(struct text *into, const struct run_info *run, int width)
{
	const struct layout layout = {.width = width, .column = 6, .indent = 6};
	bool has_layers = run && run->missing_layers && run->missing_layers[0];
	bool has_notes = run && run->notes && run->notes[0];
	mp_autotext struct text words = {0};

	if (!has_layers && !has_notes)
		return;
	text_add_char(into, '\n');
	for (size_t i = 0; has_notes && run->notes[i]; i++) {
		text_addf(into, "%s  ", word_text(WORD_NOTE));
		columns_wrap(into, words_say(run->notes[i]), &layout);
		text_add_char(into, '\n');
	}
	if (!has_layers)
		return;
	text_init(&words, 0);
	report_add_missing_layers(&words, run->missing_layers);
	text_addf(into, "%s  ", word_text(WORD_NOTE));
	columns_wrap(into, text_get(&words), &layout);
	text_add_char(into, '\n');
}
