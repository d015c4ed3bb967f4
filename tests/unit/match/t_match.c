/* SPDX-License-Identifier: MIT */
/* Patterns against values: one row a case. */
#include "grader/match/match.h"

#include <unistd.h>

#include "grader/match/inner.h"
#include "tests/helper/tap.h"

static json_t *json_of(const char *text)
{
	json_error_t slip;
	json_t *value = text ? json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, &slip) : NULL;

	if (text && !value)
		printf("# a test's JSON is broken: %s: %s\n", text, slip.text);
	return value;
}

/* The clock of these tests: 2024-11-01T18:30:00Z. */
static const int64_t NOW_MS = 1730485800000;

static struct names *some_names(void)
{
	struct names *names = NULL;
	json_t *id = json_integer(42), *name = json_string("Asha \"A\""),
	       *text = json_string("$text"), *list = json_of("[1, 2]"), *re = json_string("a.b");

	if (names_new(NULL, 7, &names, NULL) < 0)
		return NULL;
	names_set_now(names, NOW_MS);
	IS(names_set(names, "id", id), 0);
	IS(names_set(names, "name", name), 0);
	IS(names_set(names, "text", text), 0);
	IS(names_set(names, "list", list), 0);
	IS(names_set(names, "re", re), 0);
	json_decref(id);
	json_decref(name);
	json_decref(text);
	json_decref(list);
	json_decref(re);
	return names;
}

/* Holds, fails. NULL for got: the part is not there. */
struct row {
	const char *pattern;
	const char *got;
	bool holds;
};

