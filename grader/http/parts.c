/* SPDX-License-Identifier: MIT */
/* Parts: an answer as one JSON object, so that patterns and paths work on all of it alike. */
#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "grader/http/inner.h"

enum { NO_JSON_CHARACTERS = 27, JSON_VALUES_MAX = 200000, JSON_CONTAINERS_MAX = 50000 };

const char *answer_header(const struct wire_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->header_count; i++) {
		if (strcasecmp(answer->headers[i].name, name) == 0)
			return answer->headers[i].value;
	}
	return NULL;
}

/* A text from outside: what is no UTF-8 is taken for Latin-1, as HTTP did in its first years. */
static json_t *text_value(const char *bytes, size_t count)
{
	json_t *value = json_stringn(bytes, count);
	mp_autotext struct text latin = {0};

	if (value)
		return value;
	for (size_t i = 0; i < count; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c >= 0x80)
			text_add_char(&latin, (char)(0xc0 | c >> 6));
		text_add_char(&latin, c < 0x80 ? (char)c : (char)(0x80 | (c & 0x3f)));
	}
	return json_stringn(text_get(&latin), latin.length);
}

/* --- headers and cookies ----------------------------------------------------------------------------- */

static json_t *headers_value(const struct wire_answer *answer)
{
	json_t *headers = json_object();

	for (size_t i = 0; i < answer->header_count; i++) {
		const struct wire_header *header = &answer->headers[i];
		json_t *value;
		json_t *name;
		mp_autotext struct text lower = {0};
		json_t *before;

		assert(header->name && header->value);
		value = text_value(header->value, strlen(header->value));
		name = text_value(header->name, strlen(header->name));
		for (const char *c = json_string_value(name); c && *c; c++)
			text_add_char(&lower, (char)tolower((unsigned char)*c));
		before = json_object_get(headers, text_get(&lower));
		if (before)
			(void)json_object_set_new(headers, text_get(&lower),
						  json_sprintf("%s, %s", json_string_value(before),
							       json_string_value(value)));
		else
			(void)json_object_set(headers, text_get(&lower), value);
		json_decref(value);
		json_decref(name);
	}
	return headers;
}

static size_t trimmed(const char **start, size_t count)
{
	while (count > 0 && (**start == ' ' || **start == '\t')) {
		(*start)++;
		count--;
	}
	while (count > 0 && ((*start)[count - 1] == ' ' || (*start)[count - 1] == '\t'))
		count--;
	return count;
}

/* "HttpOnly" or "Path=/x" as a member of COOKIE, its name in small letters. */
static void add_attribute(json_t *cookie, const char *start, size_t count)
{
	const char *equals = memchr(start, '=', count);
	const char *end = start + count;
	size_t name_count = equals ? (size_t)(equals - start) : count;
	mp_autotext struct text name = {0};
	const char *value;

	name_count = trimmed(&start, name_count);
	for (size_t i = 0; i < name_count; i++)
		text_add_char(&name, (char)tolower((unsigned char)start[i]));
	if (name_count == 0 || strcmp(text_get(&name), "value") == 0)
		return;
	if (!equals) {
		(void)json_object_set_new(cookie, text_get(&name), json_true());
		return;
	}
	value = equals + 1;
	count = trimmed(&value, (size_t)(end - value));
	(void)json_object_set_new(cookie, text_get(&name), text_value(value, count));
}

/* "sid=ab; Path=/; HttpOnly" as {"value": "ab", "path": "/", "httponly": true}. Source: RFC 6265, 5.2. */
static void add_cookie(json_t *cookies, const char *line)
{
	size_t first = strcspn(line, ";");
	const char *equals = memchr(line, '=', first);
	const char *name = line, *value;
	json_t *cookie, *key;
	size_t count;

	if (!equals)
		return;
	count = trimmed(&name, (size_t)(equals - line));
	key = text_value(name, count);
	value = equals + 1;
	count = trimmed(&value, first - (size_t)(equals + 1 - line));
	cookie = json_object();
	(void)json_object_set_new(cookie, "value", text_value(value, count));
	for (const char *rest = line + first; *rest == ';';) {
		size_t length = strcspn(++rest, ";");

		add_attribute(cookie, rest, length);
		rest += length;
	}
	(void)json_object_set_new(cookies, json_string_value(key), cookie);
	json_decref(key);
}

