/* SPDX-License-Identifier: MIT */
/* Which patterns and free values are well formed, and what is said of the others. */
#include <errno.h>

#include "grader/match/inner.h"
#include "tests/helper/tap.h"

struct slip_row {
	const char *pattern;
	const char *at;
	const char *sentence;
};

static const struct slip_row slips[] = {
	{"\"$interger\"", "",
	 "'$interger' is not a pattern; did you mean '$integer'? ($$interger for the text)"},
	{"\"$5\"", "", "'$5' is not a pattern; write $$5 for the text"},
	{"{\"a\": {\"b\": \"$txt\"}}", "a.b",
	 "'$txt' is not a pattern; did you mean '$text'? ($$txt for the text)"},
	{"{\"a\": {\"$lenght\": 5}}", "a.$lenght",
	 "'$lenght' is not a pattern; did you mean '$length'? ($$lenght for the text)"},
	{"[1, \"$contains\"]", "1", "$contains needs a value: {$contains: ...}"},
	{"{\"$integer\": 5}", "$integer", "$integer stands alone and takes no value"},
	{"{\"$at_least\": \"x\"}", "$at_least",
	 "$at_least takes a number, a duration (200ms), a size (64K), a time or a $(name)"},
	{"{\"$near\": 5}", "", "$near needs $within beside it: {$near: 5, $within: 1}"},
	{"{\"$within\": 5}", "", "$within stands beside $near only"},
	{"{\"$near\": 5, \"$within\": \"2s\"}", "", "$within takes a plain number beside a number"},
	{"{\"$near\": 5, \"$within\": -1}", "", "$within is not below 0"},
	{"{\"$near\": 5, \"$within\": \"2024-11-01\"}", "",
	 "$within takes a plain number, or a duration beside a time"},
	{"{\"$near\": \"5s\", \"$within\": \"1s\"}", "",
	 "$within takes a plain number beside a number"},
	{"{\"$near\": \"2024-11-01\", \"$within\": 5}", "",
	 "$within takes a duration beside a time: {$near: 2024-11-01, $within: 5s}"},
	{"{\"$starts\": \"$text\"}", "$starts", "$starts takes a text; write $$text for the text"},
	{"{\"$nocase\": \"$5\"}", "$nocase", "$nocase takes a text; write $$5 for the text"},
	{"{\"$format\": \"%Y-%m-%q\"}", "$format",
	 "'%Y-%m-%q' is no form of strptime; write one like %d/%m/%Y"},
	{"{\"$format\": \"today\"}", "$format",
	 "'today' is no form of strptime; write one like %d/%m/%Y"},
	{"{\"$format\": \"%\"}", "$format", "'%' is no form of strptime; write one like %d/%m/%Y"},
	{"{\"$length\": \"abc\"}", "$length",
	 "$length takes a whole number, or a range: {$at_least: 1}"},
	{"{\"$length\": -1}", "$length",
	 "$length takes a whole number, or a range: {$at_least: 1}"},
	{"{\"$one_of\": []}", "$one_of", "$one_of takes a list that is not empty"},
	{"{\"$one_of\": 5}", "$one_of", "$one_of takes a list of patterns"},
	{"{\"$unordered\": {}}", "$unordered", "$unordered takes a list of patterns"},
	{"{\"$matches\": \"(\"}", "$matches",
	 "'(' is no regular expression: missing closing parenthesis at character 2"},
	{"{\"$matches\": 5}", "$matches", "$matches takes a text that is not empty"},
	{"{\"$recent\": 5}", "$recent", "$recent takes a duration: 10s, 5m"},
	{"{\"$recent\": \"10\"}", "$recent", "$recent takes a duration: 10s, 5m"},
	{"{\"$sorted\": 5}", "$sorted", "$sorted takes a text that is not empty"},
	{"{\"$length\": \"$fve\"}", "$length", "'$fve' is not a pattern; write $$fve for the text"},
	{"{\"$not\": {\"$absnt\": 1}}", "$not.$absnt",
	 "'$absnt' is not a pattern; did you mean '$absent'? ($$absnt for the text)"},
	{"{\"$at_least\": 5, \"b\": 1}", "b",
	 "'b': keys with a dollar and plain keys do not mix in one map ($$ begins a plain key with a dollar)"},
};

