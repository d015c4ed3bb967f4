/* SPDX-License-Identifier: MIT */
/*
 * Real runtimes under the filter, unchanged: each row is a command that a child execs after loading the
 * filter of its profile, as in a box, with the watcher's answers. A runtime that is not installed is
 * left out. Each says "fine" when all its own checks held.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"
#include "sandbox/jail/seccomp.h"
#include "tests/helper/tap.h"

enum { CHILD_FAILED = 250, NOT_INSTALLED = 251, SECONDS_MAX = 60 };

struct row {
	const char *name;
	enum mp_profile profile;
	const char *program;
	const char *argument; /* -c, -e ...; NULL: SCRIPT is a file to write and run */
	const char *script;
};

static const char python[] =
	"import threading, subprocess, socket, multiprocessing, asyncio, sqlite3, os, tempfile, json\n"
	"t = threading.Thread(target=lambda: None); t.start(); t.join()\n"
	"assert subprocess.run(['/bin/echo', 'x'], capture_output=True).stdout == b'x\\n'\n"
	"s = socket.create_server(('127.0.0.1', 0)); c = socket.create_connection(s.getsockname()); a, _ = s.accept()\n"
	"c.sendall(b'hello'); assert a.recv(5) == b'hello'\n"
	"socket.getaddrinfo('localhost', 80)\n"
	"asyncio.run(asyncio.sleep(0.01))\n"
	"db = sqlite3.connect(tempfile.mktemp()); db.execute('create table t (a)'); db.commit()\n"
	"p = multiprocessing.Process(target=os.getpid); p.start(); p.join(); assert p.exitcode == 0\n"
	"print('fine')\n";

static const char node[] =
	"const os = require('os'), http = require('http'), cp = require('child_process');\n"
	"const { Worker } = require('worker_threads');\n"
	"os.networkInterfaces(); os.cpus(); require('crypto').randomBytes(8);\n"
	"cp.execFileSync('/bin/echo', ['x']);\n"
	"new Worker('process.exit(0)', { eval: true }).on('exit', () => {\n"
	"  const s = http.createServer((q, r) => r.end('hello')).listen(0, '127.0.0.1', () =>\n"
	"    http.get({ port: s.address().port, host: 'localhost', family: 4 }, r => r.on('data', d => {\n"
	"      if (String(d) !== 'hello') process.exit(3);\n"
	"      WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => {\n"
	"        console.log('fine'); process.exit(0); });\n"
	"    })));\n"
	"});\n";

static const char java[] =
	"import java.net.*; import java.util.concurrent.*;\n"
	"public class Main { public static void main(String[] a) throws Exception {\n"
	"  ExecutorService e = Executors.newFixedThreadPool(4);\n"
	"  ServerSocket s = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());\n"
	"  Future<Integer> f = e.submit(() -> s.accept().getInputStream().read());\n"
	"  new Socket(s.getInetAddress(), s.getLocalPort()).getOutputStream().write(7);\n"
	"  if (f.get() != 7) System.exit(3);\n"
	"  e.shutdown();\n"
	"  Process p = new ProcessBuilder(\"/bin/echo\", \"x\").start(); if (p.waitFor() != 0) System.exit(4);\n"
	"  System.out.println(\"fine\"); } }\n";

static const char ruby[] =
	"require 'socket'; Thread.new { }.join; `echo x`\n"
	"s = TCPServer.new('127.0.0.1', 0); c = TCPSocket.new('127.0.0.1', s.addr[1]); s.accept.puts 'x'\n"
	"exit 3 unless c.gets == \"x\\n\"; Process.wait(fork { }); puts 'fine'\n";

static const char php[] =
	"$s = stream_socket_server('tcp://127.0.0.1:0'); $c = stream_socket_client('tcp://' . "
	"stream_socket_get_name($s, false)); fwrite($c, 'x'); if (fread(stream_socket_accept($s), 1) != 'x') exit(3);\n"
	"echo shell_exec('echo fine');\n";

static const char compile[] =
	"set -e; d=$(mktemp -d); cd $d; printf '#include <stdio.h>\\nint main(void){return puts(\"fine\")<0;}' > a.c;\n"
	"gcc -pipe -O2 a.c -o a; ./a; cp --reflink=auto a b; tar cf - a | tar tf - ; mkfifo f; rm -rf $d\n";

static const char git[] =
	"set -e; d=$(mktemp -d); cd $d; git init -q .; echo x > x; git add x;\n"
	"git -c user.name=a -c user.email=a@b commit -qm x; git gc -q; git clone -q . copy; git fsck; rm -rf $d; echo fine\n";

static const char gunicorn[] =
	"set -e; d=$(mktemp -d); cd $d\n"
	"printf 'def app(e, s):\\n s(\"200 OK\", [])\\n return [b\"fine\"]\\n' > app.py\n"
	"python3 -m gunicorn -b 127.0.0.1:28471 -w 2 app:app 2>log & p=$!\n"
	"for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.3; curl -s http://127.0.0.1:28471/ && break; done\n"
	"kill $p; wait $p; rm -rf $d\n";

