/* SPDX-License-Identifier: MIT */
/* docs/exercise-format.md: the frame, and between its parts every table that the loader reads by. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "grader/manifest/frame.h"
#include "grader/manifest/manifest.h"
#include "grader/manifest/tables.h"
#include "grader/match/match.h"

enum { FORM_BYTES = 256 };

/* A cell: a bar would end it. */
static void add_cell(struct text *into, const char *cell)
{
	for (; *cell; cell++) {
		if (*cell == '|')
			text_add_char(into, '\\');
		text_add_char(into, *cell);
	}
}

/* "list, 1-20 names", "text, 1-60 characters": shorter than the sentences of complaints. */
static void add_form(struct text *into, const struct field *row)
{
	char form[FORM_BYTES];
	bool is_list = row->type == FIELD_NAMES || row->type == FIELD_TEXTS;

	field_form(row, form, sizeof(form));
	if (row->type == FIELD_WORD) {
		for (size_t i = 0; row->words[i]; i++)
			text_addf(into, "%s`%s`", i ? " " : "", row->words[i]);
		return;
	}
	add_cell(into, row->type == FIELD_NODE ? "below" : form);
	if (is_list && row->high > 0)
		text_addf(into, ", %lld-%lld", (long long)row->low, (long long)row->high);
}

static void add_rows(struct text *into, const struct field *rows, size_t count)
{
	text_add(into, "| key | form | meaning |\n|---|---|---|\n");
	for (size_t i = 0; i < count; i++) {
		text_addf(into, "| `%s`%s | ", rows[i].name,
			  rows[i].is_required ? " (required)" : "");
		add_form(into, &rows[i]);
		text_add(into, " | ");
		add_cell(into, rows[i].help);
		text_add(into, " |\n");
	}
}

/* A map below the exercise as a section of its own. */
static void add_section(struct text *into, const char *key, const struct table *table)
{
	text_addf(into, "\n### `%s`\n\n", key);
	if (*table->intro)
		text_addf(into, "%s\n\n", table->intro);
	add_rows(into, table->rows, table->count);
}

/* --- limits ---------------------------------------------------------------------------------------- */

static void add_amount(struct text *into, const struct field *row, const struct limits *limits)
{
	struct field only = *row;
	char form[FORM_BYTES];
	int64_t value;

	memcpy(&value, (const char *)limits + row->offset, sizeof(value));
	only.low = value;
	only.high = value;
	field_form(&only, form, sizeof(form));
	/* "duration 60s-60s": what stands behind the hyphen. */
	text_addf(into, " %s |", strrchr(form, '-') ? strrchr(form, '-') + 1 : form);
}

/* The defaults of each life cycle, one column each, and the kinds that have it. */
static void add_defaults(struct text *into)
{
	static const char *const lives[] = {"static", "one-shot", "service"};
	const struct limits *limits[3] = {NULL, NULL, NULL};

	text_add(into, "\nBy default:\n\n| limit |");
	for (size_t i = 0; i < 3; i++) {
		text_add(into, " ");
		for (size_t j = 0; j < kind_count; j++) {
			if (strcmp(kind_rows[j].life, lives[i]) != 0)
				continue;
			text_addf(into, "%s`%s`", limits[i] ? " " : "", kind_rows[j].name);
			limits[i] = &kind_rows[j].limits;
		}
		text_add(into, " |");
		assert(limits[i]);
	}
	text_add(into, "\n|---|---|---|---|\n");
	for (size_t i = 0; i < limits_table.count; i++) {
		text_addf(into, "| `%s` |", limits_table.rows[i].name);
		for (size_t j = 0; j < 3; j++)
			add_amount(into, &limits_table.rows[i], limits[j]);
		text_add(into, "\n");
	}
}

/* --- probes ---------------------------------------------------------------------------------------- */

static const char *const form_words[] = {
	[VERB_PATH] = "path, or `$(name)`",
	[VERB_REQUEST] = "METHOD path",
	[VERB_HEALTH] = "`health`",
	[VERB_DURATION] = "duration",
	[VERB_WORD] = "",
	[VERB_ARGS] = "list of texts",
	[VERB_TEXT] = "text",
};

