/* SPDX-License-Identifier: MIT */
/* Lanes: several commands at a time, read as if they had run one after the other. */
#ifndef GRADER_CMD_LANES_H
#define GRADER_CMD_LANES_H

#include <milepost/error.h>
#include <stddef.h>

/* One command: the caller fills ARGV, lanes_run() its exit STATUS (128 + the signal that ended it). */
struct lane {
	const char *const *argv; /* NULL-terminated; argv[0] is a path */
	int status;
};

/*
 * Run COUNT lanes, at most JOBS at a time, and wait for all. What they print comes to standard output
 * in the order of the lanes: the first that is not over as it is written, the others when it is their
 * turn. Standard error is the caller's. They end when the caller does. An error means that one could
 * not be started; those that run are then waited for.
 */
MP_MUST_CHECK int lanes_run(struct lane *lanes, size_t count, size_t jobs, struct mp_error *err);

/* How many commands are worth running at a time: the cores this process may use. */
size_t lanes_of_machine(void);

#endif
