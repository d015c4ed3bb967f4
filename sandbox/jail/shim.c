/* SPDX-License-Identifier: MIT */
/*
 * The shim: process 1 of the box.
 *
 * It waits for "go" (ids mapped, group joined), builds the box, forks the command and stays: reaps what is
 * re-parented to it, tells the command's end and answers small requests. It is undumpable, so that a
 * command of the same user cannot open it through /proc, and execs nothing. When it ends, the kernel ends
 * everything else in the box; it ends when the command has, when its watcher dies, or when it is told to.
 * Signals from inside do not reach it: it is process 1 and handles none.
 */
#include "sandbox/base/cleanup.h"
#include "sandbox/jail/jail.h"
#include "sandbox/jail/message.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Where the shim's descriptors end up. */
enum { KEPT_SOCKET = 3, KEPT_SIGNALS, KEPT_CPU, KEPT_USERNS, KEPT_END, ABOVE_KEPT = 16 };

static void say_failed(struct jail *jail, int code, const struct mp_error *err)
{
	struct shim_message say = {.kind = SAY_FAILED, .code = code};

	(void)snprintf(say.text, sizeof(say.text), "%.*s", (int)sizeof(say.text) - 1, err->text);
	(void)!message_send(jail->shim_end, &say, sizeof(say), NULL, 0, 0);
	_exit(1);
}

static int wait_for_go(struct jail *jail, struct mp_error *err)
{
	struct shim_message ask;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "prctl");
	/* The watcher may be dead already; then this end says so. */
	if (message_receive(jail->shim_end, &ask, sizeof(ask), NULL, 0) != 1 || ask.kind != ASK_GO)
		_exit(1);
	if (jail->userns_fd < 0 && (syscall(SYS_setresgid, BOX_ID, BOX_ID, BOX_ID) < 0 ||
				    syscall(SYS_setresuid, BOX_ID, BOX_ID, BOX_ID) < 0))
		return mp_fail(err, MP_FAULT_HOST, -errno, "become the user of the box");
	/* A change of ids forgets it. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)umask(022);
	/* A keeper lends its user namespace; later it sees no /proc. A box beside needs no more of it. */
	cleanup_fd(&jail->userns_fd);
	if (!jail->spec->argv)
		jail->userns_fd = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
	return 0;
}

/* The name of the process that holds socket INODE: the shim sees all processes of its /proc. */
static void find_owner(int64_t inode, char *ret_name, size_t size)
{
	char wanted[48];
	DIR *all = opendir("/proc");
	struct dirent *entry;

	(void)snprintf(wanted, sizeof(wanted), "socket:[%lld]", (long long)inode);
	ret_name[0] = '\0';
	while (all && !ret_name[0] && (entry = readdir(all))) {
		char path[300];
		struct dirent *link;
		DIR *fds;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%s/fd", entry->d_name);
		fds = opendir(path);
		while (fds && !ret_name[0] && (link = readdir(fds))) {
			char target[64] = "";
			int comm mp_autofd = -1;

			if (readlinkat(dirfd(fds), link->d_name, target, sizeof(target) - 1) < 0 ||
			    strcmp(target, wanted) != 0)
				continue;
			(void)snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
			comm = open(path, O_RDONLY | O_CLOEXEC);
			if (comm >= 0 && read(comm, ret_name, size - 1) > 0)
				ret_name[strcspn(ret_name, "\n")] = '\0';
		}
		if (fds)
			(void)closedir(fds);
	}
	if (all)
		(void)closedir(all);
}

/* Fields 14 to 17 of /proc/PID/stat, summed over all processes, in us. */
static int64_t sum_usage(void)
{
	int64_t ticks = 0;
	DIR *all = opendir("/proc");
	struct dirent *entry;

	while (all && (entry = readdir(all))) {
		char text[1024];
		char path[300];
		int fd mp_autofd = -1;
		ssize_t got;
		char *at;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
		if (got <= 0)
			continue;
		text[got] = '\0';
		at = strrchr(text, ')');
		for (int field = 2; at && field < 17; field++) {
			at = strchr(at, ' ');
			at = at ? at + 1 : NULL;
			if (at && field + 1 >= 14)
				ticks += (int64_t)strtoull(at, NULL, 10);
		}
	}
	if (all)
		(void)closedir(all);
	return ticks * 1000000 / sysconf(_SC_CLK_TCK);
}

