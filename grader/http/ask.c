/* SPDX-License-Identifier: MIT */
/* Asking: one request, one until it holds, a burst. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "grader/bench/bench.h"
#include "grader/http/inner.h"
#include "sandbox/base/clock.h"

enum { UNTIL_PAUSE_MS = 100, LEAST_TIMEOUT_MS = 50 };

static int64_t timeout_of(const struct asking *asking, const struct step *step)
{
	const struct http_keys *keys = step->keys;
	int64_t left = asking->deadline_ms - clock_now_ms();

	if (keys->timeout_ms > 0 && keys->timeout_ms < left)
		return keys->timeout_ms;
	return left > LEAST_TIMEOUT_MS ? left : LEAST_TIMEOUT_MS;
}

static struct wire_request as_sent(const struct http_request *request, int64_t timeout_ms)
{
	return (struct wire_request){
		.method = request->method,
		.url = request->url,
		.headers = request->headers,
		.body = request->body,
		.body_bytes = request->body_bytes,
		.timeout_ms = timeout_ms,
	};
}

static int ask_once(struct asking *asking, const struct step *step,
		    struct http_request *ret_request, struct wire_answer *ret_answer,
		    struct mp_error *err)
{
	struct wire_request sent;
	int rc;

	names_set_now(asking->run->names, clock_wall_ms());
	rc = request_build(asking->run, step, ret_request, err);
	if (rc < 0)
		return rc;
	sent = as_sent(ret_request, timeout_of(asking, step));
	return wire_send(bench_wire(asking->run->bench), &sent, 1, ret_answer, asking->run->arena,
			 err);
}

static bool answer_holds(const struct asking *asking, const struct step *step,
			 const struct wire_answer *answer)
{
	json_t *parts;
	bool holds;

	if (answer->problem != WIRE_OK)
		return false;
	parts = parts_of(answer);
	holds = expect_fits(step->expect, parts, asking->run->names);
	json_decref(parts);
	return holds;
}

/* The first answer that holds, or the last one: that is judged and told. */
static int ask_until(struct asking *asking, const struct step *step, struct mp_error *err)
{
	const struct http_keys *keys = step->keys;
	int64_t end = clock_now_ms() + keys->until_ms;
	struct http_request request;
	struct wire_answer answer;
	int rc;

	if (end > asking->deadline_ms)
		end = asking->deadline_ms;
	for (;;) {
		rc = ask_once(asking, step, &request, &answer, err);
		if (rc < 0)
			return rc;
		if (answer_holds(asking, step, &answer) || clock_now_ms() + UNTIL_PAUSE_MS >= end ||
		    answer.problem == WIRE_ENDED)
			break;
		(void)poll(NULL, 0, UNTIL_PAUSE_MS);
	}
	(void)asking_judge(asking, step, &request, &answer);
	return 0;
}

/* --- bursts ------------------------------------------------------------------------------------------ */

static bool status_is(const char *key, int status)
{
	char text[8];

	(void)snprintf(text, sizeof(text), key[1] == 'x' ? "%dxx" : "%d",
		       key[1] == 'x' ? status / 100 : status);
	return strcmp(text, key) == 0;
}

static size_t count_status(const struct wire_answer *answers, size_t count, const char *key)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += answers[i].problem == WIRE_OK && status_is(key, answers[i].status);
	return found;
}

static void judge_tally(struct asking *asking, const json_t *tally,
			const struct http_request *request, const struct wire_answer *answers,
			size_t count)
{
	struct arena *arena = asking->run->arena;
	struct mismatches told = {.arena = arena};
	struct evidence evidence = {0};
	const char *key;
	json_t *wanted;

	json_object_foreach (json_readable(tally), key, wanted) {
		size_t found = count_status(answers, count, key);
		struct mismatch *item;

		if ((json_int_t)found == json_integer_value(wanted))
			continue;
		item = arena_push(arena, &told.items, &told.count, sizeof(*item));
		item->path = arena_format(arena, "tally.%s", key);
		item->wanted = arena_format(arena, "%lld of %zu answers",
					    (long long)json_integer_value(wanted), count);
		item->got = arena_format(arena, "%zu", found);
	}
	if (told.count == 0)
		return;
	evidence.request =
		arena_format(arena, "%zu at once: %s", count, request_short(request, arena));
	evidence.repeat = request_burst(request, count, arena);
	evidence.mismatches = told.items;
	evidence.mismatch_count = told.count;
	asking_fail(asking, &evidence, SLIP_NONE);
}

