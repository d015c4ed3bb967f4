/* SPDX-License-Identifier: MIT */
/* The texts of a start that failed. The box is played by this file: it only has said something. */
#include <netinet/in.h>
#include <signal.h>

#include "grader/bench/inside.h"
#include "tests/helper/tap.h"

/* --- a box that only speaks ---------------------------------------------------------------- */

static const char *said_out = "";
static const char *said_err = "";

int mp_box_output(struct mp_box *box, int stream, struct mp_output *ret_output,
		  struct mp_error *err)
{
	const char *text = stream == 1 ? said_out : said_err;

	(void)box;
	(void)err;
	*ret_output = (struct mp_output){.head = text, .head_bytes = strlen(text)};
	return 0;
}

static int no_box(struct mp_error *err)
{
	return mp_fail(err, MP_FAULT_BUG, -1, "no box here");
}

int mp_box_open(struct mp_launcher *launcher, const struct mp_box_spec *spec,
		struct mp_box **ret_box, struct mp_error *err)
{
	(void)launcher;
	(void)spec;
	(void)ret_box;
	return no_box(err);
}

int mp_box_connect(struct mp_box *box, int family, int *ret_fd, struct mp_error *err)
{
	(void)box;
	(void)family;
	(void)ret_fd;
	return no_box(err);
}

int mp_box_next(struct mp_box *box, struct mp_event *ret_event, struct mp_error *err)
{
	(void)box;
	(void)ret_event;
	return no_box(err);
}

int mp_box_wait(struct mp_box *box, int64_t timeout_ms, struct mp_box_result *ret_result,
		struct mp_error *err)
{
	(void)box;
	(void)timeout_ms;
	(void)ret_result;
	return no_box(err);
}

int mp_box_signal(struct mp_box *box, int number, struct mp_error *err)
{
	(void)box;
	(void)number;
	return no_box(err);
}

int mp_box_fd(const struct mp_box *box)
{
	(void)box;
	return -1;
}

void mp_box_kill(struct mp_box *box)
{
	(void)box;
}

struct mp_box *mp_box_close(struct mp_box *box)
{
	(void)box;
	return NULL;
}

/* --- a bench by hand ----------------------------------------------------------------------- */

static struct exercise exercise = {
	.health = {.path = "/health", .status = 200},
	.limits = {.start_ms = 10000, .memory_bytes = 384 << 20, .pids = 128},
};

static struct bench bench_of(struct program_file *file, struct arena *arena)
{
	return (struct bench){
		.spec = {.exercise = &exercise,
			 .file = file,
			 .arena = arena,
			 .folder = "exercises/hello-api"},
		.pack = pack_of_word("python"),
		.port = 41873,
		.service = (struct mp_box *)file, /* never looked into here */
	};
}

/* What a report makes of an outcome, near enough to compare it with the golden sample. */
static const char *printed(const struct outcome *outcome, struct arena *arena)
{
	struct text text;
	const char *kept;

	text_init(&text, 0);
	text_addf(&text, "%s\n", outcome->message);
	for (size_t i = 0; i < outcome->fact_count; i++) {
		const struct fact *fact = &outcome->facts[i];

		text_addf(&text, fact->note ? "    %-7s  %-21s  %s\n" : "    %-7s  %s\n",
			  fact->label, fact->value, fact->note);
	}
	text_addf(&text, "%s\nNext  %s\n", outcome->advice ? outcome->advice : "", outcome->next);
	kept = arena_text(arena, text_get(&text));
	text_done(&text);
	return kept;
}

static void the_wrong_port_reads_as_the_golden_sample(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct program_file file = {
		.entries[ENTRY_START] = {"python3 app.py", "exercises/hello-api/milepost.yaml", 1}};
	struct bench bench = bench_of(&file, arena);
	struct sighting sighting = {.has_other = true,
				    .other = {AF_INET, "127.0.0.1", 5000, "python3", 312}};
	struct outcome outcome;

	said_err =
		" * Serving Flask app\n * Running on http://127.0.0.1:5000\nPress CTRL+C to quit\n";
	start_wrong_place(&bench, &sighting, &outcome);
	IS(outcome.verdict, VERDICT_FAIL);
	IS_TEXT(printed(&outcome, arena),
		"your service runs, but on port 5000. It was told PORT=41873.\n"
		"    started  python3 app.py         (exercises/hello-api/milepost.yaml, line 1)\n"
		"    found    127.0.0.1:5000         opened by python3 after 0.3 s\n"
		"    wanted   port 41873             still closed 2.0 s later\n"
		"    it said   * Running on http://127.0.0.1:5000\n"
		"Here, as on a real server, somebody else chooses the port and passes it in the\n"
		"variable PORT. In Python:  port = int(os.environ.get(\"PORT\", \"8000\"))\n"
		"  Linux, macOS  PORT=41873 python3 app.py\n"
		"  PowerShell    $env:PORT=41873; python app.py\n"
		"  then          curl -i http://127.0.0.1:41873/health   (PowerShell: curl.exe)\n"
		"Next  Change that line, commit, push: the other checks will then be run.\n");
	OK(outcome.facts[1].is_note_measured && outcome.facts[2].is_note_measured);
	OK(!outcome.facts[0].is_note_measured);
	OK(outcome.facts[3].is_measured);
	said_err = "";
}

