/* SPDX-License-Identifier: MIT */
/*
 * The launcher: forked from the client before anything else happens there, so that it stays small and
 * unrestricted. It keeps one spare child at hand, which waits for a message of the client and becomes the
 * watcher of that box; then the next spare is forked. For a client that opens one box alone there is no spare:
 * the launcher waits for that message itself. When the client is gone its socket ends; the launcher
 * then closes the life line, which every watcher polls, waits until the watchers have cleaned up, and ends.
 * A session of its own keeps the terminal's signals away from all.
 */
#include "sandbox/box/launcher.h"

#include "sandbox/base/cleanup.h"
#include "sandbox/box/watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEPT_SOCKET = 3, KEPT_END, SPARE_MS = 20, QUIET_MS = 50 };

/* Nothing of the client stays open but the socket; 0 to 2 lead nowhere. */
static int keep_own(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return -errno;
	fd = fcntl(fd, F_DUPFD_CLOEXEC, KEPT_END);
	null = fcntl(null, F_DUPFD_CLOEXEC, KEPT_END);
	if (fd < 0 || null < 0)
		return -errno;
	for (int i = 0; i < 3; i++)
		if (dup2(null, i) < 0)
			return -errno;
	if (dup3(fd, KEPT_SOCKET, O_CLOEXEC) < 0)
		return -errno;
	return close_range(KEPT_END, ~0U, 0) < 0 ? -errno : 0;
}

/* The packed spec is copied: the shared memory is not passed on to the box. */
static int take_spec(struct watcher *watcher)
{
	const struct shared *shared = watcher->shared;
	char *bytes;

	if (shared->spec_at > shared->bytes || shared->spec_bytes > shared->bytes - shared->spec_at)
		return -EBADMSG;
	bytes = malloc(shared->spec_bytes ? shared->spec_bytes : 1);
	if (!bytes)
		return -ENOMEM;
	memcpy(bytes, (const char *)shared + shared->spec_at, shared->spec_bytes);
	return spec_unpack(bytes, shared->spec_bytes, &watcher->unpacked);
}

/* A watcher that knows nothing of its box yet, but has its group at hand. */
static void watcher_init(struct watcher *watcher, const struct mp_launcher *launcher, int life_fd,
			 uint32_t number, const char *prefix)
{
	(void)prctl(PR_SET_NAME, "milepost-watch", 0, 0, 0);
	(void)signal(SIGCHLD, SIG_DFL);
	*watcher = (struct watcher){.events_fd = -1,
				    .requests_fd = -1,
				    .life_fd = life_fd,
				    .beside_fd = -1,
				    .host = &launcher->shared->host,
				    .uid_base = launcher->uid_base,
				    .pipes = {-1, -1},
				    .notify_fd = -1,
				    .diagnosis_fd = -1,
				    .oom_fd = -1};
	memset(watcher->lends, 0xff, sizeof(watcher->lends));
	jail_init(&watcher->jail, &launcher->shared->host);
	watcher->jail.number = number;
	(void)memccpy(watcher->jail.prefix, prefix, '\0', sizeof(watcher->jail.prefix));
	/* When this fails, the step of the plan fails again, and says so. */
	if (atomic_load(&launcher->shared->is_probed) &&
	    launcher->shared->host.layers[MP_LAYER_CGROUP].is_present)
		(void)!jail_make_group(&watcher->jail, NULL);
}

static int watcher_take(struct watcher *watcher, const struct launch_message *launch, int *fds)
{
	struct jail *jail = &watcher->jail;
	int next = 3;

	watcher->events_fd = fds[0];
	watcher->requests_fd = fds[1];
	watcher->shared = mmap(NULL, launch->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fds[2], 0);
	if (watcher->shared == MAP_FAILED || take_spec(watcher) < 0)
		return -EBADMSG;
	(void)close(fds[2]);
	watcher->spec = jail->spec = &watcher->unpacked.spec;
	jail->plan = &watcher->plan;
	if (launch->has & LAUNCH_STDIN)
		jail->stdio[0] = fds[next++];
	if (launch->has & LAUNCH_STDOUT)
		jail->stdio[1] = fds[next++];
	if (launch->has & LAUNCH_BESIDE)
		watcher->beside_fd = fds[next++];
	if (launch->has & LAUNCH_TALK)
		jail->stdio[JAIL_TALK] = fds[next++];
	return 0;
}

