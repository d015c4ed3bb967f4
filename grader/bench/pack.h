/* SPDX-License-Identifier: MIT */
/*
 * Packs: all that milepost knows of a language is one row. What shows it, what must be installed,
 * what its runtime needs of a box, how its programs say that something is not there.
 *
 * A runtime or a package of Debian that a program needs and this machine lacks is never the
 * learner's: functions that find one fail with -ENOPKG, whose text says all there is to say, and
 * the exercise is "not graded".
 */
#ifndef GRADER_BENCH_PACK_H
#define GRADER_BENCH_PACK_H

#include <milepost/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/base/arena.h"

struct program_file;

/* A package of Debian 12 beside the language itself, and what is asked for when it is needed. */
struct pack_extra {
	const char *package;
	const char *name; /* of its module or command; one that ends with \\ or _ is a prefix */
};

struct pack {
	const char *word;     /* "python": in milepost.yaml, of a track, in reports */
	const char *title;    /* "Python" */
	const char *commands; /* a command that begins with one shows it; also other names of it */
	const char *program;  /* is it here? Looked for where a box looks */
	const char *asked;    /* its option that prints the version */
	const char *packages; /* of Debian 12, blank-separated */
	const char *paths; /* what it reads of the host; the box has them (sandbox/plan/plan.c) */
	const char *suffixes; /* of the files that its runner runs: ".js .mjs" */
	const char *runner;
	const struct pack_extra *extras; /* ends with a NULL package */
	/* What it prints before the name of a module that is not there; one a line. */
	const char *lacking;
	/* The folder of its curated modules below packs/, and their names; NULL: none. */
	const char *curated_in, *curated;
	int cpus;		       /* of a box */
	int64_t start_least_ms;	       /* a shorter limit of an exercise is raised to it; 0: none */
	int64_t memory_least_bytes;    /* likewise */
	const char *env[6];	       /* in every box of the language; NULL-terminated */
	const char *service_env;       /* in that of a service only; NULL: none */
	const char *port_line;	       /* how a program takes the port from its environment */
	const char *service, *example; /* an example of a start line, of a run line */
};

/* All rows; the last has no word. */
extern const struct pack packs[];

/* The folders in which a box looks for programs. */
#define PACK_PATH "/usr/local/bin:/usr/bin:/bin"

/* The row of a language as a learner may write it: "python", "Python3", "nodejs"; NULL: none. */
const struct pack *pack_of_word(const char *word);

/*
 * The first language that a command line shows: "PORT=1 exec python3.11 app.py" is Python's.
 * NULL (also for a NULL COMMAND): none.
 */
const struct pack *pack_of_command(const char *command);

/* The row that runs files that end with SUFFIX: ".py"; NULL: none. */
const struct pack *pack_of_suffix(const char *suffix);

/* The language of a program: as its file says, else its lines show; NULL: none known. */
const struct pack *pack_of_file(const struct program_file *file);

/* Where the row's program lies on this host, with links followed; NULL: it is not here. */
const char *pack_place(const struct pack *pack, struct arena *arena);

/* "python3.11" of "/usr/bin/python3.11", "java17" of "/usr/lib/jvm/java-17-x/bin/java"; else NULL. */
const char *pack_version_of_place(const struct pack *pack, const char *place, struct arena *arena);

/* Is the package installed here? */
bool pack_extra_is_here(const struct pack_extra *extra);

/* -ENOPKG when FILE names or shows a language, or a command of one, that is not here. */
MP_MUST_CHECK int pack_check_file(const struct program_file *file, struct mp_error *err);

/* -ENOPKG when the row's program is not here. */
MP_MUST_CHECK int pack_check(const struct pack *pack, struct mp_error *err);

/*
 * -ENOPKG when the COUNT BYTES that a program said name a module that a package of Debian or the
 * curated modules bring, and that is not here. HAS_CURATED: those were mounted.
 */
MP_MUST_CHECK int pack_check_said(const struct pack *pack, const char *bytes, size_t count,
				  bool has_curated, struct mp_error *err);

#endif
