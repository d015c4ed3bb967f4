/* SPDX-License-Identifier: MIT */
/*
 * What each runtime sees in a box, as a table: the same program in five languages prints one line for each
 * thing, and the row says what must stand there. A language is skipped where it is not installed.
 */
#include "tests/live/bench/desk.h"

#define SCRATCH_MIB 64

struct row {
	const char *word, *file, *run;
	int64_t memory_mib; /* limit of the exercise */
	int cpus;
	const char *
		hosts; /* of localhost: Java leaves an address out that no interface has, PHP asks for v4 only */
	int64_t sees_mib; /* what the box has: the greater of limit and floor, and its scratch */
	const char *program;
};

static const struct row rows[] = {
	{"python", "see.py", "python3 see.py", 384, 1, "127.0.0.1 ::1", 384 + SCRATCH_MIB,
	 "import locale, os, socket, sqlite3, ssl, tempfile, threading, time\n"
	 "print('cpus', len(os.sched_getaffinity(0)), os.cpu_count())\n"
	 "print('memory', int(open('/proc/meminfo').read().split()[1]) // 1024)\n"
	 "print('hosts', *sorted({a[4][0] for a in socket.getaddrinfo('localhost', 80)}))\n"
	 "for place in os.path.expanduser('~'), tempfile.gettempdir(), '.':\n"
	 "    open(place + '/x', 'w').write('x')\n"
	 "print('home', os.path.expanduser('~'))\n"
	 "print('locale', locale.getpreferredencoding().upper(), '\xc3\xa9')\n"
	 "print('zone', time.tzname[0], os.environ['TZ'])\n"
	 "sqlite3.connect(':memory:'); ssl.create_default_context()\n"
	 "print('extensions yes')\n"
	 "done = []\n"
	 "threads = [threading.Thread(target=done.append, args=(1,)) for _ in range(16)]\n"
	 "[t.start() for t in threads]; [t.join() for t in threads]\n"
	 "print('threads', len(done))\n"},
	{"node", "see.mjs", "node see.mjs", 384, 1, "127.0.0.1 ::1", 384 + SCRATCH_MIB,
	 "import os from 'os'; import fs from 'fs'; import v8 from 'v8'; import zlib from 'zlib';\n"
	 "import dns from 'dns/promises'; import crypto from 'crypto'; import {Worker} from 'worker_threads';\n"
	 "console.log('cpus', os.cpus().length, os.cpus().length);\n"
	 "console.log('memory', Math.floor(os.totalmem() / 1048576));\n"
	 "console.log('heap', Math.floor(v8.getHeapStatistics().heap_size_limit / 1048576));\n"
	 "const found = await dns.lookup('localhost', {all: true});\n"
	 "console.log('hosts', found.map(a => a.address).sort().join(' '));\n"
	 "for (const place of [os.homedir(), os.tmpdir(), '.']) fs.writeFileSync(place + '/x', 'x');\n"
	 "console.log('home', os.homedir());\n"
	 "console.log('locale UTF-8', '\xc3\xa9');\n"
	 "console.log('zone', Intl.DateTimeFormat().resolvedOptions().timeZone, process.env.TZ);\n"
	 "crypto.createHash('sha256').update('x').digest(); zlib.gzipSync('x');\n"
	 "console.log('extensions', new Intl.NumberFormat('en-IN').format(123456) === '1,23,456' ? 'yes' : 'no');\n"
	 "const ends = Array.from({length: 16}, () => new Promise(done =>\n"
	 "  new Worker('', {eval: true}).on('exit', done)));\n"
	 "console.log('threads', (await Promise.all(ends)).length);\n"},
	{"java", "See.java", "java See.java", 384, 2, "127.0.0.1", 512 + SCRATCH_MIB,
	 "import java.nio.file.*; import java.util.*; import java.util.concurrent.*;\n"
	 "class See { public static void main(String[] none) throws Exception {\n"
	 "  int cpus = Runtime.getRuntime().availableProcessors();\n"
	 "  System.out.println(\"cpus \" + cpus + \" \" + cpus);\n"
	 "  var memory = Files.readString(Path.of(\"/proc/meminfo\")).split(\" +\")[1];\n"
	 "  System.out.println(\"memory \" + Long.parseLong(memory) / 1024);\n"
	 "  System.out.println(\"heap \" + Runtime.getRuntime().maxMemory() / 1048576);\n"
	 "  var hosts = new TreeSet<String>();\n"
	 "  for (var host : java.net.InetAddress.getAllByName(\"localhost\"))\n"
	 "    hosts.add(host.getHostAddress().replace(\"0:0:0:0:0:0:0:1\", \"::1\"));\n"
	 "  System.out.println(\"hosts \" + String.join(\" \", hosts));\n"
	 "  for (var place : List.of(System.getProperty(\"user.home\"), System.getProperty(\"java.io.tmpdir\"), \".\"))\n"
	 "    Files.writeString(Path.of(place, \"x\"), \"x\");\n"
	 "  System.out.println(\"home \" + System.getProperty(\"user.home\"));\n"
	 "  System.out.println(\"locale \" + java.nio.charset.Charset.defaultCharset() + \" \xc3\xa9\");\n"
	 "  System.out.println(\"zone \" + TimeZone.getDefault().getID() + \" \" + System.getenv(\"TZ\"));\n"
	 "  javax.net.ssl.SSLContext.getDefault();\n"
	 "  com.sun.net.httpserver.HttpServer.create();\n"
	 "  System.out.println(\"extensions yes\");\n"
	 "  var pool = Executors.newFixedThreadPool(16); var done = new ArrayList<Future<Integer>>();\n"
	 "  for (int i = 0; i < 16; i++) done.add(pool.submit(() -> 1));\n"
	 "  int sum = 0; for (var one : done) sum += one.get();\n"
	 "  pool.shutdown();\n"
	 "  System.out.println(\"threads \" + sum);\n"
	 "}}\n"},
	{"ruby", "see.rb", "ruby see.rb", 384, 1, "127.0.0.1 ::1", 384 + SCRATCH_MIB,
	 "require 'etc'; require 'socket'; require 'tmpdir'; require 'openssl'; require 'json'; require 'zlib'\n"
	 "puts \"cpus #{Etc.nprocessors} #{File.read('/proc/cpuinfo').scan(/^processor/).size}\"\n"
	 "puts \"memory #{File.read('/proc/meminfo')[/\\d+/].to_i / 1024}\"\n"
	 "puts \"hosts #{Addrinfo.getaddrinfo('localhost', 80).map(&:ip_address).uniq.sort.join(' ')}\"\n"
	 "[Dir.home, Dir.tmpdir, '.'].each { |place| File.write(place + '/x', 'x') }\n"
	 "puts \"home #{Dir.home}\"\n"
	 "puts \"locale #{Encoding.default_external} \xc3\xa9\"\n"
	 "puts \"zone #{Time.now.zone} #{ENV['TZ']}\"\n"
	 "OpenSSL::Digest.new('SHA256'); JSON.parse('[1]'); Zlib.gzip('x')\n"
	 "puts 'extensions yes'\n"
	 "puts \"threads #{16.times.map { Thread.new { 1 } }.sum(&:value)}\"\n"},
	{"php", "see.php", "php see.php", 384, 1, "127.0.0.1", 384 + SCRATCH_MIB,
	 "<?php ob_start(); session_start(); $_SESSION['x'] = 1; session_write_close();\n"
	 "$cpus = substr_count(file_get_contents('/proc/cpuinfo'), \"processor\\t\");\n"
	 "echo \"cpus $cpus $cpus\\n\";\n"
	 "echo 'memory ', intdiv((int)preg_replace('/\\D+(\\d+).*/s', '$1', file_get_contents('/proc/meminfo')), 1024), \"\\n\";\n"
	 "echo 'hosts ', implode(' ', array_unique(gethostbynamel('localhost'))), \"\\n\";\n"
	 "foreach ([getenv('HOME'), sys_get_temp_dir(), '.'] as $place) file_put_contents(\"$place/x\", 'x');\n"
	 "echo 'home ', getenv('HOME'), \"\\n\";\n"
	 "echo 'locale ', ini_get('default_charset'), \" \xc3\xa9\\n\";\n"
	 "echo 'zone ', date_default_timezone_get(), ' ', getenv('TZ'), \"\\n\";\n"
	 "$wanted = ['json', 'openssl', 'session', 'sodium', 'sockets', 'pcntl', 'posix'];\n"
	 "echo 'extensions ', array_diff($wanted, get_loaded_extensions()) ? 'no' : 'yes', \"\\n\";\n"
	 "/* It has processes in place of threads. */\n"
	 "ob_end_flush(); flush(); $done = 0; for ($i = 0; $i < 16; $i++) if (pcntl_fork() === 0) exit(0);\n"
	 "while (pcntl_wait($status) > 0) $done++;\n"
	 "echo \"threads $done\\n\";\n"},
};

