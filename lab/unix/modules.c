/* SPDX-License-Identifier: MPL-2.0 */
#include "modules.h"

#include "console.h"
#include "sha1.h"

enum { IPXE_MODULE_LIMIT = 8 };

static const char* const type_names[] = {"rootfs", "file", "hash", "environment", "console-font"};

static enum module_type type_from(const char* text) {
  for (unsigned i = 0; i < sizeof type_names / sizeof *type_names; i++) {
    if (same_text(text, type_names[i])) return (enum module_type)i;
  }
  say("warning: unknown module type '%s', taken as 'file'", text);
  return PLAIN_FILE;
}

/* The first word is the default name; type= name= hash= may follow; an empty value says nothing. */
static void read_text(struct module* module, char* rest) {
  module->source = module->name = next_word(&rest);
  while (rest != NULL) {
    char* word = next_word(&rest);
    char* value = word + 5;
    if (starts_with(word, "name=")) {
      if (*value != '\0') module->name = value;
    } else if (starts_with(word, "type=")) {
      if (*value != '\0') module->type = type_from(value);
    } else if (starts_with(word, "hash=")) {
      if (*value != '\0') module->expected = value;
    } else {
      say("warning: ignoring unknown module option '%s'", word);
    }
  }
}

/* Old style: one or two modules without types are the rootfs and its hash (fixup_modules). */
static void type_untyped(struct module_list* list) {
  if (list->count == 0 || list->count > 2) return;
  for (uint32_t i = 0; i < list->count; i++) {
    if (list->item[i].type != PLAIN_FILE || list->item[i].expected != NULL) return;
  }
  list->item[0].type = ROOTFS;
  if (list->count == 2) {
    say("warning: two modules without type=: the second is taken as the hash of the first");
    list->item[1].type = HASH;
    list->item[1].name = list->item[0].name;
  }
}

/* A hash module belongs to the module of the same name; a short one is ignored. */
static void assign_hashes(struct module_list* list) {
  for (uint32_t i = 0; i < list->count; i++) {
    struct module* module = &list->item[i];
    if (module->type == HASH || module->expected != NULL) continue;
    for (uint32_t j = 0; j < list->count; j++) {
      const struct module* hash = &list->item[j];
      if (hash->type != HASH || !same_text(hash->name, module->name)) continue;
      if (hash->size < SHA1_HEX)
        say("warning: hash of %s has %u bytes instead of 40: ignored", hash->name, hash->size);
      else
        module->expected = (const char*)hash->data;
      break;
    }
  }
}

static char lower_case(char c) {
  return c >= 'A' && c <= 'F' ? (char)(c + 'a' - 'A') : c;
}

static bool same_digest(const char* expected, const char* actual) {
  for (int i = 0; i < SHA1_HEX; i++) {
    if (lower_case(expected[i]) != actual[i]) return false;
  }
  return true;
}

/* dboot checks in the order of loading and stops at the first mismatch. */
static void check(const struct module* module, uint32_t number) {
  char digest[SHA1_HEX + 1];
  sha1_hex(module->data, module->size, digest);
  say("module %u: type=%s name=%s size=%u sha1=%s from=%s", number, type_names[module->type], module->name,
      module->size, digest, module->source);
  if (module->type == HASH) return;
  if (module->expected == NULL)
    say("warning: %s has no hash: not verified", module->name);
  else if (same_digest(module->expected, digest))
    say("verified: %s", module->name);
  else
    panic("hash mismatch! %s is not what its hash module says", module->name);
}

void read_modules(const struct multiboot_info* info, struct module_list* list) {
  const struct loaded_module* loaded = (const struct loaded_module*)info->modules;
  list->count = info->flags & HAS_MODULES ? info->module_count : 0;
  if (list->count > MODULE_LIMIT)
    panic("too many modules (%u), the maximum is %u", list->count, MODULE_LIMIT);
  if (list->count == IPXE_MODULE_LIMIT)
    say("warning: eight modules: iPXE drops any further one without a word");

  for (uint32_t i = 0; i < list->count; i++) {
    if (loaded[i].start > loaded[i].end) panic("module %u ends before it starts", i);
    struct module* module = &list->item[i];
    *module = (struct module){.data = (const uint8_t*)loaded[i].start,
                              .size = loaded[i].end - loaded[i].start,
                              .source = "",
                              .name = "(no name)",
                              .type = PLAIN_FILE};
    if (loaded[i].text != 0) read_text(module, (char*)loaded[i].text);
  }
  type_untyped(list);
  assign_hashes(list);
  for (uint32_t i = 0; i < list->count; i++) check(&list->item[i], i);
}

const struct module* find_rootfs(const struct module_list* list) {
  for (uint32_t i = 0; i < list->count; i++) {
    if (list->item[i].type == ROOTFS) return &list->item[i];
  }
  panic("krtld: error during initial load/link phase: no module of type rootfs among %u", list->count);
}
