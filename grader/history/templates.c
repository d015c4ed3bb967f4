/* SPDX-License-Identifier: MIT */
/*
 * Templates: with which files a learner's repository begins. Compared by the files of the first commit and
 * not by its id, so that "use this template", an import and `milepost init` are all the same.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/history/inner.h"
#include "grader/yaml/yaml.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

static const char templates_path[] = "data/templates.yaml";
static const char any_content[] = "present";

struct template_keys {
	const char *track;
	int64_t version;
	const struct yaml_node *files;
};

static const struct field template_fields[] = {
	{"track", FIELD_TEXT, offsetof(struct template_keys, track), 1, 20, "the language", NULL,
	 true},
	{"version", FIELD_COUNT, offsetof(struct template_keys, version), 1, 9999,
	 "rises when a file changes", NULL, true},
	{"files", FIELD_NODE, offsetof(struct template_keys, files), 0, 0,
	 "map of path to the id of its blob, or `present`", NULL, true},
};

static void read_files(const struct yaml_node *node, struct arena *arena, struct template *into,
		       struct yaml_complaints *list)
{
	struct template_file *files;

	if (!node || node->kind != YAML_MAP) {
		if (node)
			yaml_complain(list, node->line, node->column, "files: write a map");
		return;
	}
	files = arena_alloc(arena, node->pair_count + 1, sizeof(*files));
	for (size_t i = 0; i < node->pair_count; i++) {
		files[i].path = node->pairs[i].key->text;
		files[i].id = node->pairs[i].value->text;
		if (node->pairs[i].value->kind != YAML_SCALAR ||
		    (strlen(files[i].id) != 40 && strcmp(files[i].id, any_content) != 0))
			yaml_complain(list, node->pairs[i].value->line,
				      node->pairs[i].value->column,
				      "write the id of a blob, or 'present'");
	}
	into->files = files;
	into->file_count = node->pair_count;
}

static void read_templates(const struct yaml_node *root, struct arena *arena,
			   struct template_list *into, struct yaml_complaints *list)
{
	const struct yaml_node *items = yaml_get(root, "templates");

	if (!items || items->kind != YAML_LIST) {
		yaml_complain(list, root->line, root->column, "templates: write a list");
		return;
	}
	for (size_t i = 0; i < items->item_count; i++) {
		struct template_keys keys = {0};
		struct template *template =
			arena_push(arena, &into->items, &into->count, sizeof(*template));

		yaml_read(items->items[i], template_fields,
			  sizeof(template_fields) / sizeof(template_fields[0]), &keys, "a template",
			  NULL, arena, list);
		template->track = keys.track;
		template->version = keys.version;
		read_files(keys.files, arena, template, list);
	}
}

int templates_load(const struct exercise *exercise, struct arena *arena,
		   struct template_list *ret_list, struct mp_error *err)
{
	mp_autofree char *bytes = NULL;
	struct template_list loaded = {0};
	struct yaml_complaints list;
	struct yaml_node *root = NULL;
	size_t count;
	int ret = path_read_below(exercise->folder_fd, templates_path, YAML_BYTES_MAX, &bytes,
				  &count);

	if (ret < 0)
		return mp_fail(err, MP_FAULT_CONTENT, ret, "%s: %s", exercise->id, templates_path);
	yaml_complaints_init(&list, templates_path);
	if (yaml_parse(bytes, count, arena, &root, &list) == 0 && root)
		read_templates(root, arena, &loaded, &list);
	if (list.error_count > 0 || loaded.count == 0)
		ret = mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "%s: %s, line %d: %s", exercise->id,
			      templates_path, list.count ? list.items[0].line : 1,
			      list.count ? list.items[0].text : "it has no templates");
	yaml_complaints_done(&list);
	if (ret == 0)
		*ret_list = loaded;
	return ret;
}

static bool root_has(const struct history_commit *root, const struct template_file *file)
{
	for (size_t i = 0; i < root->file_count; i++) {
		if (strcmp(root->files[i].path, file->path) == 0)
			return strcmp(file->id, any_content) == 0 ||
			       strcmp(file->id, root->files[i].id) == 0;
	}
	return false;
}

size_t template_lacks(const struct template *template, const struct history_commit *root,
		      const char **ret_first)
{
	size_t lacking = 0;

	for (size_t i = 0; i < template->file_count; i++) {
		if (root_has(root, &template->files[i]))
			continue;
		if (lacking++ == 0)
			*ret_first = template->files[i].path;
	}
	return lacking;
}

const struct template *template_nearest(const struct template_list *list,
					const struct history_commit *root, size_t *ret_lacking,
					const char **ret_first)
{
	const struct template *nearest = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const char *first = NULL;
		size_t lacking = template_lacks(&list->items[i], root, &first);

		if (nearest && lacking >= *ret_lacking)
			continue;
		nearest = &list->items[i];
		*ret_lacking = lacking;
		*ret_first = first;
	}
	return nearest;
}
