/* SPDX-License-Identifier: MIT */
/* Packing specs, and streams that keep their head and their tail. */
#include "sandbox/box/shared.h"

#include <errno.h>
#include <string.h>

static void pack_list(const char *const *items, struct text *text)
{
	uint32_t count = 0;

	while (items && items[count])
		count++;
	text_add_bytes(text, &count, sizeof(count));
	for (uint32_t i = 0; i < count; i++)
		text_add_bytes(text, items[i], strlen(items[i]) + 1);
}

static void pack_text(const char *string, struct text *text)
{
	text_add_char(text, string ? '+' : '-');
	if (string)
		text_add_bytes(text, string, strlen(string) + 1);
}

void spec_pack(const struct mp_box_spec *spec, struct text *text)
{
	text_add_bytes(text, spec, sizeof(*spec));
	pack_list(spec->argv, text);
	pack_list(spec->env, text);
	pack_text(spec->dir, text);
	pack_text(spec->host_name, text);
	for (size_t i = 0; i < spec->bind_count; i++) {
		pack_text(spec->binds[i].host_path, text);
		pack_text(spec->binds[i].box_path, text);
	}
}

struct reader {
	const char *at, *end;
	bool is_broken;
};

static const char *read_text(struct reader *reader)
{
	const char *text = reader->at;
	const char *end =
		reader->is_broken ? NULL : memchr(text, '\0', (size_t)(reader->end - text));

	reader->is_broken = !end;
	if (!end)
		return "";
	reader->at = end + 1;
	return text;
}

static const char *read_optional(struct reader *reader)
{
	if (reader->is_broken || reader->at == reader->end) {
		reader->is_broken = true;
		return NULL;
	}
	return *reader->at++ == '+' ? read_text(reader) : NULL;
}

static void read_list(struct reader *reader, const char **items, uint32_t most)
{
	uint32_t count = 0;

	if ((size_t)(reader->end - reader->at) < sizeof(count)) {
		reader->is_broken = true;
		return;
	}
	memcpy(&count, reader->at, sizeof(count));
	reader->at += sizeof(count);
	if (count > most) {
		reader->is_broken = true;
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		items[i] = read_text(reader);
	items[count] = NULL;
}

int spec_unpack(const char *bytes, size_t count, struct unpacked_spec *ret_spec)
{
	struct mp_box_spec *spec = &ret_spec->spec;
	struct reader reader = {bytes + sizeof(*spec), bytes + count, false};

	if (count < sizeof(*spec))
		return -EBADMSG;
	memcpy(spec, bytes, sizeof(*spec));
	read_list(&reader, ret_spec->argv, MP_ARGS_MAX);
	if (!reader.is_broken)
		read_list(&reader, ret_spec->env, MP_ENV_MAX);
	spec->argv = spec->argv ? ret_spec->argv : NULL;
	spec->env = ret_spec->env;
	spec->dir = read_optional(&reader);
	spec->host_name = read_optional(&reader);
	if (reader.is_broken || spec->bind_count > MP_BINDS_MAX)
		return -EBADMSG;
	for (size_t i = 0; i < spec->bind_count; i++) {
		spec->binds[i].host_path = read_optional(&reader);
		spec->binds[i].box_path = read_optional(&reader);
	}
	return reader.is_broken || reader.at != reader.end ? -EBADMSG : 0;
}

char *stream_room(struct shared *shared, int index, size_t *ret_room)
{
	struct shared_stream *stream = &shared->streams[index];
	uint64_t total = atomic_load_explicit(&stream->total, memory_order_relaxed);
	uint64_t half = stream->keep / 2;
	uint64_t ring = stream->keep - half;
	uint64_t at;

	*ret_room = 0;
	if (stream->keep == 0)
		return NULL;
	at = total < stream->keep ? total : half + (total - half) % ring;
	*ret_room = (size_t)(stream->keep - at);
	return (char *)shared + stream->at + at;
}

void stream_grow(struct shared *shared, int index, size_t count)
{
	atomic_fetch_add_explicit(&shared->streams[index].total, count, memory_order_release);
}

void stream_read(const struct shared *shared, int index, char *tail_buffer,
		 struct mp_output *ret_output)
{
	const struct shared_stream *stream = &shared->streams[index];
	const char *bytes = (const char *)shared + stream->at;
	uint64_t half = stream->keep / 2;
	uint64_t ring = stream->keep - half;
	uint64_t total = atomic_load_explicit(&stream->total, memory_order_acquire);

	*ret_output = (struct mp_output){.head = bytes, .total_bytes = (int64_t)total};
	if (total <= stream->keep) {
		ret_output->head_bytes = (size_t)total;
		return;
	}
	ret_output->head_bytes = (size_t)half;
	ret_output->tail = tail_buffer;
	ret_output->tail_bytes = (size_t)ring;
	/* The watcher may go on writing: a copy that it overtook is made again, a few times. */
	for (int try = 0; try < 8 && ring > 0; try++) {
		uint64_t first = (total - half) % ring;
		uint64_t later;

		memcpy(tail_buffer, bytes + half + first, (size_t)(ring - first));
		memcpy(tail_buffer + (ring - first), bytes + half, (size_t)first);
		later = atomic_load_explicit(&stream->total, memory_order_acquire);
		ret_output->total_bytes = (int64_t)total;
		if (later == total)
			return;
		total = later;
	}
}
