/* SPDX-License-Identifier: MIT */
/* Known scores: one JSON object a line. */
#include "grader/cmd/known.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/text.h"

enum { KNOWN_BYTES_MAX = 16 << 20, KNOWN_MAX = 10000, SCORE_MAX = 100 };

static bool is_score(int64_t value)
{
	return value >= 0 && value <= SCORE_MAX;
}

/* The status of WORD; STATUS_COUNT: there is none of that name. */
static enum status status_of(const char *word)
{
	int status = 0;

	while (status < STATUS_COUNT && strcmp(status_words[status], word) != 0)
		status++;
	return (enum status)status;
}

/* {"exercise": "hello-api", "closed": true} */
static bool take_closed(const json_t *value, struct arena *arena, struct known *known)
{
	const char *exercise = json_string_value(json_object_get(value, "exercise"));

	if (!exercise || !json_is_true(json_object_get(value, "closed")))
		return false;
	*(const char **)arena_push(arena, &known->closed, &known->closed_count,
				   sizeof(*known->closed)) = arena_text(arena, exercise);
	return true;
}

static int take_score(json_t *value, struct arena *arena, struct known *known)
{
	const char *exercise, *status, *hash = "", *key = "";
	json_int_t score, counted;
	int ret = json_unpack(value, "{s:s, s?:s, s?:s, s:I, s:I, s:s}", "exercise", &exercise,
			      "hash", &hash, "key", &key, "score", &score, "counted", &counted,
			      "status", &status);

	if (ret < 0 || !is_score(score) || !is_score(counted) || status_of(status) == STATUS_COUNT)
		return -EBADMSG;
	*(struct known_score *)arena_push(arena, &known->items, &known->count,
					  sizeof(*known->items)) =
		(struct known_score){arena_text(arena, exercise),
				     arena_text(arena, hash),
				     arena_text(arena, key),
				     score,
				     counted,
				     status_of(status)};
	return 0;
}

static int take_line(const char *line, size_t count, struct arena *arena, struct known *known)
{
	json_t *value = json_loadb(line, count, JSON_REJECT_DUPLICATES, NULL);
	int ret = take_closed(value, arena, known) ? 0 : take_score(value, arena, known);

	json_decref(value);
	return ret;
}

int known_parse(const char *bytes, size_t count, struct arena *arena, struct known *ret_known,
		struct mp_error *err)
{
	struct known known = {0};
	const char *end = bytes + count;
	int number = 1;

	for (const char *line = bytes; line < end; number++) {
		const char *line_end = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((line_end ? line_end : end) - line);

		if (known.count + known.closed_count == KNOWN_MAX)
			return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "--known: more than %d lines",
				       KNOWN_MAX);
		if (take_line(line, length, arena, &known) < 0)
			return mp_fail(
				err, MP_FAULT_USAGE, -EBADMSG,
				"--known: line %d is no JSON object with exercise, score, counted and status",
				number);
		line += length + 1;
	}
	*ret_known = known;
	return 0;
}

int known_read(const char *path, struct arena *arena, struct known *ret_known, struct mp_error *err)
{
	mp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
	mp_autotext struct text bytes = {0};
	char buffer[8192];
	ssize_t got = fd < 0 ? -1 : 1;

	text_init(&bytes, KNOWN_BYTES_MAX);
	while (got > 0) {
		got = read(fd, buffer, sizeof(buffer));
		if (got > 0)
			text_add_bytes(&bytes, buffer, (size_t)got);
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	if (got < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "--known: reading '%s'", path);
	if (bytes.is_cut)
		return mp_fail(err, MP_FAULT_USAGE, -EFBIG, "--known: '%s'", path);
	return known_parse(text_get(&bytes), bytes.length, arena, ret_known, err);
}

bool known_is_closed(const struct known *known, const char *exercise)
{
	for (size_t i = 0; i < known->closed_count; i++) {
		if (strcmp(known->closed[i], exercise) == 0)
			return true;
	}
	return false;
}

const struct known_score *known_unchanged(const struct known *known, const char *exercise,
					  const char *hash, const char *key)
{
	for (size_t i = 0; key[0] && hash[0] && i < known->count; i++) {
		const struct known_score *item = &known->items[i];

		if (strcmp(item->exercise, exercise) == 0 && strcmp(item->hash, hash) == 0 &&
		    strcmp(item->key, key) == 0)
			return item;
	}
	return NULL;
}

const struct known_score *known_best(const struct known *known, const char *exercise)
{
	const struct known_score *best = NULL;

	for (size_t i = 0; i < known->count; i++) {
		const struct known_score *item = &known->items[i];

		if (strcmp(item->exercise, exercise) != 0)
			continue;
		if (!best || item->counted > best->counted ||
		    (item->counted == best->counted && item->score > best->score))
			best = item;
	}
	return best;
}
