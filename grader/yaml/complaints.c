/* SPDX-License-Identifier: MIT */
/* The list of mistakes: sentences with places, made safe to show, sorted when printed. */
#include <stdlib.h>
#include <string.h>

#include "grader/yaml/yaml.h"

enum { SENTENCE_BYTES = 900 };

void yaml_complaints_init(struct yaml_complaints *list, const char *name)
{
	*list = (struct yaml_complaints){.arena = arena_new(), .name = name};
}

void yaml_complaints_done(struct yaml_complaints *list)
{
	if (!list)
		return;
	list->arena = arena_free(list->arena);
	*list = (struct yaml_complaints){.name = list->name};
}

/* The same mistake of one place is told once: a shared pattern may be read by many steps. */
static bool is_told(const struct yaml_complaints *list, int line, int column, const char *sentence)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct yaml_complaint *item = &list->items[i];

		if (item->line == line && item->column == column &&
		    strcmp(item->text, sentence) == 0)
			return true;
	}
	return false;
}

static void complaints_add(struct yaml_complaints *list, int line, int column, bool is_warning,
			   const char *format, va_list args) MP_PRINTF(5, 0);
static void complaints_add(struct yaml_complaints *list, int line, int column, bool is_warning,
			   const char *format, va_list args)
{
	mp_autotext struct text raw = {0};
	mp_autotext struct text shown = {0};
	struct yaml_complaint *added;

	text_init(&raw, 0);
	text_init(&shown, 0);
	text_vaddf(&raw, format, args);
	text_add_visible(&shown, text_get(&raw), raw.length, SENTENCE_BYTES);
	if (is_told(list, line, column, text_get(&shown)))
		return;
	if (is_warning)
		list->warning_count++;
	else
		list->error_count++;
	if (list->count >= YAML_COMPLAINTS_MAX)
		return;
	added = arena_push(list->arena, &list->items, &list->count, sizeof(*added));
	*added = (struct yaml_complaint){line, column, is_warning,
					 arena_text(list->arena, text_get(&shown))};
}

void yaml_vcomplain(struct yaml_complaints *list, int line, int column, const char *format,
		    va_list args)
{
	complaints_add(list, line, column, false, format, args);
}

void yaml_complain(struct yaml_complaints *list, int line, int column, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complaints_add(list, line, column, false, format, args);
	va_end(args);
}

void yaml_warn(struct yaml_complaints *list, int line, int column, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complaints_add(list, line, column, true, format, args);
	va_end(args);
}

/* Two complaints of one place keep the order in which they were made: they lie in one array. */
static int compare_places(const void *a, const void *b)
{
	const struct yaml_complaint *first = *(const struct yaml_complaint *const *)a;
	const struct yaml_complaint *second = *(const struct yaml_complaint *const *)b;

	if (first->line != second->line)
		return first->line < second->line ? -1 : 1;
	if (first->column != second->column)
		return first->column < second->column ? -1 : 1;
	return first < second ? -1 : first > second;
}

void yaml_complaints_print(struct yaml_complaints *list, struct text *text)
{
	const struct yaml_complaint *sorted[YAML_COMPLAINTS_MAX];
	size_t left_out = list->error_count + list->warning_count - list->count;

	for (size_t i = 0; i < list->count; i++)
		sorted[i] = &list->items[i];
	qsort(sorted, list->count, sizeof(*sorted), compare_places);
	for (size_t i = 0; i < list->count; i++)
		text_addf(text, "%s:%d:%d: %s%s\n", list->name, sorted[i]->line, sorted[i]->column,
			  sorted[i]->is_warning ? "warning: " : "", sorted[i]->text);
	if (left_out > 0)
		text_addf(text, "%s: and %zu more\n", list->name, left_out);
}
