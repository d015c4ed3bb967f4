/* SPDX-License-Identifier: MIT */
/* The parts that are lists of faults: one function each, one row each. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "grader/page/inner.h"

void fault_add(struct faults *faults, const struct page *page, int item, const char *why)
{
	struct fault *fault =
		arena_push(faults->arena, &faults->items, &faults->count, sizeof(*fault));
	const char *what;

	if (page_is_element(page, item))
		what = page_start_tag(page, item);
	else
		what = page_visible(faults->arena, page->items[item].node->v.text.text,
				    strlen(page->items[item].node->v.text.text), 40);
	*fault = (struct fault){
		item, page_line(page, item),
		arena_format(faults->arena, "%s%s%s", what, why ? ": " : "", why ? why : "")};
}

static bool is_one_of(const char *tag, const char *const *tags)
{
	for (size_t i = 0; tags[i]; i++) {
		if (strcmp(tags[i], tag) == 0)
			return true;
	}
	return false;
}

static bool is_empty_text(const struct page *page, int item)
{
	const char *text = page->items[item].node->v.text.text;

	return text[strspn(text, " \t\r\n\f")] == '\0';
}

/* --- headings and ids ---------------------------------------------------------------------- */

static int heading_level(const struct page *page, int item)
{
	const char *tag = page->items[item].tag;

	return tag && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6' && tag[2] == '\0'
		       ? tag[1] - '0'
		       : 0;
}

static void find_skips(const struct page *page, const struct loads *loads, struct faults *into)
{
	int before = 0;

	(void)loads;
	for (int i = 0; i < page->count; i++) {
		int level = heading_level(page, i);

		if (level > before + 1 && before == 0)
			fault_add(into, page, i, "it is the first heading, and should be an h1");
		else if (level > before + 1)
			fault_add(into, page, i,
				  arena_format(into->arena, "it follows an h%d, so h%d comes next",
					       before, before + 1));
		before = level ? level : before;
	}
}

static void find_ids(const struct page *page, const struct loads *loads, struct faults *into)
{
	(void)loads;
	for (int i = 0; i < page->count; i++) {
		const char *id = page_attribute(page, i, "id");
		int first = id ? page_by_id(page, id) : i;

		if (first != i)
			fault_add(into, page, i,
				  arena_format(into->arena, "line %d has this id too",
					       page_line(page, first)));
		else if (id && (*id == '\0' || strpbrk(id, " \t\r\n")))
			fault_add(into, page, i, "an id is one word");
	}
}

/* Does a link's #FRAGMENT lead to a place of this page? */
static bool is_hit(const struct page *page, const char *fragment)
{
	if (strcasecmp(fragment, "top") == 0 || page_by_id(page, fragment) >= 0)
		return true;
	for (int i = 0; i < page->count; i++) {
		const char *name =
			page_is(page, i, GUMBO_TAG_A) ? page_attribute(page, i, "name") : NULL;

		if (name && *name && strcmp(name, fragment) == 0)
			return true;
	}
	return false;
}

static void find_dead(const struct page *page, const struct loads *loads, struct faults *into)
{
	(void)loads;
	for (int i = 0; i < page->count; i++) {
		const char *href = page_is(page, i, GUMBO_TAG_A) || page_is(page, i, GUMBO_TAG_AREA)
					   ? page_attribute(page, i, "href")
					   : NULL;

		if (href && href[0] == '#' && !is_hit(page, href + 1))
			fault_add(into, page, i,
				  href[1] ? "no element has this id" : "it leads nowhere");
	}
}

/* --- what is loaded ------------------------------------------------------------------------ */

static void add_load(struct faults *into, const struct page *page, const struct load *load,
		     const char *why)
{
	const char *from =
		load->from ? arena_format(into->arena, "%s names %s: ", load->from, load->url) : "";

	fault_add(into, page, load->item, arena_format(into->arena, "%s%s", from, why));
}

static void find_remote(const struct page *page, const struct loads *loads, struct faults *into)
{
	for (size_t i = 0; i < loads->count; i++) {
		if (loads->items[i].is_remote)
			add_load(into, page, &loads->items[i], "it is loaded from elsewhere");
	}
}