/* All answers are wrong: the first one shows how. */
static void tell_first(struct asking *asking, struct asking *trial,
		       const struct http_request *first, size_t count)
{
	struct evidence evidence = trial->outcome->evidence[0];

	evidence.request =
		arena_format(asking->run->arena, "%zu at once: %s", count, evidence.request);
	evidence.repeat = request_burst(first, count, asking->run->arena);
	asking_fail(asking, &evidence, trial->has_several_slips ? SLIP_NONE : trial->slip);
}

/*
 * Some are right: which ones is chance, and differs from run to run. So the evidence says only that,
 * and an example stands where measured things do.
 */
static void tell_some(struct asking *asking, struct asking *trial, const struct http_request *first,
		      size_t count)
{
	struct arena *arena = asking->run->arena;
	const struct evidence *example = &trial->outcome->evidence[0];
	struct mismatch *item = arena_new_of(arena, struct mismatch);
	struct evidence evidence = {.mismatches = item, .mismatch_count = 1};

	item->path = arena_format(arena, "%zu answers", count);
	item->wanted = "in each what its own request asks for";
	item->got = "in some of them something else";
	evidence.request = arena_format(arena, "%zu at once, the first: %s", count,
					request_short(first, arena));
	evidence.repeat = request_burst(first, count, arena);
	asking_fail(asking, &evidence, trial->has_several_slips ? SLIP_NONE : trial->slip);
	asking_fact(asking, "example", "",
		    arena_format(arena, "%s: %s: wanted %s, got %s", example->request,
				 example->mismatches[0].path, example->mismatches[0].wanted,
				 example->mismatches[0].got));
}

/* Each answer by the words of its own request. */
static void judge_each(struct asking *asking, const struct step *step,
		       const struct http_request *requests, const struct wire_answer *answers,
		       size_t count)
{
	struct outcome told = {.evidence_count = 0};
	struct asking trial = {.run = asking->run, .outcome = &told};

	for (size_t i = 0; i < count; i++) {
		names_set_element(asking->run->names, (int)i);
		(void)asking_judge(&trial, step, &requests[i], &answers[i]);
	}
	names_set_element(asking->run->names, -1);
	if (told.evidence_count == count)
		tell_first(asking, &trial, &requests[0], count);
	else if (told.evidence_count > 0)
		tell_some(asking, &trial, &requests[0], count);
	for (size_t i = 0; i < told.fact_count; i++) {
		struct fact *fact = arena_push(asking->run->arena, &asking->outcome->facts,
					       &asking->outcome->fact_count, sizeof(*fact));

		*fact = told.facts[i];
	}
	asking->is_over = asking->is_over || trial.is_over;
}

static int ask_burst(struct asking *asking, const struct step *step, struct mp_error *err)
{
	const struct http_keys *keys = step->keys;
	struct arena *arena = asking->run->arena;
	size_t count = (size_t)keys->at_once;
	struct http_request *requests = arena_alloc(arena, count, sizeof(*requests));
	struct wire_request *sent = arena_alloc(arena, count, sizeof(*sent));
	struct wire_answer *answers = arena_alloc(arena, count, sizeof(*answers));
	int64_t timeout_ms = timeout_of(asking, step);
	int rc = 0;

	names_set_now(asking->run->names, clock_wall_ms());
	for (size_t i = 0; i < count && rc == 0; i++) {
		names_set_element(asking->run->names, (int)i);
		rc = request_build(asking->run, step, &requests[i], err);
		if (rc == 0)
			sent[i] = as_sent(&requests[i], timeout_ms);
	}
	names_set_element(asking->run->names, -1);
	if (rc == 0)
		rc = wire_send(bench_wire(asking->run->bench), sent, count, answers, arena, err);
	if (rc < 0)
		return rc;
	if (keys->tally)
		judge_tally(asking, keys->tally, &requests[0], answers, count);
	else
		judge_each(asking, step, requests, answers, count);
	return 0;
}

int ask_step(struct asking *asking, const struct step *step, struct mp_error *err)
{
	const struct http_keys *keys = step->keys;
	struct http_request request;
	struct wire_answer answer;
	int rc;

	if (keys->at_once > 0)
		return ask_burst(asking, step, err);
	if (keys->until_ms > 0)
		return ask_until(asking, step, err);
	rc = ask_once(asking, step, &request, &answer, err);
	if (rc == 0)
		(void)asking_judge(asking, step, &request, &answer);
	return rc;
}
