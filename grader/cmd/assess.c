/* SPDX-License-Identifier: MIT */
/* Assess: intake, choice, grade, score, in this order; each step's result is the next one's input. */
#include "grader/cmd/assess.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "grader/bench/pack.h"
#include "grader/cmd/known.h"
#include "grader/cmd/starter.h"
#include "grader/cmd/stream.h"
#include "grader/grade/grade.h"
#include "grader/score/score.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"
#include "sandbox/base/text.h"

enum { ALIKE_MOST = 3 }; /* ids that are offered for one that is unknown */

int parse_seed(const char *text, uint64_t *ret_seed, struct mp_error *err)
{
	uint64_t seed = 0;
	const char *c = text;

	for (; *c >= '0' && *c <= '9'; c++) {
		if (__builtin_mul_overflow(seed, 10U, &seed) ||
		    __builtin_add_overflow(seed, (uint64_t)(*c - '0'), &seed))
			break;
	}
	if (*c || c == text)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--seed: '%s' is not a whole number from 0 to 18446744073709551615",
			       text);
	*ret_seed = seed;
	return 0;
}

const char *learner_folder(struct arena *arena, const char *id)
{
	return arena_format(arena, "exercises/%s", id);
}

/* Print what is wrong with WHAT; an error for it then only counts, it does not say the first anew. */
static int print_complaints(struct complaint_list *list, const char *what, int ret,
			    struct mp_error *err)
{
	size_t count = list->error_count;

	(void)fputs(text_get(&list->text), stderr);
	complaint_list_done(list);
	if (ret == -EBADMSG && count > 0)
		return mp_fail(err, MP_FAULT_CONTENT, ret, "%s has %zu mistake%s, named above",
			       what, count, count == 1 ? "" : "s");
	return ret;
}

int load_road(const char *exercises, struct road **ret_road, struct mp_error *err)
{
	struct complaint_list list = {0};
	int ret = road_load(exercises, ret_road, &list, err);

	return print_complaints(&list, "the road (milestones.yaml)", ret, err);
}

int load_exercise(const struct road *road, const char *id, struct exercise **ret_exercise,
		  struct mp_error *err)
{
	struct complaint_list list = {0};
	char what[64];
	int ret = exercise_load(road, id, grade_probes, ret_exercise, &list, err);

	(void)snprintf(what, sizeof(what), "the exercise '%s'", id);
	return print_complaints(&list, what, ret, err);
}

int unknown_exercise(const struct road *road, const char *id, struct mp_error *err)
{
	const char *alike[ALIKE_MOST];
	size_t count = road_alike(road, id, alike, ALIKE_MOST);
	const char *near = road_nearest(road, id);
	mp_autotext struct text shown = {0};

	for (size_t i = 0; i < count && i < ALIKE_MOST; i++)
		text_addf(&shown, "%s'%s'", i > 0 ? " or " : "", alike[i]);
	if (road_find(road, id))
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"exercise '%s' is on the road, but not published yet; milepost list shows which are",
			id);
	if (count > 0)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "unknown exercise '%s'; did you mean %s?%s", id, text_get(&shown),
			       count > ALIKE_MOST ? " milepost list shows them all" : "");
	if (near)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "unknown exercise '%s'; did you mean '%s'?", id, near);
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
		       "unknown exercise '%s'; milepost list shows them", id);
}

static bool is_published(const struct road *road, const char *id)
{
	for (size_t i = 0; i < road->published_count; i++) {
		if (strcmp(road->published[i], id) == 0)
			return true;
	}
	return false;
}

int find_exercise(const struct road *road, const char *id, struct exercise **ret_exercise,
		  struct mp_error *err)
{
	if (!is_published(road, id))
		return unknown_exercise(road, id, err);
	return load_exercise(road, id, ret_exercise, err);
}

static bool is_there(const struct submission *submission, const char *folder)
{
	mp_autofd int fd = path_open_below(submission->tree_fd, folder, O_PATH | O_DIRECTORY);

	return fd >= 0;
}

/* The ids to grade: the ones asked for, each once, or every published one that is open and whose folder is there. */
static int choose(struct context *context, const struct assess_request *request,
		  struct assessment *so_far, struct text_list *ret_ids, struct mp_error *err)
{
	const struct road *road = so_far->road;
	const char *const *from = request->ids->count ? (const char *const *)request->ids->items
						      : (const char *const *)road->published;
	size_t count = request->ids->count ? request->ids->count : road->published_count;

