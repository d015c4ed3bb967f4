/* SPDX-License-Identifier: MIT */
/* The parts of a history that expect may name: one function a part. */
#include <stdlib.h>
#include <string.h>

#include "grader/history/inner.h"

enum { SHORT_ID = 7, SUBJECTS_TOLD = 3, SUBJECT_SHOWN = 60 };

static const char author_advice[] =
	"Tell git once who you are (the no-reply address of your git host will do):\n"
	"  git config --global user.name \"Asha Rao\"\n"
	"  git config --global user.email asha@example.org\n"
	"Then make one more commit; the commits that are there may stay as they are.";

static const char secret_advice[] =
	"What was pushed once is known to others. In this order:\n"
	"1. Revoke the key where you got it, or change the password: only that makes it harmless.\n"
	"2. Take it out of the file; name a file with secrets in .gitignore and untrack it:\n"
	"   git rm --cached FILE\n"
	"3. A later commit does not take it out of the history. Begin the branch anew:\n"
	"   git checkout --orphan clean\n"
	"   git add --all && git commit -m \"Begin again without the key\"\n"
	"   git branch -M main && git push --force origin main";

static const char root_advice[] =
	"A repository begins with the template: its first commit has the template's files.\n"
	"  milepost init NEW-FOLDER --track TRACK --handle NAME\n"
	"makes one; copy your own files into it. With a server, clone the repository it gave you.";

void parts_fill(struct judging *judging)
{
	const struct history *history = judging->history;
	json_t *subjects = json_array();
	json_t *authors = json_array();
	size_t own = 0;

	for (size_t i = history->commit_count; i > 0; i--) {
		const struct history_commit *commit = &history->commits[i - 1];

		if (!commit_is_own(commit, &judging->templates))
			continue;
		own++;
		(void)json_array_append_new(subjects, json_string(commit->subject));
		(void)json_array_append_new(authors, json_pack("{s:s, s:s}", "name", commit->name,
							       "email", commit->email));
	}
	(void)json_object_set_new(judging->parts, "commits", json_integer((json_int_t)own));
	(void)json_object_set_new(judging->parts, "subjects", subjects);
	(void)json_object_set_new(judging->parts, "authors", authors);
}

static void judge_pattern(struct judging *judging, const char *part, const json_t *pattern)
{
	(void)match_part(part, pattern, json_object_get(judging->parts, part), judging->run->names,
			 &judging->told);
}

/* root: template. One of the commits without parents has all files of a template. */
static void judge_root(struct judging *judging, const char *part, const json_t *pattern)
{
	const struct history *history = judging->history;
	struct arena *arena = judging->run->arena;
	const struct template *nearest = NULL;
	const char *missing = NULL;
	size_t least = 0;

	(void)pattern;
	for (size_t i = 0; i < history->commit_count; i++) {
		const struct history_commit *root = &history->commits[i];
		const struct template *template;
		const char *first = NULL;
		size_t lacking = 0;

		if (root->parents > 0)
			continue;
		template = template_nearest(&judging->templates, root, &lacking, &first);
		if (!template || (nearest && lacking >= least))
			continue;
		nearest = template;
		least = lacking;
		missing = first;
	}
	if (nearest && least == 0)
		return;
	history_mismatch(
		judging, part, "a first commit with the files of a template",
		!nearest || least == nearest->file_count
			? "none of the template's files"
			: arena_format(arena, "not there, or not as in the template (%s): %s%s",
				       nearest->track, missing, least > 1 ? " and others" : ""));
	judging->advice = root_advice;
}

/* subjects: telling. */
static void judge_subjects(struct judging *judging, const char *part, const json_t *pattern)
{
	size_t told = 0;
	size_t i;
	json_t *subject;

	if (!json_is_string(pattern)) {
		judge_pattern(judging, part, pattern);
		return;
	}
	json_array_foreach (json_object_get(judging->parts, "subjects"), i, subject) {
		const char *slip = subject_slip(json_string_value(subject));

		if (!slip || ++told > SUBJECTS_TOLD)
			continue;
		history_mismatch(
			judging, part, "10 to 72 characters that say what changed",
			arena_format(judging->run->arena, "%s: %s",
				     match_show(subject, SUBJECT_SHOWN, judging->run->arena),
				     slip));
	}
}

/* authors: named. The newest commit counts: earlier ones cannot be mended without harm. */
static void judge_authors(struct judging *judging, const char *part, const json_t *pattern)
{
	const json_t *newest = json_array_get(json_object_get(judging->parts, "authors"), 0);
	const char *name = json_string_value(json_object_get(newest, "name"));
	const char *email = json_string_value(json_object_get(newest, "email"));

	if (!json_is_string(pattern)) {
		judge_pattern(judging, part, pattern);
		return;
	}
	if (!newest) {
		history_mismatch(judging, part, "a commit of your own", "none yet");
		judging->say =
			"Save your files, then: git add --all, and git commit -m \"Say hello\".";
		return;
	}
	judging->say = author_slip(name ? name : "", email ? email : "");
	if (!judging->say)
		return;
	history_mismatch(
		judging, part, "a name and an address of your own",
		arena_format(judging->run->arena, "%s <%s>", name ? name : "", email ? email : ""));
	judging->advice = author_advice;
}

/* secrets: none */
static void judge_secrets(struct judging *judging, const char *part, const json_t *pattern)
{
	const struct history *history = judging->history;

	(void)pattern;
	for (size_t i = 0; i < history->secret_count; i++) {
		const struct history_secret *secret = &history->secrets[i];

		history_mismatch(judging, part, i == 0 ? "none in any commit" : "none",
				 arena_format(judging->run->arena, "%s in %s, since commit %.*s",
					      secret->what, secret->path, SHORT_ID,
					      secret->commit));
		judging->advice = secret_advice;
	}
}

/* What each part takes: one word, or a pattern too. */
static const struct {
	const char *part, *word;
	bool takes_pattern;
	void (*judge)(struct judging *judging, const char *part, const json_t *pattern);
	const char *slip;
} rows[] = {
	{"root", "template", false, judge_root,
	 "root: write template; data/templates.yaml names the files"},
	{"commits", NULL, true, judge_pattern, "commits: write a number, or {$at_least: 2}"},
	{"subjects", "telling", true, judge_subjects,
	 "subjects: write telling, or a pattern for a list of texts"},
	{"authors", "named", true, judge_authors,
	 "authors: write named, or a pattern for a list of {name, email}"},
	{"secrets", "none", false, judge_secrets, "secrets: write none"},
};

void history_judge(struct judging *judging, const char *part, const json_t *pattern)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].part, part) == 0)
			rows[i].judge(judging, part, pattern);
	}
}

const char *part_slip(const char *part, const json_t *pattern)
{
	const char *text = json_string_value(pattern);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].part, part) != 0)
			continue;
		if (rows[i].word && text)
			return strcmp(text, rows[i].word) == 0 ? NULL : rows[i].slip;
		return rows[i].takes_pattern ? NULL : rows[i].slip;
	}
	return NULL;
}
