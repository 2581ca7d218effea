/* SPDX-License-Identifier: MPL-2.0 */
/* The few string functions a kernel without a library needs. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

size_t text_length(const char* text);
bool same_text(const char* left, const char* right);
bool starts_with(const char* text, const char* start);
/* The first occurrence, or NULL. */
const char* find_text(const char* text, const char* wanted);
/* Cuts the next word off `*rest` in place, as strsep(3) does: blanks in a row make empty words. */
char* next_word(char** rest);
bool is_blank(char c);
