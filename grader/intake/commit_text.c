/* SPDX-License-Identifier: MIT */
/* A commit object taken apart: header lines, an empty line, the message. */
#include "grader/intake/commit_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

static bool is_hex(const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!isdigit((unsigned char)bytes[i]) && (bytes[i] < 'a' || bytes[i] > 'f'))
			return false;
	}
	return true;
}

/* The next line of REST, without its end; REST goes behind it. */
static struct span next_line(struct span *rest)
{
	const char *end = memchr(rest->bytes, '\n', rest->count);
	struct span line = {rest->bytes, end ? (size_t)(end - rest->bytes) : rest->count};
	size_t taken = line.count + (end != NULL);

	rest->bytes += taken;
	rest->count -= taken;
	return line;
}

static bool begins(struct span line, const char *word)
{
	size_t length = strlen(word);

	return line.count >= length && memcmp(line.bytes, word, length) == 0;
}

static struct span trimmed(struct span text)
{
	while (text.count > 0 && strchr(" \t\r", text.bytes[0])) {
		text.bytes++;
		text.count--;
	}
	while (text.count > 0 && strchr(" \t\r", text.bytes[text.count - 1]))
		text.count--;
	return text;
}

/* "NAME <ADDRESS> SECONDS ZONE": what there is of it. */
static void take_author(struct span line, struct commit_text *commit)
{
	const char *open = memchr(line.bytes, '<', line.count);
	size_t before = open ? (size_t)(open - line.bytes) : line.count;
	const char *close = open ? memchr(open, '>', line.count - before) : NULL;
	struct span rest;

	commit->name = trimmed((struct span){line.bytes, before});
	if (!close)
		return;
	commit->email = trimmed((struct span){open + 1, (size_t)(close - open) - 1});
	rest = trimmed((struct span){close + 1, line.count - (size_t)(close + 1 - line.bytes)});
	for (size_t i = 0; i < rest.count && isdigit((unsigned char)rest.bytes[i]); i++) {
		if (__builtin_mul_overflow(commit->time, 10, &commit->time) ||
		    __builtin_add_overflow(commit->time, rest.bytes[i] - '0', &commit->time)) {
			commit->time = 0;
			return;
		}
	}
}

int commit_text_parse(const char *bytes, size_t count, struct commit_text *ret_commit)
{
	struct commit_text commit = {.parents.bytes = bytes};
	struct span rest = {bytes, count};
	struct span line = next_line(&rest);
	static const size_t tree = sizeof("tree ") - 1, parent = sizeof("parent ") - 1;

	if (!begins(line, "tree ") || line.count != tree + 40 || !is_hex(line.bytes + tree, 40))
		return -EBADMSG;
	commit.tree = (struct span){line.bytes + tree, 40};
	commit.parents.bytes = rest.bytes;
	for (line = next_line(&rest); begins(line, "parent "); line = next_line(&rest)) {
		if (line.count != parent + 40 || !is_hex(line.bytes + parent, 40))
			return -EBADMSG;
		commit.parent_count++;
	}
	commit.parents.count = commit.parent_count * PARENT_LINE;
	for (; line.count > 0; line = next_line(&rest)) {
		if (begins(line, "author ") && !commit.name.bytes)
			take_author((struct span){line.bytes + 7, line.count - 7}, &commit);
	}
	while (rest.count > 0 && commit.subject.count == 0)
		commit.subject = trimmed(next_line(&rest));
	*ret_commit = commit;
	return 0;
}
