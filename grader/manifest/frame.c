/* SPDX-License-Identifier: MIT */
/* The hand-written parts of docs/exercise-format.md. What is in a table of the code is printed from there. */
#include "grader/manifest/frame.h"

const char frame_head[] =
	"# The exercise format\n"
	"\n"
	"<!-- Printed by `milepost lint --print-format`: change the field tables, then print again. -->\n"
	"\n"
	"An exercise is a folder, and `exercise.yaml` says everything about it that a program must know.\n"
	"\n"
	"**In one breath.** A check is a list of *steps*. A step does one thing, its *verb*, and gets an answer with named\n"
	"*parts*; `expect` gives a pattern for each part that it cares about. What begins with a dollar is milepost's,\n"
	"everything else is taken as written. A check is read aloud from top to bottom: \"post /sum with json a 2, b 3;\n"
	"expect status 200, json sum 5\".\n"
	"\n"
	"```\n"
	"exercises/milestones.yaml            the road: nine milestones and their exercises, published or not\n"
	"exercises/5/hello-api/exercise.yaml  this page\n"
	"exercises/5/hello-api/text/en/task.md    what the learner reads\n"
	"exercises/5/hello-api/starter/python/    what `milepost start` copies\n"
	"exercises/5/hello-api/reference/python/  earns 100 with every seed\n"
	"exercises/5/hello-api/bad/html-errors.patch   loses exactly what known_bad says\n"
	"```\n"
	"\n"
	"`milepost lint` reads it and names every mistake in one pass; `milepost prove` runs references and known-bad\n"
	"submissions. Both are for you: use them after each change.\n";

const char frame_yaml[] =
	"\n## The YAML we use\n"
	"\n"
	"One document, UTF-8 (a byte-order mark and CRLF are accepted), at most 256 kB, 32 levels, 20,000 values. No anchors,\n"
	"aliases, tags, `<<`, directives, second documents, tabs in the indentation, or keys that are not text. An unknown key,\n"
	"a key twice and a key without a value are mistakes.\n"
	"\n"
	"Scalars get their type from the field, never from YAML. In the free places (`json`, `form`, `query`, patterns and the\n"
	"like) an unquoted `true`, `false`, `null` or number as JSON writes it is that value, all other unquoted text is text,\n"
	"and quoted text is always text. Units are written: `200ms 5s 2m`, `64K 384M 1G` (powers of 1024), `30%`, `6x`.\n"
	"\n"
	"| written | what YAML makes of it | what milepost says |\n"
	"|---|---|---|\n"
	"| `title: Fixes #42` | `Fixes`, the rest is a comment | `#` after a value needs quotes, or a blank behind it |\n"
	"| `title: Wrong method: 405` | broken | quote a text that holds a colon and a blank |\n"
	"| `{allow: GET, HEAD}` | a key `HEAD` without a value | key without a value; quote values that hold a comma |\n"
	"| `{a:1}` | a key `a:1` without a value | write a blank behind the colon |\n"
	"| `{ok: yes}`, also `no on off y n ~ True Null` | text or true, depending on the reader | in free places: write `true` or `\"yes\"` |\n"
	"| `{pin: 0987}`, also `1_000 0x1F +3 .5 1.` | differs by reader | in free places: quote it, or write a plain number |\n"
	"| `$matches: \"\\d+\"` | unknown escape | patterns stand in single quotes |\n"
	"| `deliver: [*.sql]` | an alias | quote what begins with one of `* & ! % @ > \\|` or a backtick |\n"
	"| `{id: ${id}}` | broken inside braces | a name is written `$(id)`, which needs no quotes anywhere |\n"
	"| `{get: /a?b=1}` | the second key of a pair, in some readers | a warning: use `query`, or quotes |\n"
	"| `json: {sum: !number}` | a tag | tags are not used; did you mean `$number`? |\n"
	"| `at: 2024-11-01`, `at: 12:30` | a date, 750 | text, no complaint |\n"
	"| a block after `\\|` | ends with one line end; CR is lost | `\\|-` for none; `\"a\\r\\n\"` in double quotes for CRLF |\n";

const char frame_exercise[] =
	"\n## The exercise\n\nA value in parentheses is what a key has when it is not written.\n\n";

const char frame_check[] =
	"\n## A check\n"
	"\n"
	"Each item of `checks` is a map of these keys. Gates come first, then the checks in the order of the file. Every check\n"
	"is run unless a gate or its `after` failed; `hidden` limits what is shown, not what is run. A check after a `stop`\n"
	"gets a fresh start.\n"
	"\n";

