/* SPDX-License-Identifier: MIT */
/* Inside of the room: a file being read, and what its readers share. */
#ifndef GRADER_MANIFEST_INNER_H
#define GRADER_MANIFEST_INNER_H

#include "grader/manifest/manifest.h"
#include "grader/manifest/tables.h"
#include "grader/yaml/yaml.h"

/* One exercise.yaml being read. */
struct loading {
	const struct road *road;		/* borrowed; NULL: nothing to agree with */
	const struct road_entry *entry;		/* borrowed: the row of the road; NULL: none */
	const struct probe_kind *const *probes; /* NULL-terminated; NULL: steps stay unread */
	struct arena *arena;			/* borrowed: the exercise's */
	struct yaml_complaints *list;		/* borrowed */
	const struct yaml_node *root;
	struct exercise_draft *draft; /* in the arena */
	struct exercise *exercise;    /* &draft->exercise */
	struct text_list used; /* names of words and patterns that a step used, in the arena */
	bool has_bad_points;
};

void loading_init(struct loading *loading, struct arena *arena, struct yaml_complaints *list);

/*
 * Read BYTES into LOADING->exercise. Files are looked for when exercise->folder_fd is not negative.
 * Every mistake is in LOADING->list.
 */
void loading_read(struct loading *loading, const char *bytes, size_t count);

/* A complaint at a node. */
void complain_at(const struct loading *loading, const struct yaml_node *node, const char *format,
		 ...) MP_PRINTF(3, 4);

/* A free value in the exercise's arena; NULL after a mistake. */
const json_t *loading_json(const struct loading *loading, const struct yaml_node *node);

/* Read map NODE by TABLE. */
void loading_table(const struct loading *loading, const struct yaml_node *node,
		   const struct table *table, void *base);

/* Remember that a word or pattern was used. */
void loading_use(struct loading *loading, const char *name);
bool list_has(const struct text_list *list, const char *name);

/* --- sections.c: the small maps and lists of the file --------------------------------------------- */
void loading_sections(struct loading *loading);

/* --- check.c ------------------------------------------------------------------------------------- */
void loading_checks(struct loading *loading);

/* What the steps of one check know of each other. */
struct check_context {
	struct loading *loading;
	const char *id;			/* of the check, or "?" */
	const struct probe_kind *probe; /* of the steps so far */
	const char *probe_verb;		/* the verb that said so */
	struct text_list saved;		/* names saved by the steps before, in the arena */
};

/* The node where a check is shown: its key `id`, else the map. */
const struct yaml_node *check_place(const struct yaml_node *check);

/* Is NAME a part of the answer of some verb? */
bool is_part(const struct loading *loading, const char *name);

/* --- step.c -------------------------------------------------------------------------------------- */

/*
 * Read the step in map NODE. IS_INLINE: the map is the check itself, whose own keys are left alone.
 * Returns false when there is no step to keep.
 */
bool step_read(struct check_context *context, const struct yaml_node *node, bool is_inline,
	       struct step *ret_step);

/* Is KEY a verb or a further key of a step of some probe? */
bool is_step_key(const struct loading *loading, const char *key);

/* --- pattern.c ----------------------------------------------------------------------------------- */

/* Complain about every slip of the pattern at NODE. */
void pattern_check(const struct loading *loading, const struct yaml_node *node);

/* The same for a free value that is sent. */
void free_check(const struct loading *loading, const struct yaml_node *node, const json_t *value);

/* BASE with OVER laid on it, a new reference: maps of plain keys merge, anything else replaces. */
json_t *pattern_merge(const json_t *base, const json_t *over);

/* --- known.c ------------------------------------------------------------------------------------- */

/* Read and check `words`. */
void loading_words(struct loading *loading);

/* Complain about names in the texts at and below NODE that are not known in this step. */
void names_check(struct check_context *context, const struct yaml_node *node, int64_t at_once);

/* Check `save` of a step and remember its names. */
void save_check(struct check_context *context, const struct yaml_node *save,
		const char *const *parts);

/* --- refer.c: what must agree between the parts of the file, and with the folder ------------------- */
void loading_agree(struct loading *loading);

#endif
