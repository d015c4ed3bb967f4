/* SPDX-License-Identifier: MIT */
/*
 * General near misses: slips so common that no exercise need name them. They are looked for where the
 * pattern is plain, first found first told, and change no verdict.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "grader/match/inner.h"
#include "grader/match/when.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/field.h"

enum { NEAR_DEPTH_MAX = 32 };

/* What a search for a near miss knows. */
struct search {
	const struct names *names;
	struct arena *arena;
	struct matching matching; /* one for all that is tried: they share its budget */
	int depth;
};

/* Is it the same key but for case, underscores and dashes: user_id, userId, _user-id? */
static bool key_is_like(const char *a, const char *b)
{
	while (*a || *b) {
		while (*a == '_' || *a == '-')
			a++;
		while (*b == '_' || *b == '-')
			b++;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (!*a)
			return true;
		a++;
		b++;
	}
	return true;
}

static const char *visible_key(struct search *s, const char *key)
{
	mp_autotext struct text shown = {0};

	text_init(&shown, 0);
	text_add_visible(&shown, key, strlen(key), 40);
	return arena_text(s->arena, text_get(&shown));
}

/* A value that says something: true, 0 and "" lie under many keys. */
static bool is_telling(const json_t *value)
{
	if (json_is_string(value))
		return json_string_length(value) > 1;
	return json_is_number(value) && json_number_value(value) > 2;
}

static const char *near_key(struct search *s, const char *key, const json_t *pattern,
			    const json_t *map, const json_t *got)
{
	json_t *filled = NULL;
	bool may_be_found;
	const char *other;
	json_t *value;

	if (names_fill(s->names, pattern, &filled, NULL) < 0)
		filled = NULL;
	may_be_found = filled && is_telling(filled) &&
		       !(json_is_string(pattern) && pattern_word_find(json_string_value(pattern)));
	json_decref(filled);
	json_object_foreach (json_readable(got), other, value) {
		if (json_object_get(map, other))
			continue;
		if (key_is_like(key, other))
			return arena_format(
				s->arena,
				"The answer has the key %s where %s is wanted: keys must be spelt exactly so.",
				visible_key(s, other), key);
		if (may_be_found && matching_holds(&s->matching, pattern, value))
			return arena_format(
				s->arena,
				"The right value is there, but under the key %s; it is wanted under %s.",
				visible_key(s, other), key);
	}
	return NULL;
}

/* The whole answer one level deeper: {"data": {...}}. */
static const char *near_wrapped(struct search *s, const json_t *map, const json_t *got)
{
	const char *key;
	json_t *value;

	json_object_foreach (json_readable(got), key, value) {
		if (json_is_object(value) && matching_holds(&s->matching, map, value))
			return arena_format(s->arena,
					    "What is wanted lies one level too deep, inside %s.",
					    visible_key(s, key));
	}
	return NULL;
}

/* The number that a text writes as JSON would: "5", "-1.5". */
static bool text_is_number(const json_t *value, double *ret_number)
{
	json_t *number;
	bool is_number;

	if (!json_is_string(value))
		return false;
	number = json_loadb(json_string_value(value), json_string_length(value), JSON_DECODE_ANY,
			    NULL);
	is_number = json_is_number(number);
	*ret_number = json_number_value(number);
	json_decref(number);
	return is_number;
}

static bool is_trimmed_equal(const json_t *a, const json_t *b)
{
	const char *blanks = " \t\r\n";
	const char *x = json_string_value(a), *y = json_string_value(b);
	size_t x_length, y_length;

	x += strspn(x, blanks);
	y += strspn(y, blanks);
	x_length = strlen(x);
	y_length = strlen(y);
	while (x_length > 0 && strchr(blanks, x[x_length - 1]))
		x_length--;
	while (y_length > 0 && strchr(blanks, y[y_length - 1]))
		y_length--;
	return x_length > 0 && x_length == y_length && memcmp(x, y, x_length) == 0;
}

static const char has_no_zone[] =
	"The time has no zone: end it with Z for UTC, or with the distance, as in +05:30.";

