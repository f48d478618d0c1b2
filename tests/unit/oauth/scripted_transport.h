// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "mod_sfjwt/oauth/transport.h"

namespace sfjwt::oauth {

/// Answers by a function, and keeps what it was sent.
class ScriptedTransport final : public Transport {
 public:
  using Answer = Result<HttpReply, TransportError>;
  using Script = std::function<Answer(std::size_t call)>;

  explicit ScriptedTransport(Script script) : script_(std::move(script)) {}

  Answer post_form(const std::string& url, const Secret& form, std::chrono::milliseconds limit) override {
    std::size_t call = 0;
    {
      const std::lock_guard lock(mutex_);
      call = forms_.size();
      urls_.push_back(url);
      limits_.push_back(limit);
      forms_.emplace_back(form.reveal());
    }
    return script_(call);
  }

  std::size_t calls() const {
    const std::lock_guard lock(mutex_);
    return forms_.size();
  }
  std::string form(std::size_t call) const {
    const std::lock_guard lock(mutex_);
    return forms_.at(call);
  }
  std::chrono::milliseconds limit(std::size_t call) const {
    const std::lock_guard lock(mutex_);
    return limits_.at(call);
  }
  std::string url(std::size_t call) const {
    const std::lock_guard lock(mutex_);
    return urls_.at(call);
  }

 private:
  Script script_;
  mutable std::mutex mutex_;
  std::vector<std::string> urls_;
  std::vector<std::chrono::milliseconds> limits_;
  std::vector<std::string> forms_;
};

inline HttpReply reply_of(long status, std::string body) {
  HttpReply reply;
  reply.status = status;
  reply.body = Secret(std::move(body));
  return reply;
}

inline HttpReply granted(const std::string& token) {
  return reply_of(200, R"({"access_token":")" + token +
                           R"(","scope":"api","instance_url":"https://acme.my.salesforce.com",)"
                           R"("id":"https://login.salesforce.com/id/00Dxx/005xx","token_type":"Bearer"})");
}

inline HttpReply refused(const std::string& error, const std::string& description) {
  return reply_of(400, R"({"error":")" + error + R"(","error_description":")" + description + R"("})");
}

}  // namespace sfjwt::oauth
