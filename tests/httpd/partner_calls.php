<?php
// SPDX-License-Identifier: Apache-2.0
// Calls one operation of the partner API with PHP's own SOAP client.
//   php partner_calls.php WSDL LOCATION SESSION query|getUserInfo|create
// Prints {"result": ...} or, when the client threw, {"fault": {"code": ..., "text": ..., "detail": ...}}.
const MESSAGES = 'urn:partner.soap.sforce.com';
[, $wsdl, $location, $session, $operation] = $argv;
$client = new SoapClient($wsdl, ['location' => $location, 'cache_wsdl' => WSDL_CACHE_NONE, 'exceptions' => true,
    'compression' => SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_GZIP | 5]);
$client->__setSoapHeaders(new SoapHeader(MESSAGES, 'SessionHeader', ['sessionId' => $session]));
try {
    $result = match ($operation) {
        'query' => $client->query(['queryString' => "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'"]),
        'getUserInfo' => $client->getUserInfo(),
        'create' => $client->create(['sObjects' => [
            (object) ['type' => 'Account', 'Id' => null, 'any' => '<Name>Smith &amp; Sons</Name>'],
        ]]),
    };
    echo json_encode(['result' => $result]);
} catch (SoapFault $fault) {
    echo json_encode(['fault' => ['code' => $fault->faultcode, 'text' => $fault->faultstring,
        'detail' => $fault->detail ?? null]]);
}
