/* SPDX-License-Identifier: MIT */
/* Pattern words that take a value: does {$word: argument} hold for what was got? */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "grader/match/inner.h"
#include "grader/match/regex.h"
#include "grader/match/when.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/field.h"

static void json_cleanup(json_t **value)
{
	json_decref(*value);
}
#define autojson __attribute__((cleanup(json_cleanup)))

/* The argument with its names put in, a new reference; NULL when a name has no value. */
static json_t *filled(const struct names *names, const json_t *argument)
{
	json_t *value = NULL;

	return names_fill(names, argument, &value, NULL) == 0 ? value : NULL;
}

/* --- texts ------------------------------------------------------------------------------------------- */

static bool text_has(const json_t *got, const json_t *wanted)
{
	return json_is_string(wanted) &&
	       memmem(json_string_value(got), json_string_length(got), json_string_value(wanted),
		      json_string_length(wanted));
}

static bool op_starts(struct matching *m, const json_t *map, const json_t *argument,
		      const json_t *got)
{
	autojson json_t *wanted = filled(m->names, argument);

	(void)map;
	return json_is_string(wanted) && json_is_string(got) &&
	       json_string_length(got) >= json_string_length(wanted) &&
	       memcmp(json_string_value(got), json_string_value(wanted),
		      json_string_length(wanted)) == 0;
}

static bool op_ends(struct matching *m, const json_t *map, const json_t *argument,
		    const json_t *got)
{
	autojson json_t *wanted = filled(m->names, argument);
	size_t longer;

	(void)map;
	if (!json_is_string(wanted) || !json_is_string(got) ||
	    json_string_length(got) < json_string_length(wanted))
		return false;
	longer = json_string_length(got) - json_string_length(wanted);
	return memcmp(json_string_value(got) + longer, json_string_value(wanted),
		      json_string_length(wanted)) == 0;
}

static bool op_nocase(struct matching *m, const json_t *map, const json_t *argument,
		      const json_t *got)
{
	autojson json_t *wanted = filled(m->names, argument);

	(void)map;
	return json_is_string(wanted) && json_is_string(got) &&
	       json_string_length(got) == json_string_length(wanted) &&
	       strncasecmp(json_string_value(got), json_string_value(wanted),
			   json_string_length(got)) == 0;
}

static bool op_matches(struct matching *m, const json_t *map, const json_t *argument,
		       const json_t *got)
{
	mp_autofree char *pattern = NULL;
	enum regex_result result;

	(void)map;
	if (!json_is_string(argument) || !json_is_string(got) ||
	    names_fill_regex(m->names, json_string_value(argument), &pattern, NULL) < 0)
		return false;
	result = regex_whole(pattern, json_string_value(got), json_string_length(got), &m->budget);
	m->is_given_up = m->is_given_up || result == REGEX_LIMIT;
	return result == REGEX_YES;
}

static bool op_format(struct matching *m, const json_t *map, const json_t *argument,
		      const json_t *got)
{
	const char *text = json_string_value(got);
	int64_t ignored;

	(void)m;
	(void)map;
	return text && json_is_string(argument) && strlen(text) == json_string_length(got) &&
	       when_format(text, json_string_value(argument), &ignored);
}

/* --- lists ------------------------------------------------------------------------------------------- */

static bool list_has_match(struct matching *m, const json_t *pattern, const json_t *got)
{
	json_t *item;
	size_t index;

	json_array_foreach (got, index, item) {
		if (matching_holds(m, pattern, item))
			return true;
	}
	return false;
}

static bool contains_one(struct matching *m, const json_t *wanted, const json_t *got)
{
	autojson json_t *text = NULL;

	if (json_is_array(got))
		return list_has_match(m, wanted, got);
	if (!json_is_string(got) || !json_is_string(wanted))
		return false;
	text = filled(m->names, wanted);
	return text_has(got, text);
}

static bool op_contains(struct matching *m, const json_t *map, const json_t *argument,
			const json_t *got)
{
	json_t *item;
	size_t index;

	(void)map;
	if (!json_is_array(argument))
		return contains_one(m, argument, got);
	json_array_foreach (argument, index, item) {
		if (!contains_one(m, item, got))
			return false;
	}
	return json_is_array(got) || json_is_string(got);
}

static bool op_each(struct matching *m, const json_t *map, const json_t *argument,
		    const json_t *got)
{
	json_t *item;
	size_t index;

	(void)map;
	json_array_foreach (got, index, item) {
		if (!matching_holds(m, argument, item))
			return false;
	}
	return json_array_size(got) > 0;
}

static bool op_some(struct matching *m, const json_t *map, const json_t *argument,
		    const json_t *got)
{
	(void)map;
	return list_has_match(m, argument, got);
}

static bool op_none(struct matching *m, const json_t *map, const json_t *argument,
		    const json_t *got)
{
	(void)map;
	return json_array_size(got) > 0 && !list_has_match(m, argument, got);
}

/*
 * A perfect matching of COUNT patterns with COUNT elements, by augmenting paths found breadth first: a
 * greedy choice would give [$text, "a"] for ["a", "b"] away. FITS is COUNT x COUNT, pattern by element.
 */
