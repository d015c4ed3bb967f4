/* SPDX-License-Identifier: MIT */
/*
 * Branches start/ID for people without our program: the learner's main and the starter of one exercise, so
 * that `git pull origin start/ID` begins it.
 *
 * The server copies all starters into the data folder when it starts. The branches are made in the box of a
 * fetch, before git answers it, because only there a learner's objects are opened: by a child, whose end, good
 * or bad, is followed by git itself. They are made anew when main has moved, which a file in the repository
 * says. An exercise whose folder main has needs no branch.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/language/language.h"
#include "grader/manifest/hash.h"
#include "grader/serve/inside.h"
#include "grader/serve/report.h"
#include "grader/serve/starters.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { STARTER_FILE_MAX = 4 << 20, HEX_DIGITS = 40 };
#define MADE_FOR "milepost-starters"
#define OF_ALL	 "any"

/* --- outside: the copies ------------------------------------------------------------------------ */

static int copy_file(int from_fd, const char *from, int to_fd, const char *to, bool is_executable)
{
	mp_autofree char *bytes = NULL;
	mp_autofd int fd = -1;
	size_t count = 0;
	int ret = path_read_below(from_fd, from, STARTER_FILE_MAX, &bytes, &count);

	if (ret < 0)
		return ret;
	fd = path_create_below(to_fd, to, O_WRONLY | O_TRUNC, is_executable ? 0755 : 0644);
	return fd < 0 ? fd : path_write_all(fd, bytes, count);
}

/* The task in each language of people that it is written in: DATA/starters/ID/task.CODE.md */
static int copy_tasks(int from_fd, const char *id, int to_fd, struct arena *arena)
{
	int ret = 0;

	for (const struct language_name *row = language_names; ret == 0 && row->code; row++) {
		ret = copy_file(from_fd, arena_format(arena, "text/%s/task.md", row->code), to_fd,
				arena_format(arena, "starters/%s/task.%s.md", id, row->code),
				false);
		/* The first is English, which every task has. */
		if (ret == -ENOENT && row > language_names)
			ret = 0;
	}
	return ret;
}

/* DATA/starters/ID/TRACK/... and the tasks */
static int copy_starters(const struct road *road, const char *id, int to_fd, struct arena *arena,
			 struct mp_error *err)
{
	const char *folder =
		arena_format(arena, "%s/%d/%s", road->folder, road_find(road, id)->milestone, id);
	mp_autofd int from_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct listed_file *files = NULL;
	size_t count = 0;
	int ret = from_fd < 0 ? -errno : files_list(from_fd, "starter", arena, &files, &count, err);

	if (ret == -ENOENT)
		return 0;
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = copy_file(from_fd, arena_format(arena, "starter/%s", files[i].path), to_fd,
				arena_format(arena, "starters/%s/%s", id, files[i].path),
				files[i].is_executable);
	if (ret == 0)
		ret = copy_tasks(from_fd, id, to_fd, arena);
	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "copying the starters of %s", id) : 0;
}

int starters_copy(const struct road *road, const char *data, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	mp_autofd int data_fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = data_fd < 0 ? -errno : 0;

	if (ret == 0)
		(void)path_remove_tree(data_fd, "starters");
	if (ret == 0 && mkdirat(data_fd, "starters", 0755) < 0)
		ret = -errno;
	if (ret < 0)
		return mp_fail(err, MP_FAULT_HOST, ret, "the folder starters in '%s'", data);
	for (size_t i = 0; ret == 0 && i < road->published_count; i++)
		ret = copy_starters(road, road->published[i], data_fd, arena, err);
	return ret;
}

/* --- inside a box: the branches -------------------------------------------------------------------- */

struct start {
	git_repository *repository;
	git_commit *parent; /* the tip of main */
	git_tree *tree;	    /* its tree */
	int starters_fd;
	const char *track;
	const char *language; /* of people: main's learner.yaml says it */
	struct arena *arena;
};

static int add_file(struct start *start, git_index *index, const char *from, const char *to,
		    bool is_executable)
{
	git_index_entry entry = {.mode = is_executable ? GIT_FILEMODE_BLOB_EXECUTABLE
						       : GIT_FILEMODE_BLOB,
				 .path = to};
	mp_autofree char *bytes = NULL;
	size_t count = 0;
	int ret = path_read_below(start->starters_fd, from, STARTER_FILE_MAX, &bytes, &count);

	if (ret == 0)
		ret = git_blob_create_from_buffer(&entry.id, start->repository, bytes, count);
	return ret == 0 ? git_index_add(index, &entry) : ret;
}

/* The task in the learner's language, else in English. */
static int add_task(struct start *start, git_index *index, const char *id)
{
	const char *to = arena_format(start->arena, "exercises/%s/task.md", id);
	int ret = add_file(start, index,
			   arena_format(start->arena, "%s/task.%s.md", id, start->language), to,
			   false);

	if (ret == -ENOENT)
		ret = add_file(
			start, index,
			arena_format(start->arena, "%s/task.%s.md", id, language_names[0].code), to,
			false);
	return ret;
}

static int add_starter(struct start *start, git_index *index, const char *id)
{
	struct arena *arena = start->arena;
	const char *folder = arena_format(arena, "%s/%s", id, OF_ALL);
	struct listed_file *files = NULL;
	size_t count = 0;
	int ret = files_list(start->starters_fd, folder, arena, &files, &count, NULL);

	if (ret == -ENOENT) {
		folder = arena_format(arena, "%s/%s", id, start->track);
		ret = files_list(start->starters_fd, folder, arena, &files, &count, NULL);
	}
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = add_file(start, index, arena_format(arena, "%s/%s", folder, files[i].path),
			       arena_format(arena, "exercises/%s/%s", id, files[i].path),
			       files[i].is_executable);
	if (ret == 0)
		ret = add_task(start, index, id);
	return ret;
}

