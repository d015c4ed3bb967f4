/* SPDX-License-Identifier: MIT */
/*
 * The starter of an exercise as a zip, with its task beside it, to be unpacked at the top of the repository.
 * Same files, same bytes: sorted, without times or owners, stored as they are, so that no compressor's version
 * shows.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#include "grader/manifest/hash.h"
#include "grader/pages/inner.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { STARTER_FILE_MAX = 4 << 20 };

static la_ssize_t write_bytes(struct archive *archive, void *context, const void *bytes,
			      size_t count)
{
	struct text *into = context;

	(void)archive;
	text_add_bytes(into, bytes, count);
	return into->is_cut ? -1 : (la_ssize_t)count;
}

static int add_bytes(struct archive *archive, const char *path, bool is_executable,
		     const char *bytes, size_t count)
{
	struct archive_entry *entry = archive_entry_new();
	int code;

	if (!entry)
		return -ENOMEM;
	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, is_executable ? 0755 : 0644);
	archive_entry_set_size(entry, (la_int64_t)count);
	code = archive_write_header(archive, entry);
	archive_entry_free(entry);
	if (code != ARCHIVE_OK || archive_write_data(archive, bytes, count) != (la_ssize_t)count)
		return -EIO;
	return 0;
}

/* Add the file FROM of the exercise as NAME of its folder. */
static int add_file(struct page *page, struct archive *archive, const struct exercise *exercise,
		    const char *from, const struct listed_file *as)
{
	mp_autofree char *bytes = NULL;
	size_t count = 0;
	int ret = path_read_below(exercise->folder_fd, from, STARTER_FILE_MAX, &bytes, &count);

	if (ret == 0)
		ret = add_bytes(
			archive,
			arena_format(page->arena, "exercises/%s/%s", exercise->id, as->path),
			as->is_executable, bytes, count);
	return ret;
}

static int add_task(struct page *page, struct archive *archive, const struct exercise *exercise)
{
	const struct listed_file as = {.path = "task.md"};
	int ret = add_file(page, archive, exercise,
			   arena_format(page->arena, "text/%s/task.md", page->code), &as);

	return ret == -ENOENT ? add_file(page, archive, exercise, "text/en/task.md", &as) : ret;
}

static int add_all(struct page *page, struct archive *archive, const struct exercise *exercise,
		   const char *folder)
{
	struct listed_file *files = NULL;
	size_t count = 0;
	int ret = files_list(exercise->folder_fd, folder, page->arena, &files, &count, page->err);

	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = add_file(page, archive, exercise,
			       arena_format(page->arena, "%s/%s", folder, files[i].path),
			       &files[i]);
	return ret < 0 ? ret : add_task(page, archive, exercise);
}

static int write_zip(struct page *page, const struct exercise *exercise, const char *folder)
{
	struct archive *archive = archive_write_new();
	int ret = archive ? 0 : -ENOMEM;

	if (ret == 0 &&
	    (archive_write_set_format_zip(archive) != ARCHIVE_OK ||
	     archive_write_zip_set_compression_store(archive) != ARCHIVE_OK ||
	     archive_write_set_bytes_in_last_block(archive, 1) != ARCHIVE_OK ||
	     archive_write_open(archive, page->into, NULL, write_bytes, NULL) != ARCHIVE_OK))
		ret = -EIO;
	if (ret == 0)
		ret = add_all(page, archive, exercise, folder);
	if (ret == 0 && archive_write_close(archive) != ARCHIVE_OK)
		ret = -EIO;
	(void)archive_write_free(archive);
	return ret;
}

/* The learner's track, or what is the same in every language; NULL: there is none. */
static const char *find_folder(struct page *page, const struct exercise *exercise)
{
	const char *names[] = {page->learner.track, "any"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *folder = arena_format(page->arena, "starter/%s", names[i]);
		struct listed_file *files = NULL;
		size_t count = 0;

		if (!strchr(names[i], '/') &&
		    files_list(exercise->folder_fd, folder, page->arena, &files, &count, NULL) ==
			    0 &&
		    count > 0)
			return folder;
	}
	return NULL;
}

int page_starter(struct page *page)
{
	size_t length = strlen(page->id);
	const char *id = length > 4 && strcmp(page->id + length - 4, ".zip") == 0
				 ? arena_bytes(page->arena, page->id, length - 4)
				 : "";
	const struct exercise *exercise = pages_exercise(page->pages, id);
	const char *folder = exercise ? find_folder(page, exercise) : NULL;
	int ret;

	if (!exercise)
		return -ENOENT;
	page->id = exercise->id;
	if (!folder)
		return page_tell(
			page, 404, "There is no starter",
			"This exercise has none in the language of this road: start from an "
			"empty folder, the task says what is wanted.");
	ret = write_zip(page, exercise, folder);
	if (ret < 0)
		return mp_fail(page->err, MP_FAULT_CONTENT, ret == -ENOENT ? -EBADMSG : ret,
			       "the starter of %s", exercise->id);
	page_type(page, "application/zip", "default-src 'none'");
	page_header(page, "Content-Disposition",
		    arena_format(page->arena, "attachment; filename=\"%s.zip\"", exercise->id));
	return 0;
}
