/* SPDX-License-Identifier: MIT */
/* Commit objects as they are written, also by hand and by hostile hands. */
#include "tests/helper/tap.h"

#include <errno.h>

#include "grader/intake/commit_text.h"

#define ID   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TREE "tree " ID "\n"

static const struct {
	const char *text;
	int ret;
	size_t parents;
	const char *name, *email;
	int64_t time;
	const char *subject;
} rows[] = {
	{TREE
	 "author Asha Rao <asha@example.org> 1700000000 +0530\ncommitter x\n\nSay hello\n\nmore",
	 0, 0, "Asha Rao", "asha@example.org", 1700000000, "Say hello"},
	{TREE "parent " ID "\nparent " ID "\nauthor A <b> 5 +0000\n\nMerge", 0, 2, "A", "b", 5,
	 "Merge"},
	{TREE "author  <> 7 +0000\n\n\n\n  late  \n", 0, 0, "", "", 7, "late"},
	{TREE "author nobody\n\nx", 0, 0, "nobody", "", 0, "x"},
	{TREE "author A <b\n\nx", 0, 0, "A", "", 0, "x"},
	{TREE "author A <b> 99999999999999999999 +0000\n\nx", 0, 0, "A", "b", 0, "x"},
	{TREE "author A <b> -5 +0000\n\nx", 0, 0, "A", "b", 0, "x"},
	{TREE "gpgsig x\n author B <c> 1\nauthor A <b> 1 +0000\n\nx", 0, 0, "A", "b", 1, "x"},
	{TREE "\nauthor A <b> 1 +0000", 0, 0, "", "", 0, "author A <b> 1 +0000"},
	{TREE, 0, 0, "", "", 0, ""},
	{TREE "parent " ID, 0, 1, "", "", 0, ""},
	{"tree " ID "a\n", -EBADMSG, 0, NULL, NULL, 0, NULL},
	{"tree AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", -EBADMSG, 0, NULL, NULL, 0, NULL},
	{TREE "parent short\n", -EBADMSG, 0, NULL, NULL, 0, NULL},
	{"", -EBADMSG, 0, NULL, NULL, 0, NULL},
};

static const char *text_of(struct span span)
{
	static char text[5][100];
	static size_t next;
	char *to = text[next++ % 5];

	(void)snprintf(to, 100, "%.*s", (int)span.count, span.bytes ? span.bytes : "");
	return to;
}

static void each_part_is_found_or_empty(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct commit_text commit = {0};

		IS(commit_text_parse(rows[i].text, strlen(rows[i].text), &commit), rows[i].ret);
		if (rows[i].ret == 0) {
			IS(commit.parent_count, rows[i].parents);
			IS_TEXT(text_of(commit.tree), ID);
			IS_TEXT(text_of(commit.name), rows[i].name);
			IS_TEXT(text_of(commit.email), rows[i].email);
			IS(commit.time, rows[i].time);
			IS_TEXT(text_of(commit.subject), rows[i].subject);
		}
		ROW("%zu", i);
	}
}

TAP_MAIN(T(each_part_is_found_or_empty))
