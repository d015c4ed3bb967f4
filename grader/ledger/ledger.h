/* SPDX-License-Identifier: MIT */
/*
 * The ledger: who learns here, what was pushed, what came of it. Serve, workers and admin know each
 * other by it alone. Nothing outside this room knows which database stands behind.
 *
 * One data folder holds one ledger. Any number of processes of its owner may have it open. Every
 * function is one transaction: it has happened whole, or not at all, whatever is killed when. After each
 * change that somebody may wait for, the bell is rung (bell.h).
 *
 * Texts that are returned lie in the arena that is given. Times are milliseconds since 1970, UTC, as the
 * machine's clock says; order is never by time but by number, and a lease is counted by a clock that
 * nobody sets.
 *
 * Errors, where a function says nothing else: -ENOENT there is no such row; -EEXIST it is there; -EBUSY
 * another process held the ledger too long; -EIO, -ENOSPC, -EROFS the disk; all are the host's but for the
 * first two, which are the user's. The sentence of an error says all there is to say.
 *
 * An open ledger must not be used in a child that was forked: open it there anew.
 */
#ifndef GRADER_LEDGER_LEDGER_H
#define GRADER_LEDGER_LEDGER_H

#include <milepost/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/base/arena.h"

struct ledger;

/* --- open ---------------------------------------------------------------------------------- */

enum ledger_open_as {
	LEDGER_OR_MAKE, /* a folder that is empty or not there becomes a data folder, mode 0700 */
	LEDGER_EXISTING,
	LEDGER_READ_ONLY, /* list and show while the disk is full or read-only */
};

/*
 * Open the ledger of the data folder DATA: its integrity is checked, an older version is brought up to
 * date (a copy beside it is kept until that has worked). Errors: -EBADMSG the file is damaged, or from a
 * newer milepost, or another program's: the sentence says what to do; -EPERM the folder is somebody else's, or
 * others may look into it; -ENOTEMPTY it has files but no ledger; -ENOENT there is none, and AS does not make one.
 */
MP_MUST_CHECK int ledger_open(const char *data, enum ledger_open_as as, struct ledger **ret_ledger,
			      struct mp_error *err);
struct ledger *ledger_close(struct ledger *ledger);

/* The 32 secret bytes of this site: seeds are drawn from them. */
void ledger_site_key(const struct ledger *ledger, unsigned char ret_key[32]);

/* A copy of the whole ledger at PATH (must not be there), consistent, while others work. */
MP_MUST_CHECK int ledger_backup(struct ledger *ledger, const char *path, struct mp_error *err);

/* --- learners ------------------------------------------------------------------------------ */

struct learner {
	int64_t id;
	const char *
		handle; /* as handle_is_valid() in grader/model/handle.h wants it: the address /HANDLE.git */
	const char *name;     /* "" : not told */
	const char *track;    /* "python" ... */
	const char *language; /* of people: "en", "hi" */
	const char *section;  /* "" : none */
	int64_t added_at;
	bool is_closed; /* no push is taken, pages stay */
};

MP_MUST_CHECK int learner_add(struct ledger *ledger, const struct learner *learner, int64_t *ret_id,
			      struct mp_error *err);
MP_MUST_CHECK int learner_find(struct ledger *ledger, const char *handle, struct arena *arena,
			       struct learner *ret_learner, struct mp_error *err);
MP_MUST_CHECK int learner_get(struct ledger *ledger, int64_t learner, struct arena *arena,
			      struct learner *ret_learner, struct mp_error *err);
/* By section, then handle. */
MP_MUST_CHECK int learner_list(struct ledger *ledger, struct arena *arena,
			       struct learner **ret_learners, size_t *ret_count,
			       struct mp_error *err);
MP_MUST_CHECK int learner_close(struct ledger *ledger, int64_t learner, bool is_closed,
				struct mp_error *err);
/*
 * Remove a learner with everything that is theirs, or (COMMIT not NULL, 40 hex) what came of one commit of theirs:
 * for real, the bytes are written over. -EBUSY: removed, but a reader holds the log; the next sweep empties it.
 */
MP_MUST_CHECK int learner_forget(struct ledger *ledger, int64_t learner, const char *commit,
				 struct mp_error *err);

/* --- who asks: tokens, links, sessions (decision 33) ------------------------------------------ */

