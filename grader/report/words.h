/* SPDX-License-Identifier: MIT */
/*
 * The report's own words, each under a key: what a catalogue of another language translates. Texts
 * of an exercise (titles, rules, hints) are not here: they come with the exercise.
 */
#ifndef GRADER_REPORT_WORDS_H
#define GRADER_REPORT_WORDS_H

#include <stdint.h>

#include "grader/language/language.h"
#include "sandbox/base/text.h"

enum word {
	WORD_ADVICE_BELOW,
	WORD_ALSO_THERE,
	WORD_AND,
	WORD_AND_MORE,
	WORD_AND_MORE_REQUESTS,
	WORD_BEST,
	WORD_CAPPED,
	WORD_CATEGORY,
	WORD_CHECKS,
	WORD_COMMIT,
	WORD_CORE_MARK,
	WORD_COUNTED,
	WORD_EACH_MUST_PASS,
	WORD_ELECTIVE,
	WORD_ELECTIVES,
	WORD_ENOUGH,
	WORD_ENOUGH_AND_CORE,
	WORD_ENOUGH_BUT_CORE,
	WORD_FAIL,
	WORD_FAULT,
	WORD_FOR_ONE_REASON,
	WORD_GOT,
	WORD_HIDDEN_MARK,
	WORD_HIDDEN,
	WORD_HINT,
	WORD_KEPT,
	WORD_KEPT_ONE,
	WORD_LATER,
	WORD_LIMIT,
	WORD_MASTERED,
	WORD_MEND,
	WORD_MILESTONE_PASSED,
	WORD_MILESTONE_REACHED,
	WORD_MILESTONES,
	WORD_MORE_ON_PAGE,
	WORD_MORE_STORIES,
	WORD_MISSING_LAYERS,
	WORD_MORE_CHECKS,
	WORD_MORE_CHECKS_ONE,
	WORD_MUST_PASS,
	WORD_MUST_PASS_QUOTED,
	WORD_NEEDS_GATE,
	WORD_NEEDS_PROGRAM,
	WORD_NEEDS_SERVICE,
	WORD_NEEDS_WORK,
	WORD_NEXT,
	WORD_NOTE,
	WORD_NOTHING_HERE,
	WORD_NOT_GRADED,
	WORD_NOT_GRADED_CALM,
	WORD_NOT_RUN,
	WORD_NOT_STARTED,
	WORD_NO_FOLDER,
	WORD_OF_100,
	WORD_OF_100_ALONE,
	WORD_OK,
	WORD_ONE_OF,
	WORD_ONE_REASON,
	WORD_PART,
	WORD_PASSED,
	WORD_POINTS,
	WORD_POINTS_OF,
	WORD_PUBLISHED,
	WORD_REACHED,
	WORD_READY_AFTER,
	WORD_REPEAT,
	WORD_REQUIRED,
	WORD_REQUIRED_PASSED,
	WORD_ROAD,
	WORD_ROAD_PICTURE,
	WORD_SEED,
	WORD_SEE_ROAD,
	WORD_SERVICE_SAID,
	WORD_SKIP,
	WORD_START,
	WORD_TIP,
	WORD_TITLE,
	WORD_TO_COME,
	WORD_TOTAL,
	WORD_UNDER_WAY,
	WORD_UNTOUCHED,
	WORD_WAITS,
	WORD_WANTED,
	WORD_WORK_TREE,
	WORD_NOT_YET,
	WORD_COUNT,
};

/* The key of WORD, "report.one-reason": stable, for catalogues. */
const char *word_key(enum word word);

/* The English text of a key, or NULL. */
const char *word_english(const char *key);

/*
 * Speak LANGUAGE from now on, NULL for English; returns what was spoken before. report_write() does it
 * for the time of one report.
 */
struct language *words_speak(struct language *language);

/* An English text of an exercise or a probe in the language that is spoken; ENGLISH where it is not known. */
const char *words_say(const char *english);

/* The code of the language that is spoken: "en". */
const char *words_code(void);

/* Its text in the language that is spoken; one with places (%1) is for word_add. Never NULL. */
const char *word_text(enum word word);

/* Add its text with %1 to %9 replaced by the items of ARGS, a NULL-terminated list. */
void word_add_list(struct text *into, enum word word, const char *const *args);
#define word_add(INTO, WORD, ...)                                                                  \
	word_add_list((INTO), (WORD), (const char *const[]){__VA_ARGS__, NULL})

/* VALUE in digits, in BUFFER, which is returned. */
enum { NUMBER_BYTES = 24 };
const char *word_number(char buffer[NUMBER_BYTES], int64_t value);
#define NUMBER(VALUE) word_number((char[NUMBER_BYTES]){0}, (VALUE))

/* The same for a seed, which has no sign. */
const char *word_seed(char buffer[NUMBER_BYTES], uint64_t seed);
#define SEED(VALUE) word_seed((char[NUMBER_BYTES]){0}, (VALUE))

#endif
