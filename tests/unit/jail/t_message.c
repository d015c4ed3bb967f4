/* SPDX-License-Identifier: MIT */
/* Messages arrive whole, with their descriptors, and also when the other end has closed. */
#include "sandbox/jail/message.h"

#include "tests/helper/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static int ends[2];

static void open_pair(void)
{
	IS(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
}

static void a_message_comes_with_its_descriptors(void)
{
	struct shim_message sent = {.kind = SAY_ENDED, .number = 7};
	struct shim_message got;
	int fds[MESSAGE_FDS_MAX];

	open_pair();
	IS(message_send(ends[0], &sent, sizeof(sent), (const int[]){0, 1}, 2, 0), 0);
	IS(message_receive(ends[1], &got, sizeof(got), fds, 0), 1);
	IS(got.kind, SAY_ENDED);
	IS(got.number, 7);
	OK(fds[0] >= 0 && fds[1] >= 0 && fds[2] == -1);
	OK(fcntl(fds[0], F_GETFD) & FD_CLOEXEC);
	(void)close(fds[0]);
	(void)close(fds[1]);
	IS(message_receive(ends[1], &got, sizeof(got), fds, MSG_DONTWAIT), -EAGAIN);
	(void)close(ends[0]);
	IS(message_receive(ends[1], &got, sizeof(got), fds, 0), 0);
	(void)close(ends[1]);
}

static void last_words_come_after_a_reset(void)
{
	struct shim_message word = {.kind = SAY_ENDED};
	struct shim_message got;

	open_pair();
	IS(message_send(ends[0], &word, sizeof(word), NULL, 0, 0), 0);
	/* This one is never read: closing then resets the connection. */
	IS(message_send(ends[1], &word, sizeof(word), NULL, 0, 0), 0);
	(void)close(ends[0]);
	IS(message_receive(ends[1], &got, sizeof(got), NULL, 0), 1);
	IS(got.kind, SAY_ENDED);
	IS(message_receive(ends[1], &got, sizeof(got), NULL, 0), 0);
	(void)close(ends[1]);
}

static void another_size_is_refused_and_its_descriptors_closed(void)
{
	struct shim_message got;
	int fds[MESSAGE_FDS_MAX];
	int next;

	open_pair();
	next = dup(0);
	(void)close(next);
	IS(message_send(ends[0], "short", 5, (const int[]){0}, 1, 0), 0);
	IS(message_receive(ends[1], &got, sizeof(got), fds, 0), -EBADMSG);
	IS(fds[0], -1);
	IS(dup(0), next);
	(void)close(next);
	IS(message_send(ends[0], "short", 5, (const int[]){0, 0, 0, 0, 0, 0, 0, 0, 0}, 9, 0),
	   -EINVAL);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

TAP_MAIN(T(a_message_comes_with_its_descriptors) T(last_words_come_after_a_reset)
		 T(another_size_is_refused_and_its_descriptors_closed))
