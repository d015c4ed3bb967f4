/* SPDX-License-Identifier: MIT */
/* The words of the pattern language, and whether a pattern is well formed. */
#include "grader/match/match.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "grader/match/regex.h"
#include "grader/match/when.h"
#include "sandbox/base/field.h"
#include "sandbox/base/text.h"

const struct pattern_word pattern_words[] = {
	{"$text", false, "a text"},
	{"$integer", false, "a number without fraction and exponent"},
	{"$number", false, "a number"},
	{"$boolean", false, "true or false"},
	{"$list", false, "a list"},
	{"$object", false, "an object"},
	{"$any", false, "there, and may be null"},
	{"$time", false, "a text in the form of RFC 3339 with a zone: 2024-11-01T18:30:00Z"},
	{"$date", false, "a text in the form YYYY-MM-DD, a day that exists"},
	{"$uuid", false, "a text in the form of a UUID"},
	{"$url", false, "a text that is a whole http or https address"},
	{"$absent", false, "not there: a key, a header, a cookie"},
	{"$not", true, "there, and does not match"},
	{"$one_of", true, "matches at least one of a list"},
	{"$equal", true, "the same and nothing more, at every depth"},
	{"$contains", true,
	 "a text with this text, or a list with an element that matches; a list means all of them"},
	{"$starts", true, "a text that begins so"},
	{"$ends", true, "a text that ends so"},
	{"$nocase", true, "the same text but for ASCII case"},
	{"$matches", true, "a text that this regular expression (PCRE2) matches as a whole"},
	{"$length", true, "a text of so many characters, a list of so many elements"},
	{"$at_least", true, "a number, size, duration or time that is not below"},
	{"$at_most", true, "a number, size, duration or time that is not above"},
	{"$above", true, "a number, size, duration or time that is above"},
	{"$below", true, "a number, size, duration or time that is below"},
	{"$near", true, "a number or time at most $within away"},
	{"$within", true, "beside $near: a plain number for a number, a duration for a time"},
	{"$each", true, "a list, not empty, whose every element matches"},
	{"$some", true, "a list, not empty, one of whose elements matches"},
	{"$none", true, "a list, not empty, none of whose elements matches"},
	{"$unordered", true, "a list with exactly these elements in any order"},
	{"$sorted", true, "a list of objects that rises by this key; with - before it, falls"},
	{"$recent", true,
	 "a $time (or, beside $format, a text in that form) at most so far from the grader's clock"},
	{"$format", true, "a text in this form of strptime"},
};
const size_t pattern_word_count = sizeof(pattern_words) / sizeof(pattern_words[0]);

const struct pattern_word *pattern_word_find(const char *name)
{
	for (size_t i = 0; i < pattern_word_count; i++) {
		if (strcmp(pattern_words[i].name, name) == 0)
			return &pattern_words[i];
	}
	return NULL;
}

static const char *word_name_at(const void *context, size_t i)
{
	(void)context;
	return pattern_words[i].name;
}

const char *pattern_word_nearest(const char *name)
{
	return nearest_word(name, pattern_word_count, word_name_at, NULL);
}

/* --- is it well formed? ---------------------------------------------------------------------------- */

enum { EXAMINE_DEPTH_MAX = 64, SLIP_PATH_MAX = 512 };

/* Where an examination is: the path so far, in caller's storage. */
struct examination {
	char *at;
	size_t size, used;
	int depth;
	struct mp_error *err;
	slip_fn *tell; /* NULL: stop at the first slip */
	void *context;
};

/* RC of one item: told, so that the next is examined too; or handed on. */
static int examine_on(const struct examination *e, int rc)
{
	if (rc == 0 || !e->tell)
		return rc;
	e->tell(e->context, e->at, e->err->text);
	return 0;
}

static size_t examine_enter(struct examination *e, const char *step)
{
	size_t before = e->used;
	int added;

	e->depth++;
	if (e->size == 0)
		return before;
	added = snprintf(e->at + e->used, e->size - e->used, "%s%s", e->used ? "." : "", step);
	e->used += added < 0 ? 0 : (size_t)added;
	if (e->used >= e->size)
		e->used = e->size - 1;
	return before;
}

static void examine_leave(struct examination *e, size_t before)
{
	e->depth--;
	e->used = before;
	if (e->size > 0)
		e->at[before] = '\0';
}

/* A text that is one of ours: begins with a dollar that is neither doubled nor a name's. */
static bool is_word(const char *text)
{
	return text[0] == '$' && text[1] != '$' && text[1] != '(';
}

static int complain_of_word(const char *word, struct mp_error *err)
{
	const char *nearest = pattern_word_nearest(word);

	if (nearest)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "'%s' is not a pattern; did you mean '%s'? ($%s for the text)", word,
			       nearest, word);
	return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
		       "'%s' is not a pattern; write $%s for the text", word, word);
}

static int examine_any(struct examination *e, const json_t *pattern);
static int examine_free(struct examination *e, const json_t *value);

