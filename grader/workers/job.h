/* SPDX-License-Identifier: MIT */
/* A job: one claimed ticket, the process that grades it, and what has come of it so far. */
#ifndef GRADER_WORKERS_JOB_H
#define GRADER_WORKERS_JOB_H

#include <sys/types.h>

#include "grader/workers/events.h"
#include "grader/workers/workers.h"

enum {
	LEASE_MS = 30000,
	RENEW_MS = 10000,
	SILENT_MS = 10 * 60 * 1000, /* a grading that tells nothing for so long hangs */
	WHOLE_MS = 60 * 60 * 1000,
	GRACE_MS = 5000, /* from "end" to "be killed" */
	SAID_MOST = 2000,
};

/* What all jobs share. */
struct site {
	const struct workers_options *options;
	struct ledger *ledger; /* borrowed */
	const char *worker;    /* the name in claims, unique */
};

enum job_fate {
	JOB_OPEN,
	JOB_GIVEN_BACK, /* it was ended by our own will: the ticket waits again, no fault */
	JOB_BROKEN,	/* it is a fault, whatever comes: `why` */
	JOB_LOST,	/* the ticket is another's by now */
};

struct job {
	struct arena *arena; /* owned */
	struct ticket ticket;
	struct events events;
	struct text said; /* owned: standard error, its end */
	pid_t pid;	  /* 0: it has ended, `status` is how */
	int status;
	int events_fd, said_fd;		       /* -1: closed */
	int64_t whole_ms, silent_ms, renew_ms; /* when it is time; CLOCK_MONOTONIC */
	int64_t kill_ms;		       /* 0: it was not told to end */
	int64_t again_ms;		       /* when it is tried again to store it */
	enum job_fate fate;
	char why[MP_ERROR_TEXT];
	bool is_last_told; /* the lines of its end are stored */
};

/* Start to grade TICKET, which this worker has claimed. Freed by job_free(). Errors: the host's. */
MP_MUST_CHECK int job_start(const struct site *site, const struct ticket *ticket,
			    struct job **ret_job, struct mp_error *err);
struct job *job_free(struct job *job);

/* Take what it has told; see to its times and its lease. */
void job_tend(const struct site *site, struct job *job, int64_t now_ms);

/* End it, for FATE, whose reason is WHY. Nothing happens where it has a fate already. */
void job_end(struct job *job, enum job_fate fate, const char *why, int64_t now_ms);

/*
 * Store what came of a job whose process has ended. False: the ledger could not, try again. LOG is told in
 * RET_WORDS what happened.
 */
MP_MUST_CHECK bool job_store(const struct site *site, struct job *job, struct text *ret_words);

#endif
