/* SPDX-License-Identifier: MPL-2.0 */
#include "command_line.h"

#include "console.h"
#include "text.h"

enum { IPXE_TEXT_BYTES = 512, WORD_LIMIT = 512 };

void refuse_multiboot_word(const char* line) {
  if (find_text(line, "multiboot") != NULL)
    panic("multiboot is no longer used to boot: the word stands in the command line");
}

void refuse_truncation(const struct multiboot_info* info) {
  const struct loaded_module* module = (const struct loaded_module*)info->modules;
  size_t used = text_length((const char*)info->command_line) + 1;
  for (uint32_t i = 0; i < info->module_count; i++) used += text_length((const char*)module[i].text) + 1;
  say("texts: %u of %u bytes", used, IPXE_TEXT_BYTES);
  if (used >= IPXE_TEXT_BYTES)
    panic("command line truncated: kernel and module texts fill all %u bytes", IPXE_TEXT_BYTES);
}

/* Longer words are cut; returns the new length. */
static unsigned append(char word[WORD_LIMIT], unsigned length, char c) {
  if (length < WORD_LIMIT - 1) word[length++] = c;
  return length;
}

/* Copies up to the first blank; returns what follows. */
static const char* copy_word(const char* line, char word[WORD_LIMIT]) {
  unsigned length = 0;
  while (*line != '\0' && !is_blank(*line)) {
    length = append(word, length, *line++);
  }
  word[length] = '\0';
  return line;
}

void check_kernel_path(const char* line) {
  static const char error[] = "krtld: error during initial load/link phase";
  static const char kernel[] = "/platform/i86pc/kernel/amd64/unix";
  char word[WORD_LIMIT];
  copy_word(line, word);
  const char* path = find_text(word, "/platform/");
  if (path == NULL) panic("%s: no /platform/ in the kernel path '%s'", error, word);
  if (find_text(path + 1, "/platform/") != NULL)
    panic("%s: more than one /platform/ in the kernel path '%s'", error, word);
  if (starts_with(path, kernel) && path[sizeof kernel - 1] != '\0')
    panic("%s: '%s' follows the kernel's name", error, path + sizeof kernel - 1);
  if (!same_text(path, kernel)) panic("%s: the boot archive has no '%s'", error, path);
  say("kernel: %s", path);
}

/* One name=value; a quote counts only as the first character of a value; returns what follows. */
static const char* print_property(const char* text) {
  char name[WORD_LIMIT], value[WORD_LIMIT];
  unsigned length = 0;
  for (; *text != '\0' && *text != '=' && !is_blank(*text); text++) {
    if (*text == ',') say("warning: a property without a value swallows the next one");
    length = append(name, length, *text);
  }
  name[length] = '\0';
  length = 0;
  if (*text == '=') text++;
  char quote = *text == '\'' || *text == '"' ? *text++ : '\0';
  for (; *text != '\0'; text++) {
    if (quote != '\0' ? *text == quote : *text == ',' || is_blank(*text)) break;
    length = append(value, length, *text);
  }
  value[length] = '\0';
  if (quote != '\0' && *text == quote) text++;
  say("property: %s=%s", name, value);
  return text;
}

static const char* print_properties(const char* text) {
  while (is_blank(*text)) text++;
  while (*text != '\0' && !is_blank(*text)) {
    text = print_property(text);
    if (*text == ',') text++;
  }
  return text;
}

void print_arguments(const char* line) {
  char word[WORD_LIMIT];
  line = copy_word(line, word); /* the path */
  while (*line != '\0') {
    while (is_blank(*line)) line++;
    if (starts_with(line, "-B")) {
      line = print_properties(line + 2);
    } else if (*line != '\0') {
      line = copy_word(line, word);
      say("argument: %s", word);
    }
  }
}
