/* SPDX-License-Identifier: MIT */
/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
#include "grader/match/rng.h"

#include <string.h>

static const uint64_t FNV_BASIS = 0xcbf29ce484222325u;
static const uint64_t FNV_PRIME = 0x100000001b3u;

void rng_init(struct rng *rng, uint64_t seed, const char *stream)
{
	uint64_t hash = FNV_BASIS;

	for (const char *c = stream; *c; c++)
		hash = (hash ^ (unsigned char)*c) * FNV_PRIME;
	rng->state = seed;
	rng->state = rng_next(rng) ^ hash;
	(void)rng_next(rng);
}

uint64_t rng_next(struct rng *rng)
{
	uint64_t z;

	rng->state += 0x9e3779b97f4a7c15u;
	z = rng->state;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint64_t rng_below(struct rng *rng, uint64_t bound)
{
	uint64_t uneven, drawn;

	if (bound == 0)
		return 0;
	/* What lies above the last whole multiple of BOUND is thrown away, else small numbers were likelier. */
	uneven = (UINT64_MAX % bound + 1) % bound;
	do {
		drawn = rng_next(rng);
	} while (drawn > UINT64_MAX - uneven);
	return drawn % bound;
}

int64_t rng_between(struct rng *rng, int64_t low, int64_t high)
{
	uint64_t width;

	if (high <= low)
		return low;
	width = (uint64_t)high - (uint64_t)low;
	if (width == UINT64_MAX)
		return (int64_t)rng_next(rng);
	return (int64_t)((uint64_t)low + rng_below(rng, width + 1));
}
