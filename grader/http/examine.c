/* SPDX-License-Identifier: MIT */
/* What must hold of a step of this probe beyond its field table: told while the exercise is loaded. */
#include <ctype.h>
#include <fcntl.h>
#include <string.h>

#include "grader/http/inner.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

/* Whom to tell, about which step. */
struct examiner {
	const struct exercise *exercise;
	const struct step *step;
	complain_fn *complain;
	struct complaints *to;
};

#define COMPLAIN(E, ...) (E)->complain((E)->to, (E)->step->line, (E)->step->column, __VA_ARGS__)

static void examine_values(const struct examiner *e, const struct http_keys *keys)
{
	const json_t *const values[] = {keys->query, keys->headers, keys->auth, keys->form,
					keys->upload};
	static const char *const names[] = {"query", "headers", "auth", "form", "upload"};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (values[i] && !json_is_object(values[i]))
			COMPLAIN(e, "%s is a map", names[i]);
	}
}

/* One value that can stand in a header. */
static bool is_value(const json_t *value)
{
	return value && !json_is_object(value) && !json_is_array(value) && !json_is_null(value);
}

static bool auth_is_well_formed(const json_t *auth)
{
	const json_t *basic = json_object_get(auth, "basic");

	if (json_object_size(auth) != 1)
		return false;
	if (!basic)
		return is_value(json_object_get(auth, "bearer"));
	return json_array_size(basic) == 2 && is_value(json_array_get(basic, 0)) &&
	       is_value(json_array_get(basic, 1));
}

/* The files to upload are there; a name in a path is known only when it runs. */
static void examine_upload(const struct examiner *e, const json_t *upload)
{
	const char *field;
	json_t *item;

	json_object_foreach (json_readable(upload), field, item) {
		const char *file = json_string_value(json_object_get(item, "file"));
		mp_autofd int fd = -1;

		if (json_is_array(item) || (json_is_object(item) && !file &&
					    !json_is_string(json_object_get(item, "text"))))
			COMPLAIN(e, "upload: %s is a text, {file: path} or {text: content}", field);
		if (!file || strstr(file, "$(") || e->exercise->folder_fd < 0)
			continue;
		fd = path_open_below(e->exercise->folder_fd, file, O_RDONLY);
		if (fd < 0)
			COMPLAIN(e, "upload: there is no file %s in the exercise's folder", file);
	}
}

static void examine_bodies(const struct examiner *e, const struct http_keys *keys)
{
	int count = (keys->json != NULL) + (keys->form != NULL) + (keys->body != NULL) +
		    (keys->upload != NULL);

	if (count > 1)
		COMPLAIN(e, "a request has one body: json, form, body or upload");
	if (keys->auth && !auth_is_well_formed(keys->auth))
		COMPLAIN(e, "auth is {basic: [user, password]} or {bearer: token}");
	examine_upload(e, keys->upload);
}

/* The statuses of a tally are its keys, so they are texts. */
static bool tally_is_well_formed(const json_t *tally, int64_t at_once)
{
	int64_t sum = 0;
	const char *key;
	json_t *count;

	json_object_foreach (json_readable(tally), key, count) {
		bool is_class = key[0] >= '1' && key[0] <= '5' && strcmp(key + 1, "xx") == 0;
		bool is_number = strlen(key) == 3 && strspn(key, "0123456789") == 3;

		if ((!is_class && !is_number) || !json_is_integer(count))
			return false;
		sum += json_integer_value(count);
	}
	return json_is_object(tally) && sum <= at_once;
}

static void examine_burst(const struct examiner *e, const struct http_keys *keys)
{
	if (keys->tally && keys->at_once == 0)
		COMPLAIN(e, "tally counts the answers of a burst: it needs at_once");
	else if (keys->tally && !tally_is_well_formed(keys->tally, keys->at_once))
		COMPLAIN(
			e,
			"tally is a map of status to count, {201: 1, 409: 19}, of at most at_once answers");
	if (keys->tally && e->step->expect)
		COMPLAIN(e, "tally stands in place of expect");
	if (keys->at_once && keys->until_ms)
		COMPLAIN(e, "at_once and until do not go together");
	if (keys->at_once && e->step->save)
		COMPLAIN(e, "a burst has many answers: nothing can be saved of it");
	if (keys->until_ms && !e->step->expect)
		COMPLAIN(e, "until repeats the request until expect holds: it needs expect");
}

static void examine_expect(const struct examiner *e, const json_t *expect)
{
	const json_t *status = json_object_get(expect, "status");
	const json_t *headers = json_object_get(expect, "headers");

	if (status && !status_is_well_formed(status))
		COMPLAIN(e,
			 "status is a number from 100 to 599, a class (2xx), or a list of either");
	if (headers && !json_is_object(headers))
		COMPLAIN(e, "headers is a map of header name to pattern");
}

static void examine_target(const struct examiner *e)
{
	const char *target = e->step->target;
	const char *blank = target ? strchr(target, ' ') : NULL;
	const char *path = blank ? blank + strspn(blank, " ") : "";

	if (e->step->verb->form != VERB_REQUEST)
		return;
	for (const char *c = target; c && c < blank; c++) {
		if (!isupper((unsigned char)*c) && *c != '-')
			blank = NULL;
	}
	if (!blank || blank == target || blank - target > 20 ||
	    (path[0] != '/' && path[0] != '$' && !strstr(path, "://")))
		COMPLAIN(e, "request takes a method in capital letters and a path: REPORT /books");
}

static void examine_during(const struct examiner *e, const json_t *during)
{
	const char *key;
	json_t *value;
	int verbs = 0;

	json_object_foreach (json_readable(during), key, value) {
		if (http_verb_find(key) && json_is_string(value))
			verbs++;
		else if (strcmp(key, "expect") != 0 &&
			 field_find(http_fields, http_field_count, key) < 0)
			COMPLAIN(e, "while: unknown key '%s' in a request step", key);
	}
	if (!json_is_object(during) || verbs != 1)
		COMPLAIN(e, "while is one request step: {get: /slow, expect: {status: 200}}");
}

void http_examine(const struct exercise *exercise, const struct step *step, complain_fn *complain,
		  struct complaints *to)
{
	struct examiner e = {.exercise = exercise, .step = step, .complain = complain, .to = to};
	const struct http_keys *keys = step->keys;

	examine_target(&e);
	examine_values(&e, keys);
	examine_bodies(&e, keys);
	examine_burst(&e, keys);
	examine_expect(&e, step->expect);
	for (size_t i = 0; i < step->near_count; i++)
		examine_expect(&e, step->near[i].parts);
	if (keys->during)
		examine_during(&e, keys->during);
}
