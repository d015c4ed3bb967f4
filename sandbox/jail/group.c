/* SPDX-License-Identifier: MIT */
/*
 * Making, reading and removing the groups of a box.
 *
 * A table of files per kind of host says where a figure stands; the code does not know the versions. All
 * files are opened below the folder's descriptor. Sources: cgroups(7), the kernel's
 * admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst. v1's failcnt stays 0 over an OOM kill, so
 * oom_control's oom_kill is what counts.
 */
#include "sandbox/jail/group.h"

#include "sandbox/base/field.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One limit: written when the group is made. */
struct limit_row {
	enum group_tree tree;
	const char *file;
	enum { LIMIT_MEMORY, LIMIT_PROCESSES, LIMIT_CONSTANT } what;
	const char *constant;
	bool is_optional; /* kernels without swap accounting have no such file */
};

static const struct limit_row v2_limits[] = {
	{GROUP_V2, "memory.max", LIMIT_MEMORY, NULL, false},
	{GROUP_V2, "memory.swap.max", LIMIT_CONSTANT, "0", true},
	{GROUP_V2, "memory.oom.group", LIMIT_CONSTANT, "1", true},
	{GROUP_V2, "pids.max", LIMIT_PROCESSES, NULL, false},
	{0, NULL, LIMIT_CONSTANT, NULL, false},
};
static const struct limit_row v1_limits[] = {
	{GROUP_MEMORY, "memory.limit_in_bytes", LIMIT_MEMORY, NULL, false},
	{GROUP_MEMORY, "memory.memsw.limit_in_bytes", LIMIT_MEMORY, NULL, true},
	{GROUP_PIDS, "pids.max", LIMIT_PROCESSES, NULL, false},
	{0, NULL, LIMIT_CONSTANT, NULL, false},
};

/* One figure: a whole file or the number behind a key in it. */
struct figure_row {
	enum group_tree tree;
	const char *file;
	const char *key; /* NULL: the file is the number */
};

enum figure {
	FIGURE_CPU,
	FIGURE_MEMORY_PEAK,
	FIGURE_PIDS_PEAK,
	FIGURE_KILLS,
	FIGURE_REFUSED,
	FIGURE_COUNT
};

static const struct figure_row v2_figures[FIGURE_COUNT] = {
	[FIGURE_CPU] = {GROUP_V2, "cpu.stat", "usage_usec "},
	[FIGURE_MEMORY_PEAK] = {GROUP_V2, "memory.peak", NULL},
	[FIGURE_PIDS_PEAK] = {GROUP_V2, "pids.peak", NULL},
	[FIGURE_KILLS] = {GROUP_V2, "memory.events", "\noom_kill "},
	[FIGURE_REFUSED] = {GROUP_V2, "pids.events", "max "},
};
static const struct figure_row v1_figures[FIGURE_COUNT] = {
	[FIGURE_CPU] = {GROUP_CPUACCT, "cpuacct.usage", NULL}, /* ns */
	[FIGURE_MEMORY_PEAK] = {GROUP_MEMORY, "memory.max_usage_in_bytes", NULL},
	[FIGURE_PIDS_PEAK] = {GROUP_PIDS, "pids.peak", NULL},
	[FIGURE_KILLS] = {GROUP_MEMORY, "memory.oom_control", "\noom_kill "},
	[FIGURE_REFUSED] = {GROUP_PIDS, "pids.events", "max "},
};

static const struct figure_row *figure_of(const struct cgroup *group, enum figure figure)
{
	return group->kind == HOST_CGROUP_V1 ? &v1_figures[figure] : &v2_figures[figure];
}

static const char *tree_folder(const struct host *host, enum group_tree tree)
{
	const struct host_cgroups *cgroups = &host->cgroups;
	const char *const folders[GROUP_TREES] = {
		[GROUP_V2] = cgroups->v2,
		[GROUP_MEMORY] = cgroups->memory,
		[GROUP_PIDS] = cgroups->pids,
		[GROUP_CPUACCT] = cgroups->cpuacct,
	};

	if (cgroups->kind == HOST_CGROUP_V2 && tree != GROUP_V2)
		return "";
	return folders[tree];
}

void group_init(struct cgroup *group)
{
	memset(group, 0, sizeof(*group));
	for (int i = 0; i < GROUP_TREES; i++)
		group->dirs[i] = group->parents[i] = group->joins[i] = -1;
	group->cpu_fd = group->memory_event_fd = group->pids_event_fd = -1;
}

static int write_file(int dir, const char *file, const char *text)
{
	int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);
	int result = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		result = -errno;
	(void)close(fd);
	return result;
}

/* The number behind KEY in TEXT; -1 when it is not there. Rows begin a line: the text gets one before it. */
static int64_t number_after(char *text, const char *key)
{
	const char *at = key ? strstr(text, key[0] == '\n' ? key + 1 : key) : text;
	char *end;
	int64_t number;

	while (at && key && key[0] == '\n' && at != text && at[-1] != '\n')
		at = strstr(at + 1, key + 1);
	if (!at)
		return -1;
	if (key)
		at += strlen(key) - (key[0] == '\n');
	errno = 0;
	number = (int64_t)strtoimax(at, &end, 10);
	return end == at || errno ? -1 : number;
}

