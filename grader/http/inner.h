/* SPDX-License-Identifier: MIT */
/* What the files of this room share among themselves. */
#ifndef GRADER_HTTP_INNER_H
#define GRADER_HTTP_INNER_H

#include <jansson.h>
#include <milepost/error.h>

#include "grader/match/match.h"
#include "grader/model/probe.h"
#include "grader/wire/wire.h"
#include "sandbox/base/text.h"

/* The further keys of a step, filled by http_fields. All borrowed from the exercise. */
struct http_keys {
	const json_t *query, *headers, *auth, *json, *form, *upload;
	const json_t *tally;  /* map of status to how many */
	const json_t *during; /* `while`: a request step */
	const char *type, *body;
	int64_t timeout_ms, until_ms; /* 0: not said */
	int64_t at_once;	      /* 0: not said */
};

extern const struct field http_fields[];
extern const size_t http_field_count;

/* Why a step failed, as far as it can be told from outside; outcomes with one cause are told together. */
enum slip {
	SLIP_NONE,
	SLIP_ENDED,
	SLIP_REFUSED,
	SLIP_CLOSED,
	SLIP_TIMEOUT,
	SLIP_GARBAGE,
	SLIP_TOO_LARGE,
	SLIP_NO_PATH,
	SLIP_NO_METHOD,
	SLIP_REDIRECT,
	SLIP_CRASH_ON_BAD_INPUT,
	SLIP_CRASH,
	SLIP_HTML_ERROR,
	SLIP_HTML_ERROR_WRONG_STATUS,
	SLIP_HTML,
	SLIP_TYPE,
	SLIP_MARK,
	SLIP_UTF16,
	SLIP_NOT_UTF8,
	SLIP_COUNT,
};

/* A request with all names put in, everything in the arena of the run. */
struct http_request {
	const char *method;
	const char *url;      /* path and query, or a whole address; encoded */
	const char *readable; /* the same as a person writes it */
	const char **headers; /* "Name: value", NULL-terminated */
	size_t header_count;
	const char *user; /* "name:password" of basic authentication, for curl -u; NULL: none */
	const char *body; /* NULL: none */
	size_t body_bytes;
	const char *body_kind; /* "the body", "the form", "the upload": for people */
	json_t *upload_shown; /* list of the -F arguments of curl; NULL: not an upload. Owned by the arena */
	bool is_compressed; /* the answer was, so curl must ask for that too */
	bool has_own_type;  /* Content-Type says something else than curl would by itself */
};

/*
 * Build the request of STEP with the names of RUN. Errors: -ENOENT a name without a value, a file of
 * the exercise that is not there: the exercise's fault.
 */
MP_MUST_CHECK int request_build(const struct probe_run *run, const struct step *step,
				struct http_request *ret_request, struct mp_error *err);

/* The bytes of an upload, behind BODY; the curl arguments into REQUEST. Used by request_build(). */
MP_MUST_CHECK int upload_build(const struct probe_run *run, const json_t *upload,
			       struct http_request *request, struct mp_error *err);

/* Add one header line to REQUEST. */
void request_add_header(struct http_request *request, struct arena *arena, const char *name,
			const char *value);

/* The curl line that repeats REQUEST with $BASE_URL before its path; and the same in a few words. In ARENA. */
const char *request_curl(const struct http_request *request, struct arena *arena);
const char *request_short(const struct http_request *request, struct arena *arena);

/* A shell line that sends it COUNT times at once. In ARENA. */
const char *request_burst(const struct http_request *request, size_t count, struct arena *arena);

/*
 * The parts of an answer as one object: status, type, headers, cookies, json, text, html, xml, size,
 * within. What is not there is not in it. A new reference.
 */
json_t *parts_of(const struct wire_answer *answer);

/* The value of its first header NAME, in any case; NULL: none. */
const char *answer_header(const struct wire_answer *answer, const char *name);

/* Why there is no part json: "no JSON: <!DOCTYPE HTML> <html lang=... (343 bytes)". In ARENA. */
const char *parts_no_json(const struct wire_answer *answer, struct arena *arena);

/* Does the JSON break off because Content-Length counts characters and not bytes? */
bool parts_json_is_cut(const struct wire_answer *answer);

