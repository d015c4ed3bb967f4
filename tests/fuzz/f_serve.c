/* SPDX-License-Identifier: MIT */
/* What a server reads of others: the head that a box writes, names and passwords, lines of hooks. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/serve/basic.h"
#include "grader/serve/cgi.h"
#include "grader/serve/refs.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void must_be_plain(const char *text)
{
	for (; *text; text++)
		must((unsigned char)*text >= ' ' && *text != 127);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	char *text = malloc(count + 1);
	struct ref_change change;
	struct network network;
	struct cgi_head head;
	struct basic basic;
	int used;

	if (!text)
		return 0;
	if (count > 0)
		memcpy(text, bytes, count);
	text[count] = '\0';
	used = cgi_read(text, count, &head);
	must(used <= (int)count);
	if (used > 0) {
		must(head.status >= 200 && head.status <= 599);
		for (size_t i = 0; i < CGI_HEADERS; i++)
			must_be_plain(head.values[i]);
	}
	if (basic_read(text, &basic)) {
		must_be_plain(basic.user);
		must_be_plain(basic.password);
	}
	if (ref_change_read(text, &change))
		must(strlen(change.commit) == 40 && strlen(change.name) < REF_BYTES);
	if (network_read(text, &network, NULL) == 0)
		must(network.bits >= 0 && network.bits <= 128);
	free(text);
	return 0;
}
