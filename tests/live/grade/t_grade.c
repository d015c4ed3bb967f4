/* SPDX-License-Identifier: MIT */
/* The order of checks and when they are not asked: a probe of this test answers as a table says. */
#include "grader/grade/grade.h"

#include <errno.h>

#include "grader/match/match.h"
#include "sandbox/base/text.h"
#include "tests/live/bench/desk.h"

/* What the probe of this test did, in order: the id of each check that it was asked, and its word. */
static struct text asked;
static int failures_left; /* of checks named "flaky" and "rounds" */
static struct text words;

static int fake_run(struct probe_run *run, struct outcome *ret_outcome, struct mp_error *err)
{
	const char *id = run->check->id;
	const char *word = json_string_value(names_get(run->names, "w"));
	bool fails = strncmp(id, "bad", 3) == 0 ||
		     (strncmp(id, "flaky", 5) == 0 && failures_left-- > 0) ||
		     (strncmp(id, "rounds", 6) == 0 && failures_left-- == 0);

	text_addf(&asked, "%s%s", asked.length ? " " : "", id);
	text_addf(&words, "%s ", word);
	if (strcmp(id, "host") == 0)
		return mp_fail(err, MP_FAULT_HOST, -ENOSPC, "the test's disk");
	if (strcmp(id, "content") == 0)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "a broken pattern");
	*ret_outcome = (struct outcome){.verdict = fails ? VERDICT_FAIL : VERDICT_PASS,
					.message = fails ? "no" : NULL};
	ret_outcome->usage.wall_ms = 1;
	return 0;
}

static const struct probe_kind fake_probe = {.name = "fake", .run = fake_run};

/* One that asks files alone. */
static bool had_bench;
static int static_run(struct probe_run *run, struct outcome *ret_outcome, struct mp_error *err)
{
	had_bench = had_bench || run->bench;
	if (strcmp(run->check->id, "shallow") == 0)
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG, "a shallow clone: type this");
	if (run->tree_fd < 0 || strcmp(run->folder, "exercises/x") != 0)
		return mp_fail(err, MP_FAULT_BUG, -EBADMSG, "no tree");
	*ret_outcome = (struct outcome){.verdict = VERDICT_PASS};
	return 0;
}

static const struct probe_kind static_probe = {
	.name = "static", .run = static_run, .is_static = true};

/* One exercise: its checks by id, with what the id begins says of them. */
struct bed {
	struct desk desk;
	struct check checks[8];
	json_t *word_map;
};

static void bed_init(struct bed *bed, const char *ids)
{
	char *copy = arena_text(bed->desk.arena, ids);
	char *id, *rest = copy;

	text_clear(&asked);
	text_clear(&words);
	bed->word_map = json_pack("{s:s}", "w", "uuid");
	bed->desk.exercise.words = bed->word_map;
	bed->desk.exercise.checks = bed->checks;
	bed->desk.exercise.check_count = 0;
	while ((id = strsep(&rest, " "))) {
		struct check *check = &bed->checks[bed->desk.exercise.check_count++];

		*check = (struct check){.id = id,
					.probe = &fake_probe,
					.repeat = 1,
					.category = CATEGORY_PERFORMANCE};
		check->is_gate = strstr(id, "gate") != NULL;
		check->retry = strncmp(id, "flaky", 5) == 0;
		check->repeat = strncmp(id, "rounds", 6) == 0 ? 5 : 1;
	}
}

static struct card bed_grade(struct bed *bed, const char *folder)
{
	static bool may_miss[MP_LAYER_COUNT];
	struct desk *desk = &bed->desk;
	struct card card = {0};
	struct mp_error err = {0};
	struct grade_request request = {.launcher = desk_launcher,
					.exercise = &desk->exercise,
					.tree = arena_format(desk->arena, "%s/tree", desk->folder),
					.folder = folder,
					.seed = 7,
					.may_miss = may_miss,
					.arena = desk->arena};

