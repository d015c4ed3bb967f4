/* SPDX-License-Identifier: MIT */
/*
 * Opening a stranger's repository: libgit2 with nothing of this machine's configuration, no hooks, no
 * filters, no attributes, sizes asked before objects are read.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/intake/inside.h"
#include "grader/intake/limits.h"
#include "sandbox/base/text.h"

enum { OBJECT_CACHE_BYTES = 16 << 20, VISIBLE_PATH = 200, GIT_WORDS_MAX = 300 };

/*
 * Extensions of the repository format that change nothing of what is read here. The one for SHA-256 and
 * the one for reftable are not among them: libgit2 then refuses to open, and its words are known below.
 */
static const char *extensions[] = {"worktreeconfig", "partialclone", "preciousobjects",
				   "relativeworktrees"};

/* What libgit2 says, and what a learner should read. */
static const struct {
	const char *part;
	const char *sentence;
} known_words[] = {
	{"extensions.objectformat",
	 "it uses SHA-256 object names, which are not read yet: make it anew with a "
	 "plain 'git init'"},
	{"extensions.refstorage",
	 "it keeps its branches as a reftable, which is not read yet: type "
	 "'git refs migrate --ref-format=files'"},
};

const char *inside_git_words(const char *instead, int *ret_count)
{
	const git_error *last = git_error_last();
	const char *words = last && last->message ? last->message : instead;
	size_t count = strcspn(words, "\n");

	*ret_count = count < GIT_WORDS_MAX ? (int)count : GIT_WORDS_MAX;
	return words;
}

int inside_refuse_with(struct mp_error *err, const char *what, const char *advice)
{
	int count;
	const char *words = inside_git_words("it is damaged", &count);

	for (size_t i = 0; i < sizeof(known_words) / sizeof(known_words[0]); i++) {
		if (strstr(words, known_words[i].part))
			return mp_fail(err, MP_FAULT_INPUT, -EBADMSG, "refused: cannot be read: %s",
				       known_words[i].sentence);
	}
	return mp_fail(err, MP_FAULT_INPUT, -EBADMSG, "refused: cannot be read: %s: %.*s: %s", what,
		       count, words, advice);
}

int inside_refuse(struct mp_error *err, const char *what)
{
	return inside_refuse_with(err, what, "type 'git fsck' there to see more");
}

int inside_refuse_path(const char *path, const char *reason, struct mp_error *err)
{
	mp_autotext struct text visible = {0};

	text_init(&visible, 0);
	text_add_visible(&visible, path, strlen(path), VISIBLE_PATH);
	return mp_fail(err, MP_FAULT_INPUT, -EBADMSG, "refused: '%s' %s", text_get(&visible),
		       reason);
}

int inside_refuse_count(struct mp_error *err)
{
	return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
		       "refused: it has more than 20,000 files and folders: leave out what is "
		       "installed or built (.gitignore)");
}

int inside_prepare(struct mp_error *err)
{
	static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
				     GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL};
	int ret = git_libgit2_init();

	for (size_t i = 0; ret >= 0 && i < sizeof(levels) / sizeof(levels[0]); i++)
		ret = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	if (ret >= 0)
		ret = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	if (ret >= 0)
		ret = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
	if (ret >= 0)
		ret = git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)OBJECT_CACHE_BYTES);
	if (ret >= 0)
		ret = git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECTS,
				       (size_t)INTAKE_PACK_OBJECTS_MAX);
	if (ret >= 0)
		ret = git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
				       sizeof(extensions) / sizeof(extensions[0]));
	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, -EIO, "libgit2 could not be set up") : 0;
}

static bool inside_has(struct inside *inside, const char *name)
{
	char path[4096 + 32];

	(void)snprintf(path, sizeof(path), "%s/%s", git_repository_commondir(inside->repo), name);
	return access(path, F_OK) == 0;
}

bool inside_is_partial(git_repository *repo)
{
	git_config *config = NULL;
	git_config_iterator *found = NULL;
	git_config_entry *entry; /* borrowed from FOUND */
	bool is_partial =
		git_repository_config_snapshot(&config, repo) == 0 &&
		git_config_iterator_glob_new(&found, config, "^remote\\..*\\.promisor$") == 0 &&
		git_config_next(&entry, found) == 0;

	git_config_iterator_free(found);
	git_config_free(config);
	return is_partial;
}

