/* SPDX-License-Identifier: MIT */
/* Which pushes are taken, and what the others are told. */
#include "tests/helper/tap.h"

#include "grader/serve/refs.h"

#define OLD  "1111111111111111111111111111111111111111"
#define NEW  "2222222222222222222222222222222222222222"
#define NONE "0000000000000000000000000000000000000000"

static void lines_of_hooks_are_read_whole_or_not_at_all(void)
{
	static const struct {
		const char *line;
		bool is_read;
		const char *name;
	} rows[] = {
		{OLD " " NEW " refs/heads/main", true, "refs/heads/main"},
		{OLD " " NEW " refs/heads/main\n", true, "refs/heads/main"},
		{NONE " " NEW " a b", true, "a b"},
		{"", false, ""},
		{"\n", false, ""},
		{OLD, false, ""},
		{OLD " ", false, ""},
		{OLD " " NEW, false, ""},
		{OLD " " NEW " ", false, ""},
		{OLD " " NEW "\trefs/heads/main", false, ""},
		{OLD "1 " NEW " refs/heads/main", false, ""},
		{"111111111111111111111111111111111111111G " NEW " x", false, ""},
		{"111111111111111111111111111111111111111A " NEW " x", false, ""},
		{OLD " 22222222222 refs/heads/main", false, ""},
	};
	struct ref_change change;
	char line[400] = OLD " " NEW " ";
	size_t at = strlen(line);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&change, 0, sizeof(change));
		IS(ref_change_read(rows[i].line, &change), rows[i].is_read);
		IS_TEXT(change.name, rows[i].name);
	}
	memset(line + at, 'x', REF_BYTES - 1);
	OK(ref_change_read(line, &change));
	IS(strlen(change.name), REF_BYTES - 1);
	memset(line + at, 'x', REF_BYTES);
	OK(!ref_change_read(line, &change));
}

static const char *published[] = {"first-push", "hello-api"};
static struct road_entry entries[] = {
	{.id = "first-push"}, {.id = "hello-api"}, {.id = "later-one"}};
static const struct road road = {
	.entries = entries, .entry_count = 3, .published = published, .published_count = 2};

static void each_ref_has_its_answer(void)
{
	static const struct {
		const char *name, *commit;
		bool is_shallow;
		const char *exercise, *why; /* why: what its first line begins with; NULL: taken */
	} rows[] = {
		{"refs/heads/main", NEW, false, NULL, NULL},
		{"refs/for/hello-api", NEW, false, "hello-api", NULL},
		{"refs/for/helo-api", NEW, false, NULL,
		 "There is no exercise of this name. Did you mean hello-api?"},
		{"refs/for/later-one", NEW, false, NULL,
		 "There is no exercise of this name. To have everything"},
		{"refs/for/", NEW, false, NULL, "There is no exercise"},
		{"refs/for/../x", NEW, false, NULL, "There is no exercise"},
		{"refs/heads/main", NONE, false, NULL, "Nothing is deleted here"},
		{"refs/for/hello-api", NONE, false, NULL, "Nothing is deleted here"},
		{"refs/heads/main", NEW, true, NULL, "Your clone is shallow"},
		{"refs/for/hello-api", NEW, true, NULL, "Your clone is shallow"},
		{"refs/heads/master", NEW, false, NULL, "Your branch is called master"},
		{"refs/heads/mastery", NEW, false, NULL,
		 "Only the branch main is graded. To submit mastery"},
		{"refs/heads/main/x", NEW, false, NULL,
		 "Only the branch main is graded. To submit main/x"},
		{"refs/heads/caf\xc3\xa9\x1b", NEW, false, NULL,
		 "Only the branch main is graded. To submit caf???"},
		{"refs/tags/v1", NEW, false, NULL, "Tags are not taken"},
		{"refs/milepost/report", NEW, false, NULL,
		 "refs/milepost/report is written by milepost alone"},
		{"refs/x", NEW, false, NULL, "refs/x is not a branch"},
		{"x%s%n", NEW, false, NULL, "x%s%n is not a branch"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct ref_change change = {.old_commit = OLD};
		const char *exercise = NULL;
		const char *why = NULL;

		(void)snprintf(change.commit, sizeof(change.commit), "%s", rows[i].commit);
		(void)snprintf(change.name, sizeof(change.name), "%s", rows[i].name);
		IS(refs_decide(&change, 1, rows[i].is_shallow, &road, arena, &exercise, &why),
		   !rows[i].why);
		if (rows[i].why && !OK(why && strncmp(why, rows[i].why, strlen(rows[i].why)) == 0))
			printf("# %s: %s\n", rows[i].name, why ? why : "(taken)");
		IS_TEXT(exercise ? exercise : "", rows[i].exercise ? rows[i].exercise : "");
	}
}

static void one_ref_at_a_time_is_taken(void)
{
	mp_autoarena struct arena *arena = arena_new();
	const struct ref_change changes[2] = {{OLD, NEW, "refs/heads/main"},
					      {OLD, NEW, "refs/for/hello-api"}};
	const char *exercise = NULL;
	const char *why = NULL;

	OK(!refs_decide(changes, 2, false, &road, arena, &exercise, &why));
	OK(strncmp(why, "One branch at a time", 20) == 0);
	OK(!refs_decide(changes, 0, false, &road, arena, &exercise, &why));
	OK(strncmp(why, "One branch at a time", 20) == 0);
}

TAP_MAIN(T(lines_of_hooks_are_read_whole_or_not_at_all) T(each_ref_has_its_answer)
		 T(one_ref_at_a_time_is_taken))
