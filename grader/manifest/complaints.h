/* SPDX-License-Identifier: MIT */
/* Inside of the room: from the complaints of one file to those of a command. */
#ifndef GRADER_MANIFEST_COMPLAINTS_H
#define GRADER_MANIFEST_COMPLAINTS_H

#include "grader/manifest/manifest.h"
#include "grader/yaml/yaml.h"

/* How a file below FOLDER is named in complaints: from the current folder when it lies below it. In ARENA. */
const char *complaint_name(struct arena *arena, const char *folder, const char *path);

/*
 * Print what FROM has behind INTO (which may be NULL). Returns 0, or -EBADMSG with MP_FAULT_CONTENT and the
 * first mistake in ERR when there is an error among them.
 */
MP_MUST_CHECK int complaints_hand_over(struct yaml_complaints *from, struct complaint_list *into,
				       struct mp_error *err);

/* "required", "elective", "one-of NAME"; the group is borrowed from TEXT. False: none of them. */
bool duty_parse(const char *text, enum duty *ret_duty, const char **ret_group);

#endif
