/* SPDX-License-Identifier: MIT */
/* All files of the repository: names, the largest, and what was left out. */
#include <stdlib.h>
#include <string.h>

#include "grader/files/inner.h"
#include "sandbox/base/field.h"

bool largest_examine(const json_t *pattern)
{
	return tree_size_of(pattern) >= 0 || json_is_object(pattern);
}

/* The paths of the facts of these kinds. */
static json_t *facts_of(const struct submission *submission, enum fact_kind one,
			enum fact_kind other)
{
	json_t *paths = json_array();

	for (size_t i = 0; submission && i < submission->fact_count; i++) {
		const struct submission_fact *fact = &submission->facts[i];

		if (fact->kind == one || fact->kind == other)
			(void)json_array_append_new(paths, json_string(fact->path));
	}
	return paths;
}

static const struct submission_file *largest_of(const struct submission *submission)
{
	const struct submission_file *largest = NULL;

	for (size_t i = 0; submission && i < submission->file_count; i++) {
		if (!largest || submission->files[i].bytes > largest->bytes)
			largest = &submission->files[i];
	}
	return largest;
}

void tree_add_largest(const struct submission *submission, const struct step *step,
		      struct text *into)
{
	const struct submission_file *largest = largest_of(submission);
	const json_t *pattern = json_object_get(step->expect, "largest");
	int64_t most = pattern ? tree_size_of(pattern) : -1;

	/* Below a plain limit all sizes are alike. */
	if (largest && (pattern || step->save) && !(most >= 0 && largest->bytes <= most))
		text_addf(into, "largest %s %lld\n", largest->path, (long long)largest->bytes);
}

static void judge_largest(struct judging *judging, const json_t *pattern)
{
	const struct submission_file *largest = largest_of(judging->run->submission);
	struct arena *arena = judging->run->arena;
	int64_t most = tree_size_of(pattern);
	int64_t bytes = largest ? largest->bytes : 0;
	json_t *value = json_integer(bytes);
	bool is_right =
		most >= 0 ? bytes <= most : match_holds(pattern, value, judging->run->names);

	if (!is_right)
		files_mismatch(
			judging, "largest",
			most >= 0 ? arena_format(arena, "at most %s", tree_size_words(arena, most))
				  : match_describe(pattern, judging->run->names, arena),
			largest ? arena_format(arena, "%s: %s", largest->path,
					       tree_size_words(arena, bytes))
				: "no file");
	json_decref(value);
}

int judge_tree(struct judging *judging, struct mp_error *err)
{
	const struct submission *submission = judging->run->submission;
	json_t *files = json_array();
	const char *part;
	json_t *pattern;

	(void)err;
	for (size_t i = 0; submission && i < submission->file_count; i++)
		(void)json_array_append_new(files,
					    match_text_of_bytes(submission->files[i].path,
								strlen(submission->files[i].path)));
	(void)json_object_set_new(judging->parts, "files", files);
	(void)json_object_set_new(judging->parts, "links",
				  facts_of(submission, FACT_LINK, FACT_LINK_LEAVES));
	(void)json_object_set_new(judging->parts, "submodules",
				  facts_of(submission, FACT_SUBMODULE, FACT_SUBMODULE));
	json_object_foreach (json_readable(judging->step->expect), part, pattern) {
		if (strcmp(part, "largest") == 0)
			judge_largest(judging, pattern);
		else
			(void)match_part(part, pattern, json_object_get(judging->parts, part),
					 judging->run->names, &judging->told);
	}
	return 0;
}
