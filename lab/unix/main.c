/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A stand-in for illumos `unix`: loaded, fed and refused like it, but all it does is say what it got.
 * It does not imitate what comes after: no page tables, no linking, no file system.
 */
#include "command_line.h"
#include "console.h"
#include "modules.h"

/* lab/image.py writes the build's stamp after the mark, here and in the boot archive. */
static volatile const char stamp_mark[64] = "slipway-stamp:unstamped";
enum { MARK_LENGTH = 14, ARCHIVE_STAMP_AT = 512 };
/* A UFS superblock lies at 8192 and its magic at 1372 in it. */
enum { UFS_MAGIC = 0x00011954, UFS_MAGIC_AT = 9564 };

static const char* our_stamp(void) {
  return (const char*)stamp_mark + MARK_LENGTH;
}

static void check_archive(const struct module* archive) {
  if (archive->size < UFS_MAGIC_AT + sizeof(uint32_t))
    panic("the boot archive of %u bytes is too short for a file system", archive->size);
  uint32_t magic = *(const uint32_t*)(archive->data + UFS_MAGIC_AT);
  if (magic != UFS_MAGIC)
    panic("the boot archive is no UFS file system: magic 0x%x at %u", magic, UFS_MAGIC_AT);
  const char* stamp = (const char*)archive->data + ARCHIVE_STAMP_AT + MARK_LENGTH;
  if (!same_text(stamp, our_stamp()))
    panic("krtld: error during initial load/link phase: unix is of build %s, the boot archive of %s",
          our_stamp(), stamp);
  say("archive: UFS, build %s", stamp);
}

void start_kernel(uint32_t magic, const struct multiboot_info* info) {
  static struct module_list modules;
  console_open();
  say("stand-in for illumos unix, build %s", our_stamp());
  if (magic == MULTIBOOT2_LOADED) panic("loaded by multiboot 2, which this stand-in does not imitate");
  if (magic != MULTIBOOT1_LOADED) panic("unknown boot loader magic 0x%x", magic);
  if (info->flags & HAS_LOADER_NAME) say("loader: %s", (const char*)info->loader_name);
  if (info->flags & HAS_MEMORY) say("memory: %u MiB", info->memory_upper / 1024 + 1);
  const char* line = info->flags & HAS_COMMAND_LINE ? (const char*)info->command_line : "";
  say("command line: %s", line);
  print_arguments(line);
  refuse_multiboot_word(line);
  refuse_truncation(info);
  read_modules(info, &modules);
  const struct module* archive = find_rootfs(&modules);
  check_kernel_path(line);
  check_archive(archive);
  started();
}
