/* SPDX-License-Identifier: MIT */
/* Programs in boxes, judged: input, output, model, processor time, limits, files. */
#include "grader/match/match.h"
#include "grader/program/program.h"
#include "tests/live/bench/desk.h"

/* --- a check by hand ----------------------------------------------------------------------- */

static void drop(void *value)
{
	json_decref(value);
}

/* A value of the exercise: dies with its arena. NULL for NULL. */
static json_t *value_of(struct desk *desk, const char *text)
{
	json_t *value = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

	OK(!text || value);
	if (value)
		arena_defer(desk->arena, drop, value);
	return value;
}

/* The struct that the probe's field table fills: stdin and files. */
static const void *keys_of(struct desk *desk, const char *input, const char *files)
{
	json_t *values[] = {value_of(desk, input), value_of(desk, files)};
	char *keys = arena_alloc(desk->arena, 1, program_probe.step_size);

	for (size_t i = 0; i < program_probe.field_count; i++)
		memcpy(keys + program_probe.fields[i].offset, &values[i], sizeof(values[i]));
	return keys;
}

struct row {
	const char *program; /* python */
	const char *args, *input, *files, *expect;
	enum verdict verdict;
	const char *path, *wanted, *got; /* of the first mismatch */
	const char *repeat, *message;
	int64_t check_ms; /* 0: ample */
};

static struct outcome run_row(struct desk *desk, const struct row *row)
{
	struct step step = {.probe = &program_probe,
			    .verb = &program_probe.verbs[0],
			    .value = value_of(desk, row->args ? row->args : "[]"),
			    .keys = keys_of(desk, row->input, row->files),
			    .expect = value_of(desk, row->expect)};
	struct check check = {.id = "c", .steps = &step, .step_count = 1, .probe = &program_probe};
	struct names *names = NULL;
	struct outcome outcome = {.verdict = VERDICT_FAULT};
	struct mp_error err = {0};
	struct probe_run run = {.exercise = &desk->exercise,
				.check = &check,
				.bench = desk->bench,
				.seed = 5,
				.arena = desk->arena,
				.deadline_ms = clock_now_ms() + 60000};

	IS(names_new(NULL, 5, &names, NULL), 0);
	run.names = names;
	if (!OK(program_probe.run(&run, &outcome, &err) == 0))
		printf("# %s\n", err.text);
	names_free(names);
	return outcome;
}

static void judge_row(const struct row *row)
{
	struct desk desk;
	struct outcome outcome;

	desk_init(&desk);
	desk.exercise.id = "sums";
	desk.exercise.model = "reference/python";
	desk.exercise.makers = &(struct maker){"lines", "data/make.py"};
	desk.exercise.maker_count = 1;
	desk.exercise.references = (struct text_list){(const char *[]){"python"}, 1};
	desk.exercise.limits = (struct limits){.check_ms = row->check_ms ? row->check_ms : 60000,
					       .output_bytes = 64 << 10,
					       .memory_bytes = 64 << 20,
					       .disk_bytes = 16 << 20};
	desk_write(&desk, "exercise/data/sample.txt", "1\n2\n", 0644);
	desk_write(&desk, "exercise/data/make.py",
		   "import sys\na = sys.argv\nn = int(a[a.index('--lines') + 1])\n"
		   "print('\\n'.join(str(i + int(a[a.index('--seed') + 1])) for i in range(n)))\n",
		   0644);
	desk_write(&desk, "exercise/reference/python/main.py",
		   "import sys\nprint(sum(map(int, sys.stdin)))\n", 0644);
	desk_write(&desk, "exercise/reference/python/milepost.yaml",
		   "run: python3 main.py\nlanguage: python\n", 0644);
	desk_write(&desk, "tree/exercises/x/app.py", row->program, 0644);
	desk_write(&desk, "tree/exercises/x/milepost.yaml", "run: python3 app.py\n", 0644);
	if (desk_open(&desk, 7)) {
		outcome = run_row(&desk, row);
		IS(outcome.verdict, row->verdict);
		if (row->message)
			HAS_TEXT(outcome.message, row->message);
		if (row->verdict == VERDICT_LIMIT)
			IS(outcome.evidence_count, 1);
		if (row->path && OK(outcome.evidence_count > 0)) {
			const struct mismatch *first = outcome.evidence[0].mismatches;

			IS_TEXT(first->path, row->path);
			if (row->wanted)
				HAS_TEXT(first->wanted, row->wanted);
			if (row->got)
				HAS_TEXT(first->got, row->got);
			if (row->repeat)
				IS_TEXT(outcome.evidence[0].repeat, row->repeat);
		}
	}
	desk_done(&desk);
}

#define SUM  "import sys\nprint(sum(map(int, sys.stdin)))\n"
#define MADE "{\"make\": \"lines\", \"lines\": 200}"

