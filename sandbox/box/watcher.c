/* SPDX-License-Identifier: MIT */
/*
 * The watcher: one process per box, between its client and the box.
 *
 *     client == events, requests ==> watcher == ask ==> shim (process 1) --fork--> command
 *            <= shared memory ====         <== pipes of stdout and stderr ========
 *
 * One loop of poll: the client's sockets, the launcher's life line, the shim's words, its pidfd, the pipes,
 * refused calls, memory events. The box ends when the shim does; the kernel then has ended all else in it.
 * The client's end of a socket closing means that the client is gone: the box is killed. The box outlives
 * neither its watcher (the shim dies with its parent) nor its launcher (the life line ends).
 */
#include "sandbox/box/watcher.h"

#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"
#include "sandbox/jail/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BESIDE_WAIT_MS = 10000 };

void watcher_tell(struct watcher *watcher, const struct mp_event *event)
{
	struct event_message message = {.event = *event};

	(void)!message_send(watcher->events_fd, &message, sizeof(message), NULL, 0, MSG_DONTWAIT);
}

void watcher_kill(struct watcher *watcher, enum mp_end why)
{
	if (watcher->is_killed)
		return;
	watcher->is_killed = true;
	watcher->why = why;
	if (watcher->ended_us == 0)
		watcher->ended_us = clock_now_us();
	group_kill(&watcher->jail.group);
	if (watcher->jail.shim_fd >= 0)
		(void)syscall(SYS_pidfd_send_signal, watcher->jail.shim_fd, SIGKILL, NULL, 0);
}

/* The box beside lends its user namespace and its scratch, when it is ready itself. */
static int borrow(struct watcher *watcher)
{
	struct pollfd polled[2] = {{watcher->beside_fd, POLLIN, 0}, {watcher->events_fd, 0, 0}};
	struct shim_message answer;
	int fds[MESSAGE_FDS_MAX];
	int result;

	if (poll(polled, 2, BESIDE_WAIT_MS) <= 0 || !polled[0].revents)
		return mp_fail(&watcher->err, MP_FAULT_HOST, -ETIME,
			       "the box beside lends nothing");
	result = message_receive(watcher->beside_fd, &answer, sizeof(answer), fds, 0);
	if (result <= 0 || answer.code < 0 || fds[0] < 0 || fds[1] < 0)
		return mp_fail(&watcher->err, MP_FAULT_HOST, result > 0 ? answer.code : -EPIPE,
			       "the box beside has ended");
	watcher->jail.userns_fd = fds[0];
	watcher->jail.scratch_fd = fds[1];
	return 0;
}

