# SPDX-License-Identifier: MPL-2.0
# The multiboot headers and the door a boot loader enters by.
#
# illumos unix is an ELF64 file that says in its multiboot 1 header how to load it without reading
# the ELF part (the "a.out kludge", flag 16), because loaders of this protocol know ELF32 only.
# dboot is entered there in 32-bit mode, and so are we.

#define MULTIBOOT1_MAGIC 0x1BADB002
#define MULTIBOOT1_FLAGS 0x00010003  /* a.out kludge, memory information, page-aligned modules */
#define MULTIBOOT2_MAGIC 0xE85250D6

        .section .header, "a"
        .balign 8
multiboot1:
        .long   MULTIBOOT1_MAGIC
        .long   MULTIBOOT1_FLAGS
        .long   -(MULTIBOOT1_MAGIC + MULTIBOOT1_FLAGS)
        .long   multiboot1              # header_addr
        .long   load_start              # load_addr
        .long   load_end                # load_end_addr
        .long   bss_end                 # bss_end_addr
        .long   enter                   # entry_addr

        .balign 8
multiboot2:
        .long   MULTIBOOT2_MAGIC
        .long   0                       # i386, 32-bit protected mode
        .long   multiboot2_end - multiboot2
        .long   -(MULTIBOOT2_MAGIC + (multiboot2_end - multiboot2))
        .word   0, 0                    # the end tag
        .long   8
multiboot2_end:

        .text
        .code32
        .globl  enter
enter:  cli
        cld
        movl    $stack_top, %esp
        xorl    %ebp, %ebp
        pushl   %ebx                    # the multiboot information
        pushl   %eax                    # the loader's magic
        call    start_kernel
1:      hlt
        jmp     1b

        .bss
        .balign 16
        .space  16384
stack_top:

        .section .note.GNU-stack, "", @progbits
