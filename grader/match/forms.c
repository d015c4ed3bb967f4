/* SPDX-License-Identifier: MIT */
/* Bare pattern words: types and forms; and what it means that two values are equal. */
#include <string.h>
#include <strings.h>

#include "grader/match/inner.h"
#include "grader/match/when.h"

size_t text_characters(const char *bytes, size_t count)
{
	size_t characters = 0;

	for (size_t i = 0; i < count; i++)
		characters += ((unsigned char)bytes[i] & 0xc0) != 0x80;
	return characters;
}

/* The value as a text without NUL bytes, or NULL. */
static const char *whole_text(const json_t *value)
{
	const char *text = json_string_value(value);

	return text && strlen(text) == json_string_length(value) ? text : NULL;
}

static bool is_text(const json_t *value)
{
	return json_is_string(value);
}
static bool is_integer(const json_t *value)
{
	return json_is_integer(value);
}
static bool is_number(const json_t *value)
{
	return json_is_number(value);
}
static bool is_boolean(const json_t *value)
{
	return json_is_boolean(value);
}
static bool is_list(const json_t *value)
{
	return json_is_array(value);
}
static bool is_object(const json_t *value)
{
	return json_is_object(value);
}
static bool is_any(const json_t *value)
{
	return value != NULL;
}
static bool is_absent(const json_t *value)
{
	return value == NULL;
}

static bool is_time(const json_t *value)
{
	const char *text = whole_text(value);
	int64_t ms;

	return text && when_time(text, &ms);
}

static bool is_date(const json_t *value)
{
	const char *text = whole_text(value);
	int64_t days;

	return text && when_date(text, &days);
}

static bool is_uuid(const json_t *value)
{
	const char *text = whole_text(value);

	if (!text || strlen(text) != 36)
		return false;
	for (int i = 0; i < 36; i++) {
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_dash ? text[i] != '-' : !strchr("0123456789abcdefABCDEF", text[i]))
			return false;
	}
	return true;
}

static bool is_url(const json_t *value)
{
	const char *text = whole_text(value);
	const char *host;

	if (!text ||
	    (strncasecmp(text, "http://", 7) != 0 && strncasecmp(text, "https://", 8) != 0))
		return false;
	host = strstr(text, "://") + 3;
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c <= ' ' || strchr("<>\"\\^`{|}", *c))
			return false;
	}
	return strcspn(host, "/?#") > 0 && host[0] != ':';
}

struct form {
	const char *word;
	bool (*holds)(const json_t *value);
};

static const struct form forms[] = {
	{"$text", is_text},	  {"$integer", is_integer}, {"$number", is_number},
	{"$boolean", is_boolean}, {"$list", is_list},	    {"$object", is_object},
	{"$any", is_any},	  {"$time", is_time},	    {"$date", is_date},
	{"$uuid", is_uuid},	  {"$url", is_url},	    {"$absent", is_absent},
};

bool form_holds(const char *word, const json_t *value)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(forms[i].word, word) == 0)
			return forms[i].holds(value);
	}
	return false;
}

/* --- equal and less ---------------------------------------------------------------------------------- */

static int compare_integer_real(json_int_t integer, double real)
{
	json_int_t floor_of_real;

	if (real >= 9223372036854775808.0)
		return -1;
	if (real < -9223372036854775808.0)
		return 1;
	floor_of_real = (json_int_t)real;
	if ((double)floor_of_real > real)
		floor_of_real--;
	if (integer != floor_of_real)
		return integer < floor_of_real ? -1 : 1;
	return real > (double)floor_of_real ? -1 : 0;
}

int number_compare(const json_t *a, const json_t *b)
{
	if (json_is_integer(a) && json_is_integer(b)) {
		json_int_t x = json_integer_value(a), y = json_integer_value(b);

		return (x > y) - (x < y);
	}
	if (json_is_integer(a))
		return compare_integer_real(json_integer_value(a), json_real_value(b));
	if (json_is_integer(b))
		return -compare_integer_real(json_integer_value(b), json_real_value(a));
	return (json_real_value(a) > json_real_value(b)) -
	       (json_real_value(a) < json_real_value(b));
}

static bool list_equal(const json_t *a, const json_t *b)
{
	if (json_array_size(a) != json_array_size(b))
		return false;
	for (size_t i = 0; i < json_array_size(a); i++) {
		if (!value_equal(json_array_get(a, i), json_array_get(b, i)))
			return false;
	}
	return true;
}

static bool object_equal(const json_t *a, const json_t *b)
{
	const char *key;
	json_t *value;

	if (json_object_size(a) != json_object_size(b))
		return false;
	json_object_foreach (json_readable(a), key, value) {
		const json_t *other = json_object_get(b, key);

		if (!other || !value_equal(value, other))
			return false;
	}
	return true;
}

/* Goes as deep as both are: the author's side is at most 32 levels. */
bool value_equal(const json_t *a, const json_t *b)
{
	if (json_is_number(a) && json_is_number(b))
		return number_compare(a, b) == 0;
	if (!a || !b || json_typeof(a) != json_typeof(b))
		return false;
	if (json_is_string(a))
		return json_string_length(a) == json_string_length(b) &&
		       memcmp(json_string_value(a), json_string_value(b), json_string_length(a)) ==
			       0;
	if (json_is_array(a))
		return list_equal(a, b);
	if (json_is_object(a))
		return object_equal(a, b);
	return true;
}
