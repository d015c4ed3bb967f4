/* SPDX-License-Identifier: MIT */
/*
 * Warnings: what a correct file may still be wrong about. The file is read once more, because an exercise
 * does not keep its nodes; each rule is a function of one row, so a new one is a function and a row.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "grader/manifest/complaints.h"
#include "grader/manifest/hash.h"
#include "grader/manifest/open.h"
#include "grader/match/match.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { EASY_DIFFICULTY = 2, EASY_CORE_MAX = 2 };

static void warn_at(const struct loading *loading, const struct yaml_node *node, const char *format,
		    ...) MP_PRINTF(3, 4);
static void warn_at(const struct loading *loading, const struct yaml_node *node, const char *format,
		    ...)
{
	mp_autotext struct text text = {0};
	va_list args;

	text_init(&text, 0);
	va_start(args, format);
	text_vaddf(&text, format, args);
	va_end(args);
	yaml_warn(loading->list, node->line, node->column, "%s", text_get(&text));
}

static const struct yaml_node *key_place(const struct loading *loading, const char *key)
{
	const struct yaml_pair *pair = yaml_pair_of(loading->root, key);

	return pair ? pair->key : loading->root;
}

/* --- known-bad submissions ------------------------------------------------------------------------- */

static bool is_proved(const struct exercise *exercise, const char *id)
{
	for (size_t i = 0; i < exercise->known_bad_count; i++) {
		if (list_has(&exercise->known_bad[i].fails, id))
			return true;
	}
	return false;
}

static void warn_unproved(const struct loading *loading)
{
	const struct exercise *exercise = loading->exercise;

	for (size_t i = 0; i < exercise->check_count; i++) {
		if (!is_proved(exercise, exercise->checks[i].id))
			warn_at(loading, check_place(loading->draft->checks->items[i]),
				"no known-bad submission fails check '%s'", exercise->checks[i].id);
	}
}

/* What is left when these checks fail, and what waits for them earns nothing. */
static int64_t score_without(const struct exercise *exercise, const struct text_list *fails)
{
	bool is_lost[64] = {false};
	int64_t score = 0;
	int64_t cap = 100;

	for (size_t i = 0; i < exercise->check_count && i < 64; i++) {
		const struct check *check = &exercise->checks[i];

		is_lost[i] = list_has(fails, check->id);
		if (is_lost[i] && check->is_gate)
			return 0;
		if (is_lost[i] && check->cap >= 0 && check->cap < cap)
			cap = check->cap;
		for (size_t j = 0; j < i; j++)
			is_lost[i] = is_lost[i] || (is_lost[j] && list_has(&check->after,
									   exercise->checks[j].id));
		score += is_lost[i] ? 0 : check->points;
	}
	return score < cap ? score : cap;
}

static void warn_scores(const struct loading *loading)
{
	const struct exercise *exercise = loading->exercise;

	for (size_t i = 0; i < exercise->known_bad_count; i++) {
		const struct known_bad *bad = &exercise->known_bad[i];
		const struct yaml_node *node = loading->draft->known_bad->items[i];
		int64_t score = score_without(exercise, &bad->fails);

		if (bad->fails.count == 0)
			warn_at(loading, node, "known-bad '%s' fails nothing: it proves nothing",
				bad->name);
		else if (score != bad->score)
			warn_at(loading, yaml_get(node, "score"),
				"known-bad '%s': without these checks %lld are left, not %lld",
				bad->name, (long long)score, (long long)bad->score);
	}
}

static bool is_named(const struct exercise *exercise, const char *name)
{
	for (size_t i = 0; i < exercise->known_bad_count; i++) {
		if (strcmp(exercise->known_bad[i].name, name) == 0)
			return true;
	}
	return false;
}

/* Files of bad/ that nothing names are never run. */
static void warn_forgotten(const struct loading *loading)
{
	struct listed_file *files = NULL;
	size_t count = 0;

	if (files_list(loading->exercise->folder_fd, "bad", loading->arena, &files, &count, NULL) <
	    0)
		return;
	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(files[i].path, "/");
		char *name = arena_bytes(loading->arena, files[i].path, length);
		char *dot = strrchr(name, '.');

		if (dot && strcmp(dot, ".patch") == 0)
			*dot = '\0';
		if (!is_named(loading->exercise, name))
			warn_at(loading, key_place(loading, "known_bad"),
				"bad/%s is not named in known_bad", files[i].path);
	}
}

/* --- words, patterns, makers ----------------------------------------------------------------------- */

static void warn_unused_of(const struct loading *loading, const struct yaml_node *map,
			   const char *what)
{
	const json_t *words = loading->exercise->words;
	mp_autofree char *all_words = json_dumps(words, JSON_ENCODE_ANY);

	for (size_t i = 0; map && i < map->pair_count; i++) {
		const char *name = map->pairs[i].key->text;
		mp_autofree char *quoted = NULL;
		const char *first;

		if (list_has(&loading->used, name) || asprintf(&quoted, "\"%s\"", name) < 0)
			continue;
		/* A word may also be there for another one: {kind: sum, of: [a, b]}. */
		first = all_words ? strstr(all_words, quoted) : NULL;
		if (first && strstr(first + 1, quoted))
			continue;
		warn_at(loading, map->pairs[i].key, "%s '%s' is not used", what, name);
	}
}

