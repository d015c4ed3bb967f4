/* SPDX-License-Identifier: MIT */
/* Parts of the HTML report, one file each. */
#ifndef GRADER_REPORT_HTML_PARTS_H
#define GRADER_REPORT_HTML_PARTS_H

#include "grader/report/report.h"
#include "grader/report/story.h"

/* The page's style: everything it needs, no address in it. */
extern const char html_style[];

/*
 * Add TEXT as content of an element or a quoted attribute: markup escaped, no control characters
 * but line ends.
 */
void html_add(struct text *into, const char *text);

/* The same, cut after MOST bytes at the end of a letter, with "..." */
void html_add_most(struct text *into, const char *text, size_t most);

/* The picture of the road, and what it shows in words. */
void html_road(struct text *into, const struct scorecard *scorecard);

/*
 * The stories of CARD in at most about ALLOWANCE bytes: whole while there is room, then shorter,
 * then only counted, with the command that prints them all.
 */
void html_stories(struct text *into, const struct card *card, const struct telling *telling,
		  const struct report_options *options, size_t allowance);

#endif
