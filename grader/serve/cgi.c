/* SPDX-License-Identifier: MIT */
/* Reading the head of a CGI answer: what stands in a box wrote it, so nothing of it is believed. */
#include "grader/serve/cgi.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

const char *const cgi_names[CGI_HEADERS] = {
	[CGI_TYPE] = "Content-Type",
	[CGI_CACHE] = "Cache-Control",
	[CGI_EXPIRES] = "Expires",
	[CGI_PRAGMA] = "Pragma",
};

static int read_status(const char *value, size_t length)
{
	int status = 0;

	if (length < 3 || (length > 3 && value[3] != ' '))
		return -EBADMSG;
	for (int i = 0; i < 3; i++) {
		if (value[i] < '0' || value[i] > '9')
			return -EBADMSG;
		status = status * 10 + (value[i] - '0');
	}
	return status >= 200 && status <= 599 ? status : -EBADMSG;
}

static bool is_name(const char *name, size_t length, const char *of)
{
	return strlen(of) == length && strncasecmp(name, of, length) == 0;
}

/* One line without its end. */
static int read_line(const char *line, size_t length, struct cgi_head *head)
{
	const char *colon = memchr(line, ':', length);
	const char *value;
	size_t name;
	int status;

	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)line[i] < ' ' || (unsigned char)line[i] > '~')
			return -EBADMSG;
	}
	if (!colon || colon == line)
		return -EBADMSG;
	name = (size_t)(colon - line);
	value = colon + 1;
	while (value < line + length && *value == ' ')
		value++;
	length -= (size_t)(value - line);
	if (is_name(line, name, "Status")) {
		status = read_status(value, length);
		head->status = status;
		return status < 0 ? status : 0;
	}
	for (size_t i = 0; i < CGI_HEADERS; i++) {
		if (!is_name(line, name, cgi_names[i]))
			continue;
		if (length >= CGI_VALUE_MAX)
			return -EBADMSG;
		memcpy(head->values[i], value, length);
		head->values[i][length] = '\0';
	}
	return 0;
}

int cgi_read(const char *bytes, size_t count, struct cgi_head *ret_head)
{
	struct cgi_head head = {.status = 200};
	size_t at = 0;

	while (at < count && at < CGI_HEAD_MAX) {
		const char *line = bytes + at;
		const char *end = memchr(line, '\n', count - at);
		size_t length;
		int ret;

		if (!end)
			break;
		at = (size_t)(end - bytes) + 1;
		length = (size_t)(end - line);
		if (length > 0 && line[length - 1] == '\r')
			length--;
		if (length == 0) {
			*ret_head = head;
			return at <= CGI_HEAD_MAX ? (int)at : -EBADMSG;
		}
		ret = read_line(line, length, &head);
		if (ret < 0)
			return ret;
	}
	return count >= CGI_HEAD_MAX ? -EBADMSG : 0;
}
