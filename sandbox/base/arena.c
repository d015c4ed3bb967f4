/* SPDX-License-Identifier: MIT */
/* The arena: blocks in a list, bump allocation, destructors for what is not plain memory. */
#include "sandbox/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 * 1024 };

struct block {
	struct block *next; /* owned */
	size_t used, size;
	alignas(max_align_t) unsigned char data[];
};

struct deferred {
	struct deferred *next; /* in the arena */
	void (*destroy)(void *object);
	void *object;
};

struct arena {
	struct block *blocks;	   /* owned; the first is filled */
	struct deferred *deferred; /* in the arena */
};

static void out_of_memory(void)
{
	(void)fputs("milepost: out of memory\n", stderr);
	abort();
}

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		out_of_memory();
	return arena;
}

struct arena *arena_free(struct arena *arena)
{
	if (!arena)
		return NULL;
	for (struct deferred *d = arena->deferred; d; d = d->next)
		d->destroy(d->object);
	while (arena->blocks) {
		struct block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
	free(arena);
	return NULL;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	struct block *block = arena->blocks;
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
		out_of_memory();
	bytes = (bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (!block || block->size - block->used < bytes) {
		size_t room = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;

		block = malloc(sizeof(*block) + room);
		if (!block)
			out_of_memory();
		block->next = arena->blocks;
		block->used = 0;
		block->size = room;
		arena->blocks = block;
	}
	block->used += bytes;
	return memset(block->data + block->used - bytes, 0, bytes);
}

char *arena_bytes(struct arena *arena, const void *bytes, size_t count)
{
	char *copy = arena_alloc(arena, count + 1, 1);

	if (count > 0)
		memcpy(copy, bytes, count);
	return copy;
}

char *arena_text(struct arena *arena, const char *string)
{
	return string ? arena_bytes(arena, string, strlen(string)) : NULL;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_list again;
	char *text;
	int count;

	va_start(args, format);
	va_copy(again, args);
	count = vsnprintf(NULL, 0, format, args);
	if (count < 0)
		out_of_memory();
	text = arena_alloc(arena, (size_t)count + 1, 1);
	(void)vsnprintf(text, (size_t)count + 1, format, again);
	va_end(again);
	va_end(args);
	return text;
}

void arena_defer(struct arena *arena, void (*destroy)(void *object), void *object)
{
	struct deferred *row = arena_new_of(arena, struct deferred);

	*row = (struct deferred){arena->deferred, destroy, object};
	arena->deferred = row;
}

void *arena_push(struct arena *arena, void *items, size_t *count, size_t size)
{
	void **list = items;
	bool is_full = (*count & (*count - 1)) == 0;

	/* Capacities are powers of two (0, 1, 2, 4, ...), so the count alone says when the array is full. */
	if (is_full) {
		void *grown = arena_alloc(arena, *count ? *count * 2 : 1, size);

		if (*count)
			memcpy(grown, *list, *count * size);
		*list = grown;
	}
	return (char *)*list + size * (*count)++;
}
