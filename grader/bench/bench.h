/* SPDX-License-Identifier: MIT */
/*
 * A bench: what a step may touch. It brings a program tree up (the learner's, a reference's, a
 * mutant's): build, start, readiness, restart, stop, one-shot runs; each in a box of its own
 * beside one keeper box, whose scratch holds the private writable copy of the tree.
 */
#ifndef GRADER_BENCH_BENCH_H
#define GRADER_BENCH_BENCH_H

#include <milepost/box.h>
#include <milepost/error.h>

#include "grader/bench/pack.h"
#include "grader/bench/store.h"
#include "grader/model/exercise.h"
#include "grader/model/outcome.h"
#include "grader/wire/wire.h"

struct bench;

/* What is started is written down: milepost.yaml, then an executable `run`, then a Procfile. */
struct entry_line {
	const char *command; /* one line for /bin/sh; NULL: none */
	const char *file;    /* where it stands: "exercises/hello-api/milepost.yaml" */
	int line;
	const char
		*interpreter; /* behind #! of the script that it runs; NULL: none, or no script */
	const char *
		crlf_script; /* the script that a shell reads, whose lines end with CRLF; NULL: none */
};

struct program_file {
	struct entry_line entries[ENTRY_COUNT];
	const char *language; /* NULL: not said */
	const char *framework;
	const char *engine;
	bool has_own_file; /* there is a milepost.yaml in the folder itself */
	/* A sentence on a file that is there and gives no line after all; NULL: none. */
	const char *near;
	/* The learner's mistake, with file, line, column and nearest word; NULL: none. */
	const char *complaint;
};

/*
 * Read how the program in FOLDER (relative, below TREE_FD) is started. Texts lie in ARENA.
 * A broken or missing file is not an error: RET_FILE->complaint says what is wrong.
 */
MP_MUST_CHECK int program_file_read(int tree_fd, const char *folder, struct arena *arena,
				    struct program_file *ret_file, struct mp_error *err);

