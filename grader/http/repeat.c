/* SPDX-License-Identifier: MIT */
/* How a learner repeats a request: a line for curl in a POSIX shell, and the same in a few words. */
#include <string.h>

#include "grader/http/inner.h"

enum { BODY_SHOWN_BYTES = 2000, SHORT_CHARACTERS = 60 };

/* Can it stand in a terminal as it is? Else it needs $'...' of bash. */
static bool is_printable(const char *bytes, size_t count)
{
	mp_autotext struct text visible = {0};

	/* What text_add_visible() changes cannot be seen, or would be seen wrongly. */
	text_add_visible(&visible, bytes, count, count);
	return visible.length == count && memcmp(text_get(&visible), bytes, count) == 0;
}

static void add_escaped(struct text *into, const char *bytes, size_t count)
{
	static const char plain[] = "\n\t\r";
	static const char words[] = "ntr";
	size_t i = 0;

	text_add(into, "$'");
	while (i < count) {
		size_t length = text_utf8_length(bytes + i, count - i);
		unsigned char c = (unsigned char)bytes[i];
		const char *found = c ? strchr(plain, c) : NULL;

		if (found)
			text_addf(into, "\\%c", words[found - plain]);
		else if (c == '\'' || c == '\\')
			text_addf(into, "\\%c", c);
		else if (length == 0 || c < 0x20 || c == 0x7f || !is_printable(bytes + i, length))
			for (size_t k = 0; k < (length ? length : 1); k++)
				text_addf(into, "\\x%02x", (unsigned char)bytes[i + k]);
		else
			text_add_bytes(into, bytes + i, length);
		i += length ? length : 1;
	}
	text_add_char(into, '\'');
}

/* One word of a shell line, whatever bytes it has. */
static void add_quoted(struct text *into, const char *bytes, size_t count)
{
	if (!is_printable(bytes, count)) {
		add_escaped(into, bytes, count);
		return;
	}
	text_add_char(into, '\'');
	for (size_t i = 0; i < count; i++) {
		if (bytes[i] == '\'')
			text_add(into, "'\\''");
		else
			text_add_char(into, bytes[i]);
	}
	text_add_char(into, '\'');
}

/*
 * Path and query of a whole URL that the service returned: they were asked of the service itself,
 * and a line that names file:///etc/passwd would read the learner's.
 */
static const char *led_path(const char *url, struct arena *arena)
{
	const char *place = url[0] == '/' ? NULL : strstr(url, "://");
	const char *path;

	if (!place)
		return url;
	path = place + 3 + strcspn(place + 3, "/?#");
	return arena_format(arena, "%s%.*s", path[0] == '/' ? "" : "/", (int)strcspn(path, "#"),
			    path);
}

/* What curl would change in an address unless it is told not to. */
static void add_flags(struct text *into, const struct http_request *request, const char *path)
{
	if (strpbrk(path, "[]{}"))
		text_add(into, " --globoff");
	if (strstr(path, "/.") || strcasestr(path, "/%2e"))
		text_add(into, " --path-as-is");
	if (request->is_compressed)
		text_add(into, " --compressed");
}

/* "$BASE_URL/path": what a shell reads inside double quotes is escaped. The address is ASCII. */
static void add_address(struct text *into, const char *url)
{
	text_add(into, url[0] == '/' ? "\"$BASE_URL" : "\"");
	for (; *url; url++) {
		if (strchr("\"$`\\", *url))
			text_add_char(into, '\\');
		text_add_char(into, *url);
	}
	text_add_char(into, '"');
}

/* To curl "Name:" takes a header away; one without a value is written "Name;". */
static void add_header(struct text *into, const char *header)
{
	size_t length = strlen(header);
	mp_autotext struct text empty = {0};

	while (length > 0 && strchr(" \t", header[length - 1]))
		length--;
	if (length == 0 || header[length - 1] != ':') {
		add_quoted(into, header, strlen(header));
		return;
	}
	text_add_bytes(&empty, header, length - 1);
	text_add_char(&empty, ';');
	add_quoted(into, text_get(&empty), empty.length);
}

static void add_headers(struct text *into, const struct http_request *request)
{
	for (size_t i = 0; i < request->header_count; i++) {
		const char *header = request->headers[i];

		if (!request->has_own_type && strncmp(header, "Content-Type: ", 14) == 0)
			continue;
		if (request->user && strncmp(header, "Authorization: Basic ", 21) == 0)
			continue;
		text_add(into, " -H ");
		add_header(into, header);
	}
}

static void add_body(struct text *into, const struct http_request *request)
{
	size_t index;
	json_t *part;

	json_array_foreach (request->upload_shown, index, part) {
		text_add(into, " -F ");
		add_quoted(into, json_string_value(part), json_string_length(part));
	}
	if (!request->body || request->upload_shown)
		return;
	if (request->body_bytes > BODY_SHOWN_BYTES) {
		text_addf(into, " -d @FILE   (a body of %zu bytes)", request->body_bytes);
		return;
	}
	/* -d @name would send a file of that name. */
	text_add(into, request->body[0] == '@' ? " --data-raw " : " -d ");
	add_quoted(into, request->body, request->body_bytes);
}

const char *request_curl(const struct http_request *request, struct arena *arena)
{
	mp_autotext struct text line = {0};
	const char *path = led_path(request->url, arena);

	text_add(&line, "curl -i");
	add_flags(&line, request, path);
	if (strcmp(request->method, "HEAD") == 0)
		text_add(&line, " --head");
	else if (strcmp(request->method, "GET") != 0 || request->body)
		text_addf(&line, " -X %s", request->method);
	text_add_char(&line, ' ');
	add_address(&line, path);
	if (request->user) {
		text_add(&line, " -u ");
		add_quoted(&line, request->user, strlen(request->user));
	}
	add_headers(&line, request);
	add_body(&line, request);
	return arena_text(arena, text_get(&line));
}

const char *request_burst(const struct http_request *request, size_t count, struct arena *arena)
{
	return arena_format(arena, "for i in $(seq %zu); do %s & done; wait", count,
			    request_curl(request, arena));
}

/* The first MOST characters in visible form. */
static void add_short(struct text *into, const char *bytes, size_t count, size_t most)
{
	size_t i = 0;

	for (; i < count && most > 0; most--) {
		size_t length = text_utf8_length(bytes + i, count - i);

		i += length ? length : 1;
	}
	text_add_visible(into, bytes, count, i);
}

const char *request_short(const struct http_request *request, struct arena *arena)
{
	mp_autotext struct text words = {0};

	text_addf(&words, "%s ", request->method);
	add_short(&words, request->readable, strlen(request->readable), SHORT_CHARACTERS);
	if (request->upload_shown) {
		text_add(&words, " with an upload");
	} else if (request->body) {
		text_addf(&words, " with %s ", request->body_kind);
		add_short(&words, request->body, request->body_bytes, SHORT_CHARACTERS);
	}
	return arena_text(arena, text_get(&words));
}
