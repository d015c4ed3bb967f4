/* SPDX-License-Identifier: MIT */
/* Being let in, inside the reader's box. */
#ifndef GRADER_INTAKE_INSIDE_ACCESS_H
#define GRADER_INTAKE_INSIDE_ACCESS_H

#include <git2.h>
#include <milepost/error.h>

#include "grader/intake/address.h"
#include "grader/intake/frame.h"
#include "grader/intake/known_hosts.h"
#include "grader/intake/limits.h"

/* What ASK_ACCESS told. Wiped by access_free(), as soon as the clone is there. */
struct access_inside {
	char user[ADDRESS_USER_MAX + 1];
	char password[INTAKE_PASSWORD_MAX + 1]; /* "": none; of an encrypted key its passphrase */
	char key[INTAKE_KEY_MAX + 1];		/* "": none */
	char host[ADDRESS_HOST_MAX + 1];
	int port;
	char keys[KNOWN_HOSTS_KEYS_MAX + 1]; /* as of known_hosts_find() */
	int answers;			     /* how often we answered */
	char stop[FRAME_REASON_MAX];	     /* why nothing secret is sent there; "": it is */
};

/* What is said when an address leads a password elsewhere. */
extern const char access_led_away[];

/* The payload of ASK_ACCESS. -EBADMSG: it is none. */
MP_MUST_CHECK int access_take(struct access_inside *access, struct frame_cursor *cursor);
struct access_inside *access_free(struct access_inside *access);

/* An answer to the server's question: 0, or GIT_EAUTH when there is none that it ALLOWED. */
MP_MUST_CHECK int access_answer(git_credential **ret_credential, struct access_inside *access,
				unsigned int allowed);

/* Why the server did not let us in: MP_FAULT_USAGE. */
int access_refused(const struct access_inside *access, struct mp_error *err);

/* Whether CERT, a git_cert_hostkey, is the key of HOST that the user knows: 0; else GIT_EUSER and STOP is filled. */
MP_MUST_CHECK int access_check_host(struct access_inside *access, const git_cert *cert,
				    const char *host);

/* Have libgit2 ask the host for a key of a kind that is known. Errors: MP_FAULT_HOST. */
MP_MUST_CHECK int access_prefer(const struct access_inside *access, struct mp_error *err);

#endif
