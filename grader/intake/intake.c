/* SPDX-License-Identifier: MIT */
/*
 * Intake: a repository becomes a folder of ours.
 *
 *   place      which folder or URL that is, and what its reader must see
 *   reader     a process in a box that opens it and says what it holds
 *   claim      each word of that, checked
 *   folder     where the files are written, beneath one descriptor
 */
#include "grader/intake/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/intake/access.h"
#include "grader/intake/claim.h"
#include "grader/intake/folder.h"
#include "grader/intake/limits.h"
#include "grader/intake/place.h"
#include "grader/intake/reader.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "sandbox/base/text.h"

/* What a struct submission is behind its header. */
struct intake {
	struct submission submission;	  /* first: the caller's view */
	struct arena *arena;		  /* owned: texts and facts */
	struct work_folder folder;	  /* owned */
	int file_fd;			  /* owned: the file under way, or -1 */
	struct submission_file *file;	  /* the same, among the submission's */
	bool is_lfs_pointer;		  /* the file under way begins like one */
	const struct history **histories; /* that were asked for */
	size_t history_count;
};

/* How a pointer of git-lfs begins, and how long it is at most. Source: docs/spec.md of git-lfs. */
static const char lfs_begin[] = "version https://git-lfs.github.com/spec/v1\n";
enum { LFS_POINTER_BYTES = 1024 };

/* What each fact says, its path in front as %s, its detail behind. */
static const char *const fact_forms[] = {
	[FACT_LINK_LEAVES] = "'%s' is a link out of the repository, to '%s': left out",
	[FACT_LINK] = "'%s' is a link to '%s': left out, links are not followed",
	[FACT_SUBMODULE] = "'%s' is a submodule: left out, copy its files in",
	[FACT_CASE_CLASH] = "'%s' differs from another name by case only: left out, rename it",
	[FACT_LARGE_FILE] = "'%s' is %s: a repository keeps every version of it for ever",
	[FACT_LFS_POINTER] = ("'%s' is a pointer of git-lfs: its content lies elsewhere and is not "
			      "fetched: commit the file itself ('git lfs migrate export')"),
	[FACT_SHALLOW] =
		"%sits history is cut short (a shallow clone): type 'git fetch --unshallow'",
};

static const char *intake_visible(struct arena *arena, const char *bytes)
{
	mp_autotext struct text visible = {0};

	text_init(&visible, 0);
	text_add_visible(&visible, bytes, strlen(bytes), 300);
	return arena_text(arena, text_get(&visible));
}

/* FORM with one or two of its texts. */
static const char *fact_text(struct intake *intake, enum fact_kind kind, const char *path,
			     const char *detail)
{
	const char *form = fact_forms[kind];
	mp_autotext struct text text = {0};
	const char *parts[] = {path, detail};
	size_t next = 0;

	text_init(&text, 0);
	for (const char *c = form; *c; c++) {
		if (c[0] != '%' || c[1] != 's') {
			text_add_char(&text, *c);
			continue;
		}
		text_add(&text, parts[next++]);
		c++;
	}
	return arena_text(intake->arena, text_get(&text));
}

static void intake_fact(void *context, enum fact_kind kind, const char *path, const char *detail,
			int64_t bytes)
{
	struct intake *intake = context;
	struct submission *submission = &intake->submission;
	struct submission_fact *fact;
	const char *shown;

	if (submission->fact_count >= INTAKE_FACTS_MAX)
		return;
	shown = detail ? intake_visible(intake->arena, detail) : "";
	if (bytes > 0)
		shown = arena_format(intake->arena, "%lld.%lld MB", (long long)(bytes >> 20),
				     (long long)((bytes & ((1 << 20) - 1)) * 10 >> 20));
	fact = arena_push(intake->arena, &submission->facts, &submission->fact_count,
			  sizeof(*fact));
	fact->kind = kind;
	fact->path = intake_visible(intake->arena, path);
	fact->text = fact_text(intake, kind, fact->path, shown);
}

static int intake_create(void *context, const char *path, bool is_executable, struct mp_error *err)
{
	struct intake *intake = context;
	int fd = path_create_below(intake->folder.tree_fd, path, O_WRONLY | O_EXCL | O_NOFOLLOW,
				   is_executable ? 0755 : 0644);

	if (fd < 0)
		return mp_fail(err, MP_FAULT_HOST, fd, "file in '%s'", intake->folder.tree);
	intake->file_fd = fd;
	intake->file = arena_push(intake->arena, &intake->submission.files,
				  &intake->submission.file_count, sizeof(*intake->file));
	intake->file->path = arena_text(intake->arena, path);
	return 0;
}

static int intake_write(void *context, const void *bytes, size_t count, struct mp_error *err)
{
	struct intake *intake = context;
	int ret = path_write_all(intake->file_fd, bytes, count);

	if (intake->file->bytes == 0)
		intake->is_lfs_pointer = count >= strlen(lfs_begin) &&
					 memcmp(bytes, lfs_begin, strlen(lfs_begin)) == 0;
	intake->file->bytes += (int64_t)count;
	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "file in '%s'", intake->folder.tree) : 0;
}

static int intake_close_file(void *context, struct mp_error *err)
{
	struct intake *intake = context;
	int fd = mp_take_fd(&intake->file_fd);

	if (intake->is_lfs_pointer && intake->file->bytes < LFS_POINTER_BYTES)
		intake_fact(intake, FACT_LFS_POINTER, intake->file->path, NULL, 0);
	intake->is_lfs_pointer = false;
	return close(fd) < 0
		       ? mp_fail(err, MP_FAULT_HOST, -errno, "file in '%s'", intake->folder.tree)
		       : 0;
}

