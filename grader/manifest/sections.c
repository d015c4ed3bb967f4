/* SPDX-License-Identifier: MIT */
/* The small maps and lists of exercise.yaml. */
#include <string.h>

#include "grader/manifest/inner.h"

static bool is_list(const struct loading *loading, const struct yaml_node *node, const char *name)
{
	if (node && node->kind != YAML_LIST)
		complain_at(loading, node, "%s: wanted: a list", name);
	return node && node->kind == YAML_LIST;
}

static bool is_map(const struct loading *loading, const struct yaml_node *node, const char *name)
{
	if (node && node->kind != YAML_MAP)
		complain_at(loading, node, "%s: wanted: a map", name);
	return node && node->kind == YAML_MAP;
}

/* Each item of a list of maps by TABLE into an array of elements of SIZE bytes. */
static void read_rows(const struct loading *loading, const struct yaml_node *node, const char *name,
		      const struct table *table, void *items, size_t *count, size_t size)
{
	if (!is_list(loading, node, name))
		return;
	for (size_t i = 0; i < node->item_count; i++)
		loading_table(loading, node->items[i], table,
			      arena_push(loading->arena, items, count, size));
}

static void read_limits(struct loading *loading)
{
	struct limits *limits = &loading->exercise->limits;

	if (!loading->draft->limits)
		return;
	loading_table(loading, loading->draft->limits, &limits_table, limits);
	if (limits->check_ms > limits->total_ms)
		complain_at(loading, loading->draft->limits, "limits: check is longer than total");
}

static void read_entry(struct loading *loading)
{
	struct entry_draft draft;

	if (!loading->draft->entry)
		return;
	memset(draft.wishes, 0xff, sizeof(draft.wishes));
	loading_table(loading, loading->draft->entry, &entry_table, &draft);
	for (int i = 0; i < ENTRY_COUNT; i++)
		loading->exercise->entry[i] =
			draft.wishes[i] < 0 ? WISH_NONE
					    : (enum wish)(WISH_OPTIONAL + draft.wishes[i]);
}

static void read_health(struct loading *loading)
{
	const struct yaml_node *node = loading->draft->health;
	struct health_draft draft = {.status = 200};

	if (!node)
		return;
	loading_table(loading, node, &health_table, &draft);
	if (draft.path && draft.path[0] != '/')
		complain_at(loading, yaml_get(node, "http"), "health.http: a path begins with /");
	if (draft.path && draft.is_tcp)
		complain_at(loading, node, "health: write http or tcp, not both");
	if (!draft.path && yaml_get(node, "status"))
		complain_at(loading, node, "health: a status needs http");
	loading->exercise->health = (struct health){draft.path, draft.status};
}

static void read_deliver(struct loading *loading)
{
	struct exercise *exercise = loading->exercise;
	const struct yaml_node *node = loading->draft->deliver;

	if (!is_list(loading, node, "deliver"))
		return;
	for (size_t i = 0; i < node->item_count; i++) {
		const struct yaml_node *item = node->items[i];
		struct deliver *deliver = arena_push(loading->arena, &exercise->deliver,
						     &exercise->deliver_count, sizeof(*deliver));

		if (item->kind == YAML_SCALAR)
			yaml_read_value(item, deliver_table.rows, 0, deliver, deliver_table.name,
					loading->arena, loading->list);
		else
			loading_table(loading, item, &deliver_table, deliver);
		if (deliver->path && strstr(deliver->path, ".."))
			complain_at(loading, item, "deliver: a path has no '..'");
	}
}

static void read_makers(struct loading *loading)
{
	struct exercise *exercise = loading->exercise;
	const struct yaml_node *node = loading->draft->makers;

	if (!is_map(loading, node, "makers"))
		return;
	for (size_t i = 0; i < node->pair_count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		struct maker *maker = arena_push(loading->arena, &exercise->makers,
						 &exercise->maker_count, sizeof(*maker));

		if (pair->value->kind != YAML_SCALAR)
			complain_at(loading, pair->value,
				    "makers.%s: wanted: the path of a program below this folder",
				    pair->key->text);
		*maker = (struct maker){pair->key->text,
					pair->value->kind == YAML_SCALAR ? pair->value->text : ""};
	}
}

static void read_known_bad(struct loading *loading)
{
	struct exercise *exercise = loading->exercise;
	const struct yaml_node *node = loading->draft->known_bad;

	if (!is_list(loading, node, "known_bad"))
		return;
	for (size_t i = 0; i < node->item_count; i++) {
		struct known_bad *bad = arena_push(loading->arena, &exercise->known_bad,
						   &exercise->known_bad_count, sizeof(*bad));

		loading_table(loading, node->items[i], &known_bad_table, bad);
		bad->line = node->items[i]->line;
	}
}

static void read_pass(struct loading *loading)
{
	struct pass_draft draft = {60, 90};

	if (!loading->draft->pass)
		return;
	loading_table(loading, loading->draft->pass, &pass_table, &draft);
	if (draft.score > draft.mastered)
		complain_at(loading, loading->draft->pass, "pass: mastered lies below score");
	loading->exercise->pass_score = draft.score;
	loading->exercise->mastered_score = draft.mastered;
}

void loading_sections(struct loading *loading)
{
	struct exercise *exercise = loading->exercise;
	struct exercise_draft *draft = loading->draft;

	read_limits(loading);
	read_entry(loading);
	read_health(loading);
	read_deliver(loading);
	read_makers(loading);
	read_known_bad(loading);
	read_pass(loading);
	read_rows(loading, draft->stages, "stages", &stage_table, &exercise->stages,
		  &exercise->stage_count, sizeof(struct stage));
	read_rows(loading, draft->manual, "manual", &manual_table, &exercise->manual,
		  &exercise->manual_count, sizeof(struct manual_mark));
	if (draft->provenance)
		loading_table(loading, draft->provenance, &provenance_table, &exercise->provenance);
}
