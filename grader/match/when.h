/* SPDX-License-Identifier: MIT */
/* Times and dates as texts. Pure: no clock, no zone of this machine. */
#ifndef GRADER_MATCH_WHEN_H
#define GRADER_MATCH_WHEN_H

#include <stdbool.h>
#include <stdint.h>

enum { WHEN_DATE_SIZE = 16, WHEN_TIME_SIZE = 32 };

/* RFC 3339 with a zone, the whole text; ms since 1970 in RET_MS. Source: RFC 3339, 5.6. */
bool when_time(const char *text, int64_t *ret_ms);

/* YYYY-MM-DD, a day that exists; days since 1970 in RET_DAYS. */
bool when_date(const char *text, int64_t *ret_days);

/* The whole text in strptime's form, read in the C locale; ms since 1970, UTC unless it says a zone. */
bool when_format(const char *text, const char *format, int64_t *ret_ms);

/* Is it a form of strptime, with at least one conversion? */
bool when_is_format(const char *format);

/* 200ms 5s 2m 36h in ms: a duration, with hours for what lies days apart. */
bool when_duration(const char *text, int64_t *ret_ms);

/* "2024-11-01", "2024-11-01T18:30:00Z" into caller's storage. */
void when_print_date(int64_t days, char ret_text[WHEN_DATE_SIZE]);
void when_print_time(int64_t ms, char ret_text[WHEN_TIME_SIZE]);

#endif
