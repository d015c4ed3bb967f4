/* SPDX-License-Identifier: MIT */
/*
 * The history that a reader claims, checked word by word. Pure: order of frames, forms of ids and paths,
 * counts against limits.h.
 */
#ifndef GRADER_INTAKE_HISTORY_H
#define GRADER_INTAKE_HISTORY_H

#include "grader/intake/frame.h"
#include "grader/intake/submission.h"
#include "sandbox/base/arena.h"

/* A history while it comes in. HISTORY lies in ARENA with all its texts. */
struct history_claim {
	struct arena *arena;	 /* borrowed */
	struct history *history; /* in the arena */
	size_t root_files;
	bool has_branch;
};

/*
 * The next frame of the answer to ASK_HISTORY. Returns 1 when it is complete, 0 when more must come.
 * Errors: MP_FAULT_INPUT the reader lost the thread, or what it refused.
 */
MP_MUST_CHECK int history_take(struct history_claim *claim, const struct frame *frame,
			       struct mp_error *err);

#endif
