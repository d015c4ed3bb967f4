/* SPDX-License-Identifier: MIT */
/* Listing and hashing folders: no links followed, bounded, no recursion. */
#include "grader/manifest/hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { READ_BYTES = 64 * 1024 };

/* Folders still to be read, as a list in the arena. */
struct pending {
	const char *path; /* relative to the listed folder; "" itself */
	int depth;
};

struct listing {
	struct arena *arena;
	struct listed_file *files;
	size_t count;
	struct pending *folders;
	size_t folder_count;
};

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct listed_file *)a)->path, ((const struct listed_file *)b)->path);
}

static int listing_add(struct listing *list, int folder_fd, const struct pending *in,
		       const char *name)
{
	struct stat info;
	const char *path = *in->path ? arena_format(list->arena, "%s/%s", in->path, name)
				     : arena_text(list->arena, name);

	if (fstatat(folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISREG(info.st_mode)) {
		struct listed_file *file =
			arena_push(list->arena, &list->files, &list->count, sizeof(*file));

		*file = (struct listed_file){path, info.st_size, (info.st_mode & 0100) != 0};
	} else if (S_ISDIR(info.st_mode)) {
		struct pending *folder = arena_push(list->arena, &list->folders,
						    &list->folder_count, sizeof(*folder));

		*folder = (struct pending){path, in->depth + 1};
	}
	if (list->count > FILES_LISTED_MAX || list->folder_count > FILES_LISTED_MAX ||
	    in->depth >= FILES_DEPTH_MAX)
		return -EFBIG;
	return 0;
}

static int listing_read_folder(struct listing *list, int top_fd, const struct pending *in)
{
	int fd = path_open_below(top_fd, *in->path ? in->path : ".", O_RDONLY | O_DIRECTORY);
	struct dirent *entry;
	DIR *folder;
	int ret = 0;

	if (fd < 0)
		return fd;
	folder = fdopendir(fd);
	if (!folder) {
		(void)close(fd);
		return -ENOMEM;
	}
	while (ret == 0 && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			ret = listing_add(list, dirfd(folder), in, entry->d_name);
	}
	(void)closedir(folder);
	return ret;
}

int files_list(int dir_fd, const char *path, struct arena *arena, struct listed_file **ret_files,
	       size_t *ret_count, struct mp_error *err)
{
	mp_autofd int top_fd = path_open_below(dir_fd, path, O_PATH);
	struct listing list = {.arena = arena};
	struct pending first = {"", 0};
	struct stat info;
	int ret;

	if (top_fd < 0)
		return mp_fail(err, MP_FAULT_HOST, top_fd, "'%s'", path);
	if (fstat(top_fd, &info) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "'%s'", path);
	if (S_ISREG(info.st_mode)) {
		*ret_files = arena_new_of(arena, struct listed_file);
		**ret_files = (struct listed_file){"", info.st_size, (info.st_mode & 0100) != 0};
		*ret_count = 1;
		return 0;
	}
	ret = listing_read_folder(&list, top_fd, &first);
	for (size_t i = 0; ret == 0 && i < list.folder_count; i++) {
		struct pending folder = list.folders[i];

		ret = listing_read_folder(&list, top_fd, &folder);
	}
	if (ret < 0)
		return mp_fail(err, MP_FAULT_HOST, ret, "reading the folder '%s'", path);
	if (list.count > 0)
		qsort(list.files, list.count, sizeof(*list.files), compare_files);
	*ret_files = list.files;
	*ret_count = list.count;
	return 0;
}

/* A number and a text, so that no two lists of files give the same bytes. */
static void hash_part(crypto_generichash_state *state, const char *text, int64_t number)
{
	uint64_t length = strlen(text);

	(void)crypto_generichash_update(state, (const unsigned char *)&length, sizeof(length));
	(void)crypto_generichash_update(state, (const unsigned char *)text, length);
	(void)crypto_generichash_update(state, (const unsigned char *)&number, sizeof(number));
}

static int hash_content(crypto_generichash_state *state, int fd)
{
	mp_autofree unsigned char *buffer = malloc(READ_BYTES);
	ssize_t got;

	if (!buffer)
		return -ENOMEM;
	while ((got = read(fd, buffer, READ_BYTES)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		(void)crypto_generichash_update(state, buffer, (unsigned long long)got);
	}
	return 0;
}

static int hash_path(crypto_generichash_state *state, int dir_fd, const char *path,
		     struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	struct listed_file *files = NULL;
	size_t count = 0;
	mp_autofd int top_fd = path_open_below(dir_fd, path, O_PATH);

	hash_part(state, path, top_fd >= 0);
	if (top_fd < 0)
		return 0;
	if (files_list(dir_fd, path, arena, &files, &count, err) < 0)
		return err ? err->code : -EIO;
	for (size_t i = 0; i < count; i++) {
		mp_autofd int fd = *files[i].path ? path_open_below(top_fd, files[i].path, O_RDONLY)
						  : path_open_below(dir_fd, path, O_RDONLY);
		int ret = fd < 0 ? fd : 0;

		hash_part(state, files[i].path, files[i].bytes * 2 + files[i].is_executable);
		if (ret == 0)
			ret = hash_content(state, fd);
		if (ret < 0)
			return mp_fail(err, MP_FAULT_HOST, ret, "reading '%s/%s'", path,
				       files[i].path);
	}
	return 0;
}

int files_hash(int dir_fd, const char *const *paths, size_t count, char ret_hex[HASH_HEX],
	       struct mp_error *err)
{
	unsigned char hash[(HASH_HEX - 1) / 2];
	crypto_generichash_state state;

	if (sodium_init() < 0)
		return mp_fail(err, MP_FAULT_HOST, -EIO, "libsodium does not start");
	(void)crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	for (size_t i = 0; i < count; i++) {
		int ret = hash_path(&state, dir_fd, paths[i], err);

		if (ret < 0)
			return ret;
	}
	(void)crypto_generichash_final(&state, hash, sizeof(hash));
	(void)sodium_bin2hex(ret_hex, HASH_HEX, hash, sizeof(hash));
	return 0;
}
