/* SPDX-License-Identifier: MIT */
/* `run`: one command in one box. Its output is passed on while it comes; what was cut is said. */
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "sandbox/cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Pass on what is new of stream INDEX + 1; SHOWN counts what was. At the END the tail follows. */
static int pass_on(struct mp_box *box, int index, size_t *shown, bool is_end, struct mp_error *err)
{
	struct mp_output output;
	int result = mp_box_output(box, index + 1, &output, err);

	if (result == 0 && output.head_bytes > *shown) {
		result =
			path_write_all(index + 1, output.head + *shown, output.head_bytes - *shown);
		*shown = output.head_bytes;
	}
	if (result == 0 && is_end && output.tail_bytes > 0) {
		int64_t left_out =
			output.total_bytes - (int64_t)(output.head_bytes + output.tail_bytes);
		char line[96];
		/* While it came, more of the beginning was shown than is kept now. */
		size_t skip = *shown - output.head_bytes;

		(void)snprintf(line, sizeof(line), "\n[%lld bytes are left out here]\n",
			       (long long)left_out);
		result = left_out > 0 ? path_write_all(index + 1, line, strlen(line)) : 0;
		skip = left_out > 0 || skip > output.tail_bytes ? 0 : skip;
		if (result == 0)
			result = path_write_all(index + 1, output.tail + skip,
						output.tail_bytes - skip);
	}
	return result;
}

static int follow(struct mp_box *box, struct mp_box_result *ret_result, struct mp_error *err)
{
	size_t shown[2] = {0, 0};

	for (;;) {
		struct pollfd polled = {mp_box_fd(box), POLLIN, 0};
		struct mp_event event;
		int result = mp_box_next(box, &event, err);

		if (result < 0)
			return result;
		if (event.kind == MP_EVENT_NONE) {
			(void)poll(&polled, 1, -1);
			continue;
		}
		/* A reader that went away is no reason to disturb the command. */
		for (int i = 0;
		     i < 2 && (event.kind == MP_EVENT_OUTPUT || event.kind == MP_EVENT_ENDED); i++)
			(void)!pass_on(box, i, &shown[i], event.kind == MP_EVENT_ENDED, err);
		if (event.kind == MP_EVENT_ENDED) {
			*ret_result = event.result;
			return 0;
		}
	}
}

/* Before the command runs: how it ended must not get lost. */
static int open_json(const char *path, struct mp_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	return fd < 0 ? mp_fail(err, MP_FAULT_USAGE, -errno, "write %s", path) : fd;
}

static int write_json(int fd, const char *path, const struct mp_box_result *result,
		      struct mp_error *err)
{
	struct text text mp_autotext;
	int written;

	text_init(&text, 0);
	result_json(result, &text);
	written = path_write_all(fd, text_get(&text), text.length);
	return written < 0 ? mp_fail(err, MP_FAULT_HOST, written, "write %s", path) : 0;
}

/* Say in one line on standard error what is not the command's own doing. */
static void explain_end(const struct mp_box_result *result)
{
	if (result->detail[0])
		(void)fprintf(stderr, "milepost-box: %s\n", result->detail);
	else if (result->end == MP_END_FORBIDDEN)
		(void)fputs("milepost-box: ended by a system call of another architecture\n",
			    stderr);
	else if (result->end != MP_END_EXITED && result->end != MP_END_SIGNALED)
		(void)fprintf(stderr, "milepost-box: ended by the limit %s\n",
			      mp_end_word(result->end));
}

static int run_box(struct mp_launcher *launcher, const struct run_request *request,
		   struct mp_error *err)
{
	struct mp_box_result result;
	struct mp_box *box;
	int json_fd mp_autofd = request->json ? open_json(request->json, err) : -1;
	int ret = request->json && json_fd < 0 ? json_fd : 0;

	if (ret == 0)
		ret = mp_box_open(launcher, &request->spec, &box, err);
	if (ret < 0)
		return ret;
	ret = follow(box, &result, err);
	(void)mp_box_close(box);
	if (ret == 0 && request->json)
		ret = write_json(json_fd, request->json, &result, err);
	if (ret < 0)
		return ret;
	explain_end(&result);
	return result_status(&result);
}

int command_run(const char *const *argv, struct mp_error *err)
{
	struct arena *arena mp_autoarena = arena_new();
	static struct mp_launcher *launcher;
	struct run_request request;
	int ret = run_request_read(argv, arena, &request, err);

	if (ret < 0)
		return ret;
	if (request.wants_help) {
		struct text help mp_autotext;

		text_init(&help, 0);
		text_add(&help, "milepost-box run [OPTION]... -- COMMAND [ARG]...\n\n");
		run_request_help(&help);
		(void)fputs(text_get(&help), stdout);
		return 0;
	}
	request.spec.stdin_fd = STDIN_FILENO;
	ret = mp_launcher_open_once(0, &launcher, err);
	if (ret < 0)
		return ret;
	/* The box is gone when it says so. The launcher goes with us; nobody need wait for that. */
	return run_box(launcher, &request, err);
}

int command_explain(const char *const *argv, struct mp_error *err)
{
	struct arena *arena mp_autoarena = arena_new();
	char *text mp_autofree = NULL;
	struct run_request request;
	int ret = run_request_read(argv, arena, &request, err);

	if (ret == 0 && request.wants_help)
		return command_run(argv, err);
	if (ret == 0)
		ret = mp_box_explain(&request.spec, &text, err);
	if (ret == 0)
		(void)fputs(text, stdout);
	return ret;
}
