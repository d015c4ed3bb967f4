/* SPDX-License-Identifier: MIT */
/* Groups that outlived their launcher, and the host's own group made ready for children. */
#include "sandbox/base/cleanup.h"
#include "sandbox/jail/group.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "milepost-"

/* Field 22 of /proc/PID/stat: when the process started, in clock ticks; 0 when there is none. */
static unsigned long long start_time(pid_t pid)
{
	char path[48];
	char text[1024];
	int fd mp_autofd = -1;
	ssize_t got;
	char *at;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (got <= 0)
		return 0;
	text[got] = '\0';
	/* The name of a process may hold anything; its last parenthesis ends it. */
	at = strrchr(text, ')');
	for (int field = 2; at && field < 22; field++) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	return at ? strtoull(at, NULL, 10) : 0;
}

int group_prefix(pid_t pid, char *ret_text, size_t size)
{
	unsigned long long start = start_time(pid);

	if (start == 0)
		return -ESRCH;
	(void)snprintf(ret_text, size, PREFIX "%d-%llu-", pid, start);
	return 0;
}

/* Is NAME a group of a launcher that is dead? */
static bool is_stale(const char *name)
{
	char *end;
	unsigned long pid, start;

	if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
		return false;
	pid = strtoul(name + strlen(PREFIX), &end, 10);
	if (*end != '-' || pid == 0 || pid > INT32_MAX)
		return false;
	start = strtoul(end + 1, &end, 10);
	return *end == '-' && start_time((pid_t)pid) != start;
}

static void kill_members(int dir)
{
	FILE *file mp_autofile = NULL;
	char line[32];
	int fd = openat(dir, "cgroup.kill", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		(void)!write(fd, "1", 1);
		(void)close(fd);
		return;
	}
	fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	file = fd < 0 ? NULL : fdopen(fd, "r");
	while (file && fgets(line, sizeof(line), file)) {
		unsigned long pid = strtoul(line, NULL, 10);

		if (pid > 1 && pid <= INT32_MAX)
			(void)kill((pid_t)pid, SIGKILL);
	}
}

static void sweep_folder(const char *folder, const char *own)
{
	DIR *dir = folder[0] ? opendir(folder) : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		int group mp_autofd = -1;

		if (!is_stale(entry->d_name) &&
		    !(own && strncmp(entry->d_name, own, strlen(own)) == 0))
			continue;
		group = openat(dirfd(dir), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (group < 0)
			continue;
		kill_members(group);
		for (int try = 0; try < 50 && unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR) < 0;
		     try++) {
			if (errno != EBUSY)
				break;
			(void)poll(NULL, 0, 2);
		}
	}
	if (dir)
		(void)closedir(dir);
}

void group_sweep(const struct host *host, const char *own)
{
	const struct host_cgroups *cgroups = &host->cgroups;

	if (cgroups->kind == HOST_CGROUP_NONE)
		return;
	sweep_folder(cgroups->v2, own);
	if (cgroups->kind != HOST_CGROUP_V1)
		return;
	sweep_folder(cgroups->memory, own);
	sweep_folder(cgroups->pids, own);
	sweep_folder(cgroups->cpuacct, own);
}

static int write_below(int dir, const char *file, const char *text)
{
	int fd mp_autofd = openat(dir, file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

/* Every process of the folder goes to its leaf; new ones may appear meanwhile, so it is done a few times. */
static int move_members(int dir, int leaf)
{
	for (int round = 0; round < 8; round++) {
		FILE *file mp_autofile = NULL;
		char line[32];
		int moved = 0;
		int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);

		file = fd < 0 ? NULL : fdopen(fd, "r");
		while (file && fgets(line, sizeof(line), file)) {
			line[strcspn(line, "\n")] = '\0';
			moved += write_below(leaf, "cgroup.procs", line) == 0;
		}
		if (moved == 0)
			return 0;
	}
	return -EBUSY;
}

int group_prepare(const struct host *host, struct mp_error *err)
{
	const struct host_cgroups *cgroups = &host->cgroups;
	int dir mp_autofd = -1;
	int leaf mp_autofd = -1;
	int result = 0;

	if (cgroups->kind != HOST_CGROUP_V2 || (!cgroups->must_leave && !cgroups->enable[0]))
		return 0;
	dir = open(cgroups->v2, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "open %s", cgroups->v2);
	if (cgroups->must_leave) {
		if (mkdirat(dir, HOST_LEAF, 0755) < 0 && errno != EEXIST)
			return mp_fail(err, MP_FAULT_HOST, -errno, "make %s/" HOST_LEAF,
				       cgroups->v2);
		leaf = openat(dir, HOST_LEAF, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		result = leaf < 0 ? -errno : move_members(dir, leaf);
		if (result < 0)
			return mp_fail(err, MP_FAULT_HOST, result, "leave the group %s",
				       cgroups->v2);
	}
	if (cgroups->enable[0])
		result = write_below(dir, "cgroup.subtree_control", cgroups->enable);
	return result < 0 ? mp_fail(err, MP_FAULT_HOST, result, "enable controllers in %s",
				    cgroups->v2)
			  : 0;
}
