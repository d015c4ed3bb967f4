/* SPDX-License-Identifier: MIT */
/* Which control groups may be used, told by the texts of real machines; no kernel is asked. */
#include <string.h>

#include "sandbox/host/host.h"
#include "tests/helper/tap.h"

#define V2_MOUNT "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
#define V1_MOUNTS                                                                                  \
	"32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"              \
	"35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"                        \
	"39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
#define V1_GROUPS "7:pids:/user.slice\n5:memory:/user.slice\n3:cpu,cpuacct:/user.slice\n"

/* The folder tree of a test: what may be written (by prefix) and what files say. */
struct file {
	const char *path;
	const char *text;
};

struct row {
	const char *name;
	const char *self;
	const char *mounts;
	const char *writable; /* prefix of paths; "" is all, NULL none */
	const struct file *files;
	struct host_cgroups wanted;
};

static const struct row *now;

static bool fake_can_write(const char *path)
{
	return now->writable && strncmp(path, now->writable, strlen(now->writable)) == 0;
}

static bool fake_read(const char *path, char *ret_text, size_t size)
{
	for (const struct file *file = now->files; file && file->path; file++) {
		if (strcmp(file->path, path) != 0)
			continue;
		(void)snprintf(ret_text, size, "%s", file->text);
		return true;
	}
	return false;
}

static const struct host_files fake = {fake_can_write, fake_read};

static const struct file delegated_scope[] = {
	{"/sys/fs/cgroup/a.scope/cgroup.controllers", "cpu memory pids\n"},
	{"/sys/fs/cgroup/a.scope/cgroup.subtree_control", "\n"},
	{"/sys/fs/cgroup/a.scope/cgroup.type", "domain\n"},
	{"/sys/fs/cgroup/a.scope/cgroup.procs", "4711\n"},
	{NULL, NULL},
};

static const struct file scope_with_a_shell[] = {
	{"/sys/fs/cgroup/a.scope/cgroup.controllers", "cpu memory pids\n"},
	{"/sys/fs/cgroup/a.scope/cgroup.subtree_control", "memory\n"},
	{"/sys/fs/cgroup/a.scope/cgroup.type", "domain\n"},
	{"/sys/fs/cgroup/a.scope/cgroup.procs", "4711\n4712\n"},
	{NULL, NULL},
};

static const struct file scope_that_was_left[] = {
	{"/sys/fs/cgroup/a.scope/cgroup.controllers", "cpu memory pids\n"},
	{"/sys/fs/cgroup/a.scope/cgroup.subtree_control", "memory pids\n"},
	{"/sys/fs/cgroup/a.scope/cgroup.type", "domain\n"},
	{"/sys/fs/cgroup/a.scope/cgroup.procs", ""},
	{"/sys/fs/cgroup/a.scope/milepost/cgroup.controllers", "memory pids\n"},
	{"/sys/fs/cgroup/a.scope/milepost/cgroup.subtree_control", ""},
	{"/sys/fs/cgroup/a.scope/milepost/cgroup.type", "domain\n"},
	{"/sys/fs/cgroup/a.scope/milepost/cgroup.procs", "4711\n4712\n"},
	{NULL, NULL},
};

static const struct file session_of_root[] = {
	{"/sys/fs/cgroup/session-1.scope/cgroup.controllers", "memory pids\n"},
	{"/sys/fs/cgroup/session-1.scope/cgroup.subtree_control", ""},
	{"/sys/fs/cgroup/session-1.scope/cgroup.type", "domain\n"},
	{"/sys/fs/cgroup/session-1.scope/cgroup.procs", "800\n801\n"},
	{"/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma misc\n"},
	{"/sys/fs/cgroup/cgroup.subtree_control", "cpu memory pids\n"},
	{"/sys/fs/cgroup/cgroup.procs", "1\n2\n"},
	{NULL, NULL},
};

