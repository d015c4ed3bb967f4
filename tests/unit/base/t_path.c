/* SPDX-License-Identifier: MIT */
/* Paths below a folder: no way out of it, bounded reading, and trees removed however hostile they are. */
#include "sandbox/base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "tests/helper/tap.h"

/* A fresh folder of this test; the descriptor of it, which is also its only name here. */
static char top[64];

static int make_top(void)
{
	int fd;

	(void)snprintf(top, sizeof(top), "/tmp/milepost-path-XXXXXX");
	OK(mkdtemp(top) != NULL);
	fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	OK(fd >= 0);
	return fd;
}

static void remove_top(int fd)
{
	OK(fd < 0 || close(fd) == 0);
	IS(path_remove_tree(AT_FDCWD, top), 0);
	IS(access(top, F_OK), -1);
}

static void put(int dir_fd, const char *path, const char *text)
{
	mp_autofd int fd = path_create_below(dir_fd, path, O_WRONLY | O_TRUNC, 0644);

	OK(fd >= 0);
	IS(path_write_all(fd, text, strlen(text)), 0);
}

struct open_row {
	const char *path;
	int wanted; /* 0 or a negative errno */
};

static const struct open_row open_rows[] = {
	{"file", 0},
	{"folder/file", 0},
	{"./folder//file", 0},
	{"folder/../file", 0},
	{"", -ENOENT},
	{"nothing", -ENOENT},
	{"file/below", -ENOTDIR},
	{"link", -ELOOP},
	{"link-to-folder/file", -ELOOP},
	{"..", -EXDEV},
	{"../etc/passwd", -EXDEV},
	{"folder/../../etc", -EXDEV},
	{"/etc/passwd", -EXDEV},
	{"out", -ELOOP},
	{"magic/root", -ELOOP},
};

static void nothing_outside_can_be_opened(void)
{
	int dir_fd = make_top();

	put(dir_fd, "file", "a");
	put(dir_fd, "folder/file", "b");
	IS(symlinkat("file", dir_fd, "link"), 0);
	IS(symlinkat("folder", dir_fd, "link-to-folder"), 0);
	IS(symlinkat("/etc/passwd", dir_fd, "out"), 0);
	IS(symlinkat("/proc/self", dir_fd, "magic"), 0);
	for (size_t i = 0; i < sizeof(open_rows) / sizeof(open_rows[0]); i++) {
		mp_autofd int fd = path_open_below(dir_fd, open_rows[i].path, O_RDONLY);

		IS(fd < 0 ? fd : 0, open_rows[i].wanted);
		OK(fd < 0 || (fcntl(fd, F_GETFD) & FD_CLOEXEC));
		ROW("'%s'", open_rows[i].path);
	}
	remove_top(dir_fd);
}

static const struct open_row create_rows[] = {
	{"new", 0},
	{"a/b/c/d", 0},
	{"a/b/e", 0},
	{"file", 0},
	{"file/below", -ENOTDIR},
	{"link/new", -ELOOP},
	{"link", -ELOOP},
	{"dangling", -ELOOP},
	{"../new", -EXDEV},
	{"a/../../new", -EXDEV},
	{"x/../../new", -EXDEV},
	{"/new", -EXDEV},
	{"nowhere/", -EISDIR},
	{"", -ENOENT},
};

static void nothing_outside_can_be_created(void)
{
	int dir_fd = make_top();
	struct stat info;

	put(dir_fd, "file", "a");
	IS(symlinkat("/tmp", dir_fd, "link"), 0);
	IS(symlinkat("nothing", dir_fd, "dangling"), 0);
	for (size_t i = 0; i < sizeof(create_rows) / sizeof(create_rows[0]); i++) {
		mp_autofd int fd = path_create_below(dir_fd, create_rows[i].path, O_WRONLY, 0640);

		IS(fd < 0 ? fd : 0, create_rows[i].wanted);
		ROW("'%s'", create_rows[i].path);
	}
	IS(fstatat(dir_fd, "nothing", &info, 0), -1);
	IS(fstatat(dir_fd, "a/b", &info, 0), 0);
	IS(info.st_mode & 0777 & ~0022U, 0755 & ~0022U);
	IS(fstatat(dir_fd, "new", &info, 0), 0);
	IS(info.st_mode & 0777, 0640);
	remove_top(dir_fd);
}

