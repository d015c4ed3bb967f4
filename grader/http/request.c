/* SPDX-License-Identifier: MIT */
/* Requests: a step with its names put in becomes the bytes that are sent. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/http/inner.h"
#include "sandbox/base/cleanup.h"

static void json_release(void *value)
{
	json_decref(value);
}

/* VALUE with its names, released with the arena. */
static int fill(const struct probe_run *run, const json_t *value, const json_t **ret_value,
		struct mp_error *err)
{
	json_t *filled = NULL;
	int rc = names_fill(run->names, value, &filled, err);

	if (rc < 0)
		return rc;
	arena_defer(run->arena, json_release, filled);
	*ret_value = filled;
	return 0;
}

/* The text of a scalar as it stands in a query, a form or a header. */
static const char *scalar_text(const json_t *value, struct arena *arena)
{
	mp_autofree char *dumped = NULL;

	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_null(value))
		return "";
	dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
	return arena_text(arena, dumped ? dumped : "");
}

static void add_encoded(struct text *into, const char *bytes)
{
	for (; *bytes; bytes++) {
		unsigned char c = (unsigned char)*bytes;

		if (isalnum(c) || strchr("-._~", c))
			text_add_char(into, (char)c);
		else
			text_addf(into, "%%%02X", c);
	}
}

static void add_pair(struct text *into, const char *key, const json_t *value, struct arena *arena,
		     bool is_encoded)
{
	const char *text = scalar_text(value, arena);

	if (into->length > 0)
		text_add_char(into, '&');
	if (is_encoded) {
		add_encoded(into, key);
		text_add_char(into, '=');
		add_encoded(into, text);
	} else {
		text_addf(into, "%s=%s", key, text);
	}
}

/* A map as key=value&key=value; a list repeats its key. */
static const char *pairs_text(const json_t *map, struct arena *arena, bool is_encoded)
{
	mp_autotext struct text pairs = {0};
	const char *key;
	json_t *value;

	json_object_foreach (json_readable(map), key, value) {
		size_t index;
		json_t *item;

		if (!json_is_array(value))
			add_pair(&pairs, key, value, arena, is_encoded);
		json_array_foreach (value, index, item)
			add_pair(&pairs, key, item, arena, is_encoded);
	}
	return arena_text(arena, text_get(&pairs));
}

/* --- the address ------------------------------------------------------------------------------------- */

/* Sent as written: only blanks, control characters and bytes outside ASCII are encoded. */
static const char *path_as_sent(const char *path, struct arena *arena)
{
	mp_autotext struct text sent = {0};

	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if (c <= ' ' || c >= 0x7f)
			text_addf(&sent, "%%%02X", c);
		else
			text_add_char(&sent, (char)c);
	}
	return arena_text(arena, text_get(&sent));
}

static int build_address(const struct probe_run *run, const char *target, const json_t *query,
			 struct http_request *request, struct mp_error *err)
{
	mp_autofree char *encoded = NULL;
	mp_autofree char *readable = NULL;
	const json_t *filled = NULL;
	const char *glue;
	int rc;

	if ((rc = names_fill_text(run->names, target, true, &encoded, err)) < 0 ||
	    (rc = names_fill_text(run->names, target, false, &readable, err)) < 0 ||
	    (query && (rc = fill(run, query, &filled, err)) < 0))
		return rc;
	request->url = path_as_sent(encoded, run->arena);
	request->readable = arena_text(run->arena, readable);
	if (!filled || json_object_size(filled) == 0)
		return 0;
	glue = strchr(request->url, '?') ? "&" : "?";
	request->url = arena_format(run->arena, "%s%s%s", request->url, glue,
				    pairs_text(filled, run->arena, true));
	request->readable = arena_format(run->arena, "%s%s%s", request->readable, glue,
					 pairs_text(filled, run->arena, false));
	return 0;
}

/* --- headers ----------------------------------------------------------------------------------------- */

void request_add_header(struct http_request *request, struct arena *arena, const char *name,
			const char *value)
{
	const char **grown = arena_alloc(arena, request->header_count + 2, sizeof(*grown));

	/* A line end would begin another header; the rest of the value is not worth an error. */
	if (request->header_count > 0)
		memcpy(grown, request->headers, request->header_count * sizeof(*grown));
	grown[request->header_count++] =
		arena_format(arena, "%s: %.*s", name, (int)strcspn(value, "\r\n"), value);
	request->headers = grown;
}

static int build_headers(const struct probe_run *run, const json_t *headers,
			 struct http_request *request, struct mp_error *err)
{
	const json_t *filled = NULL;
	const char *name;
	json_t *value;
	int rc = fill(run, headers, &filled, err);

	if (rc < 0)
		return rc;
	json_object_foreach (json_readable(filled), name, value) {
		size_t index;
		json_t *item;

		if (!json_is_array(value))
			request_add_header(request, run->arena, name,
					   scalar_text(value, run->arena));
		json_array_foreach (value, index, item)
			request_add_header(request, run->arena, name,
					   scalar_text(item, run->arena));
	}
	return 0;
}

static const char *base64(const char *bytes, struct arena *arena)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	mp_autotext struct text coded = {0};
	size_t count = strlen(bytes);

	for (size_t i = 0; i < count; i += 3) {
		size_t left = count - i;
		uint32_t group = (uint32_t)(unsigned char)bytes[i] << 16;

		group |= left > 1 ? (uint32_t)(unsigned char)bytes[i + 1] << 8 : 0;
		group |= left > 2 ? (uint32_t)(unsigned char)bytes[i + 2] : 0;
		text_add_char(&coded, digits[group >> 18]);
		text_add_char(&coded, digits[group >> 12 & 63]);
		text_add_char(&coded, left > 1 ? digits[group >> 6 & 63] : '=');
		text_add_char(&coded, left > 2 ? digits[group & 63] : '=');
	}
	return arena_text(arena, text_get(&coded));
}