static void a_run_is_judged_by_its_parts(void)
{
	static const struct row rows[] = {
		{.program = SUM,
		 .input = "\"1\\n2\\n\"",
		 .expect = "{\"exit\": 0, \"stdout\": \"3\\n\", \"stderr\": \"\"}"},
		{.program = SUM,
		 .input = "{\"file\": \"data/sample.txt\"}",
		 .expect = "{\"stdout\": \"4\\n\"}",
		 .verdict = VERDICT_FAIL,
		 .path = "stdout line 1",
		 .wanted = "\"4\"",
		 .got = "\"3\"",
		 .repeat = "python3 app.py < sample.txt",
		 .message = "The output is not the wanted one."},
		{.program = "import sys\nprint(sys.argv[1:])\n",
		 .args = "[\"it's\", \"two words\"]",
		 .expect = "{\"stdout\": \"[\\\"it's\\\", 'two words']\\n\"}"},
		{.program = "raise SystemExit(3)\n",
		 .input = "\"a\\n\"",
		 .args = "[\"x\"]",
		 .expect = "{\"exit\": 0}",
		 .verdict = VERDICT_FAIL,
		 .path = "exit",
		 .wanted = "0",
		 .got = "3",
		 .repeat = "printf 'a\\n' | python3 app.py 'x'"},
		{.program = "import os\nos.kill(os.getpid(), 11)\n",
		 .expect = "{\"exit\": 0}",
		 .verdict = VERDICT_FAIL,
		 .path = "exit",
		 .wanted = "0",
		 .got = "was ended by SIGSEGV"},
		{.program = "import sys\nsys.stderr.write('line 2: bad')\nraise SystemExit(2)\n",
		 .expect =
			 "{\"exit\": 2, \"stdout\": \"\", \"stderr\": {\"$contains\": \"line 2: \"}}"},
		{.program = "import sys\nsys.stdout.buffer.write(b'\\xff')\n",
		 .expect = "{\"stdout\": {\"$starts\": \"a\"}}",
		 .verdict = VERDICT_FAIL,
		 .path = "stdout"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		judge_row(&rows[i]);
		ROW("%zu", i);
	}
}

static void the_model_answers_the_same_input(void)
{
	static const struct row rows[] = {
		{.program = SUM, .input = MADE, .expect = "{\"like\": \"model\"}"},
		{.program = "print(5)\n",
		 .input = MADE,
		 .expect = "{\"like\": \"model\"}",
		 .verdict = VERDICT_FAIL,
		 .path = "stdout line 1",
		 .wanted = "\"20900\"",
		 .got = "\"5\"",
		 .repeat = "milepost check sums --seed 7"},
		{.program = SUM "raise SystemExit(1)\n",
		 .input = MADE,
		 .expect = "{\"like\": \"model\"}",
		 .verdict = VERDICT_FAIL,
		 .path = "exit",
		 .wanted = "0",
		 .got = "1"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		judge_row(&rows[i]);
		ROW("%zu", i);
	}
}

static void processor_time_is_compared_with_the_reference(void)
{
	static const struct row rows[] = {
		{.program = SUM, .input = MADE, .expect = "{\"cpu\": \"6x\"}"},
		{.program = SUM "x = 0\nwhile x < 5 * 10**6: x += 1\n",
		 .input = MADE,
		 .expect = "{\"cpu\": \"6x\"}",
		 .verdict = VERDICT_FAIL,
		 .path = "cpu",
		 .wanted = "at most 6 times",
		 .message = "processor time"},
		{.program = "while True: pass\n",
		 .input = MADE,
		 .expect = "{\"exit\": 0, \"cpu\": \"6x\"}",
		 .verdict = VERDICT_FAIL,
		 .path = "cpu",
		 .wanted = "at most 6 times",
		 .message = "than twice the processor time that is allowed, and was ended"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		judge_row(&rows[i]);
		ROW("%zu", i);
	}
}

static void limits_are_told_in_words_and_numbers(void)
{
	static const struct row rows[] = {
		{.program = "while True: pass\n",
		 .expect = "{\"exit\": 0}",
		 .verdict = VERDICT_LIMIT,
		 .message = "Your program did not end within 2 s.",
		 .check_ms = 2000},
		{.program = "x = b'x' * (1 << 30)\n",
		 .expect = "{\"exit\": 0}",
		 .verdict = VERDICT_LIMIT,
		 .message = "Your program needed more memory than the limit of 64 MiB."},
		{.program = "while True: print('x' * 1000)\n",
		 .expect = "{\"exit\": 0}",
		 .verdict = VERDICT_LIMIT,
		 .message = "Your program wrote more output than the limit of 64 KiB."},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strstr(rows[i].message, "memory") && !desk_has_group())
			continue;
		judge_row(&rows[i]);
		ROW("%zu", i);
	}
}

static void files_are_put_and_looked_at(void)
{
	static const struct row rows[] = {
		{.program = "open('out/b', 'w').write(open('in/a').read() * 2)\n",
		 .files = "{\"in/a\": \"hi\\n\", \"out/x\": \"\"}",
		 .expect = "{\"files\": {\"out/b\": \"hi\\nhi\\n\", \"out/c\": \"$absent\"}}"},
		{.program = "",
		 .expect = "{\"files\": {\"b\": \"hi\\n\"}}",
		 .verdict = VERDICT_FAIL,
		 .path = "files.b"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		judge_row(&rows[i]);
		ROW("%zu", i);
	}
}

static void the_input_cannot_be_changed_for_the_next_run(void)
{
	static const struct row row = {
		.program =
			"import os\ntry:\n    f = os.open('/proc/self/fd/0', os.O_RDWR); os.write(f, b'9')\n"
			"except OSError: pass\n" SUM,
		.input = MADE,
		.expect = "{\"like\": \"model\"}"};

	judge_row(&row);
}

int main(void)
{
	/* clang-format off */
	static const struct tap_test tests[] = {
		T(a_run_is_judged_by_its_parts)
		T(the_model_answers_the_same_input)
		T(processor_time_is_compared_with_the_reference)
		T(limits_are_told_in_words_and_numbers)
		T(files_are_put_and_looked_at)
		T(the_input_cannot_be_changed_for_the_next_run)
	};
	/* clang-format on */

	return desk_main(tests, sizeof(tests) / sizeof(tests[0]));
}
