/* SPDX-License-Identifier: MIT */
/* The server's own: what its files share. */
#ifndef GRADER_SERVE_INSIDE_H
#define GRADER_SERVE_INSIDE_H

#include <microhttpd.h>
#include <sys/types.h>

#include "grader/ledger/ledger.h"
#include "grader/manifest/manifest.h"
#include "grader/pages/pages.h"
#include "grader/serve/basic.h"
#include "grader/serve/cgi.h"
#include "grader/serve/guess.h"
#include "grader/serve/refs.h"
#include "grader/serve/serve.h"
#include "grader/serve/talk.h"
#include "sandbox/base/log.h"

enum { NETWORKS_MAX = 16, PUSH_BYTES_MAX = 20 << 20 };

/* --- the loop: loop.c ----------------------------------------------------------------------- */

/* A descriptor that is waited for. Lies in its owner; READY is called with the owner. */
struct watch {
	int fd;		 /* -1: none */
	uint32_t events; /* EPOLLIN ...; 0: not waited for now */
	void (*ready)(void *owner, uint32_t events);
	void *owner;
};

struct server {
	const struct serve_options *options;
	struct mp_launcher *launcher; /* borrowed */
	struct ledger *ledger;	      /* owned, as all below */
	struct road *road;
	struct pages *pages;
	struct web *streams;	/* every page that hears events */
	struct guesses guesses; /* wrong tokens, links that nobody has */
	struct MHD_Daemon *httpd;
	struct conn *conns; /* every open connection */
	struct git *gits;   /* every open box */
	size_t git_count;
	struct network networks[NETWORKS_MAX];
	size_t network_count;
	int epoll_fd, lock_fd;
	struct watch listener, bell, signals;
	int64_t tick_ms, sweep_ms; /* when next */
	pid_t worker;		   /* 0: none runs */
	int64_t worker_ms;	   /* when it was started */
	bool has_no_launcher;	   /* what starts our boxes is gone: nothing can be done any more */
	bool is_draining;
	int64_t drain_until_ms;
	int stops; /* how often we were told to stop */
};

/* Wait for EVENTS from now on; 0: no more. Must be 0 before its fd is closed. */
void loop_watch(struct server *server, struct watch *watch, uint32_t events);
/* Stop waiting and close. */
void loop_close(struct server *server, struct watch *watch);
/* Wait at most TIMEOUT_MS for one descriptor and call who waits for it. */
MP_MUST_CHECK int loop_turn(struct server *server, int timeout_ms, struct mp_error *err);

/* --- connections and requests: httpd.c ------------------------------------------------------ */

/* Who must move next; each has its deadline. */
enum conn_wait { WAITS_HEAD, WAITS_BODY, WAITS_US, WAITS_READER };

struct conn {
	struct conn *next, **link;
	struct server *server;
	struct MHD_Connection *mhd;
	struct watch gone; /* its socket, while it is suspended: MHD does not look then */
	enum conn_wait waits;
	int64_t since_ms; /* of this wait, or of the window of a body's rate */
	int64_t bytes;	  /* in that window */
	bool is_suspended, is_cut;
	struct request *request; /* NULL between two */
};

struct request {
	struct conn *conn;
	struct arena *arena; /* owned */
	const struct route *route;
	const char *method, *handle; /* HANDLE of the path, "" when it has none */
	struct learner learner;	     /* whose repository it is, once it is allowed */
	struct git *git;	     /* owned; NULL: none */
	struct web *web;	     /* owned; NULL: no page */
	const char *text; /* the answer, once the request is whole; NULL: git's, or given */
	unsigned int status;
	bool is_whole; /* its body has come */
};

MP_MUST_CHECK int httpd_open(struct server *server, struct mp_error *err);
void httpd_close(struct server *server);
/* Listen no more; what is open goes on. */
void httpd_quiesce(struct server *server);
/* Let libmicrohttpd do what it can; the milliseconds until it wants to again. */
int httpd_run(struct server *server);
/* End connections whose peer is too slow; while draining also idle ones. True: requests are under way. */
bool httpd_tick(struct server *server, int64_t now_ms);

const struct sockaddr *conn_address(const struct conn *conn);
void conn_suspend(struct conn *conn);
void conn_resume(struct conn *conn);
/* Hang up. */
void conn_cut(struct conn *conn);

/* Answer with a text for people. Git shows it as "remote: ...". */
int answer_text(struct request *request, unsigned int status, const char *text);
/* Answer with what the box of REQUEST says, as it comes. */
int answer_git(struct request *request);
/* Answer with RESPONSE, which is given away; NULL: memory ran out. */
int answer_queue(struct request *request, unsigned int status, struct MHD_Response *response);
/* The peer took something of our answer. */
void conn_progress(struct conn *conn);

/* --- the table of addresses: routes.c -------------------------------------------------------- */

enum route_may { MAY_ALL, MAY_FETCH, MAY_PUSH };

