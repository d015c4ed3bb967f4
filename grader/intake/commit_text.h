/* SPDX-License-Identifier: MIT */
/*
 * A commit object taken apart. Pure, and forgiving where libgit2 is not: a commit whose author line is
 * broken is still a commit. Source: git's Documentation, "commit object", and fsck.c for what occurs.
 */
#ifndef GRADER_INTAKE_COMMIT_TEXT_H
#define GRADER_INTAKE_COMMIT_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* A part of the object's bytes. */
struct span {
	const char *bytes;
	size_t count;
};

struct commit_text {
	struct span tree;    /* 40 hexadecimal digits */
	struct span parents; /* lines of PARENT_LINE bytes, "parent " and 40 digits each */
	size_t parent_count;
	struct span name, email; /* of the author; empty when they are not there */
	int64_t time;		 /* 0 when it is not there */
	struct span
		subject; /* the first line of the message that is not empty, without blanks around */
};

enum { PARENT_LINE = 7 + 40 + 1 };

/* -EBADMSG: it has no tree, or a parent that is no id. Spans point into BYTES. */
int commit_text_parse(const char *bytes, size_t count, struct commit_text *ret_commit);

#endif
