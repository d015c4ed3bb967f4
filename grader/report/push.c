/* SPDX-License-Identifier: MIT */
/* What a push shows: the telling of the reports, cut to what helps at once. */
#include "grader/report/push.h"

#include <string.h>

#include "grader/report/formats.h"
#include "grader/report/words.h"
#include "sandbox/base/columns.h"

enum {
	PARAGRAPH = 64,	  /* columns of what is read as sentences */
	LABEL = 6,	  /* columns of "ok" and "FAIL" */
	NAMES_COLUMN = 8, /* where the names of checks begin */
	STORIES_MOST = 3,
	FACTS_MOST = 3,
	VALUE_LINES = 2, /* of one wanted or got */
	PATH_MOST = 24,	 /* a longer path has a line of its own */
	LIST_BYTES = 4000,
};

static void add_wrapped(struct text *into, const char *words, int column, int indent)
{
	columns_wrap(into, words,
		     &(struct layout){.width = PARAGRAPH, .column = column, .indent = indent});
	text_add_char(into, '\n');
}

void push_sentence(struct text *into, const char *front, const char *sentence)
{
	mp_autotext struct text words = {0};

	text_init(&words, 0);
	text_addf(&words, "%s%s", front, sentence);
	columns_wrap(into, text_get(&words), &(struct layout){.width = PUSH_COLUMNS, .indent = 2});
	text_add_char(into, '\n');
}

void push_kept(struct text *into, const char *const *ids, size_t count)
{
	mp_autotext struct text list = {0};
	mp_autotext struct text words = {0};

	if (count == 0)
		return;
	text_init(&list, LIST_BYTES);
	text_init(&words, 0);
	for (size_t i = 0; i < count; i++)
		text_addf(&list, "%s%s", i ? ", " : "", ids[i]);
	word_add(&words, count == 1 ? WORD_KEPT_ONE : WORD_KEPT, text_get(&list));
	push_sentence(into, "", text_get(&words));
}

void push_ready(struct text *into, const char *exercise, const char *command, int64_t after_ms)
{
	mp_autotext struct text words = {0};
	mp_autotext struct text shown = {0};
	mp_autotext struct text seconds = {0};

	text_init(&words, 0);
	text_init(&shown, 0);
	text_init(&seconds, 0);
	text_add_visible(&shown, command, strlen(command), 200);
	text_addf(&seconds, "%.1f", (double)after_ms / 1000.0);
	word_add(&words, WORD_READY_AFTER, exercise, text_get(&shown), text_get(&seconds));
	push_sentence(into, "", text_get(&words));
}

/* --- checks -------------------------------------------------------------------------------- */

static void add_label(struct text *into, enum word word)
{
	text_add(into, "  ");
	columns_add(into, word_text(word), LABEL);
}

static void tell_names(struct push_checks *checks, struct text *into)
{
	if (checks->names.length == 0)
		return;
	add_label(into, (enum word)checks->word);
	columns_wrap(into, text_get(&checks->names),
		     &(struct layout){.width = PUSH_COLUMNS,
				      .column = NAMES_COLUMN,
				      .indent = NAMES_COLUMN});
	text_add_char(into, '\n');
	text_clear(&checks->names);
}

void push_check(struct push_checks *checks, const struct exercise *exercise,
		const struct check *check, const struct outcome *outcome, struct text *into)
{
	bool has_passed = outcome->verdict == VERDICT_PASS;
	enum word word = outcome_is_advice(exercise, check, outcome)
				 ? WORD_TIP
				 : report_verdict_word(outcome->verdict);

	if (outcome->verdict == VERDICT_SKIP && checks->is_gate_failed)
		return;
	if ((int)word != checks->word)
		tell_names(checks, into);
	checks->word = word;
	checks->is_gate_failed |= check->is_gate && !has_passed;
	text_addf(&checks->names, "%s%s%s", checks->names.length ? ", " : "", check->id,
		  check->is_core && !has_passed ? " *" : "");
}

void push_checks_end(struct push_checks *checks, struct text *into)
{
	tell_names(checks, into);
	text_done(&checks->names);
	*checks = (struct push_checks){0};
}

