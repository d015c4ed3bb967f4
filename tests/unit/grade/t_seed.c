/* SPDX-License-Identifier: MIT */
#include "grader/grade/grade.h"

#include "grader/grade/inside.h"
#include "tests/helper/tap.h"

static void the_same_files_get_the_same_seed(void)
{
	uint64_t seed = grade_seed("hash", "key", "milepost");

	IS(grade_seed("hash", "key", "milepost"), seed);
	OK(seed < 1000000);
}

static void every_part_changes_the_seed(void)
{
	uint64_t seed = grade_seed("hash", "key", "milepost");

	OK(grade_seed("hash2", "key", "milepost") != seed);
	OK(grade_seed("hash", "key2", "milepost") != seed);
	OK(grade_seed("hash", "key", "site") != seed);
	OK(grade_seed("hashk", "ey", "milepost") != seed);
}

static void the_first_repetition_has_the_words_of_the_exercise(void)
{
	IS(repetition_seed(7, "adds", 0), 7);
	OK(repetition_seed(7, "adds", 1) != 7);
	OK(repetition_seed(7, "adds", 1) != repetition_seed(7, "adds", 2));
	OK(repetition_seed(7, "adds", 1) != repetition_seed(7, "greets", 1));
	OK(repetition_seed(7, "adds", 1) != repetition_seed(8, "adds", 1));
	IS(repetition_seed(7, "adds", 1), repetition_seed(7, "adds", 1));
}

TAP_MAIN(T(the_same_files_get_the_same_seed) T(every_part_changes_the_seed)
		 T(the_first_repetition_has_the_words_of_the_exercise))
