/* SPDX-License-Identifier: MIT */
/*
 * A box: the only way to start foreign code.
 *
 * The program forks one launcher first, before it reads any input. The launcher forks one watcher per
 * box. The watcher builds the box (namespaces, root, limits, filter), drains and caps its output, keeps
 * its timers and its cgroup, and kills everything when the client goes away. The client holds a struct
 * mp_box: a descriptor to poll and a queue of events. Nothing here blocks, but for mp_box_wait(),
 * mp_box_connect() and mp_box_listen(), which wait for a bounded answer of the watcher.
 *
 * Times are milliseconds of CLOCK_MONOTONIC, sizes are bytes. Strings in specs are borrowed until
 * mp_box_open() returns. All functions return 0 (or what they say) or a negative errno with ERR filled.
 */
#ifndef MILEPOST_BOX_H
#define MILEPOST_BOX_H

#include <milepost/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mp_launcher;
struct mp_box;

/* The layers of a box. A result says of each whether it was active. */
enum mp_layer {
	MP_LAYER_USER,	   /* user namespace, one host id mapped, never host id 0 */
	MP_LAYER_MOUNT,	   /* mount namespace, pivot_root into a read-only root */
	MP_LAYER_PID,	   /* pid namespace with our shim as process 1 */
	MP_LAYER_NET,	   /* network namespace, loopback only */
	MP_LAYER_IPC,	   /* ipc namespace */
	MP_LAYER_UTS,	   /* host name of its own */
	MP_LAYER_CGROUPNS, /* cgroup namespace */
	MP_LAYER_CGROUP,   /* a control group with memory, process and CPU accounting (v2 or v1) */
	MP_LAYER_CAPS,	   /* no capabilities, no_new_privs */
	MP_LAYER_RLIMIT,   /* resource limits */
	MP_LAYER_LANDLOCK, /* second wall around files */
	MP_LAYER_SECCOMP,  /* system call allow-list */
	MP_LAYER_COUNT,
};

/* What a box is for; decides filter, limits and what is mounted. Words of `milepost-box run --profile`. */
enum mp_profile {
	MP_PROFILE_PROGRAM,  /* one run, no listener; the strictest */
	MP_PROFILE_SERVICE,  /* listens inside, output is drained and never a reason to end */
	MP_PROFILE_BUILD,    /* compilers, package tools offline */
	MP_PROFILE_DATABASE, /* servers of ours: aio, shared memory */
	MP_PROFILE_GIT,	     /* git http-backend on one repository */
	MP_PROFILE_READER,   /* our own reader on a learner's object database */
	MP_PROFILE_FETCH,    /* the reader with the host's network: http(s) and ssh */
	MP_PROFILE_COUNT,
};

/* How a path of the host appears in the box. */
enum mp_bind_mode {
	MP_BIND_READ_ONLY, /* bind, read-only, nosuid, nodev */
	MP_BIND_WRITABLE,  /* bind, writable, nosuid, nodev */
	MP_BIND_COPY, /* a private writable copy on the box's scratch, made by the shim as the box's user */
};

struct mp_bind {
	const char *host_path; /* absolute; opened before the box's user changes */
	const char *box_path;  /* absolute; NULL means the same place */
	enum mp_bind_mode mode;
};

enum { MP_BINDS_MAX = 32, MP_ENV_MAX = 64, MP_ARGS_MAX = 256 };

