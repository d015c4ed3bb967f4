/* SPDX-License-Identifier: MIT */
/* Field tables: a map of the file into a struct, every mistake with its place. */
#include <stdio.h>
#include <string.h>

#include "grader/yaml/yaml.h"

enum { NAME_MAX_CHARACTERS = 64, PREFIX_BYTES = 160, FORM_BYTES = 200 };

/* What the small functions below hand around. */
struct reading {
	const char *where;
	struct arena *arena;
	struct yaml_complaints *list;
};

/* "limits.start" for a map that is a key, "start" for one that needs words. */
static void field_prefix(const struct reading *reading, const char *name,
			 char ret_prefix[PREFIX_BYTES])
{
	bool is_key = *reading->where && !strchr(reading->where, ' ');

	(void)snprintf(ret_prefix, PREFIX_BYTES, "%s%s%s", is_key ? reading->where : "",
		       is_key ? "." : "", name);
}

static void complain_form(const struct reading *reading, const struct field *row,
			  const struct yaml_node *value)
{
	static const char *const kinds[] = {
		[YAML_SCALAR] = "one value", [YAML_LIST] = "a list", [YAML_MAP] = "a map"};
	char prefix[PREFIX_BYTES];
	char form[FORM_BYTES];

	field_prefix(reading, row->name, prefix);
	field_form(row, form, sizeof(form));
	yaml_complain(reading->list, value->line, value->column, "%s: wanted: %s; this is %s",
		      prefix, form, kinds[value->kind]);
}

static bool scalar_is_text(const struct reading *reading, const char *prefix,
			   const struct yaml_node *value)
{
	if (strlen(value->text) == value->length)
		return true;
	yaml_complain(reading->list, value->line, value->column,
		      "%s: a NUL character cannot stand here", prefix);
	return false;
}

static void read_scalar(const struct reading *reading, const struct field *fields, size_t index,
			void *base, const struct yaml_node *value)
{
	char prefix[PREFIX_BYTES];
	struct mp_error err = {0};

	field_prefix(reading, fields[index].name, prefix);
	if (value->kind != YAML_SCALAR)
		complain_form(reading, &fields[index], value);
	else if (scalar_is_text(reading, prefix, value) &&
		 field_set(fields, index, base, value->text, &err) < 0)
		yaml_complain(reading->list, value->line, value->column, "%s: %s", prefix,
			      err.text);
}

/* One item of a list of names or texts into the list. */
static void read_item(const struct reading *reading, const struct field *row,
		      const struct yaml_node *item, struct text_list *into)
{
	bool is_name = row->type == FIELD_NAMES;
	const struct field form = {row->name,
				   is_name ? FIELD_NAME : FIELD_TEXT,
				   0,
				   is_name ? 1 : 0,
				   is_name ? NAME_MAX_CHARACTERS : YAML_BYTES_MAX,
				   NULL,
				   NULL,
				   false};
	const char *text = NULL;
	size_t errors = reading->list->error_count;

	if (item->is_told)
		return;
	read_scalar(reading, &form, 0, &text, item);
	if (reading->list->error_count == errors)
		*(const char **)arena_push(reading->arena, &into->items, &into->count,
					   sizeof(text)) = text;
}

static void read_list(const struct reading *reading, const struct field *row, void *base,
		      const struct yaml_node *value)
{
	struct text_list list = {0};
	char prefix[PREFIX_BYTES];
	size_t count = value->kind == YAML_LIST ? value->item_count : 1;
	bool is_bounded = row->low != 0 || row->high != 0;

	field_prefix(reading, row->name, prefix);
	if (value->kind == YAML_MAP || (value->kind == YAML_SCALAR && row->type == FIELD_TEXTS)) {
		complain_form(reading, row, value);
		return;
	}
	if (is_bounded && ((int64_t)count < row->low || (int64_t)count > row->high)) {
		yaml_complain(reading->list, value->line, value->column,
			      "%s: %zu items; %lld to %lld are allowed", prefix, count,
			      (long long)row->low, (long long)row->high);
		return;
	}
	for (size_t i = 0; i < count; i++)
		read_item(reading, row, value->kind == YAML_LIST ? value->items[i] : value, &list);
	memcpy((char *)base + row->offset, &list, sizeof(list));
}

