// SPDX-License-Identifier: MPL-2.0
// Errors as values. Strangers' input never throws; start-up failures throw StartupError.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include <boost/system/result.hpp>

namespace slipway {

template <typename T, typename E>
using Result = boost::system::result<T, E>;

/// The machine cannot start or go on: one sentence with the remedy in it. `main` catches it once.
class StartupError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A sentence for a person: what is wrong and what to do about it.
struct Fault {
  Fault() = default;
  /// Two texts, never one: a lone string must not turn into a fault inside a Result<std::string, Fault>.
  Fault(std::string says, std::string do_this) : what(std::move(says)), remedy(std::move(do_this)) {}

  std::string what;    ///< "boot_archive is cut short: 100 of 358400000 bytes"
  std::string remedy;  ///< "download the image again"; may be empty

  std::string sentence() const { return remedy.empty() ? what : what + "; " + remedy; }
  friend bool operator==(const Fault&, const Fault&) = default;
};

}  // namespace slipway

namespace boost {

/// `Result::value()` on an error is a broken invariant: it aborts, whatever the error type.
/// (Found by argument-dependent lookup through boost::source_location.)
template <typename E>
requires(!std::is_convertible_v<E, boost::system::error_code> && !std::is_convertible_v<E, std::error_code>)
    [[noreturn]] void throw_exception_from_error(const E&, const boost::source_location& at) {
  std::fprintf(stderr, "broken invariant: value() of an error at %s:%u\n", at.file_name(),
               unsigned{at.line()});
  std::abort();
}

}  // namespace boost
