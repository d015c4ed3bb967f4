/* SPDX-License-Identifier: MIT */
/* The parts that are values: of the page as a whole, and of the elements that a selector found. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "grader/match/match.h"
#include "grader/page/inner.h"

enum { CHARSET_BYTES = 1024, LIST_MAX = 500 };

/* A list while it is made: values, and the item each is of. */
struct listing {
	json_t *values;
	int *items;
	size_t count;
	struct arena *arena;
};

static json_t *text_value(const char *text)
{
	return text ? match_text_of_bytes(text, strlen(text)) : NULL;
}

static void list_add(struct listing *list, int item, json_t *value)
{
	int *place = arena_push(list->arena, &list->items, &list->count, sizeof(*place));

	*place = item;
	(void)json_array_append_new(list->values, value);
}

/* --- the page as a whole ------------------------------------------------------------------- */

static int first_of(const struct page *page, GumboTag tag)
{
	for (int i = 0; i < page->count; i++) {
		if (page_is(page, i, tag))
			return i;
	}
	return -1;
}

static json_t *doctype_part(const struct asking *asking)
{
	const GumboDocument *document = asking->page->document;

	if (!document->has_doctype)
		return NULL;
	if (document->doc_type_quirks_mode == GUMBO_DOCTYPE_NO_QUIRKS &&
	    strcasecmp(document->name, "html") == 0 && !*document->public_identifier)
		return json_string("html");
	return text_value(*document->public_identifier ? document->public_identifier
						       : document->name);
}

static json_t *lang_part(const struct asking *asking)
{
	int html = first_of(asking->page, GUMBO_TAG_HTML);

	return html < 0 ? NULL : text_value(page_attribute(asking->page, html, "lang"));
}

/* The content of <meta name=NAME>, or what another ATTRIBUTE says; NULL: none. */
static int meta_of(const struct page *page, const char *attribute, const char *value)
{
	for (int i = 0; i < page->count; i++) {
		const char *there = page_is(page, i, GUMBO_TAG_META)
					    ? page_attribute(page, i, attribute)
					    : NULL;

		if (there && (!value || strcasecmp(there, value) == 0))
			return i;
	}
	return -1;
}

/* In small letters; where it stands too late for a browser, that is said. */
static json_t *charset_value(const struct page *page, int item, const char *charset)
{
	const GumboElement *element = &page->items[item].node->v.element;
	size_t end = element->start_pos.offset + element->original_tag.length;
	char *small = arena_text(page->arena, charset);

	for (char *c = small; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return text_value(
		end <= CHARSET_BYTES
			? small
			: arena_format(page->arena, "%s, but behind the first 1,024 bytes", small));
}

static json_t *charset_part(const struct asking *asking)
{
	const struct page *page = asking->page;
	int item = meta_of(page, "charset", NULL);
	const char *content;

	if (item >= 0)
		return charset_value(page, item, page_attribute(page, item, "charset"));
	item = meta_of(page, "http-equiv", "content-type");
	content = item < 0 ? NULL : page_attribute(page, item, "content");
	content = content ? strcasestr(content, "charset=") : NULL;
	return content ? charset_value(page, item, content + strlen("charset=")) : NULL;
}

static json_t *viewport_part(const struct asking *asking)
{
	int item = meta_of(asking->page, "name", "viewport");

	return item < 0 ? NULL : text_value(page_attribute(asking->page, item, "content"));
}

static json_t *title_part(const struct asking *asking)
{
	int item = first_of(asking->page, GUMBO_TAG_TITLE);

	return item < 0 ? NULL : text_value(page_text(asking->page, item));
}

/* --- lists of elements --------------------------------------------------------------------- */

static void list_heading(const struct page *page, int item, struct listing *list)
{
	const char *tag = page->items[item].tag;

	if (tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6' && tag[2] == '\0')
		list_add(list, item,
			 json_pack("{s:i, s:o}", "level", tag[1] - '0', "text",
				   text_value(page_name(page, item))));
}

static json_t *control_type(const struct page *page, int item)
{
	const char *type = page_attribute(page, item, "type");
	char *small;

	if (!page_is(page, item, GUMBO_TAG_INPUT))
		return json_string(page->items[item].tag);
	small = arena_text(page->arena, type && *type ? type : "text");
	for (char *c = small; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return text_value(small);
}

static void list_control(const struct page *page, int item, struct listing *list)
{
	const char *name = page_attribute(page, item, "name");

	if (page_is_control(page, item))
		list_add(list, item,
			 json_pack("{s:o, s:o, s:b, s:o}", "name", text_value(name ? name : ""),
				   "type", control_type(page, item), "required",
				   page_attribute(page, item, "required") != NULL, "label",
				   text_value(page_label(page, item))));
}

static void list_text(const struct page *page, int item, struct listing *list)
{
	list_add(list, item, text_value(page_text(page, item)));
}

static void list_name(const struct page *page, int item, struct listing *list)
{
	list_add(list, item, text_value(page_name(page, item)));
}

static void list_attributes(const struct page *page, int item, struct listing *list)
{
	const GumboVector *attributes = &page->items[item].node->v.element.attributes;
	json_t *values = json_object();

	for (unsigned i = 0; i < attributes->length; i++) {
		const GumboAttribute *attribute = attributes->data[i];

		if (!json_object_get(values, attribute->name))
			(void)json_object_set_new(values, attribute->name,
						  text_value(attribute->value));
	}
	list_add(list, item, values);
}

/* --- tables -------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	json_t *(*read)(const struct asking *asking);
} values[] = {
	{"doctype", doctype_part},   {"lang", lang_part},   {"charset", charset_part},
	{"viewport", viewport_part}, {"title", title_part},
};

static const struct {
	const char *name;
	void (*list)(const struct page *page, int item, struct listing *list);
} lists[] = {
	{"headings", list_heading}, {"controls", list_control},	     {"texts", list_text},
	{"names", list_name},	    {"attributes", list_attributes},
};

json_t *page_part(const struct asking *asking, const char *part, const int **ret_items)
{
	struct listing list = {.arena = asking->page->arena};

	*ret_items = NULL;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (strcmp(values[i].name, part) == 0)
			return values[i].read(asking);
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (strcmp(lists[i].name, part) != 0)
			continue;
		list.values = json_array();
		for (int item = 0; item < asking->page->count && list.count < LIST_MAX; item++) {
			if (page_is_element(asking->page, item) &&
			    (!asking->selected || asking->selected[item]))
				lists[i].list(asking->page, item, &list);
		}
		*ret_items = list.items;
		return list.values;
	}
	return NULL;
}
