/* SPDX-License-Identifier: MIT */
/*
 * The loop. One descriptor a turn: what a callback closes can then not be waiting in the same list. The
 * kernel takes turns among those that are ready, so nobody starves.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
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

void server_log(const char *format, ...)
{
	time_t now = time(NULL);
	mp_autotext struct text line;
	mp_autotext struct text shown;
	struct tm utc = {0};
	char stamp[32] = "";
	va_list args;

	(void)gmtime_r(&now, &utc);
	(void)strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &utc);
	text_init(&line, 4096);
	text_init(&shown, 8192);
	va_start(args, format);
	text_vaddf(&line, format, args);
	va_end(args);
	/* It may quote what others said. */
	text_add_visible(&shown, text_get(&line), line.length, line.length);
	(void)fprintf(stderr, "%s %s\n", stamp, text_get(&shown));
}
