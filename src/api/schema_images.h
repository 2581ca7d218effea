// SPDX-License-Identifier: MPL-2.0
// What the API says of what there is to boot and for whom: images, assignments, profiles. See schema.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "api/schema_boots.h"
#include "base/time.h"

namespace slipway::api {

struct ImageFileView {
  std::string path;
  std::uint64_t size = 0;
  std::string sha256, sha1;
};
BOOST_DESCRIBE_STRUCT(ImageFileView, (), (path, size, sha256, sha1))

/// Somebody needs an image: it is not taken away.
struct ImageUseView {
  std::string why;  ///< "profile", "assigned", "fallback", "once", "running", "last_good", "pinned"
  std::string who;  ///< "smartos", "machine node1", "everyone"; empty: pinned
};
BOOST_DESCRIBE_STRUCT(ImageUseView, (), (why, who))

struct ImageView {
  std::string id, short_id, kind, version;
  std::uint64_t size = 0;
  Instant imported{};
  std::vector<std::string> used_by;  ///< profiles that would boot it now
  std::vector<ImageUseView> uses;    ///< everyone who needs it; none: it may be removed
  std::vector<ImageFileView> files;  ///< of one image asked for by name; empty in lists
};
BOOST_DESCRIBE_STRUCT(ImageView, (), (id, short_id, kind, version, size, imported, used_by, uses, files))

struct ImageList {
  std::vector<ImageView> images;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ImageList, (), (images, next))

/// An image that was assigned while the server runs.
struct AssignmentView {
  std::string to;                    ///< "machine", "group", "everyone"
  std::string name;                  ///< of the machine or group; of everyone empty
  std::string kind, version, image;  ///< of the image; `image`: its whole id
  Instant since{};
  bool in_store = false;  ///< and whole
  bool damaged = false;
  std::optional<std::string> before;  ///< version a rollback brings back; absent: what the file says
};
BOOST_DESCRIBE_STRUCT(AssignmentView, (), (to, name, kind, version, image, since, in_store, damaged, before))

struct AssignmentList {
  std::vector<AssignmentView> assignments;
  std::vector<BootOnceView> once;
  std::vector<std::string> pinned;  ///< ids of images
};
BOOST_DESCRIBE_STRUCT(AssignmentList, (), (assignments, once, pinned))

/// To assign, roll back or take back.
struct AssignmentOrder {
  std::string to;                    ///< "machine", "group", "everyone"
  std::optional<std::string> name;   ///< of the machine or group
  std::optional<std::string> image;  ///< to assign: as "smartos@20240102T030405Z", a version, or an id
  std::optional<std::string> kind;  ///< to roll or take back: of which kind of image, where there are several
};
BOOST_DESCRIBE_STRUCT(AssignmentOrder, (), (to, name, image, kind))

struct BootOnceOrder {
  std::optional<std::string> what;     ///< a profile's name, or an image as in AssignmentOrder
  std::optional<std::string> variant;  ///< "normal" when absent
};
BOOST_DESCRIBE_STRUCT(BootOnceOrder, (), (what, variant))

/// What was decided, and what is to be said about it.
struct Assigned {
  std::string sentence;
  std::vector<std::string> warnings;
};
BOOST_DESCRIBE_STRUCT(Assigned, (), (sentence, warnings))

struct AssignmentEvent {
  std::uint64_t number = 0;
  Instant at{};
  std::string action;  ///< "assigned", "rolled_back", "taken_back"
  std::string to, name, kind;
  std::optional<std::string> version, image;  ///< absent: from then on what the file says
};
BOOST_DESCRIBE_STRUCT(AssignmentEvent, (), (number, at, action, to, name, kind, version, image))

struct AssignmentHistory {
  std::vector<AssignmentEvent> history;  ///< newest first
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(AssignmentHistory, (), (history, next))

struct PropertyView {
  std::string name, value;
};
BOOST_DESCRIBE_STRUCT(PropertyView, (), (name, value))

struct ProfileView {
  std::string name;
  std::string image;                 ///< as the file says it: "smartos@latest"
  std::optional<std::string> boots;  ///< the image that is today, where nothing is assigned; absent: none
  std::string console;               ///< empty: the kernel's own choice
  std::vector<std::string> flags, arguments;
  std::vector<PropertyView> properties;
  std::vector<std::string> variants;
  bool is_default = false;
  std::uint64_t machines = 0;  ///< how many of the configuration boot it
};
BOOST_DESCRIBE_STRUCT(ProfileView, (),
                      (name, image, boots, console, flags, arguments, properties, variants, is_default,
                       machines))

struct ProfileList {
  std::vector<ProfileView> profiles;
};
BOOST_DESCRIBE_STRUCT(ProfileList, (), (profiles))

}  // namespace slipway::api
