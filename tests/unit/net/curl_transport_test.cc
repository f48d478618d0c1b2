// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/curl_transport.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <json/json.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <thread>

#include "mod_sfjwt/net/client_certificate.h"

extern char** environ;

namespace sfjwt::net {
namespace {

using namespace std::chrono_literals;

constexpr auto kNoLimit = std::chrono::milliseconds::max();
using oauth::HttpReply;
using oauth::TransportError;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Cause = TransportError::Cause;

/// token_server.py in a process of its own, which ends when its standard input is closed.
class TokenServer {
 public:
  TokenServer() {
    folder_ = (std::filesystem::temp_directory_path() / "sfjwt-net-XXXXXX").string();
    std::array<int, 2> to{}, from{};
    if (!::mkdtemp(folder_.data()) || ::pipe2(to.data(), O_CLOEXEC) != 0 ||
        ::pipe2(from.data(), O_CLOEXEC) != 0)
      return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
    std::string python = "/usr/bin/python3", script = SFJWT_SOURCE_DIR "/tests/unit/net/token_server.py";
    const std::array<char*, 4> arguments{python.data(), script.data(), folder_.data(), nullptr};
    if (posix_spawn(&process_, python.c_str(), &actions, nullptr, arguments.data(), environ) != 0)
      process_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    ::close(to[0]);
    ::close(from[1]);
    input_ = to[1];
    std::string told;
    for (char c = 0; ::read(from[0], &c, 1) == 1 && c != '\n';) told += c;
    ::close(from[0]);
    Json::Reader().parse(told, facts_);
  }
  TokenServer(const TokenServer&) = delete;
  TokenServer& operator=(const TokenServer&) = delete;
  ~TokenServer() {
    ::close(input_);
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  bool runs() const { return facts_.isObject(); }
  std::string file(const char* name) const { return facts_[name].asString(); }
  std::string origin(const char* scheme, const char* host, const char* which) const {
    return std::string(scheme) + "://" + host + ":" + std::to_string(facts_[which].asInt());
  }
  std::string url(const std::string& path, const char* which = "good") const {
    return origin("https", "localhost", which) + "/" + path;
  }

 private:
  std::string folder_;
  pid_t process_ = -1;
  int input_ = -1;
  Json::Value facts_;
};

class CurlTransportTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ::signal(SIGPIPE, SIG_IGN);  // as httpd does
    server_ = new TokenServer;
  }
  static void TearDownTestSuite() { delete server_; }
  void SetUp() override { ASSERT_TRUE(server_->runs()) << "tests/unit/net/token_server.py did not start"; }

  static Authorities authorities(const std::string& file) {
    auto read = Authorities::read(file);
    EXPECT_TRUE(read.has_value()) << read.error();
    return *read;
  }
  static CurlOptions options() {
    CurlOptions made;
    made.authorities = authorities(server_->file("ca"));
    return made;
  }
  static CurlOptions hurried() {
    CurlOptions made = options();
    made.total_timeout = 300ms;
    return made;
  }
  static Result<HttpReply, TransportError> post(const std::string& url, const CurlOptions& with = options()) {
    return CurlTransport(with).post_form(url, Secret("assertion=CANARY"), kNoLimit);
  }
  static TransportError failure(const std::string& url, const CurlOptions& with = options()) {
    const auto reply = post(url, with);
    if (!reply) return reply.error();
    ADD_FAILURE() << "an answer with status " << reply->status << " came from " << url;
    return TransportError{};
  }
  static Json::Value told(const HttpReply& reply) {
    Json::Value value;
    Json::Reader().parse(std::string(reply.body.reveal()), value);
    return value;
  }

