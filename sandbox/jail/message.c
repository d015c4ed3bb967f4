/* SPDX-License-Identifier: MIT */
/* Messages with descriptors. Sources: unix(7), cmsg(3). */
#include "sandbox/jail/message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union fd_room {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int) * MESSAGE_FDS_MAX)];
};

int message_send(int socket_fd, const void *bytes, size_t count, const int *fds, size_t fd_count,
		 int flags)
{
	union fd_room room = {0};
	struct iovec part = {(void *)(uintptr_t)bytes, count};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (fd_count > MESSAGE_FDS_MAX)
		return -EINVAL;
	if (fd_count > 0) {
		message.msg_control = room.bytes;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
		room.header.cmsg_level = SOL_SOCKET;
		room.header.cmsg_type = SCM_RIGHTS;
		room.header.cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
		memcpy(CMSG_DATA(&room.header), fds, sizeof(int) * fd_count);
	}
	while (sendmsg(socket_fd, &message, flags | MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

/* Give the descriptors of MESSAGE to RET_FDS, or close them. */
static void take_fds(struct msghdr *message, int *ret_fds)
{
	size_t taken = 0;

	for (size_t i = 0; ret_fds && i < MESSAGE_FDS_MAX; i++)
		ret_fds[i] = -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (ret_fds && taken < MESSAGE_FDS_MAX)
				ret_fds[taken++] = fd;
			else
				(void)close(fd);
		}
	}
}

int message_receive(int socket_fd, void *ret_bytes, size_t count, int *ret_fds, int flags)
{
	union fd_room room = {0};
	struct iovec part = {ret_bytes, count};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = room.bytes,
				 .msg_controllen = sizeof(room.bytes)};
	ssize_t got;

	/*
	 * An end that closes with something unread resets the other one, and the kernel tells so before it
	 * gives what was sent earlier. It tells it once: the words themselves come after it.
	 */
	do
		got = recvmsg(socket_fd, &message, flags | MSG_CMSG_CLOEXEC);
	while (got < 0 && (errno == EINTR || errno == ECONNRESET));
	if (got < 0)
		return -errno;
	take_fds(&message, ret_fds);
	if (got == 0)
		return 0;
	if ((size_t)got == count && !(message.msg_flags & MSG_TRUNC))
		return 1;
	for (size_t i = 0; ret_fds && i < MESSAGE_FDS_MAX; i++)
		if (ret_fds[i] >= 0) {
			(void)close(ret_fds[i]);
			ret_fds[i] = -1;
		}
	return -EBADMSG;
}
