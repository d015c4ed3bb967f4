/* SPDX-License-Identifier: MIT */
/*
 * What all pages share: how text gets into them, their frame, their headers.
 *
 * Markup is written by put() and putf() and is ours alone; every text that somebody else wrote goes through
 * put_text(). Attributes stand in double quotes, which put_text() escapes.
 */
#include <string.h>
#include <time.h>

#include "grader/pages/inner.h"
#include "grader/report/html_parts.h"
#include "grader/report/words.h"

/* A page of ours: its style, its script, its forms, its own events, and nothing else. */
static const char page_policy[] =
	"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

void put(struct page *page, const char *markup)
{
	text_add(page->into, markup);
}

void putf(struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vaddf(page->into, format, args);
	va_end(args);
}

void put_text(struct page *page, const char *text)
{
	html_add(page->into, text);
}

void put_text_most(struct page *page, const char *text, size_t most)
{
	html_add_most(page->into, text, most);
}

static const char *vsay(struct page *page, const char *format, va_list args)
{
	mp_autotext struct text english = {0};

	text_vaddf(&english, format, args);
	return words_say(arena_text(page->arena, text_get(&english)));
}

const char *say(struct page *page, const char *format, ...)
{
	const char *words;
	va_list args;

	va_start(args, format);
	words = vsay(page, format, args);
	va_end(args);
	return words;
}

void put_say(struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_text(page, vsay(page, format, args));
	va_end(args);
}

void put_say_in(struct page *page, const char *element, const char *format, ...)
{
	size_t name = strcspn(element, " ");
	va_list args;

	va_start(args, format);
	putf(page, "<%s>", element);
	put_text(page, vsay(page, format, args));
	putf(page, "</%.*s>", (int)name, element);
	va_end(args);
}

void put_link(struct page *page, const char *format, ...)
{
	mp_autotext struct text rest = {0};
	va_list args;

	va_start(args, format);
	text_vaddf(&rest, format, args);
	va_end(args);
	put(page, "<a href=\"");
	put_text(page, page->base);
	put_text(page, text_get(&rest));
	put(page, "\">");
}

void put_time(struct page *page, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm here = {0};
	struct tm utc = {0};
	char machine[40];
	char people[60];

	if (!localtime_r(&seconds, &here) || !gmtime_r(&seconds, &utc) ||
	    strftime(machine, sizeof(machine), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0 ||
	    strftime(people, sizeof(people), "%Y-%m-%d %H:%M %Z", &here) == 0)
		return;
	putf(page, "<time datetime=\"%s\">", machine);
	put_text(page, people);
	put(page, "</time>");
}

void put_status(struct page *page, const char *status)
{
	static const enum word words[STATUS_COUNT] = {
		[STATUS_PASSED] = WORD_PASSED,	       [STATUS_MASTERED] = WORD_MASTERED,
		[STATUS_NEEDS_WORK] = WORD_NEEDS_WORK, [STATUS_NOT_STARTED] = WORD_NOT_STARTED,
		[STATUS_NOT_GRADED] = WORD_NOT_GRADED,
	};

	for (size_t i = 0; i < STATUS_COUNT; i++) {
		if (strcmp(status, status_words[i]) == 0) {
			putf(page, "<span class=\"%s\"><strong>%s</strong></span>", status,
			     word_text(words[i]));
			return;
		}
	}
	put_text(page, status);
}

/* --- the frame ---------------------------------------------------------------------------------- */

static void add_ways(struct page *page)
{
	put(page, "<a class=\"skip\" href=\"#main\">");
	put_say(page, "Skip to the page");
	put(page, "</a>\n<nav class=\"ways\" aria-label=\"");
	put_say(page, "Where you are");
	put(page, "\">");
	if (page->asker == ASKER_INSTRUCTOR) {
		put(page, "<a href=\"/class\">");
		put_say(page, "Learners");
		put(page, "</a> <a href=\"/failed\">");
		put_say(page, "Failed tickets");
		put(page, "</a> ");
	}
	if (page->base) {
		put_link(page, "%s", "");
		put_say(page, "The road");
		put(page, "</a> ");
	}
	if (page->id && page->base && pages_exercise(page->pages, page->id)) {
		put_link(page, "/exercise/%s", page->id);
		put_text(page, words_say(pages_exercise(page->pages, page->id)->title));
		put(page, "</a>");
	}
	put(page, "</nav>\n");
}

void page_open(struct page *page, const struct frame *frame)
{
	page_type(page, "text/html; charset=utf-8", NULL);
	putf(page, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
	     page->code);
	put(page, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		  "<meta name=\"color-scheme\" content=\"light dark\">\n"
		  "<meta name=\"robots\" content=\"noindex\">\n<title>");
	put_text_most(page, frame->title, 120);
	put(page, " - milepost</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n");
	/* Without script only, and only while something is awaited. */
	if (frame->refresh)
		putf(page, "<noscript><meta http-equiv=\"refresh\" content=\"%s\"></noscript>\n",
		     frame->refresh);
	if (frame->has_script)
		put(page, "<script src=\"/live.js\" defer></script>\n");
	putf(page, "</head>\n<body%s>\n", frame->is_broad ? " class=\"broad\"" : "");
	add_ways(page);
}

void page_close(struct page *page)
{
	put(page, "</main>\n<footer>\n");
	if (page->has_session) {
		put(page, "<form method=\"post\" action=\"/sign-out\">"
			  "<input type=\"hidden\" name=\"form\" value=\"");
		put_text(page, page->session.form);
		put(page, "\"><button>");
		put_say(page, "Sign out");
		put(page, "</button></form>\n");
	}
	putf(page, "<p>milepost %s</p>\n</footer>\n</body>\n</html>\n", MILEPOST_VERSION);
}

int page_tell(struct page *page, unsigned int status, const char *title, const char *sentence)
{
	const struct frame frame = {.title = say(page, "%s", title)};

	if (page->is_for_programs)
		return json_tell(page, status, title, sentence);
	page->answer->status = status;
	page->id = NULL;
	page_open(page, &frame);
	put(page, "<main id=\"main\">\n");
	put_say_in(page, "h1", "%s", title);
	put_say_in(page, "p", "%s", sentence);
	put(page, "<p><a href=\"/\">");
	put_say(page, "To the first page");
	put(page, "</a></p>\n");
	page_close(page);
	return 0;
}

/* --- headers ------------------------------------------------------------------------------------ */

void page_header(struct page *page, const char *name, const char *value)
{
	struct page_answer *answer = page->answer;

	for (size_t i = 0; i < answer->header_count; i++) {
		if (strcmp(answer->headers[i].name, name) == 0) {
			answer->headers[i].value = value;
			return;
		}
	}
	if (answer->header_count < PAGE_HEADERS_MAX)
		answer->headers[answer->header_count++] = (struct page_header){name, value};
}

void page_type(struct page *page, const char *type, const char *policy)
{
	page_header(page, "Content-Type", type);
	page_header(page, "Content-Security-Policy", policy ? policy : page_policy);
}

int page_send_to(struct page *page, const char *address)
{
	page->answer->status = 303;
	page_header(page, "Location", address);
	page_type(page, "text/plain; charset=utf-8", "default-src 'none'");
	return 0;
}
