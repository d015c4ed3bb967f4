/* SPDX-License-Identifier: MIT */
#include "sandbox/base/process.h"

#include "tests/helper/tap.h"

static const char *const no_env[] = {"LANG=C", NULL};

static int run(const char *script, const char *dir, struct text *output, struct mp_error *err)
{
	const char *argv[] = {"sh", "-c", script, NULL};

	return process_run(argv, no_env, dir, output, err);
}

static void status_and_output_come_back(void)
{
	static const struct {
		const char *script;
		int status;
		const char *output;
	} rows[] = {
		{"exit 0", 0, ""},	 {"echo out; echo err >&2; exit 3", 3, "out\nerr\n"},
		{"kill -9 $$", 137, ""}, {"pwd", 0, "/\n"},
		{"cat", 0, ""},		 {"echo ${HOME-none}", 0, "none\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autotext struct text output;
		struct mp_error err = {0};

		text_init(&output, 0);
		IS(run(rows[i].script, "/", &output, &err), rows[i].status);
		IS_TEXT(text_get(&output), rows[i].output);
		ROW("%s", rows[i].script);
	}
}

static void a_program_that_is_not_there_is_named(void)
{
	const char *argv[] = {"no-such-program-here", NULL};
	struct mp_error err = {0};

	OK(process_run(argv, no_env, NULL, NULL, &err) < 0);
	HAS_TEXT(err.text, "no-such-program-here");
	IS(err.fault, MP_FAULT_HOST);
}

TAP_MAIN(T(status_and_output_come_back) T(a_program_that_is_not_there_is_named))