enum { TOKEN_TEXT = 40, LINK_TEXT = 16 };

/* A new token, 160 random bits as text for the person; stored as a hash. Earlier ones of the learner are
 * revoked when IS_REVOKING, and the sessions of that learner end. LEARNER 0: the instructor's. */
MP_MUST_CHECK int token_make(struct ledger *ledger, int64_t learner, bool is_revoking,
			     char ret_text[TOKEN_TEXT], struct mp_error *err);
/* Whose it is: *RET_LEARNER 0 for the instructor's. -ENOENT: nobody's, or revoked. */
MP_MUST_CHECK int token_find(struct ledger *ledger, const char *text, int64_t *ret_learner,
			     struct mp_error *err);
MP_MUST_CHECK int token_revoke(struct ledger *ledger, int64_t learner, struct mp_error *err);

/* A read-only link to a learner's pages, "7Q4M-2KXD": until then, or until revoked. The one that is still good
 * for a day at least is given again. Found as people type it: small letters, o for 0. */
MP_MUST_CHECK int link_make(struct ledger *ledger, int64_t learner, char ret_text[LINK_TEXT],
			    struct mp_error *err);
MP_MUST_CHECK int link_find(struct ledger *ledger, const char *text, int64_t *ret_learner,
			    struct mp_error *err);
MP_MUST_CHECK int link_revoke(struct ledger *ledger, int64_t learner, struct mp_error *err);

/* A browser's session: 256 random bits in a cookie, stored as a hash, 12 hours; FORM is the value that every
 * form of it must carry. */
struct session {
	int64_t learner; /* 0: the instructor */
	char form[TOKEN_TEXT];
};
MP_MUST_CHECK int session_make(struct ledger *ledger, int64_t learner, char ret_text[64],
			       struct mp_error *err);
MP_MUST_CHECK int session_find(struct ledger *ledger, const char *text, struct session *ret_session,
			       struct mp_error *err);
MP_MUST_CHECK int session_end(struct ledger *ledger, const char *text, struct mp_error *err);

/* --- tickets ------------------------------------------------------------------------------- */

/*
 * A ticket is one pushed commit that is to be graded: whole, or for one exercise (refs/for/ID).
 * The allowed moves are one table, ticket_moves in ticket.c; every other one is refused with -EPERM.
 */
enum ticket_state {
	TICKET_RECEIVING, /* pre-receive has taken it, the ref is not yet moved; the attempt is reserved */
	TICKET_QUEUED,
	TICKET_CLAIMED,	 /* by a worker, for as long as its lease lasts */
	TICKET_GRADED,	 /* its scorecards are there */
	TICKET_REPLACED, /* by a newer push of the same learner, before it was claimed */
	TICKET_VOID, /* the push did not happen, or an operator dropped it: the attempt is given back */
	TICKET_FAILED, /* could not be graded, our fault twice: the attempt is given back, the operator is shown */
	TICKET_STATES,
};
extern const char *const ticket_state_words[];

struct ticket {
	int64_t id;
	int64_t learner;
	const char *handle; /* of the learner */
	enum ticket_state state;
	const char *ref;		 /* "refs/heads/main", "refs/for/hello-api" */
	const char *old_commit, *commit; /* 40 hex; old: zeros when the ref is new */
	const char *exercise; /* the one that refs/for names; NULL: all that the tree has */
	bool is_regrade;      /* waits behind every fresh one */
	int64_t received_at;
	int64_t claimed_at, ended_at; /* 0: not yet */
	int faults;		      /* times that grading it broke for a reason of ours */
	const char *reason;	      /* of the last fault, or why it is void; "" */
	int64_t replaced_by;	      /* 0: by none */
};

/* A push arrives. Policies say whether it may: then -EDQUOT or -EPERM with a sentence for the learner. */
struct receipt {
	int64_t learner;
	const char *ref, *old_commit, *commit;
	const char *exercise;
	int64_t received_at;
	bool is_regrade;
};
MP_MUST_CHECK int ticket_receive(struct ledger *ledger, const struct receipt *receipt,
				 int64_t *ret_ticket, struct mp_error *err);
