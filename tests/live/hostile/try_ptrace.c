/* SPDX-License-Identifier: MIT */
/* Wants to hold its own child, process 1, and to be held; and to read the memory of others. */
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile.h"

int main(void)
{
	char byte;
	struct iovec here = {&byte, 1};
	struct iovec there = {(void *)main, 1};
	pid_t pid = fork();

	if (pid == 0) {
		(void)pause();
		_exit(0);
	}
	must_fail_with(ptrace(PTRACE_ATTACH, pid, 0, 0), EPERM, "attach to the child");
	must_fail_with(ptrace(PTRACE_SEIZE, pid, 0, 0), EPERM, "seize the child");
	must_fail_with(ptrace(PTRACE_ATTACH, 1, 0, 0), EPERM, "attach to process 1");
	must_fail_with(ptrace(PTRACE_TRACEME, 0, 0, 0), EPERM, "be traced");
	must_fail_with(process_vm_readv(pid, &here, 1, &there, 1, 0), EPERM,
		       "read the child's memory");
	must_fail_with(process_vm_writev(pid, &here, 1, &there, 1, 0), EPERM,
		       "write the child's memory");
	must_fail_with(syscall(SYS_pidfd_getfd, 0, 0, 0), EPERM, "take a descriptor");
	must_fail_with(syscall(SYS_kcmp, getpid(), pid, 0, 0, 0), EPERM, "compare");
	must_fail_with(syscall(SYS_perf_event_open, 0, 0, -1, -1, 0), EPERM, "watch events");
	must_fail_with(syscall(SYS_bpf, 0, 0, 0), EPERM, "load bpf");
	return held();
}
