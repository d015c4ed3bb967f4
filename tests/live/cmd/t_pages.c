/* SPDX-License-Identifier: MIT */
/*
 * The pages over the real road. As a test it asks every address in both languages. With a folder to write to and
 * one of graded cards (ID.CODE.json, ID.CODE.html, ID.CODE.all.html) it fills a ledger with a class and writes
 * every page, for t_pages.sh to look at with a browser.
 */
#include "grader/grade/grade.h"
#include "grader/pages/pages.h"
#include "grader/report/words.h"
#include "sandbox/base/cleanup.h"
#include "tests/unit/ledger/site.h"

enum { PAGE_PROMISE = 50 * 1000, ANSWER_LEAST = 150 };

struct town {
	struct site site;
	struct road *road;
	struct pages *pages;
	char instructor[80]; /* cookie */
	char learner[80];
};

static int64_t town_learner(struct town *town, const char *handle, const char *name,
			    const char *language)
{
	const struct learner learner = {.handle = handle,
					.name = name,
					.track = "python",
					.language = language,
					.section = "Monday evening"};
	int64_t id = 0;

	IS(learner_add(town->site.ledger, &learner, &id, &town->site.err), 0);
	return id;
}

static void town_cookie(struct town *town, int64_t learner, char ret_cookie[80])
{
	char text[64];

	IS(session_make(town->site.ledger, learner, text, &town->site.err), 0);
	(void)snprintf(ret_cookie, 80, "milepost=%s", text);
}

static void town_open(struct town *town)
{
	*town = (struct town){0};
	site_open(&town->site);
	IS(road_load("exercises", &town->road, NULL, &town->site.err), 0);
	IS(pages_open(town->site.ledger, town->road, grade_probes, &town->pages, &town->site.err),
	   0);
	IS(town_learner(town, "asha", "Asha Kulkarni", "en"), 1);
	IS(town_learner(town, "ravi", "रवि शर्मा", "hi"), 2);
	town_cookie(town, 0, town->instructor);
	town_cookie(town, 1, town->learner);
}

static void town_close(struct town *town)
{
	(void)pages_close(town->pages);
	(void)road_free(town->road);
	site_close(&town->site);
}

static void town_ask(struct town *town, const char *path, const char *cookie,
		     struct page_answer *ret_answer)
{
	const struct page_request request = {.method = "GET",
					     .path = path,
					     .cookie = cookie,
					     .may_take_tokens = true,
					     .now_ms = clock_wall_ms()};

	IS(pages_answer(town->pages, &request, ret_answer, &town->site.err), 0);
}

static void every_page_of_the_real_road_is_made_and_small(void)
{
	static const char *const doors[] = {"/learners/asha", "/learners/ravi"};
	static const char *const rooms[] = {"exercise", "task", "starter"};
	struct town town;
	size_t largest = 0;

	town_open(&town);
	for (size_t i = 0; i < town.road->published_count * 6; i++) {
		const char *path =
			arena_format(town.site.arena, "%s/%s/%s%s", doors[i % 2], rooms[i / 2 % 3],
				     town.road->published[i / 6], i / 2 % 3 == 2 ? ".zip" : "");
		struct page_answer answer;

		town_ask(&town, path, town.instructor, &answer);
		IS(answer.status, 200);
		OK(answer.bytes.length > ANSWER_LEAST && answer.bytes.length < PAGE_PROMISE);
		ROW("%s: %zu bytes", path, answer.bytes.length);
		largest = answer.bytes.length > largest ? answer.bytes.length : largest;
		pages_answer_done(&answer);
	}
	printf("# the largest: %zu bytes\n", largest);
	town_close(&town);
}

static void a_page_is_made_in_a_moment(void)
{
	struct town town;
	int64_t start;

	town_open(&town);
	start = clock_now_ms();
	for (int i = 0; i < 20; i++) {
		struct page_answer answer;

		town_ask(&town, "/learners/ravi", town.instructor, &answer);
		IS(answer.status, 200);
		pages_answer_done(&answer);
	}
	printf("# a road in Hindi: %d ms\n", (int)(clock_now_ms() - start) / 20);
	town_close(&town);
}

/* --- written for a browser ----------------------------------------------------------------------------- */

static const char *read_card(struct town *town, const char *folder, const char *name)
{
	mp_autofd int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	mp_autofree char *bytes = NULL;
	size_t count = 0;

	if (path_read_below(fd, name, 1 << 20, &bytes, &count) < 0) {
		(void)fprintf(stderr, "no card %s in %s\n", name, folder);
		exit(1);
	}
	return arena_bytes(town->site.arena, bytes, count);
}