static bool matching_is_perfect(const bool *fits, size_t count)
{
	enum { FREE = -1 };
	mp_autofree int *pattern_of = malloc((count + 1) * sizeof(int)); /* of an element */
	mp_autofree int *from =
		malloc((count + 1) * sizeof(int)); /* pattern from which an element was reached */
	mp_autofree int *queue = malloc((count + 1) * sizeof(int));	 /* patterns */
	mp_autofree int *element_of = malloc((count + 1) * sizeof(int)); /* of a pattern */

	if (!pattern_of || !from || !queue || !element_of)
		return false;
	for (size_t i = 0; i < count; i++)
		pattern_of[i] = element_of[i] = FREE;
	for (size_t start = 0; start < count; start++) {
		size_t head = 0, tail = 0;
		int end = FREE;

		for (size_t i = 0; i < count; i++)
			from[i] = FREE;
		queue[tail++] = (int)start;
		while (head < tail && end == FREE) {
			int pattern = queue[head++];

			for (size_t element = 0; element < count && end == FREE; element++) {
				if (!fits[(size_t)pattern * count + element] ||
				    from[element] != FREE)
					continue;
				from[element] = pattern;
				if (pattern_of[element] == FREE)
					end = (int)element;
				else
					queue[tail++] = pattern_of[element];
			}
		}
		if (end == FREE)
			return false;
		/* Walk back: each pattern on the way takes the element it reached and gives up its old one. */
		while (end != FREE) {
			int pattern = from[end];
			int given_up = element_of[pattern];

			pattern_of[end] = pattern;
			element_of[pattern] = end;
			end = given_up;
		}
	}
	return true;
}

static bool op_unordered(struct matching *m, const json_t *map, const json_t *argument,
			 const json_t *got)
{
	size_t count = json_array_size(argument);
	mp_autofree bool *fits = NULL;

	(void)map;
	if (!json_is_array(argument) || !json_is_array(got) || json_array_size(got) != count)
		return false;
	fits = calloc(count * count + 1, sizeof(*fits));
	if (!fits)
		return false;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++)
			fits[i * count + j] = matching_holds(m, json_array_get(argument, i),
							     json_array_get(got, j));
	}
	return matching_is_perfect(fits, count);
}

/* Is A before B, the same, or behind it? False: they cannot be compared. */
static bool order_of(const json_t *a, const json_t *b, int *ret_order)
{
	int64_t time_a, time_b;

	if (json_is_number(a) && json_is_number(b)) {
		*ret_order = number_compare(a, b);
		return true;
	}
	if (!json_is_string(a) || !json_is_string(b))
		return false;
	if (when_time(json_string_value(a), &time_a) && when_time(json_string_value(b), &time_b))
		*ret_order = (time_a > time_b) - (time_a < time_b);
	else
		*ret_order = strcmp(json_string_value(a), json_string_value(b));
	return true;
}

static bool op_sorted(struct matching *m, const json_t *map, const json_t *argument,
		      const json_t *got)
{
	const char *key = json_string_value(argument);
	bool is_falling = key && key[0] == '-';

	(void)m;
	(void)map;
	if (!key || !json_is_array(got))
		return false;
	for (size_t i = 0; i < json_array_size(got); i++) {
		const json_t *here = json_at(json_array_get(got, i), key + is_falling);
		const json_t *before =
			i > 0 ? json_at(json_array_get(got, i - 1), key + is_falling) : here;
		int order;

		if (!here || !before || !order_of(before, here, &order) ||
		    (is_falling ? order < 0 : order > 0))
			return false;
	}
	return true;
}

static bool op_length(struct matching *m, const json_t *map, const json_t *argument,
		      const json_t *got)
{
	autojson json_t *length = NULL;

	(void)map;
	if (json_is_array(got))
		length = json_integer((json_int_t)json_array_size(got));
	else if (json_is_string(got))
		length = json_integer((json_int_t)text_characters(json_string_value(got),
								  json_string_length(got)));
	return length && matching_holds(m, argument, length);
}

/* --- quantities -------------------------------------------------------------------------------------- */

/*
 * VALUE as a number: numbers are themselves, times and dates ms since 1970. On the author's side also
 * durations (ms) and sizes (bytes). A new reference, NULL when it is no quantity.
 */
static json_t *quantity(const json_t *value, bool is_authors, bool *ret_is_time)
{
	const char *text = json_string_value(value);
	int64_t number;

	*ret_is_time = false;
	if (json_is_number(value))
		return json_incref(json_readable(value));
	if (!text)
		return NULL;
	*ret_is_time = true;
	if (when_time(text, &number))
		return json_integer(number);
	if (when_date(text, &number))
		return json_integer(number * 86400000);
	*ret_is_time = false;
	if (is_authors && (when_duration(text, &number) || parse_bytes(text, &number) == 0))
		return json_integer(number);
	return NULL;
}

