/* SPDX-License-Identifier: MIT */
/* Slips in a step that no field table can see: each gets its sentence while the exercise is loaded. */
#include "grader/http/http.h"

#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "grader/http/inner.h"
#include "sandbox/base/arena.h"
#include "tests/helper/tap.h"

struct complaints {
	struct text text;
};

static void complain(struct complaints *to, int line, int column, const char *format, ...)
{
	va_list args;

	IS(line, 5);
	IS(column, 7);
	va_start(args, format);
	text_vaddf(&to->text, format, args);
	va_end(args);
	text_add(&to->text, "\n");
}

struct row {
	const char *verb, *target;
	const char *keys; /* JSON: the FREE keys, expect and save */
	int64_t at_once, until_ms;
	const char *told;
};

static const struct row rows[] = {
	{"get", "/a", "{\"query\": {\"n\": \"$(friend)\"}, \"expect\": {\"status\": 200}}", 0, 0,
	 ""},
	{"get", "/a", "{\"query\": [1]}", 0, 0, "query is a map\n"},
	{"post", "/a", "{\"json\": 1, \"form\": {}}", 0, 0,
	 "a request has one body: json, form, body or upload\n"},
	{"get", "/a", "{\"auth\": {\"digest\": \"x\"}}", 0, 0,
	 "auth is {basic: [user, password]} or {bearer: token}\n"},
	{"get", "/a", "{\"auth\": {\"basic\": [\"user\"]}}", 0, 0,
	 "auth is {basic: [user, password]} or {bearer: token}\n"},
	{"get", "/a", "{\"auth\": {\"basic\": [\"$(friend)\", 5]}}", 0, 0, ""},
	{"get", "/a", "{\"auth\": {\"bearer\": \"x\", \"basic\": [\"a\", \"b\"]}}", 0, 0,
	 "auth is {basic: [user, password]} or {bearer: token}\n"},
	{"post", "/a", "{\"upload\": {\"f\": {\"file\": \"nope.txt\"}}}", 0, 0,
	 "upload: there is no file nope.txt in the exercise's folder\n"},
	{"post", "/a", "{\"upload\": {\"f\": {\"file\": \"../README.md\"}}}", 0, 0,
	 "upload: there is no file ../README.md in the exercise's folder\n"},
	{"post", "/a", "{\"upload\": {\"f\": {\"file\": \"Makefile\"}, \"g\": 5}}", 0, 0, ""},
	{"post", "/a", "{\"upload\": {\"f\": {\"flie\": \"Makefile\"}}}", 0, 0,
	 "upload: f is a text, {file: path} or {text: content}\n"},
	{"get", "/a", "{\"tally\": {\"200\": 1}}", 0, 0,
	 "tally counts the answers of a burst: it needs at_once\n"},
	{"get", "/a", "{\"tally\": {\"200\": 1, \"4xx\": 1}}", 2, 0, ""},
	{"get", "/a", "{\"tally\": {\"200\": 3}}", 2, 0,
	 "tally is a map of status to count, {201: 1, 409: 19}, of at most at_once answers\n"},
	{"get", "/a", "{\"tally\": {\"ok\": 1}}", 2, 0,
	 "tally is a map of status to count, {201: 1, 409: 19}, of at most at_once answers\n"},
	{"get", "/a", "{\"tally\": {\"200\": 2}, \"expect\": {\"status\": 200}}", 2, 0,
	 "tally stands in place of expect\n"},
	{"get", "/a", "{\"expect\": {\"status\": 200}}", 2, 100,
	 "at_once and until do not go together\n"},
	{"get", "/a", "{}", 0, 100,
	 "until repeats the request until expect holds: it needs expect\n"},
	{"get", "/a", "{\"save\": {\"x\": \"json\"}}", 2, 0,
	 "a burst has many answers: nothing can be saved of it\n"},
	{"get", "/a", "{\"expect\": {\"status\": \"ok\"}}", 0, 0,
	 "status is a number from 100 to 599, a class (2xx), or a list of either\n"},
	{"get", "/a", "{\"expect\": {\"headers\": \"x\"}}", 0, 0,
	 "headers is a map of header name to pattern\n"},
	{"request", "REPORT /a", "{}", 0, 0, ""},
	{"request", "report /a", "{}", 0, 0,
	 "request takes a method in capital letters and a path: REPORT /books\n"},
	{"request", "REPORT", "{}", 0, 0,
	 "request takes a method in capital letters and a path: REPORT /books\n"},
	{"stop", "5s", "{\"while\": {\"get\": \"/slow\", \"expect\": {\"status\": 200}}}", 0, 0,
	 ""},
	{"stop", "5s", "{\"while\": {\"expect\": {\"status\": 200}}}", 0, 0,
	 "while is one request step: {get: /slow, expect: {status: 200}}\n"},
	{"stop", "5s", "{\"while\": {\"get\": \"/a\", \"exepct\": 1}}", 0, 0,
	 "while: unknown key 'exepct' in a request step\n"},
};

static void every_slip_is_told(void)
{
	json_t *words = json_loads(
		"{\"crowd\": {\"kind\": \"name\", \"count\": 20}, \"friend\": \"name\"}", 0, NULL);
	struct exercise exercise = {.words = words, .folder_fd = open(".", O_RDONLY | O_DIRECTORY)};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		json_t *map = json_loads(row->keys, 0, NULL);
		struct http_keys keys = {.at_once = row->at_once, .until_ms = row->until_ms};
		struct step step = {.target = row->target, .keys = &keys, .line = 5, .column = 7};
		struct complaints to = {.text = {0}};
		const char *key;
		json_t *value;

		for (size_t k = 0; k < http_probe.verb_count; k++) {
			if (strcmp(http_probe.verbs[k].name, row->verb) == 0)
				step.verb = &http_probe.verbs[k];
		}
		step.expect = json_object_get(map, "expect");
		step.save = json_object_get(map, "save");
		json_object_foreach (map, key, value) {
			int index = field_find(http_fields, http_field_count, key);

			if (index >= 0)
				*(const json_t **)((char *)&keys + http_fields[index].offset) =
					value;
		}
		http_probe.examine(&exercise, &step, complain, &to);
		IS_TEXT(text_get(&to.text), row->told);
		ROW("%zu", i);
		text_done(&to.text);
		json_decref(map);
	}
	(void)close(exercise.folder_fd);
	json_decref(words);
}

static void every_key_of_a_verb_is_in_the_field_table(void)
{
	static const char *const common[] = {"save", "near", "expect"};

	for (size_t i = 0; i < http_probe.verb_count; i++) {
		for (const char *const *key = http_probe.verbs[i].keys; *key; key++) {
			bool is_common = false;

			for (size_t k = 0; k < 3; k++)
				is_common = is_common || strcmp(common[k], *key) == 0;
			OK(is_common || field_find(http_fields, http_field_count, *key) >= 0);
			ROW("%s of %s", *key, http_probe.verbs[i].name);
		}
	}
}

TAP_MAIN(T(every_slip_is_told) T(every_key_of_a_verb_is_in_the_field_table))
