/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/bench/bench.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "tests/helper/tap.h"

/* A tree of the test: files of exercises/x with their modes, read and removed again. */
struct tree_file {
	const char *path;
	const char *content;
	mode_t mode;
};

static struct program_file read_tree(const struct tree_file *files, struct arena *arena)
{
	char folder[] = "/tmp/t_program_file.XXXXXX";
	struct program_file file = {0};
	struct mp_error err = {0};
	mp_autofd int tree_fd = -1;

	OK(mkdtemp(folder) != NULL);
	tree_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (; files->path; files++) {
		mp_autofd int fd = path_create_below(tree_fd, files->path, O_WRONLY,
						     files->mode ? files->mode : 0644);

		OK(fd >= 0 && path_write_all(fd, files->content, strlen(files->content)) == 0);
	}
	if (!OK(program_file_read(tree_fd, "exercises/x", arena, &file, &err) == 0))
		printf("# %s\n", err.text);
	OK(path_remove_tree(AT_FDCWD, folder) == 0);
	return file;
}

#define YAML "exercises/x/milepost.yaml"

static void the_first_file_that_has_the_line_counts(void)
{
	static const struct {
		struct tree_file files[4];
		const char *start, *file;
		int line;
	} rows[] = {
		{{{YAML, "start: python3 app.py\n", 0}}, "python3 app.py", YAML, 1},
		{{{YAML, "start: printf 'a\\n'\t\xe0\xa4\x86\n", 0}},
		 "printf 'a\\n'\t\xe0\xa4\x86",
		 YAML,
		 1},
		{{{YAML, "language: python\n\nstart: python3 app.py\n", 0}},
		 "python3 app.py",
		 YAML,
		 3},
		{{{YAML, "start: a\n", 0},
		  {"exercises/x/run", "#!/bin/sh\n", 0755},
		  {"exercises/x/Procfile", "web: b\n", 0}},
		 "a",
		 YAML,
		 1},
		{{{"exercises/x/run", "#!/bin/sh\n", 0755},
		  {"exercises/x/Procfile", "web: b\n", 0}},
		 "./run",
		 "exercises/x/run",
		 1},
		{{{"exercises/x/run.sh", "#!/bin/sh\n", 0755}},
		 "./run.sh",
		 "exercises/x/run.sh",
		 1},
		{{{"exercises/x/run", "#!/usr/bin/env python3\n", 0644}},
		 "/usr/bin/env python3 ./run",
		 "exercises/x/run",
		 1},
		{{{"exercises/x/run", "no first line\n", 0644}}, NULL, NULL, 0},
		{{{"exercises/x/Procfile", "# mine\nworker: w\nweb:  gunicorn app  \r\n", 0}},
		 "gunicorn app",
		 "exercises/x/Procfile",
		 3},
		{{{YAML, "run: a\n", 0}, {"exercises/x/Procfile", "web: b\n", 0}},
		 "b",
		 "exercises/x/Procfile",
		 1},
		{{{YAML, "start: ./go --fast\n", 0}, {"exercises/x/go", "#!/bin/sh\n", 0644}},
		 "/bin/sh ./go --fast",
		 YAML,
		 1},
		{{{YAML, "start: ./go --fast\n", 0}, {"exercises/x/go", "#!/bin/sh\n", 0755}},
		 "./go --fast",
		 YAML,
		 1},
		{{{"README.md", "", 0}}, NULL, NULL, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct program_file file = read_tree(rows[i].files, arena);

		IS_TEXT(file.entries[ENTRY_START].command, rows[i].start);
		IS_TEXT(file.entries[ENTRY_START].file, rows[i].file);
		IS(file.entries[ENTRY_START].line, rows[i].line);
		IS_TEXT(file.complaint, NULL);
		ROW("%zu", i);
	}
}

static void a_file_that_gives_no_line_is_a_near_miss(void)
{
	static const struct {
		struct tree_file files[4];
		const char *words;
	} rows[] = {
		{{{"exercises/x/run", "python3 app.py\n", 0644}},
		 "exercises/x/run is there, but is not"},
		{{{"exercises/x/run.sh", "python3 app.py\n", 0644}}, "exercises/x/run.sh is there"},
		{{{"exercises/x/Procfile", "server: python3 app.py\n", 0}},
		 "exercises/x/Procfile is there, but has no line that begins with web:"},
		{{{"exercises/x/run", "#!/bin/sh\n", 0644}}, NULL},
		{{{"exercises/x/Procfile", "web: python3 app.py\n", 0}}, NULL},
		{{{"exercises/x/app.py", "", 0}}, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct program_file file = read_tree(rows[i].files, arena);

		if (rows[i].words)
			HAS_TEXT(file.near, rows[i].words);
		else
			IS_TEXT(file.near, NULL);
		IS_TEXT(file.complaint, NULL);
		ROW("%zu", i);
	}
}

static void a_broken_file_is_told_with_its_place(void)
{
	static const struct {
		struct tree_file files[4];
		const char *words[3];
	} rows[] = {
		{{{YAML, "strat: python3 app.py\n", 0}}, {YAML ":1:1: ", "strat", "start"}},
		{{{YAML, "start: [a\n", 0}}, {YAML ":", NULL, NULL}},
		{{{YAML, "start: |\n  a\n  b\n", 0}}, {YAML ":1:", "one line", NULL}},
		{{{YAML, "- a\n", 0}}, {YAML ":1:1: ", "start: python3 app.py", NULL}},
		{{{YAML, "\xff\xfes\0t\0", 0}}, {YAML, "UTF-16", "PowerShell"}},
		{{{"exercises/x/milepost.yml", "start: a\n", 0}},
		 {"milepost.yml", "rename the file to milepost.yaml", NULL}},
		{{{"exercises/x/run", "#!/bin/sh\r\necho\r\n", 0755}},
		 {"exercises/x/run:1: ", "CRLF", "eol=lf"}},
		{{{"exercises/x/run", "#!/bin/sh\r\necho\r\n", 0644}},
		 {"exercises/x/run:1: ", "CRLF", "eol=lf"}},
		{{{YAML, "start: ./go\n", 0}, {"exercises/x/go", "#!/bin/sh\r\n", 0755}},
		 {"exercises/x/go:1: ", "CRLF", NULL}},
		{{{YAML,
		   "run: a\nstart: python3\xc2\xa0"
		   "app.py\n",
		   0}},
		 {YAML ":2: ", "start holds a character that one cannot see",
		  "type the line anew"}},
		{{{YAML,
		   "run: echo \xe2\x80\xae"
		   "abc\n",
		   0}},
		 {YAML ":1: ", "run holds", NULL}},
		{{{"exercises/x/Procfile", "web: echo \x1b[31m\n", 0}},
		 {"exercises/x/Procfile:1: ", "start holds", NULL}},
		{{{YAML, "start: a\n", 0}, {"milepost.yaml", "langage: python\n", 0}},
		 {"milepost.yaml:1:1: ", "language", NULL}},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct program_file file = read_tree(rows[i].files, arena);

		for (int j = 0; j < 3 && rows[i].words[j]; j++)
			HAS_TEXT(file.complaint, rows[i].words[j]);
		ROW("%zu", i);
	}
}

/* The shell tells it by words of its own, and only where the script does not work. */
static void a_script_with_crlf_that_a_shell_reads_is_kept(void)
{
	static const struct {
		const char *run, *text, *script;
	} rows[] = {
		{"sh go.sh", "python3 a.py\r\n", "exercises/x/go.sh"},
		{"/bin/bash -e ./go.sh --fast", "#!/bin/bash\r\nset -u\r\n", "exercises/x/go.sh"},
		{"dash\tgo.sh;true", "a\r\n", "exercises/x/go.sh"},
		{"./go.sh", "a\r\n", "exercises/x/go.sh"},
		{"sh go.sh", "python3 a.py\n", NULL},
		{"sh -c go.sh", "a\r\n", NULL},
		{"sh", "a\r\n", NULL},
		{"sh -e", "a\r\n", NULL},
		{"sh other.sh", "a\r\n", NULL},
		{"fish go.sh", "a\r\n", NULL},
		{"shell go.sh", "a\r\n", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		const struct tree_file files[] = {
			{YAML, arena_format(arena, "run: \"%s\"\n", rows[i].run), 0},
			{"exercises/x/go.sh", rows[i].text, 0755},
			{NULL, NULL, 0},
		};
		struct program_file file = read_tree(files, arena);

		IS_TEXT(file.entries[ENTRY_RUN].command, rows[i].run);
		IS_TEXT(file.entries[ENTRY_RUN].crlf_script, rows[i].script);
		IS_TEXT(file.complaint, NULL);
		ROW("%zu: %s", i, rows[i].run);
	}
}

static void the_language_comes_from_the_top_where_the_folder_is_silent(void)
{
	static const struct {
		struct tree_file files[4];
		const char *language;
	} rows[] = {
		{{{YAML, "start: a\n", 0}, {"milepost.yaml", "language: node\n", 0}}, "node"},
		{{{YAML, "start: a\nlanguage: python\n", 0},
		  {"milepost.yaml", "language: node\n", 0}},
		 "python"},
		{{{YAML, "start: a\n", 0}}, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct program_file file = read_tree(rows[i].files, arena);

		IS_TEXT(file.language, rows[i].language);
		ROW("%zu", i);
	}
}

static void a_link_is_not_followed(void)
{
	char folder[] = "/tmp/t_program_file.XXXXXX";
	mp_autoarena struct arena *arena = arena_new();
	struct program_file file;
	mp_autofd int tree_fd = -1;

	OK(mkdtemp(folder) != NULL);
	tree_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	OK(symlinkat("/etc/passwd", tree_fd, "milepost.yaml") == 0);
	IS(program_file_read(tree_fd, ".", arena, &file, NULL), 0);
	HAS_TEXT(file.complaint, "milepost.yaml: it is a link");
	OK(path_remove_tree(AT_FDCWD, folder) == 0);
}

/* clang-format off */
TAP_MAIN(
	T(the_first_file_that_has_the_line_counts)
	T(a_file_that_gives_no_line_is_a_near_miss)
	T(a_broken_file_is_told_with_its_place)
	T(a_script_with_crlf_that_a_shell_reads_is_kept)
	T(the_language_comes_from_the_top_where_the_folder_is_silent)
	T(a_link_is_not_followed)
)
