/* SPDX-License-Identifier: MIT */
/*
 * Sockets for libgit2 that lead to one machine and port. Source: git2/sys/stream.h, libgit2 1.5.
 *
 * libgit2 takes a redirect to another port of the same machine for the same place, and answers its question for
 * a password with ours. Other people may run that port. What it connects to it is told here, before it does.
 */
#include "grader/intake/inside_socket.h"

#include <assert.h>
#include <errno.h>
#include <git2/errors.h>
#include <git2/sys/stream.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT_TEXT_MAX = 16 };

/* The only one: libgit2 gives its constructors nothing of ours. */
static struct access_inside *only; /* borrowed; NULL: libgit2's own sockets */

struct only_socket {
	git_stream stream; /* first: libgit2's view */
	char host[ADDRESS_HOST_MAX + 1];
	char port[PORT_TEXT_MAX];
	int fd; /* owned, or -1 */
};

static int socket_failed(const char *what, const char *host, const char *why)
{
	char words[ADDRESS_HOST_MAX + 200];

	(void)snprintf(words, sizeof(words), "%s %s: %s", what, host, why ? why : "unknown error");
	git_error_set_str(GIT_ERROR_NET, words);
	return -1;
}

static int only_connect(git_stream *stream)
{
	struct only_socket *own = (struct only_socket *)stream;
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	int code = getaddrinfo(own->host, own->port, &hints, &found);

	if (code != 0)
		return socket_failed("failed to resolve address for", own->host,
				     gai_strerror(code));
	code = EHOSTUNREACH;
	for (const struct addrinfo *at = found; at; at = at->ai_next) {
		int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);

		if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) == 0) {
			own->fd = fd;
			break;
		}
		code = errno;
		if (fd >= 0)
			(void)close(fd);
	}
	freeaddrinfo(found);
	return own->fd < 0 ? socket_failed("failed to connect to", own->host, strerrordesc_np(code))
			   : 0;
}

static ssize_t only_read(git_stream *stream, void *bytes, size_t count)
{
	struct only_socket *own = (struct only_socket *)stream;
	ssize_t got;

	do
		got = recv(own->fd, bytes, count, 0);
	while (got < 0 && errno == EINTR);
	return got < 0 ? socket_failed("nothing more comes from", own->host, strerrordesc_np(errno))
		       : got;
}

static ssize_t only_write(git_stream *stream, const char *bytes, size_t count, int flags)
{
	struct only_socket *own = (struct only_socket *)stream;
	ssize_t sent;

	do
		sent = send(own->fd, bytes, count, flags | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? socket_failed("nothing can be sent to", own->host, strerrordesc_np(errno))
			: sent;
}

static int only_close(git_stream *stream)
{
	struct only_socket *own = (struct only_socket *)stream;

	if (own->fd >= 0)
		(void)close(own->fd);
	own->fd = -1;
	return 0;
}

static void only_free(git_stream *stream)
{
	(void)only_close(stream);
	free(stream);
}

/* Whether HOST and PORT are those that the user named. Brackets of an IPv6 address count for nothing. */
static bool is_only(const char *host, const char *port)
{
	char wanted[PORT_TEXT_MAX];
	size_t count = strlen(only->host);

	host += host[0] == '[';
	(void)snprintf(wanted, sizeof(wanted), "%d", only->port);
	return strncasecmp(host, only->host, count) == 0 &&
	       (host[count] == '\0' || strcmp(host + count, "]") == 0) && strcmp(port, wanted) == 0;
}

static int only_new(git_stream **ret_stream, const char *host, const char *port)
{
	struct only_socket *own;

	assert(only);
	if (!is_only(host, port)) {
		(void)snprintf(only->stop, sizeof(only->stop), "%s", access_led_away);
		git_error_set_str(GIT_ERROR_NET, access_led_away);
		return -1;
	}
	own = calloc(1, sizeof(*own));
	if (!own)
		return socket_failed("no memory to connect to", host, strerrordesc_np(ENOMEM));
	own->stream.version = GIT_STREAM_VERSION;
	own->stream.connect = only_connect;
	own->stream.read = only_read;
	own->stream.write = only_write;
	own->stream.close = only_close;
	own->stream.free = only_free;
	memcpy(own->host, only->host, sizeof(own->host));
	(void)snprintf(own->port, sizeof(own->port), "%s", port);
	own->fd = -1;
	*ret_stream = &own->stream;
	return 0;
}

void inside_socket_only(struct access_inside *access)
{
	static git_stream_registration sockets = {.version = GIT_STREAM_VERSION, .init = only_new};

	only = access;
	(void)git_stream_register(GIT_STREAM_STANDARD, &sockets);
}

void inside_socket_all(void)
{
	(void)git_stream_register(GIT_STREAM_STANDARD, NULL);
	only = NULL;
}
