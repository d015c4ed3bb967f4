/* SPDX-License-Identifier: MIT */
/* The table of languages: every row is whole, and what is read off words, lines, paths and outputs. */
#include <errno.h>
#include <unistd.h>

#include "grader/bench/bench.h"
#include "sandbox/base/text.h"
#include "tests/helper/tap.h"

static const char *word_of(const struct pack *pack)
{
	return pack ? pack->word : NULL;
}

static void every_row_says_all_that_is_asked_of_it(void)
{
	size_t count = 0;

	for (const struct pack *pack = packs; pack->word; pack++, count++) {
		OK(pack_of_word(pack->word) == pack);
		OK(pack_of_command(pack->service) == pack);
		OK(pack_of_command(pack->example) == pack);
		OK(pack_of_command(pack->runner) == pack);
		OK(pack->title && pack->program && pack->asked && pack->packages && pack->paths);
		OK(pack->lacking && pack->port_line && pack->extras && pack->suffixes[0] == '.');
		OK((pack->curated_in == NULL) == (pack->curated == NULL));
		OK(pack->cpus >= 1 && pack->cpus <= 2);
		ROW("%s", pack->word);
	}
	IS(count, 5);
}

static void a_language_is_known_by_the_names_people_give_it(void)
{
	static const struct {
		const char *written, *word;
	} rows[] = {
		{"python", "python"},
		{"Python3", "python"},
		{"python3.11", "python"},
		{"node", "node"},
		{"NodeJS", "node"},
		{"javascript", "node"},
		{"JS", "node"},
		{"Java", "java"},
		{"java17", "java"},
		{"ruby", "ruby"},
		{"PHP", "php"},
		{"php8.2", "php"},
		{"go", NULL},
		{"", NULL},
		{"8.2", NULL},
		{"pythonic", NULL},
		{NULL, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS_TEXT(word_of(pack_of_word(rows[i].written)), rows[i].word);
		ROW("%s", rows[i].written ? rows[i].written : "NULL");
	}
	IS_TEXT(word_of(pack_of_suffix(".mjs")), "node");
	IS_TEXT(word_of(pack_of_suffix(".sh")), NULL);
}

static void the_language_is_read_off_the_command(void)
{
	static const struct {
		const char *command, *word;
	} rows[] = {
		{"python3 app.py", "python"},
		{"/usr/bin/python3 -u app.py", "python"},
		{"venv/bin/python app.py", "python"},
		{"node app.js", "node"},
		{"/usr/bin/env ruby x.rb", "ruby"},
		{"gunicorn app:app", "python"},
		{"PORT=1 LANG=C exec node app.js", "node"},
		{"cd src && javac *.java", "java"},
		{"test -f x; php main.php", "php"},
		{"cat data | ruby main.rb", "ruby"},
		{"(bundle exec puma)", "ruby"},
		{"npm start", "node"},
		{"./run", NULL},
		{"pythonic", NULL},
		{"echo python", NULL},
		{"java App.java", "java"},
		{"", NULL},
		{"&& || ;", NULL},
		{"A=1", NULL},
		{"if", NULL},
		{NULL, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS_TEXT(word_of(pack_of_command(rows[i].command)), rows[i].word);
		ROW("%s", rows[i].command ? rows[i].command : "NULL");
	}
}

static void a_file_says_its_language_or_shows_it(void)
{
	struct program_file said = {.language = "ruby",
				    .entries[ENTRY_START] = {"node app.js", "f", 1, NULL}};
	struct program_file shown = {.entries[ENTRY_RUN] = {"php main.php", "f", 1, NULL}};
	struct program_file script = {.entries[ENTRY_RUN] = {"./run", "f", 1, "/usr/bin/env ruby"}};
	struct program_file unknown = {.language = "go",
				       .entries[ENTRY_START] = {"./server", "f", 1, NULL}};

	IS_TEXT(word_of(pack_of_file(&said)), "ruby");
	IS_TEXT(word_of(pack_of_file(&shown)), "php");
	IS_TEXT(word_of(pack_of_file(&script)), "ruby");
	IS_TEXT(word_of(pack_of_file(&unknown)), NULL);
}

static void the_version_stands_in_the_path(void)
{
	static const struct {
		const char *word, *place, *version;
	} rows[] = {
		{"python", "/usr/bin/python3.11", "python3.11"},
		{"ruby", "/usr/bin/ruby3.1", "ruby3.1"},
		{"php", "/usr/bin/php8.2", "php8.2"},
		{"java", "/usr/lib/jvm/java-17-openjdk-amd64/bin/javac", "java17"},
		{"node", "/usr/bin/node", NULL},
		{"node", NULL, NULL},
		{"node", "", NULL},
	};
	mp_autoarena struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS_TEXT(pack_version_of_place(pack_of_word(rows[i].word), rows[i].place, arena),
			rows[i].version);
		ROW("%s", rows[i].place ? rows[i].place : "NULL");
	}
}

static void a_program_that_is_not_here_is_said_with_its_package(void)
{
	const struct pack absent = {.title = "Cobol", .program = "cobol", .packages = "gnucobol"};
	const struct pack present = {.title = "A shell", .program = "sh", .packages = "dash"};
	struct mp_error err = {0};

	IS(pack_check(&present, &err), 0);
	IS(pack_check(&absent, &err), -ENOPKG);
	IS(err.fault, MP_FAULT_HOST);
	IS_TEXT(err.text,
		"Cobol is not on this machine, so this was not graded and costs you nothing. Whoever looks after "
		"the machine types:  apt-get install gnucobol");
}

static void a_program_whose_file_is_broken_is_not_asked_for_its_language(void)
{
	struct program_file file = {.language = "ruby", .complaint = "x"};

	IS(pack_check_file(&file, NULL), 0);
}

static const struct pack_extra extras[] = {
	{"no-such-package", "flask"}, {"no-such-package", "mb_"}, {"libc6", "here"}, {NULL, NULL}};
static const struct pack row = {
	.title = "X",
	.lacking = "No module '\nload -- ",
	.extras = extras,
	.curated_in = "x",
	.curated = "express @scope/name",
};

static void a_module_that_this_machine_lacks_is_ours(void)
{
	static const struct {
		const char *said;
		bool has_curated;
		int code;
	} rows[] = {
		{"Error\nNo module 'flask'\n", false, -ENOPKG},
		{"No module 'flask.views'", false, -ENOPKG},
		{"load -- flask", false, -ENOPKG},
		{"load -- mb_strlen()", false, -ENOPKG},
		{"No module 'flask_x'", false, 0},
		{"No module 'fla'", false, 0},
		{"No module 'mine'", false, 0},
		{"No module 'here'", false, 0}, /* its package is installed */
		{"No module '", false, 0},
		{"flask", false, 0},
		{"", false, 0},
		{"No module 'express'", false, -ENOPKG},
		{"No module 'express/lib/x'", false, -ENOPKG},
		{"No module '@scope/name'", false, -ENOPKG},
		{"No module 'expressive'", false, 0},
		{"No module 'express'", true, 0}, /* it is there: the name is wrong */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS(pack_check_said(&row, rows[i].said, strlen(rows[i].said), rows[i].has_curated,
				   NULL),
		   rows[i].code);
		ROW("%s", rows[i].said);
	}
	IS(pack_check_said(NULL, "No module 'flask'", 17, false, NULL), 0);
}

static void what_is_missing_says_how_it_is_brought(void)
{
	struct mp_error err = {0};

	IS(pack_check_said(&row, "No module 'express'", 19, false, &err), -ENOPKG);
	HAS_TEXT(err.text, "make npm-pack");
	IS(pack_check_said(&row, "load -- flask", 13, false, &err), -ENOPKG);
	HAS_TEXT(err.text, "apt-get install no-such-package");
}

static void the_curated_modules_are_those_of_the_pack(void)
{
	for (const struct pack *pack = packs; pack->word; pack++) {
		mp_autoarena struct arena *arena = arena_new();
		json_t *root = NULL;
		const char *name;
		json_t *version;
		struct text names;

		if (!pack->curated_in)
			continue;
		root = json_load_file(
			arena_format(arena, "exercises/packs/%s/package.json", pack->curated_in), 0,
			NULL);
		text_init(&names, 0);
		json_object_foreach (json_object_get(root, "dependencies"), name, version)
			text_addf(&names, "%s%s", names.length ? " " : "", name);
		IS_TEXT(pack->curated, text_get(&names));
		text_done(&names);
		json_decref(root);
	}
}

TAP_MAIN(T(the_curated_modules_are_those_of_the_pack) T(every_row_says_all_that_is_asked_of_it) T(
	a_language_is_known_by_the_names_people_give_it) T(the_language_is_read_off_the_command)
		 T(a_file_says_its_language_or_shows_it) T(the_version_stands_in_the_path)
			 T(a_program_that_is_not_here_is_said_with_its_package)
				 T(a_program_whose_file_is_broken_is_not_asked_for_its_language)
					 T(a_module_that_this_machine_lacks_is_ours)
						 T(what_is_missing_says_how_it_is_brought))
