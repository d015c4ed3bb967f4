/* SPDX-License-Identifier: MIT */
/*
 * Patterns, names, words: pure functions on JSON values. No clock but the one passed in, no I/O.
 *
 * Source of the grammar: docs/exercise-format.md, sections on patterns and names.
 */
#ifndef GRADER_MATCH_MATCH_H
#define GRADER_MATCH_MATCH_H

#include <jansson.h>
#include <milepost/error.h>
#include <stdbool.h>
#include <stdint.h>

#include "grader/model/exercise.h"
#include "grader/model/outcome.h"
#include "sandbox/base/arena.h"

/* One word of the pattern language, for the manifest's complaints, the matcher and the printed manual. */
struct pattern_word {
	const char *name; /* "$integer", "$contains" */
	bool takes_value; /* {$contains: x}; false: a bare word */
	const char *help; /* "holds when the part is ..." */
};
extern const struct pattern_word pattern_words[];
extern const size_t pattern_word_count;

/* The row of NAME, or NULL; and the nearest row's name for a slip, or NULL. */
const struct pattern_word *pattern_word_find(const char *name);
const char *pattern_word_nearest(const char *name);

/*
 * Is PATTERN well formed? On -EBADMSG ERR holds a sentence, and RET_AT the JSON path of the slip inside the
 * pattern ("" the whole, "json.error.$lenght" otherwise) in caller's storage. RET_AT may be NULL.
 */
MP_MUST_CHECK int pattern_examine(const json_t *pattern, char *ret_at, size_t size,
				  struct mp_error *err);

/* Every slip of PATTERN, one call each: its path as RET_AT above, and the sentence. */
typedef void slip_fn(void *context, const char *at, const char *sentence);
void pattern_examine_all(const json_t *pattern, slip_fn *tell, void *context);

/*
 * Is VALUE a free value, as a request sends it? A pattern in it is refused: RET_AT and ERR as above.
 */
MP_MUST_CHECK int free_value_examine(const json_t *value, char *ret_at, size_t size,
				     struct mp_error *err);

/* jansson's iterators take no const: for reading only. */
static inline json_t *json_readable(const json_t *value)
{
	return (json_t *)(uintptr_t)value;
}

/* --- names ---------------------------------------------------------------------------------------- */

/* Names and their values: words drawn from the seed, what was saved, now.s and now.ms. */
struct names;

/*
 * Draw the words of an exercise from SEED. Every named edge case is in every seed. NOW_MS is the
 * grader's clock (ms since 1970) that $(now.ms) and $recent use. RET_NAMES is owned by the caller.
 */
MP_MUST_CHECK int names_new(const json_t *words, uint64_t seed, struct names **ret_names,
			    struct mp_error *err);
struct names *names_free(struct names *names);

enum { NAME_SIZE = 32 };

/*
 * The next $(name) of TEXT from *POSITION on: its name in RET_NAME, *POSITION behind it. False: none is left.
 * "$$(" is no name; what stands in $( ) and is no name is skipped. For complaints about names nobody knows.
 */
bool names_scan(const char *text, size_t *position, char ret_name[NAME_SIZE]);

/* The value of NAME, borrowed; NULL when it is not known. A word with a count gives its list. */
const json_t *names_get(const struct names *names, const char *name);

/* Set a saved name (takes a reference of VALUE). -EEXIST when it is set already. */
MP_MUST_CHECK int names_set(struct names *names, const char *name, const json_t *value);

/* How many elements the word NAME has: its count; 0 when it has none or is not known. */
size_t names_count(const struct names *names, const char *name);

/* Forget what was saved, keep the words: between checks. */
void names_forget_saved(struct names *names);

/* The grader's clock for $(now.s), $(now.ms), $recent; set it before each step is sent. */
void names_set_now(struct names *names, int64_t now_ms);

/* In a burst: the element of words with a count that $(name) means now; -1: no burst. */
void names_set_element(struct names *names, int index);

/*
 * Replace $(names) in a free value: "$(a)" alone keeps the value's type, inside other text its text is
 * put in; $$ begins a real dollar. RET_VALUE is a new reference.
 * Errors: -ENOENT a name that is not known (saved by a step that failed): ERR names it.
 */
MP_MUST_CHECK int names_fill(const struct names *names, const json_t *value, json_t **ret_value,
			     struct mp_error *err);

/* The same for one text (a path): what a name puts in is percent-encoded when ENCODE. Freed by the caller. */
MP_MUST_CHECK int names_fill_text(const struct names *names, const char *text, bool encode,
				  char **ret_text, struct mp_error *err);

/* Is NAME a kind of word ("name", "paise", "sum")? NULL-terminated list for complaints. */
extern const char *const word_kinds[];

/* What the keys of a word are, NULL-terminated: kind, count, from, to, length, of. */
extern const char *const word_keys[];

/* Check one entry of `words`; -EBADMSG with a sentence. */
MP_MUST_CHECK int word_examine(const char *name, const json_t *value, const json_t *all_words,
			       struct mp_error *err);

/* --- matching ------------------------------------------------------------------------------------- */

/* The mismatches of one or more parts, in ARENA. */
struct mismatches {
	struct arena *arena; /* borrowed; set by the caller */
	struct mismatch *items;
	size_t count;
};

/*
 * Match GOT (NULL: the part is not there) with PATTERN; every mismatch is added with its path below PATH
 * ("json" -> "json.error.code"), wanted and got in words. Returns true when it holds.
 * Regular expressions run under a match limit; one that exceeds it does not hold, and says so.
 */
bool match_part(const char *path, const json_t *pattern, const json_t *got,
		const struct names *names, struct mismatches *into);

/* The same without words: does it hold? */
bool match_holds(const json_t *pattern, const json_t *got, const struct names *names);

/* A pattern in words: "an object with error.code and error.message", "a text that contains GET", "200". In ARENA. */
const char *match_describe(const json_t *pattern, const struct names *names, struct arena *arena);

/* A value as a learner sees it, at most MOST characters: 5, "text", {"a": 1, ...}. In ARENA. */
const char *match_show(const json_t *value, size_t most, struct arena *arena);

/* The value at a dotted path ("items.0.id", "" the value itself), borrowed; NULL when not there. */
const json_t *json_at(const json_t *value, const char *path);

/*
 * The near misses that need no words in the exercise: other key for the same value (user_id / userId),
 * same text in another case, text for a number, seconds for milliseconds. A sentence in ARENA, or NULL.
 */
const char *match_general_near_miss(const json_t *pattern, const json_t *got,
				    const struct names *names, struct arena *arena);

/* What the first near miss of STEP that fits PARTS (an object of parts) says, or NULL. */
const char *match_near_miss(const struct step *step, const json_t *parts,
			    const struct names *names);

/* Bytes of a file or a stream as JSON text: what is no UTF-8 becomes U+FFFD. A new reference. */
json_t *match_text_of_bytes(const char *bytes, size_t count);

/*
 * `save`: {name: path} or {name: {from: part, matches: re}}: PARTS is the answer as an object of parts.
 * Errors: -ENOENT there is nothing to save: ERR says which part is missing.
 */
MP_MUST_CHECK int names_save(struct names *names, const json_t *save, const json_t *parts,
			     struct mp_error *err);

#endif
