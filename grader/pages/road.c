/* SPDX-License-Identifier: MIT */
/* The learner's road: how far, what waits, what next, the best score of each exercise. */
#include <errno.h>
#include <string.h>

#include "grader/pages/inner.h"
#include "grader/report/html_parts.h"
#include "grader/report/words.h"

enum { LINES_MOST = 8000 };

static void add_header(struct page *page, const struct standing *standing)
{
	put(page, "<div class=\"top\">\n<header>\n<h1><bdi>");
	put_text_most(page, page->learner.name[0] ? page->learner.name : page->learner.handle, 80);
	put(page, "</bdi></h1>\n<p class=\"soft\">");
	put_say(page, "Published exercises passed: %d of %d", (int)standing->passed,
		(int)standing->count);
	put(page, "</p>\n</header>\n");
	html_road(page->into, &standing->road);
	put(page, "</div>\n");
}

/* The lines that a push shows, so far. Returns the number of the last event. */
static int add_lines(struct page *page, const struct ticket *ticket, int64_t *ret_last)
{
	struct event *events = NULL;
	size_t count = 0;
	int ret = event_list(page->pages->ledger, ticket->id, 0, page->arena, &events, &count,
			     page->err);

	*ret_last = 0;
	for (size_t i = 0; ret == 0 && i < count; i++) {
		json_t *body = json_loads(events[i].body, 0, NULL);
		json_t *lines = json_object_get(body, "lines");
		size_t k;
		json_t *line;

		*ret_last = events[i].number;
		if (json_is_array(lines)) {
			json_array_foreach (lines, k, line) {
				put_text_most(page,
					      json_is_string(line) ? json_string_value(line) : "",
					      300);
				put(page, "\n");
			}
		}
		json_decref(body);
	}
	return ret;
}

/* The end of LINES that fits, from the start of a line. */
static const char *last_lines(const struct text *lines)
{
	const char *all = text_get(lines);
	const char *from = lines->length > LINES_MOST ? all + lines->length - LINES_MOST : all;

	if (from != all)
		from += strcspn(from, "\n");
	return *from == '\n' ? from + 1 : from;
}

/* What happens now; where the script listens for more. */
static int add_now(struct page *page, const struct standing *standing)
{
	const struct ticket *ticket = standing->ticket_count > 0 ? standing->tickets : NULL;
	mp_autotext struct text lines = {0};
	struct text *into = page->into;
	int64_t place = 0;
	int64_t last = 0;
	int ret = 0;

	page->into = &lines;
	if (ticket)
		ret = add_lines(page, ticket, &last);
	page->into = into;
	if (ret == 0 && ticket && ticket->state == TICKET_QUEUED)
		ret = ticket_place(page->pages->ledger, ticket->id, &place, page->err);
	if (ret < 0)
		return ret;
	put(page, "<section class=\"now\" id=\"now\" data-events=\"");
	put_text(page, page->base);
	putf(page, "/events/%lld/%lld\">\n", (long long)(ticket ? ticket->id : 0), (long long)last);
	if (ticket && ticket_is_open(ticket)) {
		put_say_in(page, "h2", "A push is being graded");
		put(page, "\n<p>");
		if (place > 0)
			put_say(page, "Place %d in the queue.", (int)place);
		put(page, " ");
		put_time(page, ticket->received_at);
		putf(page,
		     " <code>%.7s</code></p>\n<pre id=\"lines\" role=\"log\" tabindex=\"0\" "
		     "aria-label=\"",
		     ticket->commit);
		put_say(page, "What the push shows");
		putf(page, "\">%s</pre>\n", last_lines(&lines));
	} else if (ticket && ticket->state == TICKET_FAILED) {
		put_say_in(page, "p class=\"say\"",
			   "Your last push could not be graded. That is our fault: it does not "
			   "count as an attempt, and whoever runs this server sees it.");
	}
	put(page, "</section>\n");
	return 0;
}

static void add_next(struct page *page, const struct standing *standing)
{
	put(page, "<section class=\"next\">\n");
	put_say_in(page, "h2", "What next");
	put(page, "\n<p>");
	if (standing->next) {
		put_link(page, "/exercise/%s", standing->next->exercise->id);
		put_text(page, words_say(standing->next->exercise->title));
		put(page, "</a>. ");
		put_link(page, "/task/%s", standing->next->exercise->id);
		put_say(page, "Read the task");
		put(page, "</a>");
	} else {
		put_say(page, "Every exercise that is published is passed. More will come.");
	}
	put(page, "</p>\n</section>\n");
}

static void add_row(struct page *page, const struct stand *stand)
{
	put(page, "<tr><th scope=\"row\">");
	put_link(page, "/exercise/%s", stand->exercise->id);
	put_text(page, words_say(stand->exercise->title));
	put(page, "</a></th>");
	if (stand->best && strcmp(stand->best->result.status, "not-graded") != 0)
		putf(page, "<td class=\"n\">%d</td><td>", (int)stand->best->result.score);
	else
		put(page, "<td class=\"n\">-</td><td>");
	put_status(page, stand->best ? stand->best->result.status : "not-started");
	put(page, "</td></tr>\n");
}

static void add_milestone(struct page *page, const struct standing *standing, int number)
{
	size_t shown = 0;

	for (size_t i = 0; i < standing->count; i++) {
		const struct stand *stand = &standing->stands[i];

		if (stand->entry->milestone != number)
			continue;
		if (shown++ == 0) {
			putf(page, "<table class=\"list\"><caption><h3>%d ", number);
			put_text(page, words_say(page->pages->road->milestones[number - 1].title));
			put(page, "</h3></caption>\n<thead><tr><th scope=\"col\">");
			put_say(page, "Exercise");
			put(page, "</th><th scope=\"col\" class=\"n\">");
			put_say(page, "Best of 100");
			put(page, "</th><th scope=\"col\">");
			put_say(page, "How it stands");
			put(page, "</th></tr></thead>\n<tbody>\n");
		}
		add_row(page, stand);
	}
	if (shown > 0)
		put(page, "</tbody></table>\n");
}

int page_road(struct page *page)
{
	const char *name = page->learner.name[0] ? page->learner.name : page->learner.handle;
	struct standing standing;
	int ret = standing_find(page, page->learner.id, &standing);
	bool is_waiting = ret == 0 && standing.ticket_count > 0 && ticket_is_open(standing.tickets);
	const struct frame frame = {.title = name,
				    .refresh = is_waiting ? "10" : NULL,
				    .has_script = true,
				    .is_broad = true};

	if (ret < 0)
		return ret;
	page_open(page, &frame);
	add_header(page, &standing);
	put(page, "<main id=\"main\">\n");
	ret = add_now(page, &standing);
	if (ret < 0)
		return ret;
	add_next(page, &standing);
	put(page, "<section>\n");
	put_say_in(page, "h2", "The exercises");
	put(page, "\n");
	for (int number = 1; number <= MILESTONES; number++)
		add_milestone(page, &standing, number);
	put(page, "</section>\n");
	page_close(page);
	return 0;
}
