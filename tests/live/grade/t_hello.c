/* SPDX-License-Identifier: MIT */
/* hello-api as a learner meets it: the references, twice with one seed, and what is told of bad ones. */
#include <sys/wait.h>

#include "grader/grade/grade.h"
#include "grader/manifest/manifest.h"
#include "grader/match/match.h"
#include "sandbox/base/text.h"
#include "tests/live/bench/desk.h"

#define HTML_ERRORS                                                                                \
	"The error answers have the right status, but they are HTML pages, not JSON: the error page of a library."

static struct road *road;
static struct exercise *hello;

static bool load_hello(void)
{
	struct complaint_list list = {.error_count = 0};
	char exercises[4096];
	struct mp_error err = {0};

	if (hello)
		return true;
	if (!OK(realpath("exercises", exercises) != NULL))
		return false;
	if (!OK(desk_opened(road_load(exercises, &road, &list, &err), &err)) ||
	    !OK(desk_opened(exercise_load(road, "hello-api", grade_probes, &hello, &list, &err),
			    &err))) {
		printf("# %s\n", text_get(&list.text));
		complaint_list_done(&list);
		return false;
	}
	complaint_list_done(&list);
	return true;
}

/* A learner's tree: the reference's folder, with a patch of bad/ over it when PATCH is not NULL. */
static bool make_tree(struct desk *desk, const char *reference, const char *patch)
{
	const char *script =
		"set -e; mkdir -p \"$2/tree/exercises\"; cp -R \"$1/reference/$3\" \"$2/tree/exercises/hello-api\";"
		" [ -z \"$4\" ] || git -C \"$2/tree/exercises/hello-api\" apply - < \"$1/bad/$4.patch\"";
	pid_t child;
	int status = 1;

	*desk = (struct desk){.arena = arena_new(), .folder = "/tmp/t_desk.XXXXXX", .tree_fd = -1};
	desk->exercise.folder_fd = -1;
	if (!OK(mkdtemp(desk->folder) != NULL) || !OK(chmod(desk->folder, 0755) == 0))
		return false;
	child = fork();
	if (child == 0) {
		(void)execl("/bin/sh", "sh", "-c", script, "sh", hello->folder, desk->folder,
			    reference, patch ? patch : "", (char *)NULL);
		_exit(127);
	}
	return OK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

static struct card grade_tree(struct desk *desk, uint64_t seed)
{
	static bool may_miss[MP_LAYER_COUNT];
	struct grade_request request = {.launcher = desk_launcher,
					.exercise = hello,
					.tree = arena_format(desk->arena, "%s/tree", desk->folder),
					.folder = "exercises/hello-api",
					.seed = seed,
					.may_miss = may_miss,
					.arena = desk->arena};
	struct card card = {0};
	struct mp_error err = {0};

	for (int i = 0; i < MP_LAYER_COUNT; i++)
		may_miss[i] = true;
	request.tree_fd = open(request.tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!OK(grade_exercise(&request, &card, &err) == 0))
		printf("# %s\n", err.text);
	if (!OK(card.outcomes != NULL))
		printf("# %s\n", card.not_graded ? card.not_graded : "not started");
	close(request.tree_fd);
	return card;
}

/* Everything of the outcomes that a scorecard in JSON holds: what was measured is not in it. */
static const char *card_told(struct desk *desk, const struct card *card)
{
	mp_autotext struct text told = {0};

	for (size_t i = 0; card->outcomes && i < hello->check_count; i++) {
		const struct outcome *outcome = &card->outcomes[i];

		text_addf(&told, "%s %s", verdict_words[outcome->verdict], hello->checks[i].id);
		text_addf(&told, " | %s | %s\n", outcome->message ? outcome->message : "",
			  outcome->cause ? outcome->cause : "");
		for (size_t k = 0; k < outcome->evidence_count; k++) {
			const struct evidence *evidence = &outcome->evidence[k];

			text_addf(&told, "  %s\n  %s\n", evidence->repeat ? evidence->repeat : "-",
				  evidence->request);
			for (size_t m = 0; m < evidence->mismatch_count; m++)
				text_addf(&told, "    %s | %s | %s\n", evidence->mismatches[m].path,
					  evidence->mismatches[m].wanted,
					  evidence->mismatches[m].got);
			if (evidence->say)
				text_addf(&told, "    say %s\n", evidence->say);
		}
		for (size_t k = 0; k < outcome->fact_count; k++)
			if (!outcome->facts[k].is_measured)
				text_addf(&told, "  fact %s %s\n", outcome->facts[k].label,
					  outcome->facts[k].value);
	}
	return arena_text(desk->arena, text_get(&told));
}

/* The ids of the checks that did not pass, in order. */
static const char *failed_ids(struct desk *desk, const struct card *card)
{
	mp_autotext struct text ids = {0};

	for (size_t i = 0; card->outcomes && i < hello->check_count; i++) {
		if (card->outcomes[i].verdict != VERDICT_PASS &&
		    card->outcomes[i].verdict != VERDICT_SKIP)
			text_addf(&ids, "%s%s", ids.length ? " " : "", hello->checks[i].id);
	}
	return arena_text(desk->arena, text_get(&ids));
}

static void every_reference_passes_twice_alike(void)
{
	if (!load_hello())
		return;
	for (size_t i = 0; i < hello->references.count; i++) {
		struct desk desk;

		if (make_tree(&desk, hello->references.items[i], NULL)) {
			struct card first = grade_tree(&desk, 7), second = grade_tree(&desk, 7);

			IS_TEXT(failed_ids(&desk, &first), "");
			IS_TEXT(card_told(&desk, &first), card_told(&desk, &second));
		}
		ROW("%s", hello->references.items[i]);
		desk.exercise.folder_fd = open("/", O_PATH | O_CLOEXEC);
		desk_done(&desk);
	}
}

struct bad_row {
	const char *name, *fails;
	const char *told; /* a part */
};

/* The first is the golden sample of the exercise format. */
static const struct bad_row bad_rows[] = {
	{"html-errors", "broken-json not-found-and-method",
	 "fail broken-json | " HTML_ERRORS " | " HTML_ERRORS "\n"
	 "  curl -i -X POST \"$BASE_URL/sum\" -H 'Content-Type: application/json' -d '{'\n"
	 "  POST /sum with the body {\n"
	 "    type | application/json | text/html;charset=utf-8\n"
	 "    json | an object with error.code and error.message | no JSON: <!DOCTYPE HTML> <html lang=... (343 bytes)\n"
	 "fail not-found-and-method | " HTML_ERRORS " | " HTML_ERRORS "\n"
	 "  curl -i \"$BASE_URL/no-such-page\"\n"
	 "  GET /no-such-page\n"
	 "    type | application/json | text/html;charset=utf-8\n"
	 "    json | an object with error.code and error.message | no JSON: <!DOCTYPE HTML> <html lang=... (330 bytes)\n"
	 "  curl -i -X DELETE \"$BASE_URL/health\"\n"
	 "  DELETE /health\n"
	 "    type | application/json | text/html;charset=utf-8\n"
	 "    headers.allow | a text that contains GET | no such header\n"},
	{"fixed-port", "starts",
	 "fail starts | your service runs, but on port 5000. It was told PORT="},
	{"crashes-on-bad-json", "broken-json names-the-field",
	 "    status | 400 | 500 Internal Server Error\n"
	 "    say The parser's exception went through to the top: catch it and answer 400.\n"},
	{"global-name", "no-mix-up",
	 "    20 answers | in each what its own request asks for | in some of them something else\n"},
};

static void a_bad_one_is_told_in_the_same_words_twice(void)
{
	if (!load_hello())
		return;
	for (size_t i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
		struct desk desk;

		if (make_tree(&desk, "python", bad_rows[i].name)) {
			struct card first = grade_tree(&desk, 11), second = grade_tree(&desk, 11);

			IS_TEXT(failed_ids(&desk, &first), bad_rows[i].fails);
			HAS_TEXT(card_told(&desk, &first), bad_rows[i].told);
			IS_TEXT(card_told(&desk, &first), card_told(&desk, &second));
		}
		ROW("%s", bad_rows[i].name);
		desk.exercise.folder_fd = open("/", O_PATH | O_CLOEXEC);
		desk_done(&desk);
	}
}

static const struct tap_test tests[] = {T(every_reference_passes_twice_alike)
						T(a_bad_one_is_told_in_the_same_words_twice)};

int main(void)
{
	int status = desk_main(tests, sizeof(tests) / sizeof(tests[0]));

	hello = exercise_free(hello);
	road = road_free(road);
	return status;
}
