/* SPDX-License-Identifier: MIT */
/* Commits: whose they are, whether their author is somebody, and with which template a history begins. */
#include "tests/helper/tap.h"

#include "grader/history/inner.h"

static void an_author_has_a_name_and_an_address_of_their_own(void)
{
	static const struct {
		const char *name, *email, *say;
	} rows[] = {
		{"Asha Rao", "asha@example.org", NULL},
		{"\xe0\xa4\x86\xe0\xa4\xb6\xe0\xa4\xbe", "asha@college.ac.in", NULL},
		{"asha", "4711+asha@users.noreply.github.com", NULL},
		{"asha", "asha@noreply.localhost.run", NULL},
		{"", "asha@example.org", "no author's name"},
		{"Your Name", "asha@example.org", "from instructions"},
		{"root", "asha@example.org", "from instructions"},
		{"Asha", "", "no author's address"},
		{"Asha", "asha", "no e-mail address"},
		{"Asha", "@example.org", "no e-mail address"},
		{"Asha", "asha@", "no e-mail address"},
		{"Asha", "as ha@example.org", "no e-mail address"},
		{"Asha", "asha\\x1b@example.org", "no e-mail address"},
		{"Asha", "you@example.com", "from instructions"},
		{"Asha", "You@Example.com", "from instructions"},
		{"Asha", "asha@laptop", "this computer's name"},
		{"Asha", "asha@DESKTOP-4711.(none)", "this computer's name"},
		{"Asha", "asha@Ashas-MacBook.local", "this computer's name"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].say)
			HAS_TEXT(author_slip(rows[i].name, rows[i].email), rows[i].say);
		else
			IS_TEXT(author_slip(rows[i].name, rows[i].email), NULL);
		ROW("%s <%s>", rows[i].name, rows[i].email);
	}
}

static void a_subject_says_what_changed(void)
{
	IS_TEXT(subject_slip("first-push: write my handle"), NULL);
	IS_TEXT(subject_slip(
			"\xe0\xa4\xa8\xe0\xa4\xae\xe0\xa4\xb8\xe0\xa5\x8d\xe0\xa4\xa4\xe0\xa5\x87 "
			"\xe0\xa4\xa6\xe0\xa5\x81\xe0\xa4\xa8"),
		NULL);
	HAS_TEXT(subject_slip("update"), "too short");
	HAS_TEXT(subject_slip(""), "too short");
	HAS_TEXT(subject_slip("Initial commit"), "does not say");
	HAS_TEXT(
		subject_slip(
			"0123456789012345678901234567890123456789012345678901234567890123456789abc"),
		"too long");
}

static const struct template_file python_files[] = {
	{".gitignore", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
	{"learner.yaml", "present"},
};
static const struct template_file node_files[] = {
	{".gitignore", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"},
	{"learner.yaml", "present"},
	{"package.json", "cccccccccccccccccccccccccccccccccccccccc"},
};
static struct template templates[] = {
	{"python", 1, python_files, 2},
	{"node", 2, node_files, 3},
};
static const struct template_list list = {templates, 2};

static void a_root_has_a_template_or_is_told_what_it_lacks(void)
{
	static const struct history_file more[] = {
		{".gitignore", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
		{"hello.txt", "dddddddddddddddddddddddddddddddddddddddd"},
		{"learner.yaml", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"},
	};
	static const struct history_file zip[] = {
		{".gitignore", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"},
		{"package.json", "cccccccccccccccccccccccccccccccccccccccc"},
	};
	struct history_commit root = {.files = more, .file_count = 3};
	const char *first = NULL;
	size_t lacking;

	IS_TEXT(template_nearest(&list, &root, &lacking, &first)->track, "python");
	IS(lacking, 0);
	root = (struct history_commit){.files = zip, .file_count = 2};
	IS_TEXT(template_nearest(&list, &root, &lacking, &first)->track, "node");
	IS(lacking, 1);
	IS_TEXT(first, "learner.yaml");
	root.file_count = 0;
	(void)template_nearest(&list, &root, &lacking, &first);
	IS(lacking, 2);
}

static void merges_and_the_templates_commits_are_nobodys_own(void)
{
	static const struct history_file exact[] = {
		{".gitignore", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
		{"learner.yaml", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"},
		{"more", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"},
	};
	struct history_commit commit = {.parents = 1, .email = "asha@example.org"};

	OK(commit_is_own(&commit, &list));
	commit.parents = 2;
	OK(!commit_is_own(&commit, &list));
	commit = (struct history_commit){
		.files = exact, .file_count = 2, .email = "asha@example.org"};
	OK(!commit_is_own(&commit, &list));
	commit.file_count = 3;
	OK(commit_is_own(&commit, &list));
	commit.email = "template@milepost.invalid";
	OK(!commit_is_own(&commit, &list));
}

static void each_part_takes_its_word_or_a_pattern(void)
{
	static const struct {
		const char *part, *pattern;
		bool is_right;
	} rows[] = {
		{"root", "\"template\"", true},
		{"root", "\"templates\"", false},
		{"root", "{\"a\": 1}", false},
		{"secrets", "\"none\"", true},
		{"secrets", "[]", false},
		{"authors", "\"named\"", true},
		{"authors", "\"names\"", false},
		{"authors", "{\"$length\": 1}", true},
		{"commits", "{\"$at_least\": 2}", true},
		{"commits", "2", true},
		{"subjects", "\"telling\"", true},
		{"subjects", "\"good\"", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *pattern = json_loads(rows[i].pattern, JSON_DECODE_ANY, NULL);

		IS(part_slip(rows[i].part, pattern) == NULL, rows[i].is_right);
		json_decref(pattern);
		ROW("%s: %s", rows[i].part, rows[i].pattern);
	}
}

TAP_MAIN(T(an_author_has_a_name_and_an_address_of_their_own) T(a_subject_says_what_changed)
		 T(a_root_has_a_template_or_is_told_what_it_lacks)
			 T(merges_and_the_templates_commits_are_nobodys_own)
				 T(each_part_takes_its_word_or_a_pattern))
