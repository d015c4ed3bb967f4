/* SPDX-License-Identifier: MIT */
/*
 * The one event loop of a grading.
 *
 * One process, no threads: libcurl's multi handle over sockets that the box's watcher makes inside
 * the box, and the descriptor on which that watcher reports events, are polled together. Events
 * that come while requests are under way wait in a queue for wire_poll(). Messages of the multi
 * handle are read right after curl_multi_perform(), not only after a poll: the latter costs a
 * factor of 90.
 *
 * A service that dies closes its connections before its box is seen to end. So what was refused or
 * closed is settled only after a short wait for that event: "it ended" is told as such, whatever
 * came first.
 */
#include "grader/wire/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "grader/wire/inside.h"
#include "sandbox/base/clock.h"

enum {
	BEGIN_MS = 500,	       /* for a begun request to get on its way */
	AFTER_END_MS = 200,    /* for bytes that are still in flight when the box has ended */
	REFUSED_WAIT_MS = 400, /* for the end that explains why nobody listens */
	CLOSED_WAIT_MS = 150,
	TURN_MS = 1000,
};

static const char *const agents[] = {
	"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
};

int wire_open(struct wire **ret_wire, struct mp_error *err)
{
	struct wire *wire = calloc(1, sizeof(*wire));

	if (wire && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		wire->multi = curl_multi_init();
	if (!wire || !wire->multi) {
		free(wire);
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "starting libcurl");
	}
	wire->family = AF_INET;
	wire->agent = agents[0];
	*ret_wire = wire;
	return 0;
}

static void drop_begun(struct wire *wire)
{
	if (!wire->begun)
		return;
	transfer_done(wire->begun);
	free(wire->begun);
	wire->begun = NULL;
}

struct wire *wire_close(struct wire *wire)
{
	if (!wire)
		return NULL;
	drop_begun(wire);
	while (wire->spare_count > 0)
		curl_easy_cleanup(wire->spares[--wire->spare_count]);
	(void)curl_multi_cleanup(wire->multi);
	free(wire);
	return NULL;
}

void wire_attach(struct wire *wire, struct mp_box *box, int port)
{
	if (box) {
		drop_begun(wire);
		wire_hang_up(wire);
		wire->has_ended = false;
		wire->port = port;
		wire->family = AF_INET;
	}
	wire->box = box;
	wire->event_count = 0;
}

void wire_set_family(struct wire *wire, int family)
{
	wire->family = family == AF_INET6 ? AF_INET6 : AF_INET;
}

void wire_set_seed(struct wire *wire, uint64_t seed)
{
	wire->agent = agents[seed % (sizeof(agents) / sizeof(agents[0]))];
}

void wire_hang_up(struct wire *wire)
{
	CURLM *fresh;

	/*
	 * A begun request lives in the multi handle; libcurl has no call that closes only the idle
	 * ones.
	 */
	if (wire->begun)
		return;
	fresh = curl_multi_init();
	if (!fresh)
		return;
	(void)curl_multi_cleanup(wire->multi);
	wire->multi = fresh;
}

/* --- events of the box --------------------------------------------------------------------- */

static void keep_event(struct wire *wire, const struct mp_event *event)
{
	size_t last = wire->event_count - 1;

	if (event->kind == MP_EVENT_ENDED) {
		wire->has_ended = true;
		wire->result = event->result;
		wire->ended_ms = clock_now_ms();
		if (wire->event_count == WIRE_EVENTS_MAX)
			wire->event_count--;
	}
	if (wire->event_count == WIRE_EVENTS_MAX)
		return;
	if (event->kind == MP_EVENT_OUTPUT && wire->event_count > 0 &&
	    wire->events[last].kind == MP_EVENT_OUTPUT)
		return;
	wire->events[wire->event_count++] = *event;
}

static int collect_events(struct wire *wire, struct mp_error *err)
{
	struct mp_event event;
	int code;

	while (wire->box && !wire->has_ended) {
		code = mp_box_next(wire->box, &event, err);
		if (code < 0)
			return code;
		if (event.kind == MP_EVENT_NONE)
			break;
		keep_event(wire, &event);
	}
	return 0;
}

