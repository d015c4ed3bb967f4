/* SPDX-License-Identifier: MIT */
/*
 * The scorecard: points, lines, validity. No repository, time, peak, trust or host in it: same commit,
 * exercise and seed, same bytes. What was measured stands apart, in struct run_info.
 */
#ifndef GRADER_MODEL_SCORECARD_H
#define GRADER_MODEL_SCORECARD_H

#include "grader/model/exercise.h"
#include "grader/model/outcome.h"

enum status {
	STATUS_PASSED,
	STATUS_MASTERED,
	STATUS_NEEDS_WORK,
	STATUS_NOT_STARTED,
	STATUS_NOT_GRADED,
	STATUS_COUNT,
};
extern const char
	*const status_words[]; /* "passed" "mastered" "needs-work" "not-started" "not-graded" */

/* One exercise of the scorecard. Pointers are borrowed from the exercise and the run's arena. */
struct card {
	const struct exercise *exercise;
	uint64_t seed;
	const struct outcome
		*outcomes; /* exercise->check_count of them; NULL when not started or not graded */
	int64_t score;	   /* 0-100 */
	int64_t counted;   /* what counts for the milestone */
	enum status status;
	const char *not_graded;	 /* why, and what to do: a sentence; NULL unless not graded */
	bool is_package_missing; /* not graded because a language or module is not on this machine */
	const char *commit;	 /* 40 hex, borrowed */
	const char
		*input_key; /* hex: what "unchanged" means (grade_input_key()); NULL: not known */
	const char *folder; /* "exercises/hello-api" in the learner's repository */

	/* Measured or of this host: shown by text and html, in json only under `run`. */
	const char *runtime; /* "python3.11", as the head line shows it; NULL: none */
	int64_t wall_ms;
	const char *service_output; /* the last lines the service said, visible form; NULL: none */
	bool is_untouched;	    /* the starter as it was given */
};

/* One milestone of the road, from exercises/milestones.yaml and the cards. */
struct milestone_line {
	int number;
	const char *title;
	int passed;	     /* required exercises passed */
	int required;	     /* required exercises in all */
	int published;	     /* of those, the ones that can be graded today */
	int percent;	     /* progress over the published required ones */
	int elective_points; /* earned in electives */
	bool is_reached;     /* all required ones are passed */
};

enum { MILESTONES = 9 };

struct scorecard {
	char commit[41]; /* 40 hex; "worktree" for files that are not committed */
	struct card *cards;
	size_t card_count;
	struct milestone_line milestones[MILESTONES];
	int64_t earned; /* points, of the selected exercises */
	int64_t possible;
};

/* What was measured, and where: never part of the canonical scorecard. */
struct run_info {
	const char *repository; /* as it was given */
	const char *trust;	/* "own", "foreign" */
	const char *kernel;
	const char *
		packs; /* the curated modules that programs could use: "node 3f2a90c1", by its lock file; NULL: none */
	const char *missing_layers; /* blank-separated; "" when whole */
	int64_t wall_ms;
	const char *const *
		notes; /* sentences about the submission: links left out, ... NULL-terminated; NULL: none */
	const char *started_at; /* RFC 3339, UTC */
};

/* Who reads: hidden checks give learners title, verdict and rule only. */
enum audience { AUDIENCE_LEARNER, AUDIENCE_INSTRUCTOR };

#endif
