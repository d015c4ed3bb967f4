/* SPDX-License-Identifier: MIT */
/* Events from a pipe: lines, then JSON, then what each kind must have. */
#include "grader/workers/events.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "grader/model/scorecard.h"

enum { ID_MOST = 31, HEX_MOST = 64, SCORE_MAX = 100, VERSION_MAX = 9999, POINTS_MAX = 500 };

/* One event while it is taken. */
struct taking {
	struct events *events;
	const json_t *value;
	events_show_fn *show;
	void *context;
};

void events_init(struct events *events, struct arena *arena)
{
	*events = (struct events){.arena = arena};
	text_init(&events->line, EVENT_LINE_MAX);
}

void events_done(struct events *events)
{
	text_done(&events->line);
}

static int refuse(const struct events *events, struct mp_error *err, const char *why)
{
	return mp_fail(err, MP_FAULT_BUG, -EBADMSG, "event %zu of the grading: %s",
		       events->count + 1, why);
}

/* --- results ------------------------------------------------------------------------------- */

static const char *text_of(const struct taking *taking, const char *key, size_t most)
{
	const json_t *value = json_object_get(taking->value, key);
	const char *text = json_string_value(value);

	/* A NUL inside would hide what is behind it. */
	return text && json_string_length(value) <= most &&
			       strlen(text) == json_string_length(value)
		       ? text
		       : NULL;
}

static bool take_number(const struct taking *taking, const char *key, int64_t low, int64_t high,
			int64_t *ret_number)
{
	const json_t *value = json_object_get(taking->value, key);

	*ret_number = json_integer_value(value);
	return json_is_integer(value) && *ret_number >= low && *ret_number <= high;
}

