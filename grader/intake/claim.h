/* SPDX-License-Identifier: MIT */
/*
 * The claim: what the reader says of a tree, checked word by word before anything is written. Pure but
 * for its sink: order of frames, form of each path, counts and sizes against limits.h.
 */
#ifndef GRADER_INTAKE_CLAIM_H
#define GRADER_INTAKE_CLAIM_H

#include <milepost/error.h>
#include <stdbool.h>
#include <stdint.h>

#include "grader/intake/frame.h"
#include "grader/intake/intake.h"

/* Where a checked claim goes. Each returns 0 or a negative errno with ERR filled. */
struct claim_sink {
	int (*open)(void *context, const char *path, bool is_executable, struct mp_error *err);
	int (*write)(void *context, const void *bytes, size_t count, struct mp_error *err);
	int (*close)(void *context, struct mp_error *err);
	/* DETAIL is a link's target or NULL; BYTES a large file's size or 0. */
	void (*fact)(void *context, enum fact_kind kind, const char *path, const char *detail,
		     int64_t bytes);
};

struct claim;

/* SINK and CONTEXT are borrowed until claim_free(). NULL: no memory. */
struct claim *claim_new(const struct claim_sink *sink, void *context);
struct claim *claim_free(struct claim *claim);

/*
 * The next frame of the answer to ASK_TREE. Returns 1 when the tree is complete, 0 when more must come.
 * Errors: MP_FAULT_INPUT the tree is refused, with the reason; what the sink returned.
 */
MP_MUST_CHECK int claim_take(struct claim *claim, const struct frame *frame, struct mp_error *err);

/* What was taken so far. */
size_t claim_file_count(const struct claim *claim);
int64_t claim_bytes(const struct claim *claim);

/* Fill ERR with the words of a SAY_REFUSED frame, shown with care: MP_FAULT_USAGE or MP_FAULT_INPUT. */
int claim_refusal(const struct frame *frame, struct mp_error *err);

#endif
