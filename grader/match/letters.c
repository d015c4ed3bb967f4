/* SPDX-License-Identifier: MIT */
/* Letters outside ASCII that were harmed on their way: read in another encoding, or lost. */
#include <string.h>

#include "grader/match/inner.h"

/* Where Windows-1252 differs from Latin-1: the code points of its bytes 0x80 to 0x9f; 0: none. Source: WHATWG. */
static const uint16_t windows_letters[32] = {
	0x20ac, 0,	0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0,	0x017d, 0,	0,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,	0x017e, 0x0178,
};

/* The code point of the first LENGTH bytes, which text_utf8_length() found to be a letter. */
static uint32_t letter_at(const char *bytes, size_t length)
{
	static const unsigned char lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t letter = (unsigned char)bytes[0] & lead_bits[length];

	for (size_t i = 1; i < length; i++)
		letter = letter << 6 | ((unsigned char)bytes[i] & 0x3f);
	return letter;
}

/* The byte that Latin-1 or Windows-1252 has for LETTER, or -1. */
static int byte_of_letter(uint32_t letter)
{
	for (int i = 0; i < 32; i++) {
		if (windows_letters[i] == letter && letter > 0)
			return 0x80 + i;
	}
	return letter < 0x100 ? (int)letter : -1;
}

/* Are the letters of GOT, each as a byte, the bytes of WANTED? */
static bool was_read_as_latin(const char *wanted, const char *got)
{
	bool has_wide = false;

	while (*got && *wanted) {
		size_t length = text_utf8_length(got, strlen(got));
		int byte = length ? byte_of_letter(letter_at(got, length)) : -1;

		if (byte != (unsigned char)*wanted)
			return false;
		has_wide = has_wide || byte >= 0x80;
		got += length;
		wanted++;
	}
	return has_wide && !*got && !*wanted;
}

/* Past the letters outside ASCII; past the marks that stand for lost ones. */
static const char *skip_wide(const char *text)
{
	while ((unsigned char)*text >= 0x80)
		text++;
	return text;
}

static const char *skip_marks(const char *text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t length = sizeof(replacement) - 1;

	while (*text == '?' || strncmp(text, replacement, length) == 0)
		text += *text == '?' ? 1 : length;
	return text;
}

/* Is GOT as WANTED, but for question marks where that has letters outside ASCII? */
static bool was_lost(const char *wanted, const char *got)
{
	bool is_lost = false;

	while (*wanted && *got) {
		const char *wanted_end = skip_wide(wanted);
		size_t same = (size_t)(wanted_end - wanted);

		if (same > 0 && strncmp(wanted, got, same) != 0) {
			const char *got_end = skip_marks(got);

			if (got_end == got)
				return false;
			is_lost = true;
			wanted = wanted_end;
			got = got_end;
		} else if (same > 0) {
			wanted += same;
			got += same;
		} else if (*wanted++ != *got++) {
			return false;
		}
	}
	return is_lost && !*wanted && !*got;
}

const char *letters_slip(const char *wanted, const char *got)
{
	if (was_read_as_latin(wanted, got))
		return "These are bytes of UTF-8 that were read as Latin-1 or Windows-1252: say UTF-8 wherever "
		       "your code turns bytes into text.";
	if (was_lost(wanted, got))
		return "Letters outside ASCII were lost, and question marks stand in their place: say UTF-8 "
		       "wherever your code reads or writes text.";
	return NULL;
}
