/* SPDX-License-Identifier: MIT */
/*
 * A job's process: `milepost grade HANDLE.git@COMMIT`, with four descriptors.
 *
 *   2  its standard error, of which the end is kept: the reason when it breaks
 *   3  its events, a pipe that is read here
 *   4  the key of its learner's seeds, a sealed memory file
 *   5  the scores that are known, likewise
 *
 * It is asked to end by the kernel when the worker dies, and takes its boxes and folders along. A grading that
 * outlives its lease can do no harm: what it would store is refused by the ledger.
 */
#include "grader/workers/job.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"

enum {
	KEY_BYTES = 32,
	KNOWN_MOST = 2000,
	ARGS_MAX = 24,
	CHILD_FDS = 4,
	FD_SAFE = 64,
	STATUS_CANNOT_RUN = 127
};

/* --- what the process is given ------------------------------------------------------------- */

static int memory_file(const char *name, const void *bytes, size_t count, int *ret_fd,
		       struct mp_error *err)
{
	mp_autofd int fd = memfd_create(name, MFD_CLOEXEC);
	int ret = fd < 0 ? -errno : path_write_all(fd, bytes, count);

	if (ret == 0 && lseek(fd, 0, SEEK_SET) < 0)
		ret = -errno;
	if (ret < 0)
		return mp_fail(err, MP_FAULT_HOST, ret, "what a grading is given");
	*ret_fd = mp_take_fd(&fd);
	return 0;
}

/* The learner's own key, so that nobody's seeds tell of another's. */
static int key_file(const struct site *site, int64_t learner, int *ret_fd, struct mp_error *err)
{
	unsigned char site_key[KEY_BYTES];
	unsigned char key[KEY_BYTES];
	char number[32];
	int ret;

	ledger_site_key(site->ledger, site_key);
	(void)snprintf(number, sizeof(number), "learner %lld", (long long)learner);
	(void)crypto_generichash(key, sizeof(key), (const unsigned char *)number, strlen(number),
				 site_key, sizeof(site_key));
	ret = memory_file("milepost-key", key, sizeof(key), ret_fd, err);
	sodium_memzero(site_key, sizeof(site_key));
	sodium_memzero(key, sizeof(key));
	return ret;
}

/* VALUE (taken) as a line. */
static void add_line(struct text *into, json_t *value)
{
	char *line = value ? json_dumps(value, JSON_COMPACT) : NULL;

	if (line)
		text_addf(into, "%s\n", line);
	free(line);
	json_decref(value);
}

/* A score as a line. Without its key it answers for nothing: the exercise is graded anew. */
static void add_known(struct text *into, const struct score *score, bool has_key)
{
	const struct result *result = &score->result;
	json_t *value =
		json_pack("{s:s, s:s, s:s, s:I, s:I, s:s}", "exercise", result->exercise, "hash",
			  result->exercise_hash, "key", has_key ? result->input_key : "", "score",
			  (json_int_t)result->score, "counted", (json_int_t)result->counted,
			  "status", result->status);

	add_line(into, value);
}

/* Exercises that were not open when the push came. */
static int add_closed(const struct site *site, const struct ticket *ticket, struct arena *arena,
		      struct text *into, struct mp_error *err)
{
	struct policy_row *rows = NULL;
	size_t count = 0;
	int ret = policy_list(site->ledger, arena, &rows, &count, err);

	for (size_t i = 0; ret == 0 && i < count; i++) {
		int64_t opens_ms = 0;

		if (rows[i].exercise[0] && strcmp(rows[i].name, "opens") == 0 &&
		    policy_moment(rows[i].value, &opens_ms) == 0 && ticket->received_at < opens_ms)
			add_line(into, json_pack("{s:s, s:b}", "exercise", rows[i].exercise,
						 "closed", 1));
	}
	return ret;
}

/*
 * The best scores, and the newest of all: files that were taken back have had their score too. Whoever names an
 * exercise, and whoever regrades, wants it graded.
 */
static int known_file(const struct site *site, const struct ticket *ticket, int *ret_fd,
		      struct mp_error *err)
{
	static const enum score_choice choices[] = {SCORE_BEST, SCORE_ALL};
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text text = {0};
	bool has_key = !ticket->exercise && !ticket->is_regrade;
	int ret = add_closed(site, ticket, arena, &text, err);

