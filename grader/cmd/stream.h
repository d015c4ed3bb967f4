/* SPDX-License-Identifier: MIT */
/*
 * The stream: what `milepost grade --events FD` tells while it grades, format milepost.events/1, one JSON
 * object a line (docs/events.md). Each event is written at once. A reader that goes away ends nothing: the
 * grading goes on, and nothing more is told.
 */
#ifndef GRADER_CMD_STREAM_H
#define GRADER_CMD_STREAM_H

#include "grader/cmd/assess.h"

struct stream;

/*
 * A stream into the descriptor FD, which the caller of this program has opened. Errors: MP_FAULT_USAGE it is
 * not open.
 */
MP_MUST_CHECK int stream_open(int fd, struct stream **ret_stream, struct mp_error *err);

/* Is FD one that this program was started with? Then it is kept from the programs that are started here. */
bool stream_is_inherited(int fd);

/*
 * Everything is read, nothing is graded yet: what is noted, what is kept. The language of what is told is
 * opened. All functions from here on accept a NULL stream and then do nothing.
 */
MP_MUST_CHECK int stream_begin(struct stream *stream, const struct assess_request *request,
			       const struct assessment *assessment, struct mp_error *err);

/* The exercise of CARD is next; for struct grade_request: CONTEXT is the stream. */
void stream_exercise(struct stream *stream, const struct card *card);
void stream_ready(void *context, const char *command, int64_t after_ms);
void stream_check(void *context, const struct check *check, const struct outcome *outcome);

/* CARD has its score: the events card and result. */
MP_MUST_CHECK int stream_card(struct stream *stream, const struct assess_request *request,
			      const struct assessment *assessment, const struct card *card,
			      struct mp_error *err);

/* All cards are there: the last lines, for stream_close(). */
void stream_finish(struct stream *stream, const struct assess_request *request,
		   const struct assessment *assessment);

/*
 * The event ended, with the exit STATUS of this program; ERR says why where it is an error. Then the stream
 * is freed.
 */
struct stream *stream_close(struct stream *stream, int status, const struct mp_error *err);

#endif
