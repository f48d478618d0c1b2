// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/validator.h"

#include <algorithm>
#include <cassert>

namespace sfjwt::schema {
namespace {

bool is_element(const Particle& particle) {
  return particle.kind == Particle::Kind::element;
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

bool may_have_children(const Type& type, Nil nil) {
  return nil != Nil::yes && type.content != Type::Content::simple && type.content != Type::Content::empty;
}

}  // namespace

bool Validator::begin(const ElementDeclaration& declaration, const SoapAttributes& soap) {
  depth_ = 0;
  taken_end_ = 0;
  return open(declaration, soap);
}

// What is cached of start tags is worth its memory in a large document only.
Validator::End Validator::subtree() {
  assert(!closed());
  return scanner_.document_bytes() < kMinCachedBytes ? read_subtree() : read_subtree_with_cache();
}

Validator::End Validator::read_subtree_with_cache() {
  TagCache cache(scanner_);
  cache_ = &cache;
  Frame& root = innermost();
  if (may_have_children(*root.type, root.nil)) root.next_child = &root.uncached_next;
  const End end = read_subtree();
  cache_ = nullptr;
  return end;
}

Validator::End Validator::read_subtree() {
  const std::size_t outside = scanner_.depth();
  for (;;) {
    const Step step = cache_ && innermost().next_child ? cached_child() : Step::unknown;
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

// ---- start tags that come again

// The next child, if its start tag is cached: the one that came next last time, or else any.
Validator::Step Validator::cached_child() {
  Frame& parent = innermost();
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
  CachedTag& cached = (*cache_)[place];
  const bool has_particle = cached.particle != Schema::kNotFound;
  if (has_particle && !sequence_of(parent).may_take(parent.at, cached.particle)) return Step::unknown;
  const auto read = scanner_.read_repeated(cached.tag, next, cached.text_only);
  if (read == xml::Scanner::Repeated::not_read) return Step::unknown;
  misses_ = misses_ == 0 ? 0 : misses_ - 1;
  *parent.next_child = place;
  parent.next_child = &cached.next;
  if (has_particle) sequence_of(parent).take(parent.at, cached.particle);
  if (read == xml::Scanner::Repeated::element)
    return !cached.values || check_.value(*cached.values, cached.element.type) ? Step::taken : Step::violated;
  push(cached.element);
  Frame& opened = innermost();
  if (opened.next_child) opened.next_child = &cached.first_child;
  return Step::taken;
}

// Notes the start tag of the child just opened.
void Validator::cache_child(std::size_t parent_depth) {
  Frame& parent = frames_[parent_depth - 1];
  Frame& opened = innermost();
  if (!cache_ || !parent.next_child || !opened.type || !taken_by_name_) return;
  const CachedTag::Place place = place_in_cache(opened, parent.id);
  *parent.next_child = place;
  parent.next_child = place == CachedTag::kNone ? &parent.uncached_next : &(*cache_)[place].next;
  if (opened.next_child && place != CachedTag::kNone) opened.next_child = &(*cache_)[place].first_child;
}

CachedTag::Place Validator::place_in_cache(const Frame& opened, TypeId parent) {
  const xml::Scanner::StartTag tag = scanner_.start_tag();
  const CachedTag::Place place = cache_->find(scanner_.text_of(tag), tag.scope, parent);
  if (place != CachedTag::kNone) {
    if (tag.declares) scanner_.renumber_scope((*cache_)[place].inside);
    return place;
  }
  CachedTag cached;
  cached.tag = tag;
  cached.inside = scanner_.scope();
  cached.parent = parent;
  cached.particle = taker_;
  cached.element = {opened.id, opened.nil};
  if (opened.nil == Nil::yes) {
    cached.text_only = tag.empty_element;
  } else if (opened.type->content == Type::Content::simple) {
    const SimpleType& simple = schema_.simple_type(*opened.type);
    if (!simple.unrestricted()) cached.values = &simple;
    const bool binds_prefix = tag.declares && simple.builtin == Builtin::q_name;  // of the value, perhaps
    cached.text_only = !cached.values || (opened.nil == Nil::no && !binds_prefix);
  } else {
    cached.text_only = opened.type->content == Type::Content::anything;
  }
  return cache_->add(cached);
}

// ---- one child

bool Validator::child() {
  assert(!closed());
  const std::size_t parent_depth = depth_;
  Frame& parent = innermost();
  if (!parent.type) return push_skipped();
  if (parent.nil == Nil::yes) return check_.refuse_tag("an element that is nil has content");
  taker_ = Schema::kNotFound;
  taken_by_name_ = true;
  switch (parent.type->content) {
    case Type::Content::simple:
      return check_.refuse_tag("an element appears where only text is allowed:", scanner_.raw_name());
    case Type::Content::anything:
      if (!any_child()) return false;
      break;
    case Type::Content::empty:
    case Type::Content::elements:
      if (!xml::only_white_space(scanner_.content()))
        return check_.refuse_tag("text appears where only elements are allowed, before", scanner_.raw_name());
      [[fallthrough]];
    case Type::Content::mixed:
      if (!element_child(parent)) return false;
      break;
    case Type::Content::unresolved:
      return check_.refuse_tag("the WSDL does not define the type of this element");
  }
  cache_child(parent_depth);
  return true;
}

// Below xsd:anyType children are held to what is known of them (section 3.4.7: lax).
bool Validator::any_child() {
  const ElementDeclaration* declaration = schema_.element(scanner_.name());
  return declaration ? open(*declaration) : open_undeclared();
}

bool Validator::element_child(Frame& parent) {
  const Type& type = *parent.type;
  const auto particles = schema_.particles(type);
  std::uint32_t index = schema_.find(type, scanner_.name());
  if (index != Schema::kNotFound) {
    taken_by_name_ = particles[index].same_name == 0;
    while (particles[index].same_name != 0 && sequence_of(parent).is_spent(parent.at, index))
      index = particles[index].same_name;
    return named_child(parent, index);
  }
  if (type.first_wildcard < type.particle_count) return wildcard_child(parent);
  index = schema_.find_alias(parent.id, scanner_.name());
  if (index != Schema::kNotFound) return particle_child(parent, index);
  taken_by_name_ = false;
  index = by_position(parent);
  if (index != Schema::kNotFound) return particle_child(parent, index);
  return check_.refuse_tag("the element is not declared here:", scanner_.raw_name(), expected_in(parent));
}

// The particle that a child with a generated name stands for: the next one in order.
std::uint32_t Validator::by_position(const Frame& parent) {
  const Type& type = *parent.type;
  const xml::Name& name = scanner_.name();
  if (!type.generated_names || !is_generated(name.local)) return Schema::kNotFound;
  const auto particles = schema_.particles(type);
  const std::uint32_t next = sequence_of(parent).next(parent.at);
  if (next == particles.size()) return Schema::kNotFound;
  const bool fits =
      name.namespace_id == particles[next].namespace_id || name.namespace_id == type.no_namespace;
  return fits ? next : Schema::kNotFound;
}

// Where the order does not allow the declared element, a wildcard may still let one of its name in.
bool Validator::named_child(Frame& parent, std::uint32_t index) {
  const Type& type = *parent.type;
  if (type.first_wildcard == type.particle_count || sequence_of(parent).may_take(parent.at, index))
    return particle_child(parent, index);
  const std::uint32_t wildcard = open_wildcard(parent);
  taken_by_name_ = false;
  return wildcard == Schema::kNotFound ? particle_child(parent, index) : wildcard_particle(parent, wildcard);
}

bool Validator::take(Frame& parent, std::uint32_t index) {
  const Sequence sequence = sequence_of(parent);
  if (!sequence.may_take(parent.at, index)) {
    const OrderViolation violation = sequence.order_violation(parent.at, index);
    return check_.refuse_tag(violation.message, scanner_.raw_name(), violation.expected);
  }
  sequence.take(parent.at, index);
  taker_ = index;
  return true;
}

bool Validator::particle_child(Frame& parent, std::uint32_t index) {
  const Particle& particle = schema_.particles(*parent.type)[index];
  return take(parent, index) && open({particle.type, particle.nillable});
}

// No declared name.
bool Validator::wildcard_child(Frame& parent) {
  taken_by_name_ = parent.type->first_wildcard + 1 == parent.type->particle_count;
  const std::uint32_t wildcard = open_wildcard(parent);
  if (wildcard != Schema::kNotFound) return wildcard_particle(parent, wildcard);
  return check_.refuse_tag("the element is not declared here:", scanner_.raw_name(), expected_in(parent));
}

// The first wildcard that the order allows and whose namespaces fit the element just started.
std::uint32_t Validator::open_wildcard(const Frame& parent) {
  const Type& type = *parent.type;
  const auto particles = schema_.particles(type);
  for (std::uint32_t i = type.first_wildcard; i < type.particle_count; ++i) {
    const bool fits =
        !is_element(particles[i]) && schema_.constraint(particles[i]).allows(scanner_.name().namespace_id);
    if (fits && sequence_of(parent).may_take(parent.at, i)) return i;
  }
  return Schema::kNotFound;
}

// Section 3.10.4: skip looks at nothing, lax at what is declared, strict demands a declaration or an
// xsi:type.
bool Validator::wildcard_particle(Frame& parent, std::uint32_t index) {
  const Particle& wildcard = schema_.particles(*parent.type)[index];
  if (!take(parent, index)) return false;
  if (wildcard.kind == Particle::Kind::wildcard_skip) return push_skipped();
  if (const ElementDeclaration* declaration = schema_.element(scanner_.name())) return open(*declaration);
  if (wildcard.kind == Particle::Kind::wildcard_strict && !scanner_.attribute(xml::kXsi, "type")) {
    return check_.refuse_tag("the WSDL does not declare this element:", scanner_.raw_name());
  }
  return open_undeclared();
}

// ---- the element just started

bool Validator::open(const ElementDeclaration& declaration, const SoapAttributes& soap,
                     ElementCheck::Declared declared) {
  ElementType element{declaration.type, Nil::no};
  if (!scanner_.attributes().empty() || schema_.type(element.type).required_attributes) {
    const auto checked = check_.attributes(declaration, declared, soap);
    if (!checked) return false;
    element = *checked;
  }
  const Type& type = schema_.type(element.type);
  if (type.abstract) return check_.refuse_tag("an abstract type needs an xsi:type that names a concrete one");
  if (type.content == Type::Content::unresolved) {
    return check_.refuse_tag("the WSDL does not define the type of this element:", scanner_.raw_name());
  }
  return push(element);
}

bool Validator::open_undeclared() {
  return open({kAnyType, true}, {}, ElementCheck::Declared::no);
}

bool Validator::push(const ElementType& element) {
  const Type& type = schema_.type(element.type);
  Frame& frame = frames_[depth_];
  frame.type = &type;
  frame.next_child = nullptr;
  frame.id = element.type;
  frame.at = {};
  frame.taken = taken_end_;
  frame.uncached_next = CachedTag::kNone;
  frame.nil = element.nil;
  if (cache_ && may_have_children(type, element.nil)) frame.next_child = &frame.uncached_next;
  ++depth_;
  if (!type.any_order || element.nil == Nil::yes) return true;
  const std::size_t words = Sequence::taken_words(type);
  if (taken_end_ + words > kTakenWords) {
    hold_to_order();
    return true;
  }
  for (std::size_t i = 0; i < words; ++i) taken_[taken_end_ + i] = 0;
  taken_end_ = static_cast<std::uint16_t>(taken_end_ + words);
  return true;
}

// There is room to note which fields are taken for a few elements with hundreds of them inside each other.
// Those further down are held to the order.
void Validator::hold_to_order() {
  if (ordered_types_.empty()) ordered_types_.resize(xml::Limits::kMaxDepth);
  Frame& frame = innermost();
  Type& ordered = ordered_types_[depth_ - 1];
  ordered = *frame.type;
  ordered.any_order = false;
  frame.type = &ordered;
}

bool Validator::push_skipped() {
  frames_[depth_++] = {nullptr, nullptr, kAnyType, {}, taken_end_, CachedTag::kNone, Nil::no};
  return true;
}

// ---- the element just ended

bool Validator::close() {
  assert(!closed());
  const Frame& frame = frames_[--depth_];
  taken_end_ = frame.taken;
  if (!frame.type) return true;
  if (frame.nil != Nil::no) {
    const bool empty = frame.at.count == 0 && no_text(scanner_.content());
    if (empty) return true;
    if (frame.nil == Nil::yes) return check_.refuse_tag("an element that is nil has content");
  }
  switch (frame.type->content) {
    case Type::Content::simple:
      return check_.value(schema_.simple_type(*frame.type), frame.id);
    case Type::Content::empty:
      return no_text(scanner_.content()) || check_.refuse_tag("text appears where nothing is allowed");
    case Type::Content::elements:
      if (!xml::only_white_space(scanner_.content()))
        return check_.refuse_tag("text appears where only elements are allowed");
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
  const Particle* missing = sequence_of(frame).missing(frame.at);
  return !missing || check_.refuse_tag("an element is missing at the end", {}, missing->name);
}

}  // namespace sfjwt::schema
