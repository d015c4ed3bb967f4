/* SPDX-License-Identifier: MIT */
/*
 * What a page loads: addresses in its elements and, through its style sheets, those in url() and @import. Each
 * file is looked for in the learner's tree; nothing is fetched.
 */
#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/page/inner.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { LOADS_MAX = 200, URL_MAX = 2000, SHEET_BYTES_MAX = 1 << 20 };

/* Which attribute of which element loads something. */
static const struct {
	const char *tag, *attribute;
} sources[] = {
	{"img", "src"},	   {"img", "srcset"},	   {"source", "src"},	    {"source", "srcset"},
	{"script", "src"}, {"link", "href"},	   {"iframe", "src"},	    {"frame", "src"},
	{"video", "src"},  {"video", "poster"},	   {"audio", "src"},	    {"track", "src"},
	{"embed", "src"},  {"object", "data"},	   {"input", "src"},	    {"image", "href"},
	{"use", "href"},   {"body", "background"}, {"table", "background"}, {"td", "background"},
};

/* What <link rel> makes the browser load, and what it only makes ready. Other words of rel load nothing. */
static const struct {
	const char *rel;
	bool is_hint;
} rels[] = {
	{"stylesheet", false},	  {"icon", false},	{"preload", false},
	{"modulepreload", false}, {"manifest", false},	{"apple-touch-icon", false},
	{"prefetch", false},	  {"preconnect", true}, {"dns-prefetch", true},
};

struct loading {
	const struct page *page;
	const struct page_place *place;
	struct loads *loads;
};

/* --- addresses ----------------------------------------------------------------------------- */

/* "https:", or a single letter as Windows writes a drive. 0: no scheme. */
static size_t scheme_length(const char *url)
{
	size_t count = 0;

	while (isalnum((unsigned char)url[count]) ||
	       (count > 0 && strchr("+-.", url[count]) && url[count]))
		count++;
	return count > 0 && url[count] == ':' && isalpha((unsigned char)url[0]) ? count + 1 : 0;
}

static bool begins(const char *text, const char *with)
{
	return strncasecmp(text, with, strlen(with)) == 0;
}

static int hex_of(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (tolower((unsigned char)c) - 'a') + 10;
}

/* Undo %20, and drop what stands behind ? and #. In ARENA. */
static char *plain_of(const char *url, struct arena *arena)
{
	char *plain = arena_bytes(arena, url, strcspn(url, "?#"));
	char *to = plain;

	for (const char *from = plain; *from; from++) {
		bool is_code = *from == '%' && isxdigit((unsigned char)from[1]) &&
			       isxdigit((unsigned char)from[2]);

		*to++ = is_code ? (char)(hex_of(from[1]) * 16 + hex_of(from[2])) : *from;
		from += is_code ? 2 : 0;
	}
	*to = '\0';
	return plain;
}

/*
 * The path from the top of the tree that URL means in a file at BASE. NULL: it leads out of the tree. A leading
 * slash means the exercise's folder, as if it were a site of its own.
 */
static const char *path_of(const char *url, const char *base, const char *folder,
			   struct arena *arena)
{
	const char *slash = strrchr(base, '/');
	const char *plain = plain_of(url, arena);
	const char *whole;
	char *path;
	size_t length = 0;

	if (*plain == '/')
		whole = arena_format(arena, "%s/%s", folder, plain);
	else
		whole = arena_format(arena, "%.*s/%s", slash ? (int)(slash - base) : 0, base,
				     plain);
	path = arena_alloc(arena, strlen(whole) + 2, 1);
	while (*whole) {
		size_t count = strcspn(whole, "/");

		if (count == 2 && memcmp(whole, "..", 2) == 0) {
			if (length == 0)
				return NULL;
			while (length > 0 && path[--length] != '/')
				;
		} else if (count > 0 && !(count == 1 && *whole == '.')) {
			if (length > 0)
				path[length++] = '/';
			memcpy(path + length, whole, count);
			length += count;
		}
		path[length] = '\0';
		whole += count + (whole[count] == '/');
	}
	return path;
}

static int64_t bytes_of(int tree_fd, const char *path)
{
	struct stat status;
	mp_autofd int fd = *path ? path_open_below(tree_fd, path, O_RDONLY | O_NONBLOCK) : -1;

	return fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)
		       ? (int64_t)status.st_size
		       : -1;
}

/* --- one load ------------------------------------------------------------------------------ */

static bool is_known(const struct loads *loads, const char *path, const char *url)
{
	for (size_t i = 0; i < loads->count; i++) {
		const struct load *load = &loads->items[i];

		if (path && load->path ? strcmp(path, load->path) == 0
				       : strcmp(url, load->url) == 0)
			return true;
	}
	return false;
}

static void add_url(struct loading *loading, int item, const char *from, const char *url,
		    size_t count)
{
	struct arena *arena = loading->page->arena;
	struct probe_run *run = loading->place->run;
	struct load load = {.item = item, .from = from, .bytes = -1};
	const char *base = from ? from : loading->place->path;
	const char *text;
	size_t scheme;

	while (count > 0 && isspace((unsigned char)*url)) {
		url++;
		count--;
	}
	while (count > 0 && isspace((unsigned char)url[count - 1]))
		count--;
	text = arena_bytes(arena, url, count < URL_MAX ? count : URL_MAX);
	scheme = scheme_length(text);
	if (count == 0 || *text == '#' || begins(text, "data:") || begins(text, "about:") ||
	    begins(text, "javascript:") || loading->loads->count == LOADS_MAX)
		return;
	load.url = page_visible(arena, text, strlen(text), 80);
	load.is_remote = begins(text, "//") || (scheme > 2 && !begins(text, "file:"));
	if (!load.is_remote && scheme == 0)
		load.path = path_of(text, base, strcmp(run->folder, ".") == 0 ? "" : run->folder,
				    arena);
	if (is_known(loading->loads, load.path, load.url))
		return;
	if (load.path)
		load.bytes = bytes_of(run->tree_fd, load.path);
	*(struct load *)arena_push(arena, &loading->loads->items, &loading->loads->count,
				   sizeof(load)) = load;
}