static int examine_text(const char *text, struct mp_error *err)
{
	const struct pattern_word *word;

	if (!is_word(text))
		return 0;
	word = pattern_word_find(text);
	if (!word)
		return complain_of_word(text, err);
	if (word->takes_value)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "%s needs a value: {%s: ...}", text,
			       text);
	return 0;
}

static int examine_list(struct examination *e, const json_t *list)
{
	size_t index;
	json_t *item;

	json_array_foreach (list, index, item) {
		char step[24];
		size_t before;
		int rc;

		(void)snprintf(step, sizeof(step), "%zu", index);
		before = examine_enter(e, step);
		rc = examine_on(e, examine_any(e, item));
		if (rc < 0)
			return rc;
		examine_leave(e, before);
	}
	return 0;
}

/* --- the values of words, one function a form -------------------------------------------------------- */

static int form_pattern(struct examination *e, const char *word, const json_t *value)
{
	(void)word;
	return examine_any(e, value);
}

static int form_patterns(struct examination *e, const char *word, const json_t *value)
{
	if (!json_is_array(value))
		return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG, "%s takes a list of patterns",
			       word);
	if (json_array_size(value) == 0 && strcmp(word, "$one_of") == 0)
		return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG,
			       "%s takes a list that is not empty", word);
	return examine_list(e, value);
}

static int form_text(struct examination *e, const char *word, const json_t *value)
{
	if (!json_is_string(value) || json_string_length(value) == 0)
		return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG,
			       "%s takes a text that is not empty", word);
	return 0;
}

/* A text that names are put into: what begins with a dollar and is no name is a slip here too. */
static int form_literal(struct examination *e, const char *word, const json_t *value)
{
	int rc = form_text(e, word, value);

	if (rc < 0 || !is_word(json_string_value(value)))
		return rc;
	return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG,
		       "%s takes a text; write $%s for the text", word, json_string_value(value));
}

static int form_format(struct examination *e, const char *word, const json_t *value)
{
	int rc = form_text(e, word, value);

	if (rc < 0 || when_is_format(json_string_value(value)))
		return rc;
	return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG,
		       "'%s' is no form of strptime; write one like %%d/%%m/%%Y",
		       json_string_value(value));
}

static int form_length(struct examination *e, const char *word, const json_t *value)
{
	const char *text = json_string_value(value);
	bool is_number = json_is_integer(value) && json_integer_value(value) >= 0;

	if (!is_number && !json_is_object(value) && !(text && text[0] == '$'))
		return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG,
			       "%s takes a whole number, or a range: {$at_least: 1}", word);
	return examine_any(e, value);
}

static int form_value(struct examination *e, const char *word, const json_t *value)
{
	(void)word;
	return examine_free(e, value);
}

static int form_regex(struct examination *e, const char *word, const json_t *value)
{
	int rc = form_text(e, word, value);

	return rc < 0 ? rc : regex_examine(json_string_value(value), e->err);
}

/* What may be compared: a number, a duration, a size, a time, a date, or a name that will be one. */
static int form_bound(struct examination *e, const char *word, const json_t *value)
{
	const char *text = json_string_value(value);
	int64_t ignored;

	if (json_is_number(value))
		return 0;
	if (text && (strncmp(text, "$(", 2) == 0 || when_duration(text, &ignored) ||
		     parse_bytes(text, &ignored) == 0 || when_time(text, &ignored) ||
		     when_date(text, &ignored)))
		return 0;
	return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG,
		       "%s takes a number, a duration (200ms), a size (64K), a time or a $(name)",
		       word);
}

static int form_duration(struct examination *e, const char *word, const json_t *value)
{
	const char *text = json_string_value(value);
	int64_t ignored;

	if (text && when_duration(text, &ignored))
		return 0;
	return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG, "%s takes a duration: 10s, 5m", word);
}

struct value_form {
	const char *word;
	int (*examine)(struct examination *e, const char *word, const json_t *value);
};

static const struct value_form value_forms[] = {
	{"$not", form_pattern},	       {"$one_of", form_patterns}, {"$equal", form_value},
	{"$contains", form_pattern},   {"$starts", form_literal},  {"$ends", form_literal},
	{"$nocase", form_literal},     {"$matches", form_regex},   {"$length", form_length},
	{"$at_least", form_bound},     {"$at_most", form_bound},   {"$above", form_bound},
	{"$below", form_bound},	       {"$near", form_bound},	   {"$within", form_bound},
	{"$each", form_pattern},       {"$some", form_pattern},	   {"$none", form_pattern},
	{"$unordered", form_patterns}, {"$sorted", form_text},	   {"$recent", form_duration},
	{"$format", form_format},
};

static int examine_word_key(struct examination *e, const char *key, const json_t *value)
{
	const struct pattern_word *word = pattern_word_find(key);

	if (!word)
		return complain_of_word(key, e->err);
	if (!word->takes_value)
		return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG,
			       "%s stands alone and takes no value", key);
	for (size_t i = 0; i < sizeof(value_forms) / sizeof(value_forms[0]); i++) {
		if (strcmp(value_forms[i].word, key) == 0)
			return value_forms[i].examine(e, key, value);
	}
	return 0;
}