static void reading_is_bounded_and_of_regular_files_only(void)
{
	int dir_fd = make_top();
	mp_autofree char *bytes = NULL;
	size_t count = 99;

	put(dir_fd, "five", "12345");
	put(dir_fd, "empty", "");
	IS(mkfifoat(dir_fd, "fifo", 0644), 0);
	IS(mkdirat(dir_fd, "folder", 0755), 0);
	IS(path_read_below(dir_fd, "five", 4, &bytes, &count), -EFBIG);
	IS(path_read_below(dir_fd, "fifo", 100, &bytes, &count), -EINVAL);
	IS(path_read_below(dir_fd, "folder", 100, &bytes, &count), -EINVAL);
	IS(path_read_below(dir_fd, "nothing", 100, &bytes, &count), -ENOENT);
	OK(bytes == NULL && count == 99);
	IS(path_read_below(dir_fd, "five", 5, &bytes, &count), 0);
	IS(count, 5);
	IS_TEXT(bytes, "12345");
	free(mp_take(bytes));
	IS(path_read_below(dir_fd, "empty", 0, &bytes, &count), 0);
	IS(count, 0);
	IS_TEXT(bytes, "");
	remove_top(dir_fd);
}

static void a_write_that_fails_says_so(void)
{
	mp_autofd int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	IS(path_write_all(fd, "x", 1), -ENOSPC);
	IS(path_write_all(fd, "", 0), 0);
	IS(path_write_all(-1, "x", 1), -EBADF);
}

static void removing_what_is_not_there_is_done_already(void)
{
	int dir_fd = make_top();

	IS(path_remove_tree(dir_fd, "nothing"), 0);
	put(dir_fd, "file", "a");
	IS(path_remove_tree(dir_fd, "file"), 0);
	IS(faccessat(dir_fd, "file", F_OK, 0), -1);
	IS(path_remove_tree(dir_fd, "nothing/below"), 0);
	remove_top(dir_fd);
}

