/* SPDX-License-Identifier: LGPL-2.1 */
/* Mutexes that are held until the end of a scope, as by the kernel's guard(mutex). */
#ifndef BASE_MUTEX_H
#define BASE_MUTEX_H

#include <pthread.h>

static inline pthread_mutex_t *mutex_take(pthread_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
	return mutex;
}

static inline void mutex_drop(pthread_mutex_t **mutex)
{
	pthread_mutex_unlock(*mutex);
}

/** guard_mutex() - lock a mutex, and unlock it at the end of the scope; one a scope */
#define guard_mutex(mutex)                                           \
	pthread_mutex_t *guarded __attribute__((cleanup(mutex_drop), \
						unused)) = mutex_take(mutex)

#endif /* BASE_MUTEX_H */
