/* SPDX-License-Identifier: MIT */
/*
 * What client, launcher and watcher of one box agree on: the memory that client and watcher share, and the
 * messages. The box itself sees none of it.
 *
 * The shared memory is a memfd: this header, the packed spec, and room for both output streams. The client
 * writes header and spec before it sends the descriptor; afterwards only the watcher writes, but for
 * is_told, by which the client says that it has taken the last MP_EVENT_OUTPUT.
 */
#ifndef SANDBOX_BOX_SHARED_H
#define SANDBOX_BOX_SHARED_H

#include "sandbox/base/text.h"

#include <milepost/box.h>
#include <stdatomic.h>

/* One stream: KEEP bytes at offset AT; byte i of the stream lies at i, later ones in the second half as a ring. */
struct shared_stream {
	uint64_t at, keep;
	_Atomic uint64_t total; /* bytes written by the box */
};

struct shared {
	uint64_t bytes; /* of the whole memory */
	uint64_t spec_at, spec_bytes;
	struct shared_stream streams[2];
	atomic_bool is_told; /* an MP_EVENT_OUTPUT is on its way */
};

/* Client to launcher. Descriptors: events, requests, memory, then those that `has` names, in its order. */
enum { LAUNCH_STDIN = 1, LAUNCH_STDOUT = 2, LAUNCH_BESIDE = 4, LAUNCH_TALK = 8 };
struct launch_message {
	uint64_t bytes; /* of the memory */
	uint32_t has;
	uint32_t unused;
};

/* Watcher to client, over the events socket. */
struct event_message {
	struct mp_event event;
};

/* Client to watcher over the events socket: any message means "kill". Over the requests socket: struct shim_message. */

/* The spec as bytes, so that the launcher can read it from the shared memory. */
void spec_pack(const struct mp_box_spec *spec, struct text *text);

/* A spec whose texts lie in the packed bytes. */
struct unpacked_spec {
	struct mp_box_spec spec;
	const char *argv[MP_ARGS_MAX + 1];
	const char *env[MP_ENV_MAX + 1];
};

/* Read COUNT bytes; RET_SPEC borrows them. Errors: -EBADMSG not a packed spec. */
MP_MUST_CHECK int spec_unpack(const char *bytes, size_t count, struct unpacked_spec *ret_spec);

/* Where the next bytes of the stream go, and how many fit there; no room at all when nothing is kept. */
char *stream_room(struct shared *shared, int index, size_t *ret_room);

/* COUNT bytes were put there, or dropped when nothing is kept. */
void stream_grow(struct shared *shared, int index, size_t count);

/* What is kept of the stream; TAIL_BUFFER (keep / 2 bytes or more) gets the end when the middle is gone. */
void stream_read(const struct shared *shared, int index, char *tail_buffer,
		 struct mp_output *ret_output);

#endif
