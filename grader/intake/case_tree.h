/* SPDX-License-Identifier: MIT */
/*
 * The paths seen so far, as a tree that finds names that differ by case only (ASCII letters): on macOS
 * and Windows such names are one file, and one of them is lost there. Pure; bounded by the caller's count.
 */
#ifndef GRADER_INTAKE_CASE_TREE_H
#define GRADER_INTAKE_CASE_TREE_H

#include <stddef.h>

struct case_tree;

enum case_answer {
	CASE_NEW,   /* was not there; is now, with its folders */
	CASE_CLASH, /* a part of it is there in another case: not added */
	CASE_TWICE, /* it is there already, or is a file where a folder is, or the other way */
	CASE_FULL,  /* would be more than the most entries */
};

/* A tree of at most MOST entries (files and folders). NULL: no memory. */
struct case_tree *case_tree_new(size_t most);
struct case_tree *case_tree_free(struct case_tree *tree);

enum case_answer case_tree_add(struct case_tree *tree, const char *path);

#endif
