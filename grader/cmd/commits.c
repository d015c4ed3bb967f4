/* SPDX-License-Identifier: MIT */
/* commits.yaml: read by field tables, then made commit by commit with libgit2. */
#include "grader/cmd/commits.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/cmd/repository.h"
#include "grader/cmd/starter.h"
#include "grader/yaml/yaml.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

const char commits_file[] = "commits.yaml";

/* The whole file. */
struct description {
	const char *template; /* a track; NULL: the repository begins empty */
	const char *handle;
	const char *branch;
	const struct yaml_node *commits;
};

static const struct field description_fields[] = {
	{"template", FIELD_TEXT, offsetof(struct description, template), 1, 20,
	 "the track whose template it begins with (none)", NULL, false},
	{"handle", FIELD_TEXT, offsetof(struct description, handle), 1, 40,
	 "the learner's name in the template", NULL, true},
	{"branch", FIELD_TEXT, offsetof(struct description, branch), 1, 100, "(main)", NULL, false},
	{"commits", FIELD_NODE, offsetof(struct description, commits), 0, 0, "the list", NULL,
	 true},
};

struct commit_keys {
	const char *name, *email, *subject;
	const struct yaml_node *put;
	struct text_list remove;
	bool is_root;
};

static const struct field commit_fields[] = {
	{"name", FIELD_TEXT, offsetof(struct commit_keys, name), 1, 100, "of the author", NULL,
	 true},
	{"email", FIELD_TEXT, offsetof(struct commit_keys, email), 1, 100, "of the author", NULL,
	 true},
	{"subject", FIELD_TEXT, offsetof(struct commit_keys, subject), 1, 1000, "the message", NULL,
	 true},
	{"put", FIELD_NODE, offsetof(struct commit_keys, put), 0, 0,
	 "map of path to content: a text, {utf16: text} or {bytes: 6M}", NULL, false},
	{"remove", FIELD_TEXTS, offsetof(struct commit_keys, remove), 0, 0, "paths", NULL, false},
	{"root", FIELD_BOOL, offsetof(struct commit_keys, is_root), 0, 0,
	 "it has no parent: the history before is forgotten", NULL, false},
};

struct content_keys {
	const char *utf16;
	int64_t bytes;
};

static const struct field content_fields[] = {
	{"utf16", FIELD_TEXT, offsetof(struct content_keys, utf16), 0, 10000,
	 "a text as PowerShell's > writes it; ASCII", NULL, false},
	{"bytes", FIELD_BYTES, offsetof(struct content_keys, bytes), 1, 16 << 20,
	 "so many bytes that say nothing", NULL, false},
};

struct making {
	const struct commits_request *request;
	struct arena *arena;
	struct yaml_complaints list;
	int dir_fd;
};

static int write_file(struct making *making, const char *path, const char *bytes, size_t count,
		      struct mp_error *err)
{
	mp_autofd int fd = path_create_below(making->dir_fd, path, O_WRONLY | O_TRUNC, 0644);
	int ret = fd < 0 ? fd : path_write_all(fd, bytes, count);

	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "writing '%s'", path) : 0;
}

static int put_file(struct making *making, const struct yaml_pair *pair, struct mp_error *err)
{
	const struct yaml_node *value = pair->value;
	struct content_keys keys = {0};
	size_t count;
	char *bytes;

	if (value->kind == YAML_SCALAR)
		return write_file(making, pair->key->text, value->text, value->length, err);
	yaml_read(value, content_fields, sizeof(content_fields) / sizeof(content_fields[0]), &keys,
		  "a content", NULL, making->arena, &making->list);
	count = keys.utf16 ? 2 + 2 * strlen(keys.utf16) : (size_t)keys.bytes;
	bytes = arena_alloc(making->arena, count + 1, 1);
	if (keys.utf16) {
		bytes[0] = '\xff';
		bytes[1] = '\xfe';
	}
	for (size_t i = 0; keys.utf16 && keys.utf16[i]; i++)
		bytes[2 + 2 * i] = keys.utf16[i];
	return write_file(making, pair->key->text, bytes, count, err);
}

static int make_commit(struct making *making, const struct yaml_node *node, int index,
		       struct mp_error *err)
{
	struct commit_keys keys = {0};
	struct repository_commit commit;
	int ret = 0;

	yaml_read(node, commit_fields, sizeof(commit_fields) / sizeof(commit_fields[0]), &keys,
		  "a commit", NULL, making->arena, &making->list);
	if (making->list.error_count > 0)
		return 0;
	for (size_t i = 0; ret == 0 && keys.put && i < keys.put->pair_count; i++)
		ret = put_file(making, &keys.put->pairs[i], err);
	for (size_t i = 0; ret == 0 && i < keys.remove.count; i++) {
		if (unlinkat(making->dir_fd, keys.remove.items[i], 0) < 0)
			ret = mp_fail(err, MP_FAULT_CONTENT, -errno, "remove: '%s'",
				      keys.remove.items[i]);
	}
	commit = (struct repository_commit){
		.name = keys.name,
		.email = keys.email,
		.message = keys.subject,
		.index = index,
		.is_root = keys.is_root,
	};
	return ret < 0 ? ret : repository_commit(making->request->dir, &commit, err);
}

static int begin(struct making *making, const struct description *description, struct mp_error *err)
{
	mp_autofd int exercises_fd =
		open(making->request->exercises, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *template;
	int ret;

	if (!description->template)
		return repository_begin(making->request->dir, err);
	template = arena_format(making->arena, "templates/%s", description->template);
	ret = files_copy(exercises_fd, template, making->dir_fd, ".",
			 (const struct replacement[]){{"{{handle}}", description->handle},
						      {"{{track}}", description->template},
						      {NULL, NULL}},
			 err);
	return ret < 0 ? ret
		       : repository_create(making->request->dir,
					   "Start from the milepost template\n", err);
}

static int make_all(struct making *making, const struct yaml_node *root, struct mp_error *err)
{
	struct description description = {.branch = "main"};
	const struct yaml_node *commits;
	int ret;

	yaml_read(root, description_fields,
		  sizeof(description_fields) / sizeof(description_fields[0]), &description,
		  "the description", NULL, making->arena, &making->list);
	commits = description.commits;
	if (making->list.error_count > 0)
		return 0;
	ret = begin(making, &description, err);
	for (size_t i = 0; ret == 0 && !making->request->is_begun && i < commits->item_count; i++)
		ret = make_commit(making, commits->items[i], (int)i + 1, err);
	if (ret == 0 && making->list.error_count == 0 && strcmp(description.branch, "main") != 0)
		ret = repository_rename_branch(making->request->dir, description.branch, err);
	return ret;
}

int commits_make(const struct commits_request *request, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	mp_autofd int dir_fd = open(request->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct making making = {.request = request, .arena = arena, .dir_fd = dir_fd};
	const char *path = arena_format(arena, "%s/%s", request->folder, commits_file);
	mp_autofree char *bytes = NULL;
	struct yaml_node *root = NULL;
	size_t count;
	int ret = path_read_below(request->from_fd, path, YAML_BYTES_MAX, &bytes, &count);

	if (ret < 0)
		return mp_fail(err, MP_FAULT_CONTENT, ret, "%s", path);
	yaml_complaints_init(&making.list, path);
	if (yaml_parse(bytes, count, arena, &root, &making.list) == 0 && root)
		ret = make_all(&making, root, err);
	if (ret == 0 && making.list.error_count > 0)
		ret = mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "%s:%d: %s", path,
			      making.list.items[0].line, making.list.items[0].text);
	yaml_complaints_done(&making.list);
	return ret;
}
