/* SPDX-License-Identifier: MIT */
/* ready, stop, restart: what is done to the service itself, and a request that is under way meanwhile. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "grader/bench/bench.h"
#include "grader/http/inner.h"
#include "sandbox/base/clock.h"

enum { UNDER_WAY_MS = 150, RESTART_MS = 10000 };

int control_ready(struct asking *asking, const struct step *step, struct mp_error *err)
{
	const json_t *within = json_object_get(step->expect, "within");
	int64_t before = clock_now_ms();
	struct bench_start start = {0};
	struct mismatches told = {.arena = asking->run->arena};
	struct evidence evidence = {.request = "start, until health holds"};
	json_t *parts;
	int rc = bench_start(asking->run->bench, &start, err);

	if (rc < 0)
		return rc;
	asking->deadline_ms += clock_now_ms() - before;
	if (!start.is_ready) {
		*asking->outcome = start.outcome;
		asking->is_taken = true;
		asking->is_over = true;
		return 0;
	}
	if (!within)
		return 0;
	parts = json_pack("{s:I}", "within", (json_int_t)start.after_ms);
	expect_match(step->expect, parts, NULL, asking->run->names, &told);
	json_decref(parts);
	evidence.mismatches = told.items;
	evidence.mismatch_count = told.count;
	if (told.count > 0)
		asking_fail(asking, &evidence, SLIP_NONE);
	return 0;
}

/* --- a request under way ----------------------------------------------------------------------------- */

int during_step(struct probe_run *run, const json_t *map, struct step *ret_step,
		struct mp_error *err)
{
	struct http_keys *keys = arena_new_of(run->arena, struct http_keys);
	const char *key;
	json_t *value;

	*ret_step =
		(struct step){.keys = keys, .line = run->check->line, .column = run->check->column};
	json_object_foreach (json_readable(map), key, value) {
		const struct verb *verb = http_verb_find(key);
		int index = field_find(http_fields, http_field_count, key);
		const struct field *row = index < 0 ? NULL : &http_fields[index];
		int rc = 0;

		if (verb) {
			ret_step->verb = verb;
			ret_step->target = json_string_value(value);
		} else if (strcmp(key, "expect") == 0) {
			ret_step->expect = value;
		} else if (row && (row->type == FIELD_FREE || row->type == FIELD_PATTERN)) {
			*(const json_t **)((char *)keys + row->offset) = value;
		} else if (row && json_is_string(value)) {
			rc = field_set(http_fields, (size_t)index, keys, json_string_value(value),
				       err);
		}
		if (rc < 0)
			return rc;
	}
	if (!ret_step->verb || !ret_step->target)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "check %s: while is no request step", run->check->id);
	return 0;
}

/* What was begun before the signal. */
struct under_way {
	bool is_there;
	struct step step;
	struct http_request request;
};

static int under_way_begin(struct asking *asking, const struct step *step, struct under_way *ret,
			   struct mp_error *err)
{
	const struct http_keys *keys = step->keys;
	struct wire_request sent;
	int rc;

	ret->is_there = keys->during != NULL;
	if (!ret->is_there)
		return 0;
	names_set_now(asking->run->names, clock_wall_ms());
	if ((rc = during_step(asking->run, keys->during, &ret->step, err)) < 0 ||
	    (rc = request_build(asking->run, &ret->step, &ret->request, err)) < 0)
		return rc;
	sent = (struct wire_request){
		.method = ret->request.method,
		.url = ret->request.url,
		.headers = ret->request.headers,
		.body = ret->request.body,
		.body_bytes = ret->request.body_bytes,
		.timeout_ms = bench_limits(asking->run->bench).check_ms,
	};
	rc = wire_begin(bench_wire(asking->run->bench), &sent, err);
	if (rc == 0)
		(void)poll(NULL, 0, UNDER_WAY_MS);
	return rc;
}

static int under_way_finish(struct asking *asking, struct under_way *under_way,
			    struct mp_error *err)
{
	struct wire_answer answer;
	int rc;

	if (!under_way->is_there)
		return 0;
	rc = wire_finish(bench_wire(asking->run->bench), &answer, asking->run->arena, err);
	if (rc == 0)
		(void)asking_judge(asking, &under_way->step, &under_way->request, &answer);
	return rc;
}

