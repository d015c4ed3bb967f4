/* SPDX-License-Identifier: MIT */
/* Expectations: each part in its own form, mismatches in the order of the parts. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "grader/http/inner.h"
#include "sandbox/base/cleanup.h"

/* --- status ------------------------------------------------------------------------------------------ */

/* "2xx" as its first digit, 0 when it is no class. */
static int status_class(const json_t *pattern)
{
	const char *text = json_string_value(pattern);

	return text && text[0] >= '1' && text[0] <= '5' && strcmp(text + 1, "xx") == 0
		       ? text[0] - '0'
		       : 0;
}

bool status_holds(const json_t *pattern, int status, const struct names *names)
{
	int class = status_class(pattern);
	json_t *got, *item;
	size_t index;
	bool holds;

	if (class)
		return status / 100 == class;
	json_array_foreach (pattern, index, item) {
		if (status_holds(item, status, names))
			return true;
	}
	if (json_is_array(pattern))
		return false;
	got = json_integer(status);
	holds = match_holds(pattern, got, names);
	json_decref(got);
	return holds;
}

bool status_is_well_formed(const json_t *pattern)
{
	json_int_t number = json_integer_value(pattern);
	json_t *item;
	size_t index;

	json_array_foreach (pattern, index, item) {
		if (json_is_array(item) || !status_is_well_formed(item))
			return false;
	}
	if (json_is_array(pattern))
		return json_array_size(pattern) > 0;
	if (json_is_integer(pattern))
		return number >= 100 && number <= 599;
	if (json_is_string(pattern) && json_string_value(pattern)[0] != '$')
		return status_class(pattern) != 0;
	return json_is_string(pattern) || json_is_object(pattern);
}

static void status_words(const json_t *pattern, const struct names *names, struct arena *arena,
			 struct text *into)
{
	size_t count = json_array_size(pattern), index;
	json_t *item;

	json_array_foreach (pattern, index, item) {
		if (index > 0)
			text_add(into, index + 1 == count ? " or " : ", ");
		status_words(item, names, arena, into);
	}
	if (json_is_array(pattern))
		return;
	text_add(into, status_class(pattern) ? json_string_value(pattern)
					     : match_describe(pattern, names, arena));
}

static void add(struct mismatches *into, const char *path, const char *wanted, const char *got)
{
	struct mismatch *item;

	if (!into->arena)
		return;
	item = arena_push(into->arena, &into->items, &into->count, sizeof(*item));
	item->path = arena_text(into->arena, path);
	item->wanted = arena_text(into->arena, wanted);
	item->got = arena_text(into->arena, got);
}

/* One part: where it is in the answer, and how it is judged. */
struct part_match {
	const json_t *pattern, *got, *parts;
	const struct wire_answer *answer; /* NULL for a near miss */
	const struct names *names;
};

static bool match_status(const struct part_match *m, struct mismatches *into)
{
	int status = (int)json_integer_value(m->got);
	mp_autotext struct text wanted = {0};

	if (status_holds(m->pattern, status, m->names))
		return true;
	if (into->arena) {
		const char *reason = m->answer && m->answer->reason ? m->answer->reason : "";
		const char *location = m->answer ? answer_header(m->answer, "Location") : NULL;
		mp_autotext struct text got = {0};

		status_words(m->pattern, m->names, into->arena, &wanted);
		text_addf(&got, "%d%s", status, *reason ? " " : "");
		text_add_visible(&got, reason, strlen(reason), 40);
		if (status / 100 == 3 && location) {
			text_add(&got, ", to ");
			text_add_visible(&got, location, strlen(location), 80);
		}
		add(into, "status", text_get(&wanted), text_get(&got));
	}
	return false;
}

/* --- type -------------------------------------------------------------------------------------------- */

/* Parameters are ignored unless they are written; so is case, and blanks around a semicolon. */
static bool type_equal(const char *wanted, const char *got)
{
	bool has_parameters = strchr(wanted, ';') != NULL;

	while (*wanted || *got) {
		while (*wanted == ' ')
			wanted++;
		while (*got == ' ')
			got++;
		if (!has_parameters && *wanted == '\0' && *got == ';')
			return true;
		if (tolower((unsigned char)*wanted) != tolower((unsigned char)*got))
			return false;
		if (*wanted) {
			wanted++;
			got++;
		}
	}
	return true;
}

static bool match_type(const struct part_match *m, struct mismatches *into)
{
	const char *pattern = json_string_value(m->pattern);
	const char *type = json_string_value(m->got);
	mp_autofree char *wanted = NULL;
	json_t *bare;
	bool holds;

	if (pattern && type && !(pattern[0] == '$' && pattern_word_find(pattern))) {
		if (names_fill_text(m->names, pattern, false, &wanted, NULL) == 0 &&
		    type_equal(wanted, type))
			return true;
	} else if (type) {
		bare = json_stringn(type, strcspn(type, "; "));
		holds = match_holds(m->pattern, bare, m->names) ||
			match_holds(m->pattern, m->got, m->names);
		json_decref(bare);
		if (holds)
			return true;
	}
	if (!type && into->arena && !match_holds(m->pattern, NULL, m->names)) {
		json_t *header = json_string("");

		(void)match_part("type", m->pattern, header, m->names, into);
		if (into->count > 0)
			into->items[into->count - 1].got = "no Content-Type header";
		json_decref(header);
		return false;
	}
	return match_part("type", m->pattern, m->got, m->names, into);
}

/* --- the others -------------------------------------------------------------------------------------- */

