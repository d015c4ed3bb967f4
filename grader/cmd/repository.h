/* SPDX-License-Identifier: MIT */
/* Making a learner's repository. */
#ifndef GRADER_CMD_REPOSITORY_H
#define GRADER_CMD_REPOSITORY_H

#include <milepost/error.h>

/*
 * Make a git repository of the folder DIR with everything in it as one commit on `main`, by a fixed
 * author at a fixed time: the same files give the same first commit everywhere.
 */
MP_MUST_CHECK int repository_create(const char *dir, const char *message, struct mp_error *err);

#endif