/* The rest of the line of OUTPUT that begins with NAME and a blank. */
static const char *line_of(struct arena *arena, const char *output, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = output; at && *at;
	     at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
		if (strncmp(at, name, length) == 0 && at[length] == ' ')
			return arena_bytes(arena, at + length + 1, strcspn(at + length + 1, "\n"));
	}
	return NULL;
}

static void check_row(struct desk *desk, const struct row *row, const char *said)
{
	const char *heap = line_of(desk->arena, said, "heap");

	IS_TEXT(line_of(desk->arena, said, "cpus"),
		arena_format(desk->arena, "%d %d", row->cpus, row->cpus));
	IS_TEXT(line_of(desk->arena, said, "memory"),
		arena_format(desk->arena, "%lld", (long long)row->sees_mib));
	IS_TEXT(line_of(desk->arena, said, "hosts"), row->hosts);
	IS_TEXT(line_of(desk->arena, said, "home"), "/scratch/home");
	IS_TEXT(line_of(desk->arena, said, "locale"), "UTF-8 \xc3\xa9");
	IS_TEXT(line_of(desk->arena, said, "zone"), "UTC UTC");
	IS_TEXT(line_of(desk->arena, said, "extensions"), "yes");
	IS_TEXT(line_of(desk->arena, said, "threads"), "16");
	/* A JVM without a group asks the kernel, and a box cannot change what that says. */
	if (heap && (desk_has_group() || strcmp(row->word, "java") != 0))
		OK(strtoll(heap, NULL, 10) >= row->sees_mib / 5 &&
		   strtoll(heap, NULL, 10) <= row->sees_mib);
}

