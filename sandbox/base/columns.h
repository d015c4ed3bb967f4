/* SPDX-License-Identifier: MIT */
/* Columns: how wide text is on a terminal, and how it is broken into lines. Text is UTF-8. */
#ifndef SANDBOX_BASE_COLUMNS_H
#define SANDBOX_BASE_COLUMNS_H

#include <stdio.h>

#include "sandbox/base/text.h"

/*
 * Columns that COUNT bytes take: marks above and below a letter take none, wide letters two, bytes
 * that are no UTF-8 one each. Source: general categories Mn, Me, Cf and East Asian Width of
 * Unicode 14, as wcwidth(3) of glibc has them.
 */
int columns_of(const char *bytes, size_t count);

/* How a paragraph is laid out. */
struct layout {
	int width;	/* columns of a line */
	int column;	/* where the first line begins: so much is already written */
	int indent;	/* where all further lines begin */
	int most_lines; /* further ones are cut, "..." says so; 0: any number */
};

/*
 * Add TEXT, broken at blanks into lines of LAYOUT; a word that is too long is broken where the
 * line ends. A line end in TEXT stays one, and blanks at the start of such a line are kept, for
 * its broken rest too. Ends without a line end.
 */
void columns_wrap(struct text *into, const char *text, const struct layout *layout);

/*
 * Print TEXT in lines of 80 columns and a line end; further lines begin at INDENT. A word that is too long
 * stays whole: a path or an address can be copied.
 */
void columns_print(FILE *to, const char *text, int indent);

/* Add COUNT blanks; none when COUNT is negative. */
void columns_pad(struct text *into, int count);

/* Add TEXT and blanks up to WIDTH columns. */
void columns_add(struct text *into, const char *text, int width);

/*
 * Add a command, broken between its words with " \" so that the lines can be pasted into a shell. A
 * word that is longer than a line is broken too, in such a way that the shell joins it again.
 */
void columns_command(struct text *into, const char *command, const struct layout *layout);

#endif
