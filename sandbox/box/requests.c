/* SPDX-License-Identifier: MIT */
/*
 * Requests of the client go to the shim, answers come back the same way; the watcher adds nothing but the
 * bookkeeping of what is lent. A table says what each word of the shim does.
 */
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"
#include "sandbox/box/watcher.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Answer the client at once, without the shim. */
static void refuse(struct watcher *watcher, const struct shim_message *ask, int code)
{
	struct shim_message answer = {
		.kind = SAY_ANSWER, .of = ask->kind, .tag = ask->tag, .code = code};

	(void)!message_send(watcher->requests_fd, &answer, sizeof(answer), NULL, 0, MSG_DONTWAIT);
}

void requests_take(struct watcher *watcher)
{
	struct shim_message ask;
	int fds[MESSAGE_FDS_MAX];
	int result = message_receive(watcher->requests_fd, &ask, sizeof(ask), fds, MSG_DONTWAIT);

	if (result <= 0)
		return;
	if (ask.kind == ASK_LEND) {
		ask.tag = LENDS_MAX;
		for (uint32_t i = 0; i < LENDS_MAX; i++)
			if (watcher->lends[i] < 0) {
				watcher->lends[i] = mp_take_fd(&fds[0]);
				ask.tag = i;
				break;
			}
	}
	if (ask.kind != ASK_LEND || ask.tag < LENDS_MAX)
		result = message_send(watcher->jail.ask_fd, &ask, sizeof(ask), NULL, 0,
				      MSG_DONTWAIT);
	if (result < 0 && ask.kind != ASK_LEND)
		refuse(watcher, &ask, -ESRCH);
	for (size_t i = 0; i < MESSAGE_FDS_MAX; i++)
		cleanup_fd(&fds[i]);
}

static void take_ready(struct watcher *watcher, const struct shim_message *say, int *fds)
{
	watcher->is_ready = true;
	watcher->jail.group.cpu_start_us = say->cpu_us;
	watcher->started_us = clock_now_us();
	watcher->diagnosis_fd = mp_take_fd(&fds[0]);
	if (profile_row(watcher->spec->profile)->watches_listeners && watcher->spec->argv)
		watcher->next_listen_us = watcher->started_us + 1;
	limits_start(watcher);
}

static void take_failed(struct watcher *watcher, const struct shim_message *say, int *fds)
{
	(void)fds;
	if (watcher->has_failed)
		return;
	watcher->has_failed = true;
	(void)mp_fail(&watcher->err, MP_FAULT_HOST, -EBADMSG, "%.*s", (int)sizeof(say->text) - 1,
		      say->text);
}

static void take_no_start(struct watcher *watcher, const struct shim_message *say, int *fds)
{
	(void)fds;
	watcher->is_not_started = true;
	watcher->start_errno = -say->code;
	(void)mp_fail(&watcher->err, MP_FAULT_USAGE, say->code, "cannot %.*s",
		      (int)sizeof(say->text) - 1, say->text);
}

static void take_notify(struct watcher *watcher, const struct shim_message *say, int *fds)
{
	(void)say;
	if (watcher->notify_fd < 0)
		watcher->notify_fd = mp_take_fd(&fds[0]);
}

static void take_ended(struct watcher *watcher, const struct shim_message *say, int *fds)
{
	(void)fds;
	if (watcher->is_ended)
		return;
	watcher->is_ended = true;
	watcher->ended_us = clock_now_us();
	watcher->status = (int)say->number;
	watcher->scratch_state = say->code;
	watcher->cpu_us = say->cpu_us > 0 ? say->cpu_us : 0;
}

static void take_answer(struct watcher *watcher, const struct shim_message *say, int *fds)
{
	size_t count = 0;

	if (say->of == ASK_OWNER) {
		listeners_take_owner(watcher, say->tag, say->text);
		return;
	}
	if (say->of == ASK_USAGE) {
		limits_take_usage(watcher, say->number);
		return;
	}
	while (count < MESSAGE_FDS_MAX && fds[count] >= 0)
		count++;
	if (say->of != ASK_LEND) {
		(void)!message_send(watcher->requests_fd, say, sizeof(*say), fds, count,
				    MSG_DONTWAIT);
	} else if (say->tag < LENDS_MAX && watcher->lends[say->tag] >= 0) {
		(void)!message_send(watcher->lends[say->tag], say, sizeof(*say), fds, count,
				    MSG_DONTWAIT);
		cleanup_fd(&watcher->lends[say->tag]);
	}
}

void shim_take(struct watcher *watcher)
{
	static void (*const takes[])(struct watcher *, const struct shim_message *, int *) = {
		[SAY_READY] = take_ready,	[SAY_FAILED] = take_failed,
		[SAY_NO_START] = take_no_start, [SAY_NOTIFY] = take_notify,
		[SAY_ENDED] = take_ended,	[SAY_ANSWER] = take_answer,
	};
	struct shim_message say;
	int fds[MESSAGE_FDS_MAX];
	int result = message_receive(watcher->jail.ask_fd, &say, sizeof(say), fds, MSG_DONTWAIT);

	if (result == 0) {
		cleanup_fd(&watcher->jail.ask_fd);
		return;
	}
	if (result < 0)
		return;
	if (say.kind < sizeof(takes) / sizeof(takes[0]) && takes[say.kind])
		takes[say.kind](watcher, &say, fds);
	for (size_t i = 0; i < MESSAGE_FDS_MAX; i++)
		cleanup_fd(&fds[i]);
}
