/* SPDX-License-Identifier: MIT */
/*
 * Output compared byte by byte, and shown line by line: the first line that differs, white space
 * visible.
 */
#include <stdlib.h>
#include <string.h>

#include "grader/program/inner.h"
#include "sandbox/base/text.h"

enum { LINE_SHOWN_MAX = 120 };

bool is_plain_text(const json_t *pattern)
{
	const char *text = json_string_value(pattern);

	return text && (text[0] != '$' || text[1] == '$' || text[1] == '(');
}

void add_mismatch(struct mismatches *into, const char *path, const char *wanted, const char *got)
{
	struct mismatch *item = arena_push(into->arena, &into->items, &into->count, sizeof(*item));

	*item = (struct mismatch){path, wanted, got};
}

/* A line of output: where it begins, and how long it is with and without its end. */
struct line {
	const char *bytes;
	size_t count; /* with the line end */
	bool is_there, has_end;
};

static struct line line_at(const char *bytes, size_t count, size_t position)
{
	struct line line = {.bytes = bytes + position, .is_there = position < count};
	const char *end = line.is_there ? memchr(line.bytes, '\n', count - position) : NULL;

	line.has_end = end != NULL;
	line.count = end ? (size_t)(end - line.bytes) + 1 : count - position;
	return line;
}

/* One side of a difference. What differs only in the line end says so. */
static const char *show_line(const struct line *line, const struct line *other, struct arena *arena)
{
	struct text text;
	const char *kept;
	size_t count = line->count - line->has_end;

	if (!line->is_there)
		return "no such line";
	text_init(&text, 8 * LINE_SHOWN_MAX);
	text_add(&text, "\"");
	text_add_visible(&text, line->bytes, count, LINE_SHOWN_MAX);
	text_add(&text, "\"");
	if (other->is_there && line->has_end != other->has_end)
		text_add(&text, line->has_end ? " and a line end" : " without a line end");
	kept = arena_text(arena, text_get(&text));
	text_done(&text);
	return kept;
}

static size_t count_lines(const char *bytes, size_t count)
{
	size_t lines = 0;

	for (size_t i = 0; i < count; i++)
		lines += bytes[i] == '\n';
	return lines + (count > 0 && bytes[count - 1] != '\n');
}

static void add_line_counts(const char *name, size_t wanted, size_t got, struct mismatches *into)
{
	if (wanted != got)
		add_mismatch(into, arena_format(into->arena, "%s lines", name),
			     arena_format(into->arena, "%zu", wanted),
			     arena_format(into->arena, "%zu", got));
}

bool compare_output(const char *name, const char *wanted, size_t wanted_count, const char *got,
		    size_t got_count, struct mismatches *into)
{
	size_t same = 0;
	size_t start;
	size_t number = 1;
	struct line want, have;

	while (same < wanted_count && same < got_count && wanted[same] == got[same])
		same++;
	if (same == wanted_count && same == got_count)
		return true;
	if (wanted_count == 0 || got_count == 0) {
		want = line_at(wanted, wanted_count, 0);
		have = line_at(got, got_count, 0);
		add_mismatch(into, name,
			     wanted_count ? show_line(&want, &have, into->arena) : "nothing",
			     got_count ? show_line(&have, &want, into->arena) : "nothing");
		return false;
	}
	for (start = same; start > 0 && wanted[start - 1] != '\n'; start--)
		continue;
	for (size_t i = 0; i < start; i++)
		number += wanted[i] == '\n';
	want = line_at(wanted, wanted_count, start);
	have = line_at(got, got_count, start);
	add_mismatch(into, arena_format(into->arena, "%s line %zu", name, number),
		     show_line(&want, &have, into->arena), show_line(&have, &want, into->arena));
	add_line_counts(name, count_lines(wanted, wanted_count), count_lines(got, got_count), into);
	return false;
}

/* --- near misses --------------------------------------------------------------------------- */

/*
 * How two outputs are read for one kind of slip: a byte that is passed over, or taken for another.
 */
struct reading {
	bool passes_cr;	     /* \r before \n */
	bool passes_ends;    /* blanks before \n and at the end */
	bool is_blank_equal; /* any run of blanks and tabs is one blank */
	bool is_case_equal;  /* ASCII case */
};

static bool only_blanks_until_line_end(const char *bytes, size_t count, size_t at)
{
	while (at < count && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r'))
		at++;
	return at == count || bytes[at] == '\n';
}

/* The next byte as READING sees it, -1 at the end. *AT moves behind it. */
static int next_byte(const char *bytes, size_t count, size_t *at, const struct reading *reading)
{
	while (*at < count) {
		char c = bytes[*at];
		bool is_blank = c == ' ' || c == '\t';

		if (reading->passes_cr && c == '\r' && *at + 1 < count && bytes[*at + 1] == '\n') {
			(*at)++;
			continue;
		}
		if (reading->passes_ends && (is_blank || c == '\r') &&
		    only_blanks_until_line_end(bytes, count, *at)) {
			(*at)++;
			continue;
		}
		(*at)++;
		if (reading->is_blank_equal && is_blank) {
			while (*at < count && (bytes[*at] == ' ' || bytes[*at] == '\t'))
				(*at)++;
			return ' ';
		}
		if (reading->is_case_equal && c >= 'A' && c <= 'Z')
			return c - 'A' + 'a';
		return (unsigned char)c;
	}
	return -1;
}

static bool reads_equal(const char *a, size_t a_count, const char *b, size_t b_count,
			const struct reading *reading)
{
	size_t a_at = 0, b_at = 0;

	for (;;) {
		int x = next_byte(a, a_count, &a_at, reading);
		int y = next_byte(b, b_count, &b_at, reading);

		if (x != y)
			return false;
		if (x < 0)
			return true;
	}
}

static size_t without_line_ends(const char *bytes, size_t count)
{
	while (count > 0 && (bytes[count - 1] == '\n' || bytes[count - 1] == '\r'))
		count--;
	return count;
}

const char *output_near_miss(const char *wanted, size_t wanted_count, const char *got,
			     size_t got_count)
{
	static const struct {
		struct reading reading;
		const char *say;
	} rows[] = {
		{{.passes_cr = true}, "Your lines end in CRLF: print plain line ends."},
		{{.passes_cr = true, .passes_ends = true},
		 "Only blanks at the end of lines differ: print none."},
		{{.passes_cr = true, .passes_ends = true, .is_blank_equal = true},
		 "Only blanks and tabs between the words differ: look at the task's form."},
		{{.is_case_equal = true}, "Only capital and small letters differ."},
	};
	size_t wanted_length = without_line_ends(wanted, wanted_count);
	size_t got_length = without_line_ends(got, got_count);

	if (wanted_length == 0 || got_length == 0)
		return NULL;
	if (wanted_length == got_length && memcmp(wanted, got, wanted_length) == 0)
		return got_count < wanted_count
			       ? "The last line has no line end: print one behind each line."
			       : "Behind the last line come empty ones: print none.";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (reads_equal(wanted, wanted_count, got, got_count, &rows[i].reading))
			return rows[i].say;
	}
	return NULL;
}
