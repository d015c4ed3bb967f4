/* SPDX-License-Identifier: MIT */
/* docs/scoring.md tells the truth: every row of its tables is run through score. */
#include "grader/score/score.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/field.h"
#include "tests/helper/tap.h"

enum { CELLS = 8, ROWS = 32, CELL_BYTES = 80 };

struct table {
	char cells[ROWS][CELLS][CELL_BYTES];
	size_t count;
};

static void read_row(char *line, char cells[CELLS][CELL_BYTES])
{
	char *at = line + 1;

	for (int i = 0; i < CELLS && *at && *at != '\n'; i++) {
		size_t length = strcspn(at, "|\n");
		size_t first = strspn(at, " ");
		size_t end = length;

		while (end > first && at[end - 1] == ' ')
			end--;
		if (end > first)
			(void)snprintf(cells[i], CELL_BYTES, "%.*s", (int)(end - first),
				       at + first);
		at += length + (at[length] == '|');
	}
}

/* The rows below the head line that begins with HEAD. */
static void read_table(const char *head, struct table *ret_table)
{
	FILE *page = fopen("docs/scoring.md", "re");
	char line[512];
	int state = 0;

	*ret_table = (struct table){0};
	while (OK(page != NULL) && fgets(line, sizeof(line), page)) {
		if (state == 0 && strncmp(line, head, strlen(head)) == 0)
			state = 1;
		else if (state == 1)
			state = 2; /* the line of dashes */
		else if (state == 2 && line[0] != '|')
			break;
		else if (state == 2 && ret_table->count < ROWS)
			read_row(line, ret_table->cells[ret_table->count++]);
	}
	if (page)
		(void)fclose(page);
	OK(ret_table->count > 0);
}

static int64_t number(const char *text)
{
	int64_t value = -1;

	IS(parse_count(text, &value), 0);
	return value;
}

static int index_in(const char *word, const char *const *words)
{
	for (int i = 0; words[i]; i++) {
		if (strcmp(word, words[i]) == 0)
			return i;
	}
	OK(!"known word");
	return 0;
}

/* Is WORD an item of the comma-separated LIST? */
static bool is_listed(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; at; at = strchr(at, ',')) {
		at += strspn(at, ", ");
		if (strncmp(at, word, length) == 0 && (at[length] == ',' || at[length] == '\0'))
			return true;
	}
	return false;
}

static void the_worked_examples_of_one_exercise_hold(void)
{
	static struct table exercise_table;
	static struct table examples;
	static struct check checks[ROWS];
	struct exercise exercise = {
		.id = "e", .checks = checks, .pass_score = 60, .mastered_score = 90};
	int64_t sum = 0;

	read_table("| check | points |", &exercise_table);
	read_table("| did not pass |", &examples);
	exercise.check_count = exercise_table.count;
	for (size_t i = 0; i < exercise_table.count; i++) {
		char(*row)[CELL_BYTES] = exercise_table.cells[i];

		checks[i] = (struct check){.id = row[0], .points = number(row[1]), .cap = -1};
		checks[i].category = (enum category)index_in(row[2], category_words);
		checks[i].is_gate = strcmp(row[3], "gate") == 0;
		checks[i].is_core = strcmp(row[3], "core") == 0;
		if (strncmp(row[3], "cap ", 4) == 0)
			checks[i].cap = number(row[3] + 4);
		sum += checks[i].points;
	}
	IS(sum, 100);
	OK(examples.count > 8);
	for (size_t i = 0; i < examples.count; i++) {
		char(*row)[CELL_BYTES] = examples.cells[i];
		struct outcome outcomes[ROWS] = {0};
		struct card card = {.exercise = &exercise, .outcomes = outcomes};

		for (size_t k = 0; k < exercise.check_count; k++)
			outcomes[k].verdict =
				is_listed(row[0], checks[k].id) ? VERDICT_FAIL : VERDICT_PASS;
		score_card(&card);
		IS(card.score, number(row[1]));
		IS(card.counted, number(row[2]));
		IS_TEXT(status_words[card.status], row[3]);
		ROW("did not pass: %s", row[0]);
	}
}

static void the_worked_examples_of_milestones_hold(void)
{
	static struct table given;
	static struct table wanted;
	static struct score_entry entries[ROWS];
	static struct exercise exercises[ROWS];
	static struct card cards[ROWS];
	struct score_road road = {.entries = entries};
	struct scorecard scorecard = {.cards = cards};

	read_table("| milestone | exercise |", &given);
	read_table("| milestone | passed |", &wanted);
	for (size_t i = 0; i < given.count; i++) {
		char(*row)[CELL_BYTES] = given.cells[i];
		bool is_group = strncmp(row[2], "one-of ", 7) == 0;

		entries[i] = (struct score_entry){.id = row[1],
						  .milestone = (int)number(row[0]),
						  .points = number(row[4]),
						  .is_published = strcmp(row[3], "yes") == 0};
		entries[i].duty = is_group			    ? DUTY_ONE_OF
				  : strcmp(row[2], "elective") == 0 ? DUTY_ELECTIVE
								    : DUTY_REQUIRED;
		entries[i].one_of = is_group ? row[2] + 7 : NULL;
		if (!entries[i].is_published)
			continue;
		exercises[i] = (struct exercise){.id = row[1], .points = number(row[4])};
		cards[scorecard.card_count++] =
			(struct card){.exercise = &exercises[i],
				      .counted = number(row[5]),
				      .status = (enum status)index_in(row[6], status_words)};
	}
	road.entry_count = given.count;
	score_road(&road, &scorecard);
	for (size_t i = 0; i < wanted.count; i++) {
		char(*row)[CELL_BYTES] = wanted.cells[i];
		const struct milestone_line *line = &scorecard.milestones[number(row[0]) - 1];

		IS(line->passed, number(row[1]));
		IS(line->required, number(row[2]));
		IS(line->published, number(row[3]));
		IS(line->percent, number(row[4]));
		IS(line->elective_points, number(row[5]));
		IS(line->is_reached, strcmp(row[6], "yes") == 0);
		ROW("milestone %s", row[0]);
	}
}

TAP_MAIN(T(the_worked_examples_of_one_exercise_hold) T(the_worked_examples_of_milestones_hold))
