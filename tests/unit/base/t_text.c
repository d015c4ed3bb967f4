/* SPDX-License-Identifier: MIT */
/* Bounded text: what fits, what is cut, and what a person may see of foreign bytes. */
#include "sandbox/base/text.h"

#include "tests/helper/tap.h"

static void text_grows_up_to_its_limit_and_says_when_it_was_cut(void)
{
	mp_autotext struct text text;

	text_init(&text, 10);
	IS_TEXT(text_get(&text), "");
	text_add(&text, "12345");
	text_addf(&text, "%d", 6789);
	OK(!text.is_cut);
	text_add_char(&text, '0');
	OK(!text.is_cut);
	IS(text.length, 10);
	text_add(&text, "");
	OK(!text.is_cut);
	text_add_char(&text, 'x');
	OK(text.is_cut);
	IS_TEXT(text_get(&text), "1234567890");
	text_clear(&text);
	OK(!text.is_cut);
	IS_TEXT(text_get(&text), "");
	text_add(&text, "abcdefghijklmno");
	OK(text.is_cut);
	IS_TEXT(text_get(&text), "abcdefghij");
}

static void a_cut_leaves_no_character_in_two(void)
{
	mp_autotext struct text text;

	for (size_t limit = 4; limit <= 6; limit++) {
		text_init(&text, limit);
		text_add(&text, "abc\u0906\u0936");
		OK(text.is_cut);
		IS_TEXT(text_get(&text), limit < 6 ? "abc" : "abc\u0906");
		/* What came later does not slip into the room that was left. */
		text_add_char(&text, 'x');
		IS_TEXT(text_get(&text), limit < 6 ? "abc" : "abc\u0906");
		text_done(&text);
	}
	/* Bytes that are no UTF-8 lose three at most. */
	text_init(&text, 8);
	text_add_bytes(&text, "\x80\x80\x80\x80\x80\x80\x80\x80\x80", 9);
	IS(text.length, 5);
}

static void no_limit_means_sixteen_mebibytes(void)
{
	mp_autotext struct text text;
	char block[1024];

	memset(block, 'x', sizeof(block));
	text_init(&text, 0);
	for (int i = 0; i < 16 * 1024; i++)
		text_add_bytes(&text, block, sizeof(block));
	IS(text.length, 16 << 20);
	OK(!text.is_cut);
	text_add_char(&text, 'x');
	OK(text.is_cut);
}

static void formatted_text_may_be_long(void)
{
	mp_autotext struct text text;
	char block[3000];

	memset(block, 'x', sizeof(block) - 1);
	block[sizeof(block) - 1] = '\0';
	for (size_t length = 500; length < 530; length++) {
		text_init(&text, 0);
		text_addf(&text, "%.*s|", (int)length, block);
		IS(text.length, length + 1);
		IS(text_get(&text)[length], '|');
		text_done(&text);
	}
	text_addf(&text, "%s%s", block, "end");
	IS(text.length, sizeof(block) - 1 + 3);
}

static void bytes_may_hold_nul(void)
{
	mp_autotext struct text text;

	text_init(&text, 0);
	text_add_bytes(&text, "a\0b", 3);
	text_add_bytes(&text, NULL, 0);
	IS(text.length, 3);
	IS(memcmp(text.data, "a\0b", 4), 0);
}

static void taken_text_belongs_to_the_taker(void)
{
	struct text text;
	char *taken;

	text_init(&text, 4);
	taken = text_take(&text);
	IS_TEXT(taken, "");
	free(taken);
	text_add(&text, "abcdef");
	taken = text_take(&text);
	IS_TEXT(taken, "abcd");
	free(taken);
	OK(!text.data && !text.is_cut && text.length == 0 && text.limit == 4);
	text_done(&text);
	text_done(NULL);
}

struct utf8_row {
	const char *bytes;
	size_t count;
	size_t wanted;
};

static const struct utf8_row utf8_rows[] = {
	{"", 0, 0},
	{"a", 1, 1},
	{"\0", 1, 1},
	{"\x7f", 1, 1},
	{"\x80", 1, 0},
	{"\xbf", 1, 0},
	{"\xc0\x80", 2, 0},	    /* overlong NUL */
	{"\xc1\xbf", 2, 0},	    /* overlong */
	{"\xc2\x80", 2, 2},	    /* smallest of two */
	{"\xdf\xbf", 2, 2},	    /* largest of two */
	{"\xc3", 1, 0},		    /* cut */
	{"\xc3(", 2, 0},	    /* no continuation */
	{"\xe0\x9f\xbf", 3, 0},	    /* overlong */
	{"\xe0\xa0\x80", 3, 3},	    /* smallest of three */
	{"\xed\x9f\xbf", 3, 3},	    /* before the surrogates */
	{"\xed\xa0\x80", 3, 0},	    /* first surrogate */
	{"\xed\xbf\xbf", 3, 0},	    /* last surrogate */
	{"\xef\xbf\xbf", 3, 3},	    /* largest of three */
	{"\xe2\x82", 2, 0},	    /* cut */
	{"\xf0\x8f\xbf\xbf", 4, 0}, /* overlong */
	{"\xf0\x90\x80\x80", 4, 4}, /* smallest of four */
	{"\xf4\x8f\xbf\xbf", 4, 4}, /* largest of all */
	{"\xf4\x90\x80\x80", 4, 0}, /* beyond */
	{"\xf5\x80\x80\x80", 4, 0},
	{"\xff\xff\xff\xff", 4, 0},
	{"\xf0\x9f\x98", 3, 0}, /* cut */
};