static void add_words(struct text *into, const char *const *words, const char *leave_out)
{
	bool is_first = true;

	for (size_t i = 0; words && words[i]; i++) {
		if (leave_out && strcmp(words[i], leave_out) == 0)
			continue;
		text_addf(into, "%s`%s`", is_first ? "" : " ", words[i]);
		is_first = false;
	}
}

static bool is_same_row(const struct verb *a, const struct verb *b)
{
	return a->form == b->form && a->words == b->words && a->keys == b->keys &&
	       a->parts == b->parts;
}

/* COUNT verbs with the same form, keys and parts share a row: they differ in name and help. */
static void add_verbs(struct text *into, const struct verb *verbs, size_t count)
{
	text_add(into, "|");
	for (size_t i = 0; i < count; i++)
		text_addf(into, " `%s`", verbs[i].name);
	text_addf(into, ": %s", form_words[verbs->form]);
	if (verbs->form == VERB_WORD)
		add_words(into, verbs->words, NULL);
	text_add(into, " | ");
	for (size_t i = 0; i < count; i++) {
		text_add(into, i ? "; " : "");
		add_cell(into, verbs[i].help);
	}
	text_add(into, " | ");
	add_words(into, verbs->keys, "expect");
	text_add(into, " | ");
	add_words(into, verbs->parts, NULL);
	text_add(into, " |\n");
}

static void add_probe(struct text *into, const struct probe_kind *probe)
{
	text_addf(into, "\n### Probe `%s`\n\n", probe->name);
	text_add(
		into,
		"| verb: value | what it does | further keys | parts that `expect` may name |\n|---|---|---|---|\n");
	for (size_t i = 0; i < probe->verb_count;) {
		size_t count = 1;

		while (i + count < probe->verb_count &&
		       is_same_row(&probe->verbs[i], &probe->verbs[i + count]))
			count++;
		add_verbs(into, &probe->verbs[i], count);
		i += count;
	}
	if (probe->field_count == 0)
		return;
	text_add(into, "\n");
	add_rows(into, probe->fields, probe->field_count);
}

/* --- patterns and words ---------------------------------------------------------------------------- */

static void add_patterns(struct text *into)
{
	text_add(into, frame_patterns);
	for (size_t i = 0; i < pattern_word_count; i++) {
		const struct pattern_word *word = &pattern_words[i];

		text_addf(into, "| `%s%s%s` | ", word->takes_value ? "{" : "", word->name,
			  word->takes_value ? ": x}" : "");
		add_cell(into, word->help);
		text_add(into, " |\n");
	}
	text_add(into, frame_after_patterns);
}

static void add_names(struct text *into)
{
	text_add(into, frame_names);
	add_words(into, word_keys, NULL);
	text_add(into, ".\nThe kinds are ");
	add_words(into, word_kinds, NULL);
	text_add(into, ". Every edge case\nof a kind is in every seed.\n");
	text_add(into, frame_after_names);
}

static void add_exercise(struct text *into)
{
	static const struct {
		const char *key;
		const struct table *table;
	} sections[] = {
		{"deliver", &deliver_table},
		{"entry", &entry_table},
		{"limits", &limits_table},
		{"health", &health_table},
		{"stages", &stage_table},
		{"known_bad", &known_bad_table},
		{"pass", &pass_table},
		{"manual", &manual_table},
		{"provenance", &provenance_table},
	};

	text_add(into, frame_exercise);
	add_rows(into, exercise_table.rows, exercise_table.count);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		add_section(into, sections[i].key, sections[i].table);
		if (sections[i].table == &limits_table)
			add_defaults(into);
	}
	text_add(into, frame_check);
	add_rows(into, check_table.rows, check_table.count);
}

int manifest_print_format(const struct probe_kind *const *probes, struct text *into,
			  struct mp_error *err)
{
	text_add(into, frame_head);
	text_add(into, frame_yaml);
	add_exercise(into);
	text_add(into, frame_steps);
	for (size_t i = 0; probes && probes[i]; i++)
		add_probe(into, probes[i]);
	text_add(into, frame_parts);
	add_patterns(into);
	add_names(into);
	text_add(into, frame_program);
	text_add(into, frame_complaints);
	text_add(into, frame_extend);
	return into->is_cut ? mp_fail(err, MP_FAULT_HOST, -ENOMEM, "printing the exercise format")
			    : 0;
}
