/* SPDX-License-Identifier: MIT */
/*
 * Questions over the reader's pipe: what a boxed process of ours says of a submission's repository while
 * it is graded. Answers are claims: bounded and parsed here.
 *
 * Every call waits for its answer, at most as long as the reader's deadline. Errors: MP_FAULT_INPUT the
 * repository cannot be read (the reader died, met a limit, or took too long); MP_FAULT_HOST no box.
 */
#ifndef GRADER_INTAKE_READER_H
#define GRADER_INTAKE_READER_H

#include <milepost/box.h>
#include <milepost/error.h>
#include <stdbool.h>

#include "grader/intake/frame.h"

struct reader;
struct place;
struct intake_request;

/* Start the reader of PLACE in a box. RET_READER is owned by the caller until reader_close(). */
MP_MUST_CHECK int reader_open(const struct intake_request *request, const struct place *place,
			      struct reader **ret_reader, struct mp_error *err);

/* End the reader and its box. Accepts NULL; returns NULL. */
struct reader *reader_close(struct reader *reader);

/* Ask: the frame in OUTPUT, which is emptied. It must be small (it is written before anything is read). */
MP_MUST_CHECK int reader_ask(struct reader *reader, struct frame_output *output,
			     struct mp_error *err);

/* The next frame of the answer. Its bytes hold until the next call. */
MP_MUST_CHECK int reader_next(struct reader *reader, struct frame *ret_frame, struct mp_error *err);

/* A frame to fill for reader_ask(); owned by READER. */
struct frame_output *reader_output(struct reader *reader);

/*
 * The object id (40 hex) of PATH, a folder or file of the submission's tree, "" when it is not there;
 * PATH "" or "." is the whole tree. In a work tree: as if all its files were committed.
 */
MP_MUST_CHECK int reader_object_id(struct reader *reader, const char *path, char ret_id[41],
				   struct mp_error *err);

/* The history of BRANCH ("HEAD": of what is read), checked, in ARENA. */
struct history;
struct arena;
MP_MUST_CHECK int reader_history(struct reader *reader, const char *branch, struct arena *arena,
				 const struct history **ret_history, struct mp_error *err);

/* Whether TEXT is 40 lower-case hexadecimal digits. */
bool reader_is_object_id(const char *text);

#endif
