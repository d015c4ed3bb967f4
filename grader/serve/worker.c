/* SPDX-License-Identifier: MIT */
/*
 * The worker of our own: one child, started again when it dies. What it had claimed is known by its name then: nobody
 * waits for the end of a lease.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/serve/inside.h"
#include "sandbox/base/clock.h"

static const char name[] = "worker";
enum { AGAIN_MS = 1000, ARGS_MAX = 16, STATUS_CANNOT_RUN = 127 };

static void fill_args(const struct serve_options *options, const char **args, char *numbers,
		      size_t size)
{
	size_t count = 0;
	int64_t jobs = options->jobs > 0 ? options->jobs : sysconf(_SC_NPROCESSORS_ONLN);
	int used = snprintf(numbers, size, "%lld", (long long)jobs) + 1;

	(void)snprintf(numbers + used, size - (size_t)used, "%lld",
		       (long long)options->box_uid_base);
	args[count++] = options->program;
	args[count++] = "worker";
	args[count++] = "--data";
	args[count++] = options->data;
	args[count++] = "--jobs";
	args[count++] = numbers;
	args[count++] = "--log-format";
	args[count++] = log_format_words[options->log_format];
	args[count++] = "--worker";
	args[count++] = name;
	if (options->exercises_given) {
		args[count++] = "--exercises";
		args[count++] = options->exercises_given;
	}
	if (options->box_uid_base > 0) {
		args[count++] = "--box-uid-base";
		args[count++] = numbers + used;
	}
	args[count] = NULL;
}

void worker_start(struct server *server, int64_t now_ms)
{
	const char *args[ARGS_MAX];
	char numbers[64];
	pid_t parent = getpid();
	sigset_t none;

	if (server->options->has_no_worker || server->worker > 0 || server->is_draining ||
	    now_ms - server->worker_ms < AGAIN_MS)
		return;
	fill_args(server->options, args, numbers, sizeof(numbers));
	server->worker_ms = now_ms;
	server->worker = fork();
	if (server->worker < 0)
		log_add("starting a worker: %s", strerrordesc_np(errno));
	if (server->worker != 0)
		return;
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* A parent that is gone by now sends no signal any more. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		_exit(STATUS_CANNOT_RUN);
	(void)execv(args[0], (char *const *)(uintptr_t)args);
	_exit(STATUS_CANNOT_RUN);
}

void worker_reap(struct server *server)
{
	char begin[WORKER_NAME];
	struct mp_error err = {0};
	int status = 0;

	if (server->worker <= 0 || waitpid(server->worker, &status, WNOHANG) != server->worker)
		return;
	worker_name_of(name, server->worker, begin);
	server->worker = 0;
	/* Else the end of the lease does it. */
	if (ticket_lost_all(server->ledger, begin, &err) < 0)
		log_add("what the worker had claimed: %s", err.text);
	if (!server->is_draining)
		log_add("the worker has ended (%s %d); it is started again",
			WIFSIGNALED(status) ? "signal" : "status",
			WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

void worker_stop(struct server *server)
{
	if (server->worker > 0)
		(void)kill(server->worker, SIGTERM);
}
