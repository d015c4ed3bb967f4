/* SPDX-License-Identifier: MIT */
/* An arena: what is built together dies together. */
#ifndef SANDBOX_BASE_ARENA_H
#define SANDBOX_BASE_ARENA_H

#include <milepost/error.h>
#include <stddef.h>

struct arena;

/* An empty arena. Memory that runs out ends the program with a message: nothing could go on. */
struct arena *arena_new(void);

/* Free the arena and everything in it. Accepts NULL; returns NULL. */
struct arena *arena_free(struct arena *arena);

/* COUNT x SIZE zeroed bytes, aligned for any type; owned by the arena. Never NULL. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* Copies, NUL-terminated; owned by the arena. STRING may be NULL: then NULL. */
char *arena_text(struct arena *arena, const char *string);
char *arena_bytes(struct arena *arena, const void *bytes, size_t count);
char *arena_format(struct arena *arena, const char *format, ...) MP_PRINTF(2, 3);

/* Call DESTROY(OBJECT) when the arena is freed, last added first: for things with an owner's count. */
void arena_defer(struct arena *arena, void (*destroy)(void *object), void *object);

/*
 * Grow the array at ITEMS (of COUNT elements of SIZE bytes) by one zeroed element; returns the new place.
 * The old array stays in the arena. Use: item = arena_push(a, &list, &count, sizeof(*list)).
 */
void *arena_push(struct arena *arena, void *items, size_t *count, size_t size);

#define arena_new_of(ARENA, TYPE) ((TYPE *)arena_alloc((ARENA), 1, sizeof(TYPE)))

static inline void arena_cleanup(struct arena **arena)
{
	*arena = arena_free(*arena);
}
#define mp_autoarena __attribute__((cleanup(arena_cleanup)))

#endif
