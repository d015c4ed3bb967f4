/* SPDX-License-Identifier: MIT */
/*
 * A submission: what came of a repository, and what may still be asked about it while it is graded. This is
 * all of intake that a probe includes. Answers of the reader are claims: bounded and checked before they
 * are here; texts of strangers are in visible form.
 */
#ifndef GRADER_INTAKE_SUBMISSION_H
#define GRADER_INTAKE_SUBMISSION_H

#include <milepost/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fact_kind {
	FACT_LINK_LEAVES, /* a link that points out of the tree: left out */
	FACT_LINK,	  /* a link that stays inside: kept as a fact, left out */
	FACT_SUBMODULE,	  /* left out */
	FACT_CASE_CLASH,  /* names that differ by case only */
	FACT_LARGE_FILE,  /* 5 MB or more: taken */
	FACT_LFS_POINTER, /* the content is in git-lfs and not here: the pointer is taken */
	FACT_SHALLOW,	  /* history is cut short; path is "" */
};

struct submission_fact {
	enum fact_kind kind;
	const char *path; /* visible form */
	const char *text; /* a sentence for the report */
};

/* A file that was taken. */
struct submission_file {
	const char *path;
	int64_t bytes;
};

/* A learner's tree as a folder of ours. Owns everything; freed by submission_close(), which removes the folder. */
struct submission {
	int tree_fd;	    /* the folder */
	const char *tree;   /* its absolute path */
	char commit[41];    /* 40 hex, or "worktree" */
	const char *branch; /* NULL: none known */
	struct submission_fact *facts;
	size_t fact_count;
	struct submission_file *files; /* in the order of the tree */
	size_t file_count;
	int64_t bytes;
	bool is_shallow;
	struct reader *reader; /* owned; stays open for questions */
};

/* --- the history of a branch --------------------------------------------------------------- */

/* Why a history was not read to its end. */
enum history_limit {
	HISTORY_WHOLE,
	HISTORY_MANY_COMMITS, /* no commit is told */
	HISTORY_LARGE_COMMIT, /* no commit is told */
	HISTORY_LARGE,	      /* commits are told; not every file was looked through for secrets */
	HISTORY_LACKING, /* a partial clone left objects of it at its server: what is told is not all */
	HISTORY_LIMIT_COUNT,
};

/* A file of a commit without parents. */
struct history_file {
	const char *path;
	char id[41];
};

struct history_commit {
	char id[41];
	int parents;  /* 0, 1; 2: a merge */
	int64_t time; /* seconds since 1970, as its author says */
	const char *subject, *name, *email;
	const struct history_file *files; /* of a commit without parents */
	size_t file_count;
};

/* Something that looks like a secret. What it is, is never kept. */
struct history_secret {
	const char *what; /* "a private key"; static */
	const char *path;
	const char *commit; /* the id of the first commit that has it */
};

struct history {
	const char *branch;
	bool is_found;
	bool is_shallow;		/* cut short by a shallow clone: nothing else is told */
	const char *other;		/* not found: a branch that may be meant; NULL: none */
	struct history_commit *commits; /* parents before children */
	size_t commit_count;
	struct history_secret *secrets; /* of the whole history, also in files that are gone */
	size_t secret_count;
	enum history_limit limit;
};

/*
 * The history of BRANCH, as far as the commit that is graded when that lies on it, else from its tip; "HEAD" is
 * the branch that the submission was read from. Asked once,
 * then kept: RET_HISTORY is borrowed until submission_close(). Errors: MP_FAULT_INPUT it cannot be read.
 */
MP_MUST_CHECK int submission_history(struct submission *submission, const char *branch,
				     const struct history **ret_history, struct mp_error *err);

/*
 * Object id (40 hex) of PATH (a folder or file) in the submission's commit; "" when not there. For input keys.
 * With is_worktree: as if the files that were taken had been committed, so a clean work tree has its commit's ids.
 */
MP_MUST_CHECK int submission_object_id(struct submission *submission, const char *path,
				       char ret_id[41], struct mp_error *err);

#endif