const char frame_steps[] =
	"\n## Steps\n"
	"\n"
	"A step has exactly one verb. All steps of a check belong to one probe; the verb says which, so no key names it. The\n"
	"keys of an only step may stand in the check itself. A step that fails does not end its check: the later ones run,\n"
	"unless a `save` failed or no answer came.\n"
	"\n"
	"Every step may have `expect` (a map of part to pattern), and where its verb says so `save` (a map of name to the\n"
	"path of a part, kept for the later steps of the check) and `near` (a list of expectations with a `say`).\n";

const char frame_parts[] =
	"\nA bare value for `within`, `cpu`, `memory` means at most that; for every other part it means equal. `status` is a\n"
	"number, a class (`2xx`) or a list of either; `type` ignores parameters unless they are written; header names ignore\n"
	"case, a header that comes twice is joined by `, `; `within` is the time to the whole answer. `exit` of a stopped\n"
	"service is 0, 143, or ended by SIGTERM. A number in a path is an index: `json.items.0.id`.\n";

const char frame_patterns[] =
	"\n## Patterns\n"
	"\n"
	"| pattern | holds when the part is |\n"
	"|---|---|\n"
	"| `5` `true` `null` `text` `\"5\"` | equal; 5 equals 5.0, never `\"5\"`; `null` is a null that is there; text by code points, nothing normalised |\n"
	"| `{a: p, b: q}` | an object with at least these keys, each matching |\n"
	"| `[p, q]` | a list of exactly this length, matched in order |\n"
	"| `$(name)` | equal to that name, with its type; inside other text its text is put in |\n";

const char frame_after_patterns[] =
	"\nSeveral `$` keys in one map must all hold; `$` keys and plain keys do not mix. `$$` begins a text with a real dollar.\n"
	"Without an answer nothing holds, not even `$absent` or `$not`. Every mismatch of a step is reported with its path\n"
	"(`json.error.code`), wanted and got.\n"
	"\n"
	"**Patterns by name.** `expect: {use: error, status: 400}` takes the pattern `error` of `patterns` and adds to it: maps\n"
	"of plain keys merge, anything else replaces the value at that path.\n"
	"\n"
	"**Near misses.** `near: [{status: 5xx, say: \"The parser's exception went through to the top: catch it.\"}]`: when a step\n"
	"fails, the first that fits is told beside wanted and got; it never changes a verdict. The general ones (another key\n"
	"for the same value, another case or zone, text for a number, seconds for milliseconds) need no words here.\n";

const char frame_names[] =
	"\n## Names, words, bursts\n"
	"\n"
	"A name is `[a-z][a-z0-9_]{0,30}`, set once and used as `$(id)`: in values of `json`, `form`, `query`, `headers`, `body`,\n"
	"paths, `stdin`, `run` and patterns, never in keys, titles or `say`. `$$(` is a real `$(`. In a request a key that\n"
	"begins with a dollar is written `$$`, and patterns are a mistake. `$(now.s)` and `$(now.ms)` are the grader's clock\n"
	"when the step is sent.\n"
	"\n"
	"`words` are drawn from the seed when the exercise starts: a kind, or a map of ";

const char frame_after_names[] =
	"\n"
	"`save: {id: json.id}` keeps a part for the later steps of the same check, `{from: text, matches: 'code=(\\w+)'}` its\n"
	"first group. What cannot be saved fails that step, and the later ones are not run:\n"
	"\n"
	"```yaml\n"
	"steps:\n"
	"  - {post: /customers, json: {name: $(asha)}, expect: {status: 201, json: {id: $any}}, save: {id: json.id}}\n"
	"  - {get: /customers/$(id), expect: {status: 200, json: {id: $(id), name: $(asha)}}}\n"
	"```\n"
	"\n"
	"**Bursts.** `at_once: 20` opens connections for at most 500 ms, then sends on all that are open together and on the rest\n"
	"as they open. `expect` holds for each answer; a word with a `count` gives each request its own element, and is a\n"
	"mistake outside an `at_once` of the same number. `tally: {201: 1, 409: 19}` counts the statuses instead. What must be\n"
	"true afterwards is the next step. `until: 5s` repeats one request until `expect` holds.\n";

