/* SPDX-License-Identifier: MPL-2.0 */
/* SHA-1 (RFC 3174) of a piece of memory, as dboot computes it over each module that has a hash. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { SHA1_HEX = 40 };

/* Writes 40 lower-case hexadecimal digits and a NUL. */
void sha1_hex(const uint8_t* data, size_t length, char hex[SHA1_HEX + 1]);
