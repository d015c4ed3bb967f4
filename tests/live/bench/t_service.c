/* SPDX-License-Identifier: MIT */
/* Services in boxes: each way of (not) becoming ready, restarts, ends, output, limits. */
#include "tests/live/bench/desk.h"

/* A server of the standard library; what it does differently stands in its options. */
#define SERVER                                                                                      \
	"import os, sys, signal, socket, threading, time\n"                                         \
	"from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer\n"         \
	"class H(BaseHTTPRequestHandler):\n"                                                        \
	"    def do_GET(self):\n"                                                                   \
	"        body = self.answer()\n"                                                            \
	"        self.send_response(200); self.send_header('Content-Length', str(len(body)))\n"     \
	"        self.end_headers(); self.wfile.write(body)\n"                                      \
	"    def answer(self): return self.path.encode()\n"                                         \
	"    def log_message(self, *a): pass\n"                                                     \
	"def serve(address='127.0.0.1', port=int(os.environ['PORT']), kind=ThreadingHTTPServer):\n" \
	"    if ':' in address: kind.address_family = socket.AF_INET6\n"                            \
	"    kind((address, port), H).serve_forever()\n"

static void a_service_becomes_ready_wherever_loopback_reaches_it(void)
{
	static const char *const programs[] = {
		SERVER "serve()\n",
		SERVER "serve('0.0.0.0')\n",
		SERVER "serve('::1')\n",
		SERVER "serve('::')\n",
		SERVER "time.sleep(0.3)\nserve()\n",
	};

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		struct desk desk;
		struct bench_start start;

		if (desk_of(&desk, programs[i], 7)) {
			desk.exercise.health.path = "/health";
			start = desk_start(&desk);
			if (!OK(start.is_ready))
				printf("# %s\n", start.outcome.message);
			IS_TEXT(desk_get(&desk, "/hello").body, "/hello");
			OK(start.after_ms < 5000);
		}
		ROW("%zu", i);
		desk_done(&desk);
	}
}

