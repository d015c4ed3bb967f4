/* SPDX-License-Identifier: MIT */
/* The printed manual has every row of every table, and says when it did not fit. */
#include <errno.h>

#include "grader/manifest/tables.h"
#include "grader/match/match.h"
#include "sandbox/base/text.h"
#include "tests/unit/manifest/scene.h"

static void has_word(const char *page, const char *before, const char *word, const char *after)
{
	char wanted[128];

	(void)snprintf(wanted, sizeof(wanted), "%s%s%s", before, word, after);
	OK(strstr(page, wanted) != NULL);
	ROW("%s", wanted);
}

static void every_row_of_every_table_is_printed(void)
{
	static const struct table *const tables[] = {
		&exercise_table, &limits_table, &entry_table,	   &health_table,
		&deliver_table,	 &stage_table,	&known_bad_table,  &pass_table,
		&manual_table,	 &check_table,	&provenance_table, NULL};
	struct mp_error err = {0};
	struct text page;

	text_init(&page, 0);
	IS(manifest_print_format(fake_probes, &page, &err), 0);
	for (size_t i = 0; tables[i]; i++) {
		for (size_t j = 0; j < tables[i]->count; j++)
			has_word(text_get(&page), "\n| `", tables[i]->rows[j].name, "`");
	}
	for (size_t i = 0; fake_probes[i]; i++) {
		for (size_t j = 0; j < fake_probes[i]->verb_count; j++)
			has_word(text_get(&page), " `", fake_probes[i]->verbs[j].name, "`");
		for (size_t j = 0; j < fake_probes[i]->field_count; j++)
			has_word(text_get(&page), "\n| `", fake_probes[i]->fields[j].name, "` | ");
	}
	for (size_t i = 0; i < pattern_word_count; i++)
		has_word(text_get(&page), pattern_words[i].takes_value ? "| `{" : "| `",
			 pattern_words[i].name, pattern_words[i].takes_value ? ": x}` |" : "` |");
	for (size_t i = 0; word_kinds[i]; i++)
		has_word(text_get(&page), "`", word_kinds[i], "`");
	for (size_t i = 0; i < kind_count; i++)
		has_word(text_get(&page), "`", kind_rows[i].name, "`");
	HAS_TEXT(text_get(&page), "| `memory` | 128M | 384M | 384M |\n");
	text_done(&page);
}

static void the_words_of_kind_are_the_rows_of_kinds(void)
{
	const struct field *kind =
		&exercise_table.rows[field_find(exercise_table.rows, exercise_table.count, "kind")];

	for (size_t i = 0; i < kind_count; i++)
		IS_TEXT(kind->words[i], kind_rows[i].name);
	OK(kind->words[kind_count] == NULL);
}

static void a_page_that_does_not_fit_is_an_error(void)
{
	struct mp_error err = {0};
	struct text page;

	text_init(&page, 100);
	IS(manifest_print_format(fake_probes, &page, &err), -ENOMEM);
	text_done(&page);
}

TAP_MAIN(T(every_row_of_every_table_is_printed) T(the_words_of_kind_are_the_rows_of_kinds)
		 T(a_page_that_does_not_fit_is_an_error))