/* Is the body, which is no JSON, in another encoding than UTF-8? SLIP_NONE: it is not. */
enum slip parts_encoding_slip(const struct wire_answer *answer);

/* Match every expected part; mismatches in the order of the parts. ANSWER explains a missing part. */
void expect_match(const json_t *expect, const json_t *parts, const struct wire_answer *answer,
		  const struct names *names, struct mismatches *into);

/* A copy of MAP whose keys are in small letters. A new reference. */
json_t *lower_keys(const json_t *map);

/*
 * HEADERS of an answer as PATTERN, whose names are in small letters, asks for them: their values are texts, but
 * where a number is asked for, one that is written as a number is one. A new reference.
 */
json_t *headers_as_asked(const json_t *pattern, const json_t *headers);

/* Does a near miss fit, all of its parts? */
bool expect_fits(const json_t *expect, const json_t *parts, const struct names *names);

/* Does PATTERN of the part status hold for STATUS: 200, 2xx, a list of either, or a pattern? */
bool status_holds(const json_t *pattern, int status, const struct names *names);

/* Is PATTERN a form that status may have? */
bool status_is_well_formed(const json_t *pattern);

/*
 * What is wrong with an answer that no exercise need name, as one sentence; NULL: nothing that is known. In
 * ARENA, or static.
 */
const char *answer_near_miss(const json_t *expect, const json_t *parts,
			     const struct wire_answer *answer, const struct names *names,
			     struct arena *arena);

/* The slip behind the mismatches of one answer. */
enum slip slip_of(const json_t *expect, const json_t *parts, const struct wire_answer *answer,
		  const struct names *names);

/* Its sentence; NULL for SLIP_NONE. Static. */
const char *slip_sentence(enum slip slip);

/* probe_kind.examine */
void http_examine(const struct exercise *exercise, const struct step *step, complain_fn *complain,
		  struct complaints *to);

/* probe_kind.run */
MP_MUST_CHECK int http_run(struct probe_run *run, struct outcome *ret_outcome,
			   struct mp_error *err);

/* --- run.c and its helpers ------------------------------------------------------------------------- */

/* One check while it runs. */
struct asking {
	struct probe_run *run;
	struct outcome *outcome; /* evidence and facts grow here */
	int64_t deadline_ms;	 /* moves on while ready, stop and restart take their own time */
	enum slip slip;		 /* of the failed steps so far */
	bool has_several_slips;	 /* the failed steps have different ones: no common cause */
	size_t failed_count;
	size_t limit_count; /* failed steps that failed by time only */
	bool is_over;	    /* the rest of the check makes no sense */
	bool is_taken;	    /* the outcome was taken as it came from the bench */
};

/* Ask one request step: one request, a burst, or until it holds. */
MP_MUST_CHECK int ask_step(struct asking *asking, const struct step *step, struct mp_error *err);

/* ready, stop, restart. */
MP_MUST_CHECK int control_ready(struct asking *asking, const struct step *step,
				struct mp_error *err);
MP_MUST_CHECK int control_stop(struct asking *asking, const struct step *step,
			       struct mp_error *err);
MP_MUST_CHECK int control_restart(struct asking *asking, const struct step *step,
				  struct mp_error *err);

/* Start the service unless it runs; when it does not come up its outcome is taken. */
MP_MUST_CHECK int asking_start(struct asking *asking, struct mp_error *err);

/* Judge ANSWER to REQUEST of STEP: evidence when it fails. Returns whether it is as wanted. */
bool asking_judge(struct asking *asking, const struct step *step,
		  const struct http_request *request, const struct wire_answer *answer);

/* A fact beside the evidence, unless one with this LABEL is there; NOTE holds what is measured. */
void asking_fact(struct asking *asking, const char *label, const char *value, const char *note);

/* A failed step: EVIDENCE is copied, its slip is counted. */
void asking_fail(struct asking *asking, const struct evidence *evidence, enum slip slip);

/* Put one step of `while` together from its map. Lies in the arena. */
MP_MUST_CHECK int during_step(struct probe_run *run, const json_t *map, struct step *ret_step,
			      struct mp_error *err);

/* The verb of a name among those that send a request, or NULL. */
const struct verb *http_verb_find(const char *name);

#endif
