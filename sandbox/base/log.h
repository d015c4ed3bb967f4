/* SPDX-License-Identifier: MIT */
/* The log of a program that stays: to standard error, one line an event, for people or for programs. */
#ifndef SANDBOX_BASE_LOG_H
#define SANDBOX_BASE_LOG_H

#include <milepost/error.h>
#include <stdint.h>

#include "sandbox/base/text.h"

enum log_format { LOG_LINE, LOG_JSON };

/* The words of the formats, NULL-terminated: for a field of FIELD_WORD, and for an argument. */
extern const char *const log_format_words[];

/* From now on log in FORMAT, as FROM ("serve", the name of a worker), which must stay. */
void log_begin(const char *from, enum log_format format);

/* One event. What it quotes of others is made visible, so that it stays one line. */
void log_add(const char *format, ...) MP_PRINTF(1, 2);

/* The line of WORDS at SECONDS since 1970, with its line end, added to INTO. */
void log_write(struct text *into, int64_t seconds, const char *words);

#endif
