/* SPDX-License-Identifier: MIT */
/* Warnings for authors: what is not proved, not used, not wise. */
#include <errno.h>

#include "sandbox/base/cleanup.h"
#include "tests/unit/manifest/scene.h"

/* Load and lint hello-api from TEXT; the warnings, freed by the caller. */
static char *lint_text(const struct scene *scene, const char *text)
{
	struct complaint_list list = {0};
	struct exercise *exercise = NULL;
	struct road *road = NULL;
	struct mp_error err = {0};
	char *lines;

	scene_write(scene, HELLO, text);
	IS(road_load("exercises", &road, NULL, &err), 0);
	IS(exercise_load(road, "hello-api", fake_probes, &exercise, &list, &err), 0);
	IS(list.warning_count, 0);
	if (exercise)
		IS(exercise_lint(road, exercise, fake_probes, &list, &err), 0);
	IS_TEXT(err.text, "");
	IS(list.error_count, 0);
	lines = strdup(text_get(&list.text));
	complaint_list_done(&list);
	exercise = exercise_free(exercise);
	road = road_free(road);
	return lines;
}

static void five_checks_of_the_page_are_not_proved(void)
{
	static const char *const ids[] = {"health-json", "greets", "greets-in-hindi", "no-html",
					  "stops"};
	struct scene scene;
	struct text wanted;
	mp_autofree char *lines = NULL;

	scene_open(&scene);
	lines = lint_text(&scene, scene.hello);
	text_init(&wanted, 0);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		char key[64];
		char place[32];
		char start[64];
		const char *line_end = i == 1 || i == 2 ? "\n" : ",";

		(void)snprintf(key, sizeof(key), "id: %s%s", ids[i], line_end);
		(void)snprintf(start, sizeof(start), "%s", place_of(scene.hello, key, place));
		text_addf(&wanted, HELLO ":%swarning: no known-bad submission fails check '%s'\n",
			  start, ids[i]);
	}
	IS_TEXT(lines, text_get(&wanted));
	text_done(&wanted);
	scene_close(&scene);
}

static void each_rule_warns_at_its_place(void)
{
	static const struct {
		struct slip slip;
		const char *at, *said;
	} rows[] = {
		{{"words: {friend", "words: {foe: name, friend"}, "foe", "word 'foe' is not used"},
		{{"patterns: {error", "patterns: {other: {status: 1}, error"},
		 "other",
		 "pattern 'other' is not used"},
		{{"starter: 25", "makers: {m: text/en/task.md}\nstarter: 25"},
		 "m: text",
		 "maker 'm' is not used"},
		{{"score: 80", "score: 85"},
		 "85, fails: [broken-json, not",
		 "known-bad 'html-errors': without these checks 80 are left, not 85"},
		{{"score: 95, fails: [no-mix-up]", "score: 100, fails: []"},
		 "{name: global-name",
		 "known-bad 'global-name' fails nothing: it proves nothing"},
		{{"  - {name: global-name, score: 95, fails: [no-mix-up]}\n", ""},
		 "known_bad:",
		 "bad/global-name.patch is not named in known_bad"},
		{{"visibility: hidden,\n     rule: \"Each",
		  "visibility: hidden, core: true,\n     rule: \"Each"},
		 "id: no-mix-up",
		 "core check 'no-mix-up' is hidden: not in an exercise of difficulty 1-2"},
		{{"category: shutdown", "category: shutdown, gate: true"},
		 "id: stops",
		 "gate 'stops' stands behind other checks, but runs before them"},
		{{"gate: true, ready", "gate: true, visibility: hidden, rule: x, ready"},
		 "id: starts",
		 "gate 'starts' is hidden: who fails it sees nothing at all"},
		{{"query: {name: $(friend)}, expect: {json: {greeting: $(hello)}}",
		  "query: {name: x}"},
		 "id: greets\n",
		 "check 'greets' saves 'hello' and never uses it"},
		{{"points: 5, category: shutdown", "points: 5, cap: 40, category: shutdown"},
		 "id: stops",
		 "no known-bad submission fails check 'stops'"},
		{{"score: 85, fails: [adds]", "score: 85, fails: [adds, stops]"},
		 "85, fails: [adds",
		 "known-bad 'concatenates': without these checks 80 are left, not 85"},
		{{"score: 0, fails: [starts]", "score: 5, fails: [starts]"},
		 "5, fails: [starts",
		 "known-bad 'fixed-port': without these checks 0 are left, not 5"},
		{{"points: 5, category: shutdown, stop: 5s",
		  "points: 0, stop: 5s}\n  - {id: more, title: T, points: 5, stop: 5s"},
		 "id: stops",
		 "check 'stops' earns nothing"},
		{{"get: /no-such-page", "get: /no?such=page"},
		 "/no?such",
		 "not every reader of YAML takes a '?' here: use query, or quotes"},
		{{"decode the query as UTF-8.", "decode $(a)."},
		 "\"UTF-8 was",
		 "say is told as it is written: no name is put in"},
	};
	struct scene scene;

	scene_open(&scene);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autofree char *text = with_slips(scene.hello, &rows[i].slip, 1);
		mp_autofree char *lines = lint_text(&scene, text);
		char wanted[300];
		char place[32];

		(void)snprintf(wanted, sizeof(wanted), HELLO ":%swarning: %s\n",
			       place_of(text, rows[i].at, place), rows[i].said);
		HAS_TEXT(lines, wanted);
		ROW("%zu", i);
	}
	scene_close(&scene);
}