	for (int i = 0; i < MP_LAYER_COUNT; i++)
		may_miss[i] = true;
	request.tree_fd = open(request.tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!OK(grade_exercise(&request, &card, &err) == 0))
		printf("# %s\n", err.text);
	close(request.tree_fd);
	return card;
}

static void bed_done(struct bed *bed)
{
	json_decref(bed->word_map);
	desk_done(&bed->desk);
}

struct row {
	const char *ids;
	int failures;
	const char *asked;
	const char *verdicts; /* first letters, by check */
};

static const struct row rows[] = {
	{"a b c", 0, "a b c", "ppp"},
	{"a bad b", 0, "a bad b", "pfp"},
	{"a gate b", 0, "gate a b", "ppp"},
	{"a bad-gate b", 0, "bad-gate", "sfs"},
	{"a bad-gate gate2 b", 0, "bad-gate", "sfss"},
	{"flaky b", 1, "flaky flaky b", "pp"},
	{"flaky b", 2, "flaky flaky b", "fp"},
	{"rounds b", 9, "rounds rounds rounds rounds rounds b", "pp"},
	{"rounds b", 2, "rounds rounds rounds b", "fp"},
};

static void checks_are_asked_in_the_order_of_the_table(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bed bed;
		struct card card;

		desk_init(&bed.desk);
		desk_write(&bed.desk, "tree/exercises/x/milepost.yaml", "start: python3 app.py\n",
			   0644);
		bed_init(&bed, rows[i].ids);
		failures_left = rows[i].failures;
		card = bed_grade(&bed, "exercises/x");
		IS_TEXT(text_get(&asked), rows[i].asked);
		if (!OK(card.outcomes && !card.not_graded))
			printf("# %s\n", card.not_graded);
		for (size_t k = 0; card.outcomes && k < bed.desk.exercise.check_count; k++)
			IS(verdict_words[card.outcomes[k].verdict][0], rows[i].verdicts[k]);
		ROW("%zu: %s", i, rows[i].ids);
		bed_done(&bed);
	}
}

static void what_comes_after_a_failed_check_is_left_out(void)
{
	static const char *const names[] = {"bad"};
	struct bed bed;
	struct card card;

	desk_init(&bed.desk);
	desk_write(&bed.desk, "tree/exercises/x/a", "", 0644);
	bed_init(&bed, "bad slow last");
	bed.checks[1].after = (struct text_list){(const char **)(uintptr_t)names, 1};
	card = bed_grade(&bed, "exercises/x");
	IS_TEXT(text_get(&asked), "bad last");
	IS(card.outcomes[1].verdict, VERDICT_SKIP);
	HAS_TEXT(card.outcomes[1].message, "bad");
	IS(card.outcomes[2].verdict, VERDICT_PASS);
	bed_done(&bed);
}

static void each_round_has_new_words_and_checks_share_theirs(void)
{
	char first[3][40] = {"", "", ""};
	struct bed bed;

	failures_left = 99;
	desk_init(&bed.desk);
	desk_write(&bed.desk, "tree/exercises/x/a", "", 0644);
	bed_init(&bed, "a rounds");
	(void)bed_grade(&bed, "exercises/x");
	/* The word of a, and of the first two rounds: a UUID and a blank each. */
	for (int i = 0; i < 3; i++)
		(void)snprintf(first[i], sizeof(first[i]), "%.36s", text_get(&words) + i * 37);
	IS_TEXT(first[0], first[1]);
	OK(strcmp(first[1], first[2]) != 0);
	bed_done(&bed);
}

static void a_folder_that_is_missing_or_empty_is_not_started(void)
{
	static const char *const folders[] = {"exercises/nothing", "exercises/empty", "README.md"};

	for (size_t i = 0; i < 3; i++) {
		struct bed bed;
		struct card card;

		desk_init(&bed.desk);
		desk_write(&bed.desk, "tree/exercises/x/a", "", 0644);
		OK(mkdir(arena_format(bed.desk.arena, "%s/tree/exercises/empty", bed.desk.folder),
			 0755) == 0);
		bed_init(&bed, "a");
		card = bed_grade(&bed, folders[i]);
		OK(!card.outcomes);
		IS_TEXT(card.not_graded, NULL);
		IS_TEXT(text_get(&asked), "");
		bed_done(&bed);
	}
}

