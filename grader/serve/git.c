/* SPDX-License-Identifier: MIT */
/*
 * A box with `git http-backend` for each request.
 *
 *   client -- body --> [in] --> http-backend -> receive-pack / upload-pack -> hooks
 *   client <-- head, then as it comes <-- [out]          hooks <--[talk]--> push.c
 *
 * The repository is bound writable, but what would lead git elsewhere or change what it does is bound over it
 * read-only: configuration, HEAD, info, objects/info (alternates lead into another learner's objects), hooks.
 * All configuration comes from here, by the environment, which the caller cannot set.
 *
 * The box dies with the request: when its peer hangs up, or when all of the answer is out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "grader/serve/inside.h"
#include "grader/serve/report.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/field.h"

enum {
	GITS_MAX = 300,
	GITS_OF_LEARNER_MAX = 8,
	GIT_WALL_MS = 15 * 60 * 1000,
	GIT_CPU_MS = 2 * 60 * 1000,
	GIT_MEMORY = 256 << 20,
	GIT_SCRATCH = 16 << 20,
	GIT_FILE_MAX = 64 << 20,
	GIT_PROCESSES = 32,
	DROPPED_MAX =
		64 << 20, /* of a body that git reads no more, so that its reason is still heard */
	PROTOCOL_MAX = 64,
	HEADERS_OF_PUSH = 1 << 20, /* a body may be so much longer than its pack */
};

/* All of git's configuration. Sources: git-config(1), decisions. */
static const char *const configuration[][2] = {
	{"safe.directory", "*"},
	{"core.hooksPath", BOX_HOOKS},
	{"core.logAllRefUpdates", "false"},
	{"gc.auto", "0"},
	{"pack.threads", "1"},
	{"pack.windowMemory", "32m"},
	{"http.getanyfile", "false"},
	{"http.uploadpack", "true"},
	{"http.receivepack", "true"},
	{"transfer.fsckObjects", "true"},
	/* The commits that are kept; the report may be fetched. */
	{"transfer.hideRefs", "refs/milepost"},
	{"uploadpack.hideRefs", "!refs/milepost/report"},
	{"receive.procReceiveRefs", "refs/for"},
	{"receive.maxInputSize", "20971520"},
	{"receive.denyDeletes", "true"},
	{"receive.denyNonFastForwards", "false"},
	/* A shallow push reaches the hook, which says what to type; git would only say no. */
	{"receive.shallowUpdate", "true"},
	{"receive.advertisePushOptions", "true"},
	{"receive.autogc", "false"},
	{"receive.updateServerInfo", "false"},
	{"receive.keepAlive", "5"},
};
enum { CONFIG_COUNT = sizeof(configuration) / sizeof(configuration[0]) };
_Static_assert(PUSH_BYTES_MAX == 20971520, "receive.maxInputSize says the same");

/* Of the repository, over which the box may not write. */
static const char *const fixed[] = {"config", "HEAD", "info", "objects/info", "hooks"};

struct env {
	const char *items[MP_ENV_MAX + 1];
	size_t count;
};

static void env_add(struct env *env, const char *entry)
{
	if (env->count < MP_ENV_MAX)
		env->items[env->count++] = entry;
}

static const char *header_of(const struct request *request, const char *name)
{
	const char *value = MHD_lookup_connection_value(request->conn->mhd, MHD_HEADER_KIND, name);

	return value ? value : "";
}

/* "version=2": what else a client may ask for is not known. */
static bool is_protocol(const char *text)
{
	return *text && strlen(text) < PROTOCOL_MAX &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789=:.-")] == '\0';
}

/* The tail of the path behind the repository: "/info/refs". */
static const char *path_tail(const struct request *request)
{
	return strrchr(request->route->path, '.') + strlen(".git");
}

