/* SPDX-License-Identifier: MIT */
/* refs/milepost/report: a learner's latest scores, to be fetched. */
#ifndef GRADER_SERVE_REPORT_H
#define GRADER_SERVE_REPORT_H

#include "grader/ledger/ledger.h"

/* In the data folder. */
#define REPORTS_FOLDER "reports"

/*
 * Write the latest scores of LEARNER into DATA/reports/HANDLE/KEY, where they are not there yet. *RET_KEY, in
 * ARENA, names this state of them: "ID-SECONDS" of the newest.
 */
MP_MUST_CHECK int report_stage(struct ledger *ledger, const char *data,
			       const struct learner *learner, struct arena *arena,
			       const char **ret_key, struct mp_error *err);

struct git_repository;

/* In a box: commit what lies in FOLDER, unless the report has it already. 0 or a negative number of libgit2. */
int report_make(struct git_repository *repository, const char *folder, const char *key);

#endif