static const struct row rows[] = {
	/* literals */
	{"5", "5", true},
	{"5", "5.0", true},
	{"5", "\"5\"", false},
	{"\"5\"", "5", false},
	{"\"5\"", "\"5\"", true},
	{"5", "6", false},
	{"5.5", "5.5", true},
	{"0", "false", false},
	{"0", "null", false},
	{"true", "true", true},
	{"true", "1", false},
	{"true", "\"true\"", false},
	{"false", "false", true},
	{"null", "null", true},
	{"null", NULL, false},
	{"null", "0", false},
	{"\"\"", "\"\"", true},
	{"\"\"", NULL, false},
	{"\"a\"", "\"A\"", false},
	{"\"\\u00e9\"", "\"e\\u0301\"", false},
	{"\"\\u00e9\"", "\"\xc3\xa9\"", true},
	{"9007199254740993", "9007199254740993", true},
	{"9007199254740993", "9007199254740992", false},
	{"9007199254740993", "9007199254740992.0", false},
	{"9223372036854775807", "9223372036854775808.0", false},
	{"-9223372036854775808", "-9223372036854775808.0", true},
	{"\"a\\u0000b\"", "\"a\\u0000c\"", false},
	{"\"$$text\"", "\"$text\"", true},
	{"\"$$text\"", "\"$$text\"", false},
	{"\"$5\"", "\"$5\"", true},
	/* objects */
	{"{\"a\": 1}", "{\"a\": 1, \"b\": 2}", true},
	{"{\"a\": 1}", "{\"b\": 1}", false},
	{"{\"a\": 1}", "[1]", false},
	{"{\"a\": 1}", "null", false},
	{"{\"a\": 1}", NULL, false},
	{"{\"a\": {\"b\": \"$text\"}}", "{\"a\": {\"b\": \"x\"}}", true},
	{"{\"a\": {\"b\": \"$text\"}}", "{\"a\": {\"b\": 1}}", false},
	{"{\"a\": \"$absent\"}", "{}", true},
	{"{\"a\": \"$absent\"}", "{\"a\": null}", false},
	{"{\"a\": \"$absent\"}", "[]", false},
	{"{\"$$a\": 1}", "{\"$a\": 1}", true},
	{"{\"$$a\": 1}", "{\"$$a\": 1}", false},
	{"{}", "{\"a\": 1}", true},
	{"{}", "[]", false},
	/* lists */
	{"[1, 2]", "[1, 2]", true},
	{"[1, 2]", "[2, 1]", false},
	{"[1, 2]", "[1, 2, 3]", false},
	{"[1, 2]", "[1]", false},
	{"[]", "[]", true},
	{"[]", "{}", false},
	{"[{\"a\": 1}]", "[{\"a\": 1, \"b\": 2}]", true},
	/* types */
	{"\"$text\"", "\"\"", true},
	{"\"$text\"", "1", false},
	{"\"$text\"", "null", false},
	{"\"$text\"", NULL, false},
	{"\"$integer\"", "5", true},
	{"\"$integer\"", "5.0", false},
	{"\"$integer\"", "5e0", false},
	{"\"$integer\"", "\"5\"", false},
	{"\"$number\"", "5.5", true},
	{"\"$number\"", "-1", true},
	{"\"$number\"", "\"1\"", false},
	{"\"$boolean\"", "false", true},
	{"\"$boolean\"", "0", false},
	{"\"$list\"", "[]", true},
	{"\"$list\"", "{}", false},
	{"\"$object\"", "{}", true},
	{"\"$object\"", "[]", false},
	{"\"$any\"", "0", true},
	{"\"$any\"", "null", true},
	{"\"$any\"", NULL, false},
	{"\"$absent\"", NULL, true},
	{"\"$absent\"", "null", false},
	/* forms */
	{"\"$time\"", "\"2024-11-01T18:30:00Z\"", true},
	{"\"$time\"", "\"2024-11-01T18:30:00.123456+05:30\"", true},
	{"\"$time\"", "\"2024-11-01t18:30:00z\"", true},
	{"\"$time\"", "\"2024-11-01T18:30:00\"", false},
	{"\"$time\"", "\"2024-11-01 18:30:00Z\"", false},
	{"\"$time\"", "\"2024-11-01T24:30:00Z\"", false},
	{"\"$time\"", "\"2024-02-30T10:30:00Z\"", false},
	{"\"$time\"", "\"2024-11-01T18:30:00.Z\"", false},
	{"\"$time\"", "\"2024-11-01T18:30:00Zx\"", false},
	{"\"$time\"", "\"2024-11-01T18:30:00Z\\u0000\"", false},
	{"\"$time\"", "1730485800", false},
	{"\"$date\"", "\"2024-02-29\"", true},
	{"\"$date\"", "\"2023-02-29\"", false},
	{"\"$date\"", "\"1900-02-29\"", false},
	{"\"$date\"", "\"2000-02-29\"", true},
	{"\"$date\"", "\"2024-2-9\"", false},
	{"\"$uuid\"", "\"123e4567-e89b-12d3-a456-426614174000\"", true},
	{"\"$uuid\"", "\"123E4567-E89B-12D3-A456-426614174000\"", true},
	{"\"$uuid\"", "\"123e4567e89b12d3a456426614174000\"", false},
	{"\"$uuid\"", "\"123e4567-e89b-12d3-a456-42661417400g\"", false},
	{"\"$url\"", "\"http://127.0.0.1:8000/x?y=1\"", true},
	{"\"$url\"", "\"https://example.com\"", true},
	{"\"$url\"", "\"/x\"", false},
	{"\"$url\"", "\"http://\"", false},
	{"\"$url\"", "\"http://a b\"", false},
	/* not, one_of, equal */
	{"{\"$not\": 5}", "6", true},
	{"{\"$not\": 5}", "5", false},
	{"{\"$not\": 5}", NULL, false},
	{"{\"$not\": \"$text\"}", "null", true},
	{"{\"$one_of\": [1, 2]}", "2", true},
	{"{\"$one_of\": [1, 2]}", "3", false},
	{"{\"$one_of\": [\"$text\", null]}", "null", true},
	{"{\"$equal\": {\"a\": 1}}", "{\"a\": 1.0}", true},
	{"{\"$equal\": {\"a\": 1}}", "{\"a\": 1, \"b\": 2}", false},
	{"{\"$equal\": {\"a\": {\"b\": []}}}", "{\"a\": {\"b\": []}}", true},
	{"{\"$equal\": {\"a\": {\"b\": []}}}", "{\"a\": {\"b\": [1]}}", false},
	{"{\"$equal\": []}", "[]", true},
	{"{\"$equal\": {\"id\": \"$(id)\"}}", "{\"id\": 42}", true},
	/* texts */
	{"{\"$contains\": \"GET\"}", "\"GET, HEAD\"", true},
	{"{\"$contains\": \"GET\"}", "\"get\"", false},
	{"{\"$contains\": [\"GET\", \"HEAD\"]}", "\"HEAD, GET\"", true},
	{"{\"$contains\": [\"GET\", \"PUT\"]}", "\"HEAD, GET\"", false},
	{"{\"$contains\": \"a\"}", "[\"a\", \"b\"]", true},
	{"{\"$contains\": \"a\"}", "[\"ab\"]", false},
	{"{\"$contains\": {\"id\": 1}}", "[{\"id\": 2}, {\"id\": 1, \"x\": 0}]", true},
	{"{\"$contains\": {\"id\": 3}}", "[{\"id\": 2}]", false},
	{"{\"$contains\": [1, 2]}", "[2, 3, 1]", true},
	{"{\"$contains\": [1, 4]}", "[2, 3, 1]", false},
	{"{\"$contains\": 5}", "\"5\"", false},
	{"{\"$contains\": \"5\"}", "5", false},
	{"{\"$starts\": \"Be\"}", "\"Bearer x\"", true},
	{"{\"$starts\": \"Bearer x y\"}", "\"Bearer x\"", false},
	{"{\"$ends\": \"x\"}", "\"Bearer x\"", true},
	{"{\"$ends\": \"X\"}", "\"Bearer x\"", false},
	{"{\"$nocase\": \"No-Store\"}", "\"no-store\"", true},
	{"{\"$nocase\": \"\\u00c4\"}", "\"\\u00e4\"", false},
	{"{\"$matches\": \"\\\\d+\"}", "\"123\"", true},
	{"{\"$matches\": \"\\\\d+\"}", "\"123a\"", false},
	{"{\"$matches\": \"\\\\d+\"}", "\"123\\n\"", false},
	{"{\"$matches\": \"\\\\d+\"}", "123", false},
	{"{\"$matches\": \"a|ab\"}", "\"ab\"", true},
	{"{\"$matches\": \"$(re)\"}", "\"a.b\"", true},
	{"{\"$matches\": \"$(re)\"}", "\"axb\"", false},
	{"{\"$matches\": \"a$\"}", "\"a\"", true},
	{"{\"$matches\": \"(a+)+b\"}", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac\"", false},
	{"{\"$starts\": \"a\", \"$ends\": \"b\"}", "\"axb\"", true},
	{"{\"$starts\": \"a\", \"$ends\": \"b\"}", "\"ax\"", false},
	/* lengths */
	{"{\"$length\": 2}", "[1, 2]", true},
	{"{\"$length\": 2}", "\"\\u0906\\u0936\"", true},
	{"{\"$length\": 2}", "{\"a\": 1, \"b\": 2}", false},
	{"{\"$length\": {\"$at_least\": 1}}", "[]", false},
	{"{\"$length\": {\"$at_least\": 1}}", "[0]", true},
	/* quantities */
	{"{\"$at_least\": 5}", "5", true},
	{"{\"$at_least\": 5}", "4.999", false},
	{"{\"$at_most\": 5}", "5.0", true},
	{"{\"$at_most\": 5}", "6", false},
	{"{\"$above\": 5}", "5", false},
	{"{\"$above\": 5}", "5.1", true},
	{"{\"$below\": 5}", "5", false},
	{"{\"$below\": 5}", "-7", true},
	{"{\"$below\": 5}", "\"3\"", false},
	{"{\"$below\": 5}", "null", false},
	{"{\"$at_most\": \"2s\"}", "2000", true},
	{"{\"$at_most\": \"2s\"}", "2001", false},
	{"{\"$at_most\": \"64K\"}", "65536", true},
	{"{\"$at_most\": \"64K\"}", "65537", false},
	{"{\"$above\": \"2024-11-01T00:00:00Z\"}", "\"2024-11-01T05:29:59+05:30\"", false},
	{"{\"$above\": \"2024-11-01T00:00:00Z\"}", "\"2024-11-01T05:30:01+05:30\"", true},
	{"{\"$at_least\": \"2024-11-01\"}", "\"2024-11-01\"", true},
	{"{\"$at_least\": \"2024-11-01\"}", "1730419200000", false},
	{"{\"$above\": \"$(id)\"}", "43", true},
	{"{\"$at_least\": 1, \"$at_most\": 3}", "4", false},
	{"{\"$near\": 5, \"$within\": 0.1}", "5.1", true},
	{"{\"$near\": 5, \"$within\": 0.1}", "5.2", false},
	{"{\"$near\": 5, \"$within\": 1}", "4", true},
	{"{\"$near\": \"$(now.ms)\", \"$within\": 2000}", "1730485801999", true},
	{"{\"$near\": \"$(now.ms)\", \"$within\": 2000}", "1730485803000", false},
	{"{\"$near\": \"$(now.s)\", \"$within\": 2}", "1730485800", true},
	{"{\"$near\": \"2024-11-01T00:00:00Z\", \"$within\": \"2s\"}", "\"2024-11-01T00:00:02Z\"",
	 true},
	{"{\"$near\": \"2024-11-01T00:00:00Z\", \"$within\": \"2s\"}", "\"2024-11-01T00:00:03Z\"",
	 false},
	{"{\"$near\": \"2024-11-01T00:00:00Z\", \"$within\": 2}", "\"2024-11-01T00:00:00Z\"",
	 false},
	/* elements */
	{"{\"$each\": \"$integer\"}", "[1, 2]", true},
	{"{\"$each\": \"$integer\"}", "[1, \"2\"]", false},
	{"{\"$each\": \"$integer\"}", "[]", false},
	{"{\"$each\": \"$integer\"}", "5", false},
	{"{\"$some\": 2}", "[1, 2]", true},
	{"{\"$some\": 3}", "[1, 2]", false},
	{"{\"$some\": \"$any\"}", "[]", false},
	{"{\"$none\": 3}", "[1, 2]", true},
	{"{\"$none\": 2}", "[1, 2]", false},
	{"{\"$none\": 2}", "[]", false},
	{"{\"$unordered\": [1, 2]}", "[2, 1]", true},
	{"{\"$unordered\": [1, 2]}", "[2, 2]", false},
	{"{\"$unordered\": [1, 2]}", "[2, 1, 3]", false},
	{"{\"$unordered\": []}", "[]", true},
	/* Greedy choices fail here: $text must leave "a" to "a". */
	{"{\"$unordered\": [\"$text\", \"a\"]}", "[\"a\", \"b\"]", true},
	{"{\"$unordered\": [\"$any\", \"$text\", \"a\"]}", "[\"a\", \"b\", 1]", true},
	{"{\"$unordered\": [\"$any\", \"$integer\", 1]}", "[1, 2, \"x\"]", true},
	{"{\"$unordered\": [\"$text\", \"$text\", \"a\"]}", "[\"a\", \"b\", 1]", false},
	{"{\"$sorted\": \"at\"}", "[{\"at\": 1}, {\"at\": 1}, {\"at\": 3}]", true},
	{"{\"$sorted\": \"at\"}", "[{\"at\": 2}, {\"at\": 1}]", false},
	{"{\"$sorted\": \"-at\"}", "[{\"at\": 2}, {\"at\": 1}]", true},
	{"{\"$sorted\": \"at\"}", "[{\"at\": \"b\"}, {\"at\": \"a\"}]", false},
	{"{\"$sorted\": \"at\"}",
	 "[{\"at\": \"2024-11-01T05:30:00+05:30\"}, {\"at\": \"2024-11-01T00:00:01Z\"}]", true},
	{"{\"$sorted\": \"at\"}", "[{\"at\": 1}, {}]", false},
	{"{\"$sorted\": \"at\"}", "[{\"at\": 1}, {\"at\": \"2\"}]", false},
	{"{\"$sorted\": \"at\"}", "[]", true},
	{"{\"$sorted\": \"at\"}", "{}", false},
	/* clock */
	{"{\"$recent\": \"10s\"}", "\"2024-11-01T18:30:05Z\"", true},
	{"{\"$recent\": \"10s\"}", "\"2024-11-02T00:00:00+05:30\"", true},
	{"{\"$recent\": \"10s\"}", "\"2024-11-01T18:29:49Z\"", false},
	{"{\"$recent\": \"10s\"}", "\"2024-11-01\"", false},
	{"{\"$format\": \"%a %b %d %Y\"}", "\"Fri Nov 01 2024\"", true},
	{"{\"$format\": \"%a %b %d %Y\"}", "\"Fri Nov 01 2024 x\"", false},
	{"{\"$format\": \"%a %b %d %Y\"}", "\"2024-11-01\"", false},
	{"{\"$format\": \"%a %b %d %Y\", \"$recent\": \"36h\"}", "\"Fri Nov 01 2024\"", true},
	{"{\"$format\": \"%a %b %d %Y\", \"$recent\": \"36h\"}", "\"Wed Oct 30 2024\"", false},
	/* names */
	{"\"$(id)\"", "42", true},
	{"\"$(id)\"", "\"42\"", false},
	{"\"no. $(id)!\"", "\"no. 42!\"", true},
	{"\"$(name)\"", "\"Asha \\\"A\\\"\"", true},
	{"\"$(text)\"", "\"anything\"", false},
	{"\"$(text)\"", "\"$text\"", true},
	{"\"$(list)\"", "[1, 2]", true},
	{"\"$(nobody)\"", "\"\"", false},
	{"\"$$(id)\"", "\"$(id)\"", true},
	{"\"x $$(id)\"", "\"x $(id)\"", true},
	{"{\"$contains\": \"$(id)\"}", "[41, 42]", true},
};

