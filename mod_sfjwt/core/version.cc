// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/version.h"

namespace sfjwt {

const char* const kVersion = SFJWT_VERSION;
const char* const kProduct = "mod_sfjwt/" SFJWT_VERSION;

}  // namespace sfjwt
