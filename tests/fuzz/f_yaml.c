/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: any bytes as YAML. A file is read or complained about, never both silently; every complaint has a
 * place and is safe to show; what was read can be read again as a free value and by a field table.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/yaml/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct thing {
	const char *name;
	int64_t count, start_ms, memory_bytes;
	bool is_ready;
	struct text_list tags, lines;
	json_t *json, *expect;
	const struct yaml_node *node;
};

#define ROW(NAME, TYPE, MEMBER, LOW, HIGH)                                                         \
	{                                                                                          \
		NAME, TYPE, offsetof(struct thing, MEMBER), LOW, HIGH, "", NULL, false             \
	}
static const struct field table[] = {
	ROW("name", FIELD_NAME, name, 2, 31),
	ROW("count", FIELD_COUNT, count, 1, 99),
	ROW("start", FIELD_MSEC, start_ms, 1, 60000),
	ROW("memory", FIELD_BYTES, memory_bytes, 1, 1 << 30),
	ROW("ready", FIELD_BOOL, is_ready, 0, 0),
	ROW("tags", FIELD_NAMES, tags, 0, 5),
	ROW("lines", FIELD_TEXTS, lines, 0, 0),
	ROW("json", FIELD_FREE, json, 0, 0),
	ROW("expect", FIELD_PARTS, expect, 0, 0),
	ROW("node", FIELD_NODE, node, 0, 0),
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Every node lies in the file, and no more of them than were counted. */
static void check_nodes(const struct yaml_node *root)
{
	const struct yaml_node *node;
	struct yaml_walk walk;
	size_t count = 0;

	yaml_walk_from(&walk, root);
	while ((node = yaml_walk_next(&walk))) {
		must(node->line >= 1 && node->column >= 1);
		must(node->kind != YAML_SCALAR || node->text[node->length] == '\0');
		count++;
	}
	must(count >= 1 && count <= YAML_NODES_MAX);
}

static void check_complaints(struct yaml_complaints *list)
{
	struct text text;

	text_init(&text, 0);
	for (size_t i = 0; i < list->count; i++)
		must(list->items[i].line >= 1 && list->items[i].column >= 1 &&
		     *list->items[i].text != '\0');
	yaml_complaints_print(list, &text);
	for (size_t i = 0; i < text.length; i++)
		must(text.data[i] == '\n' || (unsigned char)text.data[i] >= 0x20);
	must((text.length > 0) == (list->error_count + list->warning_count > 0));
	text_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct yaml_complaints list;
	struct yaml_node *root = NULL;
	struct thing thing = {0};
	int ret;

	yaml_complaints_init(&list, "f");
	ret = yaml_parse((const char *)data, size, arena, &root, &list);
	must(ret == (list.error_count > 0 ? -EBADMSG : 0));
	must(root || ret < 0);
	if (root) {
		size_t errors = list.error_count;
		json_t *value;

		check_nodes(root);
		value = yaml_free_value(root, &list);
		must(value || list.error_count > 0);
		must(!value || list.error_count == errors);
		json_decref(value);
		yaml_read(root, table, sizeof(table) / sizeof(table[0]), &thing, "a thing", NULL,
			  arena, &list);
	}
	check_complaints(&list);
	yaml_complaints_done(&list);
	(void)arena_free(arena);
	return 0;
}