/* Wait at most WAIT_MS for the end of the box. */
static int await_end(struct wire *wire, int64_t wait_ms, struct mp_error *err)
{
	int64_t until_ms = clock_now_ms() + wait_ms;
	int code = collect_events(wire, err);

	while (code == 0 && wire->box && !wire->has_ended) {
		struct pollfd box = {.fd = mp_box_fd(wire->box), .events = POLLIN};
		int64_t left_ms = until_ms - clock_now_ms();

		if (left_ms <= 0)
			break;
		if (poll(&box, 1, (int)left_ms) < 0 && errno != EINTR)
			return mp_fail(err, MP_FAULT_HOST, -errno, "waiting for a box");
		code = collect_events(wire, err);
	}
	return code;
}

/* --- the loop ------------------------------------------------------------------------------ */

static size_t read_messages(struct wire *wire)
{
	size_t finished = 0;
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(wire->multi, &left))) {
		struct transfer *transfer = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
		transfer_end(transfer, message->data.result);
		finished++;
	}
	return finished;
}

int wire_turn(struct wire *wire, struct curl_waitfd *more, size_t count, int64_t timeout_ms,
	      struct mp_error *err)
{
	struct curl_waitfd fds[1 + WIRE_BURST_MAX];
	bool has_box = wire->box && !wire->has_ended;
	unsigned used = 0;
	int running;

	if (curl_multi_perform(wire->multi, &running) != CURLM_OK)
		return mp_fail(err, MP_FAULT_BUG, -EIO, "libcurl");
	if (read_messages(wire) > 0)
		timeout_ms = 0;
	if (has_box)
		fds[used++] = (struct curl_waitfd){.fd = mp_box_fd(wire->box),
						   .events = CURL_WAIT_POLLIN};
	if (count > 0)
		memcpy(fds + used, more, count * sizeof(*more));
	if (curl_multi_poll(wire->multi, fds, used + (unsigned)count, (int)timeout_ms, NULL) !=
	    CURLM_OK)
		return mp_fail(err, MP_FAULT_HOST, -EIO, "waiting for sockets");
	if (count > 0)
		memcpy(more, fds + used, count * sizeof(*more));
	return has_box && fds[0].revents ? collect_events(wire, err) : 0;
}

/* Is it senseless to wait longer for this one? Then it is done. */
static bool give_up(struct transfer *transfer)
{
	const struct wire *wire = transfer->wire;

	if (transfer->is_done || !wire->has_ended || clock_now_ms() - wire->ended_ms < AFTER_END_MS)
		return transfer->is_done;
	transfer->is_cut_off = true;
	transfer_end(transfer, CURLE_RECV_ERROR);
	return true;
}

/*
 * Turn until TRANSFER is done, at most WAIT_MS (-1: its own time) or, when FOR_START, until it is
 * on its way.
 */
static int run_one(struct transfer *transfer, int64_t wait_ms, bool for_start, struct mp_error *err)
{
	int64_t until_ms = wait_ms < 0 ? INT64_MAX : clock_now_ms() + wait_ms;
	int code = 0;

	while (code == 0 && !give_up(transfer) && !(for_start && transfer->is_on_its_way)) {
		int64_t left_ms = until_ms - clock_now_ms();
		int64_t most_ms = transfer->wire->has_ended ? AFTER_END_MS / 10 : TURN_MS;

		if (left_ms <= 0)
			break;
		code = wire_turn(transfer->wire, NULL, 0, left_ms < most_ms ? left_ms : most_ms,
				 err);
	}
	return code;
}

/* The end of the service explains more than a connection that is refused or closed. */
static int settle(struct wire *wire, struct transfer *transfers, size_t count, struct mp_error *err)
{
	int64_t wait_ms = 0;
	int code;

	for (size_t i = 0; i < count; i++) {
		bool is_refused = transfers[i].code == CURLE_COULDNT_CONNECT;
		/* Headers that break off are no error to libcurl. */
		bool is_closed = (transfers[i].code == CURLE_OK && !transfers[i].has_whole_head) ||
				 transfers[i].code == CURLE_GOT_NOTHING ||
				 transfers[i].code == CURLE_RECV_ERROR ||
				 transfers[i].code == CURLE_PARTIAL_FILE ||
				 transfers[i].code == CURLE_SEND_ERROR;

		if (is_refused)
			wait_ms = REFUSED_WAIT_MS;
		else if (is_closed && wait_ms < CLOSED_WAIT_MS)
			wait_ms = CLOSED_WAIT_MS;
	}
	code = wait_ms > 0 ? await_end(wire, wait_ms, err) : 0;
	for (size_t i = 0; code == 0 && !wire->has_ended && i < count; i++) {
		if (transfers[i].open_code < 0)
			code = mp_fail(err, MP_FAULT_HOST, transfers[i].open_code,
				       "making a socket in a box");
	}
	return code;
}

