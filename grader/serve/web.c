/* SPDX-License-Identifier: MIT */
/*
 * Pages over HTTP: what a browser sends becomes a page_request, what grader/pages answers becomes a response.
 *
 * An answer is made when the request is whole. A stream of events is a response that has no end yet: while
 * there is nothing to tell its connection is suspended, and the bell wakes it.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "grader/serve/guess.h"
#include "grader/serve/inside.h"
#include "sandbox/base/clock.h"

enum {
	STREAMS_MAX = 500,	      /* of 1,000 connections: pushes always find room */
	STREAMS_OF_ADDRESS_MAX = 150, /* of 300 */
	STREAM_BLOCK = 4096,
	IDLE_MS = 30 * 1000,
};

static const char *header_of(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->conn->mhd, MHD_HEADER_KIND, name);
}

int web_begin(struct request *request, const char *path)
{
	struct web *web = calloc(1, sizeof(*web));

	if (!web)
		return -ENOMEM;
	web->request = request;
	web->path = arena_text(request->arena, path);
	request->web = web;
	return 0;
}

struct web *web_close(struct web *web)
{
	if (!web)
		return NULL;
	if (web->link) {
		*web->link = web->next;
		if (web->next)
			web->next->link = web->link;
	}
	pages_answer_done(&web->answer);
	text_done(&web->news);
	free(web);
	return NULL;
}

ssize_t web_take(struct web *web, const char *bytes, size_t count)
{
	/* No form of ours is so long. */
	if (count > PAGE_BODY_MAX - web->body_count)
		return -EFBIG;
	memcpy(web->body + web->body_count, bytes, count);
	web->body_count += count;
	return (ssize_t)count;
}

/* A browser says it itself; an older one names where the form came from. */
static bool is_cross_site(const struct request *request)
{
	const char *site = header_of(request, "Sec-Fetch-Site");
	const char *origin = header_of(request, "Origin");
	const char *host = header_of(request, MHD_HTTP_HEADER_HOST);
	const char *at = origin ? strstr(origin, "://") : NULL;

	if (site)
		return strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
	return origin && (!at || !host || strcasecmp(at + 3, host) != 0);
}

/* TLS ends at a proxy on this machine, which says so. */
static bool is_tls(const struct request *request)
{
	const char *scheme = header_of(request, "X-Forwarded-Proto");

	return scheme && strcmp(scheme, "https") == 0 &&
	       address_is_loopback(conn_address(request->conn));
}

const char *web_link(const struct request *request, int64_t learner, struct arena *arena)
{
	const char *host = request ? header_of(request, MHD_HTTP_HEADER_HOST) : NULL;
	size_t length = host ? strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					    "0123456789.:-[]")
			     : 0;
	struct mp_error err = {0};
	char link[LINK_TEXT];

	if (length == 0 || length > 100 || host[length])
		return NULL;
	if (link_make(request->conn->server->ledger, learner, link, &err) < 0) {
		log_add("making a link: %s", err.text);
		return NULL;
	}
	return arena_format(arena, "%s://%s/s/%s", is_tls(request) ? "https" : "http", host, link);
}

static const char *token_of(const struct request *request)
{
	static const char scheme[] = "Bearer ";
	const char *header = header_of(request, MHD_HTTP_HEADER_AUTHORIZATION);

	return header && strncasecmp(header, scheme, sizeof(scheme) - 1) == 0
		       ? header + sizeof(scheme) - 1
		       : NULL;
}

/* --- streams ------------------------------------------------------------------------------------ */

static ssize_t on_stream(void *context, uint64_t at, char *bytes, size_t most)
{
	struct web *web = context;
	size_t left = web->news.length - web->taken;

	(void)at;
	if (web->request->conn->is_cut)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (left == 0 && web->is_over)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (left == 0) {
		conn_suspend(web->request->conn);
		return 0;
	}
	if (most > left)
		most = left;
	memcpy(bytes, web->news.data + web->taken, most);
	web->taken += most;
	conn_progress(web->request->conn);
	return (ssize_t)most;
}

static bool has_room(const struct request *request)
{
	const struct server *server = request->conn->server;
	size_t all = 0;
	size_t same = 0;

	for (const struct web *web = server->streams; web; web = web->next) {
		all++;
		same += address_is_same(conn_address(web->request->conn),
					conn_address(request->conn));
	}
	return !server->is_draining && all < STREAMS_MAX && same < STREAMS_OF_ADDRESS_MAX;
}

static struct MHD_Response *stream_begin(struct web *web)
{
	struct server *server = web->request->conn->server;

