/* SPDX-License-Identifier: MIT */
/*
 * The one event loop of a grading: libcurl's transfers over sockets made inside a box, and the
 * box's own events. No threads. A wire serves one box at a time (wire_attach); transfers go to
 * whatever loopback family is open there.
 */
#ifndef GRADER_WIRE_WIRE_H
#define GRADER_WIRE_WIRE_H

#include <milepost/box.h>
#include <milepost/error.h>
#include <stdint.h>

#include "sandbox/base/arena.h"

struct wire;

/* A request, ready to be sent: all texts final, encoded. Borrowed until wire_send() returns. */
struct wire_request {
	const char *method; /* "GET" */
	/* Path and query beginning with /, or a whole URL, which is led into the box. */
	const char *url;
	/* "Name: value", NULL-terminated; NULL: none. No Host, no Content-Length. */
	const char *const *headers;
	const void *body; /* NULL: none */
	size_t body_bytes;
	int64_t timeout_ms; /* for the whole answer, from the moment it is sent */
};

/* Why there is no (whole) answer. WIRE_OK: there is one. */
enum wire_problem {
	WIRE_OK,
	WIRE_REFUSED,	/* nobody listens */
	WIRE_TIMEOUT,	/* no whole answer in time */
	WIRE_CLOSED,	/* the connection ended before the answer was whole */
	WIRE_GARBAGE,	/* what came is no HTTP */
	WIRE_TOO_LARGE, /* more than the limits of body (after decompression) or headers */
	WIRE_ENDED,	/* the service ended while it was asked */
};

struct wire_header {
	const char *name; /* as sent; neither is NULL */
	const char *value;
};

/* An answer. Everything lies in the arena that was passed to wire_send(). */
struct wire_answer {
	enum wire_problem problem;
	const char *problem_text; /* one sentence for a learner; NULL when WIRE_OK */
	int status;
	const char *reason;
	struct wire_header *headers;
	size_t header_count;
	const char *body; /* decoded (gzip), NUL-terminated, may hold NUL bytes */
	size_t body_bytes;
	int64_t within_ms; /* from sending to the whole answer */
	bool was_led; /* a whole URL named another host, scheme or port and was led into the box */
};

/* One body is kept up to WIRE_BODY_MAX; those of a burst share twice that. */
enum { WIRE_BODY_MAX = 4 << 20, WIRE_HEADERS_MAX = 256 << 10, WIRE_BURST_MAX = 200 };

MP_MUST_CHECK int wire_open(struct wire **ret_wire, struct mp_error *err);
struct wire *wire_close(struct wire *wire);

/*
 * From now on requests go to PORT of BOX (borrowed until detached or closed), where FAMILY
 * (AF_INET, AF_INET6) is what listens; 0: 127.0.0.1. NULL detaches: events are forgotten, a
 * request that was begun may still be finished.
 */
void wire_attach(struct wire *wire, struct mp_box *box, int port);
void wire_set_family(struct wire *wire, int family);

/* Which browser it says it is: the same for one seed. */
void wire_set_seed(struct wire *wire, uint64_t seed);

/*
 * Close the connections that are kept open between requests: a service that is told to end may
 * wait for them.
 */
void wire_hang_up(struct wire *wire);

/*
 * Send COUNT requests at once and collect all answers, in the order of the requests. With COUNT
 * over 1 connections are opened for at most 500 ms, then what is open is sent on together, and the
 * rest as it opens. Box events that come meanwhile are kept for wire_poll(). RET_ANSWERS has COUNT
 * elements. Errors are ours only (no memory, the watcher is gone); the service's are problems of
 * the answer.
 */
MP_MUST_CHECK int wire_send(struct wire *wire, const struct wire_request *requests, size_t count,
			    struct wire_answer *ret_answers, struct arena *arena,
			    struct mp_error *err);

/*
 * Like wire_send() of one request, but returns as soon as the request is on its way (or cannot be,
 * after 500 ms); the answer comes from wire_finish(). One at a time. For `stop ... while`: its
 * connection is closed behind the answer, the idle ones before it.
 */
MP_MUST_CHECK int wire_begin(struct wire *wire, const struct wire_request *request,
			     struct mp_error *err);
MP_MUST_CHECK int wire_finish(struct wire *wire, struct wire_answer *ret_answer,
			      struct arena *arena, struct mp_error *err);

/* Wait at most TIMEOUT_MS for an event of the attached box. MP_EVENT_NONE: the time is over. */
MP_MUST_CHECK int wire_poll(struct wire *wire, int64_t timeout_ms, struct mp_event *ret_event,
			    struct mp_error *err);

#endif
