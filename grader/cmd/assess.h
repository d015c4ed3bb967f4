/* SPDX-License-Identifier: MIT */
/* Assess: a repository and a choice of exercises become a scorecard. What check and grade share. */
#ifndef GRADER_CMD_ASSESS_H
#define GRADER_CMD_ASSESS_H

#include "grader/cmd/command.h"
#include "grader/intake/intake.h"
#include "grader/manifest/manifest.h"
#include "grader/model/scorecard.h"

struct known;
struct known_score;
struct stream;

struct assess_request {
	const char *exercises; /* folder of exercises, absolute */
	const char *packs;     /* folder of the built packs; NULL: none */
	const char *repository;
	const char *revision;		    /* NULL: HEAD */
	const struct intake_access *access; /* NULL: what everybody may read */
	bool is_worktree;
	const struct text_list *ids; /* none: every exercise whose folder is there */
	const char *folder;	     /* --folder: where the program lies; NULL: exercises/ID */
	const char *start;	     /* --start; NULL: none */
	const char *seed;	     /* digits; NULL: from the files */
	const char *trust;	     /* the word */
	const char *site_key;	     /* text that seeds are drawn with; NULL: the one of a desk */
	const struct known *known;   /* earlier scores; NULL: none, and everything is graded */
	const char *language;	     /* --language; NULL: the learner's */
	struct stream *stream;	     /* is told what happens; NULL: none */
	const char *const
		*written; /* files of reports, so that they can still be written; NULL-terminated */
};

/* Owns everything; freed by assessment_close(), which removes the work folder. */
struct assessment {
	struct road *road;
	struct submission *submission;
	struct exercise **exercises; /* owned: of the cards, and those that are kept */
	size_t exercise_count;
	/* What --known answered: without a card. Borrowed; KEPT_IDS are their names. */
	const struct known_score **kept;
	struct text_list closed; /* ids that are there and not open yet */
	const char **kept_ids;
	size_t kept_count;
	struct scorecard scorecard;
	struct run_info run;
};

/*
 * Read, grade, score. Nothing selected is there: scorecard.card_count is 0 and the caller says what to
 * type. Texts lie in the context's arena. Errors as of intake_open() and exercise_load().
 */
MP_MUST_CHECK int assess(struct context *context, const struct assess_request *request,
			 struct assessment *ret_assessment, struct mp_error *err);
void assessment_close(struct assessment *assessment);

/* The milestones, earned and possible points that the cards of SCORECARD come to on ROAD. */
void assess_road(const struct road *road, struct scorecard *scorecard);

/*
 * The layers this host lacks, as words; "" when whole. One that may not be missed, by context_trust(), is
 * an error with its remedy. TRUST is the word.
 */
MP_MUST_CHECK int look_at_host(struct context *context, const char *trust, const char **ret_missing,
			       struct mp_error *err);

/* Load an exercise; its complaints go to standard error in one pass. */
MP_MUST_CHECK int load_exercise(const struct road *road, const char *id,
				struct exercise **ret_exercise, struct mp_error *err);

/* Load the road; complaints go to standard error. */
MP_MUST_CHECK int load_road(const char *exercises, struct road **ret_road, struct mp_error *err);

/* Load a published exercise by the id a user typed; unknown ones get the nearest. */
MP_MUST_CHECK int find_exercise(const struct road *road, const char *id,
				struct exercise **ret_exercise, struct mp_error *err);

/* An unknown id, with the nearest one. */
int unknown_exercise(const struct road *road, const char *id, struct mp_error *err);

/* "exercises/hello-api". */
const char *learner_folder(struct arena *arena, const char *id);

/* A seed as typed: digits up to 2^64-1. */
MP_MUST_CHECK int parse_seed(const char *text, uint64_t *ret_seed, struct mp_error *err);

#endif
