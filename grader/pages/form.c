/* SPDX-License-Identifier: MIT */
/* Pure: what browsers send. Whatever is not as it must be counts as not there. */
#include <string.h>
#include <strings.h>

#include "grader/pages/inner.h"

static bool is_path_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

bool path_split(const char *path, struct arena *arena, struct path_words *ret_words)
{
	const char *at = path;

	ret_words->count = 0;
	if (*at != '/' || strlen(path) > PAGE_PATH_MAX)
		return false;
	while (*at == '/' && at[1]) {
		const char *start = ++at;

		while (is_path_byte(*at))
			at++;
		/* A name of dots alone is a step, not a name. */
		if (at == start || *start == '.' || ret_words->count == PATH_WORDS_MAX)
			return false;
		ret_words->items[ret_words->count++] =
			arena_bytes(arena, start, (size_t)(at - start));
	}
	return *at == '\0' || (ret_words->count == 0 && at[1] == '\0');
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* COUNT bytes of a form without their coding; NULL: they are none. */
static const char *form_decode(const char *bytes, size_t count, struct arena *arena)
{
	char *decoded = arena_alloc(arena, count + 1, 1);
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		int value = bytes[i] == '+' ? ' ' : (unsigned char)bytes[i];

		if (bytes[i] == '%') {
			int high = i + 2 < count ? hex_digit(bytes[i + 1]) : -1;
			int low = i + 2 < count ? hex_digit(bytes[i + 2]) : -1;

			if (high < 0 || low < 0)
				return NULL;
			value = high * 16 + low;
			i += 2;
		}
		if (value < ' ' || value == 0x7f)
			return NULL;
		decoded[length++] = (char)value;
	}
	return decoded;
}

const char *form_value(const char *form, const char *name, struct arena *arena)
{
	size_t length = strlen(name);

	if (!form || strlen(form) > PAGE_BODY_MAX)
		return NULL;
	for (const char *at = form;; at++) {
		size_t count = strcspn(at, "&");

		if (count > length && strncmp(at, name, length) == 0 && at[length] == '=')
			return form_decode(at + length + 1, count - length - 1, arena);
		at += count;
		if (!*at)
			return NULL;
	}
}

const char *cookie_value(const char *cookies, const char *name, struct arena *arena)
{
	size_t length = strlen(name);

	for (const char *at = cookies; at && *at;) {
		size_t count;

		at += strspn(at, "; ");
		count = strcspn(at, ";");
		if (count > length && strncmp(at, name, length) == 0 && at[length] == '=')
			return arena_bytes(arena, at + length + 1, count - length - 1);
		at += count;
	}
	return NULL;
}

/* Thousandths that "q=0.8" behind a language says; 1000 where nothing does. */
static int weight_of(const char *at, size_t count)
{
	const char *q = memchr(at, ';', count);
	int weight = 0;
	int unit = 1000;

	if (!q)
		return unit;
	for (q++; q < at + count && *q != '='; q++)
		;
	for (q++; q < at + count && unit > 0 && *q != ' '; q++) {
		if (*q == '.')
			continue;
		if (*q < '0' || *q > '9')
			return 0;
		weight += (*q - '0') * unit;
		unit /= 10;
	}
	return weight > 1000 ? 1000 : weight;
}

const char *languages_choose(const char *accept)
{
	const char *best = language_names[0].code;
	int best_weight = 0;

	for (const char *at = accept; at && *at;) {
		size_t count;

		at += strspn(at, ", ");
		count = strcspn(at, ",");
		for (const struct language_name *row = language_names; row->code; row++) {
			size_t length = strlen(row->code);
			int weight = weight_of(at, count);

			if (count < length || strncasecmp(at, row->code, length) != 0 ||
			    (count > length && !strchr("-; ", at[length])) || weight <= best_weight)
				continue;
			best = row->code;
			best_weight = weight;
		}
		at += count;
	}
	return best;
}

int64_t number_read(const char *text)
{
	int64_t number = 0;

	if (!*text || strlen(text) > 15)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		number = number * 10 + (*text - '0');
	}
	return number;
}
