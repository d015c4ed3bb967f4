/* SPDX-License-Identifier: MIT */
/*
 * milepost manual and milepost completion: what the tables of commands and options say, as the source of
 * a manual page (scdoc) and as scripts for shells. docs/man/milepost.1.scd is the first one's output.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "grader/bench/pack.h"
#include "grader/cmd/assess.h"
#include "grader/report/report.h"
#include "sandbox/base/options.h"

/* --- the manual ------------------------------------------------------------------------------------- */

static const char manual_head[] =
	"milepost(1)\n\n# NAME\n\nmilepost - grade what a learner pushes\n\n# SYNOPSIS\n\n"
	"*milepost* _COMMAND_ [_OPTION_]... [_WORD_]...\n\n# DESCRIPTION\n\n"
	"milepost reads a git repository, runs the services and programs of its exercises in a sandbox, asks\n"
	"them, and prints a scorecard that says what is right, what is not, and what to try next. It needs no\n"
	"network and no other service.\n\n# COMMANDS\n\n";

static const char manual_tail[] =
	"# EXIT STATUS\n\n"
	"*0*\n\tgraded, at or above the bar\n\n*1*\n\tgraded, below it; or nothing was there to grade\n\n"
	"*2*\n\twrong usage, or a repository that cannot be read\n\n*3*\n\tan exercise is broken\n\n"
	"*4*\n\tthis machine cannot, or something is not graded\n\n*70*\n\ta mistake of milepost\n\n"
	"# ENVIRONMENT\n\n"
	"*MILEPOST\\_EXERCISES*\n\tthe folder of exercises, where *--exercises* names none\n\n"
	"*MILEPOST\\_PACKS*\n\tthe folder of curated modules, where it is not beside the exercises\n\n"
	"*TMPDIR*\n\twhere the work folder is made\n\n"
	"# SEE ALSO\n\n*milepost-box*(1), *git*(1)\n";

/* The commands of ROWS, which stand behind PATH; the commands of a group instead of the group. */
static void add_manual_rows(struct text *into, const struct command *const *rows, const char *path)
{
	for (; *rows; rows++) {
		const struct command *command = *rows;
		mp_autotext struct text name = {0};

		if (!command->summary)
			continue;
		text_addf(&name, "%s %s", path, command->name);
		if (command->parts) {
			add_manual_rows(into, command->parts, text_get(&name));
			continue;
		}
		text_addf(into, "## %s ", text_get(&name));
		options_quote_manual(into, command->usage);
		text_add(into, "\n\nTo ");
		options_quote_manual(into, command->summary);
		text_add(into, "\\.\n\n");
		options_manual(command->options, command->option_count, into);
	}
}

static void add_manual(struct text *into)
{
	text_add(into, manual_head);
	add_manual_rows(into, commands, "milepost");
	text_add(into, manual_tail);
}

static int run_manual(struct context *context, const void *given, const struct text_list *words,
		      struct mp_error *err)
{
	mp_autotext struct text manual = {0};

	(void)context;
	(void)given;
	(void)words;
	(void)err;
	add_manual(&manual);
	(void)fputs(text_get(&manual), stdout);
	return 0;
}

/* --- completion ------------------------------------------------------------------------------------- */

/* What stands behind an option and is not a word of its table. */
static const char *const lists[] = {"formats", "tracks", "ids", NULL};

static void add_summaries(struct text *into, const struct command *const *rows)
{
	for (; *rows; rows++)
		text_addf(into, "%s ", (*rows)->summary ? (*rows)->name : "");
}

static void print_ids(struct context *context)
{
	struct road *road = NULL;
	const char *exercises;

	/* A shell that completes has no use for an error. */
	if (context_exercises(context, NULL, &exercises, NULL) == 0 &&
	    load_road(exercises, &road, NULL) == 0) {
		for (size_t i = 0; i < road->published_count; i++)
			(void)puts(road->published[i]);
	}
	road = road_free(road);
}

static void print_list(struct context *context, const char *list)
{
	for (const struct report_format *row = report_formats; row->name && list == lists[0]; row++)
		(void)puts(row->name);
	for (const struct pack *pack = packs; pack->word && list == lists[1]; pack++)
		(void)puts(pack->word);
	if (list == lists[2])
		print_ids(context);
}

/* The words that may follow OPTION, as a shell's expression; NULL: a file, or nothing known. */
static const char *values_of(const struct field *option, struct arena *arena)
{
	static const struct {
		const char *option, *values;
	} rows[] = {
		{"format", "$(milepost completion formats)"},
		{"track", "$(milepost completion tracks)"},
		{"exercise", "$(milepost completion ids)"},
		{"like", "$(milepost completion ids)"},
	};
	mp_autotext struct text words = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].option, option->name) == 0)
			return rows[i].values;
	}
	if (option->type != FIELD_WORD)
		return NULL;
	for (const char *const *word = option->words; *word; word++)
		text_addf(&words, "%s%s", words.length ? " " : "", *word);
	return arena_text(arena, text_get(&words));
}

static bool takes_id(const struct command *command)
{
	return command->usage && strstr(command->usage, "ID") != NULL;
}

static void add_bash_command(struct text *into, const struct command *command, struct arena *arena)
{
	mp_autotext struct text names = {0};

	options_names(command->options, command->option_count, &names);
	text_addf(into, "\t%s)\n\t\twords=\"%s --help%s\"\n\t\tcase $before in\n", command->name,
		  text_get(&names), takes_id(command) ? " $(milepost completion ids)" : "");
	for (size_t i = 0; i < command->option_count; i++) {
		const struct field *option = &command->options[i];
		const char *values = values_of(option, arena);

		if (option->type != FIELD_BOOL)
			text_addf(into, "\t\t--%s) words=\"%s\" ;;\n", option->name,
				  values ? values : "");
	}
	text_add(into, "\t\tesac\n\t\t;;\n");
}

