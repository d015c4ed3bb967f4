#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""page.py FILE...: each is one whole, self-contained, accessible page under 100 kB."""
import html.parser
import re
import sys

VOID = {"meta", "path", "rect", "use", "br"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.wrong, self.headings = [], [], [], [], []
        self.summaries = self.pictures = 0

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [attributes["id"]] if "id" in attributes else []
        if tag in ("script", "link", "img", "iframe", "object", "embed", "base", "form", "audio", "video"):
            self.wrong.append(f"<{tag}>")
        for name, value in attributes.items():
            if name.startswith("on") or name in ("src", "srcset", "style", "action"):
                self.wrong.append(f"{tag} {name}")
            if name == "href":
                self.links.append(value)
        if tag == "svg":
            self.pictures += 1
            if not (attributes.get("aria-label") or attributes.get("aria-hidden")):
                self.wrong.append("a picture without words")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else, line {self.getpos()[0]}")


def examine(name):
    data = open(name, "rb").read()
    page = Page()
    page.feed(data.decode("utf-8"))
    page.close()
    wrong = page.wrong + [f"{tag} is not closed" for tag in page.open]
    wrong += [f"id {i} twice" for i in set(page.ids) if page.ids.count(i) > 1]
    wrong += [f"a link out: {i}" for i in page.links if not i.startswith("#")]
    wrong += [f"a link to nothing: {i}" for i in page.links if i[1:] not in page.ids]
    if page.headings[:1] != [1] or any(b > a + 1 for a, b in zip(page.headings, page.headings[1:])):
        wrong.append(f"headings jump: {page.headings}")
    if page.pictures == 0:
        wrong.append("no picture of the road")
    if len(data) >= 100_000:
        wrong.append(f"{len(data)} bytes")
    style = re.search(b"<style>(.*?)</style>", data, re.S).group(1)
    if b"http" in style or b"url(" in style or style.count(b"{") != style.count(b"}"):
        wrong.append("the style")
    for line in wrong:
        print(f"{name}: {line}")
    return not wrong


sys.exit(not all([examine(name) for name in sys.argv[1:]]))
