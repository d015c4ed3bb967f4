/* SPDX-License-Identifier: MIT */
/* The language of people that a command speaks: the learner's, or the one that --language names. */
#ifndef GRADER_CMD_SPEAK_H
#define GRADER_CMD_SPEAK_H

#include "grader/cmd/command.h"
#include "grader/language/language.h"
#include "grader/manifest/manifest.h"

#define OPTION_LANGUAGE(STRUCT)                                                                     \
	{                                                                                           \
		"language", FIELD_TEXT, offsetof(struct STRUCT, language), 1, 20,                   \
			"the language of the feedback: en, hi (default: feedback in learner.yaml)", \
			NULL, false                                                                 \
	}

/*
 * Open the language: GIVEN, what --language says, else `feedback` in the learner.yaml below TOP_FD (-1: no
 * repository), with the common catalogue of the folder EXERCISES. RET_LANGUAGE is NULL for English, and for a
 * learner's language that has no catalogue yet; freed by the caller. One that was GIVEN must be there.
 */
MP_MUST_CHECK int speak_open(const char *exercises, const char *given, int top_fd,
			     struct language **ret_language, struct mp_error *err);

/* Add what EXERCISE says in LANGUAGE; both may be NULL. */
MP_MUST_CHECK int speak_exercise(struct language *language, const struct exercise *exercise,
				 struct mp_error *err);

/* Add to LIST what is wrong in the catalogues of EXERCISE; NULL: in the common ones of the folder EXERCISES. */
MP_MUST_CHECK int speak_lint(const char *exercises, const struct exercise *exercise,
			     struct complaint_list *list, struct mp_error *err);

#endif
