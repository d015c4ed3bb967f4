/* SPDX-License-Identifier: MIT */
/*
 * The table of languages, and what is read off it.
 *
 * Times and sizes of the JVM: its start takes ten times that of the others on a busy machine, and
 * its code, threads and buffers need some 100 MiB beside the heap, which it makes a quarter of the
 * memory that it sees. It reads the box's control group by itself. Its options could be set by a
 * variable, but each of those (JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS) prints a line on standard
 * error that would count as the learner's: so none is set.
 */
#include "grader/bench/pack.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "grader/bench/bench.h"
#include "sandbox/base/cleanup.h"

static const struct pack_extra python_extras[] = {
	{"gunicorn", "gunicorn"},
	{"python3-flask", "flask"},
	{"python3-django", "django"},
	{"python3-djangorestframework", "rest_framework"},
	{"python3-fastapi", "fastapi"},
	{"uvicorn", "uvicorn"},
	{"python3-sqlalchemy", "sqlalchemy"},
	{"python3-psycopg2", "psycopg2"},
	{"python3-jwt", "jwt"},
	{"python3-bcrypt", "bcrypt"},
	{"python3-pytest", "pytest"},
	{NULL, NULL},
};

static const struct pack_extra node_extras[] = {
	{"npm", "npm"},
	{"npm", "npx"},
	{"node-express", "express"},
	{NULL, NULL},
};

static const struct pack_extra java_extras[] = {
	{"libjetty9-java", "org.eclipse.jetty"},
	{"libservlet-api-java", "javax.servlet"},
	{"libjackson2-databind-java", "com.fasterxml.jackson"},
	{"libgoogle-gson-java", "com.google.gson"},
	{"libpostgresql-jdbc-java", "org.postgresql"},
	{"junit5", "org.junit.jupiter"},
	{NULL, NULL},
};

static const struct pack_extra ruby_extras[] = {
	{"ruby-webrick", "webrick"}, {"ruby-sinatra", "sinatra"},   {"puma", "puma"},
	{"ruby-rack", "rackup"},     {"bundler", "bundle"},	    {"ruby-rails", "rails"},
	{"ruby-pg", "pg"},	     {"ruby-jwt", "jwt"},	    {"ruby-bcrypt", "bcrypt"},
	{"ruby-rspec", "rspec"},     {"ruby-minitest", "minitest"}, {NULL, NULL},
};

static const struct pack_extra php_extras[] = {
	{"php-slim", "Slim\\"},
	{"php-mbstring", "mb_"},
	{"php-sqlite3", "SQLite3"},
	{"php-pgsql", "pg_"},
	{"php-xml", "DOMDocument"},
	{"php-symfony-framework-bundle", "Symfony\\"},
	{"php-laravel-framework", "Illuminate\\"},
	{"phpunit", "PHPUnit\\"},
	{"composer", "composer"},
	{NULL, NULL},
};

