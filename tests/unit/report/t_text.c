/* SPDX-License-Identifier: MIT */
/* The text report, against golden files. */
#include "grader/report/columns.h"
#include "tests/unit/report/sample.h"

static void html_errors_reads_as_the_golden_sample(void)
{
	struct card card = html_errors_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *got = sample_report(&scorecard, "text", &(struct report_options){0});

	is_golden(got, "html-errors.txt");
}

static void fixed_port_reads_as_the_golden_sample(void)
{
	struct card card = fixed_port_card();
	struct scorecard scorecard = sample_scorecard(&card, 1);
	mp_autofree char *got = sample_report(&scorecard, "text", &(struct report_options){0});

	is_golden(got, "fixed-port.txt");
}

TAP_MAIN(T(html_errors_reads_as_the_golden_sample) T(fixed_port_reads_as_the_golden_sample))
