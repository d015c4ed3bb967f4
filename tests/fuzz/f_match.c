/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: a pattern, a line end, a value. Whatever they are, matching ends, says the same twice, tells
 * something exactly when it fails, and writes only text that may be shown.
 */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/match/match.h"
#include "sandbox/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void must_be_visible(const char *text)
{
	size_t count = strlen(text), i = 0;

	while (i < count) {
		size_t length = text_utf8_length(text + i, count - i);

		must(length > 0 && (unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
		i += length;
	}
}

static void try_match(const json_t *pattern, const json_t *got, struct names *names)
{
	struct arena *arena = arena_new();
	struct mismatches told = {.arena = arena};
	bool holds = match_part("json", pattern, got, names, &told);

	must(holds == (told.count == 0));
	must(holds == match_holds(pattern, got, names));
	for (size_t i = 0; i < told.count; i++) {
		must_be_visible(told.items[i].wanted);
		must_be_visible(told.items[i].got);
	}
	(void)match_general_near_miss(pattern, got, names, arena);
	(void)arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = memchr(text, '\n', size);
	size_t length = end ? (size_t)(end - text) : size;
	json_t *pattern = json_loadb(text, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	json_t *got =
		end ? json_loadb(end + 1, size - length - 1, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL)
		    : NULL;
	struct names *names = NULL;
	struct mp_error err = {0};
	char at[64];

	must(names_new(NULL, 7, &names, &err) == 0);
	names_set_now(names, 1730485800000);
	if (pattern && pattern_examine(pattern, at, sizeof(at), &err) == 0)
		try_match(pattern, got, names);
	names = names_free(names);
	/* The same bytes as words of an exercise. */
	if (pattern && names_new(pattern, 7, &names, &err) == 0)
		names = names_free(names);
	json_decref(pattern);
	json_decref(got);
	return 0;
}
