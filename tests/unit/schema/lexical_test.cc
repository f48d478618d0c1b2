// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/lexical.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace sfjwt::schema {
namespace {

using Question = bool (*)(std::string_view);

void all(Question question, std::initializer_list<std::string_view> values, bool answer) {
  for (const std::string_view value : values) EXPECT_EQ(question(value), answer) << '"' << value << '"';
}

TEST(Lexical, DecimalsHaveDigitsAndAtMostOnePoint) {
  all(is_decimal_number,
      {"0", "-1", "+1", "1.", ".5", "-.5", "007", "1.50", "123456789012345678901234567890.1"}, true);
  all(is_decimal_number,
      {"", ".", "-", "+", "-.", "1e5", "1,5", "1.2.3", "--1", " 1", "INF", "0x1", "\xD9\xA1"}, false);
}

TEST(Lexical, IntegersHaveDigitsOnly) {
  all(is_integer, {"0", "-0", "+17", "0000000000000000000000"}, true);
  all(is_integer, {"", "-", "1.", "1.0", "1 2", "1e1"}, false);
}

TEST(Lexical, BoundsOfIntegersAreExact) {
  const auto is_byte = [](std::string_view text) { return is_integer_between(text, "-128", "127"); };
  all(is_byte, {"127", "-128", "+127", "00000127", "-000128", "-0", "99", "1"}, true);
  all(is_byte, {"128", "-129", "1000", "-1000", "", "+128"}, false);
  const auto is_unsigned = [](std::string_view text) {
    return is_integer_between(text, "0", "18446744073709551615");
  };
  all(is_unsigned, {"0", "-0", "+1", "18446744073709551615"}, true);
  all(is_unsigned, {"-1", "18446744073709551616", "99999999999999999999"}, false);
}

TEST(Lexical, FloatingPointNumbersHaveAnExponentWithDigits) {
  all(is_floating_point, {"1", "-1.5E3", "1e-7", "1E+10", ".5e0", "INF", "-INF", "NaN", "1E999999"}, true);
  all(is_floating_point, {"", "1e", "1e+", "e5", "1e1.5", "+INF", "inf", "nan", "1e5e5", "1 e5", "E"}, false);
}

TEST(Lexical, DatesAreDaysOfTheGregorianCalendar) {
  all(is_date,
      {"2024-02-29", "2000-02-29", "1900-02-28", "2024-01-01Z", "2024-01-01+14:00", "2024-12-31-13:59",
       "-0044-03-15", "12024-02-29", "99999999999999999999-01-01"},
      true);
  all(is_date,
      {"2023-02-29",
       "1900-02-29",
       "2024-02-30",
       "2024-04-31",
       "2024-13-01",
       "2024-00-01",
       "2024-01-00",
       "2024-01-32",
       "0000-01-01",
       "-0000-01-01",
       "012024-01-01",
       "024-01-01",
       "+2024-01-01",
       "2024-1-1",
       "2024-01-01z",
       "2024-01-01+14:01",
       "2024-01-01+15:00",
       "2024-01-01+1:00",
       "2024-01-01+0100",
       "2024-01-01T00:00:00",
       "2024-01-01 ",
       "20240101",
       "",
       "12023-02-29",
       "2024-01-01ZZ"},
      false);
}

TEST(Lexical, ADateTimeIsADateAndATimeWithATBetween) {
  all(is_date_time,
      {"2024-01-01T00:00:00", "2024-01-01T23:59:59.999999999999Z", "2024-01-01T24:00:00",
       "2024-01-01T24:00:00.000Z", "2024-01-01T12:00:00-05:30"},
      true);
  all(is_date_time,
      {"2024-01-01", "2024-01-01T24:00:01", "2024-01-01T24:00:00.1", "2024-01-01T24:01:00",
       "2024-01-01T25:00:00", "2024-01-01T23:60:00", "2024-01-01T23:59:60", "2024-01-01T00:00:00.",
       "2024-01-01T00:00:00.Z", "2024-01-01T00:00", "2024-01-01 00:00:00", "2024-01-01t00:00:00",
       "2024-01-01T0:00:00", "2023-02-29T00:00:00", "T00:00:00"},
      false);
}

TEST(Lexical, PartsOfDates) {
  all(is_time, {"00:00:00", "24:00:00", "12:30:59.5+01:00"}, true);
  all(is_time, {"24:00:01", "12:30", "1:00:00", "12:30:60"}, false);
  all(is_g_year_month, {"2024-02", "-0001-12Z"}, true);
  all(is_g_year_month, {"2024-13", "2024", "2024-2", "2024-02-01"}, false);
  all(is_g_year, {"2024", "0001", "-12024Z"}, true);
  all(is_g_year, {"0000", "24", "02024", "2024-"}, false);
  all(is_g_month_day, {"--02-29", "--12-31+01:00"}, true);
  all(is_g_month_day, {"--02-30", "--04-31", "--13-01", "02-29", "--2-1"}, false);
  all(is_g_day, {"---31", "---01Z"}, true);
  all(is_g_day, {"---32", "---00", "--31", "---1"}, false);
  all(is_g_month, {"--12", "--01Z"}, true);
  all(is_g_month, {"--13", "--00", "--1", "--01--"}, false);
}

TEST(Lexical, DurationsHaveTheirPartsInOrderAndAtLeastOne) {
  all(is_duration, {"P1Y2M3DT4H5M6.7S", "-P1D", "PT0S", "P1Y", "PT1M", "P1M", "P10000000000Y"}, true);
  all(is_duration,
      {"", "P", "PT", "P1", "P1S", "PT1D", "P1M1Y", "P1Y1Y", "P-1D", "P1.5D", "PT1.5H", "PT1.S", "PT.5S",
       "P1DT", "1D", "+P1D", "P1DT1", "P1YT1Y"},
      false);
}

TEST(Lexical, Base64HasGroupsOfFourAndNoStrayBits) {
  all(is_base64_binary,
      {"", "QUJD", "QUI=", "QQ==", "QUJDREVG", "QUJD REVG", "Q U J\nD", "QQ = =", "+/+/", "AAAA"}, true);
  all(is_base64_binary,
      {"Q", "QQ", "QUJ", "QQ=", "Q===", "====", "=", "QR==", "QUJ=", "QQ==QQ==", "QUJD=", "QQ=Q", "QU-D",
       "QU_D", "QUJD.", "\xC3\xA9QQQ"},
      false);
}

TEST(Lexical, HexadecimalHasPairsOfDigits) {
  all(is_hex_binary, {"", "0aFF", "00"}, true);
  all(is_hex_binary, {"0", "0g", "0 0", "0x00", "@@", "``"}, false);
}

TEST(Lexical, NamesAndLanguages) {
  all(is_nc_name, {"a", "_x.y-z1", "\xC3\xA9t\xC3\xA9"}, true);
  all(is_nc_name, {"", "1a", "-a", "a:b", "a b", "\xC3\x97"}, false);
  all(is_name, {"a:b", ":a", "a"}, true);
  all(is_name, {"", "1", "-", ".a"}, false);
  all(is_nm_token, {"1a", "-x", ":", "\xC2\xB7"}, true);
  all(is_nm_token, {"", "a b", "a/b"}, false);
  all(is_q_name, {"a", "a:b"}, true);
  all(is_q_name, {"", ":a", "a:", "a:b:c", "a:1"}, false);
  all(is_language, {"en", "de-AT", "x-klingon", "abcdefgh-12345678"}, true);
  all(is_language, {"", "-", "en-", "-en", "e1", "abcdefghi", "en-abcdefghi", "en_US", "en--us"}, false);
}

}  // namespace
}  // namespace sfjwt::schema
