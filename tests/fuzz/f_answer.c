/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: an expectation on the first line, then headers, an empty line, a body. Whatever a service
 * sends, it becomes parts, and what is told of it may be shown.
 */
#include <stdlib.h>
#include <string.h>

#include "grader/http/inner.h"

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

static void read_headers(char *text, struct wire_answer *answer, struct arena *arena)
{
	char *line;

	while ((line = strsep(&text, "\n")) && *line) {
		char *value = line;
		char *name = strsep(&value, ":");
		struct wire_header *header;

		if (!value)
			continue;
		header =
			arena_push(arena, &answer->headers, &answer->header_count, sizeof(*header));
		header->name = name;
		header->value = value + strspn(value, " ");
	}
	answer->body = text ? text : "";
	answer->body_bytes = strlen(answer->body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	char *text = arena_bytes(arena, data, size);
	char *first = strsep(&text, "\n");
	json_t *expect = json_loads(first, 0, NULL);
	struct wire_answer answer = {.status = 404, .reason = "", .body = ""};
	struct mismatches told = {.arena = arena};
	struct mp_error err = {0};
	json_t *parts;

	if (text)
		read_headers(text, &answer, arena);
	parts = parts_of(&answer);
	must(parts != NULL);
	if (expect && pattern_examine(expect, NULL, 0, &err) == 0) {
		expect_match(expect, parts, &answer, NULL, &told);
		must(expect_fits(expect, parts, NULL) == (told.count == 0));
		(void)slip_of(expect, parts, &answer, NULL);
	}
	must_be_visible(parts_no_json(&answer, arena));
	for (size_t i = 0; i < told.count; i++) {
		must_be_visible(told.items[i].wanted);
		must_be_visible(told.items[i].got);
	}
	json_decref(parts);
	json_decref(expect);
	arena = arena_free(arena);
	return 0;
}
