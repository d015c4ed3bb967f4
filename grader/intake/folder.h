/* SPDX-License-Identifier: MIT */
/*
 * Work folders: where a learner's tree is written. One is
 *
 *   BASE/milepost-<pid>-<random>/   0711
 *       lock                        held by flock(2) as long as its owner lives
 *       tree-<random>/              0755: the learner's files, 0644 and 0755
 *
 * A box reads the tree under another user, so the tree is open to all; who may not list its parent cannot
 * guess its name. BASE is $TMPDIR, else /dev/shm where that is roomy and lets programs run, else /tmp.
 * Source: flock(2): a lock ends with the last descriptor of its file, also when the owner is killed.
 */
#ifndef GRADER_INTAKE_FOLDER_H
#define GRADER_INTAKE_FOLDER_H

#include <milepost/error.h>

struct work_folder {
	int base_fd;	 /* owned: BASE */
	int lock_fd;	 /* owned */
	int tree_fd;	 /* owned */
	char name[64];	 /* below BASE */
	char tree[4096]; /* absolute path of the tree */
};

/* Make a work folder. Errors: MP_FAULT_HOST. */
MP_MUST_CHECK int work_folder_open(struct work_folder *ret_folder, struct mp_error *err);

/* Remove it and all below. Accepts what was never opened but is initialised with WORK_FOLDER_NONE. */
void work_folder_close(struct work_folder *folder);

#define WORK_FOLDER_NONE ((struct work_folder){.base_fd = -1, .lock_fd = -1, .tree_fd = -1})

#endif
