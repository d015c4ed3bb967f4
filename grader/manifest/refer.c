/* SPDX-License-Identifier: MIT */
/* What must agree: checks with each other, the exercise with the road, names with files of the folder. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "grader/manifest/complaints.h"
#include "grader/manifest/inner.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

/* The I-th item of a list that may be written as one value. */
static const struct yaml_node *item_of(const struct yaml_node *list, size_t i)
{
	return list->kind == YAML_LIST ? list->items[i] : list;
}

static size_t item_count(const struct yaml_node *list)
{
	if (!list)
		return 0;
	return list->kind == YAML_LIST ? list->item_count : list->kind == YAML_SCALAR;
}

static const struct yaml_node *check_node(const struct loading *loading, size_t i)
{
	return loading->draft->checks->items[i];
}

/* --- checks with each other ------------------------------------------------------------------------ */

static const char *check_id_at(const void *context, size_t i)
{
	const char *id = ((const struct exercise *)context)->checks[i].id;

	return id ? id : "";
}

/* Index of the check with this id, or -1. */
static int check_index(const struct exercise *exercise, const char *id)
{
	for (size_t i = 0; i < exercise->check_count; i++) {
		if (strcmp(check_id_at(exercise, i), id) == 0)
			return (int)i;
	}
	return -1;
}

/* Every item of LIST is the id of a check before BEFORE. */
static void agree_ids(const struct loading *loading, const struct yaml_node *list, const char *key,
		      size_t before)
{
	const struct exercise *exercise = loading->exercise;

	for (size_t i = 0; i < item_count(list); i++) {
		const struct yaml_node *item = item_of(list, i);
		const char *near;
		int index;

		if (item->kind != YAML_SCALAR)
			continue;
		index = check_index(exercise, item->text);
		near = nearest_word(item->text, exercise->check_count, check_id_at, exercise);
		if (index >= 0 && (size_t)index >= before)
			complain_at(loading, item, "%s: check '%s' does not stand before this one",
				    key, item->text);
		else if (index < 0 && near)
			complain_at(loading, item, "%s: there is no check '%s'; did you mean '%s'?",
				    key, item->text, near);
		else if (index < 0)
			complain_at(loading, item, "%s: there is no check '%s'", key, item->text);
	}
}

static void agree_check(const struct loading *loading, size_t i)
{
	const struct check *check = &loading->exercise->checks[i];
	const struct yaml_node *node = check_node(loading, i);
	const struct yaml_node *place = check_place(node);
	const char *id = check->id ? check->id : "?";

	if (check->id && check_index(loading->exercise, check->id) < (int)i)
		complain_at(loading, place, "check '%s' is there twice", id);
	if (check->visibility == VISIBILITY_HIDDEN && !yaml_get(node, "rule"))
		complain_at(
			loading, place,
			"check '%s' is hidden and has no rule: a learner who fails it would learn nothing",
			id);
	if (check->retry > 0 && check->category != CATEGORY_PERFORMANCE)
		complain_at(loading, yaml_get(node, "retry"),
			    "retry: a second chance is for category performance only");
	agree_ids(loading, yaml_get(node, "after"), "after", i);
}

static void agree_points(const struct loading *loading)
{
	const struct yaml_pair *pair = yaml_pair_of(loading->root, "checks");
	int64_t sum = 0;

	for (size_t i = 0; i < loading->exercise->check_count; i++)
		sum += loading->exercise->checks[i].points;
	if (sum != 100 && !loading->has_bad_points)
		complain_at(loading, pair->key,
			    "the points of the %zu checks add up to %lld, not 100",
			    loading->exercise->check_count, (long long)sum);
}

static void agree_stages(const struct loading *loading)
{
	const struct exercise *exercise = loading->exercise;
	const struct yaml_node *stages = loading->draft->stages;

	for (size_t i = 0; i < exercise->stage_count; i++)
		agree_ids(loading, yaml_get(stages->items[i], "checks"), "stages",
			  exercise->check_count);
	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct yaml_node *stage = yaml_get(check_node(loading, i), "stage");
		bool is_found = !exercise->checks[i].stage;

		for (size_t j = 0; j < exercise->stage_count && !is_found; j++)
			is_found = exercise->stages[j].id &&
				   strcmp(exercise->stages[j].id, exercise->checks[i].stage) == 0;
		if (!is_found)
			complain_at(loading, stage, "stage: there is no stage '%s' under stages:",
				    exercise->checks[i].stage);
	}
}

/* --- with the road --------------------------------------------------------------------------------- */

static void agree_number(const struct loading *loading, const char *key, int64_t here,
			 int64_t there)
{
	const struct yaml_node *node = yaml_get(loading->root, key);

	if (node && here != 0 && here != there)
		complain_at(loading, node, "%s: milestones.yaml says %lld", key, (long long)there);
}

