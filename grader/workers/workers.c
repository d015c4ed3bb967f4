/* SPDX-License-Identifier: MIT */
/*
 * The worker's loop: one poll over signals, the bell, and two pipes of each job; it wakes each second in any
 * case. No threads. SIGCHLD only wakes it: each job asks for its own process.
 */
#include "grader/workers/workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/ledger/bell.h"
#include "grader/workers/job.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"

enum {
	TICK_MS = 1000,
	SWEEP_MS =
		10000, /* a third of a lease: whoever waits for a lost one waits no longer than need be */
	STORE_AGAIN_MS = 1000,
	FIXED_FDS = 2,
	JOB_FDS = 2,
};

struct workers {
	struct site site;
	struct job *jobs[WORKERS_JOBS_MAX]; /* owned; NULL: free */
	int signal_fd, bell_fd;
	int64_t sweep_ms; /* when it is time */
	int64_t claim_ms; /* not before: this machine could not start one */
	int drains;	  /* how often it was asked to end */
};

static size_t job_count(const struct workers *workers)
{
	size_t count = 0;

	for (int i = 0; i < WORKERS_JOBS_MAX; i++)
		count += workers->jobs[i] != NULL;
	return count;
}

/* --- claiming ------------------------------------------------------------------------------ */

static void give_back(struct workers *workers, const struct ticket *ticket,
		      const struct mp_error *why, int64_t now_ms)
{
	struct mp_error err = {0};
	mp_autotext struct text words = {0};

	text_addf(&words, "ticket %lld could not be started: %s", (long long)ticket->id, why->text);
	if (ticket_fault(workers->site.ledger, ticket->id, workers->site.worker, why->text, &err) <
	    0)
		text_addf(&words, "; %s", err.text);
	log_add("%s", text_get(&words));
	workers->claim_ms = now_ms + TICK_MS;
}

/* Claim one ticket for the free place INDEX; false: nothing waits. */
static bool claim_one(struct workers *workers, int index, int64_t now_ms)
{
	mp_autoarena struct arena *arena = arena_new();
	struct mp_error err = {0};
	struct ticket ticket;
	int ret = ticket_claim(workers->site.ledger, workers->site.worker, LEASE_MS, arena, &ticket,
			       &err);

	if (ret == -ENOENT)
		return false;
	if (ret < 0) {
		log_add("%s", err.text);
		workers->claim_ms = now_ms + TICK_MS;
		return false;
	}
	if (job_start(&workers->site, &ticket, &workers->jobs[index], &err) < 0) {
		give_back(workers, &ticket, &err, now_ms);
		return false;
	}
	return true;
}

static void claim(struct workers *workers, int64_t now_ms)
{
	for (int i = 0; i < workers->site.options->jobs; i++) {
		if (workers->drains > 0 || now_ms < workers->claim_ms)
			return;
		if (!workers->jobs[i] && !claim_one(workers, i, now_ms))
			return;
	}
}

/* --- jobs ---------------------------------------------------------------------------------- */

/* Has its process ended? What it wrote before is in the pipes by then. */
static void reap(struct job *job)
{
	int status;

	if (job->pid > 0 && waitpid(job->pid, &status, WNOHANG) == job->pid) {
		job->pid = 0;
		job->status = status;
	}
}

static void tend(struct workers *workers, struct job **place, int64_t now_ms)
{
	struct job *job = *place;
	mp_autotext struct text words = {0};

	reap(job);
	job_tend(&workers->site, job, now_ms);
	if (job->pid > 0 || now_ms < job->again_ms)
		return;
	if (job_store(&workers->site, job, &words) || workers->drains > 1)
		*place = job_free(job);
	else
		job->again_ms = now_ms + STORE_AGAIN_MS;
	log_add("%s", text_get(&words));
}

static void take_signals(struct workers *workers, int64_t now_ms)
{
	struct signalfd_siginfo info;

	while (read(workers->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		workers->drains++;
		log_add("%s", workers->drains == 1
				      ? "it ends when what runs is graded; once more ends it now"
				      : "it ends now, and gives back what runs");
		for (int i = 0; workers->drains > 1 && i < WORKERS_JOBS_MAX; i++) {
			if (workers->jobs[i])
				job_end(workers->jobs[i], JOB_GIVEN_BACK, "the worker ends",
					now_ms);
		}
	}
}

/* --- the loop ------------------------------------------------------------------------------ */

static void sweep(struct workers *workers, int64_t now_ms)
{
	struct mp_error err = {0};

	if (now_ms < workers->sweep_ms)
		return;
	workers->sweep_ms = now_ms + SWEEP_MS;
	if (ledger_sweep(workers->site.ledger, 0, NULL, NULL, &err) < 0)
		log_add("%s", err.text);
}

static void wait_for_news(struct workers *workers)
{
	struct pollfd fds[FIXED_FDS + JOB_FDS * WORKERS_JOBS_MAX] = {
		{workers->signal_fd, POLLIN, 0}, {workers->bell_fd, POLLIN, 0}};
	nfds_t count = FIXED_FDS;

	for (int i = 0; i < WORKERS_JOBS_MAX; i++) {
		const struct job *job = workers->jobs[i];

		if (!job)
			continue;
		fds[count++] = (struct pollfd){job->events_fd, POLLIN, 0};
		fds[count++] = (struct pollfd){job->said_fd, POLLIN, 0};
	}
	(void)poll(fds, count, TICK_MS);
}

static void run(struct workers *workers)
{
	while (workers->drains == 0 || job_count(workers) > 0) {
		int64_t now_ms;

		wait_for_news(workers);
		now_ms = clock_now_ms();
		take_signals(workers, now_ms);
		bell_drain(workers->bell_fd);
		sweep(workers, now_ms);
		for (int i = 0; i < WORKERS_JOBS_MAX; i++) {
			if (workers->jobs[i])
				tend(workers, &workers->jobs[i], now_ms);
		}
		claim(workers, now_ms);
	}
}

/* One process for ever: host, process number, something drawn. */
static void make_name(const char *given, char ret_name[WORKER_NAME + 8])
{
	char begin[WORKER_NAME];

	worker_name_of(given, getpid(), begin);
	(void)snprintf(ret_name, WORKER_NAME + 8, "%s%08x", begin,
		       (unsigned int)randombytes_random());
}

static int open_signals(int *ret_fd, struct mp_error *err)
{
	sigset_t set;
	int fd;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGCHLD);
	fd = sigprocmask(SIG_BLOCK, &set, NULL) < 0
		     ? -1
		     : signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "a descriptor for signals");
	*ret_fd = fd;
	return 0;
}

int workers_run(const struct workers_options *options, struct mp_error *err)
{
	char name[WORKER_NAME + 8];
	struct workers workers = {
		.site = {.options = options, .worker = name}, .signal_fd = -1, .bell_fd = -1};
	int ret = sodium_init() < 0 ? mp_fail(err, MP_FAULT_HOST, -EIO, "random numbers") : 0;

	log_begin(options->name, options->log_format);
	make_name(options->name, name);
	if (ret == 0)
		ret = open_signals(&workers.signal_fd, err);
	if (ret == 0)
		ret = ledger_open(options->data, LEDGER_EXISTING, &workers.site.ledger, err);
	if (ret == 0)
		ret = bell_open(options->data, &workers.bell_fd, err);
	if (ret == 0) {
		log_add("ready");
		run(&workers);
		log_add("ended");
	}
	cleanup_fd(&workers.bell_fd);
	cleanup_fd(&workers.signal_fd);
	workers.site.ledger = ledger_close(workers.site.ledger);
	return ret;
}
