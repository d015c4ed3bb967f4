/* SPDX-License-Identifier: MIT */
/*
 * What came of a check: a verdict and its evidence. Made by probes outside the box, never allocated
 * twice: everything lies in the run's arena. All texts are bounded, valid UTF-8, safe to show
 * (text_add_visible), English, and deterministic for one commit, exercise and seed, but for what is
 * marked as measured.
 */
#ifndef GRADER_MODEL_OUTCOME_H
#define GRADER_MODEL_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict {
	VERDICT_PASS,
	VERDICT_FAIL,  /* the learner's */
	VERDICT_LIMIT, /* time, memory, output, processes, disk: the learner's */
	VERDICT_SKIP,  /* a gate or an `after` failed */
	VERDICT_FAULT, /* ours: voids the exercise's mark */
	VERDICT_COUNT,
};
extern const char *const verdict_words[]; /* "pass" "fail" "limit" "skip" "fault" */

/* One thing that was not as wanted. */
struct mismatch {
	const char *path;   /* "json.error.code", "status", "headers.allow", "stdout line 3" */
	const char *wanted; /* in words or the value: "a text that contains GET" */
	const char *got;    /* "no such header" */
};

/* One step that failed: how to repeat it, and every mismatch. */
struct evidence {
	const char *repeat;  /* a command line that repeats it; NULL: none */
	const char *request; /* the same in a few words: "POST /sum with the body {" ; NULL: none */
	struct mismatch *mismatches;
	size_t mismatch_count;
	const char *say; /* what a near miss says; NULL: none */
};

/* A labelled fact beside the evidence: "found  127.0.0.1:5000  opened by python3 after 0.3 s". */
struct fact {
	const char *label;     /* "": goes on with the fact before it */
	const char *value;     /* "": the note is all there is */
	const char *note;      /* NULL: none */
	bool is_note_measured; /* the note holds times: text and html show it, json does not */
	bool is_measured; /* so does the value: what a program said. json leaves the fact out */
};

struct usage {
	int64_t wall_ms, cpu_ms;
	int64_t memory_peak_bytes; /* -1: not known */
};

struct outcome {
	enum verdict verdict;
	const char *message; /* one or two sentences; NULL when passed */
	/*
	 * The root cause in words; outcomes of one exercise with the same cause are told together, once.
	 * NULL: none known; then message stands alone.
	 */
	const char *cause;
	struct evidence *evidence;
	size_t evidence_count;
	struct fact *facts;
	size_t fact_count;
	const char *advice; /* lines to read when it failed, may hold \n; NULL: none */
	const char *
		next; /* what to do next when this is the first failed check; NULL: the general line */
	struct usage usage;
};

#endif
