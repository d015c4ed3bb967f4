/* SPDX-License-Identifier: MIT */
/*
 * The service: started, ready, stopped, started again.
 *
 * Readiness is read from the socket table of the box, which its watcher tells as events, and not
 * tried by connecting: a real server died of a connection that was opened and closed. Only when
 * the port is open one request asks for its health. What else may be seen meanwhile (another port,
 * another address, the end) is a finding of its own.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "grader/bench/inside.h"
#include "sandbox/base/clock.h"

enum {
	OTHER_PORT_MS =
		2000, /* decided: so long after another port opened the wanted one may still open */
	HEALTH_LEAST_MS = 1000,
	AGAIN_MS = 50,
	KILL_WAIT_MS = 10000,
	TURN_MS = 500,
};

/* Where a listener can be asked: AF_INET, AF_INET6, or 0 when at neither loopback address. */
static int reached_by(const struct mp_listener *listener)
{
	static const struct {
		const char *address;
		int family;
	} table[] = {
		{"127.0.0.1", AF_INET}, {"0.0.0.0", AF_INET},	       {"::", AF_INET6},
		{"::1", AF_INET6},	{"::ffff:127.0.0.1", AF_INET},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].address, listener->address) == 0)
			return table[i].family;
	}
	return 0;
}

int bench_take_event(struct bench *bench, int64_t timeout_ms, struct mp_event *ret_event,
		     struct mp_error *err)
{
	int code = wire_poll(bench->wire, timeout_ms, ret_event, err);

	if (code < 0)
		return code;
	if (ret_event->kind == MP_EVENT_ENDED) {
		bench->is_running = false;
		bench->result = ret_event->result;
	}
	if (ret_event->kind == MP_EVENT_LISTENING && ret_event->listener.port == bench->port) {
		int family = reached_by(&ret_event->listener);

		bench->has_four = bench->has_four || family == AF_INET;
		bench->has_six = bench->has_six || family == AF_INET6;
		wire_set_family(bench->wire,
				bench->has_four || !bench->has_six ? AF_INET : AF_INET6);
	}
	return 0;
}

/* Turn until an event that matters, or UNTIL_MS. */
static int await_port(struct bench *bench, int64_t until_ms, struct sighting *ret_sighting,
		      struct mp_error *err)
{
	*ret_sighting = (struct sighting){0};
	while (bench->is_running && !bench->has_four && !bench->has_six) {
		int64_t now_ms = clock_now_ms();
		int64_t end_ms = until_ms;
		struct mp_event event;
		int code;

		if (ret_sighting->has_other && ret_sighting->other_ms + OTHER_PORT_MS < end_ms)
			end_ms = ret_sighting->other_ms + OTHER_PORT_MS;
		if (now_ms >= end_ms)
			break;
		code = bench_take_event(
			bench, end_ms - now_ms < TURN_MS ? end_ms - now_ms : TURN_MS, &event, err);
		if (code < 0)
			return code;
		if (event.kind == MP_EVENT_LISTENING && !ret_sighting->has_other) {
			ret_sighting->has_other = true;
			ret_sighting->other = event.listener;
			ret_sighting->other_ms = clock_now_ms();
		}
	}
	return 0;
}

/* Let the events pass for WAIT_MS, or until the end of the service. */
static int await_end(struct bench *bench, int64_t wait_ms, struct mp_error *err)
{
	int64_t until_ms = clock_now_ms() + wait_ms;
	int code = 0;

	while (code == 0 && bench->is_running && clock_now_ms() < until_ms) {
		struct mp_event event;

		code = bench_take_event(bench, until_ms - clock_now_ms(), &event, err);
	}
	return code;
}

static int ask_health(struct bench *bench, int64_t until_ms, struct outcome *ret_outcome,
		      struct mp_error *err)
{
	const struct health *health = &bench->spec.exercise->health;
	struct wire_request request = {.method = "GET", .url = health->path};
	struct wire_answer answer;
	int code;

	if (!health->path)
		return 0;
	if (until_ms < clock_now_ms() + HEALTH_LEAST_MS)
		until_ms = clock_now_ms() + HEALTH_LEAST_MS;
	for (;;) {
		int64_t left_ms = until_ms - clock_now_ms();

		request.timeout_ms = left_ms > 1 ? left_ms : 1;
		code = wire_send(bench->wire, &request, 1, &answer, bench->spec.arena, err);
		if (code < 0)
			return code;
		if (answer.problem == WIRE_OK && answer.status == health->status)
			return 0;
		if ((answer.problem != WIRE_REFUSED && answer.status != 503) || left_ms <= AGAIN_MS)
			break;
		/* Still warming up. */
		code = await_end(bench, AGAIN_MS, err);
		if (code < 0)
			return code;
	}
	if (answer.problem == WIRE_ENDED)
		code = await_end(bench, KILL_WAIT_MS, err);
	if (code == 0 && !bench->is_running)
		start_ended(bench, true, ret_outcome);
	else
		start_unhealthy(bench, &answer, ret_outcome);
	return code;
}

static int open_service(struct bench *bench, struct mp_error *err)
{
	const char *command = bench->spec.file->entries[ENTRY_START].command;
	const char *argv[4];
	const char *env[BENCH_ENV_MAX + 2];
	struct mp_box_spec spec;
	int code;

	bench_box_spec(bench, MP_PROFILE_SERVICE,
		       arena_format(bench->spec.arena, "exec %s", command), argv, &spec);
	memcpy(env, bench->env, bench->env_count * sizeof(env[0]));
	env[bench->env_count] = bench->pack ? bench->pack->service_env : NULL;
	env[bench->env_count + 1] = NULL;
	spec.env = env;
	spec.has_network = true;
	code = mp_box_open(bench->spec.launcher, &spec, &bench->service, err);
	if (code < 0)
		return mp_wrap(err, "starting the service");
	bench->is_running = true;
	bench->was_hushed = bench->is_hushed;
	memset(bench->heard, 0, sizeof(bench->heard));
	bench->has_four = false;
	bench->has_six = false;
	wire_attach(bench->wire, bench->service, bench->port);
	return 0;
}

