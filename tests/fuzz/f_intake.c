/* SPDX-License-Identifier: MIT */
/*
 * What a reader may say, byte by byte: frames and claims never read outside their bounds, write only checked
 * paths, and never more than the limits.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/intake/claim.h"
#include "grader/intake/limits.h"
#include "grader/intake/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

struct sink_state {
	bool is_open;
	int64_t bytes;
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static int sink_open(void *context, const char *path, bool is_executable, struct mp_error *err)
{
	struct sink_state *state = context;

	(void)is_executable;
	(void)err;
	must(!state->is_open && !path_threat(path, strlen(path)));
	state->is_open = true;
	return 0;
}

static int sink_write(void *context, const void *bytes, size_t count, struct mp_error *err)
{
	struct sink_state *state = context;

	(void)bytes;
	(void)err;
	state->bytes += (int64_t)count;
	must(state->is_open && state->bytes <= INTAKE_BYTES_MAX);
	return 0;
}

static int sink_close(void *context, struct mp_error *err)
{
	struct sink_state *state = context;

	(void)err;
	must(state->is_open);
	state->is_open = false;
	return 0;
}

static void sink_fact(void *context, enum fact_kind kind, const char *path, const char *detail,
		      int64_t bytes)
{
	(void)context;
	(void)bytes;
	must(kind <= FACT_SHALLOW && !path_threat(path, strlen(path)));
	must((detail != NULL) == (kind == FACT_LINK || kind == FACT_LINK_LEAVES));
}

static const struct claim_sink sink = {sink_open, sink_write, sink_close, sink_fact};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static struct frame_input input;
	struct sink_state state = {0};
	struct claim *claim = claim_new(&sink, &state);
	struct mp_error err;
	struct frame frame;
	int ret = 0;

	input.start = 0;
	input.end = 0;
	while (ret == 0) {
		size_t room;
		uint8_t *to;

		ret = frame_next(&input, &frame);
		if (ret == 1) {
			ret = claim_take(claim, &frame, &err);
			continue;
		}
		to = frame_input_space(&input, &room);
		room = room < count ? room : count;
		if (ret < 0 || room == 0)
			break;
		memcpy(to, bytes, room);
		frame_input_add(&input, room);
		bytes += room;
		count -= room;
	}
	(void)claim_free(claim);
	return 0;
}
