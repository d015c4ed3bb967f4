/* SPDX-License-Identifier: MIT */
/*
 * A bench: what a step may touch. It brings a program tree up (the learner's, a reference's, a
 * mutant's): build, start, readiness, restart, stop, one-shot runs; each in a box of its own beside one
 * keeper box, whose scratch holds the private writable copy of the tree.
 */
#ifndef GRADER_BENCH_BENCH_H
#define GRADER_BENCH_BENCH_H

#include <milepost/box.h>
#include <milepost/error.h>

#include "grader/model/exercise.h"
#include "grader/model/outcome.h"
#include "grader/wire/wire.h"

struct bench;

/* What is started is written down: milepost.yaml, then an executable `run`, then a Procfile. */
struct entry_line {
	const char *command; /* one line for /bin/sh; NULL: none */
	const char *file;    /* where it stands: "exercises/hello-api/milepost.yaml" */
	int line;
};

struct program_file {
	struct entry_line entries[ENTRY_COUNT];
	const char *language;  /* NULL: not said */
	const char *framework;
	const char *engine;
	const char *complaint; /* the learner's mistake, with file, line, column and nearest word; NULL: none */
};

/*
 * Read how the program in FOLDER (relative, below TREE_FD) is started. Texts lie in ARENA.
 * A broken or missing file is not an error: RET_FILE->complaint says what is wrong.
 */
MP_MUST_CHECK int program_file_read(int tree_fd, const char *folder, struct arena *arena,
				    struct program_file *ret_file, struct mp_error *err);

struct bench_spec {
	struct mp_launcher *launcher;	  /* borrowed */
	const struct exercise *exercise; /* borrowed: limits, health */
	const char *tree;		  /* absolute path of the tree, bound read-only; copied into the keeper */
	const char *folder;		  /* where in the tree the program lies: "exercises/hello-api" or "." */
	const struct program_file *file; /* borrowed */
	uint64_t seed;			  /* PORT is drawn from it, 20000-59999 */
	bool may_miss[MP_LAYER_COUNT];
	struct arena *arena; /* for all texts; outlives the bench */
};

/* How a start went. */
struct bench_start {
	bool is_ready;
	struct outcome outcome; /* why not, as a learner reads it; PASS when ready */
	int64_t after_ms;
};

/* How a one-shot run or a stop ended. */
struct bench_run {
	struct mp_box_result result;
	const char *stdout_bytes; /* in the arena passed in; NUL-terminated */
	size_t stdout_count;
	const char *stderr_bytes;
	size_t stderr_count;
};

MP_MUST_CHECK int bench_open(const struct bench_spec *spec, struct bench **ret_bench, struct mp_error *err);
struct bench *bench_close(struct bench *bench);

/* Run the build line if there is one. RET_OUTCOME: PASS, or FAIL/LIMIT with the end of the log. Once a bench. */
MP_MUST_CHECK int bench_build(struct bench *bench, struct outcome *ret_outcome, struct mp_error *err);

/* Start the service unless it runs; wait until it is ready (health). */
MP_MUST_CHECK int bench_start(struct bench *bench, struct bench_start *ret_start, struct mp_error *err);

/* Send SIGNAL to the service, wait at most WITHIN_MS, kill what is left. RET_RUN says how it ended; RET_IN_TIME. */
MP_MUST_CHECK int bench_stop(struct bench *bench, int signal, int64_t within_ms, struct mp_box_result *ret_result,
			     bool *ret_in_time, struct mp_error *err);

/* Did the service end by itself? Then RET_RESULT says how, else *ret_ended is false. Never blocks. */
MP_MUST_CHECK int bench_has_ended(struct bench *bench, bool *ret_ended, struct mp_box_result *ret_result,
				  struct mp_error *err);

/* The last words of the service's output in visible form, at most MOST bytes, in the bench's arena; "" if none. */
const char *bench_said(struct bench *bench, size_t most);

/* The wire that reaches the running service. Owned by the bench. */
struct wire *bench_wire(struct bench *bench);
int bench_port(const struct bench *bench);

/* "python3.11", for the head line; "" when not known. */
const char *bench_runtime(const struct bench *bench);

/*
 * One run of the `run` line with ARGS appended (quoted), STDIN_FD as input (-1: none). The bench's limits
 * hold; CPU and memory are in the result. ARENA gets the output.
 */
MP_MUST_CHECK int bench_run(struct bench *bench, const char *const *args, int stdin_fd, struct arena *arena,
			    struct bench_run *ret_run, struct mp_error *err);

/* One run of a helper program of the exercise (a maker) in a box of its own: PATH below the exercise's folder. */
MP_MUST_CHECK int bench_run_helper(struct bench *bench, const char *path, const char *const *args,
				   struct arena *arena, struct bench_run *ret_run, struct mp_error *err);

/*
 * A second bench for a program of the exercise itself (model: reference/python), made at its first use,
 * closed with BENCH. FOLDER is below the exercise's folder. For `like: model` and `cpu: 6x`.
 */
MP_MUST_CHECK int bench_beside(struct bench *bench, const char *folder, struct bench **ret_other,
			       struct mp_error *err);

/* The folder reference/NAME whose language is LANGUAGE, in the bench's arena; NULL when there is none. */
const char *bench_reference(struct bench *bench);

#endif
