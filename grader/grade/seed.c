/* SPDX-License-Identifier: MIT */
/* Seeds: one number from which all data of an exercise is drawn. */
#include "grader/grade/grade.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "grader/grade/inside.h"

enum { SEEDS_DRAWN = 1000000 };

/* The hash of A and B under KEY; texts are separated by their NUL. */
static uint64_t seed_hash(const char *key, const char *a, const char *b)
{
	unsigned char hashed_key[crypto_generichash_KEYBYTES];
	crypto_generichash_state state;
	uint64_t seed;

	/* Any text may be a key: libsodium wants 16 to 64 bytes, so it is hashed first. */
	(void)crypto_generichash(hashed_key, sizeof(hashed_key), (const unsigned char *)key,
				 strlen(key), NULL, 0);
	(void)crypto_generichash_init(&state, hashed_key, sizeof(hashed_key),
				      crypto_generichash_BYTES);
	(void)crypto_generichash_update(&state, (const unsigned char *)a, strlen(a) + 1);
	(void)crypto_generichash_update(&state, (const unsigned char *)b, strlen(b) + 1);
	{
		unsigned char hash[crypto_generichash_BYTES];

		(void)crypto_generichash_final(&state, hash, sizeof(hash));
		memcpy(&seed, hash, sizeof(seed));
	}
	return seed;
}

uint64_t grade_seed(const char *exercise_hash, const char *input_key, const char *site_key)
{
	/* Six digits are enough for data, short enough to be typed, and fit the head line of a scorecard. */
	return seed_hash(site_key, exercise_hash, input_key) % SEEDS_DRAWN;
}

uint64_t repetition_seed(uint64_t seed, const char *check_id, int64_t repetition)
{
	char number[48];

	if (repetition == 0)
		return seed;
	(void)snprintf(number, sizeof(number), "%llu %lld", (unsigned long long)seed,
		       (long long)repetition);
	return seed_hash("repetition", check_id, number);
}
