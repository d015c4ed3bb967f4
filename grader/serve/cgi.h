/* SPDX-License-Identifier: MIT */
/* Pure: the head of an answer as a CGI program writes it (RFC 3875, 6), with bounds. */
#ifndef GRADER_SERVE_CGI_H
#define GRADER_SERVE_CGI_H

#include <stdbool.h>
#include <stddef.h>

enum { CGI_HEAD_MAX = 8192, CGI_VALUE_MAX = 128 };

/* The headers that are passed on. */
enum cgi_header { CGI_TYPE, CGI_CACHE, CGI_EXPIRES, CGI_PRAGMA, CGI_HEADERS };
extern const char *const cgi_names[CGI_HEADERS];

struct cgi_head {
	int status;				 /* 200 when it says none */
	char values[CGI_HEADERS][CGI_VALUE_MAX]; /* "": not there */
};

/*
 * Read a head from the COUNT bytes at BYTES. Returns the bytes that it takes with its empty line, 0 when
 * it is not yet whole, -EBADMSG when it is none: a line without a colon, a control character, no status
 * from 200 to 599, a value that is too long, or no end within CGI_HEAD_MAX. Other headers are left out.
 */
int cgi_read(const char *bytes, size_t count, struct cgi_head *ret_head);

#endif
