/* SPDX-License-Identifier: MIT */
/* The name by which a learner is known: in learner.yaml, in addresses, on a server. */
#ifndef GRADER_MODEL_HANDLE_H
#define GRADER_MODEL_HANDLE_H

#include <stdbool.h>

enum { HANDLE_LOW = 3, HANDLE_HIGH = 31 };
#define HANDLE_RULE "3 to 31 of a-z, 0-9 and hyphens, a letter first"

/* Whether HANDLE is one. It may then stand in a path and in an address as it is. */
bool handle_is_valid(const char *handle);

#endif
