/* SPDX-License-Identifier: MIT */
/* Columns of text in several scripts, and lines. */
#include <locale.h>
#include <wchar.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/columns.h"
#include "tests/helper/tap.h"

static void letters_take_the_columns_of_a_terminal(void)
{
	static const struct {
		const char *text;
		int columns;
	} rows[] = {
		{"", 0},
		{"abc", 3},
		{"\xc3\xa9", 1},  /* e with acute, composed */
		{"e\xcc\x81", 1}, /* the same, decomposed */
		{"\xe0\xa4\x86\xe0\xa4\xb6\xe0\xa4\xbe",
		 3}, /* asha in Devanagari: its last sign stands beside */
		{"\xe0\xa4\xa8\xe0\xa4\xae\xe0\xa4\xb8\xe0\xa5\x8d\xe0\xa4\xa4\xe0\xa5\x87",
		 4},								     /* namaste */
		{"\xe0\xae\xa4\xe0\xae\xae\xe0\xae\xbf\xe0\xae\xb4\xe0\xaf\x8d", 4}, /* tamil */
		{"\xe6\x97\xa5\xe6\x9c\xac", 4}, /* two wide letters */
		{"\xf0\x9f\x99\x82", 2},	 /* a smiling face */
		{"a\xe2\x80\x8d"
		 "b",
		 2},		 /* a joiner that is not seen */
		{"\xff\xfe", 2}, /* no UTF-8 */
		{"\xe0\xa4", 2}, /* half a letter */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS(columns_of(rows[i].text, strlen(rows[i].text)), rows[i].columns);
		ROW("%zu", i);
	}
}

/* Every assigned letter and sign of the scripts of India that feedback may come in. */
static void scripts_of_india_are_as_wide_as_the_c_library_says(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		SKIP_TEST("no locale C.UTF-8");
	for (wchar_t letter = 0x900; letter < 0xd00; letter++) {
		const char bytes[] = {(char)(0xe0 | letter >> 12),
				      (char)(0x80 | (letter >> 6 & 0x3f)),
				      (char)(0x80 | (letter & 0x3f))};

		if (wcwidth(letter) < 0)
			continue;
		IS(columns_of(bytes, sizeof(bytes)), wcwidth(letter));
		ROW("%x", (unsigned)letter);
	}
}

static void lines_break_at_blanks(void)
{
	static const struct {
		const char *text;
		struct layout layout;
		const char *wanted;
	} rows[] = {
		{"", {10, 0, 2, 0}, ""},
		{"one two", {10, 0, 2, 0}, "one two"},
		{"one two three", {10, 0, 2, 0}, "one two\n  three"},
		{"one two three", {10, 4, 2, 0}, "one\n  two\n  three"},
		{"0123456789", {10, 0, 2, 0}, "0123456789"},
		{"0123456789 ", {10, 0, 2, 0}, "0123456789"},
		{"0123456789A", {10, 0, 2, 0}, "0123456789\n  A"},
		{"one  two", {10, 0, 2, 0}, "one  two"},
		{"a\nb", {10, 0, 2, 0}, "a\n  b"},
		{"a\n  b c d e f", {10, 0, 1, 0}, "a\n   b c d e\n   f"},
		{"a\n\nb", {10, 0, 2, 0}, "a\n\n  b"},
		{"one two three four!", {10, 0, 0, 2}, "one two\nthree ..."},
		{"one two three", {10, 0, 0, 2}, "one two\nthree"},
		{"\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5",
		 {5, 0, 0, 0},
		 "\xe6\x97\xa5\xe6\x9c\xac\n\xe6\x97\xa5"},
		{"e\xcc\x81"
		 "e\xcc\x81"
		 "e\xcc\x81",
		 {2, 0, 0, 0},
		 "e\xcc\x81"
		 "e\xcc\x81\ne\xcc\x81"},
		{"word", {3, 9, 9, 0}, "w\n         o\n         r\n         d"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autotext struct text text = {0};

		text_init(&text, 0);
		columns_wrap(&text, rows[i].text, &rows[i].layout);
		IS_TEXT(text_get(&text), rows[i].wanted);
		ROW("%zu", i);
	}
}

static void a_command_breaks_between_words_and_can_be_pasted(void)
{
	static const struct {
		const char *command, *wanted;
	} rows[] = {
		{"curl -i /short", "curl -i /short"},
		{"curl -i -X POST 'a long word with blanks'",
		 "curl -i -X POST \\\n    'a long word with '\\\n'blanks'"},
		{"curl -H 'x: y' -H 'z: and more'", "curl -H 'x: y' \\\n    -H 'z: and more'"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b",
		 "aaaaaaaaaaaaaaaaaaaaaa\\\naaaaaaaaaaaa b"},
		{"get \"http://a/%E0%A4%86%E0%A4%B6?a=1\"",
		 "get \\\n    \"http://a/%E0%A4%8\\\n6%E0%A4%B6?a=1\""},
		{"say it\\ is 'one' \"w o r d\" more",
		 "say it\\ is 'one' \\\n    \"w o r d\" more"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autotext struct text text = {0};

		text_init(&text, 0);
		columns_command(&text, rows[i].command, &(struct layout){24, 0, 4, 0});
		IS_TEXT(text_get(&text), rows[i].wanted);
		ROW("%s", rows[i].command);
	}
}

static void a_message_keeps_its_words_whole(void)
{
	static const char text[] =
		"no such folder: /home/asha/a/path/that/is/longer/than/a/whole/line/of/a/terminal/has/columns/to/show "
		"and so on until the line is full and the next one begins";
	static const char wanted[] =
		"no such folder:\n"
		"  /home/asha/a/path/that/is/longer/than/a/whole/line/of/a/terminal/has/columns/to/show\n"
		"  and so on until the line is full and the next one begins\n";
	char got[400] = "";
	FILE *file = fmemopen(got, sizeof(got), "w");

	columns_print(file, text, 2);
	(void)fclose(file);
	IS_TEXT(got, wanted);
}

TAP_MAIN(T(letters_take_the_columns_of_a_terminal) T(lines_break_at_blanks)
		 T(scripts_of_india_are_as_wide_as_the_c_library_says)
			 T(a_message_keeps_its_words_whole)
				 T(a_command_breaks_between_words_and_can_be_pasted))
