/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: /proc/self/cgroup, a line of percent signs, mountinfo. Whatever they say, what is found is whole:
 * a kind has its folders, no kind has none, and every folder ends in its bound.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/host/host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *content;

static bool can_write(const char *path)
{
	return strlen(path) % 7 != 0;
}

static bool read_file(const char *path, char *ret_text, size_t size)
{
	if (strlen(path) % 5 == 0)
		return false;
	(void)snprintf(ret_text, size, "%s%s", strlen(path) % 3 ? "memory pids " : "", content);
	return true;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct host_files files = {can_write, read_file};
	struct host_cgroups found;
	char *texts = malloc(size + 1);
	char *mounts;

	if (!texts)
		return 0;
	memcpy(texts, data, size);
	texts[size] = '\0';
	mounts = strstr(texts, "%%\n");
	if (mounts) {
		*mounts = '\0';
		mounts += 3;
	}
	content = texts;
	memset(&found, 0x5a, sizeof(found));
	host_find_cgroups(texts, mounts ? mounts : "", &files, &found);
	must(memchr(found.v2, 0, sizeof(found.v2)) &&
	     memchr(found.enable, 0, sizeof(found.enable)));
	must((found.kind == HOST_CGROUP_V1) == (*found.memory != '\0'));
	must(found.kind != HOST_CGROUP_V1 || (*found.pids && *found.cpuacct));
	must(found.kind != HOST_CGROUP_V2 || *found.v2);
	must(found.kind != HOST_CGROUP_NONE || (!*found.v2 && !*found.enable && !found.must_leave));
	free(texts);
	return 0;
}
