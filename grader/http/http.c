/* SPDX-License-Identifier: MIT */
/* The tables of the probe http: verbs, keys, parts. The exercise format is printed from them. */
#include "grader/http/http.h"

#include <string.h>

#include "grader/http/inner.h"

#define ROW(NAME, TYPE, MEMBER, LOW, HIGH, HELP)                                                   \
	{                                                                                          \
		NAME, TYPE, offsetof(struct http_keys, MEMBER), LOW, HIGH, HELP, NULL, false       \
	}

const struct field http_fields[] = {
	ROW("query", FIELD_FREE, query, 0, 0,
	    "map: what stands behind the question mark, encoded wholly; a list repeats its key"),
	ROW("headers", FIELD_FREE, headers, 0, 0, "map: request headers"),
	ROW("type", FIELD_TEXT, type, 1, 200,
	    "Content-Type of the request, in place of the body's own"),
	ROW("auth", FIELD_FREE, auth, 0, 0, "{basic: [user, password]} or {bearer: token}"),
	ROW("json", FIELD_FREE, json, 0, 0, "the body as JSON; sets the type"),
	ROW("form", FIELD_FREE, form, 0, 0,
	    "map: the body as an HTML form sends it; sets the type"),
	ROW("body", FIELD_TEXT, body, 0, 65536, "the body as it is written here"),
	ROW("upload", FIELD_FREE, upload, 0, 0,
	    "map: the body as multipart/form-data; a text, or {file: path in the exercise} or {text: content}, with name and type"),
	ROW("timeout", FIELD_MSEC, timeout_ms, 1, 600000, "time for the whole answer"),
	ROW("at_once", FIELD_COUNT, at_once, 2, WIRE_BURST_MAX,
	    "so many requests at the same moment"),
	ROW("tally", FIELD_FREE, tally, 0, 0, "map: how many answers of a burst have which status"),
	ROW("until", FIELD_MSEC, until_ms, 1, 600000,
	    "repeat the request until expect holds, at most so long"),
	ROW("while", FIELD_PATTERN, during, 0, 0, "a request step that is under way meanwhile"),
};
const size_t http_field_count = sizeof(http_fields) / sizeof(http_fields[0]);

#define ASK_KEYS                                                                                   \
	"query", "headers", "type", "auth", "timeout", "save", "near", "expect", "at_once",        \
		"tally", "until"

static const char *const ask_keys[] = {ASK_KEYS, NULL};
static const char *const send_keys[] = {ASK_KEYS, "json", "form", "body", "upload", NULL};
static const char *const ready_keys[] = {"near", "expect", NULL};
static const char *const stop_keys[] = {"while", "expect", NULL};

static const char *const answer_parts[] = {"use",  "status", "type", "headers", "cookies", "json",
					   "text", "html",   "xml",  "size",	"within",  NULL};
static const char *const ready_parts[] = {"within", NULL};
static const char *const stop_parts[] = {"exit", NULL};
static const char *const health_words[] = {"health", NULL};
static const char *const restart_words[] = {"term", "kill", NULL};

static const struct verb verbs[] = {
	{"get", VERB_PATH, NULL, ask_keys, answer_parts, "GET a path"},
	{"head", VERB_PATH, NULL, ask_keys, answer_parts, "HEAD of a path"},
	{"delete", VERB_PATH, NULL, ask_keys, answer_parts, "DELETE a path"},
	{"options", VERB_PATH, NULL, ask_keys, answer_parts, "OPTIONS of a path"},
	{"post", VERB_PATH, NULL, send_keys, answer_parts, "POST to a path"},
	{"put", VERB_PATH, NULL, send_keys, answer_parts, "PUT to a path"},
	{"patch", VERB_PATH, NULL, send_keys, answer_parts, "PATCH of a path"},
	{"request", VERB_REQUEST, NULL, send_keys, answer_parts, "any method: REPORT /path"},
	{"ready", VERB_HEALTH, health_words, ready_keys, ready_parts,
	 "start the service and wait until health holds"},
	{"stop", VERB_DURATION, NULL, stop_keys, stop_parts,
	 "send SIGTERM; the service ends in this time"},
	{"restart", VERB_WORD, restart_words, stop_keys, stop_parts,
	 "end the service by SIGTERM or SIGKILL and start it again"},
};

const struct verb *http_verb_find(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (verbs[i].parts == answer_parts && strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	}
	return NULL;
}

const struct probe_kind http_probe = {
	.name = "http",
	.verbs = verbs,
	.verb_count = sizeof(verbs) / sizeof(verbs[0]),
	.fields = http_fields,
	.field_count = sizeof(http_fields) / sizeof(http_fields[0]),
	.step_size = sizeof(struct http_keys),
	.examine = http_examine,
	.run = http_run,
};
