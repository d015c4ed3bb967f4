/* SPDX-License-Identifier: MIT */
/* How a box ended, as JSON and as an exit status. */
#include "sandbox/cli/cli.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static bool is_limit(enum mp_end end)
{
	return end == MP_END_CPU || end == MP_END_WALL || end == MP_END_MEMORY ||
	       end == MP_END_PROCESSES || end == MP_END_OUTPUT || end == MP_END_FILE_SIZE ||
	       end == MP_END_INODES;
}

int result_status(const struct mp_box_result *result)
{
	if (result->end == MP_END_EXITED)
		return result->exit_code;
	if (result->end == MP_END_SIGNALED)
		return 128 + result->signal;
	if (result->end == MP_END_FORBIDDEN)
		return 128 + 31;
	return is_limit(result->end) ? EXIT_LIMIT : EXIT_NOT_STARTED;
}

static json_t *forbidden_list(const char *names)
{
	json_t *list = json_array();

	while (*names) {
		size_t length = strcspn(names, " ");

		if (length > 0)
			(void)json_array_append_new(list, json_stringn(names, length));
		names += length + strspn(names + length, " ");
	}
	return list;
}

static json_t *layers_object(const bool *layers)
{
	json_t *object = json_object();

	for (int i = 0; i < MP_LAYER_COUNT; i++)
		(void)json_object_set_new(object, mp_layer_word((enum mp_layer)i),
					  json_boolean(layers[i]));
	return object;
}

/* What is not known is null. */
static json_t *known(int64_t number)
{
	return number < 0 ? json_null() : json_integer(number);
}

void result_json(const struct mp_box_result *result, struct text *into)
{
	json_t *object = json_object();
	const char *end = mp_end_word(result->end);
	char *bytes;
	const struct {
		const char *key;
		json_t *value;
	} rows[] = {
		{"end", json_string(end)},
		{"exit_code", known(result->exit_code)},
		{"signal", result->signal > 0 ? json_integer(result->signal) : json_null()},
		{"limit", is_limit(result->end) ? json_string(end) : json_null()},
		{"start_errno",
		 result->start_errno ? json_integer(result->start_errno) : json_null()},
		{"detail", result->detail[0] ? json_string(result->detail) : json_null()},
		{"forbidden", forbidden_list(result->forbidden)},
		{"wall_ms", json_integer(result->wall_ms)},
		{"cpu_ms", json_integer(result->cpu_ms)},
		{"memory_peak_bytes", known(result->memory_peak_bytes)},
		{"processes_peak", known(result->processes_peak)},
		{"output_bytes", json_integer(result->output_bytes)},
		{"output_cut", json_boolean(result->is_output_cut)},
		{"layers", layers_object(result->layers)},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		(void)json_object_set_new(object, rows[i].key,
					  rows[i].value ? rows[i].value : json_null());
	bytes = json_dumps(object, JSON_COMPACT);
	text_add(into, bytes ? bytes : "{}");
	text_add_char(into, '\n');
	free(bytes);
	json_decref(object);
}