static int commit_starter(struct start *start, git_index *index, const char *id, git_oid *ret_id)
{
	git_signature *author = NULL;
	git_tree *tree = NULL;
	git_oid tree_id;
	/* The time of main's tip: the same main gets the same commit. */
	int ret = git_signature_new(&author, "milepost", "template@milepost.invalid",
				    git_commit_time(start->parent), 0);

	if (ret == 0)
		ret = git_index_write_tree_to(&tree_id, index, start->repository);
	if (ret == 0)
		ret = git_tree_lookup(&tree, start->repository, &tree_id);
	if (ret == 0)
		ret = git_commit_create(ret_id, start->repository, NULL, author, author, "UTF-8",
					arena_format(start->arena, "Start %s\n", id), tree, 1,
					(const git_commit *[]){start->parent});
	git_tree_free(tree);
	git_signature_free(author);
	return ret;
}

static int make_branch(struct start *start, const char *id)
{
	const char *name = arena_format(start->arena, "refs/heads/start/%s", id);
	const char *folder = arena_format(start->arena, "exercises/%s", id);
	git_tree_entry *entry = NULL;
	git_reference *branch = NULL;
	git_index *index = NULL;
	git_oid commit;
	int ret;

	if (git_tree_entry_bypath(&entry, start->tree, folder) == 0) {
		git_tree_entry_free(entry);
		(void)git_reference_remove(start->repository, name);
		return 0;
	}
	ret = git_index_new(&index);
	if (ret == 0)
		ret = git_index_read_tree(index, start->tree);
	if (ret == 0)
		ret = add_starter(start, index, id);
	if (ret == 0)
		ret = commit_starter(start, index, id, &commit);
	if (ret == 0)
		ret = git_reference_create(&branch, start->repository, name, &commit, 1, NULL);
	git_reference_free(branch);
	git_index_free(index);
	return ret;
}

static const char *language_of_tree(git_repository *repository, const git_tree *tree)
{
	const git_tree_entry *entry = git_tree_entry_byname(tree, "learner.yaml");
	const char *code = language_names[0].code;
	git_blob *blob = NULL;

	if (entry && git_blob_lookup(&blob, repository, git_tree_entry_id(entry)) == 0)
		code = language_of_bytes(git_blob_rawcontent(blob), git_blob_rawsize(blob));
	git_blob_free(blob);
	return code;
}

static int open_start(struct start *start, const char *repository, const char *main_hex)
{
	git_oid id;
	int ret = git_libgit2_init() < 0 ? -EIO : 0;

	for (int level = GIT_CONFIG_LEVEL_PROGRAMDATA; level <= GIT_CONFIG_LEVEL_GLOBAL; level++)
		(void)git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
	(void)git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	if (ret == 0)
		ret = git_repository_open_bare(&start->repository, repository);
	if (ret == 0)
		ret = git_oid_fromstr(&id, main_hex);
	if (ret == 0)
		ret = git_commit_lookup(&start->parent, start->repository, &id);
	if (ret == 0)
		ret = git_commit_tree(&start->tree, start->parent);
	if (ret == 0)
		start->language = language_of_tree(start->repository, start->tree);
	return ret;
}

/* In a child of its own: what is opened ends with the process. */
static int make_all(const char *track, const char *main_hex, const char *report)
{
	struct start start = {.track = track, .arena = arena_new()};
	struct dirent *entry;
	DIR *all;
	int ret = open_start(&start, BOX_REPOSITORY, main_hex);

	start.starters_fd = open(BOX_STARTERS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	all = start.starters_fd >= 0 ? opendir(BOX_STARTERS) : NULL;
	while (ret == 0 && all && (entry = readdir(all))) {
		/* One that cannot be made does not keep the others away. */
		if (entry->d_name[0] != '.')
			(void)make_branch(&start, entry->d_name);
	}
	if (all)
		(void)closedir(all);
	return ret == 0 ? report_make(start.repository, BOX_REPORT, report) : ret;
}

static bool is_made(const char *repository, const char *key)
{
	mp_autofd int fd = open(repository, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mp_autofree char *bytes = NULL;
	size_t count = 0;

	return fd >= 0 && path_read_below(fd, MADE_FOR, 256, &bytes, &count) == 0 &&
	       strcmp(bytes, key) == 0;
}

static void note_made(const char *repository, const char *key)
{
	mp_autofd int dir_fd = open(repository, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mp_autofd int fd =
		dir_fd < 0 ? -1 : path_create_below(dir_fd, MADE_FOR, O_WRONLY | O_TRUNC, 0644);

	if (fd >= 0)
		(void)!path_write_all(fd, key, strlen(key));
}

void starters_make(const char *track, const char *version, const char *report)
{
	mp_autofd int fd = open(BOX_REPOSITORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mp_autofree char *main_hex = NULL;
	char key[200];
	size_t count = 0;
	int status = -1;
	pid_t child;

	if (fd < 0 || path_read_below(fd, "refs/heads/main", 256, &main_hex, &count) < 0 ||
	    count < HEX_DIGITS)
		return;
	main_hex[HEX_DIGITS] = '\0';
	(void)snprintf(key, sizeof(key), "%s %.60s %.60s\n", main_hex, version, report);
	if (is_made(BOX_REPOSITORY, key))
		return;
	child = fork();
	if (child == 0)
		_exit(make_all(track, main_hex, report) == 0 ? 0 : 1);
	if (child > 0)
		(void)waitpid(child, &status, 0);
	/* Also what failed is not tried again and again: the next push tries. */
	note_made(BOX_REPOSITORY, key);
}
