// SPDX-License-Identifier: MPL-2.0
// Which of several levels an option is taken from, and what is sent always or never.
#include <fmt/format.h>

#include "conformance/site.h"

namespace slipway::conformance {
namespace {

/// One option said at every level from `outermost` inwards; the client is machine node1, in group rack, of
/// class all, and its address is of the pool.
std::string file_from(std::size_t outermost, const std::string& key = "options") {
  std::string said[6];
  for (std::size_t level = 0; level < 6; ++level) {
    if (level > outermost) continue;
    said[level] = key == "options"     ? fmt::format("options = {{ 224 = \"level{}\" }}\n", level)
                  : level == outermost ? key + " = [224]\n"
                                       : "";
  }
  return fmt::format(
      "[options]\n{}[server]\ninterfaces = [\"eth1\"]\n[[subnet]]\nnetwork = \"10.0.0.0/24\"\n{}"
      "[[subnet.pool]]\nrange = \"10.0.0.100-10.0.0.150\"\n{}[[class]]\nname = \"all\"\nwhen = {{}}\n{}"
      "[[machine]]\nname = \"node1\"\nmac = \"{}\"\n{}[[group]]\nname = \"rack\"\nmachines = [\"node1\"]\n{}",
      key == "options" && outermost == 5 ? "224 = \"level5\"\n"
      : outermost == 5                   ? said[5]
                                         : "",
      said[4], said[2], said[3], mac(1).to_string(), said[0], said[1]);
}

}  // namespace

TEST(Levels, TheNearestWins) {
  for (std::size_t missing = 0; missing < 6; ++missing) {
    // Levels 0 (machine) to missing-1 say nothing: the next one counts.
    std::string file = file_from(5);
    for (std::size_t level = 0; level < missing; ++level) {
      std::string line = fmt::format("options = {{ 224 = \"level{}\" }}\n", level);
      ASSERT_NE(file.find(line), file.npos);
      file.erase(file.find(line), line.size());
    }
    Site site(file);
    EXPECT_EQ(site.option(224, asking({224})), hex_of(fmt::format("level{}", missing)));
  }
}

TEST(Levels, EachCanSayThatAnOptionIsSentAlways) {
  for (std::size_t level = 0; level < 6; ++level) {
    std::string file = file_from(level, "always-send");
    file.insert(file.find("[options]\n") + 10, "224 = \"set\"\n");
    EXPECT_EQ(Site(file).option(224, discover()), hex_of("set")) << level;
    EXPECT_EQ(Site(file).option(224, asking({1})), hex_of("set")) << level;
  }
}

TEST(Levels, EachCanSayThatAnOptionIsNeverSent) {
  for (std::size_t level = 0; level < 6; ++level) {
    std::string file = file_from(level, "never-send");
    file.insert(file.find("[options]\n") + 10, "224 = \"set\"\nalways-send = [224]\n");
    EXPECT_EQ(Site(file).option(224, asking({224})), "none") << level;
  }
}

TEST(Levels, TheKeysOfASubnetAreNearerThanWhatIsSaidForEveryone) {
  Site site(one_subnet + "router = \"10.0.0.1\"\n[options]\nrouters = \"10.0.0.7\"\n");
  EXPECT_EQ(site.option(3, discover()), "0a000001");
  Site own(one_subnet + "router = \"10.0.0.1\"\noptions = { routers = \"10.0.0.8\" }\n");
  EXPECT_EQ(own.option(3, discover()), "0a000008");
}

TEST(NeverSend, HoldsForWhatIsSentUnasked) {
  Site site(one_subnet + "never-send = [\"dhcp-client-identifier\", 67, 58]\n");
  DhcpMessage request = dhcp::test::as_pxe_rom(discover(), 0);
  request.options.set<opt::ClientId>({1, 2, 3});
  auto offer = site.ask(request);
  for (std::uint8_t code : std::initializer_list<std::uint8_t>{58, 61, 67}) {
    EXPECT_FALSE(offer->options.has(code)) << int{code};
  }
  EXPECT_EQ(offer->file, "undionly.kpxe");
}

TEST(Groups, SayWhatTheirMembersLoadAndFromWhere) {
  Site site(one_subnet +
            "[[machine]]\nname = \"node1\"\nmac = \"52:54:00:77:00:01\"\n"
            "[[group]]\nname = \"rack\"\nmachines = [\"node1\"]\nboot-file = \"special.0\"\n"
            "[[group]]\nname = \"guests\"\nwhen = { known = false }\nnext-server = \"10.0.0.9\"\n");
  auto node = site.ask(dhcp::test::as_pxe_rom(discover(1), 0));
  EXPECT_EQ(node->file, "special.0");
  EXPECT_EQ(node->siaddr, ip("10.0.0.2"));
  auto guest = site.ask(dhcp::test::as_pxe_rom(discover(2), 0));
  EXPECT_EQ(guest->file, "undionly.kpxe");
  EXPECT_EQ(guest->siaddr, ip("10.0.0.9"));
}

}  // namespace slipway::conformance
