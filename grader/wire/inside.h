/* SPDX-License-Identifier: MIT */
/* What the files of the wire share: the loop's state and one transfer. */
#ifndef GRADER_WIRE_INSIDE_H
#define GRADER_WIRE_INSIDE_H

#include <curl/curl.h>

#include "grader/wire/wire.h"
#include "sandbox/base/text.h"

enum { WIRE_EVENTS_MAX = 256, WIRE_SPARE_MAX = 32 };

/* One request on its way, and what came of it so far. */
struct transfer {
	struct wire *wire;	    /* borrowed */
	CURL *easy;		    /* owned until it goes back to the wire's spares */
	struct curl_slist *headers; /* owned */
	struct curl_slist *lead;    /* owned: where every address is led */
	struct text body;	    /* owned */
	char reason[128];
	size_t header_bytes;
	size_t body_limit;
	int64_t timeout_ms;
	int64_t sent_us;  /* CLOCK_MONOTONIC; 0: not yet */
	int64_t ended_us; /* 0: not yet */
	int socket; /* owned until libcurl takes it: connected ahead, or on its way; -1: none */
	int64_t dialled_ms;
	bool is_ahead; /* the socket is connected by us, not by libcurl */
	bool is_added; /* libcurl has it */
	bool is_done;
	bool is_url_bad;
	bool is_on_its_way; /* the request is being written */
	bool was_led;
	bool has_whole_head; /* the empty line behind the final headers was seen */
	bool is_body_too_large, is_head_too_large;
	bool is_cut_off;    /* given up because the box has ended */
	bool is_queue_full; /* the connection was never accepted in time */
	int open_code;	    /* of the socket that the box did not give: a negative errno; else 0 */
	CURLcode code;
};

struct wire {
	CURLM *multi;	    /* owned */
	struct mp_box *box; /* borrowed; NULL: none */
	int port;
	int family;
	const char *agent;	      /* static */
	CURL *spares[WIRE_SPARE_MAX]; /* owned */
	size_t spare_count;
	struct transfer *begun; /* owned; NULL: none */
	struct mp_event events[WIRE_EVENTS_MAX];
	size_t event_count;
	bool has_ended;		     /* the box of this attachment is gone */
	struct mp_box_result result; /* how, when it has ended */
	int64_t ended_ms;
};

/* Make ready what REQUEST says; the texts of REQUEST are copied. Errors: -ENOMEM. */
MP_MUST_CHECK int transfer_init(struct transfer *transfer, struct wire *wire,
				const struct wire_request *request, struct mp_error *err);
void transfer_done(struct transfer *transfer);

/* Hand it to libcurl. */
MP_MUST_CHECK int transfer_add(struct transfer *transfer, struct mp_error *err);

/* A socket of the box in FAMILY, or -1; then open_code says why. */
int transfer_socket(struct transfer *transfer, int family);

/* Nothing more will come: remember when. */
void transfer_end(struct transfer *transfer, CURLcode code);

/* What came of a transfer that is done, as an answer in ARENA. */
void transfer_answer(struct transfer *transfer, struct arena *arena,
		     struct wire_answer *ret_answer);

/*
 * One turn of the loop: let libcurl work, note what is finished, then wait at most TIMEOUT_MS for
 * sockets, the box or one of MORE (COUNT of them, revents are filled).
 */
MP_MUST_CHECK int wire_turn(struct wire *wire, struct curl_waitfd *more, size_t count,
			    int64_t timeout_ms, struct mp_error *err);

/* Send COUNT transfers together; returns when all are done. */
MP_MUST_CHECK int wire_burst(struct wire *wire, struct transfer *transfers, size_t count,
			     struct mp_error *err);

#endif
