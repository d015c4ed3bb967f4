/* SPDX-License-Identifier: MIT */
/*
 * The client's side: opening launchers and boxes, and asking. Opening a box sends one message and returns;
 * everything else comes as events over a socket whose other end the watcher holds. Requests that wait have
 * a socket of their own, so that events stay in their queue meanwhile.
 */
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"
#include "sandbox/box/launcher.h"
#include "sandbox/box/shared.h"
#include "sandbox/jail/group.h"
#include "sandbox/jail/message.h"
#include "sandbox/plan/plan.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SPEC_BYTES_MAX = 8 << 20, ANSWER_WAIT_MS = 5000, CLOSE_WAIT_MS = 5000, PAGE = 4096 };

struct mp_box {
	int events_fd, requests_fd;
	struct shared *shared;
	uint64_t bytes;
	uint32_t tag; /* of the last request */
	bool has_ended;
	struct mp_box_result result;
	char *tails[2];
};

/* Fork first, ask the host meanwhile. */
static int launcher_start(struct mp_launcher *launcher, struct mp_error *err)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "open the launcher");
	launcher->fd = ends[0];
	launcher->pid = fork();
	if (launcher->pid == 0) {
		(void)close(ends[0]);
		launcher_main(ends[1], launcher);
	}
	(void)close(ends[1]);
	return launcher->pid < 0 ? mp_fail(err, MP_FAULT_HOST, -errno, "fork the launcher") : 0;
}

static int launcher_open(uint32_t uid_base, bool is_once, struct mp_launcher **ret_launcher,
			 struct mp_error *err)
{
	struct mp_launcher *launcher = calloc(1, sizeof(*launcher));
	int result;

	*ret_launcher = NULL;
	if (!launcher)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "open the launcher");
	launcher->uid_base = uid_base;
	launcher->is_once = is_once;
	launcher->fd = launcher->pid = -1;
	launcher->shared = mmap(NULL, sizeof(*launcher->shared), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (launcher->shared == MAP_FAILED) {
		result = mp_fail(err, MP_FAULT_HOST, -errno, "open the launcher");
		free(launcher);
		return result;
	}
	result = launcher_start(launcher, err);
	if (result == 0)
		result = host_probe(&launcher->shared->host, err);
	if (result == 0)
		result = group_prepare(&launcher->shared->host, err);
	if (result < 0) {
		(void)mp_launcher_close(launcher);
		return result;
	}
	atomic_store(&launcher->shared->is_probed, true);
	*ret_launcher = launcher;
	return 0;
}

int mp_launcher_open(uint32_t uid_base, struct mp_launcher **ret_launcher, struct mp_error *err)
{
	return launcher_open(uid_base, false, ret_launcher, err);
}

int mp_launcher_open_once(uint32_t uid_base, struct mp_launcher **ret_launcher,
			  struct mp_error *err)
{
	return launcher_open(uid_base, true, ret_launcher, err);
}

struct mp_launcher *mp_launcher_close(struct mp_launcher *launcher)
{
	if (!launcher)
		return NULL;
	cleanup_fd(&launcher->fd);
	while (launcher->pid > 0 && waitpid(launcher->pid, NULL, 0) < 0 && errno == EINTR)
		;
	(void)munmap(launcher->shared, sizeof(*launcher->shared));
	free(launcher);
	return NULL;
}

/* Lay out header, spec and streams in a memory that the watcher will share. */
static int make_shared(const struct mp_box_spec *spec, struct mp_box *box, int *ret_fd,
		       struct mp_error *err)
{
	struct text packed mp_autotext;
	uint64_t keep = (uint64_t)spec->output_bytes;
	uint64_t streams_at;
	int fd mp_autofd = -1;

	text_init(&packed, SPEC_BYTES_MAX);
	spec_pack(spec, &packed);
	if (packed.is_cut)
		return mp_fail(err, MP_FAULT_USAGE, -EINVAL,
			       "the spec of a box is larger than %d bytes", SPEC_BYTES_MAX);
	streams_at = (sizeof(struct shared) + packed.length + PAGE - 1) / PAGE * PAGE;
	box->bytes = streams_at + 2 * ((keep + PAGE - 1) / PAGE * PAGE);
	fd = memfd_create("milepost-box", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, (off_t)box->bytes) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "make memory for a box");
	box->shared = mmap(NULL, box->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (box->shared == MAP_FAILED) {
		box->shared = NULL;
		return mp_fail(err, MP_FAULT_HOST, -errno, "map the memory of a box");
	}
	box->shared->bytes = box->bytes;
	box->shared->spec_at = sizeof(struct shared);
	box->shared->spec_bytes = packed.length;
	memcpy(box->shared + 1, text_get(&packed), packed.length);
	for (uint64_t i = 0; i < 2; i++) {
		box->shared->streams[i].keep = keep;
		box->shared->streams[i].at = streams_at + i * ((keep + PAGE - 1) / PAGE * PAGE);
	}
	*ret_fd = mp_take_fd(&fd);
	return 0;
}

