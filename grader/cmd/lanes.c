/* SPDX-License-Identifier: MIT */
/*
 * Lanes. Each lane writes into a pipe of its own. The pipe of the first lane that is not over is copied
 * to standard output at once; the others are read too, so that nobody waits, and kept in memory.
 */
#include "grader/cmd/lanes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/text.h"

enum { LANES_MAX = 128, KEPT_BYTES_MAX = 16 << 20, STATUS_CANNOT_RUN = 127 };

/* One lane that was started. */
struct running {
	struct lane *lane;
	pid_t pid;
	int fd;		  /* what it prints; -1: it is over */
	struct text kept; /* printed, and not yet told */
};

static void become(const struct lane *lane, pid_t parent, int out_fd)
{
	/* A parent that is gone by now sends no signal any more. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent || dup2(out_fd, 1) < 0)
		_exit(STATUS_CANNOT_RUN);
	(void)execv(lane->argv[0], (char *const *)(uintptr_t)lane->argv);
	_exit(STATUS_CANNOT_RUN);
}

static int start(struct running *running, struct lane *lane, struct mp_error *err)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "starting '%s'", lane->argv[0]);
	running->pid = fork();
	if (running->pid == 0)
		become(lane, parent, ends[1]);
	(void)close(ends[1]);
	if (running->pid < 0) {
		(void)close(ends[0]);
		return mp_fail(err, MP_FAULT_HOST, -errno, "starting '%s'", lane->argv[0]);
	}
	running->lane = lane;
	running->fd = ends[0];
	text_init(&running->kept, KEPT_BYTES_MAX);
	return 0;
}

static void end(struct running *running)
{
	int status;

	(void)close(running->fd);
	running->fd = -1;
	while (waitpid(running->pid, &status, 0) < 0) {
		if (errno != EINTR)
			return;
	}
	running->lane->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void take(struct running *running)
{
	char buffer[4096];
	ssize_t got = read(running->fd, buffer, sizeof(buffer));

	if (got > 0)
		text_add_bytes(&running->kept, buffer, (size_t)got);
	else if (got == 0 || errno != EINTR)
		end(running);
}

/* Print what the first lane that is not over has written so far, and all of those before it. */
static size_t tell(struct running *running, size_t first, size_t count)
{
	for (; first < count; first++) {
		(void)fwrite(text_get(&running[first].kept), 1, running[first].kept.length, stdout);
		text_clear(&running[first].kept);
		if (running[first].fd >= 0)
			break;
		text_done(&running[first].kept);
	}
	(void)fflush(stdout);
	return first;
}

/* Wait until one of them has something to read, and read it; returns how many are still running. */
static size_t listen_once(struct running *running, size_t first, size_t count)
{
	struct pollfd fds[LANES_MAX];
	size_t busy = 0;

	for (size_t i = first; i < count; i++)
		fds[i] = (struct pollfd){.fd = running[i].fd, .events = POLLIN};
	if (poll(fds + first, count - first, -1) < 0)
		return count - first;
	for (size_t i = first; i < count; i++) {
		if (fds[i].revents)
			take(&running[i]);
		busy += running[i].fd >= 0;
	}
	return busy;
}

int lanes_run(struct lane *lanes, size_t count, size_t jobs, struct mp_error *err)
{
	struct running running[LANES_MAX];
	size_t begun = 0, told = 0, busy = 0;
	int ret = 0;

	if (count > LANES_MAX)
		return mp_fail(err, MP_FAULT_INPUT, -E2BIG, "at most %d at a time", LANES_MAX);
	while (busy > 0 || (ret == 0 && begun < count)) {
		for (; ret == 0 && begun < count && busy < jobs; busy++) {
			ret = start(&running[begun], &lanes[begun], err);
			if (ret < 0)
				break;
			begun++;
		}
		if (busy == 0)
			break;
		busy = listen_once(running, told, begun);
		told = tell(running, told, begun);
	}
	return ret;
}

size_t lanes_of_machine(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return count > 0 ? (size_t)count : 1;
}
