/* SPDX-License-Identifier: MIT */
/* Bounded text: a growing buffer that states its bound and says when it was cut. */
#ifndef SANDBOX_BASE_TEXT_H
#define SANDBOX_BASE_TEXT_H

#include <milepost/error.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Text that grows up to LIMIT bytes (without the closing NUL). What does not fit, and all behind it, is dropped
 * and is_cut is set; a character of UTF-8 is not cut in two.
 */
struct text {
	char *data;	 /* owned; NUL-terminated once something was added; may hold NUL bytes */
	size_t length;	 /* bytes, without the closing NUL */
	size_t capacity; /* bytes allocated */
	size_t limit;	 /* most bytes of length */
	bool is_cut;	 /* something did not fit, or memory ran out */
};

/* An empty text that may hold LIMIT bytes; 0 means 16 MiB. A zeroed struct is such a text too. */
void text_init(struct text *text, size_t limit);

/* Free what the text owns; it may be used again as if new, with the same limit. Accepts NULL. */
void text_done(struct text *text);

/* Empty it and keep the memory. */
void text_clear(struct text *text);

void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const void *bytes, size_t count);
void text_add_char(struct text *text, char c);
void text_addf(struct text *text, const char *format, ...) MP_PRINTF(2, 3);
void text_vaddf(struct text *text, const char *format, va_list args) MP_PRINTF(2, 0);

/* The text so far, "" when nothing was added. Owned by TEXT. */
const char *text_get(const struct text *text);

/* Hand over the buffer (never NULL but when memory ran out); the caller frees it. TEXT is empty afterwards. */
char *text_take(struct text *text);

/*
 * Add BYTES as something a person may see: control characters, invalid UTF-8 and terminal escapes become
 * \xNN, \n and \t become the two characters; stops after MOST bytes of input and adds "..." when cut.
 */
void text_add_visible(struct text *text, const char *bytes, size_t count, size_t most);

/* Bytes of the valid UTF-8 sequence at BYTES (1-4), 0 when it is not valid or incomplete. */
size_t text_utf8_length(const char *bytes, size_t count);

#define mp_autotext __attribute__((cleanup(text_done)))

#endif
