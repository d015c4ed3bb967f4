/* SPDX-License-Identifier: MIT */
/*
 * Runtimes ask /proc how large the machine is. A box answers with its own limits: a JVM or Node.js then
 * sizes its heap and its pools for the box, and no figure of the host or of other boxes shows.
 */
#include "sandbox/plan/proc.h"

#include "sandbox/base/text.h"

static const char *cpuinfo_text(struct arena *arena, const struct mp_box_spec *spec)
{
	struct text text mp_autotext;

	text_init(&text, 0);
	if (spec->cpus == 0)
		return NULL;
	for (int i = 0; i < spec->cpus; i++)
		text_addf(
			&text,
			"processor\t: %d\nvendor_id\t: milepost\nmodel name\t: box\ncpu MHz\t\t: 1000.000\n"
			"physical id\t: 0\nsiblings\t: %d\ncore id\t\t: %d\ncpu cores\t: %d\n\n",
			i, spec->cpus, i, spec->cpus);
	return arena_text(arena, text_get(&text));
}

static const char *stat_text(struct arena *arena, const struct mp_box_spec *spec)
{
	struct text text mp_autotext;

	text_init(&text, 0);
	if (spec->cpus == 0)
		return NULL;
	text_add(&text, "cpu  0 0 0 0 0 0 0 0 0 0\n");
	for (int i = 0; i < spec->cpus; i++)
		text_addf(&text, "cpu%d 0 0 0 0 0 0 0 0 0 0\n", i);
	text_add(&text, "intr 0\nctxt 0\nbtime 0\nprocesses 1\nprocs_running 1\nprocs_blocked 0\n");
	return arena_text(arena, text_get(&text));
}

static const char *meminfo_text(struct arena *arena, const struct mp_box_spec *spec)
{
	long long kib = (long long)(spec->memory_bytes / 1024);

	return arena_format(
		arena,
		"MemTotal:       %8lld kB\nMemFree:        %8lld kB\nMemAvailable:   %8lld kB\n"
		"Buffers:               0 kB\nCached:                0 kB\nSwapCached:            0 kB\n"
		"Active:                0 kB\nInactive:              0 kB\nSwapTotal:             0 kB\n"
		"SwapFree:              0 kB\nShmem:                 0 kB\nSReclaimable:          0 kB\n",
		kib, kib, kib);
}

static const char *loadavg_text(struct arena *arena, const struct mp_box_spec *spec)
{
	(void)arena;
	(void)spec;
	return "0.00 0.00 0.00 1/1 1\n";
}

static const char *uptime_text(struct arena *arena, const struct mp_box_spec *spec)
{
	(void)arena;
	(void)spec;
	return "60.00 60.00\n";
}

const struct proc_file proc_files[] = {
	{"cpuinfo", cpuinfo_text}, {"meminfo", meminfo_text}, {"stat", stat_text},
	{"loadavg", loadavg_text}, {"uptime", uptime_text},
};
const size_t proc_file_count = sizeof(proc_files) / sizeof(proc_files[0]);

/*
 * What anyone may read and what tells of the host or of others. Files that only the host's root may open
 * (kcore, kmsg, sysrq-trigger, timer_list) need no cover: no id of a box is that.
 */
const char *const proc_masked_files[] = {
	"kallsyms", "keys",   "key-users", "modules",	"cmdline",	 "diskstats", "interrupts",
	"softirqs", "vmstat", "zoneinfo",  "schedstat", "latency_stats", NULL,
};
const char *const proc_masked_folders[] = {"bus", "fs", "irq", "pressure", NULL};
