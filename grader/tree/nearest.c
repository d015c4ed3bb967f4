/* SPDX-License-Identifier: MIT */
/* A file that is not there: what lies near that may be meant. Each way to miss it is a row. */
#include <string.h>
#include <strings.h>

#include "grader/intake/submission.h"
#include "grader/tree/tree.h"
#include "sandbox/base/field.h"

/* A path in two parts. */
struct place {
	const char *path, *name;
	size_t folder_bytes; /* of the path, with the slash */
};

static struct place place_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return (struct place){path, name, (size_t)(name - path)};
}

static bool is_same_folder(const struct place *a, const struct place *b)
{
	return a->folder_bytes == b->folder_bytes && memcmp(a->path, b->path, a->folder_bytes) == 0;
}

/* hello.txt.txt: Explorer hides the last ending. */
static bool is_twice_ended(const struct place *wanted, const struct place *there)
{
	size_t count = strlen(wanted->name);

	return is_same_folder(wanted, there) && strncmp(wanted->name, there->name, count) == 0 &&
	       there->name[count] == '.' && !strchr(there->name + count + 1, '.');
}

static bool is_other_case(const struct place *wanted, const struct place *there)
{
	return strcasecmp(wanted->path, there->path) == 0;
}

/* hello, where hello.txt is wanted. */
static bool is_without_end(const struct place *wanted, const struct place *there)
{
	size_t count = strlen(there->name);

	return is_same_folder(wanted, there) && count > 0 &&
	       strncmp(wanted->name, there->name, count) == 0 && wanted->name[count] == '.';
}

static bool is_elsewhere(const struct place *wanted, const struct place *there)
{
	return strcasecmp(wanted->name, there->name) == 0;
}

/* A slip of the pen. */
static bool is_near(const struct place *wanted, const struct place *there)
{
	const char *const words[] = {there->name, NULL};

	return is_same_folder(wanted, there) && nearest_of(wanted->name, words) != NULL;
}

/* What is there first, then what is wanted. */
static const struct {
	bool (*fits)(const struct place *wanted, const struct place *there);
	const char *before, *between, *behind;
} rows[] = {
	{is_twice_ended, "There is ", ": Explorer hides the last ending. Rename it to ",
	 " (View, Show, File name extensions shows endings)."},
	{is_other_case, "There is ", ": capital and small letters count. Rename it to ", "."},
	{is_without_end, "There is ", " without its ending. Rename it to ", "."},
	{is_near, "There is ", ": rename it to ", "."},
	{is_elsewhere, "There is ", ", in another folder. It is looked for at ", "."},
};

const char *tree_nearest(struct probe_run *run, const char *path)
{
	const struct submission *submission = run->submission;
	struct place wanted = place_of(path);

	for (size_t i = 0; submission && i < submission->fact_count; i++) {
		if (strcmp(submission->facts[i].path, path) == 0)
			return arena_text(run->arena, submission->facts[i].text);
	}
	for (size_t row = 0; submission && row < sizeof(rows) / sizeof(rows[0]); row++) {
		for (size_t i = 0; i < submission->file_count; i++) {
			struct place there = place_of(submission->files[i].path);

			/* The file itself is there, and cannot be read. */
			if (strcmp(there.path, path) == 0)
				continue;
			if (rows[row].fits(&wanted, &there))
				return arena_format(run->arena, "%s%s%s%s%s", rows[row].before,
						    there.path, rows[row].between, wanted.path,
						    rows[row].behind);
		}
	}
	return NULL;
}
