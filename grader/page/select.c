/* SPDX-License-Identifier: MIT */
/*
 * Selectors: a documented part of CSS, read from a table of marks. Matching goes from left to right, one pass
 * over the page for each word of the selector: an item knows whether an ancestor or a brother before it
 * matched the word on the left, so that nothing is ever tried twice.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "grader/page/inner.h"
#include "sandbox/base/cleanup.h"

/* How [name OP value] compares. */
enum compare {
	COMPARE_THERE,
	COMPARE_EQUAL,
	COMPARE_STARTS,
	COMPARE_ENDS,
	COMPARE_HAS,
	COMPARE_WORD
};

static const struct {
	const char *mark;
	enum compare compare;
} compares[] = {
	{"^=", COMPARE_STARTS}, {"$=", COMPARE_ENDS}, {"*=", COMPARE_HAS},
	{"~=", COMPARE_WORD},	{"=", COMPARE_EQUAL},
};

enum simple_kind { SIMPLE_TYPE, SIMPLE_ATTRIBUTE, SIMPLE_FIRST, SIMPLE_LAST };

struct simple {
	enum simple_kind kind;
	enum compare compare;
	const char *name, *value;
	bool is_not;
};

/* How a word is bound to the one on its left. */
enum bond { BOND_START, BOND_BELOW, BOND_CHILD, BOND_NEXT, BOND_AFTER };

static const struct {
	char mark;
	enum bond bond;
} bonds[] = {{'>', BOND_CHILD}, {'+', BOND_NEXT}, {'~', BOND_AFTER}};

struct word {
	enum bond bond; /* BOND_START begins a selector of the list */
	struct simple *simples;
	size_t count;
};

struct selector {
	struct word *words;
	size_t count;
};

/* --- reading ------------------------------------------------------------------------------- */

struct reading {
	const char *at;
	struct arena *arena;
	struct mp_error *err;
};

static int slip(struct reading *reading, const char *what)
{
	return mp_fail(reading->err, MP_FAULT_CONTENT, -EBADMSG, "%s at '%.40s'", what,
		       reading->at);
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static void skip_blanks(struct reading *reading)
{
	while (*reading->at == ' ')
		reading->at++;
}

static const char *read_name(struct reading *reading)
{
	size_t count = 0;

	while (is_name_char(reading->at[count]))
		count++;
	reading->at += count;
	return count ? arena_bytes(reading->arena, reading->at - count, count) : NULL;
}

/* The value of [name=value]: a name, or a text in quotes. */
static const char *read_value(struct reading *reading)
{
	const char *end;
	const char *value;
	char quote = *reading->at;

	if (quote != '"' && quote != '\'') {
		size_t count = strcspn(reading->at, "]\"' ");

		reading->at += count;
		return count ? arena_bytes(reading->arena, reading->at - count, count) : NULL;
	}
	reading->at++;
	end = strchr(reading->at, quote);
	if (!end)
		return NULL;
	value = arena_bytes(reading->arena, reading->at, (size_t)(end - reading->at));
	reading->at = end + 1;
	return value;
}

static int read_attribute(struct reading *reading, struct simple *ret_simple)
{
	*ret_simple = (struct simple){.kind = SIMPLE_ATTRIBUTE};
	ret_simple->name = read_name(reading);
	if (!ret_simple->name)
		return slip(reading, "a name is missing behind [");
	for (size_t i = 0; i < sizeof(compares) / sizeof(compares[0]); i++) {
		if (strncmp(reading->at, compares[i].mark, strlen(compares[i].mark)) != 0)
			continue;
		reading->at += strlen(compares[i].mark);
		ret_simple->compare = compares[i].compare;
		ret_simple->value = read_value(reading);
		if (!ret_simple->value)
			return slip(reading, "a value, or its closing quote, is missing");
		break;
	}
	if (*reading->at != ']')
		return slip(reading, "a ] or one of = ^= $= *= ~= is missing");
	reading->at++;
	return 0;
}

/* #id and .class are short for attributes. */
static int read_short(struct reading *reading, const char *name, enum compare compare,
		      struct simple *ret_simple)
{
	*ret_simple = (struct simple){SIMPLE_ATTRIBUTE, compare, name, read_name(reading), false};
	return ret_simple->value ? 0 : slip(reading, "a name is missing behind # or .");
}

static int read_simple(struct reading *reading, struct simple *ret_simple)
{
	const char *name;

	switch (*reading->at) {
	case '#':
		reading->at++;
		return read_short(reading, "id", COMPARE_EQUAL, ret_simple);
	case '.':
		reading->at++;
		return read_short(reading, "class", COMPARE_WORD, ret_simple);
	case '[':
		reading->at++;
		return read_attribute(reading, ret_simple);
	case '*':
		reading->at++;
		*ret_simple = (struct simple){.kind = SIMPLE_TYPE};
		return 0;
	default:
		name = read_name(reading);
		*ret_simple = (struct simple){.kind = SIMPLE_TYPE, .name = name};
		return name ? 0
			    : slip(reading, "an element, #id, .class or [attribute] is missing");
	}
}

static int read_pseudo(struct reading *reading, struct simple *ret_simple)
{
	static const struct {
		const char *mark;
		enum simple_kind kind;
	} rows[] = {{":first-child", SIMPLE_FIRST}, {":last-child", SIMPLE_LAST}};
	int ret;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t count = strlen(rows[i].mark);

		if (strncmp(reading->at, rows[i].mark, count) == 0 &&
		    !is_name_char(reading->at[count])) {
			reading->at += count;
			*ret_simple = (struct simple){.kind = rows[i].kind};
			return 0;
		}
	}
	if (strncmp(reading->at, ":not(", 5) != 0)
		return slip(
			reading,
			"of the words behind a colon only :not(), :first-child and :last-child are known;"
			" not the one");
	reading->at += 5;
	ret = *reading->at == ':'
		      ? slip(reading,
			     ":not() takes one element, #id, .class or [attribute]; not the one")
		      : read_simple(reading, ret_simple);
	if (ret < 0)
		return ret;
	ret_simple->is_not = true;
	if (*reading->at != ')')
		return slip(reading,
			    ":not() takes one element, #id, .class or [attribute], then ); not so");
	reading->at++;
	return 0;
}

