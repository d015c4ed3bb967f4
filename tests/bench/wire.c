/* SPDX-License-Identifier: MIT */
/*
 * Requests to a service in a box beside the same requests to the same service without one, in
 * turns: one libcurl loop with 100 connections, whose sockets come from the box or from socket().
 * Prints both rates and the median of their ratios. Called by wire.sh; "serve PORT" is the
 * service.
 */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <milepost/box.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/clock.h"

enum { CONNECTIONS = 100, REQUESTS = 20000, TURNS = 7, PORT = 41873 };

/* --- the service --------------------------------------------------------------------------- */

static void answer(int fd)
{
	static const char text[] =
		"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";
	char request[4096];

	if (read(fd, request, sizeof(request)) <= 0 || write(fd, text, sizeof(text) - 1) < 0)
		close(fd);
}

static int serve(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int epoll = epoll_create1(0);
	struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
	int yes = 1;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listener, 256) < 0)
		return 1;
	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		struct epoll_event events[64];
		int count = epoll_wait(epoll, events, 64, -1);

		for (int i = 0; i < count; i++) {
			if (events[i].data.fd != listener) {
				answer(events[i].data.fd);
				continue;
			}
			event = (struct epoll_event){.events = EPOLLIN,
						     .data.fd = accept(listener, NULL, NULL)};
			(void)epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
		}
	}
}

/* --- the loop ------------------------------------------------------------------------------ */

static curl_socket_t open_socket(void *box, curlsocktype purpose, struct curl_sockaddr *address)
{
	int fd = -1;

	(void)purpose;
	if (!box)
		return socket(address->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return mp_box_connect(box, address->family, &fd, NULL) == 0 ? fd : CURL_SOCKET_BAD;
}

static size_t swallow(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)context;
	return size * count;
}

/* Requests a second. */
static double measure(struct mp_box *box)
{
	CURLM *multi = curl_multi_init();
	CURL *easies[CONNECTIONS];
	int sent = 0, done = 0, running;
	int64_t began_us = clock_now_us();

	for (; sent < CONNECTIONS; sent++) {
		easies[sent] = curl_easy_init();
		curl_easy_setopt(easies[sent], CURLOPT_URL, "http://127.0.0.1:41873/");
		curl_easy_setopt(easies[sent], CURLOPT_OPENSOCKETFUNCTION, open_socket);
		curl_easy_setopt(easies[sent], CURLOPT_OPENSOCKETDATA, box);
		curl_easy_setopt(easies[sent], CURLOPT_WRITEFUNCTION, swallow);
		curl_multi_add_handle(multi, easies[sent]);
	}
	while (done < REQUESTS) {
		CURLMsg *message;
		int left;

		curl_multi_perform(multi, &running);
		while ((message = curl_multi_info_read(multi, &left))) {
			CURL *easy = message->easy_handle;

			if (message->data.result != CURLE_OK)
				exit(3);
			done++;
			curl_multi_remove_handle(multi, easy);
			if (sent < REQUESTS) {
				curl_multi_add_handle(multi, easy);
				sent++;
			}
		}
		if (done < REQUESTS)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	for (int i = 0; i < CONNECTIONS; i++)
		curl_easy_cleanup(easies[i]);
	curl_multi_cleanup(multi);
	return REQUESTS / ((double)(clock_now_us() - began_us) / 1e6);
}

/* --- the two services ---------------------------------------------------------------------- */

static int open_box(struct mp_launcher *launcher, const char *self, struct mp_box **ret_box)
{
	const char *const argv[] = {"/service", "serve", "41873", NULL};
	struct mp_box_spec spec;
	struct mp_error err = {0};
	struct mp_event event = {.kind = MP_EVENT_NONE};

	mp_box_spec_init(&spec);
	spec.profile = MP_PROFILE_SERVICE;
	spec.argv = argv;
	spec.binds[0] = (struct mp_bind){self, "/service", MP_BIND_READ_ONLY};
	spec.bind_count = 1;
	spec.wall_ms = 0;
	spec.cpu_ms = 0;
	spec.cpus = 0;
	spec.has_network = true;
	for (int i = 0; i < MP_LAYER_COUNT; i++)
		spec.may_miss[i] = true;
	if (mp_box_open(launcher, &spec, ret_box, &err) < 0) {
		(void)fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	while (event.kind != MP_EVENT_LISTENING && event.kind != MP_EVENT_ENDED) {
		struct pollfd fd = {.fd = mp_box_fd(*ret_box), .events = POLLIN};

		(void)poll(&fd, 1, 1000);
		if (mp_box_next(*ret_box, &event, &err) < 0)
			return -1;
	}
	return event.kind == MP_EVENT_LISTENING ? 0 : -1;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	struct mp_launcher *launcher = NULL;
	struct mp_box *box = NULL;
	double ratios[TURNS], plain = 0, boxed = 0;
	pid_t pid;

	if (argc == 3 && strcmp(argv[1], "serve") == 0)
		return serve(PORT);
	if (mp_launcher_open(0, &launcher, NULL) < 0 || open_box(launcher, argv[1], &box) < 0)
		return 1;
	pid = fork();
	if (pid == 0)
		_exit(serve(PORT));
	usleep(100000);
	for (int i = 0; i < TURNS; i++) {
		plain = measure(NULL);
		boxed = measure(box);
		ratios[i] = boxed / plain;
	}
	kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	qsort(ratios, TURNS, sizeof(ratios[0]), by_size);
	printf("requests through a box: %.0f a second, without %.0f, median ratio %.2f (goal: at least 0.9)\n",
	       boxed, plain, ratios[TURNS / 2]);
	mp_box_close(box);
	mp_launcher_close(launcher);
	return ratios[TURNS / 2] < 0.9;
}
