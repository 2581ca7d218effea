// SPDX-License-Identifier: MPL-2.0
#include "config/boot_files.h"

#include <cerrno>
#include <cstring>
#include <map>

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/safe_path.h"
#include "base/sha1.h"
#include "base/unique_fd.h"
#include "config/section.h"

namespace slipway::config {
namespace {

using model::LocalFile;
using model::San;

/// A module is copied into memory twice on its way; what is bigger belongs into an image.
constexpr std::size_t largest = std::size_t{16} << 20;

/// A name becomes a word of the kernel's module line and a path below /system/boot.
bool is_module_name(std::string_view name) {
  auto allowed = [](unsigned char c) {
    return std::isalnum(c) || std::string_view("-_.+@/").find(static_cast<char>(c)) != std::string_view::npos;
  };
  auto path = SafePath::parse(name);
  return path && !path->empty() && path->to_string() == name &&
         std::all_of(name.begin(), name.end(), allowed);
}

template <auto Member, std::int64_t least, std::int64_t most>
void number(const Value& value, San& san, Problems& problems) {
  const std::int64_t* given = value.integer();
  if (!given || *given < least || *given > most)
    return report(problems, value.place, "this number does not fit here",
                  fmt::format("write one from {} to {}", least, most));
  san.*Member = static_cast<std::uint16_t>(*given);
}

constexpr Setting<San> san_keys[] = {
    {"target", "iSCSI name", "", "the target, for example \"iqn.2024-01.example.rack:{name}\"",
     [](const Value& value, San& san, Problems& problems) { read(value, san.target, problems); }},
    {"portal", "address", "", "where it is",
     [](const Value& value, San& san, Problems& problems) { read(value, san.portal, problems); }},
    {"port", "number", "3260", "its TCP port", number<&San::port, 1, 65535>},
    {"lun", "number", "0", "the logical unit", number<&San::lun, 0, 16383>},
    {"initiator", "iSCSI name", "iPXE's own", "the name that the machine goes by",
     [](const Value& value, San& san, Problems& problems) { read(value, san.initiator, problems); }},
    {"credentials", "file", "none",
     "for CHAP: name and secret, a line each, and for mutual CHAP those of the target on two more; told to "
     "nobody but the machine",
     [](const Value& value, San& san, Problems& problems) { read(value, san.credentials.path, problems); }},
};

std::string our_account() {
  const passwd* entry = ::getpwuid(::geteuid());
  return fmt::format("account '{}'", entry ? entry->pw_name : std::to_string(::geteuid()));
}

LocalFile read_file(const std::string& path) {
  LocalFile file{path, nullptr, {}, {}};
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    int error = errno;
    file.fault = fmt::format("cannot be read{}: {}", error == EACCES ? " by " + our_account() : "",
                             std::strerror(error));
  } else if (!S_ISREG(status.st_mode)) {
    file.fault = "is no regular file";
  } else if (static_cast<std::size_t>(status.st_size) > largest) {
    file.fault = fmt::format("is bigger than {} MiB", largest >> 20);
  } else {
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    ssize_t got = ::pread(fd.get(), text.data(), text.size(), 0);
    if (got < 0 || static_cast<std::size_t>(got) != text.size()) {
      file.fault = "changed while it was read";
    } else {
      file.sha1 = sha1_hex(text);
      file.content = std::make_shared<const std::string>(std::move(text));
    }
  }
  return file;
}

/// One that several nouns name is read once and held once.
class Reader {
 public:
  explicit Reader(const std::string& config) : config_(config) {}

  void read(LocalFile& file) {
    if (file.path.empty()) return;
    std::string path = beside(config_, file.path);
    auto [known, is_new] = files_.try_emplace(path);
    if (is_new) known->second = read_file(path);
    file.content = known->second.content;
    file.sha1 = known->second.sha1;
    file.fault = known->second.fault;
  }
  void read(model::BootFiles& files) {
    for (model::BootModule& module : files.modules) read(module.file);
  }
  void read(std::optional<San>& san) {
    if (san) read(san->credentials);
  }

 private:
  std::string config_;
  std::map<std::string, LocalFile> files_;
};

}  // namespace

