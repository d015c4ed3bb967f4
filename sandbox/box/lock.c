/* SPDX-License-Identifier: MIT */
/*
 * The client locks itself: after its launcher is forked and its words are read, a grading process needs
 * its work folder, the exercises, and nothing else of the machine. The launcher stays as it was: a process
 * under Landlock can open no box any more.
 */
#include <milepost/box.h>

#include <errno.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sandbox/jail/landlock.h"

enum { LOCK_RULES_MAX = 32 };

/* Add PATH when it is there: what is not there needs no permission. */
static int lock_add(struct landlock_rule *rules, size_t *count, const char *path, bool may_write)
{
	if (access(path, F_OK) < 0)
		return 0;
	if (*count == LOCK_RULES_MAX)
		return -E2BIG;
	rules[(*count)++] = (struct landlock_rule){path, may_write, false};
	return 0;
}

int mp_client_lock(const char *const *readable, const char *const *writable, struct mp_error *err)
{
	/* Libraries that are loaded late, their settings, what a C library reads, and where nothing goes. */
	static const char *const always[] = {"/usr", "/lib", "/lib64", "/etc", "/proc/self", NULL};
	struct landlock_rule rules[LOCK_RULES_MAX];
	size_t count = 0;
	int ret = lock_add(rules, &count, "/dev/null", true);

	if (landlock_abi() == 0)
		return 0;
	for (size_t i = 0; ret == 0 && always[i]; i++)
		ret = lock_add(rules, &count, always[i], false);
	for (size_t i = 0; ret == 0 && readable[i]; i++)
		ret = lock_add(rules, &count, readable[i], false);
	for (size_t i = 0; ret == 0 && writable[i]; i++)
		ret = lock_add(rules, &count, writable[i], true);
	if (ret == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		ret = -errno;
	if (ret < 0)
		return mp_fail(err, MP_FAULT_HOST, ret, "locking the grading process");
	return landlock_apply(rules, count, err);
}