static void every_row_of_the_pattern_table_is_right(void)
{
	struct names *names = some_names();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *pattern = json_of(rows[i].pattern);
		json_t *got = json_of(rows[i].got);
		struct arena *arena = arena_new();
		struct mismatches told = {.arena = arena};
		char at[100];
		struct mp_error err = {0};
		bool is_same = match_holds(pattern, got, names) == rows[i].holds;

		if (!tap_ok(is_same, "the verdict of a row", __FILE__, __LINE__))
			printf("# row %zu: %s against %s\n", i, rows[i].pattern,
			       rows[i].got ? rows[i].got : "nothing");
		/* With words the verdict is the same, and there is a word exactly when it fails. */
		OK(match_part("json", pattern, got, names, &told) == rows[i].holds);
		OK((told.count == 0) == rows[i].holds);
		if (strcmp(rows[i].pattern, "\"$5\"") != 0 &&
		    strcmp(rows[i].pattern,
			   "{\"$near\": \"2024-11-01T00:00:00Z\", \"$within\": 2}") != 0)
			IS(pattern_examine(pattern, at, sizeof(at), &err), 0);
		if (err.code)
			printf("# %s: %s\n", rows[i].pattern, err.text);
		json_decref(pattern);
		json_decref(got);
		arena_free(arena);
	}
	OK(sizeof(rows) / sizeof(rows[0]) >= 150);
	names_free(names);
}

