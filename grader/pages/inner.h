/* SPDX-License-Identifier: MIT */
/* What the files of this room share. */
#ifndef GRADER_PAGES_INNER_H
#define GRADER_PAGES_INNER_H

#include <jansson.h>

#include "grader/language/language.h"
#include "grader/model/scorecard.h"
#include "grader/pages/pages.h"

struct pages {
	struct ledger *ledger;	     /* borrowed */
	const struct road *road;     /* borrowed */
	struct exercise **exercises; /* owned: the published ones, in the order of the road */
	size_t exercise_count;
};

enum { PATH_WORDS_MAX = 8 };

struct path_words {
	char *items[PATH_WORDS_MAX];
	size_t count;
};

/* Who asks, weakest first. */
enum asker { ASKER_NOBODY, ASKER_LINK, ASKER_LEARNER, ASKER_INSTRUCTOR };

/* One answer that is being made. */
struct page {
	const struct pages *pages;
	const struct page_request *request;
	struct page_answer *answer;
	struct text *into; /* the answer's bytes */
	struct arena *arena;
	struct mp_error *err;
	enum asker asker;
	bool is_for_programs; /* below /api: told as JSON, whatever it is */
	bool has_session;     /* else a token or a link */
	struct session session;
	const char *session_text;
	struct learner learner; /* whose pages these are, behind a learner's door */
	const char *base;	/* the door: "/me", "/s/7q4m-2kxd", "/learners/asha" */
	struct path_words words;
	const char *id;		   /* what stood for ID in the address, or NULL */
	int64_t number[2];	   /* what stood for N, or -1 */
	struct language *language; /* NULL: English */
	const char *code;	   /* "en" */
};

/* --- form.c: pure, bytes of browsers -------------------------------------------------------- */

/* Split PATH at '/'. False: it is no path of ours: too many words, an empty one, "..", a byte that is no [A-Za-z0-9._-]. */
bool path_split(const char *path, struct arena *arena, struct path_words *ret_words);
/* The value of NAME in a form (application/x-www-form-urlencoded), or NULL. */
const char *form_value(const char *form, const char *name, struct arena *arena);
/* The value of the cookie NAME, or NULL. */
const char *cookie_value(const char *cookies, const char *name, struct arena *arena);
/* The code that Accept-Language wants most of those we have; "en". */
const char *languages_choose(const char *accept);
/* A whole number of at most 15 digits, or -1. */
int64_t number_read(const char *text);

/* --- html.c: what all pages share ------------------------------------------------------------ */

void put(struct page *page, const char *markup);
void putf(struct page *page, const char *format, ...) MP_PRINTF(2, 3);
/* Any text, escaped. */
void put_text(struct page *page, const char *text);
void put_text_most(struct page *page, const char *text, size_t most);
/* An English sentence of ours, in the language of the page, escaped; FORMAT without texts of learners. */
void put_say(struct page *page, const char *format, ...) MP_PRINTF(2, 3);
/* The same between <ELEMENT> and </ELEMENT>. */
void put_say_in(struct page *page, const char *element, const char *format, ...) MP_PRINTF(3, 4);
const char *say(struct page *page, const char *format, ...) MP_PRINTF(2, 3);
/* <a href="..."> with an address below the door. */
void put_link(struct page *page, const char *format, ...) MP_PRINTF(2, 3);
/* 2026-11-26 18:42 IST, for machines too. */
void put_time(struct page *page, int64_t ms);
/* "needs work" and such, marked by class. */
void put_status(struct page *page, const char *status);

/* When EXERCISE is due; 0: never. */
MP_MUST_CHECK int due_find(struct page *page, const char *exercise, int64_t *ret_ms);

struct frame {
	const char *title; /* any text */
	const char
		*refresh; /* NULL, or seconds after which a page without script loads itself anew */
	bool has_script;
	bool is_broad; /* uses the whole of a wide window */
};
/* Up to and with the way back: then come <main id="main"> and page_close(). */
void page_open(struct page *page, const struct frame *frame);
void page_close(struct page *page);