static void each_end_before_the_port_opens_has_its_words(void)
{
	static const struct {
		struct mp_box_result result;
		enum verdict verdict;
		const char *said, *message, *advice;
	} rows[] = {
		{{.end = MP_END_EXITED, .exit_code = 1},
		 VERDICT_FAIL,
		 "Traceback\n  File \"/road/app.py\"\nNameError\n",
		 "your service ended with status 1 before it opened port 41873.",
		 "PORT=41873 python3 app.py"},
		{{.end = MP_END_EXITED, .exit_code = 0},
		 VERDICT_FAIL,
		 "",
		 "your service ended with status 0 before it opened port 41873.",
		 "stays in the foreground"},
		{{.end = MP_END_EXITED, .exit_code = 127},
		 VERDICT_FAIL,
		 "/bin/sh: 1: exec: foo: not found\n",
		 "your service ended with status 127",
		 "there is no such program. Is it spelt right in exercises/x"},
		{{.end = MP_END_EXITED, .exit_code = 126},
		 VERDICT_FAIL,
		 "",
		 "ended with status 126",
		 "may not be run"},
		{{.end = MP_END_SIGNALED, .signal = SIGSEGV},
		 VERDICT_FAIL,
		 "",
		 "was ended by SIGSEGV",
		 NULL},
		{{.end = MP_END_MEMORY},
		 VERDICT_LIMIT,
		 "",
		 "needed more memory than the limit of 384 MiB",
		 NULL},
		{{.end = MP_END_PROCESSES},
		 VERDICT_LIMIT,
		 "",
		 "made more than 128 processes and threads",
		 NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct program_file file = {
			.entries[ENTRY_START] = {"python3 app.py", "exercises/x", 1}};
		struct bench bench = bench_of(&file, arena);
		struct outcome outcome;
		const char *text;

		said_err = rows[i].said;
		bench.result = rows[i].result;
		start_ended(&bench, false, &outcome);
		text = printed(&outcome, arena);
		IS(outcome.verdict, rows[i].verdict);
		HAS_TEXT(outcome.message, rows[i].message);
		if (rows[i].advice)
			HAS_TEXT(outcome.advice, rows[i].advice);
		if (rows[i].said[0] == 'T')
			HAS_TEXT(
				text,
				"    it said  Traceback\n               File \"/road/app.py\"\n             NameError\n");
		ROW("%zu", i);
	}
	said_err = "";
}

static void a_line_that_is_more_than_one_program_is_told_so(void)
{
	static const struct {
		const char *line, *words;
	} rows[] = {
		{"cd src && python3 app.py", "sh serve.sh"},
		{"npm install && node app.js", "sh serve.sh"},
		{"export A=1; node app.js", "sh serve.sh"},
		{"node app.js | tee log", "sh serve.sh"},
		{"exec node app.js", "puts exec in front"},
		{"DEBUG=1 python3 app.py", "env DEBUG=1"},
		{"python3 app.py &", "into the background"},
		{"python3 app.py", NULL},
		{"sh -c 'cd src && python3 app.py; true'", NULL},
		{"node app.js --name=a \"x;y\" a\\;b 2>&1 >log", NULL},
		{"cdrecord x", NULL},
		{"cd", NULL},
		{"", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].words)
			HAS_TEXT(line_slip(rows[i].line), rows[i].words);
		else
			IS_TEXT(line_slip(rows[i].line), NULL);
		ROW("%zu: %s", i, rows[i].line);
	}
}

