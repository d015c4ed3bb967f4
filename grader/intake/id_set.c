/* SPDX-License-Identifier: MIT */
/* Open addressing; an id is its own hash. One that is all zeros names no object. */
#include "grader/intake/id_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_CAPACITY = 1024 };

/* The place of ID, or the free one where it belongs. */
static git_oid *id_place(const struct id_set *set, const git_oid *id)
{
	size_t at;

	memcpy(&at, id->id, sizeof(at));
	for (;; at++) {
		git_oid *place = &set->ids[at & (set->capacity - 1)];

		if (git_oid_is_zero(place) || git_oid_equal(place, id))
			return place;
	}
}

static int id_set_grow(struct id_set *set)
{
	struct id_set larger = {
		.count = set->count,
		.capacity = set->capacity ? set->capacity * 2 : LEAST_CAPACITY,
	};

	larger.ids = calloc(larger.capacity, sizeof(*larger.ids));
	if (!larger.ids)
		return -ENOMEM;
	for (size_t i = 0; i < set->capacity; i++) {
		if (!git_oid_is_zero(&set->ids[i]))
			*id_place(&larger, &set->ids[i]) = set->ids[i];
	}
	free(set->ids);
	*set = larger;
	return 0;
}

int id_set_add(struct id_set *set, const git_oid *id)
{
	git_oid *place;

	if (git_oid_is_zero(id))
		return 0;
	if (2 * (set->count + 1) > set->capacity && id_set_grow(set) < 0)
		return -ENOMEM;
	place = id_place(set, id);
	if (git_oid_equal(place, id))
		return 0;
	*place = *id;
	set->count++;
	return 1;
}

void id_set_done(struct id_set *set)
{
	free(set->ids);
	*set = (struct id_set){0};
}
