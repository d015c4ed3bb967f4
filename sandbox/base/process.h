/* SPDX-License-Identifier: MIT */
/* Starting a helper program of the host that we trust (git for a patch): never foreign code, which goes into a box. */
#ifndef SANDBOX_BASE_PROCESS_H
#define SANDBOX_BASE_PROCESS_H

#include <milepost/error.h>

#include "sandbox/base/text.h"

/*
 * Run ARGV (looked up in PATH) in the folder DIR (NULL: the current one) with the environment ENV and wait.
 * Standard input is /dev/null; what it prints on both streams is added to OUTPUT (NULL: dropped).
 * Returns its exit status (128 + signal), or a negative errno when it could not be started.
 */
MP_MUST_CHECK int process_run(const char *const *argv, const char *const *env, const char *dir,
			      struct text *output, struct mp_error *err);

#endif
