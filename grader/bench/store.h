/* SPDX-License-Identifier: MIT */
/*
 * What may be kept from one bench to the next when an exercise is proved: inputs that its makers
 * wrote and answers of its model. Both depend on the exercise and the seed alone, so the same ones
 * are asked for by every reference and every known-bad submission. A learner's run keeps nothing.
 */
#ifndef GRADER_BENCH_STORE_H
#define GRADER_BENCH_STORE_H

#include <stdbool.h>
#include <stddef.h>

struct bench_store;

/* An answer of the model. */
struct stored_answer {
	int exit_code;
	const char *bytes; /* owned by the store */
	size_t count;
};

/* Memory that runs out keeps nothing more: never an error. NULL when not even the store fits. */
struct bench_store *bench_store_new(void);
struct bench_store *bench_store_free(struct bench_store *store);

/*
 * The input under KEY as a descriptor at its start, the caller's to close; false: there is none.
 * STORE may be NULL in all that follows.
 */
bool bench_store_input(const struct bench_store *store, const char *key, int *ret_fd);

/* Keep what FD reads, from its start; its place is moved there again. */
void bench_store_keep_input(struct bench_store *store, const char *key, int fd);

/* The answer under KEY, or NULL; and keep one. */
const struct stored_answer *bench_store_answer(const struct bench_store *store, const char *key);
void bench_store_keep_answer(struct bench_store *store, const char *key,
			     const struct stored_answer *answer);

#endif
