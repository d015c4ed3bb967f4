/* SPDX-License-Identifier: MIT */
/*
 * Regular expressions by PCRE2. Source: pcre2api(3), pcre2callout(3).
 *
 * PCRE2's match limit counts where a match branches, not how far it runs: a+b over a megabyte of a's goes
 * over the rest of the text once for each of them and never meets the limit. So a callout stands before
 * each item of the pattern, and the way between two callouts is taken from a budget.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "grader/match/regex.h"

#include <errno.h>
#include <pcre2.h>
#include <stdint.h>

enum {
	REGEX_PATTERN_MAX = 4096,
	REGEX_NESTING_MAX = 50,
	REGEX_MATCH_LIMIT = 1000000, /* some 50 ms on a slow machine */
	REGEX_DEPTH_LIMIT = 50000,
	REGEX_HEAP_KIB = 16384,
};

static void code_cleanup(pcre2_code **code)
{
	pcre2_code_free(*code);
}
static void data_cleanup(pcre2_match_data **data)
{
	pcre2_match_data_free(*data);
}
static void context_cleanup(pcre2_match_context **context)
{
	pcre2_match_context_free(*context);
}

static pcre2_code *regex_compile(const char *pattern, int *ret_error, size_t *ret_offset)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_code *code;

	*ret_error = 0;
	*ret_offset = 0;
	if (!context)
		return NULL;
	(void)pcre2_set_max_pattern_length(context, REGEX_PATTERN_MAX);
	(void)pcre2_set_parens_nest_limit(context, REGEX_NESTING_MAX);
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
			     PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT,
			     ret_error, ret_offset, context);
	pcre2_compile_context_free(context);
	return code;
}

int regex_examine(const char *pattern, struct mp_error *err)
{
	__attribute__((cleanup(code_cleanup))) pcre2_code *code = NULL;
	PCRE2_UCHAR words[120] = "";
	size_t offset;
	int error;

	code = regex_compile(pattern, &error, &offset);
	if (code)
		return 0;
	(void)pcre2_get_error_message(error, words, sizeof(words));
	return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
		       "'%s' is no regular expression: %s at character %zu", pattern,
		       (const char *)words, offset + 1);
}

/* A match under way: where it was last, and what it may still cost. */
struct regex_work {
	size_t last;
	struct regex_budget *budget; /* borrowed */
};

/* Before each item of the pattern: pay for the way here. */
static int regex_pay(pcre2_callout_block *block, void *context)
{
	struct regex_work *work = context;
	size_t now = block->current_position;
	size_t way = now > work->last ? now - work->last : work->last - now;

	work->last = now;
	work->budget->left -= (int64_t)way + 1;
	return work->budget->left < 0 ? PCRE2_ERROR_CALLOUT : 0;
}

static enum regex_result regex_run(const char *pattern, const char *text, size_t length,
				   uint32_t options, struct regex_budget *budget,
				   size_t ret_span[2])
{
	__attribute__((cleanup(code_cleanup))) pcre2_code *code = NULL;
	__attribute__((cleanup(data_cleanup))) pcre2_match_data *data = NULL;
	__attribute__((cleanup(context_cleanup))) pcre2_match_context *context = NULL;
	struct regex_work work = {.budget = budget};
	size_t offset, *spans;
	int error, found, group;

	if (budget->left < 0)
		return REGEX_LIMIT;
	code = regex_compile(pattern, &error, &offset);
	context = pcre2_match_context_create(NULL);
	if (!code || !context)
		return REGEX_NO;
	data = pcre2_match_data_create_from_pattern(code, NULL);
	if (!data)
		return REGEX_NO;
	(void)pcre2_set_match_limit(context, REGEX_MATCH_LIMIT);
	(void)pcre2_set_depth_limit(context, REGEX_DEPTH_LIMIT);
	(void)pcre2_set_heap_limit(context, REGEX_HEAP_KIB);
	(void)pcre2_set_callout(context, regex_pay, &work);
	found = pcre2_match(code, (PCRE2_SPTR)text, length, 0, options, data, context);
	if (found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_DEPTHLIMIT ||
	    found == PCRE2_ERROR_HEAPLIMIT || found == PCRE2_ERROR_CALLOUT)
		return REGEX_LIMIT;
	if (found <= 0)
		return REGEX_NO;
	spans = pcre2_get_ovector_pointer(data);
	group = found > 1 && spans[2] != PCRE2_UNSET ? 1 : 0;
	ret_span[0] = spans[2 * group];
	/* \K may put the start behind the end. */
	ret_span[1] = spans[2 * group + 1] > ret_span[0] ? spans[2 * group + 1] - ret_span[0] : 0;
	return REGEX_YES;
}

enum regex_result regex_whole(const char *pattern, const char *text, size_t length,
			      struct regex_budget *budget)
{
	size_t span[2];

	return regex_run(pattern, text, length, PCRE2_ANCHORED | PCRE2_ENDANCHORED, budget, span);
}

enum regex_result regex_search(const char *pattern, const char *text, size_t length,
			       size_t *ret_start, size_t *ret_length)
{
	struct regex_budget budget = {REGEX_BUDGET};
	size_t span[2] = {0, 0};
	enum regex_result result = regex_run(pattern, text, length, 0, &budget, span);

	*ret_start = span[0];
	*ret_length = span[1];
	return result;
}
