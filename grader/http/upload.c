/* SPDX-License-Identifier: MIT */
/* Uploads: multipart/form-data as a browser sends it. Source: RFC 7578. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "grader/http/inner.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { UPLOAD_FILE_MAX = 16 << 20, UPLOAD_MAX = 64 << 20 };

static void json_release(void *value)
{
	json_decref(value);
}

/* Quotes and line ends in names would end the header: browsers send them percent-encoded. */
static void add_quoted(struct text *into, const char *name)
{
	text_add_char(into, '"');
	for (; *name; name++) {
		if (strchr("\"\r\n", *name))
			text_addf(into, "%%%02X", (unsigned char)*name);
		else
			text_add_char(into, *name);
	}
	text_add_char(into, '"');
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int add_file(const struct probe_run *run, const char *field, const json_t *item,
		    struct text *body, json_t *shown, struct mp_error *err)
{
	const char *file = json_string_value(json_object_get(item, "file"));
	const char *content = json_string_value(json_object_get(item, "text"));
	const char *name = json_string_value(json_object_get(item, "name"));
	const char *type = json_string_value(json_object_get(item, "type"));
	mp_autofree char *bytes = NULL;
	size_t count = content ? strlen(content) : 0;
	int rc;

	name = name ? name : file ? last_part(file) : "file.txt";
	text_add(body, "; filename=");
	add_quoted(body, name);
	text_addf(body, "\r\nContent-Type: %s\r\n\r\n", type ? type : "application/octet-stream");
	if (file) {
		rc = path_read_below(run->exercise->folder_fd, file, UPLOAD_FILE_MAX, &bytes,
				     &count);
		if (rc < 0)
			return mp_fail(err, MP_FAULT_CONTENT, rc, "the file '%s' to upload", file);
	}
	text_add_bytes(body, file ? bytes : content ? content : "", count);
	(void)json_array_append_new(shown, json_sprintf("%s=@%s%s%s", field, name,
							type ? ";type=" : "", type ? type : ""));
	return 0;
}

static int add_field(const struct probe_run *run, const char *field, const json_t *item,
		     struct text *body, json_t *shown, struct mp_error *err)
{
	mp_autofree char *dumped = NULL;

	text_add(body, "Content-Disposition: form-data; name=");
	add_quoted(body, field);
	if (json_is_object(item))
		return add_file(run, field, item, body, shown, err);
	if (!json_is_string(item))
		dumped = json_dumps(item, JSON_ENCODE_ANY);
	text_add(body, "\r\n\r\n");
	text_add(body, dumped ? dumped : json_string_value(item));
	(void)json_array_append_new(
		shown, json_sprintf("%s=%s", field, dumped ? dumped : json_string_value(item)));
	return 0;
}

int upload_build(const struct probe_run *run, const json_t *upload, struct http_request *request,
		 struct mp_error *err)
{
	mp_autotext struct text body = {.limit = UPLOAD_MAX};
	json_t *filled = NULL;
	const char *boundary = arena_format(run->arena, "----form-%016" PRIx64,
					    run->seed * UINT64_C(0x9e3779b97f4a7c15));
	const char *field;
	json_t *item;
	int rc = names_fill(run->names, upload, &filled, err);

	if (rc < 0)
		return rc;
	arena_defer(run->arena, json_release, filled);
	request->upload_shown = json_array();
	arena_defer(run->arena, json_release, request->upload_shown);
	json_object_foreach (filled, field, item) {
		text_addf(&body, "--%s\r\n", boundary);
		rc = add_field(run, field, item, &body, request->upload_shown, err);
		if (rc < 0)
			return rc;
		text_add(&body, "\r\n");
	}
	text_addf(&body, "--%s--\r\n", boundary);
	if (body.is_cut)
		return mp_fail(err, MP_FAULT_CONTENT, -EFBIG, "an upload has at most %d bytes",
			       UPLOAD_MAX);
	request->body = arena_bytes(run->arena, text_get(&body), body.length);
	request->body_bytes = body.length;
	request_add_header(request, run->arena, "Content-Type",
			   arena_format(run->arena, "multipart/form-data; boundary=%s", boundary));
	return 0;
}
