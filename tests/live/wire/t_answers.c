/* SPDX-License-Identifier: MIT */
/*
 * The wire against small servers that misbehave, each in one way. The box is played by this file:
 * its sockets are plain ones, its events come from a pipe.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/wire/wire.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"
#include "tests/helper/tap.h"

/* --- a box that is none -------------------------------------------------------------------- */

struct mp_box {
	int events[2];
};

int mp_box_connect(struct mp_box *box, int family, int *ret_fd, struct mp_error *err)
{
	(void)box;
	*ret_fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return *ret_fd < 0 ? mp_fail(err, MP_FAULT_HOST, -errno, "socket") : 0;
}

int mp_box_fd(const struct mp_box *box)
{
	return box->events[0];
}

int mp_box_next(struct mp_box *box, struct mp_event *ret_event, struct mp_error *err)
{
	(void)err;
	if (read(box->events[0], ret_event, sizeof(*ret_event)) != (ssize_t)sizeof(*ret_event))
		ret_event->kind = MP_EVENT_NONE;
	return 0;
}

const char *mp_end_word(enum mp_end end)
{
	return end == MP_END_MEMORY ? "memory" : "other";
}

/* --- servers ------------------------------------------------------------------------------- */

enum conduct {
	SAYS,	 /* the text, then closes */
	HANGS,	 /* the text, then waits */
	ENDLESS, /* the text, then the same block for ever */
	KEEPS,	 /* the text for each request on the connection */
	ECHOES,	 /* the request as body */
	ENDS,	 /* the text, then the whole server ends and the box says so */
	SLOWLY,	 /* one connection at a time, 5 ms each */
};

struct server {
	pid_t pid;
	int port;
	struct mp_box box;
	struct wire *wire;
	struct arena *arena;
};

static enum mp_end end_told = MP_END_EXITED;

static void tell_end(const struct server *server)
{
	struct mp_event event = {.kind = MP_EVENT_ENDED,
				 .result = {.end = end_told, .exit_code = 3}};

	(void)!write(server->box.events[1], &event, sizeof(event));
}

static size_t read_request(int fd, char *into, size_t size)
{
	size_t used = 0;
	ssize_t got;

	while (used < size - 1 && (got = read(fd, into + used, size - 1 - used)) > 0) {
		used += (size_t)got;
		into[used] = '\0';
		if (strstr(into, "\r\n\r\n"))
			break;
	}
	return used;
}

static void serve(int fd, enum conduct conduct, const char *text, size_t count,
		  const struct server *server)
{
	static char request[8192];
	static char block[4096];
	size_t length;

	do {
		length = read_request(fd, request, sizeof(request));
		if (length == 0)
			return;
		if (conduct == ECHOES) {
			dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", length,
				request);
			return;
		}
		(void)!write(fd, text, count);
	} while (conduct == KEEPS);
	if (conduct == HANGS)
		sleep(30);
	if (conduct == SLOWLY)
		usleep(5000);
	memset(block, 'x', sizeof(block));
	while (conduct == ENDLESS && write(fd, block, sizeof(block)) > 0)
		continue;
	if (conduct == ENDS) {
		close(fd);
		usleep(30000);
		tell_end(server);
		_exit(0);
	}
}

static int listen_on(int family, int queue, int *ret_port)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in four = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr *address =
		family == AF_INET6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
	socklen_t size = family == AF_INET6 ? sizeof(six) : sizeof(four);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, address, size) < 0 || listen(fd, queue) < 0 ||
	    getsockname(fd, address, &size) < 0)
		return -1;
	*ret_port = ntohs(family == AF_INET6 ? six.sin6_port : four.sin_port);
	return fd;
}

static void start_in(struct server *server, int family, int queue, enum conduct conduct,
		     const char *text, size_t count)
{
	int fd;

	*server = (struct server){.arena = arena_new()};
	OK(pipe2(server->box.events, O_CLOEXEC | O_NONBLOCK) == 0);
	fd = listen_on(family, queue, &server->port);
	OK(fd >= 0);
	(void)signal(SIGPIPE, SIG_IGN);
	server->pid = fork();
	if (server->pid == 0) {
		for (;;) {
			int client = accept(fd, NULL, NULL);

			if (conduct != SLOWLY && fork() > 0 && conduct != ENDS) {
				close(client);
				continue;
			}
			serve(client, conduct, text, count, server);
			close(client);
			if (conduct != SLOWLY)
				_exit(0);
		}
	}
	close(fd);
	IS(wire_open(&server->wire, NULL), 0);
	wire_attach(server->wire, &server->box, server->port);
	wire_set_family(server->wire, family);
}

