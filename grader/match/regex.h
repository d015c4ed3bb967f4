/* SPDX-License-Identifier: MIT */
/* Regular expressions: PCRE2 in UTF mode, under limits, so that no pattern and no text runs for ever. */
#ifndef GRADER_MATCH_REGEX_H
#define GRADER_MATCH_REGEX_H

#include <milepost/error.h>
#include <stddef.h>
#include <stdint.h>

enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT };

/* Is it a regular expression? -EBADMSG with a sentence otherwise. */
MP_MUST_CHECK int regex_examine(const char *pattern, struct mp_error *err);

/*
 * How many steps and bytes all the regular expressions of one part may still go over: a list of hostile
 * texts costs no more than one. Counted, not timed, so that a verdict repeats.
 */
struct regex_budget {
	int64_t left;
};
enum { REGEX_BUDGET = 50 * 1000 * 1000 };

/* Does PATTERN match the whole of TEXT? REGEX_LIMIT: it was given up. */
enum regex_result regex_whole(const char *pattern, const char *text, size_t length,
			      struct regex_budget *budget);

/*
 * Search PATTERN in TEXT: RET_START and RET_LENGTH say where its first group lies, or the whole match
 * when it has no group. It has a budget of its own.
 */
enum regex_result regex_search(const char *pattern, const char *text, size_t length,
			       size_t *ret_start, size_t *ret_length);

#endif
