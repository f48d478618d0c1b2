# SPDX-License-Identifier: Apache-2.0
"""The <result> elements of the operations, shaped as Salesforce sends them."""

import datetime
import itertools
import re
from xml.sax.saxutils import escape

from .org import ORGANISATION_ID, USER_ID

_ids = itertools.count(1)
SOQL = re.compile(r"select\s+(?P<fields>.+?)\s+from\s+(?P<type>\w+)", re.IGNORECASE | re.DOTALL)


def result(call, user):
    """What stands inside <operationResponse>; operations without a shape of their own get an empty result."""
    shape = _SHAPES.get(call.operation)
    return shape(call, user) if shape else "<result/>"


def _is_enterprise(call):
    return "enterprise" in call.namespace


def _new_id(prefix="001"):
    return f"{prefix}{next(_ids):012d}AAA"


def _texts(call, name):
    return [element.text or "" for element in call.element if element.tag.endswith("}" + name)]


def _records(call, soql, element, count=2):
    match = SOQL.search(soql)
    sobject = match["type"] if match else "Account"
    fields = [name.strip() for name in match["fields"].split(",")] if match else ["Id"]
    fields = [name for name in fields if re.fullmatch(r"\w+", name) and name.lower() not in ("id", "type")]
    return "".join(_record(call, element, sobject, fields, number) for number in range(1, count + 1))


def _record(call, element, sobject, fields, number):
    identifier = _new_id()
    values = "".join(f"<sf:{name}>{escape(name)} {number}</sf:{name}>" for name in fields)
    if _is_enterprise(call):
        return f'<{element} xsi:type="sf:{sobject}"><sf:Id>{identifier}</sf:Id>{values}</{element}>'
    # The partner API says the Id twice: once as the element of the type, once as a field.
    ids = f"<sf:Id>{identifier}</sf:Id>" * 2
    return f'<{element} xsi:type="sf:sObject"><sf:type>{sobject}</sf:type>{ids}{values}</{element}>'


def _query(call, _user):
    soql = (_texts(call, "queryString") or [""])[0]
    return (
        '<result xsi:type="QueryResult"><done>true</done><queryLocator xsi:nil="true"/>'
        f'{_records(call, soql, "records")}<size>2</size></result>'
    )


def _retrieve(call, _user):
    sobject = (_texts(call, "sObjectType") or ["Account"])[0]
    fields = (_texts(call, "fieldList") or ["Id"])[0]
    return _records(call, f"select {fields} from {sobject}", "result", len(_texts(call, "ids")))


def _saved(_call, identifier, more=""):
    return f"<result>{more}<id>{identifier or _new_id()}</id><success>true</success></result>"


def _create(call, _user):
    return "".join(_saved(call, None) for _ in _sobjects(call))


def _update(call, _user):
    return "".join(_saved(call, _id_of(sobject)) for sobject in _sobjects(call))


def _upsert(call, _user):
    return "".join(_saved(call, None, "<created>true</created>") for _ in _sobjects(call))


def _by_ids(call, _user):
    ids = _texts(call, "ids") + _texts(call, "ID")
    return "".join(_saved(call, escape(identifier)) for identifier in ids)


def _sobjects(call):
    return [element for element in call.element if element.tag.endswith("}sObjects")]


def _id_of(sobject):
    return next((escape(field.text) for field in sobject if field.tag.endswith("}Id") and field.text), None)


def _search(_call, _user):
    return "<result><queryId>fake-query-1</queryId></result>"


def _server_timestamp(_call, _user):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return f"<result><timestamp>{now}</timestamp></result>"


def _describe_global(_call, _user):
    return "<result><encoding>UTF-8</encoding><maxBatchSize>200</maxBatchSize></result>"


def _nothing(_call, _user):
    return ""


def _user_info(_call, user):
    values = {
        "accessibilityMode": "false", "chatterExternal": "false", "currencySymbol": "€",
        "orgAttachmentFileSizeLimit": "26214400", "orgDefaultCurrencyIsoCode": "EUR",
        "orgDefaultCurrencyLocale": "de_DE", "orgDisallowHtmlAttachments": "false", "orgHasPersonAccounts": "false",
        "organizationId": ORGANISATION_ID, "organizationMultiCurrency": "false",
        "organizationName": "Corp Example", "profileId": "00e000000000001AAA", "roleId": None,
        "sessionSecondsValid": "7200", "userDefaultCurrencyIsoCode": None, "userEmail": user,
        "userFullName": "A User", "userId": USER_ID, "userLanguage": "en_US", "userLocale": "de_DE",
        "userName": user, "userTimeZone": "Europe/Berlin", "userType": "Standard", "userUiSkin": "Theme3",
    }  # fmt: skip
    elements = (
        f'<{name} xsi:nil="true"/>' if value is None else f"<{name}>{escape(value)}</{name}>"
        for name, value in values.items()
    )
    return f'<result>{"".join(elements)}</result>'


_SHAPES = {
    "query": _query,
    "queryAll": _query,
    "queryMore": _query,
    "retrieve": _retrieve,
    "create": _create,
    "update": _update,
    "upsert": _upsert,
    "delete": _by_ids,
    "undelete": _by_ids,
    "emptyRecycleBin": _by_ids,
    "search": _search,
    "getServerTimestamp": _server_timestamp,
    "describeGlobal": _describe_global,
    "getUserInfo": _user_info,
    "logout": _nothing,
}