/* An object that should be there and is not: why, where that can be seen. */
static int inside_missing(struct inside *inside, const git_oid *id, struct mp_error *err)
{
	char hex[GIT_OID_HEXSZ + 1];

	(void)git_oid_tostr(hex, 13, id);
	if (inside_has(inside, "objects/info/alternates"))
		return mp_fail(
			err, MP_FAULT_INPUT, -EBADMSG,
			"refused: cannot be read: it borrows objects from another repository (objects/info/"
			"alternates): type 'git repack -a -d' there and remove that file");
	inside->is_lacking = inside_is_partial(inside->repo);
	if (inside->is_lacking)
		return mp_fail(
			err, MP_FAULT_INPUT, -EBADMSG,
			"refused: cannot be read: it is a partial clone (--filter), and object %s was left "
			"at its server: clone it anew without --filter",
			hex);
	return mp_fail(
		err, MP_FAULT_INPUT, -EBADMSG,
		"refused: cannot be read: object %s is not there (an interrupted clone?): clone it anew",
		hex);
}

int inside_header(struct inside *inside, const git_oid *id, size_t *ret_bytes,
		  git_object_t *ret_type, struct mp_error *err)
{
	int ret = git_odb_read_header(ret_bytes, ret_type, inside->odb, id);

	if (ret == GIT_ENOTFOUND)
		return inside_missing(inside, id, err);
	return ret < 0 ? inside_refuse(err, "an object is damaged") : 0;
}

int inside_read(struct inside *inside, const git_oid *id, git_object_t type, size_t most,
		git_odb_object **ret_object, struct mp_error *err)
{
	size_t bytes;
	git_object_t found;
	int ret = inside_header(inside, id, &bytes, &found, err);

	if (ret < 0)
		return ret;
	if (found != type)
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
			       "refused: cannot be read: an object is a %s where a %s should be",
			       git_object_type2string(found), git_object_type2string(type));
	if (bytes > most)
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
			       "refused: cannot be read: a %s of %zu bytes",
			       git_object_type2string(type), bytes);
	if (git_odb_read(ret_object, inside->odb, id) < 0)
		return inside_refuse(err, "an object is damaged");
	return 0;
}

int inside_tree(struct inside *inside, git_repository *repo, const git_oid *id, git_tree **ret_tree,
		struct mp_error *err)
{
	size_t bytes = 0;
	git_object_t type = GIT_OBJECT_TREE;

	if (repo == inside->repo) {
		int ret = inside_header(inside, id, &bytes, &type, err);

		if (ret < 0)
			return ret;
	}
	if (type != GIT_OBJECT_TREE || bytes > INTAKE_TREE_OBJECT_MAX)
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
			       "refused: cannot be read: a %s of %zu bytes as a folder",
			       git_object_type2string(type), bytes);
	if (git_tree_lookup(ret_tree, repo, id) < 0)
		return inside_refuse(err, "a tree is damaged");
	return 0;
}

/* A place of our own for a clone: the box's scratch. */
static int clone_folder(char *ret_path, size_t size, struct mp_error *err)
{
	const char *base = getenv("TMPDIR");

	(void)snprintf(ret_path, size, "%s/clone-XXXXXX", base && base[0] == '/' ? base : "/tmp");
	if (!mkdtemp(ret_path))
		return mp_fail(err, MP_FAULT_HOST, -errno, "folder for a clone");
	return 0;
}

int inside_open(struct inside *inside, const char *place, const char *revision,
		struct mp_error *err)
{
	unsigned int flags = GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT |
			     GIT_REPOSITORY_OPEN_BARE;
	char clone[4096];
	int ret;

	if (inside->how == FRAME_HOW_WORKTREE && place[0] == '\0')
		return 0;
	if (place[0] == '/') {
		ret = inside_refuse_special(place, err);
		if (ret < 0)
			return ret;
	}
	if (inside->how == FRAME_HOW_CLONE) {
		ret = clone_folder(clone, sizeof(clone), err);
		if (ret == 0)
			ret = inside_clone(inside->access, place, clone, err);
		inside->access = access_free(inside->access);
		if (ret < 0)
			return ret;
		place = clone;
	}
	if (git_repository_open_ext(&inside->repo, place, flags, NULL) < 0)
		return inside_refuse(err, "it does not open");
	if (git_repository_odb(&inside->odb, inside->repo) < 0)
		return inside_refuse(err, "its objects do not open");
	if (inside->how == FRAME_HOW_WORKTREE)
		return git_repository_set_workdir(inside->repo, inside->top, 0) < 0
			       ? inside_refuse(err, "its work tree does not open")
			       : 0;
	inside->trees = inside->repo;
	return inside_resolve(inside, revision, err);
}
