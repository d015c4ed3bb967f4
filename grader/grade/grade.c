/* SPDX-License-Identifier: MIT */
/*
 * Grade: the order in which checks are asked, and when they are not.
 *
 * Gates come first, then the checks in the order of the file. A failed gate leaves the rest unasked: there
 * is nothing to ask. A check whose `after` did not pass is left out. All others run, whatever failed
 * before them. An error of ours or the host's ends the exercise as "not graded": never a verdict.
 */
#include "grader/grade/grade.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "grader/bench/bench.h"
#include "grader/grade/inside.h"
#include "grader/match/match.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"

/* One exercise under way. */
struct grading {
	const struct grade_request *request;
	struct bench *bench;	  /* NULL: no check asks for a program */
	struct outcome *outcomes; /* by index of the check */
	int64_t deadline_ms;	  /* limits.total */
	bool is_gate_failed;
};

static struct outcome *outcome_of(const struct grading *grading, const struct check *check)
{
	return &grading->outcomes[check - grading->request->exercise->checks];
}

/* Run the check once with the words of one repetition. */
static int run_once(struct grading *grading, const struct check *check, int64_t repetition,
		    struct outcome *ret_outcome, struct mp_error *err)
{
	const struct exercise *exercise = grading->request->exercise;
	int64_t own_deadline_ms =
		clock_now_ms() + exercise_limits(grading->request->exercise).check_ms;
	uint64_t seed = repetition_seed(grading->request->seed, check->id, repetition);
	struct names *names = NULL;
	struct probe_run run = {
		.exercise = exercise,
		.check = check,
		.bench = grading->bench,
		.submission = grading->request->submission,
		.tree_fd = grading->request->tree_fd,
		.folder = grading->request->folder,
		.seed = seed,
		.arena = grading->request->arena,
		.deadline_ms = own_deadline_ms < grading->deadline_ms ? own_deadline_ms
								      : grading->deadline_ms,
	};
	int ret = names_new(exercise->words, seed, &names, err);

	if (ret < 0)
		return ret;
	run.names = names;
	*ret_outcome = (struct outcome){0};
	ret = check->probe->run(&run, ret_outcome, err);
	names = names_free(names);
	return ret;
}

/* Which of several repetitions it was: its words differ from those of the others. */
static void tell_round(const struct grading *grading, const struct check *check, int64_t repetition,
		       struct outcome *outcome)
{
	struct arena *arena = grading->request->arena;
	struct fact *fact = arena_push(arena, &outcome->facts, &outcome->fact_count, sizeof(*fact));

	fact->label = "round";
	fact->value = arena_format(arena, "%lld of %lld", (long long)repetition + 1,
				   (long long)check->repeat);
}

/* Every repetition must pass; the first that does not is the outcome. */
static int run_repeated(struct grading *grading, const struct check *check,
			struct outcome *ret_outcome, struct mp_error *err)
{
	struct usage used = {.memory_peak_bytes = -1};
	int ret = 0;

	for (int64_t i = 0; i < check->repeat; i++) {
		ret = run_once(grading, check, i, ret_outcome, err);
		if (ret < 0)
			return ret;
		used.wall_ms += ret_outcome->usage.wall_ms;
		used.cpu_ms += ret_outcome->usage.cpu_ms;
		if (ret_outcome->usage.memory_peak_bytes > used.memory_peak_bytes)
			used.memory_peak_bytes = ret_outcome->usage.memory_peak_bytes;
		if (ret_outcome->verdict == VERDICT_PASS)
			continue;
		if (check->repeat > 1)
			tell_round(grading, check, i, ret_outcome);
		break;
	}
	ret_outcome->usage = used;
	return ret;
}

static void skip(struct outcome *outcome, const char *why)
{
	*outcome = (struct outcome){.verdict = VERDICT_SKIP, .message = why};
}

/* The first check of the `after` list that did not pass, or NULL. */
static const struct check *unmet(const struct grading *grading, const struct check *check)
{
	for (size_t i = 0; i < check->after.count; i++) {
		const struct check *earlier =
			exercise_check(grading->request->exercise, check->after.items[i]);

		if (earlier && outcome_of(grading, earlier)->verdict != VERDICT_PASS)
			return earlier;
	}
	return NULL;
}

