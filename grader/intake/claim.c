/* SPDX-License-Identifier: MIT */
/* The claim: what the reader says of a tree, checked word by word before anything is written. */
#include "grader/intake/claim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/intake/case_tree.h"
#include "grader/intake/limits.h"
#include "grader/intake/name.h"
#include "sandbox/base/text.h"

enum { PATH_ROOM = 4096 + 1, VISIBLE_PATH = 200 };

struct claim {
	const struct claim_sink *sink; /* borrowed */
	void *context;		       /* borrowed */
	struct case_tree *seen;	       /* owned */
	size_t entries;		       /* also those left out */
	size_t files;
	int64_t bytes;
	int64_t awaited; /* bytes of the file under way that have not come; -1: no file is under way */
	bool is_left_out; /* the file under way goes nowhere */
	bool is_complete;
};

struct claim *claim_new(const struct claim_sink *sink, void *context)
{
	struct claim *claim = calloc(1, sizeof(*claim));

	if (!claim)
		return NULL;
	*claim = (struct claim){.sink = sink, .context = context, .awaited = -1};
	claim->seen = case_tree_new(INTAKE_ENTRIES_MAX);
	return claim->seen ? claim : claim_free(claim);
}

struct claim *claim_free(struct claim *claim)
{
	if (claim)
		claim->seen = case_tree_free(claim->seen);
	free(claim);
	return NULL;
}

size_t claim_file_count(const struct claim *claim)
{
	return claim->files;
}

int64_t claim_bytes(const struct claim *claim)
{
	return claim->bytes;
}

static int claim_broken(struct mp_error *err)
{
	return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
		       "refused: cannot be read: its reader lost the thread");
}

/* "refused: 'PATH' REASON", the path as a person may see it. */
static int claim_refuse(const char *path, const char *reason, struct mp_error *err)
{
	mp_autotext struct text visible = {0};

	text_init(&visible, 0);
	text_add_visible(&visible, path, strlen(path), VISIBLE_PATH);
	return mp_fail(err, MP_FAULT_INPUT, -EBADMSG, "refused: '%s' %s", text_get(&visible),
		       reason);
}

/* Count an entry and check its path. */
static int claim_entry(struct claim *claim, const char *path, struct mp_error *err)
{
	const char *threat = path_threat(path, strlen(path));

	if (threat)
		return claim_refuse(path, threat, err);
	if (++claim->entries > INTAKE_ENTRIES_MAX)
		return mp_fail(
			err, MP_FAULT_INPUT, -EBADMSG,
			"refused: it has more than 20,000 files: leave out what is installed or built "
			"(.gitignore)");
	return 0;
}

static int claim_close(struct claim *claim, struct mp_error *err)
{
	bool is_left_out = claim->is_left_out;

	claim->awaited = -1;
	claim->is_left_out = false;
	return is_left_out ? 0 : claim->sink->close(claim->context, err);
}

static int claim_check_size(struct claim *claim, const char *path, uint64_t size,
			    struct mp_error *err)
{
	if (size <= (uint64_t)(INTAKE_BYTES_MAX - claim->bytes))
		return 0;
	if (size > INTAKE_BYTES_MAX)
		return claim_refuse(
			path, "is larger than 20 MB, and that is all that a repository may hold",
			err);
	return mp_fail(
		err, MP_FAULT_INPUT, -EBADMSG,
		"refused: its files are more than 20 MB together: leave out what is installed or built "
		"(.gitignore)");
}

