/* SPDX-License-Identifier: MIT */
/* What the files of this room share among themselves. */
#ifndef GRADER_MATCH_INNER_H
#define GRADER_MATCH_INNER_H

#include "grader/match/match.h"
#include "grader/match/regex.h"
#include "sandbox/base/text.h"

/* Draw WORDS (may be NULL) into INTO; COUNTS gets name and count of those that have one. */
MP_MUST_CHECK int words_draw(const json_t *words, uint64_t seed, json_t *into, json_t *counts,
			     struct mp_error *err);

/* The grader's clock, ms since 1970. */
int64_t names_now(const struct names *names);

/* A regular expression with its names put in literally; its own dollars stay. Freed by the caller. */
MP_MUST_CHECK int names_fill_regex(const struct names *names, const char *text, char **ret_text,
				   struct mp_error *err);

/* Is VALUE equal by the rules of patterns: 5 equals 5.0, never "5"? */
bool value_equal(const json_t *a, const json_t *b);

/* -1, 0, 1 of two numbers, exact also where an integer has no double. */
int number_compare(const json_t *a, const json_t *b);

/* Characters of a valid UTF-8 text. */
size_t text_characters(const char *bytes, size_t count);

/* Bare words: does VALUE have the type or form that WORD ("$integer") names? */
bool form_holds(const char *word, const json_t *value);

/* One matching: INTO is NULL when only the verdict counts. */
struct matching {
	const struct names *names;
	struct mismatches *into;
	struct regex_budget budget;
	int depth;
	bool is_given_up; /* a regular expression met its limit: nobody knows, so nothing may hold by it */
};

/* Does PATTERN hold for GOT, as a part of the matching M? Nothing is told. */
bool matching_holds(struct matching *m, const json_t *pattern, const json_t *got);

/* An operator: does {WORD: ARGUMENT} of MAP hold for GOT, which is there? */
typedef bool operator_fn(struct matching *m, const json_t *map, const json_t *argument,
			 const json_t *got);
operator_fn *operator_find(const char *word);

/* A pattern in words, behind INTO. IS_PLAIN: texts stand without quotes (a header, a type). */
void describe_pattern(const json_t *pattern, const struct names *names, bool is_plain,
		      struct text *into);

/* A value as a learner sees it, behind INTO. */
void show_value(const json_t *value, size_t most, bool is_plain, struct text *into);

/* What was done to the letters of WANTED, where it left GOT, as a sentence; NULL: something else. */
const char *letters_slip(const char *wanted, const char *got);

#endif
