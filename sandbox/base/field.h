/* SPDX-License-Identifier: MIT */
/*
 * Field tables: one row per key, option or setting. The same rows feed the parser, --help, the printed
 * manual, completion and their tests. Scalars are set here; the structured types (lists, maps, free
 * values, expectations) are read by grader/yaml, which knows nodes.
 */
#ifndef SANDBOX_BASE_FIELD_H
#define SANDBOX_BASE_FIELD_H

#include <milepost/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_TEXT,    /* const char *; low..high are characters */
	FIELD_NAME,    /* const char *; [a-z][a-z0-9-]*, low..high characters */
	FIELD_COUNT,   /* int64_t; a whole number */
	FIELD_MSEC,    /* int64_t ms; 200ms 5s 2m */
	FIELD_BYTES,   /* int64_t; 64K 384M 1G, powers of 1024 */
	FIELD_PERCENT, /* int64_t; 30% */
	FIELD_FACTOR,  /* int64_t hundredths; 6x 1.5x */
	FIELD_BOOL,    /* bool; true or false */
	FIELD_WORD,    /* int; index into words */
	/* Read by grader/yaml only: */
	FIELD_NAMES,   /* struct text_list: a list of FIELD_NAME texts, or one */
	FIELD_TEXTS,   /* struct text_list: a list of texts */
	FIELD_FREE,    /* json_t *: a free value, may hold $(names) */
	FIELD_PATTERN, /* json_t *: a pattern */
	FIELD_PARTS,   /* json_t *: a map of part to pattern, the value of expect */
	FIELD_NODE,    /* const struct yaml_node *: read by the owner of the table */
};

/* One row. Targets are written at base + offset. */
struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	int64_t low, high;	  /* bounds, in the unit of the type */
	const char *help;	  /* one line for people */
	const char *const *words; /* FIELD_WORD: NULL-terminated; else NULL */
	bool is_required;
};

struct text_list {
	const char **items; /* owned by the arena of whoever read it */
	size_t count;
};

/*
 * Set field INDEX of TABLE in BASE from the text VALUE. Texts are borrowed: the pointer itself is stored.
 * Errors: -EBADMSG, with a sentence that says what to write; nothing is written then.
 */
MP_MUST_CHECK int field_set(const struct field *table, size_t index, void *base, const char *value,
			    struct mp_error *err);

/* Index of NAME in TABLE, or -1. */
int field_find(const struct field *table, size_t count, const char *name);

/* How the form of this row is written for people: "whole number 100-599", "duration, 1ms-60s". */
void field_form(const struct field *row, char *ret_text, size_t size);

/*
 * The nearest of COUNT names to NAME by edit distance, or NULL when none is near enough to be a slip
 * (more than a third of its length away). NAME_AT(context, i) gives the i-th name.
 */
const char *nearest_word(const char *name, size_t count,
			 const char *(*name_at)(const void *context, size_t i),
			 const void *context);

/* The nearest of a NULL-terminated list. */
const char *nearest_of(const char *name, const char *const *words);

/* The nearest name of a field table. */
const char *nearest_field(const char *name, const struct field *table, size_t count);

/* Strict scalar parsers: the whole text or -EBADMSG; -ERANGE when it does not fit. */
MP_MUST_CHECK int parse_count(const char *text, int64_t *ret_value);
MP_MUST_CHECK int parse_msec(const char *text, int64_t *ret_ms);
MP_MUST_CHECK int parse_bytes(const char *text, int64_t *ret_bytes);

#endif