json_t *lower_keys(const json_t *map)
{
	json_t *lower = json_object();
	const char *key;
	json_t *value;

	json_object_foreach (json_readable(map), key, value) {
		mp_autotext struct text name = {0};

		for (const char *c = key; *c; c++)
			text_add_char(&name, (char)tolower((unsigned char)*c));
		(void)json_object_set(lower, text_get(&name), value);
	}
	return lower;
}

/* Does PATTERN ask for a number? */
static bool wants_number(const json_t *pattern)
{
	static const char *const words[] = {"$integer", "$number", "$at_least", "$at_most",
					    "$above",	"$below",  "$near"};
	const char *word = json_string_value(pattern);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if ((word && strcmp(word, words[i]) == 0) || json_object_get(pattern, words[i]))
			return true;
	}
	return json_is_number(pattern);
}

json_t *headers_as_asked(const json_t *pattern, const json_t *headers)
{
	json_t *asked = json_copy(json_readable(headers));
	const char *name;
	json_t *part;

	json_object_foreach (json_readable(pattern), name, part) {
		const char *text = json_string_value(json_object_get(headers, name));
		json_t *number =
			text && wants_number(part) ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

		if (json_is_number(number))
			(void)json_object_set(asked, name, number);
		json_decref(number);
	}
	return asked;
}

static bool match_headers(const struct part_match *m, struct mismatches *into)
{
	json_t *pattern = json_is_object(m->pattern) ? lower_keys(m->pattern)
						     : json_incref(json_readable(m->pattern));
	json_t *got = headers_as_asked(pattern, m->got);
	bool holds = match_part("headers", pattern, got, m->names, into);

	json_decref(pattern);
	json_decref(got);
	return holds;
}

/* A cookie that is expected as a map has its attributes; else it is its value. */
static bool match_cookies(const struct part_match *m, struct mismatches *into)
{
	json_t *got = json_object();
	const char *name;
	json_t *cookie;
	bool holds;

	json_object_foreach (json_readable(m->got), name, cookie) {
		const json_t *pattern = json_object_get(m->pattern, name);
		const char *first = json_object_iter_key(json_object_iter(json_readable(pattern)));
		bool is_whole = first && first[0] != '$';

		(void)json_object_set(got, name,
				      is_whole ? cookie : json_object_get(cookie, "value"));
	}
	holds = match_part("cookies", m->pattern, got, m->names, into);
	json_decref(got);
	return holds;
}

static bool match_json(const struct part_match *m, struct mismatches *into)
{
	if (m->got || match_holds(m->pattern, NULL, m->names))
		return match_part("json", m->pattern, m->got, m->names, into);
	if (into->arena && m->answer)
		add(into, "json", match_describe(m->pattern, m->names, into->arena),
		    parts_no_json(m->answer, into->arena));
	return false;
}

static bool match_markup(const struct part_match *m, const char *path, const char *nothing,
			 struct mismatches *into)
{
	size_t before = into->count;
	bool holds = match_part(path, m->pattern, m->got, m->names, into);

	if (!holds && !m->got && into->count > before)
		into->items[before].got = nothing;
	return holds;
}

static bool match_html(const struct part_match *m, struct mismatches *into)
{
	return match_markup(m, "html", "no HTML: the Content-Type says something else", into);
}

static bool match_xml(const struct part_match *m, struct mismatches *into)
{
	return match_markup(m, "xml", "no XML: the Content-Type says something else", into);
}

static bool match_text(const struct part_match *m, struct mismatches *into)
{
	return match_part("text", m->pattern, m->got, m->names, into);
}

static bool match_size(const struct part_match *m, struct mismatches *into)
{
	return match_part("size", m->pattern, m->got, m->names, into);
}

/* A bare value means at most that. What was measured is no two times the same, so it is not shown. */
static bool match_within(const struct part_match *m, struct mismatches *into)
{
	json_t *pattern = json_is_object(m->pattern)
				  ? json_incref(json_readable(m->pattern))
				  : json_pack("{s:O}", "$at_most", json_readable(m->pattern));
	size_t before = into->count;
	bool holds = match_part("within", pattern, m->got, m->names, into);

	if (!holds && into->count > before)
		into->items[before].got = "not in that time";
	json_decref(pattern);
	return holds;
}

struct part_row {
	const char *name;
	bool (*match)(const struct part_match *m, struct mismatches *into);
};

/* In the order in which a learner reads them. */
static const struct part_row part_rows[] = {
	{"status", match_status},   {"type", match_type}, {"headers", match_headers},
	{"cookies", match_cookies}, {"json", match_json}, {"text", match_text},
	{"html", match_html},	    {"xml", match_xml},	  {"size", match_size},
	{"within", match_within},
};

static bool match_all(const json_t *expect, const json_t *parts, const struct wire_answer *answer,
		      const struct names *names, struct mismatches *into)
{
	bool holds = true;

	for (size_t i = 0; i < sizeof(part_rows) / sizeof(part_rows[0]); i++) {
		struct part_match m = {
			.pattern = json_object_get(expect, part_rows[i].name),
			.got = json_object_get(parts, part_rows[i].name),
			.parts = parts,
			.answer = answer,
			.names = names,
		};

		if (m.pattern)
			holds = part_rows[i].match(&m, into) && holds;
	}
	return holds;
}

void expect_match(const json_t *expect, const json_t *parts, const struct wire_answer *answer,
		  const struct names *names, struct mismatches *into)
{
	(void)match_all(expect, parts, answer, names, into);
}

bool expect_fits(const json_t *expect, const json_t *parts, const struct names *names)
{
	struct arena *arena = arena_new();
	struct mismatches into = {.arena = arena};
	bool holds = match_all(expect, parts, NULL, names, &into);

	(void)arena_free(arena);
	return holds;
}