static void a_slip_in_the_line_is_told_where_the_shell_failed(void)
{
	static const struct {
		int exit_code;
		const char *words;
	} rows[] = {{0, "env DEBUG=1"}, {127, "env DEBUG=1"}, {1, "Try it at your desk"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct program_file file = {
			.entries[ENTRY_START] = {"DEBUG=1 python3 app.py", "x", 1}};
		struct bench bench = bench_of(&file, arena);
		struct outcome outcome;

		bench.result = (struct mp_box_result){.end = MP_END_EXITED,
						      .exit_code = rows[i].exit_code};
		start_ended(&bench, false, &outcome);
		HAS_TEXT(outcome.advice, rows[i].words);
		ROW("%zu", i);
	}
}

static void what_is_not_written_down_is_told_with_what_to_write(void)
{
	static const struct {
		struct program_file file;
		enum entry entry;
		const char *message, *advice, *next;
	} rows[] = {
		{{.language = NULL},
		 ENTRY_START,
		 "exercises/hello-api/milepost.yaml is not there yet.",
		 "start: python3 app.py",
		 "Write exercises/hello-api/milepost.yaml, commit, push"},
		{{.language = NULL},
		 ENTRY_RUN,
		 "exercises/hello-api/milepost.yaml is not there yet.",
		 "run: python3 main.py",
		 NULL},
		{{.near = "Procfile is there, but empty."},
		 ENTRY_START,
		 "exercises/hello-api/milepost.yaml is not there yet.",
		 "Procfile is there, but empty.\nIt says how",
		 NULL},
		{{.has_own_file = true},
		 ENTRY_START,
		 "exercises/hello-api/milepost.yaml has no line `start`.",
		 NULL,
		 "Write that line, commit"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autoarena struct arena *arena = arena_new();
		struct program_file file = rows[i].file;
		struct bench bench = bench_of(&file, arena);
		struct outcome outcome;

		OK(bench_lacks(&bench, rows[i].entry, &outcome));
		IS_TEXT(outcome.message, rows[i].message);
		if (rows[i].advice)
			HAS_TEXT(outcome.advice, rows[i].advice);
		if (rows[i].next)
			HAS_TEXT(outcome.next, rows[i].next);
		ROW("%zu", i);
	}
}

static void a_broken_file_is_shown_line_by_line(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct program_file file = {.complaint = "a.yaml:1:1: one\na.yaml:2:1: two\n",
				    .entries[ENTRY_START] = {"x", "a", 1}};
	struct bench bench = bench_of(&file, arena);
	struct outcome outcome;

	OK(bench_lacks(&bench, ENTRY_START, &outcome));
	IS(outcome.fact_count, 2);
	IS_TEXT(outcome.facts[1].value, "a.yaml:2:1: two");
	file.complaint = NULL;
	OK(!bench_lacks(&bench, ENTRY_START, &outcome));
}

static void the_last_words_of_both_streams_are_kept_in_visible_form(void)
{
	mp_autoarena struct arena *arena = arena_new();
	struct program_file file = {0};
	struct bench bench = bench_of(&file, arena);

	said_out = "one\n\ntwo \x1b[31mred\n";
	said_err = "three\r\n\n";
	IS_TEXT(bench_said(&bench, 1000), "one\ntwo \\x1b[31mred\nthree");
	IS_TEXT(bench_said(&bench, 10), "three");
	/* What is told is not pushed away by a log of requests. */
	said_out = "";
	said_err = "KeyError: 'b'\n"
		   "127.0.0.1 - - [1/Nov/2024] \"GET /1 HTTP/1.1\" 200 -\n"
		   "127.0.0.1 - - [1/Nov/2024] \"GET /2 HTTP/1.1\" 200 -\n"
		   "127.0.0.1 - - [1/Nov/2024] \"GET /3 HTTP/1.1\" 200 -\n"
		   "127.0.0.1 - - [1/Nov/2024] \"GET /4 HTTP/1.1\" 200 -\n"
		   "127.0.0.1 - - [1/Nov/2024] \"GET /5 HTTP/1.0\" 200 -\n"
		   "127.0.0.1 - - [1/Nov/2024] \"GET /6 HTTP/1.1\" 200 -\n"
		   "127.0.0.1 - - [1/Nov/2024] \"GET /7 HTTP/1.1\" 200 -\n"
		   "127.0.0.1 - - [1/Nov/2024] \"GET /8 HTTP/1.1\" 200 -\n";
	IS_TEXT(bench_said(&bench, 1000), "KeyError: 'b'");
	said_out = "";
	said_err = "";
	IS_TEXT(bench_said(&bench, 1000), "");
}

static void the_port_of_a_seed_is_its_own_and_in_range(void)
{
	int lowest = 60000, highest = 0;

	for (uint64_t seed = 0; seed < 5000; seed++) {
		int port = port_of_seed(seed);

		lowest = port < lowest ? port : lowest;
		highest = port > highest ? port : highest;
	}
	OK(lowest >= 20000 && lowest < 20200);
	OK(highest <= 59999 && highest > 59800);
	IS(port_of_seed(7), port_of_seed(7));
	OK(port_of_seed(7) != port_of_seed(8));
}

static void an_argument_is_quoted_for_the_shell(void)
{
	mp_autotext struct text line;

	text_init(&line, 0);
	bench_quote(&line, "it's $HOME `x` \"y\"");
	IS_TEXT(text_get(&line), "'it'\\''s $HOME `x` \"y\"'");
}

/* clang-format off */
TAP_MAIN(
	T(the_wrong_port_reads_as_the_golden_sample)
	T(each_end_before_the_port_opens_has_its_words)
	T(a_line_that_is_more_than_one_program_is_told_so)
	T(a_slip_in_the_line_is_told_where_the_shell_failed)
	T(what_is_not_written_down_is_told_with_what_to_write)
	T(a_broken_file_is_shown_line_by_line)
	T(the_last_words_of_both_streams_are_kept_in_visible_form)
	
	T(the_port_of_a_seed_is_its_own_and_in_range)
	T(an_argument_is_quoted_for_the_shell)
)
