/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON documents that callers hand over: parsing them, within limits.
 *
 * The limits are above what any container can use: the kernel takes 6 MiB of arguments
 * and environment at most, and a document of the callers has four levels around them.
 */
#ifndef DOCUMENT_DOCUMENT_H
#define DOCUMENT_DOCUMENT_H

#include <stddef.h>

#include <json-c/json.h>

#include "base/failure.h"

#define DOCUMENT_MIB_MAX    16
#define DOCUMENT_DEPTH_MAX  32
#define DOCUMENT_VALUES_MAX 262144

/**
 * document_parse() - parse a document whose value is an object
 * It must be valid UTF-8. No string or key may have the character NUL.
 * Returns 0 and sets @json, for json_object_put(), or returns -1.
 */
int document_parse(const char *text, size_t len, struct json_object **json,
		   struct failure *failure);

/** document_read() - the same from an open file, pipe or socket, up to its end */
int document_read(int fd, struct json_object **json, struct failure *failure);

/**
 * document_open() - the same from the file @path, below @folder; errors name the path
 * @text: if not NULL, set to the text of the document, for free()
 */
int document_open(int folder, const char *path, struct json_object **json,
		  char **text, struct failure *failure);

#endif /* DOCUMENT_DOCUMENT_H */