/* The server in its data folder, one query over its unix socket; not as root, which it refuses. */
static const char postgres[] =
	"set -e; d=$(mktemp -d); for b in /usr/lib/postgresql/*/bin; do :; done; cd $d\n"
	"$b/initdb -D data -U me -A trust --no-sync >log 2>&1 || { cat log; exit 4; }\n"
	"$b/pg_ctl -D data -w -t 30 -l log -o \"-k $d -c listen_addresses=\" start >/dev/null || { cat log; exit 5; }\n"
	"$b/psql -h $d -U me -At -c \"select 'fine'\" postgres; $b/pg_ctl -D data -m fast stop >/dev/null; rm -rf $d\n";

static const struct row rows[] = {
	{"sh", MP_PROFILE_PROGRAM, "/bin/sh", "-c",
	 "echo fine | cat; (sleep 0.01 &) ; ulimit -n 64; nice true"},
	{"Python", MP_PROFILE_PROGRAM, "/usr/bin/python3", "-c", python},
	{"Python as a service", MP_PROFILE_SERVICE, "/usr/bin/python3", "-c", python},
	{"Node.js", MP_PROFILE_PROGRAM, "/usr/bin/node", "-e", node},
	{"Node.js as a service", MP_PROFILE_SERVICE, "/usr/bin/node", "-e", node},
	{"Java", MP_PROFILE_PROGRAM, "/usr/bin/java", NULL, java},
	{"Ruby", MP_PROFILE_PROGRAM, "/usr/bin/ruby", "-e", ruby},
	{"PHP", MP_PROFILE_PROGRAM, "/usr/bin/php", "-r", php},
	{"gcc and friends", MP_PROFILE_BUILD, "/usr/bin/gcc", NULL, compile},
	{"git", MP_PROFILE_GIT, "/usr/bin/git", NULL, git},
	{"gunicorn", MP_PROFILE_SERVICE, "/usr/bin/gunicorn", NULL, gunicorn},
	{"PostgreSQL", MP_PROFILE_DATABASE, "/usr/bin/pg_ctlcluster", NULL, postgres},
};

/* Those without an argument: Java reads a source file, the rest are scripts of the shell about a program. */
static void start_command(const struct row *row, const char *folder)
{
	char source[128];

	(void)snprintf(source, sizeof(source), "%s/Main.java", folder);
	if (row->argument)
		(void)execl(row->program, row->program, row->argument, row->script, (char *)NULL);
	else if (row->script == java)
		(void)execl(row->program, row->program, "-Xmx128m", source, (char *)NULL);
	else
		(void)execl("/bin/sh", "sh", "-c", row->script, (char *)NULL);
	_exit(CHILD_FAILED);
}

static void become_nobody(void)
{
	if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
		_exit(CHILD_FAILED);
	(void)setenv("HOME", "/tmp", 1);
	(void)setenv("LC_ALL", "C", 1);
	(void)setenv("PATH", "/usr/bin:/bin", 1);
}

static int run_row(const struct row *row, const char *folder, int output_fd)
{
	int status = 0;
	pid_t pid;

	if (access(row->program, X_OK) < 0)
		return NOT_INSTALLED;
	pid = fork();
	if (pid == 0) {
		(void)setpgid(0, 0);
		become_nobody();
		(void)alarm(SECONDS_MAX);
		if (chdir(folder) < 0 || dup2(output_fd, 1) < 0 || dup2(output_fd, 2) < 0 ||
		    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    seccomp_apply(row->profile, false, NULL, NULL) < 0)
			_exit(CHILD_FAILED);
		start_command(row, folder);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return CHILD_FAILED;
	(void)kill(-pid, SIGKILL);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void make_source(const char *folder)
{
	char source[64];
	int fd;

	(void)snprintf(source, sizeof(source), "%s/Main.java", folder);
	fd = open(source, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	OK(fd >= 0);
	IS(path_write_all(fd, java, strlen(java)), 0);
	IS(close(fd), 0);
}

/* Run ROW; what it wrote must say that it is fine. */
static void try_row(const struct row *row, const char *folder)
{
	mp_autofd int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mp_autofd int fd = path_create_below(folder_fd, "output", O_WRONLY | O_TRUNC, 0644);
	mp_autofree char *output = NULL;
	int64_t start = clock_now_ms();
	int status = run_row(row, folder, fd);
	size_t count;

	if (status == NOT_INSTALLED) {
		printf("# %s: not installed\n", row->name);
		return;
	}
	IS(status, 0);
	IS(path_read_below(folder_fd, "output", 1 << 20, &output, &count), 0);
	HAS_TEXT(output, "fine");
	printf("# %s: exit %d after %" PRId64 " ms\n", row->name, status, clock_now_ms() - start);
}

static void runtimes_run_unchanged(void)
{
	char folder[] = "/tmp/milepost-runtimes-XXXXXX";

	OK(mkdtemp(folder) != NULL);
	IS(chmod(folder, 0777), 0);
	make_source(folder);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		try_row(&rows[i], folder);
		ROW("%s", rows[i].name);
	}
	IS(path_remove_tree(AT_FDCWD, folder), 0);
}

TAP_MAIN(T(runtimes_run_unchanged))
