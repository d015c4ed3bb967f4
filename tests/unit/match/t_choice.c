/* SPDX-License-Identifier: MIT */
/* A word that is none of several: the nearest is offered when it is a slip. */
#include "tests/helper/tap.h"

#include "grader/match/match.h"
#include "sandbox/base/arena.h"

#define TRACK(OTHER) "{\"track\": {\"$one_of\": [\"python\", " OTHER "]}}"

static const struct {
	const char *pattern, *got;
	const char *part; /* of the sentence; NULL: none */
} rows[] = {
	{TRACK("\"node\""), "{\"track\": \"pyhton\"}",
	 "'pyhton' is none of the words: did you mean 'python'?"},
	{TRACK("\"node\""), "{\"track\": \"Node\"}", "did you mean 'node'?"},
	{TRACK("\"node\""), "{\"track\": \"perl\"}", NULL},
	{TRACK("\"node\""), "{\"track\": \"node\"}", NULL},
	{TRACK("\"node\""), "{\"track\": 5}", NULL},
	{TRACK("5"), "{\"track\": \"pyhton\"}", NULL},
};

static void a_slip_of_one_of_several_words_gets_the_nearest(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		json_t *pattern = json_loads(rows[i].pattern, 0, NULL);
		json_t *got = json_loads(rows[i].got, 0, NULL);
		const char *sentence = match_general_near_miss(pattern, got, NULL, arena);

		if (rows[i].part)
			HAS_TEXT(sentence, rows[i].part);
		else
			IS_TEXT(sentence, NULL);
		json_decref(pattern);
		json_decref(got);
		ROW("%zu", i);
	}
}

TAP_MAIN(T(a_slip_of_one_of_several_words_gets_the_nearest))