/* What a box may do. Fill with mp_box_spec_init(), then set what differs. */
struct mp_box_spec {
	enum mp_profile profile;
	const char *const *
		argv; /* NULL-terminated; argv[0] is looked up in the box's PATH. NULL: a keeper, which runs nothing */
	const char *const *
		env; /* NULL-terminated NAME=VALUE beside the box's own PATH HOME TMPDIR LANG TZ; NULL: none */
	const char *dir;       /* working folder inside; NULL: /scratch */
	const char *host_name; /* NULL: "box" */
	struct mp_bind binds[MP_BINDS_MAX];
	size_t bind_count;
	int stdin_fd; /* becomes descriptor 0; -1: /dev/null. Borrowed */
	int stdout_fd; /* becomes descriptor 1, uncapped; -1: drained and capped by the watcher. Borrowed */
	int talk_fd; /* becomes descriptor 3, which programs pass on to those they start; -1: none. Borrowed */
	struct mp_box *
		beside; /* share user namespace and scratch of this box, which must stay open; NULL: own scratch */
	int64_t wall_ms;       /* 0: no wall limit (services: the client's deadline) */
	int64_t cpu_ms;	       /* 0: none */
	int64_t memory_bytes;  /* of the group: the program and its tmpfs */
	int64_t scratch_bytes; /* size of the scratch tmpfs (with HOME, TMPDIR) */
	int64_t scratch_inodes;
	int64_t file_size_bytes; /* RLIMIT_FSIZE */
	int64_t output_bytes;	 /* kept of each stream: head and tail, half each */
	int processes;		 /* processes and threads */
	int open_files;		 /* RLIMIT_NOFILE */
	int cpus;	  /* CPUs that the box may use: 1, or 2 for a JVM or a browser; 0: all */
	bool has_network; /* loopback of its own; false: lo stays down. MP_PROFILE_FETCH has the host's */
	bool may_miss
		[MP_LAYER_COUNT]; /* go on without this layer where the host lacks it; the result says so */
};

/* How a box ended. The words of `milepost-box run --json`; mp_end_word() is that table. */
enum mp_end {
	MP_END_EXITED,
	MP_END_SIGNALED,
	MP_END_CPU,
	MP_END_WALL,
	MP_END_MEMORY,
	MP_END_PROCESSES,
	MP_END_OUTPUT,
	MP_END_FILE_SIZE,
	MP_END_INODES,
	MP_END_FORBIDDEN,
	MP_END_COULD_NOT_START,
	MP_END_SANDBOX_ERROR,
};

struct mp_box_result {
	enum mp_end end;
	int exit_code;	 /* of MP_END_EXITED; else -1 */
	int signal;	 /* of MP_END_SIGNALED; else 0 */
	int start_errno; /* of MP_END_COULD_NOT_START; else 0 */
	int64_t wall_ms;
	int64_t cpu_ms;
	int64_t cpu_us;		   /* the same, finer: for comparisons with a reference */
	int64_t memory_peak_bytes; /* -1: not known (no group) */
	int processes_peak;	   /* -1: not known */
	int64_t output_bytes;	   /* written to both streams in all, also what was not kept */
	bool is_output_cut;
	bool layers[MP_LAYER_COUNT];
	char forbidden
		[128]; /* names of calls that were refused and can be named, separated by blanks */
	char detail
		[256]; /* one sentence for MP_END_COULD_NOT_START and MP_END_SANDBOX_ERROR, else empty */
};

enum mp_event_kind {
	MP_EVENT_NONE,	    /* nothing now */
	MP_EVENT_OUTPUT,    /* more output is there: mp_box_output() */
	MP_EVENT_LISTENING, /* the set of listening sockets changed: event.listener is a new one */
	MP_EVENT_ENDED, /* no process that the command started is left; result is filled; no event follows */
};

/* A listening TCP socket inside the box. */
struct mp_listener {
	int family; /* AF_INET or AF_INET6 */
	char address[46];
	int port;
	char command[16]; /* name of the process that holds it; "" when not known */
	int64_t after_ms; /* since the command was started */
};

struct mp_event {
	enum mp_event_kind kind;
	struct mp_listener listener;
	struct mp_box_result result;
};

/*
 * Fork the launcher. The first thing in main(): later the process may be large or restricted.
 * UID_BASE is used when root: boxes run as UID_BASE + slot; 0 means 2,000,000,000.
 */
MP_MUST_CHECK int mp_launcher_open(uint32_t uid_base, struct mp_launcher **ret_launcher,
				   struct mp_error *err);

/*
 * The same for a program that opens one box and no other: the launcher itself becomes its watcher, which
 * saves a process. Errors of a second mp_box_open(): -EPIPE.
 */
MP_MUST_CHECK int mp_launcher_open_once(uint32_t uid_base, struct mp_launcher **ret_launcher,
					struct mp_error *err);

/* End the launcher and every box that is still open. Accepts NULL; returns NULL. */
struct mp_launcher *mp_launcher_close(struct mp_launcher *launcher);

/*
 * Give up every file of this machine but what lies below the paths named (NULL-terminated lists; what is
 * not there is left out) and the system's libraries. For a client, after its launcher is open and its words
 * are read: it parses what boxes say, and needs no more. Cannot be undone; does nothing without Landlock.
 */
