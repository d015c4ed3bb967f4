/* SPDX-License-Identifier: MIT */
/* The field tables of exercise.yaml. A row here is a key, its bounds, and its line in the manual. */
#include "grader/manifest/tables.h"

#include <string.h>

#define AT(STRUCT, MEMBER) offsetof(struct STRUCT, MEMBER)
#define TABLE(NAME, WORDS, ROWS, INTRO)                                                            \
	const struct table NAME = {WORDS, INTRO, ROWS, sizeof(ROWS) / sizeof((ROWS)[0])}

enum { KIB = 1024, MIB = 1024 * 1024, SECOND = 1000, MINUTE = 60000 };
#define GIB (1024LL * MIB)

#define STATIC_LIMITS                                                                              \
	{                                                                                          \
		60 * SECOND, 10 * SECOND, 10 * SECOND, 30 * SECOND, 128 * MIB, 64 * MIB,           \
			256 * KIB, 256, 1024                                                       \
	}
#define ONCE_LIMITS                                                                                \
	{                                                                                          \
		60 * SECOND, 10 * SECOND, 10 * SECOND, 120 * SECOND, 384 * MIB, 64 * MIB,          \
			256 * KIB, 256, 1024                                                       \
	}
#define SERVICE_LIMITS                                                                             \
	{                                                                                          \
		60 * SECOND, 10 * SECOND, 10 * SECOND, 180 * SECOND, 384 * MIB, 64 * MIB,          \
			256 * KIB, 256, 1024                                                       \
	}

const struct kind_row kind_rows[] = {
	{"page", "static", STATIC_LIMITS},     {"git", "static", STATIC_LIMITS},
	{"config", "static", STATIC_LIMITS},   {"report", "static", STATIC_LIMITS},
	{"review", "static", STATIC_LIMITS},   {"program", "one-shot", ONCE_LIMITS},
	{"sql", "one-shot", ONCE_LIMITS},      {"docstore", "one-shot", ONCE_LIMITS},
	{"testing", "one-shot", ONCE_LIMITS},  {"api", "service", SERVICE_LIMITS},
	{"worker", "service", SERVICE_LIMITS}, {"fullstack", "service", SERVICE_LIMITS},
};
const size_t kind_count = sizeof(kind_rows) / sizeof(kind_rows[0]);
static const char *const kind_words[] = {"page",    "git",	 "config",   "report",	"review",
					 "program", "sql",	 "docstore", "testing", "api",
					 "worker",  "fullstack", NULL};
static const char *const wish_words[] = {"optional", "required", NULL};

