/* SPDX-License-Identifier: MIT */
/* One check of the probe http: its steps from top to bottom, and what is told of them. */
#include <stdio.h>
#include <string.h>

#include "grader/bench/bench.h"
#include "grader/http/inner.h"
#include "sandbox/base/clock.h"

enum { SAID_BYTES = 2000, SAID_LINES = 8 };

typedef int step_fn(struct asking *asking, const struct step *step, struct mp_error *err);

struct step_row {
	const char *verb;
	step_fn *run;
};

/* Verbs that do not send a request; all others do. */
static const struct step_row step_rows[] = {
	{"ready", control_ready},
	{"stop", control_stop},
	{"restart", control_restart},
};

static step_fn *step_function(const struct step *step)
{
	for (size_t i = 0; i < sizeof(step_rows) / sizeof(step_rows[0]); i++) {
		if (strcmp(step_rows[i].verb, step->verb->name) == 0)
			return step_rows[i].run;
	}
	return ask_step;
}

void asking_fact(struct asking *asking, const char *label, const char *value, const char *note)
{
	struct outcome *outcome = asking->outcome;
	struct fact *fact;

	for (size_t i = 0; i < outcome->fact_count; i++) {
		if (strcmp(outcome->facts[i].label, label) == 0)
			return;
	}
	fact = arena_push(asking->run->arena, &outcome->facts, &outcome->fact_count, sizeof(*fact));
	fact->label = label;
	fact->value = value;
	fact->note = note;
	fact->is_note_measured = true;
}

void asking_fail(struct asking *asking, const struct evidence *evidence, enum slip slip)
{
	struct outcome *outcome = asking->outcome;
	struct evidence *item = arena_push(asking->run->arena, &outcome->evidence,
					   &outcome->evidence_count, sizeof(*item));

	*item = *evidence;
	if (asking->failed_count++ == 0)
		asking->slip = slip;
	else if (asking->slip != slip)
		asking->has_several_slips = true;
	asking->limit_count += slip == SLIP_TIMEOUT;
}

int asking_start(struct asking *asking, struct mp_error *err)
{
	int64_t before = clock_now_ms();
	struct bench_start start = {0};
	int rc = bench_start(asking->run->bench, &start, err);

	if (rc < 0)
		return rc;
	asking->deadline_ms += clock_now_ms() - before;
	if (!start.is_ready) {
		*asking->outcome = start.outcome;
		asking->is_taken = true;
		asking->is_over = true;
	}
	return 0;
}

/* --- judging one answer ------------------------------------------------------------------------------ */

static const char *near_miss(struct asking *asking, const struct step *step, const json_t *parts,
			     const struct wire_answer *answer)
{
	const struct probe_run *run = asking->run;

	for (size_t i = 0; i < step->near_count; i++) {
		if (expect_fits(step->near[i].parts, parts, run->names))
			return step->near[i].say;
	}
	return answer_near_miss(step->expect, parts, answer, run->names, run->arena);
}

/* In `save` a cookie is its value: {sid: cookies.sid}. */
static json_t *savable(const json_t *parts)
{
	json_t *copy = json_copy(json_readable(parts));
	json_t *values = json_object();
	const char *name;
	json_t *cookie;

	json_object_foreach (json_object_get(parts, "cookies"), name, cookie)
		(void)json_object_set(values, name, json_object_get(cookie, "value"));
	(void)json_object_set_new(copy, "cookies", values);
	return copy;
}

static void tell_unsaved(const char *why, struct mismatches *into)
{
	struct mismatch *item = arena_push(into->arena, &into->items, &into->count, sizeof(*item));
	mp_autotext struct text words = {0};

	text_add_visible(&words, why, strlen(why), 200);
	item->path = "save";
	item->wanted = "something that a later step needs";
	item->got = arena_text(into->arena, text_get(&words));
}

/*
 * What cannot be saved fails its step, and the later ones are not run. It is told only where nothing else is
 * wrong with the answer: else it follows from that.
 */
static void save_parts(struct asking *asking, const struct step *step, const json_t *parts,
		       struct mismatches *into)
{
	json_t *copy = savable(parts);
	struct mp_error err = {0};

	if (names_save(asking->run->names, step->save, copy, &err) < 0) {
		asking->is_over = true;
		if (into->count == 0)
			tell_unsaved(err.text, into);
	}
	json_decref(copy);
}

static const char *problem_words(const struct asking *asking, const struct step *step,
				 const struct wire_answer *answer)
{
	const struct http_keys *keys = step->keys;

	/* The rest of the check's time differs from run to run; the words may not. */
	if (answer->problem == WIRE_TIMEOUT && keys->timeout_ms == 0)
		return arena_format(
			asking->run->arena, "no whole answer within the %lld s of this check",
			(long long)(bench_limits(asking->run->bench).check_ms + 999) / 1000);
	return answer->problem_text ? answer->problem_text : "no answer";
}

/* Does it tell of a mistake in the code: a traceback, an error, an exception? */
static bool is_breakdown(const char *line)
{
	return strcasestr(line, "error") || strcasestr(line, "exception") ||
	       strstr(line, "Traceback");
}

/*
 * The service's last lines, one fact each, as the bench tells them of a failed start. When it goes on
 * running they are told only if one of them tells of a mistake.
 */