	*ret_ids = (struct text_list){0};
	for (size_t i = 0; i < count; i++) {
		struct text_list *list;
		bool is_twice = false;
		const char **place;

		if (!is_published(road, from[i]))
			return unknown_exercise(road, from[i], err);
		for (size_t j = 0; j < ret_ids->count; j++)
			is_twice = is_twice || strcmp(ret_ids->items[j], from[i]) == 0;
		if (is_twice ||
		    (request->ids->count == 0 &&
		     !is_there(so_far->submission, learner_folder(context->arena, from[i]))))
			continue;
		list = request->ids->count == 0 && request->known &&
				       known_is_closed(request->known, from[i])
			       ? &so_far->closed
			       : ret_ids;
		place = arena_push(context->arena, &list->items, &list->count, sizeof(*place));
		*place = from[i];
	}
	return 0;
}

/* The input key of CARD's exercise, and the seed that is drawn from it unless one was given. */
static int pick_seed(struct context *context, const struct assess_request *request,
		     struct submission *submission, struct card *card, struct mp_error *err)
{
	char key[INPUT_KEY_HEX];
	int ret =
		grade_input_key(card->exercise, submission, card->folder, request->packs, key, err);

	if (ret < 0)
		return ret;
	card->input_key = arena_text(context->arena, key);
	if (request->seed)
		return parse_seed(request->seed, &card->seed, err);
	card->seed = grade_seed(card->exercise->hash, key,
				request->site_key ? request->site_key : "milepost");
	return 0;
}

static void say_progress(void *context, const struct check *check, const struct outcome *outcome)
{
	const char *id = context;

	(void)fprintf(stderr, "\r\033[K%s: %s %s", id, check->id, verdict_words[outcome->verdict]);
}

static int grade_one(struct context *context, const struct assess_request *request,
		     struct submission *submission, struct card *card, struct mp_error *err)
{
	bool is_watched = !request->stream && isatty(STDERR_FILENO) == 1;
	const struct exercise *exercise = card->exercise;
	struct grade_request wanted = {
		.launcher = context->launcher,
		.exercise = exercise,
		.tree = submission->tree,
		.tree_fd = submission->tree_fd,
		.submission = submission,
		.folder = card->folder,
		.start = request->start,
		.seed = card->seed,
		.may_miss = context->may_miss,
		.packs = request->packs,
		.arena = context->arena,
		.progress = is_watched ? say_progress : NULL,
		.progress_context = (void *)(uintptr_t)exercise->id,
	};
	int ret;

	if (request->stream) {
		wanted.progress = stream_check;
		wanted.ready = stream_ready;
		wanted.progress_context = request->stream;
	}
	ret = grade_exercise(&wanted, card, err);
	if (is_watched)
		(void)fputs("\r\033[K", stderr);
	return ret;
}

/* A card that is not graded yet, in the next place of the scorecard; or the score that is kept in its stead. */
static int prepare_card(struct context *context, const struct assess_request *request,
			struct assessment *assessment, const struct exercise *exercise,
			struct mp_error *err)
{
	struct card *card = &assessment->scorecard.cards[assessment->scorecard.card_count];
	const struct known_score *kept = NULL;
	int ret;

	*card = (struct card){.exercise = exercise, .commit = assessment->scorecard.commit};
	card->folder =
		request->folder ? request->folder : learner_folder(context->arena, exercise->id);
	ret = pick_seed(context, request, assessment->submission, card, err);
	if (ret < 0)
		return ret;
	if (request->known && !request->seed && !exercise_is_timed(exercise))
		kept = known_unchanged(request->known, exercise->id, exercise->hash,
				       card->input_key);
	if (!kept) {
		assessment->scorecard.card_count++;
		return 0;
	}
	assessment->kept_ids[assessment->kept_count] = exercise->id;
	assessment->kept[assessment->kept_count++] = kept;
	return 0;
}

static int make_card(struct context *context, const struct assess_request *request,
		     struct assessment *assessment, struct card *card, struct mp_error *err)
{
	struct submission *submission = assessment->submission;
	int ret;

