/* SPDX-License-Identifier: MIT */
/* Files of a learner's tree: their parts, the traps of Windows, and what lies near a file that is not there. */
#include "tests/helper/tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/files/files.h"
#include "grader/intake/submission.h"
#include "grader/match/match.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/path.h"

static char work[] = "/tmp/t-files-XXXXXX";
static int tree_fd = -1;

static const struct verb *verb_of(const char *name)
{
	for (size_t i = 0; i < files_probe.verb_count; i++) {
		if (strcmp(files_probe.verbs[i].name, name) == 0)
			return &files_probe.verbs[i];
	}
	return NULL;
}

/* One step of a check about SUBMISSION. */
static struct outcome ask(const char *verb, const char *target, const char *expect,
			  struct submission *submission, struct arena *arena)
{
	struct step step = {
		.verb = verb_of(verb), .target = target, .expect = json_loads(expect, 0, NULL)};
	struct check check = {.id = "hello", .steps = &step, .step_count = 1};
	struct outcome outcome = {0};
	struct mp_error err = {0};
	struct names *names = NULL;
	struct probe_run run = {.check = &check,
				.submission = submission,
				.tree_fd = tree_fd,
				.folder = "exercises/first-push",
				.arena = arena};

	OK(step.expect != NULL);
	IS(names_new(NULL, 1, &names, &err), 0);
	run.names = names;
	IS(files_probe.run(&run, &outcome, &err), 0);
	(void)names_free(names);
	json_decref(json_readable(step.expect));
	return outcome;
}

static void put(const char *path, const char *bytes, size_t count)
{
	int fd = path_create_below(tree_fd, path, O_WRONLY | O_TRUNC, 0644);

	OK(fd >= 0 && path_write_all(fd, bytes, count) == 0);
	(void)close(fd);
}

static const char *say_of(const struct outcome *outcome)
{
	return outcome->evidence_count ? outcome->evidence[0].say : NULL;
}

#define BYTES(TEXT) TEXT, sizeof(TEXT) - 1

static const struct {
	const char *bytes;
	size_t count;
	const char *expect;
	bool is_right;
	const char *say; /* a part of the sentence; NULL: none */
} rows[] = {
	{BYTES("asha\n"), "{\"text\": \"asha\\n\"}", true, NULL},
	{BYTES("asha\n"), "{}", true, NULL},
	{BYTES("ravi\n"), "{\"text\": \"asha\\n\"}", false, NULL},
	{BYTES("\xff\xfe"
	       "a\0s\0h\0a\0\r\0\n\0"),
	 "{\"text\": \"asha\\n\"}", false, "UTF-16"},
	{BYTES("\xfe\xff"
	       "\0a\0s\0h\0a"),
	 "{\"text\": \"asha\\n\"}", false, "UTF-16"},
	{BYTES("\xff\xfe"
	       "r\0"),
	 "{\"text\": \"asha\\n\"}", false, "UTF-16"},
	{BYTES("\xff\xfe\x3d\xd8\x00\xde"), "{\"text\": \"\xf0\x9f\x98\x80\"}", false, "UTF-16"},
	{BYTES("\xff\xfe\x3d"), "{\"text\": \"asha\\n\"}", false, "UTF-16"},
	{BYTES("\xef\xbb\xbf"
	       "asha\n"),
	 "{\"text\": \"asha\\n\"}", false, "byte-order mark"},
	{BYTES("\xef\xbb\xbf"
	       "asha\r\n"),
	 "{\"text\": \"asha\\n\"}", false, "byte-order mark"},
	{BYTES("asha\r\n"), "{\"text\": \"asha\\n\"}", false, "CRLF"},
	{BYTES("asha"), "{\"text\": \"asha\\n\"}", false, "no line end"},
	{BYTES(" asha\n\n"), "{\"text\": \"asha\\n\"}", false, "blanks or empty lines"},
	{BYTES("Asha\n"), "{\"text\": \"asha\\n\"}", false, "upper and lower case"},
	{BYTES(""), "{\"text\": \"asha\\n\"}", false, NULL},
	{BYTES("a\r\nb\r\n"), "{\"lines\": [\"a\", \"b\"]}", false, "CRLF"},
	{BYTES("a\n\nb"), "{\"lines\": [\"a\", \"\", \"b\"]}", true, NULL},
	{BYTES("handle: asha\n"), "{\"yaml\": {\"handle\": \"asha\"}}", true, NULL},
	{BYTES("track: pyhton\n"), "{\"yaml\": {\"track\": {\"$one_of\": [\"python\", \"node\"]}}}",
	 false, "did you mean 'python'?"},
	{BYTES("track: perl\n"), "{\"yaml\": {\"track\": {\"$one_of\": [\"python\", \"node\"]}}}",
	 false, NULL},
	{BYTES("Track: node\n"), "{\"yaml\": {\"track\": \"node\"}}", false,
	 "keys must be spelt exactly so"},
	{BYTES("\xff\xfe"
	       "a\0:\0 \0b\0"),
	 "{\"yaml\": {\"a\": \"b\"}}", false, "UTF-16"},
	{BYTES("{\"a\": 1}"), "{\"json\": {\"a\": 1}}", true, NULL},
	{BYTES("\xef\xbb\xbf{\"a\": 1}"), "{\"json\": {\"a\": 1}}", false, "byte-order mark"},
	{BYTES("12345"), "{\"size\": {\"$at_most\": 5}}", true, NULL},
	{BYTES("123456"), "{\"size\": {\"$at_most\": 5}}", false, NULL},
};

