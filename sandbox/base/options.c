/* SPDX-License-Identifier: MIT */
/* Command lines by field tables. */
#include "sandbox/base/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { OPTIONS_MAX = 64, HELP_COLUMN = 28, HELP_WIDTH = 80 };

static void list_add(struct text_list *list, const char *item, struct arena *arena)
{
	const char **place = arena_push(arena, &list->items, &list->count, sizeof(*place));

	*place = item;
}

/* WORD as it was written: with one dash or two, perhaps with a value behind "=". */
static int options_unknown(const struct field *table, size_t count, const char *word,
			   struct mp_error *err)
{
	int length = (int)strcspn(word, "=");
	char name[64];
	const char *near;

	length = length < 62 ? length : 62;
	(void)snprintf(name, sizeof(name), "%.*s", length, word);
	near = nearest_field(name + strspn(name, "-"), table, count);
	if (near)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "unknown option '%s'; did you mean '--%s'?", name, near);
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "unknown option '%s'", name);
}

/* Set row INDEX from VALUE, or from the next word; says how many further words were taken. */
static int option_set(const struct field *table, size_t index, void *base, const char *value,
		      struct arena *arena, struct mp_error *err)
{
	const struct field *row = &table[index];
	int ret;

	if (row->type == FIELD_TEXTS || row->type == FIELD_NAMES) {
		list_add((struct text_list *)(void *)((char *)base + row->offset), value, arena);
		return 0;
	}
	ret = field_set(table, index, base, value, err);
	if (ret < 0 && err) {
		err->fault = MP_FAULT_USAGE;
		return mp_wrap(err, "--%s", row->name);
	}
	return ret;
}

int options_read(const struct field *table, size_t count, void *base, const char *const *argv,
		 struct text_list *ret_words, struct arena *arena, struct mp_error *err)
{
	bool is_seen[OPTIONS_MAX] = {false};
	bool is_over = false;

	*ret_words = (struct text_list){0};
	for (int i = 0; argv[i]; i++) {
		const char *word = argv[i];
		const char *equals = strchr(word, '=');
		char name[64];
		const char *value = NULL;
		int index;
		int ret;

		if (is_over || strncmp(word, "--", 2) != 0) {
			if (!is_over && word[0] == '-' && word[1])
				return options_unknown(table, count, word, err);
			list_add(ret_words, word, arena);
			continue;
		}
		if (strcmp(word, "--") == 0) {
			is_over = true;
			continue;
		}
		(void)snprintf(name, sizeof(name), "%.*s", equals ? (int)(equals - word - 2) : 60,
			       word + 2);
		index = field_find(table, count, name);
		if (index < 0)
			return options_unknown(table, count, word, err);
		if (table[index].type == FIELD_BOOL && equals)
			return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "--%s takes no value", name);
		if (table[index].type == FIELD_BOOL)
			value = "true";
		else
			value = equals ? equals + 1 : argv[++i];
		if (!value)
			return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "--%s needs a value: %s",
				       name, table[index].help);
		if (is_seen[index] && table[index].type != FIELD_TEXTS &&
		    table[index].type != FIELD_NAMES)
			return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "--%s is given twice", name);
		is_seen[index] = true;
		ret = option_set(table, (size_t)index, base, value, arena, err);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* What stands behind the option's name in help. */
static const char *option_value_word(const struct field *row)
{
	static const char *const words[] = {
		[FIELD_TEXT] = "TEXT",	   [FIELD_NAME] = "NAME",     [FIELD_COUNT] = "N",
		[FIELD_MSEC] = "TIME",	   [FIELD_BYTES] = "SIZE",    [FIELD_PERCENT] = "N%",
		[FIELD_FACTOR] = "Nx",	   [FIELD_BOOL] = "",	      [FIELD_WORD] = "WORD",
		[FIELD_NAMES] = "NAME...", [FIELD_TEXTS] = "TEXT...",
	};

	return (size_t)row->type < sizeof(words) / sizeof(words[0]) && words[row->type]
		       ? words[row->type]
		       : "";
}

/* Add HELP wrapped between HELP_COLUMN and HELP_WIDTH. */
static void help_add(struct text *into, const char *help)
{
	size_t column = HELP_COLUMN;

	while (*help) {
		size_t length = strcspn(help, " ");

		if (column + length + 1 > HELP_WIDTH && column > HELP_COLUMN) {
			text_addf(into, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		}
		if (column > HELP_COLUMN) {
			text_add_char(into, ' ');
			column++;
		}
		text_add_bytes(into, help, length);
		column += length;
		help += length + strspn(help + length, " ");
	}
	text_add_char(into, '\n');
}

void options_print(const struct field *table, size_t count, struct text *into)
{
	for (size_t i = 0; i < count; i++) {
		char left[96];

		if (!table[i].help)
			continue;
		(void)snprintf(left, sizeof(left), "  --%s %s", table[i].name,
			       option_value_word(&table[i]));
		text_addf(into, "%-*s", HELP_COLUMN - 1, left);
		text_add(into, strlen(left) >= HELP_COLUMN - 1 ? "\n" : " ");
		if (strlen(left) >= HELP_COLUMN - 1)
			text_addf(into, "%*s", HELP_COLUMN, "");
		help_add(into, table[i].help);
	}
}

void options_quote_manual(struct text *into, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\*_#.~", *text))
			text_add_char(into, '\\');
		text_add_char(into, *text);
	}
}

void options_manual(const struct field *table, size_t count, struct text *into)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = option_value_word(&table[i]);

		if (!table[i].help)
			continue;
		text_addf(into, "*--%s*", table[i].name);
		if (*value) {
			text_add(into, " _");
			options_quote_manual(into, value);
			text_add_char(into, '_');
		}
		text_add(into, "\n\t");
		options_quote_manual(into, table[i].help);
		text_add(into, "\n\n");
	}
}

void options_names(const struct field *table, size_t count, struct text *into)
{
	for (size_t i = 0; i < count; i++) {
		if (table[i].help)
			text_addf(into, "%s--%s", into->length ? " " : "", table[i].name);
	}
}
