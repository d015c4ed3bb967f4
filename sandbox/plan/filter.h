/* SPDX-License-Identifier: MIT */
/*
 * The system call filter of each profile: a table of rules, and the BPF programs made of it.
 *
 * The table (filter_rules.c) is read by tool_filters.c, which runs at build time and writes the programs
 * for every architecture into gen/filter_tables.h. The programs in their turn are loaded by the jail and
 * walked by unit tests. Nothing that is installed links libseccomp.
 */
#ifndef SANDBOX_PLAN_FILTER_H
#define SANDBOX_PLAN_FILTER_H

#include <linux/filter.h>
#include <milepost/box.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILTER_TESTS_MAX = 3, FILTER_ARGUMENTS = 6 };

/* Bit of a profile, for filter_rule.profiles. */
#define FILTER_PROFILE(PROFILE) (1U << (PROFILE))

/*
 * Holds when the low 32 bits of an argument, masked, are one of VALUES. Bits 32 to 63 are never looked
 * at: the kernel cuts them off the arguments that are tested here, so a caller may set them as he likes.
 */
struct filter_test {
	uint8_t argument; /* 0..5 */
	uint32_t mask;
	const uint32_t *values; /* static; NULL: no test */
	size_t count;		/* of values, at least 1 */
};

/*
 * One rule for some calls in some profiles. Of the rules that name a call, in the order of the table,
 * the first one whose tests all hold answers. A call that no rule answers gets ENOSYS.
 */
struct filter_rule {
	const char *
		calls; /* names separated by blanks; names that an architecture lacks are left out there */
	uint32_t profiles; /* FILTER_PROFILE bits */
	int answer;	   /* 0: allowed; else the errno */
	bool is_named;	   /* asks the watcher, which notes the name and gives ANSWER */
	struct filter_test tests[FILTER_TESTS_MAX]; /* those with values must all hold */
};

extern const struct filter_rule filter_rules[];
extern const size_t filter_rule_count;

enum filter_arch { FILTER_X86_64, FILTER_AARCH64, FILTER_ARCH_COUNT };

/* The architecture that this is compiled for. */
enum filter_arch filter_native_arch(void);

/* A BPF program: static, read-only. */
struct filter_program {
	const struct sock_filter *code;
	unsigned short length; /* instructions */
};

/* The program of PROFILE; without WANTS_NOTIFY the named calls are refused by it, not asked about. */
struct filter_program filter_program(enum filter_arch arch, enum mp_profile profile,
				     bool wants_notify);

/* A call of the table on one architecture. */
struct filter_call {
	int number;
	const char *name; /* static */
	bool is_named;	  /* in the short list: can ask the watcher */
	int answer;	  /* the errno it gets then */
};

/* The named call NUMBER of ARCH, or NULL. */
const struct filter_call *filter_named_call(enum filter_arch arch, int number);

/* All calls of the table that exist on ARCH, sorted by number: for tests and for `explain`. */
const struct filter_call *filter_calls(enum filter_arch arch, size_t *ret_count);

#endif
