/* SPDX-License-Identifier: MIT */
/* The commands of milepost-box. */
#ifndef SANDBOX_CLI_CLI_H
#define SANDBOX_CLI_CLI_H

#include "sandbox/base/arena.h"
#include "sandbox/base/text.h"

#include <milepost/box.h>

/* Exit statuses of ours beside the command's own. */
enum { EXIT_LIMIT = 124, EXIT_NOT_STARTED = 125, EXIT_USAGE = 2, EXIT_HOST = 4 };

/* What `run` and `explain` were asked for. Texts are borrowed from the arguments, lists lie in the arena. */
struct run_request {
	struct mp_box_spec spec;
	const char *json; /* file for the answer; NULL: none */
	bool wants_help;
};

/* Read the words behind `run`. Errors: -EBADMSG a usage error. */
MP_MUST_CHECK int run_request_read(const char *const *argv, struct arena *arena,
				   struct run_request *ret_request, struct mp_error *err);

/* The options, as help. */
void run_request_help(struct text *into);

/* The same for a manual page, and as names for a shell that completes. */
void run_request_manual(struct text *into);
void run_request_names(struct text *into);

/* The answer of --json. */
void result_json(const struct mp_box_result *result, struct text *into);

/* The exit status of a result: the command's, 128 + signal, 124 a limit, 125 not started. */
int result_status(const struct mp_box_result *result);

/* The commands: an exit status. */
int command_run(const char *const *argv, struct mp_error *err);
int command_explain(const char *const *argv, struct mp_error *err);
int command_check(const char *const *argv, struct mp_error *err);

/* The manual page as scdoc reads it, a script for bash: from the same tables as --help. */
int command_manual(const char *const *argv, struct mp_error *err);
int command_completion(const char *const *argv, struct mp_error *err);

#endif
