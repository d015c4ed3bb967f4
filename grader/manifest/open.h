/* SPDX-License-Identifier: MIT */
/* Inside of the room: reading an exercise from its folder, for load and lint. */
#ifndef GRADER_MANIFEST_OPEN_H
#define GRADER_MANIFEST_OPEN_H

#include "grader/manifest/inner.h"

/*
 * Read exercise ID of the road into LOADING (from loading_init()). Mistakes of the file are in its list;
 * errors are about files that cannot be read: MP_FAULT_CONTENT.
 */
MP_MUST_CHECK int loading_open(struct loading *loading, const struct road *road, const char *id,
			       const struct probe_kind *const *probes, struct mp_error *err);

#endif
