/* SPDX-License-Identifier: MPL-2.0 */
/* What a multiboot 1 loader leaves for the kernel; only what we read. */
#pragma once
#include <stdint.h>

enum { MULTIBOOT1_LOADED = 0x2BADB002, MULTIBOOT2_LOADED = 0x36d76289 };
enum { HAS_MEMORY = 1 << 0, HAS_COMMAND_LINE = 1 << 2, HAS_MODULES = 1 << 3, HAS_LOADER_NAME = 1 << 9 };

struct loaded_module {
  uint32_t start;
  uint32_t end; /* one past the last byte */
  uint32_t text;
  uint32_t reserved;
};

struct multiboot_info {
  uint32_t flags;
  uint32_t memory_lower, memory_upper; /* KiB */
  uint32_t boot_device;
  uint32_t command_line;
  uint32_t module_count, modules;
  uint32_t symbols[4];
  uint32_t memory_map_length, memory_map;
  uint32_t drives_length, drives;
  uint32_t configuration;
  uint32_t loader_name;
};