static void each_runtime_sees_its_box(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct bench_run run = {0};
		struct mp_error err = {0};
		struct desk desk;

		if (pack_check(pack_of_word(row->word), &err) < 0) {
			printf("# %s\n", err.text);
			OK(getenv("MILEPOST_MUST_RUN") == NULL);
			continue;
		}
		desk_init(&desk);
		desk.exercise.limits.memory_bytes = row->memory_mib << 20;
		desk_write(&desk, arena_format(desk.arena, "tree/exercises/x/%s", row->file),
			   row->program, 0644);
		desk_write(&desk, "tree/exercises/x/milepost.yaml",
			   arena_format(desk.arena, "run: %s\n", row->run), 0644);
		if (desk_open(&desk, 1) &&
		    OK(desk_opened(bench_run(desk.bench, &(struct bench_call){.stdin_fd = -1},
					     desk.arena, &run, &err),
				   &err))) {
			IS(run.result.end, MP_END_EXITED);
			IS(run.result.exit_code, 0);
			IS_TEXT(run.stderr_bytes, "");
			check_row(&desk, row, run.stdout_bytes);
			HAS_TEXT(bench_runtime(desk.bench), row->word);
		}
		ROW("%s: %s", row->word, run.stdout_bytes ? run.stdout_bytes : "");
		desk_done(&desk);
	}
}

