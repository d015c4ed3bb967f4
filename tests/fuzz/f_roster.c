/* SPDX-License-Identifier: MIT */
/*
 * Fuzz: a class list. Either there are mistakes, each with a place in the file, or every row is a learner that the
 * ledger would take.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/cmd/roster.h"
#include "grader/model/handle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct yaml_complaints list;
	struct roster_row *rows = NULL;
	size_t count = 0;
	/* Of the very size: a byte too far is seen. */
	char *bytes = malloc(size + 1);
	int ret;

	must(bytes != NULL);
	if (size > 0)
		memcpy(bytes, data, size);
	bytes = realloc(bytes, size ? size : 1);
	yaml_complaints_init(&list, "roster.csv");
	ret = roster_read(bytes, size, size % 2 ? "python" : NULL, "en", arena, &rows, &count,
			  &list);
	must((ret == 0) == (list.error_count == 0));
	must(ret == 0 || ret == -EBADMSG);
	for (size_t i = 0; i < list.count; i++)
		must(list.items[i].line >= 1 && list.items[i].column >= 1);
	for (size_t i = 0; ret == 0 && i < count; i++) {
		must(handle_is_valid(rows[i].learner.handle));
		must(*rows[i].learner.track && !strchr(rows[i].learner.track, '/'));
		must(strlen(rows[i].learner.name) <= 120 && !strchr(rows[i].learner.name, '\n'));
		must(rows[i].line >= 2);
		for (size_t k = 0; k < sizeof(rows[i].columns) / sizeof(rows[i].columns[0]); k++)
			must(rows[i].columns[k] >= 1);
	}
	must(ret < 0 || count > 0);
	yaml_complaints_done(&list);
	(void)arena_free(arena);
	free(bytes);
	return 0;
}
