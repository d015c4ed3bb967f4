/* SPDX-License-Identifier: MIT */
/* The kinds of words: how each draws one value. */
#ifndef GRADER_MATCH_KINDS_H
#define GRADER_MATCH_KINDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "grader/match/rng.h"

/* The range of a word, in the unit of its kind: the number itself, days, or ms since 1970. */
struct kind_range {
	int64_t low, high;
};

/* What a kind needs to draw one value. */
struct word_draw {
	struct rng rng;
	struct kind_range range;
	int64_t length;	  /* characters; 0: not said */
	const json_t *of; /* borrowed; NULL: not said */
	size_t index;	  /* which of COUNT; the first ones are the edge cases */
	size_t count;
	bool is_alone;	   /* not part of a list: draw something typical */
	bool is_first_try; /* false: what was drawn for this index was there already */
};

struct word_kind {
	const char *name;
	json_t *(*draw)(struct word_draw *draw); /* a new reference */
};

/* The row of NAME; NULL for `sum`, which draws nothing itself, and for what is no kind. */
const struct word_kind *word_kind_find(const char *name);

/* Read from and to of the word VALUE, with the kind's defaults. A sentence when they are not of its form. */
const char *kind_range_read(const char *kind, const json_t *value, struct kind_range *ret_range);

#endif