/*
 * The ref has moved (queue) or has not (void). Queueing replaces an older queued ticket of the same learner, ref
 * and exercise where the policy says so. A ticket that comes to an end (graded, replaced, void, failed) gets the
 * event "ended" in the same transaction: {"reason", "replaced_by", "state"}.
 */
MP_MUST_CHECK int ticket_queue(struct ledger *ledger, int64_t ticket, struct mp_error *err);
MP_MUST_CHECK int ticket_void(struct ledger *ledger, int64_t ticket, const char *reason,
			      struct mp_error *err);

/*
 * The ticket that is next: fresh before regrade; then the learner who has fewest claimed ones and was served
 * longest ago; then the oldest. Its lease lasts LEASE_MS unless it is renewed. -ENOENT: nothing waits.
 * WORKER names one process for ever: host, process number and something drawn.
 */
MP_MUST_CHECK int ticket_claim(struct ledger *ledger, const char *worker, int64_t lease_ms,
			       struct arena *arena, struct ticket *ret_ticket,
			       struct mp_error *err);
/* -EPERM: it is no longer this worker's: stop. */
MP_MUST_CHECK int ticket_renew(struct ledger *ledger, int64_t ticket, const char *worker,
			       int64_t lease_ms, struct mp_error *err);

/* What came of one exercise. Kept for ever as a version: never changed, never overwritten. */
struct result {
	const char *exercise;
	int64_t exercise_version;
	const char *exercise_hash, *input_key;
	const char *seed;
	int64_t score, counted, points; /* points: of the exercise */
	const char *status;		/* status_words of the scorecard */
	int64_t milestone;
	const char *card;		/* canonical json of the scorecard with this one exercise */
	const char *run;		/* json of what was measured */
	const char *page;		/* html for the learner */
	const char *card_of_instructor; /* the same as json */
	const char *page_of_instructor; /* html; hidden checks in full */
};
/* All results of a ticket at once; it becomes graded. -EPERM: the lease is somebody else's. */
MP_MUST_CHECK int ticket_grade(struct ledger *ledger, int64_t ticket, const char *worker,
			       const struct result *results, size_t count, struct mp_error *err);
/* Grading broke for a reason of ours: once more, and after the second time it has failed. */
MP_MUST_CHECK int ticket_fault(struct ledger *ledger, int64_t ticket, const char *worker,
			       const char *reason, struct mp_error *err);
/*
 * What graded it was killed from outside, which is no fault: it waits again (event "lost"); from the eleventh time on
 * each is one. A worker of which its parent knows that it has ended: the same for all that it had claimed, NAME being
 * what worker_name_of() said.
 */
MP_MUST_CHECK int ticket_lost(struct ledger *ledger, int64_t ticket, const char *worker,
			      const char *reason, struct mp_error *err);
MP_MUST_CHECK int ticket_lost_all(struct ledger *ledger, const char *name, struct mp_error *err);
/* What the name in claims of the worker GIVEN begins with, which is process PID of this machine. */
enum { WORKER_NAME = 160 };
void worker_name_of(const char *given, int64_t pid, char ret_name[WORKER_NAME]);
/* The worker ends before the grading has: the ticket waits again, and it is no fault. */
MP_MUST_CHECK int ticket_release(struct ledger *ledger, int64_t ticket, const char *worker,
				 struct mp_error *err);
/* An operator's: failed or void ones are queued again; queued and failed ones are dropped. */
MP_MUST_CHECK int ticket_retry(struct ledger *ledger, int64_t ticket, struct mp_error *err);

MP_MUST_CHECK int ticket_find(struct ledger *ledger, int64_t ticket, struct arena *arena,
			      struct ticket *ret_ticket, struct mp_error *err);
/* The newest first; LEARNER 0: of all; STATE TICKET_STATES: every state; at most MOST. */
MP_MUST_CHECK int ticket_list(struct ledger *ledger, int64_t learner, enum ticket_state state,
			      size_t most, struct arena *arena, struct ticket **ret_tickets,
			      size_t *ret_count, struct mp_error *err);
/* How many there are in each state, and since when (ms) the oldest that waits does; 0: none waits. */
MP_MUST_CHECK int ticket_count(struct ledger *ledger, int64_t ret_counts[TICKET_STATES],
			       int64_t *ret_oldest, struct mp_error *err);
