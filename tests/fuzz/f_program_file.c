/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: milepost.yaml, run and Procfile of a learner, parted by bytes 0xff. Reading them is never
 * an error of ours: there is a complaint, or each command is one line with its place.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/bench/bench.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void put(int folder_fd, const char *name, const uint8_t *bytes, size_t count)
{
	int fd = openat(folder_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	must(fd >= 0 && path_write_all(fd, bytes, count) == 0);
	close(fd);
}

static char path[] = "/tmp/f_program_file.XXXXXX";

static void leave(void)
{
	(void)rmdir(path);
}

static int folder(void)
{
	static int fd = -1;

	if (fd < 0) {
		must(mkdtemp(path) != NULL && atexit(leave) == 0);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"milepost.yaml", "run", "Procfile"};
	mp_autoarena struct arena *arena = arena_new();
	struct program_file file;

	for (size_t i = 0; i < 3; i++) {
		const uint8_t *end = size > 0 ? memchr(data, 0xff, size) : NULL;
		size_t count = end && i < 2 ? (size_t)(end - data) : size;

		if (count > 0)
			put(folder(), names[i], data, count);
		else
			(void)unlinkat(folder(), names[i], 0);
		data += count + (end && i < 2);
		size -= count + (end && i < 2);
	}
	must(program_file_read(folder(), ".", arena, &file, NULL) == 0);
	for (int i = 0; i < ENTRY_COUNT && !file.complaint; i++) {
		const struct entry_line *entry = &file.entries[i];

		must(!entry->command ||
		     (entry->file && entry->line > 0 && !strpbrk(entry->command, "\r\n")));
	}
	for (size_t i = 0; i < 3; i++)
		(void)unlinkat(folder(), names[i], 0);
	return 0;
}
