/* SPDX-License-Identifier: MIT */
/* The probe files: what lies in the learner's tree, without starting anything. */
#ifndef GRADER_FILES_FILES_H
#define GRADER_FILES_FILES_H

#include "grader/model/probe.h"

extern const struct probe_kind files_probe;

#endif