#define IN(MEMBER) AT(exercise_draft, exercise.MEMBER)
static const struct field exercise_rows[] = {
	{"id", FIELD_NAME, IN(id), 2, 31, "name of the folder, never used again", NULL, true},
	{"version", FIELD_COUNT, IN(version), 1, 9999, "rises when a check changes", NULL, true},
	{"title", FIELD_TEXT, IN(title), 1, 60, "in English, as the learner reads it", NULL, true},
	{"summary", FIELD_TEXT, IN(summary), 1, 300,
	 "one or two sentences: what is built, what is enough", NULL, true},
	{"milestone", FIELD_COUNT, IN(milestone), 1, 9, "place on the road, as in milestones.yaml",
	 NULL, true},
	{"order", FIELD_COUNT, IN(order), 1, 999, "place on the road, as in milestones.yaml", NULL,
	 true},
	{"duty", FIELD_TEXT, AT(exercise_draft, duty), 1, 60,
	 "`required`, `elective` or `one-of NAME`", NULL, true},
	{"kind", FIELD_WORD, AT(exercise_draft, kind), 0, 0,
	 "what it is: decides the default limits", kind_words, true},
	{"difficulty", FIELD_COUNT, IN(difficulty), 1, 5,
	 "1-2 have at most two core checks, none of them hidden", NULL, true},
	{"minutes", FIELD_COUNT, IN(minutes), 1, 3000, "what an average learner needs", NULL, true},
	{"points", FIELD_COUNT, IN(points), 1, 500, "weight on the road", NULL, true},
	{"skills", FIELD_NAMES, IN(skills), 1, 20, "what is practised", NULL, true},
	{"teaches", FIELD_NAMES, IN(teaches), 0, 50, "concepts that are new here (none)", NULL,
	 false},
	{"needs", FIELD_NAMES, IN(needs), 0, 20,
	 "ids of milestones.yaml to do before; advice, a course may enforce it (none)", NULL,
	 false},
	{"languages", FIELD_NAMES, IN(languages), 1, 20, "`any`, `none` or a list (`any`)", NULL,
	 false},
	{"frameworks", FIELD_NAMES, IN(frameworks), 1, 20, "`any`, `none` or a list (`any`)", NULL,
	 false},
	{"deliver", FIELD_NODE, AT(exercise_draft, deliver), 0, 0,
	 "the files that count: graded again when one changed (the folder)", NULL, false},
	{"entry", FIELD_NODE, AT(exercise_draft, entry), 0, 0,
	 "what the learner's `milepost.yaml` must say (nothing)", NULL, false},
	{"limits", FIELD_NODE, AT(exercise_draft, limits), 0, 0,
	 "time, memory and the like (by kind)", NULL, false},
	{"health", FIELD_NODE, AT(exercise_draft, health), 0, 0,
	 "when a service is ready, on any loopback address (`{tcp: true}`)", NULL, false},
	{"makers", FIELD_NODE, AT(exercise_draft, makers), 0, 0,
	 "map of name to a program below this folder that writes input (none)", NULL, false},
	{"model", FIELD_TEXT, IN(model), 1, 100,
	 "folder below this one whose `run` gives the right answer (none)", NULL, false},
	{"words", FIELD_NODE, AT(exercise_draft, words), 0, 0,
	 "map of name to kind of word, made anew from each seed (none)", NULL, false},
	{"patterns", FIELD_NODE, AT(exercise_draft, patterns), 0, 0,
	 "map of name to expectation, for `use` (none)", NULL, false},
	{"checks", FIELD_NODE, AT(exercise_draft, checks), 0, 0,
	 "list of 1-60 checks; their points add up to 100", NULL, true},
	{"stages", FIELD_NODE, AT(exercise_draft, stages), 0, 0,
	 "groups of checks that are pushed one after another (none)", NULL, false},
	{"hints", FIELD_TEXTS, IN(hints), 1, 5,
	 "1-5 sentences; when they open is the course's policy", NULL, true},
	{"starter", FIELD_COUNT, IN(starter), 0, 100, "the score of the untouched starter, exactly",
	 NULL, true},
	{"references", FIELD_NAMES, IN(references), 1, 20,
	 "folders `reference/NAME/`; each earns 100 with every seed", NULL, true},
	{"known_bad", FIELD_NODE, AT(exercise_draft, known_bad), 0, 0,
	 "submissions that must lose exactly what is named (none)", NULL, false},
	{"pass", FIELD_NODE, AT(exercise_draft, pass), 0, 0,
	 "what is enough (`{score: 60, mastered: 90}`)", NULL, false},
	{"manual", FIELD_NODE, AT(exercise_draft, manual), 0, 0,
	 "marks that an instructor may add, never part of the 100 (none)", NULL, false},
	{"provenance", FIELD_NODE, AT(exercise_draft, provenance), 0, 0,
	 "where the exercise comes from (none)", NULL, false},
};
TABLE(exercise_table, "the exercise", exercise_rows, "`exercise.yaml` is one map of these keys.");

