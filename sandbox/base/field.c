/* SPDX-License-Identifier: MIT */
/* Field tables: strict scalars and nearest words. */
#include "sandbox/base/field.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 64 };

struct unit {
	const char *suffix;
	int64_t factor;
};

static const struct unit time_units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {NULL, 0}};
static const struct unit size_units[] = {
	{"K", 1024}, {"M", 1024 * 1024}, {"G", 1024 * 1024 * 1024}, {NULL, 0}};

/* Digits at TEXT; sets RET_END to what follows them. */
static int parse_digits(const char *text, int64_t *ret_value, const char **ret_end)
{
	int64_t value = 0;

	if (*text < '0' || *text > '9')
		return -EBADMSG;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *text - '0', &value))
			return -ERANGE;
	}
	*ret_value = value;
	*ret_end = text;
	return 0;
}

int parse_count(const char *text, int64_t *ret_value)
{
	bool is_negative = *text == '-';
	int64_t value;
	const char *end;
	int ret = parse_digits(text + is_negative, &value, &end);

	if (ret < 0)
		return ret;
	if (*end)
		return -EBADMSG;
	*ret_value = is_negative ? -value : value;
	return 0;
}

static int parse_with_unit(const char *text, const struct unit *units, int64_t *ret_value)
{
	int64_t value;
	const char *end;
	int ret = parse_digits(text, &value, &end);

	if (ret < 0)
		return ret;
	for (const struct unit *unit = units; unit->suffix; unit++) {
		if (strcmp(unit->suffix, end) != 0)
			continue;
		return __builtin_mul_overflow(value, unit->factor, ret_value) ? -ERANGE : 0;
	}
	return -EBADMSG;
}

int parse_msec(const char *text, int64_t *ret_ms)
{
	return parse_with_unit(text, time_units, ret_ms);
}

int parse_bytes(const char *text, int64_t *ret_bytes)
{
	return parse_with_unit(text, size_units, ret_bytes);
}

static int parse_percent(const char *text, int64_t *ret_value)
{
	static const struct unit units[] = {{"%", 1}, {NULL, 0}};

	return parse_with_unit(text, units, ret_value);
}

/* 6x, 1.5x, 1.25x: hundredths. */
static int parse_factor(const char *text, int64_t *ret_value)
{
	int64_t whole;
	int64_t part = 0;
	const char *end;
	int ret = parse_digits(text, &whole, &end);

	if (ret < 0)
		return ret;
	if (*end == '.') {
		const char *start = end + 1;

		ret = parse_digits(start, &part, &end);
		if (ret < 0 || end - start > 2)
			return -EBADMSG;
		if (end - start == 1)
			part *= 10;
	}
	if (strcmp(end, "x") != 0)
		return -EBADMSG;
	if (__builtin_mul_overflow(whole, 100, &whole) ||
	    __builtin_add_overflow(whole, part, ret_value))
		return -ERANGE;
	return 0;
}

/* Characters of TEXT: code points when it is UTF-8, else bytes. */
static int64_t text_characters(const char *text)
{
	int64_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static bool is_name(const char *text)
{
	if (*text < 'a' || *text > 'z')
		return false;
	for (; *text; text++) {
		bool is_good = (*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9') ||
			       *text == '-';

		if (!is_good)
			return false;
	}
	return true;
}

struct scalar_form {
	int (*parse)(const char *text, int64_t *ret_value);
	const char *example; /* what to write when the unit is missing */
	const char *name;
	const char *suffix;
};

static const struct scalar_form scalar_forms[] = {
	[FIELD_COUNT] = {parse_count, NULL, "whole number", ""},
	[FIELD_MSEC] = {parse_msec, "%ss or 500ms", "duration", "ms"},
	[FIELD_BYTES] = {parse_bytes, "%sM or 64K", "size", ""},
	[FIELD_PERCENT] = {parse_percent, "%s%%", "per cent", "%"},
	[FIELD_FACTOR] = {parse_factor, "%sx", "factor", "x"},
};

/* The sentence for a number without its unit, or that is no number at all. */
static int field_bad_number(const struct scalar_form *form, const char *value, struct mp_error *err)
{
	int64_t ignored;

	if (form->example && *value != '-' && parse_count(value, &ignored) == 0) {
		const char *rest = strstr(form->example, "%s") + 2;
		const char *unit = *rest == '%' ? "%" : rest;

		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "'%s' has no unit; write %s%s",
			       value, value, unit);
	}
	return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "'%s' is not a %s", value, form->name);
}

static int field_set_number(const struct field *row, void *base, const char *value,
			    struct mp_error *err)
{
	const struct scalar_form *form = &scalar_forms[row->type];
	char bounds[96];
	int64_t number;
	int ret = form->parse(value, &number);

	if (ret == -EBADMSG)
		return field_bad_number(form, value, err);
	if (ret < 0 || number < row->low || number > row->high) {
		field_form(row, bounds, sizeof(bounds));
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "'%s' is out of range; wanted: %s",
			       value, bounds);
	}
	memcpy((char *)base + row->offset, &number, sizeof(number));
	return 0;
}

static int field_set_text(const struct field *row, void *base, const char *value,
			  struct mp_error *err)
{
	int64_t count = text_characters(value);

	if (row->type == FIELD_NAME && !is_name(value))
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "'%s' is not a name; write a-z, 0-9 and hyphens, a letter first",
			       value);
	if (count < row->low || count > row->high)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "%lld characters; %lld to %lld are allowed", (long long)count,
			       (long long)row->low, (long long)row->high);
	memcpy((char *)base + row->offset, &value, sizeof(value));
	return 0;
}

static int field_set_word(const struct field *row, void *base, const char *value,
			  struct mp_error *err)
{
	const char *near;

