/* SPDX-License-Identifier: MIT */
/*
 * milepost prove: the exercises' own test. References earn everything with each seed, starters what is
 * declared, every known-bad submission exactly its score and its failed checks.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/bench/store.h"
#include "grader/cmd/assess.h"
#include "grader/cmd/commits.h"
#include "grader/cmd/lanes.h"
#include "grader/cmd/starter.h"
#include "grader/grade/grade.h"
#include "grader/intake/folder.h"
#include "grader/score/score.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"
#include "sandbox/base/process.h"

struct prove_options {
	int64_t seeds;
	int64_t first;
	const char *exercises;
	int trust;
	int64_t jobs;
	const char *packs; /* no option: folder of the built packs; NULL: none */
};

enum { SEEDS_DEFAULT = 20, BAD_SEEDS = 5 };

static const struct field prove_fields[] = {
	{"seeds", FIELD_COUNT, offsetof(struct prove_options, seeds), 1, 1000,
	 "how many seeds for the references (default: 20); at most 5 of them for the known-bad ones",
	 NULL, false},
	{"first-seed", FIELD_COUNT, offsetof(struct prove_options, first), 1, INT64_MAX - 1000,
	 "the first seed; the others follow (default: 1)", NULL, false},
	{"jobs", FIELD_COUNT, offsetof(struct prove_options, jobs), 1, 64,
	 "how many exercises at a time (default: one for each core)", NULL, false},
	OPTION_EXERCISES(prove_options),
	OPTION_TRUST(prove_options),
};

/* One exercise being proved. */
struct proof {
	struct context *context;
	const struct exercise *exercise;
	const struct prove_options *options;
	const char *work; /* a folder of ours */
	int work_fd;
	struct bench_store
		*store; /* owned: inputs and the model's answers, the same for every submission */
	size_t runs, failures;
	size_t lacks; /* submissions whose language is not on this machine */
};

/* What one submission must come to. */
struct claim {
	const char *what; /* "reference/python" */
	const char *tree; /* folder below work */
	int64_t score;
	const struct text_list *fails; /* NULL: not asked */
	int64_t seeds;
	bool is_begun; /* the tree is what a learner has begun and not committed */
};

/* Where a submission lies: a folder of ours, or what intake made of a repository. */
struct place {
	struct submission *submission; /* owned; NULL: the tree as it lies below work */
	const char *tree, *folder;
	int tree_fd;
};

static bool is_listed(const struct text_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i], id) == 0)
			return true;
	}
	return false;
}

static bool is_failed(const struct outcome *outcome)
{
	return outcome->verdict == VERDICT_FAIL || outcome->verdict == VERDICT_LIMIT;
}

/* Say every difference between CARD and CLAIM; returns how many. */
static size_t compare(const struct proof *proof, const struct claim *claim, const struct card *card,
		      struct text *into)
{
	size_t differences = 0;

	if (card->not_graded) {
		text_addf(into, "    not graded: %s\n", card->not_graded);
		return 1;
	}
	if (card->score != claim->score) {
		text_addf(into, "    score %lld, wanted %lld\n", (long long)card->score,
			  (long long)claim->score);
		differences++;
	}
	for (size_t i = 0; i < proof->exercise->check_count; i++) {
		const struct check *check = &proof->exercise->checks[i];
		const struct outcome *outcome = &card->outcomes[i];
		bool is_wanted = claim->fails && is_listed(claim->fails, check->id);

		if (claim->fails && is_failed(outcome) == is_wanted)
			continue;
		if (!claim->fails && (!is_failed(outcome) || card->score == claim->score))
			continue;
		differences++;
		text_addf(into, "    %s: %s, wanted %s%s%s\n", check->id,
			  verdict_words[outcome->verdict], is_wanted ? "fail" : "pass",
			  outcome->message ? ": " : "", outcome->message ? outcome->message : "");
	}
	return differences;
}

static const char *work_path(const struct proof *proof, const char *name)
{
	return arena_format(proof->context->arena, "%s/%s", proof->work, name);
}

static bool has_commits(int dir_fd, const char *folder, struct arena *arena)
{
	mp_autofd int fd =
		path_open_below(dir_fd, arena_format(arena, "%s/%s", folder, commits_file), O_PATH);

	return fd >= 0;
}

/* A new, empty folder below work. */
static int make_folder(struct proof *proof, const char *name, struct mp_error *err)
{
	(void)path_remove_tree(proof->work_fd, name);
	if (mkdirat(proof->work_fd, name, 0755) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "making the folder '%s'", name);
	return 0;
}

