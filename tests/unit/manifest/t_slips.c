/* SPDX-License-Identifier: MIT */
/* Single slips in an exercise: one complaint each, at its place, in words that help. */
#include <errno.h>

#include "sandbox/base/cleanup.h"
#include "tests/unit/manifest/scene.h"

struct row {
	struct slip slip;
	const char *at; /* where the complaint is, found in the text with the slip */
	const char *said;
};

static const struct row rows[] = {
	/* the exercise */
	{{"id: hello-api", "id: hello-ap"}, "hello-ap\n", "id: the folder is called 'hello-api'"},
	{{"version: 1", "version: 0"},
	 "0\ntitle",
	 "version: '0' is out of range; wanted: whole number 1-9999"},
	{{"version: 1", "version: 9999"}, NULL, NULL},
	{{"version: 1\n", ""}, "id: hello", "the exercise has no 'version'"},
	{{"title: Hello over HTTP", "title: Hello"},
	 "Hello\n",
	 "title: milestones.yaml says 'Hello over HTTP'"},
	{{"milestone: 5", "milestone: 4"}, "4\norder", "milestone: milestones.yaml says 5"},
	{{"duty: required", "duty: requird"},
	 "requird",
	 "duty: write required, elective or one-of NAME"},
	{{"duty: required", "duty: elective"}, "elective", "duty: milestones.yaml says 'required'"},
	{{"kind: api", "kind: apo"}, "apo\n", "kind: 'apo' is not known; did you mean 'api'?"},
	{{"points: 20\nskills", "points: 21\nskills"}, "21\n", "points: milestones.yaml says 20"},
	{{"needs: [first-push]", "needs: [contract-first]"}, NULL, NULL},
	{{"needs: [first-push]", "needs: [first-psh]"},
	 "first-psh",
	 "needs: milestones.yaml has no 'first-psh'; did you mean 'first-push'?"},
	{{"entry: {start: required", "entry: {start: requird"},
	 "requird",
	 "entry.start: 'requird' is not known; did you mean 'required'?"},
	{{"entry: {start: required", "entry: {strat: required"},
	 "strat",
	 "unknown key 'strat' in entry; did you mean 'start'?"},
	{{"health: {http: /health", "health: {http: health"},
	 "health, status",
	 "health.http: a path begins with /"},
	{{"health: {http: /health, status: 200}", "health: {http: /health, tcp: true}"},
	 "{http: /health, tcp",
	 "health: write http or tcp, not both"},
	{{"health: {http: /health, status: 200}", "health: {tcp: true}"}, NULL, NULL},
	{{"check: 5s, total: 90s", "check: 95s, total: 90s"},
	 "{build: 60s",
	 "limits: check is longer than total"},
	{{"starter: 25", "services: [{name: db}]\nstarter: 25"},
	 "services",
	 "unknown key 'services' in the exercise"},
	{{"references: [python, node", "references: [pyton, node"},
	 "pyton",
	 "references: there is no folder reference/pyton/"},
	{{"starter: 25", "pass: {score: 95}\nstarter: 25"},
	 "{score: 95}",
	 "pass: mastered lies below score"},
	{{"starter: 25", "deliver: [app.py, ../x]\nstarter: 25"},
	 "../x",
	 "deliver: a path has no '..'"},
	{{"starter: 25", "makers: {ledger: data/ledger.py}\nstarter: 25"},
	 "data/ledger",
	 "makers.ledger: there is no file 'data/ledger.py'"},
	{{"starter: 25", "model: reference/rust\nstarter: 25"},
	 "reference/rust",
	 "model: there is no folder 'reference/rust'"},
	{{"starter: 25", "stages: [{id: one, title: First, checks: [starts, adds]}]\nstarter: 25"},
	 NULL,
	 NULL},
	{{"starter: 25", "stages: [{id: one, title: First, checks: [starts, ads]}]\nstarter: 25"},
	 "ads]",
	 "stages: there is no check 'ads'; did you mean 'adds'?"},
	{{"check: 5s, total: 90s", "start: 10, total: 90s"},
	 "start: 10, total",
	 "key 'start' is there twice"},
	{{"  - {id: stops, title: Ends within five seconds of SIGTERM, points: 5, category: shutdown, stop: 5s}",
	  "  - stops"},
	 "stops\nhints",
	 "a check is a map of keys to values"},
	/* words and patterns */
	{{"words: {friend: name", "words: {friend: nmae"},
	 "nmae",
	 "word friend: no kind 'nmae'; did you mean 'name'?"},
	{{"words: {friend: name", "words: {Other: name, friend: name"},
	 "Other",
	 "'Other' is no name: a-z, 0-9 and _, a letter first, at most 31"},
	{{"{error: {type: app", "{error: {tipe: app"},
	 "tipe: app",
	 "no answer has a part 'tipe'; did you mean 'type'?"},
	{{"{status: ok}", "{status: {$lenght: 2}}"},
	 "$lenght",
	 "'$lenght' is not a pattern; did you mean '$length'? ($$lenght for the text)"},
	{{"{status: ok}", "{status: {$matches: '('}}"},
	 "'('",
	 "'(' is no regular expression: missing closing parenthesis at character 2"},
	{{"{status: ok}", "{status: {$matches: '\\w+'}}"}, NULL, NULL},
	/* checks */
	{{"id: stops", "id: adds"}, "id: adds, title: Ends", "check 'adds' is there twice"},
	{{"title: Ends within five seconds of SIGTERM, points", "points"},
	 "id: stops",
	 "check 'stops' has no 'title'"},
	{{"category: shutdown", "category: shutdwn"},
	 "shutdwn",
	 "category: 'shutdwn' is not known; did you mean 'shutdown'?"},
	{{"category: shutdown", "category: shutdown, retry: 1"},
	 "1, stop",
	 "retry: a second chance is for category performance only"},
	{{"category: shutdown", "category: performance, retry: 1"}, NULL, NULL},
	{{"category: shutdown", "after: [adds]"}, NULL, NULL},
	{{"category: shutdown", "after: [stops]"},
	 "stops], stop",
	 "after: check 'stops' does not stand before this one"},
	{{"category: shutdown", "after: [asds]"},
	 "asds",
	 "after: there is no check 'asds'; did you mean 'adds'?"},
	{{"category: shutdown", "stage: one"},
	 "one, stop",
	 "stage: there is no stage 'one' under stages:"},
	{{"category: shutdown", "catgory: shutdown"},
	 "catgory",
	 "unknown key 'catgory' in a stop step; did you mean 'category'?"},
	{{"id: greets\n", "id: greets\n    gaet: true\n"},
	 "gaet",
	 "unknown key 'gaet' in check 'greets'; did you mean 'gate'?"},
	{{"id: greets\n", "id: greets\n    get: /\n"},
	 "get: /\n",
	 "'get' beside steps: write it into a step"},
	/* steps */
	{{"stop: 5s", "stop: soon"}, "soon", "stop: write a duration, like 5s"},
	{{"stop: 5s", "restart: term"}, NULL, NULL},
	{{"stop: 5s", "restart: trem"}, "trem", "restart: write one of: term kill"},
	{{"ready: health", "ready: path"}, "path}", "ready: write health"},
	{{"stop: 5s", "stpo: 5s"},
	 "stpo",
	 "unknown key 'stpo' in check 'stops'; did you mean 'stop'?"},
	{{", stop: 5s", ""}, "id: stops", "check 'stops' does nothing: write a verb, or steps:"},
	{{"stop: 5s", "select: q01.sql"}, "select", "unknown key 'select' in check 'stops'"},
	{{"get: /health, expect", "get: health, expect"},
	 "health, expect",
	 "get: a path begins with / or is $(name)"},
	{{"get: /health, expect", "get: $(friend), expect"}, NULL, NULL},
	{{"get: /health, expect", "get: [/health], expect"},
	 "[/health]",
	 "get: a path begins with / or is $(name)"},
	{{"get: /health, expect", "request: PROPFIND /health, expect"}, NULL, NULL},
	{{"get: /health, expect", "request: propfind /health, expect"},
	 "propfind",
	 "request: write METHOD and a path, like PROPFIND /files"},
	{{"get: /health, expect", "get: /health, json: {a: 1}, expect"},
	 "json: {a",
	 "a get step takes no 'json'"},
	{{"get: /health, expect", "post: /health, json: {a: 1}, body: x, expect"},
	 "post: /health",
	 "'post' with json and body: a request has one body"},
	{{"get: /health, expect", "get: /health, tally: {200: 1}, expect"},
	 "{200: 1}",
	 "tally needs at_once"},
	{{"get: /health, expect", "post: /health, json: {a: $text}, expect"},
	 "$text}, exp",
	 "$text is a pattern, and a request sends values; write $$text for the text"},
	{{"get: /health, expect", "options: /health, tipe: a/b, expect"},
	 "tipe",
	 "unknown key 'tipe' in an options step; did you mean 'type'?"},
	{{"get: /health, expect", "get: /health, timeout: 5, expect"},
	 "5, expect",
	 "timeout: '5' has no unit; write 5s or 500ms"},
	{{"json: {status: ok}}", "json: {status: yes}}"},
	 "yes}",
	 "'yes' means different things to different readers; write true or \"yes\""},
	{{"{status: 200, type: application/json, json: {status: ok}}", "200"},
	 "200}\n  - id: greets\n",
	 "expect: wanted: a map of parts to patterns"},
	{{"{status: 200, type: application/json, json: {status: ok}}", "{staus: 200}"},
	 "staus",
	 "the answer of a get step has no part 'staus'; did you mean 'status'?"},
	{{"{status: 200, type: application/json, json: {status: ok}}", "{stdout: x}"},
	 "stdout",
	 "the answer of a get step has no part 'stdout'"},
	{{"ready: health}", "ready: health, expect: {within: 2s}}"}, NULL, NULL},
	{{"expect: {use: error, status: 400}", "expect: {use: eror, status: 400}"},
	 "eror",
	 "use: there is no pattern 'eror' under patterns:"},
	{{"near: [{status: 5xx, say", "near: [{staus: 5xx, say"},
	 "staus",
	 "the answer of a post step has no part 'staus'; did you mean 'status'?"},
	{{"near: [{status: 5xx, say", "near: [{say"},
	 "{say",
	 "near: a near miss without a part fits everything"},
	{{"near: [{status: 5xx, say", "near: [{status: 5xx, sya"},
	 "{status: 5xx",
	 "near: each near miss is a map of parts to patterns, with say"},
	{{"near: [{status: 5xx, say",
	  "near: [{status: 4xx, say: x}]\n    near: [{status: 5xx, say"},
	 "near: [{status: 5xx",
	 "key 'near' is there twice"},
	{{"expect: {use: error, status: 400}", "expect: {use: error}\n    expect: {staus: 400}"},
	 "expect: {staus",
	 "key 'expect' is there twice"},
	/* names */
	{{"query: {name: <b>x</b>}", "query: {name: $(crowd)}"},
	 "$(crowd)}, expect: {status: 200, type",
	 "$(crowd) has 20 values; it belongs in a step with at_once: 20"},
	{{"query: {name: <b>x</b>}", "query: {name: $(Friend)}"},
	 "$(Friend)",
	 "'Friend' is no name: a-z, 0-9 and _, a letter first ($$( for a real $()"},
	{{"query: {name: <b>x</b>}", "query: {name: $$(Friend)}"}, NULL, NULL},
	{{"query: {name: <b>x</b>}", "query: {name: $(now.ms)}"}, NULL, NULL},
	{{"query: {name: <b>x</b>}", "query: {name: $(hello)}"},
	 "$(hello)}, expect: {status",
	 "$(hello) is not known here; words: a, b, crowd, friend, total; saved before: none"},
	{{"$(hello)}}}", "$(helo)}}}"},
	 "$(helo)",
	 "$(helo) is not known here; words: a, b, crowd, friend, total; saved before: hello"},
	{{"save: {hello: json.greeting}", "save: {hello: jsn.greeting}"},
	 "jsn.g",
	 "save: the answer has no part 'jsn'; did you mean 'json'?"},
	{{"save: {hello: json.greeting}",
	  "save: {hello: {from: json.greeting, matches: 'Hello, (.*)'}}"},
	 NULL,
	 NULL},
	{{"save: {hello: json.greeting}", "save: {hello: {from: json.greeting, matches: 'Hello'}}"},
	 "'Hello'}",
	 "matches: the first group is kept; this has none: write ( and )"},
	{{"save: {hello: json.greeting}", "save: {hello: json.greeting, friend: json}"},
	 "friend: json",
	 "'friend' is set already; a name is set once"},
	/* wrong shapes */
	{{"{error: {type: application/json", "{other: 5, error: {type: application/json"},
	 "5, error",
	 "patterns: each is a map of parts to patterns"},
	{{"{error: {type: application/json", "{error: {frobnicate: 1, type: application/json"},
	 "frobnicate",
	 "no answer has a part 'frobnicate'"},
	{{"category: shutdown, stop: 5s", "steps: []"},
	 "[]}\nhints",
	 "steps: wanted: a list of 1-40 steps"},
	{{"category: shutdown, stop: 5s", "steps: [stop]"},
	 "stop]",
	 "a step is a map: a verb and its keys"},
	{{"id: greets\n", "id: greets\n    frobnicate: true\n"},
	 "frobnicate",
	 "unknown key 'frobnicate' in check 'greets'"},
	{{"near: [{status: 5xx, say: \"The parser's exception went through to the top: catch it and answer 400.\"}]",
	  "near: none"},
	 "none\n",
	 "near: wanted: a list of at most 20 near misses, each with say"},
	{{"save: {hello: json.greeting}", "save: {hello: []}"},
	 "[]}",
	 "save: wanted: the path of a part, like json.id"},
	{{"save: {hello: json.greeting}", "save: {hello: zzzzzz.a}"},
	 "zzzzzz",
	 "save: the answer has no part 'zzzzzz'"},
	{{"save: {hello: json.greeting}", "save: {hello: {from: json}}"},
	 "{from",
	 "save: wanted: a path, or {from: part, matches: 're'}"},
	{{"save: {hello: json.greeting}", "save: {hello: {from: json.greeting, matches: '(a'}}"},
	 "'(a'",
	 "'(a' is no regular expression: missing closing parenthesis at character 3"},
	{{"save: {hello: json.greeting}", "save: {hello: json.greeting, Big: json}"},
	 "Big",
	 "'Big' is no name: a-z, 0-9 and _, a letter first, at most 31"},
	{{"category: shutdown", "after: [frobnicate]"},
	 "frobnicate",
	 "after: there is no check 'frobnicate'"},
	{{"needs: [first-push]", "needs: [frobnicate]"},
	 "frobnicate",
	 "needs: milestones.yaml has no 'frobnicate'"},
	{{"starter: 25", "stages: 5\nstarter: 25"}, "5\nstarter", "stages: wanted: a list"},
	{{"starter: 25", "makers: 5\nstarter: 25"}, "5\nstarter", "makers: wanted: a map"},
	{{"starter: 25", "makers: {m: [x]}\nstarter: 25"},
	 "[x]",
	 "makers.m: wanted: the path of a program below this folder"},
	{{"health: {http: /health, status: 200}", "health: {tcp: true, status: 200}"},
	 "{tcp: true",
	 "health: a status needs http"},
	{{"starter: 25",
	  "deliver: [{path: app.py, optional: true, max: 64K}]\nprovenance: {author: A}\nstarter: 25"},
	 NULL,
	 NULL},
	{{"starter: 25", "deliver: [{paht: app.py}]\nstarter: 25"},
	 "paht",
	 "unknown key 'paht' in an item of deliver; did you mean 'path'?"},
	{{"{status: ok}", "{$one_of: [{a: 1}, {b: $c}]}"},
	 "$c}",
	 "'$c' is not a pattern; write $$c for the text"},
	{{"{status: ok}", "{$equal: {a: 1}}"}, NULL, NULL},
	{{"{status: ok}", "{$text: 1}"}, "1}", "$text stands alone and takes no value"},
	/* program */
	{{"stop: 5s", "run: [--lines, 5, $(a)], stdin: x, expect: {exit: 0}"}, NULL, NULL},
	{{"stop: 5s", "run: --lines"}, "--lines", "run: write a list of texts, [] for none"},
	{{"stop: 5s", "run: [[a]]"}, "[[a]]", "run: write a list of texts, [] for none"},
	{{"stop: 5s", "run: [], expect: {exit: 0, body: x}"},
	 "body: x",
	 "the answer of a run step has no part 'body'"},
	/* known-bad submissions */
	{{"fails: [adds]", "fails: [ads]"},
	 "ads]",
	 "fails: there is no check 'ads'; did you mean 'adds'?"},
	{{"of: node", "of: rust"}, "rust", "of: there is no reference 'rust'"},
	{{"name: global-name", "name: globalname"},
	 "globalname",
	 "known_bad: there is neither bad/globalname.patch nor bad/globalname/"},
	{{"name: global-name", "name: html-errors"},
	 "html-errors, score: 95",
	 "known_bad: 'html-errors' is there twice"},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static void each_slip_gets_one_complaint_at_its_place(void)
{
	struct scene scene;

	scene_open(&scene);
	for (size_t i = 0; i < ROWS; i++) {
		mp_autofree char *text = with_slips(scene.hello, &rows[i].slip, 1);
		mp_autofree char *lines = NULL;
		struct exercise *exercise = NULL;
		struct text wanted;
		char place[32];

		text_init(&wanted, 0);
		if (rows[i].at)
			text_addf(&wanted, HELLO ":%s%s\n", place_of(text, rows[i].at, place),
				  rows[i].said);
		IS(load_text(&scene, text, &exercise, &lines), rows[i].at ? -EBADMSG : 0);
		IS_TEXT(lines, text_get(&wanted));
		ROW("%zu: %s -> %s", i, rows[i].slip.from, rows[i].slip.to);
		text_done(&wanted);
		exercise = exercise_free(exercise);
	}
	scene_close(&scene);
}

/* One slip that shows at several places. */
static void a_slip_is_told_wherever_it_matters(void)
{
	static const struct row more[] = {
		{{"{error: {type: application/json, json: {error: {code: $text, message: $text}}}}",
		  "{error: {exit: 2}}"},
		 "error, status: 400",
		 "pattern 'error' names the part 'exit', which the answer of a post step does not have"},
		{{"at_once: 20", "at_once: 10"},
		 "\"Hello, $(crowd)!",
		 "$(crowd) has 20 values; it belongs in a step with at_once: 20"},
		{{"{status: 200, type: application/json, json: {status: ok}}",
		  "{status: $a, json: [$b, {c: $d}]}"},
		 "$b",
		 "'$b' is not a pattern; write $$b for the text"},
		{{"{status: 200, type: application/json, json: {status: ok}}",
		  "{status: $a, json: [$b, {c: $d}]}"},
		 "$d",
		 "'$d' is not a pattern; write $$d for the text"},
	};
	struct scene scene;

	scene_open(&scene);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		mp_autofree char *text = with_slips(scene.hello, &more[i].slip, 1);
		mp_autofree char *lines = NULL;
		struct exercise *exercise = NULL;
		char wanted[300];
		char place[32];

		(void)snprintf(wanted, sizeof(wanted), HELLO ":%s%s\n",
			       place_of(text, more[i].at, place), more[i].said);
		IS(load_text(&scene, text, &exercise, &lines), -EBADMSG);
		HAS_TEXT(lines, wanted);
		ROW("%zu", i);
	}
	scene_close(&scene);
}

