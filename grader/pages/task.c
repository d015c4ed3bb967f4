/* SPDX-License-Identifier: MIT */
/*
 * A task as a page. Markdown becomes HTML by cmark-gfm in its safe mode: raw HTML and addresses of scripts are
 * left out, so that a course's own task cannot do more than ours. Tables are of GitHub's kind: all tasks have some.
 */
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/pages/inner.h"
#include "grader/report/words.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { TASK_BYTES_MAX = 256 << 10 };

static char *html_of(const char *markdown, size_t count)
{
	const int options = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8;
	cmark_parser *parser;
	cmark_syntax_extension *tables;
	cmark_node *root;
	char *html;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(options);
	tables = cmark_find_syntax_extension("table");
	if (tables)
		(void)cmark_parser_attach_syntax_extension(parser, tables);
	cmark_parser_feed(parser, markdown, count);
	root = cmark_parser_finish(parser);
	html = cmark_render_html(root, options, cmark_parser_get_syntax_extensions(parser));
	cmark_node_free(root);
	cmark_parser_free(parser);
	return html;
}

/* A wide table moves in a frame of its own, which a keyboard can reach; the page stands still. */
static void add_framed(struct page *page, const char *html)
{
	static const char open[] = "<table>";
	static const char close[] = "</table>";

	for (const char *at = html; *at;) {
		const char *table = strstr(at, open);
		const char *end = table ? strstr(table, close) : NULL;

		if (!end)
			break;
		end += sizeof(close) - 1;
		text_add_bytes(page->into, at, (size_t)(table - at));
		put(page, "<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"");
		put_say(page, "A table, may be wider than the page");
		put(page, "\">");
		text_add_bytes(page->into, table, (size_t)(end - table));
		put(page, "</div>");
		at = html = end;
	}
	put(page, html);
}

int page_task(struct page *page)
{
	const struct exercise *exercise = pages_exercise(page->pages, page->id);
	const char *code = page->code;
	mp_autofree char *markdown = NULL;
	mp_autofree char *html = NULL;
	struct frame frame = {0};
	size_t count = 0;
	int ret;

	if (!exercise)
		return -ENOENT;
	ret = path_read_below(exercise->folder_fd,
			      arena_format(page->arena, "text/%s/task.md", code), TASK_BYTES_MAX,
			      &markdown, &count);
	if (ret == -ENOENT) {
		code = language_names[0].code;
		ret = path_read_below(exercise->folder_fd,
				      arena_format(page->arena, "text/%s/task.md", code),
				      TASK_BYTES_MAX, &markdown, &count);
	}
	if (ret < 0)
		return mp_fail(page->err, MP_FAULT_CONTENT, ret == -ENOENT ? -EBADMSG : ret,
			       "the task of %s", exercise->id);
	frame.title = words_say(exercise->title);
	html = html_of(markdown, count);
	page_open(page, &frame);
	put(page, "<main id=\"main\">\n");
	putf(page, "<article class=\"task\" lang=\"%s\">\n", code);
	add_framed(page, html);
	put(page, "</article>\n<p class=\"ways\">");
	put_link(page, "/starter/%s.zip", exercise->id);
	put_say(page, "Get the starter (zip)");
	put(page, "</a></p>\n");
	page_close(page);
	return 0;
}
