/* SPDX-License-Identifier: MIT */
/* What the files of the probe share. */
#ifndef GRADER_PROGRAM_INNER_H
#define GRADER_PROGRAM_INNER_H

#include <jansson.h>

#include "grader/bench/bench.h"
#include "grader/match/match.h"
#include "grader/model/probe.h"

/* The further keys of a run step. */
struct program_keys {
	const json_t *input; /* stdin: text, {file: path} or {make: name, ...}; NULL: none */
	const json_t *files; /* map of name to content; NULL: none */
};

/* --- input --------------------------------------------------------------------------------- */

/* What a run is given, and how a learner gives it again. */
struct input {
	int fd;		    /* sealed, open for reading; -1: none. Owned: input_done() */
	const char *repeat; /* before the command: "printf 'a\n' | "; or NULL */
	const char *behind; /* behind it: " < sample.txt"; or NULL */
	bool is_made;	    /* only milepost can make it again */
	const char *key;    /* names what a maker wrote, in a store; NULL: not made by one */
	const char *words;  /* "with data/sample.txt as input"; NULL: without input */
};

/* Is the value of stdin well formed for this exercise? Else a sentence in RET_TEXT of SIZE. */
bool input_examine(const struct exercise *exercise, const json_t *value, char *ret_text,
		   size_t size);

/*
 * Make the input of STEP. Errors: the exercise's or the host's; -ENOENT a name that was never
 * saved.
 */
MP_MUST_CHECK int input_make(struct probe_run *run, const struct step *step,
			     struct input *ret_input, struct mp_error *err);
void input_done(struct input *input);

/* At its start again, for the next run: a file is read by one at a time. */
MP_MUST_CHECK int input_rewind(const struct input *input, struct mp_error *err);

/* --- comparing ----------------------------------------------------------------------------- */

/* Is PATTERN plain text, to be compared byte by byte? */
bool is_plain_text(const json_t *pattern);

/*
 * Compare what a program wrote with what was wanted, byte by byte; the first line that differs is
 * added as "NAME line 3", white space visible. Returns true when they are equal.
 */
bool compare_output(const char *name, const char *wanted, size_t wanted_count, const char *got,
		    size_t got_count, struct mismatches *into);

/* The slip that explains a difference of white space, or NULL. Static. */
const char *output_near_miss(const char *wanted, size_t wanted_count, const char *got,
			     size_t got_count);

void add_mismatch(struct mismatches *into, const char *path, const char *wanted, const char *got);

/* --- one step ------------------------------------------------------------------------------ */

/* One step while it is judged. */
struct judging {
	struct probe_run *run;
	const struct step *step;
	const struct input *input;
	const char *const *args; /* NULL-terminated */
	const struct bench_run *result;
	json_t *parts; /* exit, stdout, stderr as values. Owned by the caller */
	struct mismatches told;
	const char *say;
	struct outcome *outcome; /* facts are added here */
	const char *beside;	 /* the folder of the last run beside it; NULL: none */
	struct bench_run beside_run;
	int64_t reference_us; /* processor time of the reference, measured before; 0: it was not */
};

/* Write the files of STEP into the boxes of BENCH. */
MP_MUST_CHECK int put_files(struct probe_run *run, struct bench *bench, const struct step *step,
			    struct mp_error *err);

/*
 * The most processor time, in ms, that a run may take before `cpu: 6x` has failed for certain; 0: as
 * the limits say. The reference is run for it, and what it took is kept. Errors: ours.
 */
MP_MUST_CHECK int judge_cpu_bound(struct judging *judging, int64_t *ret_ms, struct mp_error *err);

/* The run was ended at that bound; then this is told, and there is no answer to judge. */
bool judge_was_too_slow(struct judging *judging);

/* Judge one part of expect: a row a part. Errors: ours. */
MP_MUST_CHECK int judge_part(struct judging *judging, const char *part, const json_t *pattern,
			     struct mp_error *err);

extern const char *const program_parts[];

/*
 * Is PATTERN well formed for PART? Else a sentence in RET_TEXT. Parts that take any pattern are
 * well.
 */
bool part_examine(const struct exercise *exercise, const char *part, const json_t *pattern,
		  char *ret_text, size_t size);

#endif
