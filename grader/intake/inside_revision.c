/* SPDX-License-Identifier: MIT */
/*
 * Finding the commit: HEAD, a branch, a tag, a commit. Not git's own expressions (main~1, @{upstream}):
 * they walk as far as a stranger's history likes.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/intake/commit_text.h"
#include "grader/intake/inside.h"
#include "grader/intake/limits.h"
#include "sandbox/base/field.h"
#include "sandbox/base/text.h"

enum { TAG_DEPTH_MAX = 10, NAMES_MAX = 1000, NAMES_SHOWN = 5, LEAST_HEX = 4, REF_ROOM = 512 };

/* Where a name is looked for, the first wins. */
static const struct {
	const char *before;
	bool is_branch;
} ref_places[] = {
	{"refs/heads/", true},
	{"refs/tags/", false},
	{"refs/remotes/", true},
	{"refs/remotes/origin/", true},
};

/* Branches and tags by their short names, for people. */
struct ref_names {
	char *names[NAMES_MAX]; /* owned */
	size_t count;
};

static void ref_names_done(struct ref_names *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
}

/* From the first KINDS of ref_places. */
static void ref_names_fill(struct ref_names *list, git_repository *repo, size_t kinds)
{
	git_reference_iterator *iterator = NULL;
	const char *name;

	if (git_reference_iterator_new(&iterator, repo) < 0)
		return;
	while (list->count < NAMES_MAX && git_reference_next_name(&name, iterator) == 0) {
		for (size_t i = 0; i < kinds; i++) {
			size_t before = strlen(ref_places[i].before);

			if (strncmp(name, ref_places[i].before, before) == 0)
				list->names[list->count] = strdup(name + before);
		}
		list->count += list->names[list->count] != NULL;
	}
	git_reference_iterator_free(iterator);
}

static const char *ref_names_at(const void *context, size_t i)
{
	const struct ref_names *list = context;

	return list->names[i];
}

static void ref_names_show(const struct ref_names *list, struct text *text)
{
	for (size_t i = 0; i < list->count && i < NAMES_SHOWN; i++)
		text_addf(text, "%s'%.60s'", i > 0 ? ", " : "", list->names[i]);
	if (list->count > NAMES_SHOWN)
		text_add(text, ", ...");
}

/* What else there is: "did you mean 'main'?" or the first names. */
static int revision_unknown(struct inside *inside, const char *revision, struct mp_error *err)
{
	struct ref_names list = {0};
	mp_autotext struct text shown = {0};
	const char *near;
	int ret;

	text_init(&shown, 400);
	ref_names_fill(&list, inside->repo, 2);
	near = nearest_word(revision, list.count, ref_names_at, &list);
	ref_names_show(&list, &shown);
	if (list.count == 0)
		ret = mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"no branch, tag or commit '%.100s': it has no branch yet: type 'git add -A && git commit "
			"-m start'",
			revision);
	else if (near)
		ret = mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			      "no branch, tag or commit '%.100s': did you mean '%s'?", revision,
			      near);
	else
		ret = mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			      "no branch, tag or commit '%.100s': there are %s", revision,
			      text_get(&shown));
	ref_names_done(&list);
	return ret;
}

/* HEAD names no commit: nothing was committed, or it names a branch that is not there. */
static int head_unborn(struct inside *inside, struct mp_error *err)
{
	struct ref_names list = {0};
	mp_autotext struct text shown = {0};
	int ret;

	text_init(&shown, 400);
	ref_names_fill(&list, inside->repo, 2);
	ref_names_show(&list, &shown);
	if (list.count > 0)
		ret = mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"its HEAD names a branch that has no commit; there are %s: add one behind an @, as in "
			"REPOSITORY@%.60s",
			text_get(&shown), list.names[0]);
	else if (inside->how == FRAME_HOW_CLONE)
		ret = mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			      "it has no commit yet: type 'git push' where your commits are");
	else
		ret = mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"it has no commit yet: type 'git add -A && git commit -m start', or grade the files as "
			"they lie with --worktree");
	ref_names_done(&list);
	return ret;
}

