/* SPDX-License-Identifier: MIT */
/* What a reader may claim of a history, and what is refused of it. */
#include "tests/helper/tap.h"

#include <errno.h>

#include "grader/intake/history.h"
#include "grader/intake/limits.h"
#include "grader/intake/secret.h"
#include "sandbox/base/arena.h"

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static struct frame_output output;

static struct history_claim begin(struct arena *arena)
{
	return (struct history_claim){.arena = arena,
				      .history = arena_new_of(arena, struct history)};
}

static int take(struct history_claim *claim)
{
	struct mp_error err = {0};
	struct frame frame = {.kind = output.data[0], .bytes = output.data + FRAME_HEAD};
	int ret;

	frame_end(&output);
	frame.count = output.used - FRAME_HEAD;
	ret = history_take(claim, &frame, &err);
	output.used = 0;
	return ret;
}

static int say_branch(struct history_claim *claim, bool is_found, bool is_shallow,
		      const char *other)
{
	frame_begin(&output, SAY_BRANCH);
	frame_add_byte(&output, is_found);
	frame_add_byte(&output, is_shallow);
	frame_add_text(&output, other);
	return take(claim);
}

static int say_commit(struct history_claim *claim, const char *id, uint8_t parents,
		      const char *subject)
{
	frame_begin(&output, SAY_COMMIT);
	frame_add_text(&output, id);
	frame_add_byte(&output, parents);
	frame_add_size(&output, 1700000000);
	frame_add_text(&output, subject);
	frame_add_text(&output, "Asha");
	frame_add_text(&output, "asha@example.org");
	return take(claim);
}

static int say_root_file(struct history_claim *claim, const char *path, const char *id)
{
	frame_begin(&output, SAY_ROOT_FILE);
	frame_add_text(&output, path);
	frame_add_text(&output, id);
	return take(claim);
}

static int say_secret(struct history_claim *claim, uint8_t kind, const char *path)
{
	frame_begin(&output, SAY_SECRET);
	frame_add_byte(&output, kind);
	frame_add_text(&output, path);
	return take(claim);
}

static int say_end(struct history_claim *claim, uint8_t limit)
{
	frame_begin(&output, SAY_HISTORY_END);
	frame_add_byte(&output, limit);
	return take(claim);
}

static void a_history_comes_out_as_it_is_said(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct history_claim claim = begin(arena);
	const struct history *history = claim.history;

	IS(say_branch(&claim, true, false, ""), 0);
	IS(say_commit(&claim, ID_A, 0, "Start"), 0);
	IS(say_root_file(&claim, "a/b.txt", ID_B), 0);
	IS(say_secret(&claim, SECRET_ENV_FILE, ".env"), 0);
	IS(say_commit(&claim, ID_B, 1, "More\x1b[31m"), 0);
	IS(say_end(&claim, HISTORY_LARGE), 1);
	IS(history->commit_count, 2);
	IS(history->commits[0].file_count, 1);
	IS_TEXT(history->commits[0].files[0].path, "a/b.txt");
	IS_TEXT(history->commits[1].subject, "More\\x1b[31m");
	IS_TEXT(history->commits[1].email, "asha@example.org");
	IS(history->secret_count, 1);
	IS_TEXT(history->secrets[0].commit, ID_A);
	IS_TEXT(history->secrets[0].what, "a secret value");
	IS(history->limit, HISTORY_LARGE);
	OK(!history->other);
}

static void a_branch_that_is_not_there_has_no_commits(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct history_claim claim = begin(arena);

	IS(say_branch(&claim, false, false, "master"), 0);
	IS_TEXT(claim.history->other, "master");
	IS(say_commit(&claim, ID_A, 0, "x"), -EBADMSG);
	IS(say_end(&claim, HISTORY_WHOLE), 1);
}

static void what_is_out_of_order_or_form_loses_the_thread(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct history_claim claim = begin(arena);

	IS(say_commit(&claim, ID_A, 0, "x"), -EBADMSG);
	IS(say_end(&claim, HISTORY_WHOLE), -EBADMSG);
	IS(say_branch(&claim, true, false, ""), 0);
	IS(say_branch(&claim, true, false, ""), -EBADMSG);
	IS(say_root_file(&claim, "a", ID_A), -EBADMSG);
	IS(say_secret(&claim, 0, "a"), -EBADMSG);
	IS(say_commit(&claim, "abc", 0, "x"), -EBADMSG);
	IS(say_commit(&claim, ID_A, 3, "x"), -EBADMSG);
	IS(say_commit(&claim, ID_A, 1, "x"), 0);
	IS(say_root_file(&claim, "a", ID_A), -EBADMSG);
	IS(say_commit(&claim, ID_B, 0, "x"), 0);
	IS(say_root_file(&claim, "../a", ID_A), -EBADMSG);
	IS(say_root_file(&claim, "a", "id"), -EBADMSG);
	IS(say_secret(&claim, SECRET_KIND_COUNT, "a"), -EBADMSG);
	IS(say_end(&claim, HISTORY_LIMIT_COUNT), -EBADMSG);
}

static void more_than_the_most_is_refused(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct history_claim claim = begin(arena);
	int bad = 0;

	IS(say_branch(&claim, true, false, ""), 0);
	for (int i = 0; i < HISTORY_COMMITS_MAX; i++)
		bad += say_commit(&claim, ID_A, 0, "x") != 0;
	IS(bad, 0);
	IS(say_commit(&claim, ID_A, 0, "x"), -EBADMSG);
	for (int i = 0; i < HISTORY_SECRETS_MAX; i++)
		bad += say_secret(&claim, 0, "a") != 0;
	for (int i = 0; i < HISTORY_ROOT_FILES_MAX; i++)
		bad += say_root_file(&claim, "a", ID_A) != 0;
	IS(bad, 0);
	IS(say_secret(&claim, 0, "a"), -EBADMSG);
	IS(say_root_file(&claim, "a", ID_A), -EBADMSG);
}

TAP_MAIN(T(a_history_comes_out_as_it_is_said) T(a_branch_that_is_not_there_has_no_commits)
		 T(what_is_out_of_order_or_form_loses_the_thread) T(more_than_the_most_is_refused))
