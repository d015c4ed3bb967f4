/* SPDX-License-Identifier: MIT */
/* The kinds of words. Tables of what is drawn from, and one function a kind. */
#include "grader/match/kinds.h"

#include <stdio.h>
#include <string.h>

#include "grader/match/inner.h"
#include "grader/match/when.h"
#include "sandbox/base/text.h"

#define COUNT_OF(ARRAY) (sizeof(ARRAY) / sizeof((ARRAY)[0]))

static const int64_t DAY_MS = 86400000;

/* Names as people have them: one row a script, given and family names to combine. */
enum { GIVEN_COUNT = 8, FAMILY_COUNT = 5 };
struct script {
	const char *given[GIVEN_COUNT];
	const char *family[FAMILY_COUNT];
};

static const struct script scripts[] = {
	{{"Asha", "Ravi", "Meena", "Farhan", "Grace", "Kabir", "Leela", "Joseph"},
	 {"Verma", "Iyer", "Das", "Khan", "Fernandes"}},
	{{"आशा", "रवि", "मीना", "कबीर", "सुनीता", "अर्जुन", "प्रिया", "मोहन"},
	 {"वर्मा", "शर्मा", "गुप्ता", "जोशी", "पाटील"}},
	{{"மீனா", "கவிதா", "முருகன்", "செல்வி", "குமார்", "லட்சுமி", "அருண்", "வள்ளி"},
	 {"ராமன்", "சுந்தரம்", "நாதன்", "பாண்டியன்", "வேலு"}},
	{{"রবি", "মিতালি", "অর্ণব", "সুচিত্রা", "দীপা", "তপন", "রিয়া", "অমিত"},
	 {"সেন", "ঘোষ", "রায়", "দাস", "বসু"}},
	{{"فرحان", "عائشہ", "زینب", "عمران", "ثنا", "کبیر", "نادیہ", "یوسف"},
	 {"خان", "قریشی", "انصاری", "مرزا", "صدیقی"}},
	{{"Zoë", "José", "Søren", "Łukasz", "Chloé", "Jürgen", "Inês", "Ağca"},
	 {"Nuñez", "Müller", "Dvořák", "Brontë", "D'Souza"}},
};

static const char *const syllables[] = {"ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu",
					"va", "ye", "zi", "ha", "go", "ja", "ke", "li", "mo", "nu"};

static const char *pick(struct rng *rng, const char *const *from, size_t count)
{
	return from[rng_below(rng, count)];
}

static json_t *draw_name_of(struct word_draw *draw, const struct script *script)
{
	char name[128];
	const char *given = pick(&draw->rng, script->given, GIVEN_COUNT);

	/* In a list most have both names, so that enough of them differ. */
	if (draw->is_alone && rng_below(&draw->rng, 2) == 0)
		return json_string(given);
	(void)snprintf(name, sizeof(name), "%s %s", given,
		       pick(&draw->rng, script->family, FAMILY_COUNT));
	return json_string(name);
}

static json_t *draw_name(struct word_draw *draw)
{
	size_t script = draw->is_alone ? rng_below(&draw->rng, COUNT_OF(scripts))
				       : draw->index % COUNT_OF(scripts);

	return draw_name_of(draw, &scripts[script]);
}

static json_t *draw_latin_name(struct word_draw *draw)
{
	static const char *const edge_cases[] = {"Mary Anne O'Neill", "Ana-Maria da Silva", "Li"};

	if (!draw->is_alone && draw->is_first_try && draw->index < COUNT_OF(edge_cases))
		return json_string(edge_cases[draw->index]);
	return draw_name_of(draw, &scripts[0]);
}

static void add_word(struct text *into, struct rng *rng)
{
	uint64_t parts = 2 + rng_below(rng, 3);

	for (uint64_t i = 0; i < parts; i++)
		text_add(into, pick(rng, syllables, COUNT_OF(syllables)));
}

static json_t *draw_word(struct word_draw *draw)
{
	mp_autotext struct text word = {0};

	text_init(&word, 0);
	if (draw->length == 0)
		add_word(&word, &draw->rng);
	while ((int64_t)word.length < draw->length)
		text_add_char(&word, (char)('a' + rng_below(&draw->rng, 26)));
	return json_string(text_get(&word));
}

