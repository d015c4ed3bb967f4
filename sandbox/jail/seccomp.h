/* SPDX-License-Identifier: MIT */
/* The system call filter of a box: loading it, and answering what it asks. */
#ifndef SANDBOX_JAIL_SECCOMP_H
#define SANDBOX_JAIL_SECCOMP_H

#include <milepost/box.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Load the filter of PROFILE for this thread and all that it starts. The last step before exec:
 * no_new_privs must be set. With WANTS_NOTIFY the calls that can be named (ptrace, mount, bpf, unshare,
 * setns, keyctl and their families) wait for an answer through *RET_NOTIFY_FD (close-on-exec, caller's),
 * which belongs to the watcher; when nobody holds it any more they get ENOSYS. Without it they are
 * refused at once and *RET_NOTIFY_FD is -1 (RET_NOTIFY_FD may then be NULL).
 * Async-signal-safe: allocates nothing. Costs about 100 us.
 * Errors: -EACCES no_new_privs is not set; -ENOSYS this kernel has no filters; -EINVAL no notification.
 * Source: seccomp(2), seccomp_unotify(2).
 */
MP_MUST_CHECK int seccomp_apply(enum mp_profile profile, bool wants_notify, int *ret_notify_fd,
				struct mp_error *err);

/*
 * Take one question from NOTIFY_FD, refuse the call, and add its name to NAMES (SIZE bytes, names
 * separated by blanks, each once; what does not fit is left out). Call it when poll says POLLIN; POLLHUP
 * means that no process of the box is left (on older kernels: none that nobody has waited for). Returns 1 when one was answered, 0 when the asker has died
 * meanwhile, or a negative errno.
 */
MP_MUST_CHECK int seccomp_notify_answer(int notify_fd, char *names, size_t size);

#endif
