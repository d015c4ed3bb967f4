/* SPDX-License-Identifier: MIT */
/*
 * The reader: a process of ours in a box, alone with objects that a stranger wrote.
 *
 * It is asked on descriptor 0 and answers on descriptor 1, which may be one socket. It waits for a whole
 * question, answers it whole, and ends when the asker closes its side. What lets it in at a server
 * it holds until the clone is there, and no longer. It may do nothing but read what is bound (and write to its own scratch when it clones), so that a mistake in
 * libgit2 gains nobody more than a claim that the asker checks anyway.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "grader/intake/inside.h"
#include "grader/intake/intake.h"
#include "grader/intake/limits.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

int inside_send(struct inside *inside, bool is_all, struct mp_error *err)
{
	int ret;

	if (inside->output->used == 0 || (!is_all && !frame_output_is_full(inside->output)))
		return 0;
	ret = path_write_all(inside->fd, inside->output->data, inside->output->used);
	inside->output->used = 0;
	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "answer") : 0;
}

int inside_say_file(struct inside *inside, const char *path, bool is_executable, size_t size,
		    struct mp_error *err)
{
	frame_begin(inside->output, SAY_FILE);
	frame_add_byte(inside->output, is_executable);
	frame_add_size(inside->output, size);
	frame_add_text(inside->output, path);
	frame_end(inside->output);
	return inside_send(inside, false, err);
}

int inside_say_data(struct inside *inside, const void *bytes, size_t count, struct mp_error *err)
{
	const char *at = bytes;
	int ret = 0;

	while (ret == 0 && count > 0) {
		size_t part = count < FRAME_DATA_MAX ? count : FRAME_DATA_MAX;

		frame_begin(inside->output, SAY_DATA);
		frame_add_bytes(inside->output, at, part);
		frame_end(inside->output);
		at += part;
		count -= part;
		ret = inside_send(inside, false, err);
	}
	return ret;
}

int inside_say_link(struct inside *inside, const char *path, const char *target, size_t count,
		    struct mp_error *err)
{
	char text[INTAKE_LINK_MAX + 1];

	if (count > INTAKE_LINK_MAX || memchr(target, '\0', count)) {
		target = "/"; /* leads nowhere that is inside */
		count = 1;
	}
	memcpy(text, target, count);
	text[count] = '\0';
	frame_begin(inside->output, SAY_LINK);
	frame_add_text(inside->output, path);
	frame_add_text(inside->output, text);
	frame_end(inside->output);
	return inside_send(inside, false, err);
}

int inside_say_submodule(struct inside *inside, const char *path, struct mp_error *err)
{
	frame_begin(inside->output, SAY_SUBMODULE);
	frame_add_text(inside->output, path);
	frame_end(inside->output);
	return inside_send(inside, false, err);
}

static int inside_broken(struct mp_error *err)
{
	return mp_fail(err, MP_FAULT_BUG, -EBADMSG,
		       "the reader did not understand what it was asked");
}

/* What lets us in: no answer, ASK_OPEN comes behind it. */
static int answer_access(struct inside *inside, struct frame_cursor *cursor, struct mp_error *err)
{
	if (inside->access || inside->repo)
		return inside_broken(err);
	inside->access = calloc(1, sizeof(*inside->access));
	if (!inside->access || access_take(inside->access, cursor) < 0)
		return inside_broken(err);
	return 0;
}

static bool inside_is_shallow(struct inside *inside)
{
	char path[4096 + 16];

	(void)snprintf(path, sizeof(path), "%s/shallow", git_repository_commondir(inside->repo));
	return access(path, F_OK) == 0;
}

static int answer_open(struct inside *inside, struct frame_cursor *cursor, struct mp_error *err)
{
	char place[4097];
	char revision[4097];
	char commit[GIT_OID_HEXSZ + 1] = "";
	int ret;

	inside->how = (enum frame_how)frame_read_byte(cursor);
	(void)frame_read_text(cursor, place, sizeof(place));
	(void)frame_read_text(cursor, inside->top, sizeof(inside->top));
	(void)frame_read_text(cursor, revision, sizeof(revision));
	if (!frame_read_ok(cursor) || inside->repo)
		return inside_broken(err);
	ret = inside_open(inside, place, revision, err);
	if (ret < 0)
		return ret;
	if (inside->how != FRAME_HOW_WORKTREE)
		(void)git_oid_tostr(commit, sizeof(commit), &inside->commit);
	frame_begin(inside->output, SAY_OPENED);
	frame_add_text(inside->output, commit);
	frame_add_byte(inside->output, inside->repo && inside_is_shallow(inside));
	frame_add_text(inside->output, inside->branch);
	frame_end(inside->output);
	return 0;
}

static int answer_tree(struct inside *inside, struct frame_cursor *cursor, struct mp_error *err)
{
	int ret;

	if (!frame_read_ok(cursor) || (!inside->has_root && inside->how != FRAME_HOW_WORKTREE))
		return inside_broken(err);
	ret = inside->how == FRAME_HOW_WORKTREE ? inside_say_worktree(inside, err)
						: inside_say_tree(inside, err);
	if (ret < 0)
		return ret;
	frame_begin(inside->output, SAY_END);
	frame_end(inside->output);
	return 0;
}

static int answer_object_id(struct inside *inside, struct frame_cursor *cursor,
			    struct mp_error *err)
{
	char path[INTAKE_PATH_MAX + 1];
	char id[GIT_OID_HEXSZ + 1];
	int ret;

