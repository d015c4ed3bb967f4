/* SPDX-License-Identifier: MIT */
/* Inside of the room: a step being read, for step.c and expect.c. */
#ifndef GRADER_MANIFEST_STEP_H
#define GRADER_MANIFEST_STEP_H

#include "grader/manifest/inner.h"

enum { WHERE_BYTES = 64 };

/* A step being read. */
struct step_draft {
	struct check_context *context;
	const struct yaml_node *node;
	bool is_inline;
	const struct yaml_pair *pair;	  /* of the verb */
	const struct verb *verb, *second; /* two verbs: the second is a mistake */
	struct step *step;
	char where[WHERE_BYTES]; /* "a get step" */
	int64_t at_once;
};

/* Has a NULL-terminated list (which may be NULL) this word? */
bool step_words_have(const char *const *words, const char *name);

/* `expect` and `near` of the step. */
void step_read_expect(struct step_draft *draft, const struct yaml_node *node);
void step_read_near(struct step_draft *draft, const struct yaml_node *node);

/* Let the probe look over the step that was read. */
void step_examine(struct step_draft *draft);

#endif