static const struct field limits_rows[] = {
	{"build", FIELD_MSEC, AT(limits, build_ms), 100, 10 * MINUTE, "for the learner's `build`",
	 NULL, false},
	{"start", FIELD_MSEC, AT(limits, start_ms), 100, 2 * MINUTE, "until a service is ready",
	 NULL, false},
	{"check", FIELD_MSEC, AT(limits, check_ms), 100, 10 * MINUTE,
	 "one check, without its `ready`, `stop` and `restart` steps", NULL, false},
	{"total", FIELD_MSEC, AT(limits, total_ms), SECOND, 30 * MINUTE, "the whole exercise", NULL,
	 false},
	{"memory", FIELD_BYTES, AT(limits, memory_bytes), 16 * MIB, 8 * GIB,
	 "of all processes together", NULL, false},
	{"disk", FIELD_BYTES, AT(limits, disk_bytes), MIB, 2 * GIB, "of the scratch folder", NULL,
	 false},
	{"output", FIELD_BYTES, AT(limits, output_bytes), KIB, 16 * MIB,
	 "kept of each stream, head and tail", NULL, false},
	{"pids", FIELD_COUNT, AT(limits, pids), 1, 4096, "processes and threads", NULL, false},
	{"open_files", FIELD_COUNT, AT(limits, open_files), 16, 65536, "open files of one process",
	 NULL, false},
};
TABLE(limits_table, "limits", limits_rows, "What is not written has the default of the kind.");

#define WISH(WORD, ENTRY, HELP)                                                                    \
	{                                                                                          \
		WORD, FIELD_WORD, AT(entry_draft, wishes) + (ENTRY) * sizeof(int), 0, 0, HELP,     \
			wish_words, false                                                          \
	}
static const struct field entry_rows[] = {
	WISH("build", ENTRY_BUILD, "run once before anything else"),
	WISH("start", ENTRY_START, "starts the service"),
	WISH("run", ENTRY_RUN, "runs the program once; a step's arguments are appended"),
	WISH("test", ENTRY_TEST, "runs the learner's own tests"),
	WISH("worker", ENTRY_WORKER, "starts a second process beside the service"),
	WISH("migrate", ENTRY_MIGRATE, "brings the database up to date before the start"),
};
TABLE(entry_table, "entry", entry_rows,
      "The lines of the learner's `milepost.yaml` that this exercise asks for.");

static const struct field health_rows[] = {
	{"http", FIELD_TEXT, AT(health_draft, path), 1, 200,
	 "a path that is asked until it answers", NULL, false},
	{"status", FIELD_COUNT, AT(health_draft, status), 100, 599,
	 "the status that means ready (200)", NULL, false},
	{"tcp", FIELD_BOOL, AT(health_draft, is_tcp), 0, 0, "a listening socket is enough", NULL,
	 false},
};
TABLE(health_table, "health", health_rows, "Either `http` or `tcp`.");

static const struct field deliver_rows[] = {
	{"path", FIELD_TEXT, AT(deliver, path), 1, 200,
	 "relative to the exercise's folder, from the top of the repository when it begins with `/`; may hold `*`",
	 NULL, true},
	{"optional", FIELD_BOOL, AT(deliver, is_optional), 0, 0, "need not be there (`false`)",
	 NULL, false},
	{"max", FIELD_BYTES, AT(deliver, max_bytes), 1, 64 * MIB, "most bytes (the general limit)",
	 NULL, false},
};
TABLE(deliver_table, "an item of deliver", deliver_rows,
      "Each item is a path, or a map of these keys.");

static const struct field stage_rows[] = {
	{"id", FIELD_NAME, AT(stage, id), 2, 20, "unique here", NULL, true},
	{"title", FIELD_TEXT, AT(stage, title), 1, 60, "as the learner reads it", NULL, true},
	{"checks", FIELD_NAMES, AT(stage, checks), 1, 60, "ids of its checks", NULL, true},
};
TABLE(stage_table, "a stage", stage_rows, "Each item is a map of these keys.");

static const struct field known_bad_rows[] = {
	{"name", FIELD_NAME, AT(known_bad, name), 2, 60,
	 "`bad/NAME.patch` over a reference, or a folder `bad/NAME/`", NULL, true},
	{"of", FIELD_NAME, AT(known_bad, of), 1, 60, "the reference that is patched (the first)",
	 NULL, false},
	{"score", FIELD_COUNT, AT(known_bad, score), 0, 100, "exactly this score, with each seed",
	 NULL, true},
	{"fails", FIELD_NAMES, AT(known_bad, fails), 0, 60, "exactly these checks fail", NULL,
	 true},
};
TABLE(known_bad_table, "a known-bad submission", known_bad_rows,
      "Each item is a map of these keys.");

