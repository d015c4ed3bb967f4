/* SPDX-License-Identifier: MIT */
/* The manual page of milepost-box, and its completion. docs/man/milepost-box.1.scd is the first one's output. */
#include <stdio.h>

#include "sandbox/cli/cli.h"

static const char manual_head[] =
	"milepost-box(1)\n\n# NAME\n\nmilepost-box - run a command in a box\n\n# SYNOPSIS\n\n"
	"*milepost-box run* [_OPTION_]... -- _COMMAND_ [_ARG_]...\n\n"
	"*milepost-box explain* [_OPTION_]... -- _COMMAND_ [_ARG_]...\n\n"
	"*milepost-box check* [*--json*]\n\n# DESCRIPTION\n\n"
	"A box is a set of namespaces with a root of its own, under a system call filter, Landlock, a control\n"
	"group and limits. *run* runs a command in one, without options in the strictest. *explain* prints the\n"
	"plan, step by step, and does nothing. *check* tries each layer on this host and names what is missing\n"
	"and what to do.\n\n# OPTIONS OF RUN AND EXPLAIN\n\n";

static const char manual_tail[] =
	"# EXIT STATUS\n\n"
	"The command's, or 128 and the number of the signal that ended it\\.\n\n"
	"*124*\n\tended by a limit\n\n*125*\n\tcould not start\n\n*2*\n\twrong usage\n\n"
	"*4*\n\tthis host lacks a layer\n\n"
	"# SEE ALSO\n\n*milepost*(1)\n";

int command_manual(const char *const *argv, struct mp_error *err)
{
	struct text manual mp_autotext;

	(void)argv;
	(void)err;
	text_init(&manual, 0);
	text_add(&manual, manual_head);
	run_request_manual(&manual);
	text_add(&manual, manual_tail);
	return fputs(text_get(&manual), stdout) < 0;
}

int command_completion(const char *const *argv, struct mp_error *err)
{
	struct text names mp_autotext;

	(void)argv;
	(void)err;
	text_init(&names, 0);
	run_request_names(&names);
	return printf("_milepost_box()\n{\n\tlocal word=${COMP_WORDS[COMP_CWORD]} words=\n"
		      "\tcase $COMP_CWORD-${COMP_WORDS[1]} in\n"
		      "\t1-*) words=\"run check explain completion --help --version\" ;;\n"
		      "\t*-check) words=\"--json --help\" ;;\n"
		      "\t*-run | *-explain) words=\"%s\" ;;\n"
		      "\tesac\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
		      "complete -o default -F _milepost_box milepost-box\n",
		      text_get(&names)) < 0;
}
