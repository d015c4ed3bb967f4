/* SPDX-License-Identifier: MIT */
/* Loading an exercise: what lands in the struct, and every mistake with its place. */
#include <errno.h>

#include "sandbox/base/cleanup.h"
#include "tests/unit/manifest/scene.h"

static void a_good_file_lands_in_the_struct(void)
{
	struct exercise *exercise = NULL;
	mp_autofree char *lines = NULL;
	struct scene scene;
	const struct check *check;

	scene_open(&scene);
	IS(load_text(&scene, scene.hello, &exercise, &lines), 0);
	IS_TEXT(lines, "");
	IS_TEXT(exercise->id, "hello-api");
	IS_TEXT(exercise->kind, "api");
	IS(exercise->milestone, 5);
	IS(exercise->duty, DUTY_REQUIRED);
	IS(exercise->entry[ENTRY_START], WISH_REQUIRED);
	IS(exercise->entry[ENTRY_BUILD], WISH_OPTIONAL);
	IS(exercise->entry[ENTRY_RUN], WISH_NONE);
	IS(exercise->limits.total_ms, 90000);
	IS(exercise->limits.memory_bytes, 384 << 20);
	IS(exercise->limits.disk_bytes, 64 << 20);
	IS(exercise->limits.pids, 128);
	IS_TEXT(exercise->health.path, "/health");
	IS(exercise->health.status, 200);
	IS_TEXT(exercise->languages.items[0], "any");
	IS(exercise->hints.count, 3);
	IS(exercise->starter, 25);
	IS(exercise->references.count, 5);
	IS(exercise->known_bad_count, 5);
	IS_TEXT(exercise->known_bad[2].of, "node");
	IS(exercise->known_bad[1].fails.count, 2);
	IS(exercise->pass_score, 60);
	IS(exercise->mastered_score, 90);
	IS(strlen(exercise->hash), 64);
	IS(exercise->check_count, 11);
	IS(exercise->checks[0].is_gate, true);
	IS(exercise->checks[0].cap, -1);
	IS(exercise->checks[0].repeat, 1);
	IS_TEXT(exercise->checks[0].steps[0].target, "health");
	check = exercise_check(exercise, "no-mix-up");
	IS(check->visibility, VISIBILITY_HIDDEN);
	IS(check->category, CATEGORY_CONCURRENCY);
	IS(((const struct fake_http *)check->steps[0].keys)->at_once, 20);
	IS(check->line, 69);
	IS(check->column, 6);
	OK(check->probe == &fake_http);
	check = exercise_check(exercise, "greets");
	IS(check->step_count, 3);
	IS_TEXT(json_string_value(json_object_get(check->steps[0].save, "hello")), "json.greeting");
	IS(json_integer_value(json_object_get(check->steps[0].expect, "status")), 200);
	check = exercise_check(exercise, "adds");
	IS(check->steps[0].near_count, 1);
	OK(json_object_get(check->steps[0].near[0].parts, "json") != NULL);
	OK(json_object_get(check->steps[0].near[0].parts, "say") == NULL);
	exercise = exercise_free(exercise);
	scene_close(&scene);
}

static void arguments_are_texts_as_they_are_written(void)
{
	static const struct slip slip = {
		"stop: 5s",
		"run: [--lines, 5, 007, $(a), \"x y\"], stdin: {make: ledger, lines: 9}"};
	struct exercise *exercise = NULL;
	mp_autofree char *lines = NULL;
	mp_autofree char *text = NULL;
	mp_autofree char *args = NULL;
	mp_autofree char *input = NULL;
	struct scene scene;
	const struct step *step;

	scene_open(&scene);
	text = with_slips(scene.hello, &slip, 1);
	IS(load_text(&scene, text, &exercise, &lines), 0);
	IS_TEXT(lines, "");
	step = exercise_check(exercise, "stops")->steps;
	args = json_dumps(step->value, JSON_COMPACT);
	IS_TEXT(args, "[\"--lines\",\"5\",\"007\",\"$(a)\",\"x y\"]");
	OK(step->target == NULL);
	OK(step->probe == &fake_program);
	input = json_dumps(((const struct fake_program *)step->keys)->input,
			   JSON_COMPACT | JSON_SORT_KEYS);
	IS_TEXT(input, "{\"lines\":9,\"make\":\"ledger\"}");
	exercise = exercise_free(exercise);
	scene_close(&scene);
}

static void use_merges_maps_and_replaces_the_rest(void)
{
	struct exercise *exercise = NULL;
	mp_autofree char *lines = NULL;
	mp_autofree char *shown = NULL;
	struct scene scene;

	scene_open(&scene);
	IS(load_text(&scene, scene.hello, &exercise, &lines), 0);
	shown = json_dumps(exercise_check(exercise, "names-the-field")->steps[1].expect,
			   JSON_COMPACT | JSON_SORT_KEYS);
	IS_TEXT(shown,
		"{\"json\":{\"error\":{\"code\":\"$text\",\"field\":\"a\",\"message\":\"$text\"}},"
		"\"status\":422,\"type\":\"application/json\"}");
	exercise = exercise_free(exercise);
	scene_close(&scene);
}

