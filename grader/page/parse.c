/* SPDX-License-Identifier: MIT */
/*
 * Bytes become a page. libgumbo takes anything, and its trees are as deep as the file is hostile: so it gets
 * memory of an arena that counts what it makes and leaves the parser when that is too much, and it is never
 * asked to free a tree, which it does by recursion.
 */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "grader/page/inner.h"

/* --- the parser under a budget ------------------------------------------------------------- */

struct budget {
	struct arena *arena;
	int64_t nodes, attributes, bytes;
	jmp_buf stop;
};

/* Nodes and attributes are told by their size: the library makes each with one call. */
_Static_assert(sizeof(GumboNode) != sizeof(GumboAttribute),
	       "a node and an attribute differ in size");

static void *budget_take(void *context, size_t size)
{
	struct budget *budget = context;

	budget->nodes -= size == sizeof(GumboNode);
	budget->attributes -= size == sizeof(GumboAttribute);
	budget->bytes -= (int64_t)size;
	if (budget->nodes < 0 || budget->attributes < 0 || budget->bytes < 0)
		longjmp(budget->stop, 1);
	return arena_alloc(budget->arena, 1, size ? size : 1);
}

static void budget_keep(void *context, void *memory)
{
	(void)context;
	(void)memory;
}

static const GumboOutput *parse_bounded(const char *bytes, size_t count, struct arena *arena)
{
	struct budget budget = {
		.arena = arena,
		.nodes = PAGE_NODES_MAX,
		.attributes = PAGE_ATTRIBUTES_MAX,
		.bytes = PAGE_MEMORY_MAX,
	};
	GumboOptions options = kGumboDefaultOptions;

	options.allocator = budget_take;
	options.deallocator = budget_keep;
	options.userdata = &budget;
	options.max_errors = 0;
	if (setjmp(budget.stop) != 0)
		return NULL;
	return gumbo_parse_with_options(&options, bytes, count);
}

/* --- the tree as a list -------------------------------------------------------------------- */

/* The name of an element in small letters; NULL: a text. */
static const char *tag_of(const GumboNode *node, struct arena *arena)
{
	const GumboElement *element = &node->v.element;
	GumboStringPiece piece;
	char *name;

	if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE)
		return NULL;
	if (element->tag != GUMBO_TAG_UNKNOWN)
		return gumbo_normalized_tagname(element->tag);
	piece = element->original_tag;
	if (piece.length == 0)
		return "";
	gumbo_tag_from_original_text(&piece);
	name = arena_bytes(arena, piece.data, piece.length);
	for (char *c = name; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	}
	return name;
}

static const GumboVector no_children;

static const GumboVector *children_of(const GumboNode *node)
{
	if (node->type == GUMBO_NODE_DOCUMENT)
		return &node->v.document.children;
	if (node->type == GUMBO_NODE_ELEMENT)
		return &node->v.element.children;
	return &no_children;
}

static bool is_kept(const GumboNode *node)
{
	return node->type != GUMBO_NODE_COMMENT && node->type != GUMBO_NODE_DOCUMENT;
}

/* Where the walk is: a parent, the next of its children, and the last element that was one. */
struct walk {
	const GumboNode *node;
	unsigned next;
	int item, previous;
};

static void flatten(const GumboNode *document, struct page *page)
{
	struct page_item *items = arena_alloc(page->arena, PAGE_NODES_MAX + 1, sizeof(*items));
	struct walk *stack = arena_alloc(page->arena, PAGE_NODES_MAX + 2, sizeof(*stack));
	size_t depth = 1;

	stack[0] = (struct walk){document, 0, -1, -1};
	while (depth > 0) {
		struct walk *top = &stack[depth - 1];
		const GumboVector *children = children_of(top->node);
		const GumboNode *child;

		if (top->next == children->length) {
			if (top->item >= 0)
				items[top->item].end = page->count;
			depth--;
			continue;
		}
		child = children->data[top->next++];
		if (!is_kept(child))
			continue;
		items[page->count] = (struct page_item){child, tag_of(child, page->arena),
							top->item, top->previous, 0};
		if (items[page->count].tag)
			top->previous = page->count;
		stack[depth++] = (struct walk){child, 0, page->count++, -1};
	}
	page->items = items;
}

/* --- ids ----------------------------------------------------------------------------------- */

static int compare_ids(const void *a, const void *b, void *context)
{
	const struct page *page = context;
	int one = *(const int *)a;
	int other = *(const int *)b;
	int order = strcmp(page_attribute(page, one, "id"), page_attribute(page, other, "id"));

	return order ? order : one - other;
}

