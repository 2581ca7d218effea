/* SPDX-License-Identifier: MPL-2.0 */
/* What we say goes to COM1, one fact a line, each line begun with "slipway-unix: ". */
#pragma once
#include <stdnoreturn.h>

void console_open(void);
/* %s text, %u unsigned, %x hexadecimal, %%. */
__attribute__((format(printf, 1, 2))) void say(const char* format, ...);

/* The two ends. Under QEMU with isa-debug-exit at 0xf4 they are exit codes 33 and 35. */
noreturn void started(void);
__attribute__((format(printf, 1, 2))) noreturn void panic(const char* format, ...);
