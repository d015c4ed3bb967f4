/* SPDX-License-Identifier: MIT */
/* milepost serve, and milepost hook, which its boxes run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/cmd/command.h"
#include "grader/grade/grade.h"
#include "grader/serve/serve.h"
#include "grader/serve/starters.h"
#include "grader/serve/talk.h"
#include "sandbox/base/cleanup.h"

struct serve_command {
	const char *data;
	const char *listen;
	const char *exercises;
	struct text_list plain_networks;
	int64_t box_uid_base;
	int64_t jobs;
	int log_format;
	bool no_worker;
};

static const struct field serve_fields[] = {
	{"data", FIELD_TEXT, offsetof(struct serve_command, data), 1, 3000,
	 "folder that holds everything: ledger and repositories; made when it is not there", NULL,
	 true},
	{"listen", FIELD_TEXT, offsetof(struct serve_command, listen), 1, 100,
	 "address and port (default: 127.0.0.1:8080)", NULL, false},
	{"jobs", FIELD_COUNT, offsetof(struct serve_command, jobs), 1, 256,
	 "gradings at a time (default: as many as there are CPUs)", NULL, false},
	{"no-worker", FIELD_BOOL, offsetof(struct serve_command, no_worker), 0, 0,
	 "take pushes only; milepost worker grades them", NULL, false},
	{"plain-network", FIELD_TEXTS, offsetof(struct serve_command, plain_networks), 1, 60,
	 "where tokens may come over plain HTTP, like 192.168.1.0/24 (default: this machine)", NULL,
	 false},
	{"box-uid-base", FIELD_COUNT, offsetof(struct serve_command, box_uid_base), 65536,
	 4294900000, "first of the user ids that boxes take, as root (default: 2000000000)", NULL,
	 false},
	OPTION_EXERCISES(serve_command),
	OPTION_LOG_FORMAT(serve_command),
};

/* The data folder as an absolute path; it is made when it is not there. */
static int find_data(struct context *context, const char *given, const char **ret_data,
		     struct mp_error *err)
{
	mp_autofree char *path = NULL;

	if (mkdir(given, 0700) < 0 && errno != EEXIST)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "making the data folder '%s'", given);
	path = realpath(given, NULL);
	if (!path)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "the data folder '%s'", given);
	*ret_data = arena_text(context->arena, path);
	return 0;
}

static int run_serve(struct context *context, const void *given, const struct text_list *words,
		     struct mp_error *err)
{
	const struct serve_command *command = given;
	struct serve_options options = {
		.program = context->program,
		.listen = command->listen ? command->listen : "127.0.0.1:8080",
		.exercises_given = command->exercises,
		.plain_networks = command->plain_networks,
		.box_uid_base = command->box_uid_base,
		.jobs = command->jobs,
		.probes = grade_probes,
		.has_no_worker = command->no_worker,
		.log_format = command->log_format,
	};
	struct mp_launcher *launcher = NULL;
	int ret;

	(void)words;
	/* Not before: the options say as whom boxes run. Nothing foreign was read. */
	ret = mp_launcher_open((uint32_t)command->box_uid_base, &launcher, err);
	if (ret == 0)
		ret = context_exercises(context, command->exercises, &options.exercises, err);
	if (ret == 0)
		ret = find_data(context, command->data, &options.data, err);
	if (ret == 0)
		ret = serve_run(&options, launcher, err);
	launcher = mp_launcher_close(launcher);
	return ret;
}

const struct command command_serve = {
	.name = "serve",
	.usage = "--data DIR [OPTION]...",
	.summary = "take pushes of learners, grade them, show the score",
	.options = serve_fields,
	.option_count = sizeof(serve_fields) / sizeof(serve_fields[0]),
	.option_bytes = sizeof(struct serve_command),
	.words_low = 0,
	.words_high = 0,
	.run = run_serve,
};

static int run_hook(struct context *context, const void *given, const struct text_list *words,
		    struct mp_error *err)
{
	static const char *const names[] = {HOOK_PRE, HOOK_POST, HOOK_PROC};
	static const char *const backend[] = {BOX_BACKEND, NULL};

	(void)context;
	(void)given;
	if (strcmp(words->items[0], HOOK_FETCH) == 0 && words->count == 4) {
		starters_make(words->items[1], words->items[2], words->items[3]);
		(void)execv(backend[0], (char *const *)(uintptr_t)backend);
		return mp_fail(err, MP_FAULT_HOST, -errno, "starting %s", backend[0]);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(words->items[0], names[i]) == 0)
			return hook_main(names[i]);
	}
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "there is no hook '%s'", words->items[0]);
}

const struct command command_hook = {
	.name = "hook",
	.usage = "NAME",
	.options = NULL,
	.option_count = 0,
	.option_bytes = 0,
	.words_low = 1,
	.words_high = 4,
	.run = run_hook,
};
