/* SPDX-License-Identifier: MIT */
/* The stream of events of one grading. */
#include "grader/cmd/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/cmd/known.h"
#include "grader/cmd/speak.h"
#include "grader/report/push.h"
#include "grader/report/report.h"
#include "grader/report/words.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum {
	BRIEF_FROM = 3, /* so many graded exercises have one line each */
	NOTES_TOLD = 3,
};

struct stream {
	int fd;
	bool is_over;			 /* the reader has gone */
	bool is_brief;			 /* one line for each exercise */
	bool is_ready_told;		 /* of the exercise that is graded */
	bool is_named;			 /* its lines have begun with its name */
	struct language *language;	 /* owned; NULL: English */
	struct language *before;	 /* what was spoken before */
	const struct exercise *exercise; /* borrowed: that is graded */
	struct push_checks checks;
	struct text last; /* owned: lines of the event ended */
};

/* --- writing ------------------------------------------------------------------------------- */

bool stream_is_inherited(int fd)
{
	/* All that this program opens itself is closed when another one is started. */
	int flags = fcntl(fd, F_GETFD);

	return flags >= 0 && !(flags & FD_CLOEXEC) && fcntl(fd, F_SETFD, flags | FD_CLOEXEC) == 0;
}

int stream_open(int fd, struct stream **ret_stream, struct mp_error *err)
{
	struct stream *stream;

	if (!stream_is_inherited(fd))
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"--events: descriptor %d is not open; in a shell: milepost grade ... --events %d %d> FILE",
			fd, fd, fd);
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "a stream of events");
	stream->fd = fd;
	*ret_stream = stream;
	return 0;
}

/* A text as a value. What is no UTF-8 is shown as \xNN. */
static json_t *text_value(const char *text)
{
	json_t *value = json_string(text);
	mp_autotext struct text visible = {0};

	if (value)
		return value;
	text_add_visible(&visible, text, strlen(text), strlen(text));
	return json_string(text_get(&visible));
}

static void put_text(json_t *object, const char *key, const char *text)
{
	(void)json_object_set_new(object, key, text_value(text));
}

static void put_number(json_t *object, const char *key, int64_t value)
{
	(void)json_object_set_new(object, key, json_integer(value));
}

static json_t *lines_value(const struct text *lines)
{
	json_t *array = json_array();

	for (const char *at = text_get(lines); *at;) {
		size_t count = strcspn(at, "\n");
		mp_autotext struct text line = {0};

		text_add_bytes(&line, at, count);
		(void)json_array_append_new(array, text_value(text_get(&line)));
		at += count + (at[count] == '\n');
	}
	return array;
}

static int add_bytes(const char *bytes, size_t count, void *into)
{
	text_add_bytes(into, bytes, count);
	return 0;
}