static json_t *cookies_value(const struct wire_answer *answer)
{
	json_t *cookies = json_object();

	for (size_t i = 0; i < answer->header_count; i++) {
		if (strcasecmp(answer->headers[i].name, "Set-Cookie") == 0)
			add_cookie(cookies, answer->headers[i].value);
	}
	return cookies;
}

/* --- bodies ------------------------------------------------------------------------------------------ */

/*
 * A value in memory is a hundred times as large as the three bytes that write it, so values are
 * counted before they are made. Signs inside texts count too: no honest answer comes near.
 */
static bool has_too_many_values(const struct wire_answer *answer)
{
	size_t values = 0, containers = 0;

	for (size_t i = 0; i < answer->body_bytes; i++) {
		values += answer->body[i] == ',';
		containers += answer->body[i] == '[' || answer->body[i] == '{';
	}
	return values > JSON_VALUES_MAX || containers > JSON_CONTAINERS_MAX;
}

static json_t *json_of_body(const struct wire_answer *answer, json_error_t *slip)
{
	if (has_too_many_values(answer))
		return NULL;
	return json_loadb(answer->body ? answer->body : "", answer->body_bytes,
			  JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, slip);
}

/* Does the body end in the middle of a letter of UTF-8? */
static bool ends_in_a_letter(const struct wire_answer *answer)
{
	size_t back = 1;
	unsigned char lead;

	while (back < 4 && back < answer->body_bytes &&
	       ((unsigned char)answer->body[answer->body_bytes - back] & 0xc0) == 0x80)
		back++;
	lead = (unsigned char)answer->body[answer->body_bytes - back];
	return lead >= 0xc2 && lead < 0xf5 && back < (lead < 0xe0 ? 2U : lead < 0xf0 ? 3U : 4U);
}

/*
 * Was the size counted in characters? Then JSON with letters outside ASCII breaks off at the end of
 * the body.
 */
bool parts_json_is_cut(const struct wire_answer *answer)
{
	json_error_t slip;
	json_t *json;
	bool has_wide = false;

	for (size_t i = 0; i < answer->body_bytes; i++)
		has_wide = has_wide || (unsigned char)answer->body[i] >= 0x80;
	if (!has_wide || has_too_many_values(answer) || !answer_header(answer, "Content-Length"))
		return false;
	json = json_of_body(answer, &slip);
	json_decref(json);
	return !json && (json_error_code(&slip) == json_error_premature_end_of_input ||
			 ends_in_a_letter(answer));
}

static bool begins_with(const struct wire_answer *answer, const char *bytes, size_t count)
{
	return answer->body_bytes >= count && memcmp(answer->body, bytes, count) == 0;
}

enum slip parts_encoding_slip(const struct wire_answer *answer)
{
	static const struct {
		const char *bytes;
		size_t count;
		enum slip slip;
	} starts[] = {
		{"\xef\xbb\xbf", 3, SLIP_MARK},
		{"\xff\xfe", 2, SLIP_UTF16},
		{"\xfe\xff", 2, SLIP_UTF16},
		/* Without a mark: what JSON begins with is of ASCII, so one byte of two is 0. */
		{"{\0", 2, SLIP_UTF16},
		{"[\0", 2, SLIP_UTF16},
		{"\0{", 2, SLIP_UTF16},
		{"\0[", 2, SLIP_UTF16},
	};
	json_t *json, *text;
	json_error_t slip;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (begins_with(answer, starts[i].bytes, starts[i].count))
			return starts[i].slip;
	}
	if (has_too_many_values(answer))
		return SLIP_NONE;
	json = json_of_body(answer, &slip);
	json_decref(json);
	text = json_stringn(answer->body ? answer->body : "", answer->body_bytes);
	json_decref(text);
	/* What is cut within a letter is no UTF-8 either, for another reason. */
	return !json && !text && json_error_code(&slip) == json_error_invalid_utf8 &&
			       !parts_json_is_cut(answer)
		       ? SLIP_NOT_UTF8
		       : SLIP_NONE;
}

