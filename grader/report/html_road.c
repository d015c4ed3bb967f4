/* SPDX-License-Identifier: MIT */
/*
 * The picture of the road: nine kilometre stones, yellow and ticked when reached, filled so far as
 * they are under way, dashed when not published. Everything the picture says stands beside it in
 * words.
 */
#include "grader/report/html_parts.h"

#include "grader/report/formats.h"
#include "grader/report/words.h"

enum { FILLED_LEAST = 3, FILLED_MOST = 24 /* of a stone's 30 */ };

/* Where the stones stand, in the units of the picture (360 x 112). */
static const struct {
	const char *place;
} stones[MILESTONES] = {
	{"22 87"},    {"61.5 75"}, {"101 68"},	 {"140.5 73"}, {"180 83"},
	{"219.5 85"}, {"259 75"},  {"298.5 61"}, {"338 49"},
};

static const char scene[] =
	"<defs><clipPath id=\"stone\"><path d=\"M-12 0V-18A12 12 0 0 1 12 -18V0Z\"/></clipPath>"
	"<path id=\"way\" d=\"M-12 98C-6.3 97 9.7 95 22 92C34.2 89 48.3 83.2 61.5 80C74.7 76.8 87.8 73.3 101 73C114.2 "
	"72.7 127.3 75.5 140.5 78C153.7 80.5 166.8 86 180 88C193.2 90 206.3 91.3 219.5 90C232.7 88.7 245.8 84 259 80C272.2 "
	"76 285.3 70.3 298.5 66C311.7 61.7 325.8 57.3 338 54C350.2 50.7 366.3 47.3 372 46\"/></defs>"
	"<path class=\"hill far\" d=\"M0 66C40 40 74 34 112 52C150 26 196 22 236 46C270 20 322 4 360 16V112H0Z\"/>"
	"<path class=\"hill\" d=\"M0 88C50 66 92 62 130 74C176 62 214 70 250 66C290 46 326 36 360 34V112H0Z\"/>"
	"<use href=\"#way\" class=\"road\"/><use href=\"#way\" class=\"lane\"/>";

/* How a milestone stands. */
enum stand { STAND_TO_COME, STAND_NOT_YET, STAND_UNDER_WAY, STAND_REACHED, STAND_COUNT };

static const struct {
	const char *class;
	enum word word;
} stands[STAND_COUNT] = {
	[STAND_TO_COME] = {"later", WORD_TO_COME},
	[STAND_NOT_YET] = {"open", WORD_NOT_YET},
	[STAND_UNDER_WAY] = {"way", WORD_UNDER_WAY},
	[STAND_REACHED] = {"done", WORD_REACHED},
};

static enum stand stand_of(const struct milestone_line *line)
{
	if (line->is_reached)
		return STAND_REACHED;
	if (line->percent > 0 || line->passed > 0 || line->elective_points > 0)
		return STAND_UNDER_WAY;
	return line->published > 0 ? STAND_NOT_YET : STAND_TO_COME;
}

static void add_stone(struct text *into, const struct milestone_line *line, const char *place)
{
	enum stand stand = stand_of(line);
	/* Full is only what is reached. */
	int filled = FILLED_MOST * line->percent / 100;

	text_addf(into,
		  "<g class=\"%s\" transform=\"translate(%s)\"><g clip-path=\"url(#stone)\">"
		  "<path class=\"body\" d=\"M-12 0V-30H12V0Z\"/>",
		  stands[stand].class, place);
	if (stand == STAND_UNDER_WAY)
		text_addf(into, "<path class=\"fill\" d=\"M-12 0V-%dH12V0Z\"/>",
			  filled > FILLED_LEAST ? filled : FILLED_LEAST);
	if (stand == STAND_REACHED)
		text_add(into, "<path class=\"fill\" d=\"M-12 0V-30H12V0Z\"/>");
	text_addf(
		into,
		"</g><path class=\"edge\" d=\"M-12 0V-18A12 12 0 0 1 12 -18V0Z\"/><text y=\"-%d\">%d</text>",
		stand == STAND_REACHED ? 3 : 9, line->number);
	if (stand == STAND_REACHED)
		text_add(into, "<path class=\"tick\" d=\"M-4.5 -21.5l3 3 6 -6\"/>");
	text_add(into, "</g>");
}

static void add_label(struct text *into, const struct scorecard *scorecard)
{
	text_add(into, word_text(WORD_ROAD_PICTURE));
	for (int i = 0; i < MILESTONES; i++) {
		const struct milestone_line *line = &scorecard->milestones[i];

		text_addf(into, "%s%d %s", i ? ", " : "", line->number,
			  word_text(stands[stand_of(line)].word));
	}
}

static void add_item(struct text *into, const struct milestone_line *line)
{
	enum stand stand = stand_of(line);

	text_addf(into, "<li class=\"%s\"><b>", stands[stand].class);
	html_add(into, line->title ? words_say(line->title) : "");
	text_addf(into, "</b> <span>%s", word_text(stands[stand].word));
	if (stand == STAND_UNDER_WAY)
		text_addf(into, ", %d %%", line->percent);
	text_add(into, "</span><small>");
	if (line->published > 0 || line->passed > 0)
		word_add(into, WORD_REQUIRED_PASSED, NUMBER(line->passed), NUMBER(line->required));
	if (line->elective_points > 0) {
		text_add(into, ", ");
		word_add(into, WORD_ELECTIVES, NUMBER(line->elective_points));
	}
	if (line->published > 0 && line->published < line->required) {
		text_add(into, ". ");
		word_add(into, WORD_PUBLISHED, NUMBER(line->number), NUMBER(line->published),
			 NUMBER(line->required));
	}
	text_add(into, "</small></li>\n");
}

void html_road(struct text *into, const struct scorecard *scorecard)
{
	text_addf(
		into,
		"<section class=\"way\" aria-label=\"%s\">\n<svg viewBox=\"0 0 360 112\" role=\"img\" aria-label=\"",
		word_text(WORD_ROAD));
	add_label(into, scorecard);
	text_addf(into, "\">%s\n", scene);
	for (int i = 0; i < MILESTONES; i++)
		add_stone(into, &scorecard->milestones[i], stones[i].place);
	text_addf(into, "</svg>\n<details><summary>%s</summary>\n<ol>\n",
		  word_text(WORD_MILESTONES));
	for (int i = 0; i < MILESTONES; i++)
		add_item(into, &scorecard->milestones[i]);
	text_add(into, "</ol>\n</details>\n</section>\n");
}
