/* SPDX-License-Identifier: MIT */
/* Finding and visiting nodes. */
#include <string.h>

#include "grader/yaml/yaml.h"

const struct yaml_pair *yaml_pair_of(const struct yaml_node *map, const char *key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->pair_count; i++) {
		if (strcmp(map->pairs[i].key->text, key) == 0)
			return &map->pairs[i];
	}
	return NULL;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	const struct yaml_pair *pair = yaml_pair_of(map, key);

	return pair ? pair->value : NULL;
}

void yaml_walk_from(struct yaml_walk *walk, const struct yaml_node *root)
{
	*walk = (struct yaml_walk){.nodes = {root}};
}

static const struct yaml_node *node_child(const struct yaml_node *node, size_t i)
{
	if (node->kind == YAML_LIST && i < node->item_count)
		return node->items[i];
	if (node->kind == YAML_MAP && i < node->pair_count)
		return node->pairs[i].value;
	return NULL;
}

const struct yaml_node *yaml_walk_next(struct yaml_walk *walk)
{
	if (!walk->is_begun) {
		walk->is_begun = true;
		return walk->nodes[0];
	}
	while (walk->depth >= 0 && walk->nodes[0]) {
		const struct yaml_node *child =
			node_child(walk->nodes[walk->depth], walk->next[walk->depth]);

		if (!child) {
			walk->depth--;
			continue;
		}
		walk->next[walk->depth]++;
		if (child->kind != YAML_SCALAR && walk->depth < YAML_DEPTH_MAX) {
			walk->depth++;
			walk->nodes[walk->depth] = child;
			walk->next[walk->depth] = 0;
		}
		return child;
	}
	return NULL;
}
