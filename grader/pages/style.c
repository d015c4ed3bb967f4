/* SPDX-License-Identifier: MIT */
/*
 * The style of the pages: the report's, and what these have more. And the only script: it shows lines as they
 * come and loads the page anew when there is more to see; without it a page that waits does so by itself.
 */
#include "grader/pages/inner.h"
#include "grader/report/html_parts.h"

const char pages_style[] =
	".skip{position:absolute;left:-99rem}.skip:focus{position:static;display:block;padding:.5rem 1rem}\n"
	".ways{padding-top:1rem;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;font-size:.9375rem}\n"
	".ways a,.next a,footer button{display:inline-block;padding-block:.25rem}\n"
	"main h1{margin-top:.75rem}main>.ways{padding:0;margin:.5rem 0}\n"
	"h2{font-size:1.3rem;margin:1.5rem 0 .25rem}.next h2{margin:0;font-size:1.05rem}\n"
	"caption{text-align:left;color:var(--soft);font-size:.875rem;padding-top:.75rem}\n"
	"caption h2,caption h3{color:var(--ink);margin:.5rem 0 .25rem}\n"
	".list th,.list td{padding:.4rem .75rem .4rem 0;border-top:1px solid var(--line)}\n"
	".list tbody th{width:auto;color:var(--ink)}.list thead th{color:var(--soft);border:0;"
	"font-size:.8125rem;padding-block:0 .25rem}\n"
	".list tr>*{vertical-align:baseline}.list td{overflow-wrap:normal}.list tr>:last-child{padding-right:0}"
	"main>section .list tr>:last-child{width:7rem}.list .n{text-align:right;width:4rem;font-variant-numeric:tabular-nums}\n"
	".list strong{font-weight:600}.list em{font-style:normal;font-size:.75rem;color:var(--soft);"
	"border:1px solid var(--line);border-radius:1rem;padding:0 .45rem;white-space:nowrap}\n"
	".wide{overflow-x:auto;overflow-wrap:normal}.wide time{white-space:nowrap}\n"
	".now pre{margin-inline:0;border-inline:1px solid var(--line);white-space:pre-wrap}\n"
	"input:not([hidden]){display:block;width:100%;max-width:26rem;margin-top:.35rem;padding:.6rem;font:inherit;"
	"color:inherit;background:var(--sheet);border:1px solid var(--soft);border-radius:3px}\n"
	"button{font:inherit;padding:.5rem 1.1rem;color:var(--paper);background:var(--ink);"
	"border:1px solid var(--ink);border-radius:3px;cursor:pointer}\n"
	"footer button{color:inherit;background:none;border-color:var(--soft);padding:.35rem .9rem;font-size:.875rem}\n"
	".list a{padding-block:.4rem}.task{border:0;margin:0;padding:0}.task h2{margin-top:1.75rem}"
	".task td,.task th{padding:.3rem 1rem .3rem 0;border-top:1px solid var(--line)}"
	".task tbody th{width:auto}.task thead th{color:var(--soft);border:0}"
	".task .wide{margin:.75rem 0}.task li{margin:.25rem 0}.task ul,.task ol{padding-left:1.4rem}\n"
	".wide .text{min-width:10rem;overflow-wrap:anywhere}\n"
	"@media(min-width:72rem){body:not(.broad)>*{max-width:44rem}}\n";

const char pages_script[] =
	"'use strict';\n"
	"(() => {\n"
	"  const now = document.getElementById('now');\n"
	"  if (!now || !window.EventSource) return;\n"
	"  const source = new EventSource(now.dataset.events);\n"
	"  source.addEventListener('lines', (event) => {\n"
	"    const lines = document.getElementById('lines');\n"
	"    if (lines) lines.append(JSON.parse(event.data).join('\\n') + '\\n');\n"
	"  });\n"
	"  source.addEventListener('anew', () => {\n"
	"    source.close();\n"
	"    location.reload();\n"
	"  });\n"
	"})();\n";

/* The same for everybody until the program changes. */
static int answer_file(struct page *page, const char *type)
{
	page_type(page, type, "default-src 'none'");
	page_header(page, "Cache-Control", "max-age=600");
	return 0;
}

int page_style(struct page *page)
{
	put(page, html_style);
	put(page, pages_style);
	return answer_file(page, "text/css; charset=utf-8");
}

int page_script(struct page *page)
{
	put(page, pages_script);
	return answer_file(page, "text/javascript; charset=utf-8");
}
