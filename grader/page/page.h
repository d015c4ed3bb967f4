/* SPDX-License-Identifier: MIT */
/* The probe page: an HTML file of the learner's, as a parser sees it. Nothing is started, no script is run. */
#ifndef GRADER_PAGE_PAGE_H
#define GRADER_PAGE_PAGE_H

#include "grader/model/probe.h"

extern const struct probe_kind page_probe;

#endif
