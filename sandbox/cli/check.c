/* SPDX-License-Identifier: MIT */
/* `check`: each layer on this host, what was found, what to do where it is missing. */
#include "sandbox/base/columns.h"
#include "sandbox/base/options.h"
#include "sandbox/cli/cli.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int print_json(const struct mp_layer_state *states)
{
	json_t *list = json_array();
	char *bytes;

	for (int i = 0; i < MP_LAYER_COUNT; i++) {
		json_t *row = json_object();

		(void)json_object_set_new(row, "layer",
					  json_string(mp_layer_word(states[i].layer)));
		(void)json_object_set_new(row, "present", json_boolean(states[i].is_present));
		(void)json_object_set_new(row, "detail", json_string(states[i].detail));
		(void)json_object_set_new(row, "remedy",
					  states[i].is_present ? json_null()
							       : json_string(states[i].remedy));
		(void)json_array_append_new(list, row);
	}
	bytes = json_dumps(list, JSON_COMPACT);
	(void)puts(bytes ? bytes : "[]");
	free(bytes);
	json_decref(list);
	return 0;
}

static void print_text(const struct mp_layer_state *states)
{
	for (int i = 0; i < MP_LAYER_COUNT; i++) {
		struct text remedy mp_autotext;

		(void)printf("%-9s %-8s %s\n", mp_layer_word(states[i].layer),
			     states[i].is_present ? "present" : "missing", states[i].detail);
		/* Layers in a row that lack the same thing share one remedy. */
		if (states[i].is_present ||
		    (i + 1 < MP_LAYER_COUNT && strcmp(states[i].remedy, states[i + 1].remedy) == 0))
			continue;
		text_init(&remedy, 0);
		text_addf(&remedy, "%18s to do: %s", "", states[i].remedy);
		columns_print(stdout, text_get(&remedy), 0);
	}
}

/* Exit 0 when every layer is present, else 4. */
int command_check(const char *const *argv, struct mp_error *err)
{
	struct {
		bool json, help;
	} options = {false, false};
	static const struct field table[] = {
		{"json", FIELD_BOOL, 0, 0, 0, "as JSON, for programs", NULL, false},
		{"help", FIELD_BOOL, 1, 0, 0, "this list", NULL, false},
	};
	struct arena *arena mp_autoarena = arena_new();
	struct mp_layer_state states[MP_LAYER_COUNT];
	struct text_list words;
	bool is_whole = true;
	int ret = options_read(table, 2, &options, argv, &words, arena, err);

	if (ret == 0 && words.count > 0)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "check takes no words");
	if (ret == 0 && options.help)
		return printf("milepost-box check [--json]\n") < 0;
	if (ret == 0)
		ret = mp_host_check(states, err);
	if (ret != 0)
		return ret;
	for (int i = 0; i < MP_LAYER_COUNT; i++)
		is_whole = is_whole && states[i].is_present;
	if (options.json)
		(void)print_json(states);
	else
		print_text(states);
	return is_whole ? 0 : EXIT_HOST;
}
