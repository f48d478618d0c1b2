// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/validator.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::schema {
namespace {

bool is_element(const Particle& particle) {
  return particle.kind == Particle::Kind::element;
}

// The four attributes that any element may have (section 2.6).
bool is_of_instances(const xml::Attribute& attribute) {
  const std::string_view local = attribute.local();
  return attribute.namespace_id == xml::kXsi &&
         (local == "type" || local == "nil" || local == "schemaLocation" ||
          local == "noNamespaceSchemaLocation");
}

// Comments and empty CDATA sections are no text.
bool no_text(const xml::Content& content) {
  return content.raw.empty() || xml::character_data(content).empty();
}

// SOAP::Lite calls a parameter that was given by its position c-gensym and a number.
bool is_generated(std::string_view local) {
  constexpr std::string_view kPrefix = "c-gensym";
  if (local.size() == kPrefix.size() || !local.starts_with(kPrefix)) return false;
  local.remove_prefix(kPrefix.size());
  return std::all_of(local.begin(), local.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool Validator::refuse(std::size_t offset, const char* message, std::string_view name,
                       std::string_view expected) {
  violation_ = {xml::Rule::invalid, offset, message, name, expected};
  return false;
}

// ---- the place in a sequence

// Whether a particle can take no more children here, so that a later one of its name has to.
inline bool Validator::spent(const Frame& parent, std::uint32_t index) const {
  const Particle& particle = schema_.particles(*parent.type)[index];
  if (!parent.type->any_order)
    return index < parent.position || (index == parent.position && parent.count == particle.max);
  if (particle.max == 1) return (seen_[parent.seen + index / 64] >> index % 64 & 1) != 0;
  return particle.yields && index < parent.position;
}

// Whether the order lets a particle take the next child; in_order and in_any_order say why not.
inline bool Validator::may_follow(const Frame& parent, std::uint32_t index) const {
  if (parent.type->any_order) return !spent(parent, index);
  const auto particles = schema_.particles(*parent.type);
  const std::uint32_t at = parent.position;
  if (index == at) return parent.count < particles[at].max;
  return index > at && parent.count >= particles[at].min && particles[at + 1].next_required >= index;
}

// Notes that a particle has taken a child.
inline void Validator::advance(Frame& parent, std::uint32_t index) {
  particle_taken_ = index;
  if (parent.type->any_order) seen_[parent.seen + index / 64] |= std::uint64_t{1} << index % 64;
  parent.count = index == parent.position ? parent.count + 1 : 1;
  parent.position = index;
}

// ---- elements

bool Validator::begin(const ElementDeclaration& declaration, const SoapAttributes& soap) {
  depth_ = 0;
  seen_end_ = 0;
  return open(declaration.type, declaration.nillable, soap);
}

// What is known of start tags is worth its memory in a large document only.
Validator::End Validator::subtree() {
  return scanner_.document_bytes() < kMinCachedBytes ? read_subtree() : read_large_subtree();
}

Validator::End Validator::read_large_subtree() {
  TagCache known(scanner_);
  cache_ = &known;
  Frame& root = frames_[depth_ - 1];
  if (may_have_children(root)) root.next_child = &root.uncached_next;
  const End end = read_subtree();
  cache_ = nullptr;
  return end;
}

Validator::End Validator::read_subtree() {
  const std::size_t outside = scanner_.depth();
  for (;;) {
    if (cache_ && frames_[depth_ - 1].next_child) {
      const Step step = cached_child();
      if (step == Step::taken) continue;
      if (step == Step::violated) return End::violated;
    }
    Step step = likely_child();
    if (step == Step::taken) continue;
    if (step == Step::violated) return End::violated;
    const xml::Scanner::Tag tag = scanner_.next();
    if (tag == xml::Scanner::Tag::start) {
      if (!child()) return End::violated;
    } else if (tag == xml::Scanner::Tag::end) {
      if (!close()) return End::violated;
      if (scanner_.depth() == outside) return End::valid;
    } else {
      return End::malformed;
    }
  }
}

// The child that the schema lets one think of first, that of the next particle that has taken none, if it is
// written like its parent.
Validator::Step Validator::likely_child() {
  Frame& parent = frames_[depth_ - 1];
  if (!parent.type || parent.nil == Nil::yes) return Step::unknown;
  const std::uint32_t next = parent.position + (parent.count == 0 ? 0 : 1);
  if (next >= parent.type->particle_count) return Step::unknown;
  const Particle& particle = schema_.particles(*parent.type)[next];
  if (particle.name.empty() || !scanner_.child(particle.name)) return Step::unknown;
  return child() ? Step::taken : Step::violated;
}

// ---- what comes again

// The next child, if its start tag is cached: the one that came next last time, or else any.
Validator::Step Validator::cached_child() {
  Frame& parent = frames_[depth_ - 1];
  CachedTag::Place place = *parent.next_child;
  auto next =
      place == CachedTag::kNone ? xml::Scanner::NextTag{} : scanner_.find_next_tag((*cache_)[place].tag);
  if (!next) {
    next = scanner_.find_next_tag();
    if (!next) return Step::unknown;
    place = cache_->find(scanner_.text_of(next), scanner_.scope(), parent.id);
    if (place == CachedTag::kNone) {
      // Where hardly a tag comes again, looking for them is not worth its time.
      if (++misses_ > kMaxMisses) cache_ = nullptr;
      return Step::unknown;
    }
  }
  CachedTag& known = (*cache_)[place];
  if (known.particle != Schema::kNotFound && !may_follow(parent, known.particle)) return Step::unknown;
  const auto read = scanner_.read_repeated(known.tag, next, known.text_only);
  if (read == xml::Scanner::Repeated::not_read) return Step::unknown;
  misses_ = misses_ == 0 ? 0 : misses_ - 1;
  *parent.next_child = place;
  parent.next_child = &known.next;
  if (known.particle != Schema::kNotFound) advance(parent, known.particle);
  if (read == xml::Scanner::Repeated::element)
    return !known.values || value(*known.values, known.type) ? Step::taken : Step::violated;
  if (!push(known.type, known.nil)) return Step::violated;
  Frame& opened = frames_[depth_ - 1];
  if (opened.next_child) opened.next_child = &known.first_child;
  return Step::taken;
}

// Notes the start tag of the child just opened.
bool Validator::cache_tag(std::size_t parent_depth) {
  Frame& parent = frames_[parent_depth - 1];
  Frame& opened = frames_[depth_ - 1];
  if (!cache_ || !parent.next_child || !opened.type || !by_name_alone_) return true;
  const CachedTag::Place place = place_in_cache(opened, parent.id);
  *parent.next_child = place;
  parent.next_child = place == CachedTag::kNone ? &parent.uncached_next : &(*cache_)[place].next;
  if (opened.next_child && place != CachedTag::kNone) opened.next_child = &(*cache_)[place].first_child;
  return true;
}

CachedTag::Place Validator::place_in_cache(const Frame& opened, TypeId parent) {
  const xml::Scanner::StartTag tag = scanner_.start_tag();
  const CachedTag::Place place = cache_->find(scanner_.text_of(tag), tag.scope, parent);
  if (place != CachedTag::kNone) {
    if (tag.declares) scanner_.renumber_scope((*cache_)[place].inside);
    return place;
  }
  CachedTag known{tag,     scanner_.scope(), parent, particle_taken_,  opened.id,
                  nullptr, opened.nil,       false,  CachedTag::kNone, CachedTag::kNone};
  if (opened.nil == Nil::yes) {
    known.text_only = tag.empty_element;
  } else if (opened.type->content == Type::Content::simple) {
    const SimpleType& simple = schema_.simple_type(*opened.type);
    if (!simple.unrestricted()) known.values = &simple;
    known.text_only =
        !known.values ||
        (opened.nil == Nil::no &&
         !(tag.declares && simple.builtin == Builtin::q_name));  // a prefix may be bound by the tag
  } else {
    known.text_only = opened.type->content == Type::Content::anything;
  }
  return cache_->add(known);
}

// ---- one child

bool Validator::child() {
  const std::size_t parent_depth = depth_;
  Frame& parent = frames_[depth_ - 1];
  if (!parent.type) return push_skipped();
  if (parent.nil == Nil::yes) return refuse_tag("an element that is nil has content");
  particle_taken_ = Schema::kNotFound;
  by_name_alone_ = true;
  switch (parent.type->content) {
    case Type::Content::simple:
      return refuse_tag("an element stands where only text may be:", scanner_.raw_name());
    case Type::Content::anything:
      return any_child() && cache_tag(parent_depth);
    case Type::Content::empty:
    case Type::Content::elements:
      if (!xml::only_white_space(scanner_.content()))
        return refuse_tag("text stands where only elements may be, before", scanner_.raw_name());
      [[fallthrough]];
    case Type::Content::mixed:
      return element_child(parent) && cache_tag(parent_depth);
    case Type::Content::unresolved:
      break;
  }
  return refuse_tag("the WSDL does not define the type of this element");
}

// Below xsd:anyType children are held to what is known of them (section 3.4.7: lax).
bool Validator::any_child() {
  const ElementDeclaration* declaration = schema_.element(scanner_.name());
  return declaration ? open(declaration->type, declaration->nillable) : open_undeclared();
}

bool Validator::element_child(Frame& parent) {
  const Type& type = *parent.type;
  const auto particles = schema_.particles(type);
  std::uint32_t index = schema_.find(type, scanner_.name());
  if (index != Schema::kNotFound) {
    by_name_alone_ = particles[index].same_name == 0;
    while (particles[index].same_name != 0 && spent(parent, index)) index = particles[index].same_name;
    return named_child(parent, index);
  }
  if (type.first_wildcard < type.particle_count) return wildcard_child(parent);
  index = schema_.find_alias(parent.id, scanner_.name());
  if (index != Schema::kNotFound) return particle_child(parent, index);
  by_name_alone_ = false;
  index = positional(parent);
  if (index != Schema::kNotFound) return particle_child(parent, index);
  return refuse_tag("the element is not declared here:", scanner_.raw_name(), next_expected(parent));
}

// The particle that a child with a generated name stands for: the next one in order.
std::uint32_t Validator::positional(const Frame& parent) const {
  const Type& type = *parent.type;
  const xml::Name& name = scanner_.name();
  if (!type.generated_names || !is_generated(name.local)) return Schema::kNotFound;
  const auto particles = schema_.particles(type);
  const std::uint32_t next = parent.position + (parent.count < particles[parent.position].max ? 0 : 1);
  if (next == particles.size()) return Schema::kNotFound;
  const bool fits =
      name.namespace_id == particles[next].namespace_id || name.namespace_id == type.no_namespace;
  return fits ? next : Schema::kNotFound;
}

// Where the order does not allow the declared element, a wildcard may still let one of its name in.
bool Validator::named_child(Frame& parent, std::uint32_t index) {
  const Type& type = *parent.type;
  if (type.first_wildcard == type.particle_count || may_follow(parent, index))
    return particle_child(parent, index);
  const std::uint32_t wildcard = open_wildcard(parent);
  by_name_alone_ = false;
  return wildcard == Schema::kNotFound ? particle_child(parent, index) : wildcard_particle(parent, wildcard);
}

bool Validator::particle_child(Frame& parent, std::uint32_t index) {
  const Particle& particle = schema_.particles(*parent.type)[index];
  if (!(parent.type->any_order ? in_any_order(parent, index) : in_order(parent, index))) return false;
  advance(parent, index);
  return open(particle.type, particle.nillable);
}

bool Validator::in_order(const Frame& parent, std::uint32_t index) {
  const auto particles = schema_.particles(*parent.type);
  const std::uint32_t at = parent.position;
  if (index == at) {
    return parent.count != particles[at].max ||
           refuse_tag("the element stands too often:", scanner_.raw_name(), next_expected(parent));
  }
  if (index < at)
    return refuse_tag("the element is out of order:", scanner_.raw_name(), next_expected(parent));
  if (parent.count < particles[at].min)
    return refuse_tag("an element is missing before", scanner_.raw_name(), next_expected(parent));
  if (particles[at + 1].next_required < index) {
    return refuse_tag("an element is missing before", scanner_.raw_name(),
                      particles[particles[at + 1].next_required].name);
  }
  return true;
}

bool Validator::in_any_order(const Frame& parent, std::uint32_t index) {
  return !spent(parent, index) || refuse_tag("the element stands too often:", scanner_.raw_name());
}

// No declared name.
bool Validator::wildcard_child(Frame& parent) {
  by_name_alone_ = parent.type->first_wildcard + 1 == parent.type->particle_count;
  const std::uint32_t wildcard = open_wildcard(parent);
  if (wildcard != Schema::kNotFound) return wildcard_particle(parent, wildcard);
  return refuse_tag("the element is not declared here:", scanner_.raw_name(), next_expected(parent));
}

// The first wildcard that the order allows and whose namespaces fit the element just started.
std::uint32_t Validator::open_wildcard(const Frame& parent) const {
  const Type& type = *parent.type;
  const auto particles = schema_.particles(type);
  for (std::uint32_t i = type.first_wildcard; i < type.particle_count; ++i) {
    const bool fits =
        !is_element(particles[i]) && schema_.constraint(particles[i]).allows(scanner_.name().namespace_id);
    if (fits && may_follow(parent, i)) return i;
  }
  return Schema::kNotFound;
}

bool Validator::wildcard_particle(Frame& parent, std::uint32_t index) {
  const Particle& wildcard = schema_.particles(*parent.type)[index];
  if (!(parent.type->any_order ? in_any_order(parent, index) : in_order(parent, index))) return false;
  advance(parent, index);
  return declared_child(wildcard);
}

// Section 3.10.4: skip looks at nothing, lax at what is declared, strict demands a declaration or an
// xsi:type.
bool Validator::declared_child(const Particle& wildcard) {
  if (wildcard.kind == Particle::Kind::wildcard_skip) return push_skipped();
  const ElementDeclaration* declaration = schema_.element(scanner_.name());
  if (declaration) return open(declaration->type, declaration->nillable);
  if (wildcard.kind == Particle::Kind::wildcard_strict && !scanner_.attribute(xml::kXsi, "type")) {
    return refuse_tag("the WSDL does not declare this element:", scanner_.raw_name());
  }
  return open_undeclared();
}

// ---- the element just started

bool Validator::open(TypeId type, bool nillable, const SoapAttributes& soap) {
  Nil nil = Nil::no;
  if (!scanner_.attributes().empty()) {
    if (!typed_attributes(type, nil, nillable, soap)) return false;
  } else if (schema_.type(type).required_attributes) {
    if (!declared_attributes(schema_.type(type), soap)) return false;
  }
  if (schema_.type(type).abstract)
    return refuse_tag("an abstract type needs an xsi:type that names a concrete one");
  if (type == kUnresolvedType || schema_.type(type).content == Type::Content::unresolved) {
    return refuse_tag("the WSDL does not define the type of this element:", scanner_.raw_name());
  }
  return push(type, nil);
}

// xsi:nil speaks of a declaration (section 3.3.4, clause 3); without one it is an attribute like others, and
// a value has to fit the type that xsi:type names. The relaxation lets such an element be empty all the same.
bool Validator::open_undeclared() {
  declared_ = false;
  const bool opened = open(kAnyType, true);
  declared_ = true;
  return opened;
}

bool Validator::may_have_children(const Frame& frame) {
  return frame.nil != Nil::yes && frame.type->content != Type::Content::simple &&
         frame.type->content != Type::Content::empty;
}

bool Validator::push(TypeId id, Nil nil) {
  const Type& type = schema_.type(id);
  Frame& frame = frames_[depth_];
  frame.type = &type;
  frame.next_child = nullptr;
  frame.id = id;
  frame.position = 0;
  frame.count = 0;
  frame.seen = seen_end_;
  frame.uncached_next = CachedTag::kNone;
  frame.nil = nil;
  if (cache_ && may_have_children(frame)) frame.next_child = &frame.uncached_next;
  ++depth_;
  if (!type.any_order || nil == Nil::yes) return true;
  const std::size_t words = (type.particle_count + 63) / 64;
  if (seen_end_ + words > kSeenWords) return hold_to_order();
  for (std::size_t i = 0; i < words; ++i) seen_[seen_end_ + i] = 0;
  seen_end_ = static_cast<std::uint16_t>(seen_end_ + words);
  return true;
}

// There is room to note which fields are taken for a few elements with hundreds of them inside each other.
// Those further down are held to the order.
bool Validator::hold_to_order() {
  if (in_order_.empty()) in_order_.resize(xml::Limits::kMaxDepth);
  Frame& frame = frames_[depth_ - 1];
  Type& ordered = in_order_[depth_ - 1];
  ordered = *frame.type;
  ordered.any_order = false;
  frame.type = &ordered;
  return true;
}

bool Validator::push_skipped() {
  frames_[depth_++] = {nullptr, nullptr, kAnyType, 0, 0, seen_end_, CachedTag::kNone, Nil::no};
  return true;
}

bool Validator::typed_attributes(TypeId& type, Nil& nil, bool nillable, const SoapAttributes& soap) {
  for (const xml::Attribute& attribute : scanner_.attributes()) {
    if (attribute.namespace_id != xml::kXsi) continue;
    const std::string_view local = attribute.local();
    if (local == "type") {
      if (!type_attribute(attribute, type)) return false;
    } else if (local == "nil" && (declared_ || schema_.nil_anywhere)) {
      if (!nil_attribute(attribute, nil, nillable)) return false;
    }
  }
  return declared_attributes(schema_.type(type), soap);
}

bool Validator::type_attribute(const xml::Attribute& attribute, TypeId& type) {
  if (schema_.type(type).any_xsi_type) return true;
  const std::string text = attribute.plain ? std::string() : xml::attribute_text(attribute.raw_value);
  const std::string_view qname = trimmed(attribute.plain ? attribute.raw_value : std::string_view(text));
  const auto colon = qname.find(':');
  const std::string_view prefix =
      colon == std::string_view::npos ? std::string_view() : qname.substr(0, colon);
  const auto namespace_id = scanner_.namespace_of(prefix);
  if (colon == 0 || !namespace_id)
    return refuse_tag("the prefix of xsi:type is not declared on", scanner_.raw_name());
  const xml::Name name{*namespace_id, colon == std::string_view::npos ? qname : qname.substr(colon + 1)};
  const TypeId* named = schema_.type_named(name);
  if (!named) named = schema_.object_named(name, type);
  if (!named) named = schema_.unprefixed_record(name, type);
  if (!named) return refuse_tag("xsi:type names no type of the WSDL on", scanner_.raw_name());
  if (!schema_.may_replace(*named, type)) {
    return refuse_tag("xsi:type names a type that may not stand here, on", scanner_.raw_name(),
                      schema_.name_of(type));
  }
  type = *named;
  return true;
}

bool Validator::nil_attribute(const xml::Attribute& attribute, Nil& nil, bool nillable) {
  const std::string text = attribute.plain ? std::string() : xml::attribute_text(attribute.raw_value);
  const std::string_view value = trimmed(attribute.plain ? attribute.raw_value : std::string_view(text));
  const bool is_nil = value == "true" || value == "1";
  if (is_nil) nil = declared_ ? Nil::yes : Nil::if_empty;
  if (!declared_) return true;
  if (!is_nil && value != "false" && value != "0")
    return refuse_tag("xsi:nil is no boolean on", scanner_.raw_name());
  if (!nillable && !schema_.nil_anywhere)
    return refuse_tag("the element may not be nil:", scanner_.raw_name());
  return true;
}

bool Validator::declared_attributes(const Type& type, const SoapAttributes& soap) {
  if (type.content == Type::Content::anything) return true;
  const auto declared = schema_.attributes(type);
  for (const xml::Attribute& attribute : scanner_.attributes()) {
    if (is_of_instances(attribute) || soap.allow(attribute)) continue;
    const AttributeUse* use = nullptr;
    for (const AttributeUse& candidate : declared) {
      if (candidate.namespace_id == attribute.namespace_id && candidate.name == attribute.local())
        use = &candidate;
    }
    if (!use) return refuse_tag("the attribute is not declared:", attribute.raw_name);
    const Type& value_type = schema_.type(use->type);
    const Fit fit = value_type.content == Type::Content::simple
                        ? schema_.simple_type(value_type)
                              .judge(attribute.plain ? attribute.raw_value
                                                     : resolved_ = xml::attribute_text(attribute.raw_value))
                        : Fit::no;
    if (fit != Fit::yes) {
      return refuse_tag(fit == Fit::no
                            ? "the value of the attribute is not of its type:"
                            : "the value of the attribute could not be checked against the pattern of its "
                              "type, which takes too many steps:",
                        attribute.raw_name, schema_.name_of(use->type));
    }
  }
  for (const AttributeUse& use : declared) {
    if (use.required && !scanner_.attribute(use.namespace_id, use.name)) {
      return refuse_tag("an attribute is missing:", use.name);
    }
  }
  return true;
}

// ---- the element just ended

bool Validator::close() {
  const Frame& frame = frames_[--depth_];
  seen_end_ = frame.seen;
  if (!frame.type) return true;
  if (frame.nil != Nil::no) {
    const bool empty = frame.count == 0 && no_text(scanner_.content());
    if (empty) return true;
    if (frame.nil == Nil::yes) return refuse_tag("an element that is nil has content");
  }
  switch (frame.type->content) {
    case Type::Content::simple:
      return value(schema_.simple_type(*frame.type), frame.id);
    case Type::Content::empty:
      return no_text(scanner_.content()) || refuse_tag("text stands where nothing may be");
    case Type::Content::elements:
      if (!xml::only_white_space(scanner_.content()))
        return refuse_tag("text stands where only elements may be");
      [[fallthrough]];
    case Type::Content::mixed:
      return complete(frame);
    case Type::Content::anything:
    case Type::Content::unresolved:
      return true;
  }
  return true;
}

bool Validator::complete(const Frame& frame) {
  const Type& type = *frame.type;
  if (type.first_required == type.particle_count) return true;
  const auto particles = schema_.particles(type);
  std::uint32_t missing = type.particle_count;
  if (type.any_order) {
    for (std::uint32_t i = type.first_required; i < type.particle_count && missing == type.particle_count;
         i = i + 1 < type.particle_count ? particles[i + 1].next_required : type.particle_count) {
      if ((seen_[frame.seen + i / 64] >> i % 64 & 1) == 0) missing = i;
    }
  } else if (frame.count < particles[frame.position].min) {
    missing = frame.position;
  } else if (frame.position + 1 < type.particle_count) {
    missing = particles[frame.position + 1].next_required;
  }
  if (missing == type.particle_count) return true;
  return refuse_tag("an element is missing at the end", {}, particles[missing].name);
}

bool Validator::value(const SimpleType& simple, TypeId id) {
  if (simple.unrestricted()) return true;
  const xml::Content& content = scanner_.content();
  std::string_view text = content.raw;
  if (!content.plain()) text = resolved_ = xml::character_data(content);
  const Fit fit = simple.judge(text);
  if (fit == Fit::yes && (simple.builtin != Builtin::q_name || q_name_fits(simple, text))) return true;
  if (fit == Fit::unknown) {
    return refuse_tag(
        "the value could not be checked against the pattern of its type, which takes too many steps", {},
        schema_.name_of(id));
  }
  return refuse_tag("the value is not of the type of its element", {}, schema_.name_of(id));
}

// A QName is judged by what it means: its prefix must be bound, and an enumeration lists expanded names.
bool Validator::q_name_fits(const SimpleType& simple, std::string_view text) const {
  text = trimmed(text);
  const auto colon = text.find(':');
  const std::string_view prefix =
      colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
  const auto namespace_id = scanner_.namespace_of(prefix);
  if (!namespace_id) return false;
  if (simple.q_names.empty()) return true;
  const xml::Name name{*namespace_id, text.substr(colon + 1)};  // npos + 1 is 0
  return std::any_of(simple.q_names.begin(), simple.q_names.end(), [&name](const auto& listed) {
    return listed.first == name.namespace_id && listed.second == name.local;
  });
}

// What could stand at the current place: the first required particle from there on, or the next one.
std::string_view Validator::next_expected(const Frame& frame) const {
  const auto particles = schema_.particles(*frame.type);
  if (particles.empty() || frame.type->any_order) return {};
  const std::uint32_t at = frame.position;
  if (frame.count < particles[at].max) return particles[at].name;
  return at + 1 < particles.size() ? particles[at + 1].name : std::string_view();
}

}  // namespace sfjwt::schema
