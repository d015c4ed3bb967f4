/* SPDX-License-Identifier: MIT */
/*
 * Known scores: what `milepost grade --known FILE` is told of earlier gradings, so that it grades only what has
 * changed. The file is described in docs/events.md.
 */
#ifndef GRADER_CMD_KNOWN_H
#define GRADER_CMD_KNOWN_H

#include <milepost/error.h>

#include "grader/model/scorecard.h"
#include "sandbox/base/arena.h"

struct known_score {
	const char *exercise;
	const char *hash, *key; /* "": only its score is of use */
	int64_t score, counted;
	enum status status;
};

struct known {
	struct known_score *items;
	size_t count;
	const char **
		closed; /* exercises that are not open yet: not graded, though their folder is there */
	size_t closed_count;
};

/* Read the file at PATH; texts lie in ARENA. Errors: MP_FAULT_USAGE it cannot be read, or line N is wrong. */
MP_MUST_CHECK int known_read(const char *path, struct arena *arena, struct known *ret_known,
			     struct mp_error *err);

/* The same from COUNT BYTES. */
MP_MUST_CHECK int known_parse(const char *bytes, size_t count, struct arena *arena,
			      struct known *ret_known, struct mp_error *err);

bool known_is_closed(const struct known *known, const char *exercise);

/* The score of EXERCISE with this hash and input key, or NULL. */
const struct known_score *known_unchanged(const struct known *known, const char *exercise,
					  const char *hash, const char *key);

/* The best score of EXERCISE: of those that count most, the highest. NULL: none. */
const struct known_score *known_best(const struct known *known, const char *exercise);

#endif