	if (!is_there(submission, card->folder)) {
		card->status = STATUS_NOT_STARTED;
		return 0;
	}
	ret = starter_is_untouched(card->exercise, submission->tree_fd, card->folder,
				   &card->is_untouched, err);
	if (ret == 0)
		ret = grade_one(context, request, submission, card, err);
	if (ret == 0)
		score_card(card);
	return ret;
}

/* "node 3f2a90c1": each pack that was built, by the hash of its lock file. */
static const char *built_packs(struct context *context, const char *folder)
{
	mp_autotext struct text words;

	text_init(&words, 1000);
	for (const struct pack *pack = packs; pack->word; pack++) {
		const char *version = grade_pack_version(pack, folder, context->arena);

		if (version)
			text_addf(&words, "%s%s %s", words.length ? ", " : "", pack->word, version);
	}
	return words.length ? arena_text(context->arena, text_get(&words)) : NULL;
}

static void fill_run(struct context *context, const struct assess_request *request,
		     struct assessment *assessment)
{
	struct utsname host;
	struct tm when;
	time_t now = time(NULL);
	char stamp[32];
	const char **notes =
		arena_alloc(context->arena, assessment->submission->fact_count + 1, sizeof(*notes));

	for (size_t i = 0; i < assessment->submission->fact_count; i++)
		notes[i] = arena_text(context->arena, assessment->submission->facts[i].text);
	(void)gmtime_r(&now, &when);
	(void)strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &when);
	assessment->run.packs = built_packs(context, request->packs);
	assessment->run.started_at = arena_text(context->arena, stamp);
	assessment->run.kernel = uname(&host) == 0 ? arena_text(context->arena, host.release) : "";
	assessment->run.repository = request->repository;
	assessment->run.trust = request->trust;
	assessment->run.notes = notes;
}

int look_at_host(struct context *context, const char *trust, const char **ret_missing,
		 struct mp_error *err)
{
	struct mp_layer_state states[MP_LAYER_COUNT];
	mp_autotext struct text words;
	int ret = mp_host_check(states, err);

	if (ret < 0)
		return ret;
	text_init(&words, 1024);
	for (int i = 0; i < MP_LAYER_COUNT; i++) {
		if (states[i].is_present)
			continue;
		if (!context->may_miss[i])
			return mp_fail(
				err, MP_FAULT_HOST, -EBADMSG,
				"%s needs the layer '%s', which this machine lacks (%s). To do: %s",
				strcmp(trust, trust_words[TRUST_FOREIGN]) == 0 ? "--trust=foreign"
									       : "the sandbox",
				mp_layer_word(states[i].layer), states[i].detail, states[i].remedy);
		text_addf(&words, "%s%s", words.length ? " " : "", mp_layer_word(states[i].layer));
	}
	*ret_missing = arena_text(context->arena, text_get(&words));
	return 0;
}

/* The folder of the file at PATH: a report's, which stays writable. */
static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_bytes(arena, path, (size_t)(slash - path) + 1) : ".";
}

/* From here on this process parses what boxes say: it keeps its work folders, the exercises, the reports' folders. */
static int lock_down(struct context *context, const struct assess_request *request,
		     struct mp_error *err)
{
	const char *temporary = getenv("TMPDIR");
	const char *const readable[] = {request->exercises, request->repository,
					request->packs ? request->packs : request->exercises, NULL};
	const char **writable = NULL;
	size_t count = 0;

	for (const char *const *file = request->written; file && *file; file++)
		*(const char **)arena_push(context->arena, &writable, &count, sizeof(*writable)) =
			folder_of(context->arena, *file);
	for (size_t i = 0; i < 4; i++)
		*(const char **)arena_push(context->arena, &writable, &count, sizeof(*writable)) =
			((const char *const[]){"/tmp", "/dev/shm", temporary, NULL})[i];
	return mp_client_lock(readable, writable, err);
}

void assess_road(const struct road *road, struct scorecard *scorecard)
{
	mp_autoarena struct arena *arena = arena_new();
	struct score_entry *entries = arena_alloc(arena, road->entry_count + 1, sizeof(*entries));
	struct score_road view = {.entries = entries, .entry_count = road->entry_count};

	for (int i = 0; i < MILESTONES; i++)
		view.titles[i] = road->milestones[i].title;
	for (size_t i = 0; i < road->entry_count; i++) {
		const struct road_entry *entry = &road->entries[i];

		entries[i] = (struct score_entry){entry->id,	 entry->milestone,
						  entry->duty,	 entry->one_of,
						  entry->points, is_published(road, entry->id)};
	}
	score_road(&view, scorecard);
}