struct bench_spec {
	struct mp_launcher *launcher;	 /* borrowed */
	const struct exercise *exercise; /* borrowed: limits, health */
	const char *tree;   /* absolute path; /road in the boxes is a writable copy of it */
	const char *folder; /* where in the tree the program lies: "exercises/hello-api" or "." */
	const struct program_file *file; /* borrowed */
	uint64_t seed;			 /* PORT is drawn from it, 20000-59999 */
	bool may_miss[MP_LAYER_COUNT];
	struct bench_store *store; /* borrowed; NULL: nothing is kept for other benches */
	const char *packs;	   /* folder of the built packs; NULL: none. Borrowed */
	struct arena *arena;	   /* for all texts; outlives the bench */
	/* The service was started by COMMAND and is ready; may be NULL. */
	void (*ready)(void *context, const char *command, int64_t after_ms);
	void *ready_context;
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

/*
 * Errors: -ENOPKG the language of the program, or of the model, is not on this machine; and from all
 * that runs something, where the program says that a module is not there which this machine lacks.
 */
MP_MUST_CHECK int bench_open(const struct bench_spec *spec, struct bench **ret_bench,
			     struct mp_error *err);
struct bench *bench_close(struct bench *bench);

/*
 * Run the build line if there is one. RET_OUTCOME: PASS, or FAIL/LIMIT with the end of the log.
 * Once a bench.
 */
MP_MUST_CHECK int bench_build(struct bench *bench, struct outcome *ret_outcome,
			      struct mp_error *err);

/* Start the service unless it runs; wait until it is ready (health). */
MP_MUST_CHECK int bench_start(struct bench *bench, struct bench_start *ret_start,
			      struct mp_error *err);

/*
 * Send SIGNAL to the service, wait at most WITHIN_MS, kill what is left. RET_RUN says how it
 * ended; RET_IN_TIME.
 */
MP_MUST_CHECK int bench_stop(struct bench *bench, int signal, int64_t within_ms,
			     struct mp_box_result *ret_result, bool *ret_in_time,
			     struct mp_error *err);

/*
 * Did the service end by itself? Then RET_RESULT says how, else *ret_ended is false. Never blocks.
 */
MP_MUST_CHECK int bench_has_ended(struct bench *bench, bool *ret_ended,
				  struct mp_box_result *ret_result, struct mp_error *err);

/*
 * A hidden check begins or is over. A service may log what it was asked, so nothing that it writes
 * from the first hidden check on is quoted, until another one is started.
 */
MP_MUST_CHECK int bench_hush(struct bench *bench, bool is_hushed, struct mp_error *err);

/*
 * The last lines of the service's output, at most MOST bytes, in the bench's arena; "" if none.
 * Its log of requests is left out.
 * Each line is in visible form; lines are separated by \n.
 */
const char *bench_said(struct bench *bench, size_t most);

/* What is kept for other benches of the exercise, or NULL. */
struct bench_store *bench_store(const struct bench *bench);

/* The seed of the exercise, as it was given. */
uint64_t bench_seed(const struct bench *bench);

/*
 * The line that ENTRY runs; NULL: none. And its limits, with the general ones where none are set.
 */
const char *bench_command(const struct bench *bench, enum entry entry);
struct limits bench_limits(const struct bench *bench);
struct limits exercise_limits(const struct exercise *exercise);

/* The language of the program: as its file says, or its command shows; NULL: not known. */
const char *bench_language(const struct bench *bench);

/* One argument as /bin/sh reads it, in single quotes. */
struct text;
void bench_quote(struct text *line, const char *argument);

/*
 * Bytes that a program wrote as lines for a learner: the last of them, at most MOST, each in
 * visible form. Returns how many.
 */
size_t said_lines(const char *bytes, size_t count, size_t most, const char **ret_lines,
		  struct arena *arena);

/* The wire that reaches the running service. Owned by the bench. */
struct wire *bench_wire(struct bench *bench);
int bench_port(const struct bench *bench);

/*
 * "python3.11", for the head line; "" when not known. May wait for the runtime to say its version.
 */
const char *bench_runtime(struct bench *bench);

/* The variables that a program is given, "PORT=41873" first; NULL-terminated. */
const char *const *bench_env(const struct bench *bench);

/*
 * How something ended, behind "it": "ended with status 1", "was ended by SIGSEGV", "needed more
 * memory than the limit of 384 MiB". WALL_MS is the wall limit it had. In ARENA.
 */
const char *bench_end_words(const struct bench *bench, const struct mp_box_result *result,
			    int64_t wall_ms, struct arena *arena);

/*
 * What helps when the line ENTRY ended so that the shell, and not the program, seems to speak;
 * NULL: nothing. In the bench's arena.
 */
const char *bench_shell_advice(const struct bench *bench, enum entry entry,
			       const struct mp_box_result *result);

/* VERDICT_LIMIT when a limit ended it, else VERDICT_FAIL. */
enum verdict bench_end_verdict(const struct mp_box_result *result);

/*
 * The line of the learner's file for ENTRY is wanted and is not there, or the file is broken:
 * RET_OUTCOME says it.
 */
bool bench_lacks(struct bench *bench, enum entry entry, struct outcome *ret_outcome);

/* What one run is given. */
struct bench_call {
	const char *const *args; /* behind the run line, quoted; NULL-terminated */
	int stdin_fd;		 /* -1: none */
	int64_t cpu_ms;		 /* most processor time; 0: as the bench's limits say */
};

/*
 * One run of the `run` line. The bench's limits hold; CPU and memory are in the result. ARENA gets
 * the output.
 */
MP_MUST_CHECK int bench_run(struct bench *bench, const struct bench_call *call, struct arena *arena,
			    struct bench_run *ret_run, struct mp_error *err);

/*
 * One run of a helper program of the exercise (a maker) in a box of its own: PATH below the
 * exercise's folder, which lies read-only at /exercise. It is run directly when executable, else by
 * its suffix. Its output becomes RET_FD, a sealed file that is open for reading at its start and is
 * the caller's; a helper that fails is the exercise's fault.
 */
MP_MUST_CHECK int bench_run_helper(struct bench *bench, const char *path, const char *const *args,
				   int *ret_fd, struct mp_error *err);

/* COUNT bytes as such a file: the input of a run. */
MP_MUST_CHECK int bench_input(const char *bytes, size_t count, int *ret_fd, struct mp_error *err);

/*
 * Put BYTES into the file PATH, below the program's folder in the boxes (folders are made); or
 * take a file from there: *RET_BYTES in ARENA, NULL when it is not there. By a box of its own
 * beside the keeper. At most the exercise's limit of output.
 */
MP_MUST_CHECK int bench_put(struct bench *bench, const char *path, const char *bytes, size_t count,
			    struct mp_error *err);
MP_MUST_CHECK int bench_take(struct bench *bench, const char *path, struct arena *arena,
			     const char **ret_bytes, size_t *ret_count, struct mp_error *err);

/*
 * A second bench for a program of the exercise itself (model: reference/python), made (and built)
 * at its first use, closed with BENCH. FOLDER is below the exercise's folder. For `like: model`
 * and `cpu: 6x`.
 */
MP_MUST_CHECK int bench_beside(struct bench *bench, const char *folder, struct bench **ret_other,
			       struct mp_error *err);

/*
 * The folder reference/NAME whose language is LANGUAGE, in the bench's arena; NULL when there is
 * none.
 */
const char *bench_reference(struct bench *bench);

#endif
