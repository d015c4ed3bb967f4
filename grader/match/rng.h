/* SPDX-License-Identifier: MIT */
/* Chance that repeats: splitmix64, one stream for each word, so that a new word changes no other. */
#ifndef GRADER_MATCH_RNG_H
#define GRADER_MATCH_RNG_H

#include <stdint.h>

struct rng {
	uint64_t state;
};

/* Start the stream named STREAM of SEED. */
void rng_init(struct rng *rng, uint64_t seed, const char *stream);

uint64_t rng_next(struct rng *rng);

/* A number below BOUND, each as likely; 0 when BOUND is 0. */
uint64_t rng_below(struct rng *rng, uint64_t bound);

/* A number from LOW to HIGH, both included; LOW when they are the wrong way round. */
int64_t rng_between(struct rng *rng, int64_t low, int64_t high);

#endif