static void sort_ids(struct page *page)
{
	int *ids = arena_alloc(page->arena, (size_t)page->count + 1, sizeof(*ids));

	for (int i = 0; i < page->count; i++) {
		if (page_attribute(page, i, "id"))
			ids[page->id_count++] = i;
	}
	qsort_r(ids, (size_t)page->id_count, sizeof(*ids), compare_ids, page);
	page->ids = ids;
}

int page_by_id(const struct page *page, const char *id)
{
	int low = 0;
	int high = page->id_count;

	while (low < high) {
		int middle = low + (high - low) / 2;

		if (strcmp(page_attribute(page, page->ids[middle], "id"), id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < page->id_count && strcmp(page_attribute(page, page->ids[low], "id"), id) == 0
		       ? page->ids[low]
		       : -1;
}

/* --- what is no page ----------------------------------------------------------------------- */

static bool has_tag(const char *bytes, size_t count)
{
	for (size_t i = 0; i + 1 < count; i++) {
		if (bytes[i] == '<' &&
		    ((bytes[i + 1] | 0x20) >= 'a' && (bytes[i + 1] | 0x20) <= 'z'))
			return true;
	}
	return false;
}

static bool is_utf16(const char *bytes, size_t count)
{
	return count >= 2 &&
	       (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
}

static bool has_many_tags(const char *bytes, size_t count)
{
	const char *end = bytes + count;
	int tags = 0;

	while ((bytes = memchr(bytes, '<', (size_t)(end - bytes))) != NULL) {
		bytes++;
		tags++;
	}
	return tags > PAGE_TAGS_MAX;
}

/* What a file is that is no page. The first that fits is told. */
static const struct {
	bool (*fits)(const char *bytes, size_t count);
	bool wanted;
	const char *got, *say;
} refusals[] = {
	{is_utf16, true, "a UTF-16 file",
	 "The file is UTF-16, two bytes for each letter. Save it as UTF-8, which is what your charset says."},
	{has_tag, false, "a file without a single tag", NULL},
	{has_many_tags, true, "more tags than a page of people has", NULL},
};

bool page_parse(const char *bytes, size_t count, struct arena *arena, struct page *ret_page,
		const char **ret_got, const char **ret_say)
{
	const GumboOutput *output;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (refusals[i].fits(bytes, count) == refusals[i].wanted) {
			*ret_got = refusals[i].got;
			*ret_say = refusals[i].say;
			return false;
		}
	}
	output = parse_bounded(bytes, count, arena);
	if (!output) {
		*ret_got =
			"more elements or attributes than are read (10,000 elements, 20,000 attributes)";
		*ret_say = NULL;
		return false;
	}
	*ret_page = (struct page){.arena = arena, .bytes = bytes, .byte_count = count};
	ret_page->document = &output->document->v.document;
	flatten(output->document, ret_page);
	sort_ids(ret_page);
	return true;
}

/* --- one item ------------------------------------------------------------------------------ */

bool page_is_element(const struct page *page, int item)
{
	return page->items[item].tag != NULL;
}

bool page_is_text(const struct page *page, int item)
{
	return !page_is_element(page, item);
}

bool page_is(const struct page *page, int item, GumboTag tag)
{
	const GumboNode *node = page->items[item].node;

	return page_is_element(page, item) && node->v.element.tag == tag &&
	       node->v.element.tag_namespace == GUMBO_NAMESPACE_HTML;
}

const char *page_attribute(const struct page *page, int item, const char *name)
{
	const GumboAttribute *found;

	if (!page_is_element(page, item))
		return NULL;
	found = gumbo_get_attribute(&page->items[item].node->v.element.attributes, name);
	return found ? found->value : NULL;
}

int page_line(const struct page *page, int item)
{
	if (item < 0)
		return 0;
	return page_is_element(page, item) ? (int)page->items[item].node->v.element.start_pos.line
					   : (int)page->items[item].node->v.text.start_pos.line;
}

const char *page_visible(struct arena *arena, const char *text, size_t count, size_t most)
{
	mp_autotext struct text visible = {0};

	text_add_visible(&visible, text, count, most);
	return arena_text(arena, text_get(&visible));
}

const char *page_start_tag(const struct page *page, int item)
{
	GumboStringPiece piece = page->items[item].node->v.element.original_tag;
	mp_autotext struct text joined = {0};

	if (piece.length == 0)
		return arena_format(page->arena, "<%s>", page->items[item].tag);
	for (size_t i = 0; i < piece.length && joined.length < 200; i++) {
		bool is_blank = strchr(" \t\r\n", piece.data[i]) && piece.data[i] != '\0';

		if (!is_blank)
			text_add_char(&joined, piece.data[i]);
		else if (joined.length > 0 && joined.data[joined.length - 1] != ' ')
			text_add_char(&joined, ' ');
	}
	return page_visible(page->arena, text_get(&joined), joined.length, 70);
}
