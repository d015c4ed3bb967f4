/* SPDX-License-Identifier: MIT */
/*
 * The pages of a server: a request becomes bytes. Ledger and road in, an answer out; no socket, no clock of
 * its own, nothing kept between two answers.
 *
 * Addresses are one table (pages.c) and stand in docs/pages.md; the same as JSON in docs/api.md. A learner's
 * pages have three doors, and behind each the same rooms: /s/LINK (whoever has the link, reading only), /me
 * (the learner's session), /learners/HANDLE (the instructor's session).
 */
#ifndef GRADER_PAGES_PAGES_H
#define GRADER_PAGES_PAGES_H

#include <milepost/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grader/ledger/ledger.h"
#include "grader/manifest/manifest.h"
#include "sandbox/base/text.h"

/* What pages are made from: the published exercises are loaded once. */
struct pages;

/* LEDGER, ROAD and PROBES are borrowed. Errors: MP_FAULT_CONTENT, an exercise is broken. */
MP_MUST_CHECK int pages_open(struct ledger *ledger, const struct road *road,
			     const struct probe_kind *const *probes, struct pages **ret_pages,
			     struct mp_error *err);
struct pages *pages_close(struct pages *pages);

enum { PAGE_PATH_MAX = 512, PAGE_BODY_MAX = 4096, PAGE_HEADERS_MAX = 10 };

/* Headers that were not sent are NULL. Everything may be hostile. */
struct page_request {
	const char *method; /* "GET", "HEAD", "POST" */
	const char *path;   /* without the query, as it was sent */
	const char *body;   /* of a POST: a form, at most PAGE_BODY_MAX bytes */
	const char *cookie; /* Cookie */
	const char *token;  /* of "Authorization: Bearer TOKEN"; for programs that read the JSON */
	const char *languages;	/* Accept-Language */
	const char *last_event; /* Last-Event-ID */
	bool may_take_tokens;	/* TLS, loopback, or a network that the operator named */
	bool is_tls;		/* cookies are then for TLS alone */
	bool is_cross_site; /* Sec-Fetch-Site is neither same-origin nor none, or Origin is another host */
	int64_t now_ms; /* since 1970 */
};

struct page_header {
	const char *name, *value;
};

/* Where a reader of events is: one ticket, up to one event. */
struct page_stream {
	int64_t learner, ticket, after;
};

struct page_answer {
	unsigned int status;
	struct text bytes; /* owned */
	struct page_header headers[PAGE_HEADERS_MAX];
	size_t header_count;
	struct arena *arena; /* owned: values of headers */
	bool is_guess;	/* a link or token that nobody has: count them by address, and slow down */
	bool is_stream; /* goes on: call pages_stream() when the bell rings */
	struct page_stream stream;
};

/*
 * Answer REQUEST. ANSWER always is one that can be sent; pages_answer_done() frees it. Returns 0, or a negative
 * errno when it says that something of ours is broken: then ERR is for the operator.
 */
int pages_answer(const struct pages *pages, const struct page_request *request,
		 struct page_answer *ret_answer, struct mp_error *err);
void pages_answer_done(struct page_answer *answer);

/* "Your page, open 7 days:", above a link, in the language of LEARNER, added to INTO. */
void pages_link_words(const struct pages *pages, const struct learner *learner, struct text *into);

/*
 * What is new for STREAM, as server-sent events, added to INTO; STREAM moves on. *RET_IS_OVER: the page is to be
 * loaded anew, and the stream ends. Nothing new adds nothing: send PAGE_STREAM_IDLE each 30 s or so.
 */
#define PAGE_STREAM_IDLE ": still here\n\n"
MP_MUST_CHECK int pages_stream(const struct pages *pages, struct page_stream *stream,
			       struct text *into, bool *ret_is_over, struct mp_error *err);

#endif
