/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: a catalogue, a NUL, and a text to be said. Whatever the catalogue holds, saying ends, is the same
 * each time, and a text that no sentence is stays as it was.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/language/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *any_word(const char *key)
{
	return key[strlen(key) - 1] == '2' ? "%1 of %2" : "of";
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 0 ? memchr(data, 0, size) : NULL;
	size_t count = end ? (size_t)(end - data) : size;
	struct language *language = language_new(language_find("hi"));
	struct yaml_complaints list;
	char *text = strndup(end ? (const char *)end + 1 : "", end ? size - count - 1 : 0);
	const char *said;

	must(text != NULL);
	yaml_complaints_init(&list, "messages.yaml");
	language_add_bytes(language, (const char *)data, count, NULL, any_word, &list);
	yaml_complaints_done(&list);
	said = language_say(language, text);
	must(said != NULL && strcmp(said, language_say(language, text)) == 0);
	language = language_free(language);
	language = language_new(language_find("hi"));
	must(strcmp(language_say(language, text), text) == 0);
	language = language_free(language);
	free(text);
	return 0;
}
