/* SPDX-License-Identifier: MIT */
/* A check written as JSON, asked of a small service in a box. Included by each test program once. */
#ifndef TESTS_LIVE_HTTP_ROAD_H
#define TESTS_LIVE_HTTP_ROAD_H

#include "grader/http/http.h"
#include "grader/http/inner.h"
#include "tests/live/bench/desk.h"

/* A service of the standard library: what it answers is written as the body of answer(h). */
#define SERVICE(ANSWER)                                                                                      \
	"import json, os, sys, socket, threading, time\n"                                                    \
	"from urllib.parse import urlsplit, parse_qs\n"                                                      \
	"from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer\n"                              \
	"class H(BaseHTTPRequestHandler):\n"                                                                 \
	"    protocol_version = 'HTTP/1.1'\n"                                                                \
	"    def reply(h, status=200, body='', type='application/json', **headers):\n"                       \
	"        if not isinstance(body, (str, bytes)): body = json.dumps(body)\n"                           \
	"        if isinstance(body, str): body = body.encode()\n"                                           \
	"        h.send_response(status)\n"                                                                  \
	"        if type: h.send_header('Content-Type', type)\n"                                             \
	"        for name, value in headers.items(): h.send_header(name.replace('_', '-'), value)\n"         \
	"        h.send_header('Content-Length', str(len(body)))\n"                                          \
	"        h.end_headers()\n"                                                                          \
	"        if h.command != 'HEAD': h.wfile.write(body)\n"                                              \
	"    def body(h): return h.rfile.read(int(h.headers.get('Content-Length') or 0))\n"                  \
	"    def query(h, name): return parse_qs(urlsplit(h.path).query).get(name, [None])[0]\n"             \
	"    def answer(h):\n" ANSWER "\n"                                                                   \
	"    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_REPORT = answer\n" \
	"    def log_message(self, *a): pass\n"                                                              \
	"class S(ThreadingHTTPServer):\n"                                                                    \
	"    request_queue_size = 50\n"                                                                      \
	"    daemon_threads = True\n"                                                                        \
	"S(('127.0.0.1', int(os.environ['PORT'])), H).serve_forever()\n"

static inline void road_release(void *value)
{
	json_decref(value);
}

static inline const struct verb *road_verb(const char *name)
{
	for (size_t i = 0; i < http_probe.verb_count; i++) {
		if (strcmp(http_probe.verbs[i].name, name) == 0)
			return &http_probe.verbs[i];
	}
	return NULL;
}

static inline void road_near(struct desk *desk, const json_t *list, struct step *step)
{
	struct near_miss *near = arena_alloc(desk->arena, json_array_size(list) + 1, sizeof(*near));
	size_t index;
	json_t *item;

	json_array_foreach (list, index, item) {
		near[index].parts = item;
		near[index].say = json_string_value(json_object_get(item, "say"));
	}
	step->near = near;
	step->near_count = json_array_size(list);
}

static inline void road_step(struct desk *desk, const json_t *map, struct step *step)
{
	struct http_keys *keys = arena_new_of(desk->arena, struct http_keys);
	const char *key;
	json_t *value;

	*step = (struct step){.probe = &http_probe, .keys = keys};
	json_object_foreach (json_readable(map), key, value) {
		const struct verb *verb = road_verb(key);
		int index = field_find(http_fields, http_field_count, key);

		if (verb) {
			step->verb = verb;
			step->target = json_string_value(value);
		} else if (strcmp(key, "expect") == 0) {
			step->expect = value;
		} else if (strcmp(key, "save") == 0) {
			step->save = value;
		} else if (strcmp(key, "near") == 0) {
			road_near(desk, value, step);
		} else if (OK(index >= 0) && (http_fields[index].type == FIELD_FREE ||
					      http_fields[index].type == FIELD_PATTERN)) {
			*(const json_t **)((char *)keys + http_fields[index].offset) = value;
		} else if (index >= 0) {
			const char *text =
				json_is_integer(value)
					? arena_format(desk->arena, "%lld",
						       (long long)json_integer_value(value))
					: json_string_value(value);

			IS(field_set(http_fields, (size_t)index, keys, text, NULL), 0);
		}
	}
	OK(step->verb != NULL);
}

/* Ask the steps (a JSON list) of the service on DESK. */
static inline struct outcome road_ask(struct desk *desk, const char *steps, const char *words)
{
	json_error_t slip;
	json_t *list = json_loads(steps, 0, &slip),
	       *word_map = json_loads(words ? words : "{}", 0, NULL);
	struct check check = {.id = "x", .probe = &http_probe, .repeat = 1};
	struct step *all = arena_alloc(desk->arena, json_array_size(list) + 1, sizeof(*all));
	struct outcome outcome = {.verdict = VERDICT_FAULT};
	struct names *names = NULL;
	struct mp_error err = {0};
	struct probe_run run = {.exercise = &desk->exercise,
				.check = &check,
				.bench = desk->bench,
				.arena = desk->arena};

	if (!OK(list != NULL))
		printf("# %s: %s\n", slip.text, steps);
	arena_defer(desk->arena, road_release, list);
	for (size_t i = 0; i < json_array_size(list); i++)
		road_step(desk, json_array_get(list, i), &all[i]);
	check.steps = all;
	check.step_count = json_array_size(list);
	IS(names_new(word_map, 7, &names, &err), 0);
	run.names = names;
	run.deadline_ms = clock_now_ms() + 3000;
	desk->exercise.limits.check_ms = 3000;
	if (!OK(http_probe.run(&run, &outcome, &err) == 0))
		printf("# %s\n", err.text);
	names = names_free(names);
	json_decref(word_map);
	return outcome;
}

/* All that is told, in lines: the request, each mismatch, what a near miss says. */
static inline const char *road_told(struct desk *desk, const struct outcome *outcome)
{
	mp_autotext struct text lines = {0};

	for (size_t i = 0; i < outcome->evidence_count; i++) {
		const struct evidence *evidence = &outcome->evidence[i];

		text_addf(&lines, "%s\n", evidence->request ? evidence->request : "-");
		for (size_t j = 0; j < evidence->mismatch_count; j++)
			text_addf(&lines, "  %s | %s | %s\n", evidence->mismatches[j].path,
				  evidence->mismatches[j].wanted, evidence->mismatches[j].got);
		if (evidence->say)
			text_addf(&lines, "  say %s\n", evidence->say);
	}
	return arena_text(desk->arena, text_get(&lines));
}

#endif
