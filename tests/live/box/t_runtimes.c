/* SPDX-License-Identifier: MIT */
/* Runtimes and tools run in a box as they are, and refused calls are named. */
#include "tests/helper/boxes.h"

struct row {
	const char *program; /* skipped where it is not installed */
	enum mp_profile profile;
	bool has_network;
	const char *line;
	const char *output; /* the first stream begins with it */
};

static const struct row rows[] = {
	{"/usr/bin/python3", MP_PROFILE_PROGRAM, false,
	 "/usr/bin/python3 -c 'import ssl, sqlite3, json, ctypes, os; print(os.cpu_count(), sqlite3.connect(\"x.db\").execute(\"select 1\").fetchone()[0])'",
	 "1 1\n"},
	{"/usr/bin/python3", MP_PROFILE_BUILD, false,
	 "/usr/bin/python3 -c '\nfrom concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor\n"
	 "if __name__ == \"__main__\":\n"
	 " with ProcessPoolExecutor(2) as p: print(sum(p.map(abs, range(9))))\n"
	 " with ThreadPoolExecutor(4) as p: print(sum(p.map(abs, range(9))))'",
	 "36\n36\n"},
	{"/usr/bin/python3", MP_PROFILE_SERVICE, true,
	 "/usr/bin/python3 -c '\nimport asyncio\n"
	 "async def serve(r, w): w.write(b\"over v6\"); w.close()\n"
	 "async def main():\n"
	 " s = await asyncio.start_server(serve, \"::1\", 8000)\n"
	 " r, w = await asyncio.open_connection(\"localhost\", 8000)\n"
	 " print((await r.read()).decode())\n"
	 "asyncio.run(main())'",
	 "over v6\n"},
	{"/usr/bin/node", MP_PROFILE_PROGRAM, false,
	 "/usr/bin/node -e 'const w = require(\"worker_threads\"); console.log(require(\"os\").cpus().length);"
	 "new w.Worker(\"require(\\\"worker_threads\\\").parentPort.postMessage(42)\", {eval: true}).on(\"message\", m => console.log(m))'",
	 "1\n42\n"},
	{"/usr/bin/node", MP_PROFILE_SERVICE, true,
	 "/usr/bin/node -e 'const s = require(\"http\").createServer((q, a) => a.end(\"hello\"));"
	 "s.listen(3000, () => require(\"http\").get(\"http://localhost:3000\", a => a.on(\"data\", d => {console.log(String(d)); process.exit()})))'",
	 "hello\n"},
	{"/usr/bin/node", MP_PROFILE_BUILD, false,
	 "/usr/bin/node -e 'require(\"child_process\").exec(\"echo child\", (e, o) => process.stdout.write(o))'",
	 "child\n"},
	{"/usr/bin/gcc", MP_PROFILE_BUILD, false,
	 "printf '#include <stdio.h>\\nint main(void) {puts(\"compiled\");}' > x.c && gcc -O2 -o x x.c && ./x",
	 "compiled\n"},
	{"/usr/bin/git", MP_PROFILE_BUILD, false,
	 "git init -q r && cd r && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x && git log --format=%s",
	 "x\n"},
	{"/usr/bin/make", MP_PROFILE_BUILD, false,
	 "printf 'all:\\n\\t@echo made\\n' > Makefile && make -j4", "made\n"},
};

static void runtimes_run_as_they_are(void)
{
	int run = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *argv[] = {"sh", "-c", rows[i].line, NULL};
		struct mp_box_spec spec;
		struct mp_box_result result;
		char text[2000] = "";

		if (access(rows[i].program, X_OK) < 0)
			continue;
		run++;
		boxes_spec(&spec, rows[i].profile, argv);
		spec.has_network = rows[i].has_network;
		spec.wall_ms = 60000;
		spec.cpu_ms = 30000;
		result = boxes_run(&spec, text, sizeof(text));
		if (!ENDED(result, MP_END_EXITED, 0) ||
		    !OK(strncmp(text, rows[i].output, strlen(rows[i].output)) == 0))
			printf("#   row %zu, refused: %s\n#   %.600s\n", i, result.forbidden, text);
	}
	if (run == 0)
		SKIP_TEST("no runtime is installed");
}

static void refused_calls_are_named(void)
{
	struct mp_box_result result;
	char text[200];

	if (!boxes_has(MP_LAYER_SECCOMP))
		SKIP_TEST("no filters here");
	result = boxes_sh(
		MP_PROFILE_PROGRAM,
		"python3 -c 'import ctypes; c = ctypes.CDLL(None); c.unshare(0x10000000); c.ptrace(0, 0, 0, 0)'; exit 0",
		text, sizeof(text));
	ENDED(result, MP_END_EXITED, 0);
	HAS_TEXT(result.forbidden, "unshare");
	HAS_TEXT(result.forbidden, "ptrace");
}

static void every_layer_that_the_host_has_is_active(void)
{
	struct mp_box_result result = boxes_sh(MP_PROFILE_PROGRAM, "true", NULL, 0);

	ENDED(result, MP_END_EXITED, 0);
	for (int i = 0; i < MP_LAYER_COUNT; i++)
		if (!OK(result.layers[i] == boxes_has((enum mp_layer)i)))
			printf("#   the layer %s\n", mp_layer_word((enum mp_layer)i));
}

BOXES_MAIN(T(runtimes_run_as_they_are) T(refused_calls_are_named)
		   T(every_layer_that_the_host_has_is_active))
