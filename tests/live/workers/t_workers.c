/* SPDX-License-Identifier: MIT */
/*
 * milepost worker with a real ledger and real gradings: what is graded, what is kept, what breaks, what is killed.
 *
 * The learner's repository has hello-api (the errors are HTML pages: 80 points) and first-push (100).
 */
#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "grader/workers/workers.h"
#include "sandbox/base/process.h"
#include "tests/unit/ledger/site.h"

enum { WAIT_MS = 60000, KILL_ROUNDS = 10 };

static char milepost[4096];
static char commit[41];

static void pause_ms(int64_t ms)
{
	const struct timespec span = {ms / 1000, ms % 1000 * 1000000};

	(void)nanosleep(&span, NULL);
}

/* --- a site with a repository -------------------------------------------------------------- */

static const char make_repository[] =
	"set -e\n"
	"export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1\n"
	"tests/helper/sample.sh \"$1/road\" python html-errors > /dev/null\n"
	"cd \"$1/road\"\n"
	"\"$2\" start first-push > /dev/null\n"
	"echo asha > exercises/first-push/hello.txt\n"
	"git add --all\n"
	"git -c user.name=Asha -c user.email=asha@learner.example commit -qm 'first-push: write my handle'\n"
	"mkdir \"$1/repositories\"\n"
	"git clone -q --bare . \"$1/repositories/asha.git\"\n"
	/* A worker wants every layer of the sandbox; status 4 is a host that lacks one. */
	"\"$2\" grade . --trust foreign --exercise first-push > /dev/null || exit\n"
	"git rev-parse HEAD\n";

static const char edit_and_take_back[] =
	"set -e\n"
	"export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1\n"
	"export GIT_AUTHOR_NAME=Asha GIT_AUTHOR_EMAIL=asha@learner.example\n"
	"export GIT_COMMITTER_NAME=Asha GIT_COMMITTER_EMAIL=asha@learner.example\n"
	"cd \"$1/road\"\n"
	"echo '# a note' >> exercises/hello-api/app.py\n"
	"git commit -qam 'hello-api: note what comes next'\n"
	"git rev-parse HEAD\n"
	"git checkout -q HEAD~1 -- exercises\n"
	"git commit -qm 'hello-api: take the note away'\n"
	"git rev-parse HEAD\n"
	"git push -q \"$1/repositories/asha.git\" HEAD:main\n";

static bool run_script(const char *script, const char *first, const char *second,
		       struct text *output)
{
	const char *const argv[] = {"/bin/bash", "-c", script, "bash", first, second, NULL};
	const char *const env[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent",
				   "LC_ALL=C.UTF-8", NULL};
	struct mp_error err = {0};
	int status = process_run(argv, env, NULL, output, &err);

	if (status == 4) {
		tap_skipped = "this host lacks a layer of --trust=foreign";
		return false;
	}
	if (!OK(status == 0))
		printf("# %s%s\n", text_get(output), err.text);
	return status == 0;
}

static int64_t learner;

/* False: the test cannot go on. */
static bool begin(struct site *site)
{
	mp_autotext struct text output = {0};
	const char *build = getenv("BUILD");

	site_open(site);
	(void)snprintf(milepost, sizeof(milepost), "%s/milepost", build ? build : "build/release");
	if (milepost[0] != '/') {
		char *whole = realpath(milepost, NULL);

		OK(whole != NULL);
		(void)snprintf(milepost, sizeof(milepost), "%s", whole ? whole : "");
		free(whole);
	}
	learner = add_learner(site, "asha");
	if (!run_script(make_repository, site->data, milepost, &output) || output.length < 41) {
		site_close(site);
		return false;
	}
	memcpy(commit, text_get(&output) + output.length - 41, 40);
	return true;
}

static int64_t push_commit(struct site *site, const char *exercise)
{
	struct receipt receipt = receipt_of(site, learner, 0);
	int64_t ticket = 0;

	receipt.commit = commit;
	receipt.exercise = exercise;
	if (exercise)
		receipt.ref = arena_format(site->arena, "refs/for/%s", exercise);
	IS(ticket_receive(site->ledger, &receipt, &ticket, &site->err), 0);
	IS(ticket_queue(site->ledger, ticket, &site->err), 0);
	return ticket;
}

/* --- workers ------------------------------------------------------------------------------- */

static pid_t start_worker(struct site *site)
{
	const char *log = site_path(site, "worker.log");
	pid_t pid = fork();

	if (pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

		(void)dup2(fd, 2);
		(void)execl(milepost, "milepost", "worker", "--data", site->data, "--jobs", "2",
			    (char *)NULL);
		_exit(127);
	}
	return pid;
}

static int stop_worker(pid_t pid, int signal)
{
	int status = 0;

	(void)kill(pid, signal);
	IS(waitpid(pid, &status, 0), pid);
	return status;
}

static bool is_over(enum ticket_state state)
{
	return state != TICKET_QUEUED && state != TICKET_CLAIMED;
}

static struct ticket await(struct site *site, int64_t id)
{
	struct ticket ticket = find(site, id);

