// SPDX-License-Identifier: MPL-2.0
#include "base/heir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "image/importer.h"
#include "image/test_platform.h"

namespace slipway::image {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

constexpr uid_t other = 65534;

uid_t owner(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_uid : 12345;
}

/// A state folder of another account, which may come to it.
struct Heirs : testing::Test {
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give things away";
    fs::create_directory(dir / "state");
    ASSERT_EQ(::chmod(dir.path().c_str(), 0755), 0);
    ASSERT_EQ(::chown((dir / "state").c_str(), other, other), 0);
  }

  /// True when the other account can import, in a process of its own.
  bool other_imports(const std::string& source) {
    pid_t child = ::fork();
    if (child == 0) {
      bool able = ::setgid(other) == 0 && ::setuid(other) == 0;
      Store store(dir / "state");
      ::_exit(able && import_image(source, store) ? 0 : 1);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  TempDir dir;
};

TEST_F(Heirs, OwnWhatRootImportedAndCanImportAfterwards) {
  std::string first = test::write_archive(dir / "a.tgz", test::platform("platform-" + test::stamp));
  std::string later = "20250505T050505Z";
  std::string second = test::write_archive(dir / "b.tgz", test::platform("platform-" + later, later));
  Store store(dir / "state");
  auto report = import_image(first, store);
  ASSERT_TRUE(report);
  std::size_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(dir / "state")) {
    EXPECT_EQ(owner(entry.path()), other) << entry.path();
    ++seen;
  }
  EXPECT_GT(seen, 8u);
  EXPECT_TRUE(other_imports(second));
}

TEST_F(Heirs, ComeByNothingElseOfRoots) {
  std::string tree = dir / "tree";
  fs::create_directories(tree + "/folder");
  std::ofstream(dir / "secret") << "root's";
  fs::create_symlink(dir / "secret", tree + "/folder/symbolic");
  fs::create_hard_link(dir / "secret", tree + "/folder/hard");
  std::ofstream(tree + "/folder/file") << "given";
  UniqueFd top(::open(tree.c_str(), O_RDONLY | O_DIRECTORY));
  give_tree(top.get(), heir_of(dir / "state"));
  EXPECT_EQ(owner(tree), other);
  EXPECT_EQ(owner(tree + "/folder"), other);
  EXPECT_EQ(owner(tree + "/folder/file"), other);
  EXPECT_EQ(owner(dir / "secret"), 0u);
  EXPECT_EQ(owner(tree + "/folder/symbolic"), 0u);
}

TEST_F(Heirs, AreGivenNoLockThatHoldsSomethingOrHasAnotherName) {
  std::ofstream(dir / "full") << "root's";
  std::ofstream(dir / "empty");
  for (const char* name : {"full", "empty"}) {
    if (name == std::string("empty")) fs::create_hard_link(dir / "empty", dir / "twin");
    UniqueFd fd(::open((dir / name).c_str(), O_RDWR));
    give_empty_file(fd.get(), heir_of(dir / "state"));
    EXPECT_EQ(owner(dir / name), 0u) << name;
  }
}

TEST_F(Heirs, AreNotThereWhereRootOwnsTheFolder) {
  EXPECT_FALSE(heir_of("/"));
  EXPECT_TRUE(heir_of(dir / "state"));
}

}  // namespace
}  // namespace slipway::image
