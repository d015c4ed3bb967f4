/* SPDX-License-Identifier: MIT */
/* What a folder holds as one hash: exercises, starters, a learner's files. */
#ifndef GRADER_MANIFEST_HASH_H
#define GRADER_MANIFEST_HASH_H

#include <milepost/error.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/base/arena.h"

/* A regular file below a folder. Links and other things are not listed. */
struct listed_file {
	const char *path; /* relative to the listed folder, in the arena */
	int64_t bytes;
	int is_executable;
};

enum { FILES_LISTED_MAX = 20000, FILES_DEPTH_MAX = 64 };

/*
 * The regular files below PATH ("." is DIR_FD itself), sorted by path, in ARENA. A file at PATH is listed
 * as the only one, with the path "". Errors: -ENOENT; -EFBIG more than FILES_LISTED_MAX, or too deep.
 */
MP_MUST_CHECK int files_list(int dir_fd, const char *path, struct arena *arena,
			     struct listed_file **ret_files, size_t *ret_count,
			     struct mp_error *err);

enum { HASH_HEX = 65 };

/*
 * BLAKE2b-256 in hex over path, executable bit and content of every file below each of PATHS (COUNT of
 * them, relative to DIR_FD), in the order given. A path that is not there counts as absent, so that
 * its coming changes the hash. Nothing depends on times, owners or the order of a folder.
 */
MP_MUST_CHECK int files_hash(int dir_fd, const char *const *paths, size_t count,
			     char ret_hex[HASH_HEX], struct mp_error *err);

#endif
