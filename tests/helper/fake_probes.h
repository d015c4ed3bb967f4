/* SPDX-License-Identifier: MIT */
/*
 * Probe tables without probes, for tests of the manifest: the verbs, keys and parts of http and program
 * as docs/exercise-format.md has them, with nothing behind.
 */
#ifndef TESTS_HELPER_FAKE_PROBES_H
#define TESTS_HELPER_FAKE_PROBES_H

#include "grader/model/probe.h"

struct fake_http {
	json_t *query, *headers, *json, *form, *body, *upload, *auth, *tally, *during;
	const char *type;
	int64_t at_once, timeout_ms, until_ms;
};

#define FAKE(MEMBER) offsetof(struct fake_http, MEMBER)
static const struct field fake_http_fields[] = {
	{"query", FIELD_FREE, FAKE(query), 0, 0, "map of name to value", NULL, false},
	{"headers", FIELD_FREE, FAKE(headers), 0, 0, "map of name to value", NULL, false},
	{"type", FIELD_TEXT, FAKE(type), 1, 100, "content type of the request", NULL, false},
	{"auth", FIELD_FREE, FAKE(auth), 0, 0, "who asks", NULL, false},
	{"timeout", FIELD_MSEC, FAKE(timeout_ms), 1, 60000, "time for the answer", NULL, false},
	{"at_once", FIELD_COUNT, FAKE(at_once), 2, 200, "so many at once", NULL, false},
	{"tally", FIELD_FREE, FAKE(tally), 0, 0, "statuses, counted", NULL, false},
	{"until", FIELD_MSEC, FAKE(until_ms), 1, 60000, "again until expect holds", NULL, false},
	{"json", FIELD_FREE, FAKE(json), 0, 0, "the body as JSON", NULL, false},
	{"form", FIELD_FREE, FAKE(form), 0, 0, "the body as a form", NULL, false},
	{"body", FIELD_FREE, FAKE(body), 0, 0, "the body as text", NULL, false},
	{"upload", FIELD_FREE, FAKE(upload), 0, 0, "files", NULL, false},
	{"while", FIELD_FREE, FAKE(during), 0, 0, "a request that is under way", NULL, false},
};

#define FAKE_ASKING                                                                                \
	"query", "headers", "type", "auth", "timeout", "save", "near", "at_once", "tally",         \
		"until", "expect"
static const char *const fake_get_keys[] = {FAKE_ASKING, NULL};
static const char *const fake_post_keys[] = {FAKE_ASKING, "json", "form", "body", "upload", NULL};
static const char *const fake_http_parts[] = {"use",	 "status", "type",   "headers",
					      "cookies", "json",   "text",   "html",
					      "xml",	 "size",   "within", NULL};
static const char *const fake_ready_keys[] = {"near", "expect", NULL};
static const char *const fake_ready_parts[] = {"within", NULL};
static const char *const fake_stop_keys[] = {"while", "expect", NULL};
static const char *const fake_stop_parts[] = {"exit", NULL};
static const char *const fake_restart_words[] = {"term", "kill", NULL};

static const struct verb fake_http_verbs[] = {
	{"get", VERB_PATH, NULL, fake_get_keys, fake_http_parts, "asks"},
	{"head", VERB_PATH, NULL, fake_get_keys, fake_http_parts, "asks"},
	{"delete", VERB_PATH, NULL, fake_get_keys, fake_http_parts, "asks"},
	{"options", VERB_PATH, NULL, fake_get_keys, fake_http_parts, "asks"},
	{"post", VERB_PATH, NULL, fake_post_keys, fake_http_parts, "asks with a body"},
	{"put", VERB_PATH, NULL, fake_post_keys, fake_http_parts, "asks with a body"},
	{"patch", VERB_PATH, NULL, fake_post_keys, fake_http_parts, "asks with a body"},
	{"request", VERB_REQUEST, NULL, fake_post_keys, fake_http_parts, "asks by any method"},
	{"ready", VERB_HEALTH, NULL, fake_ready_keys, fake_ready_parts, "waits until it is ready"},
	{"stop", VERB_DURATION, NULL, fake_stop_keys, fake_stop_parts, "SIGTERM"},
	{"restart", VERB_WORD, fake_restart_words, fake_stop_keys, fake_stop_parts,
	 "ends and starts it"},
};

/* A semantic check as a probe makes it: one body in a request. */
static void fake_http_examine(const struct exercise *exercise, const struct step *step,
			      complain_fn *complain, struct complaints *to)
{
	const struct fake_http *keys = step->keys;

	(void)exercise;
	if (keys->tally && !keys->at_once)
		complain(to, step->line, step->column, "tally needs at_once");
	if (keys->json && keys->body)
		complain(to, step->line, step->column,
			 "'%s' with json and body: a request has one body", step->verb->name);
}

static const struct probe_kind fake_http = {
	.name = "http",
	.verbs = fake_http_verbs,
	.verb_count = sizeof(fake_http_verbs) / sizeof(fake_http_verbs[0]),
	.fields = fake_http_fields,
	.field_count = sizeof(fake_http_fields) / sizeof(fake_http_fields[0]),
	.step_size = sizeof(struct fake_http),
	.examine = fake_http_examine,
};

struct fake_program {
	json_t *input, *files;
};
static const struct field fake_program_fields[] = {
	{"stdin", FIELD_FREE, offsetof(struct fake_program, input), 0, 0, "what it reads", NULL,
	 false},
	{"files", FIELD_FREE, offsetof(struct fake_program, files), 0, 0, "files beside it", NULL,
	 false},
};
static const char *const fake_run_keys[] = {"stdin", "files", "save", "near", "expect", NULL};
static const char *const fake_run_parts[] = {"use", "exit",   "stdout", "stderr", "like",
					     "cpu", "memory", "files",	NULL};
static const struct verb fake_program_verbs[] = {
	{"run", VERB_ARGS, NULL, fake_run_keys, fake_run_parts, "runs it once"},
};
static const struct probe_kind fake_program = {
	.name = "program",
	.verbs = fake_program_verbs,
	.verb_count = 1,
	.fields = fake_program_fields,
	.field_count = sizeof(fake_program_fields) / sizeof(fake_program_fields[0]),
	.step_size = sizeof(struct fake_program),
};

static const struct probe_kind *const fake_probes[] = {&fake_http, &fake_program, NULL};

#endif