/* How many are before it in the order of ticket_claim(), itself counted: 1 is next. 0: it does not wait. */
MP_MUST_CHECK int ticket_place(struct ledger *ledger, int64_t ticket, int64_t *ret_place,
			       struct mp_error *err);

/*
 * Tickets whose lease ran out wait again (event "lost"); from the eleventh time on each is a fault. For each ticket
 * that is receiving and older than AFTER_MS, HAS_COMMIT is asked whether its ref now has its commit: then it is
 * queued, else void. At start and each minute. HAS_COMMIT NULL: what is receiving is left to whoever receives.
 */
typedef int ledger_has_commit_fn(void *context, const struct ticket *ticket, bool *ret_has,
				 struct mp_error *err);
MP_MUST_CHECK int ledger_sweep(struct ledger *ledger, int64_t after_ms,
			       ledger_has_commit_fn *has_commit, void *context,
			       struct mp_error *err);

/* --- events: what happens to a ticket, numbered from 1 ---------------------------------------- */

struct event {
	int64_t ticket, number, at;
	const char *kind; /* "received" "ready" "checks" "card" "kept" "note" "lost" "ended" */
	const char *body; /* json object; "lines": what a push shows, at most 72 columns each */
};
MP_MUST_CHECK int event_add(struct ledger *ledger, int64_t ticket, const char *kind,
			    const char *body, struct mp_error *err);
MP_MUST_CHECK int event_list(struct ledger *ledger, int64_t ticket, int64_t after,
			     struct arena *arena, struct event **ret_events, size_t *ret_count,
			     struct mp_error *err);

/* --- scores --------------------------------------------------------------------------------- */

struct score {
	int64_t id, ticket, version; /* version: 1, 2, ... of this learner and exercise */
	const char *commit;
	int64_t received_at, graded_at;
	struct result result; /* card, run and pages only from score_find() */
};
/* Of one learner: for each exercise the best (highest counted, then score, then the newest; one that was not graded
 * last) or the latest push's; or all, the newest first. */
enum score_choice { SCORE_BEST, SCORE_LATEST, SCORE_ALL };
MP_MUST_CHECK int score_list(struct ledger *ledger, int64_t learner, enum score_choice choice,
			     struct arena *arena, struct score **ret_scores, size_t *ret_count,
			     struct mp_error *err);
MP_MUST_CHECK int score_find(struct ledger *ledger, int64_t score, struct arena *arena,
			     struct score *ret_score, int64_t *ret_learner, struct mp_error *err);
/* The newest version of this learner and exercise with this key and hash, whatever ticket: what is unchanged.
 * -ENOENT: none. What could not be graded does not count. */
MP_MUST_CHECK int score_unchanged(struct ledger *ledger, int64_t learner, const char *exercise,
				  const char *exercise_hash, const char *input_key,
				  struct arena *arena, struct score *ret_score,
				  struct mp_error *err);

/* --- policies -------------------------------------------------------------------------------- */

/*
 * Rows: (exercise or "" for all) x name -> value; one table in policy.c has name, default, words and bounds:
 * attempts-per-day 200, bar 60, opens, due (RFC 3339; late pushes are graded and say so), replace yes,
 * show-hidden after-pass|never|always, disk 200M of a learner.
 */
/* VALUE NULL takes the row away. -EBADMSG: no such policy, or a value of another form. */
MP_MUST_CHECK int policy_set(struct ledger *ledger, const char *exercise, const char *name,
			     const char *value, struct mp_error *err);
MP_MUST_CHECK int policy_get(struct ledger *ledger, const char *exercise, const char *name,
			     struct arena *arena, const char **ret_value, struct mp_error *err);
/* Every policy with what stands for all (EXERCISE ""), and behind it what is set for single exercises. */
struct policy_row {
	const char *exercise, *name, *value;
	const char *standard, *help; /* static */
	bool is_set;		     /* by policy_set(); else VALUE is the standard */
};
MP_MUST_CHECK int policy_list(struct ledger *ledger, struct arena *arena,
			      struct policy_row **ret_rows, size_t *ret_count,
			      struct mp_error *err);
/* "2026-11-30T18:00:00+05:30" as ms since 1970; -EBADMSG. */
MP_MUST_CHECK int policy_moment(const char *text, int64_t *ret_ms);

#endif
