/* SPDX-License-Identifier: MIT */
#include "sandbox/base/options.h"

#include <errno.h>

#include "tests/helper/tap.h"

struct sample {
	int64_t seed;
	int64_t wall_ms;
	bool is_loud;
	int trust;
	const char *file;
	struct text_list ids;
};

static const char *const trust_words[] = {"own", "foreign", NULL};
static const struct field table[] = {
	{"seed", FIELD_COUNT, offsetof(struct sample, seed), 0, 99, "a seed", NULL, false},
	{"wall", FIELD_MSEC, offsetof(struct sample, wall_ms), 1, 60000, "wall time", NULL, false},
	{"loud", FIELD_BOOL, offsetof(struct sample, is_loud), 0, 0, "say more", NULL, false},
	{"trust", FIELD_WORD, offsetof(struct sample, trust), 0, 0, "whose code", trust_words,
	 false},
	{"file", FIELD_TEXT, offsetof(struct sample, file), 1, 10, "a file", NULL, false},
	{"exercise", FIELD_TEXTS, offsetof(struct sample, ids), 0, 0, "an exercise", NULL, false},
};
enum { ROWS = sizeof(table) / sizeof(table[0]) };

static void good_lines_are_read(void)
{
	const char *argv[] = {"a",	 "--seed",  "7",	  "--wall=2s", "--loud",
			      "--trust", "foreign", "--exercise", "x",	       "--exercise=y",
			      "--",	 "--seed",  NULL};
	struct sample sample = {0};
	struct text_list words;
	mp_autoarena struct arena *arena = arena_new();
	struct mp_error err = {0};

	IS(options_read(table, ROWS, &sample, argv, &words, arena, &err), 0);
	IS(sample.seed, 7);
	IS(sample.wall_ms, 2000);
	OK(sample.is_loud);
	IS(sample.trust, 1);
	IS(sample.ids.count, 2);
	IS_TEXT(sample.ids.items[1], "y");
	IS(words.count, 2);
	IS_TEXT(words.items[1], "--seed");
}

static void bad_lines_say_what_to_write(void)
{
	static const struct {
		const char *first, *second, *says;
	} rows[] = {
		{"--sed", "7", "did you mean '--seed'?"},
		{"--seed", NULL, "--seed needs a value"},
		{"--seed", "100", "out of range"},
		{"--seed", "x", "not a whole number"},
		{"--wall", "10", "write 10s or 500ms"},
		{"--trust", "ovn", "did you mean 'own'?"},
		{"--loud=yes", NULL, "takes no value"},
		{"--file", "", "0 characters"},
		{"--file", "12345678901", "11 characters"},
		{"-x", NULL, "unknown option"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char first[32];
		char second[32];
		const char *argv[] = {first, rows[i].second ? second : NULL, NULL};
		struct sample sample = {0};
		struct text_list words;
		mp_autoarena struct arena *arena = arena_new();
		struct mp_error err = {0};

		(void)snprintf(first, sizeof(first), "%s", rows[i].first);
		(void)snprintf(second, sizeof(second), "%s", rows[i].second ? rows[i].second : "");
		IS(options_read(table, ROWS, &sample, argv, &words, arena, &err), -EBADMSG);
		IS(err.fault, MP_FAULT_USAGE);
		HAS_TEXT(err.text, rows[i].says);
		ROW("%s %s", rows[i].first, rows[i].second ? rows[i].second : "");
	}
}

static void twice_is_refused(void)
{
	const char *argv[] = {"--seed", "1", "--seed", "2", NULL};
	struct sample sample = {0};
	struct text_list words;
	mp_autoarena struct arena *arena = arena_new();
	struct mp_error err = {0};

	IS(options_read(table, ROWS, &sample, argv, &words, arena, &err), -EBADMSG);
	HAS_TEXT(err.text, "twice");
}

static void help_fits_eighty_columns(void)
{
	mp_autotext struct text help;
	const char *line;

	text_init(&help, 0);
	options_print(table, ROWS, &help);
	HAS_TEXT(text_get(&help), "--seed N");
	for (line = text_get(&help); *line; line += strcspn(line, "\n") + 1)
		OK(strcspn(line, "\n") <= 80);
}

TAP_MAIN(T(good_lines_are_read) T(bad_lines_say_what_to_write) T(twice_is_refused)
		 T(help_fits_eighty_columns))
