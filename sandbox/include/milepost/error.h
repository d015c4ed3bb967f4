/* SPDX-License-Identifier: MIT */
/* The one error record of milepost: what was being done, to which thing, and whose fault it is. */
#ifndef MILEPOST_ERROR_H
#define MILEPOST_ERROR_H

#include <stddef.h>

#define MP_MUST_CHECK		 __attribute__((warn_unused_result))
#define MP_PRINTF(FORMAT, FIRST) __attribute__((format(printf, FORMAT, FIRST)))

/*
 * Whose fault a failure is. A learner's wrong answer is never an error: it is an outcome.
 * Each class has one exit status; mp_fault_status() is that table.
 */
enum mp_fault {
	MP_FAULT_NONE,	  /* no failure: 0 */
	MP_FAULT_USAGE,	  /* the command line, or an address that cannot be read: 2 */
	MP_FAULT_INPUT,	  /* the learner's repository cannot be read: 2 */
	MP_FAULT_CONTENT, /* an exercise is broken: 3 */
	MP_FAULT_HOST,	  /* this machine cannot do it, or it failed under us: 4 */
	MP_FAULT_BUG,	  /* a mistake of ours: 70 */
};

enum { MP_ERROR_TEXT = 1024 };

/* One failure. Lives on the caller's stack, never allocates; text is cut at MP_ERROR_TEXT - 1 bytes. */
struct mp_error {
	int code;	     /* negative errno, 0 when nothing failed */
	enum mp_fault fault; /* whose fault */
	char text[MP_ERROR_TEXT];
};

/*
 * Fill ERR (which may be NULL) and return CODE, a negative errno. The text gets ": " and the words of
 * the errno behind it, unless CODE is -EBADMSG, -EOPNOTSUPP or -ENOPKG, whose text says all there is to say.
 */
int mp_fail(struct mp_error *err, enum mp_fault fault, int code, const char *format, ...)
	MP_PRINTF(4, 5);

/* Put "CONTEXT: " before the text of ERR and return its code. Does nothing to a NULL or empty ERR. */
int mp_wrap(struct mp_error *err, const char *format, ...) MP_PRINTF(2, 3);

/* The exit status of a fault class: 0, 2, 3, 4 or 70. */
int mp_fault_status(enum mp_fault fault);

#endif
