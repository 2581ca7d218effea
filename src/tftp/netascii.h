// SPDX-License-Identifier: MPL-2.0
// Mode netascii of RFC 1350: a line ends with CR LF, a CR alone is CR NUL (RFC 764). Pure; any thread.
#pragma once

#include "base/bytes.h"

namespace slipway::tftp {

/// LF to CR LF and CR to CR NUL.
Bytes to_netascii(ByteView content);

/// The way back, block by block: a CR may be the last byte of one. What follows a CR otherwise stays.
class NetasciiReader {
 public:
  Bytes read(ByteView block);
  /// After the last block: a CR that nothing followed.
  Bytes rest();

 private:
  bool after_cr_ = false;
};

}  // namespace slipway::tftp