/* A break in the YAML hides nothing that stands before it, and invents nothing. */
static void mistakes_before_a_break_are_told_too(void)
{
	static const struct slip slips[] = {
		{"start: 10s", "start: 10"},
		{"{status: ok}", "{status: $interger}"},
		{"title: No such path 404, wrong method 405, JSON", "title: No such path: 404"},
	};
	struct scene scene;
	struct exercise *exercise = NULL;
	mp_autofree char *text = NULL;
	mp_autofree char *lines = NULL;
	struct text wanted;
	char place[32];

	scene_open(&scene);
	text = with_slips(scene.hello, slips, sizeof(slips) / sizeof(slips[0]));
	IS(load_text(&scene, text, &exercise, &lines), -EBADMSG);
	text_init(&wanted, 0);
	text_addf(&wanted, HELLO ":%slimits.start: '10' has no unit; write 10s or 500ms\n",
		  place_of(text, "10, check", place));
	text_addf(
		&wanted,
		HELLO
		":%s'$interger' is not a pattern; did you mean '$integer'? ($$interger for the text)\n",
		place_of(text, "$interger", place));
	text_addf(&wanted, HELLO ":%squote a text that holds a colon and a blank\n",
		  place_of(text, ": 404\n", place));
	IS_TEXT(lines, text_get(&wanted));
	text_done(&wanted);
	scene_close(&scene);
}

TAP_MAIN(T(each_slip_gets_one_complaint_at_its_place) T(a_slip_is_told_wherever_it_matters)
		 T(mistakes_before_a_break_are_told_too))
