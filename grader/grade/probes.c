/* SPDX-License-Identifier: MIT */
/* Every probe of this program: one row a probe, and nothing else is needed to add one. */
#include <stddef.h>

#include "grader/files/files.h"
#include "grader/grade/grade.h"
#include "grader/history/history.h"
#include "grader/http/http.h"
#include "grader/page/page.h"
#include "grader/program/program.h"

const struct probe_kind *const grade_probes[] = {
	&http_probe, &program_probe, &files_probe, &history_probe, &page_probe, NULL,
};
