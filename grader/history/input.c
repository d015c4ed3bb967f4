/* SPDX-License-Identifier: MIT */
/*
 * What of a history belongs to the input key of an exercise: just what the parts of `expect` look at. So a
 * further commit that is as it should be leaves the key as it was, and a forced push that takes a key or
 * password out changes it.
 */
#include <string.h>

#include "grader/history/inner.h"
#include "sandbox/base/text.h"

/* Commits without parents, with their files: where a template begins. */
static void add_roots(const struct history *history, struct text *into)
{
	for (size_t i = 0; i < history->commit_count; i++) {
		const struct history_commit *commit = &history->commits[i];

		if (commit->parents > 0)
			continue;
		text_add(into, "root\n");
		for (size_t k = 0; k < commit->file_count; k++)
			text_addf(into, " %s %s\n", commit->files[k].path, commit->files[k].id);
	}
}

/* From the newest commit back to the first that is the learner's own for certain. */
static void add_newest_author(const struct history *history, struct text *into)
{
	for (size_t i = history->commit_count; i > 0; i--) {
		const struct history_commit *commit = &history->commits[i - 1];

		if (commit->parents > 1)
			continue;
		text_addf(into, "author %s <%s>\n", commit->name, commit->email);
		if (commit->parents == 1)
			return;
	}
}

static void add_slips(const struct history *history, struct text *into)
{
	for (size_t i = 0; i < history->commit_count; i++) {
		const struct history_commit *commit = &history->commits[i];

		if (commit->parents < 2 && subject_slip(commit->subject))
			text_addf(into, "subject %s\n", commit->subject);
	}
}

static void add_secrets(const struct history *history, struct text *into)
{
	for (size_t i = 0; i < history->secret_count; i++)
		text_addf(into, "secret %s %s %s\n", history->secrets[i].what,
			  history->secrets[i].path, history->secrets[i].commit);
}

static void add_commits(const struct history *history, struct text *into)
{
	for (size_t i = 0; i < history->commit_count; i++)
		text_addf(into, "commit %s\n", history->commits[i].id);
}

int history_add_input(struct submission *submission, const struct step *step, struct text *into,
		      struct mp_error *err)
{
	/* A part that takes a pattern may look at any commit. */
	static const struct {
		const char *part;
		void (*add_word)(const struct history *history, struct text *into);
	} rows[] = {{"root", add_roots},
		    {"authors", add_newest_author},
		    {"subjects", add_slips},
		    {"secrets", add_secrets},
		    {"commits", add_commits}};
	const struct history *history;
	int ret = submission_history(submission, step->target, &history, err);

	/* That it cannot be read is said by the check itself, and is no error of the key. */
	if (ret < 0 && err && err->fault == MP_FAULT_INPUT) {
		text_addf(into, "history %s cannot be read\n", step->target);
		return 0;
	}
	if (ret < 0)
		return ret;
	text_addf(into, "history %s %d %d %d %s\n", step->target, history->is_found,
		  history->is_shallow, (int)history->limit, history->other ? history->other : "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const json_t *pattern = json_object_get(step->expect, rows[i].part);

		if (pattern && json_is_string(pattern))
			rows[i].add_word(history, into);
		else if (pattern)
			add_commits(history, into);
	}
	if (step->save)
		add_commits(history, into);
	return 0;
}
