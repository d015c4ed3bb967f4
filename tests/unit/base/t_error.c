/* SPDX-License-Identifier: MIT */
/* The error record: words, context, bounds, exit statuses. */
#include <milepost/error.h>

#include <errno.h>

#include "tests/helper/tap.h"

static void a_failure_says_what_and_why(void)
{
	struct mp_error err = {0};

	IS(mp_fail(&err, MP_FAULT_HOST, -ENOENT, "open %s", "x.yaml"), -ENOENT);
	IS(err.code, -ENOENT);
	IS(err.fault, MP_FAULT_HOST);
	IS_TEXT(err.text, "open x.yaml: No such file or directory");
}

static void a_bad_text_says_all_by_itself(void)
{
	struct mp_error err = {0};

	IS(mp_fail(&err, MP_FAULT_HOST, -EOPNOTSUPP, "a layer is missing"), -EOPNOTSUPP);
	IS_TEXT(err.text, "a layer is missing");
	IS(mp_fail(&err, MP_FAULT_HOST, -ENOPKG, "Ruby is not here"), -ENOPKG);
	IS_TEXT(err.text, "Ruby is not here");
	IS(mp_fail(&err, MP_FAULT_CONTENT, -EBADMSG, "line 3: not a number"), -EBADMSG);
	IS_TEXT(err.text, "line 3: not a number");
}

static void an_errno_that_nobody_knows_is_said_so(void)
{
	struct mp_error err = {0};

	IS(mp_fail(&err, MP_FAULT_BUG, -9999, "ask"), -9999);
	IS_TEXT(err.text, "ask: unknown error");
}

static void no_record_is_fine(void)
{
	IS(mp_fail(NULL, MP_FAULT_HOST, -EIO, "read"), -EIO);
	IS(mp_wrap(NULL, "context"), 0);
}

static void context_goes_before_the_words(void)
{
	struct mp_error err = {0};

	(void)mp_fail(&err, MP_FAULT_INPUT, -EACCES, "read");
	IS(mp_wrap(&err, "exercise '%s'", "hello-api"), -EACCES);
	IS(mp_wrap(&err, "grade"), -EACCES);
	IS_TEXT(err.text, "grade: exercise 'hello-api': read: Permission denied");
	IS(err.fault, MP_FAULT_INPUT);
}

static void an_empty_record_stays_empty(void)
{
	struct mp_error err = {0};

	IS(mp_wrap(&err, "context"), 0);
	IS_TEXT(err.text, "");
}

static void a_failure_may_quote_the_one_before(void)
{
	struct mp_error err = {0};

	(void)mp_fail(&err, MP_FAULT_HOST, -EBADMSG, "inner");
	(void)mp_fail(&err, MP_FAULT_HOST, -EBADMSG, "outer (%s)", err.text);
	IS_TEXT(err.text, "outer (inner)");
}

/* Cut at the bound, and never within a character. */
static void long_words_are_cut_and_stay_text(void)
{
	static char words[3 * MP_ERROR_TEXT];
	struct mp_error err = {0};

	for (size_t i = 0; i + 2 < sizeof(words); i += 2)
		memcpy(words + i, "\xc3\xa9", 3);
	for (int shift = 0; shift < 2; shift++) {
		size_t length;

		(void)mp_fail(&err, MP_FAULT_HOST, -EBADMSG, "%s%s", shift ? "x" : "", words);
		(void)mp_wrap(&err, "context");
		length = strlen(err.text);
		OK(length < MP_ERROR_TEXT && length > MP_ERROR_TEXT - 4);
		OK(err.text[length - 1] == '\xa9');
	}
	(void)mp_fail(&err, MP_FAULT_HOST, -ENOENT, "%s", words);
	OK(strlen(err.text) < MP_ERROR_TEXT);
}

static void each_fault_has_its_exit_status(void)
{
	IS(mp_fault_status(MP_FAULT_NONE), 0);
	IS(mp_fault_status(MP_FAULT_USAGE), 2);
	IS(mp_fault_status(MP_FAULT_INPUT), 2);
	IS(mp_fault_status(MP_FAULT_CONTENT), 3);
	IS(mp_fault_status(MP_FAULT_HOST), 4);
	IS(mp_fault_status(MP_FAULT_BUG), 70);
	IS(mp_fault_status((enum mp_fault)99), 70);
}

TAP_MAIN(T(a_failure_says_what_and_why) T(a_bad_text_says_all_by_itself)
		 T(an_errno_that_nobody_knows_is_said_so) T(no_record_is_fine)
			 T(context_goes_before_the_words) T(an_empty_record_stays_empty)
				 T(a_failure_may_quote_the_one_before)
					 T(long_words_are_cut_and_stay_text)
						 T(each_fault_has_its_exit_status))
