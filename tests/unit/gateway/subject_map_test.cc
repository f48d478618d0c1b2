// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/subject_map.h"
#include "mod_sfjwt/gateway/salesforce.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sfjwt::gateway {
namespace {

namespace fs = std::filesystem;

std::string user_in(std::string_view text, std::string_view subject) {
  const auto table = SubjectTable::parse(text, kSalesforce);
  if (!table) return "error: " + table.error();
  const std::string* user = table->find(subject);
  return user ? *user : "(none)";
}

std::string error_of(std::string_view text) {
  const auto table = SubjectTable::parse(text, kSalesforce);
  return table ? "(accepted)" : table.error();
}

MapRule rule(std::string_view expression, std::string_view replacement) {
  MapRule rule;
  rule.pattern = Pattern::compile(expression).value();
  rule.replacement = Replacement::compile(replacement, rule.pattern->groups()).value();
  return rule;
}

MapRule table(std::string_view text) {
  MapRule rule;
  rule.table = std::make_shared<const SubjectTable>(SubjectTable::parse(text, kSalesforce).value());
  return rule;
}

std::string result(const std::vector<MapRule>& rules, std::string_view subject) {
  const auto user = mapped(rules, subject, kSalesforce);
  return user ? *user : user.error().reason == Reason::subject_unmapped ? "(none)" : user.error().message;
}

// With limits that no text of more than a few characters stays within.
MapRule undecided(std::string_view expression, std::string_view replacement) {
  MapRule rule;
  rule.pattern = Pattern::compile_untried(expression, {.steps = 3}).value();
  rule.replacement = Replacement::compile(replacement, rule.pattern->groups()).value();
  rule.place = "/etc/x.conf:12";
  return rule;
}

TEST(SubjectTable, HasAPairALine) {
  const std::string_view text =
      "# who\n\n jane@corp.example\t jane@corp.example.uat \r\njoe@a.example joe@b.example";
  EXPECT_EQ(user_in(text, "jane@corp.example"), "jane@corp.example.uat");
  EXPECT_EQ(user_in(text, "joe@a.example"), "joe@b.example");
  EXPECT_EQ(user_in(text, "joe@b.example"), "(none)");
  EXPECT_EQ(user_in("", "jane@corp.example"), "(none)");
}

TEST(SubjectTable, BothSidesAreBroughtToNormalForm) {
  EXPECT_EQ(user_in("Jane@Corp.Example JANE@corp.example.UAT", "jane@corp.example"), "jane@corp.example.uat");
}

TEST(SubjectTable, ALineThatIsNoPairIsAnErrorWithItsNumber) {
  EXPECT_EQ(error_of("a@b c@d\n\na@c\n"),
            "line 3: two names are expected, a subject and the user it stands for");
  EXPECT_EQ(error_of("a b@c"), "line 1: the first name is not an e-mail address");
  EXPECT_EQ(error_of("a@b c"),
            "line 1: the rest of the line is not one name in the form of an e-mail address");
  EXPECT_EQ(error_of("a@b c@d e@f"),
            "line 1: the rest of the line is not one name in the form of an e-mail address");
  EXPECT_EQ(error_of(std::string_view("a@b c@d\0", 8)),
            "line 1: the rest of the line is not one name in the form of an e-mail address");
}

TEST(SubjectTable, ASecondLineForASubjectIsAnError) {
  EXPECT_EQ(error_of("a@b c@d\nA@B c@d"), "line 2: this subject has a line already");
}

TEST(SubjectTable, AFileMayBeginWithAByteOrderMark) {
  const std::string text = std::string("\xEF\xBB\xBF") + "a@b c@d\n";
  EXPECT_NE(SubjectTable::parse(text, kSalesforce).value().find("a@b"), nullptr);
}

TEST(SubjectTable, AFileInUtf16IsCalledThat) {
  for (const char* mark : {"\xFF\xFE", "\xFE\xFF"})
    EXPECT_EQ(error_of(std::string(mark) + "a"), "line 1: the file is UTF-16; save it as UTF-8");
}

TEST(SubjectTable, AnErrorOfAFileNamesFileAndLine) {
  const fs::path file = fs::temp_directory_path() / ("subject_map_test." + std::to_string(::getpid()));
  std::ofstream(file) << "a@b\n";
  const auto table = SubjectTable::read(file.string(), kSalesforce);
  fs::remove(file);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error(),
            file.string() + ", line 1: two names are expected, a subject and the user it stands for");
}

TEST(SubjectTable, WhatIsNoFileIsAnError) {
  EXPECT_EQ(SubjectTable::read("/dev/zero", kSalesforce).error(), "/dev/zero: is not a file");
  EXPECT_EQ(SubjectTable::read("/nowhere", kSalesforce).error(), "/nowhere: is not a file");
  EXPECT_EQ(SubjectTable::read("/tmp", kSalesforce).error(), "/tmp: is not a file");
}