	for (size_t i = 0; ret == 0 && i < 2; i++) {
		struct score *scores = NULL;
		size_t count = 0;

		ret = score_list(site->ledger, ticket->learner, choices[i], arena, &scores, &count,
				 err);
		for (size_t k = 0; ret == 0 && k < count && k < KNOWN_MOST; k++)
			add_known(&text, &scores[k], has_key);
	}
	if (ret < 0)
		return ret;
	return memory_file("milepost-known", text_get(&text), text.length, ret_fd, err);
}

/* The words of the command; texts lie in the job's arena. */
static void fill_args(const struct site *site, const struct job *job, const char **args)
{
	const struct workers_options *options = site->options;
	size_t count = 0;
	const char *fixed[] = {
		options->program,
		"grade",
		arena_format(job->arena, "%s.git@%s", job->ticket.handle, job->ticket.commit),
		"--trust",
		"foreign",
		"--events",
		"3",
		"--site-key",
		"4",
		"--known",
		"/dev/fd/5"};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		args[count++] = fixed[i];
	if (job->ticket.exercise) {
		args[count++] = "--exercise";
		args[count++] = job->ticket.exercise;
	}
	if (options->exercises) {
		args[count++] = "--exercises";
		args[count++] = options->exercises;
	}
	if (options->box_uid_base > 0) {
		args[count++] = "--box-uid-base";
		args[count++] = arena_format(job->arena, "%lld", (long long)options->box_uid_base);
	}
	args[count] = NULL;
}

/* --- the process --------------------------------------------------------------------------- */

/* In the child: FDS become 2, 3, 4, 5. */
static void become(const char *const *args, const int fds[CHILD_FDS], const char *folder,
		   pid_t parent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int safe[CHILD_FDS];
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* Ctrl-C is the worker's to answer. A parent that is gone by now sends no signal any more. */
	if (setpgid(0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		_exit(STATUS_CANNOT_RUN);
	for (int i = 0; i < CHILD_FDS; i++)
		safe[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, FD_SAFE);
	for (int i = 0; i < CHILD_FDS; i++) {
		if (safe[i] < 0 || dup2(safe[i], 2 + i) < 0)
			_exit(STATUS_CANNOT_RUN);
	}
	if (dup2(null, 0) < 0 || dup2(null, 1) < 0 || chdir(folder) < 0)
		_exit(STATUS_CANNOT_RUN);
	(void)execv(args[0], (char *const *)(uintptr_t)args);
	_exit(STATUS_CANNOT_RUN);
}

static int start_process(struct job *job, const char *const *args, const int fds[CHILD_FDS],
			 const char *folder, struct mp_error *err)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0)
		become(args, fds, folder, parent);
	if (pid < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "starting a grading");
	job->pid = pid;
	return 0;
}

static int pipe_of(int *ret_read, int *ret_write, struct mp_error *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "a pipe for a grading");
	*ret_read = ends[0];
	*ret_write = ends[1];
	return 0;
}

static int open_process(const struct site *site, struct job *job, struct mp_error *err)
{
	const char *folder = arena_format(job->arena, "%s/repositories", site->options->data);
	const char *repository = arena_format(job->arena, "%s/%s.git", folder, job->ticket.handle);
	mp_autofd int said = -1;
	mp_autofd int told = -1;
	mp_autofd int key = -1;
	mp_autofd int known = -1;
	const char *args[ARGS_MAX];
	struct stat info;
	int ret = 0;

	/* Its learner has pushed to it: that it is not there is no mistake of theirs. */
	if (stat(repository, &info) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "the repository '%s'", repository);
	ret = pipe_of(&job->said_fd, &said, err);
	if (ret == 0)
		ret = pipe_of(&job->events_fd, &told, err);
	if (ret == 0)
		ret = key_file(site, job->ticket.learner, &key, err);
	if (ret == 0)
		ret = known_file(site, &job->ticket, &known, err);
	if (ret < 0)
		return ret;
	fill_args(site, job, args);
	return start_process(job, args, (const int[CHILD_FDS]){said, told, key, known}, folder,
			     err);
}

int job_start(const struct site *site, const struct ticket *ticket, struct job **ret_job,
	      struct mp_error *err)
{
	struct job *job = calloc(1, sizeof(*job));
	int64_t now_ms = clock_now_ms();
	int ret;

