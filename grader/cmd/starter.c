/* SPDX-License-Identifier: MIT */
/* Starters: copying them, and recognising one that nobody has touched. */
#include "grader/cmd/starter.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/manifest/hash.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "sandbox/base/text.h"

enum { STARTER_FILE_MAX = 4 << 20 };

static const char TASK_COPY[] = "task.md";

/* Files of a folder, or none when it is not there. */
static int list_or_none(int dir_fd, const char *path, struct arena *arena,
			struct listed_file **ret_files, size_t *ret_count, struct mp_error *err)
{
	int ret = files_list(dir_fd, path, arena, ret_files, ret_count, err);

	if (ret == -ENOENT) {
		*ret_count = 0;
		return 0;
	}
	return ret;
}

static bool is_same_file(int a_fd, const char *a_path, int b_fd, const char *b_path)
{
	mp_autofree char *a = NULL;
	mp_autofree char *b = NULL;
	size_t a_count = 0;
	size_t b_count = 0;

	if (path_read_below(a_fd, a_path, STARTER_FILE_MAX, &a, &a_count) < 0 ||
	    path_read_below(b_fd, b_path, STARTER_FILE_MAX, &b, &b_count) < 0)
		return false;
	return a_count == b_count && memcmp(a, b, a_count) == 0;
}

/* Are FILES (the learner's, in FOLDER) exactly those of the starter LANGUAGE? */
static int is_starter(const struct exercise *exercise, const char *language, int tree_fd,
		      const char *folder, const struct listed_file *files, size_t count,
		      bool *ret_same, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	const char *starter = arena_format(arena, "starter/%s", language);
	struct listed_file *given = NULL;
	size_t given_count = 0;
	size_t at = 0;
	int ret = list_or_none(exercise->folder_fd, starter, arena, &given, &given_count, err);

	*ret_same = false;
	if (ret < 0 || given_count == 0)
		return ret;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(files[i].path, TASK_COPY) == 0)
			continue;
		if (at == given_count || strcmp(files[i].path, given[at].path) != 0 ||
		    !is_same_file(tree_fd, arena_format(arena, "%s/%s", folder, files[i].path),
				  exercise->folder_fd,
				  arena_format(arena, "%s/%s", starter, given[at].path)))
			return 0;
		at++;
	}
	*ret_same = at == given_count;
	return 0;
}

int starter_is_untouched(const struct exercise *exercise, int tree_fd, const char *folder,
			 bool *ret_is_untouched, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	struct listed_file *files = NULL;
	size_t count = 0;
	bool is_same = false;
	int ret = files_list(tree_fd, folder, arena, &files, &count, err);

	for (size_t i = 0; ret == 0 && !is_same && i < exercise->references.count; i++)
		ret = is_starter(exercise, exercise->references.items[i], tree_fd, folder, files,
				 count, &is_same, err);
	if (ret == 0 && !is_same)
		ret = is_starter(exercise, STARTER_OF_ALL, tree_fd, folder, files, count, &is_same,
				 err);
	if (ret == 0)
		*ret_is_untouched = is_same;
	return ret;
}

static void add_replaced(struct text *into, const char *bytes, size_t count,
			 const struct replacement *replace)
{
	size_t i = 0;

	while (i < count) {
		const struct replacement *hit = NULL;

		for (const struct replacement *r = replace; r && r->from && !hit; r++) {
			if (count - i >= strlen(r->from) &&
			    memcmp(bytes + i, r->from, strlen(r->from)) == 0)
				hit = r;
		}
		if (hit)
			text_add(into, hit->to);
		else
			text_add_bytes(into, bytes + i, 1);
		i += hit ? strlen(hit->from) : 1;
	}
}

static int copy_file(int from_fd, const char *from, int to_fd, const char *to, mode_t mode,
		     const struct replacement *replace)
{
	mp_autofree char *bytes = NULL;
	mp_autotext struct text content;
	mp_autofd int fd = -1;
	size_t count = 0;
	int ret = path_read_below(from_fd, from, STARTER_FILE_MAX, &bytes, &count);

	text_init(&content, 2 * STARTER_FILE_MAX);
	if (ret < 0)
		return ret;
	add_replaced(&content, bytes, count, replace);
	fd = path_create_below(to_fd, to, O_WRONLY | O_EXCL, mode);
	if (fd < 0)
		return fd;
	return path_write_all(fd, text_get(&content), content.length);
}

int files_copy(int from_fd, const char *from, int to_fd, const char *to,
	       const struct replacement *replace, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	struct listed_file *files = NULL;
	size_t count = 0;
	int ret = files_list(from_fd, from, arena, &files, &count, err);

	for (size_t i = 0; ret == 0 && i < count; i++) {
		const char *target = arena_format(arena, "%s/%s", to, files[i].path);
		mp_autofd int fd = path_open_below(to_fd, target, O_PATH);

		if (fd >= 0)
			ret = mp_fail(err, MP_FAULT_USAGE, -EEXIST, "'%s'", target);
	}
	for (size_t i = 0; ret == 0 && i < count; i++) {
		const char *target = arena_format(arena, "%s/%s", to, files[i].path);

		ret = copy_file(from_fd, arena_format(arena, "%s/%s", from, files[i].path), to_fd,
				target, files[i].is_executable ? 0755 : 0644, replace);
		if (ret < 0)
			(void)mp_fail(err, MP_FAULT_HOST, ret, "writing '%s'", target);
	}
	return ret;
}

int task_copy(const struct exercise *exercise, const char *code, int to_fd, const char *to,
	      struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	const char *target = arena_format(arena, "%s/%s", to, TASK_COPY);
	int ret = copy_file(exercise->folder_fd, arena_format(arena, "text/%s/task.md", code),
			    to_fd, target, 0644, NULL);

	if (ret == -ENOENT)
		ret = copy_file(exercise->folder_fd, "text/en/task.md", to_fd, target, 0644, NULL);

	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "writing '%s'", target) : 0;
}
