/* SPDX-License-Identifier: MIT */
/*
 * A burst: many requests that are on their way at the same time.
 *
 * We connect the sockets ourselves, for at most 500 ms, and give libcurl those that are open all
 * at once; the rest follows as it opens. A server whose listen queue is short is slow, not wrong:
 * the kernel drops what does not fit and would try again after 1, 3 and 7 seconds, so we dial
 * again ourselves, much sooner. Connections of a burst are closed behind their answer: a server
 * that serves one connection at a time would else wait on the first for ever.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "grader/wire/inside.h"
#include "sandbox/base/clock.h"

enum {
	OPEN_MS = 500,	/* for opening, before those that are open are sent on */
	STALL_MS = 150, /* no further connection opens in this time: the queue is full, go on */
	DIAL_MS = 40,	/* then dial again */
	TICK_MS = 10,
	AFTER_END_MS = 200,
	BURST_BODY_BYTES = 2 * WIRE_BODY_MAX,
	BURST_BODY_MIN = 32 << 10,
};

/* Begin to connect one socket. A port that refuses ends the transfer. */
static void dial(struct transfer *transfer)
{
	struct wire *wire = transfer->wire;
	struct sockaddr_in four = {.sin_family = AF_INET,
				   .sin_port = htons((uint16_t)wire->port),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6,
				   .sin6_port = htons((uint16_t)wire->port),
				   .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	bool is_six = wire->family == AF_INET6;

	transfer->socket = transfer_socket(transfer, wire->family);
	if (transfer->socket < 0) {
		transfer_end(transfer, CURLE_COULDNT_CONNECT);
		return;
	}
	transfer->dialled_ms = clock_now_ms();
	if (connect(transfer->socket, is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four,
		    is_six ? sizeof(six) : sizeof(four)) < 0 &&
	    errno != EINPROGRESS)
		transfer_end(transfer, CURLE_COULDNT_CONNECT);
}

static bool is_waiting(const struct transfer *transfer)
{
	return !transfer->is_done && !transfer->is_ahead;
}

/*
 * Look at every socket that is still opening; dial those again that wait too long. Returns how
 * many opened.
 */
static int look(struct transfer *transfers, size_t count, const struct curl_waitfd *fds)
{
	int64_t now_ms = clock_now_ms();
	size_t at = 0;
	int opened = 0;

	for (size_t i = 0; i < count; i++) {
		struct transfer *transfer = &transfers[i];
		socklen_t size = sizeof(int);
		int problem = 0;

		if (!is_waiting(transfer))
			continue;
		if (fds[at++].revents) {
			(void)getsockopt(transfer->socket, SOL_SOCKET, SO_ERROR, &problem, &size);
			if (problem) {
				transfer_end(transfer, CURLE_COULDNT_CONNECT);
				continue;
			}
			transfer->is_ahead = true;
			opened++;
		} else if (now_ms - transfer->dialled_ms >= DIAL_MS) {
			(void)close(transfer->socket);
			dial(transfer);
		}
	}
	return opened;
}

static size_t fill_fds(const struct transfer *transfers, size_t count, struct curl_waitfd *fds)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_waiting(&transfers[i]))
			fds[used++] = (struct curl_waitfd){.fd = transfers[i].socket,
							   .events = CURL_WAIT_POLLOUT};
	}
	return used;
}

/* Phase one: nothing is sent yet. */
static int open_all(struct wire *wire, struct transfer *transfers, size_t count,
		    struct mp_error *err)
{
	struct curl_waitfd fds[WIRE_BURST_MAX];
	int64_t began_ms = clock_now_ms();
	int64_t moved_ms = began_ms;
	int code = 0;

	for (size_t i = 0; i < count; i++) {
		if (!transfers[i].is_done)
			dial(&transfers[i]);
	}
	while (code >= 0) {
		size_t waiting = fill_fds(transfers, count, fds);
		int64_t now_ms = clock_now_ms();

		if (waiting == 0 || wire->has_ended || now_ms - began_ms >= OPEN_MS ||
		    now_ms - moved_ms >= STALL_MS)
			return 0;
		code = wire_turn(wire, fds, waiting, TICK_MS, err);
		code = code < 0 ? code : look(transfers, count, fds);
		if (code > 0)
			moved_ms = clock_now_ms();
	}
	return code;
}

/* Give libcurl what has opened since. */
static int send_open(struct transfer *transfers, size_t count, struct mp_error *err)
{
	for (size_t i = 0; i < count; i++) {
		struct transfer *transfer = &transfers[i];
		int code;

		if (transfer->is_done || !transfer->is_ahead || transfer->is_added)
			continue;
		code = transfer_add(transfer, err);
		if (code < 0)
			return code;
	}
	return 0;
}

/*
 * End those whose time is over before they were connected, or whose box is gone. Returns how many
 * are left.
 */
static size_t expire(struct wire *wire, struct transfer *transfers, size_t count)
{
	int64_t now_ms = clock_now_ms();
	bool is_over = wire->has_ended && now_ms - wire->ended_ms >= AFTER_END_MS;
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		struct transfer *transfer = &transfers[i];

		if (transfer->is_done)
			continue;
		if (is_over) {
			transfer->is_cut_off = true;
			transfer_end(transfer, CURLE_RECV_ERROR);
		} else if (is_waiting(transfer) &&
			   now_ms - transfer->sent_us / 1000 >= transfer->timeout_ms) {
			transfer->is_queue_full = true;
			transfer_end(transfer, CURLE_OPERATION_TIMEDOUT);
		} else {
			left++;
		}
	}
	return left;
}

/* Phase two: everything that is open is under way, the rest follows. */
static int send_all(struct wire *wire, struct transfer *transfers, size_t count,
		    struct mp_error *err)
{
	struct curl_waitfd fds[WIRE_BURST_MAX];
	int64_t now_us = clock_now_us();
	int code;

	for (size_t i = 0; i < count; i++)
		transfers[i].sent_us = now_us;
	code = send_open(transfers, count, err);
	while (code >= 0 && expire(wire, transfers, count) > 0) {
		size_t waiting = fill_fds(transfers, count, fds);

		code = wire_turn(wire, fds, waiting, waiting || wire->has_ended ? TICK_MS : OPEN_MS,
				 err);
		code = code < 0 ? code : look(transfers, count, fds);
		code = code < 0 ? code : send_open(transfers, count, err);
	}
	return code;
}

int wire_burst(struct wire *wire, struct transfer *transfers, size_t count, struct mp_error *err)
{
	size_t share = BURST_BODY_BYTES / count;
	int code;

	/*
	 * An idle connection that is kept open would keep a server busy that serves one at a time.
	 */
	wire_hang_up(wire);
	for (size_t i = 0; i < count; i++) {
		struct transfer *transfer = &transfers[i];

		transfer->body_limit = share > WIRE_BODY_MAX	? WIRE_BODY_MAX
				       : share < BURST_BODY_MIN ? BURST_BODY_MIN
								: share;
		if (curl_easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, 1L) != CURLE_OK)
			return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "making a request");
	}
	code = open_all(wire, transfers, count, err);
	return code < 0 ? code : send_all(wire, transfers, count, err);
}
