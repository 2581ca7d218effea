// SPDX-License-Identifier: MPL-2.0
#include "store/sqlite_store.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/unique_fd.h"
#include "store/sqlite.h"
#include "store/test_leases.h"

namespace slipway::store {
namespace {

using lease::Change;
using testing::HasSubstr;

std::string database(const TestFolder& folder) {
  return folder.path() + "/slipway.db";
}

std::string refusal_to_open(const std::string& state) {
  try {
    SqliteStore store(state);
  } catch (const StartupError& error) {
    return error.what();
  }
  return "opened";
}

TEST(SqliteStore, IsReadableOnlyByItsUserAndGroup) {
  TestFolder folder;
  SqliteStore store(folder.path());
  Change change = grant(lease_of(1, client(1)));
  ASSERT_TRUE(store.commit({&change, 1}));
  for (std::string file : {"", "-wal", "-shm", ".lock"}) {
    struct stat status {};
    ASSERT_EQ(::stat((database(folder) + file).c_str(), &status), 0) << file;
    EXPECT_EQ(status.st_mode & 0137, 0u) << file;
  }
}

TEST(SqliteStore, HasTheBlocksOfItsLogBeforeItNeedsThem) {
  TestFolder folder;
  for (int run = 0; run < 2; ++run) {
    SqliteStore store(folder.path());
    auto log = std::filesystem::file_size(database(folder) + "-wal");
    EXPECT_GT(log, 8'000'000u);
    for (int i = 0; i < 100; ++i) {
      Change change = grant(lease_of(i, client(i)));
      ASSERT_TRUE(store.commit({&change, 1}));
    }
    EXPECT_EQ(std::filesystem::file_size(database(folder) + "-wal"), log) << "nothing grew";
  }
  EXPECT_EQ(SqliteStore(folder.path()).load().value().size(), 100u);
}

TEST(SqliteStore, KeepsASecondDaemonOut) {
  TestFolder folder;
  SqliteStore store(folder.path());
  EXPECT_THAT(refusal_to_open(folder.path()), HasSubstr("held by another running slipwayd"));
}

TEST(SqliteStore, SaysThatTheStateFolderIsMissing) {
  EXPECT_THAT(refusal_to_open("/nonexistent"), HasSubstr("make the state folder"));
}

TEST(SqliteStore, SaysThatAFileIsNoDatabase) {
  TestFolder folder;
  std::ofstream(database(folder)) << std::string(8192, 'x');
  EXPECT_THAT(refusal_to_open(folder.path()), HasSubstr("is damaged: file is not a database; restore"));
}

TEST(SqliteStore, SaysThatADatabaseIsDamagedInside) {
  TestFolder folder;
  {
    SqliteStore store(folder.path());
    std::vector<Change> many;
    for (int i = 0; i < 1000; ++i) many.push_back(grant(lease_of(i, client(i))));
    ASSERT_TRUE(store.commit(many));
  }
  std::fstream file(database(folder), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(3 * 4096);
  file << std::string(4096, '\xee');
  file.close();
  EXPECT_THAT(refusal_to_open(folder.path()), HasSubstr("is damaged"));
}

TEST(SqliteStore, RefusesTheSchemaOfANewerVersion) {
  TestFolder folder;
  { SqliteStore store(folder.path()); }
  ASSERT_TRUE(sqlite::Database::open(database(folder)).run("PRAGMA user_version = 99"));
  EXPECT_THAT(refusal_to_open(folder.path()), HasSubstr("newer slipwayd (schema 99"));
}

TEST(SqliteStore, TakesOverTheLeasesOfItsFirstSchema) {
  TestFolder folder;
  std::ofstream empty(database(folder));
  ASSERT_TRUE(empty);
  ASSERT_TRUE(sqlite::Database::open(database(folder))
                  .run("CREATE TABLE lease ("
                       "  address   INTEGER PRIMARY KEY,"
                       "  client    BLOB NOT NULL,"
                       "  mac       BLOB NOT NULL CHECK (length(mac) = 6),"
                       "  client_id BLOB NOT NULL,"
                       "  hostname  BLOB NOT NULL,"
                       "  subnet    TEXT NOT NULL,"
                       "  granted   INTEGER NOT NULL,"
                       "  expires   INTEGER NOT NULL,"
                       "  state     TEXT NOT NULL CHECK (state IN ('active', 'released', 'declined'))"
                       ") STRICT;"
                       "INSERT INTO lease VALUES (167772161, x'6d525400000001', x'525400000001', x'0102', "
                       "x'61', '10.0.0.0/16', 5, 6, 'active'); PRAGMA user_version = 1"));
  SqliteStore store(folder.path());
  auto leases = store.load().value();
  ASSERT_EQ(leases.size(), 1u);
  EXPECT_EQ(leases[0].address, address(1));
  EXPECT_EQ(leases[0].client, client(1));
  EXPECT_EQ(leases[0].hostname, "a");
  EXPECT_TRUE(leases[0].relay.empty());
  Change renewed = grant(leases[0]);
  renewed.lease.relay = {1, 1, 'x'};
  ASSERT_TRUE(store.commit({&renewed, 1}));
  EXPECT_EQ(store.load().value().at(0).relay, renewed.lease.relay);
}

TEST(SqliteStore, NamesARowThatItDidNotWrite) {
  TestFolder folder;
  SqliteStore store(folder.path());
  ASSERT_TRUE(
      sqlite::Database::open(database(folder))
          .run("INSERT INTO lease VALUES (7, x'6d', x'010203040506', x'', x'', 'no prefix', 1, 2, 'active', "
               "x'')"));
  auto loaded = store.load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().sentence(), HasSubstr("address 7"));
}

TEST(SqliteStore, SaysThatTheDatabaseIsLockedAndChangesNothing) {
  TestFolder folder;
  SqliteStore store(folder.path());
  sqlite::Database other = sqlite::Database::open(database(folder));
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  Change change = grant(lease_of(1, client(1)));
  auto outcome = store.commit({&change, 1});
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().sentence(), HasSubstr("is locked by another program"));

