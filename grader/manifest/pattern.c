/* SPDX-License-Identifier: MIT */
/*
 * Patterns of the file: every slip with its place. The grammar belongs to match, which knows JSON and no
 * places; here plain maps and lists are opened, so that each slip below them is told at its own node.
 */
#include <string.h>

#include "grader/manifest/inner.h"
#include "grader/match/match.h"

enum { SLIP_PATH_MAX = 512 };

static bool is_our_key(const char *key)
{
	return key[0] == '$' && key[1] != '$';
}

/* The node at a dotted path below NODE as match writes it; the key's node when the slip is the key. */
static const struct yaml_node *node_at(const struct yaml_node *node, const char *path)
{
	while (*path) {
		const struct yaml_pair *pair = NULL;
		size_t longest = 0;
		int64_t index;
		char digits[24];
		size_t length = strcspn(path, ".");

		for (size_t i = 0; node->kind == YAML_MAP && i < node->pair_count; i++) {
			const char *key = node->pairs[i].key->text;
			size_t key_length = strlen(key);
			bool fits = strncmp(path, key, key_length) == 0 &&
				    (path[key_length] == '.' || path[key_length] == '\0');

			if (fits && (!pair || key_length > longest)) {
				pair = &node->pairs[i];
				longest = key_length;
			}
		}
		if (pair) {
			path += longest;
			if (!*path && is_our_key(pair->key->text) &&
			    !pattern_word_find(pair->key->text))
				return pair->key;
			node = pair->value;
		} else if (node->kind == YAML_LIST && length < sizeof(digits)) {
			memcpy(digits, path, length);
			digits[length] = '\0';
			if (parse_count(digits, &index) < 0 || index < 0 ||
			    (size_t)index >= node->item_count)
				return node;
			node = node->items[index];
			path += length;
		} else {
			return node;
		}
		path += *path == '.';
	}
	return node;
}

/* A pattern being checked: whose slips, and below which node. */
struct checking {
	const struct loading *loading;
	const struct yaml_node *node;
};

static void tell_slip(void *context, const char *at, const char *sentence)
{
	const struct checking *checking = context;

	complain_at(checking->loading, node_at(checking->node, at), "%s", sentence);
}

/* One node as a whole, by match's rules. */
static void check_whole(const struct loading *loading, const struct yaml_node *node)
{
	struct yaml_complaints quiet; /* what is no free value was said when the step was read */
	struct checking checking = {loading, node};
	json_t *pattern;

	yaml_complaints_init(&quiet, "");
	pattern = yaml_free_value(node, &quiet);
	yaml_complaints_done(&quiet);
	if (pattern)
		pattern_examine_all(pattern, tell_slip, &checking);
	json_decref(pattern);
}

static bool is_plain_map(const struct yaml_node *node)
{
	for (size_t i = 0; i < node->pair_count; i++) {
		if (is_our_key(node->pairs[i].key->text))
			return false;
	}
	return node->kind == YAML_MAP;
}

void pattern_check(const struct loading *loading, const struct yaml_node *node)
{
	mp_autoarena struct arena *arena = arena_new();
	const struct yaml_node **todo = NULL;
	size_t count = 0;

	*(const struct yaml_node **)arena_push(arena, &todo, &count, sizeof(node)) = node;
	for (size_t next = 0; next < count; next++) {
		const struct yaml_node *now = todo[next];
		bool is_open = now->kind == YAML_LIST || is_plain_map(now);
		size_t children = now->kind == YAML_LIST ? now->item_count : now->pair_count;

		if (!is_open) {
			check_whole(loading, now);
			continue;
		}
		for (size_t i = 0; i < children; i++)
			*(const struct yaml_node **)arena_push(arena, &todo, &count, sizeof(node)) =
				now->kind == YAML_LIST ? now->items[i] : now->pairs[i].value;
	}
}

void free_check(const struct loading *loading, const struct yaml_node *node, const json_t *value)
{
	char path[SLIP_PATH_MAX];
	struct mp_error err = {0};

	if (value && free_value_examine(value, path, sizeof(path), &err) < 0)
		complain_at(loading, node_at(node, path), "%s", err.text);
}

/* --- use ------------------------------------------------------------------------------------------- */

static bool is_plain_object(const json_t *value)
{
	const char *key;
	json_t *ignored;

	json_object_foreach (json_readable(value), key, ignored) {
		if (is_our_key(key))
			return false;
	}
	return json_is_object(value);
}

/* Two maps that are still to be merged. */
struct merge {
	json_t *into;
	const json_t *over;
};

json_t *pattern_merge(const json_t *base, const json_t *over)
{
	mp_autoarena struct arena *arena = arena_new();
	json_t *merged = base ? json_deep_copy(base) : json_object();
	struct merge *todo = NULL;
	size_t count = 0;
	const char *key;
	json_t *value;

	*(struct merge *)arena_push(arena, &todo, &count, sizeof(*todo)) =
		(struct merge){merged, over};
	for (size_t next = 0; next < count; next++) {
		const struct merge now = todo[next];

		json_object_foreach (json_readable(now.over), key, value) {
			json_t *old = json_object_get(now.into, key);

			if (old && is_plain_object(old) && is_plain_object(value))
				*(struct merge *)arena_push(arena, &todo, &count, sizeof(*todo)) =
					(struct merge){old, value};
			else
				(void)json_object_set_new(now.into, key, json_deep_copy(value));
		}
	}
	return merged;
}
