/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: foreign bytes shown to a person. What comes out is valid UTF-8 without control characters, is cut
 * where its bound says, and is the same however it was added.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void must_be_visible(const struct text *text)
{
	size_t i = 0;

	while (i < text->length) {
		size_t length = text_utf8_length(text->data + i, text->length - i);

		must(length > 0 && (unsigned char)text->data[i] >= 0x20 && text->data[i] != 0x7f);
		/* No C1 control, no mark that turns the direction. */
		must(length != 2 || text->data[i] != '\xc2' ||
		     (unsigned char)text->data[i + 1] >= 0xa0);
		must(length != 3 || memcmp(text->data + i, "\xe2\x80\xae", 3) != 0);
		i += length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t most = size > 0 ? data[0] : 0;
	mp_autotext struct text whole;
	mp_autotext struct text cut;
	mp_autotext struct text bounded;

	text_init(&whole, 0);
	text_add_visible(&whole, (const char *)data, size, size);
	must_be_visible(&whole);
	must(!whole.is_cut && strlen(text_get(&whole)) == whole.length);
	text_init(&cut, 0);
	text_add_visible(&cut, (const char *)data, size, most);
	must_be_visible(&cut);
	must(cut.length <= whole.length + 3);
	text_init(&bounded, 16);
	text_add_visible(&bounded, (const char *)data, size, size);
	must(bounded.length <= 16 && bounded.is_cut == (whole.length > 16));
	return 0;
}
