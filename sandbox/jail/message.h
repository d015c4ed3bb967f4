/* SPDX-License-Identifier: MIT */
/* Fixed-size messages over a SOCK_SEQPACKET socketpair, with descriptors beside them. */
#ifndef SANDBOX_JAIL_MESSAGE_H
#define SANDBOX_JAIL_MESSAGE_H

#include <milepost/error.h>
#include <stddef.h>
#include <stdint.h>

enum { MESSAGE_FDS_MAX = 8 };

/*
 * Send COUNT bytes and FD_COUNT descriptors (which stay the caller's) as one message. FLAGS as of sendmsg(2);
 * MSG_NOSIGNAL is added. Returns 0 or a negative errno.
 */
MP_MUST_CHECK int message_send(int socket_fd, const void *bytes, size_t count, const int *fds,
			       size_t fd_count, int flags);

/*
 * Take one message of exactly COUNT bytes. FDS (room for MESSAGE_FDS_MAX, or NULL: those that come are
 * closed) is filled with close-on-exec descriptors, the rest is -1. Returns 1; 0 when the other end is
 * closed; -EAGAIN none now; -EBADMSG another size.
 */
MP_MUST_CHECK int message_receive(int socket_fd, void *ret_bytes, size_t count, int *ret_fds,
				  int flags);

/* What the watcher asks of the shim. */
enum shim_ask {
	ASK_GO = 1, /* ids are mapped, the group holds you: build the box */
	ASK_SOCKET, /* number: family. Answer with a descriptor */
	ASK_LISTEN, /* number: port. Answer with a descriptor, number: port */
	ASK_SIGNAL, /* number: signal for the command */
	ASK_OWNER,  /* number: inode of a socket. Answer text: name of its process */
	ASK_LEND,   /* answer with two descriptors: user namespace, scratch */
	ASK_USAGE,  /* answer number: CPU time of all processes in us */
};

/* What the shim, and before exec the command, say. Claims: fixed size, checked by the watcher. */
enum shim_say {
	SAY_READY =
		1, /* the box is built, the command is about to start; a descriptor to list sockets beside */
	SAY_FAILED, /* code: negative errno; text: the step and why */
	SAY_NO_START, /* code: negative errno of exec or chdir; text: what could not be done, "start PATH" */
	SAY_NOTIFY, /* a descriptor that tells of refused calls */
	SAY_ENDED, /* number: wait status of the command; code: -ENOSPC or -EDQUOT when the scratch is full */
	SAY_ANSWER, /* to the request `of` */
};

struct shim_message {
	uint32_t kind;
	uint32_t of;  /* SAY_ANSWER: which ask */
	int32_t code; /* 0 or a negative errno */
	uint32_t tag; /* comes back unchanged */
	int64_t number;
	int64_t cpu_us; /* SAY_READY: used by the shim so far; SAY_ENDED: used by all others; -1: not known */
	char text[224];
};

#endif
