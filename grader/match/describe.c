/* SPDX-License-Identifier: MIT */
/* Patterns and values in words, as a learner reads them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/match/inner.h"
#include "sandbox/base/cleanup.h"

enum {
	WANTED_CHARACTERS = 200, /* of one literal in a description */
	DESCRIBED_BYTES = 1000,	 /* of a whole description */
	LEAVES_MAX = 12,	 /* keys told of one object */
};

/* --- values ------------------------------------------------------------------------------------------ */

/* Bytes of the first MOST characters. */
static size_t bytes_of_characters(const char *bytes, size_t count, size_t most)
{
	size_t i = 0;

	while (i < count && most > 0) {
		size_t length = text_utf8_length(bytes + i, count - i);

		i += length ? length : 1;
		most--;
	}
	return i;
}

static void show_cut(const char *bytes, size_t count, size_t most, struct text *into)
{
	text_add_visible(into, bytes, count, bytes_of_characters(bytes, count, most));
}

/* What json_dump_callback() is given: a text that says when it is full. */
static int dump_some(const char *bytes, size_t count, void *context)
{
	struct text *into = context;

	text_add_bytes(into, bytes, count);
	return into->is_cut ? -1 : 0;
}

/* The fewest digits that are this number again. */
static void show_real(const json_t *value, struct text *into)
{
	bool is_same = false;

	for (size_t precision = 15; precision <= 17 && !is_same; precision++) {
		mp_autofree char *digits =
			json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(precision));
		json_t *again = json_loads(digits ? digits : "0", JSON_DECODE_ANY, NULL);

		is_same = precision == 17 || json_equal(again, json_readable(value));
		if (is_same && digits)
			text_add(into, digits);
		json_decref(again);
	}
}

void show_value(const json_t *value, size_t most, bool is_plain, struct text *into)
{
	mp_autotext struct text dumped = {0};

	if (is_plain && json_is_string(value)) {
		show_cut(json_string_value(value), json_string_length(value), most, into);
		return;
	}
	if (json_is_real(value)) {
		show_real(value, into);
		return;
	}
	/* Four bytes a character and some to spare: so what is cut here would not have been shown. */
	text_init(&dumped, most * 4 + 64);
	(void)json_dump_callback(value, dump_some, &dumped,
				 JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	show_cut(text_get(&dumped), dumped.length, most, into);
}

const char *match_show(const json_t *value, size_t most, struct arena *arena)
{
	mp_autotext struct text shown = {0};

	text_init(&shown, 0);
	show_value(value, most, false, &shown);
	return arena_text(arena, text_get(&shown));
}

/* --- patterns ---------------------------------------------------------------------------------------- */

/* A text that cannot be taken for something else may stand without quotes: GET, no-store, text/html. */
static bool is_bare(const char *text)
{
	bool has_letter = false;

	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0 || strcmp(text, "null") == 0)
		return false;
	for (const char *c = text; *c; c++) {
		has_letter = has_letter || isalpha((unsigned char)*c);
		if (!isalnum((unsigned char)*c) && !strchr("-_./:=@+", *c))
			return false;
	}
	return has_letter;
}

/* A literal with its names put in. */
static void add_literal(const json_t *value, const struct names *names, bool may_be_bare,
			struct text *into)
{
	json_t *filled = NULL;
	const char *text = json_string_value(value);

	if (names_fill(names, value, &filled, NULL) < 0) {
		text_add(into, "the value of ");
		show_value(value, WANTED_CHARACTERS, text != NULL, into);
		text_add(into, ", which was not saved");
		return;
	}
	text = json_string_value(filled);
	show_value(filled, WANTED_CHARACTERS, may_be_bare && text && is_bare(text), into);
	json_decref(filled);
}

static void describe_any(const json_t *pattern, const struct names *names, bool is_plain,
			 struct text *into);

/* "A, B and C" of a list; of one thing only that. */
static void add_list(const json_t *list, const struct names *names, const char *last,
		     struct text *into)
{
	size_t count = json_array_size(list), index;
	json_t *item;

	json_array_foreach (list, index, item) {
		if (index > 0)
			text_add(into, index + 1 == count ? last : ", ");
		describe_any(item, names, true, into);
	}
}

