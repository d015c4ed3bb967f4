/* SPDX-License-Identifier: MIT */
/*
 * From the watcher to the shim. The shim is cloned into its namespaces and, where there is a v2 group, into
 * the group; clone3(2) gives a pidfd, so that no number of a process is ever trusted. Beside another box the
 * watcher may not enter that box's user namespace itself (it would lose its rights), so a child enters it
 * and clones the shim as its brother.
 */
#include "sandbox/jail/jail.h"

#include "sandbox/jail/message.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int jail_make_group(struct jail *jail, struct mp_error *err)
{
	char name[sizeof(jail->group.name)];

	(void)snprintf(name, sizeof(name), "%s%u", jail->prefix, jail->number);
	return group_make(&jail->group, jail->host, name, err);
}

int step_group(struct jail *jail, const struct step *step, struct mp_error *err)
{
	int result = jail->group.name[0] ? 0 : jail_make_group(jail, err);

	return result < 0 ? result : group_limit(&jail->group, step->number, step->second, err);
}

int step_join(struct jail *jail, const struct step *step, struct mp_error *err)
{
	struct timespec used = {0};

	(void)step;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	jail->joined_us = used.tv_sec * 1000000 + used.tv_nsec / 1000;
	return group_join(&jail->group, err);
}

int step_group_view(struct jail *jail, const struct step *step, struct mp_error *err)
{
	(void)jail;
	(void)step;
	return unshare(CLONE_NEWCGROUP) < 0 ? mp_fail(err, MP_FAULT_HOST, -errno, "unshare") : 0;
}

int step_host_name(struct jail *jail, const struct step *step, struct mp_error *err)
{
	(void)jail;
	return sethostname(step->path, strlen(step->path)) < 0
		       ? mp_fail(err, MP_FAULT_HOST, -errno, "sethostname")
		       : 0;
}

static pid_t clone_shim(struct jail *jail, uint64_t flags, int group_fd)
{
	struct clone_args args = {
		.flags = flags | CLONE_PIDFD | (group_fd >= 0 ? CLONE_INTO_CGROUP : 0),
		.pidfd = (uint64_t)(uintptr_t)&jail->shim_fd,
		.exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD,
		.cgroup = group_fd >= 0 ? (uint64_t)group_fd : 0,
	};
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

	if (pid == 0)
		shim_main(jail);
	return pid;
}

/* The child that enters the user namespace of the box beside; it tells the shim's pid and ends. */
static _Noreturn void go_beside(struct jail *jail, uint64_t flags, int tell_fd)
{
	int32_t answer = 0;

	if (setns(jail->userns_fd, CLONE_NEWUSER) < 0 ||
	    syscall(SYS_setresgid, BOX_ID, BOX_ID, BOX_ID) < 0 ||
	    syscall(SYS_setresuid, BOX_ID, BOX_ID, BOX_ID) < 0)
		answer = -errno;
	if (answer == 0) {
		answer = clone_shim(jail, flags | CLONE_PARENT, -1);
		answer = answer < 0 ? -errno : answer;
	}
	(void)!write(tell_fd, &answer, sizeof(answer));
	_exit(0);
}

static pid_t clone_beside(struct jail *jail, uint64_t flags, int group_fd)
{
	struct clone_args args = {.exit_signal = SIGCHLD};
	int32_t answer = -EIO;
	int pipe_fds[2];
	pid_t helper;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return -1;
	/* The helper is born in the group, and the shim with it. */
	args.flags = group_fd >= 0 ? CLONE_INTO_CGROUP : 0;
	args.cgroup = group_fd >= 0 ? (uint64_t)group_fd : 0;
	helper = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (helper == 0)
		go_beside(jail, flags, pipe_fds[1]);
	(void)close(pipe_fds[1]);
	if (helper > 0 && read(pipe_fds[0], &answer, sizeof(answer)) != sizeof(answer))
		answer = -EIO;
	(void)close(pipe_fds[0]);
	if (helper > 0)
		(void)waitpid(helper, NULL, 0);
	/* The shim is our child (a brother of the helper) and not yet waited for: its number is its own. */
	if (answer > 0)
		jail->shim_fd = (int)syscall(SYS_pidfd_open, answer, 0);
	if (answer < 0)
		errno = -answer;
	return answer < 0 ? -1 : answer;
}

int step_spawn(struct jail *jail, const struct step *step, struct mp_error *err)
{
	int group_fd = group_clone_fd(&jail->group);
	bool is_beside = jail->userns_fd >= 0;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "socketpair");
	jail->ask_fd = ends[0];
	jail->shim_end = ends[1];
	if (is_beside)
		jail->shim = clone_beside(jail, step->flags, group_fd);
	else
		jail->shim = clone_shim(jail, step->flags, group_fd);
	if (jail->shim < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "clone");
	(void)close(jail->shim_end);
	jail->shim_end = -1;
	if (jail->shim_fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "pidfd_open");
	return 0;
}
