/* SPDX-License-Identifier: MIT */
/*
 * Addresses of repositories on other machines, taken apart. Pure. The user's own word, but it decides which
 * keys of hosts count and where a password goes, so only plain forms are taken: what libgit2 could read
 * in another way than we do is refused.
 */
#ifndef GRADER_INTAKE_ADDRESS_H
#define GRADER_INTAKE_ADDRESS_H

#include <milepost/error.h>
#include <stdbool.h>

enum { ADDRESS_USER_MAX = 64, ADDRESS_HOST_MAX = 253, ADDRESS_URL_MAX = 2000 };

struct address {
	bool is_ssh;
	bool is_open;			 /* http: whoever is on the way can read a password */
	char user[ADDRESS_USER_MAX + 1]; /* "": none is named */
	char host[ADDRESS_HOST_MAX + 1]; /* without the brackets of IPv6 */
	int port;
};

/* ssh://[USER@]HOST[:PORT]/PATH, or USER@HOST:PATH. Errors: MP_FAULT_USAGE, with what to write. */
MP_MUST_CHECK int address_parse_ssh(const char *text, struct address *ret_address,
				    struct mp_error *err);

/* http(s)://[USER@]HOST[:PORT]/PATH. RET_URL (ADDRESS_URL_MAX + 1 bytes) is the address without its user. */
MP_MUST_CHECK int address_parse_http(const char *text, struct address *ret_address, char *ret_url,
				     struct mp_error *err);

/* Whether TEXT has the form USER@HOST:PATH or HOST:PATH, in which nothing is a scheme. */
bool address_is_short(const char *text);

/* MP_FAULT_USAGE when a password stands in TEXT, which is then not told; to be asked before TEXT is. */
MP_MUST_CHECK int address_refuse_password(const char *text, struct mp_error *err);

#endif
