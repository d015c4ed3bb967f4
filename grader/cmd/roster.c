/* SPDX-License-Identifier: MIT */
/* A class list: CSV into learners, every mistake in one pass. */
#include "grader/cmd/roster.h"

#include <errno.h>
#include <string.h>

#include "grader/language/language.h"
#include "grader/model/handle.h"
#include "sandbox/base/field.h"

enum { COLUMNS_MAX = 32, NAME_BYTES_MAX = 120, MAIL_MAX = 254, SEEN_MAX = 40 };

/* --- cells ----------------------------------------------------------------------------------- */

struct cell {
	const char *text; /* in the arena */
	int line, column; /* from 1, in characters */
};

struct scan {
	const char *at, *end;
	char separator;
	int line, column;
	struct arena *arena;
	struct yaml_complaints *list;
};

/* One character: its bytes are passed over together. */
static void step(struct scan *scan)
{
	size_t length = text_utf8_length(scan->at, (size_t)(scan->end - scan->at));

	if (*scan->at == '\n') {
		scan->line++;
		scan->column = 0;
	}
	scan->column++;
	scan->at += length ? length : 1;
}

static bool is_line_end(const struct scan *scan)
{
	return *scan->at == '\n' ||
	       (*scan->at == '\r' && scan->at + 1 < scan->end && scan->at[1] == '\n');
}

static void scan_quoted(struct scan *scan, struct text *into)
{
	int line = scan->line;
	int column = scan->column;

	step(scan);
	while (scan->at < scan->end) {
		const char *from = scan->at;

		if (*from == '"') {
			step(scan);
			if (scan->at == scan->end || *scan->at != '"')
				return;
			from = scan->at;
		}
		step(scan);
		text_add_bytes(into, from, (size_t)(scan->at - from));
	}
	yaml_complain(scan->list, line, column, "the quote that begins here has no end");
}

/* A cell, up to its separator or the line's end. */
static void scan_cell(struct scan *scan, struct cell *ret_cell)
{
	mp_autotext struct text text = {0};
	const char *bytes;
	size_t length;

	*ret_cell = (struct cell){"", scan->line, scan->column};
	while (scan->at < scan->end && *scan->at == ' ')
		step(scan);
	if (scan->at < scan->end && *scan->at == '"')
		scan_quoted(scan, &text);
	while (scan->at < scan->end && *scan->at != scan->separator && !is_line_end(scan)) {
		const char *from = scan->at;

		step(scan);
		text_add_bytes(&text, from, (size_t)(scan->at - from));
	}
	bytes = text_get(&text);
	length = text.length;
	while (length > 0 && bytes[length - 1] == ' ')
		length--;
	if (memchr(bytes, '\0', length))
		yaml_complain(scan->list, ret_cell->line, ret_cell->column,
			      "a NUL byte: save the list as CSV in UTF-8");
	ret_cell->text = arena_bytes(scan->arena, bytes, length);
}

/* The cells of the next line; at most COLUMNS_MAX are kept. Returns how many there are. */
static size_t scan_line(struct scan *scan, struct cell *ret_cells)
{
	struct cell beyond;
	size_t count = 0;

	while (true) {
		scan_cell(scan, count < COLUMNS_MAX ? &ret_cells[count] : &beyond);
		count++;
		if (scan->at == scan->end || *scan->at != scan->separator)
			break;
		step(scan);
	}
	if (scan->at < scan->end && *scan->at == '\r')
		step(scan);
	if (scan->at < scan->end)
		step(scan);
	return count;
}

/* --- columns --------------------------------------------------------------------------------- */

enum { MAIL = ROSTER_LANGUAGE + 1, KNOWN_COLUMNS, IGNORED = -1 };

static const char *const column_names[] = {"handle",   "name",	 "section", "track",
					   "language", "e-mail", NULL};

struct sheet {
	int kinds[COLUMNS_MAX]; /* of each column, IGNORED after a mistake */
	size_t width;
};

static void read_head(struct scan *scan, const struct cell *cells, size_t count,
		      struct sheet *ret_sheet)
{
	bool is_there[KNOWN_COLUMNS] = {false};

	ret_sheet->width = count < COLUMNS_MAX ? count : COLUMNS_MAX;
	for (size_t i = 0; i < ret_sheet->width; i++) {
		const char *name = strcmp(cells[i].text, "email") == 0 ? "e-mail" : cells[i].text;
		mp_autotext struct text seen = {0};
		int kind = 0;

		while (column_names[kind] && strcmp(column_names[kind], name) != 0)
			kind++;
		ret_sheet->kinds[i] = column_names[kind] ? kind : IGNORED;
		text_add_visible(&seen, name, strlen(name), SEEN_MAX);
		if (!column_names[kind])
			yaml_complain(scan->list, cells[i].line, cells[i].column,
				      "there is no column '%s'; there are: handle, name, e-mail, "
				      "section, track, language",
				      text_get(&seen));
		else if (is_there[kind])
			yaml_complain(scan->list, cells[i].line, cells[i].column,
				      "the column '%s' is there twice", name);
		else
			is_there[kind] = true;
	}
	if (!is_there[ROSTER_HANDLE])
		yaml_complain(scan->list, 1, 1,
			      "the first line names the columns, and one of them is handle, like: "
			      "handle,name,e-mail,section,track");
}

/* --- values ---------------------------------------------------------------------------------- */

static bool is_word(const char *text)
{
	static const struct field row = {"word", FIELD_NAME, 0, 1, 20, "", NULL, true};
	const char *read;

	return field_set(&row, 0, &read, text, NULL) == 0;
}

