/* SPDX-License-Identifier: MPL-2.0 */
#include "console.h"

#include <stdarg.h>
#include <stdint.h>

enum { COM1 = 0x3f8, LINE_STATUS = COM1 + 5, TRANSMITTER_EMPTY = 0x20 };
enum { DEBUG_EXIT = 0xf4, EXIT_STARTED = 0x10, EXIT_PANIC = 0x11 };
enum { PIIX4_POWER = 0x604, SLEEP_S5 = 0x2000 };

static void out_byte(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void out_word(uint16_t port, uint16_t value) {
  __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t in_byte(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static void put(char c) {
  /* Bounded: a board without COM1 must not stop us. */
  for (int patience = 100000; patience > 0; patience--) {
    if (in_byte(LINE_STATUS) & TRANSMITTER_EMPTY) break;
  }
  out_byte(COM1, (uint8_t)c);
}

static void put_text(const char* text) {
  while (*text != '\0') put(*text++);
}

static void put_number(uint32_t number, uint32_t base, unsigned least_digits) {
  char digits[10];
  unsigned count = 0;
  do {
    digits[count++] = "0123456789abcdef"[number % base];
    number /= base;
  } while (number != 0 || count < least_digits);
  while (count > 0) put(digits[--count]);
}

static void put_line(const char* start, const char* format, va_list values) {
  put_text("slipway-unix: ");
  put_text(start);
  for (; *format != '\0'; format++) {
    if (*format != '%') {
      put(*format);
      continue;
    }
    switch (*++format) {
      case 's':
        put_text(va_arg(values, const char*));
        break;
      case 'u':
        put_number(va_arg(values, uint32_t), 10, 1);
        break;
      case 'x':
        put_number(va_arg(values, uint32_t), 16, 8);
        break;
      default:
        put('%');
    }
  }
  put_text("\r\n");
}

void console_open(void) {
  out_byte(COM1 + 1, 0x00); /* no interrupts */
  out_byte(COM1 + 3, 0x80); /* divisor next: 1, that is 115,200 baud */
  out_byte(COM1 + 0, 0x01);
  out_byte(COM1 + 1, 0x00);
  out_byte(COM1 + 3, 0x03); /* 8,n,1 */
  out_byte(COM1 + 2, 0xc7);
  put_text("\r\n");
}

void say(const char* format, ...) {
  va_list values;
  va_start(values, format);
  put_line("", format, values);
  va_end(values);
}

static noreturn void power_off(uint8_t exit_code) {
  out_byte(DEBUG_EXIT, exit_code);
  out_word(PIIX4_POWER, SLEEP_S5); /* QEMU without the debug device */
  for (;;) __asm__ volatile("cli; hlt");
}

void started(void) {
  say("started");
  power_off(EXIT_STARTED);
}

void panic(const char* format, ...) {
  va_list values;
  va_start(values, format);
  put_line("panic: ", format, values);
  va_end(values);
  power_off(EXIT_PANIC);
}
