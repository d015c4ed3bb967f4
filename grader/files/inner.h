/* SPDX-License-Identifier: MIT */
/* What the files of the probe share. */
#ifndef GRADER_FILES_INNER_H
#define GRADER_FILES_INNER_H

#include <jansson.h>

#include "grader/files/files.h"
#include "grader/intake/submission.h"
#include "grader/match/match.h"
#include "grader/model/probe.h"
#include "grader/tree/tree.h"
#include "sandbox/base/text.h"

enum { FILE_BYTES_MAX = 1 << 20 };

/* One step while it is judged. */
struct judging {
	struct probe_run *run;
	const struct step *step;
	const char *path; /* of the file, from the top of the tree */
	const char *bytes;
	size_t count;
	json_t *parts; /* owned by the caller */
	struct mismatches told;
	const char *say;
	bool is_unread; /* it is not what it should be at all: the later steps would say the same */
};

void files_mismatch(struct judging *judging, const char *path, const char *wanted, const char *got);

/* Judge the step `file`, `tree`. Errors: ours. */
MP_MUST_CHECK int judge_file(struct judging *judging, struct mp_error *err);
MP_MUST_CHECK int judge_tree(struct judging *judging, struct mp_error *err);

/* Is PATTERN one that `largest` takes? */
bool largest_examine(const json_t *pattern);

/* Add the largest file, as far as STEP looks at it, as part of an input key. */
void tree_add_largest(const struct submission *submission, const struct step *step,
		      struct text *into);

/*
 * One part of a file as a value, a new reference; NULL: it cannot be read so, and RET_WHY says where and
 * why. WHY lies in ARENA.
 */
json_t *file_part(const char *part, const char *bytes, size_t count, struct arena *arena,
		  const char **ret_why);

/* The general near miss of a file whose PART should be as PATTERN, or NULL. */
const char *file_trap(const struct judging *judging, const char *part, const json_t *pattern);

#endif
