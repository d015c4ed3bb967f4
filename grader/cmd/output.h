/* SPDX-License-Identifier: MIT */
/* Outputs: which reports of one grading go where. */
#ifndef GRADER_CMD_OUTPUT_H
#define GRADER_CMD_OUTPUT_H

#include <milepost/error.h>

#include "grader/report/report.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/field.h"

enum { OUTPUTS_MAX = 9 };

struct output {
	const struct report_format *format; /* static */
	const char *path;		    /* NULL: standard output */
};

struct outputs {
	struct output items[OUTPUTS_MAX]; /* the first is that of --format and --output */
	size_t count;
	const char *paths[OUTPUTS_MAX + 1]; /* of those that are files, NULL-terminated */
};

/*
 * What --format, --output and each --also FORMAT=FILE ask for. Whether the files can be written is asked
 * now: grading may take its time. FORMAT and PATH may be NULL; texts are borrowed or lie in ARENA.
 * Errors: MP_FAULT_USAGE an unknown format, a file that cannot be written.
 */
MP_MUST_CHECK int outputs_choose(struct arena *arena, const char *format, const char *path,
				 const struct text_list *also, struct outputs *ret_outputs,
				 struct mp_error *err);

/* Write them, but for standard output when ONLY_FILES. */
MP_MUST_CHECK int outputs_write(const struct outputs *outputs, const struct scorecard *scorecard,
				const struct report_options *options, bool only_files,
				struct mp_error *err);

#endif
