/* SPDX-License-Identifier: MIT */
/* The options that let milepost in at an address: files and descriptors become texts. */
#ifndef GRADER_CMD_ACCESS_H
#define GRADER_CMD_ACCESS_H

#include "grader/cmd/command.h"
#include "grader/intake/intake.h"

struct access_options {
	const char *user;
	const char *key;
	const char *known_hosts;
	const char *password_fd;
};

/* The rows of STRUCT, whose member is `struct access_options access`. */
#define OPTIONS_ACCESS(STRUCT)                                                                                      \
	{"key", FIELD_TEXT, offsetof(struct STRUCT, access.key),                                                    \
	 1,	4096,	    "ssh: the file of your private key",                                                    \
	 NULL,	false},                                                                                             \
		{"known-hosts",                                                                                     \
		 FIELD_TEXT,                                                                                        \
		 offsetof(struct STRUCT, access.known_hosts),                                                       \
		 1,                                                                                                 \
		 4096,                                                                                              \
		 "ssh: the keys of machines (default: ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts)",            \
		 NULL,                                                                                              \
		 false},                                                                                            \
		{"user", FIELD_TEXT, offsetof(struct STRUCT, access.user),                                          \
		 1,	 64,	     "who you are at an address that does not name you",                            \
		 NULL,	 false},                                                                                    \
	{                                                                                                           \
		"password-fd", FIELD_TEXT, offsetof(struct STRUCT, access.password_fd), 1, 10,                      \
			"read the password, token, or passphrase of --key from this descriptor, like 3 of 3< FILE", \
			NULL, false                                                                                 \
	}

/*
 * Read what OPTIONS name; to be done before the process locks itself down. Wiped and freed by access_done().
 * Errors: MP_FAULT_USAGE, with what to type.
 */
MP_MUST_CHECK int access_read(const struct access_options *options, bool is_ssh,
			      struct intake_access *ret_access, struct mp_error *err);
void access_done(struct intake_access *access);

#endif
