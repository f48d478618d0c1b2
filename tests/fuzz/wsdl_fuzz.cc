// SPDX-License-Identifier: Apache-2.0
// A WSDL file: reading it, compiling its schemas, and judging a small message by them.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "fuzz_target.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"
#include "mod_sfjwt/wsdl/service_reader.h"

namespace {

namespace fs = std::filesystem;
using namespace sfjwt;
using fuzz::must_hold;

// A folder with this one file: imports find nothing else, and what they look for elsewhere is an error.
class WsdlFile {
 public:
  WsdlFile() {
    std::string name = (fs::temp_directory_path() / "sfjwt-fuzz-XXXXXX").string();
    must_hold(::mkdtemp(name.data()) != nullptr, "a temporary folder can be made");
    folder_ = name;
  }
  WsdlFile(const WsdlFile&) = delete;
  WsdlFile& operator=(const WsdlFile&) = delete;
  ~WsdlFile() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  fs::path path() const { return folder_ / "input.wsdl"; }
  // A new file each time: file systems write one that was cut and filled again to the disk at once.
  void write(std::string_view bytes) const {
    ::unlink(path().c_str());
    const int file = ::open(path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    ::close(file);
    must_hold(written == static_cast<ssize_t>(bytes.size()), "the file can be written");
  }

 private:
  fs::path folder_;
};

void check_error(const soap::WsdlError& error) {
  must_hold(!error.message.empty(), "an error says why");
  must_hold(error.line >= 0, "an error stands on a line");
  must_hold(error.message.find('\n') == std::string::npos, "an error is one line");
}

// Validates an empty element for each operation, and one with a child that cannot be declared.
void judge_messages(const soap::Catalog& catalog) {
  for (const auto& wsdl : catalog.wsdls()) {
    for (const auto& operation : wsdl.operations) {
      const std::string name = operation.input.local_name;
      const std::string start = "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><" +
                                name + " xmlns='" + xml_escaped(operation.input.namespace_uri) + "'>";
      const std::string end = "</" + name + "></e:Body></e:Envelope>";
      (void)soap::read_envelope(start + end, catalog, {});
      (void)soap::read_envelope(start + "<a xmlns='urn:b'>1</a>" + end, catalog, {});
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const WsdlFile file;
  file.write(fuzz::text_of(data, size));
  const auto wsdl = wsdl::read_wsdl(file.path(), gateway::kSalesforce.names);
  if (!wsdl) check_error(wsdl.error());
  for (const schema::Mode mode : {schema::Mode::strict, schema::Mode::tolerant, schema::Mode::structure}) {
    const auto catalog =
        wsdl::load_catalog({file.path()}, {mode, schema::Relaxations::all()}, gateway::kSalesforce.names);
    must_hold(wsdl || !catalog, "a catalog is made of WSDLs that can be read only");
    if (!catalog) {
      check_error(catalog.error());
    } else {
      judge_messages(**catalog);
    }
  }
  return 0;
}
