/* SPDX-License-Identifier: MIT */
/* Pages as a parser sees them: parts, faults with their places, names, loads, near misses, hostile files. */
#include "tests/helper/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/intake/submission.h"
#include "grader/match/match.h"
#include "grader/page/inner.h"
#include "grader/page/page.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"

static char work[] = "/tmp/t-page-XXXXXX";
static int tree_fd = -1;

static void put(const char *path, const char *bytes, size_t count)
{
	int fd = path_create_below(tree_fd, path, O_WRONLY | O_TRUNC, 0644);

	OK(fd >= 0 && path_write_all(fd, bytes, count) == 0);
	(void)close(fd);
}

static struct outcome ask_of(const char *path, const char *select, const char *expect,
			     struct submission *submission, struct arena *arena)
{
	struct page_keys keys = {select};
	struct step step = {.verb = &page_probe.verbs[0],
			    .target = path,
			    .keys = &keys,
			    .expect = json_loads(expect, 0, NULL)};
	struct check check = {.id = "page", .steps = &step, .step_count = 1};
	struct outcome outcome = {0};
	struct mp_error err = {0};
	struct names *names = NULL;
	struct probe_run run = {.check = &check,
				.submission = submission,
				.tree_fd = tree_fd,
				.folder = "exercises/profile-page",
				.arena = arena};

	OK(step.expect != NULL);
	IS(names_new(NULL, 1, &names, &err), 0);
	run.names = names;
	IS(page_probe.run(&run, &outcome, &err), 0);
	(void)names_free(names);
	json_decref(json_readable(step.expect));
	return outcome;
}

static struct outcome ask(const char *page, const char *select, const char *expect,
			  struct arena *arena)
{
	put("exercises/profile-page/index.html", page, strlen(page));
	return ask_of("index.html", select, expect, NULL, arena);
}

/* Path, wanted and got of every mismatch, and the sentence, as one text. */
static const char *told_of(const struct outcome *outcome, struct arena *arena)
{
	const char *told = "";

	for (size_t i = 0; i < outcome->evidence_count; i++) {
		const struct evidence *evidence = &outcome->evidence[i];

		for (size_t j = 0; j < evidence->mismatch_count; j++)
			told = arena_format(arena, "%s%s: %s\n", told, evidence->mismatches[j].path,
					    evidence->mismatches[j].got);
		told = arena_format(arena, "%s%s\n", told, evidence->say ? evidence->say : "");
	}
	return told;
}

/* --- parts --------------------------------------------------------------------------------- */

struct row {
	const char *page, *select, *expect;
	const char *told; /* a part of what is told; NULL: it passes */
};

