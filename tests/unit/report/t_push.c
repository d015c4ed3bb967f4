/* SPDX-License-Identifier: MIT */
/* What a push shows: the golden text of the design, and what holds for every line. */
#include "grader/report/push.h"

#include <fcntl.h>
#include <unistd.h>

#include "grader/report/words.h"
#include "sandbox/base/columns.h"
#include "tests/unit/report/khata.h"

/* Everything that a push shows of one exercise, as a text; freed by the caller. */
static char *push_of(const struct card *card, int64_t best)
{
	struct push_checks checks = {0};
	struct text text = {0};

	for (size_t i = 0; card->outcomes && i < card->exercise->check_count; i++)
		push_check(&checks, card->exercise, &card->exercise->checks[i], &card->outcomes[i],
			   &text);
	push_checks_end(&checks, &text);
	push_card(&text, card, best);
	return text_take(&text);
}

static void html_errors_is_pushed_as_the_golden_sample(void)
{
	static const char *const kept[] = {"first-push", "khata-totals"};
	struct card card = html_errors_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *told = push_of(&card, 80);
	mp_autotext struct text text = {0};

	push_kept(&text, kept, 2);
	push_ready(&text, "hello-api", "python3 app.py", 80);
	text_add(&text, told);
	push_milestone(&text, &scorecard.milestones[4]);
	is_golden(text_get(&text), "push-html-errors.txt");
}

static void fixed_port_is_pushed_as_the_golden_sample(void)
{
	struct card card = fixed_port_card();
	mp_autofree char *told = push_of(&card, 0);

	is_golden(told, "push-fixed-port.txt");
}

static void many_stories_are_counted_and_closed_ones_stay_closed(void)
{
	struct card card = khata_card();
	mp_autofree char *told = push_of(&card, -1);

	is_golden(told, "push-khata.txt");
	OK(!strstr(told, "SECRET"));
	OK(!strstr(told, "Best so far"));
}

/* Every line of TEXT is narrow, and is ASCII where IS_ASCII; no line holds a control character. */
static void lines_are_well_formed(const char *text, bool is_ascii)
{
	for (const char *at = text; *at; at += strcspn(at, "\n") + 1) {
		size_t count = strcspn(at, "\n");
		bool is_plain = true;

		for (size_t i = 0; i < count; i++)
			is_plain &= (unsigned char)at[i] >= 0x20 && at[i] != 0x7f &&
				    (!is_ascii || (unsigned char)at[i] < 0x80);
		OK(is_plain);
		OK(columns_of(at, count) <= PUSH_COLUMNS);
		OK(at[count] == '\n');
		ROW("%.*s", (int)count, at);
	}
}

static void every_line_is_narrow_and_plain(void)
{
	struct card cards[] = {html_errors_card(), fixed_port_card(), mastered_card(),
			       untouched_card(), khata_card()};

	for (int i = 0; i < 5; i++) {
		mp_autofree char *told = push_of(&cards[i], 100);

		lines_are_well_formed(told, i < 4);
		ROW("%d", i);
	}
}

/* A command, a path and a value as a hostile learner writes them. */
static void what_a_learner_wrote_cannot_steer_a_terminal(void)
{
	static struct mismatch mismatches[] = {
		{"json.a-very-long-name-that-somebody-chose-for-a-key-of-an-object-to-see-what-happens",
		 "1", "\\x1b[31mred"}};
	static struct evidence evidence[] = {{NULL, "GET /a", mismatches, 1, NULL}};
	static struct outcome outcomes[HELLO_CHECKS] = {[4] = {.verdict = VERDICT_FAIL,
							       .message = "not as wanted",
							       .evidence = evidence,
							       .evidence_count = 1}};
	struct card card = html_errors_card();
	mp_autotext struct text text = {0};
	mp_autofree char *told = NULL;

	card.outcomes = outcomes;
	told = push_of(&card, 1);
	lines_are_well_formed(told, true);
	push_ready(&text, "hello-api", "python3 \033[31m\a app.py \xff", 12345);
	lines_are_well_formed(text_get(&text), true);
	HAS_TEXT(text_get(&text), "12.3 s");
}

