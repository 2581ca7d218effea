// SPDX-License-Identifier: MPL-2.0
// The names Slipway serves files under, the same over TFTP and HTTP: the only place that builds them
// and the only place that takes them apart. Pure text: whether a file exists is the caller's question.
// Any thread. A path that is no name yields a NameError with a sentence; it never throws.
//
// Clients write the same path in many ways: with and without a leading '/', with "//", with a trailing
// 0xFF (ROMs that append the option list's end mark to an unterminated option 67), MAC addresses in
// either case. All of them mean the same name here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/address.h"
#include "base/result.h"
#include "base/safe_path.h"
#include "model/image.h"

namespace slipway::boot {

/// "/undionly.kpxe": one of the files `loaders.h` lists.
struct LoaderFile {
  std::string name;
  friend bool operator==(const LoaderFile&, const LoaderFile&) = default;
};

/// "/boot/aa-bb-cc-dd-ee-ff.ipxe", "/boot.ipxe.01AABBCCDDEEFF"; without a machine "/boot.ipxe".
struct BootScript {
  std::optional<MacAddress> mac;
  friend bool operator==(const BootScript&, const BootScript&) = default;
};

/// "/os/STAMP/platform/...", "/smartos/STAMP/platform/..." or, to save bytes, "/s/ID/platform/...".
struct PlatformFile {
  enum class Root { os, smartos, short_id };
  Root root = Root::os;
  std::string image;  ///< the version (STAMP), or under /s/ the image's short id
  std::string path;   ///< within the image: "platform/i86pc/kernel/amd64/unix"
  friend bool operator==(const PlatformFile&, const PlatformFile&) = default;
};

/// "/images/ID/path": any file of any image; ID is the whole id or at least its short form.
struct ImageFile {
  std::string image;
  std::string path;
  friend bool operator==(const ImageFile&, const ImageFile&) = default;
};

/// "/bootfs/aabbccddeeff/networking.json": made for one machine and served to it alone.
struct BootModule {
  MacAddress mac;
  std::string path;
  friend bool operator==(const BootModule&, const BootModule&) = default;
};

/// "/pxelinux.cfg/KEY"; PXELINUX asks for UUID, MAC, the address in hexadecimal, one digit less each
/// time, and last "default".
struct PxelinuxConfig {
  struct Default {
    friend bool operator==(const Default&, const Default&) = default;
  };
  std::variant<Default, MacAddress, Uuid, Prefix> key;
  friend bool operator==(const PxelinuxConfig&, const PxelinuxConfig&) = default;
};

/// "/menu.lst", "/boot/grub/menu.lst", "/menu.lst.01AABBCCDDEEFF".
struct MenuLst {
  std::optional<MacAddress> mac;
  friend bool operator==(const MenuLst&, const MenuLst&) = default;
};

/// "/boot/grub/grub.cfg", "/grub/grub.cfg", "/grub.cfg", each also as "grub.cfg-01-aa-bb-cc-dd-ee-ff", which
/// GRUB 2 asks for first.
struct GrubConfig {
  std::optional<MacAddress> mac;
  friend bool operator==(const GrubConfig&, const GrubConfig&) = default;
};

/// "/v1/boot/aa:bb:cc:dd:ee:ff": pixiecore asks what to boot there (pixiecore.h).
struct PixiecoreQuestion {
  MacAddress mac;
  friend bool operator==(const PixiecoreQuestion&, const PixiecoreQuestion&) = default;
};

/// "/illumos/aa-bb-cc-dd-ee-ff/boot/loader.conf": below the root path of illumos' own loader.
struct IllumosFile {
  MacAddress mac;
  std::string path;
  friend bool operator==(const IllumosFile&, const IllumosFile&) = default;
};

/// Anything else: looked up among the operator's own files.
struct OperatorFile {
  SafePath path;
  friend bool operator==(const OperatorFile&, const OperatorFile&) = default;
};

using Name = std::variant<LoaderFile, BootScript, PlatformFile, ImageFile, BootModule, PxelinuxConfig,
                          MenuLst, GrubConfig, PixiecoreQuestion, IllumosFile, OperatorFile>;

struct NameError {
  enum class Kind {
    not_a_path,  ///< empty, "..", control characters, too long
    never,       ///< `root.password`: the platform's root password in plain text
    absent,      ///< `autoexec.ipxe`, which EFI iPXE asks first: it waits until it is told
  };
  Kind kind = Kind::not_a_path;
  std::string sentence;
};

/// `path` as TFTP carries it, or an HTTP target after percent-decoding and without its query.
Result<Name, NameError> parse(std::string_view path);

/// The one canonical spelling, with a leading '/'; parsing it gives the same name again.
std::string to_path(const Name& name);

/// The image a platform or image name means. Null when it is not in the store.
const model::Image* image_of(const PlatformFile& name, const std::vector<model::Image>& images);
const model::Image* image_of(const ImageFile& name, const std::vector<model::Image>& images);

// -- Builders ---------------------------------------------------------------------------------------

/// Where a client reaches us: an address, never a name, so that URLs stay short and need no DNS.
struct Base {
  Ipv4 address;
  std::uint16_t http_port = 80;
  std::uint16_t tftp_port = 69;
  bool by_tftp = false;  ///< for an iPXE that was built without HTTP
  bool secure = false;   ///< the client came by HTTPS and stays with it; http_port is that of HTTPS
};

enum class NameForm { readable, brief };  ///< "/os/STAMP/..." or "/s/ID/..."

std::string script_path(const MacAddress& mac);
/// `file` as the image lists it: "platform/i86pc/amd64/boot_archive". An image without a version or of
/// another kind than SmartOS has only the brief form.
std::string platform_path(const model::Image& image, std::string_view file,
                          NameForm form = NameForm::readable);
/// Of any image: a platform's path for SmartOS and illumos, "/images/ID/file" for all others.
std::string image_path(const model::Image& image, std::string_view file, NameForm form = NameForm::readable);
std::string boot_module_path(const MacAddress& mac, std::string_view file);

/// "http://10.99.99.250/boot/..."; the port is left out when it is 80, or 443 of HTTPS. Percent-encodes what
/// a URL cannot hold.
std::string http_url(const Base& base, std::string_view path);
/// "tftp://10.99.99.250/boot/..."; the port is left out when it is 69.
std::string tftp_url(const Base& base, std::string_view path);
/// Whichever of the two the client is reached by.
std::string file_url(const Base& base, std::string_view path);
std::string script_url(const Base& base, const MacAddress& mac);

}  // namespace slipway::boot

namespace boost::system {
[[noreturn]] inline void throw_exception_from_error(const slipway::boot::NameError& error,
                                                    const boost::source_location&) {
  throw slipway::StartupError(error.sentence);
}
}  // namespace boost::system
