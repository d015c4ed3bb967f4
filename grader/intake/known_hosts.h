/* SPDX-License-Identifier: MIT */
/*
 * The lines of a known_hosts file that speak of one host. Source: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".
 * Names, wildcards, negations, [host]:port and hashed names; a certificate authority is passed over.
 */
#ifndef GRADER_INTAKE_KNOWN_HOSTS_H
#define GRADER_INTAKE_KNOWN_HOSTS_H

#include <stddef.h>

#include "sandbox/base/text.h"

enum { KNOWN_HOSTS_LINE_MAX = 16 << 10, KNOWN_HOSTS_KEYS_MAX = 24 << 10 };

/*
 * Add to RET_KEYS, for each key that TEXT gives HOST at PORT, the line "+TYPE KEY\n", for one that is revoked
 * "-TYPE KEY\n"; KEY is base64 as it stands there. Lines that are broken or too long are passed over. A set
 * is_cut says that there were more than fit.
 */
void known_hosts_find(const char *text, const char *host, int port, struct text *ret_keys);

/* Whether PATTERN, of COUNT bytes, matches NAME: * and ?, in any case. */
int known_hosts_glob(const char *pattern, size_t count, const char *name);

#endif