static int open_pipes(struct watcher *watcher)
{
	for (int i = 0; i < 2; i++) {
		int ends[2];

		if (watcher->jail.stdio[i + 1] >= 0 || !watcher->spec->argv)
			continue;
		if (pipe2(ends, O_CLOEXEC) < 0)
			return mp_fail(&watcher->err, MP_FAULT_HOST, -errno, "pipe");
		(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
		watcher->pipes[i] = ends[0];
		watcher->jail.stdio[i + 1] = ends[1];
	}
	return 0;
}

static int build(struct watcher *watcher)
{
	struct jail *jail = &watcher->jail;
	struct shim_message go = {.kind = ASK_GO};
	int result = plan_make(watcher->spec, watcher->host, watcher->uid_base, &watcher->plan,
			       &watcher->err);

	if (result == 0 && watcher->beside_fd >= 0)
		result = borrow(watcher);
	if (result == 0)
		result = open_pipes(watcher);
	if (result == 0)
		result = jail_walk(jail, STEP_WATCHER, &watcher->err);
	if (result == 0) {
		result = message_send(jail->ask_fd, &go, sizeof(go), NULL, 0, 0);
		if (result < 0)
			result = mp_fail(&watcher->err, MP_FAULT_HOST, result, "talk to the shim");
	}
	for (int i = 0; i < JAIL_STDIO; i++)
		cleanup_fd(&jail->stdio[i]);
	for (int i = 0; i < PLAN_SLOTS_MAX; i++)
		cleanup_fd(&jail->trees[i]);
	cleanup_fd(&jail->scratch_fd);
	cleanup_fd(&jail->userns_fd);
	return result;
}

enum {
	AT_EVENTS,
	AT_LIFE,
	AT_REQUESTS,
	AT_ASK,
	AT_SHIM,
	AT_OUT,
	AT_ERR,
	AT_NOTIFY,
	AT_OOM,
	AT_MEMORY,
	AT_PIDS,
	AT_COUNT
};

/* v1 kernels since 6.11 count refused processes but tell nobody who polls: they are looked at this often. */
enum { LOOK_AT_PIDS_V1_US = 25000 };

/* us until the next thing that time alone brings; -1: nothing. */
static int64_t time_left_us(const struct watcher *watcher, int64_t now_us)
{
	bool is_v1 = watcher->is_ready && watcher->jail.group.kind == HOST_CGROUP_V1;
	int64_t wall = watcher->spec->wall_ms > 0 && watcher->is_ready
			       ? watcher->started_us + watcher->spec->wall_ms * 1000
			       : 0;
	const int64_t times[] = {wall, watcher->next_cpu_us, watcher->next_listen_us,
				 is_v1 ? now_us + LOOK_AT_PIDS_V1_US : 0};
	int64_t next = 0;

	if (watcher->is_killed || watcher->is_ended)
		return -1;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (times[i] > 0 && (next == 0 || times[i] < next))
			next = times[i];
	return next == 0 ? -1 : next < now_us ? 0 : next - now_us;
}

static void wait_for_news(struct watcher *watcher, struct pollfd *polled)
{
	const struct cgroup *group = &watcher->jail.group;
	bool is_alive = watcher->is_ready && !watcher->is_killed;
	bool is_v1 = group->kind == HOST_CGROUP_V1;
	const struct pollfd wanted[AT_COUNT] = {
		[AT_EVENTS] = {watcher->is_client_gone ? -1 : watcher->events_fd, POLLIN, 0},
		[AT_LIFE] = {watcher->is_client_gone ? -1 : watcher->life_fd, POLLIN, 0},
		[AT_REQUESTS] = {is_alive ? watcher->requests_fd : -1, POLLIN, 0},
		[AT_ASK] = {watcher->jail.ask_fd, POLLIN, 0},
		[AT_SHIM] = {watcher->is_shim_gone ? -1 : watcher->jail.shim_fd, POLLIN, 0},
		[AT_OUT] = {watcher->pipes[0], POLLIN, 0},
		[AT_ERR] = {watcher->pipes[1], POLLIN, 0},
		[AT_NOTIFY] = {watcher->notify_fd, POLLIN, 0},
		[AT_OOM] = {is_alive ? watcher->oom_fd : -1, POLLIN, 0},
		[AT_MEMORY] = {is_alive && !is_v1 ? group->memory_event_fd : -1, POLLPRI, 0},
		[AT_PIDS] = {is_alive ? group->pids_event_fd : -1, POLLPRI, 0},
	};
	int64_t left = time_left_us(watcher, clock_now_us());
	struct timespec timeout = {left / 1000000, left % 1000000 * 1000};

	memcpy(polled, wanted, sizeof(wanted));
	while (ppoll(polled, AT_COUNT, left < 0 ? NULL : &timeout, NULL) < 0 && errno == EINTR)
		;
}

static void take_notification(struct watcher *watcher, const struct pollfd *polled)
{
	int result = polled->revents & POLLIN
			     ? seccomp_notify_answer(watcher->notify_fd, watcher->forbidden,
						     sizeof(watcher->forbidden))
			     : -EPIPE;

	if (result < 0)
		cleanup_fd(&watcher->notify_fd);
}

/* Any word of the client over the events socket means "kill"; so does its silence when the socket ends. */
static void take_client(struct watcher *watcher, const struct pollfd *polled)
{
	struct shim_message word;

	if (!(polled->revents & (POLLHUP | POLLERR)) &&
	    message_receive(watcher->events_fd, &word, sizeof(word), NULL, MSG_DONTWAIT) != 0) {
		watcher_kill(watcher, MP_END_SIGNALED);
		return;
	}
	watcher->is_client_gone = true;
	watcher_kill(watcher, MP_END_SIGNALED);
}

static void take_news(struct watcher *watcher, struct pollfd *polled)
{
	if (polled[AT_EVENTS].revents)
		take_client(watcher, &polled[AT_EVENTS]);
	if (polled[AT_LIFE].revents) {
		watcher->is_client_gone = true;
		watcher_kill(watcher, MP_END_SIGNALED);
	}
	if (polled[AT_ASK].revents)
		shim_take(watcher);
	for (int i = 0; i < 2; i++)
		if (polled[AT_OUT + i].revents)
			drain_pipe(watcher, i);
	if (polled[AT_NOTIFY].revents)
		take_notification(watcher, &polled[AT_NOTIFY]);
	if (polled[AT_OOM].revents) {
		uint64_t count;

		(void)!read(watcher->oom_fd, &count, sizeof(count));
	}
	if (polled[AT_REQUESTS].revents)
		requests_take(watcher);
	if (polled[AT_SHIM].revents)
		watcher->is_shim_gone = true;
}

/* Nothing in the box writes any more: take what its pipes still hold. */
static void drain_rest(struct watcher *watcher)
{
	for (int i = 0; i < 2; i++)
		for (int rounds = 0; watcher->pipes[i] >= 0 && rounds < 64; rounds++) {
			uint64_t before = atomic_load(&watcher->shared->streams[i].total);

			drain_pipe(watcher, i);
			if (atomic_load(&watcher->shared->streams[i].total) == before)
				break;
		}
}

/* The shim is dead, and all of the box with it: take its last words. */
static void take_rest(struct watcher *watcher)
{
	struct rusage usage = {0};
	int64_t used;

	while (watcher->jail.ask_fd >= 0 &&
	       poll(&(struct pollfd){watcher->jail.ask_fd, POLLIN, 0}, 1, 0) > 0)
		shim_take(watcher);
	if (watcher->jail.shim > 0)
		(void)wait4(watcher->jail.shim, NULL, __WALL, &usage);
	used = (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	if (watcher->jail.group.cpu_fd < 0 && !watcher->is_ended && used > watcher->cpu_us)
		watcher->cpu_us = used;
	if (watcher->ended_us == 0)
		watcher->ended_us = clock_now_us();
}

/* Settle how the box ended, once, while its group still has its figures. */
static void make_end(struct watcher *watcher)
{
	if (watcher->has_result)
		return;
	drain_rest(watcher);
	verdict_make(watcher, &watcher->result);
	watcher->has_result = true;
}

/* The last event, once. */
static void tell_end(struct watcher *watcher)
{
	struct mp_event event = {.kind = MP_EVENT_ENDED};

	make_end(watcher);
	event.result = watcher->result;
	if (!watcher->is_told)
		watcher_tell(watcher, &event);
	watcher->is_told = true;
}

static void watch(struct watcher *watcher)
{
	struct pollfd polled[AT_COUNT];

	while (!watcher->is_shim_gone) {
		int64_t now_us;

		wait_for_news(watcher, polled);
		take_news(watcher, polled);
		now_us = clock_now_us();
		/* Only the shim is left, on its way out: the client need not wait for that. */
		if (watcher->is_ended && !watcher->is_killed && !watcher->has_failed)
			tell_end(watcher);
		if (watcher->is_ended)
			continue;
		limits_look(watcher, now_us);
		if (watcher->is_ready)
			listeners_look(watcher, now_us);
	}
}

void watcher_run(struct watcher *watcher)
{
	/* The box must not have the client's memory, not even for a moment before exec. */
	(void)madvise(watcher->shared, watcher->shared->bytes, MADV_DONTFORK);
	if (build(watcher) < 0) {
		watcher->has_failed = true;
		watcher_kill(watcher, MP_END_SANDBOX_ERROR);
	}
	if (watcher->jail.shim_fd >= 0)
		watch(watcher);
	take_rest(watcher);
	/* A box that we ended, or that never was, is told when nothing at all is left. */
	make_end(watcher);
	group_remove(&watcher->jail.group);
	tell_end(watcher);
}
