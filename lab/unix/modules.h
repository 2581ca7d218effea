/* SPDX-License-Identifier: MPL-2.0 */
/* Boot modules, read as illumos dboot reads them (dboot_startkern.c: process_module and its friends). */
#pragma once
#include "multiboot.h"
#include "text.h"

enum { MODULE_LIMIT = 99 }; /* MAX_BOOT_MODULES */
enum module_type { ROOTFS, PLAIN_FILE, HASH, ENVIRONMENT, CONSOLE_FONT };

struct module {
  const uint8_t* data;
  uint32_t size;
  const char* source; /* the first word: the address it was loaded from */
  const char* name;
  enum module_type type;
  const char* expected; /* 40 hexadecimal digits, or NULL */
};

struct module_list {
  struct module item[MODULE_LIMIT];
  uint32_t count;
};

/* Reads, prints and verifies every module; panics where dboot does. Takes the texts apart in place. */
void read_modules(const struct multiboot_info* info, struct module_list* list);

/* The boot archive: the first module of type rootfs. Panics without one. */
const struct module* find_rootfs(const struct module_list* list);
