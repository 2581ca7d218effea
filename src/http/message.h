// SPDX-License-Identifier: MPL-2.0
// HTTP requests and responses as values (RFC 9110). A request that reached a handler is whole and
// checked: its target is decoded, its path cannot leave its root, its body is within the limit.
// Knows no socket and no parser. A response is a small body, a slice of an open file, or a stream.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <sys/types.h>

#include "base/address.h"
#include "base/safe_path.h"
#include "base/unique_fd.h"
#include "http/stream_writer.h"

namespace slipway::http {

enum class Method { get, head, post, put, delete_, options, other };
std::string_view to_string(Method method);

/// `/os/20240102T030405Z/platform/...?arch=7`, percent-decoded (RFC 3986 §2.1).
struct Target {
  std::string raw;  ///< as sent, for logs
  SafePath path;    ///< empty for "/"
  std::vector<std::pair<std::string, std::string>> query;

  /// The first value of `name`; nothing when it is not there.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

/// The fields handlers decide by; all others are read and forgotten.
struct Fields {
  std::string host;
  std::string user_agent;
  std::string accept;
  std::string authorization;
  std::string content_type;
  std::string range;
  std::string if_range;
  std::string if_match;
  std::string if_none_match;
  std::string last_event_id;
};

/// Who is at the other end of a unix socket, as the system tells.
struct UnixPeer {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  ///< the others it is in
};
using Peer = std::variant<Endpoint, UnixPeer>;

struct Request {
  std::uint64_t id = 0;  ///< unique within one server
  Method method = Method::get;
  int minor_version = 1;  ///< HTTP/1.x
  Target target;
  Fields fields;
  std::string body;
  Peer peer;
  Endpoint local;       ///< the address the client asked; any() over a unix socket
  bool secure = false;  ///< it came through TLS

  /// The client's address; any() over a unix socket.
  Ipv4 client_address() const;
};

/// A file held open for serving. Shared between connections; never written to.
struct OpenFile {
  UniqueFd fd;
  std::uint64_t size = 0;
  std::string etag;  ///< a strong entity tag without its quotes: the digest. Empty: none is sent
  std::string content_type = "application/octet-stream";
};

struct FileSlice {
  std::shared_ptr<const OpenFile> file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// Pieces of one file, with text in front of each (multipart/byteranges, RFC 9110 §14.6). A last piece may
/// be text alone.
struct FileParts {
  struct Part {
    std::string text;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };
  std::shared_ptr<const OpenFile> file;
  std::vector<Part> parts;
};

/// Server-sent events and the like: what is written to `writer` goes to the client until either ends.
struct Stream {
  std::shared_ptr<StreamWriter> writer;
};

struct Header {
  std::string name, value;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<Header> headers;  ///< besides Content-Type, Content-Length, Connection and Date
  std::variant<std::string, std::shared_ptr<const std::string>, FileSlice, FileParts, Stream> body;
  bool trusted = false;  ///< who asked has shown who that is: the connection makes room for no stranger's
};

Response text(int status, std::string body);
/// A body that many clients get: rendered once, shared, never copied.
Response shared_text(std::shared_ptr<const std::string> body, std::string content_type);
/// An error on the boot plane: one line that says the reason, for whoever reads the node's console.
Response refusal(int status, std::string_view reason);

/// "Not Found" for 404 (RFC 9110 §15); "Status" for a code without a name here.
std::string_view reason_phrase(int status);

}  // namespace slipway::http