/* Follow tags to a commit, each looked at by its header first. */
static int revision_peel(struct inside *inside, git_oid *id, const char *revision,
			 struct mp_error *err)
{
	for (int depth = 0; depth < TAG_DEPTH_MAX; depth++) {
		size_t bytes;
		git_object_t type;
		git_tag *tag = NULL;
		int ret = inside_header(inside, id, &bytes, &type, err);

		if (ret < 0)
			return ret;
		if (bytes > INTAKE_COMMIT_OBJECT_MAX &&
		    (type == GIT_OBJECT_COMMIT || type == GIT_OBJECT_TAG))
			return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
				       "refused: cannot be read: a commit of %zu bytes", bytes);
		if (type == GIT_OBJECT_COMMIT)
			return 0;
		if (type != GIT_OBJECT_TAG)
			return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
				       "'%.100s' is a %s, not a commit", revision,
				       git_object_type2string(type));
		if (git_tag_lookup(&tag, inside->repo, id) < 0)
			return inside_refuse(err, "a tag is damaged");
		*id = *git_tag_target_id(tag);
		git_tag_free(tag);
	}
	return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
		       "refused: cannot be read: a tag of a tag of a tag without end");
}

/*
 * The object that the reference NAME leads to: 1 found, 0 not there, negative: its file is damaged. FULL is
 * its name at the end of the way.
 */
static int revision_of_ref(struct inside *inside, const char *name, git_oid *ret_id, char *ret_full,
			   struct mp_error *err)
{
	git_reference *found = NULL;
	git_reference *end = NULL;
	int valid = 0;
	int code;

	if (git_reference_name_is_valid(&valid, name) < 0 || !valid)
		return 0;
	code = git_reference_lookup(&found, inside->repo, name);
	if (code == 0)
		code = git_reference_resolve(&end, found);
	git_reference_free(found);
	if (code < 0)
		return code == GIT_ENOTFOUND ? 0 : inside_refuse(err, "it leads to no commit");
	*ret_id = *git_reference_target(end);
	(void)snprintf(ret_full, REF_ROOM, "%s", git_reference_name(end));
	git_reference_free(end);
	return 1;
}

static int revision_named(struct inside *inside, const char *revision, git_oid *ret_id,
			  struct mp_error *err)
{
	char name[REF_ROOM];
	char full[REF_ROOM];
	int ret;

	for (size_t i = 0; i < sizeof(ref_places) / sizeof(ref_places[0]); i++) {
		if (snprintf(name, sizeof(name), "%s%s", ref_places[i].before, revision) >=
		    (int)sizeof(name))
			return 0;
		ret = revision_of_ref(inside, name, ret_id, full, err);
		if (ret < 0)
			return ret;
		if (ret == 0)
			continue;
		if (ref_places[i].is_branch)
			(void)snprintf(inside->branch, sizeof(inside->branch), "%.255s", revision);
		return 1;
	}
	if (strncmp(revision, "refs/", strlen("refs/")) == 0)
		return revision_of_ref(inside, revision, ret_id, full, err);
	return 0;
}

/* A commit's id or its first letters: 1 found, 0 no such form or object, negative: ambiguous. */
static int revision_hex(struct inside *inside, const char *revision, git_oid *ret_id,
			struct mp_error *err)
{
	size_t length = strlen(revision);
	git_oid prefix;
	int ret;

	if (length < LEAST_HEX || length > GIT_OID_HEXSZ ||
	    strspn(revision, "0123456789abcdefABCDEF") != length)
		return 0;
	if (git_oid_fromstrn(&prefix, revision, length) < 0)
		return 0;
	ret = git_odb_exists_prefix(ret_id, inside->odb, &prefix, length);
	if (ret == GIT_EAMBIGUOUS)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "'%s' begins more than one object's id: write more of it", revision);
	return ret == 0;
}

static int revision_head(struct inside *inside, git_oid *ret_id, struct mp_error *err)
{
	char full[REF_ROOM];
	size_t before = strlen(ref_places[0].before);
	int ret = revision_of_ref(inside, "HEAD", ret_id, full, err);

	if (ret <= 0)
		return ret < 0 ? ret : head_unborn(inside, err);
	if (strncmp(full, ref_places[0].before, before) == 0)
		(void)snprintf(inside->branch, sizeof(inside->branch), "%.255s", full + before);
	return 0;
}

static int revision_find(struct inside *inside, const char *revision, git_oid *ret_id,
			 struct mp_error *err)
{
	int ret;

