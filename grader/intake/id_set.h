/* SPDX-License-Identifier: MIT */
/* A set of object ids: what was seen already. Inside the reader. */
#ifndef GRADER_INTAKE_ID_SET_H
#define GRADER_INTAKE_ID_SET_H

#include <git2.h>
#include <stdbool.h>
#include <stddef.h>

/* Zeroed is empty. */
struct id_set {
	git_oid *ids; /* owned; a zero id is a free place */
	size_t count, capacity;
};

/* Add ID: 1 it is new, 0 it was there, -ENOMEM. */
int id_set_add(struct id_set *set, const git_oid *id);
void id_set_done(struct id_set *set);

#endif
