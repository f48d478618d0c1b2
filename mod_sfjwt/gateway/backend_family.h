// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sfjwt::gateway {

/// The exceptionCode of a fault detail for each kind of refusal: of the codes the backend's WSDLs list, the
/// one that comes nearest.
struct ExceptionCodes {
  std::string_view media_type;
  std::string_view size;
  std::string_view xml;
  std::string_view header;
  std::string_view operation;
  std::string_view login;
  std::string_view access;
  std::string_view unavailable;  // invites to try again: only for what has certainly not been executed
  std::string_view unknown;      // where a list has no better
};
using ExceptionCode = std::string_view ExceptionCodes::*;

/// What the gateway has to know of the services it stands in front of.
struct BackendFamily {
  ExceptionCodes exceptions;
  std::string_view default_fault;  // local name of the fault that fits every operation
};

}  // namespace sfjwt::gateway
