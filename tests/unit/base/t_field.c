/* SPDX-License-Identifier: MIT */
/* Field tables: each type with a good, a bad, the smallest, the largest and a too large value. */
#include "sandbox/base/field.h"

#include <errno.h>
#include <stddef.h>

#include "tests/helper/tap.h"

enum { UNTOUCHED = -77 };

struct sample {
	const char *text;
	const char *name;
	int64_t count, msec, bytes, percent, factor;
	bool is_on;
	int word;
};

static const char *const words[] = {"none", "loopback", "everything", NULL};

static const struct field table[] = {
	{"text", FIELD_TEXT, offsetof(struct sample, text), 1, 5, "a text", NULL, false},
	{"name", FIELD_NAME, offsetof(struct sample, name), 2, 8, "a name", NULL, false},
	{"count", FIELD_COUNT, offsetof(struct sample, count), -3, 599, "a number", NULL, false},
	{"msec", FIELD_MSEC, offsetof(struct sample, msec), 1, 60000, "a time", NULL, false},
	{"bytes", FIELD_BYTES, offsetof(struct sample, bytes), 1024, 1 << 30, "a size", NULL,
	 false},
	{"percent", FIELD_PERCENT, offsetof(struct sample, percent), 0, 100, "a share", NULL,
	 false},
	{"factor", FIELD_FACTOR, offsetof(struct sample, factor), 110, 2000, "a factor", NULL,
	 false},
	{"is-on", FIELD_BOOL, offsetof(struct sample, is_on), 0, 0, "a switch", NULL, false},
	{"word", FIELD_WORD, offsetof(struct sample, word), 0, 0, "a word", words, false},
	{"free", FIELD_FREE, 0, 0, 0, "a value", NULL, false},
};
enum { COUNT = sizeof(table) / sizeof(table[0]) };

struct row {
	const char *field;
	const char *value;
	int64_t wanted;	   /* of numbers, words, switches */
	const char *words; /* part of the sentence when it is refused; NULL: accepted */
};

static const struct row rows[] = {
	{"count", "200", 200, NULL},
	{"count", "-3", -3, NULL},
	{"count", "599", 599, NULL},
	{"count", "600", 0, "out of range; wanted: whole number -3-599"},
	{"count", "-4", 0, "out of range"},
	{"count", "9223372036854775807", 0, "out of range"},
	{"count", "9223372036854775808", 0, "out of range"},
	{"count", "99999999999999999999999999", 0, "out of range"},
	{"count", "", 0, "is not a whole number"},
	{"count", "-", 0, "is not a whole number"},
	{"count", "+1", 0, "is not a whole number"},
	{"count", " 1", 0, "is not a whole number"},
	{"count", "1 ", 0, "is not a whole number"},
	{"count", "1.0", 0, "is not a whole number"},
	{"count", "0x10", 0, "is not a whole number"},
	{"count", "1e3", 0, "is not a whole number"},
	{"count", "many", 0, "is not a whole number"},
	{"msec", "200ms", 200, NULL},
	{"msec", "1ms", 1, NULL},
	{"msec", "60s", 60000, NULL},
	{"msec", "1m", 60000, NULL},
	{"msec", "60001ms", 0, "out of range; wanted: duration 1ms-1m"},
	{"msec", "0s", 0, "out of range"},
	{"msec", "9223372036854775807m", 0, "out of range"},
	{"msec", "200", 0, "'200' has no unit; write 200s or 500ms"},
	{"msec", "1h", 0, "is not a duration"},
	{"msec", "1.5s", 0, "is not a duration"},
	{"msec", "-1s", 0, "is not a duration"},
	{"msec", "s", 0, "is not a duration"},
	{"msec", "1 s", 0, "is not a duration"},
	{"msec", "1S", 0, "is not a duration"},
	{"bytes", "64K", 65536, NULL},
	{"bytes", "1K", 1024, NULL},
	{"bytes", "1G", 1 << 30, NULL},
	{"bytes", "1025M", 0, "out of range; wanted: size 1K-1G"},
	{"bytes", "0K", 0, "out of range"},
	{"bytes", "9999999999999G", 0, "out of range"},
	{"bytes", "64", 0, "'64' has no unit; write 64M or 64K"},
	{"bytes", "64KB", 0, "is not a size"},
	{"bytes", "64k", 0, "is not a size"},
	{"percent", "30%", 30, NULL},
	{"percent", "0%", 0, NULL},
	{"percent", "100%", 100, NULL},
	{"percent", "101%", 0, "out of range; wanted: per cent 0%-100%"},
	{"percent", "30", 0, "'30' has no unit; write 30%"},
	{"percent", "half", 0, "is not a per cent"},
	{"factor", "6x", 600, NULL},
	{"factor", "1.5x", 150, NULL},
	{"factor", "1.25x", 125, NULL},
	{"factor", "1.05x", 0, "out of range; wanted: factor 1.1x-20x"},
	{"factor", "1.1x", 110, NULL},
	{"factor", "20x", 2000, NULL},
	{"factor", "20.01x", 0, "out of range"},
	{"factor", "99999999999999999x", 0, "out of range"},
	{"factor", "1.234x", 0, "is not a factor"},
	{"factor", "1.x", 0, "is not a factor"},
	{"factor", ".5x", 0, "is not a factor"},
	{"factor", "2", 0, "'2' has no unit; write 2x"},
	{"is-on", "true", 1, NULL},
	{"is-on", "false", 0, NULL},
	{"is-on", "yes", 0, "neither true nor false"},
	{"is-on", "True", 0, "neither true nor false"},
	{"is-on", "", 0, "neither true nor false"},
	{"word", "none", 0, NULL},
	{"word", "everything", 2, NULL},
	{"word", "lopback", 0, "did you mean 'loopback'?"},
	{"word", "quite-else", 0, "write one of: none loopback everything"},
	{"word", "", 0, "write one of"},
	{"text", "a", 0, NULL},
	{"text", "12345", 0, NULL},
	{"text", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 0, NULL}, /* five characters */
	{"text", "", 0, "0 characters; 1 to 5 are allowed"},
	{"text", "123456", 0, "6 characters; 1 to 5 are allowed"},
	{"name", "ab", 0, NULL},
	{"name", "a-b2-c", 0, NULL},
	{"name", "abcdefgh", 0, NULL},
	{"name", "abcdefghi", 0, "9 characters; 2 to 8 are allowed"},
	{"name", "a", 0, "1 characters; 2 to 8 are allowed"},
	{"name", "Abc", 0, "is not a name"},
	{"name", "1ab", 0, "is not a name"},
	{"name", "-ab", 0, "is not a name"},
	{"name", "a_b", 0, "is not a name"},
	{"name", "", 0, "is not a name"},
	{"name", "caf\xc3\xa9", 0, "is not a name"},
};

