/* SPDX-License-Identifier: MIT */
/* What a reader may claim of a tree, and what is refused of it. */
#include "tests/helper/tap.h"

#include <errno.h>

#include "grader/intake/case_tree.h"
#include "grader/intake/claim.h"
#include "grader/intake/limits.h"
#include "sandbox/base/text.h"

/* All that came out of the claim, as one line: "+path" a file, "*path" a program, its bytes, ";" closed, "!kind:path". */
static struct text log_text;
static struct frame_output output;

static int log_open(void *context, const char *path, bool is_executable, struct mp_error *err)
{
	(void)context;
	(void)err;
	text_addf(&log_text, "%s%s=", is_executable ? "*" : "+", path);
	return 0;
}

static int log_write(void *context, const void *bytes, size_t count, struct mp_error *err)
{
	(void)context;
	(void)err;
	if (count < 100)
		text_add_bytes(&log_text, bytes, count);
	return 0;
}

static int log_close(void *context, struct mp_error *err)
{
	(void)context;
	(void)err;
	text_add(&log_text, ";");
	return 0;
}

static void log_fact(void *context, enum fact_kind kind, const char *path, const char *detail,
		     int64_t bytes)
{
	(void)context;
	(void)bytes;
	text_addf(&log_text, "!%d:%s%s%s;", (int)kind, path, detail ? ">" : "",
		  detail ? detail : "");
}

static const struct claim_sink log_sink = {log_open, log_write, log_close, log_fact};

static struct claim *begin(void)
{
	text_done(&log_text);
	text_init(&log_text, 0);
	output.used = 0;
	return claim_new(&log_sink, NULL);
}

static int take(struct claim *claim, struct mp_error *err)
{
	struct frame frame = {.kind = output.data[0], .bytes = output.data + FRAME_HEAD};
	int ret;

	frame_end(&output);
	frame.count = output.used - FRAME_HEAD;
	ret = claim_take(claim, &frame, err);
	output.used = 0;
	return ret;
}

static int say_file(struct claim *claim, const char *path, uint64_t size, struct mp_error *err)
{
	frame_begin(&output, SAY_FILE);
	frame_add_byte(&output, 0);
	frame_add_size(&output, size);
	frame_add_text(&output, path);
	return take(claim, err);
}

static int say_data(struct claim *claim, const char *bytes, struct mp_error *err)
{
	frame_begin(&output, SAY_DATA);
	frame_add_bytes(&output, bytes, strlen(bytes));
	return take(claim, err);
}

static int say_link(struct claim *claim, const char *path, const char *target, struct mp_error *err)
{
	frame_begin(&output, SAY_LINK);
	frame_add_text(&output, path);
	frame_add_text(&output, target);
	return take(claim, err);
}

static int say(struct claim *claim, enum frame_kind kind, const char *text, struct mp_error *err)
{
	frame_begin(&output, kind);
	if (text)
		frame_add_text(&output, text);
	return take(claim, err);
}

static void a_tree_comes_out_as_it_is_said(void)
{
	struct claim *claim = begin();
	struct mp_error err = {0};

	IS(say_file(claim, "a", 3, &err), 0);
	IS(say_data(claim, "x", &err), 0);
	IS(say_data(claim, "yz", &err), 0);
	IS(say_file(claim, "empty", 0, &err), 0);
	frame_begin(&output, SAY_FILE);
	frame_add_byte(&output, 1);
	frame_add_size(&output, 1);
	frame_add_text(&output, "s/run");
	IS(take(claim, &err), 0);
	IS(say_data(claim, "r", &err), 0);
	IS(say_link(claim, "s/l", "../a", &err), 0);
	IS(say_link(claim, "s/m", "../../a", &err), 0);
	IS(say(claim, SAY_SUBMODULE, "mod", &err), 0);
	IS(say(claim, SAY_END, NULL, &err), 1);
	IS_TEXT(text_get(&log_text), "+a=xyz;+empty=;*s/run=r;!1:s/l>../a;!0:s/m>../../a;!2:mod;");
	IS(claim_file_count(claim), 3);
	IS(claim_bytes(claim), 4);
	IS(say_file(claim, "late", 0, &err), -EBADMSG);
	(void)claim_free(claim);
}

static void frames_out_of_order_lose_the_thread(void)
{
	struct mp_error err = {0};
	struct claim *claim = begin();

	IS(say_data(claim, "x", &err), -EBADMSG);
	HAS_TEXT(err.text, "lost the thread");
	(void)claim_free(claim);
	claim = begin();
	IS(say_file(claim, "a", 3, &err), 0);
	IS(say_file(claim, "b", 3, &err), -EBADMSG);
	(void)claim_free(claim);
	claim = begin();
	IS(say_file(claim, "a", 3, &err), 0);
	IS(say_data(claim, "xyzw", &err), -EBADMSG);
	(void)claim_free(claim);
	claim = begin();
	IS(say_file(claim, "a", 3, &err), 0);
	IS(say(claim, SAY_END, NULL, &err), -EBADMSG);
	(void)claim_free(claim);
	claim = begin();
	IS(say(claim, SAY_OPENED, "x", &err), -EBADMSG);
	IS(say(claim, SAY_FILE, "x", &err), -EBADMSG);
	IS(err.fault, MP_FAULT_INPUT);
	(void)claim_free(claim);
	claim = begin();
	frame_begin(&output, SAY_FILE);
	frame_add_byte(&output, 2);
	frame_add_size(&output, 1);
	frame_add_text(&output, "a");
	IS(take(claim, &err), -EBADMSG);
	(void)claim_free(claim);
}

