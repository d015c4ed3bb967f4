/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: what a learner's program said when it failed, read for a module that this machine lacks. The first byte
 * chooses the language and whether the curated modules were there. It is the learner's or ours, never
 * another error; ours only by the interpreter's own words, and told in a line that can be shown.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/bench/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Does one of the phrases of PACK, a line each, stand in the bytes? */
static bool has_phrase(const struct pack *pack, const char *bytes, size_t count)
{
	const char *phrase = pack->lacking;

	while (*phrase) {
		size_t length = strcspn(phrase, "\n");

		if (memmem(bytes, count, phrase, length))
			return true;
		phrase += length + (phrase[length] == '\n');
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t rows = 0;

	while (packs[rows].word)
		rows++;
	if (size > 0) {
		const struct pack *pack = &packs[(data[0] >> 1) % rows];
		const char *said = (const char *)data + 1;
		struct mp_error err = {0};
		int code = pack_check_said(pack, said, size - 1, data[0] & 1, &err);

		must(code == 0 || code == -ENOPKG);
		must((code == 0) == (err.text[0] == '\0'));
		must(code == 0 || (err.fault == MP_FAULT_HOST && has_phrase(pack, said, size - 1)));
		for (const char *c = err.text; *c; c++)
			must((unsigned char)*c >= 0x20 && (unsigned char)*c < 0x7f);
		must(pack_check_said(NULL, said, size - 1, false, &err) == 0);
	}
	return 0;
}
