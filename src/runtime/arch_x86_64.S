/* See arch.h. The system call's own ABI: number in rax; arguments in rdi, rsi, rdx, r10, r8, r9; the
 * kernel overwrites rax, rcx and r11. */

    .text

/* long tb_arch_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl tb_arch_syscall
    .hidden tb_arch_syscall
    .type tb_arch_syscall, @function
tb_arch_syscall:
    .cfi_startproc
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %r8, %r10
    mov %r9, %r8
    mov 8(%rsp), %r9
    syscall
    ret
    .cfi_endproc
    .size tb_arch_syscall, . - tb_arch_syscall

/* long tb_arch_clone(const void *arguments, size_t size, void (*run)(struct tb_task *),
 *                    struct tb_task *task)
 * `run` stays in rdx; `task` moves from rcx, which the kernel overwrites, to r8. */
    .globl tb_arch_clone
    .hidden tb_arch_clone
    .type tb_arch_clone, @function
tb_arch_clone:
    .cfi_startproc
    mov %rcx, %r8
    mov $435, %eax              /* clone3 */
    syscall
    test %eax, %eax
    jz 1f
    ret
1:  .cfi_undefined rip          /* the child: nothing called it */
    xor %ebp, %ebp
    mov %r8, %rdi
    call *%rdx
    xor %edi, %edi
    mov $60, %eax               /* exit: this thread only */
    syscall
    hlt
    .cfi_endproc
    .size tb_arch_clone, . - tb_arch_clone

    .section .note.GNU-stack, "", @progbits
