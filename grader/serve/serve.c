/* SPDX-License-Identifier: MIT */
/* The life of the server: what is opened in which order, the turns of the loop, and the end. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "grader/ledger/bell.h"
#include "grader/serve/inside.h"
#include "grader/serve/starters.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"

enum {
	TICK_MS = 1000,
	SWEEP_MS = 60 * 1000,
	RECEIVING_MS = 2 * 60 * 1000, /* so old a ticket is receiving no more: its box is gone */
	DRAIN_MS = 60 * 1000,
};

/* Each push that waits looks whether there is something new. */
static void tick_pushes(struct server *server)
{
	for (struct git *git = server->gits; git; git = git->next)
		push_tick(git);
	for (struct web *web = server->streams; web; web = web->next)
		web_tick(web);
}

static void on_bell(void *owner, uint32_t events)
{
	struct server *server = owner;

	(void)events;
	bell_drain(server->bell.fd);
	tick_pushes(server);
}

static void begin_drain(struct server *server)
{
	server->stops++;
	if (server->stops > 1) {
		server->drain_until_ms = 0;
		return;
	}
	log_add("stopping: what is under way comes to its end first");
	server->is_draining = true;
	server->drain_until_ms = clock_now_ms() + DRAIN_MS;
	httpd_quiesce(server);
	worker_stop(server);
	tick_pushes(server);
}

static void on_signal(void *owner, uint32_t events)
{
	struct server *server = owner;
	struct signalfd_siginfo info;

	(void)events;
	while (read(server->signals.fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			worker_reap(server);
		else
			begin_drain(server);
	}
}

static void sweep(struct server *server, int64_t after_ms)
{
	struct mp_error err = {0};

	if (ledger_sweep(server->ledger, after_ms, data_has_commit, server, &err) < 0)
		log_add("sweeping: %s", err.text);
}

/* True: there is still something to do. */
static bool tick(struct server *server, int64_t now_ms)
{
	bool is_busy = httpd_tick(server, now_ms);

	server->tick_ms = now_ms + TICK_MS;
	tick_pushes(server);
	worker_reap(server);
	worker_start(server, now_ms);
	if (now_ms >= server->sweep_ms) {
		server->sweep_ms = now_ms + SWEEP_MS;
		sweep(server, RECEIVING_MS);
	}
	if (!server->is_draining)
		return true;
	return now_ms < server->drain_until_ms && (is_busy || server->worker > 0);
}

static int loop(struct server *server, struct mp_error *err)
{
	int ret = 0;

	while (ret == 0) {
		int64_t now_ms = clock_now_ms();
		int wait_ms;

		if (server->has_no_launcher)
			return mp_fail(err, MP_FAULT_HOST, -EPIPE,
				       "what starts the boxes of this server has ended. Start the "
				       "server again: what was pushed is kept");
		if (now_ms >= server->tick_ms && !tick(server, now_ms))
			break;
		wait_ms = httpd_run(server);
		if (wait_ms > server->tick_ms - now_ms)
			wait_ms = (int)(server->tick_ms - now_ms);
		ret = loop_turn(server, wait_ms > 0 ? wait_ms : 0, err);
	}
	return ret;
}

static int open_signals(struct server *server, struct mp_error *err)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	server->signals = (struct watch){.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
					 .ready = on_signal,
					 .owner = server};
	if (server->signals.fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "signalfd");
	loop_watch(server, &server->signals, EPOLLIN);
	return 0;
}

/* As many descriptors as we may have: each push takes six. */
static void raise_limits(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

static int read_networks(struct server *server, struct mp_error *err)
{
	const struct text_list *list = &server->options->plain_networks;

	if (list->count > NETWORKS_MAX)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--plain-network can be given %d times", NETWORKS_MAX);
	for (size_t i = 0; i < list->count; i++) {
		int ret = network_read(list->items[i], &server->networks[i], err);

		if (ret < 0)
			return ret;
	}
	server->network_count = list->count;
	return 0;
}

static int open_all(struct server *server, struct mp_error *err)
{
	int ret = read_networks(server, err);

	server->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (ret == 0 && server->epoll_fd < 0)
		ret = mp_fail(err, MP_FAULT_HOST, -errno, "epoll");
	if (ret == 0)
		ret = git_check(err);
	if (ret == 0)
		ret = road_load(server->options->exercises, &server->road, NULL, err);
	if (ret == 0)
		ret = ledger_open(server->options->data, LEDGER_OR_MAKE, &server->ledger, err);
	if (ret == 0)
		ret = pages_open(server->ledger, server->road, server->options->probes,
				 &server->pages, err);
	if (ret == 0)
		ret = data_open(server, err);
	if (ret == 0)
		ret = starters_copy(server->road, server->options->data, err);
	if (ret == 0)
		ret = bell_open(server->options->data, &server->bell.fd, err);
	if (ret == 0)
		ret = open_signals(server, err);
	if (ret == 0)
		ret = httpd_open(server, err);
	if (ret < 0)
		return ret;
	server->bell.ready = on_bell;
	server->bell.owner = server;
	loop_watch(server, &server->bell, EPOLLIN);
	return 0;
}

static void close_all(struct server *server)
{
	httpd_close(server);
	worker_stop(server);
	loop_close(server, &server->bell);
	loop_close(server, &server->signals);
	server->pages = pages_close(server->pages);
	server->ledger = ledger_close(server->ledger);
	server->road = road_free(server->road);
	cleanup_fd(&server->lock_fd);
	cleanup_fd(&server->epoll_fd);
}

/* Where we listen, as a program that starts us reads it: port 0 has become a port by now. */
static void say_ready(const struct server *server)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(server->httpd, MHD_DAEMON_INFO_BIND_PORT);
	const char *listen = server->options->listen;

	(void)printf("milepost: http://%.*s:%u serves %s. Learners push to "
		     "/HANDLE.git\n",
		     (int)(strrchr(listen, ':') - listen), listen, info ? info->port : 0,
		     server->options->data);
	(void)fflush(stdout);
}

int serve_run(const struct serve_options *options, struct mp_launcher *launcher,
	      struct mp_error *err)
{
	struct server server = {.options = options,
				.launcher = launcher,
				.epoll_fd = -1,
				.lock_fd = -1,
				.listener.fd = -1,
				.bell.fd = -1,
				.signals.fd = -1};
	int ret;

	log_begin("serve", options->log_format);
	raise_limits();
	ret = open_all(&server, err);
	if (ret == 0) {
		/* No box is open yet: what is receiving, or locked, was left by a server that died. */
		data_clean_all(&server);
		sweep(&server, 0);
		server.sweep_ms = clock_now_ms() + SWEEP_MS;
		say_ready(&server);
		ret = loop(&server, err);
	}
	close_all(&server);
	return ret;
}
