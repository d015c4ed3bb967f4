/* SPDX-License-Identifier: MIT */
/* Frames: what one side writes the other reads, and nothing else is read. */
#include "tests/helper/tap.h"

#include <errno.h>

#include "grader/intake/frame.h"

static struct frame_input input;
static struct frame_output output;

static void arrive(const void *bytes, size_t count)
{
	size_t room;
	uint8_t *to = frame_input_space(&input, &room);

	OK(room >= count);
	memcpy(to, bytes, count);
	frame_input_add(&input, count);
}

static void begin(void)
{
	input.start = 0;
	input.end = 0;
	output.used = 0;
}

static void a_frame_arrives_as_it_was_written(void)
{
	struct frame frame;
	struct frame_cursor cursor;
	char text[16];

	begin();
	frame_begin(&output, SAY_FILE);
	frame_add_byte(&output, 1);
	frame_add_size(&output, 0x123456789abcdefULL);
	frame_add_text(&output, "a/b");
	frame_end(&output);
	frame_begin(&output, SAY_END);
	frame_end(&output);
	arrive(output.data, output.used);
	IS(frame_next(&input, &frame), 1);
	IS(frame.kind, SAY_FILE);
	cursor = frame_read(&frame);
	IS(frame_read_byte(&cursor), 1);
	IS(frame_read_size(&cursor), 0x123456789abcdefULL);
	IS(frame_read_text(&cursor, text, sizeof(text)), 3);
	IS_TEXT(text, "a/b");
	OK(frame_read_ok(&cursor));
	IS(frame_next(&input, &frame), 1);
	IS(frame.kind, SAY_END);
	IS(frame.count, 0);
	IS(frame_next(&input, &frame), 0);
}

static void a_frame_may_arrive_byte_by_byte(void)
{
	struct frame frame;

	begin();
	frame_begin(&output, SAY_SUBMODULE);
	frame_add_text(&output, "module");
	frame_end(&output);
	for (size_t i = 0; i < output.used; i++) {
		IS(frame_next(&input, &frame), 0);
		arrive(output.data + i, 1);
	}
	IS(frame_next(&input, &frame), 1);
	IS(frame.kind, SAY_SUBMODULE);
}

static void a_head_out_of_its_bounds_is_no_frame(void)
{
	static const struct {
		uint8_t head[FRAME_HEAD];
		int wanted;
	} heads[] = {
		{{'D', 1, 0, 0, 0}, 0},		  {{'D', 0, 0, 1, 0}, 0},
		{{'D', 0, 0, 0, 0}, -EBADMSG},	  {{'D', 1, 0, 1, 0}, -EBADMSG},
		{{'D', 0, 0, 0, 0x80}, -EBADMSG}, {{'D', 0xff, 0xff, 0xff, 0xff}, -EBADMSG},
		{{'E', 1, 0, 0, 0}, -EBADMSG},	  {{'?', 0, 0, 0, 0}, -EBADMSG},
		{{0, 0, 0, 0, 0}, -EBADMSG},	  {{'I', 43, 0, 0, 0}, -EBADMSG},
		{{'I', 42, 0, 0, 0}, 0},	  {{'t', 1, 0, 0, 0}, -EBADMSG},
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct frame frame;

		begin();
		arrive(heads[i].head, FRAME_HEAD);
		IS(frame_next(&input, &frame), heads[i].wanted);
		ROW("%zu", i);
	}
}

static void a_payload_is_read_to_its_end_and_no_further(void)
{
	static const uint8_t short_text[] = {5, 0, 'a', 'b'};
	static const uint8_t nul_text[] = {2, 0, 'a', 0};
	static const uint8_t long_text[] = {4, 0, 'a', 'b', 'c', 'd'};
	static const uint8_t one_more[] = {1, 0, 'a', 'b'};
	static const uint8_t one_byte[] = {7};
	static const struct {
		const uint8_t *bytes;
		size_t count;
		const char *text;
	} texts[] = {
		{short_text, sizeof(short_text), ""}, {nul_text, sizeof(nul_text), ""},
		{long_text, sizeof(long_text), ""},   {one_more, sizeof(one_more), "a"},
		{one_byte, sizeof(one_byte), ""},     {one_byte, 0, ""},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct frame frame = {.bytes = texts[i].bytes, .count = texts[i].count};
		struct frame_cursor cursor = frame_read(&frame);
		char text[4];

		(void)frame_read_text(&cursor, text, sizeof(text));
		IS_TEXT(text, texts[i].text);
		OK(!frame_read_ok(&cursor));
		ROW("%zu", i);
	}
}

static void a_bad_cursor_stays_bad(void)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7};
	struct frame frame = {.bytes = bytes, .count = sizeof(bytes)};
	struct frame_cursor cursor = frame_read(&frame);

	IS(frame_read_size(&cursor), 0);
	IS(frame_read_byte(&cursor), 1);
	OK(!frame_read_ok(&cursor));
}

static void the_largest_frame_fits_an_input_that_holds_a_part_of_another(void)
{
	static uint8_t head[FRAME_HEAD] = {'D', 0, 0, 1, 0};
	static uint8_t bytes[FRAME_DATA_MAX];
	struct frame frame;

	begin();
	for (int i = 0; i < 3; i++) {
		arrive(head, sizeof(head));
		arrive(bytes, sizeof(bytes));
	}
	for (int i = 0; i < 20; i++) {
		arrive(head, 1);
		IS(frame_next(&input, &frame), 1);
		IS(frame.count, FRAME_DATA_MAX);
		arrive(head + 1, sizeof(head) - 1);
		arrive(bytes, sizeof(bytes));
	}
}

TAP_MAIN(T(a_frame_arrives_as_it_was_written) T(a_frame_may_arrive_byte_by_byte)
		 T(a_head_out_of_its_bounds_is_no_frame)
			 T(a_payload_is_read_to_its_end_and_no_further) T(a_bad_cursor_stays_bad)
				 T(the_largest_frame_fits_an_input_that_holds_a_part_of_another))
