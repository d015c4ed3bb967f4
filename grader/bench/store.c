/* SPDX-License-Identifier: MIT */
/*
 * The store: a hash table of keys with chains, bounded in entries and bytes. What does not fit is
 * not kept. Inputs are sealed files in memory already, so a descriptor is kept and handed out
 * again.
 */
#include "grader/bench/store.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/base/arena.h"

enum { SLOT_COUNT = 256, INPUTS_MAX = 320, BYTES_MAX = 128 << 20 };

struct entry {
	struct entry *next;
	const char *key;
	int fd; /* -1: an answer. Owned */
	struct stored_answer answer;
};

struct bench_store {
	struct arena *arena; /* owned: entries and answers */
	struct entry *slots[SLOT_COUNT];
	size_t input_count;
	size_t bytes;
};

struct bench_store *bench_store_new(void)
{
	struct bench_store *store = calloc(1, sizeof(*store));

	if (store)
		store->arena = arena_new();
	return store;
}

struct bench_store *bench_store_free(struct bench_store *store)
{
	if (!store)
		return NULL;
	for (size_t i = 0; i < SLOT_COUNT; i++) {
		for (struct entry *entry = store->slots[i]; entry; entry = entry->next) {
			if (entry->fd >= 0)
				(void)close(entry->fd);
		}
	}
	arena_free(store->arena);
	free(store);
	return NULL;
}

/* FNV-1a */
static size_t slot_of(const char *key)
{
	uint32_t hash = 2166136261U;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 16777619U;
	return hash % SLOT_COUNT;
}

static struct entry *find(const struct bench_store *store, const char *key)
{
	struct entry *entry = store ? store->slots[slot_of(key)] : NULL;

	while (entry && strcmp(entry->key, key) != 0)
		entry = entry->next;
	return entry;
}

/* A new entry, or NULL when COUNT more bytes would be too many. */
static struct entry *add(struct bench_store *store, const char *key, size_t count)
{
	struct entry **slot;
	struct entry *entry;

	if (!store || find(store, key) || count > BYTES_MAX - store->bytes)
		return NULL;
	store->bytes += count;
	slot = &store->slots[slot_of(key)];
	entry = arena_new_of(store->arena, struct entry);
	entry->next = *slot;
	entry->key = arena_text(store->arena, key);
	entry->fd = -1;
	*slot = entry;
	return entry;
}

bool bench_store_input(const struct bench_store *store, const char *key, int *ret_fd)
{
	const struct entry *entry = find(store, key);
	int fd;

	if (!entry || entry->fd < 0)
		return false;
	fd = fcntl(entry->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0 || lseek(fd, 0, SEEK_SET) < 0) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	*ret_fd = fd;
	return true;
}

void bench_store_keep_input(struct bench_store *store, const char *key, int fd)
{
	struct entry *entry;
	struct stat state;

	if (!store || store->input_count >= INPUTS_MAX || fstat(fd, &state) < 0 ||
	    state.st_size < 0)
		return;
	entry = add(store, key, (size_t)state.st_size);
	if (!entry)
		return;
	entry->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	store->input_count += entry->fd >= 0;
	(void)lseek(fd, 0, SEEK_SET);
}

const struct stored_answer *bench_store_answer(const struct bench_store *store, const char *key)
{
	const struct entry *entry = find(store, key);

	return entry && entry->fd < 0 ? &entry->answer : NULL;
}

void bench_store_keep_answer(struct bench_store *store, const char *key,
			     const struct stored_answer *answer)
{
	struct entry *entry = add(store, key, answer->count);

	if (!entry)
		return;
	entry->answer = *answer;
	entry->answer.bytes = arena_bytes(store->arena, answer->bytes, answer->count);
}