static const struct claim_sink intake_sink = {
	.open = intake_create,
	.write = intake_write,
	.close = intake_close_file,
	.fact = intake_fact,
};

/* Ask for the commit and take what the reader says of it. */
static int intake_ask_open(struct intake *intake, const struct intake_request *request,
			   const struct place *place, struct mp_error *err)
{
	struct submission *submission = &intake->submission;
	struct frame_output *output = reader_output(submission->reader);
	struct frame frame;
	struct frame_cursor cursor;
	char branch[256];
	int ret;

	ret = access_tell(request->access, place, output, err);
	if (ret < 0)
		return ret;
	frame_begin(output, ASK_OPEN);
	frame_add_byte(output, (uint8_t)place->how);
	frame_add_text(output, place->git);
	frame_add_text(output, place->top);
	frame_add_text(output, request->revision ? request->revision : "");
	frame_end(output);
	ret = reader_ask(submission->reader, output, err);
	if (ret == 0)
		ret = reader_next(submission->reader, &frame, err);
	if (ret != 0)
		return ret;
	if (frame.kind == SAY_REFUSED)
		return claim_refusal(&frame, err);
	cursor = frame_read(&frame);
	(void)frame_read_text(&cursor, submission->commit, sizeof(submission->commit));
	submission->is_shallow = frame_read_byte(&cursor) != 0;
	(void)frame_read_text(&cursor, branch, sizeof(branch));
	if (frame.kind != SAY_OPENED || !frame_read_ok(&cursor) ||
	    (!request->is_worktree && !reader_is_object_id(submission->commit)))
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
			       "refused: cannot be read: its reader lost the thread");
	if (request->is_worktree)
		memcpy(submission->commit, "worktree", sizeof("worktree"));
	submission->branch = branch[0] ? intake_visible(intake->arena, branch) : NULL;
	if (submission->is_shallow)
		intake_fact(intake, FACT_SHALLOW, "", NULL, 0);
	return 0;
}

/* Ask for the tree and write it. */
static int intake_ask_tree(struct intake *intake, struct mp_error *err)
{
	struct submission *submission = &intake->submission;
	struct frame_output *output = reader_output(submission->reader);
	struct claim *claim = claim_new(&intake_sink, intake);
	struct frame frame;
	mode_t mask;
	int ret;

	if (!claim)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "intake");
	frame_begin(output, ASK_TREE);
	frame_end(output);
	mask = umask(022);
	ret = reader_ask(submission->reader, output, err);
	while (ret == 0) {
		ret = reader_next(submission->reader, &frame, err);
		if (ret == 0)
			ret = claim_take(claim, &frame, err);
	}
	(void)umask(mask);
	submission->bytes = claim_bytes(claim);
	(void)claim_free(claim);
	return ret < 0 ? ret : 0;
}

static int intake_read(struct intake *intake, const struct intake_request *request,
		       struct mp_error *err)
{
	struct submission *submission = &intake->submission;
	struct place place;
	int ret = place_find(request->repository, request->is_worktree, &place, err);

	if (ret == 0 && request->revision &&
	    (request->is_worktree || strlen(request->revision) > 255))
		ret = mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG, "%s",
			request->is_worktree
				? "--worktree reads the files as they lie: leave out the @ and the "
				  "revision behind it"
				: "the revision is longer than any name of a branch");
	if (ret == 0)
		ret = reader_open(request, &place, &submission->reader, err);
	if (ret < 0)
		return ret;
	ret = intake_ask_open(intake, request, &place, err);
	if (ret == 0)
		ret = work_folder_open(&intake->folder, err);
	if (ret == 0)
		ret = intake_ask_tree(intake, err);
	if (ret < 0)
		return err && err->fault != MP_FAULT_HOST
			       ? mp_wrap(err, "'%.300s'", request->repository)
			       : ret;
	submission->tree_fd = intake->folder.tree_fd;
	submission->tree = intake->folder.tree;
	return 0;
}

int intake_open(const struct intake_request *request, struct submission **ret_submission,
		struct mp_error *err)
{
	struct intake *intake = calloc(1, sizeof(*intake));
	int ret;

	if (!intake)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "intake");
	intake->file_fd = -1;
	intake->folder = WORK_FOLDER_NONE;
	intake->submission.tree_fd = -1;
	intake->arena = arena_new();
	ret = intake_read(intake, request, err);
	if (ret < 0) {
		(void)submission_close(&intake->submission);
		return ret;
	}
	*ret_submission = &intake->submission;
	return 0;
}

struct submission *submission_close(struct submission *submission)
{
	struct intake *intake = (struct intake *)submission;

	if (!intake)
		return NULL;
	submission->reader = reader_close(submission->reader);
	if (intake->file_fd >= 0)
		(void)close(intake->file_fd);
	work_folder_close(&intake->folder);
	intake->arena = arena_free(intake->arena);
	free(intake);
	return NULL;
}

int submission_object_id(struct submission *submission, const char *path, char ret_id[41],
			 struct mp_error *err)
{
	return reader_object_id(submission->reader, path, ret_id, err);
}

int submission_history(struct submission *submission, const char *branch,
		       const struct history **ret_history, struct mp_error *err)
{
	struct intake *intake = (struct intake *)submission;
	const struct history **place;
	int ret;

	for (size_t i = 0; i < intake->history_count; i++) {
		if (strcmp(intake->histories[i]->branch, branch) == 0) {
			*ret_history = intake->histories[i];
			return 0;
		}
	}
	ret = reader_history(submission->reader, branch, intake->arena, ret_history, err);
	if (ret < 0)
		return ret;
	place = arena_push(intake->arena, &intake->histories, &intake->history_count,
			   sizeof(*place));
	*place = *ret_history;
	return 0;
}
