/* SPDX-License-Identifier: MIT */
/*
 * The reader's outer half: starts it in a box, asks, and waits for answers.
 *
 * One socket pair: our end does not block, the reader's end is its descriptors 0 and 1. We wait on our end
 * and on the box: the box says how the reader ended, which is what makes a sentence of a closed socket.
 * What the reader wrote before it ended is read first. When the deadline passes the box is killed.
 */
#include "grader/intake/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "grader/intake/claim.h"
#include "grader/intake/intake.h"
#include "grader/intake/limits.h"
#include "grader/intake/place.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"

enum {
	LOCAL_DEADLINE_MS = 60 * 1000,
	FETCH_DEADLINE_MS = 180 * 1000,
	READER_CPU_MS = 60 * 1000,
	LOCAL_SCRATCH_BYTES = 8 << 20,
	CLONE_SCRATCH_BYTES = 160 << 20,
	READER_INODES = 40000,
	END_WAIT_MS = 2000,
};

struct reader {
	struct mp_box *box;  /* owned */
	int fd;		     /* owned: our end */
	int64_t deadline_ms; /* for one answer */
	int64_t answer_by_ms;
	bool has_ended;
	struct mp_box_result result; /* once it has ended */
	struct frame_input *input;   /* owned */
	struct frame_output *output; /* owned */
};

static bool is_below(const char *path, const char *folder)
{
	size_t count = strlen(folder);

	return strncmp(path, folder, count) == 0 && path[count] == '/';
}

/* What the reader of PLACE may see and use. Strings of SPEC are borrowed from REQUEST and PLACE. */
static void reader_spec(struct mp_box_spec *spec, const struct intake_request *request,
			const struct place *place)
{
	bool is_worktree = place->how == FRAME_HOW_WORKTREE;
	bool is_git_below_top = is_worktree && is_below(place->git, place->top);
	/* The box runs as the owner of the first. */
	const char *seen[] = {
		is_worktree ? place->top : "",
		place->has_network || is_git_below_top ? "" : place->git,
		place->common,
		request->program,
	};

	mp_box_spec_init(spec);
	spec->profile = place->has_network ? MP_PROFILE_FETCH : MP_PROFILE_READER;
	spec->wall_ms = 0; /* it stays for questions; each answer has its deadline */
	spec->cpu_ms = READER_CPU_MS;
	spec->memory_bytes = INTAKE_READER_BYTES;
	spec->scratch_bytes =
		place->how == FRAME_HOW_CLONE ? CLONE_SCRATCH_BYTES : LOCAL_SCRATCH_BYTES;
	spec->file_size_bytes = spec->scratch_bytes;
	spec->scratch_inodes = READER_INODES;
	spec->dir = "/";
	if (request->may_miss)
		memcpy(spec->may_miss, request->may_miss, sizeof(spec->may_miss));
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		if (seen[i][0])
			spec->binds[spec->bind_count++] =
				(struct mp_bind){.host_path = seen[i], .mode = MP_BIND_READ_ONLY};
	}
}

static int reader_start(struct reader *reader, const struct intake_request *request,
			const struct place *place, int box_fd, struct mp_error *err)
{
	const char *const argv[] = {request->program, "reader", NULL};
	struct mp_box_spec spec;

	reader_spec(&spec, request, place);
	spec.argv = argv;
	spec.stdin_fd = box_fd;
	spec.stdout_fd = box_fd;
	if (mp_box_open(request->launcher, &spec, &reader->box, err) < 0)
		return mp_wrap(err, "box of the reader");
	return 0;
}

int reader_open(const struct intake_request *request, const struct place *place,
		struct reader **ret_reader, struct mp_error *err)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	mp_autofd int box_fd = -1;
	int pair[2] = {-1, -1};
	int ret = 0;

	if (!reader)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "reader");
	reader->fd = -1;
	reader->deadline_ms = place->how == FRAME_HOW_CLONE ? FETCH_DEADLINE_MS : LOCAL_DEADLINE_MS;
	if (request->deadline_ms > 0)
		reader->deadline_ms = request->deadline_ms;
	reader->input = calloc(1, sizeof(*reader->input));
	reader->output = calloc(1, sizeof(*reader->output));
	if (!reader->input || !reader->output)
		ret = mp_fail(err, MP_FAULT_HOST, -ENOMEM, "reader");
	else if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		ret = mp_fail(err, MP_FAULT_HOST, -errno, "socket of the reader");
	if (ret == 0) {
		reader->fd = pair[0];
		box_fd = pair[1];
		if (fcntl(reader->fd, F_SETFL, O_NONBLOCK) < 0)
			ret = mp_fail(err, MP_FAULT_HOST, -errno, "socket of the reader");
	}
	if (ret == 0)
		ret = reader_start(reader, request, place, box_fd, err);
	if (ret < 0) {
		(void)reader_close(reader);
		return ret;
	}
	*ret_reader = reader;
	return 0;
}