/* One line of UTF-8 for people. */
static bool is_plain(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length;) {
		size_t bytes = text_utf8_length(text + i, length - i);

		if (bytes == 0 || (unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
		i += bytes;
	}
	return length <= NAME_BYTES_MAX;
}

static bool is_mail(const char *text)
{
	const char *at = strchr(text, '@');

	return at && at > text && strlen(text) <= MAIL_MAX && !strchr(at + 1, '@') &&
	       strchr(at + 1, '.') && !strpbrk(text, " \t\r\n<>,;\"") && is_plain(text);
}

/* Why VALUE cannot stand in a column of this KIND; NULL: it can. An empty one stands for none. */
static const char *fault_of(int kind, const char *value)
{
	switch (kind) {
	case ROSTER_HANDLE:
		return handle_is_valid(value) ? NULL : "is no handle; write " HANDLE_RULE;
	case ROSTER_NAME:
	case ROSTER_SECTION:
		return is_plain(value) ? NULL : "is not one line of UTF-8 of at most 120 bytes";
	case ROSTER_TRACK:
		return !*value || is_word(value) ? NULL : "is no track; write a word like python";
	case ROSTER_LANGUAGE:
		return !*value || language_find(value)
			       ? NULL
			       : "is no language that is known; write a code like en or hi";
	default:
		return !*value || is_mail(value) ? NULL : "is no mail address";
	}
}

static void take(struct roster_row *row, int kind, const struct cell *cell)
{
	const char **const places[] = {&row->learner.handle, &row->learner.name,
				       &row->learner.section, &row->learner.track,
				       &row->learner.language};

	if (kind == IGNORED || kind == MAIL || !*cell->text)
		return;
	*places[kind] = cell->text;
	row->columns[kind] = cell->column;
}

static void read_row(struct scan *scan, const struct sheet *sheet, const struct cell *cells,
		     size_t count, struct roster_row *row)
{
	row->line = cells[0].line;
	if (count != sheet->width)
		yaml_complain(scan->list, cells[0].line, 1,
			      "%zu cells, but the first line names %zu columns; a cell with a "
			      "comma in it stands in quotes",
			      count, sheet->width);
	for (size_t i = 0; i < count && i < sheet->width; i++) {
		const char *why = sheet->kinds[i] == IGNORED
					  ? NULL
					  : fault_of(sheet->kinds[i], cells[i].text);
		mp_autotext struct text seen = {0};

		if (sheet->kinds[i] == ROSTER_HANDLE)
			for (int kind = 0; kind <= ROSTER_LANGUAGE; kind++)
				row->columns[kind] =
					row->columns[kind] ? row->columns[kind] : cells[i].column;
		text_add_visible(&seen, cells[i].text, strlen(cells[i].text), SEEN_MAX);
		if (why)
			yaml_complain(scan->list, cells[i].line, cells[i].column, "'%s' %s",
				      text_get(&seen), why);
		take(row, sheet->kinds[i], &cells[i]);
	}
	if (!*row->learner.track)
		yaml_complain(scan->list, row->line, 1,
			      "no track: fill the column track, or say --track for all");
}

/* A byte order mark is passed over; has the first line no comma but a semicolon? */
static void look_at_form(struct scan *scan)
{
	const char *line_end;
	size_t length;

	if (scan->end - scan->at >= 3 && memcmp(scan->at, "\xef\xbb\xbf", 3) == 0)
		scan->at += 3;
	length = (size_t)(scan->end - scan->at);
	line_end = memchr(scan->at, '\n', length);
	length = line_end ? (size_t)(line_end - scan->at) : length;
	if (!memchr(scan->at, ',', length) && memchr(scan->at, ';', length))
		scan->separator = ';';
}

static void read_rows(struct scan *scan, const struct sheet *sheet, struct roster_row standard,
		      struct roster_row **ret_rows, size_t *ret_count)
{
	struct cell cells[COLUMNS_MAX];

	while (scan->at < scan->end) {
		size_t count = scan_line(scan, cells);
		struct roster_row *row;

		if (count == 1 && !*cells[0].text)
			continue;
		if (*ret_count == ROSTER_ROWS_MAX) {
			yaml_complain(scan->list, cells[0].line, 1,
				      "more than %d learners; import them in parts",
				      ROSTER_ROWS_MAX);
			return;
		}
		row = arena_push(scan->arena, ret_rows, ret_count, sizeof(*row));
		*row = standard;
		read_row(scan, sheet, cells, count, row);
	}
}

int roster_read(const char *bytes, size_t count, const char *track, const char *language,
		struct arena *arena, struct roster_row **ret_rows, size_t *ret_count,
		struct yaml_complaints *list)
{
	struct scan scan = {bytes, bytes + count, ',', 1, 1, arena, list};
	struct roster_row standard = {.learner = {.handle = "",
						  .name = "",
						  .track = track ? track : "",
						  .language = language,
						  .section = ""}};
	struct cell cells[COLUMNS_MAX];
	struct sheet sheet;

	*ret_rows = NULL;
	*ret_count = 0;
	if (count >= 2 &&
	    (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
		yaml_complain(list, 1, 1, "the file is in UTF-16: save the list as CSV in UTF-8");
		return -EBADMSG;
	}
	look_at_form(&scan);
	if (scan.at == scan.end) {
		yaml_complain(list, 1, 1, "the file is empty");
		return -EBADMSG;
	}
	read_head(&scan, cells, scan_line(&scan, cells), &sheet);
	/* With other columns than ours the rows would all be wrong in the same way. */
	if (list->error_count == 0)
		read_rows(&scan, &sheet, standard, ret_rows, ret_count);
	if (list->error_count == 0 && *ret_count == 0)
		yaml_complain(list, 1, 1, "there is no learner below the first line");
	return list->error_count ? -EBADMSG : 0;
}