static int build_auth(const struct probe_run *run, const json_t *auth, struct http_request *request,
		      struct mp_error *err)
{
	const json_t *filled = NULL, *basic, *bearer;
	int rc = fill(run, auth, &filled, err);

	if (rc < 0)
		return rc;
	basic = json_object_get(filled, "basic");
	bearer = json_object_get(filled, "bearer");
	if (json_is_array(basic))
		request->user = arena_format(run->arena, "%s:%s",
					     scalar_text(json_array_get(basic, 0), run->arena),
					     scalar_text(json_array_get(basic, 1), run->arena));
	else if (basic)
		request->user = arena_text(run->arena, scalar_text(basic, run->arena));
	if (request->user)
		request_add_header(
			request, run->arena, "Authorization",
			arena_format(run->arena, "Basic %s", base64(request->user, run->arena)));
	if (bearer)
		request_add_header(
			request, run->arena, "Authorization",
			arena_format(run->arena, "Bearer %s", scalar_text(bearer, run->arena)));
	return 0;
}

/* --- bodies ------------------------------------------------------------------------------------------ */

static int build_json(const struct probe_run *run, const struct http_keys *keys,
		      struct http_request *request, struct mp_error *err)
{
	mp_autofree char *dumped = NULL;
	const json_t *filled = NULL;
	int rc = fill(run, keys->json, &filled, err);

	if (rc < 0)
		return rc;
	dumped = json_dumps(filled, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	if (!dumped)
		return mp_fail(err, MP_FAULT_CONTENT, -EINVAL, "this cannot be written as JSON");
	request->body = arena_text(run->arena, dumped);
	request->body_bytes = strlen(dumped);
	return 0;
}

static int build_form(const struct probe_run *run, const struct http_keys *keys,
		      struct http_request *request, struct mp_error *err)
{
	const json_t *filled = NULL;
	int rc = fill(run, keys->form, &filled, err);

	if (rc < 0)
		return rc;
	request->body = pairs_text(filled, run->arena, true);
	request->body_bytes = strlen(request->body);
	request->body_kind = "the form";
	return 0;
}

static int build_text(const struct probe_run *run, const struct http_keys *keys,
		      struct http_request *request, struct mp_error *err)
{
	mp_autofree char *body = NULL;
	int rc = names_fill_text(run->names, keys->body, false, &body, err);

	if (rc < 0)
		return rc;
	request->body = arena_text(run->arena, body);
	request->body_bytes = strlen(body);
	return 0;
}

static int build_upload(const struct probe_run *run, const struct http_keys *keys,
			struct http_request *request, struct mp_error *err)
{
	request->body_kind = "the upload";
	return upload_build(run, keys->upload, request, err);
}

/* One row a kind of body: is it there, how is it built, which type does it set. */
struct body_kind {
	const char *type; /* NULL: build sets it */
	bool is_curls;	  /* curl sets this type by itself */
	int (*build)(const struct probe_run *run, const struct http_keys *keys,
		     struct http_request *request, struct mp_error *err);
};

static const struct body_kind body_kinds[] = {
	{"application/json", false, build_json},
	{"application/x-www-form-urlencoded", true, build_form},
	{"text/plain; charset=utf-8", false, build_text},
	{NULL, true, build_upload},
};

static int build_body(const struct probe_run *run, const struct http_keys *keys,
		      struct http_request *request, struct mp_error *err)
{
	const bool has[] = {keys->json != NULL, keys->form != NULL, keys->body != NULL,
			    keys->upload != NULL};
	mp_autofree char *type = NULL;
	int rc;

	request->body_kind = "the body";
	if (keys->type && (rc = names_fill_text(run->names, keys->type, false, &type, err)) < 0)
		return rc;
	for (size_t i = 0; i < sizeof(has) / sizeof(has[0]); i++) {
		if (!has[i])
			continue;
		if ((rc = body_kinds[i].build(run, keys, request, err)) < 0)
			return rc;
		request->has_own_type = type || !body_kinds[i].is_curls;
		if (!type && body_kinds[i].type)
			request_add_header(request, run->arena, "Content-Type", body_kinds[i].type);
	}
	if (type)
		request_add_header(request, run->arena, "Content-Type", type);
	request->has_own_type = request->has_own_type || type;
	return 0;
}

int request_build(const struct probe_run *run, const struct step *step,
		  struct http_request *ret_request, struct mp_error *err)
{
	const struct http_keys *keys = step->keys;
	struct http_request request = {.header_count = 0};
	const char *target = step->target;
	const char *blank = strchr(target, ' ');
	char method[24];
	size_t i;
	int rc;

	if (step->verb->form == VERB_REQUEST && blank) {
		request.method = arena_format(run->arena, "%.*s", (int)(blank - target), target);
		target = blank + strspn(blank, " ");
	} else {
		for (i = 0; step->verb->name[i] && i + 1 < sizeof(method); i++)
			method[i] = (char)toupper((unsigned char)step->verb->name[i]);
		method[i] = '\0';
		request.method = arena_text(run->arena, method);
	}
	request.headers = arena_alloc(run->arena, 1, sizeof(*request.headers));
	rc = build_address(run, target, keys->query, &request, err);
	if (rc == 0)
		rc = build_body(run, keys, &request, err);
	if (rc == 0 && keys->auth)
		rc = build_auth(run, keys->auth, &request, err);
	if (rc == 0 && keys->headers)
		rc = build_headers(run, keys->headers, &request, err);
	if (rc < 0) {
		(void)mp_wrap(err, "check %s, line %d", run->check->id, step->line);
		return rc;
	}
	*ret_request = request;
	return 0;
}
