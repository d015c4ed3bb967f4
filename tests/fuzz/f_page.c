/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: a selector in the first line, a page in the others. Whatever they are, the items are a tree in the order
 * of the document, a selector that is read marks elements alone, and every name and fault is a text.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/page/inner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void must_be_tree(const struct page *page)
{
	for (int i = 0; i < page->count; i++) {
		const struct page_item *item = &page->items[i];

		must(item->parent < i && item->previous < i && item->end > i &&
		     item->end <= page->count);
		must(item->parent < 0 ||
		     (page->items[item->parent].tag && item->end <= page->items[item->parent].end));
		must(item->previous < 0 || page->items[item->previous].parent == item->parent);
	}
}

static void must_be_named(const struct page *page, const bool *selected)
{
	for (int i = 0; i < page->count; i++) {
		must(!selected || !selected[i] || page_is_element(page, i));
		if (page_is_element(page, i))
			must(page_name(page, i) && page_label(page, i) && page_text(page, i) &&
			     page_start_tag(page, i));
	}
}

static void find_faults(struct page *page)
{
	struct exercise exercise = {0};
	struct probe_run run = {
		.exercise = &exercise, .folder = ".", .tree_fd = -1, .arena = page->arena};
	struct page_place place = {&run, "index.html"};
	struct loads loads;

	page_loads(page, &place, &loads);
	must(loads.bytes == (int64_t)page->byte_count);
	for (size_t i = 0; i < fault_part_count; i++) {
		struct faults faults = {.arena = page->arena};

		fault_parts[i].find(page, &loads, &faults);
		for (size_t j = 0; j < faults.count; j++)
			must(faults.items[j].got && faults.items[j].item < page->count);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	mp_autoarena struct arena *arena = arena_new();
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	const struct selector *selector = NULL;
	struct mp_error err = {0};
	struct page page;
	const char *got = NULL;
	const char *say = NULL;
	char *copy;

	if (!end)
		return 0;
	if (selector_read(arena_bytes(arena, data, (size_t)(end - data)), arena, &selector, &err) <
	    0)
		selector = NULL;
	size -= (size_t)(end + 1 - data);
	/* Exactly as long as it is, so that a step too far is seen. */
	copy = malloc(size ? size : 1);
	must(copy != NULL);
	memcpy(copy, end + 1, size);
	if (page_parse(copy, size, arena, &page, &got, &say)) {
		must_be_tree(&page);
		must_be_named(&page, selector ? selector_match(selector, &page) : NULL);
		find_faults(&page);
	} else {
		must(got != NULL);
	}
	free(copy);
	return 0;
}
