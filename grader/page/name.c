/* SPDX-License-Identifier: MIT */
/*
 * Texts and accessible names, as far as a file alone says them: no style sheet is applied, so what it hides or
 * adds is not known. Walks go over the list of items, never down a tree.
 */
#include <string.h>
#include <strings.h>

#include "grader/page/inner.h"

enum { NAME_BYTES = 1000, TEXT_BYTES = 4000 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Add TEXT with blanks joined, none at the start. */
static void add_joined(struct text *into, const char *text)
{
	for (; *text; text++) {
		bool is_empty = into->length == 0 || into->data[into->length - 1] == ' ';

		if (!is_blank(*text))
			text_add_char(into, *text);
		else if (!is_empty)
			text_add_char(into, ' ');
	}
}

/* What TEXT holds, without a blank at its end, in ARENA. */
static const char *taken(struct text *text, struct arena *arena)
{
	size_t count = text->length;

	while (count > 0 && text->data[count - 1] == ' ')
		count--;
	return arena_bytes(arena, text_get(text), count);
}

/* The attribute with its blanks joined; "" when it is not there. */
static const char *attribute_text(const struct page *page, int item, const char *name)
{
	const char *value = page_attribute(page, item, name);
	mp_autotext struct text joined = {.limit = NAME_BYTES};

	if (value)
		add_joined(&joined, value);
	return taken(&joined, page->arena);
}

/* --- text below an item -------------------------------------------------------------------- */

static bool is_hidden(const struct page *page, int item)
{
	const char *aria = page_attribute(page, item, "aria-hidden");

	return page_attribute(page, item, "hidden") || (aria && strcmp(aria, "true") == 0) ||
	       page_is(page, item, GUMBO_TAG_SCRIPT) || page_is(page, item, GUMBO_TAG_STYLE);
}

/* Text that an element stands for when it is met inside another: an alternative text, a label. */
static const char *stand_in(const struct page *page, int item)
{
	const char *label = attribute_text(page, item, "aria-label");

	if (*label)
		return label;
	if (page_is(page, item, GUMBO_TAG_IMG))
		return attribute_text(page, item, "alt");
	return NULL;
}

/* Is it a part of a line, so that it may end in the middle of a word? */
static bool is_inline(const struct page *page, int item)
{
	static const char *const tags[] = {
		"a", "abbr", "b",     "bdi",  "bdo",	"cite", "code", "em",	 "i", "kbd", "mark",
		"q", "s",    "small", "span", "strong", "sub",	"sup",	"tspan", "u", "wbr", NULL};

	for (size_t i = 0; tags[i]; i++) {
		if (strcmp(tags[i], page->items[item].tag) == 0)
			return true;
	}
	return false;
}

/* Does a block end where item I begins, in the list from START on? */
static bool has_block_ended(const struct page *page, int start, int i)
{
	for (int before = i - 1; before >= start && page->items[before].end == i;
	     before = page->items[before].parent) {
		if (page_is_element(page, before) && !is_inline(page, before))
			return true;
	}
	return false;
}

/* Text from START to END of the list; with IS_NAME alternative texts and labels count, fields do not. */
static const char *text_between(const struct page *page, int start, int end, bool is_name)
{
	mp_autotext struct text joined = {.limit = is_name ? NAME_BYTES : TEXT_BYTES};
	int i = start;

	while (i < end && !joined.is_cut) {
		const char *instead = NULL;

		if (has_block_ended(page, start, i))
			add_joined(&joined, " ");
		if (page_is_text(page, i)) {
			add_joined(&joined, page->items[i++].node->v.text.text);
			continue;
		}
		if (!is_inline(page, i))
			add_joined(&joined, " ");
		if (is_name && page_is_control(page, i))
			instead = "";
		else if (is_name)
			instead = stand_in(page, i);
		if (is_hidden(page, i))
			instead = "";
		if (instead)
			add_joined(&joined, instead);
		i = instead ? page->items[i].end : i + 1;
	}
	return taken(&joined, page->arena);
}

const char *page_text(const struct page *page, int item)
{
	return text_between(page, item + 1, page->items[item].end, false);
}

static const char *content_name(const struct page *page, int item)
{
	return text_between(page, item + 1, page->items[item].end, true);
}

/* --- sources of a name --------------------------------------------------------------------- */

/* The texts of the ids that aria-labelledby names. They may be hidden; their own aria-labelledby is not followed. */
static const char *labelled_by(const struct page *page, int item)
{
	const char *ids = attribute_text(page, item, "aria-labelledby");
	mp_autotext struct text joined = {.limit = NAME_BYTES};

	while (*ids) {
		size_t count = strcspn(ids, " ");
		int other = page_by_id(page, arena_bytes(page->arena, ids, count));
		const char *label = other >= 0 ? attribute_text(page, other, "aria-label") : "";

		add_joined(&joined, " ");
		if (other >= 0)
			add_joined(&joined, *label ? label : content_name(page, other));
		ids += count + (ids[count] == ' ');
	}
	return taken(&joined, page->arena);
}

static const char *aria_label(const struct page *page, int item)
{
	return attribute_text(page, item, "aria-label");
}

/* The <label> around a control that has no `for` and holds no other control before it; -1: none. */
static int label_around(const struct page *page, int item)
{
	int label = page->items[item].parent;

	while (label >= 0 && !page_is(page, label, GUMBO_TAG_LABEL))
		label = page->items[label].parent;
	if (label < 0 || page_attribute(page, label, "for"))
		return -1;
	for (int i = label + 1; i < item; i++) {
		if (page_is_control(page, i) || page_is(page, i, GUMBO_TAG_BUTTON))
			return -1;
	}
	return label;
}

static const char *label_text(const struct page *page, int item)
{
	const char *id = page_attribute(page, item, "id");
	mp_autotext struct text joined = {.limit = NAME_BYTES};
	int around;

	if (!page_is_control(page, item))
		return "";
	around = label_around(page, item);
	if (id && page_by_id(page, id) != item)
		id = NULL;
	for (int i = 0; i < page->count && !joined.is_cut; i++) {
		const char *wanted =
			page_is(page, i, GUMBO_TAG_LABEL) ? page_attribute(page, i, "for") : NULL;

		if (i == around || (id && wanted && strcmp(wanted, id) == 0)) {
			add_joined(&joined, " ");
			add_joined(&joined, content_name(page, i));
		}
	}
	return taken(&joined, page->arena);
}

/* The value of buttons that are fields; those that send and reset have one by themselves. */
static const char *button_value(const struct page *page, int item)
{
	static const struct {
		const char *type, *attribute, *otherwise;
	} rows[] = {{"submit", "value", "Submit"},
		    {"reset", "value", "Reset"},
		    {"button", "value", ""},
		    {"image", "alt", ""}};
	const char *type =
		page_is(page, item, GUMBO_TAG_INPUT) ? page_attribute(page, item, "type") : NULL;

	for (size_t i = 0; type && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcasecmp(type, rows[i].type) == 0)
			return page_attribute(page, item, rows[i].attribute)
				       ? attribute_text(page, item, rows[i].attribute)
				       : rows[i].otherwise;
	}
	return "";
}

