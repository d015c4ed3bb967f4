/* SPDX-License-Identifier: MIT */
/* One file: its bytes, its parts, and how each is compared. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/files/inner.h"
#include "grader/yaml/yaml.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

/* --- parts --------------------------------------------------------------------------------- */

static json_t *text_part(const char *bytes, size_t count, struct arena *arena, const char **ret_why)
{
	(void)arena;
	(void)ret_why;
	return match_text_of_bytes(bytes, count);
}

/* Lines without their \n. What stands behind the last \n is a line when it is not empty. */
static json_t *lines_part(const char *bytes, size_t count, struct arena *arena,
			  const char **ret_why)
{
	json_t *lines = json_array();

	(void)arena;
	(void)ret_why;
	while (count > 0) {
		const char *end = memchr(bytes, '\n', count);
		size_t length = end ? (size_t)(end - bytes) : count;

		(void)json_array_append_new(lines, match_text_of_bytes(bytes, length));
		length += end != NULL;
		bytes += length;
		count -= length;
	}
	return lines;
}

static json_t *json_part(const char *bytes, size_t count, struct arena *arena, const char **ret_why)
{
	json_error_t slip;
	json_t *value = json_loadb(bytes, count, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &slip);

	if (!value)
		*ret_why = arena_format(arena, "no JSON: line %d, column %d: %s", slip.line,
					slip.column, slip.text);
	return value;
}

static json_t *yaml_part(const char *bytes, size_t count, struct arena *arena, const char **ret_why)
{
	struct yaml_complaints list;
	struct yaml_node *root = NULL;
	json_t *value = NULL;

	yaml_complaints_init(&list, "");
	if (yaml_parse(bytes, count, arena, &root, &list) == 0 && root)
		value = yaml_free_value(root, &list);
	if (list.error_count > 0) {
		const struct yaml_complaint *first = &list.items[0];

		for (size_t i = 1; i < list.count; i++) {
			if (!list.items[i].is_warning && (list.items[i].line < first->line ||
							  (list.items[i].line == first->line &&
							   list.items[i].column < first->column)))
				first = &list.items[i];
		}
		*ret_why = arena_format(arena, "line %d, column %d: %s", first->line, first->column,
					first->text);
		json_decref(value);
		value = NULL;
	} else if (!value) {
		*ret_why = "an empty file";
	}
	yaml_complaints_done(&list);
	return value;
}

static json_t *size_part(const char *bytes, size_t count, struct arena *arena, const char **ret_why)
{
	(void)bytes;
	(void)arena;
	(void)ret_why;
	return json_integer((json_int_t)count);
}

static const struct {
	const char *name;
	json_t *(*read)(const char *bytes, size_t count, struct arena *arena, const char **ret_why);
} parts[] = {
	{"text", text_part}, {"lines", lines_part}, {"yaml", yaml_part},
	{"json", json_part}, {"size", size_part},
};

json_t *file_part(const char *part, const char *bytes, size_t count, struct arena *arena,
		  const char **ret_why)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(parts[i].name, part) == 0)
			return parts[i].read(bytes, count, arena, ret_why);
	}
	return NULL;
}

/* --- the step ------------------------------------------------------------------------------ */

static void judge_part(struct judging *judging, const char *part, const json_t *pattern)
{
	struct arena *arena = judging->run->arena;
	const char *why = NULL;
	const json_t *value = json_object_get(judging->parts, part);

	if (!value) {
		json_t *read = file_part(part, judging->bytes, judging->count, arena, &why);

		if (read)
			(void)json_object_set_new(judging->parts, part, read);
		value = read;
	}
	judging->is_unread = judging->is_unread || why;
	if (why)
		files_mismatch(judging, part, match_describe(pattern, judging->run->names, arena),
			       why);
	else if (match_part(part, pattern, value, judging->run->names, &judging->told))
		return;
	if (!judging->say)
		judging->say = file_trap(judging, part, pattern);
	if (!judging->say && !why)
		judging->say = match_general_near_miss(pattern, value, judging->run->names, arena);
}

/* What `save` takes from: every part that it may name is read. */
static void read_saved(struct judging *judging)
{
	const char *ignored = NULL;

	for (size_t i = 0; judging->step->save && i < sizeof(parts) / sizeof(parts[0]); i++) {
		json_t *value = json_object_get(judging->parts, parts[i].name)
					? NULL
					: parts[i].read(judging->bytes, judging->count,
							judging->run->arena, &ignored);

		if (value)
			(void)json_object_set_new(judging->parts, parts[i].name, value);
	}
}

int judge_file(struct judging *judging, struct mp_error *err)
{
	mp_autofree char *bytes = NULL;
	const char *part;
	json_t *pattern;
	int code = path_read_below(judging->run->tree_fd, judging->path, FILE_BYTES_MAX, &bytes,
				   &judging->count);

	if (code == -ENOMEM || code == -EMFILE || code == -EIO)
		return mp_fail(err, MP_FAULT_HOST, code, "'%s'", judging->path);
	if (code < 0) {
		files_mismatch(judging, "file", judging->path, tree_refusal(code));
		judging->say = tree_nearest(judging->run, judging->path);
		return 0;
	}
	judging->bytes = bytes;
	(void)json_object_set_new(judging->parts, "text",
				  match_text_of_bytes(bytes, judging->count));
	json_object_foreach (json_readable(judging->step->expect), part, pattern)
		judge_part(judging, part, pattern);
	read_saved(judging);
	judging->bytes = NULL;
	return 0;
}
