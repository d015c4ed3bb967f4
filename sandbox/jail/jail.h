/* SPDX-License-Identifier: MIT */
/*
 * Walking a plan. The watcher walks its part, which ends by cloning the shim; the shim waits until its ids
 * are mapped and its group holds it, walks its part, forks the command and stays as process 1; the command
 * walks the last part, which ends in exec. One function per kind of step, found in a table; a step that
 * fails names itself.
 */
#ifndef SANDBOX_JAIL_JAIL_H
#define SANDBOX_JAIL_JAIL_H

#include "sandbox/jail/group.h"
#include "sandbox/plan/plan.h"

#include <sys/types.h>

/* Descriptors of the command that are ours to give: 0 to 2, and one to talk to the client. */
enum { JAIL_TALK = 3, JAIL_STDIO };

/* A box while it is built. Belongs to the watcher; the shim and the command work on their copies. */
struct jail {
	const struct plan *plan;
	const struct mp_box_spec *spec;
	const struct host *host;
	uint32_t number; /* of the box within its launcher: slots and CPUs are sought from there */

	uid_t uid; /* host ids that 1000 is mapped to */
	gid_t gid;
	int slot_fd;		   /* holds the slot; -1: none */
	struct cgroup group;	   /* the control group */
	int trees[PLAN_SLOTS_MAX]; /* opened trees by slot; -1 */
	int userns_fd, scratch_fd; /* lent by the box beside; -1 */
	int stdio[JAIL_STDIO];	   /* of the command; -1: /dev/null, or none */

	int ask_fd;   /* the watcher's end of the socketpair with the shim */
	int shim_end; /* the shim's end; closed in the watcher after the clone */
	pid_t shim;
	int shim_fd; /* pidfd */

	int root_fd;	   /* shim: the new root while it is built */
	pid_t command;	   /* shim: the command, 0 when none runs */
	int64_t joined_us; /* shim: its CPU time when it joined the group */
	char prefix[48];   /* of the names of the launcher's groups */
};

/* An empty jail: all descriptors -1. */
void jail_init(struct jail *jail, const struct host *host);

/* Make the group ahead of its step, before the plan is known. PREFIX and NUMBER must be set. */
MP_MUST_CHECK int jail_make_group(struct jail *jail, struct mp_error *err);

/* Close what the watcher holds. Kills nothing. Accepts NULL. */
void jail_done(struct jail *jail);

/* Take all steps of WHO, in order. Errors: the step's, its text begins with the step. */
MP_MUST_CHECK int jail_walk(struct jail *jail, enum step_who who, struct mp_error *err);

/* The functions of the table, by file. Each takes one step. */
int step_slot(struct jail *jail, const struct step *step, struct mp_error *err); /* ids.c */
int step_owner(struct jail *jail, const struct step *step, struct mp_error *err);
int step_ids(struct jail *jail, const struct step *step, struct mp_error *err);
int step_limit_user(struct jail *jail, const struct step *step, struct mp_error *err);
int step_group(struct jail *jail, const struct step *step, struct mp_error *err); /* spawn.c */
int step_join(struct jail *jail, const struct step *step, struct mp_error *err);
int step_group_view(struct jail *jail, const struct step *step, struct mp_error *err);
int step_host_name(struct jail *jail, const struct step *step, struct mp_error *err);
int step_spawn(struct jail *jail, const struct step *step, struct mp_error *err);
int step_open(struct jail *jail, const struct step *step, struct mp_error *err); /* tree.c */
int step_open_group(struct jail *jail, const struct step *step, struct mp_error *err);
int step_bind(struct jail *jail, const struct step *step, struct mp_error *err);
int step_close(struct jail *jail, const struct step *step, struct mp_error *err);
int step_place(struct jail *jail, const struct step *step, struct mp_error *err);
int step_borrow(struct jail *jail, const struct step *step, struct mp_error *err);
int step_device(struct jail *jail, const struct step *step, struct mp_error *err);
int step_copy(struct jail *jail, const struct step *step, struct mp_error *err); /* copy.c */
int step_root(struct jail *jail, const struct step *step, struct mp_error *err); /* root.c */
int step_folder(struct jail *jail, const struct step *step, struct mp_error *err);
int step_link(struct jail *jail, const struct step *step, struct mp_error *err);
int step_file(struct jail *jail, const struct step *step, struct mp_error *err);
int step_scratch(struct jail *jail, const struct step *step, struct mp_error *err);
int step_proc(struct jail *jail, const struct step *step, struct mp_error *err);
int step_cover(struct jail *jail, const struct step *step, struct mp_error *err);
int step_proc_close(struct jail *jail, const struct step *step, struct mp_error *err);
int step_pivot(struct jail *jail, const struct step *step, struct mp_error *err);
int step_loopback(struct jail *jail, const struct step *step, struct mp_error *err); /* net.c */
int step_caps(struct jail *jail, const struct step *step, struct mp_error *err);     /* limits.c */
int step_rlimit(struct jail *jail, const struct step *step, struct mp_error *err);
int step_cpus(struct jail *jail, const struct step *step, struct mp_error *err);
int step_landlock(struct jail *jail, const struct step *step, struct mp_error *err); /* command.c */
int step_seccomp(struct jail *jail, const struct step *step, struct mp_error *err);
int step_exec(struct jail *jail, const struct step *step, struct mp_error *err);

/* Where the new root is mounted until it is the root: a folder that every host has. */
#define JAIL_STAGE "/tmp"

/* Put the tree TREE_FD at PATH of the new root, making the mount point. */
MP_MUST_CHECK int tree_place(struct jail *jail, int tree_fd, const char *path,
			     struct mp_error *err);

/* Life as process 1 of the box, until the command has ended. Never returns. */
_Noreturn void shim_main(struct jail *jail);

/* Life as the command until exec. Never returns. */
_Noreturn void command_main(struct jail *of_shim);

/*
 * A user namespace in which id INSIDE (user and group) is UID and GID of the host, for idmapped mounts: a
 * descriptor or a negative errno. Needs root.
 */
int ids_namespace(uint32_t inside, uid_t uid, gid_t gid);

/* Sockets of the calling process's network namespace: a descriptor or a negative errno. */
int net_socket(int family);
int net_listen(int port, int *ret_port);
int net_diagnosis(void);

#endif
