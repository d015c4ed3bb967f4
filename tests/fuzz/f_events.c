/* SPDX-License-Identifier: MIT */
/* The events of a grading from any bytes, in two parts: taken or refused, and what was taken is within its bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/workers/events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int show(void *context, const char *kind, const char *body, struct mp_error *err)
{
	(void)context;
	(void)err;
	if (!kind || body[0] != '{')
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	mp_autoarena struct arena *arena = arena_new();
	struct mp_error err = {0};
	struct events events;
	size_t half = size / 2;
	int ret;

	events_init(&events, arena);
	ret = events_take(&events, (const char *)data, half, show, NULL, &err);
	if (ret == 0)
		ret = events_take(&events, (const char *)data + half, size - half, show, NULL,
				  &err);
	if (ret != 0 && !err.text[0])
		abort();
	for (size_t i = 0; i < events.result_count; i++) {
		const struct result *result = &events.results[i];

		if (result->score < result->counted || result->score > 100 || !result->page ||
		    strlen(result->exercise) > 31)
			abort();
	}
	events_done(&events);
	return 0;
}
