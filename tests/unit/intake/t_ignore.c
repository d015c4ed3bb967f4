/* SPDX-License-Identifier: MIT */
/* The rules of .gitignore files, as gitignore(5) tells them. */
#include "tests/helper/tap.h"

#include "grader/intake/ignore.h"

static void patterns_match_as_git_does(void)
{
	static const struct {
		const char *pattern, *path;
		bool matches;
	} rows[] = {
		{"a", "a", true},
		{"a", "b", false},
		{"a", "ab", false},
		{"ab", "a", false},
		{"*", "", true},
		{"*", "abc", true},
		{"*", "a/b", false},
		{"*.log", "x.log", true},
		{"*.log", ".log", true},
		{"*.log", "x.logs", false},
		{"a*b*c", "aXbYc", true},
		{"a*b*c", "aXbY", false},
		{"a*b", "aab", true},
		{"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaa", false},
		{"a/*", "a/b", true},
		{"a/*", "a/b/c", false},
		{"a/*/c", "a/b/c", true},
		{"a/*/c", "a/c", false},
		{"?", "a", true},
		{"?", "/", false},
		{"?", "", false},
		{"a?c", "abc", true},
		{"a\\*", "a*", true},
		{"a\\*", "ab", false},
		{"\\!a", "!a", true},
		{"\\#a", "#a", true},
		{"[abc]", "b", true},
		{"[abc]", "d", false},
		{"[a-c]x", "bx", true},
		{"[!a-c]", "d", true},
		{"[!a-c]", "b", false},
		{"[^a]", "b", true},
		{"[^a]", "/", false},
		{"[]]", "]", true},
		{"[]-a]", "^", true},
		{"[a-]", "-", true},
		{"[\\]]", "]", true},
		{"[[:digit:]]", "7", true},
		{"[[:digit:]]", "a", false},
		{"[![:digit:]x]", "x", false},
		{"[![:digit:]x]", "y", true},
		{"[[:nothing:]]", "n]", true},
		{"[", "[", false},
		{"[a", "a", false},
		{"**/a", "a", true},
		{"**/a", "x/a", true},
		{"**/a", "x/y/a", true},
		{"**/a", "xa", false},
		{"a/**", "a/b", true},
		{"a/**", "a/b/c", true},
		{"a/**", "a", false},
		{"a/**", "a/", false},
		{"a/**/b", "a/b", true},
		{"a/**/b", "a/x/b", true},
		{"a/**/b", "a/x/y/b", true},
		{"a/**/b", "a/xb", false},
		{"a**b", "axxb", true},
		{"a**b", "a/b", false},
		{"**", "a/b", true},
		{"**/x*/y", "a/x1/b/x2/y", true},
		{"**/x*/y", "a/x1/b/y", false},
		{"a/**/**/b", "a/b", true},
		{"[z-a]", "z", true},
		{"[z-a]", "a", false},
		{"[z-a]", "m", false},
		{"***/b", "a/x/b", true},
		{"a/***", "a/b/c", true},
		{"a/***x", "a/b/x", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS(ignore_glob(rows[i].pattern, rows[i].path), rows[i].matches);
		ROW("%s on %s", rows[i].pattern, rows[i].path);
	}
}

static enum ignore_answer match(const char *file, const char *path, bool is_folder)
{
	struct ignore_list list;
	enum ignore_answer answer;

	IS(ignore_list_init(&list, strdup(file), strlen(file)), 0);
	answer = ignore_list_match(&list, path, is_folder);
	ignore_list_done(&list);
	return answer;
}

static void a_file_is_read_line_by_line_and_the_last_match_wins(void)
{
	static const struct {
		const char *file, *path;
		bool is_folder;
		enum ignore_answer answer;
	} rows[] = {
		{"", "a", false, IGNORE_UNSAID},
		{"a", "a", false, IGNORE_YES},
		{"a\n", "x/a", false, IGNORE_YES},
		{"a\r\nb\r\n", "a", false, IGNORE_YES},
		{"\xef\xbb\xbf"
		 "a\n",
		 "a", false, IGNORE_YES},
		{"#a\n", "#a", false, IGNORE_UNSAID},
		{"\\#a\n", "#a", false, IGNORE_YES},
		{"\n\n/\n!\n", "a", false, IGNORE_UNSAID},
		{"/a\n", "a", false, IGNORE_YES},
		{"/a\n", "x/a", false, IGNORE_UNSAID},
		{"x/a\n", "x/a", false, IGNORE_YES},
		{"x/a\n", "y/x/a", false, IGNORE_UNSAID},
		{"a/\n", "a", false, IGNORE_UNSAID},
		{"a/\n", "a", true, IGNORE_YES},
		{"a/\n", "x/a", true, IGNORE_YES},
		{"x/a/\n", "y/x/a", true, IGNORE_UNSAID},
		{"a  \n", "a", false, IGNORE_YES},
		{"a\\ \n", "a ", false, IGNORE_YES},
		{"!a\n", "a", false, IGNORE_NO},
		{"*\n!a\n", "a", false, IGNORE_NO},
		{"!a\n*\n", "a", false, IGNORE_YES},
		{"\\!a\n", "!a", false, IGNORE_YES},
		{"*\n!*.c\n", "x/y.c", false, IGNORE_NO},
		{"**/logs/*.log\n", "a/logs/x.log", false, IGNORE_YES},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS(match(rows[i].file, rows[i].path, rows[i].is_folder), rows[i].answer);
		ROW("%zu: %s on %s", i, rows[i].file, rows[i].path);
	}
}

static void more_rules_than_the_most_are_left_out(void)
{
	char *file = malloc(2 * IGNORE_RULES_MAX + 3);
	struct ignore_list list;

	for (size_t i = 0; i < IGNORE_RULES_MAX; i++)
		memcpy(file + 2 * i, "a\n", 2);
	memcpy(file + 2 * IGNORE_RULES_MAX, "b\n", 3);
	IS(ignore_list_init(&list, file, 2 * IGNORE_RULES_MAX + 2), 0);
	IS(list.count, IGNORE_RULES_MAX);
	IS(ignore_list_match(&list, "b", false), IGNORE_UNSAID);
	ignore_list_done(&list);
}

TAP_MAIN(T(patterns_match_as_git_does) T(a_file_is_read_line_by_line_and_the_last_match_wins)
		 T(more_rules_than_the_most_are_left_out))
