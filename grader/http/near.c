/* SPDX-License-Identifier: MIT */
/* Slips of answers that no exercise need name: of JSON by the matcher, of headers here. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "grader/http/inner.h"
#include "sandbox/base/field.h"

enum { HEADER_SHOWN = 60 };

/* Headers of an answer that the pattern does not name: one of them may be a misspelt one. */
struct strangers {
	const struct wire_answer *answer;
	const json_t *wanted; /* names in small letters */
};

static const char *visible_name(const char *name, struct arena *arena)
{
	mp_autotext struct text shown = {0};

	text_add_visible(&shown, name, strlen(name), HEADER_SHOWN);
	return arena_text(arena, text_get(&shown));
}

/* Is it the same name but for case and signs: X-Request-Id, x_requestid? */
static bool name_is_like(const char *a, const char *b)
{
	while (*a || *b) {
		while (*a && !isalnum((unsigned char)*a))
			a++;
		while (*b && !isalnum((unsigned char)*b))
			b++;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (*a) {
			a++;
			b++;
		}
	}
	return true;
}

/* "" where the header is asked for, which is near to no name. */
static const char *stranger_at(const void *context, size_t i)
{
	const struct strangers *strangers = context;
	const char *name = strangers->answer->headers[i].name, *key;
	json_t *ignored;

	json_object_foreach (json_readable(strangers->wanted), key, ignored) {
		if (strcasecmp(key, name) == 0)
			return "";
	}
	return name;
}

static const char *misspelt_as(const char *name, const struct strangers *strangers)
{
	for (size_t i = 0; i < strangers->answer->header_count; i++) {
		if (name_is_like(name, stranger_at(strangers, i)))
			return stranger_at(strangers, i);
	}
	return nearest_word(name, strangers->answer->header_count, stranger_at, strangers);
}

static const char *near_header(const char *name, const json_t *pattern, const json_t *got,
			       const struct strangers *strangers, const struct names *names,
			       struct arena *arena)
{
	const char *other;

	if (match_holds(pattern, got, names))
		return NULL;
	if (got)
		return match_general_near_miss(pattern, got, names, arena);
	other = misspelt_as(name, strangers);
	if (other && *other)
		return arena_format(
			arena,
			"The answer has the header %s where %s is wanted: its name must be spelt exactly so.",
			visible_name(other, arena), name);
	return arena_format(
		arena,
		"The answer has no header %s: set it in this answer too, before the body is sent.",
		name);
}

/* As the exercise writes the header that WANTED names in small letters. */
static const char *name_in(const json_t *pattern, const char *wanted)
{
	const char *name;
	json_t *ignored;

	json_object_foreach (json_readable(pattern), name, ignored) {
		if (strcasecmp(name, wanted) == 0)
			return name;
	}
	return wanted;
}

/* Of headers that are asked for in an answer that has the right status: else they lack for another reason. */
static const char *near_headers(const json_t *expect, const json_t *parts,
				const struct wire_answer *answer, const struct names *names,
				struct arena *arena)
{
	const json_t *status = json_object_get(expect, "status");
	const json_t *pattern = json_object_get(expect, "headers");
	json_t *wanted = lower_keys(pattern);
	json_t *got = headers_as_asked(wanted, json_object_get(parts, "headers"));
	const struct strangers strangers = {answer, wanted};
	const char *name, *sentence = NULL;
	json_t *one;

	json_object_foreach (wanted, name, one) {
		if (sentence || name[0] == '$' ||
		    (status && !status_holds(status, answer->status, names)))
			break;
		sentence = near_header(name_in(pattern, name), one, json_object_get(got, name),
				       &strangers, names, arena);
	}
	json_decref(wanted);
	json_decref(got);
	return sentence;
}

const char *answer_near_miss(const json_t *expect, const json_t *parts,
			     const struct wire_answer *answer, const struct names *names,
			     struct arena *arena)
{
	const char *sentence;

	if (json_object_get(expect, "json") && parts_json_is_cut(answer))
		return "The JSON breaks off too early. Content-Length counts bytes, and a letter outside ASCII has "
		       "two to four of them: measure the body after it is encoded.";
	sentence = match_general_near_miss(json_object_get(expect, "json"),
					   json_object_get(parts, "json"), names, arena);
	return sentence ? sentence : near_headers(expect, parts, answer, names, arena);
}