static void find_missing(const struct page *page, const struct loads *loads, struct faults *into)
{
	for (size_t i = 0; i < loads->count; i++) {
		const struct load *load = &loads->items[i];

		if (load->is_remote || load->bytes >= 0)
			continue;
		add_load(
			into, page, load,
			load->path
				? arena_format(into->arena, "there is no file %s", load->path)
				: "it leads out of the repository: to a place that only your computer has");
	}
}

/* Scripts in attributes. */
static void find_handlers(const struct page *page, const struct loads *loads, struct faults *into)
{
	(void)loads;
	for (int i = 0; i < page->count; i++) {
		const char *href = page_attribute(page, i, "href");
		const GumboVector *attributes;
		bool is_one = href && strncasecmp(href, "javascript:", 11) == 0;

		if (!page_is_element(page, i))
			continue;
		attributes = &page->items[i].node->v.element.attributes;
		for (unsigned at = 0; at < attributes->length; at++) {
			const GumboAttribute *attribute = attributes->data[at];

			is_one = is_one ||
				 (strncmp(attribute->name, "on", 2) == 0 && attribute->name[2]);
		}
		if (is_one)
			fault_add(into, page, i, NULL);
	}
}

/* --- pictures ------------------------------------------------------------------------------ */

/* An alternative text that says no more than that there is a picture. */
static bool is_empty_phrase(const char *alt)
{
	static const char *const words[] = {"a",	"an",	 "the",	    "my",   "of",  "me",
					    "photo",	"image", "picture", "pic",  "img", "logo",
					    "portrait", "foto",	 "alt",	    "text", NULL};
	char word[16];

	while (*alt) {
		size_t count = strcspn(alt, " \t\r\n.,:!");

		if (count >= sizeof(word))
			return false;
		for (size_t i = 0; i < count; i++)
			word[i] = (char)(alt[i] >= 'A' && alt[i] <= 'Z' ? alt[i] + 32 : alt[i]);
		word[count] = '\0';
		if (count > 0 && !is_one_of(word, words))
			return false;
		alt += count + (alt[count] != '\0');
	}
	return true;
}

static bool is_file_name(const char *alt)
{
	static const char *const ends[] = {".jpg", ".jpeg", ".png", ".svg", ".webp", ".gif"};
	size_t count = strlen(alt);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t end = strlen(ends[i]);

		if (count >= end && strcasecmp(alt + count - end, ends[i]) == 0)
			return true;
	}
	return false;
}

static bool is_size(const char *value)
{
	return value && *value >= '1' && *value <= '9' &&
	       value[strspn(value, "0123456789")] == '\0';
}

/* alt="" is right for what only decorates. */
static void find_pictures(const struct page *page, const struct loads *loads, struct faults *into)
{
	(void)loads;
	for (int i = 0; i < page->count; i++) {
		const char *alt = page_attribute(page, i, "alt");

		if (!page_is(page, i, GUMBO_TAG_IMG))
			continue;
		if (!alt)
			fault_add(into, page, i,
				  "it has no alt: say what it shows, as you would on the phone");
		else if (*alt && is_file_name(alt))
			fault_add(
				into, page, i,
				"the name of a file helps nobody who cannot see it: say what it shows");
		else if (*alt && is_empty_phrase(alt))
			fault_add(into, page, i,
				  "that it is a picture is known already: say what it shows");
		if (!is_size(page_attribute(page, i, "width")) ||
		    !is_size(page_attribute(page, i, "height")))
			fault_add(
				into, page, i,
				"without width and height in pixels (width=\"240\") the page jumps while it loads");
	}
}

/* --- what stands inside what --------------------------------------------------------------- */

/* Something that a person clicks or fills in. */
static bool is_interactive(const struct page *page, int item)
{
	static const char *const tags[] = {"button", "iframe", "embed", "details", NULL};

	if (!page_is_element(page, item))
		return false;
	return is_one_of(page->items[item].tag, tags) || page_is_control(page, item) ||
	       page_attribute(page, item, "tabindex") ||
	       (page_is(page, item, GUMBO_TAG_A) && page_attribute(page, item, "href")) ||
	       (page_is(page, item, GUMBO_TAG_INPUT) && *page_name(page, item));
}