/* Exercise ID as it was graded, in the language CODE. */
static struct result real_result(struct town *town, const char *folder, const char *id,
				 const char *code)
{
	struct arena *arena = town->site.arena;
	const char *card = read_card(town, folder, arena_format(arena, "%s.%s.json", id, code));
	json_t *root = json_loads(card, 0, NULL);
	const json_t *one = json_array_get(json_object_get(root, "exercises"), 0);
	struct result result = {
		.exercise = id,
		.exercise_version = 1,
		.exercise_hash = arena_text(arena, json_string_value(json_object_get(one, "hash"))),
		.input_key = "k",
		.seed = "7",
		.score = json_integer_value(json_object_get(one, "score")),
		.counted = json_integer_value(json_object_get(one, "counted")),
		.points = json_integer_value(json_object_get(one, "points")),
		.status = arena_text(arena, json_string_value(json_object_get(one, "status"))),
		.milestone = json_integer_value(json_object_get(one, "milestone")),
		.card = card,
		.card_of_instructor = card,
		.run = "{}",
		.page = read_card(town, folder, arena_format(arena, "%s.%s.html", id, code)),
		.page_of_instructor =
			read_card(town, folder, arena_format(arena, "%s.%s.all.html", id, code))};

	json_decref(root);
	return result;
}

static void fill(struct town *town, const char *cards)
{
	static const char *const ids[] = {"first-push", "khata-totals", "hello-api"};
	struct site *site = &town->site;
	int64_t ticket;

	for (int64_t learner = 1; learner <= 2; learner++) {
		struct result results[3];

		for (size_t i = 0; i < 3; i++)
			results[i] = real_result(town, cards, ids[i], learner == 1 ? "en" : "hi");
		for (int k = 0; k < 3; k++) {
			ticket = push(site, learner, (int)learner * 10 + k);
			IS(claim(site, "w"), ticket);
			IS(ticket_grade(site->ledger, ticket, "w", results, 3, &site->err), 0);
		}
	}
	ticket = push(site, 2, 98);
	for (int k = 0; k < 2; k++) {
		IS(claim(site, "w"), ticket);
		IS(ticket_fault(site->ledger, ticket, "w", "the box could not be made", &site->err),
		   0);
	}
	(void)town_learner(town, "zoya", "", "en");
	/* A push of Asha's waits. */
	ticket = push(site, 1, 99);
	IS(event_add(site->ledger, ticket, "received",
		     "{\"lines\":[\"milepost: received 4f1c2a9 from asha at 18:42:07 IST\","
		     "\"first-push, khata-totals: not changed, scores kept\"]}",
		     &site->err),
	   0);
}

static void write_file(int folder_fd, const char *name, const void *bytes, size_t count)
{
	mp_autofd int fd = path_create_below(folder_fd, name, O_WRONLY | O_TRUNC, 0644);

	if (fd < 0 || path_write_all(fd, bytes, count) < 0) {
		(void)fprintf(stderr, "cannot write %s\n", name);
		exit(1);
	}
}

/* NAME.body, and NAME.head: the status, the address, then the headers. */
static void write_answer(struct town *town, int folder_fd, const char *path, int number)
{
	const char *cookie = strncmp(path, "/me", 3) == 0 ? town->learner
			     : strcmp(path, "/") == 0	  ? NULL
							  : town->instructor;
	mp_autotext struct text head = {0};
	struct page_answer answer;

	town_ask(town, path, cookie, &answer);
	text_addf(&head, "%u %s\n", answer.status, path);
	for (size_t i = 0; i < answer.header_count; i++)
		text_addf(&head, "%s: %s\n", answer.headers[i].name, answer.headers[i].value);
	write_file(folder_fd, arena_format(town->site.arena, "%02d.head", number), text_get(&head),
		   head.length);
	write_file(folder_fd, arena_format(town->site.arena, "%02d.body", number),
		   text_get(&answer.bytes), answer.bytes.length);
	pages_answer_done(&answer);
}

static int dump(const char *folder, const char *cards)
{
	/* The numbers of scores: three a push, in the order of fill(). */
	static const char *const paths[] = {"/",
					    "/style.css",
					    "/live.js",
					    "/me",
					    "/me/exercise/hello-api",
					    "/me/exercise/route-planner",
					    "/me/attempt/3",
					    "/me/task/hello-api",
					    "/class",
					    "/failed",
					    "/learners/ravi",
					    "/learners/ravi/exercise/hello-api",
					    "/learners/ravi/attempt/12",
					    "/learners/ravi/task/khata-totals",
					    "/learners/zoya",
					    "/nothing",
					    "/me/events/8/1"};
	mp_autofd int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct town town;

	if (fd < 0) {
		(void)fprintf(stderr, "no folder %s\n", folder);
		return 1;
	}
	town_open(&town);
	fill(&town, cards);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		/* This is new to the page that was written before. */
		if (strstr(paths[i], "/events/"))
			IS(event_add(town.site.ledger, 8, "note",
				     "{\"lines\":[\"hello-api: place 1 in the queue\"]}",
				     &town.site.err),
			   0);
		write_answer(&town, fd, paths[i], (int)i);
	}
	town_close(&town);
	return tap_failed_checks > 0;
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {T(every_page_of_the_real_road_is_made_and_small)
							T(a_page_is_made_in_a_moment)};

	if (argc == 3)
		return dump(argv[1], argv[2]);
	return tap_main(tests, sizeof(tests) / sizeof(tests[0]));
}
