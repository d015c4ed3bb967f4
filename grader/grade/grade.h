/* SPDX-License-Identifier: MIT */
/* Grade: one exercise of one submission, asked check by check; outcomes, no points. */
#ifndef GRADER_GRADE_GRADE_H
#define GRADER_GRADE_GRADE_H

#include <milepost/error.h>

#include "grader/model/exercise.h"
#include "grader/model/probe.h"
#include "grader/model/scorecard.h"

struct mp_launcher;

/* Every probe of this program, NULL-terminated. One row a probe. */
extern const struct probe_kind *const grade_probes[];

struct bench_store;
struct submission;

struct grade_request {
	struct mp_launcher *launcher;
	const struct exercise *exercise;
	const char *tree; /* absolute path of the learner's tree as a folder of ours */
	int tree_fd;
	struct submission
		*submission; /* grader/intake/submission.h; NULL: only the tree is known */
	const char *folder;  /* the exercise's folder in it: "exercises/hello-api", or "." */
	const char *start;   /* --start "COMMAND" in place of the file's; NULL: none */
	uint64_t seed;
	const bool *may_miss; /* MP_LAYER_COUNT of them */
	struct arena *arena;  /* for the outcomes */
	const char *packs;    /* folder of the built packs; NULL: none */
	struct bench_store *
		store; /* grader/bench/store.h, when one exercise is graded again and again; NULL: none */
	void (*progress)(void *context, const struct check *check,
			 const struct outcome *outcome); /* may be NULL */
	void *progress_context;
	/* The service is ready for the first time, by COMMAND, so long after it was started; may be NULL. */
	void (*ready)(void *context, const char *command, int64_t after_ms);
};

/*
 * Run every check of the exercise: gates first, then in the order of the file; `after`, repeat, retry,
 * isolation, limits. Fills RET_CARD's outcomes and measured parts; score_card() does the points. A
 * folder that is missing or empty leaves outcomes NULL: not started.
 * An error of ours or the host's makes RET_CARD->not_graded a sentence and returns 0; a negative return
 * is only for what cannot be said in a card (no memory).
 */
MP_MUST_CHECK int grade_exercise(const struct grade_request *request, struct card *ret_card,
				 struct mp_error *err);

/* Whether no check asks for a program: then nothing of the learner's is started. */
bool exercise_is_static(const struct exercise *exercise);

enum { INPUT_KEY_HEX = 65 };

/*
 * What "unchanged" means (docs/scoring.md), in hex: the object ids of the exercise's FOLDER, of what else it
 * wants delivered, of milepost.yaml and learner.yaml; what its steps read beyond those, as a branch's authors;
 * the exercise's hash, the version of grading, and of the curated modules below PACKS (NULL: none) of the
 * program's language. Same key and seed: same outcomes, but for what is measured.
 */
MP_MUST_CHECK int grade_input_key(const struct exercise *exercise, struct submission *submission,
				  const char *folder, const char *packs,
				  char ret_hex[INPUT_KEY_HEX], struct mp_error *err);

/*
 * The curated modules of PACK below the folder PACKS (NULL: none), by the hash of their lock file: eight hex
 * digits in ARENA; NULL when none were built.
 */
struct pack;
const char *grade_pack_version(const struct pack *pack, const char *packs, struct arena *arena);

/* Does a check measure time or memory? Then no earlier score answers for the exercise. */
bool exercise_is_timed(const struct exercise *exercise);

/* The seed of an exercise when none is given: a keyed hash of exercise hash and input key (docs/scoring.md). */
uint64_t grade_seed(const char *exercise_hash, const char *input_key, const char *site_key);

#endif
