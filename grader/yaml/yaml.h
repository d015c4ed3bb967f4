/* SPDX-License-Identifier: MIT */
/*
 * The YAML we use: one document, plain, with line and column of every node, and field tables that read
 * maps into structs. Source of the rules: docs/exercise-format.md, "The YAML we use".
 */
#ifndef GRADER_YAML_YAML_H
#define GRADER_YAML_YAML_H

#include <jansson.h>
#include <milepost/error.h>
#include <stdbool.h>
#include <stddef.h>

#include "sandbox/base/arena.h"
#include "sandbox/base/field.h"
#include "sandbox/base/text.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

/* A node; owned by the document's arena. Lists have items, maps have pairs of key and value. */
struct yaml_node {
	enum yaml_kind kind;
	int line, column; /* from 1 */
	const char *text; /* of a scalar, NUL-terminated */
	size_t length;
	bool is_quoted; /* quoted or a block */
	bool is_told;	/* a mistake of this node stands in the list already: readers stay silent */
	bool is_cut; /* the root of a file that cannot be read to its end: what is missing is not told */
	struct yaml_node **items;
	size_t item_count;
	struct yaml_pair *pairs;
	size_t pair_count;
};

struct yaml_pair {
	struct yaml_node *key;
	struct yaml_node *value;
};

enum {
	YAML_BYTES_MAX = 256 * 1024,
	YAML_DEPTH_MAX = 32,
	YAML_NODES_MAX = 20000,
	YAML_COMPLAINTS_MAX = 200
};

/*
 * Mistakes with their places. Each becomes a line "NAME:LINE:COLUMN: sentence"; sorted by place at the end.
 * The first YAML_COMPLAINTS_MAX are kept, the others counted.
 */
struct yaml_complaint {
	int line, column;
	bool is_warning;
	const char *text; /* in the arena */
};

struct yaml_complaints {
	struct arena *arena; /* owned */
	const char *name;    /* how the file is named in the lines; borrowed */
	struct yaml_complaint *items;
	size_t count;
	size_t error_count;
	size_t warning_count;
};

void yaml_complaints_init(struct yaml_complaints *list, const char *name);
void yaml_complaints_done(struct yaml_complaints *list);
void yaml_complain(struct yaml_complaints *list, int line, int column, const char *format, ...)
	MP_PRINTF(4, 5);
void yaml_vcomplain(struct yaml_complaints *list, int line, int column, const char *format,
		    va_list args) MP_PRINTF(4, 0);
void yaml_warn(struct yaml_complaints *list, int line, int column, const char *format, ...)
	MP_PRINTF(4, 5);

/* Write the lines, sorted by place, into TEXT. */
void yaml_complaints_print(struct yaml_complaints *list, struct text *text);

/*
 * Parse BYTES: at most 256 KiB, 32 levels, 20,000 nodes, counted while parsing. What we do not use
 * (anchors, tags, tabs, second documents, ...) is a mistake each, with what to write instead.
 * RET_ROOT lies in ARENA; NULL when nothing could be made of it. Of a file that breaks off (is_cut) it has
 * the keys and list items that were whole. Returns 0, or -EBADMSG when LIST got errors.
 */
MP_MUST_CHECK int yaml_parse(const char *bytes, size_t count, struct arena *arena,
			     struct yaml_node **ret_root, struct yaml_complaints *list);

/*
 * Read map NODE by a field table into BASE: unknown keys (nearest word offered), keys twice, keys without a
 * value, missing required keys, values out of form are mistakes. WHERE names the map in sentences ("a get
 * step"). FIELD_NODE stores the node itself. Keys in IGNORE (NULL-terminated, may be NULL) are left alone.
 * Texts and lists lie in ARENA, json values are released with it.
 */
void yaml_read(const struct yaml_node *node, const struct field *fields, size_t field_count,
	       void *base, const char *where, const char *const *ignore, struct arena *arena,
	       struct yaml_complaints *list);

/*
 * Read one value by row INDEX of FIELDS into BASE, as yaml_read() does. An item of a list of texts or names
 * counts with LOW and HIGH of the row; 0 and 0 mean any number.
 */
void yaml_read_value(const struct yaml_node *value, const struct field *fields, size_t index,
		     void *base, const char *where, struct arena *arena,
		     struct yaml_complaints *list);

/* The value of KEY in a map, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* The pair of KEY in a map, or NULL. */
const struct yaml_pair *yaml_pair_of(const struct yaml_node *map, const char *key);

/* Every node from a root on, parents first, without recursion: set up with yaml_walk_from(). */
struct yaml_walk {
	const struct yaml_node *nodes[YAML_DEPTH_MAX + 1]; /* borrowed */
	size_t next[YAML_DEPTH_MAX + 1];
	int depth;
	bool is_begun;
};
void yaml_walk_from(struct yaml_walk *walk, const struct yaml_node *root);
/* The next node, NULL at the end. Keys are not visited. */
const struct yaml_node *yaml_walk_next(struct yaml_walk *walk);

/*
 * A free value: unquoted true, false, null and JSON numbers are values, all other is text; slips that
 * readers disagree about (yes, 0987, 1_000, ...) are mistakes. A new reference, NULL after a mistake.
 */
json_t *yaml_free_value(const struct yaml_node *node, struct yaml_complaints *list);

#endif