	for (int i = 0; row->words[i]; i++) {
		if (strcmp(row->words[i], value) == 0) {
			memcpy((char *)base + row->offset, &i, sizeof(i));
			return 0;
		}
	}
	near = nearest_of(value, row->words);
	if (near)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "'%s' is not known; did you mean '%s'?", value, near);
	(void)mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "'%s' is not known; write one of:", value);
	for (int i = 0; err && row->words[i]; i++) {
		size_t used = strlen(err->text);

		(void)snprintf(err->text + used, sizeof(err->text) - used, " %s", row->words[i]);
	}
	return -EBADMSG;
}

static int field_set_bool(const struct field *row, void *base, const char *value,
			  struct mp_error *err)
{
	bool is_true = strcmp(value, "true") == 0;

	if (!is_true && strcmp(value, "false") != 0)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "'%s' is neither true nor false",
			       value);
	memcpy((char *)base + row->offset, &is_true, sizeof(is_true));
	return 0;
}

int field_set(const struct field *table, size_t index, void *base, const char *value,
	      struct mp_error *err)
{
	const struct field *row = &table[index];

	switch (row->type) {
	case FIELD_TEXT:
	case FIELD_NAME:
		return field_set_text(row, base, value, err);
	case FIELD_COUNT:
	case FIELD_MSEC:
	case FIELD_BYTES:
	case FIELD_PERCENT:
	case FIELD_FACTOR:
		return field_set_number(row, base, value, err);
	case FIELD_BOOL:
		return field_set_bool(row, base, value, err);
	case FIELD_WORD:
		return field_set_word(row, base, value, err);
	default:
		return mp_fail(err, MP_FAULT_BUG, -EINVAL, "field '%s' is not a scalar", row->name);
	}
}

int field_find(const struct field *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(table[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

/* A number in the largest unit that divides it. */
static void field_amount(const struct field *row, int64_t value, char *ret_text, size_t size)
{
	const struct unit *units = row->type == FIELD_MSEC    ? time_units
				   : row->type == FIELD_BYTES ? size_units
							      : NULL;
	const char *suffix = scalar_forms[row->type].suffix;
	int64_t shown = value;

	for (; units && units->suffix && value > 0; units++) {
		if (value % units->factor == 0) {
			shown = value / units->factor;
			suffix = units->suffix;
		}
	}
	if (row->type == FIELD_FACTOR && value % 100 != 0) {
		int digits = value % 10 ? 2 : 1;

		(void)snprintf(ret_text, size, "%lld.%0*lld%s", (long long)(value / 100), digits,
			       (long long)(value % 100 / (digits == 1 ? 10 : 1)), suffix);
		return;
	}
	if (row->type == FIELD_FACTOR)
		shown = value / 100;
	(void)snprintf(ret_text, size, "%lld%s", (long long)shown, suffix);
}

void field_form(const struct field *row, char *ret_text, size_t size)
{
	static const char *const names[] = {
		[FIELD_TEXT] = "text",		 [FIELD_NAME] = "name",
		[FIELD_BOOL] = "true or false",	 [FIELD_NAMES] = "list of names",
		[FIELD_TEXTS] = "list of texts", [FIELD_FREE] = "free value",
		[FIELD_PATTERN] = "pattern",	 [FIELD_PARTS] = "map of parts to patterns",
		[FIELD_NODE] = "see below",
	};
	char low[32];
	char high[32];
	size_t used = 0;

	switch (row->type) {
	case FIELD_COUNT:
	case FIELD_MSEC:
	case FIELD_BYTES:
	case FIELD_PERCENT:
	case FIELD_FACTOR:
		field_amount(row, row->low, low, sizeof(low));
		field_amount(row, row->high, high, sizeof(high));
		(void)snprintf(ret_text, size, "%s %s-%s", scalar_forms[row->type].name, low, high);
		return;
	case FIELD_WORD:
		ret_text[0] = '\0';
		for (int i = 0; row->words[i] && used < size; i++)
			used += (size_t)snprintf(ret_text + used, size - used, "%s%s",
						 i ? ", " : "", row->words[i]);
		return;
	case FIELD_TEXT:
	case FIELD_NAME:
		(void)snprintf(ret_text, size, "%s of %lld-%lld characters", names[row->type],
			       (long long)row->low, (long long)row->high);
		return;
	default:
		(void)snprintf(ret_text, size, "%s", names[row->type]);
	}
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edit distance with swaps of neighbours (optimal string alignment); texts over WORD_MAX are far. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t a_length = strlen(a);
	size_t b_length = strlen(b);

	if (a_length > WORD_MAX || b_length > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *now = rows[i % 3];
		const size_t *last = rows[(i + 2) % 3];
		const size_t *before = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			now[j] = smaller(smaller(last[j] + 1, now[j - 1] + 1),
					 last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = smaller(now[j], before[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

const char *nearest_word(const char *name, size_t count,
			 const char *(*name_at)(const void *context, size_t i), const void *context)
{
	size_t length = strlen(name);
	size_t best = length < 3 ? 1 : (length + 2) / 3;
	const char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *word = name_at(context, i);
		size_t distance = edit_distance(name, word);

		if (distance < best || (!found && distance == best)) {
			best = distance;
			found = word;
		}
	}
	return found;
}

static const char *list_at(const void *context, size_t i)
{
	return ((const char *const *)context)[i];
}

const char *nearest_of(const char *name, const char *const *words)
{
	size_t count = 0;

	while (words[count])
		count++;
	return nearest_word(name, count, list_at, words);
}

static const char *field_at(const void *context, size_t i)
{
	return ((const struct field *)context)[i].name;
}

const char *nearest_field(const char *name, const struct field *table, size_t count)
{
	return nearest_word(name, count, field_at, table);
}
