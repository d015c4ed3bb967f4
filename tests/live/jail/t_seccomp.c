/* SPDX-License-Identifier: MIT */
/*
 * The filter under a real kernel: each row is one system call of a child that has loaded it.
 *
 * Only calls that fail in a harmless way without a filter are made, mostly with arguments that the kernel
 * refuses, so that "allowed" shows as the kernel's own errno.
 */
#include "sandbox/jail/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/clock.h"
#include "tests/helper/tap.h"

#define HIGH (UINT64_C(0xdeadbeef) << 32)

struct row {
	const char *name;
	enum mp_profile profile;
	long number;
	uint64_t arguments[6];
	int wanted; /* errno; 0: allowed */
};

static const struct row rows[] = {
	{"getpid", MP_PROFILE_PROGRAM, SYS_getpid, {0}, 0},
	{"an unknown number", MP_PROFILE_PROGRAM, 9999, {0}, ENOSYS},
	{"io_uring_setup", MP_PROFILE_PROGRAM, 425, {1, 0}, ENOSYS},
	{"clone3", MP_PROFILE_PROGRAM, 435, {0, 0}, ENOSYS},
	{"clone a user namespace", MP_PROFILE_PROGRAM, SYS_clone, {CLONE_NEWUSER | SIGCHLD}, EPERM},
	{"the same, high bits set",
	 MP_PROFILE_PROGRAM,
	 SYS_clone,
	 {HIGH | CLONE_NEWUSER | SIGCHLD},
	 EPERM},
	{"unshare", MP_PROFILE_PROGRAM, SYS_unshare, {CLONE_NEWUSER}, EPERM},
	{"unshare of files", MP_PROFILE_PROGRAM, SYS_unshare, {CLONE_FILES}, 0},
	{"setns", MP_PROFILE_PROGRAM, SYS_setns, {(uint64_t)-1, 0}, EPERM},
	{"ptrace", MP_PROFILE_PROGRAM, SYS_ptrace, {0}, EPERM},
	{"mount", MP_PROFILE_PROGRAM, SYS_mount, {0}, EPERM},
	{"bpf", MP_PROFILE_PROGRAM, 321, {0}, EPERM},
	{"keyctl", MP_PROFILE_PROGRAM, SYS_keyctl, {0}, ENOSYS},
	{"perf_event_open", MP_PROFILE_PROGRAM, SYS_perf_event_open, {0}, EPERM},
	{"kexec_load", MP_PROFILE_PROGRAM, SYS_kexec_load, {0}, EPERM},
	{"chroot", MP_PROFILE_PROGRAM, SYS_chroot, {0}, EPERM},
	{"TIOCSTI", MP_PROFILE_PROGRAM, SYS_ioctl, {0, 0x5412, 0}, EPERM},
	{"TIOCSTI, high bits set", MP_PROFILE_PROGRAM, SYS_ioctl, {0, HIGH | 0x5412, 0}, EPERM},
	{"another ioctl", MP_PROFILE_PROGRAM, SYS_ioctl, {(uint64_t)-1, 0x5401, 0}, EBADF},
	{"socket of AF_VSOCK", MP_PROFILE_PROGRAM, SYS_socket, {40, SOCK_STREAM, 0}, EAFNOSUPPORT},
	{"the same, high bits set",
	 MP_PROFILE_PROGRAM,
	 SYS_socket,
	 {HIGH | 40, SOCK_STREAM, 0},
	 EAFNOSUPPORT},
	{"socket of TCP",
	 MP_PROFILE_PROGRAM,
	 SYS_socket,
	 {AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0},
	 0},
	{"socket of SCTP",
	 MP_PROFILE_PROGRAM,
	 SYS_socket,
	 {AF_INET, SOCK_STREAM, 132},
	 EPROTONOSUPPORT},
	{"netlink of routes", MP_PROFILE_PROGRAM, SYS_socket, {AF_NETLINK, SOCK_RAW, 0}, 0},
	{"netlink of audit",
	 MP_PROFILE_PROGRAM,
	 SYS_socket,
	 {AF_NETLINK, SOCK_RAW, 9},
	 EAFNOSUPPORT},
	{"socket of the reader",
	 MP_PROFILE_READER,
	 SYS_socket,
	 {AF_INET, SOCK_STREAM, 0},
	 EAFNOSUPPORT},
	{"unix socket of the fetcher",
	 MP_PROFILE_FETCH,
	 SYS_socket,
	 {AF_UNIX, SOCK_STREAM, 0},
	 EAFNOSUPPORT},
	{"aio of a program", MP_PROFILE_PROGRAM, SYS_io_setup, {1, 0}, ENOSYS},
	{"aio of a database", MP_PROFILE_DATABASE, SYS_io_setup, {1, 0}, EFAULT},
	{"limits of the shim", MP_PROFILE_PROGRAM, SYS_prlimit64, {1, 7, 0, 0}, EPERM},
	{"own limits", MP_PROFILE_PROGRAM, SYS_prlimit64, {0, 7, 0, 0}, 0},
	{"personality asked", MP_PROFILE_PROGRAM, SYS_personality, {0xffffffff}, 0},
	{"personality set", MP_PROFILE_PROGRAM, SYS_personality, {0x0400000}, EPERM},
	{"sched_setaffinity", MP_PROFILE_PROGRAM, SYS_sched_setaffinity, {0, 0, 0}, EPERM},
};

