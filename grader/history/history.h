/* SPDX-License-Identifier: MIT */
/* The probe history: what a branch's commits are made of. */
#ifndef GRADER_HISTORY_HISTORY_H
#define GRADER_HISTORY_HISTORY_H

#include "grader/model/probe.h"

extern const struct probe_kind history_probe;

#endif
