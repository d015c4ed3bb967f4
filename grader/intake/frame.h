/* SPDX-License-Identifier: MIT */
/*
 * Frames: how the grading side and the reader in its box speak. One byte of kind, four bytes of length
 * (little-endian), then the payload. Numbers are little-endian; a text is two bytes of length and the
 * bytes. Pure: buffers only, no descriptor. What the reader says is a claim: a payload is bounded by its
 * kind before it is looked at, and every byte of it is accounted for.
 *
 *   asked            payload                            answered by
 *   ASK_ACCESS       user:text password:text            nothing; before ASK_OPEN of an address that not everybody may
 *                    key:text host:text port:8          read; HOST_KEYS as of known_hosts_find()
 *                    host_keys:text
 *   ASK_OPEN         how:1 place:text top:text          SAY_OPENED
 *                    revision:text
 *   ASK_TREE         -                                  (SAY_FILE SAY_DATA* | SAY_LINK | SAY_SUBMODULE)* SAY_END
 *   ASK_OBJECT_ID    path:text                          SAY_OBJECT_ID
 *   ASK_HISTORY      branch:text                        SAY_BRANCH (SAY_COMMIT SAY_ROOT_FILE* SAY_SECRET*)*
 *                                                       SAY_HISTORY_END
 *
 *   SAY_OPENED       commit:text shallow:1 branch:text
 *   SAY_FILE         executable:1 size:8 path:text      then SAY_DATA until SIZE bytes came
 *   SAY_DATA         bytes
 *   SAY_LINK         path:text target:text
 *   SAY_SUBMODULE    path:text
 *   SAY_END          -
 *   SAY_OBJECT_ID    id:text                            empty: not there
 *   SAY_BRANCH       found:1 shallow:1 other:text       OTHER: a branch that may be meant, or empty
 *   SAY_COMMIT       id:text parents:1 time:8           parents before children; PARENTS: 0, 1, 2 for 2 and
 *                    subject:text name:text email:text  more; texts are cut
 *   SAY_ROOT_FILE    path:text id:text                  a file of the commit before, which has no parents
 *   SAY_SECRET       kind:1 path:text                   found first in the commit before
 *   SAY_HISTORY_END  limit:1                            enum history_limit
 *   SAY_REFUSED      whose:1 reason:text                in place of any answer; the reader then ends
 */
#ifndef GRADER_INTAKE_FRAME_H
#define GRADER_INTAKE_FRAME_H

#include <milepost/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum frame_kind {
	ASK_ACCESS = 'a',
	ASK_OPEN = 'o',
	ASK_TREE = 't',
	ASK_OBJECT_ID = 'i',
	ASK_HISTORY = 'h',
	SAY_OPENED = 'O',
	SAY_FILE = 'F',
	SAY_DATA = 'D',
	SAY_LINK = 'L',
	SAY_SUBMODULE = 'S',
	SAY_END = 'E',
	SAY_OBJECT_ID = 'I',
	SAY_BRANCH = 'B',
	SAY_COMMIT = 'C',
	SAY_ROOT_FILE = 'R',
	SAY_SECRET = 'K',
	SAY_HISTORY_END = 'Z',
	SAY_REFUSED = 'X',
};

/* How a place is opened: the first byte of ASK_OPEN. */
enum frame_how {
	FRAME_HOW_COMMIT,   /* a git folder on this machine, at a revision */
	FRAME_HOW_CLONE,    /* a URL, cloned first */
	FRAME_HOW_WORKTREE, /* the files as they lie beneath TOP; PLACE may be empty: no repository */
};

/* Whose fault a refusal is: the first byte of SAY_REFUSED. */
enum frame_whose {
	FRAME_WHOSE_ASKER,	/* a revision that is not there, an address that does not answer */
	FRAME_WHOSE_REPOSITORY, /* it cannot be read */
};

enum {
	FRAME_HEAD = 5,
	FRAME_DATA_MAX = 64 << 10, /* most bytes of a payload */
	FRAME_INPUT_SIZE = 256 << 10,
	FRAME_REASON_MAX = 600, /* most bytes of a reason */
};

/* One frame. BYTES are borrowed from the input until its next frame_input_space(). */
struct frame {
	enum frame_kind kind;
	const uint8_t *bytes;
	size_t count;
};

/* What has arrived and was not taken yet. About 256 KiB: allocate it once. */
struct frame_input {
	size_t start, end;
	uint8_t data[FRAME_INPUT_SIZE];
};

/* Where to read more bytes to, and how many fit (never 0 once frame_next() has said 0). */
uint8_t *frame_input_space(struct frame_input *input, size_t *ret_count);
void frame_input_add(struct frame_input *input, size_t count);

/* 1 a whole frame is in RET_FRAME; 0 more bytes are needed; -EBADMSG that is no frame. */
MP_MUST_CHECK int frame_next(struct frame_input *input, struct frame *ret_frame);

/* Takes a payload apart. Reading past the end sets is_bad and gives 0 or an empty text. */
struct frame_cursor {
	const uint8_t *at;
	size_t left;
	bool is_bad;
};

struct frame_cursor frame_read(const struct frame *frame);
uint8_t frame_read_byte(struct frame_cursor *cursor);
uint64_t frame_read_size(struct frame_cursor *cursor);

/* Copies a text of fewer than SIZE bytes and closes it with NUL; a longer one, or a NUL inside, is bad. */
size_t frame_read_text(struct frame_cursor *cursor, char *ret_text, size_t size);

/* Whether all was there and nothing is left. */
bool frame_read_ok(const struct frame_cursor *cursor);

/* Frames on their way out; the owner writes data[0..used) and sets used to 0. Room for a large frame and small ones. */
struct frame_output {
	size_t used;
	size_t head; /* where the frame under way begins */
	uint8_t data[2 * (FRAME_DATA_MAX + 4096)];
};

/* Begin a frame; there must be FRAME_DATA_MAX + 4096 bytes free: frame_output_is_full() says so. */
bool frame_output_is_full(const struct frame_output *output);
void frame_begin(struct frame_output *output, enum frame_kind kind);
void frame_add_byte(struct frame_output *output, uint8_t value);
void frame_add_size(struct frame_output *output, uint64_t value);
void frame_add_text(struct frame_output *output, const char *text);
void frame_add_bytes(struct frame_output *output, const void *bytes, size_t count);
void frame_end(struct frame_output *output);

#endif
