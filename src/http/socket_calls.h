// SPDX-License-Identifier: MPL-2.0
// What is asked of a connected socket in each system's own way. Private to http/. Never blocks.
#pragma once

#include <chrono>
#include <cstdint>

#include "http/message.h"
#include "http/transport.h"

namespace slipway::http {

/// A flag for send(2): other bytes follow at once. 0 where the system has none.
extern const int more_follows;

/// What send(2) said with this result. An interrupted call is tried again at the next readiness.
Transport::Moved moved_by(ssize_t sent);

/// From a file to a socket, as much as it takes now. `failed`: the file cannot be read, or has ended.
Transport::Moved send_file(int socket, int file, std::uint64_t offset, std::uint64_t count);

/// Bytes that were handed over and that the peer has not acknowledged; 0 where the system does not tell.
int unacknowledged(int socket);

/// How long the system itself waits for a peer that acknowledges nothing, where it can be told.
void give_up_after(int socket, std::chrono::milliseconds silence);

/// Who is at the other end of a unix socket; numbers that nobody has where the system does not tell.
UnixPeer peer_of(int socket);

}  // namespace slipway::http