static bool is_name(const json_t *value)
{
	return json_is_string(value) && strncmp(json_string_value(value), "$(", 2) == 0;
}

/* $within takes a duration for a time and a plain number for a number: all else never holds. */
static int examine_distance(const json_t *near, const json_t *within, struct mp_error *err)
{
	const char *center = json_string_value(near);
	int64_t ignored;
	bool is_time = center && (when_time(center, &ignored) || when_date(center, &ignored));
	bool is_duration =
		json_is_string(within) && when_duration(json_string_value(within), &ignored);

	if (json_number_value(within) < 0)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "$within is not below 0");
	if (is_name(within))
		return 0;
	if (!json_is_number(within) && !is_duration)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "$within takes a plain number, or a duration beside a time");
	if (is_name(near))
		return 0;
	if (is_time && !is_duration)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "$within takes a duration beside a time: {$near: %s, $within: 5s}",
			       center);
	if (!is_time && is_duration)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "$within takes a plain number beside a number");
	return 0;
}

/* What holds between the words of one map. */
static int examine_pairs(const json_t *map, struct mp_error *err)
{
	const json_t *near = json_object_get(map, "$near");
	const json_t *within = json_object_get(map, "$within");

	if (near && !within)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "$near needs $within beside it: {$near: 5, $within: 1}");
	if (within && !near)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "$within stands beside $near only");
	return near ? examine_distance(near, within, err) : 0;
}

static int examine_map(struct examination *e, const json_t *map)
{
	bool has_word = false, has_plain = false;
	const char *key;
	json_t *value;

	json_object_foreach (json_readable(map), key, value) {
		size_t before = examine_enter(e, key);
		bool is_ours = key[0] == '$' && key[1] != '$';
		int rc = is_ours ? examine_word_key(e, key, value) : examine_any(e, value);

		has_word = has_word || is_ours;
		has_plain = has_plain || !is_ours;
		if (rc == 0 && has_word && has_plain)
			rc = mp_fail(
				e->err, MP_FAULT_CONTENT, -EBADMSG,
				"'%s': keys with a dollar and plain keys do not mix in one map ($$ begins a plain key with a dollar)",
				key);
		rc = examine_on(e, rc);
		if (rc < 0)
			return rc;
		examine_leave(e, before);
	}
	return has_word ? examine_pairs(map, e->err) : 0;
}

static int examine_any(struct examination *e, const json_t *pattern)
{
	if (e->depth > EXAMINE_DEPTH_MAX)
		return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG,
			       "a pattern has at most %d levels", EXAMINE_DEPTH_MAX);
	if (json_is_string(pattern))
		return examine_text(json_string_value(pattern), e->err);
	if (json_is_array(pattern))
		return examine_list(e, pattern);
	if (json_is_object(pattern))
		return examine_map(e, pattern);
	return 0;
}

int pattern_examine(const json_t *pattern, char *ret_at, size_t size, struct mp_error *err)
{
	struct examination e = {.at = ret_at, .size = ret_at ? size : 0, .err = err};

	if (e.size > 0)
		e.at[0] = '\0';
	return examine_any(&e, pattern);
}

void pattern_examine_all(const json_t *pattern, slip_fn *tell, void *context)
{
	char at[SLIP_PATH_MAX] = "";
	struct mp_error err = {0};
	struct examination e = {
		.at = at, .size = sizeof(at), .err = &err, .tell = tell, .context = context};

	(void)examine_on(&e, examine_any(&e, pattern));
}

/* --- free values ------------------------------------------------------------------------------------ */

static int examine_free(struct examination *e, const json_t *value)
{
	const char *text = json_string_value(value);
	const char *key;
	json_t *item;
	size_t index;
	int rc = 0;

	if (e->depth > EXAMINE_DEPTH_MAX)
		return mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG, "a value has at most %d levels",
			       EXAMINE_DEPTH_MAX);
	if (text && is_word(text) && pattern_word_find(text))
		return mp_fail(
			e->err, MP_FAULT_CONTENT, -EBADMSG,
			"%s is a pattern, and a request sends values; write $%s for the text", text,
			text);
	json_array_foreach (value, index, item) {
		char step[24];
		size_t before;

		(void)snprintf(step, sizeof(step), "%zu", index);
		before = examine_enter(e, step);
		rc = examine_free(e, item);
		if (rc < 0)
			return rc;
		examine_leave(e, before);
	}
	if (!json_is_object(value))
		return 0;
	json_object_foreach (json_readable(value), key, item) {
		size_t before = examine_enter(e, key);

		if (key[0] == '$' && key[1] != '$')
			rc = mp_fail(e->err, MP_FAULT_CONTENT, -EBADMSG,
				     "a key that begins with a dollar is written $%s here", key);
		else
			rc = examine_free(e, item);
		if (rc < 0)
			return rc;
		examine_leave(e, before);
	}
	return 0;
}

int free_value_examine(const json_t *value, char *ret_at, size_t size, struct mp_error *err)
{
	struct examination e = {.at = ret_at, .size = ret_at ? size : 0, .err = err};

	if (e.size > 0)
		e.at[0] = '\0';
	return examine_free(&e, value);
}
