/* SPDX-License-Identifier: MIT */
/* docs/exercise-format.md is what the tables print. */
#include <fcntl.h>

#include "grader/grade/grade.h"
#include "grader/manifest/manifest.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "sandbox/base/text.h"
#include "tests/helper/tap.h"

enum { PAGE_BYTES = 1 << 20 };

/* The first line in which the two differ, for a reader of the test. */
static void show_difference(const char *page, const char *printed)
{
	const char *page_line = page;
	const char *printed_line = printed;
	size_t i = 0;
	int line = 1;

	for (; page[i] && page[i] == printed[i]; i++) {
		if (page[i] != '\n')
			continue;
		page_line = page + i + 1;
		printed_line = printed + i + 1;
		line++;
	}
	if (!page[i] && !printed[i])
		return;
	printf("# line %d: the page   %.*s\n", line, (int)strcspn(page_line, "\n"), page_line);
	printf("# line %d: the tables %.*s\n", line, (int)strcspn(printed_line, "\n"),
	       printed_line);
	printf("# milepost lint --print-format > docs/exercise-format.md\n");
}

static void the_page_of_the_format_is_what_the_tables_print(void)
{
	mp_autofree char *page = NULL;
	struct mp_error err = {0};
	struct text printed;
	size_t count;

	text_init(&printed, PAGE_BYTES);
	IS(manifest_print_format(grade_probes, &printed, &err), 0);
	IS_TEXT(err.text, "");
	IS(path_read_below(AT_FDCWD, "docs/exercise-format.md", PAGE_BYTES, &page, &count), 0);
	OK(page && strcmp(page, text_get(&printed)) == 0);
	if (page)
		show_difference(page, text_get(&printed));
	text_done(&printed);
}

TAP_MAIN(T(the_page_of_the_format_is_what_the_tables_print))