static bool quantity_order(struct matching *m, const json_t *argument, const json_t *got,
			   int *ret_order)
{
	autojson json_t *wanted = filled(m->names, argument);
	autojson json_t *bound = NULL;
	autojson json_t *there = NULL;
	bool is_bound_time, is_time;

	bound = quantity(wanted, true, &is_bound_time);
	there = quantity(got, false, &is_time);
	if (!bound || !there || is_bound_time != is_time)
		return false;
	*ret_order = number_compare(there, bound);
	return true;
}

static bool op_at_least(struct matching *m, const json_t *map, const json_t *argument,
			const json_t *got)
{
	int order;

	(void)map;
	return quantity_order(m, argument, got, &order) && order >= 0;
}

static bool op_at_most(struct matching *m, const json_t *map, const json_t *argument,
		       const json_t *got)
{
	int order;

	(void)map;
	return quantity_order(m, argument, got, &order) && order <= 0;
}

static bool op_above(struct matching *m, const json_t *map, const json_t *argument,
		     const json_t *got)
{
	int order;

	(void)map;
	return quantity_order(m, argument, got, &order) && order > 0;
}

static bool op_below(struct matching *m, const json_t *map, const json_t *argument,
		     const json_t *got)
{
	int order;

	(void)map;
	return quantity_order(m, argument, got, &order) && order < 0;
}

/* |a - b| <= d: of whole numbers exactly, of others as doubles. */
static bool is_near(const json_t *a, const json_t *b, const json_t *d)
{
	double distance, most = json_number_value(d);

	if (json_is_integer(a) && json_is_integer(b) && json_is_integer(d)) {
		json_int_t x = json_integer_value(a), y = json_integer_value(b);
		uint64_t apart = x > y ? (uint64_t)x - (uint64_t)y : (uint64_t)y - (uint64_t)x;

		return json_integer_value(d) >= 0 && apart <= (uint64_t)json_integer_value(d);
	}
	distance = json_number_value(a) - json_number_value(b);
	/* 0.1 away may be 0.10000000000000009 in doubles. */
	most += 1e-12 * (1 + (most < 0 ? -most : most));
	return distance <= most && -distance <= most;
}

static bool op_near(struct matching *m, const json_t *map, const json_t *argument,
		    const json_t *got)
{
	autojson json_t *wanted = filled(m->names, argument);
	autojson json_t *within = filled(m->names, json_object_get(map, "$within"));
	autojson json_t *center = NULL;
	autojson json_t *there = NULL;
	autojson json_t *distance = NULL;
	bool is_center_time, is_time, is_ignored;

	center = quantity(wanted, true, &is_center_time);
	there = quantity(got, false, &is_time);
	distance = quantity(within, true, &is_ignored);
	if (!center || !there || !distance || is_center_time != is_time)
		return false;
	if (is_time == json_is_number(within))
		return false;
	return is_near(there, center, distance);
}

/* Judged by $near, which stands beside it. */
static bool op_within(struct matching *m, const json_t *map, const json_t *argument,
		      const json_t *got)
{
	(void)m;
	(void)argument;
	(void)got;
	return json_object_get(map, "$near") != NULL;
}

static bool op_recent(struct matching *m, const json_t *map, const json_t *argument,
		      const json_t *got)
{
	const char *format = json_string_value(json_object_get(map, "$format"));
	const char *text = json_string_value(got);
	const char *within = json_string_value(argument);
	int64_t at, most, now = names_now(m->names);

	if (!text || !within || !when_duration(within, &most))
		return false;
	if (!(format ? when_format(text, format, &at) : when_time(text, &at)))
		return false;
	return at - now <= most && now - at <= most;
}

/* --- everything else --------------------------------------------------------------------------------- */

static bool op_not(struct matching *m, const json_t *map, const json_t *argument, const json_t *got)
{
	(void)map;
	return !matching_holds(m, argument, got);
}

static bool op_one_of(struct matching *m, const json_t *map, const json_t *argument,
		      const json_t *got)
{
	json_t *item;
	size_t index;

	(void)map;
	json_array_foreach (argument, index, item) {
		if (matching_holds(m, item, got))
			return true;
	}
	return false;
}

static bool op_equal(struct matching *m, const json_t *map, const json_t *argument,
		     const json_t *got)
{
	autojson json_t *wanted = filled(m->names, argument);

	(void)map;
	return wanted && value_equal(wanted, got);
}

struct operator_row {
	const char *word;
	operator_fn *holds;
};

static const struct operator_row operators[] = {
	{"$not", op_not},
	{"$one_of", op_one_of},
	{"$equal", op_equal},
	{"$contains", op_contains},
	{"$starts", op_starts},
	{"$ends", op_ends},
	{"$nocase", op_nocase},
	{"$matches", op_matches},
	{"$length", op_length},
	{"$at_least", op_at_least},
	{"$at_most", op_at_most},
	{"$above", op_above},
	{"$below", op_below},
	{"$near", op_near},
	{"$within", op_within},
	{"$each", op_each},
	{"$some", op_some},
	{"$none", op_none},
	{"$unordered", op_unordered},
	{"$sorted", op_sorted},
	{"$recent", op_recent},
	{"$format", op_format},
};

operator_fn *operator_find(const char *word)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (strcmp(operators[i].word, word) == 0)
			return operators[i].holds;
	}
	return NULL;
}
