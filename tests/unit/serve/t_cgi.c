/* SPDX-License-Identifier: MIT */
/* Heads of CGI answers: what is read, what is refused, when more is waited for. */
#include "tests/helper/tap.h"

#include <errno.h>

#include "grader/serve/cgi.h"

static const struct {
	const char *text;
	int used; /* of cgi_read() */
	int status;
	const char *type;
} rows[] = {
	{"Content-Type: text/plain\r\n\r\nbody", 28, 200, "text/plain"},
	{"Content-Type: text/plain\n\nbody", 26, 200, "text/plain"},
	{"\r\n", 2, 200, ""},
	{"Status: 404 Not Found\r\n\r\n", 25, 404, ""},
	{"status:404\r\n\r\n", 14, 404, ""},
	{"CONTENT-TYPE:   a/b\r\nX-Other: kept out\r\n\r\n", 42, 200, "a/b"},
	{"", 0, 0, ""},
	{"Content-Type: text/plain\r\n", 0, 0, ""},
	{"Content-Type: text/pl", 0, 0, ""},
	{"no colon\r\n\r\n", -EBADMSG, 0, ""},
	{": no name\r\n\r\n", -EBADMSG, 0, ""},
	{"Content-Type: a\tb\r\n\r\n", -EBADMSG, 0, ""},
	{"Content-Type: a\rX: b\r\n\r\n", -EBADMSG, 0, ""},
	{"X: caf\xc3\xa9\r\n\r\n", -EBADMSG, 0, ""},
	{"Status: 99\r\n\r\n", -EBADMSG, 0, ""},
	{"Status: 199 x\r\n\r\n", -EBADMSG, 0, ""},
	{"Status: 600 x\r\n\r\n", -EBADMSG, 0, ""},
	{"Status: 2000\r\n\r\n", -EBADMSG, 0, ""},
	{"Status: abc\r\n\r\n", -EBADMSG, 0, ""},
	{"Status:\r\n\r\n", -EBADMSG, 0, ""},
};

static void heads_are_read_with_bounds(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cgi_head head = {0};

		IS(cgi_read(rows[i].text, strlen(rows[i].text), &head), rows[i].used);
		IS(head.status, rows[i].status);
		IS_TEXT(head.values[CGI_TYPE], rows[i].type);
	}
}

static void a_head_that_is_too_long_is_refused(void)
{
	static char text[CGI_HEAD_MAX + 10];
	struct cgi_head head = {0};

	memset(text, 'a', sizeof(text));
	text[1] = ':';
	IS(cgi_read(text, CGI_HEAD_MAX - 1, &head), 0);
	IS(cgi_read(text, CGI_HEAD_MAX, &head), -EBADMSG);
	memcpy(text, "Content-Type: ", 14);
	memcpy(text + 14 + CGI_VALUE_MAX - 1, "\n\n", 2);
	IS(cgi_read(text, sizeof(text), &head), 14 + CGI_VALUE_MAX + 1);
	IS(strlen(head.values[CGI_TYPE]), CGI_VALUE_MAX - 1);
	memset(text + 14, 'a', 200);
	memcpy(text + 14 + CGI_VALUE_MAX, "\n\n", 2);
	IS(cgi_read(text, sizeof(text), &head), -EBADMSG);
}

TAP_MAIN(T(heads_are_read_with_bounds) T(a_head_that_is_too_long_is_refused))
