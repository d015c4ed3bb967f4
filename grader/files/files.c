/* SPDX-License-Identifier: MIT */
/* The probe files: verbs, what is said at load time, and the run of a check. */
#include "grader/files/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/files/inner.h"
#include "sandbox/base/cleanup.h"

static const char *const step_keys[] = {"save", "near", "expect", NULL};
static const char *const file_parts[] = {"text", "lines", "yaml", "json", "size", NULL};
static const char *const tree_parts[] = {"files", "largest", "links", "submodules", NULL};
static const char *const tree_words[] = {"tracked", NULL};

static const struct verb files_verbs[] = {
	{"file", VERB_TEXT, NULL, step_keys, file_parts,
	 "a file of the exercise's folder; from the top of the repository when it begins with /"},
	{"tree", VERB_WORD, tree_words, step_keys, tree_parts,
	 "all files of the repository; largest, like size, is in bytes or written 1M"},
};

static const struct {
	const char *verb;
	int (*judge)(struct judging *judging, struct mp_error *err);
} judges[] = {
	{"file", judge_file},
	{"tree", judge_tree},
};

/* --- at load time -------------------------------------------------------------------------- */

static void examine(const struct exercise *exercise, const struct step *step, complain_fn *complain,
		    struct complaints *to)
{
	const json_t *largest = json_object_get(step->expect, "largest");

	(void)exercise;
	if (strcmp(step->verb->name, "file") == 0 && !tree_is_plain_path(step->target))
		complain(to, step->line, step->column,
			 "file: write a path like hello.txt or /learner.yaml, without . and ..");
	if (largest && !largest_examine(largest))
		complain(to, step->line, step->column,
			 "largest: write a size like 1M, or a pattern like {$at_most: 1000}");
}

/* --- the input key ------------------------------------------------------------------------- */

static int add_file(struct submission *submission, const struct step *step, struct text *into,
		    struct mp_error *err)
{
	char id[41] = "";
	int ret = 0;

	/* A name in the path is not known yet: then all files may be meant. */
	if (step->target[0] == '/')
		ret = submission_object_id(
			submission, strstr(step->target, "$(") ? "." : step->target + 1, id, err);
	if (ret == 0 && id[0])
		text_addf(into, "file %s %s\n", step->target, id);
	return ret;
}

static int add_tree(struct submission *submission, const struct step *step, struct text *into,
		    struct mp_error *err)
{
	(void)err;
	tree_add_largest(submission, step, into);
	for (size_t i = 0; i < submission->fact_count; i++)
		text_addf(into, "fact %d %s\n", (int)submission->facts[i].kind,
			  submission->facts[i].path);
	if (!step->save && !json_object_get(step->expect, "files"))
		return 0;
	for (size_t i = 0; i < submission->file_count; i++)
		text_addf(into, "file %s\n", submission->files[i].path);
	return 0;
}

static int add_input(struct submission *submission, const struct step *step, struct text *into,
		     struct mp_error *err)
{
	return strcmp(step->verb->name, "file") == 0 ? add_file(submission, step, into, err)
						     : add_tree(submission, step, into, err);
}

/* --- a check ------------------------------------------------------------------------------- */

void files_mismatch(struct judging *judging, const char *path, const char *wanted, const char *got)
{
	struct mismatches *told = &judging->told;
	struct mismatch *item = arena_push(told->arena, &told->items, &told->count, sizeof(*item));

	*item = (struct mismatch){path, wanted, got};
}

static const char *message_of(const struct judging *judging)
{
	static const struct {
		const char *path, *message;
	} rows[] = {
		{"file", "The file is not there yet."},
		{"text", "The file does not hold what is wanted."},
		{"lines", "The lines of the file are not the wanted ones."},
		{"yaml", "The file is not as wanted."},
		{"json", "The file is not as wanted."},
		{"size", "The file has not the wanted size."},
		{"largest", "A file is too large."},
		{"links", "Links are not followed: put the files themselves there."},
		{"submodules", "A submodule is a repository of its own: put its files there."},
	};
	const char *path = judging->told.items[0].path;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strncmp(path, rows[i].path, strlen(rows[i].path)) == 0)
			return rows[i].message;
	}
	return "The files of the repository are not as wanted.";
}

static void add_failure(struct judging *judging, struct outcome *outcome)
{
	struct probe_run *run = judging->run;
	const char *say = match_near_miss(judging->step, judging->parts, run->names);
	struct evidence *evidence = arena_push(run->arena, &outcome->evidence,
					       &outcome->evidence_count, sizeof(*evidence));

	*evidence = (struct evidence){
		.repeat = judging->path ? arena_format(run->arena, "cat %s", judging->path)
					: "git ls-files",
		.request = judging->path ? arena_format(run->arena, "the file %s", judging->path)
					 : "the files of the repository",
		.mismatches = judging->told.items,
		.mismatch_count = judging->told.count,
		.say = say ? say : judging->say,
	};
	outcome->verdict = VERDICT_FAIL;
	if (!outcome->message)
		outcome->message = message_of(judging);
}

/* Keep what later steps need. False: it is not there, and the check is over. */
static bool save(struct judging *judging)
{
	struct mp_error err = {0};

	if (!judging->step->save ||
	    names_save(judging->run->names, judging->step->save, judging->parts, &err) == 0)
		return true;
	if (judging->told.count == 0)
		files_mismatch(judging, "file", "something that a later step needs",
			       arena_text(judging->run->arena, err.text));
	return false;
}

static int run_step(struct probe_run *run, const struct step *step, struct outcome *outcome,
		    bool *ret_is_over, struct mp_error *err)
{
	struct judging judging = {
		.run = run, .step = step, .parts = json_object(), .told.arena = run->arena};
	int ret = 0;

	if (strcmp(step->verb->name, "file") == 0)
		ret = tree_path(run, step->target, &judging.path, err);
	for (size_t i = 0; ret == 0 && i < sizeof(judges) / sizeof(judges[0]); i++) {
		if (strcmp(judges[i].verb, step->verb->name) == 0)
			ret = judges[i].judge(&judging, err);
	}
	if (ret == 0) {
		*ret_is_over = !save(&judging) || judging.is_unread;
		if (judging.told.count > 0)
			add_failure(&judging, outcome);
	}
	json_decref(judging.parts);
	return ret;
}

static int run_check(struct probe_run *run, struct outcome *ret_outcome, struct mp_error *err)
{
	return probe_run_steps(run, run_step, ret_outcome, err);
}

const struct probe_kind files_probe = {
	.name = "files",
	.verbs = files_verbs,
	.verb_count = sizeof(files_verbs) / sizeof(files_verbs[0]),
	.is_static = true,
	.examine = examine,
	.add_input = add_input,
	.run = run_check,
};
