/* SPDX-License-Identifier: MIT */
/*
 * The lines that a push shows while its commit is graded, behind git's "remote: ".
 *
 * Pure. At most 72 columns, ASCII but for the learner's own text, no escape codes: git itself colours
 * `error` and `hint` at the start of a line, which are so in every language. What is longer than a push
 * should be stands on the learner's page. Everything is said in the language of words_speak(); each
 * function adds whole lines to INTO, each with its line end, or nothing.
 */
#ifndef GRADER_REPORT_PUSH_H
#define GRADER_REPORT_PUSH_H

#include "grader/model/scorecard.h"
#include "sandbox/base/text.h"

enum { PUSH_COLUMNS = 72 };

/* "first-push, khata-totals: not changed, scores kept" */
void push_kept(struct text *into, const char *const *ids, size_t count);

/* "hello-api: python3 app.py is ready after 0.1 s" */
void push_ready(struct text *into, const char *exercise, const char *command, int64_t after_ms);

/*
 * The checks of one exercise while they are decided. Those that follow each other and come out alike
 * share a line, which is told once one comes out otherwise. Zeroed is empty; push_checks_end() frees it.
 */
struct push_checks {
	struct text names;   /* owned */
	int word;	     /* enum word: how they came out */
	bool is_gate_failed; /* what comes after it is only counted, by push_card() */
};
void push_check(struct push_checks *checks, const struct exercise *exercise,
		const struct check *check, const struct outcome *outcome, struct text *into);
void push_checks_end(struct push_checks *checks, struct text *into);

/*
 * What came of an exercise: the stories of what failed, shortened, the hint, and the line with the score.
 * BEST is the best score so far, this one counted; -1: not known, and nothing is said of it.
 */
void push_card(struct text *into, const struct card *card, int64_t best);

/* The line with the score alone: for a push with many exercises. */
void push_brief(struct text *into, const struct card *card, int64_t best);

/* "Milestone 5: 0 of 4 required passed." */
void push_milestone(struct text *into, const struct milestone_line *line);

/* A sentence, broken into lines: "error: " or "" in FRONT of it. */
void push_sentence(struct text *into, const char *front, const char *sentence);

#endif
