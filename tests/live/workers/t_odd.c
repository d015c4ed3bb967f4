/* SPDX-License-Identifier: MIT */
/* A worker whose gradings are scripts: what it makes of odd, broken and stubborn ones. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "grader/workers/workers.h"
#include "sandbox/base/text.h"
#include "tests/unit/ledger/site.h"

#define RESULT(EXERCISE)                                                                           \
	"echo '{\"kind\":\"result\",\"lines\":[],\"exercise\":\"" EXERCISE "\",\"version\":1,"     \
	"\"hash\":\"ab\",\"key\":\"cd\",\"seed\":\"7\",\"score\":80,\"counted\":59,\"points\":20," \
	"\"status\":\"needs-work\",\"milestone\":5,\"card\":\"{}\",\"run\":\"{}\",\"page\":\"p\"," \
	"\"page_of_instructor\":\"q\",\"card_of_instructor\":\"k\"}' >&3\n"
#define ENDED(STATUS)                                                                              \
	"echo '{\"kind\":\"ended\",\"lines\":[\"the end\"],\"status\":" STATUS                     \
	"}' >&3\nexit " STATUS "\n"

enum { WAIT_MS = 30000 };

static void pause_ms(int64_t ms)
{
	const struct timespec span = {ms / 1000, ms % 1000 * 1000000};

	(void)nanosleep(&span, NULL);
}

/*
 * A worker as a process of ours. It is forked before a ledger is open here, because a ledger must not be taken
 * into a child; what it is to work on is told by TELL_FD.
 */
struct odd {
	struct site site;
	pid_t worker;
	int64_t ticket;
};

static void be_worker(int from_fd)
{
	static char data[256];
	static char program[300];
	struct workers_options options = {
		.data = data, .program = program, .name = "odd", .jobs = 1};
	struct mp_error err = {0};
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (read(from_fd, data, sizeof(data) - 1) <= 0)
		_exit(1);
	(void)snprintf(program, sizeof(program), "%s/grading", data);
	(void)dup2(null, 2);
	_exit(workers_run(&options, &err) < 0);
}

static void write_script(struct site *site, const char *script)
{
	FILE *file = fopen(site_path(site, "grading"), "we");

	if (!OK(file != NULL))
		return;
	(void)fprintf(file, "#!/bin/bash\n%s", script);
	(void)fclose(file);
	IS(chmod(site_path(site, "grading"), 0755), 0);
}

static void odd_begin(struct odd *odd, const char *script)
{
	int ends[2] = {-1, -1};
	struct receipt receipt;

	IS(pipe2(ends, O_CLOEXEC), 0);
	odd->worker = fork();
	if (odd->worker == 0) {
		(void)close(ends[1]);
		be_worker(ends[0]);
	}
	(void)close(ends[0]);
	site_open(&odd->site);
	IS(mkdir(site_path(&odd->site, "repositories"), 0700), 0);
	IS(mkdir(site_path(&odd->site, "repositories/asha.git"), 0700), 0);
	write_script(&odd->site, script);
	receipt = receipt_of(&odd->site, add_learner(&odd->site, "asha"), 1);
	IS(ticket_receive(odd->site.ledger, &receipt, &odd->ticket, &odd->site.err), 0);
	IS(ticket_queue(odd->site.ledger, odd->ticket, &odd->site.err), 0);
	OK(write(ends[1], odd->site.data, strlen(odd->site.data)) > 0);
	(void)close(ends[1]);
}

static void odd_end(struct odd *odd)
{
	int status = -1;

	(void)kill(odd->worker, SIGTERM);
	IS(waitpid(odd->worker, &status, 0), odd->worker);
	IS(status, 0);
	site_close(&odd->site);
}

static struct ticket odd_await(struct odd *odd)
{
	struct ticket ticket = find(&odd->site, odd->ticket);

