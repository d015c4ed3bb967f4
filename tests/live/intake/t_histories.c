/* SPDX-License-Identifier: MIT */
/*
 * Histories as learners and strangers make them, told by the reader in its box. tests/helper/histories.sh
 * makes them. This program is also the reader.
 */
#include "tests/helper/tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/intake/intake.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"
#include "sandbox/base/process.h"
#include "sandbox/base/text.h"

static struct mp_launcher *launcher;
static char self[4096];
static char work[] = "/tmp/t-histories-XXXXXX";
static bool may_miss[MP_LAYER_COUNT];

static struct submission *open_submission(const char *name, bool is_worktree, const char *revision)
{
	char place[4096];
	struct submission *submission = NULL;
	struct mp_error err = {0};
	struct intake_request request = {.launcher = launcher,
					 .repository = place,
					 .revision = revision,
					 .is_worktree = is_worktree,
					 .program = self,
					 .may_miss = may_miss};

	(void)snprintf(place, sizeof(place), "%s%s/%s",
		       strncmp(name, "file:", 5) == 0 ? "file://" : "", work,
		       strncmp(name, "file:", 5) == 0 ? name + 5 : name);
	IS(intake_open(&request, &submission, &err), 0);
	IS_TEXT(err.text, "");
	return submission;
}

/* "Start; second (2)": subjects with the number of parents where it is not 1, then secrets. */
static void show(const struct history *history, struct text *into)
{
	if (!history->is_found)
		text_addf(into, "none, but %s", history->other ? history->other : "nothing");
	if (history->is_shallow)
		text_add(into, " shallow");
	for (size_t i = 0; i < history->commit_count; i++) {
		const struct history_commit *commit = &history->commits[i];

		text_addf(into, "%s%s", i ? "; " : "", commit->subject);
		if (commit->parents != 1)
			text_addf(into, " (%d)", commit->parents);
		for (size_t j = 0; j < commit->file_count && j < 3; j++)
			text_addf(into, " +%s", commit->files[j].path);
	}
	for (size_t i = 0; i < history->secret_count; i++)
		text_addf(into, "; ! %s in %s", history->secrets[i].what, history->secrets[i].path);
	if (history->limit)
		text_addf(into, " limit %d", (int)history->limit);
}

static const struct {
	const char *name, *branch;
	bool is_worktree;
	const char *revision;
	const char *shown;
} rows[] = {
	{"straight", "main", false, NULL, "start (0) +hello.txt; second commit; third commit"},
	{"file:straight", "main", false, NULL, "start (0) +hello.txt; second commit; third commit"},
	{"straight", "HEAD", false, "HEAD", "start (0) +hello.txt; second commit; third commit"},
	{"straight", "main", true, NULL, "start (0) +hello.txt; second commit; third commit"},
	{"straight", "HEAD", true, NULL, "start (0) +hello.txt; second commit; third commit"},
	{"straight", "mian", false, NULL, "none, but main"},
	{"straight", "../main", false, NULL, "none, but main"},
	/* It ends with the commit that is graded, where that lies on the branch; a branch that begins there goes on. */
	{"tagged", "main", false, "second", "start (0) +hello.txt; second commit"},
	{"file:tagged", "main", false, "second", "start (0) +hello.txt; second commit"},
	{"tagged", "HEAD", false, "second", "start (0) +hello.txt; second commit"},
	{"tagged", "main", true, NULL, "start (0) +hello.txt; second commit; third commit"},
	{"tagged", "main", false, "topic", "start (0) +hello.txt; second commit; third commit"},
	{"tagged", "topic", false, NULL,
	 "start (0) +hello.txt; second commit; topic; more of topic"},
	{"tagged", "topic", false, "second",
	 "start (0) +hello.txt; second commit; topic; more of topic"},
	{"tagged", "topic", false, "first-of-topic", "start (0) +hello.txt; second commit; topic"},
	{"merged", "main", false, "side", "start (0) +hello.txt; side"},
	{"merged", "main", false, NULL, "start (0) +hello.txt; main; side; merge (2)"},
	{"two_roots", "main", false, NULL,
	 "start (0) +hello.txt; other (0) +hello.txt +other.txt; merge (2)"},
	{"secret_deleted", "main", false, NULL,
	 "start (0) +hello.txt; secret; gone; key; ! a secret value in .env; ! a private key in keys/id"},
	{"secret_elsewhere", "main", false, NULL, "start (0) +hello.txt"},
	{"secret_elsewhere", "side", false, NULL,
	 "start (0) +hello.txt; secret; ! a secret value in .env"},
	{"called_master", "main", false, NULL, "none, but master"},
	{"called_master", "main", true, NULL, "none, but master"},
	{"unborn", "main", true, NULL, "none, but nothing"},
	{"shallow", "main", false, NULL, " shallow"},
	{"partial", "main", false, NULL, "start (0) +hello.txt; two limit 4"},
	{"treeless", "main", false, NULL, "start (0) limit 4"},
	{"large_message", "main", false, NULL, " limit 2"},
	{"odd_author", "main", false, NULL, "start (0) +hello.txt; odd\\x1b]0;title\\x07"},
	{"no_author", "main", true, NULL, "start (0) +hello.txt; nobody"},
	{"many_parents", "main", false, NULL, "start (0) +hello.txt; many parents (2)"},
	{"tree_bomb", "main", false, NULL,
	 "bomb (0) +0/0/0/0/0/0/0/0/0 +0/0/0/0/0/0/0/0/1 +0/0/0/0/0/0/0/0/2; calm"},
	{"zeros", "main", false, NULL, "start (0) +hello.txt; bomb; calm"},
	{"too_many", "main", false, NULL, " limit 1"},
};

