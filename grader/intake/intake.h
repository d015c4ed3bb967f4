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

#include "grader/intake/submission.h"

/*
 * How to be let in where not everybody may read. All are borrowed until intake_open() returns; the reader's box
 * gets them over its socket, never as an argument or in an environment, and no error or report tells them.
 */
struct intake_access {
	const char *user; /* NULL: whom the address names */
	const char *
		password; /* at most INTAKE_PASSWORD_MAX bytes; the passphrase of an encrypted key; NULL: none */
	const char *key; /* text of a private key, at most INTAKE_KEY_MAX bytes; NULL: none */
	const char *known_hosts; /* text in the form of ssh's known_hosts; NULL: none */
};

struct intake_request {
	struct mp_launcher *launcher;
	const char *
		repository; /* folder, bare repository or URL (file://, http(s)://, ssh://, git@host:path) */
	const struct intake_access *access; /* NULL: what everybody may read */
	const char *revision;		    /* branch, tag or commit; NULL: HEAD */
	bool is_worktree; /* tracked and untracked-but-not-ignored files as they lie there */
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

/* The main function of `milepost reader`: runs inside the box, speaks on descriptors 0 and 1. */
int reader_main(int argc, char **argv);

/*
 * The top of the work tree that holds FOLDER (looks for .git upwards), absolute, freed by the caller.
 * Errors: -ENOENT it lies in none; -ESTALE the current folder ".", which was removed.
 */
MP_MUST_CHECK int intake_find_top(const char *folder, char **ret_top, struct mp_error *err);

/* MP_FAULT_USAGE when a password stands in the address WORD. To be asked before WORD is told to anybody. */
MP_MUST_CHECK int intake_refuse_password(const char *word, struct mp_error *err);

/* Whether WORD is git@host:path, or host:path, and no folder here. */
bool intake_is_short_address(const char *word);

/* Remove work folders that processes which are gone have left behind. At start of every command that grades. */
void intake_sweep(void);

#endif
