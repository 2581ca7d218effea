/* SPDX-License-Identifier: MPL-2.0 */
/* The kernel's command line: <path> [flags] -B name=value,... as dboot, krtld and fakebop read it. */
#pragma once
#include "multiboot.h"

/* dboot takes the word for a boot entry of another age. */
void refuse_multiboot_word(const char* line);

/* iPXE has 512 bytes for all texts together and cuts the last without a word. */
void refuse_truncation(const struct multiboot_info* info);

/* krtld opens the path from the first /platform/ on inside the boot archive. */
void check_kernel_path(const char* line);

/* Prints flags and properties, each on its line, with a warning for what the kernel reads otherwise. */
void print_arguments(const char* line);
