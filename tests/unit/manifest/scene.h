/* SPDX-License-Identifier: MIT */
/*
 * A folder of exercises for tests: a small road, and hello-api with slips put in by the test. While a
 * scene is open it is the current folder, so complaints name exercises/5/hello-api/exercise.yaml.
 */
#ifndef TESTS_UNIT_MANIFEST_SCENE_H
#define TESTS_UNIT_MANIFEST_SCENE_H

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "grader/manifest/manifest.h"
#include "sandbox/base/path.h"
#include "tests/helper/fake_probes.h"
#include "tests/helper/tap.h"

#define HELLO	   "exercises/5/hello-api/exercise.yaml"
#define HELLO_BASE "exercises/5/hello-api/"

struct scene {
	char *hello; /* exercise.yaml without a slip; owned */
	char *road;  /* milestones.yaml; owned */
	char folder[64];
	int home_fd, fd;
};

/* The first place of FROM becomes TO. */
struct slip {
	const char *from, *to;
};

static inline void scene_write(const struct scene *scene, const char *path, const char *text)
{
	int fd = path_create_below(scene->fd, path, O_WRONLY | O_TRUNC, 0644);

	OK(fd >= 0 && path_write_all(fd, text, strlen(text)) == 0);
	(void)close(fd);
}

static inline void scene_open(struct scene *scene)
{
	static const char *const files[] = {
		"reference/python/app.py", "reference/node/app.js",
		"reference/java/App.java", "reference/ruby/app.rb",
		"reference/php/app.php",   "starter/python/app.py",
		"bad/fixed-port.patch",	   "bad/html-errors.patch",
		"bad/concatenates.patch",  "bad/crashes-on-bad-json/app.py",
		"bad/global-name.patch",   "text/en/task.md",
	};
	size_t count;

	*scene = (struct scene){.folder = "/tmp/t_manifest_XXXXXX"};
	scene->home_fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	IS(path_read_below(scene->home_fd, "tests/unit/manifest/data/hello-api.yaml", 1 << 20,
			   &scene->hello, &count),
	   0);
	IS(path_read_below(scene->home_fd, "tests/unit/manifest/data/milestones.yaml", 1 << 20,
			   &scene->road, &count),
	   0);
	OK(mkdtemp(scene->folder) != NULL);
	scene->fd = open(scene->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	IS(fchdir(scene->fd), 0);
	scene_write(scene, "exercises/milestones.yaml", scene->road);
	scene_write(scene, HELLO, scene->hello);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[128];

		(void)snprintf(path, sizeof(path), HELLO_BASE "%s", files[i]);
		scene_write(scene, path, "x\n");
	}
}

static inline void scene_close(struct scene *scene)
{
	OK(strncmp(scene->folder, "/tmp/t_manifest_", 16) == 0);
	IS(fchdir(scene->home_fd), 0);
	(void)path_remove_tree(AT_FDCWD, scene->folder);
	(void)close(scene->fd);
	(void)close(scene->home_fd);
	free(scene->hello);
	free(scene->road);
}

/* TEXT with the slips put in; freed by the caller. */
static inline char *with_slips(const char *text, const struct slip *slips, size_t count)
{
	struct text now;

	text_init(&now, 0);
	text_add(&now, text);
	for (size_t i = 0; i < count; i++) {
		struct text next;
		const char *at = strstr(text_get(&now), slips[i].from);

		if (!OK(at != NULL)) {
			printf("#   not in the file: %s\n", slips[i].from);
			continue;
		}
		text_init(&next, 0);
		text_add_bytes(&next, text_get(&now), (size_t)(at - text_get(&now)));
		text_add(&next, slips[i].to);
		text_add(&next, at + strlen(slips[i].from));
		text_done(&now);
		now = next;
	}
	return text_take(&now);
}

/* "LINE:COLUMN: " of the first place of WHAT in TEXT, columns in characters. */
static inline const char *place_of(const char *text, const char *what, char ret_place[32])
{
	const char *at = strstr(text, what);
	int line = 1;
	int column = 1;

	if (!OK(at != NULL)) {
		printf("#   no place in the file: %s\n", what);
		return "?";
	}
	for (const char *c = text; c < at; c++) {
		column = *c == '\n' ? 1 : column + (((unsigned char)*c & 0xc0) != 0x80);
		line += *c == '\n';
	}
	(void)snprintf(ret_place, 32, "%d:%d: ", line, column);
	return ret_place;
}

/* Load hello-api from TEXT; the complaints land in RET_LINES (freed by the caller). */
static inline int load_text(const struct scene *scene, const char *text,
			    struct exercise **ret_exercise, char **ret_lines)
{
	struct complaint_list list = {0};
	struct road *road = NULL;
	struct mp_error err = {0};
	int ret;

	scene_write(scene, HELLO, text);
	IS(road_load("exercises", &road, NULL, &err), 0);
	if (!road)
		return -EIO;
	ret = exercise_load(road, "hello-api", fake_probes, ret_exercise, &list, &err);
	*ret_lines = strdup(text_get(&list.text));
	if (ret < 0) {
		IS(ret, -EBADMSG);
		IS(err.fault, MP_FAULT_CONTENT);
		OK(list.error_count > 0);
		OK(strncmp(*ret_lines, err.text, strlen(err.text)) == 0);
	}
	complaint_list_done(&list);
	road = road_free(road);
	return ret;
}

#endif
