/* SPDX-License-Identifier: MIT */
/*
 * Commands: one row each; a command is a function from options and words to an exit status, or a table of further
 * commands, of which the next word chooses one.
 */
#ifndef GRADER_CMD_COMMAND_H
#define GRADER_CMD_COMMAND_H

#include <milepost/box.h>
#include <stdbool.h>

#include "sandbox/base/arena.h"
#include "sandbox/base/field.h"

/* What every command gets. */
struct context {
	struct mp_launcher *launcher;  /* NULL unless the command's row asks for it */
	const char *program;	       /* absolute path of this program */
	struct arena *arena;	       /* for the whole run */
	bool may_miss[MP_LAYER_COUNT]; /* by --trust: see context_trust() */
};

enum trust { TRUST_OWN, TRUST_FOREIGN };
extern const char *const trust_words[];

/*
 * --trust=own goes on without a layer that this host lacks, --trust=foreign wants each of the baseline. What
 * separates files, users, processes and ports is always wanted.
 */
void context_trust(struct context *context, enum trust trust);

struct command {
	const char *name;
	const char *usage;   /* words after the name */
	const char *summary; /* one line; NULL: internal, not in the list */
	const struct field *options;
	size_t option_count;
	size_t option_bytes; /* of the options' struct, zeroed and filled by the table */
	size_t words_low, words_high;
	bool opens_boxes;
	const struct command *const
		*parts; /* NULL-terminated: a group, with only name and summary */
	/* Returns an exit status, or a negative errno with ERR filled: then main prints ERR and exits by its fault. */
	int (*run)(struct context *context, const void *options, const struct text_list *words,
		   struct mp_error *err);
};

/* One each, in the file of their subject. */
extern const struct command command_check, command_grade, command_prove;
extern const struct command command_init, command_list, command_show, command_start;
extern const struct command command_lint, command_new, command_doctor;
extern const struct command command_completion, command_manual;
extern const struct command command_worker;
extern const struct command command_serve, command_hook, command_admin;

/* All of them, NULL-terminated. One without a summary is in no list. */
extern const struct command *const commands[];

/* The folder of exercises: GIVEN, $MILEPOST_EXERCISES, beside a build, or PREFIX/share/milepost/exercises. */
MP_MUST_CHECK int context_exercises(struct context *context, const char *given,
				    const char **ret_folder, struct mp_error *err);

/*
 * The folder of the packs that were built here: $MILEPOST_PACKS, beside a build, or
 * PREFIX/share/milepost/packs. *RET_FOLDER is NULL when there is none; one that is named and not
 * there is an error.
 */
MP_MUST_CHECK int context_packs(struct context *context, const char **ret_folder,
				struct mp_error *err);

/* The option that several commands share. */
#define OPTION_EXERCISES(STRUCT)                                                                   \
	{                                                                                          \
		"exercises", FIELD_TEXT, offsetof(struct STRUCT, exercises), 1, 4096,              \
			"folder of exercises (default: $MILEPOST_EXERCISES, "                      \
			"or the ones that came with milepost)",                                    \
			NULL, false                                                                \
	}
#define OPTION_TRUST(STRUCT)                                                                       \
	{                                                                                          \
		"trust", FIELD_WORD, offsetof(struct STRUCT, trust), 0, 0,                         \
			"own: your code, goes on without a layer this host lacks, and says so; "   \
			"foreign: wants every layer (default: own)",                               \
			trust_words, false                                                         \
	}
#define OPTION_LOG_FORMAT(STRUCT)                                                                      \
	{                                                                                              \
		"log-format", FIELD_WORD, offsetof(struct STRUCT, log_format), 0, 0,                   \
			"how events are logged: a line each, or a JSON object a line (default: line)", \
			log_format_words, false                                                        \
	}
/* A command that opens boxes gets its launcher with it. */
#define OPTION_BOX_UID_BASE(STRUCT)                                                                \
	{                                                                                          \
		"box-uid-base", FIELD_COUNT, offsetof(struct STRUCT, box_uid_base), 65536,         \
			4294900000,                                                                \
			"first of the user ids that boxes take, as root (default: 2000000000)",    \
			NULL, false                                                                \
	}
#define OPTION_SEED(STRUCT)                                                                        \
	{                                                                                          \
		"seed", FIELD_TEXT, offsetof(struct STRUCT, seed), 0, 100,                         \
			"draw all data from this number (default: from your files, "               \
			"so the same files get the same data)",                                    \
			NULL, false                                                                \
	}

#endif
