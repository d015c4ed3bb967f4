/* SPDX-License-Identifier: MIT */
/* What a file is that was given as a private key. */
#include "grader/intake/ssh_key.h"

#include <sodium.h>
#include <stddef.h>
#include <string.h>

enum { HEAD_CHARACTERS = 120, HEAD_BYTES = HEAD_CHARACTERS / 4 * 3 };

static const char openssh_begin[] = "-----BEGIN OPENSSH PRIVATE KEY-----";
static const char openssh_magic[] = "openssh-key-v1"; /* with its NUL */

/* How each kind begins; the first row that fits counts. */
static const struct {
	const char *begin;
	enum ssh_key_kind kind;
} forms[] = {
	{"-----BEGIN OPENSSH PRIVATE KEY-----", SSH_KEY_PLAIN},
	{"-----BEGIN ENCRYPTED PRIVATE KEY-----", SSH_KEY_ENCRYPTED},
	{"-----BEGIN PRIVATE KEY-----", SSH_KEY_PLAIN},
	{"-----BEGIN RSA PRIVATE KEY-----", SSH_KEY_PLAIN},
	{"-----BEGIN EC PRIVATE KEY-----", SSH_KEY_PLAIN},
	{"-----BEGIN PUBLIC KEY-----", SSH_KEY_PUBLIC},
	{"---- BEGIN SSH2 PUBLIC KEY ----", SSH_KEY_PUBLIC},
	{"PuTTY-User-Key-File-", SSH_KEY_PUTTY},
	{"ssh-", SSH_KEY_PUBLIC},
	{"ecdsa-sha2-", SSH_KEY_PUBLIC},
	{"sk-", SSH_KEY_PUBLIC},
};

/* The first bytes of an OpenSSH key: magic, name of the cipher, way to its key, count, public half. 0: none. */
static size_t openssh_head(const char *text, unsigned char ret_bytes[HEAD_BYTES])
{
	char digits[HEAD_CHARACTERS + 1];
	size_t given = 0, count = 0;

	if (strncmp(text, openssh_begin, strlen(openssh_begin)) != 0)
		return 0;
	text += strlen(openssh_begin);
	for (; given < HEAD_CHARACTERS && *text && !strchr("-=", *text); text++) {
		if (!strchr("\r\n", *text))
			digits[given++] = *text;
	}
	given -= given % 4;
	if (sodium_base642bin(ret_bytes, HEAD_BYTES, digits, given, NULL, &count, NULL,
			      sodium_base64_VARIANT_ORIGINAL) < 0 ||
	    count < sizeof(openssh_magic) ||
	    memcmp(ret_bytes, openssh_magic, sizeof(openssh_magic)) != 0)
		return 0;
	return count;
}

enum ssh_key_kind ssh_key_look(const char *text)
{
	static const unsigned char no_cipher[] = {0, 0, 0, 4, 'n', 'o', 'n', 'e'};
	unsigned char head[HEAD_BYTES];
	enum ssh_key_kind kind = SSH_KEY_NONE;
	size_t count = openssh_head(text, head);

	for (size_t i = 0; kind == SSH_KEY_NONE && i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strncmp(text, forms[i].begin, strlen(forms[i].begin)) == 0)
			kind = forms[i].kind;
	}
	if (count >= sizeof(openssh_magic) + sizeof(no_cipher) &&
	    memcmp(head + sizeof(openssh_magic), no_cipher, sizeof(no_cipher)) != 0)
		kind = SSH_KEY_ENCRYPTED;
	if (kind == SSH_KEY_PLAIN && strstr(text, "Proc-Type: 4,ENCRYPTED"))
		kind = SSH_KEY_ENCRYPTED;
	return kind;
}

bool ssh_key_is_rsa(const char *text)
{
	static const char type[] = "ssh-rsa";
	static const char begin[] = "-----BEGIN RSA PRIVATE KEY-----";
	static const char pkcs8[] = "-----BEGIN PRIVATE KEY-----";
	/* Its algorithm, as base64 of PKCS #8 (RFC 5208) has it behind a length of two bytes. */
	static const char algorithm[] = "ADANBgkqhkiG9w0BAQEF";
	unsigned char head[HEAD_BYTES];
	size_t count = openssh_head(text, head);

	if (strncmp(text, pkcs8, strlen(pkcs8)) == 0)
		return memmem(text, strnlen(text, HEAD_CHARACTERS), algorithm, strlen(algorithm));
	return strncmp(text, begin, strlen(begin)) == 0 ||
	       (count > 0 && memmem(head, count, type, strlen(type)));
}
