/* SPDX-License-Identifier: MIT */
/* A task on a terminal: its Markdown in lines of 80 columns, as it is read without a browser. */
#ifndef GRADER_CMD_TASK_H
#define GRADER_CMD_TASK_H

#include <stdio.h>

/*
 * Print TASK to TO. Paragraphs and items of lists are wrapped anew, the cells of tables stand below each other,
 * code stays as it is, however wide. What is not of these forms is a paragraph.
 */
void task_print(FILE *to, const char *task);

#endif
