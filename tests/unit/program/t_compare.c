/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <unistd.h>

#include "grader/program/inner.h"
#include "tests/helper/tap.h"

static void the_first_line_that_differs_is_shown(void)
{
	static const struct {
		const char *wanted, *got;
		const char *path, *want, *have;
		size_t mismatches;
	} rows[] = {
		{"a\nb\nc\n", "a\nX\nc\n", "stdout line 2", "\"b\"", "\"X\"", 1},
		{"a\tb\n", "a  b\n", "stdout line 1", "\"a\\tb\"", "\"a  b\"", 1},
		{"a\n", "a\r\n", "stdout line 1", "\"a\"", "\"a\\r\"", 1},
		{"a\n", "a", "stdout line 1", "\"a\" and a line end", "\"a\" without a line end",
		 1},
		{"a\nb\n", "a\n", "stdout line 2", "\"b\"", "no such line", 2},
		{"a\n", "a\nb\n", "stdout line 2", "no such line", "\"b\"", 2},
		{"", "a\n", "stdout", "nothing", "\"a\"", 1},
		{"a\n", "", "stdout", "\"a\"", "nothing", 1},
		{"\xe0\xa4\x86\n", "?\n", "stdout line 1", "\"\xe0\xa4\x86\"", "\"?\"", 1},
		{"a\n", "\xff\n", "stdout line 1", "\"a\"", "\"\\xff\"", 1},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct mismatches told = {.arena = arena};

		OK(!compare_output("stdout", rows[i].wanted, strlen(rows[i].wanted), rows[i].got,
				   strlen(rows[i].got), &told));
		if (IS(told.count, rows[i].mismatches), told.count > 0) {
			IS_TEXT(told.items[0].path, rows[i].path);
			IS_TEXT(told.items[0].wanted, rows[i].want);
			IS_TEXT(told.items[0].got, rows[i].have);
		}
		ROW("%zu", i);
	}
}

static void equal_output_is_equal_to_the_last_byte(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct mismatches told = {.arena = arena};

	OK(compare_output("stdout", "a\0b\n", 4, "a\0b\n", 4, &told));
	OK(!compare_output("stdout", "a\0b\n", 4, "a\0c\n", 4, &told));
	OK(compare_output("stdout", "", 0, "", 0, &told));
	IS(told.count, 1);
}

static void slips_of_white_space_have_a_sentence(void)
{
	static const struct {
		const char *wanted, *got, *say;
	} rows[] = {
		{"a\nb\n", "a\r\nb\r\n", "CRLF"},
		{"a\nb\n", "a\nb", "The last line has no line end"},
		{"a\nb\n", "a\nb\n\n", "come empty ones"},
		{"a\nb\n", "a \nb\n", "blanks at the end of lines"},
		{"a\tb\n", "a   b\n", "blanks and tabs between"},
		{"Total 1\n", "TOTAL 1\n", "capital and small"},
		{"a\n", "b\n", NULL},
		{"", "b\n", NULL},
		{"ab\n", "a b\n", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *say = output_near_miss(rows[i].wanted, strlen(rows[i].wanted),
						   rows[i].got, strlen(rows[i].got));

		if (rows[i].say)
			HAS_TEXT(say, rows[i].say);
		else
			IS_TEXT(say, NULL);
		ROW("%zu", i);
	}
}

static void parts_are_examined(void)
{
	static const struct {
		const char *part, *json;
		bool is_well;
	} rows[] = {
		{"like", "\"model\"", true}, {"like", "\"modell\"", false},
		{"cpu", "\"6x\"", true},     {"cpu", "\"1.5x\"", true},
		{"cpu", "\"2s\"", true},     {"cpu", "\"6\"", false},
		{"cpu", "\"-6x\"", false},   {"cpu", "6", false},
		{"cpu", "\"nanx\"", false},  {"memory", "\"64M\"", true},
		{"memory", "\"64\"", false}, {"files", "{\"a\": \"b\"}", true},
		{"files", "\"a\"", false},   {"stdout", "\"x\"", true},
	};
	struct exercise exercise = {.model = "reference/python"};
	char text[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *pattern = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);

		IS(part_examine(&exercise, rows[i].part, pattern, text, sizeof(text)),
		   rows[i].is_well);
		OK(rows[i].is_well == (text[0] == '\0'));
		ROW("%zu: %s %s", i, rows[i].part, rows[i].json);
		json_decref(pattern);
	}
}

static void inputs_are_examined(void)
{
	static const struct {
		const char *json;
		bool is_well;
	} rows[] = {
		{"\"text\"", true},
		{"{\"make\": \"ledger\", \"lines\": 200}", true},
		{"{\"make\": \"leger\"}", false},
		{"{\"make\": \"ledger\", \"seed\": 1}", false},
		{"{\"make\": \"ledger\", \"x\": [1]}", false},
		{"{\"file\": \"no/such/file\"}", false},
		{"{\"file\": \"unit/program/t_compare.c\"}", true},
		{"{\"file\": \"../Makefile\"}", false},
		{"{\"fil\": \"a\"}", false},
		{"[]", false},
	};
	struct maker maker = {"ledger", "data/ledger.py"};
	struct exercise exercise = {.makers = &maker,
				    .maker_count = 1,
				    .folder_fd = open("tests", O_RDONLY | O_DIRECTORY)};
	char text[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *value = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);

		IS(input_examine(&exercise, value, text, sizeof(text)), rows[i].is_well);
		ROW("%zu: %s", i, rows[i].json);
		json_decref(value);
	}
	(void)close(exercise.folder_fd);
}

static void a_plain_text_is_told_from_a_pattern(void)
{
	static const struct {
		const char *text;
		bool is_plain;
	} rows[] = {
		{"a", true}, {"", true}, {"$text", false}, {"$$text", true}, {"$(name) is", true}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *value = json_string(rows[i].text);

		IS(is_plain_text(value), rows[i].is_plain);
		json_decref(value);
	}
	OK(!is_plain_text(NULL));
}

static void bytes_that_are_no_text_become_one(void)
{
	json_t *value = match_text_of_bytes("a\xff\0b", 4);

	IS(json_string_length(value), 6);
	IS_TEXT(json_string_value(value), "a\xef\xbf\xbd");
	json_decref(value);
}

/* clang-format off */
TAP_MAIN(
	T(the_first_line_that_differs_is_shown)
	T(equal_output_is_equal_to_the_last_byte)
	T(slips_of_white_space_have_a_sentence)
	T(parts_are_examined)
	T(inputs_are_examined)
	T(a_plain_text_is_told_from_a_pattern)
	T(bytes_that_are_no_text_become_one)
)