/* --- services ------------------------------------------------------------------------------ */

struct service {
	const char *word, *file, *lines, *program;
};

static const struct service services[] = {
	{"java", "App.java", "start: java App.java\n",
	 "import com.sun.net.httpserver.*; import java.net.*; import java.util.concurrent.*;\n"
	 "class App { public static void main(String[] none) throws Exception {\n"
	 "  int port = Integer.parseInt(System.getenv().getOrDefault(\"PORT\", \"8000\"));\n"
	 "  var server = HttpServer.create(new InetSocketAddress(\"127.0.0.1\", port), 0);\n"
	 "  server.setExecutor(Executors.newFixedThreadPool(8));\n"
	 "  server.createContext(\"/\", x -> {\n"
	 "    byte[] hello = \"hello\".getBytes(); x.sendResponseHeaders(200, hello.length);\n"
	 "    x.getResponseBody().write(hello); x.close(); });\n"
	 "  server.start(); }}\n"},
	/* The build phase leaves its classes for the run, in a folder of its own. */
	{"java", "src/shop/App.java",
	 "build: mkdir classes && javac -d classes src/shop/*.java\nstart: java -cp classes shop.App\n",
	 "package shop; import java.io.*; import java.net.*;\n"
	 "public class App { public static void main(String[] none) throws Exception {\n"
	 "  var server = new ServerSocket(Integer.parseInt(System.getenv(\"PORT\")));\n"
	 "  while (true) { var socket = server.accept(); new Thread(() -> {\n"
	 "    try (socket) { socket.getInputStream().read(new byte[4096]);\n"
	 "      socket.getOutputStream().write((\"HTTP/1.1 200 OK\\r\\ncontent-length: 5\\r\\n\"\n"
	 "        + \"connection: close\\r\\n\\r\\nhello\").getBytes()); }\n"
	 "    catch (IOException e) { e.printStackTrace(); } }).start(); } }}\n"},
	{"ruby", "app.rb", "start: ruby app.rb\n",
	 "require 'webrick'\n"
	 "server = WEBrick::HTTPServer.new(BindAddress: ENV['HOST'], Port: Integer(ENV['PORT']))\n"
	 "server.mount_proc('/') { |request, answer| answer.body = 'hello' }\n"
	 "trap('TERM') { server.shutdown }\n"
	 "server.start\n"},
	{"ruby", "app.rb", "start: ruby app.rb\n",
	 "require 'socket'\n"
	 "server = TCPServer.new('localhost', Integer(ENV['PORT']))\n"
	 "loop do\n"
	 "  Thread.new(server.accept) do |client|\n"
	 "    client.readpartial(4096)\n"
	 "    client.write \"HTTP/1.1 200 OK\\r\\ncontent-length: 5\\r\\nconnection: close\\r\\n\\r\\nhello\"\n"
	 "    client.close\n"
	 "  end\n"
	 "end\n"},
	{"php", "app.php", "start: php -S \"127.0.0.1:$PORT\" app.php\n", "<?php echo 'hello';\n"},
	{"php", "app.php",
	 "start: env PHP_CLI_SERVER_WORKERS=4 php -S \"127.0.0.1:$PORT\" app.php\n",
	 "<?php session_start(); echo 'hello';\n"},
};

