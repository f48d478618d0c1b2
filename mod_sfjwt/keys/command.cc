// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "mod_sfjwt/core/file_descriptor.h"
#include "mod_sfjwt/core/text.h"

extern char** environ;

namespace sfjwt::keys {
namespace {

using std::chrono::milliseconds;
using Moment = std::chrono::steady_clock::time_point;

std::string reason_of(int error) {
  return std::generic_category().message(error);
}

milliseconds left_until(Moment deadline) {
  return std::max(std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()),
                  milliseconds{0});
}

struct Pipe {
  FileDescriptor reader;
  FileDescriptor writer;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

// A started process; the destructor kills and reaps it.
class Process {
 public:
  static Result<Process, int> start(const std::vector<std::string>& words, int output);
  explicit Process(pid_t id) : id_(id) {}
  Process(Process&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  Process& operator=(Process&&) = delete;
  ~Process() {
    if (id_ == 0) return;
    ::kill(-id_, SIGKILL);
    while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) continue;
  }

  /// The wait status, or nullopt if it is still running at the deadline.
  std::optional<int> end_before(Moment deadline) {
    for (;;) {
      int status = 0;
      const pid_t ended = ::waitpid(id_, &status, WNOHANG);
      if (ended == id_) {
        id_ = 0;
        return status;
      }
      if (ended < 0 && errno != EINTR) return std::nullopt;
      if (left_until(deadline).count() == 0) return std::nullopt;
      ::poll(nullptr, 0, 5);
    }
  }

 private:
  pid_t id_;
};

// The attributes of the child. The functions fail only for lack of memory, and then the start fails as well.
struct SpawnOrders {
  explicit SpawnOrders(int output) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
#if __GLIBC_PREREQ(2, 34)  // closes descriptors that this process did not mark close-on-exec
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
#endif
    sigset_t none{}, all{};
    ::sigemptyset(&none);
    ::sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
  }
  SpawnOrders(const SpawnOrders&) = delete;
  SpawnOrders& operator=(const SpawnOrders&) = delete;
  ~SpawnOrders() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
};

Result<Process, int> Process::start(const std::vector<std::string>& words, int output) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  // The words are not modified, although exec takes pointers to non-const.
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const SpawnOrders orders(output);
  pid_t id = 0;
  const int error =
      ::posix_spawn(&id, arguments[0], &orders.files, &orders.attributes, arguments.data(), environ);
  if (error != 0) return Unexpected{error};
  return Process(id);
}

// Reads until the writer closes the pipe; the error is a clause to follow the name of the program.
Result<Secret, std::string> read_all(int reader, const ProgramLimits& limits, Moment deadline) {
  std::string bytes(limits.output + 1,
                    '\0');  // never grows: a reallocation would leave a copy of the secret behind
  std::size_t size = 0;
  std::string problem;
  while (size < bytes.size()) {
    pollfd ready{reader, POLLIN, 0};
    const int events = ::poll(&ready, 1, static_cast<int>(left_until(deadline).count()));
    if (events < 0 && errno == EINTR) continue;
    if (events <= 0) {
      problem = "did not end within " + std::to_string(limits.time.count()) + " ms";
      break;
    }
    const ssize_t got = ::read(reader, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > limits.output) problem = "wrote more than " + std::to_string(limits.output) + " bytes";
  bytes.resize(size);
  Secret output(std::move(bytes));
  if (!problem.empty()) return Unexpected{problem};
  return output;
}

}  // namespace

Result<Secret, std::string> run_command(const std::vector<std::string>& words, const ProgramLimits& limits) {
  if (words.empty() || !words[0].starts_with('/'))
    return Unexpected{std::string("not the absolute path of a program")};
  const std::string shown = printable(words[0]);
  const auto wrong = [&shown](const std::string& what) { return Unexpected{shown + " " + what}; };
  const Moment deadline = std::chrono::steady_clock::now() + limits.time;
  Pipe pipe = make_pipe();
  auto process = Process::start(words, pipe.writer.number());
  pipe.writer.close();
  if (!process) return wrong("cannot be run: " + reason_of(process.error()));
  auto output = read_all(pipe.reader.number(), limits, deadline);
  if (!output) return wrong(output.error());
  const auto status = process->end_before(deadline);
  if (!status) return wrong("did not end within " + std::to_string(limits.time.count()) + " ms");
  if (WIFSIGNALED(*status)) return wrong("was ended by signal " + std::to_string(WTERMSIG(*status)));
  if (WEXITSTATUS(*status) != 0) return wrong("ended with status " + std::to_string(WEXITSTATUS(*status)));
  return output;
}

}  // namespace sfjwt::keys
