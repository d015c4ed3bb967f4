/* SPDX-License-Identifier: MIT */
#include "grader/model/handle.h"
#include "tests/helper/tap.h"

static void a_handle_is_a_short_plain_word(void)
{
	static const struct {
		const char *handle;
		bool is_valid;
	} rows[] = {
		{"asha", true},
		{"abc", true},
		{"a-1", true},
		{"asha-kumari-2026", true},
		{"abcdefghijklmnopqrstuvwxyz01234", true},
		{"abcdefghijklmnopqrstuvwxyz012345", false},
		{"ab", false},
		{"", false},
		{"Asha", false},
		{"1asha", false},
		{"-asha", false},
		{"asha kumari", false},
		{"asha.git", false},
		{"../asha", false},
		{"asha/road", false},
		{"asha\n", false},
		{"ash\xc3\xa1", false},
		{"\xe0\xa4\x86\xe0\xa4\xb6\xe0\xa4\xbe", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS(handle_is_valid(rows[i].handle), rows[i].is_valid);
		ROW("%s", rows[i].handle);
	}
}

TAP_MAIN(T(a_handle_is_a_short_plain_word))