/* Each text has what careless code breaks: quotes, an ampersand, a backslash, letters beyond ASCII. */
static json_t *draw_text(struct word_draw *draw)
{
	static const char *const spice[] = {"\"quoted\"", "R&D",  "50%",  "a\\b", "ñandú",
					    "चाय",	  "it's", "🙂", "<i>",  "a+b"};
	mp_autotext struct text text = {0};
	int64_t wanted = draw->length > 0 ? draw->length : 40;
	int64_t characters = 0;
	size_t next = draw->index;
	json_t *value;

	text_init(&text, 0);
	for (bool is_plain = true; characters < wanted; is_plain = !is_plain) {
		if (text.length > 0)
			text_add_char(&text, ' ');
		if (is_plain)
			add_word(&text, &draw->rng);
		else
			text_add(&text, spice[next++ % COUNT_OF(spice)]);
		characters = (int64_t)text_characters(text_get(&text), text.length);
	}
	while (characters-- > wanted) {
		do {
			text.length--;
		} while (((unsigned char)text.data[text.length] & 0xc0) == 0x80);
	}
	/* A text that ends with a blank would try trimming, which is another exercise. */
	if (text.length > 0 && text.data[text.length - 1] == ' ')
		text.data[text.length - 1] = '.';
	value = json_stringn(text_get(&text), text.length);
	return value;
}

/* Both ends of the range come first. */
static int64_t draw_in_range(struct word_draw *draw)
{
	bool may_be_edge = !draw->is_alone && draw->is_first_try && draw->count > 1;

	if (may_be_edge && draw->index == 0)
		return draw->range.low;
	if (may_be_edge && draw->index == 1)
		return draw->range.high;
	return rng_between(&draw->rng, draw->range.low, draw->range.high);
}

static json_t *draw_integer(struct word_draw *draw)
{
	return json_integer(draw_in_range(draw));
}

/* An amount alone always has paise, and fewer than ten every second time: 105 is 1.05. */
static json_t *draw_paise(struct word_draw *draw)
{
	int64_t amount = draw_in_range(draw);
	int64_t rest = rng_between(&draw->rng, 1, rng_below(&draw->rng, 2) ? 9 : 99);
	int64_t adjusted = amount - amount % 100 + rest;

	if (!draw->is_alone && draw->index % 3 != 2)
		return json_integer(amount);
	return json_integer(adjusted >= draw->range.low && adjusted <= draw->range.high ? adjusted
											: amount);
}

static json_t *draw_digits(struct word_draw *draw, int count, int first_low)
{
	char digits[16];

	digits[0] = (char)('0' + rng_between(&draw->rng, first_low, 9));
	for (int i = 1; i < count; i++)
		digits[i] = (char)('0' + rng_below(&draw->rng, 10));
	digits[count] = '\0';
	return json_string(digits);
}

static json_t *draw_phone(struct word_draw *draw)
{
	return draw_digits(draw, 10, 6);
}

static json_t *draw_pin(struct word_draw *draw)
{
	return draw_digits(draw, 6, 1);
}

static json_t *draw_email(struct word_draw *draw)
{
	static const char *const hosts[] = {"example.com", "example.org", "mail.example.in"};
	mp_autotext struct text email = {0};

	text_init(&email, 0);
	add_word(&email, &draw->rng);
	if (draw->index % 3 == 1)
		text_add(&email, "+khata");
	if (draw->index % 3 == 2)
		text_add_char(&email, '.');
	if (draw->index % 3 == 2)
		add_word(&email, &draw->rng);
	text_addf(&email, "@%s", pick(&draw->rng, hosts, COUNT_OF(hosts)));
	return json_string(text_get(&email));
}

static json_t *draw_date(struct word_draw *draw)
{
	char text[WHEN_DATE_SIZE];
	int64_t leap_day, days = draw_in_range(draw);

	if (!draw->is_alone && draw->is_first_try && draw->index == 2 &&
	    when_date("2024-02-29", &leap_day) && leap_day >= draw->range.low &&
	    leap_day <= draw->range.high)
		days = leap_day;
	when_print_date(days, text);
	return json_string(text);
}

