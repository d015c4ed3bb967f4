/* SPDX-License-Identifier: MIT */
/*
 * Root causes: what a person would say after one look at the answers. Only what can be seen from
 * outside, and only when the mismatches leave hardly another reading; else none.
 */
#include <string.h>
#include <strings.h>

#include "grader/http/inner.h"

static const char *const sentences[SLIP_COUNT] = {
	[SLIP_ENDED] =
		"Your service ended while it was asked. One request, whatever it is, must not end it.",
	[SLIP_REFUSED] = "Nobody listens any more on the port of your service.",
	[SLIP_CLOSED] =
		"The connection was closed before an answer came: the code that answers broke down on the way.",
	[SLIP_TIMEOUT] =
		"No whole answer came in time: something in your code waits too long, or for ever.",
	[SLIP_GARBAGE] =
		"What came back is not HTTP as it must be: let a library write the status line and the headers.",
	[SLIP_TOO_LARGE] =
		"The answer is larger than any answer here may be: it never ends, or sends far too much.",
	[SLIP_NO_PATH] =
		"The answer is 404: your service does not know this path. Compare it with the task letter by letter.",
	[SLIP_NO_METHOD] =
		"The path is there, but your service does not accept this method for it.",
	[SLIP_REDIRECT] =
		"The answer is a redirect to another address. Answer at the path of the task itself, letter by letter.",
	[SLIP_CRASH_ON_BAD_INPUT] =
		"Input that is not as expected breaks your code: the service answers 5xx where it should say what is wrong with the input.",
	[SLIP_CRASH] =
		"Your code broke down while it answered: the status is 5xx. What the service said last tells where.",
	[SLIP_HTML_ERROR] =
		"The error answers have the right status, but they are HTML pages, not JSON: the error page of a library.",
	[SLIP_HTML_ERROR_WRONG_STATUS] =
		"The error answers are HTML pages, not JSON, and the status is not the wanted one: the error page of a library.",
	[SLIP_HTML] = "The answers are HTML pages where JSON is wanted.",
	[SLIP_TYPE] =
		"The body is JSON as it should be, but the Content-Type header does not say so.",
	[SLIP_MARK] =
		"The body begins with an invisible byte-order mark, and JSON has none: encode it as plain UTF-8 (in Python utf-8, not utf-8-sig).",
	[SLIP_UTF16] = "The body is UTF-16, and JSON is UTF-8: encode it as UTF-8.",
	[SLIP_NOT_UTF8] =
		"The body is no UTF-8, as JSON must be: its letters outside ASCII look like Latin-1 or Windows-1252. Encode it as UTF-8.",
};

const char *slip_sentence(enum slip slip)
{
	return slip < SLIP_COUNT ? sentences[slip] : NULL;
}

static enum slip slip_of_problem(enum wire_problem problem)
{
	static const enum slip slips[] = {
		[WIRE_OK] = SLIP_NONE,	       [WIRE_REFUSED] = SLIP_REFUSED,
		[WIRE_TIMEOUT] = SLIP_TIMEOUT, [WIRE_CLOSED] = SLIP_CLOSED,
		[WIRE_GARBAGE] = SLIP_GARBAGE, [WIRE_TOO_LARGE] = SLIP_TOO_LARGE,
		[WIRE_ENDED] = SLIP_ENDED,
	};

	return (size_t)problem < sizeof(slips) / sizeof(slips[0]) ? slips[problem] : SLIP_NONE;
}

/* Would some status of this class be right? Without a wanted status a success is. */
static bool wants_class(const json_t *pattern, int class, const struct names *names)
{
	if (!pattern)
		return class == 2;
	for (int status = class * 100; status < class * 100 + 60; status++) {
		if (status_holds(pattern, status, names))
			return true;
	}
	return false;
}

/* The body begins as a page of HTML does, or says that it is one. */
static bool is_html(const json_t *parts)
{
	const char *text = json_string_value(json_object_get(parts, "text"));

	if (json_object_get(parts, "html"))
		return true;
	text = text ? text + strspn(text, " \t\r\n") : "";
	return strncasecmp(text, "<!doctype html", 14) == 0 || strncasecmp(text, "<html", 5) == 0;
}

static bool part_holds(const char *name, const json_t *expect, const json_t *parts,
		       const struct names *names)
{
	const json_t *pattern = json_object_get(expect, name);
	json_t *one = json_object();
	bool holds;

	(void)json_object_set(one, name, json_readable(pattern));
	holds = !pattern || expect_fits(one, parts, names);
	json_decref(one);
	return holds;
}

static bool status_holds_one_of(const json_t *wanted, int one, int other, const struct names *names)
{
	return wanted && (status_holds(wanted, one, names) || status_holds(wanted, other, names));
}

/* The slips that a wrong status shows. */
static enum slip slip_of_status(const json_t *wanted, int status, const struct names *names)
{
	bool wants_success = wants_class(wanted, 2, names) || wants_class(wanted, 3, names);
	/* Where the task wants a mistake in the input named, path and method themselves are right. */
	bool is_for_route = wants_success || status_holds_one_of(wanted, 400, 422, names);

	if (status == 404 && is_for_route)
		return SLIP_NO_PATH;
	if ((status == 405 || status == 501) && is_for_route)
		return SLIP_NO_METHOD;
	if (status / 100 == 3 && status != 304 && !wants_class(wanted, 3, names))
		return SLIP_REDIRECT;
	if (status / 100 == 5 && wants_success)
		return SLIP_CRASH;
	if (status / 100 == 5 && wants_class(wanted, 4, names))
		return SLIP_CRASH_ON_BAD_INPUT;
	return SLIP_NONE;
}

enum slip slip_of(const json_t *expect, const json_t *parts, const struct wire_answer *answer,
		  const struct names *names)
{
	const json_t *wanted = json_object_get(expect, "status");
	bool is_status_right, wants_json;
	enum slip slip;

	if (answer->problem != WIRE_OK)
		return slip_of_problem(answer->problem);
	is_status_right = part_holds("status", expect, parts, names);
	wants_json = !part_holds("json", expect, parts, names) && !json_object_get(parts, "json");
	slip = is_status_right ? SLIP_NONE : slip_of_status(wanted, answer->status, names);
	if (slip != SLIP_NONE)
		return slip;
	if (wants_json && is_html(parts)) {
		if (answer->status < 400)
			return SLIP_HTML;
		return is_status_right ? SLIP_HTML_ERROR : SLIP_HTML_ERROR_WRONG_STATUS;
	}
	if (wants_json && is_status_right)
		slip = parts_encoding_slip(answer);
	if (slip != SLIP_NONE)
		return slip;
	if (is_status_right && json_object_get(parts, "json") &&
	    part_holds("json", expect, parts, names) &&
	    part_holds("headers", expect, parts, names) &&
	    !part_holds("type", expect, parts, names) &&
	    json_is_string(json_object_get(expect, "type")) &&
	    strcasestr(json_string_value(json_object_get(expect, "type")), "json"))
		return SLIP_TYPE;
	return SLIP_NONE;
}
