/* SPDX-License-Identifier: MIT */
/*
 * The probe files: what lies in the learner's tree, without starting anything. What it knows of paths is here
 * for probes that read a file too.
 */
#ifndef GRADER_FILES_FILES_H
#define GRADER_FILES_FILES_H

#include "grader/model/probe.h"

extern const struct probe_kind files_probe;

/* Whether PATH may name a file of a repository: no empty part, no dots alone. */
bool files_is_plain_path(const char *path);

/* The path of TARGET from the top of the tree, its names put in: of the exercise's folder unless it begins with /. */
MP_MUST_CHECK int files_path(struct probe_run *run, const char *target, const char **ret_path,
			     struct mp_error *err);

/* What there is in place of the file at PATH, as a sentence; NULL: nothing near. In the run's arena. */
const char *files_nearest(struct probe_run *run, const char *path);

/* Why path_read_below() could not read a learner's file, in words. */
const char *files_refusal(int code);

/* "4 kB", "3.1 MB". In ARENA. */
const char *files_size_words(struct arena *arena, int64_t bytes);

/* The bytes that a bare value of a size's pattern allows ("1M" means at most that); -1: it is a pattern. */
int64_t files_size_of(const json_t *pattern);

#endif
