/* SPDX-License-Identifier: MPL-2.0 */
#include "text.h"

size_t text_length(const char* text) {
  size_t length = 0;
  while (text[length] != '\0') length++;
  return length;
}

bool same_text(const char* left, const char* right) {
  while (*left != '\0' && *left == *right) {
    left++;
    right++;
  }
  return *left == *right;
}

bool starts_with(const char* text, const char* start) {
  while (*start != '\0') {
    if (*text++ != *start++) return false;
  }
  return true;
}

const char* find_text(const char* text, const char* wanted) {
  for (; *text != '\0'; text++) {
    if (starts_with(text, wanted)) return text;
  }
  return NULL;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\n' || c == '\r';
}

char* next_word(char** rest) {
  char* word = *rest;
  char* end = word;
  while (*end != '\0' && !is_blank(*end)) end++;
  *rest = *end == '\0' ? NULL : end + 1;
  *end = '\0';
  return word;
}

/* The compiler may call these by itself. */
void* memset(void* to, int value, size_t length) {
  for (size_t i = 0; i < length; i++) ((volatile uint8_t*)to)[i] = (uint8_t)value;
  return to;
}

void* memcpy(void* to, const void* from, size_t length) {
  for (size_t i = 0; i < length; i++) ((volatile uint8_t*)to)[i] = ((const uint8_t*)from)[i];
  return to;
}
