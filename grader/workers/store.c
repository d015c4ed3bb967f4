/* SPDX-License-Identifier: MIT */
/*
 * What came of a job.
 *
 *   exit 0, 1   graded: its results, none where all was kept or nothing was there
 *   exit 2      the repository cannot be read, or the exercise is not known: the learner's. Graded without a
 *               result; the sentence was pushed
 *   exit 4      this machine could not grade all of it: a fault. The second time what could be graded is
 *               stored, if anything could: a missing language must not take the other scores along
 *   killed      from outside: no fault, it waits again, within reason
 *   else        a fault: broken exercises, bugs
 *
 * An exit status counts only when the last event announced it: a process that died has announced nothing.
 */
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "grader/workers/job.h"

enum { EXIT_INPUT = 2, EXIT_HOST = 4 };

/* The exit status that was announced and came, or -1. */
static int announced_status(const struct job *job)
{
	if (!job->events.has_ended || !WIFEXITED(job->status) ||
	    WEXITSTATUS(job->status) != job->events.status)
		return -1;
	return WEXITSTATUS(job->status);
}

static bool is_graded(const struct job *job)
{
	int status = announced_status(job);

	return (status >= 0 && status <= EXIT_INPUT) ||
	       (status == EXIT_HOST && job->ticket.faults > 0 && job->events.result_count > 0);
}

/*
 * Somebody ended the process: an operator, a test, the kernel when memory runs out. None of our own mistakes raises
 * these. What we ended ourselves has another fate.
 */
static bool is_killed(const struct job *job)
{
	static const int outside[] = {SIGKILL, SIGTERM, SIGINT, SIGHUP};

	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		if (WIFSIGNALED(job->status) && WTERMSIG(job->status) == outside[i])
			return job->fate == JOB_OPEN;
	}
	return false;
}

/* Why it is not graded, for the operator. */
static void add_reason(const struct job *job, struct text *into)
{
	const char *said = text_get(&job->said);
	size_t length = job->said.length;

	if (job->fate == JOB_BROKEN) {
		text_add(into, job->why);
		return;
	}
	if (WIFSIGNALED(job->status))
		text_addf(into, "the grading was ended by SIG%s",
			  sigabbrev_np(WTERMSIG(job->status)));
	else
		text_addf(into, "the grading ended with status %d", WEXITSTATUS(job->status));
	if (job->events.reason)
		text_addf(into, ": %s", job->events.reason);
	else if (length > 0) {
		text_add(into, ": ");
		text_add_visible(into, said, length, SAID_MOST);
	}
}

/* A line for whoever waits for the push. The last fault is an end, which says so itself. */
static int tell_fault(const struct site *site, const struct job *job, struct mp_error *err)
{
	static const char again[] =
		"{\"lines\":[\"milepost: this grading broke off. That is our fault, not yours:\","
		"\"  it is done once more.\"]}";

	return job->ticket.faults > 0 ? 0
				      : event_add(site->ledger, job->ticket.id, "note", again, err);
}

static int store_graded(const struct site *site, struct job *job, struct mp_error *err)
{
	int ret = 0;

	if (job->events.last && !job->is_last_told)
		ret = event_add(site->ledger, job->ticket.id, "note", job->events.last, err);
	if (ret < 0)
		return ret;
	job->is_last_told = true;
	return ticket_grade(site->ledger, job->ticket.id, site->worker, job->events.results,
			    job->events.result_count, err);
}

static int store_fault(const struct site *site, struct job *job, const char *reason,
		       struct mp_error *err)
{
	int ret = job->is_last_told ? 0 : tell_fault(site, job, err);

	if (ret < 0)
		return ret;
	job->is_last_told = true;
	return ticket_fault(site->ledger, job->ticket.id, site->worker, reason, err);
}

bool job_store(const struct site *site, struct job *job, struct text *ret_words)
{
	mp_autotext struct text reason = {0};
	struct mp_error err = {0};
	int ret;

	text_init(&reason, MP_ERROR_TEXT - 1);
	text_addf(ret_words, "ticket %lld, %s %.7s: ", (long long)job->ticket.id,
		  job->ticket.handle, job->ticket.commit);
	if (job->fate == JOB_LOST) {
		text_addf(ret_words, "dropped: %s", job->why);
		return true;
	}
	if (job->fate == JOB_GIVEN_BACK) {
		ret = ticket_release(site->ledger, job->ticket.id, site->worker, &err);
		text_add(ret_words, "given back");
	} else if (job->fate == JOB_OPEN && is_graded(job)) {
		ret = store_graded(site, job, &err);
		text_addf(ret_words, "graded, %zu score%s", job->events.result_count,
			  job->events.result_count == 1 ? "" : "s");
	} else if (is_killed(job)) {
		add_reason(job, &reason);
		ret = ticket_lost(site->ledger, job->ticket.id, site->worker, text_get(&reason),
				  &err);
		text_addf(ret_words, "lost: %s", text_get(&reason));
	} else {
		add_reason(job, &reason);
		ret = store_fault(site, job, text_get(&reason), &err);
		text_addf(ret_words, "fault: %s", text_get(&reason));
	}
	if (ret == 0)
		return true;
	text_addf(ret_words, "; not stored: %s", err.text);
	/* Somebody else's by now, or forgotten: nothing is to be stored any more. */
	return ret == -EPERM || ret == -ENOENT;
}
