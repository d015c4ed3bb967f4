/* SPDX-License-Identifier: MIT */
/*
 * What looks like a secret in a file. Forms of tokens: the documents of those who give them out, and the
 * tables of gitleaks and of GitHub's secret scanning, less what often hits something else.
 */
#include "grader/intake/secret.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sandbox/base/cleanup.h"

enum { LINE_MAX_BYTES = 4096, KEY_LEAST = 40, VALUE_LEAST = 6, UTF16_SEEN = 1 << 20 };

#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define ALNUM  UPPER LOWER DIGITS

const char *const secret_words[SECRET_KIND_COUNT] = {
	[SECRET_PRIVATE_KEY] = "a private key",
	[SECRET_AWS_KEY] = "an access key of AWS",
	[SECRET_GOOGLE_KEY] = "an API key of Google",
	[SECRET_AZURE_KEY] = "a storage key of Azure",
	[SECRET_GITHUB_TOKEN] = "a token of GitHub",
	[SECRET_GITLAB_TOKEN] = "a token of GitLab",
	[SECRET_SLACK_TOKEN] = "a token of Slack",
	[SECRET_STRIPE_KEY] = "a live key of Stripe",
	[SECRET_RAZORPAY_KEY] = "a live key of Razorpay",
	[SECRET_NPM_TOKEN] = "a token of npm",
	[SECRET_ENV_FILE] = "a secret value",
	[SECRET_URL_PASSWORD] = "a password in an address",
};

/* A token: a beginning, and then at least LEAST of these characters; no letter or digit stands before. */
static const struct {
	enum secret_kind kind;
	const char *before;
	const char *of;
	size_t least, most;
} tokens[] = {
	{SECRET_AWS_KEY, "AKIA", UPPER DIGITS, 16, 16},
	{SECRET_AWS_KEY, "ASIA", UPPER DIGITS, 16, 16},
	{SECRET_GOOGLE_KEY, "AIza", ALNUM "_-", 35, 35},
	{SECRET_AZURE_KEY, "AccountKey=", ALNUM "+/", 80, 90},
	{SECRET_GITHUB_TOKEN, "ghp_", ALNUM, 36, 255},
	{SECRET_GITHUB_TOKEN, "gho_", ALNUM, 36, 255},
	{SECRET_GITHUB_TOKEN, "ghu_", ALNUM, 36, 255},
	{SECRET_GITHUB_TOKEN, "ghs_", ALNUM, 36, 255},
	{SECRET_GITHUB_TOKEN, "ghr_", ALNUM, 36, 255},
	{SECRET_GITHUB_TOKEN, "github_pat_", ALNUM "_", 40, 255},
	{SECRET_GITLAB_TOKEN, "glpat-", ALNUM "_-", 20, 64},
	{SECRET_SLACK_TOKEN, "xoxb-", ALNUM "-", 20, 255},
	{SECRET_SLACK_TOKEN, "xoxp-", ALNUM "-", 20, 255},
	{SECRET_SLACK_TOKEN, "xoxa-", ALNUM "-", 20, 255},
	{SECRET_SLACK_TOKEN, "xapp-", ALNUM "-", 20, 255},
	{SECRET_STRIPE_KEY, "sk_live_", ALNUM, 20, 255},
	{SECRET_STRIPE_KEY, "rk_live_", ALNUM, 20, 255},
	{SECRET_RAZORPAY_KEY, "rzp_live_", ALNUM, 14, 14},
	{SECRET_NPM_TOKEN, "npm_", ALNUM, 36, 36},
};

/* Parts of a value, in any case, that say: put yours here. */
static const char *const placeholder_parts[] = {
	"changeme", "change-me",   "change_me", "example", "placeholder", "replace",
	"dummy",    "your",	   "xxxx",	"1234567", "insert",	  "sample",
	"redacted", "secret-here", "todo",	"fixme",
};

/* Whole values, in any case, that protect nothing: everybody writes them where it does not matter. */
static const char *const placeholder_words[] = {
	"secret", "password", "passwd",	 "pass",     "postgres", "mysql",     "mariadb",
	"root",	  "admin",    "guest",	 "testing",  "tester",	 "localhost", "development",
	"token",  "username", "enabled", "disabled", "default",	 "undefined", "milepost",
};

