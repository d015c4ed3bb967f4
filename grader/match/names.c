/* SPDX-License-Identifier: MIT */
/* Names: where their values are, how they are put into values and texts, and how they are saved. */
#include "grader/match/match.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/match/inner.h"
#include "grader/match/regex.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/text.h"

struct names {
	json_t *words;	/* owned: name to value, or to a list for a word with a count */
	json_t *counts; /* owned: name to how many, for words with a count */
	json_t *saved;	/* owned */
	json_t *now_s;	/* owned */
	json_t *now_ms; /* owned */
	int element;	/* which element $(name) means of words with a count; -1: the list */
};

struct names *names_free(struct names *names)
{
	if (!names)
		return NULL;
	json_decref(names->words);
	json_decref(names->counts);
	json_decref(names->saved);
	json_decref(names->now_s);
	json_decref(names->now_ms);
	free(names);
	return NULL;
}

static void names_cleanup(struct names **names)
{
	*names = names_free(*names);
}

int names_new(const json_t *words, uint64_t seed, struct names **ret_names, struct mp_error *err)
{
	__attribute__((cleanup(names_cleanup))) struct names *names = calloc(1, sizeof(*names));
	int rc;

	if (!names)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "words");
	names->element = -1;
	names->words = json_object();
	names->counts = json_object();
	names->saved = json_object();
	names->now_s = json_integer(0);
	names->now_ms = json_integer(0);
	if (!names->words || !names->counts || !names->saved || !names->now_s || !names->now_ms)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "words");
	rc = words_draw(words, seed, names->words, names->counts, err);
	if (rc < 0)
		return rc;
	*ret_names = mp_take(names);
	return 0;
}

const json_t *names_get(const struct names *names, const char *name)
{
	const json_t *value;

	if (!names)
		return NULL;
	if (strcmp(name, "now.s") == 0)
		return names->now_s;
	if (strcmp(name, "now.ms") == 0)
		return names->now_ms;
	value = json_object_get(names->words, name);
	return value ? value : json_object_get(names->saved, name);
}

size_t names_count(const struct names *names, const char *name)
{
	return names ? (size_t)json_integer_value(json_object_get(names->counts, name)) : 0;
}

/* What $(name) means now: in a burst the element of this request. */
static const json_t *names_value(const struct names *names, const char *name)
{
	const json_t *value = names_get(names, name);
	size_t count = names_count(names, name);

	if (value && names->element >= 0 && count > 0)
		return json_array_get(value, (size_t)names->element % count);
	return value;
}

int names_set(struct names *names, const char *name, const json_t *value)
{
	if (names_get(names, name))
		return -EEXIST;
	return json_object_set(names->saved, name, json_readable(value)) == 0 ? 0 : -ENOMEM;
}

void names_forget_saved(struct names *names)
{
	(void)json_object_clear(names->saved);
}

void names_set_now(struct names *names, int64_t now_ms)
{
	(void)json_integer_set(names->now_ms, now_ms);
	(void)json_integer_set(names->now_s, now_ms / 1000);
}

int64_t names_now(const struct names *names)
{
	return names ? json_integer_value(names->now_ms) : 0;
}

void names_set_element(struct names *names, int index)
{
	names->element = index;
}

/* --- texts with names ------------------------------------------------------------------------------- */

/* The characters of a name at TEXT, 0 when none stands there. */
static size_t name_length(const char *text)
{
	size_t length = 0;

	if (strncmp(text, "now.s)", 6) == 0 || strncmp(text, "now.ms)", 7) == 0)
		return strcspn(text, ")");
	if (text[0] < 'a' || text[0] > 'z')
		return 0;
	while ((text[length] >= 'a' && text[length] <= 'z') ||
	       (text[length] >= '0' && text[length] <= '9') || text[length] == '_')
		length++;
	return length < NAME_SIZE && text[length] == ')' ? length : 0;
}

bool names_scan(const char *text, size_t *position, char ret_name[NAME_SIZE])
{
	size_t i = *position;

	while (text[i]) {
		size_t length;

		if (strncmp(text + i, "$$(", 3) == 0) {
			i += 3;
			continue;
		}
		length = strncmp(text + i, "$(", 2) == 0 ? name_length(text + i + 2) : 0;
		if (length > 0) {
			memcpy(ret_name, text + i + 2, length);
			ret_name[length] = '\0';
			*position = i + length + 3;
			return true;
		}
		i++;
	}
	*position = i;
	return false;
}

static int unknown_name(const char *name, struct mp_error *err)
{
	(void)mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "$(%s) has no value", name);
	if (err)
		err->code = -ENOENT;
	return -ENOENT;
}

