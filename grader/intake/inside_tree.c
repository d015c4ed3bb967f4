/* SPDX-License-Identifier: MIT */
/* Walking a commit's tree: depth first, without recursion, stopped by count and depth before it explodes. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "grader/intake/inside.h"
#include "grader/intake/limits.h"
#include "grader/intake/name.h"

enum { PATH_ROOM = 4096 };

/* One folder on the way down. */
struct level {
	git_tree *tree;	   /* owned */
	size_t next;	   /* entry to look at */
	size_t path_bytes; /* of the path that leads here, with its slash */
};

struct walk {
	struct inside *inside;
	struct level levels[INTAKE_DEPTH_MAX];
	size_t depth; /* levels in use */
	size_t entries;
	size_t bytes;
	char path[PATH_ROOM];
};

static void walk_done(struct walk *walk)
{
	while (walk->depth > 0)
		git_tree_free(walk->levels[--walk->depth].tree);
}

static int walk_refuse(const struct walk *walk, const char *reason, struct mp_error *err)
{
	return inside_refuse_path(walk->path, reason, err);
}

static int walk_enter(struct walk *walk, const git_oid *id, size_t path_bytes, struct mp_error *err)
{
	struct level *level = &walk->levels[walk->depth];
	int ret;

	if (walk->depth == INTAKE_DEPTH_MAX)
		return walk_refuse(walk, "lies deeper than 32 folders", err);
	*level = (struct level){.path_bytes = path_bytes};
	ret = inside_tree(walk->inside, walk->inside->repo, id, &level->tree, err);
	if (ret == 0)
		walk->depth++;
	return ret;
}

/* A file: its size is asked first, and one that is too large is only named. */
static int walk_file(struct walk *walk, const git_tree_entry *entry, bool is_executable,
		     struct mp_error *err)
{
	const git_oid *id = git_tree_entry_id(entry);
	git_odb_object *object = NULL;
	git_object_t type;
	size_t bytes;
	int ret = inside_header(walk->inside, id, &bytes, &type, err);

	if (ret == 0)
		ret = inside_say_file(walk->inside, walk->path, is_executable, bytes, err);
	if (ret < 0)
		return ret;
	if (bytes > INTAKE_BYTES_MAX - walk->bytes)
		return walk_refuse(walk, "is too large", err);
	walk->bytes += bytes;
	ret = inside_read(walk->inside, id, GIT_OBJECT_BLOB, bytes, &object, err);
	if (ret < 0)
		return ret;
	if (git_odb_object_size(object) != bytes)
		ret = walk_refuse(walk, "has another size than it says", err);
	else
		ret = inside_say_data(walk->inside, git_odb_object_data(object), bytes, err);
	git_odb_object_free(object);
	return ret;
}

static int walk_link(struct walk *walk, const git_tree_entry *entry, struct mp_error *err)
{
	git_odb_object *object = NULL;
	git_object_t type;
	size_t bytes;
	int ret = inside_header(walk->inside, git_tree_entry_id(entry), &bytes, &type, err);

	if (ret < 0)
		return ret;
	if (bytes > INTAKE_LINK_MAX)
		return walk_refuse(walk, "is a link to a name longer than 4,096 bytes", err);
	ret = inside_read(walk->inside, git_tree_entry_id(entry), GIT_OBJECT_BLOB, bytes, &object,
			  err);
	if (ret < 0)
		return ret;
	ret = inside_say_link(walk->inside, walk->path, git_odb_object_data(object),
			      git_odb_object_size(object), err);
	git_odb_object_free(object);
	return ret;
}

static int walk_entry(struct walk *walk, const git_tree_entry *entry, size_t path_bytes,
		      struct mp_error *err)
{
	/* Old programs wrote other permissions than 0644 and 0755; the kind is in the upper bits. */
	unsigned int mode = git_tree_entry_filemode_raw(entry);

	switch (mode & S_IFMT) {
	case GIT_FILEMODE_TREE:
		walk->path[path_bytes++] = '/';
		return walk_enter(walk, git_tree_entry_id(entry), path_bytes, err);
	case S_IFREG:
		return walk_file(walk, entry, (mode & S_IXUSR) != 0, err);
	case GIT_FILEMODE_LINK:
		return walk_link(walk, entry, err);
	case GIT_FILEMODE_COMMIT:
		return inside_say_submodule(walk->inside, walk->path, err);
	default:
		return walk_refuse(walk, "is neither a file nor a folder", err);
	}
}

/* One step: the next entry of the deepest folder, or a step up. */
static int walk_step(struct walk *walk, struct mp_error *err)
{
	struct level *level = &walk->levels[walk->depth - 1];
	const git_tree_entry *entry = git_tree_entry_byindex(level->tree, level->next++);
	const char *name = entry ? git_tree_entry_name(entry) : NULL;
	const char *threat;
	size_t count;

	if (!entry) {
		git_tree_free(level->tree);
		walk->depth--;
		return 0;
	}
	count = strlen(name);
	if (level->path_bytes + count + 2 > sizeof(walk->path))
		return walk_refuse(walk, "is longer than 1,024 bytes", err);
	memcpy(walk->path + level->path_bytes, name, count + 1);
	threat = name_threat(name, count);
	if (threat)
		return walk_refuse(walk, threat, err);
	if (++walk->entries > INTAKE_ENTRIES_MAX)
		return inside_refuse_count(err);
	return walk_entry(walk, entry, level->path_bytes + count, err);
}

int inside_say_tree(struct inside *inside, struct mp_error *err)
{
	struct walk walk = {.inside = inside};
	int ret = walk_enter(&walk, &inside->root, 0, err);

	while (ret == 0 && walk.depth > 0)
		ret = walk_step(&walk, err);
	walk_done(&walk);
	return ret;
}

int inside_object_id(struct inside *inside, const char *path, char ret_id[GIT_OID_HEXSZ + 1],
		     struct mp_error *err)
{
	git_oid id = inside->root;
	char part[INTAKE_NAME_MAX + 1];

	ret_id[0] = '\0';
	if (strcmp(path, ".") == 0)
		path = "";
	while (*path) {
		size_t count = strcspn(path, "/");
		git_tree *tree = NULL;
		const git_tree_entry *entry;
		bool is_folder;
		int ret;

		if (count == 0 || count > INTAKE_NAME_MAX)
			return 0;
		ret = inside_tree(inside, inside->trees, &id, &tree, err);
		if (ret < 0)
			return ret;
		memcpy(part, path, count);
		part[count] = '\0';
		entry = git_tree_entry_byname(tree, part);
		is_folder = entry && git_tree_entry_type(entry) == GIT_OBJECT_TREE;
		if (entry)
			id = *git_tree_entry_id(entry);
		git_tree_free(tree);
		path += count;
		if (!entry || (*path == '/' && !is_folder))
			return 0;
		path += *path == '/';
	}
	(void)git_oid_tostr(ret_id, GIT_OID_HEXSZ + 1, &id);
	return 0;
}