static int read_word(struct reading *reading, struct word *word)
{
	while (*reading->at && !strchr(" ,>+~", *reading->at)) {
		struct simple simple = {0};
		int ret;

		if (is_name_char(*reading->at) && word->count > 0)
			return slip(reading, "a blank is missing");
		ret = *reading->at == ':' ? read_pseudo(reading, &simple)
					  : read_simple(reading, &simple);
		if (ret < 0)
			return ret;
		*(struct simple *)arena_push(reading->arena, &word->simples, &word->count,
					     sizeof(simple)) = simple;
	}
	return word->count > 0 ? 0
			       : slip(reading, "an element, #id, .class or [attribute] is missing");
}

/* What stands between two words. False: the selector is at its end. */
static bool read_bond(struct reading *reading, enum bond *ret_bond)
{
	skip_blanks(reading);
	if (*reading->at == '\0')
		return false;
	*ret_bond = BOND_BELOW;
	if (*reading->at == ',')
		*ret_bond = BOND_START;
	for (size_t i = 0; i < sizeof(bonds) / sizeof(bonds[0]); i++) {
		if (*reading->at == bonds[i].mark)
			*ret_bond = bonds[i].bond;
	}
	reading->at += *ret_bond != BOND_BELOW;
	skip_blanks(reading);
	return true;
}

int selector_read(const char *text, struct arena *arena, const struct selector **ret_selector,
		  struct mp_error *err)
{
	struct reading reading = {text, arena, err};
	struct selector *selector = arena_new_of(arena, struct selector);
	enum bond bond = BOND_START;

	if (strlen(text) > SELECTOR_MAX)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "a selector of more than %d characters", SELECTOR_MAX);
	skip_blanks(&reading);
	do {
		struct word *word =
			arena_push(arena, &selector->words, &selector->count, sizeof(*word));
		int ret;

		word->bond = bond;
		ret = read_word(&reading, word);
		if (ret < 0)
			return ret;
	} while (read_bond(&reading, &bond));
	*ret_selector = selector;
	return 0;
}

