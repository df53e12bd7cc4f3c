// SPDX-License-Identifier: GPL-2.0
/* engine: the supervisor, and the commands that talk to it. */
#include "base/program.h"
#include "program.h"

int main(int argc, char **argv)
{
	return program_main(&engine_program, argc, argv);
}
