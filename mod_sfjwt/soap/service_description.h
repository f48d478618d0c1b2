// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mod_sfjwt/xml/qname.h"

namespace sfjwt::soap {

/// One operation of a document/literal SOAP binding (WSDL 1.1 section 3).
struct Operation {
  std::string name;
  xml::QName input;   // the element that is the only child of Body in a request
  xml::QName output;  // its counterpart in a response; both names are empty for a one-way operation
  std::vector<xml::QName> header_blocks;  // soap:header parts of the input, in WSDL order
  std::vector<xml::QName> faults;         // detail elements of the declared faults
  std::string soap_action;                // soapAction; may be empty
};

/// A declared fault that needs only a code and a message, as in the APIs of the backend: an element with a
/// child for each (BackendNames) and no other required child.
struct FaultDetail {
  xml::QName element;              // child of the fault's detail, in a namespace
  xml::QName type;                 // for xsi:type; both names are empty if the type has no name
  xml::QName code;                 // the child with the code, qualified according to the schema
  xml::QName message;              // the child with the message
  std::vector<std::string> codes;  // valid codes, sorted; empty: any
};

/// An element of the response to login.
struct LoginField {
  xml::QName name;  // qualified according to the schema
  bool nillable = false;
  bool required = true;     // minOccurs is not 0
  std::string placeholder;  // a value its type allows, where a required field has none and cannot be nil
};

/// What a WSDL says of its operation login (LoginNames), so that the gateway can answer it.
struct LoginDescription {
  xml::QName input;                // of login
  xml::QName output;               // its response, with one child
  xml::QName result;               // that child
  std::vector<LoginField> fields;  // children of the result, in WSDL order, among them the session id
  std::vector<LoginField> user;    // children of its user info, in WSDL order
  xml::QName user_info;            // the input of the operation that returns the user info
  xml::QName user_info_output;     // its response, with one child
  xml::QName user_info_result;     // that child
};

/// The description of messages in one WSDL; not changed after it was read.
struct Wsdl {
  std::string file;                        // as given by the administrator, for messages
  std::string target_namespace;            // of wsdl:definitions
  std::string address;                     // of the first soap:address in its services; may be empty
  bool soap11 = false;                     // a SOAP 1.1 binding was found
  bool soap12 = false;                     // a SOAP 1.2 binding was found
  std::vector<Operation> operations;       // no two with the same input element
  std::vector<FaultDetail> fault_details;  // of the operations' faults, in WSDL order
  xml::QName session_header;               // the session header declared by its operations; empty if none
  xml::QName session_id;                   // its child with the session id, qualified according to the schema
  std::optional<LoginDescription> login;   // if it has the operation, in a supported form
  std::string login_problem;               // why the form is not supported, for messages
  std::vector<std::string> namespaces;     // target namespaces of the inline schemas, in document order
  std::vector<std::string> warnings;       // non-fatal findings for the administrator
};

/// Why a WSDL cannot be used: a sentence that names the construct, and its position (line 0: the whole file).
struct WsdlError {
  std::string file;
  int line = 0;
  std::string message;
};

}  // namespace sfjwt::soap
