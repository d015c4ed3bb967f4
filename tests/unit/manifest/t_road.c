/* SPDX-License-Identifier: MIT */
/* The road: milestones.yaml, and which of its exercises are there. */
#include <errno.h>

#include "sandbox/base/cleanup.h"
#include "tests/unit/manifest/scene.h"

static void the_road_is_sorted_and_knows_what_is_published(void)
{
	struct road *road = NULL;
	struct mp_error err = {0};
	struct scene scene;

	scene_open(&scene);
	IS(road_load("exercises", &road, NULL, &err), 0);
	IS(road->entry_count, 5);
	for (size_t i = 1; i < road->entry_count; i++)
		OK(road->entries[i - 1].order < road->entries[i].order);
	IS(road->published_count, 1);
	IS_TEXT(road->published[0], "hello-api");
	IS_TEXT(road->milestones[4].title, "APIs and web services");
	IS(road->milestones[4].elective_points, 40);
	IS(road_find(road, "hello-api")->points, 20);
	IS(road_find(road, "hello-api")->milestone, 5);
	IS(road_find(road, "contract-first")->duty, DUTY_ELECTIVE);
	IS(road_find(road, "object-store-s3")->duty, DUTY_ONE_OF);
	IS_TEXT(road_find(road, "object-store-s3")->one_of, "cloud");
	OK(road_find(road, "hello") == NULL);
	IS_TEXT(road_nearest(road, "hello-apu"), "hello-api");
	OK(road_nearest(road, "zzzzzz") == NULL);
	OK(road->folder[0] == '/');
	road = road_free(road);
	scene_close(&scene);
}

static void ids_that_may_be_meant_are_found(void)
{
	static const struct {
		const char *word;
		size_t count;
		const char *first, *second;
	} rows[] = {
		{"khata", 2, "khata-totals", "khata-api"},
		{"hello", 1, "hello-api", NULL},
		{"HELLO", 1, "hello-api", NULL},
		{"api", 2, "hello-api", "khata-api"},
		{"totals", 1, "khata-totals", NULL},
		{"exercises/hello-api/", 1, "hello-api", NULL},
		{"he", 0, NULL, NULL},
		{"", 0, NULL, NULL},
		{"nothing", 0, NULL, NULL},
	};
	const char *published[] = {"hello-api", "khata-totals", "khata-api"};
	const struct road road = {.published = published, .published_count = 3};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *ids[2] = {NULL, NULL};

		IS(road_alike(&road, rows[i].word, ids, 2), rows[i].count);
		IS_TEXT(ids[0], rows[i].first);
		IS_TEXT(ids[1], rows[i].second);
		IS(road_alike(&road, rows[i].word, ids, 0), rows[i].count);
		ROW("%s", rows[i].word);
	}
}

static void each_slip_of_the_road_is_told(void)
{
	static const struct {
		struct slip slip;
		const char *said;
	} rows[] = {
		{{"number: 1\n", "number: 0\n"},
		 "milestones.yaml:2:13: number: '0' is out of range; wanted: whole number 1-9\n"},
		{{"{number: 9", "{number: 8"},
		 "milestones.yaml:27:5: milestone 8 is there twice\n"},
		{{"required_points: 10", "required_points: 11"},
		 "milestones.yaml:2:5: required_points says 11, its required exercises add up to 10\n"},
		{{"id: first-push", "di: first-push"},
		 "milestones.yaml:7:10: unknown key 'di' in an exercise of the road"},
		{{"id: contract-first", "id: hello-api"},
		 "milestones.yaml:23:9: 'hello-api' is there twice\n"},
		{{"order: 31", "order: 29"},
		 "milestones.yaml:23:9: 'contract-first' has the order of 'hello-api'\n"},
		{{"duty: elective", "duty: electve"},
		 "milestones.yaml:23:83: duty: write required, elective or one-of NAME\n"},
		{{"milestones:\n", "milestone:\n"},
		 "milestones.yaml:1:1: unknown key 'milestone' in the road; did you mean 'milestones'?\n"},
		{{"  - {number: 9, title: Staying updated, required_points: 0, elective_points: 0, exercises: []}\n",
		  ""},
		 "milestones.yaml:2:3: milestone 9 is missing\n"},
	};
	struct scene scene;

	scene_open(&scene);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autofree char *text = with_slips(scene.road, &rows[i].slip, 1);
		struct complaint_list list = {0};
		struct road *road = NULL;
		struct mp_error err = {0};

		scene_write(&scene, "exercises/milestones.yaml", text);
		IS(road_load("exercises", &road, &list, &err), -EBADMSG);
		IS(err.fault, MP_FAULT_CONTENT);
		OK(road == NULL);
		HAS_TEXT(text_get(&list.text), rows[i].said);
		ROW("%zu", i);
		complaint_list_done(&list);
	}
	scene_close(&scene);
}

static void a_folder_without_a_road_is_an_error_of_content(void)
{
	struct road *road = NULL;
	struct mp_error err = {0};

	IS(road_load("/nonexistent", &road, NULL, &err), -ENOENT);
	IS(err.fault, MP_FAULT_CONTENT);
	HAS_TEXT(err.text, "/nonexistent");
	OK(road_free(NULL) == NULL);
}

static void an_exercise_that_is_not_there_is_an_error_with_its_path(void)
{
	struct exercise *exercise = NULL;
	struct complaint_list list = {0};
	struct road *road = NULL;
	struct mp_error err = {0};
	struct scene scene;

	scene_open(&scene);
	IS(road_load("exercises", &road, NULL, &err), 0);
	IS(exercise_load(road, "contract-first", fake_probes, &exercise, &list, &err), -ENOENT);
	HAS_TEXT(err.text, "5/contract-first");
	complaint_list_done(&list);
	road = road_free(road);
	scene_close(&scene);
}

TAP_MAIN(T(the_road_is_sorted_and_knows_what_is_published) T(ids_that_may_be_meant_are_found)
		 T(each_slip_of_the_road_is_told) T(a_folder_without_a_road_is_an_error_of_content)
			 T(an_exercise_that_is_not_there_is_an_error_with_its_path))