/* What a failed gate left unasked: "  skip  10 more checks: They need a service that can be asked" */
static void add_unasked(struct text *into, const struct card *card, const struct telling *telling)
{
	mp_autotext struct text count = {0};
	mp_autotext struct text need = {0};

	if (telling->unasked_count == 0)
		return;
	text_init(&count, 0);
	text_init(&need, 0);
	report_unasked(card->exercise, telling, &count, &need);
	text_addf(&count, ": %s", text_get(&need));
	add_label(into, WORD_SKIP);
	columns_wrap(into, text_get(&count),
		     &(struct layout){.width = PUSH_COLUMNS,
				      .column = NAMES_COLUMN,
				      .indent = NAMES_COLUMN});
	text_add_char(into, '\n');
}

/* --- stories ------------------------------------------------------------------------------- */

static void add_lead(struct text *into, const struct story *story)
{
	mp_autotext struct text names = {0};
	mp_autotext struct text words = {0};

	text_init(&names, LIST_BYTES);
	text_init(&words, 0);
	for (size_t i = 0; i < story->check_count; i++) {
		if (i > 0 && i + 1 < story->check_count)
			text_add(&names, ", ");
		else if (i > 0)
			text_addf(&names, " %s ", word_text(WORD_AND));
		text_add(&names, story->checks[i]->id);
	}
	text_addf(&words, "%s: ", story->is_advice ? word_text(WORD_TIP) : "error");
	if (story->check_count == 1) {
		text_addf(&words, "%s: %s", text_get(&names), story->lead);
		add_wrapped(into, text_get(&words), 0, 2);
		return;
	}
	word_add(&words, WORD_FOR_ONE_REASON, text_get(&names));
	push_sentence(into, "", text_get(&words));
	text_add(into, "  ");
	add_wrapped(into, story->lead, 2, 2);
}

static void add_value(struct text *into, enum word label, const char *value, int column)
{
	const struct layout layout = {.width = PUSH_COLUMNS,
				      .column = column + 8,
				      .indent = column + 8,
				      .most_lines = VALUE_LINES};

	columns_add(into, word_text(label), 8);
	columns_wrap(into, value, &layout);
	text_add_char(into, '\n');
}

static void add_mismatch(struct text *into, const struct mismatch *mismatch)
{
	int path = columns_of(mismatch->path, strlen(mismatch->path));
	int column = 4 + (path <= PATH_MOST ? path + 2 : 2);

	text_add(into, "    ");
	columns_wrap(into, mismatch->path,
		     &(struct layout){.width = PUSH_COLUMNS, .column = 4, .indent = 4});
	if (path > PATH_MOST) {
		text_add_char(into, '\n');
		columns_pad(into, column);
	} else {
		text_add(into, "  ");
	}
	add_value(into, WORD_WANTED, mismatch->wanted, column);
	columns_pad(into, column);
	add_value(into, WORD_GOT, mismatch->got, column);
}

/* The first request alone, and of it the first thing that was not as wanted. */
static void add_request(struct text *into, const struct story_request *request)
{
	if (request->evidence->request) {
		text_add(into, "  ");
		columns_wrap(into, request->evidence->request,
			     &(struct layout){.width = PUSH_COLUMNS,
					      .column = 2,
					      .indent = 6,
					      .most_lines = VALUE_LINES});
		text_add_char(into, '\n');
	}
	if (request->mismatch_count > 0)
		add_mismatch(into, request->mismatches[0]);
	if (request->say) {
		text_add(into, "    ");
		add_wrapped(into, request->say, 4, 4);
	}
}

static void add_facts(struct text *into, const struct story *story)
{
	int label = 0;

	for (size_t i = 0; i < story->fact_count && i < FACTS_MOST; i++) {
		int columns = columns_of(story->facts[i]->label, strlen(story->facts[i]->label));

		label = columns > label ? columns : label;
	}
	for (size_t i = 0; i < story->fact_count && i < FACTS_MOST; i++) {
		const struct fact *fact = story->facts[i];
		const struct layout layout = {.width = PUSH_COLUMNS,
					      .column = 4 + label + 2,
					      .indent = 4 + label + 2,
					      .most_lines = VALUE_LINES};
		mp_autotext struct text words = {0};

		text_init(&words, 0);
		text_addf(&words, "%s%s%s", fact->value, fact->value[0] && fact->note ? "  " : "",
			  fact->note ? fact->note : "");
		text_add(into, "    ");
		columns_add(into, fact->label, label + 2);
		columns_wrap(into, text_get(&words), &layout);
		text_add_char(into, '\n');
	}
}