static bool holds_nothing_interactive(const struct page *page, int item)
{
	return page_is(page, item, GUMBO_TAG_BUTTON) ||
	       (page_is(page, item, GUMBO_TAG_A) && page_attribute(page, item, "href"));
}

static void find_nested(const struct page *page, const struct loads *loads, struct faults *into)
{
	/* The innermost link or button around each item; -1: none. */
	int *around = arena_alloc(page->arena, (size_t)page->count + 1, sizeof(*around));

	(void)loads;
	for (int i = 0; i < page->count; i++) {
		int parent = page->items[i].parent;

		around[i] = parent < 0 ? -1 : around[parent];
		if (parent >= 0 && page_is_element(page, parent) &&
		    holds_nothing_interactive(page, parent))
			around[i] = parent;
		if (around[i] >= 0 && is_interactive(page, i))
			fault_add(into, page, i,
				  arena_format(into->arena, "it stands inside the <%s> of line %d",
					       page->items[around[i]].tag,
					       page_line(page, around[i])));
	}
}

/* Which elements may stand directly in a list. */
static const struct {
	const char *list;
	const char *items[6];
} list_rows[] = {
	{"ul", {"li", "script", "template", NULL}},
	{"ol", {"li", "script", "template", NULL}},
	{"menu", {"li", "script", "template", NULL}},
	{"dl", {"dt", "dd", "div", "script", "template", NULL}},
};

static void judge_list_item(const struct page *page, int item, struct faults *into)
{
	const char *parent =
		page->items[item].parent < 0 ? "" : page->items[page->items[item].parent].tag;
	bool is_text = page_is_text(page, item);
	bool is_in_list = false;

	for (size_t row = 0; row < sizeof(list_rows) / sizeof(list_rows[0]); row++) {
		if (strcmp(list_rows[row].list, parent) != 0)
			continue;
		is_in_list = true;
		if (is_text ? !is_empty_text(page, item)
			    : !is_one_of(page->items[item].tag, list_rows[row].items))
			fault_add(into, page, item,
				  arena_format(into->arena, "a <%s> holds only <%s>", parent,
					       list_rows[row].items[0]));
	}
	if (!is_in_list && page_is(page, item, GUMBO_TAG_LI))
		fault_add(into, page, item, "it stands in no list");
}

static void find_lists(const struct page *page, const struct loads *loads, struct faults *into)
{
	(void)loads;
	for (int i = 0; i < page->count; i++)
		judge_list_item(page, i, into);
}

/* --- names --------------------------------------------------------------------------------- */

static bool is_link_or_button(const struct page *page, int item)
{
	static const char *const types[] = {"button", "submit", "reset", "image", NULL};
	const char *type = page_attribute(page, item, "type");
	const char *role = page_attribute(page, item, "role");

	for (size_t i = 0; types[i] && page_is(page, item, GUMBO_TAG_INPUT) && type; i++) {
		if (strcasecmp(types[i], type) == 0)
			return true;
	}
	return page_is(page, item, GUMBO_TAG_BUTTON) || page_is(page, item, GUMBO_TAG_SUMMARY) ||
	       ((page_is(page, item, GUMBO_TAG_A) || page_is(page, item, GUMBO_TAG_AREA)) &&
		page_attribute(page, item, "href")) ||
	       (role && (strcmp(role, "button") == 0 || strcmp(role, "link") == 0));
}

static void find_nameless(const struct page *page, const struct loads *loads, struct faults *into)
{
	(void)loads;
	for (int i = 0; i < page->count; i++) {
		if (is_link_or_button(page, i) && !page_attribute(page, i, "hidden") &&
		    !*page_name(page, i))
			fault_add(into, page, i, "a screen reader has nothing to say for it");
	}
}

static void find_unlabelled(const struct page *page, const struct loads *loads, struct faults *into)
{
	(void)loads;
	for (int i = 0; i < page->count; i++) {
		if (page_is_control(page, i) && !*page_label(page, i))
			fault_add(into, page, i, "no label belongs to it");
	}
}

