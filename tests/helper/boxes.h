/* SPDX-License-Identifier: MIT */
/*
 * Live tests of boxes: one launcher for the whole program, opened before anything else.
 *
 * Layers that this host lacks are done without (an ordinary user has no control group), so that the same
 * tests run as root and as anyone; boxes_has() says what is there.
 */
#ifndef TESTS_HELPER_BOXES_H
#define TESTS_HELPER_BOXES_H

#include "tests/helper/tap.h"

#include <errno.h>
#include <milepost/box.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static struct mp_launcher *boxes_launcher;
static struct mp_error boxes_error;
static bool boxes_layers[MP_LAYER_COUNT];

static inline void boxes_spec(struct mp_box_spec *spec, enum mp_profile profile,
			      const char *const *argv)
{
	mp_box_spec_init(spec);
	spec->profile = profile;
	spec->argv = argv;
	for (int i = 0; i < MP_LAYER_COUNT; i++)
		spec->may_miss[i] = true;
}

static inline struct mp_box *boxes_open(const struct mp_box_spec *spec)
{
	struct mp_box *box = NULL;

	if (!OK(mp_box_open(boxes_launcher, spec, &box, &boxes_error) == 0))
		printf("# %s\n", boxes_error.text);
	return box;
}

/* Run to the end; TEXT gets standard output, then standard error. */
static inline struct mp_box_result boxes_run(const struct mp_box_spec *spec, char *text,
					     size_t size)
{
	struct mp_box_result result = {.end = MP_END_SANDBOX_ERROR};
	struct mp_box *box = boxes_open(spec);
	size_t used = 0;

	if (!box)
		return result;
	if (!OK(mp_box_wait(box, 60000, &result, &boxes_error) == 0))
		printf("# %s\n", boxes_error.text);
	for (int i = 1; text && i <= 2; i++) {
		struct mp_output output;

		IS(mp_box_output(box, i, &output, &boxes_error), 0);
		used += (size_t)snprintf(text + used, size - used, "%.*s",
					 (int)(output.head_bytes < size - used - 1
						       ? output.head_bytes
						       : size - used - 1),
					 output.head);
	}
	(void)mp_box_close(box);
	return result;
}

/* Run a shell line in PROFILE. */
static inline struct mp_box_result boxes_sh(enum mp_profile profile, const char *line, char *text,
					    size_t size)
{
	const char *argv[] = {"sh", "-c", line, NULL};
	struct mp_box_spec spec;

	boxes_spec(&spec, profile, argv);
	return boxes_run(&spec, text, size);
}

static inline bool boxes_ended(const struct mp_box_result *result, enum mp_end end, int code,
			       const char *file, int line)
{
	bool holds = result->end == end && (end != MP_END_EXITED || result->exit_code == code) &&
		     (end != MP_END_SIGNALED || result->signal == code);

	if (!tap_ok(holds, "the box ended as it should", file, line))
		printf("#   got %s, exit %d, signal %d, start errno %d: %s\n",
		       mp_end_word(result->end), result->exit_code, result->signal,
		       result->start_errno, result->detail);
	return holds;
}
#define ENDED(RESULT, END, CODE) boxes_ended(&(RESULT), (END), (CODE), __FILE__, __LINE__)

/* Wait for an event of KIND, at most 10 s; false when another end comes first. */
static inline bool boxes_event(struct mp_box *box, enum mp_event_kind kind, struct mp_event *event)
{
	for (int i = 0; i < 1000; i++) {
		struct pollfd polled = {mp_box_fd(box), POLLIN, 0};

		if (mp_box_next(box, event, &boxes_error) < 0)
			return false;
		if (event->kind == kind)
			return true;
		if (event->kind == MP_EVENT_ENDED) {
			printf("# ended: %s %s\n", mp_end_word(event->result.end),
			       event->result.detail);
			return false;
		}
		if (event->kind == MP_EVENT_NONE)
			(void)poll(&polled, 1, 10);
	}
	return false;
}

static inline bool boxes_has(enum mp_layer layer)
{
	return boxes_layers[layer];
}

static inline int64_t boxes_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* MS of a machine of today; MILEPOST_SLOW says how many times slower this one is (an emulated one, say). */
static inline int64_t boxes_ms(int64_t ms)
{
	const char *slow = getenv("MILEPOST_SLOW");
	int64_t times = slow ? strtoll(slow, NULL, 10) : 1;

	return ms * (times > 0 ? times : 1);
}

static inline int boxes_main(const struct tap_test *tests, size_t count)
{
	struct mp_layer_state states[MP_LAYER_COUNT];
	int status;

	if (mp_launcher_open(0, &boxes_launcher, &boxes_error) < 0 ||
	    mp_host_check(states, &boxes_error) < 0) {
		printf("Bail out! %s\n", boxes_error.text);
		return 1;
	}
	for (int i = 0; i < MP_LAYER_COUNT; i++)
		boxes_layers[states[i].layer] = states[i].is_present;
	status = tap_main(tests, count);
	boxes_launcher = mp_launcher_close(boxes_launcher);
	return status;
}

#define BOXES_MAIN(...)                                                                            \
	int main(void)                                                                             \
	{                                                                                          \
		static const struct tap_test tests[] = {__VA_ARGS__};                              \
		return boxes_main(tests, sizeof(tests) / sizeof(tests[0]));                        \
	}

#endif