	if (!job)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "a grading");
	job->arena = arena_new();
	job->events_fd = job->said_fd = -1;
	job->ticket = *ticket;
	job->ticket.handle = arena_text(job->arena, ticket->handle);
	job->ticket.commit = arena_text(job->arena, ticket->commit);
	job->ticket.exercise = arena_text(job->arena, ticket->exercise);
	job->ticket.ref = job->ticket.old_commit = job->ticket.reason = NULL;
	job->whole_ms = now_ms + WHOLE_MS;
	job->silent_ms = now_ms + SILENT_MS;
	job->renew_ms = now_ms + RENEW_MS;
	events_init(&job->events, job->arena);
	text_init(&job->said, SAID_MOST);
	ret = open_process(site, job, err);
	if (ret < 0) {
		job_free(job);
		return ret;
	}
	*ret_job = job;
	return 0;
}

struct job *job_free(struct job *job)
{
	if (!job)
		return NULL;
	cleanup_fd(&job->events_fd);
	cleanup_fd(&job->said_fd);
	events_done(&job->events);
	text_done(&job->said);
	job->arena = arena_free(job->arena);
	free(job);
	return NULL;
}

/* --- while it runs ------------------------------------------------------------------------- */

void job_end(struct job *job, enum job_fate fate, const char *why, int64_t now_ms)
{
	if (job->fate != JOB_OPEN)
		return;
	job->fate = fate;
	(void)snprintf(job->why, sizeof(job->why), "%s", why);
	if (job->pid <= 0)
		return;
	job->kill_ms = now_ms + GRACE_MS;
	(void)kill(job->pid, SIGTERM);
}

/* An event is only shown: one that cannot be stored does not stop the grading. */
struct showing {
	const struct site *site;
	const struct job *job;
};

static int show(void *context, const char *kind, const char *body, struct mp_error *err)
{
	const struct showing *showing = context;

	(void)!event_add(showing->site->ledger, showing->job->ticket.id, kind, body, err);
	return 0;
}

/* All that the pipe holds. Closed at its end, and when it is of no more use. */
static void read_events(const struct site *site, struct job *job, int64_t now_ms)
{
	struct showing showing = {site, job};
	char buffer[65536];
	ssize_t got = 1;

	while (job->events_fd >= 0 && got > 0) {
		struct mp_error err = {0};

		got = read(job->events_fd, buffer, sizeof(buffer));
		if (got > 0 && job->fate == JOB_OPEN) {
			job->silent_ms = now_ms + SILENT_MS;
			if (events_take(&job->events, buffer, (size_t)got, show, &showing, &err) <
			    0)
				job_end(job, JOB_BROKEN, err.text, now_ms);
		}
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
			cleanup_fd(&job->events_fd);
	}
}

/* Standard error: of what does not fit the beginning goes. */
static void read_said(struct job *job)
{
	char buffer[SAID_MOST];
	ssize_t got = 1;

	while (job->said_fd >= 0 && got > 0) {
		got = read(job->said_fd, buffer, sizeof(buffer));
		if (got > 0 && job->said.length + (size_t)got > SAID_MOST)
			text_clear(&job->said);
		if (got > 0)
			text_add_bytes(&job->said, buffer, (size_t)got);
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
			cleanup_fd(&job->said_fd);
	}
}

static void renew(const struct site *site, struct job *job, int64_t now_ms)
{
	struct mp_error err = {0};
	int ret;

	if (now_ms < job->renew_ms || job->fate == JOB_LOST)
		return;
	job->renew_ms = now_ms + RENEW_MS;
	ret = ticket_renew(site->ledger, job->ticket.id, site->worker, LEASE_MS, &err);
	/* Another error may be over the next time, which is before the lease runs out. */
	if (ret == -EPERM || ret == -ENOENT) {
		job_end(job, JOB_LOST, err.text, now_ms);
		job->fate = JOB_LOST;
	}
}

void job_tend(const struct site *site, struct job *job, int64_t now_ms)
{
	read_events(site, job, now_ms);
	read_said(job);
	renew(site, job, now_ms);
	if (job->pid <= 0)
		return;
	if (now_ms >= job->whole_ms)
		job_end(job, JOB_BROKEN, "the grading took more than an hour", now_ms);
	if (now_ms >= job->silent_ms)
		job_end(job, JOB_BROKEN, "the grading said nothing for ten minutes", now_ms);
	if (job->kill_ms > 0 && now_ms >= job->kill_ms)
		(void)kill(job->pid, SIGKILL);
}