/*
 * The spare waits for a box, tells the launcher by closing SPARE_FD that it is none any more, and watches.
 * Its group is made while nobody waits for it. LIFE_FD and SPARE_FD are -1 where there is no launcher behind
 * it.
 */
static void spare_serve(const struct mp_launcher *launcher, int life_fd, int spare_fd,
			uint32_t number, const char *prefix)
{
	static struct watcher watcher; /* large */
	struct pollfd polled[2] = {{KEPT_SOCKET, POLLIN, 0}, {life_fd, POLLIN, 0}};
	struct launch_message message;
	int fds[MESSAGE_FDS_MAX];
	int result = -EPIPE;

	watcher_init(&watcher, launcher, life_fd, number, prefix);
	while (poll(polled, 2, -1) < 0 && errno == EINTR)
		;
	if (!polled[1].revents)
		result = message_receive(KEPT_SOCKET, &message, sizeof(message), fds, MSG_DONTWAIT);
	(void)close(KEPT_SOCKET);
	cleanup_fd(&spare_fd);
	if (result == 1 && fds[0] >= 0 && fds[1] >= 0 && fds[2] >= 0 &&
	    watcher_take(&watcher, &message, fds) == 0)
		watcher_run(&watcher);
	group_remove(&watcher.jail.group);
}

/* Fork a spare; the descriptor that ends when it is taken, or a negative errno. */
static int spare_start(const struct mp_launcher *launcher, const int *life, uint32_t number,
		       const char *prefix)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		(void)close(life[1]);
		(void)close(ends[0]);
		spare_serve(launcher, life[0], ends[1], number, prefix);
		_exit(0);
	}
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return -EAGAIN;
	}
	return ends[0];
}

/*
 * Keep one spare at hand until the client is gone. The next one waits for a quiet moment, or for a message
 * that nobody takes: right now the box that was asked for matters. What dead launchers left is looked for
 * when nobody waits for us. A host that cannot fork now is asked again.
 */
static void keep_spare(const struct mp_launcher *launcher, const int *life, const char *prefix)
{
	struct pollfd polled[2] = {{.fd = KEPT_SOCKET}, {.fd = -1, .events = POLLIN}};
	uint32_t number = (uint32_t)getpid();
	bool is_swept = false;

	polled[1].fd = spare_start(launcher, life, number++, prefix);
	while (!(polled[0].revents & (POLLHUP | POLLERR))) {
		bool has_spare = polled[1].fd >= 0;
		int ready;

		polled[0].events = has_spare ? 0 : POLLIN;
		ready = poll(polled, 2, !has_spare ? SPARE_MS : is_swept ? -1 : QUIET_MS);
		if (ready < 0 && errno != EINTR)
			break;
		if (!has_spare && !(polled[0].revents & (POLLHUP | POLLERR)))
			polled[1].fd = spare_start(launcher, life, number++, prefix);
		else if (ready > 0 && polled[1].revents)
			cleanup_fd(&polled[1].fd);
		if (ready == 0 && has_spare && atomic_load(&launcher->shared->is_probed)) {
			group_sweep(&launcher->shared->host, NULL);
			is_swept = true;
		}
	}
	cleanup_fd(&polled[1].fd);
}

/* Spares until the client is gone; then the watchers are told, and waited for. */
static void serve_many(const struct mp_launcher *launcher, const char *prefix)
{
	int life[2];

	if (pipe2(life, O_CLOEXEC) < 0)
		return;
	keep_spare(launcher, life, prefix);
	(void)close(life[1]);
	/* With SIGCHLD ignored this returns when the last child is gone. */
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

_Noreturn void launcher_main(int fd, const struct mp_launcher *launcher)
{
	char prefix[48] = "";

	(void)setsid();
	(void)prctl(PR_SET_NAME, "milepost-launch", 0, 0, 0);
	(void)signal(SIGCHLD, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)umask(022);
	if (keep_own(fd) < 0 || chdir("/") < 0)
		_exit(1);
	/* An ordinary user may not, and keeps them. */
	(void)!setgroups(0, NULL);
	(void)!group_prefix(getpid(), prefix, sizeof(prefix));
	if (launcher->is_once)
		spare_serve(launcher, -1, -1, (uint32_t)getpid(), prefix);
	else
		serve_many(launcher, prefix);
	/* What a dead launcher left is looked for when nobody waits for us any more. */
	if (atomic_load(&launcher->shared->is_probed) && (prefix[0] || launcher->is_once))
		group_sweep(&launcher->shared->host, launcher->is_once ? NULL : prefix);
	_exit(0);
}
