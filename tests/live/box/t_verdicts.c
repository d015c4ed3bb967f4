/* SPDX-License-Identifier: MIT */
/* Each way in which a box can end, by programs that end so. */
#include "tests/helper/boxes.h"

#include <signal.h>

struct row {
	const char *what;
	const char *line; /* of a shell */
	enum mp_end end;
	int code; /* exit code or signal */
	bool needs_group;
};

static void run_row(const struct row *row)
{
	const char *argv[] = {"sh", "-c", row->line, NULL};
	struct mp_box_spec spec;
	struct mp_box_result result;
	char text[600];

	if (row->needs_group && !boxes_has(MP_LAYER_CGROUP))
		return;
	boxes_spec(&spec, MP_PROFILE_PROGRAM, argv);
	/* A busy machine has time to let a program use up its processor time. */
	spec.wall_ms = row->end == MP_END_WALL ? 700 : 30000;
	spec.cpu_ms = row->end == MP_END_CPU ? 400 : 30000;
	spec.memory_bytes = 64 << 20;
	spec.scratch_bytes = 8 << 20;
	spec.scratch_inodes = 200;
	spec.file_size_bytes = 4 << 20;
	spec.output_bytes = 4096;
	spec.processes = 16;
	result = boxes_run(&spec, text, sizeof(text));
	if (!ENDED(result, row->end, row->code))
		printf("#   in the row \"%s\": %s\n", row->what, text);
}

static const struct row plain_rows[] = {
	{"success", "true", MP_END_EXITED, 0, false},
	{"an exit code", "exit 7", MP_END_EXITED, 7, false},
	{"126 is the program's own", "exit 126", MP_END_EXITED, 126, false},
	{"137 is no signal", "exit 137", MP_END_EXITED, 137, false},
	{"a crash", "kill -SEGV $$", MP_END_SIGNALED, SIGSEGV, false},
	{"abort", "exec python3 -c 'import os; os.abort()'", MP_END_SIGNALED, SIGABRT, false},
	{"killing itself", "kill -KILL $$", MP_END_SIGNALED, SIGKILL, false},
	{"a real-time signal", "kill -40 $$", MP_END_SIGNALED, 40, false},
	{"killing process 1", "kill -KILL 1; exit 3", MP_END_EXITED, 3, false},
	{"stopping process 1", "kill -STOP 1; exit 3", MP_END_EXITED, 3, false},
	{"a daemon keeps standard output open", "sleep 100 & exit 4", MP_END_EXITED, 4, false},
	{"a daemon in its own session", "setsid sleep 100 & setsid sleep 100 & sleep 0.05; exit 5",
	 MP_END_EXITED, 5, false},
};

static const struct row limit_rows[] = {
	{"sleeps for ever", "sleep 100", MP_END_WALL, 0, false},
	{"stops itself", "kill -STOP $$", MP_END_WALL, 0, false},
	{"ignores SIGTERM", "trap '' TERM; sleep 100; sleep 100", MP_END_WALL, 0, false},
	{"spins", "while :; do :; done", MP_END_CPU, 0, false},
	{"spins in children", "(while :; do :; done) & (while :; do :; done) & wait", MP_END_CPU, 0,
	 false},
	{"ignores SIGXCPU", "trap '' XCPU; while :; do :; done", MP_END_CPU, 0, false},
	{"children that nobody waits for",
	 "exec python3 -c 'import os,signal,time\nsignal.signal(signal.SIGCHLD,signal.SIG_IGN)\nwhile 1:\n if os.fork()==0:\n"
	 "  t=time.process_time()\n  while time.process_time()-t<.01: pass\n  os._exit(0)\n time.sleep(.02)'",
	 MP_END_CPU, 0, true},
	{"touches memory", "python3 -c 'x=bytearray(200<<20)'", MP_END_MEMORY, 0, true},
	{"a child is out of memory", "python3 -c 'x=bytearray(200<<20)'; exit 0", MP_END_MEMORY, 0,
	 true},
	{"fork bomb", "f() { f | f & }; f; sleep 100", MP_END_PROCESSES, 0, true},
	{"too many children, then gives up",
	 "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do sleep 9 & done; exit 2",
	 MP_END_PROCESSES, 0, true},
	{"writes without end", "yes", MP_END_OUTPUT, 0, false},
	{"writes errors without end", "yes >&2", MP_END_OUTPUT, 0, false},
	{"one file too large", "exec dd if=/dev/zero of=big bs=1M count=100 2>/dev/null",
	 MP_END_FILE_SIZE, 0, false},
	{"a full scratch",
	 "for i in 1 2 3 4 5; do dd if=/dev/zero of=$i bs=1M count=3 2>/dev/null || exit 1; done",
	 MP_END_FILE_SIZE, 0, false},
	{"too many files", "i=0; while [ $i -lt 400 ]; do : > f$i || exit 1; i=$((i+1)); done",
	 MP_END_INODES, 0, false},
};

