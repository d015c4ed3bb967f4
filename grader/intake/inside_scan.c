/* SPDX-License-Identifier: MIT */
/*
 * Looking through the folders of a history. Commits share most of their folders and files, so each is
 * looked at once: what was seen already is not entered again, and no difference need be made.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "grader/intake/inside.h"
#include "grader/intake/name.h"
#include "grader/intake/secret.h"

enum { BINARY_SEEN = 8000 };

/* One folder on the way down. */
struct level {
	git_tree *tree; /* owned */
	size_t next;
	size_t path_bytes; /* of the path that leads here, with its slash */
};

struct look {
	struct scan *scan;
	struct level levels[INTAKE_DEPTH_MAX];
	size_t depth;
	char path[INTAKE_PATH_MAX + 1];
	/* What is done with a file at the path. */
	int (*file)(struct look *look, const git_oid *id, struct mp_error *err);
	bool is_once; /* what was seen is passed over */
	bool is_over; /* enough was listed */
};

void scan_done(struct scan *scan)
{
	id_set_done(&scan->seen);
}

static bool is_out_of_time(void)
{
	struct timespec used;

	return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0 &&
	       used.tv_sec * 1000 + used.tv_nsec / 1000000 > HISTORY_CPU_MS;
}

static int say_root_file(struct look *look, const git_oid *id, struct mp_error *err)
{
	struct inside *inside = look->scan->inside;
	char hex[GIT_OID_HEXSZ + 1];

	if (look->scan->root_files == HISTORY_ROOT_FILES_MAX)
		return 0;
	look->scan->root_files++;
	(void)git_oid_tostr(hex, sizeof(hex), id);
	frame_begin(inside->output, SAY_ROOT_FILE);
	frame_add_text(inside->output, look->path);
	frame_add_text(inside->output, hex);
	frame_end(inside->output);
	return inside_send(inside, false, err);
}

static int say_secret(struct look *look, enum secret_kind kind, struct mp_error *err)
{
	struct inside *inside = look->scan->inside;

	if (look->scan->secrets == HISTORY_SECRETS_MAX)
		return 0;
	look->scan->secrets++;
	frame_begin(inside->output, SAY_SECRET);
	frame_add_byte(inside->output, (uint8_t)kind);
	frame_add_text(inside->output, look->path);
	frame_end(inside->output);
	return inside_send(inside, false, err);
}

/* A text in UTF-16 has NULs too, but begins with its mark. */
static bool is_binary(const char *bytes, size_t count)
{
	bool has_mark = count >= 2 &&
			(memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);

	return !has_mark && count > 0 &&
	       memchr(bytes, '\0', count < BINARY_SEEN ? count : BINARY_SEEN) != NULL;
}

static int look_for_secrets(struct look *look, const git_oid *id, struct mp_error *err)
{
	struct scan *scan = look->scan;
	const char *slash = strrchr(look->path, '/');
	git_odb_object *object = NULL;
	unsigned int found = 0;
	git_object_t type;
	size_t bytes;
	int ret = inside_header(scan->inside, id, &bytes, &type, err);

	if (ret < 0 || bytes > HISTORY_FILE_MAX || type != GIT_OBJECT_BLOB)
		return ret;
	scan->bytes += bytes;
	if (scan->bytes > HISTORY_BYTES_MAX || is_out_of_time()) {
		scan->is_cut = true;
		return 0;
	}
	ret = inside_read(scan->inside, id, GIT_OBJECT_BLOB, HISTORY_FILE_MAX, &object, err);
	if (ret < 0)
		return ret;
	if (!is_binary(git_odb_object_data(object), git_odb_object_size(object)))
		found = secret_find(slash ? slash + 1 : look->path, git_odb_object_data(object),
				    git_odb_object_size(object));
	git_odb_object_free(object);
	for (int kind = 0; ret == 0 && kind < SECRET_KIND_COUNT; kind++) {
		if (found & 1U << kind)
			ret = say_secret(look, (enum secret_kind)kind, err);
	}
	return ret;
}

static int look_enter(struct look *look, const git_oid *id, size_t path_bytes, struct mp_error *err)
{
	struct level *level = &look->levels[look->depth];
	struct inside *inside = look->scan->inside;
	int ret;

	if (look->depth == INTAKE_DEPTH_MAX) {
		look->scan->is_cut = true;
		return 0;
	}
	*level = (struct level){.path_bytes = path_bytes};
	ret = inside_tree(inside, inside->repo, id, &level->tree, err);
	if (ret == 0)
		look->depth++;
	return ret;
}

/* Whether ID need be looked at: 1, 0, or a negative errno. */
static int look_is_new(struct look *look, const git_oid *id, struct mp_error *err)
{
	int ret = look->is_once ? id_set_add(&look->scan->seen, id) : 1;

	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "reader") : ret;
}

/* The next entry of the deepest folder, or a step up. Names that no submission may have are passed over. */
static int look_step(struct look *look, struct mp_error *err)
{
	struct level *level = &look->levels[look->depth - 1];
	const git_tree_entry *entry = git_tree_entry_byindex(level->tree, level->next++);
	const char *name = entry ? git_tree_entry_name(entry) : NULL;
	size_t path_bytes = level->path_bytes;
	unsigned int kind;
	size_t count;
	int ret;

	if (!entry) {
		git_tree_free(level->tree);
		look->depth--;
		return 0;
	}
	if (++look->scan->entries > HISTORY_ENTRIES_MAX)
		look->scan->is_cut = true;
	/* A list shows each folder as often as it is there: a bomb would go on for ever. */
	if (!look->is_once && ++look->scan->listed > 2 * HISTORY_ROOT_FILES_MAX)
		look->is_over = true;
	if (look->scan->is_cut || look->is_over)
		return 0;
	kind = git_tree_entry_filemode_raw(entry) & S_IFMT;
	count = strlen(name);
	if ((kind != S_IFREG && kind != GIT_FILEMODE_TREE) || name_threat(name, count) ||
	    path_bytes + count + 1 > INTAKE_PATH_MAX)
		return 0;
	ret = look_is_new(look, git_tree_entry_id(entry), err);
	if (ret <= 0)
		return ret;
	memcpy(look->path + path_bytes, name, count + 1);
	if (kind == S_IFREG)
		return look->file(look, git_tree_entry_id(entry), err);
	memcpy(look->path + path_bytes + count, "/", 2);
	return look_enter(look, git_tree_entry_id(entry), path_bytes + count + 1, err);
}

static int look_through(struct look *look, const git_oid *id, struct mp_error *err)
{
	int ret = look_is_new(look, id, err);

	if (ret == 1)
		ret = look_enter(look, id, 0, err);
	while (ret == 0 && look->depth > 0 && !look->scan->is_cut && !look->is_over)
		ret = look_step(look, err);
	while (look->depth > 0)
		git_tree_free(look->levels[--look->depth].tree);
	return ret;
}

int scan_list(struct scan *scan, const git_oid *id, struct mp_error *err)
{
	struct look look = {.scan = scan, .file = say_root_file};

	return scan->is_cut ? 0 : look_through(&look, id, err);
}

int scan_secrets(struct scan *scan, const git_oid *id, struct mp_error *err)
{
	struct look look = {.scan = scan, .file = look_for_secrets, .is_once = true};

	return scan->is_cut ? 0 : look_through(&look, id, err);
}