/* The repository that TREE describes; or, for a starter, the template with TREE as the exercise's folder. */
static int make_repository(struct proof *proof, const struct claim *claim, struct mp_error *err)
{
	struct arena *arena = proof->context->arena;
	struct commits_request request = {
		.from_fd = claim->is_begun ? proof->exercise->folder_fd : proof->work_fd,
		.folder = claim->is_begun ? arena_format(arena, "reference/%s",
							 proof->exercise->references.items[0])
					  : claim->tree,
		.exercises = proof->options->exercises,
		.dir = work_path(proof, "repository"),
		.is_begun = claim->is_begun,
	};
	int ret = make_folder(proof, "repository", err);

	if (ret == 0)
		ret = commits_make(&request, err);
	if (ret == 0 && claim->is_begun)
		ret = files_copy(proof->work_fd, claim->tree, proof->work_fd,
				 arena_format(arena, "repository/%s",
					      learner_folder(arena, proof->exercise->id)),
				 NULL, err);
	return ret;
}

/*
 * A submission that is a history becomes a repository, which is read as any other. Files alone are read as
 * a work tree without a repository when the exercise asks for them alone, and lie ready for a program.
 */
static int place_open(struct proof *proof, const struct claim *claim, struct place *ret_place,
		      struct mp_error *err)
{
	struct arena *arena = proof->context->arena;
	const char *described = claim->is_begun ? arena_format(arena, "reference/%s",
							       proof->exercise->references.items[0])
						: claim->tree;
	bool is_repository = has_commits(
		claim->is_begun ? proof->exercise->folder_fd : proof->work_fd, described, arena);
	struct intake_request intake = {
		.launcher = proof->context->launcher,
		.repository = work_path(proof, is_repository ? "repository" : claim->tree),
		.is_worktree = !is_repository || claim->is_begun,
		.program = proof->context->program,
		.may_miss = proof->context->may_miss,
	};
	int ret = is_repository ? make_repository(proof, claim, err) : 0;

	*ret_place = (struct place){.tree_fd = -1, .folder = "."};
	if (ret == 0 && (is_repository || exercise_is_static(proof->exercise)))
		ret = intake_open(&intake, &ret_place->submission, err);
	if (ret < 0)
		return ret;
	if (ret_place->submission) {
		ret_place->tree = ret_place->submission->tree;
		ret_place->tree_fd = dup(ret_place->submission->tree_fd);
	} else {
		ret_place->tree = work_path(proof, claim->tree);
		ret_place->tree_fd =
			path_open_below(proof->work_fd, claim->tree, O_RDONLY | O_DIRECTORY);
	}
	if (is_repository)
		ret_place->folder = learner_folder(arena, proof->exercise->id);
	return ret_place->tree_fd < 0 ? mp_fail(err, MP_FAULT_HOST, -errno, "'%s'", claim->tree)
				      : 0;
}

static void place_close(struct place *place)
{
	if (place->tree_fd >= 0)
		(void)close(place->tree_fd);
	place->submission = submission_close(place->submission);
}

/* Grade one tree with one seed and compare. */
static int prove_once(struct proof *proof, const struct claim *claim, const struct place *place,
		      uint64_t seed, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text differences;
	struct card card = {
		.exercise = proof->exercise, .seed = seed, .commit = "", .folder = place->folder};
	struct grade_request request = {
		.launcher = proof->context->launcher,
		.exercise = proof->exercise,
		.tree = place->tree,
		.tree_fd = place->tree_fd,
		.submission = place->submission,
		.folder = place->folder,
		.seed = seed,
		.may_miss = proof->context->may_miss,
		.arena = arena,
		.store = proof->store,
		.packs = proof->options->packs,
	};
	int ret;

	text_init(&differences, 64 << 10);
	ret = grade_exercise(&request, &card, err);
	if (ret < 0)
		return ret;
	score_card(&card);
	proof->runs++;
	if (card.is_package_missing) {
		proof->lacks++;
		(void)printf("  LACKS  %s: %s\n", claim->what, card.not_graded);
		return 0;
	}
	if (compare(proof, claim, &card, &differences) == 0)
		return 0;
	proof->failures++;
	(void)printf("  WRONG  %s, seed %llu\n%s", claim->what, (unsigned long long)seed,
		     text_get(&differences));
	return 0;
}

static int prove_claim(struct proof *proof, const struct claim *claim, struct mp_error *err)
{
	size_t failures = proof->failures;
	size_t lacks = proof->lacks;
	int64_t begun_ms = clock_now_ms();
	struct place place;
	int ret = place_open(proof, claim, &place, err);

	for (int64_t i = 0; ret == 0 && proof->lacks == lacks && i < claim->seeds; i++)
		ret = prove_once(proof, claim, &place, (uint64_t)(proof->options->first + i), err);
	place_close(&place);
	if (ret == 0 && proof->failures == failures && proof->lacks == lacks)
		(void)printf("  ok     %-28s %3lld   %lld seed%s, %lld ms each\n", claim->what,
			     (long long)claim->score, (long long)claim->seeds,
			     claim->seeds == 1 ? "" : "s",
			     (long long)((clock_now_ms() - begun_ms) / claim->seeds));
	(void)fflush(stdout);
	return ret < 0 ? mp_wrap(err, "%s", claim->what) : 0;
}

