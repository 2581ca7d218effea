// SPDX-License-Identifier: MPL-2.0
#include "cli/publication.h"

#include <filesystem>

#include <fmt/format.h>

#include "image/publication.h"
#include "image/stamp.h"

namespace slipway::cli {

std::optional<model::ImageRef> published_ref(const std::string& source) {
  std::error_code ignored;
  if (source.find('@') == std::string::npos || source.find('/') != std::string::npos ||
      std::filesystem::exists(source, ignored))
    return std::nullopt;
  auto ref = model::ImageRef::parse(source);
  return ref && ref->kind ? ref : std::nullopt;
}

Result<Publication, Fault> Publication::at(const std::string& url, fetch::Options options) {
  auto base = fetch::Url::parse(url.ends_with('/') ? url : url + "/");
  if (!base) return base.error();
  return Publication(std::move(*base), std::move(options));
}

Result<std::string, Fault> Publication::text_of(const std::string& name, std::size_t most) const {
  auto url = base_.beside(name);
  return url ? fetch::fetch_text(*url, most, options_) : url.error();
}

Result<std::string, Fault> Publication::latest() const {
  auto text = text_of("latest", image::most_latest_bytes);
  if (!text) return text;
  auto stamp = image::latest_stamp(*text);
  if (stamp) return {boost::system::in_place_value, std::move(*stamp)};
  return Fault{fmt::format("{}latest does not name a STAMP", shown()),
               "name one, as 'slipway image list --available' has it: smartos@20240102T030405Z"};
}

Result<std::vector<std::string>, Fault> Publication::stamps() const {
  auto text = text_of("?limit=1024", image::most_listing_bytes);  // Manta lists 256 otherwise
  if (!text) return text.error();
  auto stamps = image::published_stamps(*text);
  if (!stamps.empty()) return stamps;
  return Fault{fmt::format("{} lists no SmartOS", shown()), "check the publication point: --from URL"};
}

Result<Published, Fault> Publication::find(const std::string& stamp) const {
  if (!image::is_stamp(stamp))
    return Fault{fmt::format("'{}' is no STAMP of SmartOS", stamp), "write it so: smartos@20240102T030405Z"};
  std::string list = stamp + "/md5sums.txt";
  auto text = text_of(list, image::most_sums_bytes);
  if (!text) return text.error();
  auto sums = image::parse_sums(*text);
  const image::Sum* archive = image::platform_archive(sums, stamp);
  if (!archive)
    return Fault{fmt::format("{}{} names no platform-{}.tgz", shown(), list, stamp),
                 "see 'slipway image list --available' for what is there"};
  auto url = base_.beside(stamp + "/" + archive->name);
  auto expected = image::find_sum(sums, archive->name, shown() + list);
  if (!url) return url.error();
  if (!expected) return expected.error();
  return Published{*url, *expected};
}

}  // namespace slipway::cli
