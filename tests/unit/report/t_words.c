/* SPDX-License-Identifier: MIT */
/* The words of reports: one key and one text each. */
#include "grader/report/words.h"
#include "sandbox/base/cleanup.h"
#include "tests/helper/tap.h"

static void every_word_has_a_key_of_its_own_and_a_text(void)
{
	for (int i = 0; i < WORD_COUNT; i++) {
		if (!OK(word_key((enum word)i) && word_text((enum word)i)))
			continue;
		OK(strncmp(word_key((enum word)i), "report.", 7) == 0);
		for (int k = 0; k < i; k++)
			OK(strcmp(word_key((enum word)i), word_key((enum word)k)) != 0);
	}
}

static void places_of_a_word_are_filled_in_any_order(void)
{
	mp_autotext struct text text = {0};

	text_init(&text, 0);
	word_add(&text, WORD_PUBLISHED, NUMBER(3), NUMBER(1), NUMBER(3));
	IS_TEXT(text_get(&text), "M3: 1 of 3 published");
}

TAP_MAIN(T(every_word_has_a_key_of_its_own_and_a_text) T(places_of_a_word_are_filled_in_any_order))
