/* SPDX-License-Identifier: MIT */
/* The history that a reader claims, checked word by word; and the question that it answers. */
#include "grader/intake/history.h"

#include <errno.h>
#include <string.h>

#include "grader/intake/claim.h"
#include "grader/intake/limits.h"
#include "grader/intake/name.h"
#include "grader/intake/reader.h"
#include "grader/intake/secret.h"
#include "sandbox/base/text.h"

static int history_broken(struct mp_error *err)
{
	return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
		       "refused: cannot be read: its reader lost the thread");
}

static const char *visible(struct arena *arena, const char *text)
{
	mp_autotext struct text shown = {0};

	text_init(&shown, 0);
	text_add_visible(&shown, text, strlen(text), INTAKE_PATH_MAX);
	return arena_text(arena, text_get(&shown));
}

static bool take_branch(struct history_claim *claim, struct frame_cursor *cursor)
{
	struct history *history = claim->history;
	char other[HISTORY_BRANCH_MAX + 1];

	history->is_found = frame_read_byte(cursor) != 0;
	history->is_shallow = frame_read_byte(cursor) != 0;
	if (frame_read_text(cursor, other, sizeof(other)) > 0)
		history->other = visible(claim->arena, other);
	claim->has_branch = true;
	return true;
}

static bool take_commit(struct history_claim *claim, struct frame_cursor *cursor)
{
	struct history *history = claim->history;
	char texts[3][HISTORY_TEXT_MAX + 1];
	struct history_commit commit = {0};
	struct history_commit *kept;

	(void)frame_read_text(cursor, commit.id, sizeof(commit.id));
	commit.parents = frame_read_byte(cursor);
	commit.time = (int64_t)frame_read_size(cursor);
	for (size_t i = 0; i < 3; i++)
		(void)frame_read_text(cursor, texts[i], sizeof(texts[i]));
	if (!history->is_found || history->is_shallow || commit.parents > 2 ||
	    !reader_is_object_id(commit.id) || history->commit_count == HISTORY_COMMITS_MAX)
		return false;
	commit.subject = visible(claim->arena, texts[0]);
	commit.name = visible(claim->arena, texts[1]);
	commit.email = visible(claim->arena, texts[2]);
	kept = arena_push(claim->arena, &history->commits, &history->commit_count, sizeof(*kept));
	*kept = commit;
	return true;
}

static struct history_commit *last_commit(const struct history_claim *claim)
{
	const struct history *history = claim->history;

	return history->commit_count ? &history->commits[history->commit_count - 1] : NULL;
}

static bool take_root_file(struct history_claim *claim, struct frame_cursor *cursor)
{
	struct history_commit *commit = last_commit(claim);
	char path[INTAKE_PATH_MAX + 1];
	struct history_file file;
	struct history_file *kept;
	size_t count = frame_read_text(cursor, path, sizeof(path));

	(void)frame_read_text(cursor, file.id, sizeof(file.id));
	if (!commit || commit->parents > 0 || path_threat(path, count) ||
	    !reader_is_object_id(file.id) || claim->root_files++ == HISTORY_ROOT_FILES_MAX)
		return false;
	file.path = arena_text(claim->arena, path);
	kept = arena_push(claim->arena, &commit->files, &commit->file_count, sizeof(*kept));
	*kept = file;
	return true;
}

static bool take_secret(struct history_claim *claim, struct frame_cursor *cursor)
{
	struct history *history = claim->history;
	const struct history_commit *commit = last_commit(claim);
	struct history_secret *secret;
	char path[INTAKE_PATH_MAX + 1];
	uint8_t kind = frame_read_byte(cursor);

	(void)frame_read_text(cursor, path, sizeof(path));
	if (!commit || kind >= SECRET_KIND_COUNT || history->secret_count == HISTORY_SECRETS_MAX)
		return false;
	secret = arena_push(claim->arena, &history->secrets, &history->secret_count,
			    sizeof(*secret));
	*secret = (struct history_secret){
		secret_words[kind],
		visible(claim->arena, path),
		arena_text(claim->arena, commit->id),
	};
	return true;
}

static bool take_end(struct history_claim *claim, struct frame_cursor *cursor)
{
	uint8_t limit = frame_read_byte(cursor);

	if (limit >= HISTORY_LIMIT_COUNT)
		return false;
	claim->history->limit = (enum history_limit)limit;
	return true;
}

static const struct {
	enum frame_kind kind;
	bool (*take)(struct history_claim *claim, struct frame_cursor *cursor);
} takers[] = {
	{SAY_BRANCH, take_branch}, {SAY_COMMIT, take_commit},	{SAY_ROOT_FILE, take_root_file},
	{SAY_SECRET, take_secret}, {SAY_HISTORY_END, take_end},
};

int history_take(struct history_claim *claim, const struct frame *frame, struct mp_error *err)
{
	struct frame_cursor cursor = frame_read(frame);

	if (frame->kind == SAY_REFUSED)
		return claim_refusal(frame, err);
	if (claim->has_branch == (frame->kind == SAY_BRANCH))
		return history_broken(err);
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++) {
		if (takers[i].kind != frame->kind)
			continue;
		if (!takers[i].take(claim, &cursor) || !frame_read_ok(&cursor))
			return history_broken(err);
		return frame->kind == SAY_HISTORY_END;
	}
	return history_broken(err);
}

int reader_history(struct reader *reader, const char *branch, struct arena *arena,
		   const struct history **ret_history, struct mp_error *err)
{
	struct history_claim claim = {.arena = arena,
				      .history = arena_new_of(arena, struct history)};
	struct frame_output *output = reader_output(reader);
	struct frame frame;
	int ret;

	if (!*branch || strlen(branch) > HISTORY_BRANCH_MAX)
		return mp_fail(err, MP_FAULT_CONTENT, -EINVAL, "'%.60s' is no name of a branch",
			       branch);
	frame_begin(output, ASK_HISTORY);
	frame_add_text(output, branch);
	frame_end(output);
	ret = reader_ask(reader, output, err);
	while (ret == 0) {
		ret = reader_next(reader, &frame, err);
		if (ret == 0)
			ret = history_take(&claim, &frame, err);
	}
	if (ret < 0)
		return ret;
	claim.history->branch = arena_text(arena, branch);
	*ret_history = claim.history;
	return 0;
}
