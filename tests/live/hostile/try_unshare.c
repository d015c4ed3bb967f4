/* SPDX-License-Identifier: MIT */
/* Namespaces of one's own: by unshare, by clone, by clone3, by entering one; high bits set too. */
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hostile.h"

static const struct {
	int flag;
	const char *name;
} kinds[] = {
	{CLONE_NEWUSER, "user"},     {CLONE_NEWNS, "mount"}, {CLONE_NEWPID, "pid"},
	{CLONE_NEWNET, "net"},	     {CLONE_NEWIPC, "ipc"},  {CLONE_NEWUTS, "uts"},
	{CLONE_NEWCGROUP, "cgroup"},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		uint64_t high = UINT64_C(0x12345678) << 32;

		must_fail_with(unshare(kinds[i].flag), EPERM, kinds[i].name);
		must_fail_with(syscall(SYS_unshare, high | (unsigned int)kinds[i].flag), EPERM,
			       kinds[i].name);
		must_fail_with(syscall(SYS_clone, kinds[i].flag | SIGCHLD, 0, 0, 0, 0), EPERM,
			       kinds[i].name);
		must_fail_with(syscall(SYS_clone, high | (unsigned int)kinds[i].flag | SIGCHLD, 0,
				       0, 0, 0),
			       EPERM, kinds[i].name);
	}
	must_fail_with(unshare(0x80), EPERM, "time");
	must_fail_with(setns(0, 0), EPERM, "setns");
	must_fail_with(syscall(SYS_clone3, 0, 0), ENOSYS, "clone3");
	must_fail_with(sethostname("x", 1), EPERM, "sethostname");
	return held();
}
