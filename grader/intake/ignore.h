/* SPDX-License-Identifier: MIT */
/*
 * The rules of .gitignore files, as git reads them. Pure. libgit2 1.5 drops a rule like "!keep.log" whose
 * file has no rule before it that it could take back, so that a folder cannot take back what its parent
 * ignores; git can. Source: gitignore(5), and git's own check-ignore, which the live tests compare with.
 */
#ifndef GRADER_INTAKE_IGNORE_H
#define GRADER_INTAKE_IGNORE_H

#include <stdbool.h>
#include <stddef.h>

enum { IGNORE_RULES_MAX = 4096, IGNORE_FILE_MAX = 256 << 10 };

struct ignore_rule {
	const char *pattern; /* borrowed from the list's text; without !, leading and trailing / */
	bool is_negated;
	bool is_folder;	  /* matches folders only */
	bool is_anchored; /* matches the whole path below the file's folder, not any name */
};

/* The rules of one file. Zeroed is empty. */
struct ignore_list {
	char *text;		   /* owned */
	struct ignore_rule *rules; /* owned */
	size_t count;
};

enum ignore_answer { IGNORE_UNSAID, IGNORE_YES, IGNORE_NO };

/* Take the COUNT bytes of TEXT (NUL-terminated, from malloc) apart; the list owns it. -ENOMEM; rules beyond the most are left out. */
int ignore_list_init(struct ignore_list *list, char *text, size_t count);
void ignore_list_done(struct ignore_list *list);

/* What the list says of PATH, relative to the folder of its file, "a/b" without a slash at its end. */
enum ignore_answer ignore_list_match(const struct ignore_list *list, const char *path,
				     bool is_folder);

/* Whether PATTERN matches the whole of PATH: * ? [a-z] [[:digit:]] and, between slashes, **. */
bool ignore_glob(const char *pattern, const char *path);

#endif