/* What is told: "PATH | WANTED | GOT", one line a mismatch. */
struct told_row {
	const char *path, *pattern, *got;
	const char *told;
};

static const struct told_row told_rows[] = {
	{"status", "200", "404", "status | 200 | 404\n"},
	{"headers", "{\"allow\": {\"$contains\": \"GET\"}}", "{}",
	 "headers.allow | a text that contains GET | no such header\n"},
	{"headers", "{\"etag\": \"$text\"}", "{}", "headers.etag | a text | no such header\n"},
	{"headers", "{\"cache-control\": \"no-store\"}", "{\"cache-control\": \"public, x\"}",
	 "headers.cache-control | no-store | public, x\n"},
	{"json", "{\"error\": {\"code\": \"$text\", \"message\": \"$text\"}}", NULL,
	 "json | an object with error.code and error.message | nothing\n"},
	{"json", "{\"error\": {\"code\": \"$text\", \"message\": \"$text\"}}", "{\"error\": \"x\"}",
	 "json.error | an object with code and message | \"x\"\n"},
	{"json", "{\"error\": {\"code\": \"$text\", \"message\": \"$text\"}}",
	 "{\"error\": {\"code\": 1}}",
	 "json.error.code | a text | 1\njson.error.message | a text | no such key\n"},
	{"json", "{\"sum\": 5}", "{\"sum\": \"5\"}", "json.sum | 5 | \"5\"\n"},
	{"json", "{\"sum\": 5, \"ok\": true}", "[]",
	 "json | an object with sum 5 and ok true | []\n"},
	{"json", "{\"greeting\": \"Hello, $(id)!\"}", "{\"greeting\": \"Hello\"}",
	 "json.greeting | \"Hello, 42!\" | \"Hello\"\n"},
	{"json", "{\"items\": [1, {\"id\": 3}]}", "{\"items\": [1, {\"id\": 4}]}",
	 "json.items.1.id | 3 | 4\n"},
	{"json", "[1, 2]", "[1]", "json | a list of 2: 1, 2 | [1]\n"},
	{"json", "{\"$each\": {\"id\": \"$integer\"}}", "[{\"id\": 1}, {\"id\": \"2\"}]",
	 "json.1.id | a whole number | \"2\"\n"},
	{"json", "{\"$each\": {\"id\": \"$integer\"}}", "[]",
	 "json | a list whose every element is an object with id | []\n"},
	{"json", "{\"a\": {\"$at_least\": 3}}", "{\"a\": 2}", "json.a | at least 3 | 2\n"},
	{"json", "{\"a\": {\"$near\": 3, \"$within\": 1}}", "{\"a\": 7}",
	 "json.a | 3, at most 1 away | 7\n"},
	{"json", "{\"$unordered\": [1, 2]}", "[3]",
	 "json | a list, in any order, of 1 and 2 | [3]\n"},
	{"json", "{\"$sorted\": \"-at\"}", "5", "json | a list that falls by at | 5\n"},
	{"json", "{\"$one_of\": [\"a\", \"b c\", null]}", "5", "json | a, \"b c\" or null | 5\n"},
	{"json", "{\"password\": \"$absent\"}", "{\"password\": \"x\"}",
	 "json.password | nothing | \"x\"\n"},
	{"json", "{\"password\": \"$absent\", \"id\": \"$any\"}", "3",
	 "json | an object with no password and id | 3\n"},
	{"json", "{\"id\": \"$(nobody)\"}", "{\"id\": 3}",
	 "json.id | the value of $(nobody), which was not saved | 3\n"},
	{"json", "0.1", "0.30000000000000004", "json | 0.1 | 0.30000000000000004\n"},
	{"json", "\"$text\"", "5.0", "json | a text | 5.0\n"},
	{"json", "{\"$recent\": \"10s\"}", "5", "json | a time at most 10s from now | 5\n"},
	{"json", "{\"$matches\": \"a+\"}", "\"b\\u001b\"",
	 "json | a text that matches a+ | \"b\\u001B\"\n"},
	{"cookies", "{\"sid\": \"$text\"}", "{}", "cookies.sid | a text | no such cookie\n"},
};

