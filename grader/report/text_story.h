/* SPDX-License-Identifier: MIT */
/* Parts of the text report: stories, the road, notes. */
#ifndef GRADER_REPORT_TEXT_STORY_H
#define GRADER_REPORT_TEXT_STORY_H

#include "grader/report/report.h"
#include "grader/report/story.h"

/*
 * Every story of CARD, each after an empty line; then what waits, and what the service said last.
 */
void text_stories(struct text *into, const struct card *card, const struct telling *telling,
		  int width);

/*
 * What stands below the lead of one story: facts, requests with wanted and got, advice; nothing when
 * there is nothing to show.
 */
void text_story_body(struct text *into, const struct story *story, int width);

/*
 * The exercises and the milestones, when more than one exercise was graded; what to type when none
 * was.
 */
void text_road(struct text *into, const struct scorecard *scorecard,
	       const struct report_options *options);

/* Notes about the submission and missing layers; RUN may be NULL. */
void text_notes(struct text *into, const struct run_info *run, int width);

#endif