/* A service of its own for this check: the one that runs is ended. The next step that asks starts anew. */
static int isolate(struct grading *grading, const struct check *check, struct mp_error *err)
{
	struct mp_box_result ignored;
	bool has_ended, in_time;
	int ret;

	if (check->isolation != ISOLATION_FRESH_SERVICE || check->probe->is_static)
		return 0;
	ret = bench_has_ended(grading->bench, &has_ended, &ignored, err);
	if (ret < 0 || has_ended)
		return ret;
	return bench_stop(grading->bench, SIGKILL, 0, &ignored, &in_time, err);
}

/* Run the check, and once more where it has a second chance. */
static int run_tries(struct grading *grading, const struct check *check, struct mp_error *err)
{
	struct outcome *outcome = outcome_of(grading, check);
	int ret = 0;

	if (grading->bench)
		ret = bench_hush(grading->bench, check->visibility == VISIBILITY_HIDDEN, err);

	for (int64_t tries = 0; ret == 0 && tries <= check->retry; tries++) {
		ret = isolate(grading, check, err);
		if (ret == 0)
			ret = run_repeated(grading, check, outcome, err);
		if (ret < 0 || outcome->verdict == VERDICT_PASS)
			break;
	}
	return ret;
}

static int decide(struct grading *grading, const struct check *check, struct mp_error *err)
{
	struct outcome *outcome = outcome_of(grading, check);
	const struct check *earlier = unmet(grading, check);
	int ret = 0;

	if (grading->is_gate_failed) {
		skip(outcome, NULL);
		return 0;
	}
	if (earlier) {
		skip(outcome, arena_format(grading->request->arena, "It needs %s to pass first",
					   earlier->id));
		return 0;
	}
	if (clock_now_ms() >= grading->deadline_ms) {
		*outcome = (struct outcome){
			.verdict = VERDICT_LIMIT,
			.message = "The time for the whole exercise was over before this check.",
			.cause = "The time for the whole exercise was over."};
		return 0;
	}
	ret = run_tries(grading, check, err);
	if (ret < 0)
		return ret == -ENOPKG ? ret : mp_wrap(err, "check '%s'", check->id);
	if (check->is_gate && outcome->verdict != VERDICT_PASS)
		grading->is_gate_failed = true;
	return 0;
}

static void tell_progress(const struct grading *grading, const struct check *check)
{
	const struct grade_request *request = grading->request;

	if (request->progress)
		request->progress(request->progress_context, check, outcome_of(grading, check));
}

static int decide_all(struct grading *grading, struct mp_error *err)
{
	const struct exercise *exercise = grading->request->exercise;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < exercise->check_count; i++) {
			const struct check *check = &exercise->checks[i];
			int ret;

			if (check->is_gate != (pass == 0))
				continue;
			ret = decide(grading, check, err);
			if (ret < 0)
				return ret;
			tell_progress(grading, check);
		}
	}
	return 0;
}

/*
 * Build once. A build that fails is the learner's: the first gate fails with its log, or the first check
 * when there is no gate, and nothing else can be asked.
 */
static int build(struct grading *grading, bool *ret_is_built, struct mp_error *err)
{
	const struct exercise *exercise = grading->request->exercise;
	const struct check *bearer = &exercise->checks[0];
	struct outcome outcome = {0};
	int ret = bench_build(grading->bench, &outcome, err);

	*ret_is_built = outcome.verdict == VERDICT_PASS;
	if (ret < 0 || *ret_is_built)
		return ret;
	for (size_t i = exercise->check_count; i > 0; i--) {
		if (exercise->checks[i - 1].is_gate)
			bearer = &exercise->checks[i - 1];
	}
	for (size_t i = 0; i < exercise->check_count; i++)
		skip(&grading->outcomes[i], "They need a program that can be built");
	*outcome_of(grading, bearer) = outcome;
	tell_progress(grading, bearer);
	return 0;
}

static void fill_card(struct grading *grading, struct card *card)
{
	const char *said = bench_said(grading->bench, 2000);

	card->outcomes = grading->outcomes;
	card->runtime = bench_runtime(grading->bench);
	card->service_output = *said ? said : NULL;
}

/* The learner's file, with the start line of the command line in its place. */
static int read_program_file(const struct grade_request *request, struct program_file *ret_file,
			     struct mp_error *err)
{
	int ret =
		program_file_read(request->tree_fd, request->folder, request->arena, ret_file, err);