static void fill_env(const struct request *request, struct env *env)
{
	struct arena *arena = request->arena;
	const char *service = request->route->service;
	const char *protocol = header_of(request, "Git-Protocol");

	for (size_t i = 0; i < CONFIG_COUNT; i++) {
		env_add(env, arena_format(arena, "GIT_CONFIG_KEY_%zu=%s", i, configuration[i][0]));
		env_add(env,
			arena_format(arena, "GIT_CONFIG_VALUE_%zu=%s", i, configuration[i][1]));
	}
	env_add(env, arena_format(arena, "GIT_CONFIG_COUNT=%d", CONFIG_COUNT));
	env_add(env, "GIT_CONFIG_NOSYSTEM=1");
	env_add(env, "GIT_CONFIG_GLOBAL=/dev/null");
	env_add(env, "GIT_HTTP_EXPORT_ALL=1");
	env_add(env, arena_format(arena, "REMOTE_USER=%s", request->learner.handle));
	env_add(env, arena_format(arena, "REQUEST_METHOD=%s", request->method));
	env_add(env, arena_format(arena, "PATH_TRANSLATED=" BOX_REPOSITORY "%s",
				  service ? "/info/refs" : path_tail(request)));
	if (service)
		env_add(env, arena_format(arena, "QUERY_STRING=service=%s", service));
	else
		env_add(env, arena_format(arena, "CONTENT_TYPE=application/x-%s-request",
					  path_tail(request) + 1));
	if (strcmp(header_of(request, MHD_HTTP_HEADER_CONTENT_ENCODING), "gzip") == 0)
		env_add(env, "HTTP_CONTENT_ENCODING=gzip");
	if (is_protocol(protocol))
		env_add(env, arena_format(arena, "GIT_PROTOCOL=%s", protocol));
	env->items[env->count] = NULL;
}

static void fill_binds(const struct request *request, struct mp_box_spec *spec)
{
	const struct serve_options *options = request->conn->server->options;
	const char *repository =
		repository_path(request->arena, options->data, request->learner.handle);
	size_t count = 0;

	/* The box runs as the owner of the first. */
	spec->binds[count++] = (struct mp_bind){repository, BOX_REPOSITORY, MP_BIND_WRITABLE};
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		spec->binds[count++] = (struct mp_bind){
			arena_format(request->arena, "%s/%s", repository, fixed[i]),
			arena_format(request->arena, BOX_REPOSITORY "/%s", fixed[i]),
			MP_BIND_READ_ONLY};
	spec->binds[count++] = (struct mp_bind){options->program, BOX_PROGRAM, MP_BIND_READ_ONLY};
	spec->binds[count++] =
		(struct mp_bind){arena_format(request->arena, "%s/hooks", options->data), BOX_HOOKS,
				 MP_BIND_READ_ONLY};
	if (request->git->report) {
		spec->binds[count++] =
			(struct mp_bind){arena_format(request->arena, "%s/starters", options->data),
					 BOX_STARTERS, MP_BIND_READ_ONLY};
		spec->binds[count++] = (struct mp_bind){
			arena_format(request->arena, "%s/" REPORTS_FOLDER "/%s/%s", options->data,
				     request->learner.handle, request->git->report),
			BOX_REPORT, MP_BIND_READ_ONLY};
	}
	spec->bind_count = count;
}

/* --- what comes of the box ------------------------------------------------------------------- */

/* All that it will say is read and it has ended, in whichever order, and there was no head. */
static void fail_if_mute(struct git *git)
{
	if (!git->is_ended || !git->is_mute)
		return;
	git->has_failed = true;
	if (git->request->is_whole)
		conn_resume(git->request->conn);
}

static void on_events(void *owner, uint32_t events)
{
	struct git *git = owner;
	struct mp_event event = {0};
	struct mp_output said = {0};
	mp_autotext struct text text = {0};
	int ret;

	(void)events;
	do
		ret = mp_box_next(git->box, &event, NULL);
	while (ret == 0 && event.kind != MP_EVENT_NONE && event.kind != MP_EVENT_ENDED);
	if (ret == 0 && event.kind == MP_EVENT_NONE)
		return;
	loop_watch(git->server, &git->events, 0);
	git->is_ended = true;
	git->is_well = ret == 0 && event.result.end == MP_END_EXITED && event.result.exit_code == 0;
	fail_if_mute(git);
	if (git->waits_end)
		conn_resume(git->request->conn);
	if (git->is_well)
		return;
	if (ret == 0 && mp_box_output(git->box, 2, &said, NULL) == 0)
		text_add_visible(&text, said.head, said.head_bytes, 400);
	log_add("git of %s: %s, status %d: %s %s", git->request->learner.handle,
		mp_end_word(event.result.end), event.result.exit_code, event.result.detail,
		text_get(&text));
}