const struct pack packs[] = {
	{
		.word = "python",
		.title = "Python",
		.commands = "python pip pytest gunicorn uvicorn flask django-admin",
		.program = "python3",
		.asked = "--version",
		.packages = "python3",
		.paths = "/etc/python3 /etc/python3.11 /usr/lib/python3/dist-packages",
		.suffixes = ".py",
		.runner = "python3",
		.extras = python_extras,
		.lacking = "No module named '",
		.cpus = 1,
		.env = {"PIP_NO_INDEX=1", "PIP_DISABLE_PIP_VERSION_CHECK=1"},
		/* What it prints is then seen at once, and not only at its end. */
		.service_env = "PYTHONUNBUFFERED=1",
		.port_line = "port = int(os.environ.get(\"PORT\", \"8000\"))",
		.service = "python3 app.py",
		.example = "python3 main.py",
	},
	{
		.word = "node",
		.title = "Node.js",
		.commands = "node nodejs npm npx javascript js",
		.program = "node",
		.asked = "--version",
		.packages = "nodejs",
		.paths = "/etc/ssl/openssl.cnf /usr/share/nodejs",
		.suffixes = ".js .mjs .cjs",
		.runner = "node",
		.extras = node_extras,
		.lacking = "Cannot find module '\nCannot find package '",
		.curated_in = "node",
		.curated = "ajv ajv-formats bcryptjs body-parser chai compression "
			   "cookie-parser cors dotenv ejs express express-session "
			   "fast-xml-parser fastify helmet ioredis jose jsonwebtoken "
			   "knex koa mocha mongodb morgan multer mysql2 nanoid "
			   "node-fetch pg pino playwright-core sinon supertest undici "
			   "uuid vitest winston zod",
		.cpus = 1,
		.env = {"npm_config_offline=true", "npm_config_audit=false",
			"npm_config_fund=false", "npm_config_update_notifier=false"},
		.port_line = "const port = Number(process.env.PORT || 8000)",
		.service = "node app.js",
		.example = "node main.js",
	},
	{
		.word = "java",
		.title = "Java",
		.commands = "java javac jar jshell",
		.program = "javac",
		.asked = "--version",
		.packages = "openjdk-17-jdk-headless",
		.paths = "/etc/java-17-openjdk /etc/ssl/certs /etc/alternatives /usr/lib/jvm "
			 "/usr/share/java",
		.suffixes = ".java",
		.runner = "java",
		.extras = java_extras,
		.lacking = "error: package \nClassNotFoundException: ",
		.cpus = 2,
		.start_least_ms = 20000,
		.memory_least_bytes = 512 << 20,
		.port_line = "System.getenv().getOrDefault(\"PORT\", \"8000\")",
		.service = "java App.java",
		.example = "java Main.java",
	},
	{
		.word = "ruby",
		.title = "Ruby",
		.commands = "ruby rackup puma bundle rails rake rspec gem",
		.program = "ruby",
		.asked = "--version",
		.packages = "ruby ruby-webrick",
		.paths = "/usr/lib/ruby /usr/share/rubygems-integration",
		.suffixes = ".rb",
		.runner = "ruby",
		.extras = ruby_extras,
		.lacking = "cannot load such file -- ",
		.cpus = 1,
		/* Gems are those of Debian; bundler wants a folder of its own that it may write. */
		.env = {"GEM_HOME=/scratch/home/gems", "BUNDLE_PREFER_LOCAL=true",
			"BUNDLE_DISABLE_VERSION_CHECK=true"},
		.port_line = "port = Integer(ENV.fetch(\"PORT\", \"8000\"))",
		.service = "ruby app.rb",
		.example = "ruby main.rb",
	},
	{
		.word = "php",
		.title = "PHP",
		.commands = "php composer phpunit",
		.program = "php",
		.asked = "--version",
		.packages = "php-cli",
		.paths = "/etc/php /etc/alternatives /usr/share/php /usr/lib/php",
		.suffixes = ".php",
		.runner = "php",
		.extras = php_extras,
		.lacking = "Class \"\nCall to undefined function ",
		.cpus = 1,
		.env = {"COMPOSER_DISABLE_NETWORK=1", "COMPOSER_NO_INTERACTION=1"},
		.port_line = "php -S \"127.0.0.1:$PORT\"",
		.service = "php -S \"127.0.0.1:$PORT\" app.php",
		.example = "php main.php",
	},
	{.word = NULL},
};

/* --- words --------------------------------------------------------------------------------- */

/* WORD of COUNT bytes is one of the blank-separated LIST, with or without a version behind it. */
static bool is_listed(const char *list, const char *word, size_t count)
{
	while (count > 0 && (isdigit((unsigned char)word[count - 1]) || word[count - 1] == '.'))
		count--;
	while (count > 0 && *list) {
		size_t length = strcspn(list, " ");

		if (length == count && strncasecmp(list, word, count) == 0)
			return true;
		list += length + strspn(list + length, " ");
	}
	return false;
}

static const struct pack *find(const char *word, size_t count)
{
	for (const struct pack *pack = packs; pack->word; pack++) {
		if (is_listed(pack->commands, word, count))
			return pack;
	}
	return NULL;
}

