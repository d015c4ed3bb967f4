/* SPDX-License-Identifier: MIT */
/* milepost worker: grade what is pushed to a server, as many at a time as the machine bears. */
#include <errno.h>
#include <stdlib.h>

#include "grader/cmd/command.h"
#include "grader/cmd/lanes.h"
#include "grader/workers/workers.h"
#include "sandbox/base/cleanup.h"

struct worker_options {
	const char *data;
	const char *exercises;
	const char *worker;
	int64_t jobs;
	int64_t box_uid_base;
	int log_format;
};

static const struct field worker_fields[] = {
	{"data", FIELD_TEXT, offsetof(struct worker_options, data), 1, 3000,
	 "the data folder of milepost serve", NULL, true},
	{"jobs", FIELD_COUNT, offsetof(struct worker_options, jobs), 1, WORKERS_JOBS_MAX,
	 "gradings at a time (default: as many as there are CPUs)", NULL, false},
	OPTION_EXERCISES(worker_options),
	OPTION_BOX_UID_BASE(worker_options),
	OPTION_LOG_FORMAT(worker_options),
	{"worker", FIELD_NAME, offsetof(struct worker_options, worker), 1, 40,
	 "its name in logs and claims (default: worker)", NULL, false},
};

static int run_worker(struct context *context, const void *given, const struct text_list *words,
		      struct mp_error *err)
{
	const struct worker_options *options = given;
	mp_autofree char *data = realpath(options->data, NULL);
	size_t cpus = lanes_of_machine();
	struct workers_options wanted = {
		.data = data,
		.program = context->program,
		.name = options->worker ? options->worker : "worker",
		.jobs = options->jobs,
		.box_uid_base = options->box_uid_base,
		.log_format = options->log_format,
	};
	int ret;

	(void)words;
	if (!data)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "the data folder '%s'", options->data);
	if (wanted.jobs == 0)
		wanted.jobs = cpus < WORKERS_JOBS_MAX ? (int64_t)cpus : WORKERS_JOBS_MAX;
	ret = context_exercises(context, options->exercises, &wanted.exercises, err);
	if (ret == 0)
		ret = workers_run(&wanted, err);
	return ret;
}

const struct command command_worker = {
	.name = "worker",
	.usage = "--data DIR [OPTION]...",
	.summary = "grade what is pushed to milepost serve",
	.options = worker_fields,
	.option_count = sizeof(worker_fields) / sizeof(worker_fields[0]),
	.option_bytes = sizeof(struct worker_options),
	.run = run_worker,
};
