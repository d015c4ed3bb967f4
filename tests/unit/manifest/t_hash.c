/* SPDX-License-Identifier: MIT */
#include "grader/manifest/hash.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "tests/helper/tap.h"

static char folder[] = "/tmp/t_hash_XXXXXX";

static void put(int dir_fd, const char *path, const char *content, mode_t mode)
{
	mp_autofd int fd = path_create_below(dir_fd, path, O_WRONLY | O_TRUNC, mode);

	OK(fd >= 0);
	OK(path_write_all(fd, content, strlen(content)) == 0);
	OK(fchmod(fd, mode) == 0);
}

static void hash_of(int dir_fd, const char *path, char hex[HASH_HEX])
{
	const char *paths[] = {path};
	struct mp_error err = {0};

	IS(files_hash(dir_fd, paths, 1, hex, &err), 0);
	IS_TEXT(err.text, "");
}

static void each_difference_changes_the_hash(void)
{
	mp_autofd int dir_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char first[HASH_HEX];
	char hex[HASH_HEX];

	put(dir_fd, "a/one", "1", 0644);
	put(dir_fd, "a/b/two", "22", 0644);
	hash_of(dir_fd, "a", first);
	IS(strlen(first), HASH_HEX - 1);
	hash_of(dir_fd, "a", hex);
	IS_TEXT(hex, first);
	put(dir_fd, "a/one", "2", 0644);
	hash_of(dir_fd, "a", hex);
	OK(strcmp(hex, first) != 0);
	put(dir_fd, "a/one", "1", 0755);
	hash_of(dir_fd, "a", hex);
	OK(strcmp(hex, first) != 0);
	put(dir_fd, "a/one", "1", 0644);
	hash_of(dir_fd, "a", hex);
	IS_TEXT(hex, first);
	put(dir_fd, "a/three", "", 0644);
	hash_of(dir_fd, "a", hex);
	OK(strcmp(hex, first) != 0);
}

static void what_is_not_there_differs_from_what_is_empty(void)
{
	mp_autofd int dir_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char absent[HASH_HEX];
	char empty[HASH_HEX];

	hash_of(dir_fd, "none", absent);
	OK(mkdirat(dir_fd, "none", 0755) == 0);
	hash_of(dir_fd, "none", empty);
	OK(strcmp(absent, empty) != 0);
}

static void links_are_not_followed(void)
{
	mp_autofd int dir_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	mp_autoarena struct arena *arena = arena_new();
	struct listed_file *files = NULL;
	size_t count = 9;

	OK(mkdirat(dir_fd, "links", 0755) == 0);
	OK(symlinkat("/etc", dir_fd, "links/etc") == 0);
	OK(symlinkat("/etc/passwd", dir_fd, "links/passwd") == 0);
	IS(files_list(dir_fd, "links", arena, &files, &count, NULL), 0);
	IS(count, 0);
	OK(files_list(dir_fd, "links/etc", arena, &files, &count, NULL) < 0);
}

static void files_come_sorted(void)
{
	mp_autofd int dir_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	mp_autoarena struct arena *arena = arena_new();
	struct listed_file *files = NULL;
	size_t count = 0;

	put(dir_fd, "s/z", "", 0644);
	put(dir_fd, "s/a/x", "abc", 0755);
	put(dir_fd, "s/b", "", 0644);
	IS(files_list(dir_fd, "s", arena, &files, &count, NULL), 0);
	IS(count, 3);
	IS_TEXT(files[0].path, "a/x");
	IS(files[0].bytes, 3);
	IS(files[0].is_executable, 1);
	IS_TEXT(files[2].path, "z");
	IS(path_remove_tree(AT_FDCWD, folder), 0);
}

static void a_folder_of_our_own_is_made(void)
{
	OK(mkdtemp(folder) != NULL);
}

TAP_MAIN(T(a_folder_of_our_own_is_made) T(each_difference_changes_the_hash)
		 T(what_is_not_there_differs_from_what_is_empty) T(links_are_not_followed)
			 T(files_come_sorted))