	if (revision[0] == '\0' || strcmp(revision, "HEAD") == 0)
		return revision_head(inside, ret_id, err);
	ret = revision_named(inside, revision, ret_id, err);
	if (ret == 0)
		ret = revision_hex(inside, revision, ret_id, err);
	if (ret == 0)
		return revision_unknown(inside, revision, err);
	return ret < 0 ? ret : 0;
}

int inside_resolve(struct inside *inside, const char *revision, struct mp_error *err)
{
	git_odb_object *object = NULL;
	struct commit_text commit;
	int ret = revision_find(inside, revision, &inside->commit, err);

	if (ret == 0)
		ret = revision_peel(inside, &inside->commit, revision, err);
	if (ret == 0)
		ret = inside_read(inside, &inside->commit, GIT_OBJECT_COMMIT,
				  INTAKE_COMMIT_OBJECT_MAX, &object, err);
	if (ret < 0)
		return ret;
	ret = commit_text_parse(git_odb_object_data(object), git_odb_object_size(object), &commit);
	if (ret == 0)
		ret = git_oid_fromstrn(&inside->root, commit.tree.bytes, commit.tree.count);
	git_odb_object_free(object);
	if (ret < 0)
		return mp_fail(
			err, MP_FAULT_INPUT, -EBADMSG,
			"refused: cannot be read: its commit is damaged: type 'git fsck' there");
	inside->has_root = true;
	return 0;
}

/* The branch that may be meant: master for main, a slip, or the only one there is. */
static void branch_other(struct inside *inside, const char *name,
			 char ret_other[HISTORY_BRANCH_MAX + 1])
{
	static const char *const twins[] = {"main", "master"};
	struct ref_names list = {0};
	const char *other = NULL;

	ref_names_fill(&list, inside->repo, 1);
	for (size_t i = 0; i < list.count && !other; i++) {
		for (size_t j = 0; j < 2 && !other; j++) {
			if (strcmp(name, twins[j]) == 0 && strcmp(list.names[i], twins[1 - j]) == 0)
				other = list.names[i];
		}
	}
	if (!other)
		other = nearest_word(name, list.count, ref_names_at, &list);
	if (!other && list.count == 1)
		other = list.names[0];
	/* Its own name: a reference that leads nowhere. */
	if (other && strcmp(other, name) != 0 && strlen(other) <= HISTORY_BRANCH_MAX)
		(void)snprintf(ret_other, HISTORY_BRANCH_MAX + 1, "%s", other);
	ref_names_done(&list);
}

int inside_branch(struct inside *inside, const char *name, bool *ret_found, git_oid *ret_tip,
		  char ret_other[HISTORY_BRANCH_MAX + 1], struct mp_error *err)
{
	bool is_head = strcmp(name, "HEAD") == 0;
	char full[REF_ROOM];
	char place[REF_ROOM];
	int ret = 1;

	ret_other[0] = '\0';
	*ret_found = false;
	if (!inside->repo)
		return 0;
	(void)snprintf(full, sizeof(full), "%s%.255s", is_head ? "" : ref_places[0].before, name);
	if (is_head && inside->how != FRAME_HOW_WORKTREE)
		*ret_tip = inside->commit;
	else
		ret = revision_of_ref(inside, full, ret_tip, place, err);
	if (ret < 0)
		return ret;
	*ret_found = ret == 1;
	if (*ret_found)
		return revision_peel(inside, ret_tip, name, err);
	branch_other(inside, name, ret_other);
	return 0;
}

int inside_branch_end(struct inside *inside, const char *name, git_oid *tip, struct mp_error *err)
{
	struct mp_error ignored = {0};
	git_oid head;
	char full[REF_ROOM];
	bool is_on_branch = false, is_on_head = false;
	size_t before = strlen(ref_places[0].before);
	int ret;

	if (inside->how == FRAME_HOW_WORKTREE || git_oid_equal(tip, &inside->commit))
		return 0;
	ret = inside_reaches(inside, tip, &inside->commit, &is_on_branch, err);
	/* A HEAD that is damaged or on no branch owns no commit. */
	if (ret == 0 && is_on_branch &&
	    revision_of_ref(inside, "HEAD", &head, full, &ignored) == 1 &&
	    strncmp(full, ref_places[0].before, before) == 0 && strcmp(full + before, name) != 0)
		ret = inside_reaches(inside, &head, &inside->commit, &is_on_head, err);
	if (ret == 0 && is_on_branch && !is_on_head)
		*tip = inside->commit;
	return ret;
}
