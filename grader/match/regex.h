/* SPDX-License-Identifier: MIT */
/* Regular expressions: PCRE2 in UTF mode, under a match limit, so that no pattern runs for ever. */
#ifndef GRADER_MATCH_REGEX_H
#define GRADER_MATCH_REGEX_H

#include <milepost/error.h>
#include <stddef.h>

enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT };

/* Is it a regular expression? -EBADMSG with a sentence otherwise. */
MP_MUST_CHECK int regex_examine(const char *pattern, struct mp_error *err);

/* Does PATTERN match the whole of TEXT? REGEX_LIMIT: it was given up. */
enum regex_result regex_whole(const char *pattern, const char *text, size_t length);

/*
 * Search PATTERN in TEXT: RET_START and RET_LENGTH say where its first group lies, or the whole match
 * when it has no group.
 */
enum regex_result regex_search(const char *pattern, const char *text, size_t length,
			       size_t *ret_start, size_t *ret_length);

#endif
