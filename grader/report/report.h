/* SPDX-License-Identifier: MIT */
/* Reports: a scorecard becomes bytes. One file and one row for each format. */
#ifndef GRADER_REPORT_REPORT_H
#define GRADER_REPORT_REPORT_H

#include <milepost/error.h>

#include "grader/language/language.h"
#include "grader/model/scorecard.h"
#include "sandbox/base/text.h"

struct report_options {
	enum audience audience;
	bool has_run_info;	    /* json: add the object `run` */
	const struct run_info *run; /* borrowed; NULL: none */
	int columns;		    /* of text; 80 */
	struct language *language;  /* of people; its texts grow as it speaks; NULL: English */
	const char *desk_command;   /* "milepost check": what to type to try again */
};

struct report_format {
	const char *name; /* "text" "json" "html" */
	int (*write)(const struct scorecard *scorecard, const struct report_options *options,
		     struct text *into, struct mp_error *err);
	const char *help;
	bool is_english; /* for programs: sentences stay English, the language is only named */
};

/* NULL-name-terminated; the first is the default. */
extern const struct report_format report_formats[];

/* Write SCORECARD by FORMAT, in the language of OPTIONS. -EFBIG when it does not fit. */
MP_MUST_CHECK int report_write(const struct report_format *format,
			       const struct scorecard *scorecard,
			       const struct report_options *options, struct text *into,
			       struct mp_error *err);

/* What was measured, the object `run` alone: OPTIONS->run is not NULL. -EFBIG when it does not fit. */
MP_MUST_CHECK int report_run(const struct scorecard *scorecard,
			     const struct report_options *options, struct text *into,
			     struct mp_error *err);

/* The row of NAME or NULL. */
const struct report_format *report_format_find(const char *name);

#endif
