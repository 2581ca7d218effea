// SPDX-License-Identifier: MPL-2.0
#include "cli/bring.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "fetch/download.h"
#include "image/sums.h"

namespace slipway::cli {
namespace {

class Bringer {
 public:
  Bringer(const BringOptions& options, const std::atomic<bool>& stop, ProgressBar& bar)
      : options_(options), stop_(stop), bar_(bar), fetching_(fetching(options, stop)) {}

  Result<std::optional<image::Expected>, Fault> expected(const std::string& name) const {
    using Answer = std::optional<image::Expected>;
    if (!options_.sha256.empty()) {
      auto digest = image::parse_digest(options_.sha256);
      if (digest && digest->algorithm == image::Algorithm::sha256) return Answer(digest);
      return Fault{"a SHA-256 has 64 hexadecimal digits", "copy the whole of it"};
    }
    if (options_.sums.empty()) return Answer();
    auto text = sums_text();
    if (!text) return text.error();
    auto found = image::find_sum(image::parse_sums(*text), name, shown_sums());
    if (!found) return found.error();
    return Answer(*found);
  }

  Result<void, Fault> check(const std::string& path, const image::Expected& expected) const {
    std::uint64_t size = 0;
    if (std::ifstream file(path, std::ios::binary | std::ios::ate); file)
      size = static_cast<std::uint64_t>(std::max<std::streamoff>(file.tellg(), 0));
    std::string what = fmt::format("checking {}", to_string(expected.algorithm));
    return image::check_digest(path, expected, [&](std::uint64_t done) {
      bar_.show(what, done, size);
      return !stop_.load(std::memory_order_relaxed);
    });
  }

  Result<std::unique_ptr<fetch::Partial>, Fault> fetch(const fetch::Url& url, const std::string& state) {
    auto partial = fetch::Partial::open(state + "/downloads", url);
    if (!partial) return partial.error();
    fetching_.progress = [&](std::uint64_t done, std::uint64_t total) {
      bar_.show("fetching " + url.file_name(), done, total);
    };
    auto fetched = fetch::download(url, **partial, fetching_);
    if (fetched) return partial;
    if ((*partial)->size() == 0) (*partial)->remove();
    return fetched.error();
  }

 private:
  Result<std::string, Fault> sums_text() const {
    if (fetch::Url::is_url(options_.sums)) {
      auto url = fetch::Url::parse(options_.sums);
      return url ? fetch::fetch_text(*url, image::most_sums_bytes, fetching_) : url.error();
    }
    std::ifstream file(options_.sums);
    std::string text(image::most_sums_bytes, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.empty())
      return Fault{fmt::format("cannot read {}", options_.sums), "check its path and its rights"};
    return {boost::system::in_place_value, std::move(text)};
  }

  std::string shown_sums() const {
    auto url = fetch::Url::parse(options_.sums);
    return url ? url->shown() : options_.sums;
  }

  const BringOptions& options_;
  const std::atomic<bool>& stop_;
  ProgressBar& bar_;
  fetch::Options fetching_;
};

}  // namespace

fetch::Options fetching(const BringOptions& options, const std::atomic<bool>& stop) {
  fetch::Options made;
  made.authorities = options.authorities;
  made.stop = &stop;
  return made;
}

void Brought::done(std::optional<image::Rule> refused) {
  using image::Rule;
  if (!partial_) return;
  if (refused) {
    switch (*refused) {
      case Rule::busy:
      case Rule::no_space:
      case Rule::disk_full:
      case Rule::store_failed:
      case Rule::interrupted:
        return;
      default:
        break;
    }
  }
  partial_->remove();
}

Result<Brought, Fault> bring(const std::string& source, const BringOptions& options, const std::string& state,
                             const std::atomic<bool>& stop, ProgressBar& bar,
                             const std::optional<Published>& published) {
  Bringer bringer(options, stop, bar);
  if (!published && !fetch::Url::is_url(source)) {
    auto expected = bringer.expected(source.substr(source.rfind('/') + 1));
    if (!expected) return expected.error();
    if (*expected) {
      if (auto checked = bringer.check(source, **expected); !checked) return checked.error();
    }
    return Brought(source);
  }
  auto url = published ? Result<fetch::Url, Fault>(published->archive) : fetch::Url::parse(source);
  if (!url) return url.error();
  auto expected = bringer.expected(url->file_name());
  if (!expected) return expected.error();
  if (!*expected && published) expected = std::optional(published->expected);
  auto partial = bringer.fetch(*url, state);
  if (!partial) return partial.error();
  if (*expected) {
    auto checked = bringer.check((*partial)->path(), **expected);
    if (!checked) {
      if (!stop.load()) (*partial)->remove();
      return checked.error();
    }
  }
  return Brought(std::move(*partial));
}

}  // namespace slipway::cli
