/* SPDX-License-Identifier: MIT */
/*
 * Connections, by libmicrohttpd in its external epoll mode. It parses and writes HTTP; who may stay, and for
 * how long, is ours:
 *
 *   WAITS_HEAD    the peer has HEAD_MS for the whole head of a request, from the start of the connection or
 *                 the end of the request before. So an idle connection ends too.
 *   WAITS_BODY    in each window of RATE_MS it sends RATE_BYTES or more.
 *   WAITS_US      git is slow, the peer is not to blame: the box has a deadline of its own.
 *   WAITS_READER  it must take something of our answer every READER_MS.
 *
 * A connection that waits for git is suspended: libmicrohttpd does not look at its socket then, so we do, and
 * see a peer that hangs up. We hang up by shutdown(2): libmicrohttpd finds the end at its next look.
 *
 * Its epoll is edge-triggered: after each turn MHD_get_timeout() says whether it has more to do at once.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "grader/serve/inside.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"

enum {
	CONNS_MAX = 1000,
	CONNS_OF_ADDRESS_MAX = 300, /* a school behind one address */
	CONN_BYTES = 32 << 10,	    /* head of a request, and its body as it passes */
	HEAD_MS = 10 * 1000,
	RATE_MS = 10 * 1000,
	RATE_BYTES = 4096,
	READER_MS = 60 * 1000,
	ANSWER_BLOCK = 16 << 10,
};

const struct sockaddr *conn_address(const struct conn *conn)
{
	return MHD_get_connection_info(conn->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
}

static void conn_wait(struct conn *conn, enum conn_wait waits)
{
	conn->waits = waits;
	conn->since_ms = clock_now_ms();
	conn->bytes = 0;
}

void conn_progress(struct conn *conn)
{
	conn_wait(conn, WAITS_READER);
}

void conn_suspend(struct conn *conn)
{
	if (conn->is_suspended)
		return;
	conn->is_suspended = true;
	conn_wait(conn, WAITS_US);
	MHD_suspend_connection(conn->mhd);
	/* While it still sends, the end of what it sends is found by reading. */
	loop_watch(conn->server, &conn->gone,
		   conn->request && conn->request->is_whole ? EPOLLRDHUP : EPOLLHUP);
}

void conn_resume(struct conn *conn)
{
	if (!conn->is_suspended)
		return;
	conn->is_suspended = false;
	loop_watch(conn->server, &conn->gone, 0);
	conn_wait(conn, conn->request && conn->request->is_whole ? WAITS_READER : WAITS_BODY);
	MHD_resume_connection(conn->mhd);
}

void conn_cut(struct conn *conn)
{
	if (conn->is_cut)
		return;
	conn->is_cut = true;
	(void)shutdown(conn->gone.fd, SHUT_RDWR);
	conn_resume(conn);
}

static void on_gone(void *owner, uint32_t events)
{
	(void)events;
	conn_cut(owner);
}

static enum MHD_Result on_accept(void *context, const struct sockaddr *address, socklen_t length)
{
	const struct server *server = context;
	int count = 0;

	(void)length;
	for (const struct conn *conn = server->conns; conn; conn = conn->next)
		count += address_is_same(conn_address(conn), address);
	return !server->is_draining && count < CONNS_OF_ADDRESS_MAX ? MHD_YES : MHD_NO;
}

static void conn_open(struct server *server, struct MHD_Connection *mhd, void **place)
{
	struct conn *conn = calloc(1, sizeof(*conn));

	*place = conn;
	if (!conn)
		return;
	conn->server = server;
	conn->mhd = mhd;
	conn->gone = (struct watch){
		.fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
		.ready = on_gone,
		.owner = conn};
	conn->next = server->conns;
	conn->link = &server->conns;
	if (conn->next)
		conn->next->link = &conn->next;
	server->conns = conn;
	conn_wait(conn, WAITS_HEAD);
}

static void on_connection(void *context, struct MHD_Connection *mhd, void **place,
			  enum MHD_ConnectionNotificationCode code)
{
	struct conn *conn = *place;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		conn_open(context, mhd, place);
		return;
	}
	if (!conn)
		return;
	loop_watch(conn->server, &conn->gone, 0);
	*conn->link = conn->next;
	if (conn->next)
		conn->next->link = conn->link;
	free(conn);
	*place = NULL;
}