/* Parts of a name in a .env file whose value is a secret. */
static const char *const secret_names[] = {
	"SECRET", "PASSWORD",	"PASSWD",      "TOKEN",	     "API_KEY",
	"APIKEY", "PASSPHRASE", "PRIVATE_KEY", "ACCESS_KEY", "ENCRYPTION_KEY",
};

/* Ends of the name of a .env file that is meant to be shown. */
static const char *const shown_ends[] = {"example", "sample",	"template",
					 "dist",    "defaults", "schema"};

static bool has_part(const char *text, size_t count, const char *part)
{
	size_t length = strlen(part);

	for (size_t i = 0; i + length <= count; i++) {
		if (strncasecmp(text + i, part, length) == 0)
			return true;
	}
	return false;
}

static bool is_one_character(const char *value, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (value[i] != value[0])
			return false;
	}
	return true;
}

bool secret_is_placeholder(const char *value, size_t count)
{
	if (count < VALUE_LEAST || is_one_character(value, count) || strchr("<$%{[", value[0]) ||
	    strchr(">}]", value[count - 1]))
		return true;
	for (size_t i = 0; i < sizeof(placeholder_parts) / sizeof(placeholder_parts[0]); i++) {
		if (has_part(value, count, placeholder_parts[i]))
			return true;
	}
	for (size_t i = 0; i < sizeof(placeholder_words) / sizeof(placeholder_words[0]); i++) {
		if (strlen(placeholder_words[i]) == count &&
		    strncasecmp(value, placeholder_words[i], count) == 0)
			return true;
	}
	return false;
}

/* How many of the first COUNT bytes are among OF. */
static size_t span_of(const char *bytes, size_t count, const char *of)
{
	size_t i = 0;

	while (i < count && bytes[i] && strchr(of, bytes[i]))
		i++;
	return i;
}

/* Whether a token of row ROW begins at BYTES[AT]. */
static bool is_token(size_t row, const char *bytes, size_t count, size_t at)
{
	size_t begin = at + strlen(tokens[row].before);
	size_t span = span_of(bytes + begin, count - begin, tokens[row].of);

	if (at > 0 && (isalnum((unsigned char)bytes[at - 1]) || bytes[at - 1] == '_'))
		return false;
	return span >= tokens[row].least && span <= tokens[row].most &&
	       !secret_is_placeholder(bytes + begin, span);
}

static bool has_token(size_t row, const char *bytes, size_t count)
{
	const char *before = tokens[row].before;
	size_t at = 0;

	while (at < count) {
		const char *hit = memmem(bytes + at, count - at, before, strlen(before));

		if (!hit)
			return false;
		at = (size_t)(hit - bytes);
		if (is_token(row, bytes, count, at))
			return true;
		at++;
	}
	return false;
}

/* "-----BEGIN ... PRIVATE KEY-----" and, after headers at most, what a key is made of. */
static bool has_private_key(const char *bytes, size_t count)
{
	static const char begin[] = "-----BEGIN ";
	static const char kind[] = "PRIVATE KEY";
	size_t at = 0;

	while (at < count) {
		const char *hit = memmem(bytes + at, count - at, begin, sizeof(begin) - 1);
		size_t left, line;

		if (!hit)
			return false;
		at = (size_t)(hit - bytes) + sizeof(begin) - 1;
		left = count - at < LINE_MAX_BYTES ? count - at : LINE_MAX_BYTES;
		line = left < 60 ? left : 60;
		if (!memmem(bytes + at, line, kind, sizeof(kind) - 1))
			continue;
		for (size_t i = 0; i + KEY_LEAST <= left; i++) {
			if (span_of(bytes + at + i, KEY_LEAST, ALNUM "+/") == KEY_LEAST &&
			    !is_one_character(bytes + at + i, KEY_LEAST))
				return true;
		}
	}
	return false;
}

/* --- .env ---------------------------------------------------------------------------------- */

