/* SPDX-License-Identifier: MIT */
/*
 * The events of one grading (docs/events.md), taken from a pipe as they come. Whoever writes them has parsed what
 * a learner's program said, so they are claims: bounded, and refused as a whole where one of them is not as the
 * format says.
 */
#ifndef GRADER_WORKERS_EVENTS_H
#define GRADER_WORKERS_EVENTS_H

#include <milepost/error.h>
#include <stdbool.h>

#include "grader/ledger/ledger.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/text.h"

enum {
	EVENT_LINE_MAX = 8 << 20,
	EVENTS_MOST = 20000,
	RESULTS_MOST = 200,
	EVENT_LINES_MOST = 400, /* `lines` of one event */
	EVENT_COLUMNS_MOST = 1000,
};

struct events {
	struct arena *arena; /* borrowed: for results and the end */
	struct text line;    /* owned: begun, its end has not come */
	size_t count;
	struct result *results;
	size_t result_count;
	bool has_ended;
	int64_t status;	    /* of the end: the exit status that the grading is about to have */
	const char *reason; /* of the end; NULL: none */
	const char *last;   /* the end as the body of an event note; NULL: it has no lines */
};

/* Is told each event that is to be shown: KIND and BODY as for event_add(). Returns 0 or an error of its own. */
typedef int events_show_fn(void *context, const char *kind, const char *body, struct mp_error *err);

void events_init(struct events *events, struct arena *arena);
void events_done(struct events *events);

/*
 * Take COUNT further BYTES. Results and the end are kept in EVENTS, what is to be shown is told to SHOW. Errors:
 * -EBADMSG a line is not as the format says, or one too many or too long; nothing more may be taken then.
 */
MP_MUST_CHECK int events_take(struct events *events, const char *bytes, size_t count,
			      events_show_fn *show, void *context, struct mp_error *err);

#endif