static void add_encoded(struct text *into, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (isalnum(c) || (c != '\0' && strchr("-._~", c)))
			text_add_char(into, (char)c);
		else
			text_addf(into, "%%%02X", c);
	}
}

static void add_literal(struct text *into, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if ((unsigned char)bytes[i] < 0x80 && !isalnum((unsigned char)bytes[i]))
			text_add_char(into, '\\');
		text_add_char(into, bytes[i]);
	}
}

static void add_plain(struct text *into, const char *bytes, size_t count)
{
	text_add_bytes(into, bytes, count);
}

typedef void add_fn(struct text *into, const char *bytes, size_t count);

/* Put the text of VALUE behind INTO: texts as they are, all else as JSON. */
static void add_value(struct text *into, const json_t *value, add_fn *add)
{
	mp_autofree char *dumped = NULL;

	if (json_is_string(value)) {
		add(into, json_string_value(value), json_string_length(value));
		return;
	}
	dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
	if (dumped)
		add(into, dumped, strlen(dumped));
}

/* Is a value at the start of a path an address itself? Then it is taken as it is. */
static bool is_address(const json_t *value)
{
	const char *text = json_string_value(value);

	return text && (text[0] == '/' || strstr(text, "://"));
}

/*
 * One text with its names replaced, behind INTO. A regular expression keeps its own dollars: only $$( is
 * ours there.
 */
static int fill_into(const struct names *names, const char *text, add_fn *add, struct text *into,
		     struct mp_error *err)
{
	bool has_own_dollars = add == add_literal;
	size_t i = 0;

	if (text[0] == '$' && text[1] == '$' && text[2] != '(' && !has_own_dollars) {
		text_add_char(into, '$');
		i = 2;
	}
	while (text[i]) {
		const json_t *value;
		char name[NAME_SIZE];
		size_t length = strncmp(text + i, "$(", 2) == 0 ? name_length(text + i + 2) : 0;

		if (strncmp(text + i, "$$(", 3) == 0) {
			text_add(into, "$(");
			i += 3;
			continue;
		}
		if (length == 0) {
			text_add_char(into, text[i++]);
			continue;
		}
		memcpy(name, text + i + 2, length);
		name[length] = '\0';
		value = names_value(names, name);
		if (!value)
			return unknown_name(name, err);
		add_value(into, value,
			  add == add_encoded && i == 0 && is_address(value) ? add_plain : add);
		i += length + 3;
	}
	return into->is_cut ? mp_fail(err, MP_FAULT_HOST, -ENOMEM, "a text with names") : 0;
}

int names_fill_text(const struct names *names, const char *text, bool encode, char **ret_text,
		    struct mp_error *err)
{
	mp_autotext struct text into = {0};
	int rc;

	text_init(&into, 0);
	rc = fill_into(names, text, encode ? add_encoded : add_plain, &into, err);
	if (rc < 0)
		return rc;
	*ret_text = text_take(&into);
	return *ret_text ? 0 : mp_fail(err, MP_FAULT_HOST, -ENOMEM, "a text with names");
}

int names_fill_regex(const struct names *names, const char *text, char **ret_text,
		     struct mp_error *err)
{
	mp_autotext struct text into = {0};
	int rc;

	text_init(&into, 0);
	rc = fill_into(names, text, add_literal, &into, err);
	if (rc < 0)
		return rc;
	*ret_text = text_take(&into);
	return *ret_text ? 0 : mp_fail(err, MP_FAULT_HOST, -ENOMEM, "a text with names");
}

static int fill_string(const struct names *names, const char *text, json_t **ret_value,
		       struct mp_error *err)
{
	mp_autotext struct text into = {0};
	char name[NAME_SIZE];
	size_t length = strncmp(text, "$(", 2) == 0 ? name_length(text + 2) : 0;
	int rc;

	if (length > 0 && text[length + 3] == '\0') {
		const json_t *value;

		memcpy(name, text + 2, length);
		name[length] = '\0';
		value = names_value(names, name);
		if (!value)
			return unknown_name(name, err);
		*ret_value = json_incref(json_readable(value));
		return 0;
	}
	text_init(&into, 0);
	rc = fill_into(names, text, add_plain, &into, err);
	if (rc < 0)
		return rc;
	*ret_value = json_stringn(text_get(&into), into.length);
	return *ret_value ? 0 : mp_fail(err, MP_FAULT_HOST, -ENOMEM, "a text with names");
}

