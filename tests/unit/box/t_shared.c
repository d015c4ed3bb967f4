/* SPDX-License-Identifier: MIT */
/* Packed specs come back whole, and streams keep their head and their tail. */
#include "sandbox/box/shared.h"

#include "tests/helper/tap.h"

#include <errno.h>

static const char *const argv[] = {"sh", "-c", "", "a b", NULL};
static const char *const env[] = {"A=1", "B=", NULL};

static void pack(struct text *text)
{
	struct mp_box_spec spec;

	mp_box_spec_init(&spec);
	spec.argv = argv;
	spec.env = env;
	spec.dir = "/work";
	spec.binds[0] = (struct mp_bind){"/one", NULL, MP_BIND_COPY};
	spec.binds[1] = (struct mp_bind){"/two", "/three", MP_BIND_WRITABLE};
	spec.bind_count = 2;
	text_init(text, 0);
	spec_pack(&spec, text);
}

static void a_spec_comes_back_whole(void)
{
	struct text text mp_autotext;
	static struct unpacked_spec unpacked;
	const struct mp_box_spec *spec = &unpacked.spec;

	pack(&text);
	IS(spec_unpack(text_get(&text), text.length, &unpacked), 0);
	for (int i = 0; i < 5; i++)
		IS_TEXT(spec->argv[i], argv[i]);
	IS_TEXT(spec->env[1], "B=");
	OK(spec->env[2] == NULL);
	IS_TEXT(spec->dir, "/work");
	OK(spec->host_name == NULL);
	IS_TEXT(spec->binds[0].host_path, "/one");
	OK(spec->binds[0].box_path == NULL);
	IS(spec->binds[0].mode, MP_BIND_COPY);
	IS_TEXT(spec->binds[1].box_path, "/three");
	IS(spec->memory_bytes, 384 << 20);
}

static void a_keeper_has_no_command(void)
{
	struct text text mp_autotext;
	static struct unpacked_spec unpacked;
	struct mp_box_spec spec;

	mp_box_spec_init(&spec);
	text_init(&text, 0);
	spec_pack(&spec, &text);
	IS(spec_unpack(text_get(&text), text.length, &unpacked), 0);
	OK(unpacked.spec.argv == NULL);
}

static void a_spec_that_is_cut_is_refused(void)
{
	struct text text mp_autotext;
	static struct unpacked_spec unpacked;

	pack(&text);
	for (size_t i = 0; i < text.length; i++)
		if (!OK(spec_unpack(text_get(&text), i, &unpacked) == -EBADMSG))
			printf("# cut at %zu\n", i);
}

/* A stream of KEEP bytes, to which COUNT bytes (the letters in turn) are written in pieces of PIECE. */
static void stream_case(uint64_t keep, size_t count, size_t piece)
{
	static char memory[sizeof(struct shared) + 256];
	struct shared *shared = (struct shared *)(void *)memory;
	char tail[256];
	char whole[600];
	struct mp_output output;
	size_t half = (size_t)keep / 2;

	memset(memory, 0, sizeof(memory));
	shared->streams[0].at = sizeof(struct shared);
	shared->streams[0].keep = keep;
	for (size_t i = 0; i < count; i++)
		whole[i] = (char)('a' + i % 26);
	for (size_t at = 0; at < count;) {
		size_t part = count - at < piece ? count - at : piece;
		size_t room;
		char *place = stream_room(shared, 0, &room);

		part = place && room < part ? room : part;
		if (place)
			memcpy(place, whole + at, part);
		stream_grow(shared, 0, part);
		at += part;
	}
	stream_read(shared, 0, tail, &output);
	IS(output.total_bytes, count);
	if (count <= keep) {
		IS(output.head_bytes, count);
		IS(output.tail_bytes, 0);
		OK(memcmp(output.head, whole, count) == 0);
	} else {
		IS(output.head_bytes, half);
		IS(output.tail_bytes, keep - half);
		OK(memcmp(output.head, whole, half) == 0);
		OK(memcmp(output.tail, whole + count - (keep - half), (size_t)(keep - half)) == 0);
	}
	ROW("keep %d, count %zu, piece %zu", (int)keep, count, piece);
}

static void streams_keep_head_and_tail(void)
{
	static const size_t keeps[] = {0, 1, 2, 7, 64, 100};
	static const size_t counts[] = {0, 1, 2, 3, 7, 8, 63, 64, 65, 99, 100, 101, 150, 500};
	static const size_t pieces[] = {1, 3, 64, 600};

	for (size_t k = 0; k < sizeof(keeps) / sizeof(keeps[0]); k++)
		for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
			for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]); p++)
				stream_case(keeps[k], counts[c], pieces[p]);
}

TAP_MAIN(T(a_spec_comes_back_whole) T(a_keeper_has_no_command) T(a_spec_that_is_cut_is_refused)
		 T(streams_keep_head_and_tail))