/* The page of the format shows these complaints: word for word, only the places are computed. */
static void seven_slips_are_seven_complaints_in_one_pass(void)
{
	static const struct slip slips[] = {
		{"start: 10s", "start: 10"},
		{"{code: $text", "{code: $interger"},
		{"    title: POST of two numbers gives their sum\n    points: 15",
		 "    title: POST of two numbers gives their sum\n    points: 10"},
		{"get: /health, expect:", "get: /health, exepct:"},
		{"\"Hello, $(friend)!\"", "\"Hello, $(freind)!\""},
		{"    post: /sum\n    json: {a: $(a), b: $(b)}\n",
		 "    get: /sum\n    post: /sum\n"},
		{"rule: \"Each answer greets the name of its own request, however many come at once.\",",
		 ""},
	};
	struct scene scene;
	struct exercise *exercise = NULL;
	mp_autofree char *text = NULL;
	mp_autofree char *lines = NULL;
	struct text wanted;
	char place[32];

	scene_open(&scene);
	text = with_slips(scene.hello, slips, sizeof(slips) / sizeof(slips[0]));
	IS(load_text(&scene, text, &exercise, &lines), -EBADMSG);
	text_init(&wanted, 0);
	text_addf(&wanted, HELLO ":%slimits.start: '10' has no unit; write 10s or 500ms\n",
		  place_of(text, "10, check", place));
	text_addf(
		&wanted,
		HELLO
		":%s'$interger' is not a pattern; did you mean '$integer'? ($$interger for the text)\n",
		place_of(text, "$interger", place));
	text_addf(&wanted, HELLO ":%sthe points of the 11 checks add up to 95, not 100\n",
		  place_of(text, "checks:", place));
	text_addf(&wanted, HELLO ":%sunknown key 'exepct' in a get step; did you mean 'expect'?\n",
		  place_of(text, "exepct", place));
	text_addf(
		&wanted,
		HELLO
		":%s$(freind) is not known here; words: a, b, crowd, friend, total; saved before: none\n",
		place_of(text, "\"Hello, $(freind)", place));
	text_addf(&wanted,
		  HELLO ":%s'get' and 'post' in one step; a step has one verb (use steps:)\n",
		  place_of(text, "post: /sum", place));
	text_addf(
		&wanted,
		HELLO
		":%scheck 'no-mix-up' is hidden and has no rule: a learner who fails it would learn nothing\n",
		place_of(text, "id: no-mix-up", place));
	IS_TEXT(lines, text_get(&wanted));
	text_done(&wanted);
	scene_close(&scene);
}

static void two_probes_in_one_check_are_refused(void)
{
	static const struct slip slip = {
		"get: /greet, expect: {status: 200, json: {greeting: \"Hello, friend!\"}}",
		"run: []"};
	struct exercise *exercise = NULL;
	mp_autofree char *lines = NULL;
	mp_autofree char *text = NULL;
	struct scene scene;

	scene_open(&scene);
	text = with_slips(scene.hello, &slip, 1);
	IS(load_text(&scene, text, &exercise, &lines), -EBADMSG);
	HAS_TEXT(lines,
		 "'get' and 'run' in one check: all steps of a check ask in the same way (http)");
	scene_close(&scene);
}

static void without_probes_the_steps_stay_unread(void)
{
	static const struct slip slip = {"stop: 5s", "teleport: 5s"};
	struct complaint_list list = {0};
	struct exercise *exercise = NULL;
	struct road *road = NULL;
	mp_autofree char *text = NULL;
	struct mp_error err = {0};
	struct scene scene;

	scene_open(&scene);
	text = with_slips(scene.hello, &slip, 1);
	scene_write(&scene, HELLO, text);
	IS(road_load("exercises", &road, NULL, &err), 0);
	IS(exercise_load(road, "hello-api", NULL, &exercise, &list, &err), 0);
	IS_TEXT(exercise->title, "Hello over HTTP");
	IS(exercise->check_count, 0);
	exercise = exercise_free(exercise);
	complaint_list_done(&list);
	road = road_free(road);
	scene_close(&scene);
}

static void each_difference_of_the_folder_changes_the_hash(void)
{
	struct exercise *first = NULL;
	struct exercise *second = NULL;
	mp_autofree char *lines = NULL;
	mp_autofree char *again = NULL;
	struct scene scene;

	scene_open(&scene);
	IS(load_text(&scene, scene.hello, &first, &lines), 0);
	scene_write(&scene, HELLO_BASE "text/en/task.md", "y\n");
	IS(load_text(&scene, scene.hello, &second, &again), 0);
	OK(strcmp(first->hash, second->hash) != 0);
	first = exercise_free(first);
	second = exercise_free(second);
	scene_close(&scene);
}

TAP_MAIN(T(a_good_file_lands_in_the_struct) T(arguments_are_texts_as_they_are_written)
		 T(use_merges_maps_and_replaces_the_rest)
			 T(seven_slips_are_seven_complaints_in_one_pass)

				 T(two_probes_in_one_check_are_refused)
					 T(without_probes_the_steps_stay_unread)
						 T(each_difference_of_the_folder_changes_the_hash))
