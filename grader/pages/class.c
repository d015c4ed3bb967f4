/* SPDX-License-Identifier: MIT */
/* The instructor's pages: all learners, and tickets that failed. */
#include <errno.h>
#include <string.h>

#include "grader/pages/inner.h"

static size_t count_passed(const struct score *best, size_t count)
{
	size_t passed = 0;

	for (size_t i = 0; i < count; i++)
		passed += status_is_passed(best[i].result.status);
	return passed;
}

static int fill_line(struct page *page, const struct learner *learner, struct class_line *line)
{
	struct ledger *ledger = page->pages->ledger;
	struct ticket *tickets = NULL;
	struct score *best = NULL;
	struct score *all = NULL;
	size_t ticket_count = 0;
	size_t best_count = 0;
	size_t all_count = 0;
	int ret = score_list(ledger, learner->id, SCORE_BEST, page->arena, &best, &best_count,
			     page->err);

	if (ret == 0)
		ret = score_list(ledger, learner->id, SCORE_ALL, page->arena, &all, &all_count,
				 page->err);
	if (ret == 0)
		ret = ticket_list(ledger, learner->id, TICKET_STATES, 1, page->arena, &tickets,
				  &ticket_count, page->err);
	if (ret < 0)
		return ret;
	*line = (struct class_line){.learner = *learner,
				    .passed = count_passed(best, best_count),
				    .last_push_ms = ticket_count > 0 ? tickets[0].received_at : 0};
	line->help = help_needed(all, all_count, line->last_push_ms, page->request->now_ms);
	return 0;
}

int class_find(struct page *page, int64_t number, struct class_line **ret_lines, size_t *ret_count,
	       int64_t *ret_pages)
{
	struct learner *learners = NULL;
	size_t count = 0;
	size_t from;
	int ret = learner_list(page->pages->ledger, page->arena, &learners, &count, page->err);

	if (ret < 0)
		return ret;
	*ret_pages = count > 0 ? (int64_t)((count + CLASS_PAGE - 1) / CLASS_PAGE) : 1;
	if (number < 1 || number > *ret_pages)
		return -ENOENT;
	from = (size_t)(number - 1) * CLASS_PAGE;
	*ret_count = count - from < CLASS_PAGE ? count - from : CLASS_PAGE;
	*ret_lines = arena_alloc(page->arena, *ret_count + 1, sizeof(**ret_lines));
	for (size_t i = 0; ret == 0 && i < *ret_count; i++)
		ret = fill_line(page, &learners[from + i], &(*ret_lines)[i]);
	return ret;
}

/* --- tables: a head and its cells are one row here, so that they cannot part ---------------------- */

struct column {
	const char *head;
	const char *class; /* of its cells */
	void (*add)(struct page *page, const void *row);
};

enum { COLUMNS = 5 };

