/* SPDX-License-Identifier: MIT */
/*
 * The scorecard as JSON, format milepost.scorecard/1, explained in docs/scorecard-format.md.
 *
 * Canonical: keys sorted, integers, texts and truth values only, UTF-8 as it is, one line end at
 * the end. Nothing measured and nothing of this host but under `run`: same commit, exercise and
 * seed, same bytes.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "grader/report/formats.h"

/* A text value. What is no UTF-8 is shown as \xNN: a report never fails for it. */
static json_t *text_value(const char *text)
{
	json_t *value = json_string(text);
	mp_autotext struct text visible = {0};

	if (value)
		return value;
	text_init(&visible, 0);
	text_add_visible(&visible, text, strlen(text), strlen(text));
	return json_string(text_get(&visible));
}

/* Set KEY when there is a text. */
static void put_text(json_t *object, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, text_value(text));
}

static void put_number(json_t *object, const char *key, int64_t value)
{
	json_object_set_new(object, key, json_integer(value));
}

static void put_bool(json_t *object, const char *key, bool value)
{
	json_object_set_new(object, key, json_boolean(value));
}

static json_t *mismatch_value(const struct mismatch *mismatch)
{
	json_t *object = json_object();

	put_text(object, "path", mismatch->path);
	put_text(object, "wanted", mismatch->wanted);
	put_text(object, "got", mismatch->got);
	return object;
}

static json_t *request_value(const struct evidence *evidence)
{
	json_t *object = json_object();
	json_t *mismatches = json_array();

	put_text(object, "repeat", evidence->repeat);
	put_text(object, "request", evidence->request);
	put_text(object, "say", evidence->say);
	for (size_t i = 0; i < evidence->mismatch_count; i++)
		json_array_append_new(mismatches, mismatch_value(&evidence->mismatches[i]));
	json_object_set_new(object, "mismatches", mismatches);
	return object;
}

static json_t *fact_value(const struct fact *fact)
{
	json_t *object = json_object();

	put_text(object, "label", fact->label);
	put_text(object, "value", fact->value);
	if (!fact->is_note_measured)
		put_text(object, "note", fact->note);
	return object;
}

static json_t *evidence_value(const struct outcome *outcome)
{
	json_t *object = json_object();
	json_t *requests = json_array();
	json_t *facts = json_array();

	put_text(object, "cause", outcome->cause);
	put_text(object, "advice", outcome->advice);
	put_text(object, "next", outcome->next);
	for (size_t i = 0; i < outcome->evidence_count; i++)
		json_array_append_new(requests, request_value(&outcome->evidence[i]));
	for (size_t i = 0; i < outcome->fact_count; i++) {
		const struct fact *fact = &outcome->facts[i];

		if (!fact->is_measured && !(fact->value[0] == '\0' && fact->is_note_measured))
			json_array_append_new(facts, fact_value(fact));
	}
	json_object_set_new(object, "requests", requests);
	json_object_set_new(object, "facts", facts);
	return object;
}

static json_t *check_value(const struct check *check, const struct outcome *outcome,
			   enum audience audience)
{
	bool is_closed = check->visibility == VISIBILITY_HIDDEN && audience == AUDIENCE_LEARNER;
	json_t *object = json_object();

	put_text(object, "id", check->id);
	put_text(object, "title", check->title);
	put_number(object, "points", check->points);
	put_text(object, "category", category_words[check->category]);
	put_text(object, "visibility", visibility_words[check->visibility]);
	put_bool(object, "gate", check->is_gate);
	put_bool(object, "core", check->is_core);
	if (check->cap >= 0)
		put_number(object, "cap", check->cap);
	put_text(object, "rule", check->rule);
	put_text(object, "verdict", verdict_words[outcome->verdict]);
	if (is_closed || outcome->verdict == VERDICT_PASS)
		return object;
	put_text(object, "message", outcome->message);
	if (outcome->verdict == VERDICT_FAIL || outcome->verdict == VERDICT_LIMIT)
		json_object_set_new(object, "evidence", evidence_value(outcome));
	return object;
}

/* The score of what has one: "not graded" is no zero. */
static void put_score(json_t *object, const struct card *card)
{
	put_text(object, "status", status_words[card->status]);
	if (card->status == STATUS_NOT_GRADED) {
		put_text(object, "not_graded", card->not_graded);
		return;
	}
	put_number(object, "score", card->score);
	put_number(object, "counted", card->counted);
	put_bool(object, "untouched", card->is_untouched);
}

static json_t *exercise_value(const struct card *card, enum audience audience)
{
	const struct exercise *exercise = card->exercise;
	json_t *object = json_object();
	json_t *checks = json_array();
	bool has_checks = card->outcomes && card->status != STATUS_NOT_GRADED;

	put_text(object, "id", exercise->id);
	put_text(object, "title", exercise->title);
	put_number(object, "version", exercise->version);
	put_text(object, "hash", exercise->hash[0] ? exercise->hash : NULL);
	put_number(object, "milestone", exercise->milestone);
	put_number(object, "points", exercise->points);
	put_text(object, "seed", card->outcomes ? SEED(card->seed) : NULL);
	put_score(object, card);
	for (size_t i = 0; has_checks && i < exercise->check_count; i++)
		json_array_append_new(
			checks, check_value(&exercise->checks[i], &card->outcomes[i], audience));
	json_object_set_new(object, "checks", checks);
	return object;
}

