/* SPDX-License-Identifier: MIT */
/* What the commands of `milepost admin` share. */
#ifndef GRADER_CMD_ADMIN_H
#define GRADER_CMD_ADMIN_H

#include <jansson.h>

#include "grader/cmd/command.h"
#include "grader/cmd/hosted.h"
#include "grader/ledger/ledger.h"
#include "sandbox/base/text.h"

#define OPTION_DATA(STRUCT)                                                                        \
	{                                                                                          \
		"data", FIELD_TEXT, offsetof(struct STRUCT, data), 1, 3000,                        \
			"the data folder of the server", NULL, true                                \
	}

enum list_format { LIST_TEXT, LIST_JSON };
extern const char *const list_words[];
#define OPTION_LIST(STRUCT)                                                                        \
	{                                                                                          \
		"format", FIELD_WORD, offsetof(struct STRUCT, format), 0, 0,                       \
			"text: columns for people; json (default: text)", list_words, false        \
	}

/* A row of a command whose options are FIELDS of struct STRUCT. */
#define COMMAND_OPTIONS(STRUCT, FIELDS)                                                            \
	.options = (FIELDS), .option_count = sizeof(FIELDS) / sizeof((FIELDS)[0]),                 \
	.option_bytes = sizeof(struct STRUCT)

extern const struct command command_learner_add, command_learner_import, command_learner_list;
extern const struct command command_learner_token, command_learner_forget, command_learner_close;
extern const struct command command_learner_open;
extern const struct command command_tickets_list, command_tickets_retry, command_tickets_drop;
extern const struct command command_policy_list, command_policy_set;
extern const struct command command_instructor_token, command_backup, command_tidy;

/* Open the ledger of --data; DATA NULL: a sentence that asks for it. Closed with ledger_close(). */
MP_MUST_CHECK int admin_ledger(const char *data, enum ledger_open_as as, struct ledger **ret_ledger,
			       struct mp_error *err);

/* Cells of a table for people: WIDTHS are those of the columns, filled by what was measured. */
enum { CELLS_MAX = 8 };
struct cells {
	const char *rows[CELLS_MAX];
};
/* Print ROWS (the first is the head) with columns of one width each, in characters; controls are made visible. */
void admin_print(struct arena *arena, const struct cells *rows, size_t count, size_t columns);

/* Print ROOT and release it. */
void admin_print_json(json_t *root);

/* "2026-11-30 18:00" in local time; "" for 0. */
const char *admin_time(struct arena *arena, int64_t ms);

/* Who is added: COUNT of each; IDS is zeroed. */
struct newcomers {
	const struct learner **learners;
	int64_t *ids;
	char (*tokens)[TOKEN_TEXT];
	size_t count;
};
/*
 * Add all of them with repository and token, or, when the disk is full half way, nobody: then nothing is left of them.
 * That they are not there yet was asked before.
 */
MP_MUST_CHECK int admin_add(struct ledger *ledger, const struct hosted *hosted,
			    const char *exercises, const struct newcomers *newcomers,
			    struct mp_error *err);

#endif
