/* SPDX-License-Identifier: MIT */
/* What the files of the probe share. */
#ifndef GRADER_HISTORY_INNER_H
#define GRADER_HISTORY_INNER_H

#include <jansson.h>

#include "grader/intake/submission.h"
#include "grader/match/match.h"
#include "grader/model/probe.h"

/* --- templates ----------------------------------------------------------------------------- */

/* A file of a template. */
struct template_file {
	const char *path;
	const char *id; /* "present": any content, because it holds the learner's name */
};

/* One version of a track's template. */
struct template
{
	const char *track;
	int64_t version;
	const struct template_file *files;
	size_t file_count;
};

struct template_list {
	struct template *items;
	size_t count;
};

/* The exercise's file of templates, data/templates.yaml. Errors: MP_FAULT_CONTENT it is not there, or broken. */
MP_MUST_CHECK int templates_load(const struct exercise *exercise, struct arena *arena,
				 struct template_list *ret_list, struct mp_error *err);

/* How many of the template's files the root commit ROOT lacks. */
size_t template_lacks(const struct template *template, const struct history_commit *root,
		      const char **ret_first);

/* The template that ROOT has whole, or lacks the least of; NULL: there is none. */
const struct template *template_nearest(const struct template_list *list,
					const struct history_commit *root, size_t *ret_lacking,
					const char **ret_first);

/* --- commits ------------------------------------------------------------------------------- */

/* Is it the learner's own: no merge, and not where a template begins? */
bool commit_is_own(const struct history_commit *commit, const struct template_list *list);

/* Why the author of a commit is not one that others can know, as a sentence; NULL: all is well. Static. */
const char *author_slip(const char *name, const char *email);

/* Why a commit's first line says too little or too much; NULL: it says enough. Static. */
const char *subject_slip(const char *subject);

/* --- parts --------------------------------------------------------------------------------- */

/* One step while it is judged. */
struct judging {
	struct probe_run *run;
	const struct step *step;
	const struct history *history;
	struct template_list templates; /* empty: the exercise has none */
	json_t *parts;			/* owned by the caller */
	struct mismatches told;
	const char *say;
	const char *advice;
};

void history_mismatch(struct judging *judging, const char *path, const char *wanted,
		      const char *got);

/* Fill `parts` with what patterns may ask for. */
void parts_fill(struct judging *judging);

/* Judge one part of expect: a row a part. */
void history_judge(struct judging *judging, const char *part, const json_t *pattern);

/* probe_kind.add_input of this probe. */
MP_MUST_CHECK int history_add_input(struct submission *submission, const struct step *step,
				    struct text *into, struct mp_error *err);

/* Is PATTERN one that PART takes? Else a sentence; NULL: yes. Static. */
const char *part_slip(const char *part, const json_t *pattern);

#endif