static void each_part_is_compared_and_each_trap_is_named(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct outcome outcome;

		put("exercises/first-push/hello.txt", rows[i].bytes, rows[i].count);
		outcome = ask("file", "hello.txt", rows[i].expect, NULL, arena);
		IS(outcome.verdict, rows[i].is_right ? VERDICT_PASS : VERDICT_FAIL);
		if (rows[i].say)
			HAS_TEXT(say_of(&outcome), rows[i].say);
		else
			IS_TEXT(say_of(&outcome), NULL);
		ROW("%zu", i);
	}
}

static void a_slip_of_yaml_or_json_is_told_with_its_place(void)
{
	static const struct {
		const char *bytes, *expect, *got;
	} slips[] = {
		{"handle: asha\ntrack: {{track}}\n", "{\"yaml\": {\"track\": \"x\"}}",
		 "line 2, column 9"},
		{"handle: asha\nhandle: ravi\n", "{\"yaml\": {\"handle\": \"x\"}}",
		 "line 2, column 1"},
		{"\thandle: asha\n", "{\"yaml\": {\"handle\": \"x\"}}", "line 1"},
		{"# nothing\n", "{\"yaml\": {\"handle\": \"x\"}}", "empty"},
		{"{\"a\": 1,}", "{\"json\": {\"a\": 1}}", "no JSON: line 1, column 9"},
		{"", "{\"json\": {\"a\": 1}}", "no JSON"},
	};

	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct outcome outcome;

		put("learner.yaml", slips[i].bytes, strlen(slips[i].bytes));
		outcome = ask("file", "/learner.yaml", slips[i].expect, NULL, arena);
		IS(outcome.verdict, VERDICT_FAIL);
		HAS_TEXT(outcome.evidence_count ? outcome.evidence[0].mismatches[0].got : NULL,
			 slips[i].got);
		ROW("%zu", i);
	}
}

