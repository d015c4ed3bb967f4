/* SPDX-License-Identifier: MIT */
/* Matching: a pattern against a value, every mismatch with its path. */
#include "grader/match/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/match/inner.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/field.h"

enum {
	MATCH_DEPTH_MAX = 64,	/* of a pattern; the manifest allows 32 */
	MISMATCHES_MAX = 30,	/* told of one step */
	SHOWN_CHARACTERS = 120, /* of a value that was got */
};

const json_t *json_at(const json_t *value, const char *path)
{
	while (value && *path) {
		size_t length = strcspn(path, ".");
		const json_t *whole = json_object_get(value, path);
		mp_autofree char *step = NULL;
		int64_t index;

		/* A key may hold dots itself: a cookie's name, a file's. */
		if (whole)
			return whole;
		step = strndup(path, length);
		if (!step)
			return NULL;
		if (json_is_array(value))
			value = parse_count(step, &index) == 0 && index >= 0
					? json_array_get(value, (size_t)index)
					: NULL;
		else
			value = json_object_get(value, step);
		path += length + (path[length] == '.');
	}
	return value;
}

/* Of these parts texts are shown without quotes: they are not JSON. */
static bool path_is_plain(const char *path)
{
	static const char *const plain[] = {"headers", "type", "cookies", "status"};

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		size_t length = strlen(plain[i]);

		if (strncmp(path, plain[i], length) == 0 &&
		    (path[length] == '\0' || path[length] == '.'))
			return true;
	}
	return false;
}

/* What is not there, in the word for it. */
static const char *nothing_at(const char *path)
{
	const char *last = strrchr(path, '.');

	if (strncmp(path, "headers.", 8) == 0)
		return "no such header";
	if (strncmp(path, "cookies.", 8) == 0)
		return "no such cookie";
	if (!last)
		return "nothing";
	if (last[1] != '\0' && last[1 + strspn(last + 1, "0123456789")] == '\0')
		return "no such element";
	return "no such key";
}

static bool mismatch_add(struct matching *m, const char *path, const json_t *pattern,
			 const json_t *got)
{
	mp_autotext struct text words = {0};
	struct mismatches *into = m->into;
	struct mismatch *item;

	if (!into || into->count >= MISMATCHES_MAX)
		return false;
	text_init(&words, 0);
	item = arena_push(into->arena, &into->items, &into->count, sizeof(*item));
	item->path = arena_text(into->arena, path);
	describe_pattern(pattern, m->names, path_is_plain(path), &words);
	item->wanted = arena_text(into->arena, text_get(&words));
	text_clear(&words);
	if (got)
		show_value(got, SHOWN_CHARACTERS, path_is_plain(path), &words);
	item->got = got ? arena_text(into->arena, text_get(&words)) : nothing_at(path);
	return false;
}

static const char *path_below(const struct matching *m, const char *path, const char *step)
{
	if (!m->into)
		return "";
	return arena_format(m->into->arena, "%s%s%s", path, *path ? "." : "", step);
}

static bool match_value(struct matching *m, const char *path, const json_t *pattern,
			const json_t *got);

static bool match_text(struct matching *m, const char *path, const json_t *pattern,
		       const json_t *got)
{
	const char *text = json_string_value(pattern);
	json_t *wanted = NULL;
	bool holds;

	if (text[0] == '$' && pattern_word_find(text)) {
		holds = form_holds(text, got);
	} else {
		holds = got && names_fill(m->names, pattern, &wanted, NULL) == 0 &&
			value_equal(wanted, got);
		json_decref(wanted);
	}
	return holds || mismatch_add(m, path, pattern, got);
}

static bool match_list(struct matching *m, const char *path, const json_t *pattern,
		       const json_t *got)
{
	size_t count = json_array_size(pattern);
	bool holds = true;

	if (!json_is_array(got))
		return mismatch_add(m, path, pattern, got);
	if (json_array_size(got) != count)
		holds = mismatch_add(m, path, pattern, got);
	for (size_t i = 0; i < count && i < json_array_size(got); i++) {
		char step[24];

		(void)snprintf(step, sizeof(step), "%zu", i);
		holds = match_value(m, path_below(m, path, step), json_array_get(pattern, i),
				    json_array_get(got, i)) &&
			holds;
	}
	return holds;
}

/* Inside {$each: p} each element tells for itself what is wrong with it. */
static bool match_each(struct matching *m, const char *path, const json_t *argument,
		       const json_t *got)
{
	bool holds = true;
	json_t *item;
	size_t index;

	json_array_foreach (got, index, item) {
		char step[24];

		(void)snprintf(step, sizeof(step), "%zu", index);
		holds = match_value(m, path_below(m, path, step), argument, item) && holds;
		if (m->into->count >= MISMATCHES_MAX)
			break;
	}
	return holds;
}

