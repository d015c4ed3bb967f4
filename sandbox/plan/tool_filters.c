/* SPDX-License-Identifier: MIT */
/*
 * Runs at build time: turns the table of rules into BPF programs, printed as a C header. Each goes
 * through three hands:
 *
 * 1. libseccomp knows the numbers of calls on each architecture, and makes a program that checks the
 *    architecture and finds the call. It cannot say "otherwise" (a call whose tests fail gets the default
 *    of the whole filter), so calls with tests get a mark: SECCOMP_RET_TRACE with an index.
 * 2. That program is asked about every number, and its answers are written again as a binary tree over
 *    ranges of numbers with one answer: a third of the instructions, so loading costs half.
 * 3. Each mark becomes a jump to a few instructions behind the tree: the rules of that call in their
 *    order, and ENOSYS at the end.
 *
 * A foreign architecture, x32 among them, kills: no program of ours has such code.
 */
#include <assert.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sandbox/plan/filter.h"

enum { CALLS_MAX = 512, CODE_MAX = BPF_MAXINSNS, NUMBERS_MAX = 1024, RANGES_MAX = NUMBERS_MAX + 4 };

struct arch {
	const char *word;
	uint32_t token;
};

static const struct arch arches[FILTER_ARCH_COUNT] = {
	[FILTER_X86_64] = {"x86_64", SCMP_ARCH_X86_64},
	[FILTER_AARCH64] = {"aarch64", SCMP_ARCH_AARCH64},
};

/* The names that the table uses, each once: its index is the mark of a call with tests. */
struct names {
	const char *at[CALLS_MAX];
	size_t count;
	char *memory; /* owned */
};

struct code {
	struct sock_filter at[CODE_MAX];
	size_t length;
};

static void die(const char *what, const char *which, int code)
{
	(void)fprintf(stderr, "tool_filters: %s%s%s: %s\n", what, *which ? " " : "", which,
		      strerrordesc_np(-code));
	exit(1);
}

static int names_find(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->at[i], name) == 0)
			return (int)i;
	return -1;
}

/* Collect every name of the table. A name that libseccomp knows on no architecture is a slip. */
static void names_init(struct names *names)
{
	size_t size = 1;
	char *at;
	char *rest;

	for (size_t i = 0; i < filter_rule_count; i++)
		size += strlen(filter_rules[i].calls) + 1;
	*names = (struct names){.memory = calloc(size, 1)};
	if (!names->memory)
		die("no memory", "", -ENOMEM);
	at = names->memory;
	for (size_t i = 0; i < filter_rule_count; i++) {
		size_t length = strlen(filter_rules[i].calls);

		memcpy(at, filter_rules[i].calls, length);
		at[length] = ' ';
		at += length + 1;
	}
	rest = names->memory;
	for (char *name = strsep(&rest, " "); name; name = strsep(&rest, " ")) {
		if (*name == '\0')
			continue;
		if (seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR)
			die("no call of the name", name, -EINVAL);
		if (names_find(names, name) >= 0)
			continue;
		if (names->count == CALLS_MAX)
			die("too many names", name, -E2BIG);
		names->at[names->count++] = name;
	}
}