static void a_mismatch_has_its_path_and_words(void)
{
	struct names *names = some_names();

	for (size_t i = 0; i < sizeof(told_rows) / sizeof(told_rows[0]); i++) {
		json_t *pattern = json_of(told_rows[i].pattern);
		json_t *got = json_of(told_rows[i].got);
		struct arena *arena = arena_new();
		struct mismatches told = {.arena = arena};
		mp_autotext struct text lines = {0};

		text_init(&lines, 0);
		OK(!match_part(told_rows[i].path, pattern, got, names, &told));
		for (size_t j = 0; j < told.count; j++)
			text_addf(&lines, "%s | %s | %s\n", told.items[j].path,
				  told.items[j].wanted, told.items[j].got);
		IS_TEXT(text_get(&lines), told_rows[i].told);
		json_decref(pattern);
		json_decref(got);
		arena_free(arena);
	}
	names_free(names);
}

static void a_long_value_is_cut_between_characters(void)
{
	struct arena *arena = arena_new();
	json_t *value = json_string("\u0906\u0936\u093e\u0906\u0936\u093e");
	json_t *deep = json_of("{\"a\": [1, 2, 3, 4, 5, 6, 7, 8]}");

	IS_TEXT(match_show(value, 3, arena), "\"\u0906\u0936...");
	IS_TEXT(match_show(deep, 12, arena), "{\"a\": [1, 2,...");
	IS_TEXT(match_show(deep, 100, arena), "{\"a\": [1, 2, 3, 4, 5, 6, 7, 8]}");
	json_decref(value);
	json_decref(deep);
	arena_free(arena);
}

