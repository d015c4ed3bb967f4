/* SPDX-License-Identifier: MIT */
/*
 * An exercise as the program knows it: immutable after it was loaded, owned by one arena.
 *
 * Grammar and bounds of every key: docs/exercise-format.md, printed from the field tables. Free values
 * (JSON) are jansson values whose references the arena holds; everybody else sees them as const.
 * In free values and patterns texts are as the author wrote them: $(names) are not yet replaced.
 */
#ifndef GRADER_MODEL_EXERCISE_H
#define GRADER_MODEL_EXERCISE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/base/arena.h"
#include "sandbox/base/field.h"

struct probe_kind;
struct verb;

enum duty { DUTY_REQUIRED, DUTY_ELECTIVE, DUTY_ONE_OF };

enum category {
	CATEGORY_FUNCTION,
	CATEGORY_ERROR,
	CATEGORY_CONCURRENCY,
	CATEGORY_SECURITY,
	CATEGORY_SHUTDOWN,
	CATEGORY_PERFORMANCE,
	CATEGORY_QUALITY,
	CATEGORY_COUNT,
};
extern const char *const category_words[]; /* NULL-terminated, by enum category */

enum visibility { VISIBILITY_VISIBLE, VISIBILITY_HIDDEN };
extern const char *const visibility_words[];

enum isolation { ISOLATION_SHARED, ISOLATION_FRESH_DATABASE, ISOLATION_FRESH_SERVICE };
extern const char *const isolation_words[];

/* Which lines of the learner's milepost.yaml the exercise wants. */
enum entry {
	ENTRY_BUILD,
	ENTRY_START,
	ENTRY_RUN,
	ENTRY_TEST,
	ENTRY_WORKER,
	ENTRY_MIGRATE,
	ENTRY_COUNT
};
extern const char *const entry_words[];
enum wish { WISH_NONE, WISH_OPTIONAL, WISH_REQUIRED };

/* An expectation that says something when it fits: told beside wanted and got, never changes a verdict. */
struct near_miss {
	const json_t *parts; /* map of part to pattern */
	const char *say;
};

/* One step: one verb, its value, what is expected of the answer. */
struct step {
	const struct probe_kind *probe; /* static */
	const struct verb *verb;	/* static: the probe's row */
	const char
		*target; /* the verb's value when it is a text: a path, file, branch; else NULL */
	const json_t *value; /* the verb's value as free value: text, or list for run */
	const void *
		keys; /* the probe's own struct (probe_kind.step_size bytes), filled by its field table */
	const json_t *expect; /* map of part to pattern, `use` already merged in; NULL: none */
	const json_t *save;   /* map of name to part path or {from, matches}; NULL: none */
	const struct near_miss *near;
	size_t near_count;
	int line, column; /* where the step begins in exercise.yaml */
};

struct check {
	const char *id;
	const char *title;
	int64_t points;
	enum category category;
	enum visibility visibility;
	bool is_gate, is_core;
	int64_t cap; /* 0-99; -1: none */
	struct text_list after;
	const char *rule; /* NULL: none */
	enum isolation isolation;
	int64_t repeat; /* 1-50 */
	int64_t retry;	/* 0-1 */
	const char *stage;
	struct text_list tags;
	const struct step *steps;
	size_t step_count;
	const struct probe_kind *probe; /* of all its steps */
	int line, column;
};

struct limits {
	int64_t build_ms, start_ms, check_ms, total_ms;
	int64_t memory_bytes, disk_bytes, output_bytes;
	int64_t pids, open_files;
};

struct health {
	const char *path; /* NULL: a listening socket is enough */
	int64_t status;	  /* wanted of the path; 200 by default */
};

struct deliver {
	const char
		*path; /* may be a pattern with *; begins with / from the top of the repository */
	bool is_optional;
	int64_t max_bytes; /* 0: the general limit */
};

struct maker {
	const char *name;
	const char *path; /* below the exercise's folder */
};

struct known_bad {
	const char *name;
	const char *of; /* reference it is a patch of; NULL: the first */
	int64_t score;
	struct text_list fails;
	int line;
};

struct stage {
	const char *id;
	const char *title;
	struct text_list checks;
};

struct manual_mark {
	const char *id;
	const char *title;
	int64_t points;
};

struct provenance {
	const char *author;
	const char *licence;
	const char *reviewed;
	struct text_list sources;
};

struct exercise {
	struct arena *arena; /* owned: everything here lies in it */
	const char *id;
	int64_t version;
	const char *title;
	const char *summary;
	int64_t milestone, order;
	enum duty duty;
	const char *one_of; /* the group of DUTY_ONE_OF */
	const char *kind;   /* word of curriculum 7.1: api, program, ... */
	int64_t difficulty, minutes, points;
	struct text_list skills, teaches, needs;
	struct text_list languages; /* one item "any" or "none", or a list */
	struct text_list frameworks;
	const struct deliver *deliver;
	size_t deliver_count;
	enum wish entry[ENTRY_COUNT];
	struct limits limits;
	struct health health;
	const struct maker *makers;
	size_t maker_count;
	const char *model;	/* folder below the exercise's whose `run` answers; NULL: none */
	const json_t *words;	/* map of name to kind or object; NULL: none */
	const json_t *patterns; /* map of name to expectation; NULL: none */
	const struct check *checks;
	size_t check_count;
	const struct stage *stages;
	size_t stage_count;
	struct text_list hints;
	int64_t starter; /* score of the untouched starter */
	struct text_list references;
	const struct known_bad *known_bad;
	size_t known_bad_count;
	int64_t pass_score, mastered_score;
	const struct manual_mark *manual;
	size_t manual_count;
	struct provenance provenance;

	const char *folder; /* absolute path of the exercise's folder */
	int folder_fd;	    /* owned by the arena (closed with it) */
	char hash[65];	    /* hex BLAKE2b-256 of the folder's content */
};

/* The check with this id, or NULL. */
const struct check *exercise_check(const struct exercise *exercise, const char *id);

#endif
