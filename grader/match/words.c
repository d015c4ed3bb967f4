/* SPDX-License-Identifier: MIT */
/*
 * Words: values drawn from the seed when an exercise starts.
 *
 * A word may come alone or as a list of `count` different ones. The trouble that a kind is there for is
 * in every list: a list of names has every script, a list of integers both ends of its range. So no seed
 * is kinder than another.
 */
#include "grader/match/match.h"

#include <errno.h>
#include <string.h>

#include "grader/match/inner.h"
#include "grader/match/kinds.h"
#include "sandbox/base/field.h"
#include "sandbox/base/text.h"

const char *const word_kinds[] = {"name",  "latin_name", "word",   "text",  "integer",
				  "paise", "phone",	 "pin",	   "email", "date",
				  "time",  "uuid",	 "one_of", "sum",   NULL};
const char *const word_keys[] = {"kind", "count", "from", "to", "length", "of", NULL};

enum { WORD_COUNT_MAX = 200, WORD_LENGTH_MAX = 10000, TRIES_MAX = 1000 };

static const char *word_kind(const json_t *value)
{
	return json_is_object(value) ? json_string_value(json_object_get(value, "kind"))
				     : json_string_value(value);
}

static bool is_one_of(const char *name, const char *const *words)
{
	for (; *words; words++) {
		if (strcmp(name, *words) == 0)
			return true;
	}
	return false;
}

/* --- is it well formed? ------------------------------------------------------------------------------ */

static int examine_count(const char *name, const json_t *value, const char *key, int64_t most,
			 struct mp_error *err)
{
	const json_t *count = json_object_get(value, key);

	if (!count)
		return 0;
	if (!json_is_integer(count) || json_integer_value(count) < 1 ||
	    json_integer_value(count) > most)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "word %s: %s is a whole number from 1 to %lld", name, key,
			       (long long)most);
	return 0;
}

static int examine_sum(const char *name, const json_t *value, const json_t *all_words,
		       struct mp_error *err)
{
	const json_t *of = json_object_get(value, "of");
	json_t *item;
	size_t index;

	if (!json_is_array(of) || json_array_size(of) == 0)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "word %s: a sum needs of: [a, b]",
			       name);
	json_array_foreach (of, index, item) {
		const char *part = json_string_value(item);
		const char *kind = part ? word_kind(json_object_get(all_words, part)) : NULL;

		if (!kind || (strcmp(kind, "integer") != 0 && strcmp(kind, "paise") != 0))
			return mp_fail(
				err, MP_FAULT_CONTENT, -EBADMSG,
				"word %s: a sum is of words that are integer or paise, and '%s' is none",
				name, part ? part : "?");
	}
	return 0;
}

/* from and to have the form that the kind draws, and are the right way round. */
static int examine_range(const char *name, const char *kind, const json_t *value,
			 struct mp_error *err)
{
	struct kind_range range;
	const char *sentence;

	if (!json_object_get(value, "from") && !json_object_get(value, "to"))
		return 0;
	sentence = kind_range_read(kind, value, &range);
	if (!sentence && range.low > range.high)
		sentence = "from lies behind to";
	return sentence ? mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "word %s: %s", name, sentence)
			: 0;
}

static int examine_keys(const char *name, const json_t *value, struct mp_error *err)
{
	const char *key;
	json_t *ignored;

	json_object_foreach (json_readable(value), key, ignored) {
		const char *nearest = nearest_of(key, word_keys);

		(void)ignored;
		if (is_one_of(key, word_keys))
			continue;
		if (nearest)
			return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
				       "word %s: unknown key '%s'; did you mean '%s'?", name, key,
				       nearest);
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "word %s: unknown key '%s'", name,
			       key);
	}
	return 0;
}

int word_examine(const char *name, const json_t *value, const json_t *all_words,
		 struct mp_error *err)
{
	const char *kind = word_kind(value);
	const char *nearest;
	int rc;

	if (!kind)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "word %s: give a kind, or {kind: ..., ...}", name);
	if (!is_one_of(kind, word_kinds)) {
		nearest = nearest_of(kind, word_kinds);
		if (nearest)
			return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
				       "word %s: no kind '%s'; did you mean '%s'?", name, kind,
				       nearest);
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "word %s: no kind '%s'", name,
			       kind);
	}
	if ((rc = examine_keys(name, value, err)) < 0 ||
	    (rc = examine_count(name, value, "count", WORD_COUNT_MAX, err)) < 0 ||
	    (rc = examine_count(name, value, "length", WORD_LENGTH_MAX, err)) < 0 ||
	    (rc = examine_range(name, kind, value, err)) < 0)
		return rc;
	if (strcmp(kind, "sum") == 0)
		return examine_sum(name, value, all_words, err);
	if (strcmp(kind, "one_of") == 0 && json_array_size(json_object_get(value, "of")) == 0)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "word %s: one_of needs of: [a, b]",
			       name);
	return 0;
}

