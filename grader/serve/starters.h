/* SPDX-License-Identifier: MIT */
/* Branches start/ID: a learner's main and the starter of one exercise. */
#ifndef GRADER_SERVE_STARTERS_H
#define GRADER_SERVE_STARTERS_H

#include <milepost/error.h>

struct road;

/* Copy the starters of every published exercise into DATA/starters. */
MP_MUST_CHECK int starters_copy(const struct road *road, const char *data, struct mp_error *err);

/*
 * In a box: make the branches of the bare REPOSITORY from the copies in STARTERS, in the language TRACK, unless
 * that was done for this main and VERSION of the starters. What cannot be made is left out.
 */
void starters_make(const char *repository, const char *starters, const char *track,
		   const char *version);

#endif
