/* SPDX-License-Identifier: MIT */
/* What the formats share: one function each, and the words that all of them say in the same way. */
#ifndef GRADER_REPORT_FORMATS_H
#define GRADER_REPORT_FORMATS_H

#include "grader/report/report.h"
#include "grader/report/story.h"
#include "grader/report/words.h"

/* The formats. Each adds its bytes to INTO; -EFBIG when they did not fit. */
int report_text(const struct scorecard *scorecard, const struct report_options *options,
		struct text *into, struct mp_error *err);
int report_json(const struct scorecard *scorecard, const struct report_options *options,
		struct text *into, struct mp_error *err);
int report_html(const struct scorecard *scorecard, const struct report_options *options,
		struct text *into, struct mp_error *err);

int report_markdown(const struct scorecard *scorecard, const struct report_options *options,
		    struct text *into, struct mp_error *err);
int report_junit(const struct scorecard *scorecard, const struct report_options *options,
		 struct text *into, struct mp_error *err);
int report_tap(const struct scorecard *scorecard, const struct report_options *options,
	       struct text *into, struct mp_error *err);
int report_github(const struct scorecard *scorecard, const struct report_options *options,
		  struct text *into, struct mp_error *err);

/* OPTIONS with 80 columns and "milepost check" where nothing is said. */
struct report_options report_with_defaults(const struct report_options *options);

/* 0, or -EFBIG when INTO was cut: half a report is none. */
int report_finish(const struct text *into, struct mp_error *err);

/* "commit 4f1c2a9, python3.11, seed 7" */
void report_add_origin(struct text *into, const struct scorecard *scorecard,
		       const struct card *card);

/*
 * "60 are enough, but each * must pass", with MARK for the star; nothing when the score says all.
 */
void report_add_meaning(struct text *into, const struct card *card, const struct telling *telling,
			const char *mark);

/* "10 more checks" and "They need a service that can be asked". */
void report_unasked(const struct exercise *exercise, const struct telling *telling,
		    struct text *ret_count, struct text *ret_need);

/*
 * "random-ledgers was not run: it waits for sample." of check INDEX; what was said of it, if it
 * waits for none.
 */
void report_add_waits(struct text *into, const struct card *card, size_t index);

/* One sentence about the layers this host lacks; LAYERS is blank-separated and not empty. */
void report_add_missing_layers(struct text *into, const char *layers);

/* "80 of 100, needs work", or the status alone where there is no score. */
void report_add_result(struct text *into, const struct card *card);

/*
 * Why a card has no checks, as one line: it was not graded, or there is no folder yet. NULL in
 * RET_WHY when it has some.
 */
const char *report_why_unchecked(const struct card *card, struct text *ret_why);

/* How check INDEX came out, as the word in front of its line: "ok", "FAIL", "tip" for advice. */
enum word report_outcome_word(const struct card *card, size_t index);
/* The word of a verdict alone. */
enum word report_verdict_word(enum verdict verdict);
enum word report_status_word(enum status status);

#endif
