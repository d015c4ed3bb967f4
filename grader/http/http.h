/* SPDX-License-Identifier: MIT */
/* The probe http: asks a running service and judges its answers. */
#ifndef GRADER_HTTP_HTTP_H
#define GRADER_HTTP_HTTP_H

#include "grader/model/probe.h"

/* Verbs get head delete options post put patch request ready stop restart. Static. */
extern const struct probe_kind http_probe;

#endif
