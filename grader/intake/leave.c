/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C leaves nothing behind.
 *
 * Boxes end with us by themselves; the work folder has to be removed. That is done in the handler
 * of the signal, so by calls that signal-safety(7) lists and getdents64(2) alone: nothing is
 * allocated, and the walk keeps its place in static memory. Who is killed by SIGKILL leaves the
 * folder to the sweep of the next start.
 */
#include "grader/intake/leave.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FOLDERS = 8, NAME_BYTES = 256, DEPTH = 64 /* a tree has 32 at most */ };

static struct noted {
	volatile sig_atomic_t is_open;
	int base_fd;
	char name[NAME_BYTES];
} noted[FOLDERS];

static pid_t owner; /* a child that was forked in between has nothing to remove */

/* The way down from the work folder. */
static struct {
	int fd;
	char name[NAME_BYTES]; /* in the level above */
} levels[DEPTH];

static bool is_kept(const char *name, int depth)
{
	/* The lock goes last: a folder without one would not be swept. */
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	       (depth == 0 && strcmp(name, "lock") == 0);
}

/* Remove the files of a chunk of entries; true when one is a folder, which is then the next level. */
static bool remove_chunk(const char *chunk, long bytes, int depth, bool *ret_is_less)
{
	int fd = levels[depth].fd;

	for (long at = 0; at < bytes;) {
		const struct dirent64 *entry = (const struct dirent64 *)(const void *)(chunk + at);

		at += entry->d_reclen;
		if (is_kept(entry->d_name, depth))
			continue;
		if (unlinkat(fd, entry->d_name, 0) == 0) {
			*ret_is_less = true;
			continue;
		}
		if (errno != EISDIR || depth + 1 == DEPTH)
			continue;
		levels[depth + 1].fd =
			openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (levels[depth + 1].fd < 0)
			continue;
		memcpy(levels[depth + 1].name, entry->d_name, strlen(entry->d_name) + 1);
		return true;
	}
	return false;
}

/* Remove the files of a level, until a pass finds none; true when there is a level below. */
static bool remove_files(int depth)
{
	static _Alignas(struct dirent64) char chunk[16384];
	bool is_less = true;

	while (is_less) {
		long bytes;

		is_less = false;
		(void)lseek(levels[depth].fd, 0, SEEK_SET);
		while ((bytes = syscall(SYS_getdents64, levels[depth].fd, chunk, sizeof(chunk))) >
		       0) {
			if (remove_chunk(chunk, bytes, depth, &is_less))
				return true;
		}
	}
	return false;
}

static void remove_folder(int base_fd, const char *name)
{
	int depth = 0;

	levels[0].fd = openat(base_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	while (levels[0].fd >= 0) {
		if (remove_files(depth)) {
			depth++;
			continue;
		}
		if (depth == 0)
			break;
		(void)close(levels[depth].fd);
		depth--;
		if (unlinkat(levels[depth].fd, levels[depth + 1].name, AT_REMOVEDIR) < 0)
			return;
	}
	(void)unlinkat(levels[0].fd, "lock", 0);
	(void)unlinkat(base_fd, name, AT_REMOVEDIR);
}

static void leave(int number)
{
	for (size_t i = 0; getpid() == owner && i < FOLDERS; i++) {
		if (noted[i].is_open)
			remove_folder(noted[i].base_fd, noted[i].name);
	}
	/* It is blocked while it is handled: it ends us when this function returns. */
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

static void set_handlers(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = leave};
	struct sigaction before;

	if (owner == getpid())
		return;
	owner = getpid();
	(void)sigfillset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
			(void)sigaction(numbers[i], &action, NULL);
	}
}

void leave_note(int base_fd, const char *name)
{
	set_handlers();
	for (size_t i = 0; i < FOLDERS; i++) {
		if (noted[i].is_open || strlen(name) >= NAME_BYTES)
			continue;
		noted[i].base_fd = base_fd;
		memcpy(noted[i].name, name, strlen(name) + 1);
		noted[i].is_open = 1;
		return;
	}
}

void leave_forget(int base_fd, const char *name)
{
	for (size_t i = 0; i < FOLDERS; i++) {
		if (noted[i].is_open && noted[i].base_fd == base_fd &&
		    strcmp(noted[i].name, name) == 0)
			noted[i].is_open = 0;
	}
}