  ASSERT_TRUE(other.run("ROLLBACK"));
  EXPECT_TRUE(store.load().value().empty());
  EXPECT_TRUE(store.commit({&change, 1}));
}

TEST(SqliteStore, SurvivesAFullDiskWithNothingHalfWritten) {
  TestFolder folder;
  SqliteStore store(folder.path());
  Change first = grant(lease_of(1, client(1)));
  ASSERT_TRUE(store.commit({&first, 1}));

  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small{64 * 1024, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  std::vector<Change> many;
  for (int i = 2; i < 2000; ++i) many.push_back(grant(lease_of(i, client(i))));
  auto outcome = store.commit(many);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);

  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().sentence(), HasSubstr("check the disk"));
  EXPECT_EQ(store.load().value().size(), 1u);
  Change other = grant(lease_of(2, client(3)));
  EXPECT_TRUE(store.commit({&other, 1}).value().at(0).granted()) << "nothing of it is remembered";
  many.erase(many.begin());
  EXPECT_TRUE(store.commit(many));
  EXPECT_EQ(store.load().value().size(), 1999u);
}

/// Commits one lease after another and tells `told` each number that is durable, until it is killed.
[[noreturn]] void commit_for_ever(const std::string& state, int told) {
  SqliteStore store(state, {1, 16 * 1024});  // it folds all the time
  for (int number = 0;; number += 3) {
    std::vector<Change> batch;
    for (int i = number; i < number + 3; ++i) batch.push_back(grant(lease_of(i % 60000, client(i % 60000))));
    if (!store.commit(batch)) ::_exit(1);
    if (number % 4 == 0) store.tidy();
    if (::write(told, &number, sizeof number) != sizeof number) ::_exit(2);
  }
}

TEST(SqliteStore, HasEveryAcknowledgedLeaseAfterAKillInTheMiddleOfCommits) {
  TestFolder folder;
  for (int round = 1; round <= 5; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) commit_for_ever(folder.path(), pipe_ends[1]);
    UniqueFd acknowledged(pipe_ends[0]);
    ::close(pipe_ends[1]);

    int last = -1;
    for (int i = 0; i < 200 * round; ++i) ASSERT_EQ(::read(acknowledged.get(), &last, sizeof last), 4);
    ::kill(child, SIGKILL);
    while (::read(acknowledged.get(), &last, sizeof last) == 4) {
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";

    SqliteStore store(folder.path());
    std::set<Ipv4> there;
    for (const lease::Lease& lease : store.load().value()) {
      EXPECT_TRUE(there.insert(lease.address).second);
    }
    for (int i = 0; i < last + 3; ++i) ASSERT_TRUE(there.contains(address(i))) << i << " of " << last;
    EXPECT_EQ(there.size() % 3, 0u) << "a transaction was torn";
  }
}

TEST(SqliteStore, CanBeReadFromOutsideBesideADaemonAndWithoutOne) {
  TestFolder folder;
  EXPECT_TRUE(read_leases(folder.path()).value().empty()) << "there is no store yet";
  {
    SqliteStore store(folder.path());
    ASSERT_TRUE(store.commit(std::vector{grant(lease_of(1, client(1)))}));
    EXPECT_TRUE(is_in_use(folder.path()));
    EXPECT_EQ(read_leases(folder.path()).value(), store.load().value());
  }
  EXPECT_FALSE(is_in_use(folder.path()));
  std::set<std::string> before, after;
  for (auto& entry : std::filesystem::directory_iterator(folder.path())) before.insert(entry.path().string());
  EXPECT_EQ(read_leases(folder.path()).value().size(), 1u);
  for (auto& entry : std::filesystem::directory_iterator(folder.path())) after.insert(entry.path().string());
  EXPECT_EQ(before, after) << "reading made a file";
}

TEST(SqliteStore, IsNotReadFromOutsideWhereItsSchemaIsAnother) {
  TestFolder folder;
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((folder.path() + "/slipway.db").c_str(), &db), SQLITE_OK);
  sqlite3_exec(db, "CREATE TABLE lease (address INTEGER)", nullptr, nullptr, nullptr);
  sqlite3_close(db);
  auto read = read_leases(folder.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().sentence(), HasSubstr("another version of slipwayd"));
}

}  // namespace
}  // namespace slipway::store
