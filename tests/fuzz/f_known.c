/* SPDX-License-Identifier: MIT */
/* Known scores from any bytes: read or refused, and what was read is within its bounds. */
#include <stdint.h>
#include <stdlib.h>

#include "grader/cmd/known.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	mp_autoarena struct arena *arena = arena_new();
	struct mp_error err = {0};
	struct known known = {0};

	if (known_parse((const char *)data, size, arena, &known, &err) < 0 && known.count > 0)
		abort();
	for (size_t i = 0; i < known.count; i++) {
		const struct known_score *item = &known.items[i];

		if (item->score < 0 || item->score > 100 || item->counted < 0 ||
		    item->counted > 100 || item->status >= STATUS_COUNT ||
		    !known_best(&known, item->exercise))
			abort();
	}
	return 0;
}
