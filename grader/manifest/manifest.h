/* SPDX-License-Identifier: MIT */
/* The manifest: exercise.yaml and milestones.yaml into structs, every mistake in one pass. */
#ifndef GRADER_MANIFEST_MANIFEST_H
#define GRADER_MANIFEST_MANIFEST_H

#include <milepost/error.h>

#include "grader/model/exercise.h"
#include "grader/model/probe.h"
#include "grader/model/scorecard.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/text.h"

struct road_entry {
	const char *id;
	const char *title;
	int milestone;
	int64_t order, points;
	enum duty duty;
	const char *one_of;
};

struct road_milestone {
	int number;
	const char *title;
	int64_t required_points; /* of its required exercises, one of each group */
	int64_t elective_points; /* electives count up to this */
};

/* The road: exercises/milestones.yaml, and which of its exercises are there as folders. */
struct road {
	struct arena *arena; /* owned */
	const char *folder;  /* absolute path of exercises/ */
	struct road_milestone milestones[MILESTONES];
	struct road_entry *entries; /* sorted by order */
	size_t entry_count;
	const char **published; /* ids with a folder, sorted by order of the road */
	size_t published_count;
};

/* A duty as the files write it: "required", "one-of NAME". Static, or in ARENA. */
const char *duty_words(struct arena *arena, enum duty duty, const char *group);

/* Complaints, one line each: "exercises/5/hello-api/exercise.yaml:15:29: limits.start: ...". */
struct complaint_list {
	struct text text; /* owned: complaint_list_done() */
	size_t error_count, warning_count;
};
void complaint_list_done(struct complaint_list *list);

/* Load the road. Errors: MP_FAULT_CONTENT, complaints in LIST (may be NULL). */
MP_MUST_CHECK int road_load(const char *exercises, struct road **ret_road,
			    struct complaint_list *list, struct mp_error *err);
struct road *road_free(struct road *road);

/* The entry of an id, or NULL; the nearest id for a slip, or NULL. */
const struct road_entry *road_find(const struct road *road, const char *id);
const char *road_nearest(const struct road *road, const char *id);

/*
 * Published ids that may be meant by WORD, at most MOST into RET_IDS: those that begin with it; if there are none,
 * those that contain it; then those that it contains, as "exercises/hello-api/" does. Returns how many there
 * are, which may be more than MOST. None for a word of fewer than 3 letters.
 */
size_t road_alike(const struct road *road, const char *word, const char **ret_ids, size_t most);

/*
 * Load exercise ID of the road. All mistakes of the file are put into LIST in one pass, sorted by position;
 * then the return is -EBADMSG with MP_FAULT_CONTENT and the first mistake in ERR.
 */
MP_MUST_CHECK int exercise_load(const struct road *road, const char *id,
				const struct probe_kind *const *probes,
				struct exercise **ret_exercise, struct complaint_list *list,
				struct mp_error *err);
struct exercise *exercise_free(struct exercise *exercise);

/* Warnings that only `lint` gives: unproven checks, ... added to LIST. */
MP_MUST_CHECK int exercise_lint(const struct road *road, const struct exercise *exercise,
				const struct probe_kind *const *probes, struct complaint_list *list,
				struct mp_error *err);

/* docs/exercise-format.md, printed from the field tables of the manifest, the probes and match. */
MP_MUST_CHECK int manifest_print_format(const struct probe_kind *const *probes, struct text *into,
					struct mp_error *err);

#endif
