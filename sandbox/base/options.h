/* SPDX-License-Identifier: MIT */
/* Command lines by field tables: the same rows make the parser, --help and the manual. */
#ifndef SANDBOX_BASE_OPTIONS_H
#define SANDBOX_BASE_OPTIONS_H

#include "sandbox/base/arena.h"
#include "sandbox/base/field.h"
#include "sandbox/base/text.h"

/*
 * Read ARGV (without the program's and the command's name) by TABLE into BASE: --name VALUE or
 * --name=VALUE; FIELD_BOOL rows are flags without a value; FIELD_TEXTS rows may be repeated and collect
 * into a struct text_list. What is no option goes to RET_WORDS; "--" ends the options. Texts are borrowed
 * from ARGV, lists lie in ARENA.
 * Errors: -EBADMSG with MP_FAULT_USAGE: an unknown option (nearest offered), a missing or wrong value, an
 * option given twice.
 */
MP_MUST_CHECK int options_read(const struct field *table, size_t count, void *base,
			       const char *const *argv, struct text_list *ret_words,
			       struct arena *arena, struct mp_error *err);

/* The rows as help: one option a line, two columns, 80 wide. */
void options_print(const struct field *table, size_t count, struct text *into);

/* The rows as paragraphs of a manual page, in the form that scdoc(5) reads. */
void options_manual(const struct field *table, size_t count, struct text *into);

/* TEXT with the marks of scdoc quoted. */
void options_quote_manual(struct text *into, const char *text);

/* "--seed --format": the names of the rows, for a shell that completes. */
void options_names(const struct field *table, size_t count, struct text *into);

#endif