/* A keeper lends its user namespace and its scratch to the box beside. */
static size_t lend(struct shim_message *answer, int *ret_fds)
{
	ret_fds[0] = fcntl(KEPT_USERNS, F_DUPFD_CLOEXEC, KEPT_END);
	ret_fds[1] = open_tree(AT_FDCWD, BOX_SCRATCH, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	answer->code = ret_fds[0] < 0 || ret_fds[1] < 0 ? -errno : 0;
	return answer->code < 0 ? 0 : 2;
}

static void answer_one(struct jail *jail, const struct shim_message *ask)
{
	struct shim_message answer = {.kind = SAY_ANSWER, .of = ask->kind, .tag = ask->tag};
	int fds[2] = {-1, -1};
	size_t count = 0;
	int port = 0;

	switch (ask->kind) {
	case ASK_SOCKET:
		fds[0] = net_socket((int)ask->number);
		break;
	case ASK_LISTEN:
		fds[0] = net_listen((int)ask->number, &port);
		answer.number = port;
		break;
	case ASK_SIGNAL:
		/* Not yet waited for, so the number is still the command's. */
		if (jail->command <= 0 || kill(jail->command, (int)ask->number) < 0)
			answer.code = jail->command <= 0 ? -ESRCH : -errno;
		break;
	case ASK_OWNER:
		find_owner(ask->number, answer.text, 16);
		break;
	case ASK_USAGE:
		answer.number = sum_usage();
		break;
	case ASK_LEND:
		count = lend(&answer, fds);
		break;
	default:
		answer.code = -ENOSYS;
	}
	if (ask->kind == ASK_SOCKET || ask->kind == ASK_LISTEN) {
		answer.code = fds[0] < 0 ? fds[0] : 0;
		count = fds[0] < 0 ? 0 : 1;
	}
	(void)!message_send(jail->shim_end, &answer, sizeof(answer), fds, count, 0);
	for (size_t i = 0; i < 2; i++)
		cleanup_fd(&fds[i]);
}

/* -ENOSPC when the scratch has no block left, -EDQUOT when it has no inode left, else 0. */
static int scratch_state(void)
{
	struct statvfs about;

	if (statvfs(BOX_SCRATCH, &about) < 0)
		return 0;
	return about.f_ffree == 0 ? -EDQUOT : about.f_bfree == 0 ? -ENOSPC : 0;
}

/* CPU time of this process alone, in us, since it joined the group. */
static int64_t own_cpu_us(const struct jail *jail)
{
	struct timespec used = {0};

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return used.tv_sec * 1000000 + used.tv_nsec / 1000 - jail->joined_us;
}

/*
 * CPU time of all but the shim, at this moment: what it takes to end the box is not the command's. Without
 * a group it is that of the children which were waited for.
 */
static int64_t others_cpu_us(const struct jail *jail)
{
	int64_t all = group_cpu_us(&jail->group);
	struct rusage usage = {0};

	if (all >= 0)
		return all - own_cpu_us(jail);
	(void)getrusage(RUSAGE_CHILDREN, &usage);
	return (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/*
 * The command has ended with STATUS: measure, end all that it left behind, and tell when nothing of it is
 * alive. A kill of all reaches children that are just being forked too; what is reaped here cannot write
 * to the box's output any more.
 */
static _Noreturn void finish(struct jail *jail, int status)
{
	struct shim_message say = {.kind = SAY_ENDED, .number = status};

	say.cpu_us = others_cpu_us(jail);
	say.code = scratch_state();
	(void)kill(-1, SIGKILL);
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		;
	(void)!message_send(jail->shim_end, &say, sizeof(say), NULL, 0, 0);
	_exit(0);
}

/* Wait for every child that has ended; with the command the box ends. */
static void reap(struct jail *jail)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0)
		if (pid == jail->command)
			finish(jail, status);
}

/* Four descriptors stay open, at numbers of their own: whatever else the watcher had is not ours. */
static int keep_own(struct jail *jail, int signals)
{
	int fds[KEPT_END - KEPT_SOCKET] = {jail->shim_end, signals, jail->group.cpu_fd,
					   jail->userns_fd};
	const int count = KEPT_END - KEPT_SOCKET;

	for (int i = 0; i < count; i++)
		fds[i] = fds[i] < 0 ? -1 : fcntl(fds[i], F_DUPFD_CLOEXEC, ABOVE_KEPT);
	for (int i = 0; i < count; i++)
		if (fds[i] < 0)
			(void)close(KEPT_SOCKET + i);
		else if (dup3(fds[i], KEPT_SOCKET + i, O_CLOEXEC) < 0)
			return -errno;
	jail->shim_end = KEPT_SOCKET;
	jail->group.cpu_fd = jail->group.cpu_fd < 0 ? -1 : KEPT_CPU;
	return close_range(KEPT_END, ~0U, 0) < 0 ? -errno : 0;
}

static _Noreturn void serve(struct jail *jail, int signals)
{
	struct pollfd polled[2] = {{.events = POLLIN}, {.events = POLLIN}};

	if (keep_own(jail, signals) < 0)
		_exit(1);
	polled[0].fd = KEPT_SOCKET;
	polled[1].fd = KEPT_SIGNALS;
	for (;;) {
		struct signalfd_siginfo info;
		struct shim_message ask;

		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			_exit(1);
		if (polled[1].revents) {
			(void)!read(KEPT_SIGNALS, &info, sizeof(info));
			reap(jail);
		}
		if (!polled[0].revents)
			continue;
		if (message_receive(jail->shim_end, &ask, sizeof(ask), NULL, MSG_DONTWAIT) != 1)
			_exit(0);
		answer_one(jail, &ask);
	}
}

_Noreturn void shim_main(struct jail *jail)
{
	struct shim_message ready = {.kind = SAY_READY};
	struct mp_error err = {0};
	sigset_t child;
	int diagnosis;
	int signals;
	int result;

	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	(void)sigprocmask(SIG_SETMASK, &child, NULL);
	cleanup_fd(&jail->ask_fd);
	result = wait_for_go(jail, &err);
	if (result == 0)
		result = jail_walk(jail, STEP_SHIM, &err);
	if (result < 0)
		say_failed(jail, result, &err);
	signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	ready.cpu_us = own_cpu_us(jail);
	diagnosis = jail->plan->layers[MP_LAYER_NET] ? net_diagnosis() : -1;
	result = message_send(jail->shim_end, &ready, sizeof(ready), &diagnosis, diagnosis >= 0, 0);
	if (result < 0 || signals < 0)
		_exit(1);
	if (jail->spec->argv) {
		/* The command borrows our memory until exec: nothing is copied, and it returns to nobody. */
		jail->command = vfork();
		if (jail->command == 0)
			command_main(jail);
		if (jail->command < 0)
			say_failed(jail, -errno, &err);
	}
	serve(jail, signals);
}
