/* SPDX-License-Identifier: MIT */
/* Inside of the room: the field tables of exercise.yaml, read by the loader and printed as its manual. */
#ifndef GRADER_MANIFEST_TABLES_H
#define GRADER_MANIFEST_TABLES_H

#include "grader/model/exercise.h"
#include "grader/yaml/yaml.h"

/* A table and how it is told: the same rows make the parser and docs/exercise-format.md. */
struct table {
	const char *name;  /* of the map in complaints: "limits", "the exercise" */
	const char *intro; /* a sentence before the printed rows */
	const struct field *rows;
	size_t count;
};

/* The whole file as it is read: scalars land in the exercise, maps and lists wait as nodes. */
struct exercise_draft {
	struct exercise exercise;
	int kind;	  /* index into kind_rows */
	const char *duty; /* "required" "elective" "one-of NAME" */
	const struct yaml_node *deliver, *entry, *limits, *health, *makers, *words, *patterns;
	const struct yaml_node *checks, *stages, *known_bad, *pass, *manual, *provenance;
};

struct check_draft {
	struct check check;
	const struct yaml_node *steps;
};

/* A map of health; the model keeps path and status. */
struct health_draft {
	const char *path;
	int64_t status;
	bool is_tcp;
};

struct pass_draft {
	int64_t score, mastered;
};

struct entry_draft {
	int wishes[ENTRY_COUNT]; /* index into the words; -1: not there */
};

extern const struct table exercise_table, limits_table, entry_table, health_table, deliver_table,
	stage_table;
extern const struct table known_bad_table, pass_table, manual_table, provenance_table, check_table,
	near_table;

/* A kind and the limits that its life cycle has by default. */
struct kind_row {
	const char *name;
	const char *life; /* static, one-shot, service */
	struct limits limits;
};
extern const struct kind_row kind_rows[];
extern const size_t kind_count;

/* The form of the ids of the names: [a-z][a-z0-9_]{0,30}. */
bool is_name_of_value(const char *name);

#endif
