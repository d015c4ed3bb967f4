/* SPDX-License-Identifier: MIT */
/*
 * The loop. One descriptor a turn: what a callback closes can then not be waiting in the same list. The
 * kernel takes turns among those that are ready, so nobody starves.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "grader/serve/inside.h"
#include "sandbox/base/cleanup.h"

void loop_watch(struct server *server, struct watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = watch};
	int how = watch->events == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;

	if (watch->fd < 0 || watch->events == events)
		return;
	watch->events = events;
	/* Fails for want of kernel memory alone; then the ticks of each second go on. */
	(void)epoll_ctl(server->epoll_fd, how, watch->fd, &event);
}

void loop_close(struct server *server, struct watch *watch)
{
	loop_watch(server, watch, 0);
	cleanup_fd(&watch->fd);
}

int loop_turn(struct server *server, int timeout_ms, struct mp_error *err)
{
	struct epoll_event event;
	int count = epoll_wait(server->epoll_fd, &event, 1, timeout_ms);

	if (count < 0 && errno != EINTR)
		return mp_fail(err, MP_FAULT_HOST, -errno, "waiting");
	if (count == 1) {
		struct watch *watch = event.data.ptr;

		watch->ready(watch->owner, event.events);
	}
	return 0;
}