/* In a child: no_new_privs, the filter, BODY; its exit status. */
static int run_filtered(enum mp_profile profile, bool wants_notify, int (*body)(const void *),
			const void *what)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		int fd = -1;

		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    seccomp_apply(profile, wants_notify, &fd, NULL) < 0)
			_exit(250);
		_exit(body(what));
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int make_call(const void *what)
{
	const struct row *row = (const struct row *)what;
	const uint64_t *a = row->arguments;
	long ret = syscall(row->number, a[0], a[1], a[2], a[3], a[4], a[5]);

	return ret < 0 ? errno : 0;
}

static void each_call_gets_its_answer(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS(run_filtered(rows[i].profile, false, make_call, &rows[i]), rows[i].wanted);
		ROW("%s", rows[i].name);
	}
}

static int call_int80(const void *what)
{
	(void)what;
#ifdef __x86_64__
	long ret;

	__asm__ volatile("int $0x80" : "=a"(ret) : "a"(20) : "memory");
#endif
	return 0;
}

static int call_x32(const void *what)
{
	(void)what;
	(void)syscall(0x40000000 | 39);
	return 0;
}

static void foreign_architectures_are_killed(void)
{
#ifndef __x86_64__
	SKIP_TEST("int 0x80 and x32 are of x86-64");
#endif
	IS(run_filtered(MP_PROFILE_PROGRAM, false, call_int80, NULL), 1000 + SIGSYS);
	IS(run_filtered(MP_PROFILE_PROGRAM, false, call_x32, NULL), 1000 + SIGSYS);
}

/* The watcher's side: the child sends its listener over a socket that it made before. */
static void send_fd(int socket_fd, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {0};
	char byte = 0;
	struct iovec io = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &io,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	if (sendmsg(socket_fd, &message, 0) < 0)
		_exit(251);
}

static int receive_fd(int socket_fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {0};
	char byte;
	struct iovec io = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &io,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	int fd = -1;

	if (recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC) < 0 || !CMSG_FIRSTHDR(&message))
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

enum { PTRACES = 1000, ASKED = PTRACES + 3 };

static void ask_many(int socket_fd)
{
	int fd = -1;
	bool holds = true;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    seccomp_apply(MP_PROFILE_PROGRAM, true, &fd, NULL) < 0)
		_exit(250);
	send_fd(socket_fd, fd);
	(void)close(fd);
	for (int i = 0; i < PTRACES; i++)
		holds = holds && syscall(SYS_ptrace, 0, 0, 0, 0) == -1 && errno == EPERM;
	holds = holds && syscall(SYS_mount, 0, 0, 0, 0, 0) == -1 && errno == EPERM;
	holds = holds && syscall(SYS_keyctl, 0, 0, 0, 0, 0) == -1 && errno == ENOSYS;
	holds = holds && syscall(SYS_unshare, CLONE_NEWNET) == -1 && errno == EPERM;
	_exit(holds ? 0 : 1);
}

