/* SPDX-License-Identifier: MIT */
/* Checks and the patterns that they share. */
#include <string.h>

#include "grader/manifest/inner.h"

enum { CHECKS_MAX = 60, STEPS_MAX = 40 };

const struct yaml_node *check_place(const struct yaml_node *check)
{
	const struct yaml_pair *id = yaml_pair_of(check, "id");

	return id ? id->key : check;
}

/* --- patterns -------------------------------------------------------------------------------------- */

bool is_part(const struct loading *loading, const char *name)
{
	for (size_t i = 0; loading->probes[i]; i++) {
		for (size_t j = 0; j < loading->probes[i]->verb_count; j++) {
			const char *const *parts = loading->probes[i]->verbs[j].parts;

			for (size_t k = 0; parts && parts[k]; k++) {
				if (strcmp(parts[k], name) == 0 && strcmp(name, "use") != 0)
					return true;
			}
		}
	}
	return false;
}

/* The nearest part of any answer. */
static const char *nearest_part(const struct loading *loading, const char *name)
{
	for (size_t i = 0; loading->probes[i]; i++) {
		for (size_t j = 0; j < loading->probes[i]->verb_count; j++) {
			const char *const *parts = loading->probes[i]->verbs[j].parts;
			const char *near = parts ? nearest_of(name, parts) : NULL;

			if (near)
				return near;
		}
	}
	return NULL;
}

static void check_pattern(const struct loading *loading, const struct yaml_node *pattern)
{
	if (pattern->kind != YAML_MAP) {
		complain_at(loading, pattern, "patterns: each is a map of parts to patterns");
		return;
	}
	for (size_t i = 0; i < pattern->pair_count; i++) {
		const struct yaml_pair *pair = &pattern->pairs[i];
		const char *near = is_part(loading, pair->key->text)
					   ? NULL
					   : nearest_part(loading, pair->key->text);

		if (near)
			complain_at(loading, pair->key,
				    "no answer has a part '%s'; did you mean '%s'?",
				    pair->key->text, near);
		else if (!is_part(loading, pair->key->text))
			complain_at(loading, pair->key, "no answer has a part '%s'",
				    pair->key->text);
		else
			pattern_check(loading, pair->value);
	}
}

static void read_patterns(struct loading *loading)
{
	const struct yaml_node *node = loading->draft->patterns;

	if (!node)
		return;
	if (node->kind != YAML_MAP) {
		complain_at(loading, node, "patterns: wanted: a map of name to expectation");
		return;
	}
	loading->exercise->patterns = loading_json(loading, node);
	for (size_t i = 0; i < node->pair_count; i++)
		check_pattern(loading, node->pairs[i].value);
}

/* --- checks ---------------------------------------------------------------------------------------- */

static void read_steps(struct check_context *context, const struct yaml_node *node,
		       struct check *check)
{
	struct loading *loading = context->loading;
	struct step *steps = NULL;

	if (node->kind != YAML_LIST || node->item_count < 1 || node->item_count > STEPS_MAX) {
		complain_at(loading, node, "steps: wanted: a list of 1-%d steps", STEPS_MAX);
		return;
	}
	for (size_t i = 0; i < node->item_count; i++) {
		struct step step = {0};

		if (step_read(context, node->items[i], false, &step))
			*(struct step *)arena_push(loading->arena, &steps, &check->step_count,
						   sizeof(step)) = step;
	}
	check->steps = steps;
}

static void read_only_step(struct check_context *context, const struct yaml_node *node,
			   struct check *check)
{
	struct step *step = arena_new_of(context->loading->arena, struct step);

	if (!step_read(context, node, true, step))
		return;
	check->steps = step;
	check->step_count = 1;
}

/* Keys beside `steps:` that belong into a step, and keys nobody knows. */
static void complain_beside(const struct loading *loading, const struct yaml_node *key,
			    const char *where)
{
	const char *near = nearest_field(key->text, check_table.rows, check_table.count);

	if (is_step_key(loading, key->text))
		complain_at(loading, key, "'%s' beside steps: write it into a step", key->text);
	else if (near)
		complain_at(loading, key, "unknown key '%s' in %s; did you mean '%s'?", key->text,
			    where, near);
	else
		complain_at(loading, key, "unknown key '%s' in %s", key->text, where);
}

/* The check's own keys by its table. */
static void read_own_keys(struct loading *loading, const struct yaml_node *node,
			  struct check_draft *draft, const char *where)
{
	bool has_steps = yaml_get(node, "steps");
	size_t errors = loading->list->error_count;

	for (size_t i = 0; i < node->pair_count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		int index = field_find(check_table.rows, check_table.count, pair->key->text);

		if (index >= 0)
			yaml_read_value(pair->value, check_table.rows, (size_t)index, draft, where,
					loading->arena, loading->list);
		else if (has_steps)
			complain_beside(loading, pair->key, where);
	}
	for (size_t i = 0; i < check_table.count; i++) {
		if (check_table.rows[i].is_required && !yaml_get(node, check_table.rows[i].name))
			complain_at(loading, check_place(node), "%s has no '%s'", where,
				    check_table.rows[i].name);
	}
	loading->has_bad_points = loading->has_bad_points ||
				  (loading->list->error_count > errors && draft->check.points < 0);
}

static void read_check(struct loading *loading, const struct yaml_node *node, struct check *check)
{
	struct check_draft draft = {.check = {.cap = -1, .repeat = 1, .points = -1}};
	const struct yaml_node *id = yaml_get(node, "id");
	struct check_context context = {.loading = loading};
	const char *where;

	context.id = id && id->kind == YAML_SCALAR ? id->text : "?";
	where = arena_format(loading->arena, "check '%s'", context.id);
	if (node->kind != YAML_MAP) {
		complain_at(loading, node, "a check is a map of keys to values");
		loading->has_bad_points = true;
		return;
	}
	read_own_keys(loading, node, &draft, where);
	*check = draft.check;
	check->points = check->points < 0 ? 0 : check->points;
	check->line = check_place(node)->line;
	check->column = check_place(node)->column;
	if (draft.steps)
		read_steps(&context, draft.steps, check);
	else if (!yaml_get(node, "steps"))
		read_only_step(&context, node, check);
	check->probe = context.probe;
}

void loading_checks(struct loading *loading)
{
	struct exercise *exercise = loading->exercise;
	const struct yaml_node *node = loading->draft->checks;
	struct check *checks = NULL;

	read_patterns(loading);
	if (!node)
		return;
	if (node->kind != YAML_LIST || node->item_count < 1 || node->item_count > CHECKS_MAX) {
		complain_at(loading, node, "checks: wanted: a list of 1-%d checks", CHECKS_MAX);
		return;
	}
	for (size_t i = 0; i < node->item_count; i++)
		read_check(loading, node->items[i],
			   arena_push(loading->arena, &checks, &exercise->check_count,
				      sizeof(*checks)));
	exercise->checks = checks;
}