/* The head, until it is whole; then whoever waits for it goes on. */
static void on_head(struct git *git)
{
	ssize_t count =
		read(git->out.fd, git->head + git->head_count, sizeof(git->head) - git->head_count);
	int used;

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (count > 0)
		git->head_count += (size_t)count;
	used = cgi_read(git->head, git->head_count, &git->cgi);
	if (used == 0 && count > 0)
		return;
	loop_watch(git->server, &git->out, 0);
	if (used <= 0) {
		git->is_mute = true;
		if (used < 0)
			mp_box_kill(git->box);
		fail_if_mute(git);
		return;
	}
	git->has_head = true;
	git->head_taken = (size_t)used;
	if (git->request->is_whole)
		conn_resume(git->request->conn);
}

static void on_out(void *owner, uint32_t events)
{
	struct git *git = owner;

	(void)events;
	if (!git->has_head) {
		on_head(git);
		return;
	}
	loop_watch(git->server, &git->out, 0);
	conn_resume(git->request->conn);
}

static void on_in(void *owner, uint32_t events)
{
	struct git *git = owner;

	(void)events;
	loop_watch(git->server, &git->in, 0);
	conn_resume(git->request->conn);
}

static void on_talk(void *owner, uint32_t events)
{
	struct git *git = owner;
	char packet[TALK_BYTES];
	ssize_t count = recv(git->talk.fd, packet, sizeof(packet) - 1, MSG_DONTWAIT);

	(void)events;
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (count <= 0) {
		loop_watch(git->server, &git->talk, 0);
		return;
	}
	packet[count] = '\0';
	push_hear(git, packet);
}

/* --- opening and closing --------------------------------------------------------------------- */

/* The starters change with the program and with what is published. */
static const char *starters_version(const struct server *server, struct arena *arena)
{
	return arena_format(arena, MILEPOST_VERSION "-%zu", server->road->published_count);
}

struct ends {
	int in, out, talk; /* the box's */
};

static void close_ends(struct ends *ends)
{
	cleanup_fd(&ends->in);
	cleanup_fd(&ends->out);
	cleanup_fd(&ends->talk);
}

static int open_ends(struct git *git, struct ends *ends, struct mp_error *err)
{
	int in[2] = {-1, -1};
	int out[2] = {-1, -1};
	int talk[2] = {-1, -1};

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, talk) < 0) {
		int code = -errno;

		for (int i = 0; i < 2; i++) {
			cleanup_fd(&in[i]);
			cleanup_fd(&out[i]);
		}
		return mp_fail(err, MP_FAULT_HOST, code, "pipes of a box");
	}
	git->in = (struct watch){.fd = in[1], .ready = on_in, .owner = git};
	git->out = (struct watch){.fd = out[0], .ready = on_out, .owner = git};
	git->talk = (struct watch){.fd = talk[0], .ready = on_talk, .owner = git};
	*ends = (struct ends){in[0], out[1], talk[1]};
	if (fcntl(in[1], F_SETFL, O_NONBLOCK) < 0 || fcntl(out[0], F_SETFL, O_NONBLOCK) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "pipes of a box");
	return 0;
}

static int open_box(struct git *git, struct mp_error *err)
{
	const struct request *request = git->request;
	const char *const argv[] = {BOX_BACKEND, NULL};
	const char *const fetch[] = {BOX_PROGRAM,
				     "hook",
				     HOOK_FETCH,
				     request->learner.track,
				     starters_version(git->server, request->arena),
				     git->report,
				     NULL};
	__attribute__((cleanup(close_ends))) struct ends ends = {-1, -1, -1};
	struct mp_box_spec spec;
	struct env env = {0};
	int ret = open_ends(git, &ends, err);

	mp_box_spec_init(&spec);
	spec.profile = MP_PROFILE_GIT;
	spec.argv = git->report ? fetch : argv;
	spec.wall_ms = GIT_WALL_MS;
	spec.cpu_ms = GIT_CPU_MS;
	spec.memory_bytes = GIT_MEMORY;
	spec.scratch_bytes = GIT_SCRATCH;
	spec.file_size_bytes = GIT_FILE_MAX;
	spec.processes = GIT_PROCESSES;
	spec.output_bytes = 64 << 10;
	spec.cpus = 0;
	spec.stdin_fd = ends.in;
	spec.stdout_fd = ends.out;
	spec.talk_fd = ends.talk;
	fill_env(git->request, &env);
	spec.env = env.items;
	fill_binds(git->request, &spec);
	if (ret == 0)
		ret = mp_box_open(git->server->launcher, &spec, &git->box, err);
	if (ret < 0)
		return ret;
	git->events = (struct watch){.fd = mp_box_fd(git->box), .ready = on_events, .owner = git};
	loop_watch(git->server, &git->events, EPOLLIN);
	loop_watch(git->server, &git->out, EPOLLIN);
	loop_watch(git->server, &git->talk, EPOLLIN);
	return 0;
}