static void what_lies_near_a_missing_file_is_named(void)
{
	static const struct {
		const char *there, *say;
	} near[] = {
		{"exercises/first-push/answer.txt.txt",
		 "answer.txt.txt: Explorer hides the last ending"},
		{"exercises/first-push/Answer.txt", "Answer.txt: capital and small letters count"},
		{"exercises/first-push/answer", "answer without its ending"},
		{"exercises/first-push/anser.txt",
		 "anser.txt: rename it to exercises/first-push/answer.txt"},
		{"answer.txt", "answer.txt, in another folder"},
		{"exercises/answer.txt", "exercises/answer.txt, in another folder"},
		{"exercises/first-push/other.md", NULL},
		{"", NULL},
	};

	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct submission_file file = {.path = near[i].there};
		struct submission submission = {.files = &file,
						.file_count = near[i].there[0] != 0};
		struct outcome outcome = ask("file", "answer.txt", "{}", &submission, arena);

		IS(outcome.verdict, VERDICT_FAIL);
		IS_TEXT(outcome.message, "The file is not there yet.");
		if (near[i].say)
			HAS_TEXT(say_of(&outcome), near[i].say);
		else
			IS_TEXT(say_of(&outcome), NULL);
		ROW("%zu", i);
	}
}

static void a_file_that_was_left_out_says_why(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct submission_fact fact = {FACT_LINK, "exercises/first-push/answer.txt",
				       "it is a link: left out"};
	struct submission submission = {.facts = &fact, .fact_count = 1};
	struct outcome outcome = ask("file", "answer.txt", "{}", &submission, arena);

	IS_TEXT(say_of(&outcome), "it is a link: left out");
}

static void a_folder_and_a_huge_file_are_no_text(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct outcome outcome;
	int fd;

	IS(mkdirat(tree_fd, "folder", 0755), 0);
	outcome = ask("file", "/folder", "{}", NULL, arena);
	IS(outcome.verdict, VERDICT_FAIL);
	HAS_TEXT(outcome.evidence[0].mismatches[0].got, "folder");
	fd = path_create_below(tree_fd, "huge", O_WRONLY, 0644);
	IS(ftruncate(fd, 2 << 20), 0);
	(void)close(fd);
	outcome = ask("file", "/huge", "{}", NULL, arena);
	HAS_TEXT(outcome.evidence[0].mismatches[0].got, "more than 1 MB");
	outcome = ask("file", "/../huge", "{}", NULL, arena);
	IS(outcome.verdict, VERDICT_FAIL);
}

static void a_tree_is_judged_by_names_sizes_and_what_was_left_out(void)
{
	struct submission_file files[] = {{"a.txt", 10}, {"photo.jpg", 3 << 20}};
	struct submission_fact facts[] = {{FACT_LINK, "l", ""}, {FACT_SUBMODULE, "m", ""}};
	struct submission submission;
	static const struct {
		const char *expect;
		bool is_right;
	} trees[] = {
		{"{\"largest\": \"4M\"}", true},
		{"{\"largest\": \"1M\"}", false},
		{"{\"largest\": {\"$above\": 1000}}", true},
		{"{\"files\": {\"$contains\": \"a.txt\"}}", true},
		{"{\"files\": {\"$none\": {\"$ends\": \".jpg\"}}}", false},
		{"{\"links\": []}", false},
		{"{\"links\": [\"l\"], \"submodules\": [\"m\"]}", true},
	};

	submission = (struct submission){
		.files = files, .file_count = 2, .facts = facts, .fact_count = 2};
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();

		IS(ask("tree", "tracked", trees[i].expect, &submission, arena).verdict,
		   trees[i].is_right ? VERDICT_PASS : VERDICT_FAIL);
		ROW("%zu", i);
	}
}

static void begin(void)
{
	OK(mkdtemp(work) != NULL);
	tree_fd = open(work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	OK(tree_fd >= 0);
}

static void end(void)
{
	(void)close(tree_fd);
	tree_fd = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	IS(path_remove_tree(tree_fd, work + strlen("/tmp/")), 0);
	(void)close(tree_fd);
}

TAP_MAIN(T(begin) T(each_part_is_compared_and_each_trap_is_named) T(
	a_slip_of_yaml_or_json_is_told_with_its_place) T(what_lies_near_a_missing_file_is_named)
		 T(a_file_that_was_left_out_says_why) T(a_folder_and_a_huge_file_are_no_text)
			 T(a_tree_is_judged_by_names_sizes_and_what_was_left_out) T(end))