/* How each word reads; in the sentence %s is the argument in words. */
struct word_sentence {
	const char *word;
	const char *before, *behind;
};

static const struct word_sentence bare_sentences[] = {
	{"$text", "a text", ""},
	{"$integer", "a whole number", ""},
	{"$number", "a number", ""},
	{"$boolean", "true or false", ""},
	{"$list", "a list", ""},
	{"$object", "an object", ""},
	{"$any", "anything", ""},
	{"$time", "a time like 2024-11-01T18:30:00Z", ""},
	{"$date", "a date like 2024-11-01", ""},
	{"$uuid", "a UUID", ""},
	{"$url", "a whole address like http://...", ""},
	{"$absent", "nothing", ""},
	{NULL, NULL, NULL},
};

static const struct word_sentence value_sentences[] = {
	{"$not", "not ", ""},
	{"$one_of", "", ""},
	{"$equal", "exactly ", ""},
	{"$contains", "a text that contains ", ""},
	{"$starts", "a text that begins with ", ""},
	{"$ends", "a text that ends with ", ""},
	{"$nocase", "", " in upper or lower case"},
	{"$matches", "a text that matches ", ""},
	{"$length", "a length of ", ""},
	{"$at_least", "at least ", ""},
	{"$at_most", "at most ", ""},
	{"$above", "above ", ""},
	{"$below", "below ", ""},
	{"$near", "", ""},
	{"$within", "at most ", " away"},
	{"$each", "a list whose every element is ", ""},
	{"$some", "a list with an element that is ", ""},
	{"$none", "a list that is not empty and has no element that is ", ""},
	{"$unordered", "a list, in any order, of ", ""},
	{"$sorted", "a list sorted by ", ""},
	{"$recent", "at most ", " from now"},
	{"$format", "a text in the form ", ""},
	{NULL, NULL, NULL},
};

static const struct word_sentence *sentence_of(const struct word_sentence *rows, const char *word)
{
	for (; rows->word; rows++) {
		if (strcmp(rows->word, word) == 0)
			return rows;
	}
	return NULL;
}

static void add_argument(const char *word, const json_t *argument, const struct names *names,
			 struct text *into)
{
	if (strcmp(word, "$matches") == 0 || strcmp(word, "$format") == 0)
		show_value(argument, WANTED_CHARACTERS, true, into);
	else if (strcmp(word, "$equal") == 0)
		add_literal(argument, names, false, into);
	else if (strcmp(word, "$one_of") == 0)
		add_list(argument, names, " or ", into);
	else if (json_is_array(argument) && json_array_size(argument) == 0)
		text_add(into, "nothing");
	else if (json_is_array(argument))
		add_list(argument, names, " and ", into);
	else
		describe_any(argument, names, true, into);
}

static void describe_word(const char *word, const json_t *argument, const struct names *names,
			  struct text *into)
{
	const struct word_sentence *row = sentence_of(value_sentences, word);
	const char *key = json_string_value(argument);

	/* A list that contains reads otherwise than a text that does. */
	if (strcmp(word, "$contains") == 0 && !json_is_string(argument) && !json_is_array(argument))
		text_add(into, "a list with ");
	else if (strcmp(word, "$sorted") == 0 && key && key[0] == '-')
		text_add(into, "a list that falls by ");
	else if (strcmp(word, "$sorted") == 0)
		text_add(into, "a list that rises by ");
	else
		text_add(into, row ? row->before : word);
	if (strcmp(word, "$sorted") == 0 && key)
		text_add_visible(into, key + (key[0] == '-'), strlen(key) - (key[0] == '-'),
				 WANTED_CHARACTERS);
	else
		add_argument(word, argument, names, into);
	if (row)
		text_add(into, row->behind);
}

static void describe_words(const json_t *map, const struct names *names, struct text *into)
{
	const json_t *format = json_object_get(map, "$format");
	bool is_first = true;
	const char *word;
	json_t *argument;

	if (json_object_get(map, "$recent"))
		text_add(into, format ? "" : "a time ");
	json_object_foreach (json_readable(map), word, argument) {
		if (!is_first)
			text_add(into, strcmp(word, "$within") == 0 ? ", " : " and ");
		is_first = false;
		describe_word(word, argument, names, into);
	}
}

