/* SPDX-License-Identifier: MIT */
/*
 * A language of people: what a learner reads, in words of their own.
 *
 * Everything is made in English first and stays so: outcomes, causes, titles. A language is asked at
 * the very end, by the reports. It knows English sentences with places (%s any text, %d a number)
 * and says them with the places filled in (%1 to %9). What it does not know stays English, so that
 * nothing is ever lost. Texts come from two catalogues: exercises/text/CODE/messages.yaml for what
 * belongs to no exercise, text/CODE/messages.yaml in each exercise's folder for its own.
 */
#ifndef GRADER_LANGUAGE_LANGUAGE_H
#define GRADER_LANGUAGE_LANGUAGE_H

#include <stdbool.h>

#include "grader/model/exercise.h"
#include "grader/yaml/yaml.h"

/* What learner.yaml may say under `feedback`, with names; NULL-terminated. The first is English. */
struct language_name {
	const char *code;
	const char *name; /* in the language itself */
};
extern const struct language_name language_names[];

/* The row of CODE, or NULL. */
const struct language_name *language_find(const char *code);

/* The code under `feedback` in the learner.yaml below TOP_FD; "en" when it says none that is known. */
const char *language_of_learner(int top_fd);
/* The same from the bytes of learner.yaml. */
const char *language_of_bytes(const char *bytes, size_t count);

struct language;

/* A language of language_names without texts. */
struct language *language_new(const struct language_name *name);

/* Free it and every text it gave. Accepts NULL; returns NULL. */
struct language *language_free(struct language *language);

const struct language_name *language_name_of(const struct language *language);

/* The English text of a report's word by its key, or NULL: the report's own table. */
typedef const char *language_word_fn(const char *key);

/*
 * Add the catalogue at text/CODE/messages.yaml: of the folder of exercises, or of one exercise, whose
 * English texts decide what may stand in it. Mistakes go to LIST, each with its place: unknown keys,
 * places missing or too many; what is still English is a warning. Sound entries are kept all the same.
 * Returns 0; -ENOENT when there is no such file; another negative errno when it cannot be read.
 */
MP_MUST_CHECK int language_add_common(struct language *language, int exercises_fd,
				      language_word_fn *english, struct yaml_complaints *list);
MP_MUST_CHECK int language_add_exercise(struct language *language, const struct exercise *exercise,
					struct yaml_complaints *list);

/* The same from bytes. EXERCISE NULL: the common one, whose words ENGLISH knows. */
void language_add_bytes(struct language *language, const char *bytes, size_t count,
			const struct exercise *exercise, language_word_fn *english,
			struct yaml_complaints *list);

/* The text under a report's key, NULL when there is none. Owned by the language. */
const char *language_word(const struct language *language, const char *key);

/*
 * ENGLISH in this language: a sentence that is known, else line by line what is known. ENGLISH itself
 * when nothing of it is; NULL for NULL. Owned by the language otherwise.
 */
const char *language_say(struct language *language, const char *english);

#endif
