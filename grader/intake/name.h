/* SPDX-License-Identifier: MIT */
/*
 * Names and paths of a learner's tree: which are a threat, on this system or on another that the same
 * repository may be checked out on. Pure. Source: git's verify_path() and its tests t0060 and t1014.
 */
#ifndef GRADER_INTAKE_NAME_H
#define GRADER_INTAKE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Why the COUNT bytes at PATH may not become a file below a folder of ours, as the end of a sentence that
 * begins with the path ("is too long"); NULL when they may. The text is static.
 */
const char *path_threat(const char *path, size_t count);

/* The same for one part of a path. */
const char *name_threat(const char *name, size_t count);

/* Whether a link at PATH that says TARGET points out of the tree, by its letters alone. */
bool link_leaves(const char *path, const char *target, size_t target_bytes);

#endif
