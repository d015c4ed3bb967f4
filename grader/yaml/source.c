/* SPDX-License-Identifier: MIT */
/* Places: between bytes and the lines and columns that a person counts. */
#include "grader/yaml/source.h"

#include <string.h>

/* Bytes of the line end at I, 0 when there is none. Source: libyaml's IS_BREAK. */
static size_t break_length(const struct source *source, size_t i)
{
	const char *at = source->bytes + i;
	size_t left = source->count - i;

	if (*at == '\r')
		return left > 1 && at[1] == '\n' ? 2 : 1;
	if (*at == '\n')
		return 1;
	if (left >= 2 && memcmp(at, "\xc2\x85", 2) == 0)
		return 2;
	if (left >= 3 && (memcmp(at, "\xe2\x80\xa8", 3) == 0 || memcmp(at, "\xe2\x80\xa9", 3) == 0))
		return 3;
	return 0;
}

void source_init(struct source *source, const char *bytes, size_t count, struct arena *arena)
{
	size_t *line;

	*source = (struct source){.bytes = bytes, .count = count};
	line = arena_push(arena, &source->lines, &source->line_count, sizeof(*line));
	*line = 0;
	for (size_t i = 0; i < count;) {
		size_t length = break_length(source, i);

		i += length ? length : 1;
		if (length) {
			line = arena_push(arena, &source->lines, &source->line_count,
					  sizeof(*line));
			*line = i;
		}
	}
}

size_t source_offset(struct source *source, const yaml_mark_t *mark)
{
	bool is_behind = mark->line == source->last_line && mark->column >= source->last_column;
	size_t column = is_behind ? source->last_column : 0;
	size_t offset;

	if (mark->line >= source->line_count)
		return source->count;
	offset = is_behind ? source->last_offset : source->lines[mark->line];
	for (; column < mark->column && offset < source->count; column++) {
		size_t length = text_utf8_length(source->bytes + offset, source->count - offset);

		offset += length ? length : 1;
	}
	source->last_line = mark->line;
	source->last_column = column;
	source->last_offset = offset;
	return offset;
}

void source_place(const struct source *source, size_t offset, int *ret_line, int *ret_column)
{
	size_t low = 0;
	size_t high = source->line_count;
	int column = 1;

	/* The last line that begins at or before the offset. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (source->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	for (size_t i = source->lines[low]; i < offset && i < source->count; i++)
		column += ((unsigned char)source->bytes[i] & 0xc0) != 0x80;
	*ret_line = (int)low + 1;
	*ret_column = column;
}

char source_at(const struct source *source, size_t offset)
{
	return offset < source->count ? source->bytes[offset] : '\0';
}

bool source_has_tab_before(struct source *source, const yaml_mark_t *mark)
{
	size_t end = source_offset(source, mark);
	bool has_tab = false;

	if (mark->line >= source->line_count)
		return false;
	for (size_t i = source->lines[mark->line]; i < end; i++) {
		if (source->bytes[i] != ' ' && source->bytes[i] != '\t')
			return false;
		has_tab = has_tab || source->bytes[i] == '\t';
	}
	return has_tab;
}

size_t source_glued_comment(struct source *source, const yaml_mark_t *mark)
{
	size_t begin = source_offset(source, mark);
	size_t i = begin;
	char next;

	while (source_at(source, i) == ' ' || source_at(source, i) == '\t')
		i++;
	if (i == begin || source_at(source, i) != '#')
		return source->count;
	next = source_at(source, i + 1);
	return strchr(" \t\r\n#", next) ? source->count : i;
}
