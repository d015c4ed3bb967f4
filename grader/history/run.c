/* SPDX-License-Identifier: MIT */
/*
 * The probe history: the verb, what is said at load time, and the run of a check. The history itself comes
 * from the boxed reader (grader/intake/submission.h); here it is only judged.
 */
#include "grader/history/history.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "grader/history/inner.h"

static const char *const history_keys[] = {"save", "near", "expect", NULL};
static const char *const history_parts[] = {"root",    "commits", "subjects",
					    "authors", "secrets", NULL};

static const struct verb history_verbs[] = {
	{"history", VERB_TEXT, NULL, history_keys, history_parts,
	 "the commits of a branch as far as the graded one, without merges and the template's; HEAD is the branch that is graded"},
};

/* What a history that was not read to its end comes to. */
static const struct {
	const char *message, *next;
} limits[HISTORY_LIMIT_COUNT] = {
	[HISTORY_MANY_COMMITS] = {"The branch has more than 100,000 commits, which are not read.",
				  "Begin a new repository: milepost init"},
	[HISTORY_LARGE_COMMIT] = {"A commit of the branch is larger than 1 MB, which is not read.",
				  "Begin the branch anew: git checkout --orphan clean"},
	[HISTORY_LARGE] =
		{"The branch holds more than can be looked through for secrets: 256 MB.",
		 "Begin the branch anew, without what is installed or built: git checkout --orphan clean"},
};

static void examine(const struct exercise *exercise, const struct step *step, complain_fn *complain,
		    struct complaints *to)
{
	mp_autoarena struct arena *arena = arena_new();
	struct template_list ignored;
	struct mp_error err = {0};
	const char *part;
	json_t *pattern;

	if (!*step->target || strlen(step->target) > 100)
		complain(to, step->line, step->column,
			 "history: write the name of a branch, like main");
	json_object_foreach (json_readable(step->expect), part, pattern) {
		const char *slip = part_slip(part, pattern);

		if (slip)
			complain(to, step->line, step->column, "%s", slip);
		else if (strcmp(part, "root") == 0 &&
			 templates_load(exercise, arena, &ignored, &err) < 0)
			complain(to, step->line, step->column, "root: %s", err.text);
	}
}

void history_mismatch(struct judging *judging, const char *path, const char *wanted,
		      const char *got)
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
		{"branch", "The branch is not there."},
		{"root", "The repository does not begin with the template."},
		{"commits", "The number of your commits is not as wanted."},
		{"subjects", "The first lines of your commits are not as wanted."},
		{"authors", "Your commits do not say who you are."},
		{"secrets", "There is a key or password in the history."},
	};
	const char *path = judging->told.items[0].path;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strncmp(path, rows[i].path, strlen(rows[i].path)) == 0)
			return rows[i].message;
	}
	return "The history is not as wanted.";
}

static void add_failure(struct judging *judging, struct outcome *outcome)
{
	struct probe_run *run = judging->run;
	const char *say = match_near_miss(judging->step, judging->parts, run->names);
	struct evidence *evidence = arena_push(run->arena, &outcome->evidence,
					       &outcome->evidence_count, sizeof(*evidence));

	*evidence = (struct evidence){
		.repeat = arena_format(run->arena, "git log --stat %s", judging->step->target),
		.request = arena_format(run->arena, "the history of %s", judging->step->target),
		.mismatches = judging->told.items,
		.mismatch_count = judging->told.count,
		.say = say ? say : judging->say,
	};
	outcome->verdict = VERDICT_FAIL;
	if (!outcome->message)
		outcome->message = message_of(judging);
	if (!outcome->advice)
		outcome->advice = judging->advice;
}

static void judge_missing(struct judging *judging)
{
	const char *wanted = judging->step->target;
	const char *other = judging->history->other;
	struct arena *arena = judging->run->arena;

	history_mismatch(judging, "branch", wanted,
			 other ? arena_format(arena, "no such branch; there is %s", other)
			       : "no such branch");
	judging->say =
		other ? arena_format(arena,
				     "Your branch is called %s. On it, type: git branch -M %s, and "
				     "then: git push -u origin %s",
				     other, wanted, wanted)
		      : arena_format(arena,
				     "Nothing is committed on it yet: git add --all, and git "
				     "commit -m \"Say hello\". Push it with: git push -u origin %s",
				     wanted);
}

static int read_history(struct judging *judging, struct mp_error *err)
{
	struct probe_run *run = judging->run;
	int ret;

	if (!run->submission)
		return mp_fail(err, MP_FAULT_CONTENT, -EINVAL,
			       "it asks for a history, but there is no repository: describe one in "
			       "reference/NAME/commits.yaml");
	ret = submission_history(run->submission, judging->step->target, &judging->history, err);
	if (ret < 0)
		return ret;
	if (judging->history->is_shallow)
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
			       "its history is cut short (a shallow clone): type 'git fetch "
			       "--unshallow' there");
	if (judging->history->limit == HISTORY_LACKING)
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
			       "a part of its history is at its server alone (a partial clone): "
			       "clone it anew without --filter");
	/* An exercise without templates leaves none out; one that asks for the root has them, or did not load. */
	if (templates_load(run->exercise, run->arena, &judging->templates, NULL) < 0)
		judging->templates = (struct template_list){0};
	return 0;
}

static bool met_limit(struct judging *judging, struct outcome *outcome)
{
	enum history_limit limit = judging->history->limit;
	bool counts = limit != HISTORY_LARGE || json_object_get(judging->step->expect, "secrets");

	if (limit == HISTORY_WHOLE || !counts)
		return false;
	/* What was found before the limit says more. */
	if (limit == HISTORY_LARGE && judging->history->secret_count > 0)
		return false;
	outcome->verdict = VERDICT_LIMIT;
	outcome->message = limits[limit].message;
	outcome->next = limits[limit].next;
	return true;
}

static int run_step(struct probe_run *run, const struct step *step, struct outcome *outcome,
		    bool *ret_is_over, struct mp_error *err)
{
	struct judging judging = {
		.run = run, .step = step, .parts = json_object(), .told.arena = run->arena};
	struct mp_error unsaved = {0};
	const char *part;
	json_t *pattern;
	int ret = read_history(&judging, err);

	assert(ret != 0 || judging.history);
	if (ret == 0 && met_limit(&judging, outcome)) {
		*ret_is_over = true;
	} else if (ret == 0 && !judging.history->is_found) {
		judge_missing(&judging);
		*ret_is_over = true;
	} else if (ret == 0) {
		parts_fill(&judging);
		json_object_foreach (json_readable(step->expect), part, pattern)
			history_judge(&judging, part, pattern);
		if (step->save && names_save(run->names, step->save, judging.parts, &unsaved) < 0) {
			history_mismatch(&judging, "save", "something that a later step needs",
					 arena_text(run->arena, unsaved.text));
			*ret_is_over = true;
		}
	}
	if (ret == 0 && judging.told.count > 0)
		add_failure(&judging, outcome);
	json_decref(judging.parts);
	return ret;
}

static int run_check(struct probe_run *run, struct outcome *ret_outcome, struct mp_error *err)
{
	return probe_run_steps(run, run_step, ret_outcome, err);
}

const struct probe_kind history_probe = {
	.name = "history",
	.verbs = history_verbs,
	.verb_count = sizeof(history_verbs) / sizeof(history_verbs[0]),
	.is_static = true,
	.examine = examine,
	.add_input = history_add_input,
	.run = run_check,
};