static void on_completed(void *context, struct MHD_Connection *mhd, void **place,
			 enum MHD_RequestTerminationCode code)
{
	struct request *request = *place;

	(void)context;
	(void)mhd;
	(void)code;
	*place = NULL;
	if (!request)
		return;
	request->conn->request = NULL;
	conn_wait(request->conn, WAITS_HEAD);
	request->git = git_close(request->git);
	request->web = web_close(request->web);
	request->arena = arena_free(request->arena);
	free(request);
}

static enum MHD_Result begin(struct conn *conn, const char *path, const char *method, void **place)
{
	struct request *request = calloc(1, sizeof(*request));

	if (!request)
		return MHD_NO;
	request->conn = conn;
	request->arena = arena_new();
	request->method = method;
	*place = conn->request = request;
	conn_wait(conn, WAITS_BODY);
	return route_request(request, path) < 0 ? MHD_NO : MHD_YES;
}

/* Some of the body, or its end. */
static enum MHD_Result go_on(struct request *request, const char *bytes, size_t *count)
{
	struct conn *conn = request->conn;

	if (conn->is_cut || (!request->git && !request->text && !request->web))
		return MHD_NO;
	if (*count > 0) {
		ssize_t taken = request->git   ? git_take(request->git, bytes, *count)
				: request->web ? web_take(request->web, bytes, *count)
					       : -1;

		if (taken < 0)
			return MHD_NO;
		conn->bytes += taken;
		*count -= (size_t)taken;
		return MHD_YES;
	}
	if (!request->is_whole) {
		request->is_whole = true;
		if (request->git)
			git_end_body(request->git);
	}
	if (request->web)
		return web_answer(request) < 0 ? MHD_NO : MHD_YES;
	if (!request->git)
		return answer_text(request, request->status, request->text) < 0 ? MHD_NO : MHD_YES;
	if (request->git->has_head || request->git->has_failed)
		return answer_git(request) < 0 ? MHD_NO : MHD_YES;
	conn_suspend(conn);
	return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *mhd, const char *path,
				  const char *method, const char *version, const char *bytes,
				  size_t *count, void **place)
{
	struct conn *conn =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

	(void)context;
	(void)version;
	if (!conn || conn->is_cut)
		return MHD_NO;
	return *place ? go_on(*place, bytes, count) : begin(conn, path, method, place);
}

/* Addresses are compared as they are sent: nothing of ours needs an escaped character. */
static size_t on_escape(void *context, struct MHD_Connection *mhd, char *text)
{
	(void)context;
	(void)mhd;
	return strlen(text);
}

int answer_queue(struct request *request, unsigned int status, struct MHD_Response *response)
{
	enum MHD_Result done;

	if (!response)
		return -ENOMEM;
	if (!MHD_get_response_header(response, "X-Content-Type-Options"))
		(void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	if (request->conn->server->is_draining)
		(void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	done = MHD_queue_response(request->conn->mhd, status, response);
	MHD_destroy_response(response);
	conn_wait(request->conn, WAITS_READER);
	return done == MHD_YES ? 0 : -EIO;
}

/* Has the request a body? A request that is answered before its end closes the connection. */
static bool has_body(const struct request *request)
{
	struct MHD_Connection *mhd = request->conn->mhd;

	return MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH) ||
	       MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING);
}

int answer_text(struct request *request, unsigned int status, const char *text)
{
	struct MHD_Response *response;

	if (!request->is_whole && !has_body(request)) {
		request->text = arena_text(request->arena, text);
		request->status = status;
		return 0;
	}
	response = MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
						   MHD_RESPMEM_MUST_COPY);
	if (!response)
		return -ENOMEM;
	(void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
				      "text/plain; charset=utf-8");
	(void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (status == MHD_HTTP_UNAUTHORIZED)
		(void)MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
					      "Basic realm=\"milepost\", charset=\"UTF-8\"");
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE || status == MHD_HTTP_TOO_MANY_REQUESTS)
		(void)MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, "30");
	return answer_queue(request, status, response);
}

static ssize_t on_read(void *context, uint64_t at, char *bytes, size_t most)
{
	struct request *request = context;
	ssize_t count;

	(void)at;
	if (request->conn->is_cut)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	count = git_read(request->git, bytes, most);
	if (count > 0)
		conn_wait(request->conn, WAITS_READER);
	return count;
}

