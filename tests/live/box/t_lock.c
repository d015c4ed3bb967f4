/* SPDX-License-Identifier: MIT */
#include <milepost/box.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/jail/landlock.h"
#include "tests/helper/tap.h"

static char mine[] = "/tmp/t_lock_XXXXXX";

static bool opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

/* In a child, because a lock cannot be undone: bit i of its status is set when expectation i does not hold. */
static int locked_child(void)
{
	const char *const readable[] = {"/root/no-such-folder", NULL};
	const char *const writable[] = {mine, NULL};
	char own[64];
	struct mp_error err = {0};
	int wrong = 0;

	(void)snprintf(own, sizeof(own), "%s/file", mine);
	if (mp_client_lock(readable, writable, &err) < 0)
		return 64;
	wrong |= opens(own, O_RDWR | O_CREAT) ? 0 : 1;
	wrong |= opens("/etc/hosts", O_RDONLY) ? 0 : 2;
	wrong |= opens("/etc/t_lock", O_WRONLY | O_CREAT) ? 4 : 0;
	wrong |= opens("/var/lib/dpkg/status", O_RDONLY) ? 8 : 0;
	wrong |= opens("/dev/null", O_RDWR) ? 0 : 16;
	return wrong;
}

static void a_locked_client_reaches_its_own_folders_only(void)
{
	int status = -1;
	pid_t pid;

	if (landlock_abi() == 0)
		SKIP_TEST("this kernel has no Landlock");
	OK(mkdtemp(mine) != NULL);
	pid = fork();
	if (pid == 0)
		_exit(locked_child());
	OK(waitpid(pid, &status, 0) == pid);
	OK(WIFEXITED(status));
	IS(WEXITSTATUS(status), 0);
}

TAP_MAIN(T(a_locked_client_reaches_its_own_folders_only))
