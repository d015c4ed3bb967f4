/* SPDX-License-Identifier: MIT */
/*
 * English sentences with places: is a finished text one of them, and what stands in its places?
 *
 * This is gettext the other way round: whoever makes a sentence formats it in English and knows no
 * language; here its places are found again by the letters around them.
 */
#include <ctype.h>
#include <string.h>

#include "grader/language/inner.h"

static bool is_place(const char *at)
{
	return at[0] == '%' && (at[1] == 's' || at[1] == 'd');
}

int sentence_places(const char *english)
{
	int count = 0, letters = 0;
	bool is_after_place = false;

	for (const char *at = english; *at; at++) {
		if (is_place(at)) {
			if (is_after_place || ++count > PLACES_MAX)
				return -1;
			is_after_place = true;
			at++;
			continue;
		}
		/* A per cent sign is written as in C, twice. */
		if (*at == '%' && *++at != '%')
			return -1;
		letters += isalpha((unsigned char)*at) != 0;
		is_after_place = false;
	}
	return letters >= 2 ? count : -1;
}

/* The letters of ENGLISH up to the next place; TEXT begins with them: their number in TEXT, else -1. */
static long letters_at(const char **english, const char *text)
{
	const char *at = *english;
	long count = 0;

	for (; *at && !is_place(at); at++, count++) {
		if (text[count] != *at)
			return -1;
		at += *at == '%';
	}
	*english = at;
	return count;
}

/*
 * The end of the quoted text that begins at AT within TEXT; AT when none does. A quote begins one behind a blank, and
 * needs a partner: the start tag of a page has others, and is cut anywhere.
 */
static const char *quoted_end(const char *text, const char *at)
{
	const char *end = at + 1;

	if (*at != '"' || (at > text && at[-1] != ' '))
		return at;
	while (*end && *end != '"')
		end += end[0] == '\\' && end[1] ? 2 : 1;
	return *end ? end : at;
}

/*
 * Where the letters behind a place begin in TEXT: the first place where they stand; the last when the sentence ends
 * with them. What is quoted is one thing: the "and" within "salt and pepper" joins nothing of ours.
 */
static const char *find_letters(const char *english, const char *text)
{
	const char *found = NULL;

	if (!*english)
		return text + strlen(text);
	for (const char *at = text; *at; at++) {
		const char *rest = english;
		long count = letters_at(&rest, at);

		if (count >= 0 && *rest)
			return at;
		if (count >= 0 && at[count] == '\0')
			found = at;
		at = quoted_end(text, at);
	}
	return found;
}

bool sentence_fits(const char *english, const char *text, struct place ret_places[PLACES_MAX])
{
	size_t count = 0;
	long letters = letters_at(&english, text);

	while (letters >= 0 && *english) {
		bool is_number = english[1] == 'd';
		const char *end;

		text += letters;
		english += 2;
		end = is_number ? text + strspn(text, "-0123456789") : find_letters(english, text);
		if (!end || count == PLACES_MAX || (is_number && end == text))
			return false;
		ret_places[count++] = (struct place){text, (size_t)(end - text)};
		text = end;
		letters = letters_at(&english, text);
	}
	return letters >= 0 && text[letters] == '\0';
}

unsigned words_places(const char *words)
{
	unsigned set = 0;

	for (const char *at = strchr(words, '%'); at; at = strchr(at + 1, '%')) {
		if (at[1] >= '1' && at[1] <= '9')
			set |= 1U << (at[1] - '1');
	}
	return set;
}

int words_place_twice(const char *words)
{
	unsigned seen = 0;

	for (const char *at = strchr(words, '%'); at; at = strchr(at + 1, '%')) {
		unsigned bit = at[1] >= '1' && at[1] <= '9' ? 1U << (at[1] - '1') : 0;

		if (seen & bit)
			return at[1] - '0';
		seen |= bit;
	}
	return 0;
}
