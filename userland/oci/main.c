// SPDX-License-Identifier: GPL-2.0
/* purser-oci: an OCI runtime over the kernel's table of containers. */
#include "base/program.h"
#include "launch/launch.h"
#include "program.h"

int main(int argc, char **argv)
{
	return program_main(&purser_oci, argc, argv);
}