/* COUNT times C and then TAIL, as a text. */
static json_t *long_text(char c, size_t count, const char *tail)
{
	size_t length = count + strlen(tail);
	char *text = malloc(length + 1);
	json_t *value;

	memset(text, c, count);
	memcpy(text + count, tail, strlen(tail) + 1);
	value = json_stringn(text, length);
	free(text);
	return value;
}

/* Nobody knows whether it would match: so it does not hold, not even turned round. */
static void a_regular_expression_that_runs_away_is_given_up(void)
{
	static const char *const patterns[] = {
		"{\"$matches\": \"(a*)*(a*)*(a*)*b\"}",
		"{\"$not\": {\"$matches\": \"(a*)*(a*)*(a*)*b\"}}",
		/* Here PCRE2's own limit is never met: it runs far, and branches little. */
		"{\"$matches\": \"(?s).*a+b.*\"}",
		"{\"$not\": {\"$matches\": \"(?s).*a+b.*\"}}",
	};
	json_t *got = long_text('a', 200000, "");

	(void)alarm(20);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct arena *arena = arena_new();
		struct mismatches told = {.arena = arena};
		json_t *pattern = json_of(patterns[i]);

		OK(!match_holds(pattern, got, NULL));
		OK(!match_part("text", pattern, got, NULL, &told));
		HAS_TEXT(told.count == 1 ? told.items[0].got : "", "too many steps: given up");
		ROW("%zu: %s", i, patterns[i]);
		json_decref(pattern);
		arena_free(arena);
	}
	(void)alarm(0);
	json_decref(got);
}

