/* SPDX-License-Identifier: MIT */
/*
 * Listening sockets of the box. The shim opened a diagnosis socket in the box's network namespace and
 * handed it over: the watcher asks it for sockets in the state LISTEN, which costs some microseconds, while
 * reading /proc/net/tcp walks the hash table of the whole host (2 ms). Where the kernel has no such
 * diagnosis, /proc is read after all. Sources: sock_diag(7), proc(5).
 */
#include "sandbox/base/clock.h"
#include "sandbox/box/watcher.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A start is followed closely; a service that runs is looked at now and then. */
enum { LOOK_FAST_US = 5000, LOOK_SLOW_US = 50000, FAST_FOR_US = 2000000, STATE_LISTEN = 10 };

static void found(struct watcher *watcher, int family, const void *address, int port,
		  uint32_t inode)
{
	struct shim_message ask = {.kind = ASK_OWNER, .number = inode, .tag = inode};
	struct known_listener *known;

	for (size_t i = 0; i < watcher->listener_count; i++)
		if (watcher->listeners[i].inode == inode &&
		    watcher->listeners[i].about.port == port) {
			watcher->listeners[i].is_seen = true;
			return;
		}
	if (watcher->listener_count == LISTENERS_MAX)
		return;
	known = &watcher->listeners[watcher->listener_count];
	*known = (struct known_listener){.inode = inode, .is_seen = true};
	known->about.family = family;
	known->about.port = port;
	known->about.after_ms = (clock_now_us() - watcher->started_us) / 1000;
	(void)inet_ntop(family, address, known->about.address, sizeof(known->about.address));
	if (message_send(watcher->jail.ask_fd, &ask, sizeof(ask), NULL, 0, MSG_DONTWAIT) == 0)
		watcher->listener_count++;
}

void listeners_take_owner(struct watcher *watcher, uint32_t inode, const char *name)
{
	for (size_t i = 0; i < watcher->listener_count; i++) {
		struct known_listener *known = &watcher->listeners[i];
		struct mp_event event = {.kind = MP_EVENT_LISTENING};

		if (known->inode != inode)
			continue;
		(void)snprintf(known->about.command, sizeof(known->about.command), "%s", name);
		event.listener = known->about;
		watcher_tell(watcher, &event);
		return;
	}
}

/* One family by netlink: 0, or a negative errno when the kernel cannot. */
static int ask_kernel(struct watcher *watcher, uint8_t family)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
	} ask = {
		.header = {.nlmsg_len = sizeof(ask),
			   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.request = {.sdiag_family = family,
			    .sdiag_protocol = IPPROTO_TCP,
			    .idiag_states = 1U << STATE_LISTEN},
	};
	static char answer[16384];

	if (send(watcher->diagnosis_fd, &ask, sizeof(ask), 0) < 0)
		return -errno;
	for (;;) {
		ssize_t got = recv(watcher->diagnosis_fd, answer, sizeof(answer), 0);
		struct nlmsghdr *header = (struct nlmsghdr *)(void *)answer;

		if (got <= 0)
			return got < 0 ? -errno : 0;
		for (int left = (int)got; NLMSG_OK(header, (unsigned int)left);
		     header = NLMSG_NEXT(header, left)) {
			struct inet_diag_msg *row = NLMSG_DATA(header);

			if (header->nlmsg_type == NLMSG_DONE)
				return 0;
			if (header->nlmsg_type == NLMSG_ERROR)
				return ((struct nlmsgerr *)NLMSG_DATA(header))->error;
			found(watcher, row->idiag_family, row->id.idiag_src,
			      ntohs(row->id.idiag_sport), row->idiag_inode);
		}
	}
}

/* The same from a file of /proc/PID/net; the format is the kernel's own. */
static void read_file(struct watcher *watcher, const char *name, int family)
{
	char path[64];
	char line[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/net/%s", watcher->jail.shim, name);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		uint32_t words[4] = {0};
		char *at = strchr(line, ':');
		int port, state;
		uint32_t inode;

		for (int i = 0; at && i < (family == AF_INET ? 1 : 4); i++) {
			char part[9] = "";

			(void)snprintf(part, sizeof(part), "%.8s", at + 2 + i * 8);
			words[i] = (uint32_t)strtoul(part, NULL, 16);
		}
		at = at ? strchr(at + 1, ':') : NULL;
		port = at ? (int)strtoul(at + 1, NULL, 16) : 0;
		at = at ? strchr(at + 1, ':') : NULL;
		state = at && strlen(at) > 8 ? (int)strtoul(at + 6, NULL, 16) : 0;
		/* Words after the state: queues, timer, retransmits, uid, timeout, then the inode. */
		for (int i = 0; at && i < 7; i++)
			at = strchr(at + 1, ' ')
				     ? strchr(at + 1, ' ') + strspn(strchr(at + 1, ' '), " ") - 1
				     : NULL;
		inode = at ? (uint32_t)strtoul(at, NULL, 10) : 0;
		if (state == STATE_LISTEN && inode > 0)
			found(watcher, family, words, port, inode);
	}
	if (file)
		(void)fclose(file);
}

/* Forget those that are gone, so that a port that opens again is told again. */
static void forget_unseen(struct watcher *watcher)
{
	size_t kept = 0;

	for (size_t i = 0; i < watcher->listener_count; i++)
		if (watcher->listeners[i].is_seen) {
			watcher->listeners[kept] = watcher->listeners[i];
			watcher->listeners[kept++].is_seen = false;
		}
	watcher->listener_count = kept;
}

void listeners_look(struct watcher *watcher, int64_t now_us)
{
	int result;

	if (watcher->next_listen_us == 0 || now_us < watcher->next_listen_us || watcher->is_killed)
		return;
	forget_unseen(watcher);
	result = watcher->diagnosis_fd < 0 ? -ENOSYS : ask_kernel(watcher, AF_INET);
	if (result == 0)
		result = ask_kernel(watcher, AF_INET6);
	if (result < 0 && result != -EAGAIN) {
		read_file(watcher, "tcp", AF_INET);
		read_file(watcher, "tcp6", AF_INET6);
	}
	watcher->next_listen_us =
		now_us + (now_us - watcher->started_us < FAST_FOR_US ? LOOK_FAST_US : LOOK_SLOW_US);
}