/* A service that ended because of something that this machine lacks is none of the learner's. */
static int check_lacks(const struct bench *bench, struct mp_error *err)
{
	struct mp_output output;
	int code = mp_box_output(bench->service, 2, &output, err);

	if (code == 0)
		code = bench_check_said(bench, output.head, output.head_bytes, err);
	if (code == 0)
		code = bench_check_said(bench, output.tail, output.tail_bytes, err);
	return code;
}

/* What was seen while waiting, as an outcome. */
static int judge(struct bench *bench, const struct sighting *sighting, int64_t until_ms,
		 struct outcome *ret_outcome, struct mp_error *err)
{
	if (!bench->is_running) {
		int code = bench_check_end(&bench->result, "the service", err);

		if (code == 0)
			code = check_lacks(bench, err);
		if (code == 0)
			start_ended(bench, false, ret_outcome);
		return code;
	}
	if (bench->has_four || bench->has_six)
		return ask_health(bench, until_ms, ret_outcome, err);
	if (sighting->has_other)
		start_wrong_place(bench, sighting, ret_outcome);
	else
		start_never_listened(bench, ret_outcome);
	return 0;
}

static void drop_service(struct bench *bench)
{
	wire_attach(bench->wire, NULL, 0);
	bench->service = mp_box_close(bench->service);
	bench->is_running = false;
}

int bench_start(struct bench *bench, struct bench_start *ret_start, struct mp_error *err)
{
	int64_t began_ms = clock_now_ms();
	int64_t until_ms = began_ms + bench_limits(bench).start_ms;
	struct bench_start start = {.outcome.verdict = VERDICT_PASS};
	struct sighting sighting;
	bool has_ended = true, is_news;
	int code = 0;

	if (bench->service)
		code = bench_has_ended(bench, &has_ended, &bench->result, err);
	is_news = has_ended;
	if (code == 0 && has_ended && !bench_lacks(bench, ENTRY_START, &start.outcome)) {
		drop_service(bench);
		code = open_service(bench, err);
		code = code < 0 ? code : await_port(bench, until_ms, &sighting, err);
		code = code < 0 ? code : judge(bench, &sighting, until_ms, &start.outcome, err);
		/*
		 * What is not ready is not left running: the next start begins anew. Its words
		 * stay.
		 */
		if (code == 0 && start.outcome.verdict != VERDICT_PASS && bench->is_running) {
			bool is_in_time;

			code = bench_stop(bench, SIGKILL, KILL_WAIT_MS, &bench->result, &is_in_time,
					  err);
		}
	}
	if (code < 0)
		return code;
	start.is_ready = start.outcome.verdict == VERDICT_PASS;
	start.after_ms = clock_now_ms() - began_ms;
	if (is_news && start.is_ready && bench->spec.ready)
		bench->spec.ready(bench->spec.ready_context, bench_command(bench, ENTRY_START),
				  start.after_ms);
	*ret_start = start;
	return 0;
}

int bench_stop(struct bench *bench, int signal, int64_t within_ms, struct mp_box_result *ret_result,
	       bool *ret_in_time, struct mp_error *err)
{
	bool is_in_time;
	int code = 0;

	if (!bench->service)
		return mp_fail(err, MP_FAULT_BUG, -EINVAL,
			       "stopping a service that was never started");
	wire_hang_up(bench->wire);
	if (bench->is_running) {
		code = mp_box_signal(bench->service, signal, err);
		code = code == -ESRCH ? 0 : code;
	}
	code = code < 0 ? code : await_end(bench, within_ms, err);
	if (code < 0)
		return code;
	is_in_time = !bench->is_running;
	if (bench->is_running) {
		mp_box_kill(bench->service);
		code = await_end(bench, KILL_WAIT_MS, err);
		if (code == 0 && bench->is_running)
			code = mp_fail(err, MP_FAULT_HOST, -ETIME,
				       "the box of the service does not end");
		if (code < 0)
			return code;
	}
	*ret_result = bench->result;
	*ret_in_time = is_in_time;
	return 0;
}

int bench_hush(struct bench *bench, bool is_hushed, struct mp_error *err)
{
	struct mp_box_result ignored;
	struct mp_output output;
	bool has_ended;
	int code = 0;

	bench->is_hushed = is_hushed;
	if (!is_hushed || !bench->service || bench->was_hushed)
		return 0;
	bench->was_hushed = true;
	/* What it said until now is to be heard, also what still lies in the pipe. */
	code = bench_has_ended(bench, &has_ended, &ignored, err);
	for (int stream = 1; code == 0 && stream <= 2; stream++) {
		code = mp_box_output(bench->service, stream, &output, err);
		if (code == 0)
			bench->heard[stream] = output.total_bytes;
	}
	return code;
}

int bench_has_ended(struct bench *bench, bool *ret_ended, struct mp_box_result *ret_result,
		    struct mp_error *err)
{
	struct mp_event event = {.kind = MP_EVENT_OUTPUT};
	int code = 0;

	while (code == 0 && bench->is_running && event.kind != MP_EVENT_NONE)
		code = bench_take_event(bench, 0, &event, err);
	if (code < 0)
		return code;
	*ret_ended = !bench->is_running;
	if (!bench->is_running)
		*ret_result = bench->result;
	return 0;
}
