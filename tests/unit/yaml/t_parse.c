/* SPDX-License-Identifier: MIT */
/* The YAML we use: what is a mistake, and what is said about it. */
#include <errno.h>
#include <unistd.h>

#include "grader/yaml/yaml.h"
#include "tests/helper/tap.h"

/* Parse, read the root as a free value (as patterns and requests are), and print all complaints. */
static void complaints_of_bytes(const char *bytes, size_t count, struct text *ret_text)
{
	mp_autoarena struct arena *arena = arena_new();
	struct yaml_complaints list;
	struct yaml_node *root;
	int ret;

	text_init(ret_text, 0);
	yaml_complaints_init(&list, "f");
	ret = yaml_parse(bytes, count, arena, &root, &list);
	IS(ret, list.error_count ? -EBADMSG : 0);
	if (root)
		json_decref(yaml_free_value(root, &list));
	yaml_complaints_print(&list, ret_text);
	yaml_complaints_done(&list);
}

struct row {
	const char *written;
	const char *said;
};

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mp_autotext struct text got;

		complaints_of_bytes(rows[i].written, strlen(rows[i].written), &got);
		IS_TEXT(text_get(&got), rows[i].said);
		ROW("%zu: %s", i, rows[i].written);
	}
}
#define CHECK_ROWS(ROWS) check_rows((ROWS), sizeof(ROWS) / sizeof((ROWS)[0]))

#define QUOTE "quote what begins with one of * & ! % @ > | or a backtick\n"
#define LARGE "is a number that does not fit into 64 bits; quote it for a text\n"
#define DOUBT "means different things to different readers; "

static void each_slip_of_the_table_gets_its_sentence(void)
{
	static const struct row rows[] = {
		{"title: Fixes #42\n",
		 "f:1:14: '#' after a value needs quotes, or a blank behind it\n"},
		{"title: #42\n", "f:1:8: '#' after a value needs quotes, or a blank behind it\n"},
		{"title: Wrong method: 405\n",
		 "f:1:20: quote a text that holds a colon and a blank\n"},
		{"{title: Wrong method: 405}\n",
		 "f:1:21: quote a text that holds a colon and a blank\n"},
		{"{allow: GET, HEAD}\n",
		 "f:1:14: key 'HEAD' has no value; quote values that hold a comma\n"},
		{"{a:1}\n", "f:1:2: key 'a:1' has no value; write a blank behind the colon\n"},
		{"ok: yes\n", "f:1:5: 'yes' " DOUBT "write true or \"yes\"\n"},
		{"ok: n\n", "f:1:5: 'n' " DOUBT "write false or \"n\"\n"},
		{"ok: ~\n", "f:1:5: '~' " DOUBT "write null or \"~\"\n"},
		{"pin: 0987\n", "f:1:6: '0987' " DOUBT "quote it, or write a plain number\n"},
		{"pin: [1_000, 0x1F, +3]\n",
		 "f:1:7: '1_000' " DOUBT "quote it, or write a plain number\n"
		 "f:1:14: '0x1F' " DOUBT "quote it, or write a plain number\n"
		 "f:1:20: '+3' " DOUBT "quote it, or write a plain number\n"},
		{"pin: [.5, 1.]\n", "f:1:7: '.5' " DOUBT "quote it, or write a plain number\n"
				    "f:1:11: '1.' " DOUBT "quote it, or write a plain number\n"},
		{"a: {$matches: \"\\d+\"}\n",
		 "f:1:16: in double quotes \\ begins an escape, and this is none: patterns stand in single quotes\n"},
		{"deliver: [*.sql]\n", "f:1:11: " QUOTE},
		{"deliver: [*sql]\n", "f:1:11: aliases are not used; " QUOTE},
		{"a: &b c\n", "f:1:4: anchors are not used; " QUOTE},
		{"a: @b\n", "f:1:4: " QUOTE},
		{"a: `b`\n", "f:1:4: " QUOTE},
		{"a: %b\n", "f:1:4: " QUOTE},
		{"a: > b\n", "f:1:6: " QUOTE},
		{"a: [> b]\n", "f:1:5: " QUOTE},
		{"{id: ${id}}\n",
		 "f:1:7: a name is written $(id), which needs no quotes anywhere\n"},
		{"id: ${id}\n", "f:1:5: a name is written $(id), which needs no quotes anywhere\n"},
		{"{get: /a?b=1}\n",
		 "f:1:7: warning: not every reader of YAML takes a '?' here: use query, or quotes\n"},
		{"json: {sum: !number}\n", "f:1:13: tags are not used; did you mean '$number'?\n"},
		{"json: !number 5\n", "f:1:7: tags are not used; did you mean '$number'?\n"},
		{"json: !!str 5\n", "f:1:7: "
				    "tags are not used; " QUOTE},
		{"at: 2024-11-01\nto: 12:30\n", ""},
	};

	CHECK_ROWS(rows);
}

