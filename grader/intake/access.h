/* SPDX-License-Identifier: MIT */
/*
 * Access: what lets the reader in where not everybody may read, checked here and told to it as one frame.
 * The reader gets of known_hosts only the keys of the one host. Nothing secret is in any error.
 */
#ifndef GRADER_INTAKE_ACCESS_H
#define GRADER_INTAKE_ACCESS_H

#include "grader/intake/frame.h"
#include "grader/intake/intake.h"
#include "grader/intake/place.h"

/*
 * Add ASK_ACCESS to OUTPUT when PLACE wants it. ACCESS: NULL is none. Errors: MP_FAULT_USAGE what is missing
 * or does not fit the place, with what to type.
 */
MP_MUST_CHECK int access_tell(const struct intake_access *access, const struct place *place,
			      struct frame_output *output, struct mp_error *err);

#endif
