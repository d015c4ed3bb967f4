/* SPDX-License-Identifier: MIT */
/* What the files of the probe share: a page as a list of items, selectors, names, and faults. */
#ifndef GRADER_PAGE_INNER_H
#define GRADER_PAGE_INNER_H

#include <gumbo.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grader/model/probe.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/text.h"

enum {
	PAGE_BYTES_MAX = 1 << 20,
	PAGE_NODES_MAX = 10000,
	PAGE_ATTRIBUTES_MAX = 20000, /* those that the parser copies, too */
	PAGE_TAGS_MAX = 20000,	     /* "<" in the file */
	PAGE_MEMORY_MAX = 64 << 20,
	SELECTOR_MAX = 300,
};

/* An element or a text, in the order of the document. Comments and what stands in a template are left out. */
struct page_item {
	const GumboNode *node;
	const char *tag; /* in small letters; NULL: a text */
	int parent;	 /* index; -1: none */
	int previous;	 /* the element before it below the same parent; -1: none */
	int end;	 /* index behind its last descendant */
};

struct page {
	struct arena *arena; /* everything lies in it */
	const char *bytes;   /* borrowed */
	size_t byte_count;
	const GumboDocument *document;
	const struct page_item *items;
	int count;
	const int *ids; /* the elements that have an id, by id, then in the order of the document */
	int id_count;
};

/* --- parsing ------------------------------------------------------------------------------- */

/*
 * Read COUNT BYTES, which stay the caller's until ARENA is freed. False: it is no page that can be asked;
 * RET_GOT says what it is and RET_SAY what to do (NULL: nothing).
 */
bool page_parse(const char *bytes, size_t count, struct arena *arena, struct page *ret_page,
		const char **ret_got, const char **ret_say);

bool page_is_element(const struct page *page, int item);
bool page_is_text(const struct page *page, int item);

/* Is the item the element TAG of HTML? */
bool page_is(const struct page *page, int item, GumboTag tag);

/* The attribute's value, borrowed; NULL: not there. */
const char *page_attribute(const struct page *page, int item, const char *name);

/* Where it stands, and its start tag as written, cut and in visible form. In the page's arena. */
int page_line(const struct page *page, int item);
const char *page_start_tag(const struct page *page, int item);

/* TEXT in visible form, at most MOST bytes of it. In ARENA. */
const char *page_visible(struct arena *arena, const char *text, size_t count, size_t most);

/* --- selectors ----------------------------------------------------------------------------- */

struct selector;

/* Read a selector into ARENA. -EBADMSG: ERR holds a sentence. */
MP_MUST_CHECK int selector_read(const char *text, struct arena *arena,
				const struct selector **ret_selector, struct mp_error *err);

/*
 * Which items match: one flag an item, in the page's arena. Time grows with items times words of the selector,
 * whatever they are: each word is looked up once for each item.
 */
const bool *selector_match(const struct selector *selector, const struct page *page);

/* --- names --------------------------------------------------------------------------------- */

/* The first item whose id is ID, or -1. */
int page_by_id(const struct page *page, const char *id);

/* The text below the item, blanks joined, what is hidden left out. In the page's arena. */
const char *page_text(const struct page *page, int item);

/*
 * What a screen reader calls the item, as far as the file alone says. Source: Accessible Name and Description
 * Computation 1.2 and HTML-AAM; placeholder is no name here. "" when it has none. In the page's arena.
 */
const char *page_name(const struct page *page, int item);

/* Its label alone: aria-labelledby, aria-label, label, title. For controls. */
const char *page_label(const struct page *page, int item);

/* Is it a field of a form that a person fills in? */
bool page_is_control(const struct page *page, int item);

/* --- faults -------------------------------------------------------------------------------- */

/* One thing that is not as it should be. */
struct fault {
	int item; /* -1: the page as a whole */
	int line; /* 0: none */
	const char *got;
};

struct faults {
	struct arena *arena;
	struct fault *items;
	size_t count;
};

/* GOT begins with the start tag of ITEM; WHY goes on behind it (NULL: nothing to add). */
void fault_add(struct faults *faults, const struct page *page, int item, const char *why);

/* What a page loads, and where it lies. */
struct load {
	int item; /* the element that loads it, or that leads to the style sheet that does */
	const char *from;	 /* the style sheet that names it; NULL: the page */
	const char *url;	 /* as written, in visible form */
	const char *path;	 /* from the top of the tree; NULL: it is elsewhere */
	int64_t bytes;		 /* -1: not there */
	bool is_remote, is_hint; /* a hint asks for a connection alone */
};

struct loads {
	struct load *items;
	size_t count;
	int64_t bytes; /* the page and all that is there */
};

/* Where the page and its files lie. */
struct page_place {
	struct probe_run *run;
	const char *path; /* of the page, from the top of the tree */
};

/* All that PAGE loads, each file once. */
void page_loads(const struct page *page, const struct page_place *place, struct loads *ret_loads);

/* A part whose value is a list of faults, and what is wanted of each place. */
struct fault_part {
	const char *name, *wanted;
	void (*find)(const struct page *page, const struct loads *loads, struct faults *into);
};
extern const struct fault_part fault_parts[];
extern const size_t fault_part_count;

/* --- the step ------------------------------------------------------------------------------ */

/* One step while it is judged. */
struct asking {
	struct probe_run *run;
	const struct step *step;
	const char *path;
	const struct page *page;
	const struct loads *loads;
	const bool *selected; /* NULL: no select */
	json_t *parts;	      /* owned by the caller */
	struct mismatch *told;
	size_t told_count;
	const char *say;
};

struct page_keys {
	const char *select;
};

/* A part that is no list of faults, a new reference; NULL: it is not there. RET_ITEMS: the items of a list. */
json_t *page_part(const struct asking *asking, const char *part, const int **ret_items);

/* The general near miss of a part that is not as wanted, or NULL. */
const char *page_trap(const struct asking *asking, const char *part);

#endif
