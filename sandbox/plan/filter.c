/* SPDX-License-Identifier: MIT */
/* The BPF programs of the filters, as tool_filters.c wrote them, by architecture and profile. */
#include "sandbox/plan/filter.h"

#include <assert.h>

#include "filter_tables.h"

enum filter_arch filter_native_arch(void)
{
#if defined(__x86_64__) && !defined(__ILP32__)
	return FILTER_X86_64;
#elif defined(__aarch64__) && !defined(__ILP32__)
	return FILTER_AARCH64;
#else
#error "milepost runs on x86-64 and aarch64"
#endif
}

struct filter_program filter_program(enum filter_arch arch, enum mp_profile profile,
				     bool wants_notify)
{
	assert(arch < FILTER_ARCH_COUNT && profile < MP_PROFILE_COUNT);
	return filter_programs[arch][profile][wants_notify];
}

const struct filter_call *filter_calls(enum filter_arch arch, size_t *ret_count)
{
	assert(arch < FILTER_ARCH_COUNT);
	*ret_count = filter_call_tables[arch].count;
	return filter_call_tables[arch].calls;
}

const struct filter_call *filter_named_call(enum filter_arch arch, int number)
{
	size_t count;
	const struct filter_call *calls = filter_calls(arch, &count);

	for (size_t i = 0; i < count; i++)
		if (calls[i].number == number && calls[i].is_named)
			return &calls[i];
	return NULL;
}
