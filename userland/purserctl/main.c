// SPDX-License-Identifier: GPL-2.0
/* purserctl: look at the kernel's container table and change it. */
#include "base/program.h"
#include "program.h"

int main(int argc, char **argv)
{
	return program_main(&purserctl_program, argc, argv);
}