/* --- drawing ----------------------------------------------------------------------------------------- */

static bool list_has(const json_t *list, const json_t *value)
{
	json_t *item;
	size_t index;

	json_array_foreach (list, index, item) {
		if (json_equal(item, json_readable(value)))
			return true;
	}
	return false;
}

static void list_shuffle(json_t *list, struct rng *rng)
{
	for (size_t i = json_array_size(list); i > 1; i--) {
		size_t other = (size_t)rng_below(rng, i);
		json_t *a = json_incref(json_array_get(list, i - 1));
		json_t *b = json_incref(json_array_get(list, other));

		(void)json_array_set_new(list, i - 1, b);
		(void)json_array_set_new(list, other, a);
	}
}

/* COUNT different values; where the kind has no more, values come again. */
static json_t *draw_list(const struct word_kind *kind, struct word_draw *draw, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *value = NULL;

		for (int tries = 0; tries < TRIES_MAX; tries++) {
			json_decref(value);
			draw->index = i;
			draw->is_first_try = tries == 0;
			value = kind->draw(draw);
			if (!list_has(list, value))
				break;
		}
		(void)json_array_append_new(list, value);
	}
	list_shuffle(list, &draw->rng);
	return list;
}

static int draw_word(const char *name, const json_t *value, uint64_t seed, json_t *into,
		     json_t *counts)
{
	const struct word_kind *kind = word_kind_find(word_kind(value));
	struct word_draw draw = {.is_first_try = true, .of = json_object_get(value, "of")};
	json_t *count = json_object_get(value, "count");

	draw.length = json_integer_value(json_object_get(value, "length"));
	draw.count = count ? (size_t)json_integer_value(count) : 1;
	rng_init(&draw.rng, seed, name);
	(void)kind_range_read(kind->name, value, &draw.range);
	if (!count) {
		draw.is_alone = true;
		return json_object_set_new(into, name, kind->draw(&draw));
	}
	if (json_object_set_new(counts, name, json_integer((json_int_t)draw.count)) < 0)
		return -1;
	return json_object_set_new(into, name, draw_list(kind, &draw, draw.count));
}

/* One element of a sum: words with a count give their element, the others their one value. */
static json_int_t sum_at(const json_t *of, const json_t *drawn, size_t index)
{
	uint64_t sum = 0;
	json_t *item;
	size_t i;

	json_array_foreach (of, i, item) {
		const json_t *part = json_object_get(drawn, json_string_value(item));

		sum += (uint64_t)json_integer_value(
			json_is_array(part) ? json_array_get(part, index) : part);
	}
	return (json_int_t)sum;
}

static int draw_sum(const char *name, const json_t *value, json_t *into, json_t *counts)
{
	const json_t *of = json_object_get(value, "of");
	size_t count = 0, i;
	json_t *item, *list;

	json_array_foreach (of, i, item) {
		size_t more = (size_t)json_integer_value(
			json_object_get(counts, json_string_value(item)));

		count = more > count ? more : count;
	}
	if (count == 0)
		return json_object_set_new(into, name, json_integer(sum_at(of, into, 0)));
	list = json_array();
	for (i = 0; i < count; i++)
		(void)json_array_append_new(list, json_integer(sum_at(of, into, i)));
	if (json_object_set_new(counts, name, json_integer((json_int_t)count)) < 0)
		return -1;
	return json_object_set_new(into, name, list);
}

int words_draw(const json_t *words, uint64_t seed, json_t *into, json_t *counts,
	       struct mp_error *err)
{
	const char *name;
	json_t *value;

	json_object_foreach (json_readable(words), name, value) {
		int rc = word_examine(name, value, words, err);

		if (rc < 0)
			return rc;
		if (strcmp(word_kind(value), "sum") != 0 &&
		    draw_word(name, value, seed, into, counts) < 0)
			return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "word %s", name);
	}
	json_object_foreach (json_readable(words), name, value) {
		if (strcmp(word_kind(value), "sum") == 0 && draw_sum(name, value, into, counts) < 0)
			return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "word %s", name);
	}
	return 0;
}