/* --- matching ------------------------------------------------------------------------------ */

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (*list) {
		size_t count = strcspn(list, " \t\r\n\f");

		if (count == length && count > 0 && memcmp(list, word, count) == 0)
			return true;
		list += count;
		list += strspn(list, " \t\r\n\f");
	}
	return false;
}

static bool compare_holds(const struct simple *simple, const char *got)
{
	const char *value = simple->value ? simple->value : "";
	size_t wanted = strlen(value);
	size_t there = strlen(got);

	switch (simple->compare) {
	case COMPARE_THERE:
		return true;
	case COMPARE_EQUAL:
		/* The words of type and method count in any case. */
		return strcmp(simple->name, "type") == 0 || strcmp(simple->name, "method") == 0
			       ? strcasecmp(got, value) == 0
			       : strcmp(got, value) == 0;
	case COMPARE_STARTS:
		return wanted > 0 && strncmp(got, value, wanted) == 0;
	case COMPARE_ENDS:
		return wanted > 0 && there >= wanted && strcmp(got + there - wanted, value) == 0;
	case COMPARE_HAS:
		return wanted > 0 && strstr(got, value) != NULL;
	case COMPARE_WORD:
		return has_word(got, value);
	}
	return false;
}

static bool is_last(const struct page *page, int item)
{
	int parent = page->items[item].parent;
	int end = parent < 0 ? page->count : page->items[parent].end;

	for (int next = page->items[item].end; next < end; next = page->items[next].end) {
		if (page_is_element(page, next))
			return false;
	}
	return true;
}

static bool simple_holds(const struct simple *simple, const struct page *page, int item)
{
	const char *got;

	switch (simple->kind) {
	case SIMPLE_TYPE:
		return !simple->name || strcasecmp(page->items[item].tag, simple->name) == 0;
	case SIMPLE_ATTRIBUTE:
		got = page_attribute(page, item, simple->name);
		return got && compare_holds(simple, got);
	case SIMPLE_FIRST:
		return page->items[item].previous < 0;
	case SIMPLE_LAST:
		return is_last(page, item);
	}
	return false;
}

static bool word_holds(const struct word *word, const struct page *page, int item)
{
	for (size_t i = 0; i < word->count; i++) {
		if (simple_holds(&word->simples[i], page, item) == word->simples[i].is_not)
			return false;
	}
	return true;
}

/* Is ITEM bound to an item that LEFT marks? ANY: what is known of its parent or brother. */
static bool bond_holds(enum bond bond, const struct page_item *item, const bool *left,
		       const bool *any)
{
	switch (bond) {
	case BOND_START:
		return true;
	case BOND_BELOW:
		return item->parent >= 0 && any[item->parent];
	case BOND_CHILD:
		return item->parent >= 0 && left[item->parent];
	case BOND_NEXT:
		return item->previous >= 0 && left[item->previous];
	case BOND_AFTER:
		return item->previous >= 0 && any[item->previous];
	}
	return false;
}

/* One word over the whole page: HIT says which items match it and all on its left. */
static void match_word(const struct word *word, const struct page *page, const bool *left,
		       bool *any, bool *hit)
{
	for (int i = 0; i < page->count; i++) {
		const struct page_item *item = &page->items[i];
		int back = word->bond == BOND_AFTER ? item->previous : item->parent;

		/* any: it, or one above (or before) it, matches the word on the left. */
		any[i] = left[i] || (back >= 0 && any[back]);
		hit[i] = page_is_element(page, i) && bond_holds(word->bond, item, left, any) &&
			 word_holds(word, page, i);
	}
}

const bool *selector_match(const struct selector *selector, const struct page *page)
{
	size_t count = (size_t)page->count + 1;
	bool *all = arena_alloc(page->arena, count, sizeof(bool));
	bool *any = arena_alloc(page->arena, count, sizeof(bool));
	bool *left = arena_alloc(page->arena, count, sizeof(bool));
	bool *hit = arena_alloc(page->arena, count, sizeof(bool));

	for (size_t i = 0; i < selector->count; i++) {
		bool *swap = left;

		match_word(&selector->words[i], page, left, any, hit);
		left = hit;
		hit = swap;
		for (int j = 0; j < page->count; j++)
			all[j] |= left[j] && (i + 1 == selector->count ||
					      selector->words[i + 1].bond == BOND_START);
	}
	return all;
}
