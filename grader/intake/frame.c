/* SPDX-License-Identifier: MIT */
/* Frames: how the grading side and the reader in its box speak. */
#include "grader/intake/frame.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "grader/intake/limits.h"

/* How long a payload of each kind may be. */
static const struct {
	enum frame_kind kind;
	size_t least, most;
} frame_kinds[] = {
	{ASK_ACCESS, 18, FRAME_DATA_MAX},
	{ASK_OPEN, 7, 3 * 4098 + 1},
	{ASK_TREE, 0, 0},
	{ASK_OBJECT_ID, 2, 2 + INTAKE_PATH_MAX},
	{ASK_HISTORY, 3, 2 + HISTORY_BRANCH_MAX},
	{SAY_OPENED, 5, 1024},
	{SAY_FILE, 11, 11 + 4096},
	{SAY_DATA, 1, FRAME_DATA_MAX},
	{SAY_LINK, 4, 4 + 4096 + INTAKE_LINK_MAX},
	{SAY_SUBMODULE, 2, 2 + 4096},
	{SAY_END, 0, 0},
	{SAY_OBJECT_ID, 2, 2 + 40},
	{SAY_BRANCH, 4, 4 + HISTORY_BRANCH_MAX},
	{SAY_COMMIT, 57, 57 + 3 * HISTORY_TEXT_MAX},
	{SAY_ROOT_FILE, 45, 44 + INTAKE_PATH_MAX},
	{SAY_SECRET, 4, 3 + INTAKE_PATH_MAX},
	{SAY_HISTORY_END, 1, 1},
	{SAY_REFUSED, 3, 3 + FRAME_REASON_MAX},
};

static bool frame_is_sane(uint8_t kind, uint32_t count)
{
	for (size_t i = 0; i < sizeof(frame_kinds) / sizeof(frame_kinds[0]); i++) {
		if (frame_kinds[i].kind == kind)
			return count >= frame_kinds[i].least && count <= frame_kinds[i].most;
	}
	return false;
}

uint8_t *frame_input_space(struct frame_input *input, size_t *ret_count)
{
	if (input->start > 0) {
		memmove(input->data, input->data + input->start, input->end - input->start);
		input->end -= input->start;
		input->start = 0;
	}
	*ret_count = sizeof(input->data) - input->end;
	return input->data + input->end;
}

void frame_input_add(struct frame_input *input, size_t count)
{
	assert(count <= sizeof(input->data) - input->end);
	input->end += count;
}

static uint32_t frame_length(const uint8_t *head)
{
	return (uint32_t)head[1] | (uint32_t)head[2] << 8 | (uint32_t)head[3] << 16 |
	       (uint32_t)head[4] << 24;
}

int frame_next(struct frame_input *input, struct frame *ret_frame)
{
	const uint8_t *head = input->data + input->start;
	size_t there = input->end - input->start;
	uint32_t count;

	if (there < FRAME_HEAD)
		return 0;
	count = frame_length(head);
	if (!frame_is_sane(head[0], count))
		return -EBADMSG;
	if (there - FRAME_HEAD < count)
		return 0;
	*ret_frame = (struct frame){.kind = head[0], .bytes = head + FRAME_HEAD, .count = count};
	input->start += FRAME_HEAD + count;
	return 1;
}

struct frame_cursor frame_read(const struct frame *frame)
{
	return (struct frame_cursor){.at = frame->bytes, .left = frame->count};
}

/* COUNT bytes as a number, the least significant first. */
static uint64_t frame_read_number(struct frame_cursor *cursor, size_t count)
{
	uint64_t value = 0;

	if (cursor->left < count) {
		cursor->is_bad = true;
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		value |= (uint64_t)cursor->at[i] << (8 * i);
	cursor->at += count;
	cursor->left -= count;
	return value;
}

uint8_t frame_read_byte(struct frame_cursor *cursor)
{
	return (uint8_t)frame_read_number(cursor, 1);
}

uint64_t frame_read_size(struct frame_cursor *cursor)
{
	return frame_read_number(cursor, 8);
}

size_t frame_read_text(struct frame_cursor *cursor, char *ret_text, size_t size)
{
	size_t count = (size_t)frame_read_number(cursor, 2);

	ret_text[0] = '\0';
	if (cursor->is_bad || count > cursor->left || count >= size ||
	    memchr(cursor->at, '\0', count)) {
		cursor->is_bad = true;
		return 0;
	}
	memcpy(ret_text, cursor->at, count);
	ret_text[count] = '\0';
	cursor->at += count;
	cursor->left -= count;
	return count;
}

bool frame_read_ok(const struct frame_cursor *cursor)
{
	return !cursor->is_bad && cursor->left == 0;
}

bool frame_output_is_full(const struct frame_output *output)
{
	return sizeof(output->data) - output->used < FRAME_DATA_MAX + 4096;
}

void frame_add_bytes(struct frame_output *output, const void *bytes, size_t count)
{
	assert(count <= sizeof(output->data) - output->used);
	if (count > 0)
		memcpy(output->data + output->used, bytes, count);
	output->used += count;
}

static void frame_add_number(struct frame_output *output, uint64_t value, size_t count)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < count; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	frame_add_bytes(output, bytes, count);
}

void frame_begin(struct frame_output *output, enum frame_kind kind)
{
	assert(!frame_output_is_full(output));
	output->head = output->used;
	frame_add_number(output, (uint64_t)kind, 1);
	frame_add_number(output, 0, 4);
}

void frame_add_byte(struct frame_output *output, uint8_t value)
{
	frame_add_number(output, value, 1);
}

void frame_add_size(struct frame_output *output, uint64_t value)
{
	frame_add_number(output, value, 8);
}

void frame_add_text(struct frame_output *output, const char *text)
{
	size_t count = strlen(text);

	assert(count <= UINT16_MAX);
	frame_add_number(output, count, 2);
	frame_add_bytes(output, text, count);
}

void frame_end(struct frame_output *output)
{
	uint64_t count = output->used - output->head - FRAME_HEAD;

	for (size_t i = 0; i < 4; i++)
		output->data[output->head + 1 + i] = (uint8_t)(count >> (8 * i));
}