const struct pack *pack_of_word(const char *word)
{
	return word ? find(word, strlen(word)) : NULL;
}

const struct pack *pack_of_suffix(const char *suffix)
{
	for (const struct pack *pack = packs; pack->word; pack++) {
		if (is_listed(pack->suffixes, suffix, strlen(suffix)))
			return pack;
	}
	return NULL;
}

/* --- command lines ------------------------------------------------------------------------- */

/* Is the word only before the command: a variable, or a program that starts another one? */
static bool is_before(const char *word, size_t count)
{
	static const char *const names[] = {"exec", "env", "time", "nohup", "if", "then", "!"};
	const char *slash = memrchr(word, '/', count);

	if (memchr(word, '=', count) && word[0] != '=')
		return true;
	if (slash) {
		count -= (size_t)(slash + 1 - word);
		word = slash + 1;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) == count && strncmp(names[i], word, count) == 0)
			return true;
	}
	return false;
}

/*
 * The next word of LINE that is a command: of the first part, then behind ; && || |. *RET_COUNT is
 * 0 at the end. Quotes are not looked into: a line is read for what it shows, the shell runs it.
 */
static const char *next_command(const char **line, size_t *ret_count)
{
	const char *at = *line;

	for (;;) {
		at += strspn(at, " \t\r\n;&|(){");
		*ret_count = strcspn(at, " \t\r\n;&|()");
		if (!is_before(at, *ret_count))
			break;
		at += *ret_count;
	}
	*line = at + *ret_count + strcspn(at + *ret_count, "\n;&|(");
	return at;
}

static const char *base_of(const char *word, size_t *count)
{
	const char *slash = memrchr(word, '/', *count);

	if (!slash)
		return word;
	*count -= (size_t)(slash + 1 - word);
	return slash + 1;
}

const struct pack *pack_of_command(const char *command)
{
	const struct pack *pack = NULL;
	size_t count = 1;

	while (command && !pack && count > 0) {
		const char *word = next_command(&command, &count);
		size_t length = count;

		word = base_of(word, &length);
		pack = find(word, length);
	}
	return pack;
}

const struct pack *pack_of_file(const struct program_file *file)
{
	static const enum entry order[] = {ENTRY_START, ENTRY_RUN, ENTRY_BUILD, ENTRY_TEST};
	const struct pack *pack = pack_of_word(file->language);

	for (size_t i = 0; !pack && i < sizeof(order) / sizeof(order[0]); i++) {
		const struct entry_line *entry = &file->entries[order[i]];

		pack = pack_of_command(entry->interpreter);
		if (!pack)
			pack = pack_of_command(entry->command);
	}
	return pack;
}

/* --- what is on this host ------------------------------------------------------------------ */

/* The program NAME of COUNT bytes where a box looks, if a box can follow its links: below /usr. */
static const char *place_of(const char *name, size_t count, struct arena *arena)
{
	const char *folder = PACK_PATH;

	while (*folder) {
		size_t length = strcspn(folder, ":");
		const char *path =
			arena_format(arena, "%.*s/%.*s", (int)length, folder, (int)count, name);
		mp_autofree char *real = realpath(path, NULL);

		if (real && strncmp(real, "/usr/", 5) == 0 && access(real, X_OK) == 0)
			return arena_text(arena, real);
		folder += length + (folder[length] == ':');
	}
	return NULL;
}

const char *pack_place(const struct pack *pack, struct arena *arena)
{
	return place_of(pack->program, strlen(pack->program), arena);
}

const char *pack_version_of_place(const struct pack *pack, const char *place, struct arena *arena)
{
	size_t length = strlen(pack->word);

	for (const char *part = place; part && *part; part = strchr(part + 1, '/')) {
		const char *name = part + (*part == '/');
		const char *number = name + length;

		if (strncmp(name, pack->word, length) != 0)
			continue;
		number += *number == '-';
		if (isdigit((unsigned char)*number))
			return arena_format(arena, "%s%.*s", pack->word,
					    (int)strspn(number, "0123456789."), number);
	}
	return NULL;
}

