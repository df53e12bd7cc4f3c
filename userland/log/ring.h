/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring of the bounded buffer as it lies in its file. buffer.h says which thread may
 * touch which part of it when.
 */
#ifndef LOG_RING_H
#define LOG_RING_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "record.h"

#define LOG_RING_FILE	 "buffer"
#define LOG_RING_MAGIC	 0x474f4c5245535250ull /* "PRSERLOG" */
#define LOG_RING_VERSION 1

/* Where the data begins: the header has a page of its own. */
#define LOG_RING_DATA 4096

#define LOG_NO_INTENT UINT64_MAX

/**
 * struct log_intent - what the producer is about to put into the ring, see transfer.h
 * @head: the position of the record to come. If it is not the head of the ring, the
 *	intent is void.
 * @key, @stream: as in struct log_record
 * @length: of the payload; 0: not known yet
 */
struct log_intent {
	_Atomic uint64_t head;
	uint64_t key;
	uint32_t stream;
	_Atomic uint32_t length;
};

/** struct log_ring - the file; everything before @data takes LOG_RING_DATA bytes */
struct log_ring {
	uint64_t magic;
	uint32_t version;
	uint32_t reserved; /* 0 */
	uint64_t size;	   /* of @data */
	_Atomic uint64_t head;
	_Atomic uint64_t tail;
	struct log_intent intent;
	char unused[LOG_RING_DATA - 64];
	uint8_t data[];
};

/*
 * A process that maps the file later sees a store only after all stores before it: the
 * processor keeps the order of its own stores, and release keeps the compiler from
 * changing it.
 */
static inline uint64_t ring_get(const _Atomic uint64_t *position)
{
	return atomic_load_explicit(position, memory_order_acquire);
}

static inline void ring_set(_Atomic uint64_t *position, uint64_t value)
{
	atomic_store_explicit(position, value, memory_order_release);
}

/** log_ring_open() - map the file in the folder @dir, see log_buffer_open() */
int log_ring_open(struct log_ring **out, const char *dir, size_t bytes);
void log_ring_unmap(struct log_ring *ring);

/** log_ring_locate() - where the bytes [@pos, @pos + @len) lie */
void log_ring_locate(struct log_ring *ring, uint64_t pos, size_t len,
		     struct iovec piece[2]);
void log_ring_put_header(struct log_ring *ring, uint64_t pos,
			 const struct log_record *rec);
/** log_ring_view() - the record at @pos */
void log_ring_view(struct log_ring *ring, uint64_t pos, struct log_view *v);

#endif /* LOG_RING_H */
