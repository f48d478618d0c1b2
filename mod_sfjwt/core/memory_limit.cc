// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/memory_limit.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace sfjwt {
namespace {

using std::filesystem::path;
constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();

// "MemTotal:  16318480 kB"
std::uint64_t memory_of_machine(const path& root) {
  std::ifstream file(root / "proc/meminfo");
  std::string name;
  std::uint64_t kilobytes = 0;
  while (file >> name >> kilobytes) {
    if (name == "MemTotal:") return kilobytes * 1024;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return kNone;
}

// Reads a number from a file; "max", and anything else that is not a number, means no limit.
std::uint64_t number_in(const path& file) {
  std::ifstream stream(file);
  std::uint64_t number = 0;
  return stream >> number ? number : kNone;
}

// The lowest limit of a group and its ancestors. In a container the path can be that on the host, while only
// the group itself is mounted, as the root.
std::uint64_t limit_of_group(const path& mount, const std::string& group, const char* file) {
  std::uint64_t least = number_in(mount / file);
  path below = mount;
  for (const path& name : path(group).relative_path()) {
    if (name == "..") break;
    below /= name;
    least = std::min(least, number_in(below / file));
  }
  return least;
}

// Lines of proc/self/cgroup: "0::/group" in version 2, "5:cpu,memory:/group" in version 1.
std::uint64_t limit_of_groups(const path& root) {
  const path mounts = root / "sys/fs/cgroup";
  std::ifstream file(root / "proc/self/cgroup");
  std::uint64_t least = kNone;
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first == std::string::npos ? first : first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = ',' + line.substr(first + 1, second - first - 1) + ',';
    const std::string group = line.substr(second + 1);
    if (controllers == ",,") {
      least = std::min({least, limit_of_group(mounts, group, "memory.max"),
                        limit_of_group(mounts / "unified", group, "memory.max")});
    } else if (controllers.find(",memory,") != std::string::npos) {
      least = std::min(least, limit_of_group(mounts / "memory", group, "memory.limit_in_bytes"));
    }
  }
  return least;
}

}  // namespace

std::uint64_t memory_limit(const path& root) {
  const std::uint64_t least = std::min(memory_of_machine(root), limit_of_groups(root));
  return least == kNone ? 0 : least;
}

}  // namespace sfjwt
