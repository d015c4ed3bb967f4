/* SPDX-License-Identifier: MIT */
/* Helper programs: posix_spawn, one pipe, one wait. */
#include "sandbox/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"

/* posix_spawn wants char *const *, and promises to change nothing. */
static char *const *unconst(const char *const *list)
{
	return (char *const *)(uintptr_t)list;
}

static int spawn_into(const char *const *argv, const char *const *env, const char *dir, int out_fd,
		      pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	int ret = posix_spawn_file_actions_init(&actions);

	if (ret != 0)
		return -ret;
	ret = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (ret == 0)
		ret = posix_spawn_file_actions_adddup2(&actions, out_fd, 1);
	if (ret == 0)
		ret = posix_spawn_file_actions_adddup2(&actions, out_fd, 2);
	if (ret == 0 && dir)
		ret = posix_spawn_file_actions_addchdir_np(&actions, dir);
	if (ret == 0)
		ret = posix_spawnp(ret_pid, argv[0], &actions, NULL, unconst(argv), unconst(env));
	(void)posix_spawn_file_actions_destroy(&actions);
	return -ret;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int process_run(const char *const *argv, const char *const *env, const char *dir,
		struct text *output, struct mp_error *err)
{
	mp_autofd int read_fd = -1;
	mp_autofd int write_fd = -1;
	char buffer[4096];
	ssize_t got;
	pid_t pid = -1;
	int ends[2];
	int ret;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "starting '%s'", argv[0]);
	read_fd = ends[0];
	write_fd = ends[1];
	ret = spawn_into(argv, env, dir, write_fd, &pid);
	if (ret != 0)
		return mp_fail(err, MP_FAULT_HOST, ret, "starting '%s'", argv[0]);
	(void)close(mp_take_fd(&write_fd));
	while ((got = read(read_fd, buffer, sizeof(buffer))) != 0) {
		if (got < 0 && errno != EINTR)
			break;
		if (got > 0 && output)
			text_add_bytes(output, buffer, (size_t)got);
	}
	ret = wait_for(pid);
	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "waiting for '%s'", argv[0]) : ret;
}
