/* SPDX-License-Identifier: MIT */
/* What a box sees in /proc instead of the host's figures. */
#ifndef SANDBOX_PLAN_PROC_H
#define SANDBOX_PLAN_PROC_H

#include "sandbox/base/arena.h"

#include <milepost/box.h>

/* A file of /proc that is written for the box. */
struct proc_file {
	const char *name; /* "meminfo" */
	const char *(*text)(struct arena *arena,
			    const struct mp_box_spec *spec); /* NULL result: leave the host's */
};

extern const struct proc_file proc_files[];
extern const size_t proc_file_count;

/* Files and folders of /proc that tell of the host; NULL-terminated, relative to /proc. */
extern const char *const proc_masked_files[];
extern const char *const proc_masked_folders[];

#endif