static bool is_env_file(const char *name)
{
	const char *dot;

	if (strncmp(name, ".env", 4) != 0 || (name[4] && name[4] != '.'))
		return false;
	dot = strrchr(name, '.');
	for (size_t i = 0; i < sizeof(shown_ends) / sizeof(shown_ends[0]); i++) {
		if (strcasecmp(dot + 1, shown_ends[i]) == 0)
			return false;
	}
	return true;
}

/* NAME=VALUE, maybe behind `export`, the value maybe in quotes. */
static bool is_secret_line(const char *line, size_t count)
{
	const char *equals = memchr(line, '=', count);
	bool is_secret = false;
	const char *value;
	size_t left;

	if (!equals || line[0] == '#')
		return false;
	for (size_t i = 0; i < sizeof(secret_names) / sizeof(secret_names[0]); i++)
		is_secret = is_secret || has_part(line, (size_t)(equals - line), secret_names[i]);
	if (!is_secret)
		return false;
	value = equals + 1;
	left = count - (size_t)(value - line);
	while (left > 0 && strchr(" \t\"'", value[0])) {
		value++;
		left--;
	}
	while (left > 0 && strchr(" \t\r\"'", value[left - 1]))
		left--;
	return left > 0 && !secret_is_placeholder(value, left);
}

static bool has_secret_line(const char *bytes, size_t count)
{
	while (count > 0) {
		const char *end = memchr(bytes, '\n', count);
		size_t length = end ? (size_t)(end - bytes) : count;

		if (length > 0 && length < LINE_MAX_BYTES && is_secret_line(bytes, length))
			return true;
		length += end != NULL;
		bytes += length;
		count -= length;
	}
	return false;
}

/* --- passwords in addresses ---------------------------------------------------------------- */

/* scheme://user:password@host, where the password is none that everybody writes. */
static bool is_password(const char *bytes, size_t count)
{
	static const char part[] = ALNUM "-._~%!$&'*+,;=";
	size_t user = span_of(bytes, count, part);
	size_t password;

	if (user == 0 || user >= count || bytes[user] != ':')
		return false;
	password = span_of(bytes + user + 1, count - user - 1, part);
	if (user + 1 + password >= count || bytes[user + 1 + password] != '@')
		return false;
	if (password == user && strncmp(bytes, bytes + user + 1, user) == 0)
		return false;
	return !secret_is_placeholder(bytes + user + 1, password);
}

static bool has_url_password(const char *bytes, size_t count)
{
	size_t at = 0;

	while (at < count) {
		const char *hit = memmem(bytes + at, count - at, "://", 3);

		if (!hit)
			return false;
		at = (size_t)(hit - bytes) + 3;
		if (hit > bytes && isalnum((unsigned char)hit[-1]) &&
		    is_password(bytes + at, count - at < 300 ? count - at : 300))
			return true;
	}
	return false;
}

/* --- all ----------------------------------------------------------------------------------- */

static unsigned int find_in_text(const char *name, const char *bytes, size_t count)
{
	unsigned int found = 0;

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		if (!(found & 1U << tokens[i].kind) && has_token(i, bytes, count))
			found |= 1U << tokens[i].kind;
	}
	if (has_private_key(bytes, count))
		found |= 1U << SECRET_PRIVATE_KEY;
	if (is_env_file(name) && has_secret_line(bytes, count))
		found |= 1U << SECRET_ENV_FILE;
	if (has_url_password(bytes, count))
		found |= 1U << SECRET_URL_PASSWORD;
	return found;
}

unsigned int secret_find(const char *name, const char *bytes, size_t count)
{
	mp_autofree char *narrow = NULL;
	bool is_little = count >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0;
	bool is_big = count >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0;

	if (!is_little && !is_big)
		return find_in_text(name, bytes, count);
	/* What PowerShell's > writes. Secrets are ASCII: one byte of each two is enough. */
	count = count / 2 - 1;
	if (count > UTF16_SEEN)
		count = UTF16_SEEN;
	narrow = malloc(count + 1);
	if (!narrow)
		return 0;
	for (size_t i = 0; i < count; i++)
		narrow[i] = bytes[2 + 2 * i + (is_big ? 1 : 0)];
	return find_in_text(name, narrow, count);
}
