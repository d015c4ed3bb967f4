/* SPDX-License-Identifier: MIT */
/*
 * A history byte by byte: what a reader may say of one, and, inside the reader, commit objects and files
 * that are looked through for secrets. The first byte says which.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/intake/commit_text.h"
#include "grader/intake/history.h"
#include "grader/intake/limits.h"
#include "grader/intake/name.h"
#include "grader/intake/secret.h"
#include "sandbox/base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void must_hold(const struct history *history)
{
	must(history->commit_count <= HISTORY_COMMITS_MAX &&
	     history->secret_count <= HISTORY_SECRETS_MAX);
	must(history->commit_count == 0 || (history->is_found && !history->is_shallow));
	for (size_t i = 0; i < history->commit_count; i++) {
		const struct history_commit *commit = &history->commits[i];

		must(strlen(commit->id) == 40 && commit->subject && commit->name && commit->email);
		for (size_t j = 0; j < commit->file_count; j++)
			must(!path_threat(commit->files[j].path, strlen(commit->files[j].path)));
	}
	for (size_t i = 0; i < history->secret_count; i++)
		must(history->secrets[i].what && history->secrets[i].path);
}

static void frames(const uint8_t *bytes, size_t count)
{
	static struct frame_input input;
	mp_autoarena struct arena *arena = arena_new();
	struct history_claim claim = {.arena = arena,
				      .history = arena_new_of(arena, struct history)};
	struct mp_error err;
	struct frame frame;
	int ret = 0;

	input.start = 0;
	input.end = 0;
	while (ret == 0) {
		size_t room;
		uint8_t *to;

		ret = frame_next(&input, &frame);
		if (ret == 1) {
			ret = history_take(&claim, &frame, &err);
			continue;
		}
		to = frame_input_space(&input, &room);
		room = room < count ? room : count;
		if (ret < 0 || room == 0)
			break;
		memcpy(to, bytes, room);
		frame_input_add(&input, room);
		bytes += room;
		count -= room;
	}
	must_hold(claim.history);
}

static void inside(struct span span, const char *bytes, size_t count)
{
	must(span.count == 0 || (span.bytes >= bytes && span.bytes + span.count <= bytes + count));
}

static void commit(const char *bytes, size_t count)
{
	struct commit_text parsed;

	if (commit_text_parse(bytes, count, &parsed) < 0)
		return;
	inside(parsed.tree, bytes, count);
	inside(parsed.name, bytes, count);
	inside(parsed.email, bytes, count);
	inside(parsed.subject, bytes, count);
	for (size_t i = 0; i < parsed.parent_count; i++)
		inside((struct span){parsed.parents.bytes + i * PARENT_LINE + 7, 40}, bytes, count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	char *copy;

	if (count == 0)
		return 0;
	/* Exactly as long as it is, so that a step too far is seen. */
	copy = malloc(count > 1 ? count - 1 : 1);
	must(copy != NULL);
	memcpy(copy, bytes + 1, count - 1);
	if (bytes[0] == 'f')
		frames(bytes + 1, count - 1);
	else if (bytes[0] == 'c')
		commit(copy, count - 1);
	else
		must(secret_find(bytes[0] == 'e' ? ".env" : "a.txt", copy, count - 1) <
		     1U << SECRET_KIND_COUNT);
	free(copy);
	return 0;
}