static void each_runtime_serves_and_ends_when_told(void)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		const struct service *row = &services[i];
		struct outcome built = {0};
		struct mp_box_result ended;
		struct mp_error err = {0};
		struct desk desk;
		bool in_time = false;

		if (pack_check(pack_of_word(row->word), &err) < 0) {
			OK(getenv("MILEPOST_MUST_RUN") == NULL);
			continue;
		}
		desk_init(&desk);
		desk_write(&desk, arena_format(desk.arena, "tree/exercises/x/%s", row->file),
			   row->program, 0644);
		desk_write(&desk, "tree/exercises/x/milepost.yaml", row->lines, 0644);
		if (desk_open(&desk, 40 + i) &&
		    OK(desk_opened(bench_build(desk.bench, &built, &err), &err)) &&
		    IS(built.verdict, VERDICT_PASS)) {
			struct bench_start start = desk_start(&desk);
			struct wire_answer answer;

			IS_TEXT(start.outcome.message, NULL);
			for (int j = 0; start.is_ready && j < 3; j++) {
				answer = desk_get(&desk, "/");
				IS(answer.status, 200);
				IS_TEXT(answer.body, "hello");
			}
			OK(!start.is_ready ||
			   bench_stop(desk.bench, SIGTERM, 5000, &ended, &in_time, &err) == 0);
			OK(in_time);
		}
		ROW("%zu, %s: %s", i, row->word, row->lines);
		desk_done(&desk);
	}
}

/* --- the build phase ----------------------------------------------------------------------- */

static void build(const char *lines, const char *file, const char *program, int64_t build_ms,
		  struct outcome *ret_outcome)
{
	struct mp_error err = {0};
	struct desk desk;

	desk_init(&desk);
	desk.exercise.limits.build_ms = build_ms;
	desk_write(&desk, arena_format(desk.arena, "tree/exercises/x/%s", file), program, 0644);
	desk_write(&desk, "tree/exercises/x/milepost.yaml", lines, 0644);
	*ret_outcome = (struct outcome){0};
	if (desk_open(&desk, 3))
		OK(desk_opened(bench_build(desk.bench, ret_outcome, &err), &err));
	printf("# %s\n", ret_outcome->message ? ret_outcome->message : "built");
	for (size_t i = 0; i < ret_outcome->fact_count; i++)
		printf("#   %s %s\n", ret_outcome->facts[i].label, ret_outcome->facts[i].value);
	/* The words live in the desk's arena: what is compared is looked at here. */
	OK(ret_outcome->verdict == VERDICT_PASS || ret_outcome->message != NULL);
	if (ret_outcome->verdict != VERDICT_PASS)
		HAS_TEXT(ret_outcome->message, "the build ");
	desk_done(&desk);
}

static void a_build_has_no_network_and_its_own_limits(void)
{
	struct outcome outcome;
	struct mp_error err = {0};

	build("build: sleep 60\nrun: ./x\nlanguage: none\n", "x", "", 500, &outcome);
	IS(outcome.verdict, VERDICT_LIMIT);
	build("build: python3 fetch.py\nrun: ./x\n", "fetch.py",
	      "import socket\nsocket.create_connection(('192.0.2.1', 80), 5)\n", 20000, &outcome);
	IS(outcome.verdict, VERDICT_FAIL);
	if (pack_check(pack_of_word("java"), &err) < 0 || access("/usr/bin/bundle", X_OK) < 0) {
		OK(getenv("MILEPOST_MUST_RUN") == NULL);
		return;
	}
	build("build: javac *.java\nrun: java Main\n", "Main.java", "class Main { int x = ; }\n",
	      20000, &outcome);
	IS(outcome.verdict, VERDICT_FAIL);
	build("build: bundle install --local && bundle exec ruby -e 'require \"webrick\"'\nrun: ruby x\n",
	      "Gemfile", "source 'https://rubygems.org'\ngem 'webrick'\n", 20000, &outcome);
	IS(outcome.verdict, VERDICT_PASS);
	build("build: javac -d out *.java\nrun: java -cp out Main\n", "Main.java",
	      "class Main { }\n", 20000, &outcome);
	IS(outcome.verdict, VERDICT_PASS);
}

int main(void)
{
	static const struct tap_test tests[] = {
		T(each_runtime_sees_its_box) T(each_runtime_serves_and_ends_when_told)
			T(a_build_has_no_network_and_its_own_limits)};

	return desk_main(tests, sizeof(tests) / sizeof(tests[0]));
}