static void start(struct server *server, enum conduct conduct, const char *text)
{
	start_in(server, AF_INET, 16, conduct, text, strlen(text));
}

static void stop(struct server *server)
{
	server->wire = wire_close(server->wire);
	kill(server->pid, SIGKILL);
	(void)waitpid(server->pid, NULL, 0);
	close(server->box.events[0]);
	close(server->box.events[1]);
	arena_free(server->arena);
}

static struct wire_answer ask(struct server *server, const struct wire_request *request)
{
	struct wire_answer answer = {0};
	struct mp_error err = {0};

	if (!OK(wire_send(server->wire, request, 1, &answer, server->arena, &err) == 0))
		printf("# %s\n", err.text);
	return answer;
}

static struct wire_answer get(struct server *server, const char *url)
{
	return ask(server, &(struct wire_request){.method = "GET", .url = url, .timeout_ms = 400});
}

/* --- tests --------------------------------------------------------------------------------- */

#define OK_HEAD "HTTP/1.1 200 OK\r\n"

static void each_misconduct_has_its_sentence(void)
{
	static const struct {
		enum conduct conduct;
		const char *text;
		enum wire_problem problem;
		const char *words;
	} rows[] = {
		{SAYS, "hello there\n", WIRE_GARBAGE, "what came back is not HTTP"},
		{SAYS, "HTTP/1.1 banana\r\n\r\n", WIRE_GARBAGE, NULL},
		{SAYS, "", WIRE_CLOSED, "the connection was closed without an answer"},
		{SAYS, OK_HEAD "Content-Ty", WIRE_CLOSED, "in the middle of the headers"},
		{SAYS, OK_HEAD "Content-Length: 10\r\n\r\nabc", WIRE_CLOSED,
		 "after 3 of the 10 bytes"},
		{SAYS, OK_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\nabc", WIRE_CLOSED,
		 "in the middle of the body"},
		{SAYS, OK_HEAD "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc", WIRE_GARBAGE,
		 "chunks are wrong"},
		{SAYS, OK_HEAD "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
		 WIRE_GARBAGE, "the body is not what its Content-Encoding header says"},
		{SAYS, OK_HEAD "Content-Encoding: br\r\nContent-Length: 5\r\n\r\nhello",
		 WIRE_GARBAGE, "Content-Encoding names an encoding that was not asked for"},
		{SAYS, OK_HEAD "Content-Length: 5\r\nContent-Length: 2\r\n\r\nhello", WIRE_GARBAGE,
		 "Content-Length is there twice, with two different sizes"},
		{SAYS, OK_HEAD "Content-Length: 2\r\nContent-Length: 5\r\n\r\nhe", WIRE_GARBAGE,
		 "Content-Length is there twice, with two different sizes"},
		{SAYS, OK_HEAD "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", WIRE_OK,
		 NULL},
		{SAYS, OK_HEAD "Content-Length: 99999999999999999999\r\n\r\nhello", WIRE_GARBAGE,
		 "Content-Length is no size"},
		{HANGS, "", WIRE_TIMEOUT, "no answer within 400 ms"},
		{HANGS, OK_HEAD "Content-Ty", WIRE_TIMEOUT,
		 "its headers were not whole within 400 ms"},
		{HANGS, OK_HEAD "Content-Length: 10\r\n\r\nabc", WIRE_TIMEOUT,
		 "its body was not whole"},
		{ENDLESS, OK_HEAD "\r\n", WIRE_TOO_LARGE, "the body is larger than 4096 KiB"},
		{ENDLESS, OK_HEAD "Long: ", WIRE_TOO_LARGE,
		 "a line of the headers is longer than 100 KiB"},
		{ENDS, "", WIRE_ENDED, "the service ended with status 3 while it was asked"},
		{ENDS, OK_HEAD "Content-Ty", WIRE_ENDED,
		 "the service ended with status 3 while it was asked"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct server server;
		struct wire_answer answer;

		start(&server, rows[i].conduct, rows[i].text);
		answer = get(&server, "/");
		IS(answer.problem, rows[i].problem);
		if (rows[i].words)
			HAS_TEXT(answer.problem_text, rows[i].words);
		ROW("%zu: %s", i, rows[i].text);
		stop(&server);
	}
}

static void a_whole_answer_comes_with_its_parts(void)
{
	struct server server;
	struct wire_answer answer;

	start(&server, SAYS,
	      "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 418 I'm a teapot\r\nSet-Cookie: a=1\r\n"
	      "Set-Cookie: b=2\r\nContent-Length: 3\r\n\r\nabc");
	answer = get(&server, "/");
	IS(answer.problem, WIRE_OK);
	IS(answer.status, 418);
	IS_TEXT(answer.reason, "I'm a teapot");
	IS(answer.header_count, 3);
	IS_TEXT(answer.headers[0].name, "Set-Cookie");
	IS_TEXT(answer.headers[1].value, "b=2");
	IS_TEXT(answer.body, "abc");
	IS(answer.body_bytes, 3);
	OK(!answer.was_led);
	stop(&server);
}

static void many_headers_are_bounded(void)
{
	static char text[400 << 10];
	struct server server;
	struct wire_answer answer;
	size_t used = (size_t)snprintf(text, sizeof(text), OK_HEAD);

	while (used < sizeof(text) - 100)
		used += (size_t)snprintf(text + used, 100, "X-Line: %060d\r\n", 1);
	start(&server, SAYS, text);
	answer = get(&server, "/");
	IS(answer.problem, WIRE_TOO_LARGE);
	HAS_TEXT(answer.problem_text, "the headers are larger than 256 KiB");
	stop(&server);
}

/*
 * 32 MiB of zero bytes, as `gzip -9` writes them twice: made by python3 to keep this file
 * readable.
 */
static void a_gzip_bomb_stops_at_the_bound(void)
{
	static const char make[] =
		"import gzip,sys; b=gzip.compress(bytes(32<<20)); "
		"sys.stdout.buffer.write(b'HTTP/1.1 200 OK\\r\\nContent-Encoding: gzip\\r\\n'"
		"b'Content-Length: %d\\r\\n\\r\\n' % len(b) + b)";
	static char text[64 << 10];
	struct server server;
	struct wire_answer answer;
	size_t used = 0;
	ssize_t got;
	int pipes[2];

	if (access("/usr/bin/python3", X_OK) < 0)
		SKIP_TEST("python3 makes the bomb");
	OK(pipe(pipes) == 0);
	if (fork() == 0) {
		(void)dup2(pipes[1], 1);
		execl("/usr/bin/python3", "python3", "-c", make, (char *)NULL);
		_exit(127);
	}
	close(pipes[1]);
	while ((got = read(pipes[0], text + used, sizeof(text) - used)) > 0)
		used += (size_t)got;
	close(pipes[0]);
	(void)wait(NULL);
	OK(used > 1000);
	start_in(&server, AF_INET, 16, SAYS, text, used);
	answer = get(&server, "/");
	IS(answer.problem, WIRE_TOO_LARGE);
	HAS_TEXT(answer.problem_text, "decompressed");
	OK(answer.body_bytes <= WIRE_BODY_MAX);
	stop(&server);
}

static void the_request_is_sent_as_it_was_written(void)
{
	static const char *const headers[] = {"X-One: 1",
					      "X-Empty:", "Origin: http://other.example", NULL};
	struct server server;
	struct wire_answer answer;
	char host[64];

	start(&server, ECHOES, "");
	wire_set_seed(server.wire, 1);
	answer = ask(&server, &(struct wire_request){.method = "POST",
						     .url = "/a/../b?x=%7B",
						     .headers = headers,
						     .body = "a\0b",
						     .body_bytes = 3,
						     .timeout_ms = 1000});
	(void)snprintf(host, sizeof(host), "Host: 127.0.0.1:%d\r\n", server.port);
	HAS_TEXT(answer.body, "POST /a/../b?x=%7B HTTP/1.1\r\n");
	HAS_TEXT(answer.body, host);
	HAS_TEXT(answer.body, "X-One: 1\r\n");
	HAS_TEXT(answer.body, "X-Empty:\r\n");
	HAS_TEXT(answer.body, "Content-Length: 3\r\n");
	HAS_TEXT(answer.body, "User-Agent: Mozilla/5.0 (");
	OK(!strstr(answer.body, "Content-Type"));
	OK(!strstr(answer.body, "Expect"));
	answer = ask(&server,
		     &(struct wire_request){.method = "POST", .url = "/", .timeout_ms = 1000});
	HAS_TEXT(answer.body, "Content-Length: 0\r\n");
	answer = ask(&server,
		     &(struct wire_request){.method = "DELETE", .url = "/", .timeout_ms = 1000});
	HAS_TEXT(answer.body, "DELETE / HTTP/1.1\r\n");
	OK(!strstr(answer.body, "Content-Length"));
	stop(&server);
}

static void a_whole_url_is_led_into_the_box(void)
{
	static const struct {
		const char *url; /* %d: the port of the service */
		bool was_led;
		const char *line;
	} rows[] = {
		{"http://127.0.0.1:%d/a?b=1", false, "GET /a?b=1 HTTP"},
		{"http://localhost:%d/a", false, "GET /a HTTP"},
		{"http://localhost:5000/a", true, "GET /a HTTP"},
		{"https://shop.example/a/b#c", true, "GET /a/b HTTP"},
		{"http://user:secret@10.0.0.1/", true, "GET / HTTP"},
	};
	struct server server;
	struct wire_answer answer;
	char url[128];

	start(&server, ECHOES, "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_Pragma("GCC diagnostic push")
			_Pragma("GCC diagnostic ignored \"-Wformat-nonliteral\"")
				_Pragma("GCC diagnostic ignored \"-Wformat-extra-args\"")(void)
					snprintf(url, sizeof(url), rows[i].url, server.port);
		_Pragma("GCC diagnostic pop") answer = get(&server, url);
		IS(answer.was_led, rows[i].was_led);
		HAS_TEXT(answer.body, rows[i].line);
		OK(answer.body && !strstr(answer.body, "secret") &&
		   !strstr(answer.body, "Authorization"));
		ROW("%s", rows[i].url);
	}
	answer = get(&server, "http://[oops/");
	IS(answer.problem, WIRE_GARBAGE);
	HAS_TEXT(answer.problem_text, "no http URL");
	stop(&server);
}

static void the_other_loopback_is_asked_where_only_it_is_open(void)
{
	struct server server;
	struct wire_answer answer;

	start_in(&server, AF_INET6, 16, ECHOES, "", 0);
	if (server.port == 0)
		SKIP_TEST("no ::1 here");
	answer = get(&server, "/six");
	HAS_TEXT(answer.body, "GET /six HTTP");
	HAS_TEXT(answer.body, "Host: 127.0.0.1:");
	stop(&server);
}

static void nobody_there_is_refused(void)
{
	struct server server;
	struct wire_answer answer;

	start(&server, SAYS, "");
	kill(server.pid, SIGKILL);
	(void)waitpid(server.pid, NULL, 0);
	answer = get(&server, "/");
	IS(answer.problem, WIRE_REFUSED);
	HAS_TEXT(answer.problem_text, "nobody listens on port");
	stop(&server);
}

static void a_burst_reaches_a_server_with_a_short_queue(void)
{
	struct wire_request requests[20];
	struct wire_answer answers[20];
	struct server server;
	int64_t began_ms = clock_now_ms();
	int whole = 0;

	start_in(&server, AF_INET, 5, SLOWLY, OK_HEAD "Content-Length: 2\r\n\r\nok", 40);
	for (int i = 0; i < 20; i++)
		requests[i] =
			(struct wire_request){.method = "GET", .url = "/", .timeout_ms = 5000};
	IS(wire_send(server.wire, requests, 20, answers, server.arena, NULL), 0);
	for (int i = 0; i < 20; i++)
		whole += answers[i].problem == WIRE_OK && strcmp(answers[i].body, "ok") == 0;
	IS(whole, 20);
	OK(clock_now_ms() - began_ms < 3000);
	stop(&server);
}

static void a_burst_keeps_the_order_of_its_requests(void)
{
	static char urls[WIRE_BURST_MAX][32];
	static struct wire_request requests[WIRE_BURST_MAX];
	static struct wire_answer answers[WIRE_BURST_MAX];
	struct server server;
	int right = 0;

	start_in(&server, AF_INET, 128, ECHOES, "", 0);
	for (int i = 0; i < WIRE_BURST_MAX; i++) {
		(void)snprintf(urls[i], sizeof(urls[i]), "/number/%d", i);
		requests[i] =
			(struct wire_request){.method = "GET", .url = urls[i], .timeout_ms = 5000};
	}
	IS(wire_send(server.wire, requests, WIRE_BURST_MAX, answers, server.arena, NULL), 0);
	for (int i = 0; i < WIRE_BURST_MAX; i++) {
		char line[64];

		(void)snprintf(line, sizeof(line), "GET /number/%d HTTP", i);
		right += answers[i].body_bytes > 0 &&
			 strncmp(answers[i].body, line, strlen(line)) == 0;
	}
	IS(right, WIRE_BURST_MAX);
	stop(&server);
}

static void a_burst_at_a_dead_service_says_that_it_ended(void)
{
	struct wire_request requests[3];
	struct wire_answer answers[3];
	struct server server;

	start(&server, ENDS, "");
	for (int i = 0; i < 3; i++)
		requests[i] =
			(struct wire_request){.method = "GET", .url = "/", .timeout_ms = 2000};
	IS(wire_send(server.wire, requests, 3, answers, server.arena, NULL), 0);
	for (int i = 0; i < 3; i++)
		IS(answers[i].problem, WIRE_ENDED);
	stop(&server);
}

static void a_limit_that_ended_the_service_is_named(void)
{
	struct server server;

	end_told = MP_END_MEMORY;
	start(&server, ENDS, "");
	HAS_TEXT(get(&server, "/").problem_text,
		 "the service needed more memory than it may and was ended");
	stop(&server);
	end_told = MP_END_EXITED;
}

static void connections_are_used_again_until_hung_up(void)
{
	struct server server;

	start(&server, KEEPS, OK_HEAD "Content-Length: 2\r\n\r\nok");
	for (int i = 0; i < 50; i++)
		IS(get(&server, "/").problem, WIRE_OK);
	wire_hang_up(server.wire);
	IS(get(&server, "/").problem, WIRE_OK);
	stop(&server);
}

static void a_request_can_be_begun_and_finished_while_events_come(void)
{
	struct server server;
	struct wire_answer answer;
	struct mp_event event;
	struct wire_request request = {.method = "GET", .url = "/slow", .timeout_ms = 2000};

	start(&server, ECHOES, "");
	IS(wire_begin(server.wire, &request, NULL), 0);
	tell_end(&server);
	IS(wire_poll(server.wire, 1000, &event, NULL), 0);
	IS(event.kind, MP_EVENT_ENDED);
	IS(event.result.exit_code, 3);
	wire_attach(server.wire, NULL, 0);
	IS(wire_finish(server.wire, &answer, server.arena, NULL), 0);
	IS(answer.problem, WIRE_OK);
	HAS_TEXT(answer.body, "GET /slow");
	stop(&server);
}

static void an_event_that_comes_during_a_request_is_kept(void)
{
	struct server server;
	struct mp_event event = {.kind = MP_EVENT_LISTENING,
				 .listener = {.family = AF_INET, .port = 5000}};

	start(&server, KEEPS, OK_HEAD "Content-Length: 2\r\n\r\nok");
	(void)!write(server.box.events[1], &event, sizeof(event));
	IS(get(&server, "/").problem, WIRE_OK);
	event.kind = MP_EVENT_NONE;
	IS(wire_poll(server.wire, 0, &event, NULL), 0);
	IS(event.kind, MP_EVENT_LISTENING);
	IS(event.listener.port, 5000);
	IS(wire_poll(server.wire, 10, &event, NULL), 0);
	IS(event.kind, MP_EVENT_NONE);
	stop(&server);
}

/* clang-format off */
TAP_MAIN(
	T(each_misconduct_has_its_sentence)
	T(a_whole_answer_comes_with_its_parts)
	T(many_headers_are_bounded)
	T(a_gzip_bomb_stops_at_the_bound)
	T(the_request_is_sent_as_it_was_written)
	T(a_whole_url_is_led_into_the_box)
	T(the_other_loopback_is_asked_where_only_it_is_open)
	T(nobody_there_is_refused)
	T(a_burst_reaches_a_server_with_a_short_queue)
	T(a_burst_keeps_the_order_of_its_requests)
	T(a_burst_at_a_dead_service_says_that_it_ended)
	T(a_limit_that_ended_the_service_is_named)
	T(connections_are_used_again_until_hung_up)
	T(a_request_can_be_begun_and_finished_while_events_come)
	T(an_event_that_comes_during_a_request_is_kept)
)