  static TokenServer* server_;
};

TokenServer* CurlTransportTest::server_ = nullptr;

TEST_F(CurlTransportTest, BringsStatusBodyTypeAndDate) {
  const auto reply = post(server_->url("ok"));
  ASSERT_TRUE(reply.has_value()) << reply.error().message;
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body.reveal(), R"({"access_token":"00D!x"})");
  EXPECT_EQ(reply->date, UnixTime{1'700'000'000s});
  EXPECT_FALSE(reply->retry_after_seconds.has_value());
}

TEST_F(CurlTransportTest, SendsTheFormAndNothingMoreThanItMust) {
  const auto reply = post(server_->url("echo?so=00D"));
  ASSERT_TRUE(reply.has_value()) << reply.error().message;
  const Json::Value request = told(*reply);
  EXPECT_EQ(request["path"], "/echo?so=00D");
  EXPECT_EQ(request["form"], "assertion=CANARY");
  EXPECT_EQ(request["headers"]["Content-Type"], "application/x-www-form-urlencoded");
  EXPECT_EQ(request["headers"]["Accept"], "application/json");
  for (const char* header : {"Accept-Encoding", "Expect", "Cookie", "Authorization", "Referer"}) {
    EXPECT_FALSE(request["headers"].isMember(header)) << header;
  }
}

TEST_F(CurlTransportTest, AnErrorStatusIsAnAnswerToo) {
  EXPECT_EQ(post(server_->url("unauthorized"))->status, 401);
  EXPECT_EQ(post(server_->url("retry-seconds"))->status, 429);
}

TEST_F(CurlTransportTest, ARedirectIsNotFollowed) {
  EXPECT_EQ(post(server_->url("redirect"))->status, 302);
  EXPECT_THAT(std::string(post(server_->url("seen"))->body.reveal()), Not(HasSubstr("redirected")));
}

TEST_F(CurlTransportTest, RetryAfterIsReadAsSecondsOrAsADate) {
  EXPECT_EQ(post(server_->url("retry-seconds"))->retry_after_seconds, 17);
  EXPECT_EQ(post(server_->url("retry-endless"))->retry_after_seconds, std::numeric_limits<long>::max());
  const auto dated = post(server_->url("retry-date"));
  EXPECT_EQ(*dated->retry_at - *dated->date, 40s);
  const auto nonsense = post(server_->url("retry-nonsense"));
  EXPECT_FALSE(nonsense->retry_after_seconds.has_value() || nonsense->retry_at.has_value());
  EXPECT_FALSE(nonsense->date.has_value());
}

TEST_F(CurlTransportTest, InterimResponsesAndTrailersSayNothing) {
  const auto interim = post(server_->url("interim"));
  ASSERT_TRUE(interim.has_value()) << interim.error().message;
  EXPECT_EQ(interim->status, 503);
  EXPECT_EQ(interim->date, UnixTime{1'700'000'000s});
  EXPECT_FALSE(interim->retry_after_seconds.has_value());
  const auto trailers = post(server_->url("trailers"));
  ASSERT_TRUE(trailers.has_value()) << trailers.error().message;
  EXPECT_EQ(trailers->body.reveal(), "{}");
  EXPECT_FALSE(trailers->date.has_value());
  EXPECT_FALSE(trailers->retry_after_seconds.has_value());
}

TEST_F(CurlTransportTest, TheLargestBodyIs64Kilobytes) {
  EXPECT_EQ(post(server_->url("largest"))->body.size(), 65536U);
  EXPECT_EQ(failure(server_->url("too-large")).cause, Cause::too_large);
  EXPECT_EQ(failure(server_->url("too-large-chunked")).cause, Cause::too_large);
}

TEST_F(CurlTransportTest, ACompressedBodyIsNotInflated) {
  const auto reply = post(server_->url("gzip-bomb"));
  ASSERT_TRUE(reply.has_value());
  EXPECT_TRUE(reply->body.reveal().starts_with("\x1f\x8b"));
}

TEST_F(CurlTransportTest, HeadersAreBounded) {
  EXPECT_EQ(failure(server_->url("many-headers")).cause, Cause::too_large);
  EXPECT_EQ(failure(server_->url("endless-headers")).cause, Cause::too_large);
}

TEST_F(CurlTransportTest, ALimitOfOneRequestHoldsWhenItIsShorterThanTheTotalTimeout) {
  CurlTransport transport(options());
  const auto reply = transport.post_form(server_->url("silence"), Secret("a=b"), 200ms);
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(reply.error().cause, Cause::timed_out);
}

TEST_F(CurlTransportTest, SilenceAndDripEndWithTheTotalTimeout) {
  for (const char* path : {"silence", "drip"}) {
    EXPECT_EQ(failure(server_->url(path), hurried()).cause, Cause::timed_out) << path;
  }
}

TEST_F(CurlTransportTest, ABrokenExchangeIsAFailure) {
  EXPECT_EQ(failure(server_->url("cut")).cause, Cause::protocol);
  EXPECT_EQ(failure(server_->url("cut-short")).cause, Cause::protocol);
  EXPECT_EQ(failure(server_->url("garbage")).cause, Cause::protocol);
  static_cast<void>(failure(server_->url("reset")));
}

TEST_F(CurlTransportTest, NobodyListeningIsUnreachable) {
  const auto error = failure(server_->url("ok", "closed"));
  EXPECT_EQ(error.cause, Cause::unreachable);
  EXPECT_THAT(error.message, AllOf(HasSubstr("localhost:"), HasSubstr("Connection refused")));
}

TEST_F(CurlTransportTest, ACertificateThatIsNotTrustedIsRefused) {
  CurlOptions other = options();
  other.authorities = authorities(server_->file("other_ca"));
  EXPECT_EQ(failure(server_->url("ok"), other).cause, Cause::tls);
  EXPECT_EQ(failure(server_->url("ok"), CurlOptions{}).cause, Cause::tls);
  EXPECT_EQ(failure(server_->url("ok", "wrong_name"), other).cause, Cause::tls);
}

TEST_F(CurlTransportTest, AnHttpsProxyIsVerifiedWithTheAuthoritiesOfTheSystem) {
  CurlOptions through = options();
  through.proxy = server_->origin("https", "localhost", "good");
  const auto error = failure(server_->url("ok"), through);
  EXPECT_EQ(error.cause, Cause::tls);
  EXPECT_THAT(error.message, HasSubstr("certificate"));
}

TEST_F(CurlTransportTest, FilesAreNeededNoLongerThanTheyAreRead) {
  const std::string copy = ::testing::TempDir() + "sfjwt-ca-" + std::to_string(::getpid());
  std::filesystem::copy_file(server_->file("ca"), copy);
  CurlOptions made;
  made.authorities = authorities(copy);
  std::filesystem::remove(copy);
  EXPECT_TRUE(post(server_->url("ok"), made).has_value());
}

TEST(LibcurlProblem, OnlyALibcurlThatUsesOpensslServes) {
  EXPECT_EQ(libcurl_problem("OpenSSL/3.0.15"), std::nullopt);
  EXPECT_EQ(libcurl_problem("OpenSSL/3.0.15 (GnuTLS/3.7.9)"), std::nullopt);
  EXPECT_EQ(
      libcurl_problem("GnuTLS/3.7.9 (OpenSSL/3.0.15)"),
      "libcurl uses GnuTLS/3.7.9 (OpenSSL/3.0.15) for TLS; the gateway needs a libcurl that uses OpenSSL");
}

TEST_F(CurlTransportTest, OldTlsIsRefused) {
  const auto error = failure(server_->url("ok", "old_tls"));
  EXPECT_EQ(error.cause, Cause::unreachable);
  EXPECT_THAT(error.message, HasSubstr("protocol version"));
}

TEST_F(CurlTransportTest, OnlyHttpsIsSpoken) {
  EXPECT_EQ(failure(server_->origin("http", "localhost", "plain") + "/ok").cause, Cause::protocol);
  EXPECT_EQ(failure(server_->origin("http", "127.0.0.1", "plain") + "/ok").cause, Cause::protocol);
  for (const char* url :
       {"file:///etc/passwd", "ftp://localhost/", "", "localhost", "https://", "https:///x", "https:// /"}) {
    EXPECT_EQ(failure(url).cause, Cause::protocol) << url;
  }
}

TEST_F(CurlTransportTest, ProxiesOfTheEnvironmentAreIgnored) {
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    ::setenv(name, server_->origin("http", "127.0.0.1", "closed").c_str(), 1);
  }
  const auto reply = post(server_->url("ok"));
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
  EXPECT_TRUE(reply.has_value()) << reply.error().message;
}

TEST_F(CurlTransportTest, TheConfiguredProxyIsUsedWhateverTheEnvironmentExcludes) {
  CurlOptions through = options();
  through.proxy = server_->origin("http", "127.0.0.1", "proxy");
  const auto reply = post(server_->url("ok"), through);
  ASSERT_TRUE(reply.has_value()) << reply.error().message;
  EXPECT_FALSE(reply->retry_after_seconds.has_value());
  through.proxy = server_->origin("http", "127.0.0.1", "closed");
  ::setenv("no_proxy", "localhost", 1);
  EXPECT_EQ(failure(server_->url("ok"), through).cause, Cause::unreachable);
  ::unsetenv("no_proxy");
}

TEST_F(CurlTransportTest, TheClientCertificateIsShown) {
  CurlOptions with = options();
  EXPECT_FALSE(told(*post(server_->url("echo"), with))["certificate"].asBool());
  auto certificate = read_client_certificate(server_->file("client"));
  ASSERT_TRUE(certificate.has_value()) << certificate.error();
  with.client_certificate = certificate->pem;
  const auto reply = post(server_->url("echo"), with);
  ASSERT_TRUE(reply.has_value()) << reply.error().message;
  EXPECT_TRUE(told(*reply)["certificate"].asBool());
}

TEST_F(CurlTransportTest, MessagesHoldNothingThatWasSent) {
  const std::string with_secrets = "https://user:CANARY@localhost:1/CANARY?CANARY#CANARY";
  EXPECT_THAT(failure(with_secrets).message, AllOf(HasSubstr("localhost:1"), Not(HasSubstr("CANARY"))));
  for (const char* path : {"cut", "garbage", "too-large"}) {
    EXPECT_THAT(failure(server_->url(path)).message, Not(HasSubstr("CANARY"))) << path;
  }
}

TEST_F(CurlTransportTest, AConnectionIsUsedAgain) {
  CurlTransport transport(options());
  for (int i = 0; i < 5; ++i) {
    const auto reply = transport.post_form(server_->url("connections?again"), Secret("a=b"), kNoLimit);
    ASSERT_TRUE(reply.has_value()) << reply.error().message;
    EXPECT_EQ(reply->body.reveal(), "1");
  }
}

TEST_F(CurlTransportTest, AFailureDoesNotSpoilTheNextRequest) {
  CurlTransport transport(options());
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(transport.post_form(server_->url("cut"), Secret("a=b"), kNoLimit).has_value());
    EXPECT_TRUE(transport.post_form(server_->url("ok"), Secret("a=b"), kNoLimit).has_value());
  }
}

TEST_F(CurlTransportTest, SeveralThreadsAskAtOnce) {
  CurlTransport transport(options());
  std::atomic<int> answered{0};
  const auto storm = [&] {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 24; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 3; ++n) {
          const auto reply = transport.post_form(server_->url("echo"), Secret("a=b"), kNoLimit);
          if (reply && told(*reply)["form"] == "a=b") ++answered;
        }
      });
    }
  };
  storm();
  storm();
  EXPECT_EQ(answered, 2 * 24 * 3);
}

}  // namespace
}  // namespace sfjwt::net
