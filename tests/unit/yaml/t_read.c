/* SPDX-License-Identifier: MIT */
/* Field tables over maps: what lands in the struct, and what is said about the rest. */
#include <errno.h>

#include "grader/yaml/yaml.h"
#include "tests/helper/tap.h"

struct thing {
	const char *name;
	const char *title;
	int64_t count;
	int64_t start_ms;
	int64_t memory_bytes;
	bool is_ready;
	int colour;
	struct text_list tags;
	struct text_list lines;
	json_t *json;
	json_t *expect;
	const struct yaml_node *node;
};

static const char *const colours[] = {"red", "green", NULL};
static const struct field thing_fields[] = {
	{"name", FIELD_NAME, offsetof(struct thing, name), 2, 5, "", NULL, true},
	{"title", FIELD_TEXT, offsetof(struct thing, title), 1, 4, "", NULL, false},
	{"count", FIELD_COUNT, offsetof(struct thing, count), 1, 9, "", NULL, false},
	{"start", FIELD_MSEC, offsetof(struct thing, start_ms), 1, 60000, "", NULL, false},
	{"memory", FIELD_BYTES, offsetof(struct thing, memory_bytes), 1024, 1 << 20, "", NULL,
	 false},
	{"ready", FIELD_BOOL, offsetof(struct thing, is_ready), 0, 0, "", NULL, false},
	{"colour", FIELD_WORD, offsetof(struct thing, colour), 0, 0, "", colours, false},
	{"tags", FIELD_NAMES, offsetof(struct thing, tags), 1, 2, "", NULL, false},
	{"lines", FIELD_TEXTS, offsetof(struct thing, lines), 0, 0, "", NULL, false},
	{"json", FIELD_FREE, offsetof(struct thing, json), 0, 0, "", NULL, false},
	{"expect", FIELD_PARTS, offsetof(struct thing, expect), 0, 0, "", NULL, false},
	{"node", FIELD_NODE, offsetof(struct thing, node), 0, 0, "", NULL, false},
};
enum { THING_FIELDS = sizeof(thing_fields) / sizeof(thing_fields[0]) };

static const char *const ignored[] = {"hints", NULL};

/* Read TEXT into THING; the complaints go to GOT. */
static void read_thing(const char *text, const char *where, struct arena *arena,
		       struct thing *thing, struct text *got)
{
	struct yaml_complaints list;
	struct yaml_node *root;

	*thing = (struct thing){0};
	text_init(got, 0);
	yaml_complaints_init(&list, "f");
	(void)!yaml_parse(text, strlen(text), arena, &root, &list);
	if (root)
		yaml_read(root, thing_fields, THING_FIELDS, thing, where, ignored, arena, &list);
	yaml_complaints_print(&list, got);
	yaml_complaints_done(&list);
}

static void every_type_lands_in_its_place(void)
{
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text got;
	struct thing thing;

	read_thing(
		"name: abc\ntitle: आशा!\ncount: 9\nstart: 5s\nmemory: 64K\nready: true\ncolour: green\n"
		"tags: [a, b-c]\nlines: ['x y', '']\njson: {a: [1]}\nexpect: {status: 200}\nnode: [1, 2]\nhints: yes\n",
		"a thing", arena, &thing, &got);
	IS_TEXT(text_get(&got), "");
	IS_TEXT(thing.name, "abc");
	IS_TEXT(thing.title, "आशा!");
	IS(thing.count, 9);
	IS(thing.start_ms, 5000);
	IS(thing.memory_bytes, 65536);
	OK(thing.is_ready);
	IS(thing.colour, 1);
	IS(thing.tags.count, 2);
	IS_TEXT(thing.tags.items[1], "b-c");
	IS(thing.lines.count, 2);
	IS_TEXT(thing.lines.items[1], "");
	IS(json_integer_value(json_array_get(json_object_get(thing.json, "a"), 0)), 1);
	IS(json_integer_value(json_object_get(thing.expect, "status")), 200);
	IS(thing.node->item_count, 2);
	IS(thing.node->line, 12);
	IS(thing.node->column, 7);
}

static void one_name_is_a_list_of_one(void)
{
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text got;
	struct thing thing;

	read_thing("name: abc\ntags: any\n", "a thing", arena, &thing, &got);
	IS_TEXT(text_get(&got), "");
	IS(thing.tags.count, 1);
	IS_TEXT(thing.tags.items[0], "any");
}