static int claim_file(struct claim *claim, struct frame_cursor *cursor, struct mp_error *err)
{
	char path[PATH_ROOM];
	uint8_t is_executable = frame_read_byte(cursor);
	uint64_t size = frame_read_size(cursor);
	int ret;

	(void)frame_read_text(cursor, path, sizeof(path));
	if (!frame_read_ok(cursor) || is_executable > 1)
		return claim_broken(err);
	ret = claim_entry(claim, path, err);
	if (ret < 0)
		return ret;
	ret = claim_check_size(claim, path, size, err);
	if (ret < 0)
		return ret;
	claim->bytes += (int64_t)size;
	switch (case_tree_add(claim->seen, path)) {
	case CASE_NEW:
		claim->is_left_out = false;
		break;
	case CASE_CLASH:
		claim->is_left_out = true;
		claim->sink->fact(claim->context, FACT_CASE_CLASH, path, NULL, 0);
		break;
	case CASE_TWICE:
		return claim_refuse(path, "is named twice in one tree", err);
	case CASE_FULL:
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
			       "refused: it has more than 20,000 files and folders");
	}
	if (!claim->is_left_out) {
		claim->files++;
		if (size >= INTAKE_LARGE_FILE_BYTES)
			claim->sink->fact(claim->context, FACT_LARGE_FILE, path, NULL,
					  (int64_t)size);
		ret = claim->sink->open(claim->context, path, is_executable == 1, err);
		if (ret < 0)
			return ret;
	}
	claim->awaited = (int64_t)size;
	return size == 0 ? claim_close(claim, err) : 0;
}

static int claim_data(struct claim *claim, const struct frame *frame, struct mp_error *err)
{
	int ret = 0;

	if (claim->awaited < (int64_t)frame->count)
		return claim_broken(err);
	if (!claim->is_left_out)
		ret = claim->sink->write(claim->context, frame->bytes, frame->count, err);
	if (ret < 0)
		return ret;
	claim->awaited -= (int64_t)frame->count;
	return claim->awaited == 0 ? claim_close(claim, err) : 0;
}

static int claim_link(struct claim *claim, struct frame_cursor *cursor, struct mp_error *err)
{
	char path[PATH_ROOM];
	char target[INTAKE_LINK_MAX + 1];
	size_t target_bytes;
	int ret;

	(void)frame_read_text(cursor, path, sizeof(path));
	target_bytes = frame_read_text(cursor, target, sizeof(target));
	if (!frame_read_ok(cursor))
		return claim_broken(err);
	ret = claim_entry(claim, path, err);
	if (ret < 0)
		return ret;
	claim->sink->fact(claim->context,
			  link_leaves(path, target, target_bytes) ? FACT_LINK_LEAVES : FACT_LINK,
			  path, target, 0);
	return 0;
}

static int claim_submodule(struct claim *claim, struct frame_cursor *cursor, struct mp_error *err)
{
	char path[PATH_ROOM];
	int ret;

	(void)frame_read_text(cursor, path, sizeof(path));
	if (!frame_read_ok(cursor))
		return claim_broken(err);
	ret = claim_entry(claim, path, err);
	if (ret < 0)
		return ret;
	claim->sink->fact(claim->context, FACT_SUBMODULE, path, NULL, 0);
	return 0;
}

int claim_take(struct claim *claim, const struct frame *frame, struct mp_error *err)
{
	struct frame_cursor cursor = frame_read(frame);

	if (claim->is_complete)
		return claim_broken(err);
	if (frame->kind == SAY_REFUSED)
		return claim_refusal(frame, err);
	if ((frame->kind == SAY_DATA) != (claim->awaited >= 0))
		return claim_broken(err);
	switch ((int)frame->kind) {
	case SAY_FILE:
		return claim_file(claim, &cursor, err);
	case SAY_DATA:
		return claim_data(claim, frame, err);
	case SAY_LINK:
		return claim_link(claim, &cursor, err);
	case SAY_SUBMODULE:
		return claim_submodule(claim, &cursor, err);
	case SAY_END:
		claim->is_complete = true;
		return 1;
	default:
		return claim_broken(err);
	}
}

int claim_refusal(const struct frame *frame, struct mp_error *err)
{
	struct frame_cursor cursor = frame_read(frame);
	uint8_t whose = frame_read_byte(&cursor);
	char reason[FRAME_REASON_MAX + 1];
	mp_autotext struct text visible = {0};
	size_t count = frame_read_text(&cursor, reason, sizeof(reason));

	if (!frame_read_ok(&cursor))
		return claim_broken(err);
	text_init(&visible, 0);
	text_add_visible(&visible, reason, count, FRAME_REASON_MAX);
	return mp_fail(err, whose == FRAME_WHOSE_ASKER ? MP_FAULT_USAGE : MP_FAULT_INPUT, -EBADMSG,
		       "%s", text_get(&visible));
}