/* "a.jpg 1x, b.jpg 2x" */
static void add_srcset(struct loading *loading, int item, const char *set)
{
	while (*set) {
		size_t count;

		set += strspn(set, ", \t\r\n");
		count = strcspn(set, " \t\r\n");
		if (count > 0)
			add_url(loading, item, NULL, set, count - (set[count - 1] == ','));
		if (count > 0 && set[count - 1] == ',') {
			set += count;
			continue;
		}
		set += count;
		set += strcspn(set, ",");
	}
}

/* --- style sheets -------------------------------------------------------------------------- */

/* The address at *AT, in quotes or up to a closing mark; *AT goes behind it. */
static void add_css_url(struct loading *loading, int item, const char *from, const char **at)
{
	const char *start = *at + strspn(*at, " \t\r\n");
	size_t count;

	if (*start == '"' || *start == '\'') {
		const char quote[] = {*start, '\n', '\0'};

		start++;
		count = strcspn(start, quote);
	} else {
		count = strcspn(start, ") \t\r\n;");
	}
	add_url(loading, item, from, start, count);
	*at = start + count;
}

static void add_css(struct loading *loading, int item, const char *from, const char *css)
{
	static const char *const marks[] = {"url(", "@import"};

	while (*css) {
		bool is_mark = false;

		if (strncmp(css, "/*", 2) == 0) {
			const char *end = strstr(css + 2, "*/");

			css = end ? end + 2 : css + strlen(css);
			continue;
		}
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && !is_mark; i++) {
			const char *behind = css + strlen(marks[i]);

			if (!begins(css, marks[i]))
				continue;
			is_mark = true;
			css = behind + strspn(behind, " \t\r\n");
			/* @import url(...) is found by the other mark. */
			if (marks[i][0] != '@' || *css == '"' || *css == '\'')
				add_css_url(loading, item, from, &css);
		}
		css += !is_mark && *css;
	}
}

/* The style sheets among what was found so far and what they load in turn. The list grows on the way. */
static void read_sheets(struct loading *loading)
{
	for (size_t i = 0; i < loading->loads->count; i++) {
		struct load load = loading->loads->items[i];
		size_t length = load.path ? strlen(load.path) : 0;
		mp_autofree char *css = NULL;
		size_t count = 0;

		if (load.bytes < 0 || length < 4 || strcasecmp(load.path + length - 4, ".css") != 0)
			continue;
		if (path_read_below(loading->place->run->tree_fd, load.path, SHEET_BYTES_MAX, &css,
				    &count) == 0)
			add_css(loading, load.item, load.path, css);
	}
}

/* --- the page ------------------------------------------------------------------------------ */

/* Does this <link> load something? */
static bool is_loading_link(const char *rel, bool *ret_is_hint)
{
	while (rel && *rel) {
		size_t count = strcspn(rel, " \t\r\n");

		for (size_t i = 0; i < sizeof(rels) / sizeof(rels[0]); i++) {
			if (strlen(rels[i].rel) == count &&
			    strncasecmp(rels[i].rel, rel, count) == 0) {
				*ret_is_hint = rels[i].is_hint;
				return true;
			}
		}
		rel += count;
		rel += strspn(rel, " \t\r\n");
	}
	return false;
}

static void add_attribute(struct loading *loading, int item, const char *attribute)
{
	const struct page *page = loading->page;
	const char *value = page_attribute(page, item, attribute);
	size_t before = loading->loads->count;
	bool is_hint = false;

	if (!value)
		return;
	if (strcmp(page->items[item].tag, "link") == 0 &&
	    !is_loading_link(page_attribute(page, item, "rel"), &is_hint))
		return;
	if (strcmp(attribute, "srcset") == 0)
		add_srcset(loading, item, value);
	else
		add_url(loading, item, NULL, value, strlen(value));
	if (loading->loads->count > before)
		loading->loads->items[before].is_hint = is_hint;
}

static void add_element(struct loading *loading, int item)
{
	const struct page *page = loading->page;
	const char *style = page_attribute(page, item, "style");
	const char *tag = page->items[item].tag;

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		if (strcmp(sources[i].tag, tag) == 0)
			add_attribute(loading, item, sources[i].attribute);
	}
	if (style)
		add_css(loading, item, NULL, style);
	if (strcmp(tag, "style") == 0 && page->items[item].end > item + 1)
		add_css(loading, item, NULL, page->items[item + 1].node->v.text.text);
}

void page_loads(const struct page *page, const struct page_place *place, struct loads *ret_loads)
{
	struct loading loading = {page, place, ret_loads};

	*ret_loads = (struct loads){.bytes = (int64_t)page->byte_count};
	for (int i = 0; i < page->count; i++) {
		if (page_is_element(page, i))
			add_element(&loading, i);
	}
	read_sheets(&loading);
	for (size_t i = 0; i < ret_loads->count; i++)
		ret_loads->bytes += ret_loads->items[i].bytes > 0 ? ret_loads->items[i].bytes : 0;
}