	for (int64_t waited = 0;
	     waited < WAIT_MS && (ticket.state == TICKET_QUEUED || ticket.state == TICKET_CLAIMED);
	     waited += 20) {
		pause_ms(20);
		IS(ticket_find(odd->site.ledger, odd->ticket, odd->site.arena, &ticket,
			       &odd->site.err),
		   0);
	}
	return ticket;
}

static int score_count(struct odd *odd)
{
	struct score *scores = NULL;
	size_t count = 0;

	IS(score_list(odd->site.ledger, 1, SCORE_ALL, odd->site.arena, &scores, &count,
		      &odd->site.err),
	   0);
	return (int)count;
}

static const struct odd_case {
	const char *what, *script;
	enum ticket_state state;
	int scores;
	const char *reason; /* a part of it; "": none */
} cases[] = {
	{"graded", RESULT("hello-api") ENDED("1"), TICKET_GRADED, 1, ""},
	{"nothing to grade", ENDED("1"), TICKET_GRADED, 0, ""},
	{"a repository that cannot be read", ENDED("2"), TICKET_GRADED, 0, ""},
	{"no end was told", RESULT("hello-api") "exit 0\n", TICKET_FAILED, 0,
	 "ended with status 0"},
	{"another end was told",
	 RESULT("hello-api") "echo '{\"kind\":\"ended\",\"lines\":[],"
			     "\"status\":0}' >&3; exit 70\n",
	 TICKET_FAILED, 0, "ended with status 70"},
	{"a bug, with its words", "echo 'milepost: it broke' >&2; exit 70\n", TICKET_FAILED, 0,
	 "status 70: milepost: it broke"},
	{"a broken exercise", RESULT("hello-api") ENDED("3"), TICKET_FAILED, 0, "status 3"},
	{"nothing could be graded here", ENDED("4"), TICKET_FAILED, 0, "status 4"},
	{"one could not be graded here, the other could", RESULT("hello-api") ENDED("4"),
	 TICKET_GRADED, 1, ""},
	{"killed from outside, each time", RESULT("hello-api") "kill -9 $$\n", TICKET_FAILED, 0,
	 "SIGKILL"},
	{"killed from outside, five times",
	 "echo >> ../times\n[ $(wc -l < ../times) -gt 5 ] || kill -9 $$\n" RESULT("hello-api")
		 ENDED("1"),
	 TICKET_GRADED, 1, ""},
	{"a crash of ours, twice",
	 "echo >> ../times\n[ $(wc -l < ../times) -gt 2 ] || kill -SEGV $$\n" RESULT("hello-api")
		 ENDED("1"),
	 TICKET_FAILED, 0, "SIGSEGV"},
	{"no JSON", "echo nonsense >&3; sleep 30\n", TICKET_FAILED, 0, "no JSON object"},
	{"a line without end", "yes | tr -d '\\n' >&3\n", TICKET_FAILED, 0, "8 MiB"},
	{"the same result twice", RESULT("hello-api") RESULT("hello-api") ENDED("0"), TICKET_FAILED,
	 0, "a result too many"},
	{"a second end", "echo '{\"kind\":\"ended\",\"lines\":[],\"status\":0}' >&3\n" ENDED("0"),
	 TICKET_FAILED, 0, "after the end"},
	{"much standard error", "yes 2>&1 | head -c 9000000 >&2\n" ENDED("1"), TICKET_GRADED, 0,
	 ""},
	{"the descriptors",
	 "[ \"$(wc -c < /dev/fd/4)\" = 32 ] && [ -r /dev/fd/5 ] || exit 70\n"
	 "[ \"$1 $3 $4\" = 'grade --trust foreign' ] || exit 70\n"
	 "case $2 in asha.git@*) ;; *) exit 70 ;; esac\n" ENDED("1"),
	 TICKET_GRADED, 0, ""},
	{"no descriptor of the ledger",
	 "ls -l /proc/$$/fd | grep -Eq 'ledger[.]db|inotify|signalfd' && exit 70\n" ENDED("1"),
	 TICKET_GRADED, 0, ""},
};

