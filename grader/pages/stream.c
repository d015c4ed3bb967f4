/* SPDX-License-Identifier: MIT */
/*
 * What happens to a push, as server-sent events. A page names the newest ticket it knows and the last event of
 * it that it shows; the stream tells the lines that come after, and ends with "anew" when the page itself is to
 * be loaded again: the ticket has ended, or a newer one has come.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/pages/inner.h"
#include "sandbox/base/cleanup.h"

/* One event's lines; ids are "TICKET.NUMBER". Line ends in them are escaped by JSON. */
static void add_event(struct text *into, const struct event *event)
{
	json_t *body = json_loads(event->body, JSON_REJECT_DUPLICATES, NULL);
	json_t *lines = json_object_get(body, "lines");
	mp_autofree char *data =
		json_is_array(lines) ? json_dumps(lines, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;

	if (data && json_array_size(lines) > 0)
		text_addf(into, "id: %lld.%lld\nevent: lines\ndata: %s\n\n",
			  (long long)event->ticket, (long long)event->number, data);
	json_decref(body);
}

static int add_news(const struct pages *pages, struct page_stream *stream, struct arena *arena,
		    struct text *into, bool *ret_is_over, struct mp_error *err)
{
	struct event *events = NULL;
	struct ticket *newest = NULL;
	size_t event_count = 0;
	size_t newest_count = 0;
	int ret = 0;

	if (stream->ticket > 0)
		ret = event_list(pages->ledger, stream->ticket, stream->after, arena, &events,
				 &event_count, err);
	if (ret == 0)
		ret = ticket_list(pages->ledger, stream->learner, TICKET_STATES, 1, arena, &newest,
				  &newest_count, err);
	if (ret < 0)
		return ret;
	for (size_t i = 0; i < event_count; i++) {
		add_event(into, &events[i]);
		stream->after = events[i].number;
		*ret_is_over |= strcmp(events[i].kind, "ended") == 0;
	}
	*ret_is_over |= newest_count > 0 && newest[0].id > stream->ticket;
	return 0;
}

int pages_stream(const struct pages *pages, struct page_stream *stream, struct text *into,
		 bool *ret_is_over, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	int ret;

	*ret_is_over = false;
	ret = add_news(pages, stream, arena, into, ret_is_over, err);
	if (ret == 0 && *ret_is_over)
		text_add(into, "event: anew\ndata: 1\n\n");
	return ret;
}

/* Where a reader that comes again was: "TICKET.NUMBER" of the same ticket. */
static void go_on_from(struct page *page, struct page_stream *stream)
{
	const char *last = page->request->last_event ? page->request->last_event : "";
	size_t digits = strspn(last, "0123456789");
	int64_t ticket = number_read(arena_bytes(page->arena, last, digits));
	int64_t number = last[digits] == '.' ? number_read(last + digits + 1) : -1;

	if (ticket == stream->ticket && number > stream->after)
		stream->after = number;
}

int page_events(struct page *page)
{
	struct page_stream *stream = &page->answer->stream;
	struct ticket ticket;
	bool is_over = false;
	int ret = 0;

	*stream = (struct page_stream){page->learner.id, page->number[0], page->number[1]};
	if (stream->ticket > 0)
		ret = ticket_find(page->pages->ledger, stream->ticket, page->arena, &ticket,
				  page->err);
	/* Another learner's ticket is not there. */
	if (ret == 0 && stream->ticket > 0 && ticket.learner != page->learner.id)
		ret = -ENOENT;
	if (ret < 0)
		return ret;
	go_on_from(page, stream);
	page_type(page, "text/event-stream", "default-src 'none'");
	put(page, "retry: 5000\n\n");
	ret = pages_stream(page->pages, stream, page->into, &is_over, page->err);
	page->answer->is_stream = ret == 0 && !is_over;
	return ret;
}