/* Is it a time but for the zone? */
static bool lacks_zone(const char *text)
{
	mp_autotext struct text with_zone = {0};
	int64_t ms;

	text_addf(&with_zone, "%sZ", text);
	return !when_time(text, &ms) && when_time(text_get(&with_zone), &ms);
}

/* The same clock, and no zone or another one; or the same moment by another clock. */
static const char *near_time(const char *wanted, const char *got)
{
	static const size_t clock_length = sizeof("2024-11-01T18:30:00") - 1;
	int64_t wanted_ms, got_ms;
	bool is_got_time = when_time(got, &got_ms);

	if (!when_time(wanted, &wanted_ms))
		return NULL;
	if (is_got_time && wanted_ms == got_ms)
		return "It is the same moment, but written in another zone or with another fraction.";
	if (strncmp(wanted, got, clock_length) != 0)
		return NULL;
	if (is_got_time)
		return "Date and clock are right, but the zone is another one.";
	return lacks_zone(got) ? has_no_zone : NULL;
}

static const char *near_text(const json_t *wanted, const json_t *got)
{
	const char *sentence = letters_slip(json_string_value(wanted), json_string_value(got));

	if (sentence)
		return sentence;
	if (strcasecmp(json_string_value(wanted), json_string_value(got)) == 0)
		return "Only upper and lower case differ.";
	if (is_trimmed_equal(wanted, got))
		return "Only blanks or line ends around the text differ.";
	return near_time(json_string_value(wanted), json_string_value(got));
}

static const char *near_number(double wanted, double got)
{
	/* Times only: a thousandth of 1 is no slip of units. */
	bool is_large = wanted > 1e9 || wanted < -1e9;
	double ratio = got == 0 ? 0 : wanted / got;

	if (is_large && ratio > 999 && ratio < 1001)
		return "This is a thousandth of what is wanted: seconds where milliseconds are asked for.";
	if (got > 1e11 && ratio > 0.000999 && ratio < 0.001001)
		return "This is a thousand times what is wanted: milliseconds where seconds are asked for.";
	return NULL;
}

static const char *near_value(const json_t *wanted, const json_t *got)
{
	double number;

	if (json_is_number(wanted) && text_is_number(got, &number))
		return number == json_number_value(wanted)
			       ? "The number stands there as a text: a number in JSON has no quotes."
			       : NULL;
	if (json_is_number(got) && text_is_number(wanted, &number) &&
	    number == json_number_value(got))
		return "A number stands there where a text is wanted: a text in JSON has quotes.";
	if (json_is_boolean(wanted) && json_is_string(got) &&
	    strcasecmp(json_string_value(got), json_is_true(wanted) ? "true" : "false") == 0)
		return "The value stands there as a text: true and false have no quotes in JSON.";
	if (json_is_string(wanted) && json_is_string(got))
		return near_text(wanted, got);
	if (json_is_number(wanted) && json_is_number(got))
		return near_number(json_number_value(wanted), json_number_value(got));
	return NULL;
}

static const char *near_any(struct search *s, const json_t *pattern, const json_t *got);

static const char *list_text_at(const void *context, size_t i)
{
	return json_string_value(json_array_get(context, i));
}

/* A slip of one of several words: "pyhton". */
static const char *near_choice(struct search *s, const json_t *choices, const json_t *got)
{
	const char *nearest;
	size_t i;
	json_t *item;

	if (!json_is_string(got) || json_array_size(choices) == 0)
		return NULL;
	json_array_foreach (json_readable(choices), i, item) {
		if (!json_is_string(item))
			return NULL;
	}
	nearest = nearest_word(json_string_value(got), json_array_size(choices), list_text_at,
			       choices);
	if (!nearest || strcmp(nearest, json_string_value(got)) == 0)
		return NULL;
	return arena_format(s->arena, "'%s' is none of the words: did you mean '%s'?",
			    visible_key(s, json_string_value(got)), nearest);
}