/* --- stop -------------------------------------------------------------------------------------------- */

static const char *end_words(const struct mp_box_result *result, struct arena *arena)
{
	const char *name;

	if (result->end == MP_END_EXITED)
		return arena_format(arena, "exit status %d", result->exit_code);
	if (result->end != MP_END_SIGNALED)
		return arena_format(arena, "ended by a limit: %s", mp_end_word(result->end));
	name = sigabbrev_np(result->signal);
	return arena_format(arena, "ended by SIG%s", name ? name : "?");
}

/* 0, 143, or ended by SIGTERM: all three are what a service may do with it. */
static bool is_clean_end(const struct mp_box_result *result)
{
	if (result->end == MP_END_SIGNALED)
		return result->signal == SIGTERM;
	return result->end == MP_END_EXITED &&
	       (result->exit_code == 0 || result->exit_code == 128 + SIGTERM);
}

static bool exit_holds(const struct asking *asking, const json_t *wanted,
		       const struct mp_box_result *result)
{
	json_t *code;
	bool holds;

	if (!wanted)
		return is_clean_end(result);
	code = json_integer(result->end == MP_END_SIGNALED ? 128 + result->signal
							   : result->exit_code);
	holds = match_holds(wanted, code, asking->run->names);
	json_decref(code);
	return holds;
}

static void judge_stop(struct asking *asking, const struct step *step, int64_t within_ms,
		       const struct mp_box_result *result, bool is_in_time)
{
	struct arena *arena = asking->run->arena;
	const json_t *wanted = json_object_get(step->expect, "exit");
	struct mismatch *item = arena_new_of(arena, struct mismatch);
	struct evidence evidence = {.mismatches = item, .mismatch_count = 1};

	if (is_in_time && exit_holds(asking, wanted, result))
		return;
	item->path = "exit";
	item->wanted = wanted ? match_describe(wanted, asking->run->names, arena)
			      : "status 0 or 143, or an end by SIGTERM";
	item->got = end_words(result, arena);
	if (!is_in_time) {
		item->wanted =
			within_ms % 1000 == 0
				? arena_format(arena, "an end within %" PRId64 " s of SIGTERM",
					       within_ms / 1000)
				: arena_format(arena, "an end within %" PRId64 " ms of SIGTERM",
					       within_ms);
		item->got = "still running: it had to be killed";
		evidence.say =
			"Handle SIGTERM: stop accepting requests, finish those under way, then exit.";
	}
	evidence.request = "SIGTERM to the process that milepost.yaml starts";
	asking_fail(asking, &evidence, SLIP_NONE);
}

static int stop_with(struct asking *asking, const struct step *step, int signal, int64_t within_ms,
		     struct mp_error *err)
{
	struct under_way under_way = {.is_there = false};
	int64_t before = clock_now_ms();
	struct mp_box_result result = {0};
	bool is_in_time = false;
	int rc = under_way_begin(asking, step, &under_way, err);

	if (rc == 0)
		rc = bench_stop(asking->run->bench, signal, within_ms, &result, &is_in_time, err);
	if (rc == 0)
		rc = under_way_finish(asking, &under_way, err);
	asking->deadline_ms += clock_now_ms() - before;
	if (rc < 0)
		return rc;
	if (signal == SIGTERM)
		judge_stop(asking, step, within_ms, &result, is_in_time);
	return 0;
}

int control_stop(struct asking *asking, const struct step *step, struct mp_error *err)
{
	int64_t within_ms;

	if (!step->target || parse_msec(step->target, &within_ms) < 0)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "check %s: stop takes a duration",
			       asking->run->check->id);
	return stop_with(asking, step, SIGTERM, within_ms, err);
}

int control_restart(struct asking *asking, const struct step *step, struct mp_error *err)
{
	bool is_kill = step->target && strcmp(step->target, "kill") == 0;
	int rc = stop_with(asking, step, is_kill ? SIGKILL : SIGTERM, RESTART_MS, err);

	return rc < 0 ? rc : asking_start(asking, err);
}
