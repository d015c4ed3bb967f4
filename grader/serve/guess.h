/* SPDX-License-Identifier: MIT */
/* Pure: who tries links and tokens until one fits. A link has 40 random bits, so guesses are counted. */
#ifndef GRADER_SERVE_GUESS_H
#define GRADER_SERVE_GUESS_H

#include <stdbool.h>
#include <stdint.h>

enum { GUESSERS_MAX = 256, GUESSES_MAX = 30, GUESS_WINDOW_MS = 10 * 60 * 1000, GUESSER_TEXT = 64 };

/* All zero: nobody. When it is full, the one who guessed longest ago is forgotten. */
struct guesses {
	struct {
		char who[GUESSER_TEXT]; /* an address, as text */
		int count;
		int64_t since_ms; /* of the first of COUNT */
	} items[GUESSERS_MAX];
};

/* WHO made a wrong guess. */
void guess_add(struct guesses *guesses, const char *who, int64_t now_ms);

/* WHO made GUESSES_MAX wrong ones within the window, and must wait for its end. */
bool guess_is_over(const struct guesses *guesses, const char *who, int64_t now_ms);

#endif
