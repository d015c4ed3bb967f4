/* SPDX-License-Identifier: MIT */
/*
 * Loading the filter and answering its questions.
 *
 * The child of the shim loads a program that was compiled at build time, as its last step before exec.
 * Calls of the short list then stop in the kernel: the question appears on the listener, which the
 * watcher holds; it says "refused" and notes the name; the caller goes on with that errno. The watcher
 * never says "continue", so nothing that the caller changes meanwhile matters. When the watcher is gone,
 * the kernel itself answers ENOSYS.
 */
#include "sandbox/jail/seccomp.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/plan/filter.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static long load(const struct sock_fprog *program, unsigned long flags)
{
	long ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

	return ret < 0 ? -errno : ret;
}

int seccomp_apply(enum mp_profile profile, bool wants_notify, int *ret_notify_fd,
		  struct mp_error *err)
{
	struct filter_program filter = filter_program(filter_native_arch(), profile, wants_notify);
	const struct sock_fprog program = {
		.len = filter.length,
		.filter = (struct sock_filter *)(uintptr_t)
				  filter.code, /* only read: the type knows no const */
	};
	long ret;

	if (!wants_notify) {
		ret = load(&program, 0);
	} else {
		/* Killable: a runtime that signals its threads all the time must not restart the call for ever (5.19). */
		ret = load(&program, SECCOMP_FILTER_FLAG_NEW_LISTENER |
					     SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
		if (ret == -EINVAL)
			ret = load(&program, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	}
	if (ret < 0)
		return mp_fail(err, MP_FAULT_HOST, (int)ret, "load the system call filter");
	if (ret_notify_fd)
		*ret_notify_fd = wants_notify ? (int)ret : -1;
	return 0;
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += length)
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static void add_word(char *words, size_t size, const char *word)
{
	size_t used = strnlen(words, size);
	size_t length = strlen(word);
	size_t blank = used > 0;

	if (used >= size || has_word(words, word) || used + blank + length + 1 > size)
		return;
	if (blank)
		words[used++] = ' ';
	memcpy(words + used, word, length + 1);
}

int seccomp_notify_answer(int notify_fd, char *names, size_t size)
{
	struct seccomp_notif question = {0};
	struct seccomp_notif_resp answer = {.error = -EPERM};
	const struct filter_call *call;

	if (ioctl(notify_fd, SECCOMP_IOCTL_NOTIF_RECV, &question) < 0)
		return errno == ENOENT || errno == EINTR ? 0 : -errno;
	call = filter_named_call(filter_native_arch(), question.data.nr);
	if (call) {
		answer.error = -call->answer;
		add_word(names, size, call->name);
	}
	answer.id = question.id;
	if (ioctl(notify_fd, SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0 && errno != ENOENT)
		return -errno;
	return 1;
}