static void a_third_core_check_of_an_easy_exercise_is_one_too_many(void)
{
	static const struct slip slips[] = {
		{"category: shutdown", "category: shutdown, core: true"},
		{"    title: Greets by name", "    core: true\n    title: Greets by name"},
		{"    title: POST of two", "    core: true\n    title: POST of two"},
	};
	mp_autofree char *text = NULL;
	mp_autofree char *lines = NULL;
	struct scene scene;

	scene_open(&scene);
	text = with_slips(scene.hello, slips, 3);
	lines = lint_text(&scene, text);
	HAS_TEXT(lines,
		 "warning: more than two core checks: not in an exercise of difficulty 1-2\n");
	scene_close(&scene);
}

/* A check of quality without points is advice. */
static void advice_earns_nothing_and_is_no_slip(void)
{
	static const struct slip slips[] = {
		{"points: 5, category: shutdown, stop: 5s",
		 "points: 0, category: quality, stop: 5s}\n  - {id: more, title: T, points: 5, stop: 5s"},
	};
	mp_autofree char *text = NULL;
	mp_autofree char *lines = NULL;
	struct scene scene;

	scene_open(&scene);
	text = with_slips(scene.hello, slips, 1);
	lines = lint_text(&scene, text);
	OK(strstr(lines, "earns nothing") == NULL);
	scene_close(&scene);
}

/* A cap holds the score down, and what waits for a failed check earns nothing. */
static void scores_follow_caps_and_after(void)
{
	static const struct slip slips[] = {
		{"    title: POST of two", "    cap: 40\n    title: POST of two"},
		{"score: 85, fails: [adds]", "score: 40, fails: [adds]"},
		{"category: shutdown", "category: shutdown, after: [broken-json]"},
		{"score: 80, fails: [broken-json, not-found",
		 "score: 75, fails: [broken-json, not-found"},
		{"score: 85, fails: [broken-json, names", "score: 80, fails: [broken-json, names"},
	};
	mp_autofree char *text = NULL;
	mp_autofree char *lines = NULL;
	struct scene scene;

	scene_open(&scene);
	text = with_slips(scene.hello, slips, sizeof(slips) / sizeof(slips[0]));
	lines = lint_text(&scene, text);
	OK(strstr(lines, "without these checks") == NULL);
	scene_close(&scene);
}

static void a_missing_task_is_told(void)
{
	mp_autofree char *lines = NULL;
	struct scene scene;

	scene_open(&scene);
	IS(unlinkat(scene.fd, HELLO_BASE "text/en/task.md", 0), 0);
	lines = lint_text(&scene, scene.hello);
	HAS_TEXT(lines, HELLO
		 ":3:1: warning: there is no text/en/task.md: a learner has nothing to read\n");
	scene_close(&scene);
}

TAP_MAIN(T(five_checks_of_the_page_are_not_proved) T(each_rule_warns_at_its_place)
		 T(a_third_core_check_of_an_easy_exercise_is_one_too_many)
			 T(scores_follow_caps_and_after) T(advice_earns_nothing_and_is_no_slip)
				 T(a_missing_task_is_told))
