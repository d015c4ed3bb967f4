/* SPDX-License-Identifier: MIT */
/* A file of known hosts, and one of a private key: each line that comes out is whole and plain. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/intake/known_hosts.h"
#include "grader/intake/ssh_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct text keys;
	char *text = malloc(count + 1);

	if (!text)
		return 0;
	if (count > 0)
		memcpy(text, bytes, count);
	text[count] = '\0';
	text_init(&keys, KNOWN_HOSTS_KEYS_MAX);
	known_hosts_find(text, "example.org", count % 2 ? 22 : 2222, &keys);
	for (const char *line = text_get(&keys); *line && !keys.is_cut;) {
		size_t length = strcspn(line, "\n");

		must(line[0] == '+' || line[0] == '-');
		must(line[length] == '\n' && memchr(line, ' ', length));
		line += length + 1;
	}
	text_done(&keys);
	(void)ssh_key_is_rsa(text);
	must(ssh_key_look(text) <= SSH_KEY_ENCRYPTED);
	free(text);
	return 0;
}