/* --- slips of the markup ------------------------------------------------------------------- */

/* Elements without an end tag, those whose end tag may be left out, and form, whose end tag gumbo does not keep. */
static const char *const open_tags[] = {
	"area",	 "form",   "base",     "br",	   "col",     "embed", "hr",   "img",	"input",
	"link",	 "meta",   "param",    "source",   "track",   "wbr",   "html", "head",	"body",
	"p",	 "li",	   "dt",       "dd",	   "tr",      "td",    "th",   "thead", "tbody",
	"tfoot", "option", "optgroup", "colgroup", "caption", "rt",    "rp",   NULL};

static bool is_closed(const struct page *page, int item)
{
	const GumboElement *element = &page->items[item].node->v.element;
	const char *tag = page->items[item].tag;
	size_t count = strlen(tag);
	GumboStringPiece start = element->original_tag;
	GumboStringPiece end = element->original_end_tag;

	if (start.length == 0 || is_one_of(tag, open_tags))
		return true;
	if (element->tag_namespace != GUMBO_NAMESPACE_HTML && start.length > 2 &&
	    start.data[start.length - 2] == '/')
		return true;
	return end.length >= count + 2 && strncasecmp(end.data + 2, tag, count) == 0;
}

/* What stands in a table but in no cell is put before the table: it begins behind it in the file. */
static void find_fostered(const struct page *page, int table, struct faults *into)
{
	unsigned start = page->items[table].node->v.element.start_pos.offset;

	for (int i = page->items[table].previous; i >= 0; i = page->items[i].previous) {
		if (page->items[i].node->v.element.start_pos.offset <= start)
			return;
		fault_add(into, page, i, "it stands in a table, outside of the cells");
	}
}

static void judge_markup(const struct page *page, int item, struct faults *into)
{
	const unsigned cloned = GUMBO_INSERTION_ADOPTION_AGENCY_CLONED |
				GUMBO_INSERTION_RECONSTRUCTED_FORMATTING_ELEMENT;

	if (!page_is_element(page, item) || (page->items[item].node->parse_flags & cloned))
		return;
	if (page_is(page, item, GUMBO_TAG_TABLE))
		find_fostered(page, item, into);
	if (!is_closed(page, item))
		fault_add(into, page, item, "it is not closed, or not before what is around it");
}

/* Bytes that no text has: the first one is told. */
static void judge_bytes(const struct page *page, struct faults *into)
{
	const char *bytes = page->bytes;
	int line = 1;

	for (size_t i = 0; i < page->byte_count;) {
		size_t count = text_utf8_length(bytes + i, page->byte_count - i);
		struct fault *fault;

		line += bytes[i] == '\n';
		if (count > 0 && bytes[i] != '\0') {
			i += count;
			continue;
		}
		fault = arena_push(into->arena, &into->items, &into->count, sizeof(*fault));
		*fault = (struct fault){-1, line,
					arena_format(into->arena,
						     "the byte 0x%02x, which is no UTF-8 text",
						     (unsigned char)bytes[i])};
		return;
	}
}

static void find_errors(const struct page *page, const struct loads *loads, struct faults *into)
{
	(void)loads;
	judge_bytes(page, into);
	for (int i = 0; i < page->count; i++)
		judge_markup(page, i, into);
}

const struct fault_part fault_parts[] = {
	{"skips", "a heading at most one level deeper than the one before it", find_skips},
	{"ids", "each id once, as one word", find_ids},
	{"dead", "a link to an id of this page", find_dead},
	{"remote", "nothing from elsewhere", find_remote},
	{"missing", "a file of your repository", find_missing},
	{"handlers", "no script in an attribute", find_handlers},
	{"pictures", "an alt that says what it shows, width and height", find_pictures},
	{"nested", "nothing to click inside a link or button", find_nested},
	{"lists", "in a list its items alone", find_lists},
	{"nameless", "links and buttons with a name", find_nameless},
	{"unlabelled", "a label for each field", find_unlabelled},
	{"errors", "markup without slips", find_errors},
};
const size_t fault_part_count = sizeof(fault_parts) / sizeof(fault_parts[0]);