/* ROWS of SIZE bytes as a table, in a frame of its own: it may be wider than a phone. */
static void add_table(struct page *page, const char *caption, const struct column columns[COLUMNS],
		      const void *rows, size_t count, size_t size)
{
	put(page, "<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"");
	put_say(page, "%s", caption);
	put(page, "\">\n<table class=\"list\"><caption>");
	put_say(page, "%s", caption);
	put(page, "</caption>\n<thead><tr>");
	for (size_t i = 0; i < COLUMNS; i++) {
		putf(page, "<th scope=\"col\" class=\"%s\">", columns[i].class);
		put_say(page, "%s", columns[i].head);
		put(page, "</th>");
	}
	put(page, "</tr></thead>\n<tbody>\n");
	for (size_t k = 0; k < count; k++) {
		put(page, "<tr>");
		for (size_t i = 0; i < COLUMNS; i++) {
			const char *element = i == 0 ? "th scope=\"row\"" : "td";

			putf(page, "<%s class=\"%s\">", element, columns[i].class);
			columns[i].add(page, (const char *)rows + k * size);
			putf(page, "</%.2s>", element);
		}
		put(page, "</tr>\n");
	}
	put(page, "</tbody></table>\n</div>\n");
}

static void add_way_to(struct page *page, const char *handle)
{
	put(page, "<a href=\"/learners/");
	put_text(page, handle);
	put(page, "\">");
	put_text(page, handle);
	put(page, "</a>");
}

/* --- learners -------------------------------------------------------------------------------------- */

static void add_who(struct page *page, const void *row)
{
	const struct learner *learner = &((const struct class_line *)row)->learner;

	add_way_to(page, learner->handle);
	if (learner->name[0]) {
		put(page, "<br><small><bdi>");
		put_text_most(page, learner->name, 60);
		put(page, "</bdi></small>");
	}
}

static void add_help(struct page *page, const void *row)
{
	const struct help *help = &((const struct class_line *)row)->help;

	switch (help->need) {
	case NEED_NONE:
		return;
	case NEED_FIRST_PUSH:
		put_say_in(page, "strong", "has not pushed yet");
		return;
	case NEED_QUIET:
		put_say_in(page, "strong", "no push for %d days", (int)help->count);
		return;
	case NEED_STUCK:
		put_say_in(page, "strong", "%d pushes without a better score", (int)help->count);
		put(page, " <code>");
		put_text(page, help->exercise);
		put(page, "</code>");
		return;
	}
}

static void add_passed(struct page *page, const void *row)
{
	putf(page, "%zu", ((const struct class_line *)row)->passed);
}

static void add_last_push(struct page *page, const void *row)
{
	int64_t ms = ((const struct class_line *)row)->last_push_ms;

	if (ms > 0)
		put_time(page, ms);
	else
		put(page, "-");
}

static void add_section(struct page *page, const void *row)
{
	const struct learner *learner = &((const struct class_line *)row)->learner;

	if (learner->section[0]) {
		put(page, "<bdi>");
		put_text_most(page, learner->section, 40);
		put(page, "</bdi><br>");
	}
	put_text(page, learner->track);
}

static const struct column class_columns[COLUMNS] = {
	{"Handle", "", add_who},
	{"Needs help", "text needs-work", add_help},
	{"Passed", "n", add_passed},
	{"Last push", "", add_last_push},
	{"Section and track", "", add_section},
};

static void add_pages(struct page *page, int64_t number, int64_t pages)
{
	if (pages < 2)
		return;
	put(page, "<nav class=\"ways\" aria-label=\"");
	put_say(page, "Pages of the list");
	put(page, "\">");
	if (number > 1) {
		putf(page, "<a href=\"/class/%lld\" rel=\"prev\">", (long long)number - 1);
		put_say(page, "Earlier page");
		put(page, "</a> ");
	}
	put_say(page, "Page %d of %d", (int)number, (int)pages);
	if (number < pages) {
		putf(page, " <a href=\"/class/%lld\" rel=\"next\">", (long long)number + 1);
		put_say(page, "Next page");
		put(page, "</a>");
	}
	put(page, "</nav>\n");
}

int page_class(struct page *page)
{
	const struct frame frame = {.title = say(page, "Learners"), .is_broad = true};
	int64_t number = page->number[0] < 0 ? 1 : page->number[0];
	struct class_line *lines = NULL;
	size_t count = 0;
	int64_t pages = 1;
	int ret = class_find(page, number, &lines, &count, &pages);

	if (ret < 0)
		return ret;
	page_open(page, &frame);
	put(page, "<main id=\"main\">\n");
	put_say_in(page, "h1", "Learners");
	put(page, "\n");
	if (count == 0) {
		put_say_in(page, "p",
			   "There are no learners yet: milepost admin learner add HANDLE");
	} else {
		add_table(page, "All learners, by section and handle", class_columns, lines, count,
			  sizeof(*lines));
	}
	add_pages(page, number, pages);
	page_close(page);
	return 0;
}

/* --- tickets --------------------------------------------------------------------------------------- */

static void add_number(struct page *page, const void *row)
{
	putf(page, "%lld", (long long)((const struct ticket *)row)->id);
}

static void add_whose(struct page *page, const void *row)
{
	add_way_to(page, ((const struct ticket *)row)->handle);
}

static void add_reason(struct page *page, const void *row)
{
	put_text_most(page, ((const struct ticket *)row)->reason, 300);
}

static void add_received(struct page *page, const void *row)
{
	put_time(page, ((const struct ticket *)row)->received_at);
}

static void add_commit(struct page *page, const void *row)
{
	putf(page, "<code>%.7s</code>", ((const struct ticket *)row)->commit);
}

static const struct column failed_columns[COLUMNS] = {
	{"Ticket", "", add_number},	{"Handle", "", add_whose},  {"Why", "text", add_reason},
	{"Received", "", add_received}, {"Commit", "", add_commit},
};

int page_failed(struct page *page)
{
	const struct frame frame = {.title = say(page, "Failed tickets"), .is_broad = true};
	struct ticket *tickets = NULL;
	size_t count = 0;
	int ret = ticket_list(page->pages->ledger, 0, TICKET_FAILED, FAILED_MOST, page->arena,
			      &tickets, &count, page->err);

	if (ret < 0)
		return ret;
	page_open(page, &frame);
	put(page, "<main id=\"main\">\n");
	put_say_in(page, "h1", "Failed tickets");
	put(page, "\n");
	if (count == 0)
		put_say_in(page, "p", "None: every push could be graded.");
	else
		add_table(page, "Our faults, the newest first", failed_columns, tickets, count,
			  sizeof(*tickets));
	put(page, "<p class=\"soft\">");
	put_say(page, "To grade one again: milepost admin tickets retry NUMBER");
	put(page, "</p>\n");
	page_close(page);
	return 0;
}
