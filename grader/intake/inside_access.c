/* SPDX-License-Identifier: MIT */
/*
 * Being let in: what a server's question for a password or key is answered with, and whether the server is
 * the one that the user knows. Source: git_remote_callbacks, libgit2 1.5; the raw key of a host: RFC 4253, 6.6.
 *
 * libgit2 asks for the host's key to be checked before it asks for credentials: an unknown host gets none.
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "grader/intake/inside.h"
#include "grader/intake/inside_access.h"
#include "grader/intake/ssh_key.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/text.h"

enum { RAW_KEY_MAX = 8192, TYPE_MAX = 64 };

#define access_usage(ERR, ...) mp_fail((ERR), MP_FAULT_USAGE, -EBADMSG, __VA_ARGS__)

const char access_led_away[] =
	"the address leads to another machine or port (or away from https), and a password is given "
	"to none but the one that you name: write where it ends";

int access_take(struct access_inside *access, struct frame_cursor *cursor)
{
	(void)frame_read_text(cursor, access->user, sizeof(access->user));
	(void)frame_read_text(cursor, access->password, sizeof(access->password));
	(void)frame_read_text(cursor, access->key, sizeof(access->key));
	(void)frame_read_text(cursor, access->host, sizeof(access->host));
	access->port = (int)frame_read_size(cursor);
	(void)frame_read_text(cursor, access->keys, sizeof(access->keys));
	return frame_read_ok(cursor) && access->user[0] ? 0 : -EBADMSG;
}

struct access_inside *access_free(struct access_inside *access)
{
	if (access)
		explicit_bzero(access, sizeof(*access));
	free(access);
	return NULL;
}

/* --- what we answer ------------------------------------------------------------------------ */

int access_answer(git_credential **ret_credential, struct access_inside *access,
		  unsigned int allowed)
{
	const char *passphrase = NULL;

	if (allowed & GIT_CREDENTIAL_USERNAME)
		return git_credential_username_new(ret_credential, access->user);
	/* The second question is the server's no to the first answer. */
	if (access->answers++ > 0)
		return GIT_EAUTH;
	if (access->key[0] && allowed & GIT_CREDENTIAL_SSH_MEMORY) {
		if (ssh_key_look(access->key) == SSH_KEY_ENCRYPTED)
			passphrase = access->password;
		return git_credential_ssh_key_memory_new(ret_credential, access->user, NULL,
							 access->key, passphrase);
	}
	if (!access->key[0] && access->password[0] && allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT)
		return git_credential_userpass_plaintext_new(ret_credential, access->user,
							     access->password);
	access->answers = 0;
	return GIT_EAUTH;
}

/* Why libssh2 could not use the key at all, so that the server never saw it. NULL: it could. */
static const char *key_unusable(const struct access_inside *access)
{
	const git_error *last = git_error_last();

	if (access->answers > 1 || !last)
		return NULL;
	if (strstr(last->message, "No supported cipher"))
		return "--key: the key is encrypted in a way that libssh2 cannot undo: type "
		       "'ssh-keygen -p -Z aes256-ctr -f' and its file";
	if (!strstr(last->message, "Error parsing PEM") && !strstr(last->message, "unpack failed"))
		return NULL;
	if (ssh_key_look(access->key) == SSH_KEY_ENCRYPTED)
		return "--key: the key is encrypted, and what comes by --password-fd does not open it: is "
		       "its passphrase right?";
	return "--key: the key cannot be read: is its file whole? 'ssh-keygen -y -f' and its file tell";
}

int access_refused(const struct access_inside *access, struct mp_error *err)
{
	const char *what = access->key[0] ? "key" : "password";
	const char *unusable = access->key[0] ? key_unusable(access) : NULL;

	if (access->answers == 0)
		return access_usage(err, "the server takes no %s of '%s': it wants another way in",
				    what, access->user);
	if (!access->key[0])
		return access_usage(
			err,
			"the server does not take that password of '%s': is it right, and may it "
			"read this repository?",
			access->user);
	if (ssh_key_is_rsa(access->key))
		return access_usage(
			err,
			"the server does not take that key of '%s': it is an RSA key, which "
			"libssh2 signs with in a way that servers refuse since 2021: make "
			"another with 'ssh-keygen -t ed25519' and give it to the server",
			access->user);
	if (unusable)
		return access_usage(err, "%s", unusable);
	return access_usage(err,
			    "the server does not take that key of '%s': was its public half (.pub) "
			    "given to the server?",
			    access->user);
}

/* --- whom we speak to ---------------------------------------------------------------------- */

/* The type of a raw key: its first string. */
static int key_type(const unsigned char *key, size_t count, char ret_type[TYPE_MAX])
{
	size_t length = count >= 4 && !key[0] && !key[1] && !key[2] ? key[3] : 0;

	if (length == 0 || length >= TYPE_MAX || length > count - 4 ||
	    memchr(key + 4, '\0', length))
		return -EBADMSG;
	memcpy(ret_type, key + 4, length);
	ret_type[length] = '\0';
	return 0;
}

