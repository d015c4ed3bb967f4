/* SPDX-License-Identifier: MIT */
/* The watcher's own state, shared by its files. */
#ifndef SANDBOX_BOX_WATCHER_H
#define SANDBOX_BOX_WATCHER_H

#include "sandbox/box/shared.h"
#include "sandbox/jail/jail.h"
#include "sandbox/jail/message.h"

enum { LENDS_MAX = 8, LISTENERS_MAX = 64 };

/* A listening socket that is known. */
struct known_listener {
	uint32_t inode;
	bool is_seen; /* in the last look */
	struct mp_listener about;
};

struct watcher {
	/* given by the launcher */
	int events_fd, requests_fd, life_fd, beside_fd;
	struct shared *shared;
	const struct host *host;
	uint32_t uid_base;

	struct unpacked_spec unpacked;
	const struct mp_box_spec *spec;
	struct plan plan;
	struct jail jail;
	struct mp_error err;

	int pipes[2]; /* reading ends of stdout and stderr; -1 */
	int notify_fd, diagnosis_fd, oom_fd;
	int lends[LENDS_MAX]; /* where an answer to ASK_LEND goes; -1 */
	struct known_listener listeners[LISTENERS_MAX];
	size_t listener_count;

	bool is_ready; /* the command is about to run */
	bool is_ended; /* the command has ended: status holds */
	bool is_shim_gone;
	bool is_client_gone;
	bool is_killed;		  /* we ended it: why holds */
	bool has_failed;	  /* the box could not be built, or the shim died: err holds */
	bool has_result, is_told; /* the end is settled; the client knows */
	bool is_not_started;	  /* exec failed: start_errno and err hold */
	enum mp_end why;
	int start_errno, status, scratch_state;
	int64_t asked_ms; /* when ASK_USAGE was sent; 0: none is under way */
	int64_t started_us, ended_us;
	int64_t next_cpu_us, next_listen_us; /* 0: never */
	int64_t cpu_us; /* the last figure known, without what came before the command */
	char forbidden[128];
	struct mp_box_result result;
};

/* The box's whole life; returns when nothing of it is left. */
void watcher_run(struct watcher *watcher);

/* Kill everything in the box; WHY is told unless something was before it. */
void watcher_kill(struct watcher *watcher, enum mp_end why);

/* Tell the client; an event that finds no room is dropped (only OUTPUT can be repeated so often). */
void watcher_tell(struct watcher *watcher, const struct mp_event *event);

/* drain.c: take what is in pipe INDEX now. At the end of the pipe it is closed. */
void drain_pipe(struct watcher *watcher, int index);

/* limits.c: look at CPU, memory and process figures; kill when one is over. */
void limits_start(struct watcher *watcher);
void limits_look(struct watcher *watcher, int64_t now_us);
void limits_take_usage(struct watcher *watcher, int64_t used_us);
void limits_done(struct watcher *watcher);

/* listeners.c: which sockets listen now; new ones are asked after and told. */
void listeners_look(struct watcher *watcher, int64_t now_us);
void listeners_take_owner(struct watcher *watcher, uint32_t inode, const char *name);

/* requests.c: one message of the client or of the shim. */
void requests_take(struct watcher *watcher);
void shim_take(struct watcher *watcher);

/* verdict.c: how the box ended. */
void verdict_make(struct watcher *watcher, struct mp_box_result *ret_result);

#endif
