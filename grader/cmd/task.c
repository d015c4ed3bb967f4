/* SPDX-License-Identifier: MIT */
/* Block by block: a line begins one, goes on with the one that is open, or ends it. */
#include "grader/cmd/task.h"

#include <string.h>

#include "sandbox/base/columns.h"

enum {
	CODE_INDENT = 4,
	CELLS_MOST = 8,
	TABLE_COLUMNS = 80,
	GAP = 2, /* columns between two cells */
};

/* What is open while the lines go by. */
struct page {
	FILE *to;
	struct text open; /* owned: the paragraph or item that is not printed yet */
	int indent;	  /* of its further lines */
	bool is_fenced;	  /* inside ``` */
};

static void page_flush(struct page *page)
{
	if (page->open.length > 0)
		columns_print(page->to, text_get(&page->open), page->indent);
	text_clear(&page->open);
	page->indent = 0;
}

/* Bytes of the marker at the start of LINE that makes it an item of a list, with its blanks; 0: it is none. */
static size_t item_marker(const char *line)
{
	size_t blanks = strspn(line, " ");
	size_t digits = strspn(line + blanks, "0123456789");
	size_t count = blanks + digits;
	const char *marks = digits > 0 ? ".)" : "*-+";

	if (blanks >= CODE_INDENT || !line[count] || !strchr(marks, line[count]) ||
	    line[count + 1] != ' ')
		return 0;
	return count + 1 + strspn(line + count + 1, " ");
}

/* A line goes on with what is open; two blanks or a backslash at its end are a line end of the author's. */
static void page_go_on(struct page *page, const char *line, size_t count)
{
	char last = page->open.length > 0 ? page->open.data[page->open.length - 1] : '\n';
	bool is_broken = count > 1 && (line[count - 1] == '\\' ||
				       (line[count - 1] == ' ' && line[count - 2] == ' '));

	while (count > 0 && strchr(" \\", line[count - 1]) && (is_broken || line[count - 1] == ' '))
		count--;
	if (last != '\n')
		text_add_char(&page->open, ' ');
	text_add_bytes(&page->open, line, count);
	if (is_broken)
		text_add_char(&page->open, '\n');
}

/* --- tables ------------------------------------------------------------------------------------------ */

struct row {
	struct text cells[CELLS_MOST]; /* owned */
	size_t count;
};

static void row_done(struct row *row)
{
	for (size_t i = 0; i < CELLS_MOST; i++)
		text_done(&row->cells[i]);
}

/* "| a | b \| c |" as its cells; what is too many stands in the last. */
static void row_read(const char *line, size_t length, struct row *row)
{
	*row = (struct row){0};
	for (size_t i = 1; i < length; i++) {
		struct text *cell =
			&row->cells[row->count < CELLS_MOST ? row->count : CELLS_MOST - 1];
		bool is_escaped = line[i] == '\\' && i + 1 < length && line[i + 1] == '|';

		if (line[i] == '|') {
			while (cell->length > 0 && cell->data[cell->length - 1] == ' ')
				cell->data[--cell->length] = '\0';
			row->count += row->count < CELLS_MOST;
		} else if (line[i] != ' ' || cell->length > 0) {
			text_add_char(cell, line[i += is_escaped]);
		}
	}
	if (row->count < CELLS_MOST && row->cells[row->count].length > 0)
		row->count++;
}

/* The line of dashes below the head. */
static bool row_is_rule(const char *line, size_t length)
{
	return strspn(line, "|-: ") >= length && memchr(line, '-', length);
}

static size_t line_length(const char *line)
{
	return strcspn(line, "\n");
}

static const char *next_line(const char *line)
{
	line += line_length(line);
	return *line ? line + 1 : line;
}