static const struct field pass_rows[] = {
	{"score", FIELD_COUNT, AT(pass_draft, score), 1, 100,
	 "enough to pass; core checks always count (60)", NULL, false},
	{"mastered", FIELD_COUNT, AT(pass_draft, mastered), 1, 100,
	 "enough to have mastered it (90)", NULL, false},
};
TABLE(pass_table, "pass", pass_rows, "");

static const struct field manual_rows[] = {
	{"id", FIELD_NAME, AT(manual_mark, id), 2, 20, "unique here", NULL, true},
	{"title", FIELD_TEXT, AT(manual_mark, title), 1, 60, "as the instructor reads it", NULL,
	 true},
	{"points", FIELD_COUNT, AT(manual_mark, points), 1, 100, "most points", NULL, true},
};
TABLE(manual_table, "a manual mark", manual_rows, "Each item is a map of these keys.");

static const struct field provenance_rows[] = {
	{"author", FIELD_TEXT, AT(provenance, author), 1, 100, "who wrote it", NULL, false},
	{"licence", FIELD_TEXT, AT(provenance, licence), 1, 60, "under which licence", NULL, false},
	{"reviewed", FIELD_TEXT, AT(provenance, reviewed), 1, 60,
	 "when, and by whom, it was last looked over", NULL, false},
	{"sources", FIELD_TEXTS, AT(provenance, sources), 0, 20, "where its data come from", NULL,
	 false},
};
TABLE(provenance_table, "provenance", provenance_rows, "");

#undef IN
#define IN(MEMBER) AT(check_draft, check.MEMBER)
static const struct field check_rows[] = {
	{"id", FIELD_NAME, IN(id), 2, 20, "unique here, never used again", NULL, true},
	{"title", FIELD_TEXT, IN(title), 1, 44,
	 "its line in the scorecard; says what is right, not what is wrong", NULL, true},
	{"points", FIELD_COUNT, IN(points), 0, 100, "all checks add up to 100", NULL, true},
	{"category", FIELD_WORD, IN(category), 0, 0, "(`function`)", category_words, false},
	{"visibility", FIELD_WORD, IN(visibility), 0, 0,
	 "hidden shows title, `rule` and verdict, never values (`visible`)", visibility_words,
	 false},
	{"gate", FIELD_BOOL, IN(is_gate), 0, 0,
	 "when it fails nothing further is run, score 0 (`false`)", NULL, false},
	{"core", FIELD_BOOL, IN(is_core), 0, 0,
	 "when it fails: needs work, whatever the score (`false`)", NULL, false},
	{"cap", FIELD_COUNT, IN(cap), 0, 99,
	 "while this check fails the exercise scores at most this (none)", NULL, false},
	{"after", FIELD_NAMES, IN(after), 1, 20,
	 "earlier checks; not run, and earns nothing, unless all of them passed (none)", NULL,
	 false},
	{"rule", FIELD_TEXT, IN(rule), 1, 200,
	 "the sentence shown when it fails; obligatory when hidden", NULL, false},
	{"isolation", FIELD_WORD, IN(isolation), 0, 0,
	 "(`shared`: one start for the whole exercise)", isolation_words, false},
	{"repeat", FIELD_COUNT, IN(repeat), 1, 50,
	 "the whole check again with new words, all must pass (1)", NULL, false},
	{"retry", FIELD_COUNT, IN(retry), 0, 1, "a second chance, for `performance` only (0)", NULL,
	 false},
	{"stage", FIELD_NAME, IN(stage), 2, 20, "id of its stage (none)", NULL, false},
	{"tags", FIELD_TEXTS, IN(tags), 1, 10, "further words (none)", NULL, false},
	{"steps", FIELD_NODE, AT(check_draft, steps), 0, 0,
	 "list of 1-40 steps; or the keys of the only step, written in the check itself", NULL,
	 false},
};
TABLE(check_table, "a check", check_rows, "");

static const struct field near_rows[] = {
	{"say", FIELD_TEXT, AT(near_miss, say), 1, 300,
	 "told beside wanted and got when the expectation fits", NULL, true},
};
TABLE(near_table, "a near miss", near_rows, "");

bool is_name_of_value(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return *name >= 'a' && *name <= 'z' && name[length] == '\0' && length <= 31;
}