static void a_link_is_removed_and_not_what_it_points_to(void)
{
	int dir_fd = make_top();

	put(dir_fd, "kept/file", "a");
	IS(symlinkat("kept", dir_fd, "link"), 0);
	IS(mkdirat(dir_fd, "tree", 0755), 0);
	IS(mkdirat(dir_fd, "tree/inner", 0755), 0);
	IS(symlinkat("../../kept", dir_fd, "tree/inner/link"), 0);
	IS(symlinkat("../kept", dir_fd, "tree/link"), 0);
	IS(path_remove_tree(dir_fd, "link"), 0);
	IS(path_remove_tree(dir_fd, "tree"), 0);
	IS(faccessat(dir_fd, "kept/file", F_OK, 0), 0);
	IS(faccessat(dir_fd, "tree", F_OK, 0), -1);
	IS(faccessat(dir_fd, "link", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	remove_top(dir_fd);
}

/* Modes, sockets, fifos, strange names, names like those of our own making. */
static void make_hostile_tree(int dir_fd)
{
	static const char *const names[] = {
		"-rf",	       "new\nline",	"\xff\xfe", "\033[31m",	 "...",
		".removing-0", ".removing-1/x", " ",	    "$(reboot)", "*"};
	char long_name[256];

	IS(mkdirat(dir_fd, "tree", 0755), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "tree/%s", names[i]);
		put(dir_fd, path, "a");
	}
	memset(long_name, 'x', 255);
	long_name[255] = '\0';
	put(dir_fd, "tree/deep/deeper/.removing-0/file", "a");
	put(dir_fd, "tree/deep/deeper/.removing-2/file", "a");
	put(dir_fd, "tree/locked/inner/more/file", "a");
	put(dir_fd, "tree/read-only/inner/file", "a");
	IS(mkfifoat(dir_fd, "tree/deep/fifo", 0), 0);
	IS(mkdirat(dir_fd, "tree/empty-and-locked", 0), 0);
	IS(fchmodat(dir_fd, "tree/locked/inner/more", 0, 0), 0);
	IS(fchmodat(dir_fd, "tree/locked/inner", 0, 0), 0);
	IS(fchmodat(dir_fd, "tree/locked", 0, 0), 0);
	IS(fchmodat(dir_fd, "tree/read-only/inner", 0500, 0), 0);
	IS(fchmodat(dir_fd, "tree/read-only", 0500, 0), 0);
	IS(fchmodat(dir_fd, "tree/deep", 01777, 0), 0);
	IS(fchmodat(dir_fd, "tree", 0, 0), 0);
}

/* In a child that is nobody special, when we are root: for root modes mean nothing. */
static void a_hostile_tree_is_removed_without_rights(void)
{
	int dir_fd = make_top();
	int status = -1;
	pid_t pid;

	IS(fchmod(dir_fd, 0777), 0);
	pid = fork();
	if (pid == 0) {
		if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
			_exit(1);
		make_hostile_tree(dir_fd);
		if (tap_failed_checks)
			_exit(2);
		_exit(path_remove_tree(dir_fd, "tree") == 0 &&
				      faccessat(dir_fd, "tree", F_OK, 0) < 0
			      ? 0
			      : 3);
	}
	IS(waitpid(pid, &status, 0), pid);
	IS(status, 0);
	remove_top(dir_fd);
}

static void a_tree_that_is_not_ours_is_an_error(void)
{
	int dir_fd = make_top();
	int status = -1;
	pid_t pid;

	if (geteuid() != 0) {
		remove_top(dir_fd);
		SKIP_TEST("another owner needs root");
	}
	put(dir_fd, "tree/inner/file", "a");
	pid = fork();
	if (pid == 0) {
		if (setgid(65534) < 0 || setuid(65534) < 0)
			_exit(1);
		_exit(-path_remove_tree(dir_fd, "tree"));
	}
	IS(waitpid(pid, &status, 0), pid);
	IS(WEXITSTATUS(status), EACCES);
	IS(faccessat(dir_fd, "tree/inner/file", F_OK, 0), 0);
	remove_top(dir_fd);
}

enum { DEPTH = 50000, DESCRIPTORS = 64 };

/* Deeper than any path can name, with a fixed number of descriptors. */
static void a_tree_of_fifty_thousand_levels_is_removed(void)
{
	int dir_fd = make_top();
	struct rlimit old;
	struct rlimit few;
	int at = dup(dir_fd);

	for (int i = 0; i < DEPTH; i++) {
		int next;

		if (mkdirat(at, "d", 0755) < 0)
			break;
		next = openat(at, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (next < 0)
			break;
		(void)close(at);
		at = next;
	}
	put(at, "file-at-the-bottom", "a");
	IS(close(at), 0);
	IS(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = (struct rlimit){.rlim_cur = DESCRIPTORS, .rlim_max = old.rlim_max};
	IS(setrlimit(RLIMIT_NOFILE, &few), 0);
	IS(path_remove_tree(dir_fd, "d"), 0);
	IS(setrlimit(RLIMIT_NOFILE, &old), 0);
	IS(faccessat(dir_fd, "d", F_OK, 0), -1);
	remove_top(dir_fd);
}

static void a_wide_tree_is_removed(void)
{
	int dir_fd = make_top();
	char path[64];

	for (int i = 0; i < 3000; i++) {
		(void)snprintf(path, sizeof(path), "tree/%d/%d/%d", i % 3, i % 50, i);
		put(dir_fd, path, "");
	}
	IS(path_remove_tree(dir_fd, "tree"), 0);
	IS(faccessat(dir_fd, "tree", F_OK, 0), -1);
	remove_top(dir_fd);
}

TAP_MAIN(T(nothing_outside_can_be_opened) T(nothing_outside_can_be_created)
		 T(reading_is_bounded_and_of_regular_files_only) T(a_write_that_fails_says_so)
			 T(removing_what_is_not_there_is_done_already)
				 T(a_link_is_removed_and_not_what_it_points_to)
					 T(a_hostile_tree_is_removed_without_rights)
						 T(a_tree_that_is_not_ours_is_an_error) T(
							 a_tree_of_fifty_thousand_levels_is_removed)
							 T(a_wide_tree_is_removed))
