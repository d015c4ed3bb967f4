/* SPDX-License-Identifier: MIT */
/* Pure: what a push wants, and whether it may. */
#ifndef GRADER_SERVE_REFS_H
#define GRADER_SERVE_REFS_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/manifest/manifest.h"

enum { REF_BYTES = 256, HEX_BYTES = 41, PUSH_REFS_MAX = 16 };

/* One line of a hook: the ref NAME goes from OLD to NEW. */
struct ref_change {
	char old_commit[HEX_BYTES], commit[HEX_BYTES];
	char name[REF_BYTES];
};

/*
 * Read "OLD NEW NAME", as git gives it to hooks. False: it is not such a line, or the name is longer than
 * REF_BYTES - 1.
 */
bool ref_change_read(const char *line, struct ref_change *ret_change);

bool commit_is_none(const char *hex);

/*
 * May the push of COUNT changes happen? Then true, and *RET_EXERCISE is the one that refs/for names, or NULL.
 * Else false and *RET_WHY says why not and what to type, lines separated by line ends, in ARENA.
 */
bool refs_decide(const struct ref_change *changes, size_t count, bool is_shallow,
		 const struct road *road, struct arena *arena, const char **ret_exercise,
		 const char **ret_why);

#endif
