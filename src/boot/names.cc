// SPDX-License-Identifier: MPL-2.0
#include "boot/names.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "boot/loaders.h"

namespace slipway::boot {
namespace {

using Components = std::vector<std::string>;

constexpr std::size_t mac_digits = 12;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// ROMs hand on an option 67 without a NUL together with the end mark of the option list, 0xFF.
std::string_view without_end_marks(std::string_view path) {
  while (!path.empty() && (path.back() == '\xff' || path.back() == '/')) path.remove_suffix(1);
  return path;
}

std::string joined(const Components& components, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < components.size(); ++i) {
    if (i != from) out += '/';
    out += components[i];
  }
  return out;
}

std::optional<MacAddress> twelve_digits(std::string_view text) {
  return text.size() == mac_digits ? MacAddress::parse(text) : std::nullopt;
}

/// "boot.ipxe.01AABBCCDDEEFF": hardware type 1, then the address.
std::optional<MacAddress> mac_suffix(std::string_view text, std::string_view stem) {
  if (!text.starts_with(stem) || !text.substr(stem.size()).starts_with(".01")) return std::nullopt;
  return twelve_digits(text.substr(stem.size() + 3));
}

std::optional<Prefix> hex_prefix(std::string_view text) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  std::uint32_t value = 0;
  for (char c : lower(text)) {
    if (!std::isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
    value = value << 4 | static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  int bits = static_cast<int>(text.size()) * 4;
  return Prefix{Ipv4{value << (32 - bits)}, bits};
}

std::optional<Name> boot_script(const Components& parts) {
  if (parts.size() == 1) {
    if (parts[0] == "boot.ipxe") return BootScript{};
    if (auto mac = mac_suffix(parts[0], "boot.ipxe")) return BootScript{mac};
  }
  if (parts.size() != 2 || parts[0] != "boot" || !parts[1].ends_with(".ipxe")) return std::nullopt;
  auto mac = MacAddress::parse(std::string_view(parts[1]).substr(0, parts[1].size() - 5));
  if (!mac) return std::nullopt;
  return BootScript{mac};
}

std::optional<Name> platform_file(const Components& parts) {
  if (parts.size() < 4 || parts[2] != "platform") return std::nullopt;
  auto name = [&](PlatformFile::Root root) { return PlatformFile{root, parts[1], joined(parts, 2)}; };
  if (parts[0] == "os") return name(PlatformFile::Root::os);
  if (parts[0] == "smartos") return name(PlatformFile::Root::smartos);
  if (parts[0] == "s") return name(PlatformFile::Root::short_id);
  return std::nullopt;
}

std::optional<Name> image_file(const Components& parts) {
  if (parts.size() < 3 || parts[0] != "images") return std::nullopt;
  return ImageFile{parts[1], joined(parts, 2)};
}

std::optional<Name> boot_module(const Components& parts) {
  if (parts.size() < 3 || parts[0] != "bootfs") return std::nullopt;
  auto mac = MacAddress::parse(parts[1]);
  if (!mac) return std::nullopt;
  return BootModule{*mac, joined(parts, 2)};
}

std::optional<Name> pxelinux_config(const Components& parts) {
  if (parts.size() != 2 || parts[0] != "pxelinux.cfg") return std::nullopt;
  std::string_view key = parts[1];
  if (key == "default") return PxelinuxConfig{PxelinuxConfig::Default{}};
  if (auto uuid = Uuid::parse(key)) return PxelinuxConfig{*uuid};
  if (key.starts_with("01-")) {
    if (auto mac = MacAddress::parse(key.substr(3))) return PxelinuxConfig{*mac};
  }
  if (auto prefix = hex_prefix(key)) return PxelinuxConfig{*prefix};
  return std::nullopt;
}

std::optional<Name> menu_lst(const Components& parts) {
  if (parts == Components{"boot", "grub", "menu.lst"}) return MenuLst{};
  if (parts.size() != 1) return std::nullopt;
  if (parts[0] == "menu.lst") return MenuLst{};
  if (auto mac = mac_suffix(parts[0], "menu.lst")) return MenuLst{mac};
  return std::nullopt;
}

std::optional<Name> grub_config(const Components& parts) {
  bool in_its_folder = parts.size() == 1 || (parts.size() == 2 && parts[0] == "grub") ||
                       (parts.size() == 3 && parts[0] == "boot" && parts[1] == "grub");
  if (!in_its_folder) return std::nullopt;
  constexpr std::string_view stem = "grub.cfg", with_mac = "grub.cfg-01-";
  std::string_view file = parts.back();
  if (file == stem) return GrubConfig{};
  if (!file.starts_with(with_mac)) return std::nullopt;
  auto mac = MacAddress::parse(file.substr(with_mac.size()));
  if (!mac) return std::nullopt;
  return GrubConfig{mac};
}

std::optional<Name> pixiecore_question(const Components& parts) {
  if (parts.size() != 3 || parts[0] != "v1" || parts[1] != "boot") return std::nullopt;
  auto mac = MacAddress::parse(parts[2]);
  if (!mac) return std::nullopt;
  return PixiecoreQuestion{*mac};
}

std::optional<Name> illumos_file(const Components& parts) {
  if (parts.size() < 3 || parts[0] != "illumos") return std::nullopt;
  auto mac = MacAddress::parse(parts[1]);
  if (!mac) return std::nullopt;
  return IllumosFile{*mac, joined(parts, 2)};
}

std::optional<Name> loader_file(const Components& parts) {
  if (parts.size() != 1 || !find_loader(parts[0])) return std::nullopt;
  return LoaderFile{parts[0]};
}

/// The families of names, asked in this order; what none of them knows is the operator's.
constexpr std::array<std::optional<Name> (*)(const Components&), 10> families{
    loader_file,     boot_script, platform_file, image_file,         boot_module,
    pxelinux_config, menu_lst,    grub_config,   pixiecore_question, illumos_file};

NameError fault(NameError::Kind kind, std::string sentence) {
  return NameError{kind, std::move(sentence)};
}

std::string digits_upper(const MacAddress& mac) {
  std::string out = mac.digits();
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

struct Spelling {
  std::string operator()(const LoaderFile& name) const { return "/" + name.name; }
  std::string operator()(const BootScript& name) const {
    return name.mac ? script_path(*name.mac) : "/boot.ipxe";
  }
  std::string operator()(const PlatformFile& name) const {
    std::string_view root = name.root == PlatformFile::Root::os        ? "os"
                            : name.root == PlatformFile::Root::smartos ? "smartos"
                                                                       : "s";
    return fmt::format("/{}/{}/{}", root, name.image, name.path);
  }
  std::string operator()(const ImageFile& name) const {
    return fmt::format("/images/{}/{}", name.image, name.path);
  }
  std::string operator()(const BootModule& name) const { return boot_module_path(name.mac, name.path); }
  std::string operator()(const PxelinuxConfig& name) const {
    return "/pxelinux.cfg/" + std::visit(*this, name.key);
  }
  std::string operator()(const MenuLst& name) const {
    return name.mac ? "/menu.lst.01" + digits_upper(*name.mac) : "/menu.lst";
  }
  std::string operator()(const GrubConfig& name) const {
    return name.mac ? "/boot/grub/grub.cfg-01-" + name.mac->hyphens() : "/boot/grub/grub.cfg";
  }
  std::string operator()(const PixiecoreQuestion& name) const { return "/v1/boot/" + name.mac.to_string(); }
  std::string operator()(const IllumosFile& name) const {
    return fmt::format("/illumos/{}/{}", name.mac.hyphens(), name.path);
  }
  std::string operator()(const OperatorFile& name) const { return "/" + name.path.to_string(); }

  std::string operator()(const PxelinuxConfig::Default&) const { return "default"; }
  std::string operator()(const MacAddress& mac) const { return "01-" + mac.hyphens(); }
  std::string operator()(const Uuid& uuid) const { return uuid.to_string(); }
  std::string operator()(const Prefix& prefix) const {
    return fmt::format("{:08X}", prefix.network.value).substr(0, static_cast<std::size_t>(prefix.length / 4));
  }
};

/// RFC 3986 §2.3 unreserved characters and those a path may hold besides.
bool stands_in_a_path(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("-._~/:@!$&'()*+,;=").find(c) != std::string_view::npos;
}

std::string percent_encoded(std::string_view path) {
  std::string out;
  for (char c : path) {
    if (stands_in_a_path(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string url(std::string_view scheme, Ipv4 address, std::uint16_t port, std::uint16_t usual,
                std::string_view path) {
  std::string authority =
      port == usual ? address.to_string() : fmt::format("{}:{}", address.to_string(), port);
  std::string_view slash = path.starts_with('/') ? "" : "/";
  return fmt::format("{}://{}{}{}", scheme, authority, slash, percent_encoded(path));
}

/// The newest import of those that match.
template <typename Matches>
const model::Image* newest(const std::vector<model::Image>& images, Matches matches) {
  const model::Image* best = nullptr;
  for (const model::Image& image : images) {
    if (matches(image) && (!best || best->imported < image.imported)) best = &image;
  }
  return best;
}

bool is_id_of(std::string_view text, const model::Image& image) {
  return text.size() >= image.short_id().size() && image.id.starts_with(lower(text));
}

}  // namespace

Result<Name, NameError> parse(std::string_view path) {
  auto safe = SafePath::parse(without_end_marks(path));
  if (!safe || safe->empty())
    return fault(NameError::Kind::not_a_path, "this is not the path of a file below the root");
  const Components& parts = safe->components();
  for (const std::string& part : parts) {
    constexpr std::string_view secret = "root.password";
    if (part.size() == secret.size() && lower(part) == secret)
      return fault(NameError::Kind::never,
                   "root.password holds a password in plain text and is never served");
  }
  if (parts.back() == "autoexec.ipxe")
    return fault(NameError::Kind::absent, "there is no autoexec.ipxe here; the boot file comes by DHCP");
  for (auto family : families) {
    if (auto name = family(parts)) return std::move(*name);
  }
  return Name{OperatorFile{*safe}};
}

std::string to_path(const Name& name) {
  return std::visit(Spelling{}, name);
}

const model::Image* image_of(const PlatformFile& name, const std::vector<model::Image>& images) {
  if (name.root == PlatformFile::Root::short_id)
    return newest(images, [&](const model::Image& image) { return is_id_of(name.image, image); });
  return newest(images, [&](const model::Image& image) {
    return image.kind == model::ImageKind::smartos && image.version == name.image;
  });
}

const model::Image* image_of(const ImageFile& name, const std::vector<model::Image>& images) {
  return newest(images, [&](const model::Image& image) { return is_id_of(name.image, image); });
}

std::string script_path(const MacAddress& mac) {
  return fmt::format("/boot/{}.ipxe", mac.hyphens());
}

std::string platform_path(const model::Image& image, std::string_view file, NameForm form) {
  bool readable =
      form == NameForm::readable && image.kind == model::ImageKind::smartos && !image.version.empty();
  return readable ? fmt::format("/os/{}/{}", image.version, file)
                  : fmt::format("/s/{}/{}", image.short_id(), file);
}

std::string image_path(const model::Image& image, std::string_view file, NameForm form) {
  bool platform = image.kind == model::ImageKind::smartos || image.kind == model::ImageKind::illumos;
  return platform ? platform_path(image, file, form) : fmt::format("/images/{}/{}", image.short_id(), file);
}

std::string boot_module_path(const MacAddress& mac, std::string_view file) {
  return fmt::format("/bootfs/{}/{}", mac.digits(), file);
}

std::string http_url(const Base& base, std::string_view path) {
  return base.secure ? url("https", base.address, base.http_port, 443, path)
                     : url("http", base.address, base.http_port, 80, path);
}

std::string tftp_url(const Base& base, std::string_view path) {
  return url("tftp", base.address, base.tftp_port, 69, path);
}

std::string file_url(const Base& base, std::string_view path) {
  return base.by_tftp ? tftp_url(base, path) : http_url(base, path);
}

std::string script_url(const Base& base, const MacAddress& mac) {
  return file_url(base, script_path(mac));
}

}  // namespace slipway::boot