static void every_slip_has_its_place_and_its_sentence(void)
{
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		json_t *pattern = json_loads(slips[i].pattern, JSON_DECODE_ANY, NULL);
		struct mp_error err = {0};
		char at[60] = "?";

		IS(pattern_examine(pattern, at, sizeof(at), &err), -EBADMSG);
		IS_TEXT(at, slips[i].at);
		IS_TEXT(err.text, slips[i].sentence);
		IS(pattern_examine(pattern, NULL, 0, NULL), -EBADMSG);
		json_decref(pattern);
	}
}

/* What pattern_examine_all() told, a line each. */
static void note_slip(void *context, const char *at, const char *sentence)
{
	text_addf(context, "%s | %s\n", at, sentence);
}

static void all_slips_of_a_pattern_are_told(void)
{
	json_t *pattern =
		json_loads("{\"$each\": {\"a\": \"$txet\", \"b\": [\"$fve\", 1, \"$six\"]},"
			   " \"$lenght\": 5, \"$starts\": \"$(name)\"}",
			   0, NULL);
	mp_autotext struct text lines = {0};

	pattern_examine_all(pattern, note_slip, &lines);
	IS_TEXT(text_get(&lines),
		"$each.a | '$txet' is not a pattern; did you mean '$text'? ($$txet for the text)\n"
		"$each.b.0 | '$fve' is not a pattern; write $$fve for the text\n"
		"$each.b.2 | '$six' is not a pattern; write $$six for the text\n"
		"$lenght | '$lenght' is not a pattern; did you mean '$length'? ($$lenght for the text)\n");
	json_decref(pattern);
}

static void every_word_of_the_table_is_judged_and_described(void)
{
	json_t *text = json_string("x");
	struct arena *arena = arena_new();

	for (size_t i = 0; i < pattern_word_count; i++) {
		const struct pattern_word *word = &pattern_words[i];
		json_t *bare = json_string(word->name);
		json_t *map = json_object();

		OK(pattern_word_find(word->name) == word);
		OK(word->takes_value == (operator_find(word->name) != NULL));
		(void)json_object_set(map, word->name, text);
		/* A description that shows the dollar was forgotten. */
		OK(!strchr(match_describe(word->takes_value ? map : bare, NULL, arena), '$'));
		ROW("%s: %s", word->name,
		    match_describe(word->takes_value ? map : bare, NULL, arena));
		json_decref(bare);
		json_decref(map);
	}
	OK(!pattern_word_find("$nothing"));
	IS_TEXT(pattern_word_nearest("$integr"), "$integer");
	json_decref(text);
	arena_free(arena);
}

static void a_long_place_is_cut(void)
{
	json_t *pattern = json_loads("{\"aaaaaaaaaa\": {\"bbbbbbbbbb\": \"$x\"}}", 0, NULL);
	char at[12];

	IS(pattern_examine(pattern, at, sizeof(at), NULL), -EBADMSG);
	IS_TEXT(at, "aaaaaaaaaa.");
	json_decref(pattern);
}

struct free_row {
	const char *value;
	int rc;
};

static void a_request_sends_values_not_patterns(void)
{
	static const struct free_row free_rows[] = {
		{"{\"a\": \"$(a)\", \"b\": [1, \"$$text\"]}", 0},
		{"{\"a\": \"$text\"}", -EBADMSG},
		{"{\"a\": {\"$contains\": 1}}", -EBADMSG},
		{"{\"$$a\": 1}", 0},
		{"\"$5 is the price\"", 0},
		{"[\"$integer\"]", -EBADMSG},
		{"5", 0},
	};

	for (size_t i = 0; i < sizeof(free_rows) / sizeof(free_rows[0]); i++) {
		json_t *value = json_loads(free_rows[i].value, JSON_DECODE_ANY, NULL);
		char at[40];

		IS(free_value_examine(value, at, sizeof(at), NULL), free_rows[i].rc);
		ROW("%zu", i);
		json_decref(value);
	}
}

TAP_MAIN(T(every_slip_has_its_place_and_its_sentence) T(all_slips_of_a_pattern_are_told)
		 T(every_word_of_the_table_is_judged_and_described) T(a_long_place_is_cut)
			 T(a_request_sends_values_not_patterns))
