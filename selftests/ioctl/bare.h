/* SPDX-License-Identifier: GPL-2.0 */
/*
 * System calls for programs that are also built for 32 bits. The 32-bit build has
 * no C library, because a machine that builds Purser need not have a 32-bit one.
 * Other builds use the C library.
 */
#ifndef BARE_H
#define BARE_H

#ifdef __i386__

#include <asm/fcntl.h>
#include <asm/unistd.h>

/* bare_call() - make a system call; returns a negative errno, as the kernel does */
static long bare_call(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(number), "b"(a), "c"(b), "d"(c)
			 : "memory");
	return result;
}

/* The compiler calls memset() to zero a structure. */
void *memset(void *to, int byte, __SIZE_TYPE__ n);

void *memset(void *to, int byte, __SIZE_TYPE__ n)
{
	volatile char *p = to;

	while (n--)
		*p++ = byte;
	return to;
}

int main(int argc, char **argv);
void __attribute__((noreturn)) bare_start(long *stack);

void bare_start(long *stack)
{
	bare_call(__NR_exit, main(stack[0], (char **)(stack + 1)), 0, 0);
	__builtin_unreachable();
}

/* Align the stack; 12 bytes and the argument keep it aligned for the call. */
__asm__(".globl _start\n"
	"_start:\n"
	"	mov %esp, %eax\n"
	"	and $-16, %esp\n"
	"	sub $12, %esp\n"
	"	push %eax\n"
	"	call bare_start\n");

#else

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

static long bare_call(long number, long a, long b, long c)
{
	long result = syscall(number, a, b, c);

	return result < 0 ? -errno : result;
}

#endif

#endif /* BARE_H */
