/* SPDX-License-Identifier: MIT */
/*
 * A submission that is a history: commits.yaml in a reference's folder says which commits, and `milepost
 * prove` makes the repository of it. docs/exercise-format.md, "Histories".
 */
#ifndef GRADER_CMD_COMMITS_H
#define GRADER_CMD_COMMITS_H

#include <milepost/error.h>
#include <stdbool.h>

/* Its name in the folder of a reference. */
extern const char commits_file[];

/*
 * Make the repository that FOLDER/commits.yaml (below FROM_FD) describes in the new, empty folder DIR, an absolute
 * path. EXERCISES holds templates/. IS_BEGUN: only the template, as `milepost init` leaves it.
 * Errors: MP_FAULT_CONTENT the description is broken.
 */
struct commits_request {
	int from_fd;
	const char *folder;
	const char *exercises;
	const char *dir;
	bool is_begun;
};
MP_MUST_CHECK int commits_make(const struct commits_request *request, struct mp_error *err);

#endif