static void release_json(void *value)
{
	json_decref(value);
}

static void read_free(const struct reading *reading, const struct field *row, void *base,
		      const struct yaml_node *value)
{
	json_t *json;

	if (row->type == FIELD_PARTS && value->kind != YAML_MAP) {
		complain_form(reading, row, value);
		return;
	}
	json = yaml_free_value(value, reading->list);
	if (!json)
		return;
	arena_defer(reading->arena, release_json, json);
	memcpy((char *)base + row->offset, &json, sizeof(json));
}

void yaml_read_value(const struct yaml_node *value, const struct field *fields, size_t index,
		     void *base, const char *where, struct arena *arena,
		     struct yaml_complaints *list)
{
	const struct reading reading = {where, arena, list};
	const struct field *row = &fields[index];

	if (value->is_told)
		return;
	switch (row->type) {
	case FIELD_NAMES:
	case FIELD_TEXTS:
		read_list(&reading, row, base, value);
		break;
	case FIELD_FREE:
	case FIELD_PATTERN:
	case FIELD_PARTS:
		read_free(&reading, row, base, value);
		break;
	case FIELD_NODE:
		memcpy((char *)base + row->offset, &value, sizeof(value));
		break;
	default:
		read_scalar(&reading, fields, index, base, value);
	}
}

struct all_names {
	const struct field *fields;
	size_t field_count;
	const char *const *more; /* borrowed */
};

static const char *all_names_at(const void *context, size_t i)
{
	const struct all_names *all = context;

	return i < all->field_count ? all->fields[i].name : all->more[i - all->field_count];
}

static size_t words_count(const char *const *words)
{
	size_t count = 0;

	while (words && words[count])
		count++;
	return count;
}

static bool words_have(const char *const *words, const char *name)
{
	for (size_t i = 0; words && words[i]; i++) {
		if (strcmp(words[i], name) == 0)
			return true;
	}
	return false;
}

static const char *nearest_known(const char *name, const struct all_names *all)
{
	return nearest_word(name, all->field_count + words_count(all->more), all_names_at, all);
}

static void complain_unknown(const struct yaml_node *key, const struct all_names *all,
			     const char *where, struct yaml_complaints *list)
{
	const char *near = nearest_known(key->text, all);

	if (key->is_told)
		return;
	if (near)
		yaml_complain(list, key->line, key->column,
			      "unknown key '%s' in %s; did you mean '%s'?", key->text, where, near);
	else
		yaml_complain(list, key->line, key->column, "unknown key '%s' in %s", key->text,
			      where);
}

/* Is a slip among the keys that most likely meant NAME? It was told, so NAME is not missing too. */
static bool is_meant(const struct yaml_node *map, const struct all_names *all, const char *name)
{
	for (size_t i = 0; i < map->pair_count; i++) {
		const char *key = map->pairs[i].key->text;
		bool is_known = field_find(all->fields, all->field_count, key) >= 0 ||
				words_have(all->more, key);
		const char *near = is_known ? NULL : nearest_known(key, all);

		if (near && strcmp(near, name) == 0)
			return true;
	}
	return false;
}

void yaml_read(const struct yaml_node *node, const struct field *fields, size_t field_count,
	       void *base, const char *where, const char *const *ignore, struct arena *arena,
	       struct yaml_complaints *list)
{
	const struct all_names all = {fields, field_count, ignore};

	if (node->is_told)
		return;
	if (node->kind != YAML_MAP) {
		yaml_complain(list, node->line, node->column, "%s is a map of keys to values",
			      where);
		return;
	}
	for (size_t i = 0; i < node->pair_count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		int index = field_find(fields, field_count, pair->key->text);

		if (index >= 0)
			yaml_read_value(pair->value, fields, (size_t)index, base, where, arena,
					list);
		else if (!words_have(ignore, pair->key->text))
			complain_unknown(pair->key, &all, where, list);
	}
	for (size_t i = 0; i < field_count && !node->is_cut; i++) {
		if (fields[i].is_required && !yaml_get(node, fields[i].name) &&
		    !is_meant(node, &all, fields[i].name))
			yaml_complain(list, node->line, node->column, "%s has no '%s'", where,
				      fields[i].name);
	}
}