/* The last push of a learner cleans up behind those that were cut. */
static void clean_up(const struct git *git)
{
	const struct request *request = git->request;

	if (request->route->may != MAY_PUSH)
		return;
	for (const struct git *other = git->server->gits; other; other = other->next) {
		if (other != git && other->request->learner.id == request->learner.id &&
		    other->request->route->may == MAY_PUSH)
			return;
	}
	data_clean(repository_path(request->arena, git->server->options->data,
				   request->learner.handle));
}

int git_check(struct mp_error *err)
{
	static const char *const argv[] = {BOX_BACKEND, NULL};
	mp_autofree char *plan = NULL;
	struct mp_box_spec spec;
	int ret;

	if (access(BOX_BACKEND, X_OK) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno,
			       BOX_BACKEND " is not there: install git, as Debian packs it");
	mp_box_spec_init(&spec);
	spec.profile = MP_PROFILE_GIT;
	spec.argv = argv;
	ret = mp_box_explain(&spec, &plan, err);
	return ret < 0 ? mp_wrap(err, "the box for git") : 0;
}

struct git *git_close(struct git *git)
{
	if (!git)
		return NULL;
	loop_watch(git->server, &git->events, 0);
	loop_close(git->server, &git->in);
	loop_close(git->server, &git->out);
	loop_close(git->server, &git->talk);
	git->box = mp_box_close(git->box);
	push_settle(git);
	clean_up(git);
	*git->link = git->next;
	if (git->next)
		git->next->link = git->link;
	git->server->git_count--;
	free(git);
	return NULL;
}

static struct git *git_new(struct request *request)
{
	struct server *server = request->conn->server;
	struct git *git = calloc(1, sizeof(*git));

	if (!git)
		return NULL;
	git->server = server;
	git->request = request;
	git->events.fd = git->in.fd = git->out.fd = git->talk.fd = -1;
	git->next = server->gits;
	git->link = &server->gits;
	if (git->next)
		git->next->link = &git->next;
	server->gits = git;
	server->git_count++;
	return git;
}

/* --- before a box is opened ------------------------------------------------------------------- */

static int64_t disk_of_learner(struct request *request)
{
	const char *value = NULL;
	int64_t bytes = 0;

	if (policy_get(request->conn->server->ledger, "", "disk", request->arena, &value, NULL) <
		    0 ||
	    parse_bytes(value, &bytes) < 0)
		return INT64_MAX;
	return bytes;
}

/* Why this request is not taken now: then its answer is given, and 0 or negative comes back; else 1. */
static int check_room(struct request *request)
{
	struct server *server = request->conn->server;
	const char *path =
		repository_path(request->arena, server->options->data, request->learner.handle);
	int count = 0;

	for (const struct git *git = server->gits; git; git = git->next)
		count += git->request->learner.id == request->learner.id;
	if (server->is_draining || server->git_count >= GITS_MAX)
		return answer_text(request, MHD_HTTP_SERVICE_UNAVAILABLE,
				   "The server is busy, or just stopping. Nothing was changed: try "
				   "again in a minute.\n");
	if (count >= GITS_OF_LEARNER_MAX)
		return answer_text(request, MHD_HTTP_TOO_MANY_REQUESTS,
				   "You have several pushes under way. Wait until they have "
				   "ended, then try again.\n");
	if (access(path, F_OK) < 0)
		return answer_text(request, MHD_HTTP_NOT_FOUND,
				   "Your repository is not there. Ask your instructor.\n");
	if (request->route->may == MAY_PUSH &&
	    data_repository_bytes(path) > disk_of_learner(request))
		return answer_text(
			request, MHD_HTTP_FORBIDDEN,
			"Your repository is full: what was pushed so far takes all of your "
			"room on this server.\nAsk your instructor to forget what is "
			"too large.\n");
	return 1;
}

