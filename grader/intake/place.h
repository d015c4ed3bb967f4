/* SPDX-License-Identifier: MIT */
/*
 * Places: what a person named as a repository, and what of this machine its reader must see. Looks at
 * names and owners only; nothing of git's own formats is parsed here but the one line of a `.git` file.
 */
#ifndef GRADER_INTAKE_PLACE_H
#define GRADER_INTAKE_PLACE_H

#include <limits.h>
#include <milepost/error.h>
#include <stdbool.h>

#include "grader/intake/address.h"
#include "grader/intake/frame.h"

struct place {
	enum frame_how how;
	bool has_network;	/* the reader must fetch over http(s) or ssh */
	struct address address; /* with has_network */
	char git[PATH_MAX]; /* git folder or URL, as the reader opens it; "": --worktree of no repository */
	char common
		[PATH_MAX]; /* what a linked work tree shares with its repository, when it lies elsewhere; else "" */
	char top[PATH_MAX]; /* top of the work tree; "": bare, or a URL */
};

/*
 * Find what REPOSITORY names: a work tree, a bare repository, a linked work tree (`git worktree add`), or
 * a URL. Errors: MP_FAULT_USAGE, each with what to type instead.
 */
MP_MUST_CHECK int place_find(const char *repository, bool is_worktree, struct place *ret_place,
			     struct mp_error *err);

#endif
