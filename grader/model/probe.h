/* SPDX-License-Identifier: MIT */
/*
 * A probe: one way to ask. One folder, one struct probe_kind, one row in grader/grade/probes.c.
 *
 * The manifest gets the table of probes from its caller: it knows verbs and field tables, and never
 * includes a probe.
 */
#ifndef GRADER_MODEL_PROBE_H
#define GRADER_MODEL_PROBE_H

#include <milepost/error.h>

#include "grader/model/exercise.h"
#include "grader/model/outcome.h"

/* What may stand behind a verb. */
enum verb_form {
	VERB_PATH,     /* a text that begins with / or is $(name): sent as written */
	VERB_REQUEST,  /* METHOD path */
	VERB_HEALTH,   /* the word health */
	VERB_DURATION, /* step.target keeps the text */
	VERB_WORD,     /* one of verb.words */
	VERB_ARGS,     /* a list of texts, may be empty */
	VERB_TEXT,     /* any text */
};

struct verb {
	const char *name;
	enum verb_form form;
	const char *const *words; /* VERB_WORD: NULL-terminated; else NULL */
	const char *const *
		keys; /* further keys a step with this verb may have, NULL-terminated; names of probe_kind.fields,
				      and "save", "near", "expect" */
	const char *const *parts; /* parts that expect may name, NULL-terminated */
	const char *help;
};

/*
 * What a probe gets to run one check. The types of other rooms (struct bench of grader/bench, struct names
 * of grader/match, struct submission of grader/intake) are known to the probes that may include them: model
 * knows none.
 */
struct submission;
struct text;
struct probe_run {
	const struct exercise *exercise;
	const struct check *check;
	struct bench *
		bench; /* what is started, and how to reach it; NULL: the exercise asks for no program */
	struct submission *
		submission; /* history, names and facts of the tree; NULL: only the tree is known */
	int tree_fd;	    /* the learner's tree */
	const char *folder; /* of the exercise in it: "exercises/hello-api", or "." */
	struct names
		*names; /* words of the exercise for this repetition; saved names are added here */
	uint64_t seed;	/* of this repetition */
	struct arena *arena; /* for the outcome */
	int64_t deadline_ms; /* CLOCK_MONOTONIC; after it the check is over its limit */
};

/*
 * Complaint callback for semantic checks at load time: a sentence at a line and column (the step's). A
 * sentence that begins with a key of the step, or a part that it expects, is told at the place of its value.
 */
struct complaints;
typedef void complain_fn(struct complaints *to, int line, int column, const char *format, ...);

struct probe_kind {
	const char *name;
	const struct verb *verbs;
	size_t verb_count;
	const struct field *fields; /* further keys of a step, into the probe's own struct */
	size_t field_count;
	size_t step_size; /* bytes of that struct */
	bool is_static; /* asks files and history alone: for it no bench is opened and nothing is built */
	/*
	 * Semantic checks of one loaded step beyond its field table (two bodies in one request, an
	 * expectation of a part with a wrong form). NULL: none.
	 */
	void (*examine)(const struct exercise *exercise, const struct step *step,
			complain_fn *complain, struct complaints *to);
	/*
	 * Add to INTO what STEP reads of SUBMISSION beyond the files of its exercise's folder: as little as its
	 * verdict hangs on, for where that is the same the step is not asked again. NULL: nothing.
	 */
	int (*add_input)(struct submission *submission, const struct step *step, struct text *into,
			 struct mp_error *err);
	/*
	 * Run every step of RUN->check once. RET_OUTCOME is filled with PASS, FAIL or LIMIT.
	 * An error is ours or the host's, never the learner's: it makes the exercise "not graded".
	 */
	int (*run)(struct probe_run *run, struct outcome *ret_outcome, struct mp_error *err);
};

/*
 * One step of a check whose steps are asked one after another. OUTCOME keeps what the steps before it
 * found; RET_IS_OVER: what follows would only say the same.
 */
typedef int probe_step_fn(struct probe_run *run, const struct step *step, struct outcome *outcome,
			  bool *ret_is_over, struct mp_error *err);

/* Run every step of RUN->check until one is the last: what probe_kind.run is for probes that start nothing. */
MP_MUST_CHECK int probe_run_steps(struct probe_run *run, probe_step_fn *run_step,
				  struct outcome *ret_outcome, struct mp_error *err);

#endif