static void a_threat_is_refused_by_name(void)
{
	struct mp_error err = {0};
	struct claim *claim = begin();

	IS(say_file(claim, "a/.GIT/config", 3, &err), -EBADMSG);
	IS_TEXT(err.text, "refused: 'a/.GIT/config' would be taken for git's own folder");
	IS(err.fault, MP_FAULT_INPUT);
	IS(say_link(claim, "a\x1b", "b", &err), -EBADMSG);
	IS_TEXT(err.text, "refused: 'a\\x1b' has a control character in its name");
	IS(say(claim, SAY_SUBMODULE, "../x", &err), -EBADMSG);
	IS_TEXT(text_get(&log_text), "");
	(void)claim_free(claim);
}

static void sizes_are_counted_before_the_bytes_come(void)
{
	struct mp_error err = {0};
	struct claim *claim = begin();

	IS(say_file(claim, "a", (uint64_t)INTAKE_BYTES_MAX + 1, &err), -EBADMSG);
	HAS_TEXT(err.text, "'a' is larger than 20 MB");
	(void)claim_free(claim);
	claim = begin();
	IS(say_file(claim, "a", UINT64_MAX, &err), -EBADMSG);
	(void)claim_free(claim);
	claim = begin();
	IS(say_file(claim, "a", 1, &err), 0);
	IS(say_data(claim, "x", &err), 0);
	IS(say_file(claim, "b", INTAKE_BYTES_MAX, &err), -EBADMSG);
	HAS_TEXT(err.text, "more than 20 MB together");
	IS(say_file(claim, "c", INTAKE_BYTES_MAX - 1, &err), 0);
	HAS_TEXT(text_get(&log_text), "!4:c;");
	(void)claim_free(claim);
}

static void names_that_differ_by_case_are_facts(void)
{
	struct mp_error err = {0};
	struct claim *claim = begin();

	IS(say_file(claim, "README", 1, &err), 0);
	IS(say_data(claim, "1", &err), 0);
	IS(say_file(claim, "ReadMe", 1, &err), 0);
	IS(say_data(claim, "2", &err), 0);
	IS(say_file(claim, "src/a", 0, &err), 0);
	IS(say_file(claim, "SRC/b", 0, &err), 0);
	IS(say_file(claim, "src/A/c", 0, &err), 0);
	IS(say_file(claim, "src/b", 0, &err), 0);
	IS(say(claim, SAY_END, NULL, &err), 1);
	IS_TEXT(text_get(&log_text), "+README=1;!3:ReadMe;+src/a=;!3:SRC/b;!3:src/A/c;+src/b=;");
	IS(claim_file_count(claim), 3);
	(void)claim_free(claim);
}

static void a_name_that_is_said_twice_is_refused(void)
{
	struct mp_error err = {0};
	struct claim *claim = begin();

	IS(say_file(claim, "a", 0, &err), 0);
	IS(say_file(claim, "a", 0, &err), -EBADMSG);
	HAS_TEXT(err.text, "twice");
	IS(say_file(claim, "a/b", 0, &err), -EBADMSG);
	IS(say_file(claim, "c/d", 0, &err), 0);
	IS(say_file(claim, "c", 0, &err), -EBADMSG);
	(void)claim_free(claim);
}

static void twenty_thousand_entries_are_the_most(void)
{
	struct mp_error err = {0};
	struct claim *claim = begin();
	char path[32];
	int ret = 0;

	for (int i = 0; i < INTAKE_ENTRIES_MAX && ret == 0; i++) {
		(void)snprintf(path, sizeof(path), "link%d", i);
		ret = say_link(claim, path, "x", &err);
	}
	IS(ret, 0);
	IS(say_link(claim, "one", "x", &err), -EBADMSG);
	HAS_TEXT(err.text, "more than 20,000");
	(void)claim_free(claim);
}

static void folders_count_as_entries(void)
{
	struct case_tree *tree = case_tree_new(4);

	IS(case_tree_add(tree, "a/b/c"), CASE_NEW);
	IS(case_tree_add(tree, "a/b/d"), CASE_NEW);
	IS(case_tree_add(tree, "a/b/e"), CASE_FULL);
	(void)case_tree_free(tree);
}

static void the_words_of_a_refusal_are_shown_with_care(void)
{
	struct mp_error err = {0};
	struct claim *claim = begin();

	frame_begin(&output, SAY_REFUSED);
	frame_add_byte(&output, FRAME_WHOSE_ASKER);
	frame_add_text(&output, "no branch \x1b[31m%s%n");
	IS(take(claim, &err), -EBADMSG);
	IS_TEXT(err.text, "no branch \\x1b[31m%s%n");
	IS(err.fault, MP_FAULT_USAGE);
	frame_begin(&output, SAY_REFUSED);
	frame_add_byte(&output, 77);
	frame_add_text(&output, "x");
	IS(take(claim, &err), -EBADMSG);
	IS(err.fault, MP_FAULT_INPUT);
	(void)claim_free(claim);
	text_done(&log_text);
}

TAP_MAIN(T(a_tree_comes_out_as_it_is_said) T(frames_out_of_order_lose_the_thread) T(
	a_threat_is_refused_by_name) T(sizes_are_counted_before_the_bytes_come)
		 T(names_that_differ_by_case_are_facts) T(a_name_that_is_said_twice_is_refused)
			 T(twenty_thousand_entries_are_the_most) T(folders_count_as_entries)
				 T(the_words_of_a_refusal_are_shown_with_care))
