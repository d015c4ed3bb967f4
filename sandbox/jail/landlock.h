/* SPDX-License-Identifier: MIT */
/* Landlock: the second wall around files, abstract sockets and signals. */
#ifndef SANDBOX_JAIL_LANDLOCK_H
#define SANDBOX_JAIL_LANDLOCK_H

#include <milepost/error.h>
#include <stdbool.h>
#include <stddef.h>

/* What may be done with PATH and all below it. Reading files and listing folders always; nothing else anywhere. */
struct landlock_rule {
	const char *path; /* as the calling process sees it: after pivot_root. Borrowed */
	bool may_write;	  /* write, cut, make, remove, link and rename below it; ioctl of devices */
	bool may_execute;
};

/* The ABI version of this kernel's Landlock, 0 when it has none. */
int landlock_abi(void);

/*
 * Forbid this thread, and all that it starts, every file access but what RULES allow. A path that does
 * not exist is an error. From ABI 6 on also: no connecting to abstract unix sockets of others, no
 * signals to processes outside. TCP is left to the network namespace: a service must listen.
 * no_new_privs must be set. Async-signal-safe. COUNT 0 forbids all files.
 * Errors: -ENOSYS or -EOPNOTSUPP no Landlock; -EPERM no_new_privs is not set; -ENOENT and others: a path.
 * Source: landlock(7).
 */
MP_MUST_CHECK int landlock_apply(const struct landlock_rule *rules, size_t count,
				 struct mp_error *err);

#endif