struct reader *reader_close(struct reader *reader)
{
	if (!reader)
		return NULL;
	if (reader->fd >= 0)
		(void)close(reader->fd);
	reader->box = mp_box_close(reader->box);
	free(reader->input);
	free(reader->output);
	free(reader);
	return NULL;
}

struct frame_output *reader_output(struct reader *reader)
{
	return reader->output;
}

int reader_ask(struct reader *reader, struct frame_output *output, struct mp_error *err)
{
	ssize_t sent = send(reader->fd, output->data, output->used, MSG_NOSIGNAL);
	size_t count = output->used;

	explicit_bzero(output->data, count); /* it may hold a password */
	output->used = 0;
	reader->answer_by_ms = clock_now_ms() + reader->deadline_ms;
	/* The reader may be gone: what it said before, or how it ended, comes with the next frame. */
	if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
		return 0;
	if (sent < 0 || (size_t)sent != count)
		return mp_fail(err, MP_FAULT_HOST, sent < 0 ? -errno : -EIO,
			       "question to the reader");
	return 0;
}

/* What the way the reader ended means. The rest: its objects made it fail. */
static const struct {
	enum mp_end end;
	enum mp_fault fault;
	const char *text;
} reader_ends[] = {
	{MP_END_MEMORY, MP_FAULT_INPUT,
	 "refused: cannot be read: it takes more than 256 MB of memory to read"},
	{MP_END_CPU, MP_FAULT_INPUT,
	 "refused: cannot be read: it takes more than 60 s of computing to read"},
	{MP_END_WALL, MP_FAULT_INPUT, "refused: cannot be read: it takes too long to read"},
	{MP_END_FILE_SIZE, MP_FAULT_INPUT,
	 "refused: cannot be read: a clone of it takes more than 160 MB"},
	{MP_END_INODES, MP_FAULT_INPUT,
	 "refused: cannot be read: a clone of it has more than 40,000 files"},
	{MP_END_COULD_NOT_START, MP_FAULT_HOST, "the reader of repositories could not be started"},
	{MP_END_SANDBOX_ERROR, MP_FAULT_HOST, "the box of the reader failed"},
};

static int reader_ended(const struct reader *reader, struct mp_error *err)
{
	const struct mp_box_result *result = &reader->result;

	for (size_t i = 0; i < sizeof(reader_ends) / sizeof(reader_ends[0]); i++) {
		if (reader_ends[i].end == result->end)
			return mp_fail(err, reader_ends[i].fault, -EBADMSG, "%s%s%s",
				       reader_ends[i].text, result->detail[0] ? ": " : "",
				       result->detail);
	}
	/* No object does that: somebody outside did, or the kernel for want of memory. */
	if (result->end == MP_END_SIGNALED && result->signal == SIGKILL)
		return mp_fail(err, MP_FAULT_HOST, -EINTR,
			       "the reader of repositories was killed from outside; try again");
	if (result->end == MP_END_SIGNALED)
		return mp_fail(
			err, MP_FAULT_INPUT, -EBADMSG,
			"refused: cannot be read: its reader ended by signal %d: type 'git fsck' there",
			result->signal);
	return mp_fail(
		err, MP_FAULT_INPUT, -EBADMSG,
		"refused: cannot be read: its reader ended with status %d: type 'git fsck' there",
		result->exit_code);
}

