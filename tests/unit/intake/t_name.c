/* SPDX-License-Identifier: MIT */
/* Which paths of a learner's tree are a threat. */
#include "tests/helper/tap.h"

#include "grader/intake/limits.h"
#include "grader/intake/name.h"

static const struct {
	const char *path;
	const char *reason; /* a part of it; NULL: fine */
} rows[] = {
	{"a", NULL},
	{"README.md", NULL},
	{"src/deep/er/a.txt", NULL},
	{".gitignore", NULL},
	{".gitmodules", NULL},
	{".gitx", NULL},
	{"x.git", NULL},
	{"git~2", NULL},
	{"git", NULL},
	{"...a", NULL},
	{"a..", NULL},
	{"name with blanks.txt", NULL},
	{"-rf", NULL},
	{"$(id);`id`", NULL},
	{"na\xc3\xafve", NULL},
	{"\xff\xfe", NULL},
	{"\xe2\x80", NULL},
	{"", "empty part"},
	{"/etc/passwd", "empty part"},
	{"a//b", "empty part"},
	{"a/", "empty part"},
	{".", "dots and blanks"},
	{"..", "dots and blanks"},
	{"...", "dots and blanks"},
	{".. ", "dots and blanks"},
	{" ", "dots and blanks"},
	{"a/../b", "dots and blanks"},
	{"a/./b", "dots and blanks"},
	{"..\\b", "slash or backslash"},
	{"a\\b", "slash or backslash"},
	{"a\nb", "control character"},
	{"a\tb", "control character"},
	{"a\x01", "control character"},
	{"a\x1f", "control character"},
	{"a\x7f", "control character"},
	{"a\xc2\x80", "control character"},
	{"a\xc2\x9b[31m", "control character"},
	{"a\xc2\xa0", NULL},
	{".git", "git's own folder"},
	{".GIT", "git's own folder"},
	{".Git/config", "git's own folder"},
	{"a/.git", "git's own folder"},
	{"a/.git/hooks/post-checkout", "git's own folder"},
	{".git.", "git's own folder"},
	{".git ", "git's own folder"},
	{".git . .", "git's own folder"},
	{"git~1", "git's own folder"},
	{"GIT~1", "git's own folder"},
	{"GIT~1.", "git's own folder"},
	{".git::$INDEX_ALLOCATION", "git's own folder"},
	{".git:x", "git's own folder"},
	{".git .:x", "git's own folder"},
	{".g\xe2\x80\x8cit", "git's own folder"},
	{"\xe2\x80\x8d.git", "git's own folder"},
	{".gi\xe2\x80\xaat", "git's own folder"},
	{".git\xef\xbb\xbf", "git's own folder"},
	{".gi\xe2\x81\xaft", "git's own folder"},
	{".gi\xe2\x81\xb0t", NULL},
};

static void each_path_has_its_answer(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *threat = path_threat(rows[i].path, strlen(rows[i].path));

		if (rows[i].reason)
			HAS_TEXT(threat, rows[i].reason);
		else
			OK(threat == NULL);
		ROW("%zu '%s'", i, rows[i].path);
	}
}

static void bytes_behind_a_nul_count(void)
{
	HAS_TEXT(path_threat("a\0b", 3), "control character");
}

static void a_part_of_255_bytes_is_the_longest(void)
{
	char path[INTAKE_PATH_MAX + 2];

	memset(path, 'a', sizeof(path));
	OK(path_threat(path, INTAKE_NAME_MAX) == NULL);
	HAS_TEXT(path_threat(path, INTAKE_NAME_MAX + 1), "longer than 255");
}

static void a_path_of_1024_bytes_is_the_longest(void)
{
	char path[INTAKE_PATH_MAX + 2];

	memset(path, 'a', sizeof(path));
	for (size_t i = 100; i < sizeof(path); i += 101)
		path[i] = '/';
	OK(path_threat(path, INTAKE_PATH_MAX) == NULL);
	HAS_TEXT(path_threat(path, INTAKE_PATH_MAX + 1), "longer than 1,024");
}

static void thirty_two_parts_are_the_deepest(void)
{
	char path[128];
	size_t used = 0;

	for (int i = 0; i < INTAKE_DEPTH_MAX; i++) {
		path[used++] = 'd';
		path[used++] = '/';
	}
	OK(path_threat(path, used - 1) == NULL);
	path[used++] = 'x';
	HAS_TEXT(path_threat(path, used), "deeper than 32");
}

static void a_link_that_leaves_is_seen_by_its_letters(void)
{
	static const struct {
		const char *path, *target;
		bool leaves;
	} links[] = {
		{"a", "b", false},
		{"a", "./b", false},
		{"a", "b/../c", false},
		{"a", "", true},
		{"a", "/", true},
		{"a", "/etc/passwd", true},
		{"a", "..", true},
		{"a", "../x", true},
		{"a", "b/../../x", true},
		{"s/a", "../x", false},
		{"s/a", "..", false},
		{"s/a", "../..", true},
		{"s/a", ".././../x", true},
		{"s/t/a", "../../x/../y", false},
		{"s/t/a", "../../../x", true},
		{"a", "...", false},
		{"a", "b//..//..//c", true},
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		IS(link_leaves(links[i].path, links[i].target, strlen(links[i].target)),
		   links[i].leaves);
		ROW("'%s' -> '%s'", links[i].path, links[i].target);
	}
	IS(link_leaves("a", "b\0c", 3), true);
}

TAP_MAIN(T(each_path_has_its_answer) T(bytes_behind_a_nul_count)
		 T(a_part_of_255_bytes_is_the_longest) T(a_path_of_1024_bytes_is_the_longest)
			 T(thirty_two_parts_are_the_deepest)
				 T(a_link_that_leaves_is_seen_by_its_letters))