static bool mentions_maker(const struct yaml_node *checks, const char *name)
{
	const struct yaml_node *node;
	struct yaml_walk walk;

	yaml_walk_from(&walk, checks);
	while ((node = yaml_walk_next(&walk))) {
		const struct yaml_node *maker = yaml_get(node, "make");

		if (maker && maker->kind == YAML_SCALAR && strcmp(maker->text, name) == 0)
			return true;
	}
	return false;
}

static void warn_unused(const struct loading *loading)
{
	const struct yaml_node *makers = loading->draft->makers;

	warn_unused_of(loading, loading->draft->words, "word");
	warn_unused_of(loading, loading->draft->patterns, "pattern");
	for (size_t i = 0; makers && i < makers->pair_count; i++) {
		if (!mentions_maker(loading->draft->checks, makers->pairs[i].key->text))
			warn_at(loading, makers->pairs[i].key, "maker '%s' is not used",
				makers->pairs[i].key->text);
	}
}

/* A saved name that no later step uses. */
static void warn_unused_saves(const struct loading *loading)
{
	const struct exercise *exercise = loading->exercise;

	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct check *check = &exercise->checks[i];

		for (size_t j = 0; j < check->step_count; j++) {
			json_t *value;
			const char *name;

			json_object_foreach (json_readable(check->steps[j].save), name, value) {
				if (value && !list_has(&loading->used, name))
					warn_at(loading,
						check_place(loading->draft->checks->items[i]),
						"check '%s' saves '%s' and never uses it",
						check->id, name);
			}
		}
	}
}

/* --- rules of the curriculum ----------------------------------------------------------------------- */

static void warn_core(const struct loading *loading)
{
	const struct exercise *exercise = loading->exercise;
	int core_count = 0;

	if (exercise->difficulty > EASY_DIFFICULTY)
		return;
	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct check *check = &exercise->checks[i];
		const struct yaml_node *place = check_place(loading->draft->checks->items[i]);

		core_count += check->is_core;
		if (check->is_core && check->visibility == VISIBILITY_HIDDEN)
			warn_at(loading, place,
				"core check '%s' is hidden: not in an exercise of difficulty 1-2",
				check->id);
		if (check->is_core && core_count == EASY_CORE_MAX + 1)
			warn_at(loading, place,
				"more than two core checks: not in an exercise of difficulty 1-2");
	}
}

static void warn_gates(const struct loading *loading)
{
	const struct exercise *exercise = loading->exercise;
	bool is_past_gates = false;

	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct check *check = &exercise->checks[i];
		const struct yaml_node *place = check_place(loading->draft->checks->items[i]);

		if (check->is_gate && check->visibility == VISIBILITY_HIDDEN)
			warn_at(loading, place,
				"gate '%s' is hidden: who fails it sees nothing at all", check->id);
		if (check->is_gate && is_past_gates)
			warn_at(loading, place,
				"gate '%s' stands behind other checks, but runs before them",
				check->id);
		/* Of quality it is advice, on purpose. */
		if (check->points == 0 && check->category != CATEGORY_QUALITY)
			warn_at(loading, place, "check '%s' earns nothing", check->id);
		is_past_gates = is_past_gates || !check->is_gate;
	}
}

static void warn_files(const struct loading *loading)
{
	mp_autofd int task_fd =
		path_open_below(loading->exercise->folder_fd, "text/en/task.md", O_PATH);
	mp_autofd int starter_fd = path_open_below(loading->exercise->folder_fd, "starter", O_PATH);

	if (task_fd < 0)
		warn_at(loading, key_place(loading, "title"),
			"there is no text/en/task.md: a learner has nothing to read");
	if (starter_fd < 0)
		warn_at(loading, key_place(loading, "starter"),
			"there is no folder starter/: a learner begins with nothing");
}

static void (*const rules[])(const struct loading *loading) = {
	warn_unproved,	   warn_scores, warn_forgotten, warn_unused,
	warn_unused_saves, warn_core,	warn_gates,	warn_files,
};

int exercise_lint(const struct road *road, const struct exercise *exercise,
		  const struct probe_kind *const *probes, struct complaint_list *list,
		  struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	struct yaml_complaints complaints;
	struct loading loading;
	int ret;

	yaml_complaints_init(&complaints, exercise->id);
	loading_init(&loading, arena, &complaints);
	ret = loading_open(&loading, road, exercise->id, probes, err);
	for (size_t i = 0;
	     ret == 0 && complaints.error_count == 0 && i < sizeof(rules) / sizeof(rules[0]); i++)
		rules[i](&loading);
	if (ret == 0)
		ret = complaints_hand_over(&complaints, list, err);
	yaml_complaints_done(&complaints);
	return ret;
}
