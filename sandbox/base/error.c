/* SPDX-License-Identifier: MIT */
/* The error record: filling it, putting context before it, and its exit status. */
#include <milepost/error.h>

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/base/text.h"

/* A text that filled its bound may have lost the end of its last character: then that goes whole. */
static void cut_whole(char *text)
{
	size_t length = strlen(text);
	size_t last = length;

	while (last > 0 && length - last < 4 && ((unsigned char)text[last - 1] & 0xc0) == 0x80)
		last--;
	if (last > 0 && text_utf8_length(text + last - 1, length - last + 1) == 0)
		text[last - 1] = '\0';
}

/* Codes that only tell programs of what the text says to people. */
static bool speaks_for_itself(int code)
{
	return code == -EBADMSG || code == -EOPNOTSUPP || code == -ENOPKG;
}

int mp_fail(struct mp_error *err, enum mp_fault fault, int code, const char *format, ...)
{
	char text[MP_ERROR_TEXT]; /* the words may quote ERR itself */
	va_list args;
	size_t used;

	if (!err)
		return code;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	used = strlen(text);
	if (code < 0 && !speaks_for_itself(code))
		(void)snprintf(text + used, sizeof(text) - used, ": %s",
			       strerrordesc_np(-code) ? strerrordesc_np(-code) : "unknown error");
	cut_whole(text);
	err->code = code;
	err->fault = fault;
	memcpy(err->text, text, strlen(text) + 1);
	return code;
}

int mp_wrap(struct mp_error *err, const char *format, ...)
{
	char context[MP_ERROR_TEXT];
	char old[MP_ERROR_TEXT];
	va_list args;
	size_t used;

	if (!err || err->code == 0)
		return err ? err->code : 0;
	va_start(args, format);
	(void)vsnprintf(context, sizeof(context), format, args);
	va_end(args);
	memcpy(old, err->text, sizeof(old));
	(void)snprintf(err->text, sizeof(err->text), "%s", context);
	used = strlen(err->text);
	(void)snprintf(err->text + used, sizeof(err->text) - used, ": %s", old);
	cut_whole(err->text);
	return err->code;
}

int mp_fault_status(enum mp_fault fault)
{
	static const int statuses[] = {
		[MP_FAULT_NONE] = 0,	[MP_FAULT_USAGE] = 2, [MP_FAULT_INPUT] = 2,
		[MP_FAULT_CONTENT] = 3, [MP_FAULT_HOST] = 4,  [MP_FAULT_BUG] = 70,
	};

	if ((size_t)fault >= sizeof(statuses) / sizeof(statuses[0]))
		return 70;
	return statuses[fault];
}
