/* SPDX-License-Identifier: MIT */
/*
 * Inside: the reader's own half, which runs in its box. Nothing else of milepost includes this.
 *
 * Errors: MP_FAULT_USAGE becomes FRAME_WHOSE_ASKER, all others FRAME_WHOSE_REPOSITORY; the text is the
 * whole sentence. After an error the reader says it and ends.
 */
#ifndef GRADER_INTAKE_INSIDE_H
#define GRADER_INTAKE_INSIDE_H

#include <git2.h>
#include <milepost/error.h>
#include <stdbool.h>

#include "grader/intake/frame.h"
#include "grader/intake/id_set.h"
#include "grader/intake/inside_access.h"
#include "grader/intake/limits.h"
#include "grader/intake/submission.h"

struct inside {
	int fd;			     /* borrowed: frames go out here */
	struct frame_output *output; /* owned */
	enum frame_how how;
	git_repository *repo; /* owned; NULL: files of no repository */
	git_odb *odb;	      /* owned; objects of repo */
	git_oid commit;
	git_oid root; /* the tree; of a work tree once it was walked */
	bool has_root;
	git_repository *trees; /* owned: where root lies: repo, or one in memory for a work tree */
	char branch[256];      /* "": none */
	char top[4096];	       /* of the work tree */
	struct access_inside *access; /* owned; NULL: what everybody may read */
	bool is_lacking; /* an object was missed that a partial clone left at its server */
};

/* One object, of TYPE and at most MOST bytes: asked for its size before it is read. RET_OBJECT is freed by the caller. */
MP_MUST_CHECK int inside_read(struct inside *inside, const git_oid *id, git_object_t type,
			      size_t most, git_odb_object **ret_object, struct mp_error *err);

/* Its header alone. */
MP_MUST_CHECK int inside_header(struct inside *inside, const git_oid *id, size_t *ret_bytes,
				git_object_t *ret_type, struct mp_error *err);

/* The tree ID of REPO, checked for size. Freed by the caller. */
MP_MUST_CHECK int inside_tree(struct inside *inside, git_repository *repo, const git_oid *id,
			      git_tree **ret_tree, struct mp_error *err);

/* "refused: cannot be read: WHAT: libgit2's words: ADVICE"; inside_refuse() advises to look with git. */
int inside_refuse(struct mp_error *err, const char *what);
int inside_refuse_with(struct mp_error *err, const char *what, const char *advice);

/* The first line of libgit2's last words, at most RET_COUNT bytes at what is returned; INSTEAD when it has none. */
const char *inside_git_words(const char *instead, int *ret_count);

/* "refused: 'PATH' REASON", the path as a person may see it. */
int inside_refuse_path(const char *path, const char *reason, struct mp_error *err);

/* More entries than a submission may have. */
int inside_refuse_count(struct mp_error *err);

/* Whether REPO was cloned with --filter: git fetches what is missing when it is wanted, we do not. */
bool inside_is_partial(git_repository *repo);

/* Set libgit2 up for strangers' repositories. */
MP_MUST_CHECK int inside_prepare(struct mp_error *err);

/* Open PLACE as asked and find REVISION ("": HEAD). */
MP_MUST_CHECK int inside_open(struct inside *inside, const char *place, const char *revision,
			      struct mp_error *err);

/* Refuse the git folder PLACE where a pipe, a socket or a device lies instead of a file that libgit2 would open. */
MP_MUST_CHECK int inside_refuse_special(const char *place, struct mp_error *err);

/* Fetch URL into FOLDER, an empty bare repository that is made there. ACCESS: NULL is what everybody may read. */
MP_MUST_CHECK int inside_clone(struct access_inside *access, const char *url, const char *folder,
			       struct mp_error *err);

/* Fill commit, root and branch. */
MP_MUST_CHECK int inside_resolve(struct inside *inside, const char *revision, struct mp_error *err);

/* Say the whole tree of the commit, or of the work tree. */
MP_MUST_CHECK int inside_say_tree(struct inside *inside, struct mp_error *err);
MP_MUST_CHECK int inside_say_worktree(struct inside *inside, struct mp_error *err);

/* Send what is waiting, when there is much of it or IS_ALL. */
MP_MUST_CHECK int inside_send(struct inside *inside, bool is_all, struct mp_error *err);

/* Say a file; then its SIZE bytes follow by inside_say_data(). */
MP_MUST_CHECK int inside_say_file(struct inside *inside, const char *path, bool is_executable,
				  size_t size, struct mp_error *err);
MP_MUST_CHECK int inside_say_data(struct inside *inside, const void *bytes, size_t count,
				  struct mp_error *err);
MP_MUST_CHECK int inside_say_link(struct inside *inside, const char *path, const char *target,
				  size_t count, struct mp_error *err);
MP_MUST_CHECK int inside_say_submodule(struct inside *inside, const char *path,
				       struct mp_error *err);

/* The object id (hex) of PATH below root, "" when it is not there. */
MP_MUST_CHECK int inside_object_id(struct inside *inside, const char *path,
				   char ret_id[GIT_OID_HEXSZ + 1], struct mp_error *err);

/* The tip of the branch NAME; "HEAD": the one that is read. Not found: RET_OTHER is one that may be meant, or "". */
MP_MUST_CHECK int inside_branch(struct inside *inside, const char *name, bool *ret_found,
				git_oid *ret_tip, char ret_other[HISTORY_BRANCH_MAX + 1],
				struct mp_error *err);

/* Leads the history of TIP through the commit ID? Not beyond its limits: then no. */
MP_MUST_CHECK int inside_reaches(struct inside *inside, const git_oid *tip, const git_oid *id,
				 bool *ret_reaches, struct mp_error *err);

/*
 * Where the history of the branch NAME ends whose tip is TIP: at the commit that is read, when it lies on the
 * branch, so that what came later changes no score of it. But a commit of HEAD's branch is no end of another
 * one, which only goes on from there.
 */
MP_MUST_CHECK int inside_branch_end(struct inside *inside, const char *name, git_oid *tip,
				    struct mp_error *err);

/* Say the commits that lead to TIP, their roots' files, and what looks like a secret. */
MP_MUST_CHECK int inside_say_history(struct inside *inside, const git_oid *tip,
				     enum history_limit *ret_limit, struct mp_error *err);

/* Looking through the folders of commits, each folder and file once. Zeroed is new. */
struct scan {
	struct inside *inside;
	struct id_set seen;
	size_t entries, listed, bytes, root_files, secrets;
	bool is_cut; /* not everything was looked through */
};
void scan_done(struct scan *scan);

/* Say each file of the tree ID: of a commit without parents. */
MP_MUST_CHECK int scan_list(struct scan *scan, const git_oid *id, struct mp_error *err);

/* Look for secrets in what is new below the tree ID, and say them. */
MP_MUST_CHECK int scan_secrets(struct scan *scan, const git_oid *id, struct mp_error *err);

#endif
