/* SPDX-License-Identifier: MIT */
/* Making a learner's repository. */
#ifndef GRADER_CMD_REPOSITORY_H
#define GRADER_CMD_REPOSITORY_H

#include <milepost/error.h>
#include <stdbool.h>

/*
 * Make a git repository of the folder DIR with everything in it as one commit on `main`, by a fixed
 * author at a fixed time: the same files give the same first commit everywhere.
 */
MP_MUST_CHECK int repository_create(const char *dir, const char *message, struct mp_error *err);

/* An empty repository in DIR, whose first commit will be on `main`. */
MP_MUST_CHECK int repository_begin(const char *dir, struct mp_error *err);

/* One commit of everything that lies in the folder, also of what is ignored. */
struct repository_commit {
	const char *name, *email; /* of the author; not empty */
	const char *message;
	int index;    /* its time: so many times ten minutes after the template's */
	bool is_root; /* without a parent */
};
MP_MUST_CHECK int repository_commit(const char *dir, const struct repository_commit *commit,
				    struct mp_error *err);

/* `git branch -M NAME`. */
MP_MUST_CHECK int repository_rename_branch(const char *dir, const char *name, struct mp_error *err);

#endif