int wire_send(struct wire *wire, const struct wire_request *requests, size_t count,
	      struct wire_answer *ret_answers, struct arena *arena, struct mp_error *err)
{
	struct transfer *transfers = calloc(count, sizeof(*transfers));
	size_t made = 0;
	int code = 0;

	if (!transfers || count > WIRE_BURST_MAX) {
		free(transfers);
		return mp_fail(err, MP_FAULT_BUG, -EINVAL, "sending %zu requests at once", count);
	}
	while (code == 0 && made < count) {
		code = transfer_init(&transfers[made], wire, &requests[made], err);
		made += code == 0;
	}
	if (code == 0 && count > 1) {
		code = wire_burst(wire, transfers, count, err);
	} else if (code == 0 && count == 1 && !transfers[0].is_done) {
		code = transfer_add(&transfers[0], err);
		code = code < 0 ? code : run_one(&transfers[0], -1, false, err);
	}
	code = code < 0 ? code : settle(wire, transfers, count, err);
	for (size_t i = 0; code == 0 && i < count; i++)
		transfer_answer(&transfers[i], arena, &ret_answers[i]);
	while (made > 0)
		transfer_done(&transfers[--made]);
	free(transfers);
	return code;
}

int wire_begin(struct wire *wire, const struct wire_request *request, struct mp_error *err)
{
	int code;

	if (wire->begun)
		return mp_fail(err, MP_FAULT_BUG, -EBUSY, "a request is begun already");
	/* While it is under way the idle connections cannot be told from its own. */
	wire_hang_up(wire);
	wire->begun = calloc(1, sizeof(*wire->begun));
	if (!wire->begun)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "beginning a request");
	code = transfer_init(wire->begun, wire, request, err);
	/* A service that is told to end meanwhile may wait for its connections. */
	if (code == 0 && curl_easy_setopt(wire->begun->easy, CURLOPT_FORBID_REUSE, 1L) != CURLE_OK)
		code = mp_fail(err, MP_FAULT_HOST, -ENOMEM, "beginning a request");
	if (code == 0 && !wire->begun->is_done)
		code = transfer_add(wire->begun, err);
	code = code < 0 ? code : run_one(wire->begun, BEGIN_MS, true, err);
	if (code == 0 && !wire->begun->is_done)
		code = wire_turn(wire, NULL, 0, 0, err);
	if (code < 0)
		drop_begun(wire);
	return code;
}

int wire_finish(struct wire *wire, struct wire_answer *ret_answer, struct arena *arena,
		struct mp_error *err)
{
	int code;

	if (!wire->begun)
		return mp_fail(err, MP_FAULT_BUG, -EINVAL, "no request was begun");
	code = run_one(wire->begun, -1, false, err);
	code = code < 0 ? code : settle(wire, wire->begun, 1, err);
	if (code == 0)
		transfer_answer(wire->begun, arena, ret_answer);
	drop_begun(wire);
	return code;
}

int wire_poll(struct wire *wire, int64_t timeout_ms, struct mp_event *ret_event,
	      struct mp_error *err)
{
	int64_t until_ms = clock_now_ms() + timeout_ms;
	int code = collect_events(wire, err);

	while (code == 0 && wire->event_count == 0) {
		int64_t left_ms = until_ms - clock_now_ms();

		if (left_ms <= 0 || (wire->has_ended && !wire->begun))
			break;
		code = wire_turn(wire, NULL, 0, left_ms < TURN_MS ? left_ms : TURN_MS, err);
	}
	if (code < 0)
		return code;
	*ret_event = (struct mp_event){.kind = MP_EVENT_NONE};
	if (wire->event_count > 0) {
		*ret_event = wire->events[0];
		wire->event_count--;
		memmove(wire->events, wire->events + 1,
			wire->event_count * sizeof(wire->events[0]));
	}
	return 0;
}
