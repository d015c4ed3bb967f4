/* SPDX-License-Identifier: MIT */
/*
 * How a box ended, from what the kernel counted first, then from what we did, then from the command's own
 * status. Memory comes before all: a kill for memory shows in many shapes (a child's death, the shim's).
 */
#include "sandbox/box/watcher.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { REFUSED_OFTEN = 4 };

static bool failed(const struct watcher *watcher)
{
	return !WIFEXITED(watcher->status) || WEXITSTATUS(watcher->status) != 0;
}

/* The end by the command's own status. */
static enum mp_end end_by_status(const struct watcher *watcher)
{
	if (failed(watcher) && group_refused_processes(&watcher->jail.group) > 0)
		return MP_END_PROCESSES;
	if (WIFSIGNALED(watcher->status) && WTERMSIG(watcher->status) == SIGXFSZ)
		return MP_END_FILE_SIZE;
	if (WIFSIGNALED(watcher->status) && WTERMSIG(watcher->status) == SIGSYS)
		return MP_END_FORBIDDEN;
	if (failed(watcher) && watcher->scratch_state == -EDQUOT)
		return MP_END_INODES;
	if (failed(watcher) && watcher->scratch_state == -ENOSPC)
		return MP_END_FILE_SIZE;
	return WIFEXITED(watcher->status) ? MP_END_EXITED : MP_END_SIGNALED;
}

static enum mp_end find_end(struct watcher *watcher)
{
	if (group_memory_kills(&watcher->jail.group) > 0)
		return MP_END_MEMORY;
	if (watcher->is_not_started)
		return MP_END_COULD_NOT_START;
	if (watcher->has_failed)
		return MP_END_SANDBOX_ERROR;
	/* What a bomb prints, spins or sleeps meanwhile is not why it failed. */
	if (watcher->is_killed && watcher->why != MP_END_SIGNALED)
		return group_refused_processes(&watcher->jail.group) >= REFUSED_OFTEN
			       ? MP_END_PROCESSES
			       : watcher->why;
	if (watcher->is_ended)
		return end_by_status(watcher);
	if (watcher->is_killed)
		return MP_END_SIGNALED;
	(void)mp_fail(&watcher->err, MP_FAULT_HOST, -EBADMSG, "the first process of the box died");
	return MP_END_SANDBOX_ERROR;
}

void verdict_make(struct watcher *watcher, struct mp_box_result *ret_result)
{
	const struct cgroup *group = &watcher->jail.group;
	const struct shared *shared = watcher->shared;
	int64_t cpu_us = group_cpu_us(group);

	memset(ret_result, 0, sizeof(*ret_result));
	ret_result->end = find_end(watcher);
	ret_result->exit_code = -1;
	if (ret_result->end == MP_END_EXITED)
		ret_result->exit_code = WEXITSTATUS(watcher->status);
	if (ret_result->end == MP_END_SIGNALED)
		ret_result->signal = watcher->is_ended ? WTERMSIG(watcher->status) : SIGKILL;
	ret_result->start_errno = watcher->start_errno;
	if (watcher->started_us > 0)
		ret_result->wall_ms = (watcher->ended_us - watcher->started_us) / 1000;
	/* A command that ended by itself was measured at that moment; the rest is what ending a box takes. */
	ret_result->cpu_us =
		cpu_us >= 0 && !watcher->is_ended ? cpu_us - group->cpu_start_us : watcher->cpu_us;
	if (ret_result->cpu_us < 0)
		ret_result->cpu_us = 0;
	ret_result->cpu_ms = ret_result->cpu_us / 1000;
	ret_result->memory_peak_bytes = group_memory_peak(group);
	ret_result->processes_peak = group_processes_peak(group);
	for (int i = 0; i < 2; i++) {
		uint64_t total = atomic_load(&shared->streams[i].total);

		ret_result->output_bytes += (int64_t)total;
		ret_result->is_output_cut =
			ret_result->is_output_cut || total > shared->streams[i].keep;
	}
	memcpy(ret_result->layers, watcher->plan.layers, sizeof(ret_result->layers));
	(void)snprintf(ret_result->forbidden, sizeof(ret_result->forbidden), "%s",
		       watcher->forbidden);
	if (ret_result->end == MP_END_COULD_NOT_START || ret_result->end == MP_END_SANDBOX_ERROR)
		(void)snprintf(ret_result->detail, sizeof(ret_result->detail), "%.*s",
			       (int)sizeof(ret_result->detail) - 1, watcher->err.text);
}