/* The widest cell of each column; the widest columns give way until all fit. Returns the columns in all. */
static int measure_columns(const char *table, int widths[CELLS_MOST])
{
	int total = -GAP;

	memset(widths, 0, sizeof(*widths) * CELLS_MOST);
	for (const char *line = table; *line == '|'; line = next_line(line)) {
		struct row row;

		if (row_is_rule(line, line_length(line)))
			continue;
		row_read(line, line_length(line), &row);
		for (size_t i = 0; i < row.count; i++) {
			int columns = columns_of(text_get(&row.cells[i]), row.cells[i].length);

			widths[i] = columns > widths[i] ? columns : widths[i];
		}
		row_done(&row);
	}
	for (size_t i = 0; i < CELLS_MOST; i++)
		total += widths[i] > 0 ? widths[i] + GAP : 0;
	for (; total > TABLE_COLUMNS; total--) {
		size_t widest = 0;

		for (size_t i = 1; i < CELLS_MOST; i++)
			widest = widths[i] > widths[widest] ? i : widest;
		widths[widest]--;
	}
	return total;
}

/* The cells side by side, each wrapped in its column. */
static void print_row(FILE *to, const struct row *row, const int widths[CELLS_MOST])
{
	struct row wrapped = {.count = row->count};
	const char *rest[CELLS_MOST];
	bool is_more = true;

	for (size_t i = 0; i < row->count; i++) {
		const struct layout layout = {.width = widths[i]};

		columns_wrap(&wrapped.cells[i], text_get(&row->cells[i]), &layout);
		rest[i] = text_get(&wrapped.cells[i]);
	}
	while (is_more) {
		mp_autotext struct text line = {0};
		int column = 0;

		is_more = false;
		for (size_t i = 0; i < row->count; i++) {
			size_t count = line_length(rest[i]);

			if (count > 0) {
				columns_pad(&line,
					    column - columns_of(text_get(&line), line.length));
				text_add_bytes(&line, rest[i], count);
			}
			column += widths[i] + GAP;
			rest[i] = next_line(rest[i]);
			is_more = is_more || *rest[i];
		}
		(void)fprintf(to, "%s\n", text_get(&line));
	}
	row_done(&wrapped);
}

static void print_rule(FILE *to, int columns)
{
	for (int i = 0; i < columns; i++)
		(void)fputc('-', to);
	(void)fputc('\n', to);
}

/* Returns what follows the table. */
static const char *print_table(FILE *to, const char *table)
{
	int widths[CELLS_MOST];
	const char *line = table;
	int columns = measure_columns(table, widths);

	for (; *line == '|'; line = next_line(line)) {
		struct row row;

		if (row_is_rule(line, line_length(line))) {
			print_rule(to, columns);
			continue;
		}
		row_read(line, line_length(line), &row);
		print_row(to, &row, widths);
		row_done(&row);
	}
	return line;
}

/* --- lines ------------------------------------------------------------------------------------------- */

static bool is_code(const struct page *page, const char *line)
{
	return page->is_fenced || (page->open.length == 0 && strspn(line, " ") >= CODE_INDENT) ||
	       *line == '\t';
}

static void print_as_it_is(FILE *to, const char *line, size_t count)
{
	(void)fwrite(line, 1, count, to);
	(void)fputc('\n', to);
}

static void page_line(struct page *page, const char *line, size_t count)
{
	size_t blanks = strspn(line, " \t") < count ? strspn(line, " \t") : count;
	size_t marker = item_marker(line);

	if (strncmp(line + blanks, "```", 3) == 0) {
		page_flush(page);
		page->is_fenced = !page->is_fenced;
		print_as_it_is(page->to, line, count);
	} else if (is_code(page, line)) {
		page_flush(page);
		print_as_it_is(page->to, line, count);
	} else if (blanks == count) {
		page_flush(page);
		(void)fputc('\n', page->to);
	} else if (*line == '#' || marker > 0) {
		page_flush(page);
		text_add_bytes(&page->open, line, count);
		page->indent = (int)marker;
		if (*line == '#')
			page_flush(page);
	} else {
		page_go_on(page, line + blanks, count - blanks);
	}
}

void task_print(FILE *to, const char *task)
{
	struct page page = {.to = to};

	while (*task) {
		if (*task == '|' && !page.is_fenced) {
			page_flush(&page);
			task = print_table(to, task);
		} else {
			page_line(&page, task, line_length(task));
			task = next_line(task);
		}
	}
	page_flush(&page);
	text_done(&page.open);
}
