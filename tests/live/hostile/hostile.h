/* SPDX-License-Identifier: MIT */
/*
 * For the small hostile programs: each tries one thing in a box and says how it went. What the box must
 * prevent and did not is printed as "escaped: ..." and ends with 99; "held" and 0 otherwise.
 */
#ifndef TESTS_LIVE_HOSTILE_HOSTILE_H
#define TESTS_LIVE_HOSTILE_HOSTILE_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ESCAPED = 99 };

static inline void must_fail(bool has_succeeded, const char *what)
{
	if (!has_succeeded)
		return;
	printf("escaped: %s\n", what);
	(void)fflush(stdout);
	exit(ESCAPED);
}

/* The call must fail with this errno and no other. */
static inline void must_fail_with(long ret, int wanted, const char *what)
{
	int got = errno;

	if (ret < 0 && got == wanted)
		return;
	printf("escaped: %s: returned %ld, %s, wanted %s\n", what, ret,
	       ret < 0 ? strerrorname_np(got) : "no error", strerrorname_np(wanted));
	(void)fflush(stdout);
	exit(ESCAPED);
}

/* A small number that the test gave. */
static inline int number_of(const char *text)
{
	int number = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (*text - '0');
	return number;
}

static inline int held(void)
{
	puts("held");
	return 0;
}

#endif