static void each_mistake_has_place_and_sentence(void)
{
	static const struct {
		const char *written, *said;
	} rows[] = {
		{"title: x", "f:1:1: limits has no 'name'\n"},
		{"nmae: abc", "f:1:1: unknown key 'nmae' in limits; did you mean 'name'?\n"},
		{"name: abc\nhint: x",
		 "f:2:1: unknown key 'hint' in limits; did you mean 'hints'?\n"},
		{"name: abc\nzzzzzz: x", "f:2:1: unknown key 'zzzzzz' in limits\n"},
		{"name: abc\nstart: 10",
		 "f:2:8: limits.start: '10' has no unit; write 10s or 500ms\n"},
		{"name: abc\nstart: 2m",
		 "f:2:8: limits.start: '2m' is out of range; wanted: duration 1ms-1m\n"},
		{"name: Abc",
		 "f:1:7: limits.name: 'Abc' is not a name; write a-z, 0-9 and hyphens, a letter first\n"},
		{"name: a", "f:1:7: limits.name: 1 characters; 2 to 5 are allowed\n"},
		{"name: abcdef", "f:1:7: limits.name: 6 characters; 2 to 5 are allowed\n"},
		{"name: [abc]",
		 "f:1:7: limits.name: wanted: name of 2-5 characters; this is a list\n"},
		{"name: abc\ncount: 0",
		 "f:2:8: limits.count: '0' is out of range; wanted: whole number 1-9\n"},
		{"name: abc\ncount: 10",
		 "f:2:8: limits.count: '10' is out of range; wanted: whole number 1-9\n"},
		{"name: abc\ncount: x", "f:2:8: limits.count: 'x' is not a whole number\n"},
		{"name: abc\nready: yes", "f:2:8: limits.ready: 'yes' is neither true nor false\n"},
		{"name: abc\ncolour: gren",
		 "f:2:9: limits.colour: 'gren' is not known; did you mean 'green'?\n"},
		{"name: abc\ntags: [a, B, c]", "f:2:7: limits.tags: 3 items; 1 to 2 are allowed\n"},
		{"name: abc\ntags: []", "f:2:7: limits.tags: 0 items; 1 to 2 are allowed\n"},
		{"name: abc\ntags: [a, B]",
		 "f:2:11: limits.tags: 'B' is not a name; write a-z, 0-9 and hyphens, a letter first\n"},
		{"name: abc\nlines: x",
		 "f:2:8: limits.lines: wanted: list of texts; this is one value\n"},
		{"name: abc\nexpect: 200",
		 "f:2:9: limits.expect: wanted: map of parts to patterns; this is one value\n"},
		{"name: abc\njson: [yes]",
		 "f:2:8: 'yes' means different things to different readers; write true or \"yes\"\n"},
		{"name: \"a\\0b\"", "f:1:7: limits.name: a NUL character cannot stand here\n"},
		{"[name, abc]", "f:1:1: limits is a map of keys to values\n"},
		{"name:", "f:1:1: key 'name' has no value\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		mp_autotext struct text got;
		struct thing thing;

		read_thing(rows[i].written, "limits", arena, &thing, &got);
		IS_TEXT(text_get(&got), rows[i].said);
		ROW("%zu: %s", i, rows[i].written);
	}
}

static void a_map_that_needs_words_is_not_in_the_prefix(void)
{
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text got;
	struct thing thing;

	read_thing("name: abc\ncount: x\ncuont: 1\n", "a get step", arena, &thing, &got);
	IS_TEXT(text_get(&got),
		"f:2:8: count: 'x' is not a whole number\n"
		"f:3:1: unknown key 'cuont' in a get step; did you mean 'count'?\n");
}

/* What was whole before the break is read; nothing is missing because of it. */
static void a_file_that_breaks_off_is_read_up_to_there(void)
{
	static const struct {
		const char *written, *said;
	} rows[] = {
		{"count: 0\nlines: {a: b: c}",
		 "f:1:8: limits.count: '0' is out of range; wanted: whole number 1-9\n"
		 "f:2:13: quote a text that holds a colon and a blank\n"},
		{"lines: [a, b\ncount: x",
		 "f:2:6: quote a text that holds a colon and a blank; the bracket of line 1 is open\n"},
		{"tags: [a, B, {c: d",
		 "f:1:11: limits.tags: 'B' is not a name; write a-z, 0-9 and hyphens, a letter first\n"
		 "f:1:19: a map in braces is not closed, or a comma is missing before this\n"},
		{"title: hello: x", "f:1:13: quote a text that holds a colon and a blank\n"},
		{"count: x\n? {a: b",
		 "f:1:8: limits.count: 'x' is not a whole number\n"
		 "f:2:3: a key is a text\n"
		 "f:2:8: a map in braces is not closed, or a comma is missing before this\n"},
		{"count: x\n---\na: 1", "f:1:1: limits has no 'name'\n"
					"f:1:8: limits.count: 'x' is not a whole number\n"
					"f:2:1: a second document: the file is one map of keys\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		mp_autotext struct text got = {0};
		struct thing thing;

		read_thing(rows[i].written, "limits", arena, &thing, &got);
		IS_TEXT(text_get(&got), rows[i].said);
		ROW("%zu: %s", i, rows[i].written);
	}
}

static void a_walk_meets_every_value_once(void)
{
	static const char input[] = "a: [1, {b: 2}, []]\nc: {d: {e: 3}}\nf: 4\n";
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text seen;
	struct yaml_complaints list;
	struct yaml_walk walk;
	struct yaml_node *root;

	text_init(&seen, 0);
	yaml_complaints_init(&list, "f");
	IS(yaml_parse(input, sizeof(input) - 1, arena, &root, &list), 0);
	yaml_walk_from(&walk, root);
	for (const struct yaml_node *node; (node = yaml_walk_next(&walk));)
		text_add(&seen, node->kind == YAML_SCALAR ? node->text
				: node->kind == YAML_LIST ? "L"
							  : "M");
	IS_TEXT(text_get(&seen), "ML1M2LMM34");
	yaml_complaints_done(&list);
}

TAP_MAIN(T(every_type_lands_in_its_place) T(one_name_is_a_list_of_one)
		 T(each_mistake_has_place_and_sentence)
			 T(a_map_that_needs_words_is_not_in_the_prefix)
				 T(a_file_that_breaks_off_is_read_up_to_there)
					 T(a_walk_meets_every_value_once))
