/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: a value for each type of a field table. Whatever it is, it is accepted within the row's bounds and
 * written, or refused with a sentence and nothing written; and a slip is only ever a word of the list.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/base/field.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { UNTOUCHED = -77 };

static const char *const words[] = {"none", "loopback", "everything", NULL};

union place {
	int64_t number;
	const char *text;
	bool is_on;
	int word;
	unsigned char bytes[8];
};

static const struct field table[] = {
	{"text", FIELD_TEXT, 0, 1, 40, "", NULL, false},
	{"name", FIELD_NAME, 0, 1, 40, "", NULL, false},
	{"count", FIELD_COUNT, 0, -5, INT64_MAX, "", NULL, false},
	{"msec", FIELD_MSEC, 0, 0, INT64_MAX, "", NULL, false},
	{"bytes", FIELD_BYTES, 0, 0, INT64_C(1) << 40, "", NULL, false},
	{"percent", FIELD_PERCENT, 0, 0, 100, "", NULL, false},
	{"factor", FIELD_FACTOR, 0, 100, 2000, "", NULL, false},
	{"is-on", FIELD_BOOL, 0, 0, 0, "", NULL, false},
	{"word", FIELD_WORD, 0, 0, 0, "", words, false},
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void try_field(size_t index, const char *value)
{
	union place place = {.number = UNTOUCHED};
	struct mp_error err = {0};
	int ret = field_set(table, index, &place, value, &err);

	must(ret == 0 || ret == -EBADMSG);
	if (ret < 0) {
		must(place.number == UNTOUCHED && err.text[0] != '\0' && err.code == ret);
		return;
	}
	must(err.code == 0);
	if (table[index].type >= FIELD_COUNT && table[index].type <= FIELD_FACTOR)
		must(place.number >= table[index].low && place.number <= table[index].high);
	if (table[index].type == FIELD_WORD)
		must(place.word >= 0 && strcmp(words[place.word], value) == 0);
	if (table[index].type == FIELD_TEXT || table[index].type == FIELD_NAME)
		must(place.text == value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *value = malloc(size + 1);
	const char *near;

	if (!value)
		return 0;
	memcpy(value, data, size);
	value[size] = '\0';
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		try_field(i, value);
	near = nearest_of(value, words);
	must(!near || near == words[0] || near == words[1] || near == words[2]);
	free(value);
	return 0;
}