/* The word at WHERE is one of ROWS, and what follows belongs to that one. */
static void add_bash_rows(struct text *into, const struct command *const *rows, int where,
			  struct arena *arena)
{
	text_addf(into, "\tif [ \"$COMP_CWORD\" = %d ]; then\n\t\twords=\"", where);
	add_summaries(into, rows);
	text_addf(into, "--help%s\"\n\telse\n\tcase ${COMP_WORDS[%d]} in\n",
		  where == 1 ? " --version" : "", where);
	for (; *rows; rows++) {
		if ((*rows)->summary && (*rows)->parts) {
			text_addf(into, "\t%s)\n", (*rows)->name);
			add_bash_rows(into, (*rows)->parts, where + 1, arena);
			text_add(into, "\t\t;;\n");
		} else if ((*rows)->summary) {
			add_bash_command(into, *rows, arena);
		}
	}
	text_add(into, "\tesac\n\tfi\n");
}

/* For bash; zsh reads the same script in its bash manner. */
static void add_bash(struct text *into, struct arena *arena)
{
	text_add(into, "_milepost()\n{\n\tlocal word=${COMP_WORDS[COMP_CWORD]} words=\n"
		       "\tlocal before=${COMP_WORDS[COMP_CWORD - 1]}\n");
	add_bash_rows(into, commands, 1, arena);
	text_add(into, "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
		       "complete -o default -F _milepost milepost\n");
}

static void add_zsh(struct text *into, struct arena *arena)
{
	text_add(into, "#compdef milepost\nautoload -U +X bashcompinit && bashcompinit\n");
	add_bash(into, arena);
}

/* HELP inside single quotes. */
static void add_fish_text(struct text *into, const char *help)
{
	for (; *help; help++) {
		if (*help == '\'' || *help == '\\')
			text_add_char(into, '\\');
		text_add_char(into, *help);
	}
}

/* What stands behind PATH, the words of COMMAND. */
static void add_fish_options(struct text *into, const struct command *command, const char *path,
			     struct arena *arena)
{
	if (takes_id(command))
		text_addf(
			into,
			"complete -c milepost -n '__milepost_in%s' -a '(milepost completion ids)'\n",
			path);
	for (size_t i = 0; i < command->option_count; i++) {
		const struct field *option = &command->options[i];
		const char *values = values_of(option, arena);

		if (!option->help)
			continue;
		text_addf(into, "complete -c milepost -n '__milepost_in%s' -l %s%s", path,
			  option->name, option->type == FIELD_BOOL ? "" : " -r");
		/* Its own form of $(...) has no dollar. */
		if (values)
			text_addf(into, " -f -a '%s'", values[0] == '$' ? values + 1 : values);
		text_add(into, " -d '");
		add_fish_text(into, option->help);
		text_add(into, "'\n");
	}
}

static void add_fish_rows(struct text *into, const struct command *const *rows, const char *path,
			  struct arena *arena)
{
	for (; *rows; rows++) {
		const struct command *command = *rows;
		const char *name = arena_format(arena, "%s %s", path, command->name);

		if (!command->summary)
			continue;
		text_addf(into, "complete -c milepost -n '__milepost_at%s' -f -a %s -d '", path,
			  command->name);
		add_fish_text(into, command->summary);
		text_add(into, "'\n");
		if (command->parts)
			add_fish_rows(into, command->parts, name, arena);
		else
			add_fish_options(into, command, name, arena);
	}
}

/* at: the words so far are these and no more; in: they begin with these. */
static void add_fish(struct text *into, struct arena *arena)
{
	text_add(into, "function __milepost_at\n\tset -l given (commandline -opc)\n"
		       "\ttest \"$given[2..]\" = \"$argv\"\nend\n"
		       "function __milepost_in\n\tset -l given (commandline -opc)\n"
		       "\tset -l last (math (count $argv) + 1)\n"
		       "\ttest \"$given[2..$last]\" = \"$argv\"\nend\n");
	add_fish_rows(into, commands, "", arena);
}

static const struct {
	const char *name;
	void (*add)(struct text *into, struct arena *arena);
} shells[] = {{"bash", add_bash}, {"zsh", add_zsh}, {"fish", add_fish}};

static int run_completion(struct context *context, const void *given, const struct text_list *words,
			  struct mp_error *err)
{
	mp_autotext struct text script = {0};

	(void)given;
	for (size_t i = 0; lists[i]; i++) {
		if (strcmp(lists[i], words->items[0]) != 0)
			continue;
		print_list(context, lists[i]);
		return 0;
	}
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(shells[i].name, words->items[0]) != 0)
			continue;
		shells[i].add(&script, context->arena);
		(void)fputs(text_get(&script), stdout);
		return 0;
	}
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
		       "there is no completion for '%s'; there is bash, zsh, fish",
		       words->items[0]);
}

const struct command command_manual = {
	.name = "manual",
	.usage = "",
	.run = run_manual,
};

const struct command command_completion = {
	.name = "completion",
	.usage = "bash|zsh|fish",
	.summary = "print a script with which a shell completes commands and options",
	.words_low = 1,
	.words_high = 1,
	.run = run_completion,
};
