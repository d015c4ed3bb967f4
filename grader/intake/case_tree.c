/* SPDX-License-Identifier: MIT */
/* The paths seen so far, as a tree that finds names that differ by case only. */
#include "grader/intake/case_tree.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1 << 15 };

/* One entry: its name is kept in the tree's names, its folder is another entry. 0 is the top. */
struct case_node {
	uint32_t hash;
	uint32_t folder;
	uint32_t next; /* of the same bucket; 0: none */
	uint32_t name; /* offset in names */
	uint16_t name_bytes;
	bool is_folder;
};

struct case_tree {
	struct case_node *nodes; /* owned */
	size_t count, most;
	char *names; /* owned */
	size_t names_used, names_capacity;
	uint32_t buckets[BUCKETS];
};

struct case_tree *case_tree_new(size_t most)
{
	struct case_tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return NULL;
	tree->most = most;
	tree->nodes = calloc(most + 1, sizeof(*tree->nodes));
	if (!tree->nodes)
		return case_tree_free(tree);
	tree->nodes[0].is_folder = true;
	return tree;
}

struct case_tree *case_tree_free(struct case_tree *tree)
{
	if (tree) {
		free(tree->nodes);
		free(tree->names);
	}
	free(tree);
	return NULL;
}

/* FNV-1a over the folded name, begun with its folder. */
static uint32_t case_hash(uint32_t folder, const char *name, size_t count)
{
	uint32_t hash = 2166136261u ^ (folder * 2654435761u);

	for (size_t i = 0; i < count; i++)
		hash = (hash ^ (uint32_t)tolower((unsigned char)name[i])) * 16777619u;
	return hash;
}

static bool case_is_same(const char *one, const char *other, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (tolower((unsigned char)one[i]) != tolower((unsigned char)other[i]))
			return false;
	}
	return true;
}

static uint32_t case_find(const struct case_tree *tree, uint32_t folder, const char *name,
			  size_t count)
{
	uint32_t hash = case_hash(folder, name, count);

	for (uint32_t at = tree->buckets[hash % BUCKETS]; at; at = tree->nodes[at].next) {
		const struct case_node *node = &tree->nodes[at];

		if (node->hash == hash && node->folder == folder && node->name_bytes == count &&
		    case_is_same(tree->names + node->name, name, count))
			return at;
	}
	return 0;
}

/* The new entry's index; 0: the tree is full, or memory is. */
static uint32_t case_insert(struct case_tree *tree, uint32_t folder, const char *name, size_t count)
{
	struct case_node *node;
	uint32_t hash = case_hash(folder, name, count);

	if (tree->count >= tree->most)
		return 0;
	if (tree->names_capacity - tree->names_used < count) {
		size_t capacity = tree->names_capacity * 2 + count + 4096;
		char *names = realloc(tree->names, capacity);

		if (!names)
			return 0;
		tree->names = names;
		tree->names_capacity = capacity;
	}
	node = &tree->nodes[++tree->count];
	*node = (struct case_node){
		.hash = hash,
		.folder = folder,
		.next = tree->buckets[hash % BUCKETS],
		.name = (uint32_t)tree->names_used,
		.name_bytes = (uint16_t)count,
	};
	memcpy(tree->names + tree->names_used, name, count);
	tree->names_used += count;
	tree->buckets[hash % BUCKETS] = (uint32_t)tree->count;
	return (uint32_t)tree->count;
}

enum case_answer case_tree_add(struct case_tree *tree, const char *path)
{
	uint32_t folder = 0;

	while (true) {
		const char *slash = strchr(path, '/');
		size_t count = slash ? (size_t)(slash - path) : strlen(path);
		uint32_t at = case_find(tree, folder, path, count);
		const struct case_node *node = &tree->nodes[at];

		if (at && memcmp(tree->names + node->name, path, count) != 0)
			return CASE_CLASH;
		if (at && (!slash || !node->is_folder))
			return CASE_TWICE;
		if (!at)
			at = case_insert(tree, folder, path, count);
		if (!at)
			return CASE_FULL;
		if (!slash)
			return CASE_NEW;
		tree->nodes[at].is_folder = true;
		folder = at;
		path = slash + 1;
	}
}
