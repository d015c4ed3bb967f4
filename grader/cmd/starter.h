/* SPDX-License-Identifier: MIT */
/* Starters: what a learner begins with, and whether it was touched. */
#ifndef GRADER_CMD_STARTER_H
#define GRADER_CMD_STARTER_H

#include <milepost/error.h>
#include <stdbool.h>

#include "grader/model/exercise.h"
#include "sandbox/base/arena.h"

/* The folder below starter/ of an exercise that is the same in every language. */
#define STARTER_OF_ALL "any"

/* Are the files in FOLDER (below TREE_FD) those of one of the exercise's starters (and its task.md), unchanged? */
MP_MUST_CHECK int starter_is_untouched(const struct exercise *exercise, int tree_fd,
				       const char *folder, bool *ret_is_untouched,
				       struct mp_error *err);

/*
 * Copy the regular files below FROM (relative to FROM_FD) to TO (relative to TO_FD), with REPLACE pairs
 * of text to look for and text to put in its place (NULL-terminated; NULL: none) in every file.
 * A file that is there already is an error (-EEXIST): nothing of a learner's is written over.
 */
struct replacement {
	const char *from; /* "{{handle}}"; NULL ends the list */
	const char *to;
};
MP_MUST_CHECK int files_copy(int from_fd, const char *from, int to_fd, const char *to,
			     const struct replacement *replace, struct mp_error *err);

/* Copy the task's text beside the starter: text/CODE/task.md, else the English one -> TO/task.md. */
MP_MUST_CHECK int task_copy(const struct exercise *exercise, const char *code, int to_fd,
			    const char *to, struct mp_error *err);

/* What a template is filled with. */
struct template_words {
	const char *track;
	const char *handle;
	const char *language; /* of the tasks and the feedback; NULL: en, as the template has it */
};

/*
 * Make the folder DIR (not there, or empty) a repository of a learner whose first commit is the template of
 * the track: the same words make the same files, so the same commit, everywhere.
 */
MP_MUST_CHECK int template_repository(struct arena *arena, const char *exercises,
				      const struct template_words *words, const char *dir,
				      struct mp_error *err);

/* Is there a template of TRACK in the folder EXERCISES? Else a sentence that says which there are. */
MP_MUST_CHECK int template_find(const char *exercises, const char *track, struct mp_error *err);

#endif