TEST(SubjectMap, AReplacementTakesWhatTheGroupsMatched) {
  const std::vector<MapRule> rules = {rule("(.+)@(corp)\\.example", "$1@$2.example.uat")};
  EXPECT_EQ(result(rules, "jane@corp.example"), "jane@corp.example.uat");
  EXPECT_EQ(result(rules, "jane@other.example"), "(none)");
}

TEST(SubjectMap, APatternMustMatchTheWholeSubject) {
  EXPECT_EQ(result({rule("@corp\\.example", "@x.example")}, "jane@corp.example"), "(none)");
  EXPECT_EQ(result({rule("jane@corp", "x@y.example")}, "jane@corp.example"), "(none)");
}

TEST(SubjectMap, DollarsCanBeWritten) {
  EXPECT_EQ(result({rule(".*", "$$1$0$$")}, "a@b"), "$1a@b$");
}

TEST(SubjectMap, AGroupThatTookNoPartIsEmpty) {
  EXPECT_EQ(result({rule("(x)?(.*)", "$1$2")}, "a@b"), "a@b");
}

TEST(SubjectMap, AReplacementMayOnlyNameGroupsThatAreThere) {
  const auto error = [](std::string_view text) {
    const auto replacement = Replacement::compile(text, 1);
    return replacement ? "(accepted)" : replacement.error();
  };
  EXPECT_EQ(error("$1"), "(accepted)");
  EXPECT_EQ(error("$2"), "$2 refers to no group: the expression has 1 groups");
  EXPECT_EQ(error("a$"), "a $ must be followed by a digit or another $");
  EXPECT_EQ(error("${1}"), "a $ must be followed by a digit or another $");
}

TEST(SubjectMap, ARuleThatCannotBeEvaluatedEndsTheMap) {
  const std::vector<MapRule> rules = {undecided("(a|b|@)+", "low@x"), rule("(.*)", "$1")};
  EXPECT_EQ(mapped(rules, "ab@abababab", kSalesforce).error().reason, Reason::rule_undecided);
}

TEST(SubjectMap, TheErrorOfARuleNamesItsPlaceAndNotTheSubject) {
  EXPECT_EQ(result({undecided("(a|b|@)+", "low@x")}, "ab@abababab"),
            "SFJwtSubjectMap (/etc/x.conf:12) could not be evaluated (match limit exceeded). The request is "
            "refused: "
            "it is not known whether the rule applies.");
}

TEST(SubjectMap, ARuleBeforeTheOneThatCannotBeEvaluatedDecides) {
  EXPECT_EQ(result({rule(".*", "z@first"), undecided("(a|b|@)+", "low@x")}, "ab@abababab"), "z@first");
}

TEST(SubjectMap, TheFirstRuleThatKnowsASubjectDecides) {
  const std::vector<MapRule> rules = {table("a@b first@x"), rule("(.)@b", "$1@second"),
                                      rule(".*", "z@third")};
  EXPECT_EQ(result(rules, "a@b"), "first@x");
  EXPECT_EQ(result(rules, "c@b"), "c@second");
  EXPECT_EQ(result(rules, "c@d"), "z@third");
}

constexpr std::string_view kJane = "jane@corp.example";

std::vector<MapRule> to_uat() {
  MapRule rule;
  rule.pattern = Pattern::compile("(.+@corp\\.example)").value();
  rule.replacement = Replacement::compile("$1.UAT", 1).value();
  return {rule};
}

TEST(UserNamed, IsTheSubjectWithoutAMap) {
  EXPECT_EQ(user_named(" Jane@Corp.Example ", {}, kSalesforce).value(), kJane);
}

TEST(UserNamed, IsWhatTheMapMakesOfTheSubjectInNormalForm) {
  EXPECT_EQ(user_named(" Jane@Corp.Example ", to_uat(), kSalesforce).value(), "jane@corp.example.uat");
}

TEST(UserNamed, NeverFallsBackToASubjectTheMapDoesNotKnow) {
  for (const char* text : {"jane@other.example", "jane@corp.example.uat"})
    EXPECT_EQ(user_named(text, to_uat(), kSalesforce).error().reason, Reason::subject_unmapped) << text;
}

TEST(UserNamed, WhatIsNoSubjectNeverReachesTheMap) {
  EXPECT_EQ(user_named("jane", to_uat(), kSalesforce).error().reason, Reason::subject_malformed);
  EXPECT_EQ(user_named("", to_uat(), kSalesforce).error().reason, Reason::subject_missing);
}

TEST(UserNamed, AMapThatMakesNoUserNameRefuses) {
  MapRule rule;
  rule.pattern = Pattern::compile(".*").value();
  rule.replacement = Replacement::compile("nobody", 0).value();
  EXPECT_EQ(user_named(kJane, {rule}, kSalesforce).error().reason, Reason::subject_unmapped);
}

}  // namespace
}  // namespace sfjwt::gateway
