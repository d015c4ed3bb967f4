/* SPDX-License-Identifier: MIT */
/*
 * What libyaml refuses, in words that say what to write instead. libyaml stops at its first mistake and
 * describes it from inside its grammar; a row here recognises its words and what stands at the place.
 */
#include <string.h>

#include "grader/yaml/source.h"

struct slip {
	const char *problem; /* begins libyaml's words; NULL: any */
	const char *context; /* is part of libyaml's context; NULL: any */
	const char *at;	     /* the character at the place is one of these; NULL: any */
	char before;	     /* the character before it; NUL: any */
	const char *say;
};

#define SAY_NAME  "a name is written $(id), which needs no quotes anywhere"
#define SAY_COLON "quote a text that holds a colon and a blank"
#define SAY_QUOTE "quote what begins with one of * & ! % @ > | or a backtick"
#define SAY_TAG	  "tags are not used; " SAY_QUOTE

static const struct slip slips[] = {
	{"did not find expected ',' or", NULL, "{", '$', SAY_NAME},
	{"did not find expected ',' or", NULL, ":", '\0', SAY_COLON},
	{"did not find expected ',' or", NULL, "\"'", '\0',
	 "quote the whole text, or write a comma before the quote"},
	{"did not find expected ',' or ']'", NULL, NULL, '\0',
	 "a list in brackets is not closed, or a comma is missing before this"},
	{"did not find expected ',' or '}'", NULL, NULL, '\0',
	 "a map in braces is not closed, or a comma is missing before this"},
	{"mapping values are not allowed", NULL, NULL, '\0', SAY_COLON},
	{"found unknown escape character", NULL, NULL, '\0',
	 "in double quotes \\ begins an escape, and this is none: patterns stand in single quotes"},
	{"did not find expected hexdecimal", NULL, NULL, '\0',
	 "\\x, \\u and \\U are followed by 2, 4 and 8 hexadecimal digits"},
	{"found invalid Unicode character escape", NULL, NULL, '\0',
	 "this escape is no character; write \\U and 8 digits for those beyond FFFF"},
	{"found unexpected end of stream", "quoted", NULL, '\0',
	 "a quote is opened here and never closed"},
	{"found unexpected document indicator", NULL, NULL, '\0',
	 "a line that begins with --- or ... inside a quoted text"},
	{NULL, "while scanning a tag", NULL, '\0', SAY_TAG},
	{NULL, "while parsing a tag", NULL, '\0', SAY_TAG},
	{"found undefined tag handle", NULL, NULL, '\0', SAY_TAG},
	{NULL, "an alias", NULL, '\0', SAY_QUOTE},
	{NULL, "an anchor", NULL, '\0', SAY_QUOTE},
	{NULL, "directive", NULL, '\0', "directives are not used; " SAY_QUOTE},
	{"found incompatible YAML", NULL, NULL, '\0',
	 "directives are not used; leave the line out"},
	{"did not find expected comment or line break", "block scalar", NULL, '\0', SAY_QUOTE},
	{"found character that cannot start", NULL, "\t", '\0',
	 "a tab in the indentation; use blanks"},
	{"found a tab character", NULL, NULL, '\0', "a tab in the indentation; use blanks"},
	{"found character that cannot start", NULL, NULL, '\0', SAY_QUOTE},
	{"could not find expected ':'", NULL, NULL, '\0',
	 "a line without a colon: write 'key: value', or quote a text of several lines"},
	{"did not find expected key", NULL, NULL, '\0',
	 "this fits nowhere: look at the indentation, and that quotes stand around the whole text"},
	{"did not find expected '-'", NULL, NULL, '\0',
	 "this is no item of the list above: look at the indentation and at '- '"},
	{"block sequence entries are not allowed", NULL, NULL, '\0',
	 "a list begins on a line of its own, or stands in brackets"},
	{"mapping keys are not allowed", NULL, NULL, '\0', "a '?' cannot stand here: quote it"},
	{"did not find expected node content", NULL, NULL, '\0',
	 "a value is missing here: commas stand between values only"},
	{"did not find expected <document start>", NULL, NULL, '\0',
	 "the file is one map of keys: nothing may stand beside it"},
	{"control characters", NULL, NULL, '\0',
	 "a control character: write it as an escape in double quotes"},
};

static bool slip_fits(const struct slip *slip, const yaml_parser_t *parser, char at, char before)
{
	if (slip->problem && strncmp(parser->problem, slip->problem, strlen(slip->problem)) != 0)
		return false;
	if (slip->context && (!parser->context || !strstr(parser->context, slip->context)))
		return false;
	if (slip->at && (at == '\0' || !strchr(slip->at, at)))
		return false;
	return slip->before == '\0' || slip->before == before;
}

/* The word behind the ! that libyaml took for a tag. */
static void tag_word(const struct source *source, size_t offset, char ret_word[32])
{
	size_t length = 0;

	while (source_at(source, offset) == '!')
		offset++;
	while (length < 31) {
		char c = source_at(source, offset + length);

		if (!((c >= 'a' && c <= 'z') || c == '_'))
			break;
		ret_word[length++] = c;
	}
	ret_word[length] = '\0';
}

/* Where the mistake is: the reader knows only an offset, some scanners point behind what they began. */
static size_t slip_offset(const yaml_parser_t *parser, struct source *source)
{
	bool is_begun = parser->context &&
			(strstr(parser->context, "tag") || strstr(parser->context, "an a") ||
			 (strstr(parser->context, "quoted") && strstr(parser->problem, "end of")));

	if (parser->error == YAML_READER_ERROR)
		return parser->problem_offset;
	return source_offset(source, is_begun ? &parser->context_mark : &parser->problem_mark);
}

/* The line of the bracket that is open where libyaml stopped, when it is not LINE; else 0. */
static int open_bracket_line(const yaml_parser_t *parser, const struct slip *slip, int line)
{
	int bracket_line = (int)parser->context_mark.line + 1;

	if (strncmp(parser->problem, "did not find expected ',' or", 28) != 0 ||
	    slip->before != '\0')
		return 0;
	return bracket_line == line ? 0 : bracket_line;
}

void slip_complain(const yaml_parser_t *parser, struct source *source, struct yaml_complaints *list)
{
	size_t offset;
	char word[32];
	int bracket_line;
	int line;
	int column;

	if (!parser->problem) {
		yaml_complain(list, 1, 1, "this cannot be read as YAML");
		return;
	}
	offset = slip_offset(parser, source);
	source_place(source, offset, &line, &column);
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		if (!slip_fits(&slips[i], parser, source_at(source, offset),
			       offset ? source_at(source, offset - 1) : '\0'))
			continue;
		tag_word(source, offset, word);
		bracket_line = open_bracket_line(parser, &slips[i], line);
		if (bracket_line > 0)
			yaml_complain(list, line, column, "%s; the bracket of line %d is open",
				      slips[i].say, bracket_line);
		else if (strcmp(slips[i].say, SAY_TAG) == 0 && *word)
			yaml_complain(list, line, column, "tags are not used; did you mean '$%s'?",
				      word);
		else
			yaml_complain(list, line, column, "%s", slips[i].say);
		return;
	}
	yaml_complain(list, line, column, "this cannot be read as YAML: %s", parser->problem);
}