	for (int64_t waited = 0; waited < WAIT_MS && !is_over(ticket.state); waited += 50) {
		pause_ms(50);
		IS(ticket_find(site->ledger, id, site->arena, &ticket, &site->err), 0);
	}
	return ticket;
}

static void show_log(struct site *site)
{
	char line[400];
	FILE *file = fopen(site_path(site, "worker.log"), "re");

	while (file && fgets(line, sizeof(line), file))
		printf("# %s", line);
	if (file)
		(void)fclose(file);
}

/* All events of a ticket, "KIND BODY\n". */
static const char *told(struct site *site, int64_t ticket)
{
	struct event *events = NULL;
	size_t count = 0;
	mp_autotext struct text text = {0};

	IS(event_list(site->ledger, ticket, 0, site->arena, &events, &count, &site->err), 0);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s %s\n", events[i].kind, events[i].body);
	return arena_text(site->arena, text_get(&text));
}

/* The scores of one ticket: how many, and in RET_CARDS the cards one after another. */
static int scores_of(struct site *site, int64_t ticket, const char **ret_cards)
{
	struct score *scores = NULL;
	size_t count = 0;
	int found = 0;
	mp_autotext struct text cards = {0};

	IS(score_list(site->ledger, learner, SCORE_ALL, site->arena, &scores, &count, &site->err),
	   0);
	for (size_t i = count; i > 0; i--) {
		struct score score;
		int64_t whose;

		if (scores[i - 1].ticket != ticket)
			continue;
		found++;
		IS(score_find(site->ledger, scores[i - 1].id, site->arena, &score, &whose,
			      &site->err),
		   0);
		text_add(&cards, score.result.card);
	}
	*ret_cards = arena_text(site->arena, text_get(&cards));
	return found;
}

/* --- tests --------------------------------------------------------------------------------- */

static void a_push_is_graded_and_the_same_one_kept(void)
{
	struct site site;
	struct ticket ticket;
	const char *cards;
	const char *events;
	int64_t first, second, third, fourth;
	mp_autotext struct text output = {0};
	pid_t worker;

	if (!begin(&site))
		return;
	first = push_commit(&site, NULL);
	worker = start_worker(&site);
	ticket = await(&site, first);
	if (!IS(ticket.state, TICKET_GRADED))
		show_log(&site);
	IS(scores_of(&site, first, &cards), 2);
	HAS_TEXT(cards, "\"score\": 80");
	HAS_TEXT(cards, "\"score\": 100");
	events = told(&site, first);
	HAS_TEXT(events, "python3 app.py is ready after");
	HAS_TEXT(events, "broken-json and not-found-and-method, for one reason:");
	HAS_TEXT(events, "hello-api 80 of 100, needs work: each * must pass. Best so far 80.");
	HAS_TEXT(events, "Milestone 5: 0 of");
	OK(!strstr(events, site.data));

	/* The bell wakes it. */
	second = push_commit(&site, NULL);
	IS(await(&site, second).state, TICKET_GRADED);
	IS(scores_of(&site, second, &cards), 0);
	HAS_TEXT(told(&site, second), "first-push, hello-api: not changed, scores kept");

	/* Whoever names an exercise wants it graded. */
	third = push_commit(&site, "hello-api");
	IS(await(&site, third).state, TICKET_GRADED);
	IS(scores_of(&site, third, &cards), 1);
	HAS_TEXT(cards, "\"score\": 80");

	/* An edit is graded; taken back again, its first score still holds. */
	OK(run_script(edit_and_take_back, site.data, "", &output));
	memcpy(commit, text_get(&output), 40);
	fourth = push_commit(&site, NULL);
	IS(await(&site, fourth).state, TICKET_GRADED);
	IS(scores_of(&site, fourth, &cards), 1);
	memcpy(commit, text_get(&output) + 41, 40);
	fourth = push_commit(&site, NULL);
	IS(await(&site, fourth).state, TICKET_GRADED);
	IS(scores_of(&site, fourth, &cards), 0);
	HAS_TEXT(told(&site, fourth), "first-push, hello-api: not changed, scores kept");
	IS(stop_worker(worker, SIGTERM), 0);
	site_close(&site);
}

static void what_is_the_learners_is_told_and_no_fault(void)
{
	struct site site;
	struct ticket ticket;
	const char *cards;
	int64_t unknown, missing;
	pid_t worker;

	if (!begin(&site))
		return;
	worker = start_worker(&site);
	unknown = push_commit(&site, "hello-ap");
	ticket = await(&site, unknown);
	IS(ticket.state, TICKET_GRADED);
	IS(ticket.faults, 0);
	IS(scores_of(&site, unknown, &cards), 0);
	HAS_TEXT(told(&site, unknown),
		 "error: unknown exercise 'hello-ap'; did you mean 'hello-api'?");
	memcpy(commit, ZEROS, 40);
	missing = push_commit(&site, NULL);
	ticket = await(&site, missing);
	IS(ticket.state, TICKET_GRADED);
	HAS_TEXT(told(&site, missing), "error: ");
	OK(!strstr(told(&site, missing), site.data));
	IS(stop_worker(worker, SIGTERM), 0);
	site_close(&site);
}

