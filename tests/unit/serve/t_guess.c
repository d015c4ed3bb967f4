/* SPDX-License-Identifier: MIT */
/* Wrong guesses of links and tokens are counted by address. */
#include "grader/serve/guess.h"

#include <stdio.h>

#include "tests/helper/tap.h"

static void the_last_guess_of_a_window_is_one_too_many(void)
{
	static struct guesses guesses;

	for (int i = 0; i < GUESSES_MAX; i++) {
		OK(!guess_is_over(&guesses, "10.0.0.7", 1000 + i));
		guess_add(&guesses, "10.0.0.7", 1000 + i);
	}
	OK(guess_is_over(&guesses, "10.0.0.7", 2000));
	OK(!guess_is_over(&guesses, "10.0.0.8", 2000));
	OK(!guess_is_over(&guesses, "10.0.0.7", 1000 + GUESS_WINDOW_MS));
	guess_add(&guesses, "10.0.0.7", 1000 + GUESS_WINDOW_MS);
	OK(!guess_is_over(&guesses, "10.0.0.7", 1001 + GUESS_WINDOW_MS));
}

static void the_oldest_makes_room(void)
{
	static struct guesses guesses;
	char who[GUESSER_TEXT];

	for (int i = 0; i < GUESSES_MAX; i++)
		guess_add(&guesses, "10.0.0.7", 1);
	for (int i = 0; i < GUESSERS_MAX - 1; i++) {
		(void)snprintf(who, sizeof(who), "10.1.0.%d", i);
		guess_add(&guesses, who, 2 + i);
	}
	OK(guess_is_over(&guesses, "10.0.0.7", 300));
	guess_add(&guesses, "10.2.0.1", 400);
	OK(!guess_is_over(&guesses, "10.0.0.7", 400));
}

TAP_MAIN(T(the_last_guess_of_a_window_is_one_too_many) T(the_oldest_makes_room))