static json_t *milestone_value(const struct milestone_line *line)
{
	json_t *object = json_object();
	const char *status = line->is_reached	   ? "reached"
			     : line->published > 0 ? "open"
						   : "unpublished";

	put_number(object, "number", line->number);
	put_text(object, "title", line->title ? line->title : "");
	put_number(object, "passed", line->passed);
	put_number(object, "required", line->required);
	put_number(object, "published", line->published);
	put_number(object, "percent", line->percent);
	put_number(object, "elective_points", line->elective_points);
	put_text(object, "status", status);
	return object;
}

static json_t *usage_value(const struct usage *usage)
{
	json_t *object = json_object();

	put_number(object, "wall_ms", usage->wall_ms);
	put_number(object, "cpu_ms", usage->cpu_ms);
	if (usage->memory_peak_bytes >= 0)
		put_number(object, "memory_peak_bytes", usage->memory_peak_bytes);
	return object;
}

/* What was measured of one exercise. */
static json_t *measured_value(const struct card *card)
{
	json_t *object = json_object();
	json_t *checks = json_object();

	put_text(object, "runtime", card->runtime);
	put_number(object, "wall_ms", card->wall_ms);
	put_text(object, "service_output", card->service_output);
	for (size_t i = 0; card->outcomes && i < card->exercise->check_count; i++)
		json_object_set_new(checks, card->exercise->checks[i].id,
				    usage_value(&card->outcomes[i].usage));
	json_object_set_new(object, "checks", checks);
	return object;
}

/* A blank-separated list. */
static json_t *words_value(const char *words)
{
	json_t *array = json_array();

	while (words && *words) {
		size_t count = strcspn(words, " ");

		if (count > 0)
			json_array_append_new(array, json_stringn(words, count));
		words += count + (words[count] == ' ');
	}
	return array;
}

static json_t *run_value(const struct scorecard *scorecard, const struct run_info *run)
{
	json_t *object = json_object();
	json_t *notes = json_array();
	json_t *exercises = json_object();

	put_text(object, "repository", run->repository);
	put_text(object, "trust", run->trust);
	put_text(object, "kernel", run->kernel);
	put_text(object, "packs", run->packs);
	json_object_set_new(object, "missing_layers", words_value(run->missing_layers));
	put_number(object, "wall_ms", run->wall_ms);
	put_text(object, "started_at", run->started_at);
	for (size_t i = 0; run->notes && run->notes[i]; i++)
		json_array_append_new(notes, text_value(run->notes[i]));
	json_object_set_new(object, "notes", notes);
	for (size_t i = 0; i < scorecard->card_count; i++)
		json_object_set_new(exercises, scorecard->cards[i].exercise->id,
				    measured_value(&scorecard->cards[i]));
	json_object_set_new(object, "exercises", exercises);
	return object;
}

static json_t *scorecard_value(const struct scorecard *scorecard,
			       const struct report_options *options)
{
	json_t *object = json_object();
	json_t *exercises = json_array();
	json_t *milestones = json_array();
	json_t *total = json_object();

	put_text(object, "format", "milepost.scorecard/1");
	put_text(object, "milepost", MILEPOST_VERSION);
	put_text(object, "commit", scorecard->commit);
	if (options->language)
		put_text(object, "language", language_name_of(options->language)->code);
	for (size_t i = 0; i < scorecard->card_count; i++)
		json_array_append_new(exercises,
				      exercise_value(&scorecard->cards[i], options->audience));
	json_object_set_new(object, "exercises", exercises);
	for (int i = 0; i < MILESTONES; i++)
		json_array_append_new(milestones, milestone_value(&scorecard->milestones[i]));
	json_object_set_new(object, "milestones", milestones);
	put_number(total, "earned", scorecard->earned);
	put_number(total, "possible", scorecard->possible);
	json_object_set_new(object, "total", total);
	if (options->has_run_info && options->run)
		json_object_set_new(object, "run", run_value(scorecard, options->run));
	return object;
}

static int add_bytes(const char *bytes, size_t count, void *into)
{
	text_add_bytes(into, bytes, count);
	return 0;
}

/* Add VALUE, which becomes ours, in the canonical form. */
static int add_value(json_t *value, struct text *into, struct mp_error *err)
{
	int failed = json_dump_callback(value, add_bytes, into, JSON_SORT_KEYS | JSON_INDENT(2));

	json_decref(value);
	if (failed)
		return mp_fail(err, MP_FAULT_BUG, -ENOMEM, "the scorecard as JSON");
	text_add_char(into, '\n');
	return report_finish(into, err);
}

int report_json(const struct scorecard *scorecard, const struct report_options *options,
		struct text *into, struct mp_error *err)
{
	return add_value(scorecard_value(scorecard, options), into, err);
}

int report_run(const struct scorecard *scorecard, const struct report_options *options,
	       struct text *into, struct mp_error *err)
{
	return add_value(run_value(scorecard, options->run), into, err);
}