static void told_by_service(struct asking *asking, bool has_broken_down)
{
	struct arena *arena = asking->run->arena;
	char *rest = arena_text(arena, bench_said(asking->run->bench, SAID_BYTES));
	const char *lines[SAID_LINES];
	size_t count = 0;
	char *line;

	for (size_t i = 0; i < asking->outcome->fact_count; i++) {
		if (strcmp(asking->outcome->facts[i].label, "it said") == 0)
			return;
	}
	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		if (count == SAID_LINES)
			memmove(lines, lines + 1, --count * sizeof(*lines));
		lines[count++] = line;
		has_broken_down = has_broken_down || is_breakdown(line);
	}
	for (size_t i = 0; has_broken_down && i < count; i++) {
		struct fact *fact = arena_push(arena, &asking->outcome->facts,
					       &asking->outcome->fact_count, sizeof(*fact));

		fact->label = i == 0 ? "it said" : "";
		fact->value = lines[i];
		fact->is_measured = true;
	}
}

static void no_answer(struct asking *asking, const struct step *step,
		      const struct wire_answer *answer, struct mismatches *into)
{
	struct mismatch *item = arena_push(into->arena, &into->items, &into->count, sizeof(*item));

	item->path = "answer";
	item->wanted = "an answer";
	item->got = problem_words(asking, step, answer);
	asking->is_over = true;
	if (answer->problem != WIRE_TIMEOUT && answer->problem != WIRE_TOO_LARGE)
		told_by_service(asking, true);
}

bool asking_judge(struct asking *asking, const struct step *step,
		  const struct http_request *request, const struct wire_answer *answer)
{
	struct probe_run *run = asking->run;
	struct mismatches told = {.arena = run->arena};
	struct evidence evidence = {0};
	json_t *parts = NULL;
	enum slip slip = SLIP_NONE;

	if (answer->problem != WIRE_OK) {
		no_answer(asking, step, answer, &told);
		slip = slip_of(step->expect, NULL, answer, run->names);
	} else {
		parts = parts_of(answer);
		expect_match(step->expect, parts, answer, run->names, &told);
		if (told.count > 0) {
			slip = slip_of(step->expect, parts, answer, run->names);
			evidence.say = near_miss(asking, step, parts, answer);
		}
		if (step->save)
			save_parts(asking, step, parts, &told);
		if (answer->was_led)
			asking_fact(
				asking, "address", arena_text(run->arena, request->readable),
				"names another host, scheme or port; it was led back to your service");
	}
	if (told.count > 0) {
		struct http_request shown = *request;

		shown.is_compressed = answer_header(answer, "Content-Encoding") != NULL;
		evidence.repeat = request_curl(&shown, run->arena);
		evidence.request = request_short(request, run->arena);
		evidence.mismatches = told.items;
		evidence.mismatch_count = told.count;
		asking_fail(asking, &evidence, slip);
		if (slip == SLIP_CRASH || slip == SLIP_CRASH_ON_BAD_INPUT)
			told_by_service(asking, false);
	}
	json_decref(parts);
	return told.count == 0;
}

/* --- the whole check --------------------------------------------------------------------------------- */

static void fail_by_time(struct asking *asking)
{
	asking->outcome->verdict = VERDICT_LIMIT;
	asking->outcome->cause = NULL;
	asking->outcome->message =
		arena_format(asking->run->arena, "The check was not done within its %lld s.",
			     (long long)(bench_limits(asking->run->bench).check_ms + 999) / 1000);
	asking->is_taken = true;
	asking->is_over = true;
}

/* Was the service ended by a limit while it was asked? */
static bool is_ended_by_limit(struct asking *asking)
{
	struct mp_box_result result;
	bool has_ended = false;

	return bench_has_ended(asking->run->bench, &has_ended, &result, NULL) == 0 && has_ended &&
	       bench_end_verdict(&result) == VERDICT_LIMIT;
}

static void conclude(struct asking *asking)
{
	struct outcome *outcome = asking->outcome;
	size_t steps = asking->run->check->step_count;

	outcome->verdict = VERDICT_PASS;
	if (asking->failed_count == 0)
		return;
	outcome->verdict = VERDICT_FAIL;
	if (asking->limit_count == asking->failed_count || is_ended_by_limit(asking))
		outcome->verdict = VERDICT_LIMIT;
	if (!asking->has_several_slips)
		outcome->cause = slip_sentence(asking->slip);
	if (outcome->cause)
		outcome->message = outcome->cause;
	else if (steps == 1 || asking->failed_count > steps)
		outcome->message = "The answer is not what the task asks for.";
	else
		outcome->message = arena_format(
			asking->run->arena,
			"In %zu of %zu steps the answer is not what the task asks for.",
			asking->failed_count, steps);
}

int http_run(struct probe_run *run, struct outcome *ret_outcome, struct mp_error *err)
{
	struct outcome outcome = {.verdict = VERDICT_PASS, .usage = {.memory_peak_bytes = -1}};
	struct asking asking = {.run = run, .outcome = &outcome, .deadline_ms = run->deadline_ms};
	int64_t started_ms = clock_now_ms();
	int rc = 0;

	if (run->check->step_count > 0 && step_function(&run->check->steps[0]) != control_ready)
		rc = asking_start(&asking, err);
	for (size_t i = 0; rc == 0 && i < run->check->step_count && !asking.is_over; i++) {
		const struct step *step = &run->check->steps[i];

		if (clock_now_ms() >= asking.deadline_ms && step_function(step) == ask_step)
			fail_by_time(&asking);
		else
			rc = step_function(step)(&asking, step, err);
	}
	if (rc < 0)
		(void)mp_wrap(err, "check %s", run->check->id);
	if (rc < 0)
		return rc;
	if (!asking.is_taken)
		conclude(&asking);
	outcome.usage.wall_ms = clock_now_ms() - started_ms;
	*ret_outcome = outcome;
	return 0;
}