/* A copy of the exercise's folder FROM as work/TREE. */
static int lay_out(struct proof *proof, const char *from, const char *tree, struct mp_error *err)
{
	int ret = make_folder(proof, tree, err);

	return ret < 0 ? ret
		       : files_copy(proof->exercise->folder_fd, from, proof->work_fd, tree, NULL,
				    err);
}

static int apply_patch(struct proof *proof, const char *patch, const char *tree,
		       struct mp_error *err)
{
	struct arena *arena = proof->context->arena;
	const char *argv[] = {"git", "apply", "--whitespace=nowarn",
			      arena_format(arena, "%s/%s", proof->exercise->folder, patch), NULL};
	/* The work folder may lie below some repository, whose settings are none of ours. */
	const char *env[] = {"PATH=/usr/local/bin:/usr/bin:/bin",
			     "LANG=C",
			     "GIT_CONFIG_NOSYSTEM=1",
			     "HOME=/nonexistent",
			     arena_format(arena, "GIT_CEILING_DIRECTORIES=%s", proof->work),
			     NULL};
	mp_autotext struct text output;
	int status;

	text_init(&output, 512);
	status = process_run(argv, env, arena_format(arena, "%s/%s", proof->work, tree), &output,
			     err);
	if (status > 0)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "%s: %s does not apply: %s",
			       proof->exercise->id, patch, text_get(&output));
	return status;
}

static int prove_reference(struct proof *proof, const char *name, struct mp_error *err)
{
	static const struct text_list none = {0};
	struct claim claim = {arena_format(proof->context->arena, "reference/%s", name),
			      "tree",
			      100,
			      &none,
			      proof->options->seeds,
			      false};
	int ret = lay_out(proof, claim.what, claim.tree, err);

	return ret < 0 ? ret : prove_claim(proof, &claim, err);
}

static int prove_starter(struct proof *proof, const char *name, struct mp_error *err)
{
	struct claim claim = {arena_format(proof->context->arena, "starter/%s", name),
			      "tree",
			      proof->exercise->starter,
			      NULL,
			      1,
			      true};
	mp_autofd int fd =
		path_open_below(proof->exercise->folder_fd, claim.what, O_PATH | O_DIRECTORY);
	int ret;

	if (fd < 0)
		return 0;
	ret = lay_out(proof, claim.what, claim.tree, err);
	return ret < 0 ? ret : prove_claim(proof, &claim, err);
}

static int prove_bad(struct proof *proof, const struct known_bad *bad, struct mp_error *err)
{
	struct arena *arena = proof->context->arena;
	const char *of = bad->of ? bad->of : proof->exercise->references.items[0];
	const char *patch = arena_format(arena, "bad/%s.patch", bad->name);
	struct claim claim = {arena_format(arena, "bad/%s", bad->name),
			      "tree",
			      bad->score,
			      &bad->fails,
			      proof->options->seeds < BAD_SEEDS ? proof->options->seeds : BAD_SEEDS,
			      false};
	mp_autofd int folder =
		path_open_below(proof->exercise->folder_fd, claim.what, O_PATH | O_DIRECTORY);
	int ret;

	if (folder >= 0) {
		ret = lay_out(proof, claim.what, claim.tree, err);
	} else {
		ret = lay_out(proof, arena_format(arena, "reference/%s", of), claim.tree, err);
		if (ret == 0)
			ret = apply_patch(proof, patch, claim.tree, err);
	}
	return ret < 0 ? ret : prove_claim(proof, &claim, err);
}

static int prove_all(struct proof *proof, struct mp_error *err)
{
	const struct exercise *exercise = proof->exercise;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < exercise->references.count; i++)
		ret = prove_reference(proof, exercise->references.items[i], err);
	for (size_t i = 0; ret == 0 && i < exercise->references.count; i++)
		ret = prove_starter(proof, exercise->references.items[i], err);
	if (ret == 0)
		ret = prove_starter(proof, STARTER_OF_ALL, err);
	for (size_t i = 0; ret == 0 && i < exercise->known_bad_count; i++)
		ret = prove_bad(proof, &exercise->known_bad[i], err);
	return ret;
}

