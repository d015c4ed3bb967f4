/* SPDX-License-Identifier: MIT */
/* Inside of the room: places in the bytes, and libyaml's complaints in our words. */
#ifndef GRADER_YAML_SOURCE_H
#define GRADER_YAML_SOURCE_H

#include <yaml.h>

#include "grader/yaml/yaml.h"

/* The bytes of a file without byte-order mark, and where its lines begin as libyaml counts them. */
struct source {
	const char *bytes;
	size_t count;
	size_t *lines; /* byte offset of each line, in an arena */
	size_t line_count;
	/* The mark asked for last: events come in order, so the next one lies a little behind it. */
	size_t last_line, last_column, last_offset;
};

void source_init(struct source *source, const char *bytes, size_t count, struct arena *arena);

/* Byte offset of a mark (libyaml counts characters); count when it lies behind the end. */
size_t source_offset(struct source *source, const yaml_mark_t *mark);

/* Line and column (from 1, in characters) of a byte offset. */
void source_place(const struct source *source, size_t offset, int *ret_line, int *ret_column);

/* The byte at OFFSET, NUL behind the end. */
char source_at(const struct source *source, size_t offset);

/* Is the line of this mark indented with a tab before the mark? */
bool source_has_tab_before(struct source *source, const yaml_mark_t *mark);

/* Behind MARK on the same line: a '#' that begins a comment without a blank? Its offset, or count. */
size_t source_glued_comment(struct source *source, const yaml_mark_t *mark);

/* What stopped libyaml, as a complaint that says what to write instead. */
void slip_complain(const yaml_parser_t *parser, struct source *source,
		   struct yaml_complaints *list);

#endif
