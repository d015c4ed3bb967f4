/* SPDX-License-Identifier: MIT */
/*
 * What this host can do, asked cheaply: files of /proc and /sys are read, system calls that answer at once
 * are made, nothing is forked or changed. Whether a layer that looks present really works is tried by
 * mp_host_check() alone, which needs a child for each.
 */
#ifndef SANDBOX_HOST_HOST_H
#define SANDBOX_HOST_HOST_H

#include <milepost/box.h>
#include <stdbool.h>
#include <stddef.h>

enum { HOST_PATH_MAX = 512 };

/* The leaf below a group of ours into which its processes move. */
#define HOST_LEAF "milepost"

/* Which control groups can be used. */
enum host_cgroup_kind {
	HOST_CGROUP_NONE, /* none that we may write */
	HOST_CGROUP_V2,	  /* one tree with the controllers memory and pids */
	HOST_CGROUP_V1, /* v1 controllers memory, pids, cpuacct; a v2 tree without controllers beside them, or none */
};

/*
 * The folders below which we may make groups of our own, absolute paths on this host, "" when there is
 * none. With V1 one per controller, and v2 (which may be "") for cgroup.kill and CLONE_INTO_CGROUP.
 * With V2 only v2: if MUST_LEAVE, that group holds processes and is not the root of the tree, so all
 * of them must first move into HOST_LEAF below it, else the controllers cannot be enabled for its children;
 * ENABLE ("+memory +pids", "" when nothing is missing) is then written to its cgroup.subtree_control.
 * Source: cgroups(7), "no internal processes".
 */
struct host_cgroups {
	enum host_cgroup_kind kind;
	char memory[HOST_PATH_MAX];
	char pids[HOST_PATH_MAX];
	char cpuacct[HOST_PATH_MAX];
	char v2[HOST_PATH_MAX];
	char cpu[HOST_PATH_MAX],
		cpuset[HOST_PATH_MAX]; /* V1: only shown in boxes; "" where there is none */
	bool must_leave;
	char enable[32];
	bool has_kill;	      /* cgroup.kill in children of v2 (5.14) */
	bool has_memory_peak; /* memory.peak (V2, 5.19) or memory.max_usage_in_bytes (V1) */
	bool has_pids_peak;   /* pids.peak (6.1); V1 alike */
};

struct host {
	bool is_root; /* effective user 0 that may mount and change ids: boxes run as UID_BASE + slot */
	bool has_userns; /* an ordinary user may make a user namespace, as far as settings say */
	bool has_systemd_user; /* `systemd-run --user --scope` can give us a delegated group */
	bool has_masked_proc; /* files of /proc are covered, as in containers: a user namespace cannot mount its own */
	int landlock_abi;	 /* 0: none */
	bool has_seccomp;	 /* filters can be loaded */
	bool has_seccomp_notify; /* and ask a supervisor */
	struct host_cgroups cgroups;
	struct mp_layer_state
		layers[MP_LAYER_COUNT]; /* layers[i].layer is i; texts filled for all */
};

/* Ask this host. Errors: only when /proc cannot be read at all; what is missing is an answer. */
MP_MUST_CHECK int host_probe(struct host *ret_host, struct mp_error *err);

/*
 * The cgroup part of host_probe() on given texts of /proc/self/cgroup and /proc/self/mountinfo, for tests.
 * has_kill and the peaks are left false. FILES answers about paths: may we write there, and what does a
 * small file say (cut at SIZE - 1 bytes; false when it cannot be read).
 */
struct host_files {
	bool (*can_write)(const char *path);
	bool (*read)(const char *path, char *ret_text, size_t size);
};
void host_find_cgroups(const char *self_cgroup, const char *mountinfo,
		       const struct host_files *files, struct host_cgroups *ret_cgroups);

#endif
