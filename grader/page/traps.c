/* SPDX-License-Identifier: MIT */
/* General near misses of pages: what is meant, for each part that may be wrong because of it. */
#include <string.h>
#include <strings.h>

#include "grader/page/inner.h"
#include "grader/tree/tree.h"

enum { CAMERA_BYTES = 1 << 20 };

static bool has_bytes(const struct page *page, const char *wanted)
{
	return memmem(page->bytes, page->byte_count, wanted, strlen(wanted)) != NULL;
}

static const char *office_trap(const struct asking *asking)
{
	static const char *const marks[] = {
		"MsoNormal",	       "urn:schemas-microsoft-com:office",
		"LibreOffice",	       "OpenOffice",
		"content=\"Microsoft", "docs-internal-guid"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (has_bytes(asking->page, marks[i]))
			return "This page was saved by an office program, which knows how text looks and not what it is. "
			       "Begin again from the starter and copy only your words into it.";
	}
	return NULL;
}

static const char *placeholder_trap(const struct asking *asking)
{
	for (int i = 0; i < asking->page->count; i++) {
		if (page_is_control(asking->page, i) &&
		    page_attribute(asking->page, i, "placeholder") && !*page_label(asking->page, i))
			return "A placeholder is no label: it is gone as soon as somebody types. Give the field an id, and "
			       "write <label for=\"that id\">.";
	}
	return NULL;
}

static const char *camera_trap(const struct asking *asking)
{
	for (size_t i = 0; i < asking->loads->count; i++) {
		const struct load *load = &asking->loads->items[i];

		if (load->bytes > CAMERA_BYTES)
			return arena_format(
				asking->run->arena,
				"%s has %s, as a camera makes it. Shrink it to the size at which it is shown "
				"(600 pixels wide are plenty) before you commit it: git keeps the big one for "
				"ever.",
				load->url, tree_size_words(asking->run->arena, load->bytes));
	}
	return NULL;
}

static const char *http_trap(const struct asking *asking)
{
	for (size_t i = 0; i < asking->loads->count; i++) {
		const struct load *load = &asking->loads->items[i];

		if (strncasecmp(load->url, "http://", 7) == 0)
			return arena_format(
				asking->run->arena,
				"%s is loaded without encryption: a page that comes by https may not load it at "
				"all. Put the file beside your page.",
				load->url);
	}
	return NULL;
}

static const char *remote_trap(const struct asking *asking)
{
	for (size_t i = 0; i < asking->loads->count; i++) {
		if (asking->loads->items[i].is_remote)
			return "Whoever is asked for a font or a frame of styles learns who reads your page, and without "
			       "them it looks broken. The fonts of the reader's own system cost nothing: font-family: "
			       "system-ui, sans-serif.";
	}
	return NULL;
}

static const char *missing_trap(const struct asking *asking)
{
	const char *say = NULL;

	for (size_t i = 0; i < asking->loads->count && !say; i++) {
		const struct load *load = &asking->loads->items[i];

		if (load->path && load->bytes < 0)
			say = tree_nearest(asking->run, load->path);
	}
	return say;
}

static const char *doctype_trap(const struct asking *asking)
{
	return asking->page->document->has_doctype
		       ? NULL
		       : "Without <!DOCTYPE html> as its first line a browser lays the page out as in 1998.";
}

static const char *encoding_trap(const struct asking *asking)
{
	return asking->page->byte_count >= 3 && memcmp(asking->page->bytes, "\xef\xbb\xbf", 3) == 0
		       ? "The file begins with a byte-order mark: save it as UTF-8 without BOM."
		       : NULL;
}

/* The first that says something is told. */
static const struct {
	const char *part;
	const char *(*say)(const struct asking *asking);
} rows[] = {
	{"doctype", office_trap},	{"headings", office_trap},
	{"skips", office_trap},		{"lists", office_trap},
	{"errors", office_trap},	{"count", office_trap},
	{"charset", office_trap},	{"remote", office_trap},
	{"doctype", doctype_trap},	{"unlabelled", placeholder_trap},
	{"controls", placeholder_trap}, {"weight", camera_trap},
	{"remote", http_trap},		{"remote", remote_trap},
	{"requests", remote_trap},	{"missing", missing_trap},
	{"charset", encoding_trap},
};

const char *page_trap(const struct asking *asking, const char *part)
{
	const char *say = NULL;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !say; i++) {
		if (strcmp(rows[i].part, part) == 0)
			say = rows[i].say(asking);
	}
	return say;
}
