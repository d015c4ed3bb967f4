/* SPDX-License-Identifier: MIT */
/* Making a learner's repository, by libgit2. */
#include "grader/cmd/repository.h"

#include <errno.h>
#include <git2.h>

/* The template's own date: 1 January 2026, noon in Kolkata. */
enum { TEMPLATE_TIME = 1767249000, TEMPLATE_OFFSET = 330, COMMIT_SECONDS = 600 };

struct objects {
	git_repository *repository;
	git_index *index;
	git_tree *tree;
	git_signature *author;
};

static void objects_done(struct objects *o)
{
	git_signature_free(o->author);
	git_tree_free(o->tree);
	git_index_free(o->index);
	git_repository_free(o->repository);
	(void)git_libgit2_shutdown();
}

static int objects_begin(struct objects *o, const char *dir)
{
	git_repository_init_options options = {.version = GIT_REPOSITORY_INIT_OPTIONS_VERSION};

	options.flags = GIT_REPOSITORY_INIT_MKDIR | GIT_REPOSITORY_INIT_NO_REINIT;
	options.initial_head = "main";
	return git_repository_init_ext(&o->repository, dir, &options);
}

/* Everything in the folder becomes a tree. */
static int objects_tree(struct objects *o, unsigned int flags)
{
	git_strarray everything = {(char *[]){(char[]){"*"}}, 1};
	git_oid id;
	int ret = git_repository_index(&o->index, o->repository);

	if (ret == 0)
		ret = git_index_clear(o->index);
	if (ret == 0)
		ret = git_index_add_all(o->index, &everything, flags, NULL, NULL);
	if (ret == 0)
		ret = git_index_write(o->index);
	if (ret == 0)
		ret = git_index_write_tree(&id, o->index);
	return ret == 0 ? git_tree_lookup(&o->tree, o->repository, &id) : ret;
}

/* The commit of the tree by the author, as the tip of main. */
static int objects_commit(struct objects *o, const char *message, bool is_root)
{
	git_commit *parent = NULL;
	git_reference *tip = NULL;
	git_oid id;
	int ret = 0;

	if (!is_root && git_reference_name_to_id(&id, o->repository, "HEAD") == 0)
		ret = git_commit_lookup(&parent, o->repository, &id);
	if (ret == 0)
		ret = git_commit_create(&id, o->repository, NULL, o->author, o->author, "UTF-8",
					message, o->tree, parent ? 1 : 0,
					(const git_commit *[]){parent});
	if (ret == 0)
		ret = git_reference_create(&tip, o->repository, "refs/heads/main", &id, 1, NULL);
	git_reference_free(tip);
	git_commit_free(parent);
	return ret;
}

static int commit_everything(struct objects *o, const char *dir, const char *message)
{
	int ret = objects_begin(o, dir);

	if (ret == 0)
		ret = objects_tree(o, GIT_INDEX_ADD_DEFAULT);
	if (ret == 0)
		ret = git_signature_new(&o->author, "milepost", "template@milepost.invalid",
					TEMPLATE_TIME, TEMPLATE_OFFSET);
	return ret == 0 ? objects_commit(o, message, true) : ret;
}

static int commit_again(struct objects *o, const char *dir, const struct repository_commit *commit)
{
	int ret = git_repository_open(&o->repository, dir);

	if (ret == 0)
		ret = objects_tree(o, GIT_INDEX_ADD_FORCE);
	if (ret == 0)
		ret = git_signature_new(&o->author, commit->name, commit->email,
					TEMPLATE_TIME + commit->index * COMMIT_SECONDS,
					TEMPLATE_OFFSET);
	return ret == 0 ? objects_commit(o, commit->message, commit->is_root) : ret;
}

static int rename_main(struct objects *o, const char *dir, const char *name)
{
	git_reference *branch = NULL;
	git_reference *renamed = NULL;
	int ret = git_repository_open(&o->repository, dir);

	if (ret == 0)
		ret = git_branch_lookup(&branch, o->repository, "main", GIT_BRANCH_LOCAL);
	if (ret == 0)
		ret = git_branch_move(&renamed, branch, name, 1);
	git_reference_free(renamed);
	git_reference_free(branch);
	return ret;
}

/* What libgit2 says of CODE, as ours; then the end of OBJECTS. */
static int objects_end(struct objects *o, int code, const char *dir, struct mp_error *err)
{
	const git_error *why = code < 0 ? git_error_last() : NULL;

	if (code < 0)
		code = mp_fail(err, MP_FAULT_HOST, -EBADMSG, "making the repository '%s': %s", dir,
			       why ? why->message : "unknown reason");
	objects_done(o);
	return code;
}

static int libgit_begin(struct mp_error *err)
{
	if (git_libgit2_init() < 0)
		return mp_fail(err, MP_FAULT_HOST, -EIO, "libgit2 does not start");
	return 0;
}

int repository_create(const char *dir, const char *message, struct mp_error *err)
{
	struct objects objects = {0};
	int ret = libgit_begin(err);

	return ret < 0 ? ret
		       : objects_end(&objects, commit_everything(&objects, dir, message), dir, err);
}

int repository_begin(const char *dir, struct mp_error *err)
{
	struct objects objects = {0};
	int ret = libgit_begin(err);

	return ret < 0 ? ret : objects_end(&objects, objects_begin(&objects, dir), dir, err);
}

int repository_commit(const char *dir, const struct repository_commit *commit, struct mp_error *err)
{
	struct objects objects = {0};
	int ret = libgit_begin(err);

	return ret < 0 ? ret : objects_end(&objects, commit_again(&objects, dir, commit), dir, err);
}

int repository_rename_branch(const char *dir, const char *name, struct mp_error *err)
{
	struct objects objects = {0};
	int ret = libgit_begin(err);

	return ret < 0 ? ret : objects_end(&objects, rename_main(&objects, dir, name), dir, err);
}