	(void)frame_read_text(cursor, path, sizeof(path));
	if (!frame_read_ok(cursor) || !inside->has_root)
		return inside_broken(err);
	ret = inside_object_id(inside, path, id, err);
	if (ret < 0)
		return ret;
	frame_begin(inside->output, SAY_OBJECT_ID);
	frame_add_text(inside->output, id);
	frame_end(inside->output);
	return 0;
}

static int answer_history(struct inside *inside, struct frame_cursor *cursor, struct mp_error *err)
{
	char branch[HISTORY_BRANCH_MAX + 1];
	char other[HISTORY_BRANCH_MAX + 1];
	enum history_limit limit = HISTORY_WHOLE;
	bool is_shallow = inside->repo && inside_is_shallow(inside);
	bool is_found;
	git_oid tip;
	int ret;

	(void)frame_read_text(cursor, branch, sizeof(branch));
	if (!frame_read_ok(cursor))
		return inside_broken(err);
	ret = inside_branch(inside, branch, &is_found, &tip, other, err);
	if (ret < 0)
		return ret;
	frame_begin(inside->output, SAY_BRANCH);
	frame_add_byte(inside->output, is_found);
	frame_add_byte(inside->output, is_shallow);
	frame_add_text(inside->output, other);
	frame_end(inside->output);
	if (is_found && !is_shallow)
		ret = inside_branch_end(inside, branch, &tip, err);
	if (ret == 0 && is_found && !is_shallow)
		ret = inside_say_history(inside, &tip, &limit, err);
	if (ret < 0)
		return ret;
	frame_begin(inside->output, SAY_HISTORY_END);
	frame_add_byte(inside->output, (uint8_t)limit);
	frame_end(inside->output);
	return 0;
}

static const struct {
	enum frame_kind kind;
	int (*answer)(struct inside *inside, struct frame_cursor *cursor, struct mp_error *err);
} answers[] = {
	{ASK_ACCESS, answer_access},	   {ASK_OPEN, answer_open},	  {ASK_TREE, answer_tree},
	{ASK_OBJECT_ID, answer_object_id}, {ASK_HISTORY, answer_history},
};

static int inside_answer(struct inside *inside, const struct frame *frame, struct mp_error *err)
{
	struct frame_cursor cursor = frame_read(frame);
	int ret = 0;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (answers[i].kind != frame->kind)
			continue;
		ret = answers[i].answer(inside, &cursor, err);
		return ret < 0 ? ret : inside_send(inside, true, err);
	}
	return inside_broken(err);
}

static void inside_say_refused(struct inside *inside, const struct mp_error *why)
{
	struct mp_error ignored;
	char reason[FRAME_REASON_MAX];

	(void)snprintf(reason, sizeof(reason), "%.*s", FRAME_REASON_MAX - 1, why->text);
	if (inside_send(inside, true, &ignored) < 0)
		return;
	frame_begin(inside->output, SAY_REFUSED);
	frame_add_byte(inside->output,
		       why->fault == MP_FAULT_USAGE ? FRAME_WHOSE_ASKER : FRAME_WHOSE_REPOSITORY);
	frame_add_text(inside->output, reason);
	frame_end(inside->output);
	/* The asker may be gone; then nobody is left to be told. */
	if (inside_send(inside, true, &ignored) < 0)
		return;
}

/* Answer until the asker is gone: 0; or something could not be read: a negative errno. */
static int inside_serve(struct inside *inside, struct frame_input *input, struct mp_error *err)
{
	while (true) {
		struct frame frame;
		size_t room;
		uint8_t *to;
		ssize_t got;
		int ret = frame_next(input, &frame);

		if (ret < 0)
			return inside_broken(err);
		if (ret == 1) {
			ret = inside_answer(inside, &frame, err);
			if (ret < 0)
				return ret;
			continue;
		}
		to = frame_input_space(input, &room);
		got = read(STDIN_FILENO, to, room);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return 0;
		frame_input_add(input, (size_t)got);
	}
}

/*
 * The box has a memory limit where the host has control groups. This one holds everywhere, and makes a
 * sentence of what would be a kill: libgit2 says that memory ran out. Read-only mappings do not count.
 */
static void reader_limit_memory(void)
{
	struct rlimit limit = {.rlim_cur = INTAKE_READER_BYTES, .rlim_max = INTAKE_READER_BYTES};

#ifndef __SANITIZE_ADDRESS__ /* whose shadow is larger than any limit */
	(void)setrlimit(RLIMIT_DATA, &limit);
#else
	(void)limit;
#endif
}

int reader_main(int argc, char **argv)
{
	struct inside inside = {.fd = STDOUT_FILENO};
	struct mp_error err = {0};
	mp_autofree struct frame_output *output = calloc(1, sizeof(*output));
	mp_autofree struct frame_input *input = calloc(1, sizeof(*input));
	int ret;

	(void)argv;
	if (argc != 2 || !output || !input)
		return 70;
	inside.output = output;
	reader_limit_memory();
	ret = inside_prepare(&err);
	if (ret == 0)
		ret = inside_serve(&inside, input, &err);
	if (ret < 0)
		inside_say_refused(&inside, &err);
	if (inside.trees != inside.repo)
		git_repository_free(inside.trees);
	inside.access = access_free(inside.access);
	git_odb_free(inside.odb);
	git_repository_free(inside.repo);
	return ret < 0 ? 1 : 0;
}
