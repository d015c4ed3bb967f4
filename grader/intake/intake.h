/* SPDX-License-Identifier: MIT */
/*
 * Intake: a repository becomes a folder of ours. A boxed reader opens the object database read-only (or
 * clones a URL into its own tmpfs) and sends (mode, path, size, bytes); this side checks every word and
 * writes the files beneath a work folder.
 */
#ifndef GRADER_INTAKE_INTAKE_H
#define GRADER_INTAKE_INTAKE_H

#include <milepost/box.h>
#include <milepost/error.h>
#include <stdbool.h>
#include <stdint.h>

enum fact_kind {
	FACT_LINK_LEAVES, /* a link that points out of the tree: left out */
	FACT_LINK,	  /* a link that stays inside: kept as a fact, left out */
	FACT_SUBMODULE,	  /* left out */
	FACT_CASE_CLASH,  /* names that differ by case only */
	FACT_LARGE_FILE,  /* 5 MB or more: taken */
	FACT_SHALLOW,	  /* history is cut short; path is "" */
};

struct submission_fact {
	enum fact_kind kind;
	const char *path; /* visible form */
	const char *text; /* a sentence for the report */
};

/* A learner's tree as a folder of ours. Owns everything; freed by submission_close(), which removes the folder. */
struct submission {
	int tree_fd;	    /* the folder */
	const char *tree;   /* its absolute path */
	char commit[41];    /* 40 hex, or "worktree" */
	const char *branch; /* NULL: none known */
	struct submission_fact *facts;
	size_t fact_count;
	size_t file_count;
	int64_t bytes;
	bool is_shallow;
	struct reader *reader; /* owned; stays open for questions (grader/intake/reader.h) */
};

struct intake_request {
	struct mp_launcher *launcher;
	const char *repository; /* folder, bare repository or URL (file://, http(s)://) */
	const char *revision;	/* branch, tag or commit; NULL: HEAD */
	bool is_worktree;	/* tracked and untracked-but-not-ignored files as they lie there */
	const char *
		program; /* absolute path of the milepost program: runs `milepost reader` in the box */
	const bool *may_miss; /* MP_LAYER_COUNT of them; NULL: none */
	int64_t deadline_ms;  /* for each answer of the reader; 0: 60 s, 180 s for a URL */
};

/*
 * Read REQUEST into RET_SUBMISSION. Errors: MP_FAULT_USAGE no such repository or revision (with what to type);
 * MP_FAULT_INPUT refused: cannot be read, too large, or a threat (with the reason).
 */
MP_MUST_CHECK int intake_open(const struct intake_request *request,
			      struct submission **ret_submission, struct mp_error *err);
struct submission *submission_close(struct submission *submission);

/*
 * Object id (40 hex) of PATH (a folder or file) in the submission's commit; "" when not there. For input keys.
 * With is_worktree: as if the files that were taken had been committed, so a clean work tree has its commit's ids.
 */
MP_MUST_CHECK int submission_object_id(struct submission *submission, const char *path,
				       char ret_id[41], struct mp_error *err);

/* The main function of `milepost reader`: runs inside the box, speaks on descriptors 0 and 1. */
int reader_main(int argc, char **argv);

/* The top of the work tree that holds FOLDER (looks for .git upwards), absolute, freed by the caller. -ENOENT. */
MP_MUST_CHECK int intake_find_top(const char *folder, char **ret_top, struct mp_error *err);

/* Remove work folders that processes which are gone have left behind. At start of every command that grades. */
void intake_sweep(void);

#endif