static void programs_end_as_they_end(void)
{
	for (size_t i = 0; i < sizeof(plain_rows) / sizeof(plain_rows[0]); i++)
		run_row(&plain_rows[i]);
}

static void limits_end_programs(void)
{
	for (size_t i = 0; i < sizeof(limit_rows) / sizeof(limit_rows[0]); i++)
		run_row(&limit_rows[i]);
}

static void what_cannot_start_says_why(void)
{
	static const struct {
		const char *command;
		int error;
	} rows[] = {
		{"nonesuch", ENOENT},	 {"/nonesuch", ENOENT}, {"/usr", EACCES},
		{"/etc/passwd", EACCES}, {"/scratch", EACCES},	{"/etc/passwd/x", ENOTDIR},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *argv[] = {rows[i].command, NULL};
		struct mp_box_spec spec;
		struct mp_box_result result;

		boxes_spec(&spec, MP_PROFILE_PROGRAM, argv);
		result = boxes_run(&spec, NULL, 0);
		ENDED(result, MP_END_COULD_NOT_START, 0);
		IS(result.start_errno, rows[i].error);
		HAS_TEXT(result.detail, rows[i].command);
	}
}

static void figures_of_a_run_are_told(void)
{
	const char *argv[] = {"/usr/bin/python3", "-c",
			      "import time\nx=bytearray(20<<20)\nt=time.process_time()\n"
			      "while time.process_time()-t<.2: pass\nprint('out')",
			      NULL};
	struct mp_box_spec spec;
	struct mp_box_result result;

	boxes_spec(&spec, MP_PROFILE_PROGRAM, argv);
	result = boxes_run(&spec, NULL, 0);
	ENDED(result, MP_END_EXITED, 0);
	OK(result.cpu_ms >= 190 && result.cpu_ms < 15000);
	OK(result.wall_ms >= result.cpu_ms - 20);
	IS(result.output_bytes, 4);
	OK(!result.is_output_cut);
	if (boxes_has(MP_LAYER_CGROUP)) {
		OK(result.memory_peak_bytes > 20 << 20 && result.memory_peak_bytes < 100 << 20);
		OK(result.processes_peak >= 1 && result.processes_peak < 4);
	} else {
		IS(result.memory_peak_bytes, -1);
	}
}

/* The least overshoot of a few runs: a busy machine may delay any one of them. */
static int64_t overshoot_ms(const char *const *argv, int64_t cpu_ms, int64_t wall_ms)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < 5; i++) {
		struct mp_box_spec spec;
		struct mp_box_result result;
		int64_t over;

		boxes_spec(&spec, MP_PROFILE_PROGRAM, argv);
		spec.cpu_ms = cpu_ms;
		spec.wall_ms = wall_ms;
		result = boxes_run(&spec, NULL, 0);
		ENDED(result, cpu_ms > 0 ? MP_END_CPU : MP_END_WALL, 0);
		over = cpu_ms > 0 ? result.cpu_ms - cpu_ms : result.wall_ms - wall_ms;
		OK(over >= 0);
		least = over < least ? over : least;
	}
	return least;
}

static void limits_are_met_in_time(void)
{
	const char *spin[] = {"sh", "-c", "while :; do :; done", NULL};
	const char *nap[] = {"sleep", "10", NULL};

	/* Without a group the shim counts in ticks of the clock. */
	OK(overshoot_ms(spin, 200, 0) <= (boxes_has(MP_LAYER_CGROUP) ? 15 : 40));
	OK(overshoot_ms(nap, 0, 150) <= 10);
}

BOXES_MAIN(T(programs_end_as_they_end) T(limits_end_programs) T(what_cannot_start_says_why)
		   T(figures_of_a_run_are_told) T(limits_are_met_in_time))
