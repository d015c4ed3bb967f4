/* SPDX-License-Identifier: MIT */
/* The rules of .gitignore files, as git reads them. */
#include "grader/intake/ignore.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int (*holds)(int c);
} classes[] = {
	{"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
	{"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
	{"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

/* [:name:] at *AT: steps over it and says whether it holds C. 1 yes, 0 no, -1 it is no class. */
static int class_holds(const char **at, int c)
{
	const char *name = *at + 2;
	const char *end = strstr(name, ":]");

	for (size_t i = 0; end && i < sizeof(classes) / sizeof(classes[0]); i++) {
		size_t count = strlen(classes[i].name);

		if ((size_t)(end - name) != count || memcmp(name, classes[i].name, count) != 0)
			continue;
		*at = end + 2;
		return classes[i].holds(c) != 0;
	}
	return -1;
}

/* One member of a set, which may be escaped; 0 at the end of the pattern. */
static unsigned char set_letter(const char **at)
{
	if (**at == '\\' && (*at)[1])
		(*at)++;
	return (unsigned char)*(*at)++;
}

/*
 * A set at *AT, which stands behind its [: steps behind its ] and says whether C is in it. A set that is
 * never closed holds nothing.
 */
static bool set_holds(const char **at, unsigned char c)
{
	bool is_negated = **at == '!' || **at == '^';
	const char *first = *at + is_negated;
	bool holds = false;

	*at = first;
	while (**at && (**at != ']' || *at == first)) {
		int known = (*at)[0] == '[' && (*at)[1] == ':' ? class_holds(at, c) : -1;
		unsigned char low, high;

		if (known >= 0) {
			holds = holds || known;
			continue;
		}
		low = set_letter(at);
		high = low;
		if ((*at)[0] == '-' && (*at)[1] && (*at)[1] != ']') {
			(*at)++;
			high = set_letter(at);
		}
		/* As in git's wildmatch(), the first letter counts even where the range runs backwards. */
		holds = holds || c == low || (c >= low && c <= high);
	}
	if (**at != ']')
		return false;
	(*at)++;
	return holds != is_negated && c != '/';
}

/* One letter of the pattern against one of the path; steps *PATTERN when it fits. */
static bool letter_fits(const char **pattern, char c)
{
	const char *at = *pattern;
	bool fits;

	if (*at == '[') {
		at++;
		fits = set_holds(&at, (unsigned char)c);
	} else {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '?')
			c = c == '/' ? '\0' : '?';
		fits = *at && *at == c;
		at++;
	}
	if (fits)
		*pattern = at;
	return fits;
}

/*
 * How many letters of PATTERN are two stars or more that stand alone between slashes: 0 none, else without
 * the slash behind them. To git's wildmatch() three stars are as good as two.
 */
static size_t stars_between_slashes(const char *pattern)
{
	size_t count = strspn(pattern, "*");

	return count >= 2 && (pattern[count] == '/' || pattern[count] == '\0') ? count : 0;
}

/*
 * Two places to return to: behind the last *, which may take one more letter but no slash, and behind the
 * last double star, which may take one more folder. A later one makes the earlier of its kind needless, so
 * the work is at most the product of the lengths.
 */
bool ignore_glob(const char *pattern, const char *path)
{
	const char *start = pattern;
	const char *star = NULL, *star_path = NULL;
	const char *folders = NULL, *folders_path = NULL;

	while (true) {
		bool at_part = pattern == start || pattern[-1] == '/';
		size_t stars = at_part ? stars_between_slashes(pattern) : 0;

		if (stars && pattern[stars] == '\0')
			return *path != '\0';
		if (stars) {
			pattern += stars + 1;
			folders = pattern;
			folders_path = path;
			star = NULL;
			continue;
		}
		if (*pattern == '*') {
			star = ++pattern;
			star_path = path;
			continue;
		}
		if (*path ? letter_fits(&pattern, *path) : !*pattern) {
			if (!*path)
				return true;
			path++;
			continue;
		}
		if (star && *star_path && *star_path != '/') {
			path = ++star_path;
			pattern = star;
			continue;
		}
		folders_path = folders ? strchr(folders_path, '/') : NULL;
		if (!folders_path)
			return false;
		path = ++folders_path;
		pattern = folders;
		star = NULL;
	}
}

/* Blanks at the end do not count, but for one behind a backslash. */
static void rule_trim(char *line)
{
	size_t count = strlen(line);

	while (count > 0 && line[count - 1] == ' ' && !(count > 1 && line[count - 2] == '\\'))
		line[--count] = '\0';
}

/* One line. Returns whether it holds a rule. */
static bool rule_parse(char *line, struct ignore_rule *ret_rule)
{
	struct ignore_rule rule = {0};
	size_t count;

	if (line[0] == '#')
		return false;
	rule_trim(line);
	if (line[0] == '!') {
		rule.is_negated = true;
		line++;
	}
	count = strlen(line);
	if (count > 0 && line[count - 1] == '/') {
		rule.is_folder = true;
		line[count - 1] = '\0';
	}
	rule.is_anchored = strchr(line, '/') != NULL;
	if (line[0] == '/')
		line++;
	rule.pattern = line;
	*ret_rule = rule;
	return line[0] != '\0';
}

int ignore_list_init(struct ignore_list *list, char *text, size_t count)
{
	static const char mark[] = "\xef\xbb\xbf";
	char *line = text;

	*list = (struct ignore_list){.text = text};
	if (strncmp(line, mark, sizeof(mark) - 1) == 0)
		line += sizeof(mark) - 1;
	list->rules = calloc(IGNORE_RULES_MAX, sizeof(*list->rules));
	if (!list->rules) {
		ignore_list_done(list);
		return -ENOMEM;
	}
	while (line < text + count && list->count < IGNORE_RULES_MAX) {
		char *end = strchr(line, '\n');
		char *next = end ? end + 1 : text + count;

		if (end)
			*end = '\0';
		if (end && end > line && end[-1] == '\r')
			end[-1] = '\0';
		if (rule_parse(line, &list->rules[list->count]))
			list->count++;
		line = next;
	}
	return 0;
}

void ignore_list_done(struct ignore_list *list)
{
	free(list->text);
	free(list->rules);
	*list = (struct ignore_list){0};
}

enum ignore_answer ignore_list_match(const struct ignore_list *list, const char *path,
				     bool is_folder)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	for (size_t i = list->count; i > 0; i--) {
		const struct ignore_rule *rule = &list->rules[i - 1];

		if (rule->is_folder && !is_folder)
			continue;
		if (ignore_glob(rule->pattern, rule->is_anchored ? path : name))
			return rule->is_negated ? IGNORE_NO : IGNORE_YES;
	}
	return IGNORE_UNSAID;
}
