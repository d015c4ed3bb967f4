/* SPDX-License-Identifier: MIT */
/* Making a learner's repository, by libgit2. */
#include "grader/cmd/repository.h"

#include <errno.h>
#include <git2.h>

/* The template's own date: 1 January 2026, noon in Kolkata. */
enum { TEMPLATE_TIME = 1767249000, TEMPLATE_OFFSET = 330 };

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

static int commit_everything(struct objects *o, const char *dir, const char *message)
{
	git_repository_init_options options = {.version = GIT_REPOSITORY_INIT_OPTIONS_VERSION};
	git_strarray everything = {(char *[]){(char[]){"*"}}, 1};
	git_oid id;
	int ret;

	options.flags = GIT_REPOSITORY_INIT_MKDIR | GIT_REPOSITORY_INIT_NO_REINIT;
	options.initial_head = "main";
	ret = git_repository_init_ext(&o->repository, dir, &options);
	if (ret == 0)
		ret = git_repository_index(&o->index, o->repository);
	if (ret == 0)
		ret = git_index_add_all(o->index, &everything, GIT_INDEX_ADD_DEFAULT, NULL, NULL);
	if (ret == 0)
		ret = git_index_write(o->index);
	if (ret == 0)
		ret = git_index_write_tree(&id, o->index);
	if (ret == 0)
		ret = git_tree_lookup(&o->tree, o->repository, &id);
	if (ret == 0)
		ret = git_signature_new(&o->author, "milepost", "template@milepost.invalid", TEMPLATE_TIME,
					TEMPLATE_OFFSET);
	if (ret == 0)
		ret = git_commit_create(&id, o->repository, "HEAD", o->author, o->author, "UTF-8", message, o->tree, 0,
					NULL);
	return ret;
}

int repository_create(const char *dir, const char *message, struct mp_error *err)
{
	struct objects objects = {0};
	const git_error *why;
	int ret;

	if (git_libgit2_init() < 0)
		return mp_fail(err, MP_FAULT_HOST, -EIO, "libgit2 does not start");
	ret = commit_everything(&objects, dir, message);
	if (ret < 0) {
		why = git_error_last();
		ret = mp_fail(err, MP_FAULT_HOST, -EBADMSG, "making the repository '%s': %s", dir,
			      why ? why->message : "unknown reason");
	}
	objects_done(&objects);
	return ret;
}