static void agree_road(const struct loading *loading)
{
	const struct exercise *exercise = loading->exercise;
	const struct road_entry *entry = loading->entry;
	const struct yaml_node *title = yaml_get(loading->root, "title");
	const struct yaml_node *duty = yaml_get(loading->root, "duty");
	bool is_same_group = (exercise->one_of != NULL) == (entry->one_of != NULL) &&
			     (!entry->one_of || strcmp(exercise->one_of, entry->one_of) == 0);

	if (exercise->id && strcmp(exercise->id, entry->id) != 0)
		complain_at(loading, yaml_get(loading->root, "id"), "id: the folder is called '%s'",
			    entry->id);
	agree_number(loading, "milestone", exercise->milestone, entry->milestone);
	agree_number(loading, "order", exercise->order, entry->order);
	agree_number(loading, "points", exercise->points, entry->points);
	if (exercise->title && strcmp(exercise->title, entry->title) != 0)
		complain_at(loading, title, "title: milestones.yaml says '%s'", entry->title);
	if (loading->draft->duty && duty && (exercise->duty != entry->duty || !is_same_group))
		complain_at(loading, duty, "duty: milestones.yaml says '%s'",
			    duty_words(loading->arena, entry->duty, entry->one_of));
}

static void agree_needs(const struct loading *loading)
{
	const struct yaml_node *needs = yaml_get(loading->root, "needs");

	for (size_t i = 0; i < item_count(needs); i++) {
		const struct yaml_node *item = item_of(needs, i);
		const char *near;

		if (item->kind != YAML_SCALAR || road_find(loading->road, item->text))
			continue;
		near = road_nearest(loading->road, item->text);
		if (near)
			complain_at(loading, item,
				    "needs: milestones.yaml has no '%s'; did you mean '%s'?",
				    item->text, near);
		else
			complain_at(loading, item, "needs: milestones.yaml has no '%s'",
				    item->text);
	}
}

/* --- with the folder ------------------------------------------------------------------------------- */

/* Is there a file, or a folder, at PATH? */
static bool folder_has(const struct loading *loading, mode_t type, const char *path)
{
	mp_autofd int fd = path_open_below(loading->exercise->folder_fd, path, O_PATH);
	struct stat info;

	return fd >= 0 && fstat(fd, &info) == 0 && (info.st_mode & S_IFMT) == type;
}

static void agree_known_bad(const struct loading *loading, size_t i)
{
	const struct exercise *exercise = loading->exercise;
	const struct known_bad *bad = &exercise->known_bad[i];
	const struct yaml_node *node = loading->draft->known_bad->items[i];
	struct arena *arena = loading->arena;

	if (loading->probes)
		agree_ids(loading, yaml_get(node, "fails"), "fails", exercise->check_count);
	if (bad->of && !list_has(&exercise->references, bad->of))
		complain_at(loading, yaml_get(node, "of"), "of: there is no reference '%s'",
			    bad->of);
	if (!bad->name)
		return;
	for (size_t j = 0; j < i; j++) {
		if (exercise->known_bad[j].name &&
		    strcmp(exercise->known_bad[j].name, bad->name) == 0)
			complain_at(loading, yaml_get(node, "name"),
				    "known_bad: '%s' is there twice", bad->name);
	}
	if (exercise->folder_fd >= 0 &&
	    !folder_has(loading, S_IFREG, arena_format(arena, "bad/%s.patch", bad->name)) &&
	    !folder_has(loading, S_IFDIR, arena_format(arena, "bad/%s", bad->name)))
		complain_at(loading, yaml_get(node, "name"),
			    "known_bad: there is neither bad/%s.patch nor bad/%s/", bad->name,
			    bad->name);
}

static void agree_folder(const struct loading *loading)
{
	const struct exercise *exercise = loading->exercise;
	const struct yaml_node *references = yaml_get(loading->root, "references");
	const struct yaml_node *model = yaml_get(loading->root, "model");

	for (size_t i = 0; i < item_count(references); i++) {
		const struct yaml_node *item = item_of(references, i);

		if (item->kind == YAML_SCALAR && *item->text &&
		    !folder_has(loading, S_IFDIR,
				arena_format(loading->arena, "reference/%s", item->text)))
			complain_at(loading, item, "references: there is no folder reference/%s/",
				    item->text);
	}
	for (size_t i = 0; i < exercise->maker_count; i++) {
		if (*exercise->makers[i].path &&
		    !folder_has(loading, S_IFREG, exercise->makers[i].path))
			complain_at(loading, loading->draft->makers->pairs[i].value,
				    "makers.%s: there is no file '%s'", exercise->makers[i].name,
				    exercise->makers[i].path);
	}
	if (exercise->model && !folder_has(loading, S_IFDIR, exercise->model))
		complain_at(loading, model, "model: there is no folder '%s'", exercise->model);
}

void loading_agree(struct loading *loading)
{
	struct exercise *exercise = loading->exercise;
	const struct yaml_node *duty = yaml_get(loading->root, "duty");

	if (loading->draft->duty &&
	    !duty_parse(loading->draft->duty, &exercise->duty, &exercise->one_of)) {
		complain_at(loading, duty, "duty: write required, elective or one-of NAME");
		loading->draft->duty = NULL;
	}
	for (size_t i = 0; i < exercise->check_count; i++)
		agree_check(loading, i);
	if (exercise->check_count > 0)
		agree_points(loading);
	if (loading->probes)
		agree_stages(loading);
	for (size_t i = 0; i < exercise->known_bad_count; i++)
		agree_known_bad(loading, i);
	if (loading->entry)
		agree_road(loading);
	if (loading->road)
		agree_needs(loading);
	if (exercise->folder_fd >= 0)
		agree_folder(loading);
}
