/* SPDX-License-Identifier: MIT */
/*
 * How a program is started is written down, never guessed: in milepost.yaml, in an executable file
 * `run` (or `run.sh`), or in a Procfile; for each line the first of them that has it counts.
 *
 * Files that come from Windows have no execute bit and may end their lines with CRLF. A script
 * that begins with #! is run by what it names, bit or not; CRLF behind that name is told, because
 * the system's own message ("not found") misleads.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/bench/bench.h"
#include "grader/yaml/yaml.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "sandbox/base/text.h"

enum { FILE_BYTES_MAX = 256 << 10, COMMAND_MAX = 1000 };

/* Where a plain word of a shell's line ends. */
#define SHELL_SIGNS " \t;&|<>()'\"\\$`"

#define ENTRY_ROW(NAME, ENTRY, HELP)                                                               \
	{                                                                                          \
		NAME, FIELD_TEXT, offsetof(struct program_file, entries[ENTRY].command), 1,        \
			COMMAND_MAX, HELP, NULL, false                                             \
	}

static const struct field program_fields[] = {
	ENTRY_ROW("build", ENTRY_BUILD, "run once before the program is started"),
	ENTRY_ROW("start", ENTRY_START, "starts the service"),
	ENTRY_ROW("run", ENTRY_RUN, "runs the program; arguments are appended"),
	ENTRY_ROW("test", ENTRY_TEST, "runs your tests"),
	ENTRY_ROW("worker", ENTRY_WORKER, "starts the worker"),
	ENTRY_ROW("migrate", ENTRY_MIGRATE, "brings the database up to date"),
	{"language", FIELD_TEXT, offsetof(struct program_file, language), 1, 40,
	 "the language: python, node, java, ruby, php, ...", NULL, false},
	{"framework", FIELD_TEXT, offsetof(struct program_file, framework), 1, 40,
	 "the framework, if any", NULL, false},
	{"engine", FIELD_TEXT, offsetof(struct program_file, engine), 1, 40, "the database engine",
	 NULL, false},
};
enum { PROGRAM_FIELD_COUNT = sizeof(program_fields) / sizeof(program_fields[0]) };

/* What the reading of one folder shares. */
struct reading {
	int tree_fd;
	const char *folder; /* "" at the top, else ends with / */
	struct arena *arena;
	struct program_file *file;
};

static const char *path_of(const struct reading *reading, const char *name)
{
	return arena_format(reading->arena, "%s%s", reading->folder, name);
}

/* Keep the first complaint. */
static void complain(const struct reading *reading, const char *sentence)
{
	if (!reading->file->complaint)
		reading->file->complaint = sentence;
}

/*
 * The bytes of a file of the folder, in the arena. RET_BYTES is NULL when there is none. A file
 * that cannot be taken (a link, a folder, too large) is the learner's.
 */
static int read_text(const struct reading *reading, const char *path, char **ret_bytes,
		     size_t *ret_count, struct mp_error *err)
{
	static const struct {
		int code;
		const char *why;
	} refused[] = {
		{-ELOOP, "it is a link; put the file itself there"},
		{-EXDEV, "it leads out of the repository"},
		{-EINVAL, "it is no ordinary file"},
		{-EISDIR, "it is a folder"},
		{-EFBIG, "it is larger than 256 KiB"},
	};
	mp_autofree char *bytes = NULL;
	int code = path_read_below(reading->tree_fd, path, FILE_BYTES_MAX, &bytes, ret_count);

	*ret_bytes = NULL;
	if (code == -ENOENT || code == -ENOTDIR)
		return 0;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (refused[i].code == code) {
			complain(reading,
				 arena_format(reading->arena, "%s: %s", path, refused[i].why));
			return 0;
		}
	}
	if (code < 0)
		return mp_fail(err, MP_FAULT_HOST, code, "reading %s", path);
	*ret_bytes = arena_bytes(reading->arena, bytes, *ret_count);
	return 0;
}

/* --- milepost.yaml ------------------------------------------------------------------------- */

