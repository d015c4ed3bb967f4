/* SPDX-License-Identifier: MIT */
/* What a file is that was given as a private key: looked at, not taken apart. Pure. Source: PROTOCOL.key of OpenSSH. */
#ifndef GRADER_INTAKE_SSH_KEY_H
#define GRADER_INTAKE_SSH_KEY_H

#include <stdbool.h>

enum ssh_key_kind {
	SSH_KEY_NONE,	   /* something else */
	SSH_KEY_PUBLIC,	   /* the public half */
	SSH_KEY_PUTTY,	   /* a private key in PuTTY's own form */
	SSH_KEY_PLAIN,	   /* a private key */
	SSH_KEY_ENCRYPTED, /* one that needs its passphrase */
};

enum ssh_key_kind ssh_key_look(const char *text);

/* Whether it is a plain RSA key: servers of today want signatures of these that libssh2 1.10 cannot make. */
bool ssh_key_is_rsa(const char *text);

#endif