static void a_failure_of_ours_is_no_verdict(void)
{
	static const char *const ids[] = {"a host b", "a content b"};
	static const char *const told[] = {
		"This machine failed, not your work: check 'host': the test's disk",
		"The exercise is broken, not your work: check 'content': a broken pattern."};

	for (size_t i = 0; i < 2; i++) {
		struct bed bed;
		struct card card;

		desk_init(&bed.desk);
		desk_write(&bed.desk, "tree/exercises/x/a", "", 0644);
		bed_init(&bed, ids[i]);
		card = bed_grade(&bed, "exercises/x");
		OK(!card.outcomes);
		HAS_TEXT(card.not_graded, told[i]);
		bed_done(&bed);
	}
}

static void a_build_that_fails_is_told_by_the_gate(void)
{
	struct bed bed;
	struct card card;

	desk_init(&bed.desk);
	desk_write(&bed.desk, "tree/exercises/x/milepost.yaml", "build: echo so sad; exit 3\n",
		   0644);
	bed_init(&bed, "a gate b");
	card = bed_grade(&bed, "exercises/x");
	IS_TEXT(text_get(&asked), "");
	IS(card.outcomes[0].verdict, VERDICT_SKIP);
	IS(card.outcomes[1].verdict, VERDICT_FAIL);
	OK(card.outcomes[1].message != NULL);
	bed_done(&bed);
}

static void a_service_of_its_own_needs_none_before(void)
{
	struct bed bed;
	struct card card;

	desk_init(&bed.desk);
	desk_write(&bed.desk, "tree/exercises/x/a", "", 0644);
	bed_init(&bed, "a b");
	bed.checks[0].isolation = ISOLATION_FRESH_SERVICE;
	card = bed_grade(&bed, "exercises/x");
	if (!OK(card.outcomes != NULL))
		printf("# %s\n", card.not_graded);
	bed_done(&bed);
}

static void an_exercise_of_files_alone_starts_and_builds_nothing(void)
{
	static const struct {
		const char *ids;
		const char *told;
		bool has_program;
	} cases[] = {
		{"a b", NULL, false},
		{"a shallow", "a shallow clone: type this", false},
		{"a b", NULL, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bed bed;
		struct card card;

		desk_init(&bed.desk);
		desk_write(&bed.desk, "tree/exercises/x/milepost.yaml",
			   cases[i].has_program ? "run: true\n" : "build: touch built; exit 3\n",
			   0644);
		bed_init(&bed, cases[i].ids);
		bed.checks[0].probe = &static_probe;
		if (!cases[i].has_program)
			bed.checks[1].probe = &static_probe;
		had_bench = false;
		card = bed_grade(&bed, "exercises/x");
		IS(had_bench, cases[i].has_program);
		IS(card.outcomes != NULL, cases[i].told == NULL);
		if (cases[i].told)
			HAS_TEXT(card.not_graded, cases[i].told);
		bed_done(&bed);
		ROW("%zu", i);
	}
}

static const struct tap_test tests[] = {
	T(checks_are_asked_in_the_order_of_the_table) T(what_comes_after_a_failed_check_is_left_out)
		T(each_round_has_new_words_and_checks_share_theirs) T(
			a_folder_that_is_missing_or_empty_is_not_started)
			T(a_failure_of_ours_is_no_verdict) T(a_build_that_fails_is_told_by_the_gate)
				T(a_service_of_its_own_needs_none_before)
					T(an_exercise_of_files_alone_starts_and_builds_nothing)};

int main(void)
{
	return desk_main(tests, sizeof(tests) / sizeof(tests[0]));
}
