// SPDX-License-Identifier: MPL-2.0
#include "store/webhook_store.h"

#include "store/database_file.h"

namespace slipway::store {

class WebhookStore::Engine {
 public:
  Engine(const std::string& state, std::string hook) : hook_(std::move(hook)), db_(open_webhooks(state)) {}

  Result<std::vector<WebhookMessage>, Fault> load() {
    std::vector<WebhookMessage> messages;
    sqlite::Statement rows(
        db_, "SELECT number, at, body, named FROM webhook_message WHERE hook = ?1 ORDER BY number");
    rows.bind(1, std::string_view(hook_));
    int code;
    while ((code = rows.step()) == SQLITE_ROW) {
      messages.push_back({static_cast<std::uint64_t>(rows.number(0)), Instant{Duration{rows.number(1)}},
                          std::string(rows.text(2)), rows.number(3) != 0});
    }
    if (code != SQLITE_DONE) return db_.fault();
    return messages;
  }

  Result<std::uint64_t, Fault> add(const WebhookMessage& message) {
    add_.bind(1, std::string_view(hook_));
    add_.bind(2, static_cast<std::int64_t>(message.at.time_since_epoch().count()));
    add_.bind(3, std::string_view(message.body));
    add_.bind(4, static_cast<std::int64_t>(message.named));
    if (!add_.run()) return db_.fault();
    return static_cast<std::uint64_t>(sqlite3_last_insert_rowid(db_.get()));
  }

  Result<void, Fault> remove(std::uint64_t number) {
    remove_.bind(1, static_cast<std::int64_t>(number));
    if (!remove_.run()) return db_.fault();
    return {};
  }

 private:
  std::string hook_;
  sqlite::Database db_;
  sqlite::Statement add_{db_, "INSERT INTO webhook_message (hook, at, body, named) VALUES (?1, ?2, ?3, ?4)"};
  sqlite::Statement remove_{db_, "DELETE FROM webhook_message WHERE number = ?1"};
};

WebhookStore::WebhookStore(const std::string& state, std::string hook)
    : engine_(std::make_unique<Engine>(state, std::move(hook))) {}
WebhookStore::~WebhookStore() = default;

Result<std::vector<WebhookMessage>, Fault> WebhookStore::load() {
  return engine_->load();
}
Result<std::uint64_t, Fault> WebhookStore::add(const WebhookMessage& message) {
  return engine_->add(message);
}
Result<void, Fault> WebhookStore::remove(std::uint64_t number) {
  return engine_->remove(number);
}

}  // namespace slipway::store