static void what_we_do_not_use_is_refused(void)
{
	static const struct row rows[] = {
		{"", "f:1:1: the file is empty\n"},
		{"# nothing\n", "f:1:1: the file is empty\n"},
		{"a: 1\n---\nb: 2\n", "f:2:1: a second document: the file is one map of keys\n"},
		{"---\na: 1\n", ""},
		{"%YAML 1.1\n---\na: 1\n",
		 "f:1:1: directives are not used; leave the line with % out\n"},
		{"a: 1\nb: 2\na: 3\n", "f:3:1: key 'a' is there twice\n"},
		{"a: {b: 1, c: 2, b: 3}\n", "f:1:17: key 'b' is there twice\n"},
		{"a:\nb: 1\n", "f:1:1: key 'a' has no value\n"},
		{"a: [1, {b, c: 1}]\n",
		 "f:1:9: key 'b' has no value; quote values that hold a comma\n"},
		{"a:\n  -\n  - 1\n", "f:2:4: an item without a value\n"},
		{"a:\n\t- 1\n", "f:2:1: a tab in the indentation; use blanks\n"},
		{"a: {b: 1,\n\tc: 2}\n", "f:2:2: a tab in the indentation; use blanks\n"},
		{"a: 1\n<<: {b: 2}\n", "f:2:1: '<<' is not used: write the keys out\n"},
		{"? [a, b]\n: 1\n", "f:1:3: a key is a text\n"},
		{"a: \"b\n", "f:1:4: a quote is opened here and never closed\n"},
		{"a: {b: 1\nc: 2\n",
		 "f:2:2: quote a text that holds a colon and a blank; the bracket of line 1 is open\n"},
		{"a: [1, 2\n",
		 "f:2:1: a list in brackets is not closed, or a comma is missing before this; the bracket of line 1 is open\n"},
		{"a: \"b\" c\n",
		 "f:1:8: this fits nowhere: look at the indentation, and that quotes stand around the whole text\n"},
		{"a: b\x01\n",
		 "f:1:5: a control character: write it as an escape in double quotes\n"},
		{"a: b\xff\n", "f:1:5: this byte is not UTF-8; save the file as UTF-8\n"},
		{"\xff\xfe"
		 "a",
		 "f:1:1: the file is UTF-16; save it as UTF-8\n"},
		{"\xef\xbb\xbf"
		 "a: 1\r\nb: 2\r\n",
		 ""},
		{"a: 99999999999999999999\n", "f:1:4: '99999999999999999999' " LARGE},
		{"a: 1e400\n", "f:1:4: '1e400' " LARGE},
		{"a: -9223372036854775809\n", "f:1:4: '-9223372036854775809' " LARGE},
		{"a: [9223372036854775807, -9223372036854775808, 1e308]\n", ""},
		{"\xe0\xa4\x86: yes\n", "f:1:4: 'yes' " DOUBT "write true or \"yes\"\n"},
	};

	CHECK_ROWS(rows);
}

static void all_mistakes_come_in_one_pass_and_in_order(void)
{
	static const struct row rows[] = {
		{"b: yes\nc: {x: 1, x: 2}\na: &q 012\nd: no\n",
		 "f:1:4: 'yes' " DOUBT "write true or \"yes\"\n"
		 "f:2:11: key 'x' is there twice\n"
		 "f:3:4: anchors are not used; " QUOTE "f:4:4: 'no' " DOUBT
		 "write false or \"no\"\n"},
	};

	CHECK_ROWS(rows);
}