static void each_history_is_told_as_it_is(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct submission *submission =
			open_submission(rows[i].name, rows[i].is_worktree, rows[i].revision);
		const struct history *history = NULL;
		const struct history *again = NULL;
		mp_autotext struct text shown = {0};
		struct mp_error err = {0};
		int64_t begun_ms = clock_now_ms();

		text_init(&shown, 1000);
		if (submission) {
			IS(submission_history(submission, rows[i].branch, &history, &err), 0);
			IS_TEXT(err.text, "");
			if (history)
				show(history, &shown);
			IS_TEXT(text_get(&shown), rows[i].shown);
			IS(submission_history(submission, rows[i].branch, &again, &err), 0);
			OK(again == history);
		}
		OK(clock_now_ms() - begun_ms < 30000);
		(void)submission_close(submission);
		ROW("%s, %s", rows[i].name, rows[i].branch);
	}
}

static void fifty_thousand_commits_are_read_whole(void)
{
	struct submission *submission = open_submission("many", false, NULL);
	const struct history *history = NULL;
	struct mp_error err = {0};
	int64_t begun_ms = clock_now_ms();

	if (!submission)
		return;
	IS(submission_history(submission, "main", &history, &err), 0);
	IS_TEXT(err.text, "");
	printf("# 50,000 commits in %lld ms\n", (long long)(clock_now_ms() - begun_ms));
	if (history) {
		IS(history->limit, HISTORY_WHOLE);
		IS(history->commit_count, 50000);
	}
	(void)submission_close(submission);
}

static void a_damaged_history_is_refused_when_it_is_asked_for(void)
{
	static const struct {
		const char *name, *text;
	} damaged[] = {
		{"ref_circle", "it leads to no commit"},
		{"broken_commit", "a commit of its history is damaged"},
		{"missing_parent", "object 000000000000 is not there"},
	};

	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		struct submission *submission = open_submission(damaged[i].name, false, NULL);
		const struct history *history = NULL;
		struct mp_error err = {0};

		if (submission) {
			OK(submission_history(submission, "main", &history, &err) < 0);
			IS(err.fault, MP_FAULT_INPUT);
			HAS_TEXT(err.text, damaged[i].text);
		}
		(void)submission_close(submission);
		ROW("%s", damaged[i].name);
	}
}

static void a_submission_knows_its_files(void)
{
	struct submission *submission = open_submission("straight", false, NULL);

	if (!submission)
		return;
	IS(submission->file_count, 2);
	IS_TEXT(submission->files[0].path, "a/b/c.txt");
	IS(submission->files[1].bytes, 6);
	(void)submission_close(submission);
}

static const struct tap_test tests[] = {T(each_history_is_told_as_it_is) T(
	fifty_thousand_commits_are_read_whole) T(a_damaged_history_is_refused_when_it_is_asked_for)
						T(a_submission_knows_its_files)};

int main(int argc, char **argv)
{
	const char *const make[] = {"tests/helper/histories.sh", work, NULL};
	const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent",
					   NULL};
	struct mp_layer_state layers[MP_LAYER_COUNT];
	struct mp_error err = {0};
	struct text made;
	int status;

	if (argc > 1 && strcmp(argv[1], "reader") == 0)
		return reader_main(argc, argv);
	if (mp_launcher_open(0, &launcher, &err) < 0 || mp_host_check(layers, &err) < 0 ||
	    readlink("/proc/self/exe", self, sizeof(self) - 1) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	for (size_t i = 0; i < MP_LAYER_COUNT; i++)
		may_miss[layers[i].layer] = !layers[i].is_present;
	if (!mkdtemp(work) || chmod(work, 0755) < 0)
		return 1;
	text_init(&made, 0);
	if (process_run(make, environment, NULL, &made, &err) != 0)
		printf("# %s %s\n", err.text, text_get(&made));
	text_done(&made);
	status = tap_main(tests, sizeof(tests) / sizeof(tests[0]));
	launcher = mp_launcher_close(launcher);
	(void)path_remove_tree(AT_FDCWD, work);
	return status;
}