static int prove_exercise(struct context *context, const struct prove_options *options,
			  const struct road *road, const char *id, struct proof *whole,
			  struct mp_error *err)
{
	struct proof proof = {.context = context, .options = options, .work_fd = -1};
	struct exercise *exercise = NULL;
	struct work_folder work = WORK_FOLDER_NONE;
	int ret = find_exercise(road, id, &exercise, err);

	if (ret == 0)
		ret = work_folder_open(&work, err);
	if (ret == 0) {
		proof.exercise = exercise;
		proof.work = work.tree;
		proof.work_fd = work.tree_fd;
		proof.store = bench_store_new();
		(void)printf("%s\n", id);
		ret = prove_all(&proof, err);
	}
	proof.store = bench_store_free(proof.store);
	work_folder_close(&work);
	whole->failures += proof.failures;
	whole->lacks += proof.lacks;
	if (ret == 0)
		(void)printf("  %zu gradings, %zu not as declared, %zu not possible here\n",
			     proof.runs, proof.failures, proof.lacks);
	exercise = exercise_free(exercise);
	return ret;
}

/* The statuses of several proofs as one: a proof that broke off weighs most. */
static int join_status(int one, int other)
{
	static const int lighter[] = {0, 4, 3};

	for (size_t i = 0; i < sizeof(lighter) / sizeof(lighter[0]); i++) {
		if (one == lighter[i])
			return other;
		if (other == lighter[i])
			return one;
	}
	return one;
}

/* Each exercise by a process of its own, as this command would prove it alone. */
static int prove_in_lanes(struct context *context, const struct prove_options *options,
			  const char *const *ids, size_t count, struct mp_error *err)
{
	struct arena *arena = context->arena;
	struct lane *lanes = arena_alloc(arena, count * sizeof(*lanes), _Alignof(struct lane));
	int status = 0;
	int ret;

	for (size_t i = 0; i < count; i++) {
		const char *argv[] = {
			context->program,
			"prove",
			ids[i],
			arena_format(arena, "--seeds=%lld", (long long)options->seeds),
			arena_format(arena, "--first-seed=%lld", (long long)options->first),
			arena_format(arena, "--exercises=%s", options->exercises),
			arena_format(arena, "--trust=%s", trust_words[options->trust]),
			NULL,
		};
		const char **kept = arena_alloc(arena, sizeof(argv), _Alignof(const char *));

		memcpy(kept, argv, sizeof(argv));
		lanes[i] = (struct lane){.argv = kept};
	}
	ret = lanes_run(lanes, count, (size_t)options->jobs, err);
	for (size_t i = 0; ret == 0 && i < count; i++)
		status = join_status(status, lanes[i].status);
	return ret < 0 ? ret : status;
}

static int prove_here(struct context *context, const struct prove_options *options,
		      const struct road *road, const char *const *ids, size_t count,
		      struct mp_error *err)
{
	struct proof whole = {0};
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = prove_exercise(context, options, road, ids[i], &whole, err);
	if (ret < 0)
		return ret;
	return whole.failures > 0 ? 3 : whole.lacks > 0 ? 4 : 0;
}

static int run_prove(struct context *context, const void *given, const struct text_list *words,
		     struct mp_error *err)
{
	struct prove_options options = *(const struct prove_options *)given;
	struct road *road = NULL;
	const char *const *ids = words->items;
	const char *missing;
	size_t count = words->count;
	int ret = context_exercises(context, options.exercises, &options.exercises, err);

	if (ret == 0)
		ret = context_packs(context, &options.packs, err);
	if (options.seeds == 0)
		options.seeds = SEEDS_DEFAULT;
	if (options.first == 0)
		options.first = 1;
	if (options.jobs == 0)
		options.jobs = (int64_t)lanes_of_machine();
	context_trust(context, (enum trust)options.trust);
	intake_sweep();
	if (ret == 0)
		ret = look_at_host(context, trust_words[options.trust], &missing, err);
	if (ret == 0)
		ret = load_road(options.exercises, &road, err);
	if (ret != 0)
		return ret;
	if (count == 0) {
		ids = (const char *const *)road->published;
		count = road->published_count;
	}
	ret = count > 1 && options.jobs > 1 ? prove_in_lanes(context, &options, ids, count, err)
					    : prove_here(context, &options, road, ids, count, err);
	road = road_free(road);
	return ret;
}

const struct command command_prove = {
	.name = "prove",
	.usage = "[ID]... [OPTION]...",
	.summary = "test exercises: references earn all, bad ones lose what is named",
	.options = prove_fields,
	.option_count = sizeof(prove_fields) / sizeof(prove_fields[0]),
	.option_bytes = sizeof(struct prove_options),
	.words_high = 100,
	.opens_boxes = true,
	.run = run_prove,
};