static void free_values_have_the_types_of_json(void)
{
	static const struct row rows[] = {
		{"{a: 5, b: -1.50, c: 1e2, d: 0, e: -0}",
		 "{\"a\":5,\"b\":-1.5,\"c\":100.0,\"d\":0,\"e\":0}"},
		{"[true, false, null]", "[true,false,null]"},
		{"[\"true\", '5', \"null\", yesterday, 5xx, 64K, 1.2.3, -, x]",
		 "[\"true\",\"5\",\"null\",\"yesterday\",\"5xx\",\"64K\",\"1.2.3\",\"-\",\"x\"]"},
		{"- a\n- b: [c]\n  d: {}\n", "[\"a\",{\"b\":[\"c\"],\"d\":{}}]"},
		{"a: |\n  x\n  y\nb: |-\n  z\n", "{\"a\":\"x\\ny\\n\",\"b\":\"z\"}"},
		{"a: $(id)\nb: Hello, $(name)!\n", "{\"a\":\"$(id)\",\"b\":\"Hello, $(name)!\"}"},
		{"{status: 5xx, $matches: '\\d+'}", "{\"status\":\"5xx\",\"$matches\":\"\\\\d+\"}"},
		{"a: \"\"\n", "{\"a\":\"\"}"},
		{"201: 1\n", "{\"201\":1}"},
		{"9223372036854775807", "9223372036854775807"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct yaml_complaints list;
		struct yaml_node *root;
		json_t *value;
		char *shown;

		yaml_complaints_init(&list, "f");
		IS(yaml_parse(rows[i].written, strlen(rows[i].written), arena, &root, &list), 0);
		value = yaml_free_value(root, &list);
		shown = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		IS_TEXT(shown, rows[i].said);
		ROW("%zu: %s", i, rows[i].written);
		free(shown);
		json_decref(value);
		yaml_complaints_done(&list);
	}
}

/* COUNT times PART, then REST. */
static void repeated(struct text *text, size_t count, const char *part, const char *rest)
{
	text_init(text, 0);
	for (size_t i = 0; i < count; i++)
		text_add(text, part);
	text_add(text, rest);
}

static void limits_hold_at_their_edges(void)
{
	static const struct {
		const char *before, *part, *after;
		size_t count;
		const char *said; /* "" good */
	} rows[] = {
		{"", "[", "", YAML_DEPTH_MAX + 1, "more than 32 levels"},
		{"", "- ", "x", YAML_DEPTH_MAX, ""},
		{"", "- ", "x", YAML_DEPTH_MAX + 1, "more than 32 levels"},
		{"", "- x\n", "", YAML_NODES_MAX - 1, ""},
		{"", "- x\n", "", YAML_NODES_MAX, "more than 20,000 values"},
		{"", "#", "\nx", YAML_BYTES_MAX - 2, ""},
		{"", "#", "\nx", YAML_BYTES_MAX - 1, "at most 256 kB"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autotext struct text input;
		mp_autotext struct text got;

		repeated(&input, rows[i].count, rows[i].part, rows[i].after);
		complaints_of_bytes(text_get(&input), input.length, &got);
		if (*rows[i].said)
			HAS_TEXT(text_get(&got), rows[i].said);
		else
			IS_TEXT(text_get(&got), "");
		ROW("%zu", i);
	}
}

/* Places are found from the last one on: looking for each from the start of its line took 16 s here. */
static void a_long_line_takes_time_in_proportion(void)
{
	static const char *const parts[] = {"a,", "'x', ", "\tx,", "- yes\n"};

	(void)alarm(5);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		bool is_block = parts[i][0] == '-';
		mp_autotext struct text items = {0};
		mp_autotext struct text input = {0};
		mp_autotext struct text got = {0};

		repeated(&items, YAML_NODES_MAX - 1, parts[i], is_block ? "" : "]");
		text_init(&input, 0);
		text_addf(&input, "%s%s", is_block ? "" : "[", text_get(&items));
		complaints_of_bytes(text_get(&input), input.length, &got);
	}
	(void)alarm(0);
}

static void many_complaints_are_kept_within_bounds(void)
{
	mp_autotext struct text input;
	mp_autotext struct text got;

	repeated(&input, YAML_COMPLAINTS_MAX + 7, "- yes\n", "");
	complaints_of_bytes(text_get(&input), input.length, &got);
	HAS_TEXT(text_get(&got), "f: and 7 more\n");
}

static void a_complaint_shows_no_control_characters(void)
{
	mp_autotext struct text got;
	static const char input[] = "a: 1\n\"\\e[31m\": 1\n\"\\e[31m\": 2\n";

	complaints_of_bytes(input, sizeof(input) - 1, &got);
	IS_TEXT(text_get(&got), "f:3:1: key '\\x1b[31m' is there twice\n");
}

TAP_MAIN(T(each_slip_of_the_table_gets_its_sentence) T(what_we_do_not_use_is_refused)
		 T(all_mistakes_come_in_one_pass_and_in_order) T(free_values_have_the_types_of_json)
			 T(limits_hold_at_their_edges) T(a_long_line_takes_time_in_proportion)
				 T(many_complaints_are_kept_within_bounds)
					 T(a_complaint_shows_no_control_characters))
