/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: what programs write. The first byte says where the wanted output ends and the got one
 * begins. They are equal exactly when no difference is told, every line shown is valid UTF-8
 * without control characters, and bytes that are no text become one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/program/inner.h"
#include "sandbox/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void must_be_showable(const char *text)
{
	size_t count = strlen(text);

	for (size_t i = 0; i < count;) {
		size_t length = text_utf8_length(text + i, count - i);

		must(length > 0 && (unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
		i += length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	mp_autoarena struct arena *arena = arena_new();
	struct mismatches told = {.arena = arena};
	const char *wanted = (const char *)data + 1;
	const char *lines[8];
	size_t wanted_count;
	size_t line_count;
	json_t *text;
	bool is_equal;

	if (size < 1)
		return 0;
	wanted_count = data[0] < size - 1 ? data[0] : size - 1;
	is_equal = compare_output("stdout", wanted, wanted_count, wanted + wanted_count,
				  size - 1 - wanted_count, &told);
	must(is_equal == (told.count == 0));
	must(is_equal == (wanted_count == size - 1 - wanted_count &&
			  memcmp(wanted, wanted + wanted_count, wanted_count) == 0));
	for (size_t i = 0; i < told.count; i++) {
		must_be_showable(told.items[i].wanted);
		must_be_showable(told.items[i].got);
	}
	(void)output_near_miss(wanted, wanted_count, wanted + wanted_count,
			       size - 1 - wanted_count);
	line_count = said_lines(wanted, size - 1, 8, lines, arena);
	must(line_count <= 8);
	for (size_t i = 0; i < line_count; i++)
		must_be_showable(lines[i]);
	text = match_text_of_bytes(wanted, size - 1);
	must(json_is_string(text));
	json_decref(text);
	return 0;
}