/* --- objects ----------------------------------------------------------------------------------------- */

static bool has_words(const json_t *map)
{
	const char *key = json_object_iter_key(json_object_iter(json_readable(map)));

	return key && key[0] == '$' && key[1] != '$';
}

/* The leaves of an object, in order: "error.code", "sum 5". */
struct leaves {
	struct text items[LEAVES_MAX];
	size_t count; /* also those that found no place */
};

static void collect_leaf(const char *path, const json_t *pattern, const struct names *names,
			 struct leaves *leaves)
{
	struct text *item;
	const char *text = json_string_value(pattern);
	bool is_literal = json_is_number(pattern) || json_is_boolean(pattern) ||
			  json_is_null(pattern) ||
			  (text && !(text[0] == '$' && pattern_word_find(text)));

	if (leaves->count++ >= LEAVES_MAX)
		return;
	item = &leaves->items[leaves->count - 1];
	text_init(item, DESCRIBED_BYTES);
	if (text && strcmp(text, "$absent") == 0)
		text_add(item, "no ");
	text_add(item, path);
	if (is_literal) {
		text_add_char(item, ' ');
		add_literal(pattern, names, false, item);
	}
}

static void collect_leaves(const char *path, const json_t *map, const struct names *names,
			   struct leaves *leaves)
{
	const char *key;
	json_t *value;

	json_object_foreach (json_readable(map), key, value) {
		const char *real_key = key[0] == '$' ? key + 1 : key;
		mp_autotext struct text below = {0};

		text_init(&below, DESCRIBED_BYTES);
		text_addf(&below, "%s%s", path, *path ? "." : "");
		text_add_visible(&below, real_key, strlen(real_key), 60);
		if (json_object_size(value) > 0 && !has_words(value))
			collect_leaves(text_get(&below), value, names, leaves);
		else
			collect_leaf(text_get(&below), value, names, leaves);
	}
}

static void describe_object(const json_t *map, const struct names *names, struct text *into)
{
	struct leaves leaves = {.count = 0};
	size_t shown;

	collect_leaves("", map, names, &leaves);
	shown = leaves.count < LEAVES_MAX ? leaves.count : LEAVES_MAX;
	text_add(into, leaves.count == 0 ? "an object" : "an object with ");
	for (size_t i = 0; i < shown; i++) {
		if (i > 0)
			text_add(into, i + 1 == leaves.count ? " and " : ", ");
		text_add(into, text_get(&leaves.items[i]));
		text_done(&leaves.items[i]);
	}
	if (leaves.count > shown)
		text_addf(into, " and %zu more", leaves.count - shown);
}

static void describe_list(const json_t *list, const struct names *names, struct text *into)
{
	size_t count = json_array_size(list);

	if (count == 0) {
		text_add(into, "an empty list");
		return;
	}
	text_addf(into, "a list of %zu: ", count);
	add_list(list, names, ", ", into);
}

static void describe_any(const json_t *pattern, const struct names *names, bool is_plain,
			 struct text *into)
{
	const char *text = json_string_value(pattern);
	const struct word_sentence *row =
		text && text[0] == '$' ? sentence_of(bare_sentences, text) : NULL;

	if (into->is_cut)
		return;
	if (row)
		text_add(into, row->before);
	else if (json_is_array(pattern))
		describe_list(pattern, names, into);
	else if (json_is_object(pattern) && has_words(pattern))
		describe_words(pattern, names, into);
	else if (json_is_object(pattern))
		describe_object(pattern, names, into);
	else
		add_literal(pattern, names, is_plain, into);
}

void describe_pattern(const json_t *pattern, const struct names *names, bool is_plain,
		      struct text *into)
{
	mp_autotext struct text words = {0};

	text_init(&words, DESCRIBED_BYTES);
	describe_any(pattern, names, is_plain, &words);
	text_add(into, text_get(&words));
	if (words.is_cut)
		text_add(into, "...");
}

const char *match_describe(const json_t *pattern, const struct names *names, struct arena *arena)
{
	mp_autotext struct text words = {0};

	text_init(&words, 0);
	describe_pattern(pattern, names, false, &words);
	return arena_text(arena, text_get(&words));
}
