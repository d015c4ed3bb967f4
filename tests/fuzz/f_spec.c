/* SPDX-License-Identifier: MIT */
/* Fuzz: bytes that claim to be a packed spec. They are refused, or name only texts that end inside. */
#include "sandbox/box/shared.h"
#include "sandbox/plan/plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t measured;

static void measure(const char *text)
{
	measured += text ? strlen(text) : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct unpacked_spec unpacked;
	struct text text mp_autotext;
	struct mp_box_spec spec;

	mp_box_spec_init(&spec);
	text_init(&text, 0);
	/* The first byte says how many binds the header claims; the rest are the texts. */
	spec.bind_count = size > 0 ? data[0] % (MP_BINDS_MAX + 2) : 0;
	spec.argv = (const char *const[]){NULL};
	text_add_bytes(&text, &spec, sizeof(spec));
	if (size > 1)
		text_add_bytes(&text, data + 1, size - 1);
	if (spec_unpack(text_get(&text), text.length, &unpacked) < 0)
		return 0;
	for (size_t i = 0; unpacked.spec.argv[i]; i++)
		measure(unpacked.spec.argv[i]);
	for (size_t i = 0; unpacked.spec.env[i]; i++)
		measure(unpacked.spec.env[i]);
	measure(unpacked.spec.dir);
	measure(unpacked.spec.host_name);
	for (size_t i = 0; i < unpacked.spec.bind_count; i++) {
		measure(unpacked.spec.binds[i].host_path);
		measure(unpacked.spec.binds[i].box_path);
	}
	return (int)(measured & 0);
}
