/* SPDX-License-Identifier: MIT */
/* Inside of the room: the hand-written parts of docs/exercise-format.md, between the printed tables. */
#ifndef GRADER_MANIFEST_FRAME_H
#define GRADER_MANIFEST_FRAME_H

extern const char frame_head[], frame_yaml[], frame_exercise[], frame_check[], frame_steps[],
	frame_parts[];
extern const char frame_patterns[], frame_after_patterns[], frame_names[], frame_after_names[];
extern const char frame_program[], frame_complaints[], frame_extend[];

#endif
