/* SPDX-License-Identifier: MIT */
/*
 * Pure: a class list as spreadsheets save it. CSV by RFC 4180: a first line with the names of the columns, in any
 * order; fields in quotes may hold commas, line ends and doubled quotes. Semicolons do as commas, where the first line
 * has no comma. A byte order mark at the start is passed over; empty lines are.
 */
#ifndef GRADER_CMD_ROSTER_H
#define GRADER_CMD_ROSTER_H

#include "grader/ledger/ledger.h"
#include "grader/yaml/yaml.h"
#include "sandbox/base/arena.h"

enum { ROSTER_BYTES_MAX = 4 << 20, ROSTER_ROWS_MAX = 10000 };

struct roster_row {
	struct learner learner; /* texts in the arena; track "" when the row has none */
	int line;
	int columns
		[5]; /* where handle, name, section, track, language begin; of the handle when they are not there */
};
enum roster_column { ROSTER_HANDLE, ROSTER_NAME, ROSTER_SECTION, ROSTER_TRACK, ROSTER_LANGUAGE };

/*
 * Read COUNT bytes. Every mistake of form goes to LIST with line and column (in characters); a mail address is
 * looked at and not kept. TRACK and LANGUAGE stand where a row has none (TRACK may be NULL). Returns 0, or
 * -EBADMSG when LIST got errors.
 */
MP_MUST_CHECK int roster_read(const char *bytes, size_t count, const char *track,
			      const char *language, struct arena *arena,
			      struct roster_row **ret_rows, size_t *ret_count,
			      struct yaml_complaints *list);

#endif
