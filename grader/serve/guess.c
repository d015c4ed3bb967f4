/* SPDX-License-Identifier: MIT */
/* Guesses: a small table, looked through from its start. */
#include "grader/serve/guess.h"

#include <stdio.h>
#include <string.h>

static bool is_open(int64_t since_ms, int64_t now_ms)
{
	return now_ms - since_ms < GUESS_WINDOW_MS;
}

void guess_add(struct guesses *guesses, const char *who, int64_t now_ms)
{
	size_t place = 0;

	for (size_t i = 0; i < GUESSERS_MAX; i++) {
		if (strcmp(guesses->items[i].who, who) == 0) {
			place = i;
			break;
		}
		if (guesses->items[i].since_ms < guesses->items[place].since_ms)
			place = i;
	}
	if (strcmp(guesses->items[place].who, who) != 0 ||
	    !is_open(guesses->items[place].since_ms, now_ms)) {
		(void)snprintf(guesses->items[place].who, GUESSER_TEXT, "%s", who);
		guesses->items[place].count = 0;
		guesses->items[place].since_ms = now_ms;
	}
	guesses->items[place].count++;
}

bool guess_is_over(const struct guesses *guesses, const char *who, int64_t now_ms)
{
	for (size_t i = 0; i < GUESSERS_MAX; i++) {
		if (strcmp(guesses->items[i].who, who) == 0)
			return guesses->items[i].count >= GUESSES_MAX &&
			       is_open(guesses->items[i].since_ms, now_ms);
	}
	return false;
}