/* Whether the keys that are known have LINE as a whole line, or as the begin of one. */
static bool has_line(const char *keys, const char *line, bool is_whole)
{
	size_t count = strlen(line);

	while (*keys) {
		size_t here = strcspn(keys, "\n");

		if (strncmp(keys, line, count) == 0 && (!is_whole || here == count))
			return true;
		keys += here + (keys[here] == '\n');
	}
	return false;
}

enum host_answer { HOST_KNOWN, HOST_REVOKED, HOST_CHANGED, HOST_OTHER_KINDS, HOST_UNKNOWN };

static enum host_answer host_look(const char *keys, const char *type, const char *key)
{
	mp_autotext struct text line = {0};

	text_addf(&line, "-%s %s", type, key);
	if (has_line(keys, text_get(&line), true))
		return HOST_REVOKED;
	line.data[0] = '+';
	if (has_line(keys, text_get(&line), true))
		return HOST_KNOWN;
	text_clear(&line);
	text_addf(&line, "+%s ", type);
	if (has_line(keys, text_get(&line), false))
		return HOST_CHANGED;
	return has_line(keys, "+", false) ? HOST_OTHER_KINDS : HOST_UNKNOWN;
}

static void host_refuse(struct access_inside *access, enum host_answer answer, const char *type,
			const char *print)
{
	mp_autotext struct text words = {0};
	mp_autotext struct text scan = {0};

	if (access->port != 22)
		text_addf(&scan, "-p %d ", access->port);
	text_addf(&scan, "%s >> ~/.ssh/known_hosts", access->host);
	if (answer == HOST_CHANGED)
		text_addf(
			&words,
			"STOP: the key of '%s' is NOT the one in known_hosts: somebody may be in "
			"between, or it has a new one: its %s is now %s. Nothing secret was sent. "
			"Ask who runs it; only when that is right take the old line out and type "
			"'ssh-keyscan %s'",
			access->host, type, print, text_get(&scan));
	else if (answer == HOST_REVOKED)
		text_addf(
			&words,
			"STOP: the key of '%s' (%s) is revoked in known_hosts. Nothing secret was "
			"sent. Ask who runs it",
			access->host, print);
	else
		text_addf(
			&words,
			"%s '%s': its %s is %s: when who runs it says the same, type 'ssh-keyscan "
			"%s' (or your file of --known-hosts)",
			answer == HOST_UNKNOWN
				? "known_hosts does not know the machine"
				: "known_hosts has other kinds of keys of the machine",
			access->host, type, print, text_get(&scan));
	(void)snprintf(access->stop, sizeof(access->stop), "%s", text_get(&words));
}

int access_check_host(struct access_inside *access, const git_cert *cert, const char *host)
{
	const git_cert_hostkey *shown = (const git_cert_hostkey *)cert;
	const unsigned char *raw = (const unsigned char *)shown->hostkey;
	mp_autofree char *key = NULL;
	char print[64] = "SHA256:";
	char type[TYPE_MAX];
	enum host_answer answer;
	size_t room = sodium_base64_encoded_len(RAW_KEY_MAX, sodium_base64_VARIANT_ORIGINAL);

	if (strcmp(host, access->host) != 0 || !(shown->type & GIT_CERT_SSH_RAW) ||
	    !(shown->type & GIT_CERT_SSH_SHA256) || shown->hostkey_len > RAW_KEY_MAX ||
	    key_type(raw, shown->hostkey_len, type) < 0) {
		(void)snprintf(access->stop, sizeof(access->stop),
			       "the machine shows no key that can be checked");
		return GIT_EUSER;
	}
	key = malloc(room);
	if (!key)
		return GIT_EUSER;
	(void)sodium_bin2base64(key, room, raw, shown->hostkey_len, sodium_base64_VARIANT_ORIGINAL);
	(void)sodium_bin2base64(print + 7, sizeof(print) - 7, shown->hash_sha256,
				sizeof(shown->hash_sha256),
				sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	answer = host_look(access->keys, type, key);
	if (answer == HOST_KNOWN)
		return 0;
	host_refuse(access, answer, type, print);
	return GIT_EUSER;
}

/*
 * libgit2 looks into HOME/.ssh/known_hosts for which kinds of keys to ask the host for. In this box nobody
 * else wrote there.
 */
int access_prefer(const struct access_inside *access, struct mp_error *err)
{
	const char *home = getenv("HOME");
	mp_autotext struct text path = {0};
	mp_autofile FILE *file = NULL;

	text_addf(&path, "%s/.ssh", home ? home : "");
	(void)mkdir(text_get(&path), 0700);
	text_add(&path, "/known_hosts");
	file = fopen(text_get(&path), "we");
	if (!file)
		return mp_fail(err, MP_FAULT_HOST, -errno, "list of known hosts in the box");
	for (const char *line = access->keys; *line; line += strcspn(line, "\n") + 1) {
		int count = (int)strcspn(line, "\n");

		if (line[0] == '+' && access->port == 22)
			(void)fprintf(file, "%s %.*s\n", access->host, count - 1, line + 1);
		else if (line[0] == '+')
			(void)fprintf(file, "[%s]:%d %.*s\n", access->host, access->port, count - 1,
				      line + 1);
	}
	return 0;
}