struct route {
	const char *method;
	const char
		*path; /* a part HANDLE stands for a handle, a last part "..." for what follows */
	const char *service; /* the query's "service"; NULL: any */
	enum route_may may;
	int (*run)(struct request *request); /* 0: goes on or answered; negative: hang up */
};

/* Find the route of PATH, let in who may, run it. 0, or negative: hang up. */
int route_request(struct request *request, const char *path);
/* May tokens come over this connection? */
bool is_plain_allowed(const struct conn *conn);

/* --- pages: web.c ------------------------------------------------------------------------------ */

struct web {
	struct web *next, **link; /* of the streams; NULL: it is none */
	struct request *request;
	const char *path; /* in the request's arena */
	char body[PAGE_BODY_MAX + 1];
	size_t body_count;
	struct page_answer answer; /* owned */
	struct text news;	   /* owned: of a stream, what is to be sent */
	size_t taken;		   /* of news */
	bool is_over;
	int64_t said_ms;
};

/* PATH is none of git's: a page will answer. */
int web_begin(struct request *request, const char *path);
/* COUNT bytes of the body: all are taken, or negative: hang up. */
ssize_t web_take(struct web *web, const char *bytes, size_t count);
/* The request is whole: answer it. */
int web_answer(struct request *request);
/* The bell has rung, or a second has passed. */
void web_tick(struct web *web);
struct web *web_close(struct web *web);
/* The address of LEARNER's pages by a link, as the client of REQUEST reaches us, in ARENA; NULL: it does not say how. */
const char *web_link(const struct request *request, int64_t learner, struct arena *arena);

/* Numbers for a program that watches, for this machine alone: metrics.c. */
int run_metrics(struct request *request);

/* --- boxes with git: git.c ------------------------------------------------------------------- */

struct push {
	char hook[16]; /* the one that speaks; "": none */
	struct ref_change refs[PUSH_REFS_MAX];
	size_t ref_count; /* may be more than there is room for */
	bool is_shallow;
	int64_t ticket;		 /* 0: none */
	bool is_received;	 /* the ticket is there, and not yet queued */
	bool is_streaming;	 /* its events are shown */
	int64_t seen;		 /* the last event that was shown */
	int64_t begun_ms;	 /* of the stream */
	int64_t place, place_ms; /* in the queue, as it was said last */
};

struct git {
	struct git *next, **link;
	struct server *server;
	struct request *request;
	struct mp_box *box;
	struct watch events, in, out, talk; /* the box; its standard input and output; its hooks */
	char head[CGI_HEAD_MAX];
	size_t head_count, head_taken; /* bytes in head; of them given to the client */
	struct cgi_head cgi;
	bool has_head, has_failed;
	bool is_mute, is_ended; /* no head came and none will; no process of it is left */
	bool is_well;		/* ended with status 0 */
	bool waits_end;		/* its answer is out: how it ended decides how that ends */
	bool is_deaf;		/* reads no more of its input: the rest is dropped */
	int64_t dropped_bytes;
	const char *report; /* of a fetch: the state of the scores; NULL: none is made */
	struct push push;
};

/* Can this host run git in a box? Errors: -EOPNOTSUPP, with the layer that is missing and the remedy. */
MP_MUST_CHECK int git_check(struct mp_error *err);
/* Open a box for REQUEST: its route says which service. Answers when that cannot be. */
int git_begin(struct request *request);
/* COUNT bytes of the body; returns how many were taken, or negative: hang up. */
ssize_t git_take(struct git *git, const char *bytes, size_t count);
/* The body is whole. */
void git_end_body(struct git *git);
/* What it says, after its head: bytes, 0 nothing now, MHD_CONTENT_READER_END_... */
ssize_t git_read(struct git *git, char *bytes, size_t most);
struct git *git_close(struct git *git);

/* --- what hooks say, and what learners read: push.c ------------------------------------------- */

/* One packet of a hook. */
void push_hear(struct git *git, const char *packet);
/* The bell has rung, or a second has passed. */
void push_tick(struct git *git);
/* The box is gone: a ticket that is not queued is settled. */
void push_settle(struct git *git);

/* --- the data folder and our own repositories: data.c ----------------------------------------- */

/* Lock it, write the hooks. Errors: -EBADMSG with a sentence: another server has it. */
MP_MUST_CHECK int data_open(struct server *server, struct mp_error *err);
/* For ledger_sweep(): CONTEXT is the server. Was this commit taken by its repository? */
int data_has_commit(void *context, const struct ticket *ticket, bool *ret_has,
		    struct mp_error *err);
/* Remove what a git that was killed left in the repository at PATH: locks, halves of packs. None may run there. */
void data_clean(const char *path);
/* The same in every repository. */
void data_clean_all(const struct server *server);
/* Bytes on the disk of the repository at PATH. */
int64_t data_repository_bytes(const char *path);

/* --- the worker: worker.c ---------------------------------------------------------------------- */

void worker_start(struct server *server, int64_t now_ms);
/* Take the ends of children; start the worker again, not more often than each second. */
void worker_reap(struct server *server);
void worker_stop(struct server *server);

#endif
