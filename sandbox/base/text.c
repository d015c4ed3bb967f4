/* SPDX-License-Identifier: MIT */
/* Bounded text. */
#include "sandbox/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_DEFAULT = 16 << 20, CAPACITY_FIRST = 64 };

void text_init(struct text *text, size_t limit)
{
	*text = (struct text){.limit = limit ? limit : LIMIT_DEFAULT};
}

void text_done(struct text *text)
{
	if (!text)
		return;
	free(text->data);
	*text = (struct text){.limit = text->limit};
}

void text_clear(struct text *text)
{
	text->length = 0;
	text->is_cut = false;
	if (text->data)
		text->data[0] = '\0';
}

/* Make room for COUNT more bytes and the NUL; says how many of them may be added. */
static size_t text_reserve(struct text *text, size_t count)
{
	size_t room = (text->limit ? text->limit : LIMIT_DEFAULT) - text->length;
	size_t wanted;
	char *grown;

	/* What comes behind a cut is dropped too: a shorter piece must not land in its place. */
	if (text->is_cut)
		return 0;
	if (count > room) {
		count = room;
		text->is_cut = true;
	}
	wanted = text->length + count + 1;
	if (wanted <= text->capacity)
		return count;
	if (wanted < text->capacity * 2)
		wanted = text->capacity * 2;
	if (wanted < CAPACITY_FIRST)
		wanted = CAPACITY_FIRST;
	grown = realloc(text->data, wanted);
	if (!grown) {
		text->is_cut = true;
		return 0;
	}
	text->data = grown;
	text->capacity = wanted;
	return count;
}

/* FITTING of the bytes fit: fewer, so that no character of UTF-8 is cut in two. */
static size_t whole_characters(const char *bytes, size_t fitting)
{
	size_t back = 0;

	while (back < 3 && back < fitting && ((unsigned char)bytes[fitting - back] & 0xc0) == 0x80)
		back++;
	return fitting - back;
}

void text_add_bytes(struct text *text, const void *bytes, size_t count)
{
	size_t fitting = text_reserve(text, count);

	if (!text->data)
		return;
	count = fitting < count ? whole_characters(bytes, fitting) : count;
	if (count > 0)
		memcpy(text->data + text->length, bytes, count);
	text->length += count;
	text->data[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void text_add_char(struct text *text, char c)
{
	text_add_bytes(text, &c, 1);
}

void text_vaddf(struct text *text, const char *format, va_list args)
{
	char small[512];
	char *large = NULL;
	va_list again;
	int count;

	va_copy(again, args);
	count = vsnprintf(small, sizeof(small), format, args);
	if (count >= (int)sizeof(small) && vasprintf(&large, format, again) >= 0)
		text_add_bytes(text, large, (size_t)count);
	else if (count >= 0 && count < (int)sizeof(small))
		text_add_bytes(text, small, (size_t)count);
	else
		text->is_cut = true;
	va_end(again);
	free(large);
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vaddf(text, format, args);
	va_end(args);
}

const char *text_get(const struct text *text)
{
	return text->data ? text->data : "";
}

char *text_take(struct text *text)
{
	char *taken;

	text_add_bytes(text, "", 0);
	taken = text->data;
	*text = (struct text){.limit = text->limit};
	return taken;
}

/* The code point of LENGTH bytes, the first of which says LENGTH. */
static uint32_t utf8_point(const char *bytes, size_t length)
{
	uint32_t point = (unsigned char)bytes[0] & (length == 1 ? 0x7fU : 0x7fU >> length);

	for (size_t i = 1; i < length; i++)
		point = point << 6 | ((unsigned char)bytes[i] & 0x3f);
	return point;
}

size_t text_utf8_length(const char *bytes, size_t count)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = count ? (unsigned char)bytes[0] : 0xff;
	uint32_t point;
	size_t length;

	if (first < 0x80)
		return 1;
	length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4 || length > count)
		return 0;
	for (size_t i = 1; i < length; i++)
		if (((unsigned char)bytes[i] & 0xc0) != 0x80)
			return 0;
	point = utf8_point(bytes, length);
	if (point < smallest[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	return length;
}

/* Characters that change how a line looks: C1 controls, separators, the marks of direction and of byte order. */
static bool is_disguise(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {{0x80, 0x9f},	{0x61c, 0x61c},	  {0x200e, 0x200f},
		      {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff}};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

void text_add_visible(struct text *text, const char *bytes, size_t count, size_t most)
{
	size_t shown = count < most ? count : most;
	size_t i = 0;

	while (i < shown) {
		size_t length = text_utf8_length(bytes + i, count - i);
		unsigned char c = (unsigned char)bytes[i];

		if (c == '\n')
			text_add(text, "\\n");
		else if (c == '\t')
			text_add(text, "\\t");
		else if (c == '\r')
			text_add(text, "\\r");
		else if (length == 0 || c < 0x20 || c == 0x7f)
			text_addf(text, "\\x%02x", c);
		else if (is_disguise(utf8_point(bytes + i, length)))
			text_addf(text, "\\u%04x", (unsigned int)utf8_point(bytes + i, length));
		else
			text_add_bytes(text, bytes + i, length);
		i += length ? length : 1;
	}
	if (count > i)
		text_add(text, "...");
}