static int64_t number_in(const struct field *field, const struct sample *sample)
{
	const char *place = (const char *)sample + field->offset;
	int64_t number = 0;
	int word = 0;

	switch (field->type) {
	case FIELD_BOOL:
		return *(const bool *)place;
	case FIELD_WORD:
		memcpy(&word, place, sizeof(word));
		return word;
	default:
		memcpy(&number, place, sizeof(number));
		return number;
	}
}

static void try_row(const struct row *row)
{
	struct sample sample = {NULL,	   NULL,      UNTOUCHED, UNTOUCHED, UNTOUCHED,
				UNTOUCHED, UNTOUCHED, false,	 UNTOUCHED};
	struct sample untouched = sample;
	struct mp_error err = {0};
	int index = field_find(table, COUNT, row->field);
	const struct field *field = &table[index];

	OK(index >= 0);
	IS(field_set(table, (size_t)index, &sample, row->value, &err), row->words ? -EBADMSG : 0);
	if (row->words) {
		HAS_TEXT(err.text, row->words);
		IS(memcmp(&sample, &untouched, sizeof(sample)), 0);
		IS(field_set(table, (size_t)index, &sample, row->value, NULL), -EBADMSG);
	} else if (field->type == FIELD_TEXT) {
		OK(sample.text == row->value);
	} else if (field->type == FIELD_NAME) {
		OK(sample.name == row->value);
	} else {
		IS(number_in(field, &sample), row->wanted);
	}
}

static void each_type_accepts_and_refuses(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		try_row(&rows[i]);
		ROW("%s: '%s'", rows[i].field, rows[i].value);
	}
}

static void what_is_no_scalar_is_a_mistake_of_ours(void)
{
	struct mp_error err = {0};
	struct sample sample = {0};

	IS(field_set(table, COUNT - 1, &sample, "1", &err), -EINVAL);
	IS(err.fault, MP_FAULT_BUG);
}

static void fields_are_found_by_their_whole_name(void)
{
	IS(field_find(table, COUNT, "text"), 0);
	IS(field_find(table, COUNT, "free"), COUNT - 1);
	IS(field_find(table, COUNT, "tex"), -1);
	IS(field_find(table, COUNT, "textt"), -1);
	IS(field_find(table, COUNT, ""), -1);
	IS(field_find(table, 0, "text"), -1);
}

static void forms_are_written_for_people(void)
{
	static const char *const wanted[COUNT] = {
		"text of 1-5 characters",
		"name of 2-8 characters",
		"whole number -3-599",
		"duration 1ms-1m",
		"size 1K-1G",
		"per cent 0%-100%",
		"factor 1.1x-20x",
		"true or false",
		"none, loopback, everything",
		"free value",
	};
	char form[96];
	char tiny[8];

	for (size_t i = 0; i < COUNT; i++) {
		field_form(&table[i], form, sizeof(form));
		IS_TEXT(form, wanted[i]);
		/* Cut, never beyond. */
		memset(tiny, 'x', sizeof(tiny));
		field_form(&table[i], tiny, sizeof(tiny) - 1);
		OK(strlen(tiny) < sizeof(tiny) - 1);
		IS(tiny[sizeof(tiny) - 1], 'x');
		IS(strncmp(tiny, wanted[i], strlen(tiny)), 0);
		ROW("%s", table[i].name);
	}
}

struct near_row {
	const char *name;
	const char *wanted;
};

static const struct near_row near_rows[] = {
	{"loopback", "loopback"},
	{"lopback", "loopback"},
	{"loopbakc", "loopback"},
	{"loopbackk", "loopback"},
	{"nnoe", "none"},
	{"non", "none"},
	{"loop", NULL},
	{"x", NULL},
	{"", NULL},
	{"everithing", "everything"},
	{"evrthng", "everything"},
	{"something", NULL},
};

static void a_slip_finds_its_word_and_nothing_else_does(void)
{
	char long_name[200];

	for (size_t i = 0; i < sizeof(near_rows) / sizeof(near_rows[0]); i++) {
		IS_TEXT(nearest_of(near_rows[i].name, words), near_rows[i].wanted);
		ROW("'%s'", near_rows[i].name);
	}
	IS_TEXT(nearest_field("procent", table, COUNT), "percent");
	OK(nearest_field("count", table, 0) == NULL);
	/* Too long to be compared is far, however many changes a name of its length may have. */
	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	OK(nearest_of(long_name, words) == NULL);
}

TAP_MAIN(T(each_type_accepts_and_refuses) T(what_is_no_scalar_is_a_mistake_of_ours)
		 T(fields_are_found_by_their_whole_name) T(forms_are_written_for_people)
			 T(a_slip_finds_its_word_and_nothing_else_does))