static bool is_utf16(const char *bytes, size_t count)
{
	return count >= 2 &&
	       (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
}

static void keep_places(const struct reading *reading, const struct yaml_node *root,
			const char *path, struct yaml_complaints *list)
{
	for (int i = 0; i < ENTRY_COUNT; i++) {
		struct entry_line *entry = &reading->file->entries[i];
		const struct yaml_node *node = yaml_get(root, entry_words[i]);

		if (!node || !entry->command)
			continue;
		entry->file = path;
		entry->line = node->line;
		if (strpbrk(entry->command, "\r\n"))
			yaml_complain(
				list, node->line, node->column,
				"%s: write the command in one line; longer ones belong in a script",
				entry_words[i]);
	}
}

static void read_yaml(const struct reading *reading, const char *path, const char *bytes,
		      size_t count)
{
	struct yaml_complaints list;
	struct yaml_node *root = NULL;
	struct text lines;

	if (is_utf16(bytes, count)) {
		complain(
			reading,
			arena_format(
				reading->arena,
				"%s: the file is UTF-16, as PowerShell's > writes it; save it as UTF-8",
				path));
		return;
	}
	yaml_complaints_init(&list, path);
	if (yaml_parse(bytes, count, reading->arena, &root, &list) == 0 && root &&
	    root->kind != YAML_MAP)
		yaml_complain(&list, 1, 1, "write lines like start: python3 app.py");
	if (list.error_count == 0 && root) {
		yaml_read(root, program_fields, PROGRAM_FIELD_COUNT, reading->file, "milepost.yaml",
			  NULL, reading->arena, &list);
		keep_places(reading, root, path, &list);
	}
	if (list.error_count > 0) {
		text_init(&lines, 4096);
		yaml_complaints_print(&list, &lines);
		complain(reading, arena_text(reading->arena, text_get(&lines)));
		text_done(&lines);
	}
	yaml_complaints_done(&list);
}

static int read_milepost_yaml(const struct reading *reading, struct mp_error *err)
{
	const char *path = path_of(reading, "milepost.yaml");
	const char *slip = path_of(reading, "milepost.yml");
	char *bytes = NULL;
	size_t count = 0;
	int code = read_text(reading, path, &bytes, &count, err);

	if (code < 0)
		return code;
	if (bytes) {
		reading->file->has_own_file = true;
		read_yaml(reading, path, bytes, count);
		return 0;
	}
	code = read_text(reading, slip, &bytes, &count, err);
	if (code == 0 && bytes)
		complain(reading,
			 arena_format(
				 reading->arena,
				 "%s: the name ends with .yaml; rename the file to milepost.yaml",
				 slip));
	return code;
}

/* The milepost.yaml at the top says the language where the folder's own does not. */
static int read_defaults(const struct reading *reading, struct mp_error *err)
{
	struct program_file defaults = {0};
	struct reading top = {reading->tree_fd, "", reading->arena, &defaults};
	char *bytes = NULL;
	size_t count = 0;
	int code;

	if (reading->file->language || !reading->folder[0])
		return 0;
	code = read_text(&top, "milepost.yaml", &bytes, &count, err);
	if (code < 0)
		return code;
	if (bytes)
		read_yaml(&top, "milepost.yaml", bytes, count);
	if (defaults.complaint)
		complain(reading, defaults.complaint);
	reading->file->language = defaults.language;
	return 0;
}

/* --- scripts ------------------------------------------------------------------------------- */

/* What the first bytes of a script say. */
struct script {
	bool is_there, is_executable;
	const char *interpreter; /* behind #!, NULL: none */
	bool has_crlf;		 /* in the line of #! */
	bool has_crlf_lines;	 /* in any line of its start */
};

static int look_at_script(const struct reading *reading, const char *name,
			  struct script *ret_script, struct mp_error *err)
{
	const char *path = path_of(reading, name);
	mp_autofd int fd = path_open_below(reading->tree_fd, path, O_RDONLY | O_NONBLOCK);
	char start[256] = "";
	struct stat state;
	ssize_t got;
	size_t length;

	*ret_script = (struct script){0};
	if (fd < 0)
		return 0;
	if (fstat(fd, &state) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "%s", path);
	if (!S_ISREG(state.st_mode))
		return 0;
	got = read(fd, start, sizeof(start) - 1);
	if (got < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "reading %s", path);
	ret_script->is_there = true;
	ret_script->is_executable = (state.st_mode & 0100) != 0;
	ret_script->has_crlf_lines = strstr(start, "\r\n") != NULL;
	if (strncmp(start, "#!", 2) != 0)
		return 0;
	length = strcspn(start, "\n");
	ret_script->has_crlf = memchr(start, '\r', length) != NULL;
	start[length] = '\0';
	ret_script->interpreter = arena_text(reading->arena, start + 2 + strspn(start + 2, " \t"));
	return 0;
}

/* The sentence about CRLF, or NULL. */
static const char *script_complaint(const struct reading *reading, const char *name,
				    const struct script *script)
{
	if (!script->has_crlf)
		return NULL;
	return arena_format(
		reading->arena,
		"%s:1: its lines end with CRLF, as Windows writes them, so the system looks for an interpreter "
		"whose name ends with a carriage return. Save the file with LF; a .gitattributes with the line "
		"* text=auto eol=lf keeps it so",
		path_of(reading, name));
}

/*
 * The command that runs a script: itself, or by its interpreter where it has no execute bit. NULL:
 * neither.
 */
static const char *script_command(const struct reading *reading, const char *name, const char *rest,
				  const struct script *script)
{
	if (script->is_executable)
		return arena_format(reading->arena, "./%s%s", name, rest);
	if (script->interpreter)
		return arena_format(reading->arena, "%s ./%s%s", script->interpreter, name, rest);
	return NULL;
}

/* Keep the first near miss. */
static void tell_near(const struct reading *reading, const char *name, const char *words)
{
	if (!reading->file->near)
		reading->file->near =
			arena_format(reading->arena, "%s %s", path_of(reading, name), words);
}

/* A file `run` or `run.sh` gives the lines `start` and `run` where milepost.yaml does not. */
static int read_run(const struct reading *reading, struct mp_error *err)
{
	static const char *const names[] = {"run", "run.sh"};
	struct program_file *file = reading->file;
	struct script script;

	if (file->entries[ENTRY_START].command || file->entries[ENTRY_RUN].command)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *command;
		int code = look_at_script(reading, names[i], &script, err);

		if (code < 0)
			return code;
		command = script.is_there ? script_command(reading, names[i], "", &script) : NULL;
		if (!command) {
			if (script.is_there)
				tell_near(
					reading, names[i],
					"is there, but is not executable, and its first line does "
					"not name what runs it, as in #!/bin/sh.");
			continue;
		}
		if (script.has_crlf)
			complain(reading, script_complaint(reading, names[i], &script));
		file->entries[ENTRY_START] = (struct entry_line){
			command, path_of(reading, names[i]), 1, script.interpreter, NULL};
		file->entries[ENTRY_RUN] = file->entries[ENTRY_START];
		return 0;
	}
	return 0;
}

