/* SPDX-License-Identifier: MIT */
/* Landlock under a real kernel: a child restricts itself and tries what its rules do not say. */
#include "sandbox/jail/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/path.h"
#include "tests/helper/tap.h"

enum { CHILD_FAILED = 250 };

/* A folder of the test with read/, write/ and other/, each with a file, and a program in read/. */
static char folder[64];

static void make_file(const char *name, mode_t mode)
{
	char path[256];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode);
	OK(fd >= 0);
	IS(path_write_all(fd, "#!/bin/sh\n", 10), 0);
	IS(close(fd), 0);
}

static void make_folders(void)
{
	static const char *const names[] = {"read", "write", "other"};
	char path[128];

	(void)snprintf(folder, sizeof(folder), "/tmp/milepost-landlock-XXXXXX");
	OK(mkdtemp(folder) != NULL);
	IS(chmod(folder, 0755), 0);
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		IS(mkdir(path, 0755), 0);
		(void)snprintf(path, sizeof(path), "%s/file", names[i]);
		make_file(path, 0755);
	}
}

static void remove_folders(void)
{
	IS(path_remove_tree(AT_FDCWD, folder), 0);
}

/* One thing to try below the folder. */
enum act { READ, WRITE, LIST, MAKE, REMOVE, RENAME_OUT, EXECUTE, CUT };

struct row {
	const char *what;
	enum act act;
	const char *path;
	int wanted; /* errno */
};

static const struct row rows[] = {
	{"read what may be read", READ, "read/file", 0},
	{"list what may be read", LIST, "read", 0},
	{"write what may be read", WRITE, "read/file", EACCES},
	{"make in what may be read", MAKE, "read/new", EACCES},
	{"execute in what may be read", EXECUTE, "read/file", EACCES},
	{"read what may be written", READ, "write/file", 0},
	{"write what may be written", WRITE, "write/file", 0},
	{"make in what may be written", MAKE, "write/new", 0},
	{"remove from what may be written", REMOVE, "write/file", 0},
	{"rename from where one may write to where not", RENAME_OUT, "write/file", EACCES},
	{"execute in what may be written", EXECUTE, "write/file", EACCES},
	{"read what no rule names", READ, "other/file", EACCES},
	{"list what no rule names", LIST, "other", EACCES},
	{"write what no rule names", WRITE, "other/file", EACCES},
	{"remove from what no rule names", REMOVE, "other/file", EACCES},
};

static int act(enum act what, const char *path)
{
	char moved[128];
	int ret = 0;

	(void)snprintf(moved, sizeof(moved), "%s/other/moved", folder);
	switch (what) {
	case READ:
		ret = open(path, O_RDONLY | O_CLOEXEC);
		break;
	case WRITE:
		ret = open(path, O_WRONLY | O_CLOEXEC);
		break;
	case LIST:
		ret = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		break;
	case MAKE:
		ret = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		break;
	case REMOVE:
		ret = unlink(path);
		break;
	case RENAME_OUT:
		ret = rename(path, moved);
		break;
	case EXECUTE:
		ret = execl(path, path, (char *)NULL);
		break;
	case CUT:
		ret = truncate(path, 0);
		break;
	}
	return ret < 0 ? errno : 0;
}

static int try_row(const struct row *row)
{
	char readable[128];
	char writable[128];
	char path[128];
	int status = 0;
	const struct landlock_rule rules[] = {{.path = readable},
					      {.path = writable, .may_write = true}};
	pid_t pid;

	(void)snprintf(readable, sizeof(readable), "%s/read", folder);
	(void)snprintf(writable, sizeof(writable), "%s/write", folder);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, row->path);
	pid = fork();
	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    landlock_apply(rules, 2, NULL) < 0)
			_exit(CHILD_FAILED);
		_exit(act(row->act, path));
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void files_outside_the_rules_are_closed(void)
{
	if (landlock_abi() == 0)
		SKIP_TEST("this kernel has no Landlock");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make_folders();
		IS(try_row(&rows[i]), rows[i].wanted);
		ROW("%s", rows[i].what);
		remove_folders();
	}
}

static void files_cannot_be_cut_from_abi_3_on(void)
{
	static const struct row row = {"cut", CUT, "read/file", EACCES};

	if (landlock_abi() < 3)
		SKIP_TEST("Landlock before ABI 3 does not know truncate");
	make_folders();
	IS(try_row(&row), row.wanted);
	remove_folders();
}

static void a_path_that_is_not_there_is_an_error(void)
{
	const struct landlock_rule rule = {.path = "/nowhere/at/all"};
	struct mp_error err = {0};

	if (landlock_abi() == 0)
		SKIP_TEST("this kernel has no Landlock");
	IS(landlock_apply(&rule, 1, &err), -ENOENT);
	HAS_TEXT(err.text, "/nowhere/at/all");
	IS(err.fault, MP_FAULT_HOST);
}

static int listen_abstract(struct sockaddr_un *ret_address, socklen_t *ret_length)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
	*ret_length = (socklen_t)offsetof(struct sockaddr_un, sun_path) + 1 +
		      (socklen_t)snprintf(ret_address->sun_path + 1, 64, "milepost-landlock-%ld",
					  (long)getpid());
	if (bind(fd, (const struct sockaddr *)ret_address, *ret_length) < 0 || listen(fd, 4) < 0)
		return -1;
	return fd;
}

static void abstract_sockets_and_signals_are_closed_from_abi_6_on(void)
{
	struct sockaddr_un address;
	socklen_t length;
	int status = 0;
	int fd = listen_abstract(&address, &length);
	pid_t pid;

	if (landlock_abi() < 6)
		SKIP_TEST("Landlock before ABI 6 has no scopes");
	OK(fd >= 0);
	pid = fork();
	if (pid == 0) {
		int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		int failures = 0;

		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || landlock_apply(NULL, 0, NULL) < 0)
			_exit(CHILD_FAILED);
		failures += connect(client, (const struct sockaddr *)&address, length) < 0 &&
			    errno == EPERM;
		failures += kill(getppid(), 0) < 0 && errno == EPERM;
		_exit(failures);
	}
	IS(waitpid(pid, &status, 0), pid);
	IS(WEXITSTATUS(status), 2);
	IS(close(fd), 0);
}

static void a_service_may_listen(void)
{
	int status = 0;
	pid_t pid;

	if (landlock_abi() == 0)
		SKIP_TEST("this kernel has no Landlock");
	pid = fork();
	if (pid == 0) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || landlock_apply(NULL, 0, NULL) < 0)
			_exit(CHILD_FAILED);
		_exit(listen(fd, 1) < 0 ? errno : 0);
	}
	IS(waitpid(pid, &status, 0), pid);
	IS(status, 0);
}

TAP_MAIN(T(files_outside_the_rules_are_closed) T(files_cannot_be_cut_from_abi_3_on)
		 T(a_path_that_is_not_there_is_an_error)
			 T(abstract_sockets_and_signals_are_closed_from_abi_6_on)
				 T(a_service_may_listen))
