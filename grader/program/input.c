/* SPDX-License-Identifier: MIT */
/*
 * The input of a run: text of the exercise, a file of it, or what a maker writes.
 *
 * A maker is a program of the exercise. It gets --seed N and the keys that stand beside `make`,
 * and runs in a box of its own: what it knows is not in the learner's.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/program/inner.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "sandbox/base/text.h"

enum { FILE_BYTES_MAX = 16 << 20, MAKER_KEYS_MAX = 16, REPEAT_BYTES_MAX = 160 };

static const struct maker *find_maker(const struct exercise *exercise, const char *name)
{
	for (size_t i = 0; name && i < exercise->maker_count; i++) {
		if (strcmp(exercise->makers[i].name, name) == 0)
			return &exercise->makers[i];
	}
	return NULL;
}

/* --- at load time -------------------------------------------------------------------------- */

static bool complain(char *ret_text, size_t size, const char *format, ...) MP_PRINTF(3, 4);
static bool complain(char *ret_text, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(ret_text, size, format, args);
	va_end(args);
	return false;
}

static bool examine_maker(const struct exercise *exercise, const json_t *value, char *ret_text,
			  size_t size)
{
	const char *name = json_string_value(json_object_get(value, "make"));
	const char *key;
	json_t *item;

	if (!find_maker(exercise, name))
		return complain(ret_text, size, "stdin: '%s' is not one of makers",
				name ? name : "?");
	if (json_object_size(value) > MAKER_KEYS_MAX)
		return complain(ret_text, size, "stdin: a maker gets at most %d keys",
				MAKER_KEYS_MAX - 1);
	json_object_foreach (json_readable(value), key, item) {
		if (strcmp(key, "seed") == 0)
			return complain(ret_text, size,
					"stdin: the seed is milepost's; use another key");
		if (!json_is_string(item) && !json_is_integer(item))
			return complain(ret_text, size, "stdin: %s is a text or a whole number",
					key);
	}
	return true;
}

bool input_examine(const struct exercise *exercise, const json_t *value, char *ret_text,
		   size_t size)
{
	const char *path = json_string_value(json_object_get(value, "file"));
	mp_autofd int fd = -1;

	if (!value || json_is_string(value))
		return true;
	if (json_object_get(value, "make"))
		return examine_maker(exercise, value, ret_text, size);
	if (!path || json_object_size(value) != 1)
		return complain(
			ret_text, size,
			"stdin is a text, {file: data/sample.txt} or {make: NAME, lines: 200}");
	fd = path_open_below(exercise->folder_fd, path, O_RDONLY);
	if (fd < 0)
		return complain(ret_text, size,
				"stdin: there is no file %s in the exercise's folder", path);
	return true;
}

/* --- making it ----------------------------------------------------------------------------- */

/*
 * A short text as printf writes it: printf 'a\nb\n' | ...; NULL when it is too long or not plain.
 */
static const char *printf_line(const char *bytes, size_t count, struct arena *arena)
{
	static const char escaped[] = "\n\t\r\\";
	static const char *const words[] = {"\\n", "\\t", "\\r", "\\\\"};
	mp_autotext struct text line = {0};

	text_init(&line, REPEAT_BYTES_MAX);
	for (size_t i = 0; i < count;) {
		size_t length = text_utf8_length(bytes + i, count - i);
		const char *found = bytes[i] ? strchr(escaped, bytes[i]) : NULL;

		if (found)
			text_add(&line, words[found - escaped]);
		else if (bytes[i] == '%')
			text_add(&line, "%%");
		else if (bytes[i] == '\'' || length == 0 || (unsigned char)bytes[i] < 0x20)
			return NULL;
		else
			text_add_bytes(&line, bytes + i, length);
		i += length ? length : 1;
	}
	return line.is_cut ? NULL : arena_format(arena, "printf '%s' | ", text_get(&line));
}

static int make_text(struct probe_run *run, const json_t *value, struct input *input,
		     struct mp_error *err)
{
	json_t *filled = NULL;
	size_t count;
	const char *bytes;
	int code = names_fill(run->names, value, &filled, err);

	if (code < 0)
		return code;
	bytes = json_string_value(filled);
	count = json_string_length(filled);
	if (bytes) {
		code = bench_input(bytes, count, &input->fd, err);
		input->repeat = count > 0 ? printf_line(bytes, count, run->arena) : NULL;
		input->behind = count == 0 ? " < /dev/null" : NULL;
		input->is_made = count > 0 && !input->repeat;
		input->words = count == 0 ? "with empty input" : "with a short input";
	} else {
		code = mp_fail(err, MP_FAULT_CONTENT, -EINVAL, "stdin is no text");
	}
	json_decref(filled);
	return code;
}

