// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>

namespace sfjwt::keys {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Result<Secret, std::string> shell(const std::string& script, const ProgramLimits& limits = {}) {
  return run_command({"/bin/sh", "-c", script}, limits);
}

TEST(Program, GivesWhatIsWrittenToStandardOutput) {
  EXPECT_EQ(shell("echo noise >&2; printf 'a\\nb'")->reveal(), "a\nb");
  EXPECT_EQ(shell("cat")->reveal(), "");  // standard input is empty
}

TEST(Program, NoShellReadsTheWords) {
  EXPECT_EQ(run_command({"/bin/echo", "$HOME", "*", "; exit 1"})->reveal(), "$HOME * ; exit 1\n");
}

TEST(Program, AFailureIsNamedAndTheOutputIsNot) {
  EXPECT_THAT(shell("echo CANARY; exit 7").error(),
              AllOf(HasSubstr("/bin/sh ended with status 7"), Not(HasSubstr("CANARY"))));
  EXPECT_THAT(shell("kill -9 $$").error(), HasSubstr("was ended by signal 9"));
  EXPECT_THAT(run_command({"/nonexistent"}).error(), HasSubstr("cannot be run: No such file"));
  EXPECT_THAT(run_command({"/etc/passwd"}).error(), HasSubstr("cannot be run: Permission denied"));
  EXPECT_THAT(run_command({"sh"}).error(), HasSubstr("not the absolute path"));
  EXPECT_THAT(run_command({}).error(), HasSubstr("not the absolute path"));
}

TEST(Program, OutputHasABound) {
  EXPECT_EQ(shell("printf '%4096s' x")->size(), 4096U);
  EXPECT_THAT(shell("printf '%4097s' x").error(), HasSubstr("wrote more than 4096 bytes"));
  EXPECT_THAT(run_command({"/bin/cat", "/dev/zero"}).error(), HasSubstr("wrote more than"));
}

TEST(Program, TimeHasABoundAndTheWholeGroupEndsWithIt) {
  const ProgramLimits hurried{200ms, 100};
  for (const char* script :
       {"sleep 3600", "sleep 3600 & wait", "exec >&-; sleep 3600", "trap '' TERM; sleep 3600"}) {
    EXPECT_THAT(shell(script, hurried).error(), HasSubstr("did not end within 200 ms")) << script;
  }
  errno = 0;
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);  // everything is reaped
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace sfjwt::keys
