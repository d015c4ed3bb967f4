/* SPDX-License-Identifier: MIT */
/* Pure: names and passwords as git sends them, and networks as operators write them. */
#ifndef GRADER_SERVE_BASIC_H
#define GRADER_SERVE_BASIC_H

#include <milepost/error.h>
#include <stdbool.h>
#include <sys/socket.h>

enum { BASIC_USER_MAX = 64, BASIC_PASSWORD_MAX = 128 };

struct basic {
	char user[BASIC_USER_MAX];
	char password[BASIC_PASSWORD_MAX];
};

/* Read "Basic BASE64" (RFC 7617). False: it is none, or longer than fits, or holds control characters. */
bool basic_read(const char *header, struct basic *ret_basic);

/* A network: the first BITS bits of an address. */
struct network {
	unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d */
	int bits;
};

/* Read "10.1.0.0/16", "fd00::/8" or one address. Errors: -EBADMSG with MP_FAULT_USAGE. */
MP_MUST_CHECK int network_read(const char *text, struct network *ret_network, struct mp_error *err);
bool network_has(const struct network *network, const struct sockaddr *address);

/* This machine itself: 127.0.0.0/8 or ::1. */
bool address_is_loopback(const struct sockaddr *address);

/* Are both the same host? */
bool address_is_same(const struct sockaddr *a, const struct sockaddr *b);

/* Read "ADDRESS:PORT", "[::1]:8080" or ":8080" (every address). Errors: -EBADMSG with MP_FAULT_USAGE. */
MP_MUST_CHECK int address_read(const char *text, struct sockaddr_storage *ret_address,
			       struct mp_error *err);

#endif