/* Each installed package of Debian has this folder, a removed one has not. */
bool pack_extra_is_here(const struct pack_extra *extra)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "/usr/share/doc/%s", extra->package);
	return access(path, F_OK) == 0;
}

static int lacks_package(const char *what, const char *packages, struct mp_error *err)
{
	return mp_fail(
		err, MP_FAULT_HOST, -ENOPKG,
		"%s is not on this machine, so this was not graded and costs you nothing. Whoever looks "
		"after the machine types:  apt-get install %s",
		what, packages);
}

int pack_check(const struct pack *pack, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();

	return pack_place(pack, arena) ? 0 : lacks_package(pack->title, pack->packages, err);
}

/* --- what a program needs ------------------------------------------------------------------ */

/* Does WORD of COUNT bytes ask for the module or the command of a row? */
static bool is_asked(const struct pack_extra *extra, const char *word, size_t count)
{
	size_t length = strlen(extra->name);
	bool is_prefix = strchr("\\_", extra->name[length - 1]) != NULL;

	if (count < length || strncmp(word, extra->name, length) != 0)
		return false;
	return is_prefix || count == length ||
	       (!isalnum((unsigned char)word[length]) && !strchr("_-", word[length]));
}

static int check_extra(const struct pack *pack, const char *word, size_t count,
		       struct mp_error *err)
{
	for (const struct pack_extra *extra = pack->extras; extra->package; extra++) {
		if (is_asked(extra, word, count) && !pack_extra_is_here(extra))
			return lacks_package(extra->package, extra->package, err);
	}
	return 0;
}

/* Every command of a line: its language, and the package that brings it. */
static int check_line(const char *line, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	size_t count = 1;
	int code = 0;

	while (line && code == 0 && count > 0) {
		const char *word = next_command(&line, &count);
		size_t length = count;
		const char *name = base_of(word, &length);
		const struct pack *pack = find(name, length);

		/* A path is the learner's own, or says where it must be. */
		if (!pack || (name != word && strncmp(word, "/usr/", 5) != 0))
			continue;
		code = pack_check(pack, err);
		if (code == 0 && !place_of(name, length, arena))
			code = check_extra(pack, name, length, err);
	}
	return code;
}

int pack_check_file(const struct program_file *file, struct mp_error *err)
{
	const struct pack *named = pack_of_word(file->language);
	int code = named && !file->complaint ? pack_check(named, err) : 0;

	for (int i = 0; code == 0 && !file->complaint && i < ENTRY_COUNT; i++) {
		code = check_line(file->entries[i].interpreter, err);
		if (code == 0)
			code = check_line(file->entries[i].command, err);
	}
	return code;
}

static int check_module(const struct pack *pack, const char *name, size_t count, bool has_curated,
			struct mp_error *err)
{
	const char *list = pack->curated_in && !has_curated ? pack->curated : "";

	for (size_t length; *list; list += length + strspn(list + length, " ")) {
		length = strcspn(list, " ");
		if (count < length || strncmp(list, name, length) != 0 ||
		    (count > length && name[length] != '/'))
			continue;
		return mp_fail(
			err, MP_FAULT_HOST, -ENOPKG,
			"%.*s is one of milepost's npm modules, which are not on this machine, so this was "
			"not graded and costs you nothing. Whoever looks after the machine types, in "
			"milepost's folder:  make npm-pack",
			(int)length, list);
	}
	return check_extra(pack, name, count, err);
}

int pack_check_said(const struct pack *pack, const char *bytes, size_t count, bool has_curated,
		    struct mp_error *err)
{
	const char *lacking = pack ? pack->lacking : "";
	int code = 0;

	for (size_t length; code == 0 && *lacking; lacking += length + (lacking[length] == '\n')) {
		const char *at;
		size_t named = 0;

		length = strcspn(lacking, "\n");
		at = memmem(bytes, count, lacking, length);
		if (!at)
			continue;
		at += length;
		while (at + named < bytes + count && !strchr("'\"() \t\r\n", at[named]))
			named++;
		code = check_module(pack, at, named, has_curated, err);
	}
	return code;
}
