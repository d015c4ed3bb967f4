/* SPDX-License-Identifier: MIT */
/* Inside grade: shared by its files alone. */
#ifndef GRADER_GRADE_INSIDE_H
#define GRADER_GRADE_INSIDE_H

#include <stdint.h>

/* The seed of one repetition of a check: the first one is the exercise's, so that names agree between checks. */
uint64_t repetition_seed(uint64_t seed, const char *check_id, int64_t repetition);

#endif