/* A list of such texts costs no more than one, and what is told of other keys stays right. */
static void many_long_texts_share_one_budget(void)
{
	json_t *none = json_of("{\"$none\": {\"$matches\": \"(?s).*a+[bc].*\"}}");
	json_t *two =
		json_of("{\"a\": {\"$matches\": \"(a*)*(a*)*b\"}, \"b\": {\"$at_least\": 1}}");
	json_t *list = json_array(), *got = json_object();
	struct arena *arena = arena_new();
	struct mismatches told = {.arena = arena};

	for (size_t i = 0; i < 2000; i++)
		(void)json_array_append_new(list, long_text('a', 2000, ""));
	(void)alarm(20);
	OK(!match_holds(none, list, NULL));
	(void)alarm(0);
	(void)json_object_set_new(got, "a", long_text('a', 2000, ""));
	(void)json_object_set_new(got, "b", json_integer(1));
	OK(!match_part("json", two, got, NULL, &told));
	IS(told.count, 1);
	IS_TEXT(told.items[0].path, "json.a");
	json_decref(none);
	json_decref(two);
	json_decref(list);
	json_decref(got);
	arena_free(arena);
}

/* What an honest page needs is far from the limit. */
static void a_long_page_is_searched_to_its_end(void)
{
	json_t *pattern = json_of("{\"$matches\": \"(?s).*<title>[^<]*</title>.*\"}");
	json_t *got = long_text('x', 300000, "<title>A</title>");

	OK(match_holds(pattern, got, NULL));
	json_decref(pattern);
	json_decref(got);
}

static void a_matching_is_found_where_every_choice_must_move(void)
{
	/* Pattern i takes 0..i, elements come in reverse: each new pattern moves all before it. */
	enum { COUNT = 60 };
	json_t *list = json_array(), *got = json_array(), *pattern = json_object();

	for (int i = COUNT - 1; i >= 0; i--) {
		json_t *one = json_object();

		(void)json_object_set_new(one, "$at_most", json_integer(i));
		(void)json_array_append_new(list, one);
		(void)json_array_append_new(got, json_integer(COUNT - 1 - i));
	}
	(void)json_object_set_new(pattern, "$unordered", list);
	OK(match_holds(pattern, got, NULL));
	(void)json_array_set_new(got, 0, json_integer(COUNT));
	OK(!match_holds(pattern, got, NULL));
	json_decref(pattern);
	json_decref(got);
}

static void a_path_goes_by_keys_and_indexes(void)
{
	json_t *value = json_of("{\"items\": [{\"id\": 3}], \"a.b\": 4, \"\": 5}");

	IS(json_integer_value(json_at(value, "items.0.id")), 3);
	IS(json_integer_value(json_at(value, "a.b")), 4);
	OK(json_at(value, "") == value);
	OK(!json_at(value, "items.1.id"));
	OK(!json_at(value, "items.x"));
	OK(!json_at(value, "items.-1"));
	OK(!json_at(NULL, "items"));
	json_decref(value);
}

TAP_MAIN(T(every_row_of_the_pattern_table_is_right) T(a_mismatch_has_its_path_and_words)
		 T(a_long_value_is_cut_between_characters)
			 T(a_regular_expression_that_runs_away_is_given_up)
				 T(many_long_texts_share_one_budget)
					 T(a_long_page_is_searched_to_its_end)
						 T(a_matching_is_found_where_every_choice_must_move)
							 T(a_path_goes_by_keys_and_indexes))
