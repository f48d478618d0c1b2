<?php
// SPDX-License-Identifier: Apache-2.0
// Calls with PHP's own SOAP client, see test_client_stacks.py: php php_calls.php WSDL
const QUERY = "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'";
$client = new SoapClient($argv[1], ['cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
$account = (object) ['type' => 'Account', 'any' => '<Name>Smith &amp; Sons</Name>'];
while ($line = fgets(STDIN)) {
    [$location, $session, $operation] = explode(' ', trim($line));
    $client->__setLocation($location);
    $client->__setSoapHeaders(new SoapHeader('urn:partner.soap.sforce.com', 'SessionHeader', ['sessionId' => $session]));
    try {
        $value = match ($operation) {
            'query' => $client->query(['queryString' => QUERY])->result->size,
            'getUserInfo' => $client->getUserInfo()->result->userName,
            'create' => json_encode($client->create(['sObjects' => [$account]])->result[0]->success),
            'logout' => json_encode($client->logout()),
            'delete' => json_encode($client->delete(['ids' => ['not-an-id']])),
        };
        echo "ok $value\n";
    } catch (SoapFault $fault) {
        echo get_class($fault), ' ', $fault->faultcode, ' ', $fault->getMessage(), "\n";
    }
}