const char frame_program[] =
	"\n## Input of programs\n"
	"\n"
	"`stdin` is text, `{file: data/sample.txt}` or `{make: ledger, lines: 200}`. `makers: {ledger: data/ledger.py}` names a\n"
	"program that gets `--seed N` and the keys beside `make` (`--lines 200`) and writes the input; it runs in a box of its\n"
	"own and must agree with itself. `model: reference/python` answers the same input in another box: `like: model`\n"
	"compares exit status and standard output with it. `cpu: 6x` is processor time against the reference in the same\n"
	"language.\n"
	"\n"
	"```yaml\n"
	"- {id: random-ledgers, title: Twenty random ledgers, points: 15, core: true, rule: Any right ledger gets its right totals.,\n"
	"   repeat: 20, run: [], stdin: {make: ledger, lines: 200}, expect: {like: model}}\n"
	"```\n";

const char frame_complaints[] =
	"\n## Complaints\n"
	"\n"
	"All in one pass, sorted, with the nearest word; exit status 3. Warnings come from `milepost lint` only.\n"
	"\n"
	"```\n"
	"exercises/5/hello-api/exercise.yaml:15:29: limits.start: '10' has no unit; write 10s or 500ms\n"
	"exercises/5/hello-api/exercise.yaml:19:65: '$interger' is not a pattern; did you mean '$integer'? ($$interger for the text)\n"
	"exercises/5/hello-api/exercise.yaml:20:1: the points of the 11 checks add up to 95, not 100\n"
	"exercises/5/hello-api/exercise.yaml:23:20: unknown key 'exepct' in a get step; did you mean 'expect'?\n"
	"exercises/5/hello-api/exercise.yaml:28:88: $(freind) is not known here; words: a, b, crowd, friend, total; saved before: none\n"
	"exercises/5/hello-api/exercise.yaml:42:5: 'get' and 'post' in one step; a step has one verb (use steps:)\n"
	"exercises/5/hello-api/exercise.yaml:69:6: check 'no-mix-up' is hidden and has no rule: a learner who fails it would learn nothing\n"
	"exercises/5/hello-api/exercise.yaml:75:6: warning: no known-bad submission fails check 'stops'\n"
	"```\n";

const char frame_extend[] =
	"\n## To add a check\n"
	"\n"
	"Say that `hello-api` should also refuse a name of more than 50 characters. Add the check, and take its points from\n"
	"another one, so that all add up to 100:\n"
	"\n"
	"```yaml\n"
	"  - id: long-name\n"
	"    title: \"A name over 50 characters: 422\"\n"
	"    points: 5\n"
	"    category: error\n"
	"    get: /greet\n"
	"    query: {name: $(long)}\n"
	"    expect: {use: error, status: 422}\n"
	"```\n"
	"\n"
	"Add the word, `long: {kind: text, length: 51}`, to `words`. Then prove the check: take the length\n"
	"check out of a reference, keep the difference, and put the reference back:\n"
	"\n"
	"```\n"
	"git diff --relative=exercises/5/hello-api/reference/python > exercises/5/hello-api/bad/any-length.patch\n"
	"git checkout exercises/5/hello-api/reference/python\n"
	"```\n"
	"\n"
	"Name it under `known_bad`: `- {name: any-length, score: 95, fails: [long-name]}`. `milepost lint hello-api` now has nothing to say,\n"
	"`milepost prove hello-api` runs all. Because a check changed, `version` rises by one.\n"
	"\n"
	"## To add a probe, a fixture, a report format\n"
	"\n"
	"A **probe** is one folder, one `struct probe_kind` and one row in `grader/grade/probes.c`. The struct is the whole\n"
	"contract (`grader/model/probe.h`): its verbs and field tables are read by the loader and printed on this page, its\n"
	"`examine` makes mistakes of a step known at load time, its `run` asks and returns an outcome:\n"
	"\n"
	"```c\n"
	"static const char *const file_keys[] = {\"near\", \"expect\", NULL};\n"
	"static const char *const file_parts[] = {\"text\", \"size\", NULL};\n"
	"static const struct verb files_verbs[] = {\n"
	"\t{\"file\", VERB_TEXT, NULL, file_keys, file_parts, \"a file that was delivered\"},\n"
	"};\n"
	"const struct probe_kind files_probe = {\n"
	"\t.name = \"files\", .verbs = files_verbs, .verb_count = 1, .run = files_run,\n"
	"};\n"
	"```\n"
	"\n"
	"A **fixture** (a database, a stub that the learner's service talks to) is one file and one row in `grader/fixture`; the\n"
	"room is made when the first exercise needs one. A **report format** is one file with a function of a scorecard to bytes,\n"
	"and one row `{\"tap\", report_tap, \"what it is for\"}` in `report_formats` (`grader/report/report.c`). After a change of any\n"
	"table, print this page again: a test compares the two.\n";
