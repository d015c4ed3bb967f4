/* SPDX-License-Identifier: MIT */
/*
 * TAP for C: a test is a function whose name is a sentence.
 *
 *   static void an_empty_path_is_refused(void) { IS(path_check(""), -EINVAL); }
 *   TAP_MAIN(T(an_empty_path_is_refused))
 *
 * Each T() is one TAP line; a test that makes no check fails. SKIP_TEST(reason) skips, which fails
 * when MILEPOST_MUST_RUN is set.
 */
#ifndef TESTS_HELPER_TAP_H
#define TESTS_HELPER_TAP_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tap_test {
	const char *name;
	void (*run)(void);
};

static int tap_checks;
static int tap_failed_checks;
static const char *tap_skipped;

static inline bool tap_ok(bool holds, const char *what, const char *file, int line)
{
	tap_checks++;
	if (!holds) {
		tap_failed_checks++;
		printf("# %s:%d: %s\n", file, line, what);
	}
	return holds;
}

static inline bool tap_is(intmax_t got, intmax_t wanted, const char *what, const char *file,
			  int line)
{
	bool holds = tap_ok(got == wanted, what, file, line);

	if (!holds)
		printf("#   got %" PRIdMAX ", wanted %" PRIdMAX "\n", got, wanted);
	return holds;
}

static inline bool tap_is_text(const char *got, const char *wanted, const char *what,
			       const char *file, int line)
{
	bool same = got == wanted || (got && wanted && strcmp(got, wanted) == 0);

	if (!tap_ok(same, what, file, line)) {
		/* A TAP reader takes lines: what is shown must not look like one of its own. */
		printf("#   got    \"");
		for (const char *c = got ? got : "(null)"; *c; c++)
			printf(*c == '\n' ? "\\n\n#           " : "%c", *c);
		printf("\"\n#   wanted \"");
		for (const char *c = wanted ? wanted : "(null)"; *c; c++)
			printf(*c == '\n' ? "\\n\n#           " : "%c", *c);
		printf("\"\n");
	}
	return same;
}

#define OK(CONDITION) tap_ok((CONDITION), #CONDITION, __FILE__, __LINE__)
#define IS(GOT, WANTED)                                                                            \
	tap_is((intmax_t)(GOT), (intmax_t)(WANTED), #GOT " is " #WANTED, __FILE__, __LINE__)
#define IS_TEXT(GOT, WANTED) tap_is_text((GOT), (WANTED), #GOT " is " #WANTED, __FILE__, __LINE__)
#define HAS_TEXT(GOT, PART)                                                                        \
	do {                                                                                       \
		const char *tap_got_ = (GOT);                                                      \
		if (!tap_ok(tap_got_ && strstr(tap_got_, (PART)), #GOT " has " #PART, __FILE__,    \
			    __LINE__))                                                             \
			printf("#   got %s\n", tap_got_ ? tap_got_ : "(null)");                    \
	} while (0)
/* For tables: names the row in what follows when a check of it fails. */
#define ROW(FORMAT, ...)                                                                           \
	do {                                                                                       \
		if (tap_failed_checks > 0)                                                         \
			printf("# row " FORMAT "\n", __VA_ARGS__);                                 \
	} while (0)
#define SKIP_TEST(REASON)                                                                          \
	do {                                                                                       \
		tap_skipped = (REASON);                                                            \
		return;                                                                            \
	} while (0)
#define T(NAME) {#NAME, NAME},

static inline int tap_main(const struct tap_test *tests, size_t count)
{
	bool must_run = getenv("MILEPOST_MUST_RUN") != NULL;
	bool all_passed = true;

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		bool passed;

		tap_checks = 0;
		tap_failed_checks = 0;
		tap_skipped = NULL;
		tests[i].run();
		passed = tap_failed_checks == 0 && (tap_checks > 0 || (tap_skipped && !must_run));
		if (!passed && tap_failed_checks == 0)
			printf("# %s\n", tap_skipped ? "may not skip: MILEPOST_MUST_RUN is set"
						     : "no check was made");
		printf("%sok %zu - %s%s%s\n", passed ? "" : "not ", i + 1, tests[i].name,
		       tap_skipped ? " # SKIP " : "", tap_skipped ? tap_skipped : "");
		all_passed = all_passed && passed;
	}
	return all_passed ? 0 : 1;
}

#define TAP_MAIN(...)                                                                              \
	int main(void)                                                                             \
	{                                                                                          \
		static const struct tap_test tests[] = {__VA_ARGS__};                              \
		return tap_main(tests, sizeof(tests) / sizeof(tests[0]));                          \
	}

#endif
