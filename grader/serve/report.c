/* SPDX-License-Identifier: MIT */
/*
 * The learner's scores as a branch that can be fetched: refs/milepost/report holds report.txt and the latest
 * scorecard of each exercise as ID.json, a commit each time that there are new ones.
 *
 * The server writes the files into the data folder, a folder for each state of the scores, which is then never
 * changed; the commit is made in the box of a fetch, as the branches of starters.c are.
 */
#include "grader/serve/report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/serve/inside.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { REPORT_FILE_MAX = 16 << 20, REPORT_FILES_MAX = 500 };
#define REF "refs/milepost/report"

/* --- outside: the files -------------------------------------------------------------------------- */

static int write_file(int folder_fd, const char *name, const char *bytes, size_t count)
{
	mp_autofd int fd = path_create_below(folder_fd, name, O_WRONLY | O_TRUNC, 0644);

	return fd < 0 ? fd : path_write_all(fd, bytes, count);
}

/* One line of report.txt. */
static void add_line(struct text *into, const struct score *score)
{
	const struct result *result = &score->result;

	text_addf(into, "%-24s %3lld of 100  ", result->exercise, (long long)result->score);
	for (const char *c = result->status; *c; c++)
		text_add_char(into, *c == '-' ? ' ' : *c);
	text_addf(into, "  commit %.7s, attempt %lld\n", score->commit, (long long)score->version);
}

static int write_scores(struct ledger *ledger, int folder_fd, const struct score *scores,
			size_t count, struct arena *arena, struct mp_error *err)
{
	mp_autotext struct text text = {0};
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < count; i++) {
		struct score whole;
		int64_t learner;

		add_line(&text, &scores[i]);
		ret = score_find(ledger, scores[i].id, arena, &whole, &learner, err);
		if (ret == 0)
			ret = write_file(folder_fd,
					 arena_format(arena, "%s.json", whole.result.exercise),
					 whole.result.card, strlen(whole.result.card));
	}
	return ret == 0 ? write_file(folder_fd, "report.txt", text_get(&text), text.length) : ret;
}

/* The newest of them says which state this is. */
static const char *key_of(const struct score *scores, size_t count, struct arena *arena)
{
	const struct score *newest = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!newest || scores[i].id > newest->id)
			newest = &scores[i];
	}
	return newest ? arena_format(arena, "%lld-%lld", (long long)newest->id,
				     (long long)newest->graded_at / 1000)
		      : "0-0";
}

int report_stage(struct ledger *ledger, const char *data, const struct learner *learner,
		 struct arena *arena, const char **ret_key, struct mp_error *err)
{
	const char *home = arena_format(arena, REPORTS_FOLDER "/%s", learner->handle);
	mp_autofd int data_fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct score *scores = NULL;
	size_t count = 0;
	const char *folder;
	const char *key;
	int ret = score_list(ledger, learner->id, SCORE_LATEST, arena, &scores, &count, err);
	mp_autofd int folder_fd = -1;

	if (ret < 0)
		return ret;
	key = key_of(scores, count, arena);
	folder = arena_format(arena, "%s/%s", home, key);
	folder_fd =
		path_open_below(data_fd, arena_format(arena, "%s/report.txt", folder), O_RDONLY);
	if (folder_fd >= 0) {
		*ret_key = key;
		return 0;
	}
	(void)path_remove_tree(data_fd, home);
	if ((mkdirat(data_fd, REPORTS_FOLDER, 0700) < 0 && errno != EEXIST) ||
	    (mkdirat(data_fd, home, 0755) < 0 && errno != EEXIST) ||
	    mkdirat(data_fd, folder, 0755) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "making '%s'", folder);
	folder_fd = path_open_below(data_fd, folder, O_RDONLY | O_DIRECTORY);
	ret = folder_fd < 0 ? folder_fd
			    : write_scores(ledger, folder_fd, scores, count, arena, err);
	if (ret < 0)
		return mp_fail(err, MP_FAULT_HOST, ret, "writing '%s'", folder);
	*ret_key = key;
	return 0;
}

/* --- inside a box: the commit --------------------------------------------------------------------- */

static int add_files(git_repository *repository, git_treebuilder *builder, const char *folder)
{
	mp_autofd int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *all = opendir(folder);
	struct dirent *entry;
	int left = REPORT_FILES_MAX;
	int ret = fd < 0 || !all ? -ENOENT : 0;

	while (ret == 0 && (entry = readdir(all)) && left-- > 0) {
		mp_autofree char *bytes = NULL;
		size_t count = 0;
		git_oid id;

		if (entry->d_name[0] == '.')
			continue;
		ret = path_read_below(fd, entry->d_name, REPORT_FILE_MAX, &bytes, &count);
		if (ret == 0)
			ret = git_blob_create_from_buffer(&id, repository, bytes, count);
		if (ret == 0)
			ret = git_treebuilder_insert(NULL, builder, entry->d_name, &id,
						     GIT_FILEMODE_BLOB);
	}
	if (all)
		(void)closedir(all);
	return ret;
}

static int commit_report(git_repository *repository, const git_oid *tree_id, int64_t seconds)
{
	git_signature *author = NULL;
	git_commit *parent = NULL;
	git_tree *tree = NULL;
	git_oid id;
	int ret = git_tree_lookup(&tree, repository, tree_id);

	if (git_reference_name_to_id(&id, repository, REF) == 0)
		(void)git_commit_lookup(&parent, repository, &id);
	if (ret == 0 && (!parent || !git_oid_equal(git_commit_tree_id(parent), tree_id))) {
		ret = git_signature_new(&author, "milepost", "report@milepost.invalid", seconds, 0);
		if (ret == 0)
			ret = git_commit_create(&id, repository, REF, author, author, "UTF-8",
						"Scores\n", tree, parent ? 1 : 0,
						(const git_commit *[]){parent});
	}
	git_signature_free(author);
	git_commit_free(parent);
	git_tree_free(tree);
	return ret;
}

int report_make(git_repository *repository, const char *folder, const char *key)
{
	const char *dash = strchr(key, '-');
	git_treebuilder *builder = NULL;
	int64_t seconds = 0;
	git_oid id;
	int ret;

	/* No score yet, no report. */
	if (!dash || parse_count(dash + 1, &seconds) < 0 || seconds == 0)
		return 0;
	ret = git_treebuilder_new(&builder, repository, NULL);
	if (ret == 0)
		ret = add_files(repository, builder, folder);
	if (ret == 0)
		ret = git_treebuilder_write(&id, builder);
	if (ret == 0)
		ret = commit_report(repository, &id, seconds);
	git_treebuilder_free(builder);
	return ret;
}