/* Write BODY, which becomes the stream's, as an event of KIND with LINES (NULL: none). */
static void send(struct stream *stream, const char *kind, json_t *body, const struct text *lines)
{
	mp_autotext struct text line = {0};
	int ret = 0;

	put_text(body, "kind", kind);
	(void)json_object_set_new(body, "lines", lines ? lines_value(lines) : json_array());
	(void)json_dump_callback(body, add_bytes, &line, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(body);
	text_add_char(&line, '\n');
	if (line.is_cut)
		ret = -EFBIG;
	else if (!stream->is_over)
		ret = path_write_all(stream->fd, text_get(&line), line.length);
	if (ret == 0)
		return;
	stream->is_over = true;
	if (ret != -EPIPE)
		(void)fprintf(stderr, "milepost: the events could not be written: %s\n",
			      strerrordesc_np(-ret));
}

static json_t *body_of(const char *exercise)
{
	json_t *body = json_object();

	put_text(body, "exercise", exercise);
	return body;
}

/* --- the beginning ------------------------------------------------------------------------- */

static int open_language(struct stream *stream, const struct assess_request *request,
			 const struct assessment *assessment, struct mp_error *err)
{
	int ret = speak_open(request->exercises, request->language, assessment->submission->tree_fd,
			     &stream->language, err);

	for (size_t i = 0; ret == 0 && i < assessment->exercise_count; i++)
		ret = speak_exercise(stream->language, assessment->exercises[i], err);
	stream->before = words_speak(stream->language);
	return ret;
}

static void tell_notes(struct stream *stream, const struct run_info *run)
{
	mp_autotext struct text lines = {0};

	for (int i = 0; i < NOTES_TOLD && run->notes[i]; i++)
		push_sentence(&lines, "warning: ", words_say(run->notes[i]));
	if (lines.length > 0)
		send(stream, "note", json_object(), &lines);
}

static void tell_closed(struct stream *stream, const struct assessment *assessment)
{
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text lines = {0};

	for (size_t i = 0; i < assessment->closed.count; i++)
		push_sentence(&lines, "",
			      words_say(arena_format(arena, "%s is not open yet: it is not graded.",
						     assessment->closed.items[i])));
	if (lines.length > 0)
		send(stream, "note", json_object(), &lines);
}

static void tell_kept(struct stream *stream, const struct assessment *assessment)
{
	mp_autotext struct text lines = {0};
	json_t *body = json_object();
	json_t *list = json_array();

	for (size_t i = 0; i < assessment->kept_count; i++) {
		const struct known_score *kept = assessment->kept[i];
		json_t *item = body_of(kept->exercise);

		put_number(item, "score", kept->score);
		put_number(item, "counted", kept->counted);
		put_text(item, "status", status_words[kept->status]);
		(void)json_array_append_new(list, item);
	}
	(void)json_object_set_new(body, "exercises", list);
	push_kept(&lines, assessment->kept_ids, assessment->kept_count);
	send(stream, "kept", body, &lines);
}

int stream_begin(struct stream *stream, const struct assess_request *request,
		 const struct assessment *assessment, struct mp_error *err)
{
	int ret;

	if (!stream)
		return 0;
	ret = open_language(stream, request, assessment, err);
	if (ret < 0)
		return ret;
	stream->is_brief = assessment->scorecard.card_count >= BRIEF_FROM;
	tell_notes(stream, &assessment->run);
	tell_closed(stream, assessment);
	if (assessment->kept_count > 0)
		tell_kept(stream, assessment);
	return 0;
}

/* --- while it is graded -------------------------------------------------------------------- */

void stream_exercise(struct stream *stream, const struct card *card)
{
	if (!stream)
		return;
	stream->exercise = card->exercise;
	stream->is_ready_told = false;
	stream->is_named = false;
}

void stream_ready(void *context, const char *command, int64_t after_ms)
{
	struct stream *stream = context;
	mp_autotext struct text lines = {0};
	json_t *body;

	if (stream->is_ready_told)
		return;
	stream->is_ready_told = true;
	body = body_of(stream->exercise->id);
	put_number(body, "after_ms", after_ms);
	if (!stream->is_brief)
		push_ready(&lines, stream->exercise->id, command, after_ms);
	stream->is_named = true;
	send(stream, "ready", body, &lines);
}

void stream_check(void *context, const struct check *check, const struct outcome *outcome)
{
	struct stream *stream = context;
	mp_autotext struct text lines = {0};
	json_t *body = body_of(stream->exercise->id);

	put_text(body, "check", check->id);
	put_text(body, "verdict", verdict_words[outcome->verdict]);
	/* What starts no service has not said which exercise it is. */
	if (!stream->is_brief && !stream->is_named)
		text_addf(&lines, "%s:\n", stream->exercise->id);
	stream->is_named = true;
	if (!stream->is_brief)
		push_check(&stream->checks, stream->exercise, check, outcome, &lines);
	send(stream, "checks", body, &lines);
}

/* --- the score ----------------------------------------------------------------------------- */

/* The best score of CARD's exercise so far, this one counted; -1: earlier ones are not known. */
static int64_t best_of(const struct assess_request *request, const struct card *card)
{
	const struct known_score *known;
	bool is_better;

	if (!request->known || card->status == STATUS_NOT_GRADED)
		return -1;
	known = known_best(request->known, card->exercise->id);
	is_better = !known || card->counted > known->counted ||
		    (card->counted == known->counted && card->score > known->score);
	return is_better ? card->score : known->score;
}

static void tell_card(struct stream *stream, const struct assess_request *request,
		      const struct card *card)
{
	mp_autotext struct text lines = {0};
	json_t *body = body_of(card->exercise->id);
	int64_t best = best_of(request, card);

	put_text(body, "status", status_words[card->status]);
	if (card->status == STATUS_NOT_GRADED) {
		put_text(body, "not_graded", card->not_graded);
	} else {
		put_number(body, "score", card->score);
		put_number(body, "counted", card->counted);
	}
	push_checks_end(&stream->checks, &lines);
	if (stream->is_brief)
		push_brief(&lines, card, best);
	else
		push_card(&lines, card, best);
	send(stream, "card", body, &lines);
}

/* CARD alone as a report of FORMAT, under KEY of BODY. */
static int put_report(json_t *body, const char *key, const char *format,
		      const struct scorecard *scorecard, const struct report_options *options,
		      struct mp_error *err)
{
	mp_autotext struct text text = {0};
	int ret = report_write(report_format_find(format), scorecard, options, &text, err);

	if (ret == 0)
		put_text(body, key, text_get(&text));
	return ret;
}

static int put_run(json_t *body, const struct scorecard *scorecard,
		   const struct report_options *options, struct mp_error *err)
{
	mp_autotext struct text text = {0};
	int ret = report_run(scorecard, options, &text, err);

	if (ret == 0)
		put_text(body, "run", text_get(&text));
	return ret;
}

static int tell_result(struct stream *stream, const struct scorecard *scorecard,
		       const struct run_info *run, struct mp_error *err)
{
	const struct card *card = scorecard->cards;
	const struct exercise *exercise = card->exercise;
	struct report_options learner = {.run = run, .language = stream->language};
	struct report_options instructor = learner;
	json_t *body = body_of(exercise->id);
	int ret;

	instructor.audience = AUDIENCE_INSTRUCTOR;
	put_number(body, "version", exercise->version);
	put_text(body, "hash", exercise->hash);
	put_text(body, "key", card->input_key ? card->input_key : "");
	put_text(body, "seed", SEED(card->seed));
	put_number(body, "score", card->score);
	put_number(body, "counted", card->counted);
	put_number(body, "points", exercise->points);
	put_text(body, "status", status_words[card->status]);
	put_number(body, "milestone", exercise->milestone);
	ret = put_report(body, "card", "json", scorecard, &learner, err);
	if (ret == 0)
		ret = put_report(body, "page", "html", scorecard, &learner, err);
	if (ret == 0)
		ret = put_report(body, "card_of_instructor", "json", scorecard, &instructor, err);
	if (ret == 0)
		ret = put_report(body, "page_of_instructor", "html", scorecard, &instructor, err);
	if (ret == 0)
		ret = put_run(body, scorecard, &learner, err);
	if (ret < 0) {
		json_decref(body);
		return ret;
	}
	send(stream, "result", body, NULL);
	return 0;
}

int stream_card(struct stream *stream, const struct assess_request *request,
		const struct assessment *assessment, const struct card *card, struct mp_error *err)
{
	struct scorecard alone = {.card_count = 1};
	struct run_info run = assessment->run;
	struct card copy = *card;

	if (!stream)
		return 0;
	tell_card(stream, request, card);
	if (card->status == STATUS_NOT_GRADED)
		return 0;
	memcpy(alone.commit, assessment->scorecard.commit, sizeof(alone.commit));
	alone.cards = &copy;
	assess_road(assessment->road, &alone);
	/* Where the repository lies is known to whoever reads the events. */
	run.repository = NULL;
	run.wall_ms = card->wall_ms;
	return tell_result(stream, &alone, &run, err);
}

/* --- the end ------------------------------------------------------------------------------- */

/* Of every exercise of the road the best score that is known: what the milestones stand at. */
static void fill_best(const struct assess_request *request, const struct assessment *assessment,
		      struct arena *arena, struct scorecard *ret_best)
{
	const struct known none = {0};
	const struct known *known = request->known ? request->known : &none;
	const struct scorecard *now = &assessment->scorecard;

	*ret_best = (struct scorecard){0};
	ret_best->cards = arena_alloc(arena, assessment->road->entry_count + now->card_count + 1,
				      sizeof(struct card));
	for (size_t i = 0; i < assessment->road->entry_count; i++) {
		const struct road_entry *entry = &assessment->road->entries[i];
		const struct known_score *best = known_best(known, entry->id);
		struct exercise *exercise = arena_new_of(arena, struct exercise);
		struct card *card = &ret_best->cards[ret_best->card_count++];

		exercise->id = entry->id;
		exercise->points = entry->points;
		*card = (struct card){.exercise = exercise, .status = STATUS_NOT_STARTED};
		if (best) {
			card->counted = best->counted;
			card->status = best->status;
		}
		for (size_t k = 0; k < now->card_count; k++) {
			if (strcmp(now->cards[k].exercise->id, entry->id) == 0 &&
			    now->cards[k].counted >= card->counted) {
				card->counted = now->cards[k].counted;
				card->status = now->cards[k].status;
			}
		}
	}
	assess_road(assessment->road, ret_best);
}

void stream_finish(struct stream *stream, const struct assess_request *request,
		   const struct assessment *assessment)
{
	mp_autoarena struct arena *arena = arena_new();
	struct scorecard best;

	if (!stream)
		return;
	if (assessment->exercise_count == 0) {
		const char *first =
			assessment->road->published_count ? assessment->road->published[0] : "ID";

		push_sentence(&stream->last, "error: ",
			      "No exercise is in this repository yet: there is no folder "
			      "exercises/ID.");
		push_sentence(&stream->last, "hint: Begin with the folder exercises/", first);
		return;
	}
	fill_best(request, assessment, arena, &best);
	for (int i = 0; i < MILESTONES; i++) {
		bool is_touched = false;

		for (size_t k = 0; k < assessment->exercise_count; k++)
			is_touched |= assessment->exercises[k]->milestone == i + 1;
		if (is_touched)
			push_milestone(&stream->last, &best.milestones[i]);
	}
}

struct stream *stream_close(struct stream *stream, int status, const struct mp_error *err)
{
	json_t *body = json_object();
	bool is_error = status < 0;
	int shown = is_error ? mp_fault_status(err->fault) : status;

	if (!stream) {
		json_decref(body);
		return NULL;
	}
	put_number(body, "status", shown);
	if (is_error)
		put_text(body, "reason", err->text);
	if (is_error && (err->fault == MP_FAULT_INPUT || err->fault == MP_FAULT_USAGE)) {
		text_clear(&stream->last);
		push_sentence(&stream->last, "error: ", err->text);
	}
	put_text(body, "format", "milepost.events/1");
	send(stream, "ended", body, &stream->last);
	if (stream->language)
		(void)words_speak(stream->before);
	text_done(&stream->last);
	push_checks_end(&stream->checks, &(struct text){0});
	stream->language = language_free(stream->language);
	free(stream);
	return NULL;
}
