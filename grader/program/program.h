/* SPDX-License-Identifier: MIT */
/*
 * The probe program: run, give it an input, look at its exit status, output, processor time,
 * memory, files.
 */
#ifndef GRADER_PROGRAM_PROGRAM_H
#define GRADER_PROGRAM_PROGRAM_H

#include "grader/model/probe.h"

extern const struct probe_kind program_probe;

#endif