/* Ask the box beside to lend what the new one needs; the new watcher gets the other end of RET_FD's pair. */
static int ask_beside(struct mp_box *beside, int *ret_fd, struct mp_error *err)
{
	struct shim_message ask = {.kind = ASK_LEND};
	int ends[2];
	int result;

	if (beside->has_ended)
		return mp_fail(err, MP_FAULT_HOST, -ESRCH, "the box beside has ended");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "socketpair");
	result = message_send(beside->requests_fd, &ask, sizeof(ask), &ends[1], 1, MSG_DONTWAIT);
	(void)close(ends[1]);
	if (result < 0) {
		(void)close(ends[0]);
		return mp_fail(err, MP_FAULT_HOST, result, "the box beside does not answer");
	}
	*ret_fd = ends[0];
	return 0;
}

/* The message to the launcher, with all descriptors. FDS: events, requests, memory, beside (or -1). */
static int send_launch(struct mp_launcher *launcher, const struct mp_box_spec *spec,
		       const struct mp_box *box, const int *own, struct mp_error *err)
{
	const int optional[4] = {spec->stdin_fd, spec->stdout_fd, own[3], spec->talk_fd};
	struct launch_message message = {.bytes = box->bytes};
	int fds[MESSAGE_FDS_MAX] = {own[0], own[1], own[2]};
	size_t count = 3;
	int result;

	for (uint32_t i = 0; i < 4; i++)
		if (optional[i] >= 0) {
			message.has |= 1U << i;
			fds[count++] = optional[i];
		}
	result = message_send(launcher->fd, &message, sizeof(message), fds, count, 0);
	return result < 0 ? mp_fail(err, MP_FAULT_HOST, result == -ECONNRESET ? -EPIPE : result,
				    "the launcher is gone")
			  : 0;
}

static int open_box(struct mp_launcher *launcher, const struct mp_box_spec *spec,
		    struct mp_box *box, struct mp_error *err)
{
	int memory mp_autofd = -1;
	int beside mp_autofd = -1;
	int events mp_autofd = -1;
	int requests mp_autofd = -1;
	int ends[2];
	int result = make_shared(spec, box, &memory, err);

	if (result == 0 && spec->beside)
		result = ask_beside(spec->beside, &beside, err);
	if (result < 0)
		return result;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "socketpair");
	box->events_fd = ends[0];
	events = ends[1];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "socketpair");
	box->requests_fd = ends[0];
	requests = ends[1];
	return send_launch(launcher, spec, box, (const int[]){events, requests, memory, beside},
			   err);
}

int mp_box_open(struct mp_launcher *launcher, const struct mp_box_spec *spec,
		struct mp_box **ret_box, struct mp_error *err)
{
	struct plan plan;
	struct mp_box *box;
	int result = plan_make(spec, &launcher->shared->host, launcher->uid_base, &plan, err);

	*ret_box = NULL;
	plan_done(&plan);
	if (result < 0)
		return result;
	box = calloc(1, sizeof(*box));
	if (!box)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "open a box");
	box->events_fd = box->requests_fd = -1;
	result = open_box(launcher, spec, box, err);
	if (result < 0) {
		box->has_ended = true;
		(void)mp_box_close(box);
		return result;
	}
	*ret_box = box;
	return 0;
}

int mp_box_fd(const struct mp_box *box)
{
	return box->events_fd;
}

int mp_box_next(struct mp_box *box, struct mp_event *ret_event, struct mp_error *err)
{
	struct event_message message = {0};
	int result;

	ret_event->kind = MP_EVENT_NONE;
	if (box->has_ended)
		return 0;
	result = message_receive(box->events_fd, &message, sizeof(message), NULL, MSG_DONTWAIT);
	if (result == -EAGAIN)
		return 0;
	if (result < 0)
		return mp_fail(err, MP_FAULT_HOST, result, "hear from a box");
	if (result == 0) {
		message.event = (struct mp_event){.kind = MP_EVENT_ENDED};
		message.event.result.end = MP_END_SANDBOX_ERROR;
		message.event.result.exit_code = -1;
		(void)memccpy(message.event.result.detail, "the watcher of the box died", '\0',
			      sizeof(message.event.result.detail));
	}
	*ret_event = message.event;
	if (ret_event->kind == MP_EVENT_OUTPUT)
		atomic_store(&box->shared->is_told, false);
	if (ret_event->kind == MP_EVENT_ENDED) {
		box->has_ended = true;
		box->result = ret_event->result;
	}
	return 0;
}

int mp_box_wait(struct mp_box *box, int64_t timeout_ms, struct mp_box_result *ret_result,
		struct mp_error *err)
{
	int64_t until = clock_now_ms() + timeout_ms;

