/* SPDX-License-Identifier: MIT */
/* Commits: whose they are, and whether their author is somebody. */
#include <string.h>
#include <strings.h>

#include "grader/history/inner.h"

enum { SUBJECT_LEAST = 10, SUBJECT_MOST = 72 };

/* Who wrote the first commit of `milepost init` (grader/cmd/repository.c). */
static const char template_author[] = "template@milepost.invalid";

bool commit_is_own(const struct history_commit *commit, const struct template_list *list)
{
	if (commit->parents > 1 || strcmp(commit->email, template_author) == 0)
		return false;
	for (size_t i = 0; commit->parents == 0 && i < list->count; i++) {
		const char *ignored;

		if (commit->file_count == list->items[i].file_count &&
		    template_lacks(&list->items[i], commit, &ignored) == 0)
			return false;
	}
	return true;
}

/* Names and addresses that stand in instructions. */
static const char *const placeholder_names[] = {
	"your name",	  "your-name",	"yourname", "your_name", "name",
	"your full name", "user",	"username", "unknown",	 "you",
	"root",		  "first last", NULL,
};
static const char *const placeholder_emails[] = {
	"you@example.com",
	"your@email.com",
	"your.email@example.com",
	"your-email@example.com",
	"email@example.com",
	"your_email@example.com",
	"youremail@example.com",
	"user@example.com",
	"name@example.com",
	"you@email.com",
	"yourname@example.com",
	"your@example.com",
	NULL,
};

/* Ends of what git makes up from the name of a machine. */
static const char *const machine_ends[] = {
	".(none)",   ".local",	   ".localdomain", ".lan", ".home",
	".internal", ".localhost", ".invalid",	   NULL,
};

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++) {
		if (strcasecmp(text, *words) == 0)
			return true;
	}
	return false;
}

static bool ends_so(const char *text, const char *const *ends)
{
	for (; *ends; ends++) {
		size_t length = strlen(text), end = strlen(*ends);

		if (length >= end && strcasecmp(text + length - end, *ends) == 0)
			return true;
	}
	return false;
}

static bool has_no_name(const char *name, const char *email)
{
	(void)email;
	return *name == '\0';
}

static bool has_placeholder_name(const char *name, const char *email)
{
	(void)email;
	return is_one_of(name, placeholder_names);
}

static bool has_no_email(const char *name, const char *email)
{
	(void)name;
	return *email == '\0';
}

static bool has_broken_email(const char *name, const char *email)
{
	const char *at = strchr(email, '@');

	(void)name;
	return !at || at == email || at[1] == '\0' || strpbrk(email, " \\") != NULL;
}

static bool has_placeholder_email(const char *name, const char *email)
{
	(void)name;
	return is_one_of(email, placeholder_emails);
}

static bool has_machine_email(const char *name, const char *email)
{
	const char *host = strrchr(email, '@');

	(void)name;
	return !host || !strchr(host, '.') || ends_so(host, machine_ends);
}

static const struct {
	bool (*fits)(const char *name, const char *email);
	const char *say;
} slips[] = {
	{has_no_name, "The commit has no author's name."},
	{has_placeholder_name, "The author's name is the one from instructions."},
	{has_no_email, "The commit has no author's address."},
	{has_broken_email, "The author's address is no e-mail address."},
	{has_placeholder_email, "The author's address is the one from instructions."},
	{has_machine_email,
	 "The author's address is one that git made up from this computer's name."},
};

const char *author_slip(const char *name, const char *email)
{
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		if (slips[i].fits(name, email))
			return slips[i].say;
	}
	return NULL;
}

/* Whole first lines that say nothing of what changed. */
static const char *const empty_subjects[] = {
	"first commit",		"initial commit", "some changes",     "more changes",
	"small changes",	"final commit",	  "last commit",      "new commit",
	"update file",		"update files",	  "update hello.txt", "update readme.md",
	"add files via upload", "bug fixes",	  "minor fixes",      NULL,
};

static size_t characters_of(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

const char *subject_slip(const char *subject)
{
	size_t count = characters_of(subject);

	if (count < SUBJECT_LEAST)
		return "too short to say what changed";
	if (count > SUBJECT_MOST)
		return "too long for one line: leave an empty line, and write the rest below";
	return is_one_of(subject, empty_subjects) ? "does not say what changed" : NULL;
}