static void named_calls_are_noted_once_each(void)
{
	char names[128] = "";
	int sockets[2];
	int status = -1;
	int answers = 0;
	int64_t start;
	struct pollfd wait = {.events = POLLIN};
	pid_t pid;

	IS(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	pid = fork();
	if (pid == 0)
		ask_many(sockets[1]);
	(void)close(sockets[1]);
	wait.fd = receive_fd(sockets[0]);
	OK(wait.fd >= 0);
	start = clock_now_us();
	while (answers < ASKED && poll(&wait, 1, 10000) == 1 && (wait.revents & POLLIN)) {
		int ret = seccomp_notify_answer(wait.fd, names, sizeof(names));

		if (ret < 0)
			break;
		answers += ret;
	}
	printf("# %d answers in %" PRId64 " us\n", answers, clock_now_us() - start);
	IS(waitpid(pid, &status, 0), pid);
	IS(poll(&wait, 1, 1000), 1);
	OK(wait.revents & POLLHUP);
	IS(answers, ASKED);
	IS_TEXT(names, "ptrace mount keyctl unshare");
	IS(status, 0);
	(void)close(wait.fd);
	(void)close(sockets[0]);
}

static void names_that_do_not_fit_are_left_out(void)
{
	char names[14] = "";
	int sockets[2];
	struct pollfd wait = {.events = POLLIN};
	pid_t pid;

	IS(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	pid = fork();
	if (pid == 0)
		ask_many(sockets[1]);
	(void)close(sockets[1]);
	wait.fd = receive_fd(sockets[0]);
	for (int i = 0; i < ASKED && poll(&wait, 1, 10000) == 1 && (wait.revents & POLLIN); i++)
		if (seccomp_notify_answer(wait.fd, names, sizeof(names)) < 0)
			break;
	IS_TEXT(names, "ptrace mount");
	IS(waitpid(pid, NULL, 0), pid);
	(void)close(wait.fd);
	(void)close(sockets[0]);
}

static void a_filter_without_no_new_privs_is_refused_to_an_ordinary_user(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (geteuid() == 0 && setuid(65534) < 0)
			_exit(2);
		_exit(seccomp_apply(MP_PROFILE_PROGRAM, false, NULL, NULL) == -EACCES ? 0 : 1);
	}
	IS(waitpid(pid, &status, 0), pid);
	IS(status, 0);
}

static int compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Each load in a child of its own. */
static void loading_takes_about_a_hundred_microseconds(void)
{
	int64_t times[41];
	enum { COUNT = sizeof(times) / sizeof(times[0]) };

	for (size_t i = 0; i < COUNT; i++) {
		int pipes[2];
		pid_t pid;

		IS(pipe2(pipes, O_CLOEXEC), 0);
		pid = fork();
		if (pid == 0) {
			int64_t start;
			int64_t took;

			(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
			start = clock_now_us();
			if (seccomp_apply(MP_PROFILE_SERVICE, false, NULL, NULL) < 0)
				_exit(1);
			took = clock_now_us() - start;
			_exit(write(pipes[1], &took, sizeof(took)) == sizeof(took) ? 0 : 1);
		}
		(void)close(pipes[1]);
		IS(read(pipes[0], &times[i], sizeof(times[i])), sizeof(times[i]));
		(void)close(pipes[0]);
		IS(waitpid(pid, NULL, 0), pid);
	}
	qsort(times, COUNT, sizeof(times[0]), compare_times);
	printf("# load: min %" PRId64 " median %" PRId64 " max %" PRId64 " us\n", times[0],
	       times[COUNT / 2], times[COUNT - 1]);
	OK(times[0] < 2000);
}

TAP_MAIN(T(each_call_gets_its_answer) T(foreign_architectures_are_killed)
		 T(named_calls_are_noted_once_each) T(names_that_do_not_fit_are_left_out)
			 T(a_filter_without_no_new_privs_is_refused_to_an_ordinary_user)
				 T(loading_takes_about_a_hundred_microseconds))
