/* SPDX-License-Identifier: MIT */
/*
 * The input key: all that can change what an exercise's checks see, as one hash.
 *
 * The files are named by their object ids, which git has already made; what a step reads beyond its
 * exercise's folder is said by its probe. Neither the commit nor its time is in it: a commit that touches
 * another exercise leaves the key as it was.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "grader/bench/bench.h"
#include "grader/grade/grade.h"
#include "grader/intake/submission.h"
#include "grader/manifest/hash.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/text.h"

/* Rises when the program itself judges the same files in another way than before. */
enum { GRADING_VERSION = 1 };

/* "exercises/hello-api 8c1f...": a path and what lies there; nothing behind it when it is not there. */
static int add_path(struct submission *submission, const char *path, struct text *into,
		    struct mp_error *err)
{
	char id[41] = "";
	int ret = submission_object_id(submission, path, id, err);

	if (ret == 0)
		text_addf(into, "path %s %s\n", path, id);
	return ret;
}

/* PATH of `deliver` that begins at the top; a pattern stands for the folder that it is in. */
static const char *outside_path(const char *path, struct arena *arena)
{
	size_t count = strcspn(path, "*");

	if (!path[count])
		return path;
	while (count > 0 && path[count - 1] != '/')
		count--;
	return count > 1 ? arena_bytes(arena, path, count - 1) : ".";
}

static int add_paths(const struct exercise *exercise, struct submission *submission,
		     const char *folder, struct text *into, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	int ret = add_path(submission, folder, into, err);

	if (ret == 0)
		ret = add_path(submission, "milepost.yaml", into, err);
	if (ret == 0)
		ret = add_path(submission, "learner.yaml", into, err);
	for (size_t i = 0; ret == 0 && i < exercise->deliver_count; i++) {
		const char *path = exercise->deliver[i].path;

		if (path[0] == '/')
			ret = add_path(submission, outside_path(path + 1, arena), into, err);
	}
	return ret;
}

/* What the steps read beside that. */
static int add_steps(const struct exercise *exercise, struct submission *submission,
		     struct text *into, struct mp_error *err)
{
	int ret = 0;

	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct check *check = &exercise->checks[i];

		for (size_t k = 0; ret == 0 && k < check->step_count; k++) {
			if (check->probe->add_input)
				ret = check->probe->add_input(submission, &check->steps[k], into,
							      err);
		}
	}
	return ret;
}

const char *grade_pack_version(const struct pack *pack, const char *packs_folder,
			       struct arena *arena)
{
	mp_autofd int fd =
		packs_folder ? open(packs_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	const char *lock = arena_format(arena, "%s/package-lock.json",
					pack->curated_in ? pack->curated_in : "");
	char hex[HASH_HEX];

	if (fd < 0 || !pack->curated_in || faccessat(fd, lock, R_OK, 0) < 0 ||
	    files_hash(fd, &lock, 1, hex, NULL) < 0)
		return NULL;
	return arena_format(arena, "%.8s", hex);
}

/* The curated modules that the program can use. */
static int add_pack(const struct exercise *exercise, const struct submission *submission,
		    const char *folder, const char *packs_folder, struct text *into,
		    struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	struct program_file file = {0};
	const struct pack *pack;
	const char *version;
	int ret;

	if (exercise_is_static(exercise))
		return 0;
	ret = program_file_read(submission->tree_fd, folder, arena, &file, err);
	if (ret < 0)
		return ret;
	pack = pack_of_file(&file);
	version = pack ? grade_pack_version(pack, packs_folder, arena) : NULL;
	if (version)
		text_addf(into, "pack %s %s\n", pack->word, version);
	return 0;
}

static void hash_text(const struct text *text, char ret_hex[INPUT_KEY_HEX])
{
	unsigned char hash[(INPUT_KEY_HEX - 1) / 2];

	(void)crypto_generichash(hash, sizeof(hash), (const unsigned char *)text_get(text),
				 text->length, NULL, 0);
	(void)sodium_bin2hex(ret_hex, INPUT_KEY_HEX, hash, sizeof(hash));
}

int grade_input_key(const struct exercise *exercise, struct submission *submission,
		    const char *folder, const char *packs_folder, char ret_hex[INPUT_KEY_HEX],
		    struct mp_error *err)
{
	mp_autotext struct text text = {0};
	int ret;

	text_init(&text, 0);
	text_addf(&text, "grading %d\nexercise %s\n", GRADING_VERSION, exercise->hash);
	ret = add_paths(exercise, submission, folder, &text, err);
	if (ret == 0)
		ret = add_steps(exercise, submission, &text, err);
	if (ret == 0)
		ret = add_pack(exercise, submission, folder, packs_folder, &text, err);
	if (ret == 0 && text.is_cut)
		ret = mp_fail(err, MP_FAULT_HOST, -ENOMEM, "the input key of %s", exercise->id);
	if (ret == 0)
		hash_text(&text, ret_hex);
	return ret;
}

bool exercise_is_timed(const struct exercise *exercise)
{
	static const char *const timed_parts[] = {"within", "cpu", "memory", NULL};

	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct check *check = &exercise->checks[i];

		for (size_t k = 0; k < check->step_count; k++) {
			for (size_t p = 0; timed_parts[p]; p++) {
				if (json_object_get(check->steps[k].expect, timed_parts[p]))
					return true;
			}
		}
	}
	return false;
}