std::string beside(const std::string& file, std::string path) {
  return path.empty() || path.front() == '/' ? path : file.substr(0, file.rfind('/') + 1) + path;
}

std::span<const Setting<San>> san_settings() {
  return san_keys;
}

void read_modules(const Value& value, model::BootFiles& files, Problems& problems) {
  if (!value.table())
    return report(problems, value.place, fmt::format("{} stands where a table is wanted", value.kind()),
                  "write { \"etc/system\" = \"/etc/slipway/system\" }");
  for (const Entry& entry : *value.table()) {
    if (!is_module_name(entry.key) || entry.key.ends_with(".hash")) {
      report(problems, entry.place, fmt::format("'{}' cannot be the name of a boot module", entry.key),
             "use a path of letters, digits and -_.+@ that does not end in .hash: hashes are made");
    } else if (!entry.value.text() || entry.value.text()->empty()) {
      report(problems, entry.value.place, "a boot module wants the path of a file",
             "write \"" + entry.key + "\" = \"/etc/slipway/FILE\"");
    } else {
      files.modules.push_back({entry.key, {*entry.value.text(), nullptr, {}, {}}, entry.place});
    }
  }
}

void read_networking(const Value& value, model::BootFiles& files, Problems& problems) {
  bool made = false;
  std::size_t before = problems.size();
  read(value, made, problems);
  if (problems.size() == before) files.networking = made;
}

void read_answers(const Value& value, model::BootFiles& files, Problems& problems) {
  model::Properties answers;
  std::size_t before = problems.size();
  read(value, answers, problems);
  if (problems.size() == before) files.answers = std::move(answers);
}

void read_confirmed(const Value& value, std::vector<std::string>& into, Problems& problems) {
  static constexpr Word<std::string_view> words[] = {{"destroy_zpools", "destroy_zpools"},
                                                     {"default-password", "default-password"}};
  std::vector<std::string> said;
  read(value, said, problems);
  for (const std::string& word : said) {
    std::string_view known;
    read_word<std::string_view>({word, value.place}, words, known, problems);
    if (!known.empty()) into.emplace_back(known);
  }
}

void read_san(const Value& value, std::optional<San>& san, Problems& problems) {
  if (!value.table())
    return report(problems, value.place, fmt::format("{} stands where a table is wanted", value.kind()),
                  "write san = { target = \"iqn...\", portal = \"10.99.99.5\" }");
  San read{};
  read.place = value.place;
  read_section<San>("san", *value.table(), value.place, san_settings(), read, problems);
  san = std::move(read);
}

Problems unread_files(const model::Plan& plan) {
  Problems problems;
  auto look = [&](const LocalFile& file, const Place& place) {
    if (!file.path.empty() && !file.content)
      problems.push_back(
          {place, file.path + " " + file.fault,
           fmt::format(
               "correct the path, or let the account of slipwayd read it: `namei -l {}` shows who may",
               file.path),
           Severity::error});
  };
  auto look_at = [&](const auto& noun) {
    for (const model::BootModule& module : noun.boot_files.modules) look(module.file, module.place);
    if constexpr (requires { noun.san; }) {
      if (noun.san) look(noun.san->credentials, noun.san->place);
    }
  };
  for (const model::Profile& profile : plan.profiles()) look_at(profile);
  for (const model::Group& group : plan.groups()) look_at(group);
  for (const model::Machine& machine : plan.machines()) look_at(machine);
  return problems;
}

void read_local_files(model::Draft& draft, const std::string& file) {
  Reader reader(file);
  for (model::Profile& profile : draft.profiles) {
    reader.read(profile.boot_files);
    reader.read(profile.san);
  }
  for (model::Group& group : draft.groups) reader.read(group.boot_files);
  for (model::Machine& machine : draft.machines) {
    reader.read(machine.boot_files);
    reader.read(machine.san);
  }
  model::ServerSettings& server = draft.server;
  for (std::string* path : {&server.state, &server.socket, &server.tls_certificate, &server.tls_key,
                            &server.tftp_write, &draft.api.certificate, &draft.api.key})
    *path = beside(file, *path);
  for (model::Webhook& webhook : draft.webhooks) {
    for (std::string* path : {&webhook.secret_file, &webhook.authority}) *path = beside(file, *path);
  }
}

}  // namespace slipway::config