static const struct row value_rows[] = {
	{"<!DOCTYPE html><p>a", NULL, "{\"doctype\": \"html\"}", NULL},
	{"<!doctype HTML><p>a", NULL, "{\"doctype\": \"html\"}", NULL},
	{"<p>a", NULL, "{\"doctype\": \"html\"}", "as its first line"},
	{"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.0 Transitional//EN\"><p>a", NULL,
	 "{\"doctype\": \"html\"}", "4.0 Transitional"},
	{"<html lang=hi>", NULL, "{\"lang\": \"hi\"}", NULL},
	{"<html>", NULL, "{\"lang\": \"$any\"}", "lang"},
	{"<meta charset=UTF-8>", NULL, "{\"charset\": \"utf-8\"}", NULL},
	{"<meta http-equiv=Content-Type content='text/html; charset=utf-8'>", NULL,
	 "{\"charset\": \"utf-8\"}", NULL},
	{"<meta charset=latin1>", NULL, "{\"charset\": \"utf-8\"}", "latin1"},
	{"<p>a", NULL, "{\"charset\": \"utf-8\"}", "charset"},
	{"<meta name=viewport content='width=device-width'>", NULL,
	 "{\"viewport\": {\"$contains\": \"device-width\"}}", NULL},
	{"<title> Asha\n Rao </title>", NULL, "{\"title\": \"Asha Rao\"}", NULL},
	{"<h1>A <b>b</b></h1><h2>C</h2>", NULL,
	 "{\"headings\": [{\"level\": 1, \"text\": \"A b\"}, {\"level\": 2}]}", NULL},
	{"<p>a", NULL, "{\"headings\": {\"$each\": {\"level\": 1}}}", "headings"},
	{"<p>a", NULL, "{\"weight\": \"1K\"}", NULL},
	{"<p>a", NULL, "{\"weight\": \"1\"}", "weight"},
	{"<p>a", NULL, "{\"weight\": {\"$above\": 3}}", NULL},
	{"<ul><li>a<li>b<li>c", "li", "{\"count\": 3, \"texts\": [\"a\", \"b\", \"c\"]}", NULL},
	{"<h1>a</h1>\n<h1 class=x>b</h1>", "h1", "{\"count\": 1}",
	 "2: <h1> on line 1, <h1 class=x> on line 2"},
	{"<p>a", "h1", "{\"count\": 1}", "none"},
	{"<p>\n<img src=a.png\n alt=b>", "img", "{\"attributes\": {\"$each\": {\"alt\": \"c\"}}}",
	 "line 2: \"b\" in <img src=a.png alt=b>"},
	{"<p>a", "img", "{\"attributes\": {\"$each\": {\"alt\": \"c\"}}}", "count: none"},
	{"<input name=a TYPE=Email required aria-label=x>", NULL,
	 "{\"controls\": [{\"name\": \"a\", \"type\": \"email\", \"required\": true, \"label\": \"x\"}]}",
	 NULL},
	{"<input type=hidden><button>a</button><textarea name=t></textarea>", NULL,
	 "{\"controls\": [{\"type\": \"textarea\", \"required\": false, \"label\": \"\"}]}", NULL},
};

static void try_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct outcome outcome = ask(rows[i].page, rows[i].select, rows[i].expect, arena);

		IS(outcome.verdict, rows[i].told ? VERDICT_FAIL : VERDICT_PASS);
		if (rows[i].told)
			HAS_TEXT(told_of(&outcome, arena), rows[i].told);
		ROW("%zu: %s %s", i, rows[i].page, rows[i].expect);
	}
}

static void each_part_says_what_the_page_has(void)
{
	try_rows(value_rows, sizeof(value_rows) / sizeof(value_rows[0]));
}

static void a_charset_that_comes_late_is_told(void)
{
	mp_autoarena struct arena *arena = arena_new();
	const char *late =
		arena_format(arena, "<!DOCTYPE html><!--%*s--><meta charset=utf-8>", 1010, "");
	const char *early =
		arena_format(arena, "<!DOCTYPE html><!--%*s--><meta charset=utf-8>", 980, "");
	struct outcome outcome = ask(late, NULL, "{\"charset\": \"utf-8\"}", arena);

	HAS_TEXT(told_of(&outcome, arena), "behind the first 1,024 bytes");
	IS(ask(early, NULL, "{\"charset\": \"utf-8\"}", arena).verdict, VERDICT_PASS);
}

/* --- faults -------------------------------------------------------------------------------- */

