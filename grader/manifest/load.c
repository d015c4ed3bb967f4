/* SPDX-License-Identifier: MIT */
/*
 * exercise.yaml into struct exercise, in one pass: each reader complains and goes on, so that an author
 * sees all mistakes at once. Steps and checks are read in step.c and check.c, what must agree in refer.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "grader/manifest/complaints.h"
#include "grader/manifest/hash.h"
#include "grader/manifest/inner.h"
#include "grader/manifest/open.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

void loading_init(struct loading *loading, struct arena *arena, struct yaml_complaints *list)
{
	*loading = (struct loading){.arena = arena, .list = list};
	loading->draft = arena_new_of(arena, struct exercise_draft);
	loading->exercise = &loading->draft->exercise;
	loading->exercise->arena = arena;
	loading->exercise->folder_fd = -1;
}

void complain_at(const struct loading *loading, const struct yaml_node *node, const char *format,
		 ...)
{
	va_list args;

	va_start(args, format);
	if (!node->is_told)
		yaml_vcomplain(loading->list, node->line, node->column, format, args);
	va_end(args);
}

static void release_json(void *value)
{
	json_decref(value);
}

const json_t *loading_json(const struct loading *loading, const struct yaml_node *node)
{
	json_t *value = yaml_free_value(node, loading->list);

	if (value)
		arena_defer(loading->arena, release_json, value);
	return value;
}

void loading_table(const struct loading *loading, const struct yaml_node *node,
		   const struct table *table, void *base)
{
	yaml_read(node, table->rows, table->count, base, table->name, NULL, loading->arena,
		  loading->list);
}

bool list_has(const struct text_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i], name) == 0)
			return true;
	}
	return false;
}

void loading_use(struct loading *loading, const char *name)
{
	if (!list_has(&loading->used, name))
		*(const char **)arena_push(loading->arena, &loading->used.items,
					   &loading->used.count, sizeof(name)) =
			arena_text(loading->arena, name);
}

static void loading_defaults(struct loading *loading)
{
	struct exercise *exercise = loading->exercise;

	loading->draft->kind = -1;
	exercise->languages.items = arena_alloc(loading->arena, 1, sizeof(char *));
	exercise->languages.items[0] = "any";
	exercise->languages.count = 1;
	exercise->frameworks = exercise->languages;
	exercise->pass_score = 60;
	exercise->mastered_score = 90;
	exercise->health.status = 200;
}

void loading_read(struct loading *loading, const char *bytes, size_t count)
{
	struct yaml_node *root = NULL;
	struct exercise *exercise = loading->exercise;

	(void)!yaml_parse(bytes, count, loading->arena, &root, loading->list);
	if (!root)
		return;
	loading->root = root;
	loading_defaults(loading);
	loading_table(loading, root, &exercise_table, loading->draft);
	if (root->kind != YAML_MAP)
		return;
	if (loading->draft->kind >= 0) {
		exercise->kind = kind_rows[loading->draft->kind].name;
		exercise->limits = kind_rows[loading->draft->kind].limits;
	}
	loading_sections(loading);
	loading_words(loading);
	if (loading->probes)
		loading_checks(loading);
	if (!root->is_cut)
		loading_agree(loading);
}

/* --- from the folder ------------------------------------------------------------------------------- */

static void close_folder(void *object)
{
	(void)close(*(int *)object);
}

/* Open the exercise's folder; it is closed with the arena. */
static int open_folder(struct loading *loading, struct mp_error *err)
{
	struct exercise *exercise = loading->exercise;
	const struct road_entry *entry = loading->entry;
	mp_autofd int road_fd = open(loading->road->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *path = arena_format(loading->arena, "%d/%s", entry->milestone, entry->id);
	int fd = road_fd < 0 ? -errno : path_open_below(road_fd, path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return mp_fail(err, MP_FAULT_CONTENT, fd, "exercise '%s': %s/%s", entry->id,
			       loading->road->folder, path);
	exercise->folder = arena_format(loading->arena, "%s/%s", loading->road->folder, path);
	exercise->folder_fd = fd;
	arena_defer(loading->arena, close_folder, &exercise->folder_fd);
	return 0;
}

int loading_open(struct loading *loading, const struct road *road, const char *id,
		 const struct probe_kind *const *probes, struct mp_error *err)
{
	mp_autofree char *bytes = NULL;
	size_t count;
	int ret;

	loading->road = road;
	loading->probes = probes;
	loading->entry = road_find(road, id);
	if (!loading->entry)
		return mp_fail(err, MP_FAULT_USAGE, -ENOENT, "exercise '%s'", id);
	ret = open_folder(loading, err);
	if (ret < 0)
		return ret;
	loading->list->name = complaint_name(
		loading->arena, road->folder,
		arena_format(loading->arena, "%d/%s/exercise.yaml", loading->entry->milestone, id));
	ret = path_read_below(loading->exercise->folder_fd, "exercise.yaml", YAML_BYTES_MAX + 1,
			      &bytes, &count);
	if (ret < 0)
		return mp_fail(err, MP_FAULT_CONTENT, ret, "%s", loading->list->name);
	loading_read(loading, bytes, count);
	return 0;
}

/* Warnings are for lint. */
static void drop_warnings(struct yaml_complaints *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (!list->items[i].is_warning)
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
	list->warning_count = 0;
}

int exercise_load(const struct road *road, const char *id, const struct probe_kind *const *probes,
		  struct exercise **ret_exercise, struct complaint_list *list, struct mp_error *err)
{
	static const char *const whole[] = {"."};
	mp_autoarena struct arena *arena = arena_new();
	struct yaml_complaints complaints;
	struct loading loading;
	int ret;

	yaml_complaints_init(&complaints, id);
	loading_init(&loading, arena, &complaints);
	ret = loading_open(&loading, road, id, probes, err);
	if (ret == 0) {
		drop_warnings(&complaints);
		ret = complaints_hand_over(&complaints, list, err);
	}
	yaml_complaints_done(&complaints);
	if (ret == 0)
		ret = files_hash(loading.exercise->folder_fd, whole, 1, loading.exercise->hash,
				 err);
	if (ret < 0)
		return ret;
	*ret_exercise = loading.exercise;
	(void)mp_take(arena);
	return 0;
}

struct exercise *exercise_free(struct exercise *exercise)
{
	if (exercise)
		(void)arena_free(exercise->arena);
	return NULL;
}
