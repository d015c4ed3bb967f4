/* SPDX-License-Identifier: MIT */
/* Slips that no exercise need name: one row a case. */
#include "grader/match/match.h"
#include "tests/helper/tap.h"

/* The clock of these tests: 2024-11-01T18:30:00Z. */
static const int64_t NOW_MS = 1730485800000;

static json_t *json_of(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	if (!value)
		printf("# a test's JSON is broken: %s\n", text);
	return value;
}

struct near_row {
	const char *pattern, *got;
	const char *part; /* of the sentence; NULL: no sentence */
};

static const struct near_row near_rows[] = {
	{"{\"user_id\": 5}", "{\"userId\": 5}", "has the key userId where user_id is wanted"},
	{"{\"id\": 5}", "{\"_id\": 5}", "has the key _id where id is wanted"},
	{"{\"sum\": 512}", "{\"result\": 512}", "under the key result; it is wanted under sum"},
	{"{\"sum\": 1}", "{\"result\": 1}", NULL},
	{"{\"sum\": \"$integer\"}", "{\"result\": 512}", NULL},
	{"{\"sum\": 5}", "{\"sum\": \"5\"}", "a number in JSON has no quotes"},
	{"{\"sum\": \"$integer\"}", "{\"sum\": \"5\"}", "a number in JSON has no quotes"},
	{"{\"sum\": 5}", "{\"sum\": \"6\"}", NULL},
	{"{\"pin\": \"560001\"}", "{\"pin\": 560001}", "a text in JSON has quotes"},
	{"{\"ok\": true}", "{\"ok\": \"True\"}", "true and false have no quotes"},
	{"{\"name\": \"Asha\"}", "{\"name\": \"ASHA\"}", "upper and lower case"},
	{"{\"name\": \"Asha\"}", "{\"name\": \"Asha\\n\"}", "blanks or line ends"},
	{"\"Jos\\u00e9\"", "\"Jos\\u00c3\\u00a9\"", "read as Latin-1 or Windows-1252"},
	{"\"\\u20b9 5\"", "\"\\u00e2\\u201a\\u00b9 5\"", "read as Latin-1 or Windows-1252"},
	{"\"\\u0906\"", "\"\\u00e0\\u00a4\\u0086\"", "read as Latin-1 or Windows-1252"},
	{"\"Jos\\u00e9\"", "\"Jos\\u00c3\"", NULL},
	{"\"Jos\\u00e9\"", "\"Jos\\u00e8\"", NULL},
	{"\"Jos\\u00e9 R\"", "\"Jos? R\"", "question marks stand in their place"},
	{"\"\\u0906\\u0936\\u093e\"", "\"???\"", "question marks stand in their place"},
	{"\"Jos\\u00e9\"", "\"Jos\\ufffd\"", "question marks stand in their place"},
	{"\"\\u20b9 5 Jos\\u00e9\"", "\"\\u20b9 5 Jos?\"", "question marks stand in their place"},
	{"\"Jos\\u00e9\"", "\"Jos\"", NULL},
	{"\"Jose\"", "\"Jos?\"", NULL},
	{"\"2024-11-01T18:30:00Z\"", "\"2024-11-02T00:00:00+05:30\"", "the same moment"},
	{"\"2024-11-01T18:30:00Z\"", "\"2024-11-01T18:30:00+05:30\"", "the zone is another one"},
	{"\"2024-11-01T18:30:00Z\"", "\"2024-11-01T18:30:00\"", "has no zone"},
	{"\"2024-11-01T18:30:00Z\"", "\"2024-11-01T18:31:00\"", NULL},
	{"\"2024-11-01T18:30:00Z\"", "\"2024-11-01\"", NULL},
	{"{\"at\": \"$time\"}", "{\"at\": \"2024-11-01T18:30:00.123\"}", "has no zone"},
	{"{\"at\": \"$time\"}", "{\"at\": \"yesterday\"}", NULL},
	{"{\"at\": {\"$near\": \"$(now.ms)\", \"$within\": 2000}}", "{\"at\": 1730485800}",
	 "seconds where milliseconds"},
	{"{\"at\": {\"$near\": \"$(now.s)\", \"$within\": 2}}", "{\"at\": 1730485800000}",
	 "milliseconds where seconds"},
	{"{\"id\": 7, \"name\": \"x\"}", "{\"data\": {\"id\": 7, \"name\": \"x\"}}", "inside data"},
	{"[{\"id\": 512}]", "[{\"ID\": 512}]", "has the key ID where id is wanted"},
	{"{\"id\": 7}", "{\"id\": 7}", NULL},
	{"{\"a\": \"$absent\"}", "{\"A\": 7}", NULL},
	{"{\"a\": 5}", "[]", NULL},
};

static void common_slips_are_told_in_a_sentence(void)
{
	struct names *names = NULL;

	IS(names_new(NULL, 7, &names, NULL), 0);
	names_set_now(names, NOW_MS);
	for (size_t i = 0; i < sizeof(near_rows) / sizeof(near_rows[0]); i++) {
		json_t *pattern = json_of(near_rows[i].pattern);
		json_t *got = json_of(near_rows[i].got);
		struct arena *arena = arena_new();
		const char *sentence = match_general_near_miss(pattern, got, names, arena);

		if (near_rows[i].part)
			HAS_TEXT(sentence, near_rows[i].part);
		else
			IS_TEXT(sentence, NULL);
		ROW("%zu: %s against %s", i, near_rows[i].pattern, near_rows[i].got);
		json_decref(pattern);
		json_decref(got);
		arena_free(arena);
	}
	names_free(names);
}

TAP_MAIN(T(common_slips_are_told_in_a_sentence))
