/* SPDX-License-Identifier: MIT */
/* ready, stop, restart of services in boxes, and requests under way meanwhile. */
#include "tests/live/http/road.h"

/* What the service does with SIGTERM: ON_TERM is a statement. */
#define TERMED(ON_TERM, ANSWER)                                                                    \
	"import signal, os, sys, time\n"                                                           \
	"def on_term(*a):\n    " ON_TERM "\n"                                                      \
	"signal.signal(signal.SIGTERM, on_term)\n" SERVICE(ANSWER)

struct row {
	const char *program;
	const char *steps;
	enum verdict verdict;
	const char *told;
};

#define STOP "[{\"stop\": \"2s\"}]"

/* It ends when the last connection is closed, as many a server does. */
#define PATIENT                                                                                    \
	"import os, signal, threading, time\n"                                                     \
	"from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer\n"                    \
	"class H(BaseHTTPRequestHandler):\n"                                                       \
	"    protocol_version = 'HTTP/1.1'\n"                                                      \
	"    def do_GET(h):\n"                                                                     \
	"        if h.path == '/slow': time.sleep(0.4)\n"                                          \
	"        h.send_response(200)\n"                                                           \
	"        h.send_header('Content-Length', '0')\n"                                           \
	"        h.end_headers()\n"                                                                \
	"    def log_message(self, *a): pass\n"                                                    \
	"class S(ThreadingHTTPServer): daemon_threads = False\n"                                   \
	"s = S(('127.0.0.1', int(os.environ['PORT'])), H)\n"                                       \
	"signal.signal(signal.SIGTERM, lambda *a: threading.Thread(target=s.shutdown).start())\n"  \
	"s.serve_forever()\n"                                                                      \
	"s.server_close()\n"

static const struct row rows[] = {
	{SERVICE("        h.reply()"), STOP, VERDICT_PASS, ""},
	{TERMED("os._exit(0)", "        h.reply()"), STOP, VERDICT_PASS, ""},
	{TERMED("os._exit(143)", "        h.reply()"), STOP, VERDICT_PASS, ""},
	{TERMED("os._exit(1)", "        h.reply()"), STOP, VERDICT_FAIL,
	 "SIGTERM to the process that milepost.yaml starts\n  exit | status 0 or 143, or an end by SIGTERM | exit status 1\n"},
	{TERMED("pass", "        h.reply()"), "[{\"stop\": \"500ms\"}]", VERDICT_FAIL,
	 "SIGTERM to the process that milepost.yaml starts\n  exit | an end within 500 ms of SIGTERM | still running: it had to be killed\n"
	 "  say Handle SIGTERM: stop accepting requests, finish those under way, then exit.\n"},
	{TERMED("os._exit(7)", "        h.reply()"),
	 "[{\"stop\": \"2s\", \"expect\": {\"exit\": 7}}]", VERDICT_PASS, ""},
	{TERMED("os._exit(0)", "        h.reply()"),
	 "[{\"stop\": \"2s\", \"expect\": {\"exit\": 7}}]", VERDICT_FAIL,
	 "SIGTERM to the process that milepost.yaml starts\n  exit | 7 | exit status 0\n"},
	/* a request under way */
	{TERMED("time.sleep(0.7); os._exit(0)", "        time.sleep(0.4); h.reply(body={'a': 1})"),
	 "[{\"stop\": \"2s\", \"while\": {\"get\": \"/slow\", \"expect\": {\"json\": {\"a\": 1}}}}]",
	 VERDICT_PASS, ""},
	{TERMED("os._exit(0)", "        time.sleep(0.4); h.reply(body={'a': 1})"),
	 "[{\"stop\": \"2s\", \"while\": {\"get\": \"/slow\", \"expect\": {\"json\": {\"a\": 1}}}}]",
	 VERDICT_FAIL,
	 "GET /slow\n  answer | an answer | the service ended with status 0 while it was asked\n"},
	/* one that waits for its connections: ours are closed behind their answers */
	{PATIENT, "[{\"get\": \"/\"}, {\"stop\": \"2s\", \"while\": {\"get\": \"/slow\"}}]",
	 VERDICT_PASS, ""},
	/* restarts */
	{SERVICE("        n = len(os.listdir('.')); open('seen', 'w').close(); h.reply(body={'n': n})"),
	 "[{\"get\": \"/\", \"save\": {\"n\": \"json.n\"}}, {\"restart\": \"kill\"},"
	 " {\"get\": \"/\", \"expect\": {\"status\": 200, \"json\": {\"n\": {\"$above\": \"$(n)\"}}}},"
	 " {\"restart\": \"term\"}, {\"get\": \"/\", \"expect\": {\"status\": 200}}]",
	 VERDICT_PASS, ""},
	{SERVICE("        H.n = getattr(H, 'n', 0) + 1; h.reply(body={'n': H.n})"),
	 "[{\"get\": \"/\"}, {\"restart\": \"kill\"}, {\"get\": \"/\", \"expect\": {\"json\": {\"n\": 2}}}]",
	 VERDICT_FAIL, "GET /\n  json.n | 2 | 1\n"},
	/* ready */
	{SERVICE("        h.reply()"),
	 "[{\"ready\": \"health\"}, {\"get\": \"/\", \"expect\": {\"status\": 200}}]", VERDICT_PASS,
	 ""},
	{"import time\ntime.sleep(1)\n" SERVICE("        h.reply()"),
	 "[{\"ready\": \"health\", \"expect\": {\"within\": \"500ms\"}}]", VERDICT_FAIL,
	 "start, until health holds\n  within | at most 500ms | not in that time\n"},
	{"raise SystemExit(3)\n", "[{\"ready\": \"health\"}, {\"get\": \"/\"}]", VERDICT_FAIL, ""},
};

static void every_end_is_judged_as_the_table_says(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct desk desk;
		struct outcome outcome;

		if (desk_of(&desk, rows[i].program, 7)) {
			outcome = road_ask(&desk, rows[i].steps, NULL);
			IS(outcome.verdict, rows[i].verdict);
			IS_TEXT(road_told(&desk, &outcome), rows[i].told);
		}
		ROW("%zu: %s", i, rows[i].steps);
		desk_done(&desk);
	}
}

static void a_check_after_a_stop_or_a_crash_gets_a_fresh_start(void)
{
	struct outcome outcome;
	struct desk desk;

	if (desk_of(&desk, SERVICE("        if h.path == '/crash': os._exit(1)\n        h.reply()"),
		    7)) {
		IS(road_ask(&desk, STOP, NULL).verdict, VERDICT_PASS);
		IS(road_ask(&desk, "[{\"get\": \"/\", \"expect\": {\"status\": 200}}]", NULL)
			   .verdict,
		   VERDICT_PASS);
		outcome = road_ask(
			&desk,
			"[{\"get\": \"/crash\", \"expect\": {\"status\": 200}}, {\"get\": \"/\"}]",
			NULL);
		IS(outcome.verdict, VERDICT_FAIL);
		IS(outcome.evidence_count, 1);
		IS(road_ask(&desk, "[{\"get\": \"/\", \"expect\": {\"status\": 200}}]", NULL)
			   .verdict,
		   VERDICT_PASS);
	}
	desk_done(&desk);
}

static const struct tap_test tests[] = {T(every_end_is_judged_as_the_table_says) T(
	a_check_after_a_stop_or_a_crash_gets_a_fresh_start)};

int main(void)
{
	return desk_main(tests, sizeof(tests) / sizeof(tests[0]));
}