static void utf8_is_told_from_other_bytes(void)
{
	for (size_t i = 0; i < sizeof(utf8_rows) / sizeof(utf8_rows[0]); i++) {
		/* A copy of exactly that size: reading beyond it shows under the sanitizer. */
		char *copy = malloc(utf8_rows[i].count + !utf8_rows[i].count);

		memcpy(copy, utf8_rows[i].bytes, utf8_rows[i].count);
		IS(text_utf8_length(copy, utf8_rows[i].count), utf8_rows[i].wanted);
		ROW("%zu", i);
		free(copy);
	}
}

struct visible_row {
	const char *bytes;
	size_t count, most;
	const char *wanted;
};

static const struct visible_row visible_rows[] = {
	{"plain", 5, 99, "plain"},
	{"", 0, 99, ""},
	{"a\nb\tc\rd", 7, 99, "a\\nb\\tc\\rd"},
	{"\033[31mred", 8, 99, "\\x1b[31mred"},
	{"a\0b\x7f", 4, 99, "a\\x00b\\x7f"},
	{"na\xc3\xafve", 6, 99, "na\xc3\xafve"},
	{"bad \xff\xfe", 6, 99, "bad \\xff\\xfe"},
	{"cut \xe2\x82", 6, 99, "cut \\xe2\\x82"},
	{"\xf0\x9f\x98\x80", 4, 99, "\xf0\x9f\x98\x80"},
	{"\xc2\x9b"
	 "31m",
	 5, 99, "\\u009b31m"},		   /* a control of 8 bits */
	{"\xc2\xa0x", 3, 99, "\xc2\xa0x"}, /* the first that is none */
	{"a\xe2\x80\xae"
	 "b",
	 5, 99, "a\\u202eb"}, /* right to left from here */
	{"a\xe2\x81\xa6"
	 "b",
	 5, 99, "a\\u2066b"}, /* an isolate */
	{"a\xe2\x80\xa8"
	 "b",
	 5, 99, "a\\u2028b"}, /* a line separator */
	{"\xef\xbb\xbf"
	 "a",
	 4, 99, "\\ufeffa"}, /* a byte-order mark */
	{"a\xe2\x80\x8f"
	 "b",
	 5, 99, "a\\u200fb"}, /* a mark of direction */
	{"a\xe2\x80\x94"
	 "b",
	 5, 99,
	 "a\xe2\x80\x94"
	 "b"}, /* a dash is a dash */
	{"12345", 5, 5, "12345"},
	{"123456", 6, 5, "12345..."},
	{"1234\xc3\xa9", 6, 5, "1234\xc3\xa9"},
	{"1234\xc3\xa9x", 7, 5, "1234\xc3\xa9..."},
	{"123", 3, 0, "..."},
};

static void foreign_bytes_are_shown_without_harm(void)
{
	for (size_t i = 0; i < sizeof(visible_rows) / sizeof(visible_rows[0]); i++) {
		const struct visible_row *row = &visible_rows[i];
		mp_autotext struct text text;

		text_init(&text, 0);
		text_add_visible(&text, row->bytes, row->count, row->most);
		IS_TEXT(text_get(&text), row->wanted);
		ROW("%zu", i);
	}
}

static void a_zeroed_text_may_be_used_at_once(void)
{
	mp_autotext struct text text = {0};

	text_add(&text, "12345");
	IS_TEXT(text_get(&text), "12345");
	OK(!text.is_cut);
}

TAP_MAIN(T(text_grows_up_to_its_limit_and_says_when_it_was_cut) T(a_cut_leaves_no_character_in_two)
		 T(no_limit_means_sixteen_mebibytes) T(formatted_text_may_be_long)
			 T(bytes_may_hold_nul) T(taken_text_belongs_to_the_taker)
				 T(utf8_is_told_from_other_bytes)
					 T(foreign_bytes_are_shown_without_harm)
						 T(a_zeroed_text_may_be_used_at_once))