static int64_t read_number(int fd, const char *key)
{
	char text[1024];
	ssize_t got = pread(fd, text, sizeof(text) - 1, 0);

	if (got <= 0)
		return -1;
	text[got] = '\0';
	return number_after(text, key);
}

static int open_figure(const struct cgroup *group, enum figure figure)
{
	const struct figure_row *row = figure_of(group, figure);

	return group->has[row->tree]
		       ? openat(group->dirs[row->tree], row->file, O_RDONLY | O_CLOEXEC)
		       : -1;
}

static int64_t read_figure(const struct cgroup *group, enum figure figure)
{
	int fd = open_figure(group, figure);
	int64_t number;

	if (fd < 0)
		return -1;
	number = read_number(fd, figure_of(group, figure)->key);
	(void)close(fd);
	return number;
}

int group_limit(struct cgroup *group, int64_t memory_bytes, int64_t processes, struct mp_error *err)
{
	const struct limit_row *row = group->kind == HOST_CGROUP_V1 ? v1_limits : v2_limits;

	for (; row->file; row++) {
		char text[32];
		int result;

		(void)snprintf(text, sizeof(text), "%" PRId64,
			       row->what == LIMIT_MEMORY ? memory_bytes : processes);
		result = write_file(group->dirs[row->tree], row->file,
				    row->what == LIMIT_CONSTANT ? row->constant : text);
		if (result < 0 && !row->is_optional)
			return mp_fail(err, MP_FAULT_HOST, result, "write %s", row->file);
	}
	return 0;
}

static int make_tree(struct cgroup *group, const struct host *host, enum group_tree tree,
		     struct mp_error *err)
{
	const char *folder = tree_folder(host, tree);
	int parent;

	parent = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "open %s", folder);
	group->parents[tree] = parent;
	if (mkdirat(parent, group->name, 0755) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "make %s/%s", folder, group->name);
	group->has[tree] = true;
	group->dirs[tree] = openat(parent, group->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (group->dirs[tree] < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "open %s/%s", folder, group->name);
	if (tree != GROUP_V2)
		group->joins[tree] = openat(group->dirs[tree], "tasks", O_WRONLY | O_CLOEXEC);
	return 0;
}

int group_make(struct cgroup *group, const struct host *host, const char *name,
	       struct mp_error *err)
{
	int result = 0;

	group->kind = host->cgroups.kind;
	(void)snprintf(group->name, sizeof(group->name), "%s", name);
	for (int i = 0; i < GROUP_TREES && result == 0; i++)
		if (tree_folder(host, (enum group_tree)i)[0])
			result = make_tree(group, host, (enum group_tree)i, err);
	if (result < 0) {
		group_remove(group);
		return result;
	}
	group->cpu_fd = open_figure(group, FIGURE_CPU);
	group->memory_event_fd = open_figure(group, FIGURE_KILLS);
	group->pids_event_fd = open_figure(group, FIGURE_REFUSED);
	return 0;
}

int group_clone_fd(const struct cgroup *group)
{
	return group->has[GROUP_V2] ? group->dirs[GROUP_V2] : -1;
}

int group_join(struct cgroup *group, struct mp_error *err)
{
	for (int i = 0; i < GROUP_TREES; i++)
		if (group->joins[i] >= 0 && write(group->joins[i], "0", 1) < 0)
			return mp_fail(err, MP_FAULT_HOST, -errno, "join the group");
	return 0;
}

int64_t group_cpu_us(const struct cgroup *group)
{
	int64_t number;

	if (group->cpu_fd < 0)
		return -1;
	number = read_number(group->cpu_fd, figure_of(group, FIGURE_CPU)->key);
	return group->kind == HOST_CGROUP_V1 && number > 0 ? number / 1000 : number;
}

int64_t group_memory_peak(const struct cgroup *group)
{
	return read_figure(group, FIGURE_MEMORY_PEAK);
}

int group_processes_peak(const struct cgroup *group)
{
	int64_t peak = read_figure(group, FIGURE_PIDS_PEAK);

	return peak > 0 ? (int)(peak - 1) : -1;
}

int64_t group_memory_kills(const struct cgroup *group)
{
	return group->memory_event_fd < 0
		       ? 0
		       : read_number(group->memory_event_fd, figure_of(group, FIGURE_KILLS)->key);
}

int64_t group_refused_processes(const struct cgroup *group)
{
	return group->pids_event_fd < 0
		       ? 0
		       : read_number(group->pids_event_fd, figure_of(group, FIGURE_REFUSED)->key);
}

void group_kill(const struct cgroup *group)
{
	if (group->has[GROUP_V2])
		(void)write_file(group->dirs[GROUP_V2], "cgroup.kill", "1");
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void group_remove(struct cgroup *group)
{
	close_one(&group->cpu_fd);
	close_one(&group->memory_event_fd);
	close_one(&group->pids_event_fd);
	for (int i = 0; i < GROUP_TREES; i++) {
		close_one(&group->dirs[i]);
		close_one(&group->joins[i]);
		/* A member that is dead but not yet gone keeps the folder busy for a moment. */
		for (int try = 0; group->has[i] && try < 2000; try++) {
			if (unlinkat(group->parents[i], group->name, AT_REMOVEDIR) == 0 ||
			    errno != EBUSY)
				break;
			(void)poll(NULL, 0, 1);
		}
		group->has[i] = false;
		close_one(&group->parents[i]);
	}
}
