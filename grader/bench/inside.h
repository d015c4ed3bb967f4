/* SPDX-License-Identifier: MIT */
/* What the files of the bench share. */
#ifndef GRADER_BENCH_INSIDE_H
#define GRADER_BENCH_INSIDE_H

#include "grader/bench/bench.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/text.h"

/* Where the copy of the tree lies in the box: what a learner reads in tracebacks. */
#define BENCH_PLACE "/road"
/* Where the curated modules of its language lie: one level above it. */
#define BENCH_MODULES "/node_modules"

enum { BENCH_ENV_MAX = 16, SAID_LINES_MAX = 8 };

/* A second bench for a program of the exercise. */
struct bench_other {
	struct bench_other *next;
	const char *folder;
	struct program_file file;
	struct bench *bench; /* owned */
};

struct bench {
	struct bench_spec spec;	 /* what it points to is borrowed */
	const char *dir;	 /* the working folder inside the box */
	const struct pack *pack; /* static: of the language; NULL: not known */
	const char *modules;	 /* the curated modules that its boxes have; NULL: none */
	int port;
	const char *env[BENCH_ENV_MAX + 1];
	size_t env_count;
	struct mp_box *keeper; /* owned */
	struct mp_box
		*service; /* owned; NULL: none was started; kept after its end for its output */
	bool is_running;
	bool is_hushed;	  /* a hidden check is being asked */
	bool was_hushed;  /* one was asked of this service */
	int64_t heard[3]; /* then, by stream: what it wrote behind this byte is not quoted */
	struct mp_box_result result; /* of the service that has ended */
	bool has_four, has_six;	     /* which loopback has the port open */
	struct wire *wire;	     /* owned */
	struct bench_other *others;  /* owned */
	struct mp_box
		*version_box; /* owned: asks the runtime for its version; NULL: none, or asked */
	const char *runtime;  /* NULL: not asked yet */
};

/* What a line start or run has that exec cannot run, and what to write; NULL: nothing. Static. */
const char *line_slip(const char *line);

/* The port of a seed, 20000-59999. */
int port_of_seed(uint64_t seed);

/* Begin to ask the runtime for its version; bench_runtime() takes the answer. */
void ask_version(struct bench *bench);

/* --- boxes --------------------------------------------------------------------------------- */

/* A spec of a box beside the keeper for the shell line COMMAND; ARGV is the caller's, of 4. */
void bench_box_spec(struct bench *bench, enum mp_profile profile, const char *command,
		    const char **argv, struct mp_box_spec *ret_spec);

/* Run a box to its end. RET_RUN has its output in ARENA. Errors: the host's. */
MP_MUST_CHECK int bench_run_box(struct bench *bench, const struct mp_box_spec *spec,
				struct arena *arena, struct bench_run *ret_run,
				struct mp_error *err);

/* Is this end ours? Then -EIO with the words; else 0. WHAT names the thing: "the build". */
MP_MUST_CHECK int bench_check_end(const struct mp_box_result *result, const char *what,
				  struct mp_error *err);

/* -ENOPKG when what a program said shows that this machine lacks a module; see pack_check_said(). */
MP_MUST_CHECK int bench_check_said(const struct bench *bench, const char *bytes, size_t count,
				   struct mp_error *err);

/* The next event of the service within TIMEOUT_MS; keeps account of its end and its port. */
MP_MUST_CHECK int bench_take_event(struct bench *bench, int64_t timeout_ms,
				   struct mp_event *ret_event, struct mp_error *err);

/* --- words --------------------------------------------------------------------------------- */

/* The last lines that the running or last service said: of its errors, then of its other output. */
size_t bench_said_lines(struct bench *bench, size_t most, const char **ret_lines);

void outcome_fact(struct outcome *outcome, struct arena *arena, struct fact fact);
void outcome_said(struct outcome *outcome, struct arena *arena, const char *const *lines,
		  size_t count);

/* "(exercises/hello-api/milepost.yaml, line 1)" */
const char *entry_place(const struct entry_line *entry, struct arena *arena);

/* What was found while waiting for a service. */
struct sighting {
	bool has_other;		  /* a listener that is not the wanted one */
	struct mp_listener other; /* the first of those */
	int64_t other_ms;	  /* CLOCK_MONOTONIC, when it was seen */
};

/* The findings of a start, each as an outcome in the bench's arena. */
void start_wrong_place(struct bench *bench, const struct sighting *sighting,
		       struct outcome *ret_outcome);
void start_never_listened(struct bench *bench, struct outcome *ret_outcome);
void start_ended(struct bench *bench, bool was_listening, struct outcome *ret_outcome);
void start_unhealthy(struct bench *bench, const struct wire_answer *answer,
		     struct outcome *ret_outcome);

#endif