int answer_git(struct request *request)
{
	const struct cgi_head *head = &request->git->cgi;
	struct MHD_Response *response;

	if (request->git->has_failed)
		return answer_text(request, MHD_HTTP_INTERNAL_SERVER_ERROR,
				   "The server could not run git. This is not your fault, and the "
				   "operator can read why.\nTry again in a minute.\n");
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, ANSWER_BLOCK, on_read,
						     request, NULL);
	for (size_t i = 0; response && i < CGI_HEADERS; i++) {
		if (head->values[i][0])
			(void)MHD_add_response_header(response, cgi_names[i], head->values[i]);
	}
	return answer_queue(request, (unsigned int)head->status, response);
}

/* --- the daemon ------------------------------------------------------------------------------ */

static void on_listener(void *owner, uint32_t events)
{
	/* The loop lets it run after each turn. */
	(void)owner;
	(void)events;
}

static int listen_at(const char *text, struct mp_error *err)
{
	struct sockaddr_storage address;
	mp_autofd int fd = -1;
	int yes = 1;
	int ret = address_read(text, &address, err);

	if (ret < 0)
		return ret;
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "a socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (address.ss_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	if (bind(fd, (struct sockaddr *)&address,
		 address.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					       : sizeof(struct sockaddr_in)) < 0 ||
	    listen(fd, SOMAXCONN) < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "listening on %s", text);
	return mp_take_fd(&fd);
}

int httpd_open(struct server *server, struct mp_error *err)
{
	int fd = listen_at(server->options->listen, err);
	const union MHD_DaemonInfo *info;

	if (fd < 0)
		return fd;
	server->httpd = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, on_accept, server, on_request, server,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONN_BYTES,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, server, MHD_OPTION_UNESCAPE_CALLBACK, on_escape, server,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
	if (!server->httpd) {
		(void)close(fd);
		return mp_fail(err, MP_FAULT_HOST, -EIO, "libmicrohttpd does not start");
	}
	info = MHD_get_daemon_info(server->httpd, MHD_DAEMON_INFO_EPOLL_FD);
	server->listener = (struct watch){.fd = info->epoll_fd, .ready = on_listener};
	loop_watch(server, &server->listener, EPOLLIN);
	return 0;
}

void httpd_close(struct server *server)
{
	if (!server->httpd)
		return;
	loop_watch(server, &server->listener, 0);
	/* A suspended connection must not be stopped. */
	for (struct conn *conn = server->conns; conn; conn = conn->next)
		conn_cut(conn);
	(void)MHD_run(server->httpd);
	MHD_stop_daemon(server->httpd);
	server->httpd = NULL;
}

void httpd_quiesce(struct server *server)
{
	int fd = MHD_quiesce_daemon(server->httpd);

	if (fd >= 0)
		(void)close(fd);
}

int httpd_run(struct server *server)
{
	MHD_UNSIGNED_LONG_LONG timeout_ms = 0;

	(void)MHD_run(server->httpd);
	if (MHD_get_timeout(server->httpd, &timeout_ms) != MHD_YES || timeout_ms > INT32_MAX)
		return INT32_MAX;
	return (int)timeout_ms;
}

static bool is_too_slow(struct conn *conn, int64_t now_ms)
{
	int64_t passed_ms = now_ms - conn->since_ms;
	bool is_slow = false;

	switch (conn->waits) {
	case WAITS_HEAD:
		return passed_ms > HEAD_MS;
	case WAITS_BODY:
		is_slow = passed_ms > RATE_MS && conn->bytes < RATE_BYTES;
		if (passed_ms > RATE_MS)
			conn_wait(conn, WAITS_BODY);
		return is_slow;
	case WAITS_READER:
		return passed_ms > READER_MS;
	case WAITS_US:
		break;
	}
	return false;
}

bool httpd_tick(struct server *server, int64_t now_ms)
{
	bool is_busy = false;

	for (struct conn *conn = server->conns; conn; conn = conn->next) {
		if (is_too_slow(conn, now_ms) || (server->is_draining && !conn->request))
			conn_cut(conn);
		is_busy = is_busy || conn->request;
	}
	return is_busy;
}
