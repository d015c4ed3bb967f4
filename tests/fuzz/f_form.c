/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: any bytes as what a browser sends: an address, a form, cookies, languages, a number. What is taken is
 * bounded and holds no control characters; words of an address are names.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/pages/inner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_path(const char *path, struct arena *arena)
{
	struct path_words words;

	if (!path_split(path, arena, &words))
		return;
	must(words.count <= PATH_WORDS_MAX && strlen(path) <= PAGE_PATH_MAX);
	for (size_t i = 0; i < words.count; i++)
		must(*words.items[i] && *words.items[i] != '.' &&
		     !strpbrk(words.items[i], "/%<>\"&'\\ \n"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *text = arena_bytes(arena, data, size);
	const char *value = form_value(text, "token", arena);
	const char *cookie = cookie_value(text, "milepost", arena);

	check_path(text, arena);
	must(!value || strlen(value) <= PAGE_BODY_MAX);
	for (; value && *value; value++)
		must((unsigned char)*value >= ' ' && *value != 0x7f);
	must(!cookie || (strlen(cookie) <= size && !strchr(cookie, ';')));
	must(language_find(languages_choose(text)) != NULL);
	must(number_read(text) >= -1);
	(void)arena_free(arena);
	return 0;
}
