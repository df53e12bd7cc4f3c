// SPDX-License-Identifier: GPL-2.0
/* purserctl: read and change the kernel's container table. */
#include "base/program.h"
#include "program.h"

int main(int argc, char **argv)
{
	return program_main(&purserctl_program, argc, argv);
}
