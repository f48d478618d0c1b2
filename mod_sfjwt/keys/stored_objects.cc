// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/stored_objects.h"

#include <openssl/bio.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include <cstring>
#include <functional>

#include "mod_sfjwt/keys/openssl_error.h"

namespace sfjwt::keys {
namespace {

using Bio = Owned<BIO, BIO_free_all>;
using StoreInfo = Owned<OSSL_STORE_INFO, OSSL_STORE_INFO_free>;
using UiMethod = Owned<UI_METHOD, UI_destroy_method>;

void close_store(OSSL_STORE_CTX* store) {
  OSSL_STORE_close(store);
}

using Store = Owned<OSSL_STORE_CTX, close_store>;

// The passphrase for the callback, and whether the callback was called.
struct Passphrase {
  const std::optional<Secret>& given;
  bool asked = false;
};

extern "C" int answer_passphrase(char* buffer, int size, int /*rwflag*/, void* data) {
  auto& passphrase = *static_cast<Passphrase*>(data);
  passphrase.asked = true;
  if (!passphrase.given) return -1;
  const std::string_view text = passphrase.given->reveal();
  if (size < 0 || text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, text.data(), text.size());
  return static_cast<int>(text.size());
}

void take(OSSL_STORE_INFO* info, StoredObjects& found) {
  switch (OSSL_STORE_INFO_get_type(info)) {
    case OSSL_STORE_INFO_PKEY:
      found.several_keys = found.key != nullptr;
      found.key.reset(OSSL_STORE_INFO_get1_PKEY(info));
      break;
    case OSSL_STORE_INFO_PUBKEY:
      found.public_key = true;
      break;
    case OSSL_STORE_INFO_CERT:
      if (!found.certificate) found.certificate.reset(OSSL_STORE_INFO_get1_CERT(info));
      break;
    default:
      break;
  }
}

using Open = std::function<OSSL_STORE_CTX*(const UI_METHOD* ui, void* passphrase)>;

Result<StoredObjects, std::string> everything(const Open& open, const std::optional<Secret>& given) {
  Passphrase passphrase{given};
  const UiMethod ui{UI_UTIL_wrap_read_pem_callback(answer_passphrase, 0)};
  const Store store{ui ? open(ui.get(), &passphrase) : nullptr};
  if (!store) return Unexpected{ErrorMark::last_reason()};
  StoredObjects found;
  while (!found.several_keys && OSSL_STORE_eof(store.get()) == 0) {
    const StoreInfo info{OSSL_STORE_load(store.get())};
    if (info) {
      take(info.get(), found);
    } else if (OSSL_STORE_error(store.get()) != 0) {
      break;  // the rest is unreadable; use what was found
    }
  }
  found.passphrase_asked = passphrase.asked;
  return found;
}

}  // namespace

Result<StoredObjects, std::string> objects_in(const Secret& bytes, const std::optional<Secret>& passphrase) {
  const Bio source{BIO_new_mem_buf(bytes.reveal().data(), static_cast<int>(bytes.size()))};
  return everything(
      [&source](const UI_METHOD* ui, void* data) {
        return OSSL_STORE_attach(source.get(), "file", nullptr, nullptr, ui, data, nullptr, nullptr, nullptr);
      },
      passphrase);
}

Result<StoredObjects, std::string> objects_at(const std::string& uri,
                                              const std::optional<Secret>& passphrase) {
  return everything([&uri](const UI_METHOD* ui,
                           void* data) { return OSSL_STORE_open(uri.c_str(), ui, data, nullptr, nullptr); },
                    passphrase);
}

}  // namespace sfjwt::keys
