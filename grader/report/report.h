/* SPDX-License-Identifier: MIT */
/* Reports: a scorecard becomes bytes. One file and one row for each format. */
#ifndef GRADER_REPORT_REPORT_H
#define GRADER_REPORT_REPORT_H

#include <milepost/error.h>

#include "grader/model/scorecard.h"
#include "sandbox/base/text.h"

struct report_options {
	enum audience audience;
	bool has_run_info;	    /* json: add the object `run` */
	const struct run_info *run; /* borrowed; NULL: none */
	int columns;		    /* of text; 80 */
	const char *desk_command;   /* "milepost check": what to type to try again */
};

struct report_format {
	const char *name; /* "text" "json" "html" */
	int (*write)(const struct scorecard *scorecard, const struct report_options *options,
		     struct text *into, struct mp_error *err);
	const char *help;
};

/* NULL-name-terminated; the first is the default. */
extern const struct report_format report_formats[];

/* The row of NAME or NULL. */
const struct report_format *report_format_find(const char *name);

#endif
