/* SPDX-License-Identifier: MIT */
/* milepost-box: the sandbox alone. */
#include "sandbox/cli/cli.h"

#include "sandbox/base/columns.h"
#include "sandbox/base/field.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	int (*run)(const char *const *argv, struct mp_error *err);
	const char *help;
} commands[] = {
	{"run", command_run,
	 "[OPTION]... -- COMMAND [ARG]...\n      run a command in a box; without options the strictest"},
	{"check", command_check,
	 "[--json]\n      try each layer on this host: present, missing, remedy"},
	{"explain", command_explain,
	 "[OPTION]... -- COMMAND [ARG]...\n      the plan, step by step; does nothing"},
	{"completion", command_completion,
	 "\n      print a script with which bash (and zsh) complete commands and options"},
	{"manual", command_manual, NULL},
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int print_help(FILE *to)
{
	struct text options mp_autotext;

	text_init(&options, 0);
	(void)fputs("milepost-box: run a command in a box.\n\n", to);
	for (size_t i = 0; i < COMMANDS; i++)
		if (commands[i].help)
			(void)fprintf(to, "  milepost-box %s %s\n", commands[i].name,
				      commands[i].help);
	(void)fputs("\nOptions of run and explain:\n", to);
	run_request_help(&options);
	(void)fputs(text_get(&options), to);
	(void)fputs(
		"\nThe exit status is the command's, 128 + signal, 124 for a limit, 125 could not start;\n"
		"2 for a mistake in the options, 4 when this host lacks a layer.\n",
		to);
	return 0;
}

/* Descriptors 0 to 2 are open from here on, so that no other file gets their numbers. */
static void open_stdio(void)
{
	int fd = open("/dev/null", O_RDWR);

	while (fd >= 0 && fd < 3)
		fd = dup(fd);
	if (fd >= 3)
		(void)close(fd);
}

static int dispatch(int argc, char **argv, struct mp_error *err)
{
	const char *names[COMMANDS + 1] = {NULL};
	const char *near;

	for (size_t i = 0; i < COMMANDS; i++) {
		names[i] = commands[i].name;
		if (argc > 1 && strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run((const char *const *)(uintptr_t)(argv + 2), err);
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0)
		return printf("milepost-box %s\n", MILEPOST_VERSION) < 0;
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0))
		return print_help(stdout);
	near = argc > 1 ? nearest_of(argv[1], names) : NULL;
	if (argc > 1)
		(void)fprintf(stderr, "milepost-box: there is no command '%s'%s%s%s\n", argv[1],
			      near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	(void)print_help(stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct mp_error err = {0};
	struct text text mp_autotext;
	int status;

	text_init(&text, 0);
	open_stdio();
	status = dispatch(argc, argv, &err);
	if (status >= 0)
		return status;
	text_addf(&text, "milepost-box: %s", err.text);
	columns_print(stderr, text_get(&text), 2);
	if (status == -EOPNOTSUPP)
		(void)fputs(
			"Or go on without that layer: milepost-box run --allow-missing LAYER -- COMMAND\n",
			stderr);
	return mp_fault_status(err.fault);
}
