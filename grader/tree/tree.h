/* SPDX-License-Identifier: MIT */
/* A learner's tree as probes read it that start nothing: paths, what is near one, sizes. */
#ifndef GRADER_TREE_TREE_H
#define GRADER_TREE_TREE_H

#include <jansson.h>

#include "grader/model/probe.h"

/* Whether PATH may name a file of a repository: no empty part, no dots alone. */
bool tree_is_plain_path(const char *path);

/* The path of TARGET from the top of the tree, its names put in: of the exercise's folder unless it begins with /. */
MP_MUST_CHECK int tree_path(struct probe_run *run, const char *target, const char **ret_path,
			    struct mp_error *err);

/* What there is in place of the file at PATH, as a sentence; NULL: nothing near. In the run's arena. */
const char *tree_nearest(struct probe_run *run, const char *path);

/* Why path_read_below() could not read a learner's file, in words. */
const char *tree_refusal(int code);

/* "4 kB", "3.1 MB". In ARENA. */
const char *tree_size_words(struct arena *arena, int64_t bytes);

/* The bytes that a bare value of a size's pattern allows ("1M" means at most that); -1: it is a pattern. */
int64_t tree_size_of(const json_t *pattern);

#endif
