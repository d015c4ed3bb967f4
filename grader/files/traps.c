/* SPDX-License-Identifier: MIT */
/*
 * What Windows makes of a small text file: each trap is a row. A row mends the text; when that is enough,
 * its sentence explains the failure. The rows work on what those before them have mended, because one file
 * may sit in several: PowerShell's > writes UTF-16 with a mark and CRLF.
 */
#include <string.h>

#include "grader/files/inner.h"
#include "sandbox/base/cleanup.h"

/* Each gives FROM mended in INTO and true, or false when there is nothing to mend. */

static void add_code_point(struct text *into, unsigned int c)
{
	if (c < 0x80) {
		text_add_char(into, (char)c);
	} else if (c < 0x800) {
		text_add_char(into, (char)(0xc0 | c >> 6));
		text_add_char(into, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		text_add_char(into, (char)(0xe0 | c >> 12));
		text_add_char(into, (char)(0x80 | (c >> 6 & 0x3f)));
		text_add_char(into, (char)(0x80 | (c & 0x3f)));
	} else {
		text_add_char(into, (char)(0xf0 | c >> 18));
		text_add_char(into, (char)(0x80 | (c >> 12 & 0x3f)));
		text_add_char(into, (char)(0x80 | (c >> 6 & 0x3f)));
		text_add_char(into, (char)(0x80 | (c & 0x3f)));
	}
}

static unsigned int unit_at(const char *from, size_t i, bool is_big)
{
	unsigned int first = (unsigned char)from[i], second = (unsigned char)from[i + 1];

	return is_big ? first << 8 | second : second << 8 | first;
}

static bool mend_utf16(const char *from, size_t count, struct text *into)
{
	bool is_big = count >= 2 && memcmp(from, "\xfe\xff", 2) == 0;
	bool is_little = count >= 2 && memcmp(from, "\xff\xfe", 2) == 0;

	if (!is_big && !is_little)
		return false;
	for (size_t i = 2; i + 1 < count; i += 2) {
		unsigned int unit = unit_at(from, i, is_big);
		unsigned int next = i + 3 < count ? unit_at(from, i + 2, is_big) : 0;

		if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
			unit = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
			i += 2;
		}
		add_code_point(into, unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit);
	}
	return true;
}

static bool mend_mark(const char *from, size_t count, struct text *into)
{
	if (count < 3 || memcmp(from, "\xef\xbb\xbf", 3) != 0)
		return false;
	text_add_bytes(into, from + 3, count - 3);
	return true;
}

static bool mend_crlf(const char *from, size_t count, struct text *into)
{
	bool is_mended = false;

	for (size_t i = 0; i < count; i++) {
		if (from[i] == '\r' && i + 1 < count && from[i + 1] == '\n')
			is_mended = true;
		else
			text_add_char(into, from[i]);
	}
	return is_mended;
}

static bool mend_end(const char *from, size_t count, struct text *into)
{
	if (count == 0 || from[count - 1] == '\n')
		return false;
	text_add_bytes(into, from, count);
	text_add_char(into, '\n');
	return true;
}

static bool mend_blanks(const char *from, size_t count, struct text *into)
{
	size_t start = 0, end = count;

	while (start < end && strchr(" \t\r\n", from[start]))
		start++;
	while (end > start && strchr(" \t\r\n", from[end - 1]))
		end--;
	if (start == 0 && end + 1 == count && from[end] == '\n')
		return false;
	text_add_bytes(into, from + start, end - start);
	text_add_char(into, '\n');
	return true;
}

static const struct {
	bool (*mend)(const char *from, size_t count, struct text *into);
	bool is_always_told; /* also when more than this is wrong: nothing reads such a file right */
	const char *say;
} traps[] = {
	{mend_utf16, true,
	 "The file is UTF-16, as PowerShell's > writes it. Save it as UTF-8: in an editor, or "
	 "with Set-Content -Encoding ascii."},
	{mend_mark, true,
	 "The file begins with an invisible byte-order mark. Save it as 'UTF-8', not as 'UTF-8 "
	 "with BOM'."},
	{mend_crlf, false,
	 "Its lines end in CRLF, as Windows writes them. Choose LF as the line end in your editor."},
	{mend_end, false, "The last line has no line end: press Enter once behind it, and save."},
	{mend_blanks, false, "Only blanks or empty lines around the text are too many."},
};

static bool holds(const struct judging *judging, const char *part, const json_t *pattern,
		  const struct text *text)
{
	const char *why = NULL;
	json_t *value = file_part(part, text_get(text), text->length, judging->run->arena, &why);
	bool is_right = value && match_holds(pattern, value, judging->run->names);

	json_decref(value);
	return is_right;
}

const char *file_trap(const struct judging *judging, const char *part, const json_t *pattern)
{
	mp_autotext struct text text = {0};
	const char *say = NULL;
	bool is_certain = false;

	text_init(&text, 4UL * FILE_BYTES_MAX);
	text_add_bytes(&text, judging->bytes, judging->count);
	for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
		mp_autotext struct text mended = {0};

		text_init(&mended, 4UL * FILE_BYTES_MAX);
		if (!traps[i].mend(text_get(&text), text.length, &mended))
			continue;
		is_certain = is_certain || (!say && traps[i].is_always_told);
		if (!say)
			say = traps[i].say;
		text_clear(&text);
		text_add_bytes(&text, text_get(&mended), mended.length);
		if (holds(judging, part, pattern, &text))
			return say;
	}
	return is_certain ? say : NULL;
}