static bool is_id(const char *text)
{
	return text && text[0] >= 'a' && text[0] <= 'z' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

static bool is_hex(const char *text)
{
	return text && strspn(text, "0123456789abcdef") == strlen(text);
}

/* What is not graded is no result. */
static bool is_status(const char *text)
{
	for (int i = 0; text && i < STATUS_COUNT; i++) {
		if (i != STATUS_NOT_GRADED && strcmp(status_words[i], text) == 0)
			return true;
	}
	return false;
}

static bool is_twice(const struct events *events, const char *exercise)
{
	for (size_t i = 0; i < events->result_count; i++) {
		if (strcmp(events->results[i].exercise, exercise) == 0)
			return true;
	}
	return false;
}

static bool take_numbers(const struct taking *taking, struct result *result)
{
	return take_number(taking, "version", 1, VERSION_MAX, &result->exercise_version) &&
	       take_number(taking, "score", 0, SCORE_MAX, &result->score) &&
	       take_number(taking, "counted", 0, result->score, &result->counted) &&
	       take_number(taking, "points", 0, POINTS_MAX, &result->points) &&
	       take_number(taking, "milestone", 1, MILESTONES, &result->milestone);
}

static bool take_papers(const struct taking *taking, struct result *result)
{
	const struct {
		const char *key;
		const char **to;
	} rows[] = {
		{"card", &result->card},
		{"run", &result->run},
		{"page", &result->page},
		{"card_of_instructor", &result->card_of_instructor},
		{"page_of_instructor", &result->page_of_instructor},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = text_of(taking, rows[i].key, EVENT_LINE_MAX);

		if (!text)
			return false;
		*rows[i].to = arena_text(taking->events->arena, text);
	}
	return true;
}

static int take_result(struct taking *taking, struct mp_error *err)
{
	struct events *events = taking->events;
	const char *exercise = text_of(taking, "exercise", ID_MOST);
	const char *hash = text_of(taking, "hash", HEX_MOST);
	const char *key = text_of(taking, "key", HEX_MOST);
	const char *seed = text_of(taking, "seed", 20);
	const char *status = text_of(taking, "status", 20);
	struct result result = {0};

	if (!is_id(exercise) || !is_hex(hash) || !is_hex(key) || !is_hex(seed) ||
	    !is_status(status) || !take_numbers(taking, &result))
		return refuse(events, err, "a result is not as the format says");
	if (is_twice(events, exercise) || events->result_count == RESULTS_MOST)
		return refuse(events, err, "a result too many");
	if (!take_papers(taking, &result))
		return refuse(events, err, "a result lacks its card or pages");
	result.exercise = arena_text(events->arena, exercise);
	result.exercise_hash = arena_text(events->arena, hash);
	result.input_key = arena_text(events->arena, key);
	result.seed = arena_text(events->arena, seed);
	result.status = arena_text(events->arena, status);
	*(struct result *)arena_push(events->arena, &events->results, &events->result_count,
				     sizeof(result)) = result;
	return 0;
}

/* --- the others ---------------------------------------------------------------------------- */

/* What a push shows: short texts without control characters, which could steer a terminal. */
static bool are_lines(const json_t *lines)
{
	size_t i;
	const json_t *line;

	if (!json_is_array(lines) || json_array_size(lines) > EVENT_LINES_MOST)
		return false;
	json_array_foreach ((json_t *)(uintptr_t)lines, i, line) {
		const char *text = json_string_value(line);

		if (!text || json_string_length(line) > EVENT_COLUMNS_MOST)
			return false;
		for (size_t k = 0; k < json_string_length(line); k++) {
			if ((unsigned char)text[k] < ' ' || text[k] == 0x7f)
				return false;
		}
	}
	return true;
}

static int take_end(struct taking *taking, struct mp_error *err)
{
	struct events *events = taking->events;
	const json_t *lines = json_object_get(taking->value, "lines");
	char *body;

	if (!take_number(taking, "status", 0, 255, &events->status))
		return refuse(events, err, "the end has no exit status");
	events->has_ended = true;
	events->reason = arena_text(events->arena, text_of(taking, "reason", MP_ERROR_TEXT));
	if (json_array_size(lines) == 0)
		return 0;
	body = json_dumps(taking->value, JSON_COMPACT | JSON_SORT_KEYS);
	events->last = arena_text(events->arena, body);
	free(body);
	return 0;
}

static int take_shown(struct taking *taking, struct mp_error *err)
{
	char *body = json_dumps(taking->value, JSON_COMPACT | JSON_SORT_KEYS);
	int ret = body ? taking->show(taking->context, text_of(taking, "kind", 20), body, err)
		       : mp_fail(err, MP_FAULT_HOST, -ENOMEM, "an event");

	free(body);
	return ret;
}

/* A kind that is not here is a newer program's: it is left out. */
static const struct {
	const char *kind;
	int (*take)(struct taking *taking, struct mp_error *err);
} kinds[] = {
	{"note", take_shown},	{"kept", take_shown}, {"ready", take_shown},
	{"checks", take_shown}, {"card", take_shown}, {"result", take_result},
	{"ended", take_end},
};

static int take_value(struct taking *taking, struct mp_error *err)
{
	struct events *events = taking->events;
	const char *kind = text_of(taking, "kind", 20);

	if (!kind || !are_lines(json_object_get(taking->value, "lines")))
		return refuse(events, err, "it has no kind, or no lines that can be shown");
	if (events->has_ended)
		return refuse(events, err, "it comes after the end");
	if (events->count >= EVENTS_MOST)
		return refuse(events, err, "one too many");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].take(taking, err);
	}
	return 0;
}

static int take_line(struct taking *taking, struct mp_error *err)
{
	struct events *events = taking->events;
	json_t *value = json_loadb(text_get(&events->line), events->line.length,
				   JSON_REJECT_DUPLICATES, NULL);
	int ret;

	taking->value = value;
	ret = value ? take_value(taking, err) : refuse(events, err, "it is no JSON object");
	json_decref(value);
	text_clear(&events->line);
	events->count++;
	return ret;
}

int events_take(struct events *events, const char *bytes, size_t count, events_show_fn *show,
		void *context, struct mp_error *err)
{
	struct taking taking = {.events = events, .show = show, .context = context};
	int ret = 0;

	while (ret == 0 && count > 0) {
		const char *end = memchr(bytes, '\n', count);
		size_t length = end ? (size_t)(end - bytes) : count;

		text_add_bytes(&events->line, bytes, length);
		if (events->line.is_cut)
			return refuse(events, err, "a line of more than 8 MiB");
		bytes += length + (end != NULL);
		count -= length + (end != NULL);
		if (end)
			ret = take_line(&taking, err);
	}
	return ret;
}
