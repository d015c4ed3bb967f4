/* SPDX-License-Identifier: MIT */
/* The plan of a spec on this host, as text. */
#include "sandbox/base/text.h"
#include "sandbox/plan/plan.h"

#include <stdlib.h>

int mp_box_explain(const struct mp_box_spec *spec, char **ret_text, struct mp_error *err)
{
	struct host host;
	struct plan plan;
	struct text text;
	int result;

	*ret_text = NULL;
	result = host_probe(&host, err);
	if (result < 0)
		return result;
	result = plan_make(spec, &host, 0, &plan, err);
	text_init(&text, 0);
	if (result == 0)
		plan_print(&plan, &text);
	plan_done(&plan);
	*ret_text = result == 0 ? text_take(&text) : NULL;
	text_done(&text);
	return result;
}
