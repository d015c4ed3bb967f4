/* SPDX-License-Identifier: MIT */
/* Branches start/ID: a learner's main and the starter of one exercise. */
#ifndef GRADER_SERVE_STARTERS_H
#define GRADER_SERVE_STARTERS_H

#include <milepost/error.h>

struct road;

/* Copy the starters of every published exercise into DATA/starters. */
MP_MUST_CHECK int starters_copy(const struct road *road, const char *data, struct mp_error *err);

/*
 * In a box: make the branches of the repository from the copies of starters, in the language TRACK, and the
 * report, unless that was done for this main, VERSION of the starters and state REPORT of the scores. What
 * cannot be made is left out.
 */
void starters_make(const char *track, const char *version, const char *report);

#endif
