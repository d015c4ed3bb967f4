/* SPDX-License-Identifier: MIT */
/* Clocks. */
#ifndef SANDBOX_BASE_CLOCK_H
#define SANDBOX_BASE_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC in ms, us. */
int64_t clock_now_ms(void);
int64_t clock_now_us(void);

/* CLOCK_REALTIME in ms since 1970. */
int64_t clock_wall_ms(void);

#endif