/* Load what is to be graded, in the order of the road, and see what is kept. */
static int prepare_cards(struct context *context, const struct assess_request *request,
			 struct assessment *assessment, struct mp_error *err)
{
	struct text_list ids;
	int ret = choose(context, request, assessment, &ids, err);

	if (ret < 0)
		return ret;
	assessment->exercises =
		arena_alloc(context->arena, ids.count + 1, sizeof(struct exercise *));
	assessment->scorecard.cards =
		arena_alloc(context->arena, ids.count + 1, sizeof(struct card));
	assessment->kept = arena_alloc(context->arena, ids.count + 1, sizeof(*assessment->kept));
	assessment->kept_ids =
		arena_alloc(context->arena, ids.count + 1, sizeof(*assessment->kept_ids));
	for (size_t i = 0; ret == 0 && i < ids.count; i++) {
		ret = load_exercise(assessment->road, ids.items[i], &assessment->exercises[i], err);
		if (ret == 0)
			assessment->exercise_count++;
	}
	for (size_t i = 0; ret == 0 && i < ids.count; i++)
		ret = prepare_card(context, request, assessment, assessment->exercises[i], err);
	return ret;
}

static int assess_cards(struct context *context, const struct assess_request *request,
			struct assessment *assessment, struct mp_error *err)
{
	int ret = prepare_cards(context, request, assessment, err);

	if (ret == 0)
		ret = stream_begin(request->stream, request, assessment, err);
	for (size_t i = 0; ret == 0 && i < assessment->scorecard.card_count; i++) {
		struct card *card = &assessment->scorecard.cards[i];

		stream_exercise(request->stream, card);
		ret = make_card(context, request, assessment, card, err);
		if (ret == 0)
			ret = stream_card(request->stream, request, assessment, card, err);
	}
	return ret;
}

int assess(struct context *context, const struct assess_request *request,
	   struct assessment *ret_assessment, struct mp_error *err)
{
	struct intake_request intake = {
		.launcher = context->launcher,
		.repository = request->repository,
		.revision = request->revision,
		.access = request->access,
		.is_worktree = request->is_worktree,
		.program = context->program,
		.may_miss = context->may_miss,
	};
	struct assessment done = {0};
	int64_t begun_ms = clock_now_ms();
	uint64_t ignored;
	int ret = request->seed ? parse_seed(request->seed, &ignored, err) : 0;

	if (ret == 0)
		ret = look_at_host(context, request->trust, &done.run.missing_layers, err);
	if (ret == 0)
		ret = load_road(request->exercises, &done.road, err);
	for (size_t i = 0; ret == 0 && i < request->ids->count; i++) {
		if (!is_published(done.road, request->ids->items[i]))
			ret = unknown_exercise(done.road, request->ids->items[i], err);
	}
	intake_sweep();
	if (ret == 0)
		ret = lock_down(context, request, err);
	if (ret == 0)
		ret = intake_open(&intake, &done.submission, err);
	if (ret == 0) {
		memcpy(done.scorecard.commit, done.submission->commit,
		       sizeof(done.scorecard.commit));
		fill_run(context, request, &done);
		*ret_assessment = done;
		ret = assess_cards(context, request, ret_assessment, err);
		done = *ret_assessment;
	}
	if (ret < 0) {
		assessment_close(&done);
		*ret_assessment = (struct assessment){0};
		return ret;
	}
	assess_road(ret_assessment->road, &ret_assessment->scorecard);
	stream_finish(request->stream, request, ret_assessment);
	ret_assessment->run.wall_ms = clock_now_ms() - begun_ms;
	return 0;
}

void assessment_close(struct assessment *assessment)
{
	for (size_t i = 0; i < assessment->exercise_count; i++)
		assessment->exercises[i] = exercise_free(assessment->exercises[i]);
	assessment->exercise_count = 0;
	assessment->scorecard.card_count = 0;
	assessment->submission = submission_close(assessment->submission);
	assessment->road = road_free(assessment->road);
}
