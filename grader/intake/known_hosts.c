/* SPDX-License-Identifier: MIT */
/* The lines of a known_hosts file that speak of one host. */
#include "grader/intake/known_hosts.h"

#include <ctype.h>
#include <libssh2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 300 };

/* A word of a line. */
struct word {
	const char *at;
	size_t count;
};

/* The host that is looked for. */
struct wanted {
	char name[NAME_MAX_BYTES]; /* HOST, or [HOST]:PORT */
	LIBSSH2_SESSION *session;  /* owned; made when a hashed name comes */
};

int known_hosts_glob(const char *pattern, size_t count, const char *name)
{
	size_t at = 0, star = SIZE_MAX;
	const char *after = NULL;

	while (*name) {
		if (at < count && pattern[at] == '*') {
			star = ++at;
			after = name;
		} else if (at < count &&
			   (pattern[at] == '?' ||
			    tolower((unsigned char)pattern[at]) == tolower((unsigned char)*name))) {
			at++;
			name++;
		} else if (star != SIZE_MAX) {
			at = star;
			name = ++after;
		} else {
			return 0;
		}
	}
	while (at < count && pattern[at] == '*')
		at++;
	return at == count;
}

/* The next word of the line, and LINE behind it; empty at its end. */
static struct word next_word(struct word *line)
{
	struct word word;
	size_t i = 0;

	while (i < line->count && (line->at[i] == ' ' || line->at[i] == '\t'))
		i++;
	word = (struct word){line->at + i, 0};
	while (i < line->count && line->at[i] != ' ' && line->at[i] != '\t')
		i++;
	word.count = (size_t)(line->at + i - word.at);
	line->at += i;
	line->count -= i;
	return word;
}

/*
 * A hashed name is HMAC-SHA1 with a salt: libssh2 knows how. Asked with a key that nobody has, it answers
 * "mismatch" when the name is the host's and "not found" when it is not. The port is part of the name: given
 * apart, libssh2 would take the keys of port 22 for any other.
 */
static bool is_hashed_name(struct wanted *wanted, struct word name)
{
	static const char no_key[] = "x";
	char line[NAME_MAX_BYTES + 64];
	int length = snprintf(line, sizeof(line), "%.*s ssh-rsa AAAAB3NzaC1yc2E=", (int)name.count,
			      name.at);
	LIBSSH2_KNOWNHOSTS *hosts;
	int answer = LIBSSH2_KNOWNHOST_CHECK_NOTFOUND;

	if (name.count > NAME_MAX_BYTES || length < 0 || length >= (int)sizeof(line))
		return false;
	if (!wanted->session)
		wanted->session = libssh2_session_init();
	hosts = wanted->session ? libssh2_knownhost_init(wanted->session) : NULL;
	if (!hosts)
		return false;
	if (libssh2_knownhost_readline(hosts, line, (size_t)length,
				       LIBSSH2_KNOWNHOST_FILE_OPENSSH) == 0)
		answer = libssh2_knownhost_checkp(
			hosts, wanted->name, -1, no_key, sizeof(no_key),
			LIBSSH2_KNOWNHOST_TYPE_PLAIN | LIBSSH2_KNOWNHOST_KEYENC_RAW, NULL);
	libssh2_knownhost_free(hosts);
	return answer == LIBSSH2_KNOWNHOST_CHECK_MISMATCH;
}

/* A list with commas: one must match, and none with a ! before it. */
static bool is_named(struct wanted *wanted, struct word names)
{
	bool is_there = false;

	if (names.count > 1 && names.at[0] == '|')
		return is_hashed_name(wanted, names);
	while (names.count > 0) {
		const char *comma = memchr(names.at, ',', names.count);
		size_t count = comma ? (size_t)(comma - names.at) : names.count;
		bool is_not = names.at[0] == '!';

		if (known_hosts_glob(names.at + is_not, count - is_not, wanted->name)) {
			if (is_not)
				return false;
			is_there = true;
		}
		count += comma != NULL;
		names.at += count;
		names.count -= count;
	}
	return is_there;
}

static bool is_plain(struct word word, const char *others)
{
	for (size_t i = 0; i < word.count; i++) {
		if (!isalnum((unsigned char)word.at[i]) && !strchr(others, word.at[i]))
			return false;
	}
	return word.count > 0 && word.count < KNOWN_HOSTS_LINE_MAX;
}

static void take_line(struct wanted *wanted, struct word line, struct text *ret_keys)
{
	static const char revoked[] = "@revoked";
	struct word names = next_word(&line);
	struct word type, key;
	bool is_revoked =
		names.count == strlen(revoked) && memcmp(names.at, revoked, names.count) == 0;

	if (names.count == 0 || names.at[0] == '#' || (names.at[0] == '@' && !is_revoked))
		return;
	if (is_revoked)
		names = next_word(&line);
	type = next_word(&line);
	key = next_word(&line);
	if (!is_plain(type, "-.@") || !is_plain(key, "+/=") || !is_named(wanted, names))
		return;
	text_addf(ret_keys, "%c%.*s %.*s\n", is_revoked ? '-' : '+', (int)type.count, type.at,
		  (int)key.count, key.at);
}

void known_hosts_find(const char *text, const char *host, int port, struct text *ret_keys)
{
	struct wanted wanted = {0};

	(void)snprintf(wanted.name, sizeof(wanted.name), port == 22 ? "%s" : "[%s]:%d", host, port);
	while (*text) {
		struct word line = {text, strcspn(text, "\n")};

		text += line.count + (text[line.count] == '\n');
		if (line.count > 0 && line.at[line.count - 1] == '\r')
			line.count--;
		if (line.count <= KNOWN_HOSTS_LINE_MAX)
			take_line(&wanted, line, ret_keys);
	}
	if (wanted.session)
		(void)libssh2_session_free(wanted.session);
}
