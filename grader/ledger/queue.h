/* SPDX-License-Identifier: MIT */
/*
 * The order in which tickets are claimed: one query, by which they are claimed and by which their places are told.
 *
 * Fresh before regrade. Then by turn: a learner's first waiting ticket has as many turns before it as tickets of
 * theirs are claimed, the next one has one more, and so on: nobody's second is before another's first. Then who
 * was served longest ago; then the oldest.
 */
#ifndef GRADER_LEDGER_QUEUE_H
#define GRADER_LEDGER_QUEUE_H

#include "grader/ledger/ledger.h"

#define QUEUE                                                                                      \
	"SELECT id, row_number() OVER (ORDER BY is_regrade, turn, served, id) AS place FROM "      \
	"(SELECT t.id, t.is_regrade, l.served, "                                                   \
	"row_number() OVER (PARTITION BY t.learner ORDER BY t.is_regrade, t.id) + "                \
	"(SELECT count(*) FROM ticket c WHERE c.state = 'claimed' AND c.learner = t.learner) "     \
	"AS turn FROM ticket t JOIN learner l ON l.id = t.learner WHERE t.state = 'queued')"

/* The state that a word stands for. */
enum ticket_state ticket_state_of(const char *word);

#endif
