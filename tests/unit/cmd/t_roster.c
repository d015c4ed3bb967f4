/* SPDX-License-Identifier: MIT */
/* Class lists against learners, or against the places of their mistakes. */
#include "grader/cmd/roster.h"

#include <errno.h>
#include <string.h>

#include "tests/helper/tap.h"

struct read {
	struct arena *arena;
	struct roster_row *rows;
	size_t count;
	struct yaml_complaints list;
	struct text told;
	int ret;
};

static void read_list(struct read *read, const char *bytes, size_t count, const char *track)
{
	*read = (struct read){.arena = arena_new()};
	yaml_complaints_init(&read->list, "r");
	read->ret = roster_read(bytes, count, track, "en", read->arena, &read->rows, &read->count,
				&read->list);
	yaml_complaints_print(&read->list, &read->told);
}

static void read_done(struct read *read)
{
	yaml_complaints_done(&read->list);
	text_done(&read->told);
	read->arena = arena_free(read->arena);
}

static void a_list_becomes_learners(void)
{
	static const struct {
		const char *bytes, *handle, *name, *section, *track, *language;
	} rows[] = {
		{"handle,track\nasha,python", "asha", "", "", "python", "en"},
		{"handle\nasha\n", "asha", "", "", "php", "en"},
		{"track,handle\nnode,asha\r\n", "asha", "", "", "node", "en"},
		{"\xef\xbb\xbfhandle;name\nasha;Rao, Asha\n", "asha", "Rao, Asha", "", "php", "en"},
		{"handle,name\nasha,\"Rao, \"\"A\"\"\"\n", "asha", "Rao, \"A\"", "", "php", "en"},
		{"handle , name\n asha , Asha  Rao \n", "asha", "Asha  Rao", "", "php", "en"},
		{"handle,email,e-mail,x\nasha,a@b.c,,\n", NULL, NULL, NULL, NULL, NULL},
		{"handle,e-mail\nasha,a@b.co\n", "asha", "", "", "php", "en"},
		{"handle,section,language,track\nasha,7B,hi,\n", "asha", "", "7B", "php", "hi"},
		{"\n\nhandle\nasha\n", NULL, NULL, NULL, NULL, NULL},
		{"handle\n\n\nasha\n\n", "asha", "", "", "php", "en"},
		{"handle,name\nasha,\xe0\xa4\xae\xe0\xa5\x80\n", "asha", "\xe0\xa4\xae\xe0\xa5\x80",
		 "", "php", "en"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct learner *learner;
		struct read read;

		read_list(&read, rows[i].bytes, strlen(rows[i].bytes), "php");
		IS(read.ret, rows[i].handle ? 0 : -EBADMSG);
		IS(read.count, rows[i].handle ? 1 : 0);
		if (read.count == 1) {
			learner = &read.rows[0].learner;
			IS_TEXT(learner->handle, rows[i].handle);
			IS_TEXT(learner->name, rows[i].name);
			IS_TEXT(learner->section, rows[i].section);
			IS_TEXT(learner->track, rows[i].track);
			IS_TEXT(learner->language, rows[i].language);
		}
		read_done(&read);
	}
}

static void each_mistake_has_its_place(void)
{
	static const struct {
		const char *bytes, *told;
	} rows[] = {
		{"", "r:1:1: the file is empty"},
		{"\xef\xbb\xbf", "r:1:1: the file is empty"},
		{"handle\n", "r:1:1: there is no learner below the first line"},
		{"handle,handle\nasha,asha\n", "r:1:8: the column 'handle' is there twice"},
		{"name\nasha\n", "one of them is handle"},
		{"handle,name\nasha\n", "r:2:1: 1 cells, but the first line names 2 columns"},
		{"handle,name\nasha,Rao,x\n", "r:2:1: 3 cells"},
		{"handle\nas\n", "r:2:1: 'as' is no handle; write 3 to 31"},
		{"name,handle\n\xe0\xa4\xae\xe0\xa5\x80,As\n", "r:2:4: 'As' is no handle"},
		{"handle,name\nasha,\"two\nlines\"\nravi,\xff\n", "r:4:6: '\\xff' is not one line"},
		{"handle,name\nasha,\"two\nlines\"\n", "r:2:6: 'two\\nlines' is not one line"},
		{"handle,language\nasha,xx\n", "r:2:6: 'xx' is no language"},
		{"handle,track\nasha,C++\n", "r:2:6: 'C++' is no track"},
		{"handle,e-mail\nasha,a@b@c.d\n", "r:2:6: 'a@b@c.d' is no mail address"},
		{"handle\n\"asha\n", "r:2:1: the quote that begins here has no end"},
		{"\xff\xfeh", "r:1:1: the file is in UTF-16"},
		{"handle\nasha\n\x1b[31m\n", "r:3:1: '\\x1b[31m' is no handle"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct read read;

		read_list(&read, rows[i].bytes, strlen(rows[i].bytes), "php");
		IS(read.ret, -EBADMSG);
		HAS_TEXT(text_get(&read.told), rows[i].told);
		read_done(&read);
	}
}

static void all_mistakes_are_told_at_once(void)
{
	static const char bytes[] = "handle,e-mail\nAs,x\nasha,a@b.c\nB,y\nravi";
	struct read read;

	read_list(&read, bytes, sizeof(bytes) - 1, "php");
	IS(read.list.error_count, 5);
	read_done(&read);
	/* Without --track, each row. */
	read_list(&read, "handle\nasha\nravi\n", 17, NULL);
	IS(read.list.error_count, 2);
	HAS_TEXT(text_get(&read.told), "r:3:1: no track: fill the column track, or say --track");
	read_done(&read);
	/* A NUL byte hides nothing. */
	read_list(&read, "handle\nasha\0evil\n", 17, "php");
	IS(read.list.error_count, 1);
	HAS_TEXT(text_get(&read.told), "r:2:1: a NUL byte");
	read_done(&read);
}

static void a_list_has_an_end(void)
{
	struct text bytes = {0};
	struct read read;

	text_add(&bytes, "handle\n");
	for (int i = 0; i <= ROSTER_ROWS_MAX; i++)
		text_addf(&bytes, "learner-%d\n", i);
	read_list(&read, text_get(&bytes), bytes.length, "php");
	IS(read.list.error_count, 1);
	HAS_TEXT(text_get(&read.told), "more than 10000 learners");
	read_done(&read);
	text_clear(&bytes);
	text_add(&bytes, "handle");
	for (int i = 0; i < 1000; i++)
		text_add(&bytes, ",handle");
	read_list(&read, text_get(&bytes), bytes.length, "php");
	IS(read.ret, -EBADMSG);
	read_done(&read);
	text_done(&bytes);
}

/* clang-format off */
TAP_MAIN(
	T(a_list_becomes_learners)
	T(each_mistake_has_its_place)
	T(all_mistakes_are_told_at_once)
	T(a_list_has_an_end)
)