static int make_file(struct probe_run *run, const char *path, struct input *input,
		     struct mp_error *err)
{
	mp_autofree char *bytes = NULL;
	size_t count = 0;
	const char *slash = strrchr(path, '/');
	int code = path_read_below(run->exercise->folder_fd, path, FILE_BYTES_MAX, &bytes, &count);

	if (code < 0)
		return mp_fail(err, MP_FAULT_CONTENT, code, "the input %s", path);
	/* Starters carry the files of data/ beside the program. */
	input->behind = arena_format(run->arena, " < %s", slash ? slash + 1 : path);
	input->words = arena_format(run->arena, "with %s as input", slash ? slash + 1 : path);
	return bench_input(bytes, count, &input->fd, err);
}

/* In a proof each input is made twice: a maker must agree with itself. */
static int check_maker(struct probe_run *run, const struct maker *maker, const char *const *args,
		       int fd, struct mp_error *err)
{
	mp_autofd int again = -1;
	int code = bench_run_helper(run->bench, maker->path, args, &again, err);
	char first[8192], second[8192];
	ssize_t got = 1;

	for (off_t at = 0; code == 0 && got > 0; at += got) {
		got = pread(fd, first, sizeof(first), at);
		if (got < 0)
			code = mp_fail(err, MP_FAULT_HOST, -errno, "reading an input");
		else if (pread(again, second, sizeof(second), at) != got ||
			 memcmp(first, second, (size_t)got) != 0)
			code = mp_fail(
				err, MP_FAULT_CONTENT, -EBADMSG,
				"the maker %s writes something else each time for the same seed",
				maker->path);
	}
	return code;
}

/* From the store, or made. */
static int take_made(struct probe_run *run, const struct maker *maker, const char *const *args,
		     struct input *input, struct mp_error *err)
{
	struct bench_store *store = bench_store(run->bench);
	int code;

	if (bench_store_input(store, input->key, &input->fd))
		return 0;
	code = bench_run_helper(run->bench, maker->path, args, &input->fd, err);
	if (code == 0 && store)
		code = check_maker(run, maker, args, input->fd, err);
	if (code == 0)
		bench_store_keep_input(store, input->key, input->fd);
	return code;
}

static int run_maker(struct probe_run *run, const json_t *value, struct input *input,
		     struct mp_error *err)
{
	const char *args[2 + 2 * MAKER_KEYS_MAX + 1] = {"--seed"};
	const struct maker *maker =
		find_maker(run->exercise, json_string_value(json_object_get(value, "make")));
	size_t count = 1;
	const char *key;
	json_t *item;

	if (!maker)
		return mp_fail(err, MP_FAULT_CONTENT, -EINVAL, "no such maker");
	args[count++] = arena_format(run->arena, "%" PRIu64, run->seed);
	json_object_foreach (json_readable(value), key, item) {
		if (strcmp(key, "make") == 0 || count + 2 > 2 + 2 * MAKER_KEYS_MAX)
			continue;
		args[count++] = arena_format(run->arena, "--%s", key);
		args[count++] = json_is_string(item)
					? json_string_value(item)
					: arena_format(run->arena, "%" JSON_INTEGER_FORMAT,
						       json_integer_value(item));
	}
	args[count] = NULL;
	input->is_made = true;
	input->words = "with an input made from the seed";
	input->key = arena_format(run->arena, "%s\n%s", run->exercise->hash, maker->path);
	for (size_t i = 0; i < count; i++)
		input->key = arena_format(run->arena, "%s\n%s", input->key, args[i]);
	return take_made(run, maker, args, input, err);
}

int input_make(struct probe_run *run, const struct step *step, struct input *ret_input,
	       struct mp_error *err)
{
	const struct program_keys *keys = step->keys;
	const json_t *value = keys ? keys->input : NULL;
	const char *path = json_string_value(json_object_get(value, "file"));

	*ret_input = (struct input){.fd = -1};
	if (!value)
		return 0;
	if (json_is_string(value))
		return make_text(run, value, ret_input, err);
	if (path)
		return make_file(run, path, ret_input, err);
	return run_maker(run, value, ret_input, err);
}

void input_done(struct input *input)
{
	if (input->fd >= 0)
		(void)close(input->fd);
	input->fd = -1;
}

int input_rewind(const struct input *input, struct mp_error *err)
{
	if (input->fd >= 0 && lseek(input->fd, 0, SEEK_SET) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "reading an input again");
	return 0;
}
