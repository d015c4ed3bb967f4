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

static void add_help(struct page *page, const struct help *help)
{
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

static void add_learner(struct page *page, const struct class_line *line)
{
	const struct learner *learner = &line->learner;

	put(page, "<tr><th scope=\"row\"><a href=\"/learners/");
	put_text(page, learner->handle);
	put(page, "\">");
	put_text(page, learner->handle);
	put(page, "</a>");
	if (learner->name[0]) {
		put(page, "<br><small><bdi>");
		put_text_most(page, learner->name, 60);
		put(page, "</bdi></small>");
	}
	putf(page, "</th><td class=\"n\">%zu</td><td>", line->passed);
	if (learner->section[0]) {
		put(page, "<bdi>");
		put_text_most(page, learner->section, 40);
		put(page, "</bdi><br>");
	}
	put_text(page, learner->track);
	put(page, "</td><td>");
	if (line->last_push_ms > 0)
		put_time(page, line->last_push_ms);
	else
		put(page, "-");
	put(page, "</td><td class=\"needs-work\">");
	add_help(page, &line->help);
	put(page, "</td></tr>\n");
}

static void add_heads(struct page *page, const char *const *heads)
{
	put(page, "<thead><tr>");
	for (; *heads; heads++) {
		put(page, "<th scope=\"col\">");
		put_say(page, "%s", *heads);
		put(page, "</th>");
	}
	put(page, "</tr></thead>\n<tbody>\n");
}

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

/* A wide table moves in a frame of its own. */
static void open_table(struct page *page, const char *caption, const char *const *heads)
{
	put(page, "<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"");
	put_say(page, "%s", caption);
	put(page, "\">\n<table class=\"list\"><caption>");
	put_say(page, "%s", caption);
	put(page, "</caption>\n");
	add_heads(page, heads);
}

int page_class(struct page *page)
{
	static const char *const heads[] = {"Handle",	 "Passed",     "Section and track",
					    "Last push", "Needs help", NULL};
	const struct frame frame = {.title = say(page, "Learners")};
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
		open_table(page, "All learners, by section and handle", heads);
		for (size_t i = 0; i < count; i++)
			add_learner(page, &lines[i]);
		put(page, "</tbody></table>\n</div>\n");
	}
	add_pages(page, number, pages);
	page_close(page);
	return 0;
}

int page_failed(struct page *page)
{
	static const char *const heads[] = {"Ticket", "Handle", "Commit", "Received", "Why", NULL};
	const struct frame frame = {.title = say(page, "Failed tickets")};
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
		open_table(page, "The newest first: our faults, never the learner's", heads);
	for (size_t i = 0; i < count; i++) {
		putf(page, "<tr><th scope=\"row\">%lld</th><td><a href=\"/learners/",
		     (long long)tickets[i].id);
		put_text(page, tickets[i].handle);
		put(page, "\">");
		put_text(page, tickets[i].handle);
		putf(page, "</a></td><td><code>%.7s</code></td><td>", tickets[i].commit);
		put_time(page, tickets[i].received_at);
		put(page, "</td><td>");
		put_text_most(page, tickets[i].reason, 300);
		put(page, "</td></tr>\n");
	}
	if (count > 0)
		put(page, "</tbody></table>\n</div>\n");
	put(page, "<p class=\"soft\">");
	put_say(page, "To grade one again: milepost admin ticket retry NUMBER");
	put(page, "</p>\n");
	page_close(page);
	return 0;
}