/* The mismatch told last is one of which nobody knows. */
static void say_given_up(struct mismatches *into)
{
	struct mismatch *last = &into->items[into->count - 1];

	last->got = arena_format(into->arena, "%s (comparing it took too many steps: given up)",
				 last->got);
}

/*
 * What rests on a regular expression that was given up does not hold, not even turned round by $not or
 * $none: a long answer must not be a way around a check.
 */
static bool word_holds(struct matching *m, const char *word, const json_t *pattern,
		       const json_t *got, bool *ret_is_given_up)
{
	operator_fn *judge = operator_find(word);
	bool before = m->is_given_up;
	bool holds;

	m->is_given_up = false;
	holds = got && judge && judge(m, pattern, json_object_get(pattern, word), got);
	*ret_is_given_up = m->is_given_up;
	m->is_given_up = m->is_given_up || before;
	return holds && !*ret_is_given_up;
}

static bool match_words(struct matching *m, const char *path, const json_t *pattern,
			const json_t *got)
{
	const json_t *each = json_object_get(pattern, "$each");
	const char *word;
	json_t *argument;

	if (each && m->into && json_object_size(pattern) == 1 && json_array_size(got) > 0)
		return match_each(m, path, each, got);
	json_object_foreach (json_readable(pattern), word, argument) {
		size_t told = m->into ? m->into->count : 0;
		bool is_given_up;

		(void)argument;
		if (word_holds(m, word, pattern, got, &is_given_up))
			continue;
		(void)mismatch_add(m, path, pattern, got);
		if (is_given_up && m->into && m->into->count > told)
			say_given_up(m->into);
		return false;
	}
	return true;
}

static bool match_keys(struct matching *m, const char *path, const json_t *pattern,
		       const json_t *got)
{
	bool holds = true;
	const char *key;
	json_t *part;

	if (!json_is_object(got))
		return mismatch_add(m, path, pattern, got);
	json_object_foreach (json_readable(pattern), key, part) {
		const char *real_key = key[0] == '$' && key[1] == '$' ? key + 1 : key;

		holds = match_value(m, path_below(m, path, real_key), part,
				    json_object_get(got, real_key)) &&
			holds;
	}
	return holds;
}

static bool has_words(const json_t *map)
{
	const char *key = json_object_iter_key(json_object_iter(json_readable(map)));

	return key && key[0] == '$' && key[1] != '$';
}

static bool match_value(struct matching *m, const char *path, const json_t *pattern,
			const json_t *got)
{
	bool holds;

	if (m->depth >= MATCH_DEPTH_MAX)
		return mismatch_add(m, path, pattern, got);
	m->depth++;
	if (json_is_string(pattern))
		holds = match_text(m, path, pattern, got);
	else if (json_is_array(pattern))
		holds = match_list(m, path, pattern, got);
	else if (json_is_object(pattern))
		holds = has_words(pattern) ? match_words(m, path, pattern, got)
					   : match_keys(m, path, pattern, got);
	else
		holds = (got && value_equal(pattern, got)) || mismatch_add(m, path, pattern, got);
	m->depth--;
	return holds;
}

bool match_part(const char *path, const json_t *pattern, const json_t *got,
		const struct names *names, struct mismatches *into)
{
	struct matching m = {.names = names, .into = into, .budget = {REGEX_BUDGET}};

	return match_value(&m, path, pattern, got);
}

bool match_holds(const json_t *pattern, const json_t *got, const struct names *names)
{
	struct matching m = {.names = names, .budget = {REGEX_BUDGET}};

	return match_value(&m, "", pattern, got);
}

bool matching_holds(struct matching *m, const json_t *pattern, const json_t *got)
{
	struct mismatches *into = m->into;
	bool holds;

	m->into = NULL;
	holds = match_value(m, "", pattern, got);
	m->into = into;
	return holds;
}

json_t *match_text_of_bytes(const char *bytes, size_t count)
{
	struct text text;
	json_t *value = json_stringn(bytes, count);

	if (value)
		return value;
	text_init(&text, 4 * count + 4);
	for (size_t i = 0; i < count;) {
		size_t length = text_utf8_length(bytes + i, count - i);

		if (length)
			text_add_bytes(&text, bytes + i, length);
		else
			text_add(&text, "\xef\xbf\xbd");
		i += length ? length : 1;
	}
	value = json_stringn(text_get(&text), text.length);
	text_done(&text);
	return value;
}