	web->news = web->answer.bytes;
	web->answer.bytes = (struct text){0};
	web->said_ms = clock_now_ms();
	web->next = server->streams;
	web->link = &server->streams;
	if (web->next)
		web->next->link = &web->next;
	server->streams = web;
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, on_stream, web,
						 NULL);
}

void web_tick(struct web *web)
{
	struct server *server = web->request->conn->server;
	int64_t now_ms = clock_now_ms();
	struct mp_error err = {0};

	if (web->is_over || web->taken < web->news.length)
		return;
	text_clear(&web->news);
	web->taken = 0;
	if (server->is_draining)
		web->is_over = true;
	else if (pages_stream(server->pages, &web->answer.stream, &web->news, &web->is_over, &err) <
		 0) {
		log_add("events: %s", err.text);
		web->is_over = true;
	}
	if (web->news.length == 0 && now_ms - web->said_ms > IDLE_MS)
		text_add(&web->news, PAGE_STREAM_IDLE);
	if (web->news.length == 0 && !web->is_over)
		return;
	web->said_ms = now_ms;
	conn_resume(web->request->conn);
}

/* --- guesses ------------------------------------------------------------------------------------- */

/*
 * Whose guesses are counted, as text: the peer; for a proxy on this machine whom it names last. NULL: this
 * machine itself.
 */
static const char *who_asks(const struct request *request)
{
	const struct sockaddr *address = conn_address(request->conn);
	const char *named = header_of(request, "X-Forwarded-For");
	char text[NI_MAXHOST] = "";
	const char *last;

	if (address_is_loopback(address)) {
		last = named ? strrchr(named, ',') : NULL;
		last = last ? last + 1 : named;
		return last ? last + strspn(last, " ") : NULL;
	}
	(void)getnameinfo(address,
			  address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
							 : sizeof(struct sockaddr_in),
			  text, sizeof(text), NULL, 0, NI_NUMERICHOST);
	return arena_text(request->arena, text);
}

/* Only what a guess could open is shut: who is signed in reads on. */
static bool is_shut(const struct request *request)
{
	const char *who = who_asks(request);
	bool is_door = strncmp(request->web->path, "/s/", 3) == 0 ||
		       strcmp(request->web->path, "/sign-in") == 0 || token_of(request);

	return is_door && who &&
	       guess_is_over(&request->conn->server->guesses, who, clock_now_ms());
}

static void count_guess(struct request *request)
{
	const char *who = who_asks(request);

	if (who)
		guess_add(&request->conn->server->guesses, who, clock_now_ms());
}

/* --- answers ------------------------------------------------------------------------------------- */

int web_answer(struct request *request)
{
	struct server *server = request->conn->server;
	struct web *web = request->web;
	const struct page_request asked = {
		.method = request->method,
		.path = web->path,
		.body = web->body,
		.cookie = header_of(request, MHD_HTTP_HEADER_COOKIE),
		.token = token_of(request),
		.languages = header_of(request, MHD_HTTP_HEADER_ACCEPT_LANGUAGE),
		.last_event = header_of(request, "Last-Event-ID"),
		.may_take_tokens = is_plain_allowed(request->conn),
		.is_tls = is_tls(request),
		.is_cross_site = is_cross_site(request),
		.now_ms = clock_wall_ms(),
	};
	struct mp_error err = {0};
	struct MHD_Response *response;

	if (is_shut(request))
		return answer_text(request, MHD_HTTP_TOO_MANY_REQUESTS,
				   "Too many links or tokens that nobody has came from your "
				   "address. Wait ten minutes.\n");
	if (pages_answer(server->pages, &asked, &web->answer, &err) < 0)
		log_add("pages: %s", err.text);
	if (web->answer.is_guess)
		count_guess(request);
	if (web->answer.is_stream && !has_room(request)) {
		/* 204: the browser asks no more, and the page stays as it is. */
		web->answer.is_stream = false;
		web->answer.status = MHD_HTTP_NO_CONTENT;
		text_clear(&web->answer.bytes);
	}
	response = web->answer.is_stream ? stream_begin(web)
					 : MHD_create_response_from_buffer(web->answer.bytes.length,
									   web->answer.bytes.data,
									   MHD_RESPMEM_MUST_COPY);
	for (size_t i = 0; response && i < web->answer.header_count; i++)
		(void)MHD_add_response_header(response, web->answer.headers[i].name,
					      web->answer.headers[i].value);
	return answer_queue(request, web->answer.status, response);
}