/* Take the box's events; only its end is of interest. */
static int reader_take_events(struct reader *reader, struct mp_error *err)
{
	struct mp_event event = {.kind = MP_EVENT_NONE};

	do {
		if (mp_box_next(reader->box, &event, err) < 0)
			return mp_wrap(err, "box of the reader");
		if (event.kind == MP_EVENT_ENDED) {
			reader->has_ended = true;
			reader->result = event.result;
		}
	} while (event.kind != MP_EVENT_NONE && !reader->has_ended);
	return 0;
}

/* Our socket is closed: wait for the box to say why. */
static int reader_wait_end(struct reader *reader, struct mp_error *err)
{
	if (!reader->has_ended) {
		if (mp_box_wait(reader->box, END_WAIT_MS, &reader->result, err) < 0)
			return mp_fail(err, MP_FAULT_HOST, -ETIME, "end of the reader");
		reader->has_ended = true;
	}
	return reader_ended(reader, err);
}

/* Wait until there is something to read or the box has news. */
static int reader_poll(struct reader *reader, struct mp_error *err)
{
	struct pollfd fds[] = {
		{.fd = reader->fd, .events = POLLIN},
		{.fd = reader->has_ended ? -1 : mp_box_fd(reader->box), .events = POLLIN},
	};
	int64_t left_ms = reader->answer_by_ms - clock_now_ms();
	int ready = left_ms > 0 ? poll(fds, 2, (int)left_ms) : 0;

	if (ready < 0 && errno != EINTR)
		return mp_fail(err, MP_FAULT_HOST, -errno, "wait for the reader");
	if (ready == 0 && clock_now_ms() >= reader->answer_by_ms) {
		mp_box_kill(reader->box);
		return mp_fail(
			err, MP_FAULT_INPUT, -EBADMSG,
			"refused: cannot be read: it took longer than %lld s: clone it with git, "
			"and name the clone's folder",
			(long long)(reader->deadline_ms / 1000));
	}
	return ready > 0 && fds[1].revents ? reader_take_events(reader, err) : 0;
}

/* More bytes into the input. */
static int reader_fill(struct reader *reader, struct mp_error *err)
{
	while (true) {
		size_t room;
		uint8_t *to = frame_input_space(reader->input, &room);
		ssize_t got = read(reader->fd, to, room);
		int ret;

		if (got > 0) {
			frame_input_add(reader->input, (size_t)got);
			return 0;
		}
		if (got == 0 || (got < 0 && errno == ECONNRESET) ||
		    (errno == EAGAIN && reader->has_ended))
			return reader_wait_end(reader, err);
		if (errno != EAGAIN && errno != EINTR)
			return mp_fail(err, MP_FAULT_HOST, -errno, "answer of the reader");
		ret = reader_poll(reader, err);
		if (ret < 0)
			return ret;
	}
}

int reader_next(struct reader *reader, struct frame *ret_frame, struct mp_error *err)
{
	while (true) {
		int ret = frame_next(reader->input, ret_frame);

		if (ret == 1)
			return 0;
		if (ret < 0)
			return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
				       "refused: cannot be read: its reader lost the thread");
		ret = reader_fill(reader, err);
		if (ret < 0)
			return ret;
	}
}

int reader_object_id(struct reader *reader, const char *path, char ret_id[41], struct mp_error *err)
{
	struct frame frame;
	struct frame_cursor cursor;
	char id[41];
	size_t count;
	int ret;

	if (strlen(path) > INTAKE_PATH_MAX)
		return mp_fail(err, MP_FAULT_USAGE, -ENAMETOOLONG, "path in the repository");
	frame_begin(reader->output, ASK_OBJECT_ID);
	frame_add_text(reader->output, path);
	frame_end(reader->output);
	ret = reader_ask(reader, reader->output, err);
	if (ret == 0)
		ret = reader_next(reader, &frame, err);
	if (ret != 0)
		return ret;
	if (frame.kind == SAY_REFUSED)
		return claim_refusal(&frame, err);
	cursor = frame_read(&frame);
	count = frame_read_text(&cursor, id, sizeof(id));
	if (frame.kind != SAY_OBJECT_ID || !frame_read_ok(&cursor) ||
	    (count != 0 && !reader_is_object_id(id)))
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
			       "refused: cannot be read: its reader lost the thread");
	memcpy(ret_id, id, sizeof(id));
	return 0;
}

bool reader_is_object_id(const char *text)
{
	return strlen(text) == 40 && strspn(text, "0123456789abcdef") == 40;
}