static const char *alt_text(const struct page *page, int item)
{
	bool is_picture = page_is(page, item, GUMBO_TAG_IMG) || page_is(page, item, GUMBO_TAG_AREA);

	return is_picture ? attribute_text(page, item, "alt") : "";
}

/* The element below that names it: a caption, a legend, a title of a drawing. */
static const char *child_name(const struct page *page, int item)
{
	static const struct {
		const char *tag, *child;
	} rows[] = {{"table", "caption"},
		    {"figure", "figcaption"},
		    {"fieldset", "legend"},
		    {"svg", "title"}};

	for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		if (strcmp(page->items[item].tag, rows[row].tag) != 0)
			continue;
		for (int i = item + 1; i < page->items[item].end; i = page->items[i].end) {
			if (page_is_element(page, i) &&
			    strcmp(page->items[i].tag, rows[row].child) == 0)
				return content_name(page, i);
		}
	}
	return "";
}

/* Elements that are named by what they hold. */
static const char *own_content(const struct page *page, int item)
{
	static const char *const tags[] = {"a",	      "button",	    "summary", "h1",	"h2",
					   "h3",      "h4",	    "h5",      "h6",	"th",
					   "td",      "li",	    "option",  "label", "legend",
					   "caption", "figcaption", "title",   NULL};

	for (size_t i = 0; tags[i]; i++) {
		if (strcmp(tags[i], page->items[item].tag) == 0)
			return content_name(page, item);
	}
	return "";
}

static const char *title_text(const struct page *page, int item)
{
	return attribute_text(page, item, "title");
}

/* The sources in their order: the first that says something is the name. */
static const struct {
	const char *(*name_of)(const struct page *page, int item);
	bool is_label;
} sources[] = {
	{labelled_by, true}, {aria_label, true},  {label_text, true},	{button_value, false},
	{alt_text, false},   {child_name, false}, {own_content, false}, {title_text, true},
};

static const char *first_name(const struct page *page, int item, bool labels_alone)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		const char *name =
			labels_alone && !sources[i].is_label ? "" : sources[i].name_of(page, item);

		if (*name)
			return name;
	}
	return "";
}

const char *page_name(const struct page *page, int item)
{
	return first_name(page, item, false);
}

const char *page_label(const struct page *page, int item)
{
	return first_name(page, item, true);
}

bool page_is_control(const struct page *page, int item)
{
	static const char *const others[] = {"hidden", "submit", "reset", "button", "image", NULL};
	const char *type;

	if (!page_is_element(page, item))
		return false;
	if (page_is(page, item, GUMBO_TAG_SELECT) || page_is(page, item, GUMBO_TAG_TEXTAREA))
		return true;
	if (!page_is(page, item, GUMBO_TAG_INPUT))
		return false;
	type = page_attribute(page, item, "type");
	for (size_t i = 0; type && others[i]; i++) {
		if (strcasecmp(type, others[i]) == 0)
			return false;
	}
	return true;
}