static const struct row fault_rows[] = {
	{"<h1>a</h1><h2>b</h2><h3>c</h3><h2>d</h2>", NULL, "{\"skips\": []}", NULL},
	{"<h1>a</h1>\n<h3>b</h3>", NULL, "{\"skips\": []}",
	 "line 2: <h3>: it follows an h1, so h2 comes next"},
	{"<h2>a</h2>", NULL, "{\"skips\": []}", "it is the first heading, and should be an h1"},
	{"<p id=a>\n<p id=b>\n<p id=a>", NULL, "{\"ids\": []}",
	 "line 3: <p id=a>: line 1 has this id too"},
	{"<p id='a b'>", NULL, "{\"ids\": []}", "one word"},
	{"<a href=#a>x</a><p id=a>", NULL, "{\"dead\": []}", NULL},
	{"<a href=#top>x</a><a name=old href=#old>y</a>", NULL, "{\"dead\": []}", NULL},
	{"<a href=#A>x</a><p id=a>", NULL, "{\"dead\": []}",
	 "line 1: <a href=#A>: no element has this id"},
	{"<a href=#>x</a>", NULL, "{\"dead\": []}", "it leads nowhere"},
	{"<a href=#a>x</a><nav><a href=#b>y</a><i id=b></i></nav>", "nav a", "{\"dead\": []}",
	 NULL},
	{"<img src=//cdn.example/a.png>", NULL, "{\"remote\": []}", "loaded from elsewhere"},
	{"<link rel=preconnect href=https://fonts.example>", NULL, "{\"remote\": []}", "elsewhere"},
	{"<link rel=canonical href=https://asha.example><a href=https://b.example>b</a>", NULL,
	 "{\"remote\": []}", NULL},
	{"<style>@import 'http://fonts.example/css'; p {}</style>", NULL, "{\"remote\": []}",
	 "without encryption"},
	{"<p style='background: url( \"https://a.example/b.png\" )'>", NULL, "{\"remote\": []}",
	 "https://a.example"},
	{"<style>/* url(https://a.example) */</style>", NULL, "{\"remote\": []}", NULL},
	{"<img srcset='a.png 1x, https://b.example/c.png 2x'>", NULL, "{\"remote\": []}",
	 "elsewhere"},
	{"<img src=data:image/png;base64,AAAA>", NULL, "{\"remote\": [], \"missing\": []}", NULL},
	{"<img src=none.png>", NULL, "{\"missing\": []}",
	 "there is no file exercises/profile-page/none.png"},
	{"<img src='C:\\Users\\asha\\a.png'>", NULL, "{\"missing\": []}", "only your computer has"},
	{"<img src=../../../etc/passwd>", NULL, "{\"missing\": []}", "only your computer has"},
	{"<p onclick='x()'>a", NULL, "{\"handlers\": []}", "line 1: <p onclick='x()'>"},
	{"<a href='JavaScript:x()'>a</a>", NULL, "{\"handlers\": []}", "JavaScript"},
	{"<p one=x>", NULL, "{\"handlers\": []}", "<p one=x>"},
	{"<img alt='Asha laughs' width=9 height=10><img alt='' width=1 height=1>", NULL,
	 "{\"pictures\": []}", NULL},
	{"<img width=9 height=10>", NULL, "{\"pictures\": []}", "it has no alt"},
	{"<img alt=IMG_1.JPG width=9 height=10>", NULL, "{\"pictures\": []}", "the name of a file"},
	{"<img alt='A photo of me!' width=9 height=10>", NULL, "{\"pictures\": []}",
	 "is known already"},
	{"<img alt='Asha laughs' width=9px height=10>", NULL, "{\"pictures\": []}",
	 "the page jumps"},
	{"<img alt='Asha laughs' width=9>", NULL, "{\"pictures\": []}", "the page jumps"},
	{"<p data-on=x>", NULL, "{\"handlers\": []}", NULL},
	{"<a href=#><span><button>x</button></span></a>", NULL, "{\"nested\": []}",
	 "<button>: it stands inside the <a> of line 1"},
	{"<button><input></button>", NULL, "{\"nested\": []}", "inside the <button>"},
	{"<label>a <input></label><a>b <i>c</i></a>", NULL, "{\"nested\": []}", NULL},
	{"<ul><li>a</li> <li><ol><li>b</ol></ul><dl><dt>a<dd>b</dl>", NULL, "{\"lists\": []}",
	 NULL},
	{"<ul><p>a</p></ul>", NULL, "{\"lists\": []}", "<p>: a <ul> holds only <li>"},
	{"<ol>a</ol>", NULL, "{\"lists\": []}", "a: a <ol> holds only <li>"},
	{"<div><li>a</div>", NULL, "{\"lists\": []}", "it stands in no list"},
	{"<a href=#><img src=a.png></a>", NULL, "{\"nameless\": []}", "nothing to say"},
	{"<a href=#><img src=a.png alt=Home></a><button title=x></button>", NULL,
	 "{\"nameless\": []}", NULL},
	{"<button><svg></svg></button>", NULL, "{\"nameless\": []}", "<button>"},
	{"<input type=submit><input type=image alt=go>", NULL, "{\"nameless\": []}", NULL},
	{"<input type=button>", NULL, "{\"nameless\": []}", "<input type=button>"},
	{"<input placeholder=Name>", NULL, "{\"unlabelled\": []}", "A placeholder is no label"},
	{"<label for=a>A</label><input id=a><label>B <select></select></label>", NULL,
	 "{\"unlabelled\": []}", NULL},
	{"<label for=b>A</label><input id=a>", NULL, "{\"unlabelled\": []}",
	 "no label belongs to it"},
	{"<label for=a></label><input id=a>", NULL, "{\"unlabelled\": []}",
	 "no label belongs to it"},
	{"<label for=a>A</label><input id=a><input id=a>", NULL, "{\"unlabelled\": []}",
	 "no label"},
	{"<div><p>a<br><svg><path/></svg></div><ul><li>a</ul>", NULL, "{\"errors\": []}", NULL},
	{"<div>\n<section>\n</div>", NULL, "{\"errors\": []}",
	 "line 2: <section>: it is not closed"},
	{"<b><p>a</b></p>", NULL, "{\"errors\": []}", "line 1: <"},
	{"<div/>", NULL, "{\"errors\": []}", "<div/>"},
	{"<table><p>a</p><tr><td>b</table>", NULL, "{\"errors\": []}", "outside of the cells"},
	{"<p>a\n\xe9<p>", NULL, "{\"errors\": []}", "line 2: the byte 0xe9"},
	{"<p class=MsoNormal>\n<h3>a</h3>", NULL, "{\"skips\": []}", "saved by an office program"},
};