	if (ret == 0 && request->start) {
		ret_file->entries[ENTRY_START] =
			(struct entry_line){.command = request->start, .file = "--start"};
		ret_file->complaint = NULL;
	}
	return ret;
}

static int grade_on_bench(struct grading *grading, struct card *card, struct mp_error *err)
{
	const struct grade_request *request = grading->request;
	struct program_file file = {0};
	struct bench_spec spec = {
		.launcher = request->launcher,
		.exercise = request->exercise,
		.tree = request->tree,
		.folder = request->folder,
		.file = &file,
		.seed = request->seed,
		.store = request->store,
		.packs = request->packs,
		.arena = request->arena,
		.ready = request->ready,
		.ready_context = request->progress_context,
	};
	bool is_built = false;
	int ret = read_program_file(request, &file, err);

	if (request->may_miss)
		memcpy(spec.may_miss, request->may_miss, sizeof(spec.may_miss));
	if (ret == 0)
		ret = bench_open(&spec, &grading->bench, err);
	if (ret == 0) {
		grading->deadline_ms =
			clock_now_ms() + exercise_limits(grading->request->exercise).total_ms;
		ret = build(grading, &is_built, err);
	}
	if (ret == 0 && is_built)
		ret = decide_all(grading, err);
	if (ret == 0)
		fill_card(grading, card);
	grading->bench = bench_close(grading->bench);
	return ret;
}

/* An exercise whose checks ask files and history alone. */
static int grade_files(struct grading *grading, struct mp_error *err)
{
	grading->deadline_ms =
		clock_now_ms() + exercise_limits(grading->request->exercise).total_ms;
	return decide_all(grading, err);
}

bool exercise_is_static(const struct exercise *exercise)
{
	for (size_t i = 0; i < exercise->check_count; i++) {
		if (!exercise->checks[i].probe->is_static)
			return false;
	}
	return true;
}

/* A folder that is not there, is none, or has nothing in it: the exercise is not started. */
static bool has_files(int tree_fd, const char *folder)
{
	int fd = path_open_below(tree_fd, folder, O_RDONLY | O_DIRECTORY);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool is_found = false;

	if (!stream) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	while (!is_found && (entry = readdir(stream)))
		is_found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	(void)closedir(stream);
	return is_found;
}

/* A failure of ours or of the host, in a sentence that says whose it is and what to do. */
static const char *not_graded(const struct mp_error *err, struct arena *arena)
{
	static const struct {
		enum mp_fault fault;
		const char *before, *behind;
	} rows[] = {
		{MP_FAULT_CONTENT, "The exercise is broken, not your work: ",
		 "Tell whoever looks after the exercises."},
		{MP_FAULT_INPUT,
		 "The repository could not be read to its end: ", "Then grade it again."},
		{MP_FAULT_BUG, "This is a bug of milepost, not your work: ", "Please report it."},
	};

	if (err->code == -ENOPKG)
		return arena_text(arena, err->text);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].fault == err->fault)
			return arena_format(arena, "%s%s. %s", rows[i].before, err->text,
					    rows[i].behind);
	}
	return arena_format(
		arena,
		"This machine failed, not your work: %s. Try again; milepost doctor says what it lacks.",
		err->text);
}

int grade_exercise(const struct grade_request *request, struct card *ret_card, struct mp_error *err)
{
	struct grading grading = {
		.request = request,
		.outcomes = arena_alloc(request->arena, request->exercise->check_count,
					sizeof(struct outcome)),
	};
	int64_t begun_ms = clock_now_ms();
	struct mp_error ours = {0};
	int ret = 0;

	ret_card->outcomes = NULL;
	if (has_files(request->tree_fd, request->folder) && exercise_is_static(request->exercise)) {
		ret = grade_files(&grading, &ours);
		ret_card->outcomes = grading.outcomes;
	} else if (has_files(request->tree_fd, request->folder)) {
		ret = grade_on_bench(&grading, ret_card, &ours);
	}

	ret_card->exercise = request->exercise;
	ret_card->seed = request->seed;
	ret_card->wall_ms = clock_now_ms() - begun_ms;
	if (ret == -ENOMEM) {
		if (err)
			*err = ours;
		return ret;
	}
	if (ret < 0) {
		ret_card->outcomes = NULL;
		ret_card->not_graded = not_graded(&ours, request->arena);
		ret_card->is_package_missing = ret == -ENOPKG;
	}
	return 0;
}
