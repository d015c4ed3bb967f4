/* SPDX-License-Identifier: MIT */
/*
 * Limits that the kernel counts but does not act on as we want: CPU time of the whole box, a child killed
 * for memory while its parent goes on, processes refused again and again.
 *
 * CPU is looked at when it could be used up at the earliest: what is left, divided by the CPUs that the box
 * has. Without a group the shim sums what /proc says of its processes; children that nobody waits for
 * escape that sum, which is said in docs/sandbox.md, and the wall limit answers.
 */
#include "sandbox/base/clock.h"
#include "sandbox/box/watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* A box that met its process limit this often is a bomb, whether or not it fails. */
enum { REFUSED_MAX = 256, POLL_MIN_US = 1000, POLL_BLIND_US = 10000 };

/* v1 tells of a lack of memory by an eventfd. Source: admin-guide/cgroup-v1/memory.rst, section 10. */
static int watch_memory_v1(struct cgroup *group)
{
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int control =
		openat(group->dirs[GROUP_MEMORY], "cgroup.event_control", O_WRONLY | O_CLOEXEC);
	char text[32];

	(void)snprintf(text, sizeof(text), "%d %d", event, group->memory_event_fd);
	if (event >= 0 && (control < 0 || write(control, text, strlen(text)) < 0)) {
		(void)close(event);
		event = -1;
	}
	if (control >= 0)
		(void)close(control);
	return event;
}

void limits_start(struct watcher *watcher)
{
	struct cgroup *group = &watcher->jail.group;

	if (group->kind == HOST_CGROUP_V1 && group->memory_event_fd >= 0)
		watcher->oom_fd = watch_memory_v1(group);
	/* A first read arms the poll on the events files. */
	(void)group_memory_kills(group);
	(void)group_refused_processes(group);
	if (watcher->spec->cpu_ms > 0)
		watcher->next_cpu_us = watcher->started_us + 1;
}

/* When the limit could be met at the earliest. */
static void plan_next_look(struct watcher *watcher, int64_t now_us)
{
	int64_t left = watcher->spec->cpu_ms * 1000 - watcher->cpu_us;
	int64_t cpus =
		watcher->spec->cpus > 0 ? watcher->spec->cpus : sysconf(_SC_NPROCESSORS_ONLN);
	int64_t least = watcher->jail.group.cpu_fd >= 0 ? POLL_MIN_US : POLL_BLIND_US;

	left /= cpus > 0 ? cpus : 1;
	watcher->next_cpu_us = now_us + (left < least ? least : left);
}

void limits_take_usage(struct watcher *watcher, int64_t used_us)
{
	watcher->asked_ms = 0;
	if (used_us > watcher->cpu_us)
		watcher->cpu_us = used_us;
	if (watcher->spec->cpu_ms <= 0)
		return;
	if (watcher->cpu_us >= watcher->spec->cpu_ms * 1000)
		watcher_kill(watcher, MP_END_CPU);
	else
		plan_next_look(watcher, clock_now_us());
}

static void look_at_cpu(struct watcher *watcher, int64_t now_us)
{
	struct shim_message ask = {.kind = ASK_USAGE};

	if (watcher->jail.group.cpu_fd >= 0) {
		limits_take_usage(watcher, group_cpu_us(&watcher->jail.group) -
						   watcher->jail.group.cpu_start_us);
		return;
	}
	watcher->next_cpu_us = now_us + POLL_BLIND_US;
	if (watcher->asked_ms == 0 &&
	    message_send(watcher->jail.ask_fd, &ask, sizeof(ask), NULL, 0, MSG_DONTWAIT) == 0)
		watcher->asked_ms = now_us / 1000;
}

void limits_look(struct watcher *watcher, int64_t now_us)
{
	if (watcher->is_killed || !watcher->is_ready)
		return;
	if (group_memory_kills(&watcher->jail.group) > 0)
		watcher_kill(watcher, MP_END_MEMORY);
	if (group_refused_processes(&watcher->jail.group) >= REFUSED_MAX)
		watcher_kill(watcher, MP_END_PROCESSES);
	if (watcher->next_cpu_us > 0 && now_us >= watcher->next_cpu_us)
		look_at_cpu(watcher, now_us);
	if (watcher->spec->wall_ms > 0 &&
	    now_us - watcher->started_us >= watcher->spec->wall_ms * 1000)
		watcher_kill(watcher, MP_END_WALL);
}