/* Whole seconds; the third of a list is a moment at which India and UTC have different days. */
static json_t *draw_time(struct word_draw *draw)
{
	char text[WHEN_TIME_SIZE];
	int64_t ms = draw_in_range(draw);
	int64_t late = ms - ms % DAY_MS + (18 * 60 + 30) * (int64_t)60000;

	if (!draw->is_alone && draw->index == 2 && late >= draw->range.low &&
	    late <= draw->range.high)
		ms = late;
	when_print_time(ms, text);
	return json_string(text);
}

static json_t *draw_uuid(struct word_draw *draw)
{
	uint64_t high = (rng_next(&draw->rng) & ~UINT64_C(0xf000)) | 0x4000;
	uint64_t low = (rng_next(&draw->rng) & ~(UINT64_C(3) << 62)) | UINT64_C(2) << 62;
	char text[40];

	(void)snprintf(text, sizeof(text), "%08x-%04x-%04x-%04x-%012llx", (unsigned)(high >> 32),
		       (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xffff),
		       (unsigned)(low >> 48), (unsigned long long)(low & 0xffffffffffffu));
	return json_string(text);
}

/* A list has each of them before one comes again. */
static json_t *draw_one_of(struct word_draw *draw)
{
	size_t size = json_array_size(draw->of);
	size_t index = draw->is_alone || !draw->is_first_try ? rng_below(&draw->rng, size)
							     : draw->index % size;

	return json_incref(json_array_get(draw->of, index));
}

static const struct word_kind kinds[] = {
	{"name", draw_name},	   {"latin_name", draw_latin_name},
	{"word", draw_word},	   {"text", draw_text},
	{"integer", draw_integer}, {"paise", draw_paise},
	{"phone", draw_phone},	   {"pin", draw_pin},
	{"email", draw_email},	   {"date", draw_date},
	{"time", draw_time},	   {"uuid", draw_uuid},
	{"one_of", draw_one_of},
};

const struct word_kind *word_kind_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

/* --- ranges ------------------------------------------------------------------------------------------ */

static bool read_number(const json_t *value, int64_t *ret_number)
{
	*ret_number = json_integer_value(value);
	return json_is_integer(value);
}

static bool read_date(const json_t *value, int64_t *ret_days)
{
	return json_is_string(value) && when_date(json_string_value(value), ret_days);
}

static bool read_time(const json_t *value, int64_t *ret_ms)
{
	int64_t days;

	if (!json_is_string(value))
		return false;
	if (when_time(json_string_value(value), ret_ms))
		return true;
	if (!when_date(json_string_value(value), &days))
		return false;
	*ret_ms = days * DAY_MS;
	return true;
}

struct range_form {
	const char *kind;
	bool (*read)(const json_t *value, int64_t *ret_number);
	int64_t low, high; /* when the word does not say */
	const char *sentence;
};

/* 2024-01-01 to 2025-12-31 for days and times. */
static const struct range_form range_forms[] = {
	{"integer", read_number, 1, 1000, "from and to of an integer are whole numbers"},
	{"paise", read_number, 100, 10000000, "from and to of paise are whole numbers"},
	{"date", read_date, 19723, 20453, "from and to of a date are dates: 2024-11-01"},
	{"time", read_time, 1704067200000, 1767225599000,
	 "from and to of a time are times or dates"},
};

const char *kind_range_read(const char *kind, const json_t *value, struct kind_range *ret_range)
{
	const json_t *from = json_object_get(value, "from");
	const json_t *to = json_object_get(value, "to");

	*ret_range = (struct kind_range){0, 0};
	for (size_t i = 0; i < COUNT_OF(range_forms); i++) {
		const struct range_form *form = &range_forms[i];

		if (strcmp(form->kind, kind) != 0)
			continue;
		*ret_range = (struct kind_range){form->low, form->high};
		if ((from && !form->read(from, &ret_range->low)) ||
		    (to && !form->read(to, &ret_range->high)))
			return form->sentence;
		if (from && !to && ret_range->high < ret_range->low)
			ret_range->high = ret_range->low + (form->high - form->low);
		return NULL;
	}
	return from || to ? "this kind has no from and to" : NULL;
}