/*
 * The script that COMMAND gives to a shell: "sh serve.sh", "/bin/bash -e run.sh". NULL: none. RET_COUNT bytes.
 */
static const char *find_script_of_shell(const char *command, size_t *ret_count)
{
	static const char *const shells[] = {"sh", "bash", "dash"};
	size_t length = strcspn(command, " \t");
	const char *word = command + length;
	bool is_shell = false;

	while (word > command && word[-1] != '/')
		word--;
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		is_shell = is_shell || (strlen(shells[i]) == (size_t)(command + length - word) &&
					strncmp(word, shells[i], strlen(shells[i])) == 0);
	/* Options; behind -c stands no script. */
	for (word = command + length; is_shell; word += length) {
		word += strspn(word, " \t");
		length = strcspn(word, SHELL_SIGNS);
		if (*word != '-')
			break;
		is_shell = !memchr(word, 'c', length);
	}
	*ret_count = length;
	return is_shell && length > 0 ? word : NULL;
}

/* A line of the file that runs a script of the folder itself: "./run --fast", or gives it to a shell. */
static int mend_scripts(const struct reading *reading, struct mp_error *err)
{
	for (int i = 0; i < ENTRY_COUNT; i++) {
		struct entry_line *entry = &reading->file->entries[i];
		bool is_direct = entry->command && strncmp(entry->command, "./", 2) == 0;
		struct script script;
		const char *word, *name, *mended = NULL;
		size_t length;
		int code;

		if (!entry->command)
			continue;
		length = strcspn(entry->command, SHELL_SIGNS);
		word = is_direct ? entry->command : find_script_of_shell(entry->command, &length);
		if (!word)
			continue;
		name = arena_bytes(reading->arena, word, length);
		name += strncmp(name, "./", 2) == 0 ? 2 : 0;
		code = look_at_script(reading, name, &script, err);
		if (code < 0)
			return code;
		if (script.has_crlf_lines && (!is_direct || !script.interpreter))
			entry->crlf_script = path_of(reading, name);
		if (!is_direct)
			continue;
		entry->interpreter = script.interpreter;
		if (script.has_crlf)
			complain(reading, script_complaint(reading, name, &script));
		if (script.is_there)
			mended = script_command(reading, name, entry->command + length, &script);
		if (mended)
			entry->command = mended;
	}
	return 0;
}

