/* SPDX-License-Identifier: MIT */
/*
 * Control groups of boxes: one folder per box below the folders that the host gives us. With v2 one folder
 * does all; with v1 the controllers memory, pids and cpuacct have one each, and a v2 tree without
 * controllers beside them gives kill and CLONE_INTO_CGROUP. Names carry the launcher's pid and start time,
 * so that a later launcher finds what a dead one left.
 */
#ifndef SANDBOX_JAIL_GROUP_H
#define SANDBOX_JAIL_GROUP_H

#include "sandbox/host/host.h"

#include <milepost/error.h>
#include <stdbool.h>
#include <stdint.h>

enum group_tree { GROUP_V2, GROUP_MEMORY, GROUP_PIDS, GROUP_CPUACCT, GROUP_TREES };

struct cgroup {
	enum host_cgroup_kind kind;
	bool has[GROUP_TREES]; /* folder was made */
	int dirs[GROUP_TREES]; /* O_PATH descriptors of the folders; -1 */
	int parents[GROUP_TREES];
	char name[64];				    /* of the folder, the same in each tree */
	int joins[GROUP_TREES];			    /* v1: files by which a process joins; -1 */
	int cpu_fd, memory_event_fd, pids_event_fd; /* kept open: read at once; -1 */
	int64_t cpu_start_us;			    /* used before the command started */
};

void group_init(struct cgroup *group);

/* The prefix of all folders of the launcher PID: "milepost-PID-STARTTIME-". */
MP_MUST_CHECK int group_prefix(pid_t pid, char *ret_text, size_t size);

/*
 * Make the group NAME below the host's folders, without limits yet.
 * Errors: what the kernel says; the folders made so far are removed again.
 */
MP_MUST_CHECK int group_make(struct cgroup *group, const struct host *host, const char *name,
			     struct mp_error *err);

/* Limit the memory in bytes and the processes of the group. */
MP_MUST_CHECK int group_limit(struct cgroup *group, int64_t memory_bytes, int64_t processes,
			      struct mp_error *err);

/* Descriptor for CLONE_INTO_CGROUP, or -1. */
int group_clone_fd(const struct cgroup *group);

/*
 * The calling process, of one thread, joins the v1 trees. It is born in the v2 tree by CLONE_INTO_CGROUP. Both ways
 * spare the lock that every other move of a process takes, which waits for a grace period of the kernel
 * (10 ms on a busy machine). Source: cgroup_procs_write_start() in the kernel's cgroup.c.
 */
MP_MUST_CHECK int group_join(struct cgroup *group, struct mp_error *err);

/* CPU time of the group in us since it was made, -1 when not known. */
int64_t group_cpu_us(const struct cgroup *group);

/* Highest memory use in bytes and most processes (without the shim), -1 when not known. */
int64_t group_memory_peak(const struct cgroup *group);
int group_processes_peak(const struct cgroup *group);

/* How many processes the kernel killed for memory, and how often a new process was refused. */
int64_t group_memory_kills(const struct cgroup *group);
int64_t group_refused_processes(const struct cgroup *group);

/* Kill all members, as far as the kernel offers it. */
void group_kill(const struct cgroup *group);

/* Remove the folders and close. Waits up to 200 ms for the last member to leave. */
void group_remove(struct cgroup *group);

/*
 * Remove groups of launchers that are dead, killing what lives in them; with OWN, a prefix, also those that
 * watchers of this launcher left, which must all have ended.
 */
void group_sweep(const struct host *host, const char *own);

/*
 * On a host whose own group must be left before controllers can be enabled: move every process of it into
 * a leaf and enable the controllers. Does nothing elsewhere.
 */
MP_MUST_CHECK int group_prepare(const struct host *host, struct mp_error *err);

#endif
