/* SPDX-License-Identifier: MIT */
/*
 * Stories: what is told about the checks of one exercise that did not pass, whatever it is printed
 * as.
 *
 * Checks that failed for the same cause make one story. A request whose mismatches were told
 * before in the story is only "also there". Everything is bounded; what is left out is counted. A
 * hidden check is closed to learners: its story has title and rule and nothing else.
 */
#ifndef GRADER_REPORT_STORY_H
#define GRADER_REPORT_STORY_H

#include "grader/model/scorecard.h"
#include "sandbox/base/arena.h"

/* One request of a story. */
struct story_request {
	const struct evidence *evidence;    /* borrowed from the outcome */
	const struct mismatch **mismatches; /* those that are new in the story */
	size_t mismatch_count;
	size_t left_out;    /* further new ones */
	bool is_also_there; /* some were told before */
	const char *say;    /* NULL when it was told before */
};

struct story {
	const struct check **checks; /* at least one, in the order of the file */
	size_t check_count;
	enum verdict verdict; /* of the first */
	const char *lead;     /* the cause, else the message, else the rule; never NULL */
	const char *rule;     /* NULL when it is the lead or there is none */
	bool is_closed;	      /* title and rule only */
	bool is_advice;	      /* each of its checks is: see check_is_advice() */
	const struct fact **facts;
	size_t fact_count;
	struct story_request *requests;
	size_t request_count;
	size_t requests_left_out;
	const char *advice; /* of the first check that has one; NULL: none */
};

/* All that is told about one card that has outcomes. */
struct telling {
	struct story *stories;
	size_t story_count;
	const struct check *failed_gate; /* NULL: none */
	size_t unasked_count;		 /* checks a failed gate left unasked: told in one line */
	int64_t unasked_points;
	const char *need;	 /* what those would need; NULL: not said */
	const struct check *cap; /* the failed check that held the score down; NULL: none */
	const char **
		remarks; /* what was seen beside checks that passed: "links: X names another host" */
	size_t remark_count;
	bool has_core_failed, has_core, has_hidden;
	const struct check
		*next; /* to mend first: a core check before others; NULL: nothing but advice */
	const char *next_words; /* its own words of what to do; NULL: the general line */
	const char *hint;	/* the exercise's hint that fits best; NULL: none */
};

/* Fill RET_TELLING, whose parts lie in ARENA or are borrowed from CARD. */
void story_tell(const struct card *card, enum audience audience, struct arena *arena,
		struct telling *ret_telling);

/*
 * The story of check INDEX alone, which did not pass: for formats that have an entry for each check. A
 * check that was not run has a lead and nothing else.
 */
void story_of_check(const struct card *card, size_t index, enum audience audience,
		    struct arena *arena, struct story *ret_story);

/*
 * Did check INDEX of CARD fail where that costs nothing: no point, no status, no other check? Then no format
 * calls it a failure.
 */
bool check_is_advice(const struct card *card, size_t index);

/* The same while there is no card yet. */
bool outcome_is_advice(const struct exercise *exercise, const struct check *check,
		       const struct outcome *outcome);

/* Does a failed gate leave check INDEX of CARD unasked? Then it has no line of its own. */
bool story_is_unasked(const struct telling *telling, const struct card *card, size_t index);

/*
 * Should the last output of the service be told? Not when all it shows is what the requests show.
 */
bool story_wants_output(const struct card *card, const struct telling *telling);

#endif
