/* SPDX-License-Identifier: MIT */
/* Markdown of a task against its lines on a terminal. */
#include "grader/cmd/task.h"

#include <stdlib.h>

#include "sandbox/base/cleanup.h"
#include "tests/helper/tap.h"

#define TEN	"ten bytes "
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN
#define DASHES	"--------------------------------------------------------------------------------"
#define TWENTY	"http://example.org/a"
#define HUNDRED TWENTY TWENTY TWENTY TWENTY TWENTY

static const struct {
	const char *task, *shown;
} rows[] = {
	{"", ""},
	{"# Head\n\nOne\ntwo.\n", "# Head\n\nOne two.\n"},
	{"One", "One\n"},
	{SEVENTY "and then some more\nwords.\n\nNext.\n",
	 SEVENTY "and then\nsome more words.\n\nNext.\n"},
	/* A line end of the author's. */
	{"One  \ntwo\\\nthree\n", "One\ntwo\nthree\n"},
	/* Lists. */
	{"* " SEVENTY "and then\n  some more.\n* two\n",
	 "* " SEVENTY "and then\n  some more.\n* two\n"},
	{"10. " SEVENTY "and then\nsome more.\n", "10. " SEVENTY "and\n    then some more.\n"},
	{"- a\n  - b\n", "- a\n  - b\n"},
	{"Words *in\n*italics* stay, and\n2024 is a year.\n",
	 "Words *in *italics* stay, and 2024 is a year.\n"},
	/* Code stays, however wide. */
	{"So:\n\n    " SEVENTY SEVENTY "\n\n    a  b\nEnd.\n",
	 "So:\n\n    " SEVENTY SEVENTY "\n\n    a  b\nEnd.\n"},
	{"```\n" SEVENTY SEVENTY "\n| a |\n# b\n```\na\nb\n",
	 "```\n" SEVENTY SEVENTY "\n| a |\n# b\n```\na b\n"},
	/* A word that is too long can be copied. */
	{"See " HUNDRED " for more.\n", "See\n" HUNDRED "\nfor more.\n"},
	{"2024", "2024\n"},
	{"*", "*\n"},
	{"1.", "1.\n"},
	/* Tables. */
	{"| points | check |\n|---|:--|\n| 10 | a \\| b |\n| 5 | " SEVENTY
	 "and some more |\nEnd.\n",
	 "points  check\n" DASHES "\n"
	 "10      a | b\n"
	 "5       ten bytes ten bytes ten bytes ten bytes ten bytes ten bytes ten bytes\n"
	 "        and some more\nEnd.\n"},
	{"| " SEVENTY " | " SEVENTY " |\n",
	 "ten bytes ten bytes ten bytes ten bytes  ten bytes ten bytes ten bytes ten bytes\n"
	 "ten bytes ten bytes ten bytes            ten bytes ten bytes ten bytes\n"},
	{"| \xe0\xa4\x95\xe0\xa5\x87 | a |\n| b | c |\n", "\xe0\xa4\x95\xe0\xa5\x87  a\nb  c\n"},
	{"| a | b", "a  b\n"},
	{"||\n", "\n"},
	{"|1|2|3|4|5|6|7|8|9|10|\n", "1  2  3  4  5  6  7  8910\n"},
	{"|\n", "\n"},
};

static void each_block_has_its_lines(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autofree char *shown = NULL;
		size_t count = 0;
		FILE *to = open_memstream(&shown, &count);

		task_print(to, rows[i].task);
		(void)fclose(to);
		IS_TEXT(shown, rows[i].shown);
		ROW("%zu", i);
	}
}

TAP_MAIN(T(each_block_has_its_lines))
