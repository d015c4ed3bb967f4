/* SPDX-License-Identifier: MIT */
/*
 * The server: learners push to it with git, and read their score in the push.
 *
 * One process, no threads, one event loop. Git's own objects are opened in boxes alone: a box per request,
 * which sees one repository and nothing else. Who pushed is known by which box spoke.
 */
#ifndef GRADER_SERVE_SERVE_H
#define GRADER_SERVE_SERVE_H

#include <milepost/box.h>
#include <milepost/error.h>
#include <stdbool.h>

#include "sandbox/base/field.h"
#include "sandbox/base/log.h"

struct probe_kind;

struct serve_options {
	const char *program;   /* this program: hooks run it in the box, and it is the worker */
	const char *data;      /* the data folder */
	const char *listen;    /* "127.0.0.1:8080" */
	const char *exercises; /* absolute */
	const char *exercises_given;	 /* what the worker gets as --exercises; NULL: none */
	struct text_list plain_networks; /* where tokens may come over plain HTTP */
	const struct probe_kind *const *probes; /* what exercises may ask */
	int64_t box_uid_base;			/* 0: the usual one */
	int64_t jobs;				/* of the worker; 0: as many as there are CPUs */
	bool has_no_worker;			/* no worker of our own */
	enum log_format log_format;		/* of server and worker */
};

/* Serve until SIGTERM or SIGINT, then drain. LAUNCHER is borrowed. */
MP_MUST_CHECK int serve_run(const struct serve_options *options, struct mp_launcher *launcher,
			    struct mp_error *err);

/*
 * The hook NAME, in the box: what git tells it goes to the server over descriptor 3, what the server says is
 * shown to the learner. Returns the hook's exit status.
 */
int hook_main(const char *name);

/* Where the repository of HANDLE lies in the data folder, in ARENA. */
struct arena;
const char *repository_path(struct arena *arena, const char *data, const char *handle);

#endif