/* --- Procfile ------------------------------------------------------------------------------ */

static void read_procfile_line(const struct reading *reading, char *line, int number)
{
	static const struct {
		const char *name;
		enum entry entry;
	} processes[] = {
		{"web", ENTRY_START}, {"worker", ENTRY_WORKER}, {"release", ENTRY_MIGRATE}};
	size_t length = strcspn(line, "\r");
	char *colon;

	while (length > 0 && strchr(" \t", line[length - 1]))
		length--;
	line[length] = '\0';
	colon = strchr(line, ':');
	if (!colon || line[0] == '#')
		return;
	*colon++ = '\0';
	colon += strspn(colon, " \t");
	for (size_t i = 0; *colon && i < sizeof(processes) / sizeof(processes[0]); i++) {
		struct entry_line *entry = &reading->file->entries[processes[i].entry];

		if (strcmp(line, processes[i].name) == 0 && !entry->command)
			*entry = (struct entry_line){.command = colon,
						     .file = path_of(reading, "Procfile"),
						     .line = number};
	}
}

static int read_procfile(const struct reading *reading, struct mp_error *err)
{
	char *bytes = NULL;
	size_t count = 0;
	int code = read_text(reading, path_of(reading, "Procfile"), &bytes, &count, err);
	int number = 1;

	if (code < 0 || !bytes)
		return code;
	for (char *line = bytes; line && *line; number++) {
		char *end = strchr(line, '\n');

		if (end)
			*end++ = '\0';
		read_procfile_line(reading, line, number);
		line = end;
	}
	if (!reading->file->entries[ENTRY_START].command)
		tell_near(reading, "Procfile", "is there, but has no line that begins with web:");
	return 0;
}

/* --- what one cannot see ------------------------------------------------------------------- */

/* Escapes, marks of direction, and blanks that are none to a shell. A tab is as good as a blank. */
static bool has_invisible(const char *command)
{
	static const char *const others[] = {"\xc2\xa0", "\xe2\x80\x8b", "\xef\xbb\xbf"};
	mp_autotext struct text seen = {0};
	size_t length;
	bool found = false;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		found |= strstr(command, others[i]) != NULL;
	for (; *command && !found; command += length + (command[length] == '\t')) {
		length = strcspn(command, "\t");
		text_init(&seen, 0);
		text_add_visible(&seen, command, length, length);
		found = strlen(text_get(&seen)) != length;
		text_done(&seen);
	}
	return found;
}

/* A command that is shown is one that can be typed: else a copied blank is searched for in vain. */
static int refuse_invisible(const struct reading *reading, struct mp_error *err)
{
	(void)err;
	for (int i = 0; i < ENTRY_COUNT; i++) {
		struct entry_line *entry = &reading->file->entries[i];

		if (!entry->command || !has_invisible(entry->command))
			continue;
		complain(
			reading,
			arena_format(
				reading->arena,
				"%s:%d: the command of %s holds a character that one cannot see, such as web "
				"pages and chats put between words; type the line anew by hand",
				entry->file, entry->line, entry_words[i]));
		*entry = (struct entry_line){0};
	}
	return 0;
}

int program_file_read(int tree_fd, const char *folder, struct arena *arena,
		      struct program_file *ret_file, struct mp_error *err)
{
	static int (*const sources[])(const struct reading *, struct mp_error *) = {
		read_milepost_yaml, read_run,	  read_procfile,
		read_defaults,	    mend_scripts, refuse_invisible,
	};
	struct program_file file = {0};
	bool is_top = !folder[0] || strcmp(folder, ".") == 0;
	struct reading reading = {tree_fd, is_top ? "" : arena_format(arena, "%s/", folder), arena,
				  &file};

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		int code = sources[i](&reading, err);

		if (code < 0)
			return code;
	}
	*ret_file = file;
	return 0;
}
