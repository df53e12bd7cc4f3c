// SPDX-License-Identifier: GPL-2.0
/* The commands that need no container: features and spec. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "commands.h"
#include "default_config.h"
#include "features.h"
#include "folder.h"

#define PRETTY (JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE)

int oci_features(const struct oci_options *options, struct failure *failure)
{
	struct json_object *json = features_build();
	const char *text = json ? json_object_to_json_string_ext(json, PRETTY) :
				  NULL;

	(void)options;
	if (text)
		puts(text);
	json_object_put(json);
	return text ? EXIT_OK :
		      failed_errno(failure, -ENOMEM, "printing the features");
}

static int write_new(const char *dir, const char *text, struct failure *failure)
{
	int folder __cleanup_close = file_open(AT_FDCWD, dir,
					       O_PATH | O_DIRECTORY);
	FILE *f __cleanup_fclose = NULL;
	int fd;

	if (folder < 0)
		return failed_errno(failure, folder, "opening the bundle %s",
				    dir);
	fd = openat(folder, FOLDER_CONFIG,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (f && fprintf(f, "%s\n", text) >= 0 && !fflush(f))
		return 0;
	return failed_errno(failure, -errno, "writing %s/" FOLDER_CONFIG, dir);
}

int oci_spec(const struct oci_options *options, struct failure *failure)
{
	struct json_object *json = default_config_build();
	const char *text = json ? json_object_to_json_string_ext(json, PRETTY) :
				  NULL;
	int err = text ? write_new(options->bundle ? options->bundle : ".",
				   text, failure) :
			 failed_errno(failure, -ENOMEM,
				      "writing a configuration");

	json_object_put(json);
	return err ? -1 : EXIT_OK;
}