static void add_stories(struct text *into, const struct telling *telling)
{
	for (size_t i = 0; i < telling->story_count && i < STORIES_MOST; i++) {
		const struct story *story = &telling->stories[i];

		add_lead(into, story);
		if (story->request_count > 0)
			add_request(into, &story->requests[0]);
		else
			add_facts(into, story);
	}
	if (telling->story_count > STORIES_MOST) {
		mp_autotext struct text words = {0};

		text_init(&words, 0);
		word_add(&words, WORD_MORE_ON_PAGE,
			 NUMBER((int64_t)(telling->story_count - STORIES_MOST)));
		push_sentence(into, "", text_get(&words));
	}
}

static void add_hint(struct text *into, const struct telling *telling)
{
	const char *hint = telling->hint ? telling->hint : telling->next_words;
	mp_autotext struct text words = {0};

	if (!hint)
		return;
	text_init(&words, 0);
	text_addf(&words, "hint: %s", hint);
	add_wrapped(into, text_get(&words), 0, 2);
}

/* --- the score ----------------------------------------------------------------------------- */

static void add_meaning(struct text *into, const struct card *card, const struct telling *telling)
{
	bool is_enough = card->score >= card->exercise->pass_score;

	if (card->status == STATUS_NEEDS_WORK && telling->has_core_failed && is_enough)
		word_add(into, WORD_EACH_MUST_PASS, "*");
	else
		report_add_meaning(into, card, telling, "*");
}

static void add_total(struct text *into, const struct card *card, const struct telling *telling,
		      int64_t best)
{
	mp_autotext struct text words = {0};
	mp_autotext struct text meaning = {0};

	text_init(&words, 0);
	text_init(&meaning, 0);
	text_addf(&words, "%s ", card->exercise->id);
	report_add_result(&words, card);
	add_meaning(&meaning, card, telling);
	text_addf(&words, "%s%s.", meaning.length ? ": " : "", text_get(&meaning));
	if (best >= 0) {
		text_add_char(&words, ' ');
		word_add(&words, WORD_BEST, NUMBER(best));
	}
	push_sentence(into, "", text_get(&words));
}

/* Why there are no checks: "hello-api: not graded. This machine failed, not your work: ..." */
static bool add_unchecked(struct text *into, const struct card *card)
{
	mp_autotext struct text words = {0};
	mp_autotext struct text why = {0};

	text_init(&words, 0);
	text_init(&why, 0);
	if (!report_why_unchecked(card, &why))
		return false;
	text_addf(&words, "%s: ", card->exercise->id);
	report_add_result(&words, card);
	text_addf(&words, ". %s", text_get(&why));
	push_sentence(into, "", text_get(&words));
	return true;
}

void push_card(struct text *into, const struct card *card, int64_t best)
{
	mp_autoarena struct arena *arena = arena_new();
	struct telling telling;

	if (add_unchecked(into, card))
		return;
	story_tell(card, AUDIENCE_LEARNER, arena, &telling);
	add_unasked(into, card, &telling);
	add_stories(into, &telling);
	add_hint(into, &telling);
	text_add_char(into, '\n');
	add_total(into, card, &telling, best);
}

void push_brief(struct text *into, const struct card *card, int64_t best)
{
	mp_autoarena struct arena *arena = arena_new();
	struct telling telling;

	if (add_unchecked(into, card))
		return;
	story_tell(card, AUDIENCE_LEARNER, arena, &telling);
	add_total(into, card, &telling, best);
}

void push_milestone(struct text *into, const struct milestone_line *line)
{
	mp_autotext struct text words = {0};

	text_init(&words, 0);
	if (line->is_reached)
		word_add(&words, WORD_MILESTONE_REACHED, NUMBER(line->number));
	else
		word_add(&words, WORD_MILESTONE_PASSED, NUMBER(line->number), NUMBER(line->passed),
			 NUMBER(line->required));
	push_sentence(into, "", text_get(&words));
}