static void what_is_ours_is_tried_twice_and_then_shown(void)
{
	struct site site;
	struct ticket ticket;
	int64_t id;
	pid_t worker;

	if (!begin(&site))
		return;
	IS(rename(site_path(&site, "repositories/asha.git"), site_path(&site, "away.git")), 0);
	worker = start_worker(&site);
	id = push_commit(&site, NULL);
	ticket = await(&site, id);
	IS(ticket.state, TICKET_FAILED);
	IS(ticket.faults, 2);
	HAS_TEXT(ticket.reason, "asha.git");

	/* Mended, and wanted again by an operator. */
	IS(rename(site_path(&site, "away.git"), site_path(&site, "repositories/asha.git")), 0);
	IS(ticket_retry(site.ledger, id, &site.err), 0);
	IS(await(&site, id).state, TICKET_GRADED);
	IS(stop_worker(worker, SIGTERM), 0);
	site_close(&site);
}

/* The first child of PID, or 0. */
static pid_t child_of(pid_t pid)
{
	char path[64];
	char bytes[64] = "";
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	file = fopen(path, "re");
	if (file) {
		(void)!fgets(bytes, sizeof(bytes), file);
		(void)fclose(file);
	}
	return (pid_t)strtoimax(bytes, NULL, 10);
}

static pid_t await_child(pid_t worker)
{
	pid_t child = 0;

	for (int i = 0; i < 2000 && (child = child_of(worker)) == 0; i++)
		pause_ms(5);
	OK(child > 0);
	return child;
}

static void a_worker_that_is_asked_to_end_ends_what_it_has(void)
{
	struct site site;
	int64_t id;
	pid_t worker;

	if (!begin(&site))
		return;
	id = push_commit(&site, "hello-api");
	worker = start_worker(&site);
	(void)await_child(worker);
	IS(stop_worker(worker, SIGTERM), 0);
	IS(find(&site, id).state, TICKET_GRADED);

	/* Asked twice it gives back what it has, and that is no fault. */
	id = push_commit(&site, "hello-api");
	worker = start_worker(&site);
	(void)await_child(worker);
	(void)kill(worker, SIGTERM);
	pause_ms(100);
	IS(stop_worker(worker, SIGTERM), 0);
	IS(find(&site, id).state, TICKET_QUEUED);
	IS(find(&site, id).faults, 0);
	worker = start_worker(&site);
	IS(await(&site, id).state, TICKET_GRADED);
	IS(stop_worker(worker, SIGTERM), 0);
	site_close(&site);
}

/* As if the lease of a worker that was killed had run out. */
static void end_leases(struct site *site)
{
	IS(site_sql(site, "UPDATE ticket SET boot_ms = 0 WHERE state = 'claimed'"), 0);
}

/*
 * Worker and grading are killed at random moments; then another worker ends what is left. Each ticket has one
 * set of scores, and they are those of an undisturbed run.
 */
static void whatever_is_killed_each_ticket_has_its_scores_once(void)
{
	struct site site;
	const char *wanted;
	unsigned int seed = (unsigned int)getpid();
	int64_t ids[KILL_ROUNDS];
	int64_t undisturbed;
	pid_t worker;

	if (!begin(&site))
		return;
	IS(policy_set(site.ledger, "", "replace", "no", &site.err), 0);
	undisturbed = push_commit(&site, "hello-api");
	worker = start_worker(&site);
	IS(await(&site, undisturbed).state, TICKET_GRADED);
	IS(scores_of(&site, undisturbed, &wanted), 1);
	IS(stop_worker(worker, SIGTERM), 0);
	printf("# seed %u\n", seed);
	for (int i = 0; i < KILL_ROUNDS; i++) {
		bool kills_worker = i % 2 == 0;
		int after_ms = rand_r(&seed) % 1500;
		pid_t child;

		ids[i] = push_commit(&site, "hello-api");
		worker = start_worker(&site);
		pause_ms(after_ms);
		child = kills_worker ? 0 : child_of(worker);
		if (child > 0)
			(void)kill(child, SIGKILL);
		if (kills_worker)
			(void)stop_worker(worker, SIGKILL);
		else
			(void)stop_worker(worker, SIGTERM);
		end_leases(&site);
	}
	worker = start_worker(&site);
	for (int i = 0; i < KILL_ROUNDS; i++) {
		const char *cards;

		IS(await(&site, ids[i]).state, TICKET_GRADED);
		IS(find(&site, ids[i]).faults, 0);
		IS(scores_of(&site, ids[i], &cards), 1);
		IS_TEXT(cards, wanted);
	}
	IS(stop_worker(worker, SIGTERM), 0);
	site_close(&site);
}

TAP_MAIN(T(a_push_is_graded_and_the_same_one_kept) T(what_is_the_learners_is_told_and_no_fault)
		 T(what_is_ours_is_tried_twice_and_then_shown)
			 T(a_worker_that_is_asked_to_end_ends_what_it_has)
				 T(whatever_is_killed_each_ticket_has_its_scores_once))
