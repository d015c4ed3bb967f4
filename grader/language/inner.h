/* SPDX-License-Identifier: MIT */
/* What the files of this room share. */
#ifndef GRADER_LANGUAGE_INNER_H
#define GRADER_LANGUAGE_INNER_H

#include "grader/language/language.h"

enum { PLACES_MAX = 9 };

/* An English sentence, and what it is in this language. */
struct sentence {
	const char *english; /* with %s and %d */
	const char *words;   /* with %1 to %9 */
};

struct word_text {
	const char *key, *words;
};

struct language {
	struct arena *arena; /* owned */
	const struct language_name *name;
	struct sentence *sentences;
	size_t sentence_count;
	struct word_text *words;
	size_t word_count;
};

/* A part of a text that stands in a place. */
struct place {
	const char *bytes;
	size_t count;
};

/* Number of places of an English sentence, -1 when it is none: a conversion but %s and %d, two places
 * side by side, more than 9, or no letters but places. */
int sentence_places(const char *english);

/* Is TEXT this sentence? RET_PLACES gets what stands in its places. */
bool sentence_fits(const char *english, const char *text, struct place ret_places[PLACES_MAX]);

/* Places %1 to %9 of WORDS as a set of bits, bit 0 for %1. */
unsigned words_places(const char *words);

/* The first place that stands in WORDS a second time, 1 to 9; 0: none. */
int words_place_twice(const char *words);

#endif
