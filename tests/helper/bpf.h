/* SPDX-License-Identifier: MIT */
/*
 * The classic BPF that system call filters are written in, walked without a kernel.
 * Source: the kernel's Documentation/networking/filter.rst, seccomp_check_filter() for what is allowed.
 */
#ifndef TESTS_HELPER_BPF_H
#define TESTS_HELPER_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { BPF_IS_BROKEN = 0x00bad000 }; /* no action of seccomp(2) has this value */

/* Would the kernel load this program? */
static inline bool bpf_is_valid(const struct sock_filter *code, size_t length)
{
	if (length == 0 || length > BPF_MAXINSNS || code[length - 1].code != (BPF_RET | BPF_K))
		return false;
	for (size_t i = 0; i < length; i++) {
		const struct sock_filter *at = &code[i];

		switch (at->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (at->k % 4 != 0 || at->k + 4 > sizeof(struct seccomp_data))
				return false;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
		case BPF_RET | BPF_K:
			break;
		case BPF_JMP | BPF_JA:
			if (at->k >= length - i - 1)
				return false;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			if (i + at->jt + 1 >= length || i + at->jf + 1 >= length)
				return false;
			break;
		default:
			return false;
		}
	}
	return true;
}

static inline bool bpf_holds(const struct sock_filter *at, uint32_t a)
{
	switch (BPF_OP(at->code)) {
	case BPF_JEQ:
		return a == at->k;
	case BPF_JGE:
		return a >= at->k;
	case BPF_JGT:
		return a > at->k;
	default:
		return (a & at->k) != 0;
	}
}

/* What a valid program answers; STEPS (may be NULL) gets the number of instructions walked. */
static inline uint32_t bpf_run(const struct sock_filter *code, size_t length,
			       const struct seccomp_data *data, size_t *steps)
{
	uint32_t a = 0;
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		const struct sock_filter *at = &code[i];

		count++;
		if (steps)
			*steps = count;
		if (at->code == (BPF_RET | BPF_K))
			return at->k;
		if (at->code == (BPF_LD | BPF_W | BPF_ABS))
			memcpy(&a, (const char *)data + at->k, sizeof(a));
		else if (at->code == (BPF_ALU | BPF_AND | BPF_K))
			a &= at->k;
		else if (at->code == (BPF_JMP | BPF_JA))
			i += at->k;
		else
			i += bpf_holds(at, a) ? at->jt : at->jf;
	}
	return BPF_IS_BROKEN;
}

#endif
