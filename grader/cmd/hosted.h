/* SPDX-License-Identifier: MIT */
/*
 * Repositories on the server: DATA/repositories/HANDLE.git, bare, one for each learner.
 *
 * They are made, taken away and copied under a lock of their folder, so that a backup sees each whole. What a killed
 * command left there (.new-HANDLE, .gone-HANDLE) the next one removes.
 */
#ifndef GRADER_CMD_HOSTED_H
#define GRADER_CMD_HOSTED_H

#include "grader/cmd/command.h"
#include "grader/ledger/ledger.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/text.h"

#define HOSTED_FOLDER "repositories"

struct hosted {
	const char *path; /* DATA/repositories, absolute; in the arena of who opened it */
	int fd;		  /* owned; the lock is on it */
};

/* Open the folder, make it where it is missing, and wait for its lock. A reader shares it, and changes nothing. */
MP_MUST_CHECK int hosted_open(struct arena *arena, const char *data, bool is_reader,
			      struct hosted *ret_hosted, struct mp_error *err);
void hosted_close(struct hosted *hosted);

/*
 * Make the repository of LEARNER beside its place, with the template of the folder EXERCISES as its first commit and
 * the configuration that serve expects. hosted_sync() puts on the disk what was made, hosted_show() into its place.
 * Errors: MP_FAULT_USAGE no such track, or the place is taken. Then nothing is left of it.
 */
MP_MUST_CHECK int hosted_make(const struct hosted *hosted, const char *exercises,
			      const struct learner *learner, struct mp_error *err);
MP_MUST_CHECK int hosted_sync(const struct hosted *hosted, struct mp_error *err);
MP_MUST_CHECK int hosted_show(const struct hosted *hosted, const char *handle,
			      struct mp_error *err);

/* Take it away with all that is in it, made or shown; none there is no error. */
MP_MUST_CHECK int hosted_remove(const struct hosted *hosted, const char *handle,
				struct mp_error *err);

/*
 * Take COMMIT out of the repository of HANDLE for real. Returns 1, or 0 when it was not there. Git opens it in a box, with the layers that this host has: what is opened was checked when it
 * was received, and an operator at a terminal has no control group. Errors: MP_FAULT_USAGE something
 * else leads to it still, named in the sentence.
 */
MP_MUST_CHECK int hosted_forget(const struct hosted *hosted, struct context *context,
				const char *handle, const char *commit, struct mp_error *err);

/* Pack what pushes have left loose, in a box too. Pushes may go on meanwhile. */
MP_MUST_CHECK int hosted_tidy(const struct hosted *hosted, struct context *context,
			      const char *handle, struct mp_error *err);

/* Copy all of them to TO_FD (an empty folder): what refs name first, what they need after. */
MP_MUST_CHECK int hosted_copy(const struct hosted *hosted, int to_fd, struct mp_error *err);

#endif
