/* SPDX-License-Identifier: MIT */
/* Every signal to process 1, to everybody, to the group, to numbers that are somebody's on the host. */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hostile.h"

int main(void)
{
	int init_fd;

	(void)setpgid(0, 0);
	for (int i = 1; i < 65; i++)
		(void)signal(i, SIG_IGN);
	for (int i = 1; i < 65; i++) {
		(void)kill(1, i);
		(void)syscall(SYS_tgkill, 1, 1, i);
		if (i != SIGKILL && i != SIGSTOP)
			(void)kill(-1, i);
	}
	init_fd = (int)syscall(SYS_pidfd_open, 1, 0);
	if (init_fd >= 0)
		(void)syscall(SYS_pidfd_send_signal, init_fd, SIGKILL, NULL, 0);
	for (pid_t pid = 100; pid < 33000; pid++)
		must_fail(pid != getpid() && kill(pid, SIGKILL) == 0, "killed somebody else");
	(void)usleep(100000);
	must_fail(kill(1, 0) < 0 && errno == ESRCH, "process 1 is gone");
	return held();
}
