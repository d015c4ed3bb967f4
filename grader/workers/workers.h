/* SPDX-License-Identifier: MIT */
/*
 * Workers: between a ticket that waits and its scores.
 *
 * A worker claims tickets of a ledger, starts one `milepost grade` for each, hands on what that tells while it
 * goes on, and writes all scores at its end in one transaction. It knows the others (serve, admin, further
 * workers) by the ledger alone. Whatever is killed when: a ticket whose worker is gone waits again once its
 * lease has run out, and has one set of scores in the end.
 */
#ifndef GRADER_WORKERS_WORKERS_H
#define GRADER_WORKERS_WORKERS_H

#include <milepost/error.h>
#include <stdint.h>

#include "sandbox/base/log.h"

enum { WORKERS_JOBS_MAX = 256 };

struct workers_options {
	const char *data;      /* the data folder, absolute */
	const char *program;   /* this program, which grades; absolute */
	const char *exercises; /* absolute; NULL: as `milepost grade` finds them */
	const char *name;      /* in logs and claims; made unique here */
	int64_t jobs;	       /* gradings at a time, 1 to WORKERS_JOBS_MAX */
	int64_t box_uid_base;  /* 0: the usual one */
	enum log_format log_format;
};

/*
 * Claim and grade until SIGTERM or SIGINT, which lets gradings that run come to their end; a second one ends
 * them and gives their tickets back. Logs to standard error. Errors: as of ledger_open(), bell_open().
 */
MP_MUST_CHECK int workers_run(const struct workers_options *options, struct mp_error *err);

#endif