MP_MUST_CHECK int mp_client_lock(const char *const *readable, const char *const *writable,
				 struct mp_error *err);

/* What this host has of one layer. Texts are static or lie in the struct. */
struct mp_layer_state {
	enum mp_layer layer;
	bool is_present;
	char detail[160]; /* what was found: "v1 memory,pids,cpuacct beside v2", "ABI 7" */
	char remedy[360]; /* what to type or change; empty when present */
};

/* Try each layer on this host. Fills all MP_LAYER_COUNT rows. */
MP_MUST_CHECK int mp_host_check(struct mp_layer_state ret_states[MP_LAYER_COUNT],
				struct mp_error *err);

/* The strictest spec: profile program, 10 s wall, 5 s CPU, 384 MiB, 64 processes, 64 MiB scratch, 256 KiB output. */
void mp_box_spec_init(struct mp_box_spec *spec);

/*
 * Ask the launcher for a box and start its command. Returns at once: that the box could not be built,
 * or the command not be started, comes as MP_EVENT_ENDED with the words in result.detail.
 * RET_BOX is owned by the caller until mp_box_close().
 * Errors: -EINVAL the spec contradicts itself; -EOPNOTSUPP a layer is missing and may not be (ERR says
 * which, and the remedy); -EPIPE the launcher is gone.
 */
MP_MUST_CHECK int mp_box_open(struct mp_launcher *launcher, const struct mp_box_spec *spec,
			      struct mp_box **ret_box, struct mp_error *err);

/* The descriptor to poll for POLLIN; then call mp_box_next() until it says MP_EVENT_NONE. Owned by the box. */
int mp_box_fd(const struct mp_box *box);

/* The next event, MP_EVENT_NONE when there is none now. Never blocks. */
MP_MUST_CHECK int mp_box_next(struct mp_box *box, struct mp_event *ret_event, struct mp_error *err);

/* poll and next until the box has ended, at most TIMEOUT_MS (-1: as long as the box lives). Errors: -ETIME. */
MP_MUST_CHECK int mp_box_wait(struct mp_box *box, int64_t timeout_ms,
			      struct mp_box_result *ret_result, struct mp_error *err);

/*
 * The output kept so far of stream 1 or 2: the first RET_HEAD bytes and, when more was written than is
 * kept, the last RET_TAIL bytes. Pointers are owned by the box and hold until the next call or close.
 */
struct mp_output {
	const char *head;
	size_t head_bytes;
	const char *tail;
	size_t tail_bytes;
	int64_t total_bytes;
};
MP_MUST_CHECK int mp_box_output(struct mp_box *box, int stream, struct mp_output *ret_output,
				struct mp_error *err);

/*
 * A fresh non-blocking, close-on-exec TCP socket that belongs to the box's network namespace, not yet
 * connected (libcurl connects it). FAMILY is AF_INET or AF_INET6. RET_FD is the caller's.
 */
MP_MUST_CHECK int mp_box_connect(struct mp_box *box, int family, int *ret_fd, struct mp_error *err);

/* A non-blocking socket listening on 127.0.0.1:PORT inside the box, for fixtures. PORT 0: any. */
MP_MUST_CHECK int mp_box_listen(struct mp_box *box, int port, int *ret_fd, int *ret_port,
				struct mp_error *err);

/* Send a signal to the command that was started (not to its children). Errors: -ESRCH it has ended. */
MP_MUST_CHECK int mp_box_signal(struct mp_box *box, int signal, struct mp_error *err);

/* Kill everything in the box now; MP_EVENT_ENDED follows. */
void mp_box_kill(struct mp_box *box);

/* Kill what is left, forget the box. Nothing of it lives afterwards. Accepts NULL; returns NULL. */
struct mp_box *mp_box_close(struct mp_box *box);

/* The plan of a spec on this host, step by step, one line each; does nothing. RET_TEXT is freed by the caller. */
MP_MUST_CHECK int mp_box_explain(const struct mp_box_spec *spec, char **ret_text,
				 struct mp_error *err);

/* Words for tables: "user", "program", "exited". Static; NULL for a value out of range. */
const char *mp_layer_word(enum mp_layer layer);
const char *mp_profile_word(enum mp_profile profile);
const char *mp_end_word(enum mp_end end);

#endif