static void each_end_has_its_meaning(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct odd odd;
		struct ticket ticket;

		odd_begin(&odd, cases[i].script);
		ticket = odd_await(&odd);
		IS(ticket.state, cases[i].state);
		IS(score_count(&odd), cases[i].scores);
		if (cases[i].state == TICKET_FAILED)
			HAS_TEXT(ticket.reason, cases[i].reason);
		ROW("%s: %s", cases[i].what, ticket.reason);
		odd_end(&odd);
	}
}

/* Whoever waits for the push reads whose fault it is, once; then comes the end. */
static void a_fault_is_told_in_the_push(void)
{
	struct odd odd;
	struct event *events = NULL;
	size_t count = 0;
	mp_autotext struct text told = {0};

	odd_begin(&odd, "exit 70\n");
	IS(odd_await(&odd).state, TICKET_FAILED);
	IS(event_list(odd.site.ledger, odd.ticket, 0, odd.site.arena, &events, &count,
		      &odd.site.err),
	   0);
	for (size_t i = 0; i < count; i++)
		text_addf(&told, "%s %s\n", events[i].kind, events[i].body);
	HAS_TEXT(text_get(&told), "it is done once more");
	IS((intmax_t)count, 2);
	OK(count > 0 && strcmp(events[count - 1].kind, "ended") == 0);
	odd_end(&odd);
}

/* One that does not end when it is asked to is killed, and its ticket is given back. */
static void a_stubborn_grading_is_killed(void)
{
	struct odd odd;
	struct ticket ticket = {0};

	odd_begin(&odd, "trap '' TERM\nwhile true; do sleep 0.1; done\n");
	for (int i = 0; i < 500 && ticket.state != TICKET_CLAIMED; i++) {
		pause_ms(20);
		ticket = find(&odd.site, odd.ticket);
	}
	IS(ticket.state, TICKET_CLAIMED);
	(void)kill(odd.worker, SIGTERM);
	pause_ms(200);
	(void)kill(odd.worker, SIGTERM);
	{
		int status = -1;

		IS(waitpid(odd.worker, &status, 0), odd.worker);
		IS(status, 0);
	}
	ticket = find(&odd.site, odd.ticket);
	IS(ticket.state, TICKET_QUEUED);
	IS(ticket.faults, 0);
	site_close(&odd.site);
}

/* A ticket that was lost meanwhile: the grading is ended, and what it would have stored is not. */
static void a_lost_lease_ends_the_grading(void)
{
	struct odd odd;
	struct ticket ticket = {0};

	odd_begin(&odd, "trap 'exit 1' TERM\nfor i in {1..600}; do sleep 0.1; done\n");
	for (int i = 0; i < 500 && ticket.state != TICKET_CLAIMED; i++) {
		pause_ms(20);
		ticket = find(&odd.site, odd.ticket);
	}
	IS(site_sql(&odd.site, "UPDATE ticket SET worker = 'another' WHERE state = 'claimed'"), 0);
	/* It renews each ten seconds. */
	for (int i = 0; i < 750; i++) {
		char path[64];
		FILE *file;
		char bytes[64] = "";

		(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)odd.worker,
			       (int)odd.worker);
		file = fopen(path, "re");
		if (file) {
			(void)!fgets(bytes, sizeof(bytes), file);
			(void)fclose(file);
		}
		if (!bytes[0])
			break;
		pause_ms(20);
	}
	ticket = find(&odd.site, odd.ticket);
	IS(ticket.state, TICKET_CLAIMED);
	IS(ticket.faults, 0);
	IS(score_count(&odd), 0);
	odd_end(&odd);
}

TAP_MAIN(T(each_end_has_its_meaning) T(a_fault_is_told_in_the_push) T(a_stubborn_grading_is_killed)
		 T(a_lost_lease_ends_the_grading))