static const char *near_words(struct search *s, const json_t *map, const json_t *got)
{
	json_t *center = NULL;
	const char *sentence = NULL;

	if (json_object_get(map, "$one_of") && !match_holds(map, got, s->names))
		sentence = near_choice(s, json_object_get(map, "$one_of"), got);
	if (sentence)
		return sentence;

	if (json_object_get(map, "$near") &&
	    names_fill(s->names, json_object_get(map, "$near"), &center, NULL) == 0) {
		if (!matching_holds(&s->matching, map, got))
			sentence = near_value(center, got);
		json_decref(center);
	}
	return sentence;
}

static const char *near_map(struct search *s, const json_t *map, const json_t *got)
{
	const char *key, *sentence;
	bool is_missing = false;
	json_t *value;

	json_object_foreach (json_readable(map), key, value) {
		const json_t *there = json_object_get(got, key);

		if (!there && json_is_string(value) &&
		    strcmp(json_string_value(value), "$absent") == 0)
			continue;
		is_missing = is_missing || !there;
		sentence = there ? near_any(s, value, there) : near_key(s, key, value, map, got);
		if (sentence)
			return sentence;
	}
	return is_missing ? near_wrapped(s, map, got) : NULL;
}

static const char *near_list(struct search *s, const json_t *list, const json_t *got)
{
	for (size_t i = 0; i < json_array_size(list) && i < json_array_size(got); i++) {
		const char *sentence = near_any(s, json_array_get(list, i), json_array_get(got, i));

		if (sentence)
			return sentence;
	}
	return NULL;
}

static const char *near_leaf(struct search *s, const json_t *pattern, const json_t *got)
{
	const char *word = json_string_value(pattern);
	const char *sentence = NULL;
	json_t *wanted = NULL;
	double number;

	if (word && word[0] == '$' && pattern_word_find(word)) {
		if ((strcmp(word, "$integer") == 0 || strcmp(word, "$number") == 0) &&
		    text_is_number(got, &number))
			return "The number stands there as a text: a number in JSON has no quotes.";
		if (strcmp(word, "$time") == 0 && json_is_string(got) &&
		    lacks_zone(json_string_value(got)))
			return has_no_zone;
		if (strcmp(word, "$text") == 0 && json_is_number(got))
			return "A number stands there where a text is wanted: a text in JSON has quotes.";
		return NULL;
	}
	if (names_fill(s->names, pattern, &wanted, NULL) < 0)
		return NULL;
	if (!value_equal(wanted, got))
		sentence = near_value(wanted, got);
	json_decref(wanted);
	return sentence;
}

static const char *near_any(struct search *s, const json_t *pattern, const json_t *got)
{
	const char *first_key = json_object_iter_key(json_object_iter(json_readable(pattern)));
	const char *sentence = NULL;

	if (s->depth >= NEAR_DEPTH_MAX)
		return NULL;
	s->depth++;
	if (json_is_object(pattern) && first_key && first_key[0] == '$' && first_key[1] != '$')
		sentence = near_words(s, pattern, got);
	else if (json_is_object(pattern) && json_is_object(got))
		sentence = near_map(s, pattern, got);
	else if (json_is_array(pattern) && json_is_array(got))
		sentence = near_list(s, pattern, got);
	else if (!json_is_object(pattern) && !json_is_array(pattern))
		sentence = near_leaf(s, pattern, got);
	s->depth--;
	return sentence;
}

const char *match_general_near_miss(const json_t *pattern, const json_t *got,
				    const struct names *names, struct arena *arena)
{
	struct search s = {.names = names,
			   .arena = arena,
			   .matching = {.names = names, .budget = {REGEX_BUDGET}}};

	return pattern && got ? near_any(&s, pattern, got) : NULL;
}

const char *match_near_miss(const struct step *step, const json_t *parts, const struct names *names)
{
	for (size_t i = 0; i < step->near_count; i++) {
		const struct near_miss *near = &step->near[i];
		bool fits = true;
		const char *part;
		json_t *pattern;

		json_object_foreach (json_readable(near->parts), part, pattern)
			fits = fits && match_holds(pattern, json_object_get(parts, part), names);
		if (fits)
			return near->say;
	}
	return NULL;
}