static void each_fault_is_told_at_its_place(void)
{
	try_rows(fault_rows, sizeof(fault_rows) / sizeof(fault_rows[0]));
}

static void many_faults_are_told_in_part(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct outcome outcome =
		ask("<p id=a><p id=a><p id=a><p id=a><p id=a><p id=a><p id=a><p id=a>", NULL,
		    "{\"ids\": []}", arena);

	IS(outcome.evidence[0].mismatch_count, 6);
	HAS_TEXT(told_of(&outcome, arena), "ids: 2 more");
}

/* --- selectors ----------------------------------------------------------------------------- */

static const char garden[] = "<main id=m class='wide big'><p class=a>1<p>2<span lang=en-IN>s</span>"
			     "<ul><li>a<li data-x='b c'>b<li>c</ul></main><p>3";

static const struct {
	const char *selector;
	int count; /* -1: it is refused */
} selector_rows[] = {
	{"p", 3},
	{"P", 3},
	{"#m", 1},
	{".big.wide", 1},
	{".bi", 0},
	{"*", 12},
	{"main p", 2},
	{"main > p", 2},
	{"body > p", 1},
	{"main span", 1},
	{"main > span", 0},
	{"p + p", 1},
	{"main + p", 1},
	{"p ~ ul", 1},
	{"li ~ li", 2},
	{"li+li+li", 1},
	{"li:first-child", 1},
	{"li:last-child", 1},
	{"li:not(:first-child)", -1},
	{"p:not(.a)", 2},
	{"p:not([class])", 2},
	{"[data-x]", 1},
	{"[data-x=\"b c\"]", 1},
	{"[data-x='b c']", 1},
	{"[data-x=b]", 0},
	{"[data-x~=c]", 1},
	{"[lang^=en]", 1},
	{"[lang$=IN]", 1},
	{"[lang*=-]", 1},
	{"p, li", 6},
	{"main p span, #m > ul li", 4},
	{"", -1},
	{"p >", -1},
	{"p,,p", -1},
	{"p[", -1},
	{"p[a", -1},
	{"p[a=]", -1},
	{"p[a='b]", -1},
	{"p:hover", -1},
	{"p::before", -1},
	{":not(", -1},
	{":not(p", -1},
	{"p#", -1},
	{"(p)", -1},
};