static void each_failed_start_is_told_apart(void)
{
	static const struct {
		const char *program;
		enum verdict verdict;
		const char *message, *said;
	} rows[] = {
		{SERVER "print('on :5000')\nserve(port=5000)\n", VERDICT_FAIL,
		 "your service runs, but on port 5000. It was told PORT=", "on :5000"},
		{SERVER "serve('127.0.0.9')\n", VERDICT_FAIL,
		 "at the address 127.0.0.9. It is asked at 127.0.0.1.", NULL},
		{SERVER "time.sleep(60)\n", VERDICT_FAIL, "opened no port within 3 s", NULL},
		{"print('so sad')\nraise SystemExit(3)\n", VERDICT_FAIL,
		 "your service ended with status 3 before it opened", "so sad"},
		{"import nowhere\n", VERDICT_FAIL, "ended with status 1 before",
		 "ModuleNotFoundError: No module named 'nowhere'"},
		{"import os\nos.kill(os.getpid(), 11)\n", VERDICT_FAIL, "was ended by SIGSEGV",
		 NULL},
		{SERVER "H.answer = lambda self: time.sleep(60)\nserve()\n", VERDICT_FAIL,
		 "does not answer GET /health: no whole answer came before the 3 s for starting were over",
		 NULL},
		{SERVER "H.do_GET = lambda self: self.send_error(404)\nserve()\n", VERDICT_FAIL,
		 "GET /health answers 404, not 200", NULL},
		{SERVER "H.do_GET = lambda self: os._exit(4)\nserve()\n", VERDICT_FAIL,
		 "your service ended with status 4 when it was asked for /health", NULL},
		{SERVER "H.do_GET = lambda self: self.wfile.write(b'hi')\nserve()\n", VERDICT_FAIL,
		 "is not HTTP", NULL},
		{"x = b'x' * (1 << 30)\n", VERDICT_LIMIT,
		 "needed more memory than the limit of 64 MiB", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct desk desk;
		struct bench_start start;

		if (rows[i].verdict == VERDICT_LIMIT && !desk_has_group())
			continue;
		if (desk_of(&desk, rows[i].program, 7)) {
			desk.exercise.limits.start_ms = 3000;
			desk.exercise.limits.memory_bytes = 64 << 20;
			desk.exercise.limits.disk_bytes = 16 << 20;
			desk.exercise.health.path = "/health";
			start = desk_start(&desk);
			OK(!start.is_ready);
			IS(start.outcome.verdict, rows[i].verdict);
			HAS_TEXT(start.outcome.message, rows[i].message);
			if (rows[i].said)
				HAS_TEXT(bench_said(desk.bench, 2000), rows[i].said);
		}
		ROW("%zu: %s", i, rows[i].message);
		desk_done(&desk);
	}
}

static void a_command_that_is_not_there_is_told(void)
{
	struct desk desk;
	struct bench_start start;

	desk_init(&desk);
	desk_write(&desk, "tree/exercises/x/milepost.yaml", "start: pyhton3 app.py\n", 0644);
	if (desk_open(&desk, 1)) {
		start = desk_start(&desk);
		HAS_TEXT(start.outcome.message, "ended with status 127");
		HAS_TEXT(start.outcome.advice, "there is no such program");
		HAS_TEXT(bench_said(desk.bench, 2000), "pyhton3: not found");
	}
	desk_done(&desk);
}

static void what_a_service_writes_beside_its_code_outlives_a_restart(void)
{
	static const char program[] =
		SERVER "H.answer = lambda self: (open('count', 'a').write('x'), "
		       "open('count').read().encode())[1]\nserve()\n";
	struct mp_box_result result;
	bool is_in_time;
	struct desk desk;

	if (desk_of(&desk, program, 7)) {
		OK(desk_start(&desk).is_ready);
		OK(desk_start(&desk).is_ready); /* it runs: nothing is done */
		IS_TEXT(desk_get(&desk, "/").body, "x");
		IS(bench_stop(desk.bench, SIGTERM, 3000, &result, &is_in_time, NULL), 0);
		OK(is_in_time);
		IS(result.end, MP_END_SIGNALED);
		IS(result.signal, SIGTERM);
		OK(desk_start(&desk).is_ready);
		IS_TEXT(desk_get(&desk, "/").body, "xx");
		IS(bench_stop(desk.bench, SIGKILL, 3000, &result, &is_in_time, NULL), 0);
		IS(result.signal, SIGKILL);
		OK(access(arena_format(desk.arena, "%s/tree/exercises/x/count", desk.folder),
			  F_OK) < 0);
	}
	desk_done(&desk);
}

static void a_service_that_ignores_sigterm_is_killed_in_the_end(void)
{
	struct mp_box_result result;
	bool is_in_time = true;
	struct desk desk;

	if (desk_of(&desk, SERVER "signal.signal(15, signal.SIG_IGN)\nserve()\n", 7)) {
		OK(desk_start(&desk).is_ready);
		IS(bench_stop(desk.bench, SIGTERM, 300, &result, &is_in_time, NULL), 0);
		OK(!is_in_time);
	}
	desk_done(&desk);
}

static void a_clean_end_is_seen_as_status_0(void)
{
	struct mp_box_result result;
	bool is_in_time = false;
	struct desk desk;

	if (desk_of(&desk, SERVER "signal.signal(15, lambda *a: os._exit(0))\nserve()\n", 7)) {
		OK(desk_start(&desk).is_ready);
		IS_TEXT(desk_get(&desk, "/a").body, "/a");
		IS(bench_stop(desk.bench, SIGTERM, 3000, &result, &is_in_time, NULL), 0);
		OK(is_in_time);
		IS(result.end, MP_END_EXITED);
		IS(result.exit_code, 0);
	}
	desk_done(&desk);
}

static void a_service_that_dies_when_asked_is_seen_and_started_again(void)
{
	static const char program[] = SERVER
		"H.answer = lambda self: os._exit(9) if self.path == '/die' else b'ok'\nserve()\n";
	struct mp_box_result result;
	struct wire_answer answer;
	bool has_ended = false;
	struct desk desk;

	if (desk_of(&desk, program, 7)) {
		OK(desk_start(&desk).is_ready);
		answer = desk_get(&desk, "/die");
		IS(answer.problem, WIRE_ENDED);
		HAS_TEXT(answer.problem_text, "the service ended with status 9 while it was asked");
		IS(bench_has_ended(desk.bench, &has_ended, &result, NULL), 0);
		OK(has_ended);
		IS(result.exit_code, 9);
		OK(desk_start(&desk).is_ready);
		IS_TEXT(desk_get(&desk, "/").body, "ok");
	}
	desk_done(&desk);
}

static void two_benches_use_one_port_at_once(void)
{
	struct desk first, second;

	if (desk_of(&first, SERVER "H.answer = lambda self: b'first'\nserve()\n", 7) &&
	    desk_of(&second, SERVER "H.answer = lambda self: b'second'\nserve()\n", 7)) {
		IS(bench_port(first.bench), bench_port(second.bench));
		OK(desk_start(&first).is_ready);
		OK(desk_start(&second).is_ready);
		IS_TEXT(desk_get(&first, "/").body, "first");
		IS_TEXT(desk_get(&second, "/").body, "second");
		IS_TEXT(desk_get(&first, "/").body, "first");
	}
	desk_done(&second);
	desk_done(&first);
}

static void ten_megabytes_of_log_during_a_burst_lose_nothing(void)
{
	static const char program[] = SERVER
		"H.answer = lambda self: (sys.stderr.write(('x' * 99 + '\\n') * 5243), self.path.encode())[1]\n"
		"serve()\n";
	struct wire_request requests[20];
	struct wire_answer answers[20];
	struct desk desk;
	int right = 0;

	if (desk_of(&desk, program, 7)) {
		OK(desk_start(&desk).is_ready);
		for (int i = 0; i < 20; i++)
			requests[i] =
				(struct wire_request){.method = "GET",
						      .url = arena_format(desk.arena, "/%d", i),
						      .timeout_ms = 20000};
		IS(wire_send(bench_wire(desk.bench), requests, 20, answers, desk.arena, NULL), 0);
		for (int i = 0; i < 20; i++)
			right += answers[i].body && strcmp(answers[i].body, requests[i].url) == 0;
		IS(right, 20);
		HAS_TEXT(bench_said(desk.bench, 500), "xxxxxxxx\nxxxxxxxx");
	}
	desk_done(&desk);
}

static void a_service_that_forks_for_ever_is_stopped_by_its_limit(void)
{
	struct bench_start start;
	struct desk desk;

	if (!desk_has_group())
		SKIP_TEST("no control group counts processes here");
	if (desk_of(&desk,
		    "import os, time\nwhile True:\n    try: os.fork()\n    except OSError: time.sleep(0.01)\n",
		    7)) {
		desk.exercise.limits.pids = 32;
		desk.exercise.limits.start_ms = 3000;
		start = desk_start(&desk);
		OK(!start.is_ready);
		if (!OK(start.outcome.verdict == VERDICT_LIMIT))
			printf("# %s\n", start.outcome.message);
	}
	desk_done(&desk);
}

static void a_build_is_made_once_and_its_failure_shown(void)
{
	struct outcome outcome;
	struct desk desk;

	desk_init(&desk);
	desk_write(&desk, "tree/exercises/x/milepost.yaml",
		   "build: echo built > made && ls\nrun: cat made\n", 0644);
	if (desk_open(&desk, 1)) {
		struct bench_run run;

		IS(bench_build(desk.bench, &outcome, NULL), 0);
		IS(outcome.verdict, VERDICT_PASS);
		IS(bench_run(desk.bench, &(struct bench_call){.stdin_fd = -1}, desk.arena, &run,
			     NULL),
		   0);
		IS_TEXT(run.stdout_bytes, "built\n");
	}
	desk_done(&desk);
	desk_init(&desk);
	desk_write(&desk, "tree/exercises/x/milepost.yaml",
		   "build: echo no such luck >&2; exit 2\nrun: a\n", 0644);
	if (desk_open(&desk, 1)) {
		IS(bench_build(desk.bench, &outcome, NULL), 0);
		IS(outcome.verdict, VERDICT_FAIL);
		HAS_TEXT(outcome.message, "the build ended with status 2");
		IS_TEXT(outcome.facts[1].value, "no such luck");
	}
	desk_done(&desk);
}

static void the_environment_is_as_it_was_promised(void)
{
	struct bench_run run;
	struct desk desk;

	desk_init(&desk);
	desk_write(&desk, "tree/exercises/x/milepost.yaml", "run: env\n", 0644);
	if (desk_open(&desk, 7)) {
		IS(bench_run(desk.bench, &(struct bench_call){.stdin_fd = -1}, desk.arena, &run,
			     NULL),
		   0);
		HAS_TEXT(run.stdout_bytes,
			 arena_format(desk.arena, "PORT=%d\n", bench_port(desk.bench)));
		HAS_TEXT(run.stdout_bytes, "HOST=127.0.0.1\n");
		HAS_TEXT(run.stdout_bytes,
			 arena_format(desk.arena, "BASE_URL=http://127.0.0.1:%d\n",
				      bench_port(desk.bench)));
		HAS_TEXT(run.stdout_bytes, "TZ=UTC\n");
		HAS_TEXT(run.stdout_bytes, "LANG=C.UTF-8\n");
		HAS_TEXT(run.stdout_bytes, "SECRET=");
		HAS_TEXT(run.stdout_bytes, "PWD=/road/exercises/x\n");
		OK(!strstr(strstr(run.stdout_bytes, "TZ=") + 1, "TZ="));
	}
	desk_done(&desk);
}

/* What a service writes has come to us a moment later: until then it would count for what is asked next. */
static bool has_said(struct desk *desk, const char *wanted)
{
	int64_t end_ms = clock_now_ms() + 10000;

	while (!strstr(bench_said(desk->bench, 2000), wanted)) {
		if (clock_now_ms() > end_ms)
			return false;
		(void)usleep(5000);
	}
	return true;
}

static void what_it_says_of_a_hidden_check_is_not_quoted(void)
{
	struct desk desk;
	struct mp_error err = {0};

	if (desk_of(&desk,
		    "import os, sys\n"
		    "from http.server import *\n"
		    "class H(BaseHTTPRequestHandler):\n"
		    "    def do_GET(self):\n"
		    "        print('stdout', self.path)\n"
		    "        self.send_response(200); self.send_header('Content-Length', '0'); "
		    "self.end_headers()\n"
		    "HTTPServer(('127.0.0.1', int(os.environ['PORT'])), H).serve_forever()\n",
		    7)) {
		OK(desk_start(&desk).is_ready);
		(void)desk_get(&desk, "/open");
		OK(has_said(&desk, "stdout /open"));
		OK(bench_hush(desk.bench, true, &err) == 0);
		(void)desk_get(&desk, "/secret");
		OK(bench_hush(desk.bench, false, &err) == 0);
		(void)desk_get(&desk, "/later");
		HAS_TEXT(bench_said(desk.bench, 2000), "stdout /open");
		OK(!strstr(bench_said(desk.bench, 2000), "/secret"));
	}
	desk_done(&desk);
}

static void the_runtime_is_named_with_its_version(void)
{
	struct desk desk;

	if (desk_of(&desk, SERVER "serve()\n", 7)) {
		OK(strncmp(bench_runtime(desk.bench), "python3.", 8) == 0);
		IS_TEXT(bench_runtime(desk.bench), bench_runtime(desk.bench));
	}
	desk_done(&desk);
	if (access("/usr/bin/node", X_OK) < 0)
		return;
	desk_init(&desk);
	desk_write(&desk, "tree/exercises/x/milepost.yaml", "start: node app.js\n", 0644);
	if (desk_open(&desk, 7)) {
		const char *runtime = bench_runtime(desk.bench);

		OK(strncmp(runtime, "node", 4) == 0 && runtime[4] >= '1' && runtime[4] <= '9');
	}
	desk_done(&desk);
}

int main(void)
{
	/* clang-format off */
	static const struct tap_test tests[] = {
		T(a_service_becomes_ready_wherever_loopback_reaches_it)
		T(each_failed_start_is_told_apart)
		T(a_command_that_is_not_there_is_told)
		T(what_a_service_writes_beside_its_code_outlives_a_restart)
		T(a_service_that_ignores_sigterm_is_killed_in_the_end)
		T(a_clean_end_is_seen_as_status_0)
		T(a_service_that_dies_when_asked_is_seen_and_started_again)
		T(two_benches_use_one_port_at_once)
		T(ten_megabytes_of_log_during_a_burst_lose_nothing)
		T(a_service_that_forks_for_ever_is_stopped_by_its_limit)
		T(a_build_is_made_once_and_its_failure_shown)
		T(the_environment_is_as_it_was_promised)
		T(what_it_says_of_a_hidden_check_is_not_quoted)
		T(the_runtime_is_named_with_its_version)
	};
	/* clang-format on */

	return desk_main(tests, sizeof(tests) / sizeof(tests[0]));
}
