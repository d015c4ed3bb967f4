/* SPDX-License-Identifier: MIT */
/*
 * The bell: a file in the data folder that is touched after each change. Who waits polls a descriptor; a bell
 * may ring for nothing, and on a full disk not at all, so look each second too.
 */
#ifndef GRADER_LEDGER_BELL_H
#define GRADER_LEDGER_BELL_H

#include <milepost/error.h>

/* A descriptor, close-on-exec and non-blocking, that can be read (poll, epoll) when the bell has rung. */
MP_MUST_CHECK int bell_open(const char *data, int *ret_fd, struct mp_error *err);

/* Take what has rung so far, so that the next poll waits. Do so before looking into the ledger. */
void bell_drain(int bell_fd);

/* Ring. A failure is nobody's: who waits looks by itself a second later. */
void bell_ring(int data_fd);

#endif
