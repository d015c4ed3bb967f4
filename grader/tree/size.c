/* SPDX-License-Identifier: MIT */
/* Sizes of files: in words, and as an exercise bounds them. */
#include "grader/tree/tree.h"
#include "sandbox/base/field.h"

int64_t tree_size_of(const json_t *pattern)
{
	int64_t bytes;

	if (json_is_integer(pattern))
		return json_integer_value(pattern);
	if (!json_is_string(pattern) || parse_bytes(json_string_value(pattern), &bytes) < 0)
		return -1;
	return bytes;
}

const char *tree_size_words(struct arena *arena, int64_t bytes)
{
	if (bytes < 1 << 10)
		return arena_format(arena, "%lld bytes", (long long)bytes);
	if (bytes < 1 << 20)
		return arena_format(arena, "%lld kB", (long long)((bytes + 512) >> 10));
	return arena_format(arena, "%lld.%lld MB", (long long)(bytes >> 20),
			    (long long)((bytes & ((1 << 20) - 1)) * 10 >> 20));
}
