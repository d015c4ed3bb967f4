/* SPDX-License-Identifier: MIT */
/* Output of the box: read straight into the memory that the client sees, so nothing waits for the client. */
#include "sandbox/box/watcher.h"

#include <errno.h>
#include <unistd.h>

/* A box that writes without end must not keep the watcher from its other work. */
enum { DRAIN_ROUNDS = 16, DISCARD_BYTES = 65536 };

void drain_pipe(struct watcher *watcher, int index)
{
	static char discard[DISCARD_BYTES];
	const struct profile *profile = profile_row(watcher->spec->profile);
	struct shared_stream *stream = &watcher->shared->streams[index];
	struct mp_event event = {.kind = MP_EVENT_OUTPUT};
	bool has_more = false;

	for (int i = 0; i < DRAIN_ROUNDS; i++) {
		size_t room;
		char *place = stream_room(watcher->shared, index, &room);
		ssize_t got = read(watcher->pipes[index], place ? place : discard,
				   place ? room : sizeof(discard));

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0 || (got < 0 && errno != EAGAIN)) {
			(void)close(watcher->pipes[index]);
			watcher->pipes[index] = -1;
		}
		if (got <= 0)
			break;
		stream_grow(watcher->shared, index, (size_t)got);
		has_more = true;
	}
	if (!has_more)
		return;
	if (profile->ends_on_output && atomic_load(&stream->total) > stream->keep)
		watcher_kill(watcher, MP_END_OUTPUT);
	if (!atomic_exchange(&watcher->shared->is_told, true))
		watcher_tell(watcher, &event);
}
