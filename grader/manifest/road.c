/* SPDX-License-Identifier: MIT */
/* The road: exercises/milestones.yaml, and which of its exercises are there. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/manifest/complaints.h"
#include "grader/manifest/manifest.h"
#include "grader/yaml/yaml.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { WORD_LEAST = 3 }; /* letters of a word that ids are searched for */

#define ROAD_FILE      "milestones.yaml"
#define COUNT_OF(ROWS) (sizeof(ROWS) / sizeof((ROWS)[0]))

struct milestone_draft {
	int64_t number, required_points, elective_points;
	const char *title;
	const struct yaml_node *exercises;
};

struct entry_row {
	struct road_entry entry;
	const char *duty;
};

static const struct field road_rows[] = {
	{"milestones", FIELD_NODE, 0, 0, 0, "the nine milestones", NULL, true},
};

static const struct field milestone_rows[] = {
	{"number", FIELD_COUNT, offsetof(struct milestone_draft, number), 1, MILESTONES, "1-9",
	 NULL, true},
	{"title", FIELD_TEXT, offsetof(struct milestone_draft, title), 1, 60,
	 "as the learner reads it", NULL, true},
	{"required_points", FIELD_COUNT, offsetof(struct milestone_draft, required_points), 0, 9999,
	 "points of its required exercises", NULL, true},
	{"elective_points", FIELD_COUNT, offsetof(struct milestone_draft, elective_points), 0, 9999,
	 "electives count up to this", NULL, true},
	{"exercises", FIELD_NODE, offsetof(struct milestone_draft, exercises), 0, 0,
	 "its exercises", NULL, true},
};

static const struct field entry_rows[] = {
	{"id", FIELD_NAME, offsetof(struct entry_row, entry.id), 2, 31, "name of the folder", NULL,
	 true},
	{"title", FIELD_TEXT, offsetof(struct entry_row, entry.title), 1, 60,
	 "as the learner reads it", NULL, true},
	{"order", FIELD_COUNT, offsetof(struct entry_row, entry.order), 1, 999, "place on the road",
	 NULL, true},
	{"duty", FIELD_TEXT, offsetof(struct entry_row, duty), 1, 60,
	 "required, elective, one-of NAME", NULL, true},
	{"points", FIELD_COUNT, offsetof(struct entry_row, entry.points), 1, 500, "weight", NULL,
	 true},
};

const char *duty_words(struct arena *arena, enum duty duty, const char *group)
{
	if (duty == DUTY_ONE_OF)
		return arena_format(arena, "one-of %s", group);
	return duty == DUTY_REQUIRED ? "required" : "elective";
}

bool duty_parse(const char *text, enum duty *ret_duty, const char **ret_group)
{
	*ret_group = NULL;
	if (strcmp(text, "required") == 0)
		*ret_duty = DUTY_REQUIRED;
	else if (strcmp(text, "elective") == 0)
		*ret_duty = DUTY_ELECTIVE;
	else if (strncmp(text, "one-of ", 7) == 0 && text[7] >= 'a' && text[7] <= 'z')
		*ret_duty = DUTY_ONE_OF;
	else
		return false;
	if (*ret_duty == DUTY_ONE_OF)
		*ret_group = text + 7;
	return true;
}

static void read_entry(struct road *road, const struct yaml_node *node, int milestone,
		       struct yaml_complaints *list)
{
	struct entry_row row = {.duty = "required"};
	const struct yaml_node *duty = yaml_get(node, "duty");

	row.entry.milestone = milestone;
	yaml_read(node, entry_rows, COUNT_OF(entry_rows), &row, "an exercise of the road", NULL,
		  road->arena, list);
	if (duty && !duty_parse(row.duty, &row.entry.duty, &row.entry.one_of))
		yaml_complain(list, duty->line, duty->column,
			      "duty: write required, elective or one-of NAME");
	if (!row.entry.id)
		return;
	for (size_t i = 0; i < road->entry_count; i++) {
		if (strcmp(road->entries[i].id, row.entry.id) == 0)
			yaml_complain(list, node->line, node->column, "'%s' is there twice",
				      row.entry.id);
		else if (road->entries[i].order == row.entry.order)
			yaml_complain(list, node->line, node->column, "'%s' has the order of '%s'",
				      row.entry.id, road->entries[i].id);
	}
	*(struct road_entry *)arena_push(road->arena, &road->entries, &road->entry_count,
					 sizeof(row.entry)) = row.entry;
}

/* Of a group the exercise with the most points counts once. */
static bool is_counted(const struct road *road, const struct road_entry *entry)
{
	if (entry->duty != DUTY_ONE_OF)
		return entry->duty == DUTY_REQUIRED;
	for (size_t i = 0; i < road->entry_count; i++) {
		const struct road_entry *other = &road->entries[i];
		bool is_group = other->milestone == entry->milestone &&
				other->duty == DUTY_ONE_OF &&
				strcmp(other->one_of, entry->one_of) == 0;

		if (is_group && (other->points > entry->points ||
				 (other->points == entry->points && other < entry)))
			return false;
	}
	return true;
}

static void read_milestone(struct road *road, const struct yaml_node *node,
			   struct yaml_complaints *list)
{
	struct milestone_draft draft = {0};
	struct road_milestone *milestone;
	int64_t points = 0;
	size_t errors = list->error_count;