	/* Nobody looks at output meanwhile: do not tell of it. */
	atomic_store(&box->shared->is_told, true);
	while (!box->has_ended) {
		int64_t left = timeout_ms < 0 ? -1 : until - clock_now_ms();
		struct pollfd polled = {box->events_fd, POLLIN, 0};
		struct mp_event event;
		int result;

		if (timeout_ms >= 0 && left <= 0) {
			atomic_store(&box->shared->is_told, false);
			return mp_fail(err, MP_FAULT_HOST, -ETIME,
				       "the box has not ended after %lld ms",
				       (long long)timeout_ms);
		}
		(void)poll(&polled, 1, left > 1000000 ? 1000000 : (int)left);
		result = mp_box_next(box, &event, err);
		if (result < 0)
			return result;
		atomic_store(&box->shared->is_told, true);
	}
	*ret_result = box->result;
	return 0;
}

int mp_box_output(struct mp_box *box, int stream, struct mp_output *ret_output,
		  struct mp_error *err)
{
	const struct shared_stream *about;

	if (stream != 1 && stream != 2)
		return mp_fail(err, MP_FAULT_BUG, -EINVAL, "a box has no stream %d", stream);
	about = &box->shared->streams[stream - 1];
	if (!box->tails[stream - 1] && atomic_load(&about->total) > about->keep) {
		box->tails[stream - 1] = malloc(about->keep - about->keep / 2 + 1);
		if (!box->tails[stream - 1])
			return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "keep output");
	}
	stream_read(box->shared, stream - 1, box->tails[stream - 1], ret_output);
	return 0;
}

/* Ask and wait for the answer of the same tag; older answers, given up by now, are dropped. */
static int ask(struct mp_box *box, uint32_t kind, int64_t number, struct shim_message *ret_answer,
	       int *ret_fds)
{
	struct shim_message message = {.kind = kind, .number = number, .tag = ++box->tag};
	int64_t until = clock_now_ms() + ANSWER_WAIT_MS;
	int result = box->has_ended ? -ESRCH
				    : message_send(box->requests_fd, &message, sizeof(message),
						   NULL, 0, MSG_DONTWAIT);

	while (result >= 0) {
		int64_t left = until - clock_now_ms();
		struct pollfd polled = {box->requests_fd, POLLIN, 0};

		if (left <= 0 || poll(&polled, 1, (int)left) == 0)
			return -ETIME;
		result = message_receive(box->requests_fd, ret_answer, sizeof(*ret_answer), ret_fds,
					 MSG_DONTWAIT);
		if (result == 0)
			return -ESRCH;
		if (result == 1 && ret_answer->tag == box->tag)
			return ret_answer->code;
		if (result == -EAGAIN)
			result = 0;
		for (size_t i = 0; ret_fds && i < MESSAGE_FDS_MAX; i++)
			cleanup_fd(&ret_fds[i]);
	}
	return result == -EPIPE || result == -ECONNRESET ? -ESRCH : result;
}

int mp_box_connect(struct mp_box *box, int family, int *ret_fd, struct mp_error *err)
{
	int fds[MESSAGE_FDS_MAX];
	struct shim_message answer;
	int result = ask(box, ASK_SOCKET, family, &answer, fds);

	*ret_fd = -1;
	if (result < 0)
		return mp_fail(err, MP_FAULT_HOST, result, "make a socket in a box");
	*ret_fd = fds[0];
	return 0;
}

int mp_box_listen(struct mp_box *box, int port, int *ret_fd, int *ret_port, struct mp_error *err)
{
	int fds[MESSAGE_FDS_MAX];
	struct shim_message answer;
	int result = ask(box, ASK_LISTEN, port, &answer, fds);

	*ret_fd = -1;
	if (result < 0)
		return mp_fail(err, MP_FAULT_HOST, result, "listen on port %d in a box", port);
	*ret_fd = fds[0];
	*ret_port = (int)answer.number;
	return 0;
}

int mp_box_signal(struct mp_box *box, int signal, struct mp_error *err)
{
	struct shim_message answer;
	int result = ask(box, ASK_SIGNAL, signal, &answer, NULL);

	return result < 0 ? mp_fail(err, MP_FAULT_HOST, result, "send signal %d to a box", signal)
			  : 0;
}

void mp_box_kill(struct mp_box *box)
{
	struct shim_message word = {0};

	if (!box->has_ended)
		(void)!message_send(box->events_fd, &word, sizeof(word), NULL, 0, MSG_DONTWAIT);
}

struct mp_box *mp_box_close(struct mp_box *box)
{
	struct mp_box_result result;

	if (!box)
		return NULL;
	mp_box_kill(box);
	if (!box->has_ended)
		(void)!mp_box_wait(box, CLOSE_WAIT_MS, &result, NULL);
	cleanup_fd(&box->events_fd);
	cleanup_fd(&box->requests_fd);
	if (box->shared)
		(void)munmap(box->shared, box->bytes);
	free(box->tails[0]);
	free(box->tails[1]);
	free(box);
	return NULL;
}
