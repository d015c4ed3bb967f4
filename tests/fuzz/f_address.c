/* SPDX-License-Identifier: MIT */
/* An address: what is taken holds no character that libgit2 could read in another way. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/intake/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check(const struct address *address)
{
	must(address->host[0] && address->host[0] != '-' && address->user[0] != '-');
	must(!strpbrk(address->host, "@/[]%?# ") && !strpbrk(address->user, "@/:%"));
	must(address->port > 0 && address->port < 65536);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	char *text = malloc(count + 1);
	char url[ADDRESS_URL_MAX + 1];
	struct address address;
	struct mp_error err;

	if (!text)
		return 0;
	if (count > 0)
		memcpy(text, bytes, count);
	text[count] = '\0';
	if (address_refuse_password(text, &err) == 0 &&
	    (address_is_short(text) || strstr(text, "://"))) {
		if (address_parse_ssh(text, &address, &err) == 0)
			check(&address);
		if (strstr(text, "://") && address_parse_http(text, &address, url, &err) == 0) {
			check(&address);
			must(strlen(url) <= strlen(text));
		}
	}
	free(text);
	return 0;
}