	yaml_read(node, milestone_rows, COUNT_OF(milestone_rows), &draft, "a milestone", NULL,
		  road->arena, list);
	if (list->error_count > errors)
		return;
	milestone = &road->milestones[draft.number - 1];
	if (milestone->number != 0)
		yaml_complain(list, node->line, node->column, "milestone %d is there twice",
			      milestone->number);
	*milestone = (struct road_milestone){(int)draft.number, draft.title, draft.required_points,
					     draft.elective_points};
	if (draft.exercises->kind != YAML_LIST) {
		yaml_complain(list, draft.exercises->line, draft.exercises->column,
			      "exercises is a list");
		return;
	}
	for (size_t i = 0; i < draft.exercises->item_count; i++)
		read_entry(road, draft.exercises->items[i], milestone->number, list);
	for (size_t i = 0; i < road->entry_count; i++) {
		if (road->entries[i].milestone == milestone->number &&
		    is_counted(road, &road->entries[i]))
			points += road->entries[i].points;
	}
	if (points != draft.required_points && list->error_count == errors)
		yaml_complain(list, node->line, node->column,
			      "required_points says %lld, its required exercises add up to %lld",
			      (long long)draft.required_points, (long long)points);
}

static void read_road(struct road *road, const struct yaml_node *root, struct yaml_complaints *list)
{
	const struct yaml_node *milestones = NULL;

	yaml_read(root, road_rows, COUNT_OF(road_rows), &milestones, "the road", NULL, road->arena,
		  list);
	if (!milestones)
		return;
	if (milestones->kind != YAML_LIST) {
		yaml_complain(list, milestones->line, milestones->column, "milestones is a list");
		return;
	}
	for (size_t i = 0; i < milestones->item_count; i++)
		read_milestone(road, milestones->items[i], list);
	for (int i = 0; i < MILESTONES && list->error_count == 0; i++) {
		if (road->milestones[i].number == 0)
			yaml_complain(list, milestones->line, milestones->column,
				      "milestone %d is missing", i + 1);
	}
}

static int compare_order(const void *a, const void *b)
{
	const struct road_entry *first = a;
	const struct road_entry *second = b;

	return first->order < second->order ? -1 : first->order > second->order;
}

static void find_published(struct road *road, int folder_fd)
{
	for (size_t i = 0; i < road->entry_count; i++) {
		const struct road_entry *entry = &road->entries[i];
		const char *path = arena_format(road->arena, "%d/%s/exercise.yaml",
						entry->milestone, entry->id);
		mp_autofd int fd = path_open_below(folder_fd, path, O_PATH);

		if (fd >= 0)
			*(const char **)arena_push(road->arena, &road->published,
						   &road->published_count,
						   sizeof(*road->published)) = entry->id;
	}
}

static int road_read_file(struct road *road, int folder_fd, struct complaint_list *into,
			  struct mp_error *err)
{
	mp_autofree char *bytes = NULL;
	struct yaml_complaints list;
	struct yaml_node *root = NULL;
	size_t count;
	int ret = path_read_below(folder_fd, ROAD_FILE, YAML_BYTES_MAX, &bytes, &count);

	if (ret < 0)
		return mp_fail(err, MP_FAULT_CONTENT, ret, "%s/" ROAD_FILE, road->folder);
	yaml_complaints_init(&list, complaint_name(road->arena, road->folder, ROAD_FILE));
	(void)!yaml_parse(bytes, count, road->arena, &root, &list);
	if (root)
		read_road(road, root, &list);
	ret = complaints_hand_over(&list, into, err);
	yaml_complaints_done(&list);
	return ret;
}

int road_load(const char *exercises, struct road **ret_road, struct complaint_list *list,
	      struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	mp_autofree char *folder = realpath(exercises, NULL);
	mp_autofd int folder_fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	struct road *road = arena_new_of(arena, struct road);
	int ret;

	if (folder_fd < 0)
		return mp_fail(err, MP_FAULT_CONTENT, -errno, "the exercises in '%s'", exercises);
	road->arena = arena;
	road->folder = arena_text(arena, folder);
	ret = road_read_file(road, folder_fd, list, err);
	if (ret < 0)
		return ret;
	if (road->entry_count > 0)
		qsort(road->entries, road->entry_count, sizeof(*road->entries), compare_order);
	find_published(road, folder_fd);
	*ret_road = road;
	(void)mp_take(arena);
	return 0;
}

struct road *road_free(struct road *road)
{
	if (road)
		(void)arena_free(road->arena);
	return NULL;
}

const struct road_entry *road_find(const struct road *road, const char *id)
{
	for (size_t i = 0; i < road->entry_count; i++) {
		if (strcmp(road->entries[i].id, id) == 0)
			return &road->entries[i];
	}
	return NULL;
}

static const char *entry_id_at(const void *context, size_t i)
{
	return ((const struct road *)context)->entries[i].id;
}

const char *road_nearest(const struct road *road, const char *id)
{
	return nearest_word(id, road->entry_count, entry_id_at, road);
}

static bool begins_with(const char *id, const char *word)
{
	return strncasecmp(id, word, strlen(word)) == 0;
}

static bool has_word(const char *id, const char *word)
{
	return strcasestr(id, word) != NULL;
}

static bool is_inside(const char *id, const char *word)
{
	return strcasestr(word, id) != NULL;
}

size_t road_alike(const struct road *road, const char *word, const char **ret_ids, size_t most)
{
	static bool (*const tests[])(const char *id, const char *word) = {begins_with, has_word,
									  is_inside};
	size_t count = 0;

	if (strlen(word) < WORD_LEAST)
		return 0;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]) && count == 0; i++) {
		for (size_t k = 0; k < road->published_count; k++) {
			if (!tests[i](road->published[k], word))
				continue;
			if (count < most)
				ret_ids[count] = road->published[k];
			count++;
		}
	}
	return count;
}