static const struct file container[] = {
	{"/sys/fs/cgroup/cgroup.controllers", "memory pids\n"},
	{"/sys/fs/cgroup/cgroup.subtree_control", "pids\n"},
	{"/sys/fs/cgroup/cgroup.type", "domain\n"},
	{"/sys/fs/cgroup/cgroup.procs", "1\n2\n"},
	{NULL, NULL},
};

static const struct file without_memory[] = {
	{"/sys/fs/cgroup/cgroup.controllers", "hugetlb pids memoryless\n"},
	{"/sys/fs/cgroup/cgroup.subtree_control", ""},
	{NULL, NULL},
};

static const struct row rows[] = {
	{"a delegated scope holds us alone",
	 "0::/a.scope\n",
	 V2_MOUNT,
	 "/sys/fs/cgroup/a.scope",
	 delegated_scope,
	 {.kind = HOST_CGROUP_V2,
	  .v2 = "/sys/fs/cgroup/a.scope",
	  .must_leave = true,
	  .enable = "+memory +pids"}},
	{"a delegated scope holds a shell too: both must leave",
	 "0::/a.scope\n",
	 V2_MOUNT,
	 "/sys/fs/cgroup/a.scope",
	 scope_with_a_shell,
	 {.kind = HOST_CGROUP_V2,
	  .v2 = "/sys/fs/cgroup/a.scope",
	  .must_leave = true,
	  .enable = "+pids"}},
	{"who was moved into the leaf makes groups above it",
	 "0::/a.scope/milepost\n",
	 V2_MOUNT,
	 "/sys/fs/cgroup/a.scope",
	 scope_that_was_left,
	 {.kind = HOST_CGROUP_V2, .v2 = "/sys/fs/cgroup/a.scope"}},
	{"root in a session makes groups at the top",
	 "0::/session-1.scope\n",
	 V2_MOUNT,
	 "",
	 session_of_root,
	 {.kind = HOST_CGROUP_V2, .v2 = "/sys/fs/cgroup"}},
	{"an ordinary user in a session has none",
	 "0::/session-1.scope\n",
	 V2_MOUNT,
	 NULL,
	 session_of_root,
	 {0}},
	{"a container's top is no root: everybody must leave it",
	 "0::/\n",
	 V2_MOUNT,
	 "",
	 container,
	 {.kind = HOST_CGROUP_V2, .v2 = "/sys/fs/cgroup", .must_leave = true, .enable = "+memory"}},
	{"without the memory controller there is none",
	 "0::/\n",
	 V2_MOUNT,
	 "",
	 without_memory,
	 {0}},
	{"v1 alone",
	 V1_GROUPS,
	 V1_MOUNTS,
	 "",
	 NULL,
	 {.kind = HOST_CGROUP_V1,
	  .memory = "/sys/fs/cgroup/memory/user.slice",
	  .pids = "/sys/fs/cgroup/pids/user.slice",
	  .cpuacct = "/sys/fs/cgroup/cpu,cpuacct/user.slice"}},
	{"v1 beside a v2 tree without controllers",
	 V1_GROUPS "0::/\n",
	 V1_MOUNTS "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n",
	 "",
	 NULL,
	 {.kind = HOST_CGROUP_V1,
	  .memory = "/sys/fs/cgroup/memory/user.slice",
	  .pids = "/sys/fs/cgroup/pids/user.slice",
	  .cpuacct = "/sys/fs/cgroup/cpu,cpuacct/user.slice",
	  .v2 = "/sys/fs/cgroup/unified"}},
	{"a root folder that shows the groups of v1 and v2 too",
	 V1_GROUPS "0::/\n",
	 V1_MOUNTS
	 "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
	 "90 80 0:32 / /tmp/root/sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	 "91 80 0:38 / /tmp/root/sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n",
	 "",
	 NULL,
	 {.kind = HOST_CGROUP_V1,
	  .memory = "/sys/fs/cgroup/memory/user.slice",
	  .pids = "/sys/fs/cgroup/pids/user.slice",
	  .cpuacct = "/sys/fs/cgroup/cpu,cpuacct/user.slice",
	  .v2 = "/sys/fs/cgroup/unified"}},
	{"a mount over another at the same place",
	 "5:memory:/a/b\n6:pids:/a/b\n7:cpuacct:/a/b\n",
	 "1 2 0:1 /x /cg/memory rw - cgroup c rw,memory\n"
	 "1 2 0:1 /a /cg/memory rw - cgroup c rw,memory\n"
	 "1 2 0:1 /a /cg/pids rw - cgroup c rw,pids\n"
	 "1 2 0:1 /a /cg/cpuacct rw - cgroup c rw,cpuacct\n",
	 "",
	 NULL,
	 {.kind = HOST_CGROUP_V1,
	  .memory = "/cg/memory/b",
	  .pids = "/cg/pids/b",
	  .cpuacct = "/cg/cpuacct/b"}},
	{"v1 that may not be written", V1_GROUPS, V1_MOUNTS, "/elsewhere", NULL, {0}},
	{"a mount that shows our group as its root",
	 "5:memory:/docker/abc\n6:pids:/docker/abc/x\n7:cpuacct:/docker/abc\n",
	 "1 2 0:1 /docker/abc /cg/memory rw - cgroup c rw,memory\n"
	 "1 2 0:1 /docker/abc /cg/pids rw - cgroup c rw,pids\n"
	 "1 2 0:1 /docker/abc /cg/cpuacct rw - cgroup c rw,cpuacct\n",
	 "",
	 NULL,
	 {.kind = HOST_CGROUP_V1,
	  .memory = "/cg/memory",
	  .pids = "/cg/pids/x",
	  .cpuacct = "/cg/cpuacct"}},
	{"a group outside the mount's root cannot be reached",
	 "5:memory:/docker/abcd\n6:pids:/docker/abcd\n7:cpuacct:/docker/abcd\n",
	 "1 2 0:1 /docker/abc /cg/memory rw - cgroup c rw,memory\n"
	 "1 2 0:1 /docker/abc /cg/pids rw - cgroup c rw,pids\n"
	 "1 2 0:1 /docker/abc /cg/cpuacct rw - cgroup c rw,cpuacct\n",
	 "",
	 NULL,
	 {0}},
	{"a group above the namespace's root", "0::/../other\n", V2_MOUNT, "", container, {0}},
	{"a mount point with a blank",
	 "0::/\n",
	 "30 24 0:26 / /my\\040groups rw - cgroup2 cgroup2 rw\n",
	 "",
	 (const struct file[]){{"/my groups/cgroup.controllers", "memory pids\n"},
			       {"/my groups/cgroup.subtree_control", "memory pids\n"},
			       {NULL, NULL}},
	 {.kind = HOST_CGROUP_V2, .v2 = "/my groups"}},
	{"nothing mounted", "0::/\n", "", "", NULL, {0}},
	{"texts that are no texts of the kernel",
	 ":::\n\n::",
	 "a b c\n- - -\n1 2 3 4 5 -\n1 2 3 4 5 - cgroup2\n",
	 "",
	 NULL,
	 {0}},
};

static void groups_are_found_as_the_kernel_tells(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct host_cgroups got;

		now = &rows[i];
		host_find_cgroups(now->self, now->mounts, &fake, &got);
		IS(got.kind, now->wanted.kind);
		IS_TEXT(got.memory, now->wanted.memory);
		IS_TEXT(got.pids, now->wanted.pids);
		IS_TEXT(got.cpuacct, now->wanted.cpuacct);
		IS_TEXT(got.v2, now->wanted.v2);
		IS(got.must_leave, now->wanted.must_leave);
		IS_TEXT(got.enable, now->wanted.enable);
		ROW("%s", now->name);
	}
}

TAP_MAIN(T(groups_are_found_as_the_kernel_tells))