static bool type_is(const char *type, const char *part)
{
	return type && strcasestr(type, part);
}

static void add_bodies(json_t *parts, const struct wire_answer *answer)
{
	const char *type = answer_header(answer, "Content-Type");
	json_error_t slip;
	json_t *json = json_of_body(answer, &slip);
	json_t *text = text_value(answer->body ? answer->body : "", answer->body_bytes);

	if (json)
		(void)json_object_set_new(parts, "json", json);
	if (type_is(type, "html"))
		(void)json_object_set(parts, "html", text);
	if (type_is(type, "xml"))
		(void)json_object_set(parts, "xml", text);
	(void)json_object_set_new(parts, "text", text);
}

json_t *parts_of(const struct wire_answer *answer)
{
	json_t *parts = json_object();
	const char *type = answer_header(answer, "Content-Type");

	(void)json_object_set_new(parts, "status", json_integer(answer->status));
	if (type)
		(void)json_object_set_new(parts, "type", text_value(type, strlen(type)));
	(void)json_object_set_new(parts, "headers", headers_value(answer));
	(void)json_object_set_new(parts, "cookies", cookies_value(answer));
	add_bodies(parts, answer);
	(void)json_object_set_new(parts, "size", json_integer((json_int_t)answer->body_bytes));
	(void)json_object_set_new(parts, "within", json_integer(answer->within_ms));
	return parts;
}

/* Line ends and runs of blanks as one blank each, so that the start of a page is worth its place. */
static void add_flat(struct text *into, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool is_blank = strchr(" \t\r\n", bytes[i]) && bytes[i];

		if (!is_blank)
			text_add_char(into, bytes[i]);
		else if (into->length > 0 && into->data[into->length - 1] != ' ')
			text_add_char(into, ' ');
	}
}

const char *parts_no_json(const struct wire_answer *answer, struct arena *arena)
{
	mp_autotext struct text flat = {.limit = 400};
	mp_autotext struct text words = {0};
	json_error_t slip;
	size_t shown = 0;

	if (has_too_many_values(answer))
		return "no JSON of a size that is read here: too many values";
	json_decref(json_of_body(answer, &slip));
	if (answer->body_bytes == 0)
		return "no JSON: the body is empty";
	if (begins_with(answer, "\xef\xbb\xbf", 3))
		return "no JSON: the body begins with a byte-order mark";
	add_flat(&flat, answer->body, answer->body_bytes);
	if (flat.length == 0)
		return "no JSON: the body is blank";
	if (json_error_code(&slip) == json_error_numeric_overflow) {
		text_add(&words, "JSON with a number that does not fit into 64 bits: ");
		text_add_visible(&words, slip.text, strlen(slip.text), 100);
		return arena_text(arena, text_get(&words));
	}
	if (strchr("{[\"", flat.data[0])) {
		text_add(&words, "broken JSON: ");
		text_add_visible(&words, slip.text, strlen(slip.text), 100);
		text_addf(&words, " (line %d, column %d)", slip.line, slip.column);
		return arena_text(arena, text_get(&words));
	}
	for (int i = 0; i < NO_JSON_CHARACTERS && shown < flat.length; i++) {
		size_t length = text_utf8_length(flat.data + shown, flat.length - shown);

		shown += length ? length : 1;
	}
	text_add(&words, "no JSON: ");
	text_add_visible(&words, text_get(&flat), flat.length, shown);
	text_addf(&words, " (%zu bytes)", answer->body_bytes);
	return arena_text(arena, text_get(&words));
}
