/* SPDX-License-Identifier: MIT */
/* Known scores: what is read, what is refused, what is found. */
#include "grader/cmd/known.h"

#include <errno.h>

#include "tests/helper/tap.h"

#define LINE(EXERCISE, KEY, SCORE, COUNTED)                                                        \
	"{\"exercise\":\"" EXERCISE "\",\"hash\":\"h\",\"key\":\"" KEY "\",\"score\":" SCORE       \
	",\"counted\":" COUNTED ",\"status\":\"passed\"}\n"

static int parse(const char *text, struct arena *arena, struct known *ret_known,
		 struct mp_error *err)
{
	return known_parse(text, strlen(text), arena, ret_known, err);
}

static void only_the_same_hash_and_key_are_unchanged(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct mp_error err = {0};
	struct known known;

	IS(parse(LINE("a", "1", "80", "59") LINE("a", "2", "70", "70") LINE("b", "", "100", "100"),
		 arena, &known, &err),
	   0);
	IS(known_unchanged(&known, "a", "h", "2")->score, 70);
	OK(!known_unchanged(&known, "a", "g", "2"));
	OK(!known_unchanged(&known, "a", "h", "3"));
	OK(!known_unchanged(&known, "b", "h", "1"));
	/* A score without a key answers for nothing. */
	OK(!known_unchanged(&known, "b", "h", ""));
}

static void what_is_closed_is_no_score(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct mp_error err = {0};
	struct known known;

	IS(parse("{\"exercise\":\"b\",\"closed\":true}\n" LINE("a", "1", "80", "59"), arena, &known,
		 &err),
	   0);
	OK(known_is_closed(&known, "b"));
	OK(!known_is_closed(&known, "a"));
	OK(!known_best(&known, "b"));
	IS(known.count, 1);
	IS(parse("{\"exercise\":\"b\",\"closed\":false}\n", arena, &known, &err), -EBADMSG);
}

static void what_counts_most_is_the_best(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct mp_error err = {0};
	struct known known;

	IS(parse(LINE("a", "1", "80", "59") LINE("a", "2", "70", "70") LINE("a", "3", "69", "69"),
		 arena, &known, &err),
	   0);
	IS(known_best(&known, "a")->score, 70);
	OK(!known_best(&known, "b"));
}

static void a_wrong_line_is_named(void)
{
	static const char *const lines[] = {
		"\n",
		"null\n",
		"[]\n",
		"{}\n",
		"{\"exercise\":1}\n",
		LINE("a", "1", "101", "1"),
		LINE("a", "1", "1", "-1"),
		LINE("a", "1", "1.5", "1"),
		"{\"exercise\":\"a\",\"score\":1,\"counted\":1,\"status\":\"good\"}\n",
		"{\"exercise\":\"a\",\"score\":1,\"counted\":1,\"status\":\"passed\"} x\n",
		"{\"exercise\":\"a\",\"key\":null,\"score\":1,\"counted\":1,\"status\":\"passed\"}\n",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct mp_error err = {0};
		struct known known = {0};
		char *text = arena_format(arena, "%s%s", LINE("a", "1", "1", "1"), lines[i]);

		IS(parse(text, arena, &known, &err), -EBADMSG);
		IS(err.fault, MP_FAULT_USAGE);
		HAS_TEXT(err.text, "line 2");
		IS((intmax_t)known.count, 0);
		ROW("%s", lines[i]);
	}
}

static void nothing_known_is_right_too(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct mp_error err = {0};
	struct known known;

	IS(parse("", arena, &known, &err), 0);
	IS((intmax_t)known.count, 0);
	IS(known_read("/dev/null", arena, &known, &err), 0);
	IS(known_read("/no/such/file", arena, &known, &err), -ENOENT);
	IS(err.fault, MP_FAULT_USAGE);
}

TAP_MAIN(T(only_the_same_hash_and_key_are_unchanged) T(what_is_closed_is_no_score)
		 T(what_counts_most_is_the_best) T(a_wrong_line_is_named)
			 T(nothing_known_is_right_too))