/* The same for what its headers say. */
static int check_headers(struct request *request)
{
	const char *length = header_of(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
	const char *encoding = header_of(request, MHD_HTTP_HEADER_CONTENT_ENCODING);
	int64_t bytes = 0;

	if (request->route->service)
		return 1;
	if (strcmp(header_of(request, MHD_HTTP_HEADER_CONTENT_TYPE),
		   arena_format(request->arena, "application/x-%s-request",
				path_tail(request) + 1)) != 0 ||
	    (*encoding && strcmp(encoding, "gzip") != 0))
		return answer_text(request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
				   "This is not what git sends.\n");
	if (*length &&
	    (parse_count(length, &bytes) < 0 || bytes > PUSH_BYTES_MAX + HEADERS_OF_PUSH))
		return answer_text(
			request, MHD_HTTP_CONTENT_TOO_LARGE,
			"This push is larger than 20 MB. Are there files in it that are "
			"built, downloaded or data? Take them\nout of the commits, and name "
			"them in .gitignore.\n");
	return 1;
}

int git_begin(struct request *request)
{
	struct mp_error err = {0};
	int ret = check_headers(request);

	if (ret == 1)
		ret = check_room(request);
	if (ret != 1)
		return ret;
	request->git = git_new(request);
	if (!request->git)
		return -ENOMEM;
	/* What a fetch finds beside main is made first; without it the fetch goes on. */
	if (request->route->service && request->route->may == MAY_FETCH &&
	    report_stage(request->conn->server->ledger, request->conn->server->options->data,
			 &request->learner, request->arena, &request->git->report, &err) < 0)
		log_add("report of %s: %s", request->learner.handle, err.text);
	ret = open_box(request->git, &err);
	if (ret < 0) {
		log_add("box of git: %s", err.text);
		request->git->has_failed = true;
	}
	request->conn->server->has_no_launcher |= ret == -EPIPE;
	return 0;
}

/* --- its body and its answer ------------------------------------------------------------------- */

ssize_t git_take(struct git *git, const char *bytes, size_t count)
{
	ssize_t taken = git->is_deaf || git->in.fd < 0 ? -1 : write(git->in.fd, bytes, count);

	if (taken >= 0)
		return taken;
	if (!git->is_deaf && git->in.fd >= 0 && (errno == EAGAIN || errno == EINTR)) {
		loop_watch(git->server, &git->in, EPOLLOUT);
		conn_suspend(git->request->conn);
		return 0;
	}
	git->is_deaf = true;
	git->dropped_bytes += (int64_t)count;
	return git->dropped_bytes > DROPPED_MAX ? -EPIPE : (ssize_t)count;
}

void git_end_body(struct git *git)
{
	loop_close(git->server, &git->in);
}

/*
 * All that it says was read. Where git broke off, so does the answer: one that ends like a whole one leaves the client's
 * git waiting for the rest, for ever.
 */
static ssize_t end_answer(struct git *git)
{
	if (git->is_ended)
		return git->is_well ? MHD_CONTENT_READER_END_OF_STREAM
				    : MHD_CONTENT_READER_END_WITH_ERROR;
	git->waits_end = true;
	conn_suspend(git->request->conn);
	return 0;
}

ssize_t git_read(struct git *git, char *bytes, size_t most)
{
	size_t left = git->head_count - git->head_taken;
	ssize_t count;

	if (left > 0) {
		left = left < most ? left : most;
		memcpy(bytes, git->head + git->head_taken, left);
		git->head_taken += left;
		return (ssize_t)left;
	}
	count = read(git->out.fd, bytes, most);
	if (count > 0)
		return count;
	if (count == 0)
		return end_answer(git);
	if (errno != EAGAIN && errno != EINTR)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	loop_watch(git->server, &git->out, EPOLLIN);
	conn_suspend(git->request->conn);
	return 0;
}