static int fill_list(const struct names *names, const json_t *list, json_t **ret_value,
		     struct mp_error *err)
{
	json_t *filled = json_array();
	size_t index;
	json_t *item;

	json_array_foreach (list, index, item) {
		json_t *value = NULL;
		int rc = names_fill(names, item, &value, err);

		if (rc == 0 && json_array_append_new(filled, value) < 0)
			rc = mp_fail(err, MP_FAULT_HOST, -ENOMEM, "a list with names");
		if (rc < 0) {
			json_decref(filled);
			return rc;
		}
	}
	*ret_value = filled;
	return 0;
}

static int fill_map(const struct names *names, const json_t *map, json_t **ret_value,
		    struct mp_error *err)
{
	json_t *filled = json_object();
	const char *key;
	json_t *item;

	json_object_foreach (json_readable(map), key, item) {
		const char *real_key = key[0] == '$' && key[1] == '$' ? key + 1 : key;
		json_t *value = NULL;
		int rc = names_fill(names, item, &value, err);

		if (rc == 0 && json_object_set_new(filled, real_key, value) < 0)
			rc = mp_fail(err, MP_FAULT_HOST, -ENOMEM, "a map with names");
		if (rc < 0) {
			json_decref(filled);
			return rc;
		}
	}
	*ret_value = filled;
	return 0;
}

int names_fill(const struct names *names, const json_t *value, json_t **ret_value,
	       struct mp_error *err)
{
	if (json_is_string(value))
		return fill_string(names, json_string_value(value), ret_value, err);
	if (json_is_array(value))
		return fill_list(names, value, ret_value, err);
	if (json_is_object(value))
		return fill_map(names, value, ret_value, err);
	*ret_value = json_incref(json_readable(value));
	return 0;
}

/* --- saving ----------------------------------------------------------------------------------------- */

/* The words of mp_fail() say all there is to say; the code is the caller's. */
static int as_missing(struct mp_error *err)
{
	if (err)
		err->code = -ENOENT;
	return -ENOENT;
}

/* Header names ignore case: the answer has them in small letters. */
static const json_t *part_at(const json_t *parts, const char *path)
{
	char lower[256];
	size_t i = 0;

	if (strncmp(path, "headers.", 8) != 0 || strlen(path) >= sizeof(lower))
		return json_at(parts, path);
	for (; path[i]; i++)
		lower[i] = (char)tolower((unsigned char)path[i]);
	lower[i] = '\0';
	return json_at(parts, lower);
}

static int save_group(struct names *names, const char *name, const json_t *rule,
		      const json_t *parts, struct mp_error *err)
{
	const char *from = json_string_value(json_object_get(rule, "from"));
	const char *matches = json_string_value(json_object_get(rule, "matches"));
	const json_t *value = from ? part_at(parts, from) : NULL;
	mp_autofree char *pattern = NULL;
	mp_autotext struct text text = {0};
	size_t start, length;
	json_t *found;
	int rc;

	text_init(&text, 0);
	if (!from || !matches)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "save: %s needs a path, or from and matches", name);
	if (!value) {
		(void)mp_fail(err, MP_FAULT_INPUT, -EBADMSG, "%s is not there", from);
		return as_missing(err);
	}
	rc = names_fill_regex(names, matches, &pattern, err);
	if (rc < 0)
		return rc;
	add_value(&text, value, add_plain);
	if (regex_search(pattern, text_get(&text), text.length, &start, &length) != REGEX_YES) {
		(void)mp_fail(err, MP_FAULT_INPUT, -EBADMSG, "%s has nothing that matches %s", from,
			      matches);
		return as_missing(err);
	}
	found = json_stringn(text_get(&text) + start, length);
	rc = names_set(names, name, found);
	json_decref(found);
	return rc == -EEXIST
		       ? mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "save: %s is set already", name)
		       : rc;
}

int names_save(struct names *names, const json_t *save, const json_t *parts, struct mp_error *err)
{
	const char *name;
	json_t *rule;

	json_object_foreach (json_readable(save), name, rule) {
		const char *path = json_string_value(rule);
		const json_t *value = path ? part_at(parts, path) : NULL;
		int rc;

		if (path && !value) {
			(void)mp_fail(err, MP_FAULT_INPUT, -EBADMSG, "%s is not there", path);
			return as_missing(err);
		}
		if (!path)
			rc = save_group(names, name, rule, parts, err);
		else if ((rc = names_set(names, name, value)) == -EEXIST)
			rc = mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "save: %s is set already",
				     name);
		if (rc < 0)
			return rc;
	}
	return 0;
}
