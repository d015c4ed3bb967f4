/* SPDX-License-Identifier: MIT */
/* A .gitignore and a path (up to the first NUL the path, the rest the file): no byte outside is read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/intake/ignore.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	const uint8_t *nul = count > 0 ? memchr(bytes, '\0', count) : NULL;
	size_t path_bytes = nul ? (size_t)(nul - bytes) : count;
	size_t file_bytes = nul ? count - path_bytes - 1 : 0;
	char *path = malloc(path_bytes + 1);
	char *file = malloc(file_bytes + 1);
	struct ignore_list list;

	if (path_bytes > 0)
		memcpy(path, bytes, path_bytes);
	path[path_bytes] = '\0';
	if (file_bytes > 0)
		memcpy(file, nul + 1, file_bytes);
	file[file_bytes] = '\0';
	if (ignore_list_init(&list, file, file_bytes) == 0) {
		(void)ignore_list_match(&list, path, path_bytes % 2 == 0);
		ignore_list_done(&list);
	}
	free(path);
	return 0;
}
