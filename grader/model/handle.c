/* SPDX-License-Identifier: MIT */
/* Handles: the same row type that `milepost init --handle` is read by. */
#include "grader/model/handle.h"

#include "sandbox/base/field.h"

bool handle_is_valid(const char *handle)
{
	static const struct field row = {"handle",    FIELD_NAME,  0,	 HANDLE_LOW,
					 HANDLE_HIGH, HANDLE_RULE, NULL, true};
	const char *read;

	return field_set(&row, 0, &read, handle, NULL) == 0;
}