/* The answer is only this. Status, a title and a sentence of ours. */
int page_tell(struct page *page, unsigned int status, const char *title, const char *sentence);
/* 303 to ADDRESS. */
int page_send_to(struct page *page, const char *address);
void page_header(struct page *page, const char *name, const char *value);
/* type, and the policy that goes with it; POLICY NULL: a page of ours. */
void page_type(struct page *page, const char *type, const char *policy);

/* --- style.c --------------------------------------------------------------------------------- */

extern const char pages_style[]; /* behind the report's */
extern const char pages_script[];

/* --- standing.c: where a learner stands ------------------------------------------------------ */

/* One published exercise for one learner. */
struct stand {
	const struct exercise *exercise;
	const struct road_entry *entry;
	const struct score *best, *latest; /* NULL: none */
};

struct standing {
	struct stand *stands; /* in the order of the road */
	size_t count;
	struct scorecard road;	  /* milestones are filled */
	const struct stand *next; /* what to do next; NULL: all is passed */
	size_t passed;
	struct ticket *tickets; /* the newest first, at most TICKETS_SHOWN */
	size_t ticket_count;
};
enum { TICKETS_SHOWN = 10 };

MP_MUST_CHECK int standing_find(struct page *page, int64_t learner, struct standing *ret_standing);
const struct stand *standing_of(const struct standing *standing, const char *id);
/* The published exercise ID or NULL. */
const struct exercise *pages_exercise(const struct pages *pages, const char *id);
bool status_is_passed(const char *status);
/* Does this ticket wait, or is it being graded? */
bool ticket_is_open(const struct ticket *ticket);
/* Of SCORE that is this learner's: may the asker see hidden checks in full? */
MP_MUST_CHECK int hidden_are_shown(struct page *page, const struct score *score,
				   bool *ret_are_shown);
/* The score of page->number[0]: -ENOENT when it is not this learner's. */
MP_MUST_CHECK int score_of_page(struct page *page, struct score *ret_score);
/* The checks of a stored card: an array, borrowed from *RET_ROOT, which the caller frees; NULL: none can be read.
 * Of hidden ones only what a learner may see is left, unless ALL. */
json_t *card_checks(const char *card, bool all, json_t **ret_root);

/* --- the pages -------------------------------------------------------------------------------- */

int page_road(struct page *page);
int page_exercise(struct page *page);
int page_attempt(struct page *page);
int page_task(struct page *page);
int page_starter(struct page *page);
int page_events(struct page *page);
int page_front(struct page *page);
int page_sign_in(struct page *page);
int page_sign_out(struct page *page);
int page_class(struct page *page);
int page_failed(struct page *page);
int page_style(struct page *page);
int page_script(struct page *page);
/* The answer is an error, for programs. */
int json_tell(struct page *page, unsigned int status, const char *title, const char *sentence);
int json_road(struct page *page);
int json_exercise(struct page *page);
int json_attempt(struct page *page);
int json_class(struct page *page);
int json_failed(struct page *page);

/* --- help.c: who needs help ------------------------------------------------------------------- */

enum need { NEED_NONE, NEED_FIRST_PUSH, NEED_STUCK, NEED_QUIET };
extern const char *const need_words[]; /* "" "first-push" "stuck" "quiet" */

struct help {
	enum need need;
	const char *exercise; /* of NEED_STUCK */
	int64_t count;	      /* pushes without a better score, or days */
};

/* SCORES: all of a learner, the newest first. LAST_PUSH_MS 0: none. */
struct help help_needed(const struct score *scores, size_t count, int64_t last_push_ms,
			int64_t now_ms);

/* One line of the instructor's list. */
struct class_line {
	struct learner learner;
	size_t passed;
	int64_t last_push_ms;
	struct help help;
};
enum { CLASS_PAGE = 50, FAILED_MOST = 50 };
/* Page NUMBER (from 1) of all learners; -ENOENT beyond the last but the first. */
MP_MUST_CHECK int class_find(struct page *page, int64_t number, struct class_line **ret_lines,
			     size_t *ret_count, int64_t *ret_pages);

#endif