static bool rule_has(const struct filter_rule *rule, enum mp_profile profile, const char *name)
{
	size_t length = strlen(name);

	if (!(rule->profiles & FILTER_PROFILE(profile)))
		return false;
	for (const char *at = rule->calls; (at = strstr(at, name)); at += length)
		if ((at == rule->calls || at[-1] == ' ') &&
		    (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static const struct filter_rule *rule_next(enum mp_profile profile, const char *name, size_t *from)
{
	while (*from < filter_rule_count) {
		const struct filter_rule *rule = &filter_rules[(*from)++];

		if (rule_has(rule, profile, name))
			return rule;
	}
	return NULL;
}

static uint32_t rule_action(const struct filter_rule *rule, bool wants_notify)
{
	if (rule->answer == 0)
		return SECCOMP_RET_ALLOW;
	if (rule->is_named && wants_notify)
		return SECCOMP_RET_USER_NOTIF;
	return SECCOMP_RET_ERRNO | (uint32_t)rule->answer;
}

/* --- the part of libseccomp ------------------------------------------------------------------------ */

static void add_calls(scmp_filter_ctx filter, const struct arch *arch, const struct names *names,
		      enum mp_profile profile, bool wants_notify)
{
	for (size_t i = 0; i < names->count; i++) {
		size_t from = 0;
		const struct filter_rule *rule = rule_next(profile, names->at[i], &from);
		uint32_t action;
		int ret;

		if (!rule || seccomp_syscall_resolve_name_arch(arch->token, names->at[i]) < 0)
			continue;
		action = rule_action(rule, wants_notify);
		if (rule->tests[0].values)
			action = SECCOMP_RET_TRACE | (uint32_t)i;
		if (action == (SECCOMP_RET_ERRNO | ENOSYS))
			continue;
		ret = seccomp_rule_add(filter, action, seccomp_syscall_resolve_name(names->at[i]),
				       0);
		if (ret < 0)
			die("rule for", names->at[i], ret);
	}
}

static void export_code(scmp_filter_ctx filter, struct code *ret_code)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	int ret = fd < 0 ? -errno : seccomp_export_bpf(filter, fd);
	ssize_t got;

	if (ret < 0)
		die("export", "", ret);
	got = pread(fd, ret_code->at, sizeof(ret_code->at), 0);
	if (got <= 0 || (size_t)got % sizeof(struct sock_filter) != 0)
		die("export", "", -EIO);
	ret_code->length = (size_t)got / sizeof(struct sock_filter);
	(void)close(fd);
}

static void compile_numbers(const struct arch *arch, const struct names *names,
			    enum mp_profile profile, bool wants_notify, struct code *ret_code)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int ret = 0;

	if (!filter)
		die("seccomp_init", "", -ENOMEM);
	if (arch->token != seccomp_arch_native()) {
		ret = seccomp_arch_add(filter, arch->token);
		if (ret == 0)
			ret = seccomp_arch_remove(filter, seccomp_arch_native());
	}
	if (ret == 0)
		ret = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (ret == 0)
		ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (ret < 0)
		die("settings for", arch->word, ret);
	add_calls(filter, arch, names, profile, wants_notify);
	export_code(filter, ret_code);
	seccomp_release(filter);
}

/* --- the tree over ranges --------------------------------------------------------------------------- */

static void emit(struct code *code, uint16_t op, uint8_t yes, uint8_t no, uint32_t k)
{
	if (code->length == CODE_MAX)
		die("program too long", "", -E2BIG);
	code->at[code->length++] = (struct sock_filter){.code = op, .jt = yes, .jf = no, .k = k};
}

static bool jumps(const struct sock_filter *at, uint32_t a)
{
	switch (BPF_OP(at->code)) {
	case BPF_JEQ:
		return a == at->k;
	case BPF_JGT:
		return a > at->k;
	case BPF_JGE:
		return a >= at->k;
	default:
		die("an instruction that is not expected", "", -EINVAL);
		return false;
	}
}

/* What libseccomp's program answers to a number: it looks at nothing else but the architecture. */
static uint32_t walk(const struct code *code, uint32_t audit_arch, uint32_t number)
{
	uint32_t a = 0;

	for (size_t i = 0; i < code->length; i++) {
		const struct sock_filter *at = &code->at[i];

		if (at->code == (BPF_RET | BPF_K))
			return at->k;
		if (at->code == (BPF_LD | BPF_W | BPF_ABS))
			a = at->k == offsetof(struct seccomp_data, arch) ? audit_arch : number;
		else if (at->code == (BPF_JMP | BPF_JA))
			i += at->k;
		else
			i += jumps(at, a) ? at->jt : at->jf;
	}
	die("a program without an end", "", -EINVAL);
	return 0;
}

/* Numbers from FIRST up to the next range's. */
struct range {
	uint32_t first;
	uint32_t action;
};

/* Behind the last call of any table only the bounds of x32 and -1 matter. */
static size_t find_ranges(const struct code *code, uint32_t audit_arch, struct range *ret_ranges)
{
	static const uint32_t bounds[] = {0x40000000, UINT32_MAX};
	size_t count = 0;

	for (uint32_t i = 0; i < NUMBERS_MAX + sizeof(bounds) / sizeof(bounds[0]); i++) {
		uint32_t number = i < NUMBERS_MAX ? i : bounds[i - NUMBERS_MAX];
		uint32_t action = walk(code, audit_arch, number);

		if (count == 0 || ret_ranges[count - 1].action != action)
			ret_ranges[count++] = (struct range){number, action};
	}
	return count;
}

/* Ranges LOW..HIGH still to be written; the comparison at FROM jumps to them (none: the first). */
struct branch {
	size_t low, high, from;
};

static void emit_tree(struct code *code, const struct range *ranges, size_t count)
{
	struct branch stack[32] = {{0, count - 1, 0}};
	size_t depth = 1;

	while (depth > 0) {
		struct branch at = stack[--depth];

		if (at.from && code->length - at.from - 1 > UINT8_MAX)
			die("tree too wide", "", -E2BIG);
		if (at.from)
			code->at[at.from].jt = (uint8_t)(code->length - at.from - 1);
		while (at.low < at.high) {
			size_t middle = (at.low + at.high + 1) / 2;

			stack[depth++] = (struct branch){middle, at.high, code->length};
			emit(code, BPF_JMP | BPF_JGE | BPF_K, 0, 0, ranges[middle].first);
			at.high = middle - 1;
		}
		emit(code, BPF_RET | BPF_K, 0, 0, ranges[at.low].action);
	}
}

static void write_again(const struct arch *arch, const struct code *from, struct code *ret_code)
{
	static struct range ranges[RANGES_MAX];
	size_t count = find_ranges(from, arch->token, ranges);

	ret_code->length = 0;
	emit(ret_code, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch));
	emit(ret_code, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, arch->token);
	emit(ret_code, BPF_RET | BPF_K, 0, 0, walk(from, 0, 0));
	emit(ret_code, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
	emit_tree(ret_code, ranges, count);
}

/* --- the part of the tests -------------------------------------------------------------------------- */

static size_t test_length(const struct filter_test *test)
{
	if (!test->values)
		return 0;
	return 1 + (test->mask != UINT32_MAX) + test->count;
}

/* One rule: falls through behind its last instruction when a test does not hold. */
static void emit_rule(struct code *code, const struct filter_rule *rule, bool wants_notify)
{
	size_t left = 1;

	for (size_t t = 0; t < FILTER_TESTS_MAX; t++)
		left += test_length(&rule->tests[t]);
	for (size_t t = 0; t < FILTER_TESTS_MAX && rule->tests[t].values; t++) {
		const struct filter_test *test = &rule->tests[t];

		left -= test_length(test);
		if (test->count + left > UINT8_MAX)
			die("too many values for", rule->calls, -E2BIG);
		/* Little-endian, as both architectures are: the low half comes first. */
		emit(code, BPF_LD | BPF_W | BPF_ABS, 0, 0,
		     (uint32_t)(offsetof(struct seccomp_data, args) + 8U * test->argument));
		if (test->mask != UINT32_MAX)
			emit(code, BPF_ALU | BPF_AND | BPF_K, 0, 0, test->mask);
		for (size_t v = 0; v < test->count; v++) {
			bool is_last = v + 1 == test->count;

			emit(code, BPF_JMP | BPF_JEQ | BPF_K, (uint8_t)(test->count - v - 1),
			     is_last ? (uint8_t)left : 0, test->values[v]);
		}
	}
	emit(code, BPF_RET | BPF_K, 0, 0, rule_action(rule, wants_notify));
}

/* All rules of one call; returns where they start. */
static size_t emit_call(struct code *code, enum mp_profile profile, const char *name,
			bool wants_notify)
{
	const struct filter_rule *rule;
	size_t start = code->length;
	size_t from = 0;

	while ((rule = rule_next(profile, name, &from))) {
		emit_rule(code, rule, wants_notify);
		if (!rule->tests[0].values)
			return start;
	}
	emit(code, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS);
	return start;
}

static void replace_marks(struct code *code, const struct names *names, enum mp_profile profile,
			  bool wants_notify)
{
	size_t starts[CALLS_MAX] = {0};
	size_t length = code->length;

	for (size_t i = 0; i < length; i++) {
		struct sock_filter *at = &code->at[i];
		uint32_t mark = at->k & SECCOMP_RET_DATA;

		if (at->code != (BPF_RET | BPF_K) ||
		    (at->k & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_TRACE)
			continue;
		assert(mark < names->count);
		if (starts[mark] == 0)
			starts[mark] = emit_call(code, profile, names->at[mark], wants_notify);
		*at = (struct sock_filter){.code = BPF_JMP | BPF_JA,
					   .k = (uint32_t)(starts[mark] - i - 1)};
	}
}

/* --- the header ------------------------------------------------------------------------------------- */

static void print_program(const struct arch *arch, const struct names *names,
			  enum mp_profile profile, bool wants_notify)
{
	static struct code numbers;
	static struct code code;

	compile_numbers(arch, names, profile, wants_notify, &numbers);
	write_again(arch, &numbers, &code);
	replace_marks(&code, names, profile, wants_notify);
	(void)printf("static const struct sock_filter filter_%s_%d_%d[] = {\n", arch->word,
		     (int)profile, wants_notify);
	for (size_t i = 0; i < code.length; i++)
		(void)printf("\t{0x%02x, %u, %u, 0x%08x},\n", code.at[i].code, code.at[i].jt,
			     code.at[i].jf, code.at[i].k);
	(void)printf("};\n\n");
}

static int compare_calls(const void *a, const void *b)
{
	return ((const struct filter_call *)a)->number - ((const struct filter_call *)b)->number;
}

static void print_calls(const struct arch *arch, const struct names *names)
{
	static struct filter_call calls[CALLS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < names->count; i++) {
		struct filter_call call = {.name = names->at[i]};

		call.number = seccomp_syscall_resolve_name_arch(arch->token, call.name);
		for (size_t r = 0; r < filter_rule_count; r++) {
			if (!filter_rules[r].is_named ||
			    !rule_has(&filter_rules[r], MP_PROFILE_PROGRAM, call.name))
				continue;
			call.is_named = true;
			call.answer = filter_rules[r].answer;
		}
		if (call.number >= 0)
			calls[count++] = call;
	}
	qsort(calls, count, sizeof(calls[0]), compare_calls);
	(void)printf("static const struct filter_call filter_calls_%s[] = {\n", arch->word);
	for (size_t i = 0; i < count; i++)
		(void)printf("\t{%d, \"%s\", %s, %d},\n", calls[i].number, calls[i].name,
			     calls[i].is_named ? "true" : "false", calls[i].answer);
	(void)printf("};\n\n");
}

static void print_indexes(void)
{
	(void)printf("#define FILTER_ENTRY(NAME) {NAME, sizeof(NAME) / sizeof(NAME[0])}\n"
		     "static const struct filter_program filter_programs[%d][%d][2] = {\n",
		     FILTER_ARCH_COUNT, MP_PROFILE_COUNT);
	for (size_t a = 0; a < FILTER_ARCH_COUNT; a++) {
		(void)printf("\t{\n");
		for (int p = 0; p < MP_PROFILE_COUNT; p++)
			(void)printf(
				"\t\t{FILTER_ENTRY(filter_%s_%d_0), FILTER_ENTRY(filter_%s_%d_1)},\n",
				arches[a].word, p, arches[a].word, p);
		(void)printf("\t},\n");
	}
	(void)printf(
		"};\n\nstatic const struct {\n\tconst struct filter_call *calls;\n\tsize_t count;\n"
		"} filter_call_tables[%d] = {\n",
		FILTER_ARCH_COUNT);
	for (size_t a = 0; a < FILTER_ARCH_COUNT; a++)
		(void)printf("\tFILTER_ENTRY(filter_calls_%s),\n", arches[a].word);
	(void)printf("};\n#undef FILTER_ENTRY\n");
}

int main(void)
{
	struct names names;

	names_init(&names);
	(void)printf("/* Written by tool_filters from filter_rules.c. */\n");
	for (size_t a = 0; a < FILTER_ARCH_COUNT; a++) {
		for (int p = 0; p < MP_PROFILE_COUNT; p++) {
			print_program(&arches[a], &names, (enum mp_profile)p, false);
			print_program(&arches[a], &names, (enum mp_profile)p, true);
		}
		print_calls(&arches[a], &names);
	}
	print_indexes();
	free(names.memory);
	return fflush(stdout) == 0 ? 0 : 1;
}