/* A check without points that nothing hangs on. */
static void advice_is_no_failure(void)
{
	static struct check checks[] = {{.id = "runs", .title = "Runs", .points = 100, .cap = -1},
					{.id = "tidy", .title = "Is tidy", .cap = -1}};
	static const struct exercise exercise = {
		.id = "small", .title = "Small", .checks = checks, .check_count = 2};
	static const struct outcome outcomes[] = {
		{0}, {.verdict = VERDICT_FAIL, .message = "A line is long."}};
	struct card card = {.exercise = &exercise,
			    .outcomes = outcomes,
			    .score = 100,
			    .counted = 100,
			    .status = STATUS_MASTERED};
	mp_autofree char *told = push_of(&card, -1);

	IS_TEXT(told, "  ok    runs\n"
		      "  tip   tidy\n"
		      "tip: tidy: A line is long.\n"
		      "\n"
		      "small 100 of 100, mastered.\n");
}

static void what_was_not_graded_says_why(void)
{
	struct card card = html_errors_card();
	mp_autofree char *told = NULL;

	card.outcomes = NULL;
	card.status = STATUS_NOT_GRADED;
	card.not_graded = "This machine failed, not your work: no memory. Try again.";
	told = push_of(&card, -1);
	IS_TEXT(told, "hello-api: not graded. This machine failed, not your work: no memory.\n"
		      "  Try again. This is no mark: nothing was counted against you.\n");
}

static void one_line_is_enough_in_a_large_push(void)
{
	struct card card = html_errors_card();
	struct text text = {0};
	mp_autofree char *told = NULL;

	push_brief(&text, &card, 85);
	told = text_take(&text);
	IS_TEXT(told, "hello-api 80 of 100, needs work: each * must pass. Best so far 85.\n");
}

static void a_score_says_what_it_means(void)
{
	static const struct {
		enum status status;
		int64_t score;
		const char *line;
	} rows[] = {
		{STATUS_MASTERED, 100, "hello-api 100 of 100, mastered. Best so far 100.\n"},
		{STATUS_NEEDS_WORK, 50,
		 "hello-api 50 of 100, needs work: 60 are enough, and each * must pass.\n"
		 "  Best so far 100.\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct card card = html_errors_card();
		mp_autotext struct text text = {0};

		card.status = rows[i].status;
		card.score = rows[i].score;
		push_brief(&text, &card, 100);
		IS_TEXT(text_get(&text), rows[i].line);
	}
}

static void one_kept_exercise_has_one_score(void)
{
	static const char *const ids[] = {"first-push"};
	mp_autotext struct text text = {0};

	push_kept(&text, ids, 0);
	IS_TEXT(text_get(&text), "");
	push_kept(&text, ids, 1);
	IS_TEXT(text_get(&text), "first-push: not changed, score kept\n");
}

static void a_milestone_that_is_reached_says_so(void)
{
	struct milestone_line line = {.number = 2, .passed = 4, .required = 4, .is_reached = true};
	mp_autotext struct text text = {0};

	push_milestone(&text, &line);
	IS_TEXT(text_get(&text), "Milestone 2 is reached.\n");
}

static void it_is_told_in_the_learners_language(void)
{
	struct language *language = language_new(language_find("hi"));
	struct yaml_complaints list;
	int fd = open("exercises", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct card card = fixed_port_card();
	struct language *before;
	mp_autofree char *told = NULL;

	yaml_complaints_init(&list, "hi");
	IS(language_add_common(language, fd, word_english, &list), 0);
	before = words_speak(language);
	told = push_of(&card, 0);
	(void)words_speak(before);
	HAS_TEXT(told, "error: starts: ");
	HAS_TEXT(told, "अब तक सबसे अच्छा: 0");
	lines_are_well_formed(told, false);
	yaml_complaints_done(&list);
	(void)close(fd);
	language = language_free(language);
}

TAP_MAIN(T(html_errors_is_pushed_as_the_golden_sample) T(fixed_port_is_pushed_as_the_golden_sample)
		 T(many_stories_are_counted_and_closed_ones_stay_closed) T(
			 every_line_is_narrow_and_plain)
			 T(what_a_learner_wrote_cannot_steer_a_terminal) T(advice_is_no_failure) T(
				 what_was_not_graded_says_why) T(one_line_is_enough_in_a_large_push)
				 T(a_score_says_what_it_means) T(one_kept_exercise_has_one_score)
					 T(a_milestone_that_is_reached_says_so)
						 T(it_is_told_in_the_learners_language))