static void selectors_find_what_css_says(void)
{
	for (size_t i = 0; i < sizeof(selector_rows) / sizeof(selector_rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		const struct selector *selector;
		struct mp_error err = {0};
		struct outcome outcome;

		if (selector_rows[i].count < 0) {
			IS(selector_read(selector_rows[i].selector, arena, &selector, &err),
			   -EBADMSG);
			OK(err.text[0] != '\0');
		} else {
			outcome =
				ask(garden, selector_rows[i].selector,
				    arena_format(arena, "{\"count\": %d}", selector_rows[i].count),
				    arena);
			IS_TEXT(told_of(&outcome, arena), "");
		}
		ROW("%s", selector_rows[i].selector);
	}
}

/* --- names --------------------------------------------------------------------------------- */

static const struct {
	const char *page, *name; /* of the element with the id x */
} name_rows[] = {
	{"<a id=x href=#>Asha <b>Rao</b></a>", "Asha Rao"},
	{"<a id=x href=#><img alt='Asha Rao' src=a></a>", "Asha Rao"},
	{"<a id=x href=# aria-label=' Home '>x</a>", "Home"},
	{"<i id=p hidden>Name</i><i id=q>of shop</i><input id=x aria-labelledby='p q none' aria-label=y>",
	 "Name of shop"},
	{"<input id=x aria-labelledby=none aria-label=y>", "y"},
	{"<label for=x>One</label><label for=x>two</label><input id=x>", "One two"},
	{"<label>Phone <input id=x> home</label>", "Phone home"},
	{"<label>Two <input><input id=x></label>", ""},
	{"<input id=x title=t placeholder=p>", "t"},
	{"<input id=x placeholder=p>", ""},
	{"<input id=x type=SUBMIT>", "Submit"},
	{"<input id=x type=submit value=Send>", "Send"},
	{"<input id=x type=submit value=''>", ""},
	{"<input id=x type=image alt=Go>", "Go"},
	{"<button id=x><span aria-hidden=true>X</span><svg><title>Close</title></svg></button>",
	 "Close"},
	{"<button id=x><i aria-label=Close>x</i></button>", "Close"},
	{"<table id=x><caption>Skills</caption><tr><td>a</table>", "Skills"},
	{"<figure id=x><img src=a alt=b><figcaption>Me</figcaption></figure>", "Me"},
	{"<fieldset id=x><legend>You</legend><input></fieldset>", "You"},
	{"<img id=x src=a.png>", ""},
	{"<a id=x href=#>a<div>b</div>c</a>", "a b c"},
	{"<p id=x>text is no name of a paragraph</p>", ""},
};

static void names_are_what_a_screen_reader_says(void)
{
	for (size_t i = 0; i < sizeof(name_rows) / sizeof(name_rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct outcome outcome =
			ask(name_rows[i].page, "#x",
			    arena_format(arena, "{\"names\": [\"%s\"]}", name_rows[i].name), arena);

		IS_TEXT(told_of(&outcome, arena), "");
		ROW("%s", name_rows[i].page);
	}
}

/* --- what is loaded ------------------------------------------------------------------------ */

static void loads_are_found_through_style_sheets_and_counted_once(void)
{
	static const char page[] =
		"<link rel=stylesheet href=css/a.css?v=1><img src='my%20photo.png'>"
		"<img src=./my%20photo.png><script></script><link rel=icon href=/icon.png>";
	static const char sheet[] =
		"@import \"b.css\"; p { background: url(../my\\ photo.png) url('../bg.png') }";
	mp_autoarena struct arena *arena = arena_new();
	struct outcome outcome;

	put("exercises/profile-page/css/a.css", sheet, strlen(sheet));
	put("exercises/profile-page/css/b.css", "@import 'a.css';", 16);
	put("exercises/profile-page/my photo.png", "1234567", 7);
	put("exercises/profile-page/bg.png", "12345", 5);
	put("exercises/profile-page/icon.png", "1", 1);
	outcome = ask(page, NULL,
		      arena_format(arena, "{\"weight\": {\"$equal\": %zu}}",
				   strlen(page) + strlen(sheet) + 16 + 7 + 5 + 1),
		      arena);
	IS_TEXT(told_of(&outcome, arena), "");
	outcome = ask(page, NULL, "{\"requests\": 5}", arena);
	HAS_TEXT(told_of(&outcome, arena),
		 "requests: 7: exercises/profile-page/index.html, css/a.css?v=1");
	outcome = ask(page, NULL, "{\"requests\": {\"$equal\": 7}}", arena);
	IS_TEXT(told_of(&outcome, arena), "");
	outcome = ask(page, NULL, "{\"missing\": []}", arena);
	HAS_TEXT(told_of(&outcome, arena), "exercises/profile-page/css/a.css names ");
}

static void a_camera_picture_and_another_case_are_named(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct submission_file file = {.path = "exercises/profile-page/Photo.JPG"};
	struct submission submission = {.files = &file, .file_count = 1};
	struct outcome outcome;
	int fd = path_create_below(tree_fd, "exercises/profile-page/huge.jpg", O_WRONLY, 0644);

	IS(ftruncate(fd, 3 << 20), 0);
	(void)close(fd);
	outcome = ask("<img src=huge.jpg>", NULL, "{\"weight\": \"150K\"}", arena);
	HAS_TEXT(told_of(&outcome, arena), "3.0 MB, of which huge.jpg has 3.0 MB");
	HAS_TEXT(told_of(&outcome, arena), "as a camera makes it");
	put("exercises/profile-page/index.html", "<img src=photo.jpg>", 19);
	outcome = ask_of("index.html", NULL, "{\"missing\": []}", &submission, arena);
	HAS_TEXT(told_of(&outcome, arena), "capital and small letters count");
	file.path = "exercises/profile-page/Index.html";
	outcome = ask_of("other/index.html", NULL, "{}", &submission, arena);
	IS_TEXT(outcome.message, "The page is not there yet.");
	HAS_TEXT(told_of(&outcome, arena), "Index.html");
}

/* --- what is no page ----------------------------------------------------------------------- */

static void what_is_no_page_is_said(void)
{
	static const struct {
		const char *bytes;
		size_t count;
		const char *told;
	} rows[] = {
		{"", 0, "without a single tag"},
		{"a < b", 5, "without a single tag"},
		{"\xff\xfe<\0p\0>\0", 8, "is UTF-16"},
		{"\xfe\xff\0<\0p\0>", 8, "is UTF-16"},
	};

	struct submission_file file = {.path = "exercises/profile-page/huge.html"};
	struct submission submission = {.files = &file, .file_count = 1};
	mp_autoarena struct arena *huge = arena_new();
	struct outcome outcome;
	int fd = path_create_below(tree_fd, file.path, O_WRONLY, 0644);

	IS(ftruncate(fd, PAGE_BYTES_MAX + 1), 0);
	(void)close(fd);
	outcome = ask_of("huge.html", NULL, "{}", &submission, huge);
	IS_TEXT(told_of(&outcome, huge), "page: more than 1 MB, which is not read\n\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();

		put("exercises/profile-page/index.html", rows[i].bytes, rows[i].count);
		outcome = ask_of("index.html", NULL, "{}", NULL, arena);
		IS(outcome.verdict, VERDICT_FAIL);
		IS_TEXT(outcome.message, "The file is no page that a browser would understand.");
		HAS_TEXT(told_of(&outcome, arena), rows[i].told);
		ROW("%zu", i);
	}
}

static const char every_part[] =
	"{\"doctype\": 1, \"lang\": 1, \"charset\": 1, \"viewport\": 1, \"title\": 1, \"headings\": 1, \"controls\": 1,"
	" \"weight\": 1, \"requests\": 1, \"skips\": [], \"pictures\": [], \"ids\": [], \"dead\": [], \"remote\": [], \"missing\": [],"
	" \"handlers\": [], \"nested\": [], \"lists\": [], \"nameless\": [], \"unlabelled\": [], \"errors\": [],"
	" \"count\": 1, \"texts\": 1, \"names\": 1, \"attributes\": 1}";

/* COUNT times BEFORE, each with its number. */
static char *many(const char *start, const char *format, int count)
{
	struct text text = {0};

	text_add(&text, start);
	for (int i = 0; i < count; i++) {
		text_add(&text, format);
		text_addf(&text, "%d ", i);
	}
	return text_take(&text);
}

static void hostile_pages_are_judged_in_time(void)
{
	static const struct {
		const char *start, *again;
		int count;
	} rows[] = {
		{"", "<div>", 90000},
		{"", "<div>", 9000},
		{"", "<a href=#a aria-labelledby='x x x x x x x x x x'>", 4000},
		{"<p ", "a", 100000},
		{"<p ", "a", 15000},
		{"<table>", "<b>", 5000},
		{"", "<b><p id=a>", 3000},
		{"<label>", "<label><input id=a>", 4000},
		{"<svg>", "<ul><li><button>", 3000},
		{"<select>", "<template><li>", 4000},
		{"<style>", "url(", 100000},
		{"", "<h5><img src=a srcset=',,b,c 1x,'>", 4000},
		{"", "</p></x></br>", 6000},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		char *page = many(rows[i].start, rows[i].again, rows[i].count);
		int64_t start_ms = clock_now_ms();

		IS(ask(page, "* * * * * * * * * * > * ~ * *, :not(p) [a]", every_part, arena)
			   .verdict,
		   VERDICT_FAIL);
		OK(clock_now_ms() - start_ms < 20000);
		free(page);
		ROW("%zu: %lld ms", i, (long long)(clock_now_ms() - start_ms));
	}
}

/* --- at load time -------------------------------------------------------------------------- */

static char complaint[200];

static void complain(struct complaints *to, int line, int column, const char *format, ...)
{
	va_list args;

	(void)to;
	(void)line;
	(void)column;
	va_start(args, format);
	(void)vsnprintf(complaint, sizeof(complaint), format, args);
	va_end(args);
}

static void mistakes_of_an_author_are_known_at_load_time(void)
{
	static const struct {
		const char *path, *select, *expect, *complaint;
	} rows[] = {
		{"index.html", NULL, "{\"doctype\": \"html\", \"ids\": []}", ""},
		{"index.html", "nav a", "{\"count\": 3, \"dead\": []}", ""},
		{"../index.html", NULL, "{}", "page: write a path"},
		{"index.html", "a:hover", "{}", "select: of the words behind a colon"},
		{"index.html", NULL, "{\"count\": 3}", "count: which elements?"},
		{"index.html", "a", "{\"lang\": \"hi\"}", "lang: the whole page"},
		{"index.html", "a", "{\"dead\": 0}", "dead: a list of faults; write []"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct page_keys keys = {rows[i].select};
		struct step step = {.verb = &page_probe.verbs[0],
				    .target = rows[i].path,
				    .keys = &keys,
				    .expect = json_loads(rows[i].expect, 0, NULL)};

		complaint[0] = '\0';
		page_probe.examine(NULL, &step, complain, NULL);
		HAS_TEXT(complaint, rows[i].complaint);
		OK(rows[i].complaint[0] || !complaint[0]);
		json_decref(json_readable(step.expect));
		ROW("%zu", i);
	}
}

static void begin(void)
{
	OK(mkdtemp(work) != NULL);
	tree_fd = open(work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	OK(tree_fd >= 0);
}

static void end(void)
{
	(void)close(tree_fd);
	tree_fd = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	IS(path_remove_tree(tree_fd, work + strlen("/tmp/")), 0);
	(void)close(tree_fd);
}

TAP_MAIN(T(begin) T(each_part_says_what_the_page_has) T(a_charset_that_comes_late_is_told) T(
	each_fault_is_told_at_its_place) T(many_faults_are_told_in_part)
		 T(selectors_find_what_css_says) T(names_are_what_a_screen_reader_says) T(
			 loads_are_found_through_style_sheets_and_counted_once)
			 T(a_camera_picture_and_another_case_are_named) T(what_is_no_page_is_said)
				 T(hostile_pages_are_judged_in_time)
					 T(mistakes_of_an_author_are_known_at_load_time) T(end))
