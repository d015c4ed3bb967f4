/* SPDX-License-Identifier: MIT */
/* Addresses of repositories on other machines, taken apart. */
#include "grader/intake/address.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "grader/intake/secret.h"
#include "sandbox/base/field.h"

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char user_characters[] = ALNUM "._-+";
static const char host_characters[] = ALNUM "._-";
static const char v6_characters[] = "0123456789abcdefABCDEF:.";

/* What to write instead, as one sentence. */
#define address_usage(ERR, ...) mp_fail((ERR), MP_FAULT_USAGE, -EBADMSG, __VA_ARGS__)

/* A part of the text. */
struct part {
	const char *at;
	size_t count;
};

/* PART into RET_TEXT of SIZE bytes, when it is not empty, fits, has only these characters, and looks like no option. */
static int take_part(struct part part, const char *characters, char *ret_text, size_t size)
{
	if (part.count == 0 || part.count >= size || part.at[0] == '-' ||
	    strspn(part.at, characters) < part.count)
		return -EBADMSG;
	memcpy(ret_text, part.at, part.count);
	ret_text[part.count] = '\0';
	return 0;
}

static int take_port(struct part part, int *ret_port)
{
	char digits[6];
	int64_t port;

	if (take_part(part, "0123456789", digits, sizeof(digits)) < 0 ||
	    parse_count(digits, &port) < 0 || port < 1 || port > 65535)
		return -EBADMSG;
	*ret_port = (int)port;
	return 0;
}

/* [USER@]HOST[:PORT], nothing else. The address is not repeated: what is odd may be a secret. */
static int take_authority(struct part all, struct address *address, struct mp_error *err)
{
	const char *at = memchr(all.at, '@', all.count);
	struct part user = {all.at, at ? (size_t)(at - all.at) : 0};
	struct part host = {at ? at + 1 : all.at, at ? all.count - user.count - 1 : all.count};
	const char *end = host.at + host.count;
	bool is_v6 = host.count > 0 && host.at[0] == '[';
	const char *close = is_v6 ? memchr(host.at, ']', host.count) : NULL;
	const char *colon =
		memchr(close ? close : host.at, ':', (size_t)(end - (close ? close : host.at)));

	if (at && take_part(user, user_characters, address->user, sizeof(address->user)) < 0)
		return address_usage(err, "the name of the user in the address has characters that "
					  "no user's name has");
	if (is_v6 && (!close || (close + 1 != end && close[1] != ':')))
		return address_usage(err, "the address has a [ without its ]");
	if (colon &&
	    take_port((struct part){colon + 1, (size_t)(end - colon - 1)}, &address->port) < 0)
		return address_usage(err, "the port in the address is no number from 1 to 65535");
	if (colon)
		host.count = (size_t)(colon - host.at);
	if (is_v6)
		host = (struct part){host.at + 1, host.count - 2};
	if (host.count == 0)
		return address_usage(err, "the address names no machine");
	if (take_part(host, is_v6 ? v6_characters : host_characters, address->host,
		      sizeof(address->host)) < 0)
		return address_usage(
			err, "the name of the machine in the address has characters that no "
			     "machine's name has");
	return 0;
}

bool address_is_short(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon && (size_t)(colon - text) < strcspn(text, "/") &&
	       strncmp(colon, "://", 3) != 0 && colon[1] != ':';
}

/* What follows the scheme, also one with a slash too few; NULL: there is none. */
static const char *behind_scheme(const char *text)
{
	static const char *const slips[] = {"https:/", "http:/", "ssh:/", "git:/", "ftp:/"};
	const char *scheme = strstr(text, "://");

	for (size_t i = 0; !scheme && i < sizeof(slips) / sizeof(slips[0]); i++) {
		if (strncasecmp(text, slips[i], strlen(slips[i])) == 0)
			return text + strlen(slips[i]);
	}
	return scheme ? scheme + 3 : NULL;
}

/* USER:PASSWORD@ before the first slash. */
static bool has_password(const char *text)
{
	const char *behind = behind_scheme(text);
	const char *begin = behind ? behind : text;
	size_t count = strcspn(begin, behind ? "/?#" : "/");
	const char *colon = memchr(begin, ':', count);
	const char *at = memchr(begin, '@', count);

	return (behind || address_is_short(text)) && colon && at && at > colon;
}

int address_refuse_password(const char *text, struct mp_error *err)
{
	if (!has_password(text) && !secret_find("", text, strlen(text)))
		return 0;
	return address_usage(
		err,
		"there is a password or a token in the address, where others can read it (lists of "
		"processes, logs): leave it out, and give it by a descriptor: --password-fd "
		"3 3< FILE");
}

int address_parse_ssh(const char *text, struct address *ret_address, struct mp_error *err)
{
	struct address address = {.is_ssh = true, .port = 22};
	bool is_short = address_is_short(text);
	const char *begin = is_short ? text : strstr(text, "://") + 3;
	size_t count = strcspn(begin, is_short ? ":" : "/?#");
	int ret;

	if (strlen(text) > ADDRESS_URL_MAX)
		return mp_fail(err, MP_FAULT_USAGE, -ENAMETOOLONG, "address of the repository");
	ret = take_authority((struct part){begin, count}, &address, err);
	if (ret < 0)
		return ret;
	if (begin[count] == '\0' || begin[count + 1] == '\0')
		return address_usage(err, "the address names no repository on '%s'", address.host);
	if (begin[count + (is_short ? 1 : 0)] == '-' || strpbrk(begin + count, "'\\"))
		return address_usage(err, "the path in the address has a quote, a backslash or a - "
					  "where a repository's has none");
	*ret_address = address;
	return 0;
}

int address_parse_http(const char *text, struct address *ret_address, char *ret_url,
		       struct mp_error *err)
{
	bool is_open = strncasecmp(text, "http://", strlen("http://")) == 0;
	struct address address = {.is_open = is_open, .port = is_open ? 80 : 443};
	const char *begin = strstr(text, "://") + 3;
	size_t count = strcspn(begin, "/?#");
	const char *at = memchr(begin, '@', count);
	int ret;

	if (strlen(text) > ADDRESS_URL_MAX)
		return mp_fail(err, MP_FAULT_USAGE, -ENAMETOOLONG, "address of the repository");
	ret = take_authority((struct part){begin, count}, &address, err);
	if (ret < 0)
		return ret;
	(void)snprintf(ret_url, ADDRESS_URL_MAX + 1, "%.*s%s", (int)(begin - text), text,
		       at ? at + 1 : begin);
	*ret_address = address;
	return 0;
}
