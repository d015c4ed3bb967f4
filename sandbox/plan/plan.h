/* SPDX-License-Identifier: MIT */
/*
 * The plan of a box: a spec and a host become a list of steps, or a sentence why not. Pure data: nothing
 * is opened or asked here. The jail walks the list, mp_box_explain() prints it, golden files compare it.
 */
#ifndef SANDBOX_PLAN_PLAN_H
#define SANDBOX_PLAN_PLAN_H

#include "sandbox/base/arena.h"
#include "sandbox/host/host.h"

#include <milepost/box.h>

/* Who takes a step, in this order: the watcher, the shim (process 1 of the box), the command before exec. */
enum step_who { STEP_WATCHER, STEP_SHIM, STEP_COMMAND };

enum step_kind {
	STEP_SLOT,	 /* take a host id of our own: number is the base */
	STEP_OWNER,	 /* run as the owner of source where that is not root, else as a slot */
	STEP_GROUP,	 /* a control group: number is memory in bytes, second is processes */
	STEP_OPEN,	 /* open source as a tree of mounts and keep it in slot */
	STEP_OPEN_GROUP, /* the same with the box's own group; path is the controller or "" */
	STEP_SPAWN,	 /* start the shim in new namespaces: flags are CLONE_NEW* */
	STEP_IDS,	 /* map id 1000 */
	STEP_HOST_NAME,	 /* path is the name */
	STEP_JOIN,	 /* join the trees of the group that the clone did not */
	STEP_GROUP_VIEW, /* a cgroup namespace */
	STEP_LIMIT_USER, /* write number to /proc/sys/user/path */
	STEP_ROOT,    /* an empty tmpfs becomes the new root: number is bytes, second is inodes */
	STEP_FOLDER,  /* make path with mode number */
	STEP_LINK,    /* path points at source */
	STEP_FILE,    /* path holds the text source */
	STEP_SCRATCH, /* a tmpfs at path: number is bytes, second is inodes */
	STEP_BORROW,  /* the scratch of the box beside, at path */
	STEP_BIND,    /* source of the host at path, flags */
	STEP_CLOSE, /* all that is bound so far becomes read-only, without devices and set-user-id */
	STEP_PLACE,  /* what was opened into slot, at path */
	STEP_COPY,   /* a copy of what was opened into slot on the scratch, at path */
	STEP_DEVICE, /* a device node of the host at path */
	STEP_PROC,   /* the process file system */
	STEP_COVER, /* path, which is on another file system, is covered by source of the new root */
	STEP_PROC_CLOSE, /* the process file system becomes read-only */
	STEP_PIVOT,	 /* the new root becomes the root, the old one goes */
	STEP_LOOPBACK,	 /* lo up */
	STEP_CAPS,	 /* no capabilities, no new privileges */
	STEP_RLIMIT,	 /* resource number, limit second */
	STEP_CPUS,	 /* use number CPUs */
	STEP_LANDLOCK,	 /* all rules of the plan */
	STEP_SECCOMP,	 /* the filter of the profile */
	STEP_EXEC,	 /* the command */
	STEP_KIND_COUNT,
};

enum {
	STEP_IS_OPTIONAL = 1,	 /* go on when the source is not there */
	STEP_IS_WRITABLE = 2,	 /* else read-only */
	STEP_MAY_EXECUTE = 4,	 /* else noexec */
	STEP_IS_IDMAPPED = 8,	 /* ids of root on disk are the box's, where the kernel can */
	STEP_BY_DESCRIPTOR = 16, /* opened by the watcher, with its rights, and handed over */
};

/* One step. Texts belong to the plan's arena or are static. */
struct step {
	enum step_kind kind;
	enum step_who who;
	enum mp_layer layer; /* the layer that it serves; MP_LAYER_COUNT: none */
	const char *path;
	const char *source;
	int64_t number, second;
	uint32_t flags;
	int slot; /* -1: none */
};

/* What Landlock allows, in words of the box. */
struct plan_rule {
	const char *path;
	bool may_write, may_execute;
};

enum {
	PLAN_STEPS_MAX = 224,
	PLAN_RULES_MAX = MP_BINDS_MAX + 16,
	PLAN_SLOTS_MAX = MP_BINDS_MAX + 4
};

struct plan {
	struct arena *arena;
	struct step steps[PLAN_STEPS_MAX];
	size_t count;
	struct plan_rule rules[PLAN_RULES_MAX];
	size_t rule_count;
	int slot_count;
	bool layers[MP_LAYER_COUNT]; /* that this box will have */
};

/*
 * Is the spec in itself possible? Errors: -EINVAL, with the field and what it may be.
 */
MP_MUST_CHECK int plan_check_spec(const struct mp_box_spec *spec, struct mp_error *err);

/*
 * Make the plan of SPEC on HOST. Texts of SPEC are borrowed. UID_BASE is the first host id of slots.
 * RET_PLAN is the caller's storage; plan_done() it also after an error.
 * Errors: -EINVAL as above; -EOPNOTSUPP a layer is missing and may not be: the text names it and the remedy.
 */
MP_MUST_CHECK int plan_make(const struct mp_box_spec *spec, const struct host *host,
			    uint32_t uid_base, struct plan *ret_plan, struct mp_error *err);

/* Free what the plan owns. Accepts NULL. */
void plan_done(struct plan *plan);

/* The name of a kind of step, for errors and for explain: "bind", "proc". Static. */
const char *step_word(enum step_kind kind);

/* One step as a line for people, without line end, into TEXT (SIZE bytes). */
void step_describe(const struct step *step, char *ret_text, size_t size);

struct text;

/* All steps, one line each, then what Landlock allows. */
void plan_print(const struct plan *plan, struct text *into);

/* The bits that differ between profiles. */
struct profile {
	const char *word;
	bool has_host_network;	/* MP_PROFILE_FETCH */
	bool is_owner_of_bind;	/* runs as the owner of the first bind */
	bool ends_on_output;	/* more output than is kept ends the box */
	bool watches_listeners; /* its listening sockets are reported */
};

/* The row of PROFILE; NULL out of range. */
const struct profile *profile_row(enum mp_profile profile);

/* Where things lie in each box. */
#define BOX_SCRATCH "/scratch"
#define BOX_HOME    "/scratch/home"
#define BOX_TMP	    "/scratch/tmp"
#define BOX_COPIES  "/scratch/.copy"
#define BOX_PATH    "/usr/local/bin:/usr/bin:/bin"

enum { BOX_ID = 1000 };

#endif
